-- What a model was not sure of waits for a person; what a person decides is kept with who and why, and overrides the model.

-- What was compared, as linking::evidence writes it, and the decision that made the link: both null where they do not apply.
ALTER TABLE link ADD COLUMN evidence TEXT;
ALTER TABLE link ADD COLUMN cause BLOB;

-- A record of the middle band. `candidates` is JSON, best first: site, probability in thousandths, evidence.
-- `consequence` (centipoints that the link would move) orders the queue and is shown to nobody.
CREATE TABLE link_review (
    record_kind TEXT NOT NULL,
    record_id BLOB NOT NULL,
    recorded_at TEXT NOT NULL,
    building_id BLOB,
    candidates TEXT NOT NULL,
    model TEXT NOT NULL,
    consequence BIGINT NOT NULL,
    state TEXT NOT NULL,
    later_at TEXT,
    decision_id BLOB,
    PRIMARY KEY (record_kind, record_id)
);
CREATE INDEX link_review_by_consequence ON link_review (state, consequence DESC);

-- A decision is in force until it is undone. `part_of` is the decision that moved several records at once; `before_` is the
-- link that stood until then, which undoing brings back: without a method there was none.
CREATE TABLE link_decision (
    id BLOB PRIMARY KEY,
    record_kind TEXT NOT NULL,
    record_id BLOB NOT NULL,
    verdict TEXT NOT NULL,
    site_id BLOB,
    building_id BLOB,
    part_of BLOB,
    decided_at TEXT NOT NULL,
    decided_by BLOB,
    decided_name TEXT NOT NULL,
    why TEXT,
    undone_at TEXT,
    undone_by BLOB,
    before_site BLOB,
    before_building BLOB,
    before_method TEXT,
    before_certainty BIGINT,
    before_model TEXT,
    before_evidence TEXT
);
CREATE INDEX link_decision_by_record ON link_decision (record_id);
CREATE INDEX link_decision_by_time ON link_decision (decided_at);
