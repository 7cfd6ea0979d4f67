SELECT 'license' AS record_kind, r.id, r.name, r.kind, r.number AS label, coalesce(r.address, '') AS address, r.unit, r.city,
    r.building_id, r.occurred_at
FROM license r
LEFT JOIN link l ON l.record_id = r.id AND l.record_kind = 'license' AND l.superseded_at IS NULL
WHERE r.superseded_at IS NULL AND l.site_id IS NULL AND coalesce(l.method, '') <> 'manual'
    AND r.building_id IS NOT NULL AND r.name <> '' AND r.kind <> 'other'
