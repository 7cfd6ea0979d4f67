-- What lets findings be kept fresh at small cost: what was found at a site last, as one digest of all of its findings, and
-- the sites near one that changed, which are held against the rules a little later than itself.
CREATE TABLE finding_digest (
    site_id BLOB PRIMARY KEY,
    digest TEXT NOT NULL,
    found_at TEXT NOT NULL
);
CREATE TABLE stale_near (
    site_id BLOB PRIMARY KEY,
    marked_at TEXT NOT NULL
);
CREATE INDEX site_by_kind ON site (kind, lat, lon, status, id) WHERE superseded_at IS NULL;
