INSERT INTO import_batch
    (id, number, profile, profile_hash, source, record_kind, file_name, file_hash, file_bytes, started_at, state)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 'running')
