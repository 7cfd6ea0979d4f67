SELECT id, number, profile, profile_hash, source, record_kind, file_name, file_hash, file_bytes, state, started_at,
    finished_at, n_rows, n_stored, n_updated, n_duplicate, n_rejected, n_skipped, n_linked, n_building,
    n_sites, unmapped, message
FROM import_batch
WHERE true
