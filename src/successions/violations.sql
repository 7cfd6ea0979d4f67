SELECT l.site_id, r.id, r.occurred_at, v.title
FROM link l
JOIN inspection r ON r.id = l.record_id AND r.superseded_at IS NULL
JOIN violation v ON v.inspection_id = r.id AND v.superseded_at IS NULL
WHERE l.record_kind = 'inspection' AND l.superseded_at IS NULL AND r.outcome IN ('not_passed', 'correct_by')
