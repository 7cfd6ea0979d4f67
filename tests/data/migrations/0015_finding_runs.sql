-- What an agency may have stored under 0015_finding_runs; `@7` is the id 7.
INSERT INTO finding_digest (site_id, digest, found_at) VALUES (@1, 'aa', '2026-02-02');
INSERT INTO stale_near (site_id, marked_at) VALUES (@1, '2026-02-02');
