SELECT count(*)
FROM complaint r
LEFT JOIN link l ON l.record_id = r.id AND l.record_kind = 'complaint' AND l.superseded_at IS NULL
WHERE r.superseded_at IS NULL
