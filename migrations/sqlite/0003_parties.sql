-- Persons and organizations that hold, own, operate, manage or lease, and the roles in which they do so, for a time.
--
-- Versions as in the catalog: a correction is a further row, and the old one stands as of an earlier day. Nothing here
-- counts in a score.

CREATE TABLE party (
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
    name_key TEXT NOT NULL,
    registered_number TEXT,
    address TEXT,
    unit TEXT,
    city TEXT,
    state TEXT,
    zip TEXT,
    building_id BLOB,
    phone TEXT,
    note TEXT,
    joined_into BLOB,
    PRIMARY KEY (id, version)
);
CREATE INDEX party_by_name ON party (name_key);
CREATE INDEX party_by_phone ON party (phone) WHERE phone IS NOT NULL;
CREATE INDEX party_by_building ON party (building_id) WHERE building_id IS NOT NULL;
CREATE INDEX party_by_joined_into ON party (joined_into) WHERE joined_into IS NOT NULL;
CREATE INDEX party_by_registered_number ON party (registered_number) WHERE registered_number IS NOT NULL;

-- At a site, or (site_id null) at a building with all of its tenants.
CREATE TABLE party_role (
    id BLOB NOT NULL,
    version BIGINT NOT NULL,
    recorded_at TEXT NOT NULL,
    superseded_at TEXT,
    loaded_at TEXT NOT NULL,
    source TEXT NOT NULL,
    source_key TEXT NOT NULL,
    batch_id BLOB,
    party_id BLOB NOT NULL,
    site_id BLOB,
    building_id BLOB,
    role TEXT NOT NULL,
    share BIGINT,
    from_on TEXT,
    to_on TEXT,
    ended_why TEXT,
    PRIMARY KEY (id, version)
);
CREATE INDEX party_role_by_party ON party_role (party_id);
CREATE INDEX party_role_by_site ON party_role (site_id) WHERE site_id IS NOT NULL;
CREATE INDEX party_role_by_building ON party_role (building_id) WHERE building_id IS NOT NULL;

-- The telephone of a business, ten digits; and the holder of a license as the register writes it.
ALTER TABLE license ADD COLUMN phone TEXT;
ALTER TABLE license ADD COLUMN licensee TEXT;
ALTER TABLE site ADD COLUMN phone TEXT;
