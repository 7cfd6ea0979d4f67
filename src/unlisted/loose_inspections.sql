SELECT 'inspection' AS record_kind, r.id, r.name, '' AS kind, r.outcome AS label, coalesce(r.address, '') AS address, r.unit,
    r.city, r.building_id, r.occurred_at
FROM inspection r
LEFT JOIN link l ON l.record_id = r.id AND l.record_kind = 'inspection' AND l.superseded_at IS NULL
WHERE r.superseded_at IS NULL AND l.site_id IS NULL AND coalesce(l.method, '') <> 'manual'
    AND r.building_id IS NOT NULL AND r.name <> ''
