-- Roles of an account as a whole, and what the API keeps of a user beyond names and email.
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
