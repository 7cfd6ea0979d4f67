SELECT r.id, r.version, r.occurred_at, r.recorded_at, r.backfilled, r.source, r.source_key, r.batch_id,
    r.name, r.address, r.unit, r.city, r.building_id, r.lon, r.lat, r.point_method, r.category,
    r.category_as_written, r.reliability, r.credibility, r.anonymous, r.state, r.summary, l.site_id,
    l.method AS link_method, l.certainty
FROM complaint r
LEFT JOIN link l ON l.record_id = r.id AND l.record_kind = 'complaint' AND l.superseded_at IS NULL
WHERE r.superseded_at IS NULL
