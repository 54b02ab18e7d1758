-- What is to be mailed, sealed, until it has left. due_at is when it is tried next; while a server tries, it lies a
-- little ahead, so that no other server takes the same one.
CREATE TABLE outbox (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    letter_sealed TEXT NOT NULL,
    posted_at TIMESTAMP NOT NULL,
    due_at TIMESTAMP NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX outbox_by_due ON outbox (due_at);

-- Links for a new password, found by the keyed digest of their token; none when a link is void. Kept for an hour, to
-- count how many a user was sent.
CREATE TABLE recovery_links (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    user_id BIGINT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    token_digest TEXT UNIQUE,
    asked_at TIMESTAMP NOT NULL
);
CREATE INDEX recovery_links_by_user ON recovery_links (user_id, asked_at);
