-- Organizations, their accounts, users, roles, sessions, and the audit trail.
-- Times are UTC with microseconds. A *_key column holds the collation or lookup form of its neighbour.

-- One row: what binds this database to the installation's key.
CREATE TABLE installation (
    id BIGINT PRIMARY KEY CHECK (id = 1),
    key_check TEXT NOT NULL
);

CREATE TABLE organizations (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL,
    active BOOLEAN NOT NULL DEFAULT TRUE,
    created_at TIMESTAMP NOT NULL,
    secret_digest TEXT NOT NULL UNIQUE,
    secret_sealed TEXT NOT NULL,
    idle_minutes INTEGER NOT NULL DEFAULT 30,
    longest_minutes INTEGER NOT NULL DEFAULT 720
);

CREATE TABLE password_policies (
    organization_id BIGINT PRIMARY KEY REFERENCES organizations (id),
    min_length INTEGER NOT NULL,
    min_uppercase INTEGER NOT NULL,
    min_lowercase INTEGER NOT NULL,
    min_numbers INTEGER NOT NULL,
    min_symbols INTEGER NOT NULL,
    symbol_character_set TEXT NOT NULL,
    previous_password_count INTEGER NOT NULL,
    expiration_days INTEGER NOT NULL
);

CREATE TABLE roles (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    organization_id BIGINT NOT NULL REFERENCES organizations (id),
    key TEXT NOT NULL,
    name TEXT NOT NULL,
    description TEXT NOT NULL,
    -- Keys of privileges, with blanks between them.
    privileges TEXT NOT NULL,
    UNIQUE (organization_id, key)
);

CREATE TABLE accounts (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    organization_id BIGINT NOT NULL REFERENCES organizations (id),
    name TEXT NOT NULL,
    name_key BLOB NOT NULL,
    name_search TEXT NOT NULL,
    description TEXT NOT NULL,
    external_id TEXT NOT NULL,
    is_default BOOLEAN NOT NULL,
    active BOOLEAN NOT NULL,
    version BIGINT NOT NULL DEFAULT 1,
    created_at TIMESTAMP NOT NULL,
    updated_at TIMESTAMP NOT NULL,
    UNIQUE (organization_id, external_id)
);
CREATE UNIQUE INDEX accounts_one_default ON accounts (organization_id) WHERE is_default;
CREATE INDEX accounts_by_name ON accounts (organization_id, active, name_key, id);

CREATE TABLE users (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    account_id BIGINT NOT NULL REFERENCES accounts (id),
    first_name TEXT NOT NULL,
    first_name_key BLOB NOT NULL,
    last_name TEXT NOT NULL,
    last_name_key BLOB NOT NULL,
    email TEXT NOT NULL,
    email_key TEXT NOT NULL UNIQUE,
    search TEXT NOT NULL,
    password_hash TEXT,
    active BOOLEAN NOT NULL,
    org_admin BOOLEAN NOT NULL,
    account_admin BOOLEAN NOT NULL,
    shortcuts BOOLEAN NOT NULL DEFAULT TRUE,
    version BIGINT NOT NULL DEFAULT 1,
    created_at TIMESTAMP NOT NULL,
    updated_at TIMESTAMP NOT NULL,
    last_login_at TIMESTAMP NOT NULL,
    secret_digest TEXT NOT NULL UNIQUE,
    secret_sealed TEXT NOT NULL
);
CREATE INDEX users_by_id ON users (account_id, id);
CREATE INDEX users_by_first_name ON users (account_id, first_name_key, id);
CREATE INDEX users_by_last_name ON users (account_id, last_name_key, id);
CREATE INDEX users_by_email ON users (account_id, email_key, id);
CREATE INDEX users_by_last_login ON users (account_id, last_login_at, id);
CREATE INDEX users_org_admins ON users (account_id, id) WHERE org_admin;
CREATE INDEX users_account_admins ON users (account_id, id) WHERE account_admin;
CREATE INDEX users_by_created ON users (account_id, created_at, id);

CREATE TABLE sessions (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    user_id BIGINT NOT NULL REFERENCES users (id),
    token_digest TEXT NOT NULL UNIQUE,
    started_at TIMESTAMP NOT NULL,
    seen_at TIMESTAMP NOT NULL,
    address TEXT NOT NULL,
    agent TEXT NOT NULL
);
CREATE INDEX sessions_by_user ON sessions (user_id);

CREATE TABLE instances (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    user_id BIGINT NOT NULL REFERENCES users (id),
    kind TEXT NOT NULL CHECK (kind IN ('element', 'formula')),
    name TEXT NOT NULL,
    source TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL
);
CREATE INDEX instances_by_user ON instances (user_id, kind);

CREATE TABLE jobs (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    user_id BIGINT NOT NULL REFERENCES users (id),
    name TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('api', 'bulk', 'formula', 'polling')),
    cron TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL
);
CREATE INDEX jobs_by_user ON jobs (user_id);

-- No foreign keys: events outlive what they tell of.
CREATE TABLE audit_events (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    organization_id BIGINT,
    account_id BIGINT,
    at TIMESTAMP NOT NULL,
    actor_id BIGINT,
    actor_name TEXT NOT NULL,
    actor_email TEXT NOT NULL,
    channel TEXT NOT NULL,
    address TEXT NOT NULL,
    request_id TEXT NOT NULL,
    code TEXT NOT NULL,
    target_kind TEXT NOT NULL,
    target_id BIGINT,
    target_name TEXT NOT NULL,
    details TEXT NOT NULL,
    outcome TEXT NOT NULL
);
CREATE INDEX audit_events_by_organization ON audit_events (organization_id, id);
CREATE INDEX audit_events_by_target ON audit_events (organization_id, target_kind, target_id, id);
