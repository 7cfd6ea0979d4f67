SELECT id, version, recorded_at, source, source_key, batch_id, number, kind, name, other_names, address, house_number,
    pre_direction, street, suffix, post_direction, unit_type, unit, city, state, zip, building_id, lon, lat,
    point_method, point_meters, city_area, county, status, status_on, opened_on, closed_on, moved_to, phone,
