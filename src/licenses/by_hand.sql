SELECT id, batch_id, name, status, status_as_written, issued_on, starts_on, expires_on, licensee
FROM license
WHERE id IN
