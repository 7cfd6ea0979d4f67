-- People who may sign in, their sessions and tokens, and the log of what they did.
--
-- Times here are text, an instant in UTC to the millisecond: see clock::Stamp. No row of an account is ever deleted, so
-- that no id and no sign-in name comes to mean somebody else.

CREATE TABLE account (
    id BLOB PRIMARY KEY,
    sign_in TEXT NOT NULL UNIQUE,
    full_name TEXT NOT NULL,
    agency TEXT NOT NULL,
    role TEXT NOT NULL,
    area TEXT NOT NULL,
    state TEXT NOT NULL,
    state_why TEXT,
    state_at TEXT NOT NULL,
    password TEXT,
    password_at TEXT,
    second_factor TEXT,
    second_factor_step BIGINT NOT NULL,
    made_at TEXT NOT NULL,
    made_by TEXT NOT NULL,
    used_at TEXT
);

CREATE TABLE sign_in_failure (
    account_id BLOB NOT NULL REFERENCES account (id),
    at TEXT NOT NULL
);
CREATE INDEX sign_in_failure_by_account ON sign_in_failure (account_id, at);

-- Each works once instead of the second factor. Kept as SHA-256, as are tokens and links: they are long and random.
CREATE TABLE recovery_code (
    account_id BLOB NOT NULL REFERENCES account (id),
    hash TEXT NOT NULL,
    used_at TEXT,
    PRIMARY KEY (account_id, hash)
);

-- A link that works once: to accept an invitation, or to choose a new password.
CREATE TABLE account_link (
    hash TEXT PRIMARY KEY,
    account_id BLOB NOT NULL REFERENCES account (id),
    purpose TEXT NOT NULL,
    made_at TEXT NOT NULL,
    ends_at TEXT NOT NULL,
    used_at TEXT
);

CREATE TABLE session (
    id BLOB PRIMARY KEY,
    hash TEXT NOT NULL UNIQUE,
    account_id BLOB NOT NULL REFERENCES account (id),
    stage TEXT NOT NULL,
    began_at TEXT NOT NULL,
    seen_at TEXT NOT NULL,
    proved_at TEXT NOT NULL,
    ended_at TEXT,
    address TEXT,
    agent TEXT
);
CREATE INDEX session_by_account ON session (account_id, began_at);

CREATE TABLE access_token (
    id BLOB PRIMARY KEY,
    hash TEXT NOT NULL UNIQUE,
    account_id BLOB NOT NULL REFERENCES account (id),
    label TEXT NOT NULL,
    scopes TEXT NOT NULL,
    made_at TEXT NOT NULL,
    ends_at TEXT NOT NULL,
    used_at TEXT,
    used_from TEXT,
    ended_at TEXT
);
CREATE INDEX access_token_by_account ON access_token (account_id, made_at);

-- Who made a complaint, apart from it and with a right of its own.
CREATE TABLE complainant (
    complaint_id BLOB NOT NULL,
    version BIGINT NOT NULL,
    recorded_at TEXT NOT NULL,
    superseded_at TEXT,
    full_name TEXT,
    phone TEXT,
    email TEXT,
    PRIMARY KEY (complaint_id, version)
);

-- Places that may not enter any layer: keyed digests of an address or of a small square, never the place itself.
CREATE TABLE denied_place (
    digest TEXT PRIMARY KEY,
    entry_id BLOB NOT NULL,
    added_at TEXT NOT NULL
);

-- The log. Each entry carries the hash of the one before; nothing here is ever changed or deleted.
CREATE TABLE audit_entry (
    n BIGINT PRIMARY KEY,
    at TEXT NOT NULL,
    account_id BLOB,
    actor TEXT NOT NULL,
    agency TEXT NOT NULL,
    role TEXT NOT NULL,
    session TEXT,
    address TEXT,
    act TEXT NOT NULL,
    resource TEXT,
    object_id BLOB,
    outcome TEXT NOT NULL,
    detail TEXT NOT NULL,
    previous TEXT NOT NULL,
    hash TEXT NOT NULL
);
CREATE INDEX audit_entry_by_object ON audit_entry (object_id) WHERE object_id IS NOT NULL;
CREATE INDEX audit_entry_by_account ON audit_entry (account_id);

CREATE TRIGGER audit_entry_stays BEFORE UPDATE ON audit_entry
BEGIN SELECT RAISE(ABORT, 'the log is never changed'); END;
CREATE TRIGGER audit_entry_remains BEFORE DELETE ON audit_entry
BEGIN SELECT RAISE(ABORT, 'nothing is deleted from the log'); END;
CREATE TRIGGER account_remains BEFORE DELETE ON account
BEGIN SELECT RAISE(ABORT, 'no account is ever deleted'); END;
