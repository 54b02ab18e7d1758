-- Roles of an account as a whole; what the API keeps of a user beyond names and email; calls that are made once.
ALTER TABLE accounts ADD COLUMN org_admin BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE accounts ADD COLUMN account_admin BOOLEAN NOT NULL DEFAULT FALSE;

-- A table of its own: few users have any of it, and lists of the console never ask.
CREATE TABLE contacts (
    user_id BIGINT PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
    external_id TEXT,
    phone TEXT,
    street1 TEXT,
    street2 TEXT,
    city TEXT,
    state_province TEXT,
    postal_code TEXT,
    country TEXT
);

-- Found by a digest of the caller and its Idempotency-Key. Without a status, the first call is under way.
CREATE TABLE idempotent_calls (
    digest TEXT PRIMARY KEY,
    user_id BIGINT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    content TEXT NOT NULL,
    status INTEGER,
    body_sealed TEXT,
    created_at TIMESTAMP NOT NULL
);
CREATE INDEX idempotent_calls_by_user ON idempotent_calls (user_id, created_at);
