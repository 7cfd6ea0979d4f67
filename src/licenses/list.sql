SELECT r.id, r.version, r.occurred_at, r.recorded_at, r.backfilled, r.source, r.source_key, r.batch_id,
    r.number, r.kind, r.type, r.name, r.address, r.unit, r.city, r.building_id, r.lon, r.lat,
    r.point_method, r.status, r.status_as_written, r.issued_on, r.starts_on, r.expires_on, l.site_id,
    l.method AS link_method, l.certainty
FROM license r
LEFT JOIN link l ON l.record_id = r.id AND l.record_kind = 'license' AND l.superseded_at IS NULL
WHERE r.superseded_at IS NULL
