SELECT c.full_name, c.phone, c.email
FROM complainant c
JOIN complaint r ON r.id = c.complaint_id AND r.superseded_at IS NULL
WHERE c.superseded_at IS NULL
