SELECT id, version, recorded_at, source, source_key, batch_id, class, part, name, address, opened_on, closed_on, outline,
    west, south, east, north
FROM place
WHERE true
