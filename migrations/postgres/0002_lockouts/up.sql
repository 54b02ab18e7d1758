-- Wrong passwords in a row, and until when they lock a user. 9999-12-31 stands for "until somebody unlocks".
ALTER TABLE users ADD COLUMN failed_passwords INTEGER NOT NULL DEFAULT 0;
ALTER TABLE users ADD COLUMN locked_until TIMESTAMP;
CREATE INDEX users_locked ON users (account_id, id) WHERE locked_until IS NOT NULL;
