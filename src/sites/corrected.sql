AND id IN (SELECT id FROM site WHERE batch_id IS NULL AND version > 1)
ORDER BY id, version
