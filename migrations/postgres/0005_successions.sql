-- Successions: a site that ended goes on at another. A proposal of the detector, until a person decides.
--
-- Versions as in the catalog: a decision is a further row, and so is taking it back. A row that is superseded by none is a
-- proposal that no longer holds.

CREATE TABLE succession (
    id UUID NOT NULL,
    version BIGINT NOT NULL,
    recorded_at TEXT COLLATE "C" NOT NULL,
    superseded_at TEXT COLLATE "C",
    from_site UUID NOT NULL,
    to_site UUID NOT NULL,
    state TEXT NOT NULL,
    probability BIGINT NOT NULL,
    evidence TEXT NOT NULL,
    days BIGINT,
    model TEXT NOT NULL,
    decided_by UUID,
    decided_name TEXT,
    decided_at TEXT COLLATE "C",
    why TEXT,
    PRIMARY KEY (id, version)
);
CREATE INDEX succession_by_from ON succession (from_site);
CREATE INDEX succession_by_to ON succession (to_site);
