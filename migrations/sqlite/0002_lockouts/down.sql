-- Removes lockouts; nobody stays locked.
DROP INDEX users_locked;
ALTER TABLE users DROP COLUMN locked_until;
ALTER TABLE users DROP COLUMN failed_passwords;
