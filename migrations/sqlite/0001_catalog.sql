-- The catalog: areas, sites, the records about them, the links between, and the standing computed from both.
--
-- Each version of a record is a row: `recorded_at` is when it could first have been known, `superseded_at` when a
-- later version took its place (null: it is current), `loaded_at` when the row really arrived.
-- Times of events are text, a day or an instant in UTC, and sort by time: see clock::Moment.

CREATE TABLE meta (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
);

-- Moves with every commit that changes what a snapshot shows.
CREATE TABLE revision (
    name TEXT PRIMARY KEY,
    n BIGINT NOT NULL
);
INSERT INTO revision (name, n) VALUES ('catalog', 0);
INSERT INTO revision (name, n) VALUES ('standing', 0);

-- Each file of data/ that produced a stored result, by hash.
CREATE TABLE knowledge (
    hash TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    body TEXT NOT NULL,
    kept_at TEXT NOT NULL
);

CREATE TABLE import_batch (
    id BLOB PRIMARY KEY,
    number BIGINT NOT NULL UNIQUE,
    profile TEXT NOT NULL,
    profile_hash TEXT NOT NULL,
    source TEXT NOT NULL,
    record_kind TEXT NOT NULL,
    file_name TEXT NOT NULL,
    file_hash TEXT,
    file_bytes BIGINT NOT NULL,
    state TEXT NOT NULL,
    started_at TEXT NOT NULL,
    finished_at TEXT,
    n_rows BIGINT NOT NULL DEFAULT 0,
    n_stored BIGINT NOT NULL DEFAULT 0,
    n_updated BIGINT NOT NULL DEFAULT 0,
    n_duplicate BIGINT NOT NULL DEFAULT 0,
    n_rejected BIGINT NOT NULL DEFAULT 0,
    n_skipped BIGINT NOT NULL DEFAULT 0,
    n_linked BIGINT NOT NULL DEFAULT 0,
    n_building BIGINT NOT NULL DEFAULT 0,
    n_sites BIGINT NOT NULL DEFAULT 0,
    unmapped TEXT NOT NULL DEFAULT '{}',
    message TEXT
);

CREATE TABLE import_reject (
    batch_id BLOB NOT NULL REFERENCES import_batch (id),
    n BIGINT NOT NULL,
    line BIGINT NOT NULL,
    column_name TEXT NOT NULL,
    value TEXT NOT NULL,
    reason TEXT NOT NULL,
    PRIMARY KEY (batch_id, n)
);

CREATE TABLE area (
    id BLOB PRIMARY KEY,
    class TEXT NOT NULL,
    name TEXT NOT NULL,
    name_key TEXT NOT NULL,
    county TEXT,
    code TEXT,
    population BIGINT,
    west DOUBLE PRECISION,
    south DOUBLE PRECISION,
    east DOUBLE PRECISION,
    north DOUBLE PRECISION,
    outline BLOB,
    source TEXT NOT NULL,
    source_key TEXT NOT NULL,
    row_hash BIGINT NOT NULL,
    batch_id BLOB
);
CREATE INDEX area_by_class ON area (class, name_key);

-- Points of addresses that the operator imported; consulted for rows that come without one.
CREATE TABLE address_point (
    id BLOB PRIMARY KEY,
    building_id BLOB NOT NULL,
    unit TEXT,
    lon DOUBLE PRECISION NOT NULL,
    lat DOUBLE PRECISION NOT NULL,
    source TEXT NOT NULL,
    source_key TEXT NOT NULL,
    row_hash BIGINT NOT NULL,
    batch_id BLOB
);
CREATE INDEX address_point_by_building ON address_point (building_id);

-- `building_id` is the normalized street address within its city, hashed: sites with the same one share premises.
CREATE TABLE site (
    id BLOB NOT NULL,
    version BIGINT NOT NULL,
    recorded_at TEXT NOT NULL,
    superseded_at TEXT,
    loaded_at TEXT NOT NULL,
    source TEXT NOT NULL,
    source_key TEXT NOT NULL,
    batch_id BLOB,
    number BIGINT NOT NULL,
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    other_names TEXT NOT NULL,
    address TEXT NOT NULL,
    house_number TEXT,
    pre_direction TEXT,
    street TEXT,
    suffix TEXT,
    post_direction TEXT,
    unit_type TEXT,
    unit TEXT,
    city TEXT,
    state TEXT,
    zip TEXT,
    building_id BLOB,
    lon DOUBLE PRECISION,
    lat DOUBLE PRECISION,
    point_method TEXT NOT NULL,
    point_meters DOUBLE PRECISION,
    city_area TEXT,
    county TEXT,
    status TEXT NOT NULL,
    status_on TEXT,
    opened_on TEXT,
    closed_on TEXT,
    moved_to BLOB,
    note TEXT,
    PRIMARY KEY (id, version)
);
CREATE INDEX site_by_building ON site (building_id);
CREATE INDEX site_by_number ON site (number);

