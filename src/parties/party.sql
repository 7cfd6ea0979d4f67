SELECT p.id, p.version, p.recorded_at, p.source, p.source_key, p.batch_id, p.number, p.kind, p.name, p.other_names,
    p.name_key, p.registered_number, p.address, p.unit, p.city, p.state, p.zip, p.building_id, p.phone, p.joined_into,
