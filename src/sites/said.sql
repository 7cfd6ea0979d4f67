SELECT said.site_id, said.part, said.value, said.recorded_at, said.batch_id
FROM site_said said
JOIN site s ON s.id = said.site_id AND s.superseded_at IS NULL
WHERE true