-- Keys under which further registers know a site; the key of the register that opened it is the site's own.
CREATE TABLE site_key (
    source TEXT NOT NULL,
    source_key TEXT NOT NULL,
    site_id BLOB NOT NULL,
    recorded_at TEXT NOT NULL,
    loaded_at TEXT NOT NULL,
    batch_id BLOB,
    PRIMARY KEY (source, source_key)
);
CREATE INDEX site_key_by_site ON site_key (site_id);

-- What a register says of a part of a site that a person has corrected: the person's entry stands.
CREATE TABLE site_said (
    site_id BLOB NOT NULL,
    part TEXT NOT NULL,
    value TEXT NOT NULL,
    recorded_at TEXT NOT NULL,
    loaded_at TEXT NOT NULL,
    batch_id BLOB
);
CREATE INDEX site_said_by_site ON site_said (site_id);

CREATE TABLE license (
    id BLOB NOT NULL,
    version BIGINT NOT NULL,
    occurred_at TEXT NOT NULL,
    recorded_at TEXT NOT NULL,
    superseded_at TEXT,
    loaded_at TEXT NOT NULL,
    backfilled BOOLEAN NOT NULL,
    source TEXT NOT NULL,
    source_key TEXT NOT NULL,
    row_hash BIGINT NOT NULL,
    batch_id BLOB,
    number TEXT NOT NULL,
    kind TEXT NOT NULL,
    type TEXT NOT NULL,
    name TEXT NOT NULL,
    address TEXT,
    unit TEXT,
    city TEXT,
    building_id BLOB,
    lon DOUBLE PRECISION,
    lat DOUBLE PRECISION,
    point_method TEXT NOT NULL,
    status TEXT NOT NULL,
    status_as_written TEXT,
    issued_on TEXT,
    starts_on TEXT,
    expires_on TEXT,
    PRIMARY KEY (id, version)
);
CREATE INDEX license_by_building ON license (building_id);
CREATE INDEX license_by_time ON license (occurred_at);
CREATE INDEX license_by_number ON license (number);

CREATE TABLE inspection (
    id BLOB NOT NULL,
    version BIGINT NOT NULL,
    occurred_at TEXT NOT NULL,
    recorded_at TEXT NOT NULL,
    superseded_at TEXT,
    loaded_at TEXT NOT NULL,
    backfilled BOOLEAN NOT NULL,
    source TEXT NOT NULL,
    source_key TEXT NOT NULL,
    row_hash BIGINT NOT NULL,
    batch_id BLOB,
    name TEXT NOT NULL,
    address TEXT,
    unit TEXT,
    city TEXT,
    building_id BLOB,
    lon DOUBLE PRECISION,
    lat DOUBLE PRECISION,
    point_method TEXT NOT NULL,
    reason TEXT,
    outcome TEXT NOT NULL,
    outcome_as_written TEXT,
    points DOUBLE PRECISION,
    due_on TEXT,
    note TEXT,
    PRIMARY KEY (id, version)
);
CREATE INDEX inspection_by_building ON inspection (building_id);
CREATE INDEX inspection_by_time ON inspection (occurred_at);

CREATE TABLE violation (
    id BLOB NOT NULL,
    version BIGINT NOT NULL,
    recorded_at TEXT NOT NULL,
    superseded_at TEXT,
    inspection_id BLOB NOT NULL,
    n BIGINT NOT NULL,
    code TEXT,
    title TEXT NOT NULL,
    severity TEXT NOT NULL,
    state TEXT NOT NULL,
    closed_on TEXT,
    due_on TEXT,
    PRIMARY KEY (id, version)
);
CREATE INDEX violation_by_inspection ON violation (inspection_id);

