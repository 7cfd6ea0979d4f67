UPDATE import_batch
SET n_rows = $1, n_stored = $2, n_updated = $3, n_duplicate = $4, n_rejected = $5, n_skipped = $6, n_linked = $7,
    n_building = $8, n_sites = $9, unmapped = $10
WHERE id = $11
