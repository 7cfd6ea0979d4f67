-- The licensing desk: applications and orders with their reviews and history, conditions of licenses, holds on addresses,
-- letters.
--
-- Versions as everywhere: what says something else is a further row, and the one before ends. `waits` says for whom a
-- matter waits; `decide_by` is the last day of the agency's own clock.
CREATE TABLE application (
    id BLOB NOT NULL,
    version BIGINT NOT NULL,
    recorded_at TEXT NOT NULL,
    superseded_at TEXT,
    number BIGINT NOT NULL,
    procedure TEXT NOT NULL,
    holder TEXT NOT NULL,
    kind TEXT NOT NULL,
    business TEXT NOT NULL,
    applicant TEXT NOT NULL,
    party_id BLOB,
    site_id BLOB,
    address TEXT,
    unit TEXT,
    city TEXT,
    building_id BLOB,
    lon DOUBLE PRECISION,
    lat DOUBLE PRECISION,
    point_method TEXT NOT NULL,
    license_id BLOB,
    received_on TEXT NOT NULL,
    state TEXT NOT NULL,
    state_on TEXT NOT NULL,
    waits TEXT NOT NULL,
    decide_by TEXT,
    decided_on TEXT,
    appeal_by TEXT,
    ends_on TEXT,
    fee TEXT NOT NULL,
    noted_by TEXT NOT NULL,
    note TEXT,
    reason TEXT,
    PRIMARY KEY (id, version)
);
CREATE INDEX application_now ON application (waits, received_on) WHERE superseded_at IS NULL;
CREATE INDEX application_by_license ON application (license_id) WHERE superseded_at IS NULL;
CREATE INDEX application_by_site ON application (site_id) WHERE superseded_at IS NULL;

-- What an office looks at before a decision.
CREATE TABLE application_review (
    application_id BLOB NOT NULL,
    review TEXT NOT NULL,
    version BIGINT NOT NULL,
    recorded_at TEXT NOT NULL,
    superseded_at TEXT,
    owner TEXT NOT NULL,
    due_on TEXT NOT NULL,
    review_state TEXT NOT NULL,
    done_on TEXT,
    noted_by TEXT NOT NULL,
    note TEXT,
    PRIMARY KEY (application_id, review, version)
);
CREATE INDEX application_review_due ON application_review (review_state, due_on) WHERE superseded_at IS NULL;

-- What was done with an application, step by step; rows are only added.
CREATE TABLE application_step (
    id BLOB PRIMARY KEY,
    application_id BLOB NOT NULL,
    recorded_at TEXT NOT NULL,
    step TEXT NOT NULL,
    from_state TEXT NOT NULL,
    to_state TEXT NOT NULL,
    noted_by TEXT NOT NULL,
    reason TEXT
);
CREATE INDEX application_step_by_application ON application_step (application_id);

-- Letters that somebody noted as sent.
CREATE TABLE application_letter (
    id BLOB PRIMARY KEY,
    application_id BLOB,
    license_id BLOB,
    recorded_at TEXT NOT NULL,
    letter TEXT NOT NULL,
    sent_on TEXT NOT NULL,
    noted_by TEXT NOT NULL
);
CREATE INDEX application_letter_by_application ON application_letter (application_id);
CREATE INDEX application_letter_by_license ON application_letter (license_id);

CREATE TABLE license_condition (
    id BLOB NOT NULL,
    version BIGINT NOT NULL,
    recorded_at TEXT NOT NULL,
    superseded_at TEXT,
    license_id BLOB NOT NULL,
    words TEXT NOT NULL,
    from_on TEXT NOT NULL,
    to_on TEXT,
    noted_by TEXT NOT NULL,
    PRIMARY KEY (id, version)
);
CREATE INDEX license_condition_by_license ON license_condition (license_id) WHERE superseded_at IS NULL;

-- An address at which a license was revoked or a business was closed: no new license until someone decides.
CREATE TABLE address_hold (
    id BLOB NOT NULL,
    version BIGINT NOT NULL,
    recorded_at TEXT NOT NULL,
    superseded_at TEXT,
    application_id BLOB NOT NULL,
    license_id BLOB,
    site_id BLOB,
    building_id BLOB,
    address TEXT NOT NULL,
    city TEXT,
    business TEXT NOT NULL,
    since TEXT NOT NULL,
    hold_state TEXT NOT NULL,
    decided_on TEXT,
    noted_by TEXT NOT NULL,
    reason TEXT,
    PRIMARY KEY (id, version)
);
CREATE INDEX address_hold_now ON address_hold (hold_state) WHERE superseded_at IS NULL;
