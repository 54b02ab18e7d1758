-- Former passwords, the age of the present one, and sessions that may only choose a new one.
CREATE TABLE former_passwords (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    user_id BIGINT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    hash TEXT NOT NULL
);
CREATE INDEX former_passwords_by_user ON former_passwords (user_id, id);
ALTER TABLE users ADD COLUMN password_changed_at TIMESTAMP NOT NULL DEFAULT '1970-01-01 00:00:00';
UPDATE users SET password_changed_at = created_at;
ALTER TABLE sessions ADD COLUMN stage TEXT NOT NULL DEFAULT 'full';
