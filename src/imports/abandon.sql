UPDATE import_batch
SET state = 'broken_off', finished_at = $1, message = $2
WHERE id = $3 AND state = 'running'
