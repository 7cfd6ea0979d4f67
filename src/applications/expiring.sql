SELECT r.id, r.number, r.kind, r.type AS type_as_written, r.name, r.address, r.unit, r.city, r.status, r.expires_on, r.licensee,
    l.site_id,
    (SELECT max(v.sent_on) FROM application_letter v WHERE v.license_id = r.id AND v.letter = 'reminder') AS reminded_on,
    (SELECT max(a.number) FROM application a
        WHERE a.license_id = r.id AND a.superseded_at IS NULL AND a.waits <> 'nobody') AS open_number
FROM license r
LEFT JOIN link l ON l.record_id = r.id AND l.record_kind = 'license' AND l.superseded_at IS NULL
LEFT JOIN site s ON s.id = l.site_id AND s.superseded_at IS NULL
WHERE r.superseded_at IS NULL AND coalesce(s.status, 'open') IN ('open', 'unknown')
    AND NOT EXISTS (
        SELECT 1 FROM link later_l JOIN license later ON later.id = later_l.record_id AND later.superseded_at IS NULL
        WHERE later_l.site_id = l.site_id AND later_l.record_kind = 'license' AND later_l.superseded_at IS NULL
            AND later.kind = r.kind AND later.expires_on > r.expires_on AND later.status IN ('active', 'suspended', 'revoked'))
