WITH linked AS MATERIALIZED (
    SELECT record_id, site_id FROM link
    WHERE site_id = $1 AND record_kind = 'inspection' AND superseded_at IS NULL
)
SELECT v.inspection_id, v.n, v.code, v.title, v.severity, v.state, v.closed_on, v.due_on
FROM linked l
JOIN inspection r ON r.id = l.record_id AND r.superseded_at IS NULL
JOIN violation v ON v.inspection_id = r.id AND v.superseded_at IS NULL
WHERE v.state = 'open'
