-- What an agency may have stored under 0006_unlisted; `@7` is the id 7.
INSERT INTO unlisted_dismissal (id, building_id, name_key, name, dismissed_at, dismissed_by, dismissed_name, why)
VALUES (@60, @6, 'corneroffice', 'Corner Office', '2026-01-01T00:00:00.000Z', @20, 'A. Velden', 'A mailbox store');
