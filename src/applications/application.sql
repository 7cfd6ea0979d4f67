SELECT a.id, a.version, a.recorded_at, a.number, a.procedure, a.holder, a.kind, a.business, a.applicant, a.party_id,
    a.site_id, a.address, a.unit, a.city, a.building_id, a.lon, a.lat, a.point_method, a.license_id, a.received_on,
    a.state, a.state_on, a.waits, a.decide_by, a.decided_on, a.appeal_by, a.ends_on, a.fee, a.noted_by,
