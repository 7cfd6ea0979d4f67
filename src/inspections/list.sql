SELECT r.id, r.version, r.occurred_at, r.recorded_at, r.backfilled, r.source, r.source_key, r.batch_id,
    r.name, r.address, r.unit, r.city, r.building_id, r.lon, r.lat, r.point_method, r.reason, r.outcome,
    r.outcome_as_written, r.points, r.due_on, r.note, l.site_id, l.method AS link_method, l.certainty
FROM inspection r
LEFT JOIN link l ON l.record_id = r.id AND l.record_kind = 'inspection' AND l.superseded_at IS NULL
WHERE r.superseded_at IS NULL
