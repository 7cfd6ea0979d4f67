-- What an agency may have stored under 0008_facets; `@7` is the id 7.
INSERT INTO incident (id, version, occurred_at, recorded_at, loaded_at, backfilled, source, source_key, row_hash, offense,
    offense_code, origin, lon, lat, point_method, disposition, reliability, credibility, n_buyers, n_people_sold, n_minors)
VALUES (@80, 1, '2026-06-01T23:10:00Z', '2026-06-02', '2026-06-02', false, 'police', 'y', 1, 'sex_trafficking', '64A', 'officer',
    -92.1, 46.8, 'source', 'charged', 'B', '2', 2, 1, 0);
