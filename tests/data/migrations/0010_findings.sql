-- What an agency may have stored under 0010_findings; `@7` is the id 7.
INSERT INTO finding (site_id, pack, rule, version, recorded_at, superseded_at, status, severity, basis, since, body, pack_hash)
VALUES (@1, 'elm-massage', 'hours', 1, '2026-01-01', '2026-02-01', 'unknown', 'major', 'site', NULL, '{}', 'aa'),
    (@1, 'elm-massage', 'hours', 2, '2026-02-01', NULL, 'violation', 'major', 'site', '2026-01-31', '{}', 'aa');
INSERT INTO site_fact (site_id, fact, version, recorded_at, value, observed_on, noted_by)
VALUES (@1, 'opening_hours', 1, '2026-02-01', 'daily 9-23', '2026-01-31', 'Zoë');
INSERT INTO finding_dispute (id, version, recorded_at, site_id, pack, rule, raised_by, raised_on, outcome, noted_by, note)
VALUES (@91, 1, '2026-02-02', @1, 'elm-massage', 'hours', 'business', '2026-02-02', 'open', 'Zoë', 'It closes at nine.');
INSERT INTO stale_finding (site_id, marked_at) VALUES (@1, '2026-02-02');
