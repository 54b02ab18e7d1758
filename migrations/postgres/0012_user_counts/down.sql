DROP INDEX users_locked;
CREATE INDEX users_locked ON users (account_id, id) WHERE locked_until IS NOT NULL;
DROP TRIGGER users_discounted ON users;
DROP TRIGGER users_counted ON users;
DROP FUNCTION count_users;
ALTER TABLE organizations DROP COLUMN user_count;
ALTER TABLE accounts DROP COLUMN user_count;
