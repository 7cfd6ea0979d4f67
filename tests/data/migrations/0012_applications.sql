-- What an agency may have stored under 0012_applications; `@7` is the id 7.
INSERT INTO application (id, version, recorded_at, superseded_at, number, procedure, holder, kind, business, applicant, site_id, city, point_method, received_on, state, state_on, waits, decide_by, fee, noted_by, note)
VALUES (@121, 1, '2026-01-01T12:00:00Z', '2026-01-02T12:00:00Z', 1, 'application', 'business', 'massage_parlor', 'Zoë''s Spa', 'Elm Holdings LLC', @2, 'Duluth', 'none', '2026-01-01', 'received', '2026-01-01', 'agency', '2026-03-02', 'due', 'Zoë', NULL),
    (@121, 2, '2026-01-02T12:00:00Z', NULL, 1, 'application', 'business', 'massage_parlor', 'Zoë''s Spa', 'Elm Holdings LLC', @2, 'Duluth', 'none', '2026-01-01', 'in_review', '2026-01-02', 'agency', '2026-03-02', 'paid', 'Zoë', 'Two rooms.');
INSERT INTO application_review (application_id, review, version, recorded_at, owner, due_on, review_state, noted_by)
VALUES (@121, 'zoning', 1, '2026-01-01T12:00:00Z', 'City planning', '2026-01-22', 'waiting', 'Zoë');
INSERT INTO application_step (id, application_id, recorded_at, step, from_state, to_state, noted_by)
VALUES (@122, @121, '2026-01-02T12:00:00Z', 'review', 'received', 'in_review', 'Zoë');
INSERT INTO application_letter (id, application_id, recorded_at, letter, sent_on, noted_by)
VALUES (@123, @121, '2026-01-02T12:00:00Z', 'missing', '2026-01-02', 'Zoë');
INSERT INTO license_condition (id, version, recorded_at, license_id, words, from_on, noted_by)
VALUES (@124, 1, '2026-01-02T12:00:00Z', @4, 'Closed after ten.', '2026-01-02', 'Zoë');
INSERT INTO address_hold (id, version, recorded_at, application_id, address, business, since, hold_state, noted_by)
VALUES (@125, 1, '2026-01-02T12:00:00Z', @121, '100 Elm St', 'Zoë''s Spa', '2026-01-02', 'open', 'Zoë');
