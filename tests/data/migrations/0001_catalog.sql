-- What an agency may have stored under 0001_catalog; `@7` is the id 7.
INSERT INTO meta (name, value) VALUES ('data_status', 'demonstration');
INSERT INTO area (id, class, name, name_key, county, population, west, south, east, north, source, source_key, row_hash)
VALUES (@1, 'city', 'Duluth', 'DULUTH', 'St. Louis', 86000, -92.3, 46.6, -91.9, 46.9, 'areas', 'Duluth', 1);
INSERT INTO site (id, version, recorded_at, superseded_at, loaded_at, source, source_key, number, kind, name, other_names,
    address, city, state, zip, building_id, lon, lat, point_method, status)
VALUES (@2, 1, '2026-01-01', '2026-02-01', '2026-01-01', 'desk', 'a', 1, 'massage_parlor', 'Zoes Spa', '[]',
        '100 Elm St', 'Duluth', 'MN', '55802', @3, -92.1, 46.8, 'source', 'open'),
    (@2, 2, '2026-02-01', NULL, '2026-02-01T09:00:00Z', 'desk', 'a', 1, 'massage_parlor', 'Zoë''s Spa', '["Old Name"]',
        '100 Elm St', 'Duluth', 'MN', '55802', @3, -92.1, 46.8, 'source', 'open');
INSERT INTO license (id, version, occurred_at, recorded_at, loaded_at, backfilled, source, source_key, row_hash, number,
    kind, type, name, point_method, status)
VALUES (@4, 1, '2026-01-01', '2026-01-01', '2026-01-01', false, 'desk', 'l', 1, 'L-1', 'massage', 'Massage', 'Zoë''s Spa', 'none', 'active');
INSERT INTO inspection (id, version, occurred_at, recorded_at, loaded_at, backfilled, source, source_key, row_hash, name,
    point_method, outcome)
VALUES (@5, 1, '2026-03-01', '2026-03-02', '2026-03-02', true, 'desk', 'i', 1, 'Zoë''s Spa', 'none', 'not_passed');
INSERT INTO violation (id, version, recorded_at, inspection_id, n, title, severity, state)
VALUES (@6, 1, '2026-03-02', @5, 0, 'No license on display', 'minor', 'open');
INSERT INTO complaint (id, version, occurred_at, recorded_at, loaded_at, backfilled, source, source_key, row_hash, name,
    point_method, category, reliability, credibility, anonymous, state)
VALUES (@7, 1, '2026-04-01', '2026-04-01', '2026-04-01', false, 'desk', 'c', 1, '', 'none', 'hours', 'C', '3', true, 'open');
INSERT INTO incident (id, version, occurred_at, recorded_at, loaded_at, backfilled, source, source_key, row_hash, offense,
    offense_code, origin, lon, lat, point_method)
VALUES (@8, 1, '2026-05-01T23:10:00Z', '2026-05-02', '2026-05-02', false, 'police', 'x', 1, 'prostitution', 'P1', 'citizen', -92.1, 46.8, 'source');
INSERT INTO link (record_kind, record_id, version, recorded_at, site_id, building_id, method, certainty, model)
VALUES ('license', @4, 1, '2026-01-01', @2, @3, 'address', 950, 'rules-1'),
    ('inspection', @5, 1, '2026-03-02', @2, @3, 'address', 950, 'rules-1'),
    ('complaint', @7, 1, '2026-04-01', @2, @3, 'address', 950, 'rules-1'),
    ('incident', @8, 1, '2026-05-02', @2, @3, 'address', 950, 'rules-1');
