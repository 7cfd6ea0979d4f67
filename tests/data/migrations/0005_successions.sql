-- What an agency may have stored under 0005_successions; `@7` is the id 7.
INSERT INTO succession (id, version, recorded_at, superseded_at, from_site, to_site, state, probability, evidence, days, model,
    decided_by, decided_name, decided_at, why)
VALUES (@50, 1, '2026-01-01', '2026-02-01', @51, @2, 'proposed', 812, 'principal+700/2 days+220/0', 30, 'reopening-1', NULL, NULL, NULL, NULL),
    (@50, 2, '2026-02-01', NULL, @51, @2, 'confirmed', 812, 'principal+700/2 days+220/0', 30, 'reopening-1', @9, 'A. Clerk', '2026-02-01', 'seen at the door');
