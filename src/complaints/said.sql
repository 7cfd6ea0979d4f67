SELECT count(*)
FROM complaint said
JOIN import_batch brought ON brought.id = said.batch_id
WHERE said.id = $1 AND said.row_hash = $2 AND brought.file_hash = (
    SELECT latest.file_hash
    FROM complaint now
    JOIN import_batch latest ON latest.id = now.batch_id
    WHERE now.id = said.id AND now.superseded_at IS NULL
)
