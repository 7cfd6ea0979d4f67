-- What an agency may have stored under 0004_review; `@7` is the id 7.
UPDATE link SET evidence = 'name=same+512 number=same+740' WHERE record_id = @4;
INSERT INTO link_decision (id, record_kind, record_id, verdict, site_id, decided_at, decided_by, decided_name, before_method,
    before_certainty, before_model)
VALUES (@40, 'license', @4, 'link', @2, '2026-06-01T09:00:00Z', @20, 'A. Velden', 'building', 900, 'rules-1');
INSERT INTO link_review (record_kind, record_id, recorded_at, building_id, candidates, model, consequence, state, decision_id)
VALUES ('license', @4, '2026-05-30', @3, '[]', 'model-1', 1000, 'decided', @40);
