SELECT l.id, l.version, l.recorded_at, l.source, l.source_key, l.batch_id, l.party_id, l.site_id, l.building_id, l.role,
    l.share, l.from_on, l.to_on, l.ended_why, known.latest
FROM party_role l
JOIN (SELECT id, max(version) AS latest, max(CASE WHEN batch_id IS NULL THEN 0 ELSE version END) AS by_file
    FROM party_role GROUP BY id) known ON known.id = l.id AND known.by_file = l.version
JOIN party p ON p.id = l.party_id AND p.superseded_at IS NULL
WHERE true
