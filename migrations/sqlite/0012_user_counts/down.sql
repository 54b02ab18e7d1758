DROP INDEX users_locked;
CREATE INDEX users_locked ON users (account_id, id) WHERE locked_until IS NOT NULL;
DROP INDEX accounts_by_name;
CREATE INDEX accounts_by_name ON accounts (organization_id, active, name_key, id);
DROP TRIGGER users_discounted;
DROP TRIGGER users_counted;
ALTER TABLE organizations DROP COLUMN user_count;
ALTER TABLE accounts DROP COLUMN user_count;
