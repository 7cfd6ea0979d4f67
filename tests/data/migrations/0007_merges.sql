-- What an agency may have stored under 0007_merges; `@7` is the id 7.
INSERT INTO site_merge (id, from_site, into_site, merged_at, merged_by, merged_name, why)
VALUES (@70, @1, @2, '2026-01-01T00:00:00Z', @20, 'A. Velden', 'One business, entered twice');
