UPDATE import_batch
SET n_rows = $1, n_stored = $2, n_updated = $3, n_duplicate = $4, n_rejected = $5, n_skipped = $6, n_linked = $7,
    n_sites = $8, unmapped = $9
WHERE id = $10
