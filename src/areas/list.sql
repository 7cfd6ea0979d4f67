SELECT id, class, name, county, code, population, west, south, east, north, outline, source, source_key, batch_id
FROM area
WHERE true
