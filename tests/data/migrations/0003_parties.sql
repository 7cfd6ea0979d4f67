-- What an agency may have stored under 0003_parties; `@7` is the id 7.
INSERT INTO party (id, version, recorded_at, superseded_at, loaded_at, source, source_key, number, kind, name, other_names,
    name_key, registered_number, city)
VALUES (@30, 1, '2026-01-01', '2026-02-01', '2026-01-01', 'desk', 'p', 1, 'organization', 'Elm Holding', '[]', 'elmholding', NULL, 'Duluth'),
    (@30, 2, '2026-02-01', NULL, '2026-02-01', 'desk', 'p', 1, 'organization', 'Elm Holdings LLC', '["Old Elm"]', 'elm', '1234567-8', 'Duluth');
INSERT INTO party_role (id, version, recorded_at, loaded_at, source, source_key, party_id, site_id, building_id, role, share, from_on)
VALUES (@31, 1, '2026-01-01', '2026-01-01', 'desk', 'a', @30, @2, NULL, 'owner', 500, '2025-01-01'),
    (@32, 1, '2026-01-01', '2026-01-01', 'desk', 'b', @30, NULL, @3, 'landlord', NULL, NULL);
