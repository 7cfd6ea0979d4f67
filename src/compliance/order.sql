ORDER BY CASE l.status WHEN 'violation' THEN 0 WHEN 'refer_to_attorney' THEN 1 WHEN 'unknown' THEN 2
        WHEN 'compliant' THEN 3 ELSE 4 END,
    CASE l.severity WHEN 'critical' THEN 0 WHEN 'major' THEN 1 ELSE 2 END,
    coalesce(l.since, l.recorded_at), s.number, l.pack, l.rule
