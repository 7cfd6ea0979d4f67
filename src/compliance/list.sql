SELECT l.site_id, l.version, l.recorded_at, l.superseded_at, l.severity, l.body, s.name AS site_name,
    s.kind AS site_kind, coalesce(s.city_area, s.city) AS site_city,
    EXISTS (SELECT 1 FROM finding_dispute d WHERE d.site_id = l.site_id AND d.pack = l.pack AND d.rule = l.rule
        AND d.superseded_at IS NULL AND d.outcome = 'open') AS disputed
FROM finding l JOIN site s ON s.id = l.site_id AND s.superseded_at IS NULL
WHERE true
