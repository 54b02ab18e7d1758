-- How many users there are: every page of users tells it, and counting them took longer than reading the page.
ALTER TABLE accounts ADD COLUMN user_count BIGINT NOT NULL DEFAULT 0;
ALTER TABLE organizations ADD COLUMN user_count BIGINT NOT NULL DEFAULT 0;
UPDATE accounts SET user_count = counted.users
    FROM (SELECT account_id, COUNT(*) AS users FROM users GROUP BY account_id) AS counted
    WHERE counted.account_id = accounts.id;
UPDATE organizations SET user_count = counted.users
    FROM (SELECT organization_id, COUNT(*) AS users FROM users GROUP BY organization_id) AS counted
    WHERE counted.organization_id = organizations.id;
-- Once for a statement, not for each row: an account of many is deleted by one. The organization first, as everywhere.
CREATE FUNCTION count_users() RETURNS TRIGGER LANGUAGE plpgsql AS $$ BEGIN
    UPDATE organizations SET user_count = user_count + counted.users * TG_ARGV[0]::BIGINT
        FROM (SELECT organization_id, COUNT(*) AS users FROM changed GROUP BY organization_id) AS counted
        WHERE counted.organization_id = organizations.id;
    UPDATE accounts SET user_count = user_count + counted.users * TG_ARGV[0]::BIGINT
        FROM (SELECT account_id, COUNT(*) AS users FROM changed GROUP BY account_id) AS counted
        WHERE counted.account_id = accounts.id;
    RETURN NULL;
END $$;
CREATE TRIGGER users_counted AFTER INSERT ON users REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION count_users('1');
CREATE TRIGGER users_discounted AFTER DELETE ON users REFERENCING OLD TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION count_users('-1');

-- With the time itself, so that the filter Locked counts without reading the rows.
DROP INDEX users_locked;
CREATE INDEX users_locked ON users (account_id, id, locked_until) WHERE locked_until IS NOT NULL;
