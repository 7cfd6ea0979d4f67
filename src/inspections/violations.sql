SELECT v.inspection_id, v.n, v.code, v.title, v.severity, v.state, v.closed_on, v.due_on
FROM violation v
JOIN inspection r ON r.id = v.inspection_id AND r.superseded_at IS NULL
WHERE v.superseded_at IS NULL
