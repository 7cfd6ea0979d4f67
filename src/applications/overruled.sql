SELECT r.id, r.number, r.name, r.status, by_hand.status AS desk_status, r.recorded_at
FROM license by_hand
JOIN license r ON r.id = by_hand.id AND r.superseded_at IS NULL
WHERE by_hand.batch_id IS NULL AND by_hand.version > 1 AND r.batch_id IS NOT NULL AND r.status <> by_hand.status
    AND by_hand.version = (SELECT max(v.version) FROM license v WHERE v.id = r.id AND v.batch_id IS NULL)
