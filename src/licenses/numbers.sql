SELECT DISTINCT l.site_id, r.number
FROM license r
JOIN link l ON l.record_id = r.id AND l.record_kind = 'license' AND l.superseded_at IS NULL AND l.site_id IS NOT NULL
WHERE r.superseded_at IS NULL
