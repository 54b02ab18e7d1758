-- The second factor: whether an organization demands it ('none' or 'totp'), and each user's own.
ALTER TABLE organizations ADD COLUMN two_factor TEXT NOT NULL DEFAULT 'none';
-- Since when a user has one, its sealed secret, the last time step that was used up, wrong codes in a row.
ALTER TABLE users ADD COLUMN totp_since TIMESTAMP;
ALTER TABLE users ADD COLUMN totp_sealed TEXT;
ALTER TABLE users ADD COLUMN totp_step BIGINT NOT NULL DEFAULT 0;
ALTER TABLE users ADD COLUMN failed_codes INTEGER NOT NULL DEFAULT 0;
CREATE TABLE recovery_codes (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    user_id BIGINT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    digest TEXT NOT NULL
);
CREATE INDEX recovery_codes_by_user ON recovery_codes (user_id);
