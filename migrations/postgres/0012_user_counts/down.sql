DROP TRIGGER users_discounted ON users;
DROP TRIGGER users_counted ON users;
DROP FUNCTION count_users;
ALTER TABLE organizations DROP COLUMN user_count;
ALTER TABLE accounts DROP COLUMN user_count;
