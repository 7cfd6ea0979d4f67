SELECT l.site_id, r.id, r.occurred_at, r.status
FROM link l
JOIN license r ON r.id = l.record_id AND r.superseded_at IS NULL
WHERE l.record_kind = 'license' AND l.superseded_at IS NULL AND r.status IN ('revoked', 'suspended')
