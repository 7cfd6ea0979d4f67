-- Premises that records speak of and no site stands for: which of them a person said is none, and why. What is proposed is
-- computed from the records themselves; a dismissal is never deleted, and in force until it is undone.
CREATE TABLE unlisted_dismissal (
    id BLOB PRIMARY KEY,
    building_id BLOB NOT NULL,
    name_key TEXT NOT NULL,
    name TEXT NOT NULL,
    city TEXT,
    dismissed_at TEXT NOT NULL,
    dismissed_by BLOB,
    dismissed_name TEXT NOT NULL,
    why TEXT NOT NULL,
    undone_at TEXT,
    undone_by BLOB
);
CREATE INDEX unlisted_dismissal_by_building ON unlisted_dismissal (building_id);
