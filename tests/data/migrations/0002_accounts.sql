-- What an agency may have stored under 0002_accounts; `@7` is the id 7.
INSERT INTO account (id, sign_in, full_name, agency, role, area, state, state_at, second_factor_step, made_at, made_by)
VALUES (@20, 'a.velden@agency.example', 'A. Velden', 'Agency', 'supervisor', 'state', 'active', '2026-01-01T00:00:00.000Z',
    0, '2026-01-01T00:00:00.000Z', 'operator');
INSERT INTO session (id, hash, account_id, stage, began_at, seen_at, proved_at)
VALUES (@21, 'digest', @20, 'open', '2026-01-01T00:00:00.000Z', '2026-01-01T00:00:00.000Z', '2026-01-01T00:00:00.000Z');
INSERT INTO audit_entry (n, at, account_id, actor, agency, role, act, outcome, detail, previous, hash)
VALUES (1, '2026-01-01T00:00:00.000Z', @20, 'A. Velden', 'Agency', 'supervisor', 'sign_in', 'done', '{}', 'p', 'h');
