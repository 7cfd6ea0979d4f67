-- Two sites that are one business: which was merged into which, by whom and why, until it is split again. The version of
-- the merged site says so, too (status merged, moved_to), and its links stand as versions that count until then.
CREATE TABLE site_merge (
    id UUID PRIMARY KEY,
    from_site UUID NOT NULL,
    into_site UUID NOT NULL,
    merged_at TEXT NOT NULL,
    merged_by UUID,
    merged_name TEXT NOT NULL,
    why TEXT NOT NULL,
    split_at TEXT,
    split_by UUID,
    split_name TEXT,
    split_why TEXT
);
CREATE INDEX site_merge_by_from ON site_merge (from_site);
CREATE INDEX site_merge_by_into ON site_merge (into_site);
