-- Sensitive places, and the lots and buildings that a distance is measured from: schools, child care, worship, parks,
-- libraries, residences, with their outlines.
--
-- Versions as in the catalog: a correction is a further row, and the old one stands as of an earlier day. The outline is
-- well-known binary in degrees; west to north are the box around it.
CREATE TABLE place (
    id UUID NOT NULL,
    version BIGINT NOT NULL,
    recorded_at TEXT COLLATE "C" NOT NULL,
    superseded_at TEXT COLLATE "C",
    loaded_at TEXT COLLATE "C" NOT NULL,
    source TEXT NOT NULL,
    source_key TEXT NOT NULL,
    row_hash BIGINT NOT NULL,
    batch_id UUID,
    class TEXT NOT NULL,
    part TEXT NOT NULL,
    name TEXT NOT NULL,
    address TEXT,
    opened_on TEXT COLLATE "C",
    closed_on TEXT COLLATE "C",
    outline BYTEA NOT NULL,
    west DOUBLE PRECISION NOT NULL,
    south DOUBLE PRECISION NOT NULL,
    east DOUBLE PRECISION NOT NULL,
    north DOUBLE PRECISION NOT NULL,
    PRIMARY KEY (id, version)
);
CREATE INDEX place_now ON place (id) WHERE superseded_at IS NULL;

INSERT INTO revision (name, n) VALUES ('place', 0);
