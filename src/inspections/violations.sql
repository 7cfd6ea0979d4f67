SELECT inspection_id, n, code, title, severity, state, closed_on, due_on
FROM violation
WHERE superseded_at IS NULL