CREATE TABLE complaint (
    id BLOB NOT NULL,
    version BIGINT NOT NULL,
    occurred_at TEXT NOT NULL,
    recorded_at TEXT NOT NULL,
    superseded_at TEXT,
    loaded_at TEXT NOT NULL,
    backfilled BOOLEAN NOT NULL,
    source TEXT NOT NULL,
    source_key TEXT NOT NULL,
    row_hash BIGINT NOT NULL,
    batch_id BLOB,
    name TEXT NOT NULL,
    address TEXT,
    unit TEXT,
    city TEXT,
    building_id BLOB,
    lon DOUBLE PRECISION,
    lat DOUBLE PRECISION,
    point_method TEXT NOT NULL,
    category TEXT NOT NULL,
    category_as_written TEXT,
    reliability TEXT NOT NULL,
    credibility TEXT NOT NULL,
    anonymous BOOLEAN NOT NULL,
    state TEXT NOT NULL,
    summary TEXT,
    PRIMARY KEY (id, version)
);
CREATE INDEX complaint_by_building ON complaint (building_id);
CREATE INDEX complaint_by_time ON complaint (occurred_at);

-- An incident has no names: roles will stand as counts, never as persons.
CREATE TABLE incident (
    id BLOB NOT NULL,
    version BIGINT NOT NULL,
    occurred_at TEXT NOT NULL,
    recorded_at TEXT NOT NULL,
    superseded_at TEXT,
    loaded_at TEXT NOT NULL,
    backfilled BOOLEAN NOT NULL,
    source TEXT NOT NULL,
    source_key TEXT NOT NULL,
    row_hash BIGINT NOT NULL,
    batch_id BLOB,
    offense TEXT NOT NULL,
    offense_code TEXT NOT NULL,
    offense_as_written TEXT,
    origin TEXT NOT NULL,
    address TEXT,
    unit TEXT,
    city TEXT,
    building_id BLOB,
    lon DOUBLE PRECISION,
    lat DOUBLE PRECISION,
    point_method TEXT NOT NULL,
    cell BIGINT,
    PRIMARY KEY (id, version)
);
CREATE INDEX incident_by_building ON incident (building_id) WHERE building_id IS NOT NULL;
CREATE INDEX incident_by_time ON incident (occurred_at);
CREATE INDEX incident_by_cell ON incident (cell) WHERE cell IS NOT NULL;

-- To a site, or (site_id null) to a building with several tenants, where the record counts for none of them.
CREATE TABLE link (
    record_kind TEXT NOT NULL,
    record_id BLOB NOT NULL,
    version BIGINT NOT NULL,
    recorded_at TEXT NOT NULL,
    superseded_at TEXT,
    site_id BLOB,
    building_id BLOB,
    method TEXT NOT NULL,
    certainty BIGINT NOT NULL,
    model TEXT NOT NULL,
    PRIMARY KEY (record_id, record_kind, version)
);
CREATE INDEX link_by_site ON link (site_id) WHERE site_id IS NOT NULL;

-- Sites whose standing no longer fits their records; marked in the transaction that changed them.
CREATE TABLE stale_site (
    site_id BLOB PRIMARY KEY,
    marked_at TEXT NOT NULL
);

-- Incidents 30 to 150 m from a site, without its own building: per offense, [occurred, recorded, how many] with months
-- counted from January of year 0. One row a site: a million small rows would take longer to write than to count.
CREATE TABLE ring (
    site_id BLOB PRIMARY KEY,
    counts TEXT NOT NULL
);

CREATE TABLE standing_run (
    id BLOB PRIMARY KEY,
    as_of TEXT NOT NULL,
    finished_at TEXT NOT NULL,
    manifest TEXT NOT NULL,
    population TEXT NOT NULL,
    n_sites BIGINT NOT NULL,
    n_events BIGINT NOT NULL,
    n_backfilled BIGINT NOT NULL
);

-- The present standing of each site; what a past one was is computed again as of that day.
CREATE TABLE standing (
    site_id BLOB PRIMARY KEY,
    run_id BLOB NOT NULL REFERENCES standing_run (id),
    as_of TEXT NOT NULL,
    points BIGINT,
    low BIGINT,
    high BIGINT,
    coverage BIGINT NOT NULL,
    tier TEXT NOT NULL,
    place BIGINT,
    borderline BOOLEAN NOT NULL,
    headline TEXT,
    explanation TEXT NOT NULL
);
