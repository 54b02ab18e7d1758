-- How many users there are: every page of users tells it, and counting them took longer than reading the page.
ALTER TABLE accounts ADD COLUMN user_count BIGINT NOT NULL DEFAULT 0;
ALTER TABLE organizations ADD COLUMN user_count BIGINT NOT NULL DEFAULT 0;
UPDATE accounts SET user_count = (SELECT COUNT(*) FROM users WHERE users.account_id = accounts.id);
UPDATE organizations SET user_count = (SELECT COUNT(*) FROM users WHERE users.organization_id = organizations.id);
CREATE TRIGGER users_counted AFTER INSERT ON users BEGIN
    UPDATE accounts SET user_count = user_count + 1 WHERE id = NEW.account_id;
    UPDATE organizations SET user_count = user_count + 1 WHERE id = NEW.organization_id;
END;
CREATE TRIGGER users_discounted AFTER DELETE ON users BEGIN
    UPDATE accounts SET user_count = user_count - 1 WHERE id = OLD.account_id;
    UPDATE organizations SET user_count = user_count - 1 WHERE id = OLD.organization_id;
END;

-- With all that the accounts panel shows.
DROP INDEX accounts_by_name;
CREATE INDEX accounts_by_name ON accounts (organization_id, active, name_key, id, is_default, name);

-- With the time itself, so that the filter Locked counts without reading the rows.
DROP INDEX users_locked;
CREATE INDEX users_locked ON users (account_id, id, locked_until) WHERE locked_until IS NOT NULL;
