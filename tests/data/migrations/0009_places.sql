-- What an agency may have stored under 0009_places; `@7` is the id 7, and `@x01` the byte 1. The outline is a point.
INSERT INTO place (id, version, recorded_at, superseded_at, loaded_at, source, source_key, row_hash, class, part, name,
    opened_on, outline, west, south, east, north)
VALUES (@90, 1, '2026-01-01', '2026-02-01', '2026-01-01', 'schools', '1', 1, 'school', 'point', 'Elm School',
        '2001-09-01', @x010100000066666666660657c06666666666664740, -92.1, 46.8, -92.1, 46.8),
    (@90, 2, '2026-02-01', NULL, '2026-02-01T09:00:00Z', 'schools', '1', 2, 'school', 'point', 'Zoë''s School',
        '2001-09-01', @x010100000066666666660657c06666666666664740, -92.1, 46.8, -92.1, 46.8);
