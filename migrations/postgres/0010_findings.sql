-- Findings: what each rule of law says of each site, with its history; what was noted of a site that rules ask for; and
-- what a business or the staff said against a finding.
--
-- A finding that says something else is a further version; the one before ends when that could first have been known.
-- `basis` is the kind of record that it is made from: who may not see such records does not see it.
CREATE TABLE finding (
    site_id UUID NOT NULL,
    pack TEXT NOT NULL,
    rule TEXT NOT NULL,
    version BIGINT NOT NULL,
    recorded_at TEXT COLLATE "C" NOT NULL,
    superseded_at TEXT COLLATE "C",
    status TEXT NOT NULL,
    severity TEXT NOT NULL,
    basis TEXT NOT NULL,
    since TEXT COLLATE "C",
    body TEXT NOT NULL,
    pack_hash TEXT NOT NULL,
    PRIMARY KEY (site_id, pack, rule, version)
);
CREATE INDEX finding_now ON finding (status, site_id) WHERE superseded_at IS NULL;

CREATE TABLE site_fact (
    site_id UUID NOT NULL,
    fact TEXT NOT NULL,
    version BIGINT NOT NULL,
    recorded_at TEXT COLLATE "C" NOT NULL,
    superseded_at TEXT COLLATE "C",
    value TEXT,
    observed_on TEXT COLLATE "C" NOT NULL,
    noted_by TEXT NOT NULL,
    PRIMARY KEY (site_id, fact, version)
);

-- Versions as everywhere: the last row of an id says how the dispute stands.
CREATE TABLE finding_dispute (
    id UUID NOT NULL,
    version BIGINT NOT NULL,
    recorded_at TEXT COLLATE "C" NOT NULL,
    superseded_at TEXT COLLATE "C",
    site_id UUID NOT NULL,
    pack TEXT NOT NULL,
    rule TEXT NOT NULL,
    raised_by TEXT NOT NULL,
    raised_on TEXT COLLATE "C" NOT NULL,
    outcome TEXT NOT NULL,
    noted_by TEXT NOT NULL,
    note TEXT,
    PRIMARY KEY (id, version)
);
CREATE INDEX finding_dispute_by_site ON finding_dispute (site_id);

-- Sites whose findings no longer fit; marked in the transaction that changed what is known of them.
CREATE TABLE stale_finding (
    site_id UUID PRIMARY KEY,
    marked_at TEXT COLLATE "C" NOT NULL
);

INSERT INTO revision (name, n) VALUES ('finding', 0);
