SELECT l.id, l.version, l.recorded_at, l.source, l.source_key, l.batch_id, l.party_id, l.site_id, l.building_id, l.role,
    l.share, l.from_on, l.to_on, l.ended_why,
    coalesce(p.joined_into, p.id) AS root, p.name AS party, p.kind AS party_kind,
    s.id AS at_site, s.number AS site_number, s.name AS site, s.kind AS site_kind, s.city AS city, s.status AS status
