//! Reopenings through the front door: proposed, confirmed, rejected, taken back; who sees them; what goes with them.

use axum::http::StatusCode;
use foca::clock::Moment;
use foca::parties::{self, Holding, HoldingId, Kind, Party, PartyId, Role};
use foca::records::SiteId;
use foca::rights::Viewer;
use foca::rights::held::Held;
use foca::sites::{self, Site};
use foca::successions::{State, SuccessionId, job, store};
use foca::{inspections, licenses};

use crate::harness::{TestApp, both_engines};

fn day(text: &str) -> Option<Moment> {
    text.parse().ok()
}

/// A massage parlor of Duluth that lost its license, and one of Edina that its owner opened a month later.
async fn reopened(app: &TestApp) -> (Site, Site) {
    let closed = app
        .site("Nine Birch")
        .kind("massage_parlor")
        .address("100 Elm St, Duluth, MN 55802")
        .at(-92.1, 46.8)
        .closed();
    let closed = closed.with(|it| {
        (it.opened_on, it.closed_on) = (day("2024-01-01"), day("2026-03-01"));
        it.county = Some("St. Louis".to_owned());
    });
    let closed = closed.create().await;
    let open =
        app.site("Ivy Bodywork").kind("massage_parlor").address("7 Oak St, Edina, MN 55424").at(-93.3, 44.9);
    let open = open.with(|it| (it.opened_on, it.county) = (day("2026-04-01"), Some("Hennepin".to_owned())));
    let open = open.create().await;
    own(app, 1, &[closed.id, open.id]).await;
    (closed, open)
}

/// A party that owns these sites.
async fn own(app: &TestApp, number: i64, at: &[SiteId]) {
    let now: Moment = "2026-05-01".parse().unwrap();
    let key = number.to_string();
    let party = Party {
        id: PartyId::of_source("test", &key),
        version: 1,
        recorded_at: now,
        source: "test".to_owned(),
        source_key: key.clone(),
        batch_id: None,
        number,
        kind: Kind::Organization,
        name: "Tern Holdings LLC".to_owned(),
        other_names: Vec::new(),
        name_key: "tern".to_owned(),
        registered_number: None,
        address: None,
        unit: None,
        city: None,
        state: None,
        zip: None,
        building_id: None,
        phone: None,
        note: Held::Empty,
        joined_into: None,
    };
    let holding = |site: &SiteId| Holding {
        id: HoldingId::of_source("test", &format!("{key} {site}")),
        version: 1,
        recorded_at: now,
        source: "test".to_owned(),
        source_key: format!("{key} {site}"),
        batch_id: None,
        party_id: party.id,
        site_id: Some(*site),
        building_id: None,
        role: Role::Owner,
        share: None,
        from_on: None,
        to_on: None,
        ended_why: None,
    };
    let holdings = at.iter().map(holding).collect();
    let mut tx = app.db.begin().await.unwrap();
    parties::store::save(&mut tx, vec![party], now).await.unwrap();
    parties::store::save_holdings(&mut tx, holdings, now).await.unwrap();
    tx.commit().await.unwrap();
}

async fn look(app: &TestApp) -> job::Looked {
    job::look(&app.db, app.app.clock, &Viewer::operator(), &app.app.kinds).await.unwrap()
}

async fn state(app: &TestApp, id: SuccessionId) -> Option<State> {
    store::find(&app.db, &Viewer::operator(), id).await.unwrap().map(|it| it.state)
}

fn at(id: SuccessionId) -> String {
    format!("/reopenings/{id}")
}

both_engines! {
    a_reopening_is_proposed_with_its_reasons_and_without_a_number, async |app| {
        let (closed, open) = reopened(app).await;
        let analyst = app.signed_in_as("analyst").await;

        let list = analyst.submit("/reopenings/look", &[]).await.text();
        let page = analyst.get(&at(SuccessionId::of(closed.id, open.id))).await.text();

        assert!(list.contains("Nine Birch") && list.contains("Ivy Bodywork") && list.contains("31 days"), "{list}");
        assert!(list.contains("the same licensee, owner or operator"), "{list}");
        assert!(page.contains("Confirm: it is the same business") && page.contains("That proves nothing"), "{page}");
        for page in [&list, &page] {
            assert!(!page.contains("principal+") && !page.contains("Tern Holdings"), "{page}");
        }
    }

    looking_again_changes_nothing_and_a_decision_stays, async |app| {
        let (closed, open) = reopened(app).await;
        let id = SuccessionId::of(closed.id, open.id);
        let first = look(app).await;
        let again = look(app).await;

        app.submit(&at(id), &[("decision", "reject"), ("why", "Two owners of one name; papers seen.")]).await;
        let last = look(app).await;

        assert_eq!((first.n_new, first.n_ended, again.n_new, again.n_again), (1, 1, 0, 1));
        assert_eq!((last.n_new, last.n_again, last.n_withdrawn), (0, 0, 0));
        assert_eq!(state(app, id).await, Some(State::Rejected));
        assert_eq!(store::versions(&app.db, &Viewer::operator(), id).await.unwrap().len(), 2);
    }

    a_proposal_that_no_longer_holds_goes, async |app| {
        let (closed, open) = reopened(app).await;
        look(app).await;
        let mut tx = app.db.begin().await.unwrap();
        let lodging = Site { version: 2, kind: "lodging".to_owned(), ..open.clone() };
        sites::store::save(&mut tx, vec![lodging], "2026-11-23".parse().unwrap()).await.unwrap();
        tx.commit().await.unwrap();

        let looked = look(app).await;

        assert_eq!(looked.n_withdrawn, 1);
        assert_eq!(state(app, SuccessionId::of(closed.id, open.id)).await, None);
    }

    a_confirmed_reopening_carries_what_was_established_and_no_complaint, async |app| {
        let (closed, open) = reopened(app).await;
        let visit = app.inspection("i").of(&closed).with(|it| it.outcome = inspections::Outcome::NotPassed).create().await;
        app.license("l").of(&closed).with(|it| it.status = licenses::Status::Revoked).create().await;
        let complaint = app.complaint("c").of(&closed).create().await;
        violation(app, visit).await;
        look(app).await;
        let id = SuccessionId::of(closed.id, open.id);
        let dossier = format!("/sites/{}", open.id);
        let before = app.get(&dossier).await.text();

        app.submit(&at(id), &[("decision", "confirm"), ("why", "The same staff was met."), ("version", "1")]).await;
        let after = app.get(&dossier).await.text();
        let of_closed = app.get(&format!("/sites/{}", closed.id)).await.text();
        app.submit(&at(id), &[("decision", "take_back"), ("why", "Too early.")]).await;
        let taken_back = app.get(&dossier).await.text();

        assert!(before.contains("Before and after") && !before.contains("From before, at"), "{before}");
        assert!(after.contains("From before, at Nine Birch") && after.contains("License revoked"), "{after}");
        assert!(after.contains("No license on display"), "{after}");
        assert!(!after.contains(&complaint.to_string()), "{after}");
        assert!(of_closed.contains("Ivy Bodywork") && !of_closed.contains("From before, at"), "{of_closed}");
        assert!(!taken_back.contains("From before, at"), "{taken_back}");
        assert_eq!(state(app, id).await, Some(State::Proposed));
    }

    as_of_an_earlier_day_there_is_none, async |app| {
        let (closed, open) = reopened(app).await;
        look(app).await;
        app.submit(&at(SuccessionId::of(closed.id, open.id)), &[("decision", "confirm"), ("why", "Seen.")]).await;

        let then = app.get("/reopenings?as_of=2026-11-22").await.text();
        let now = app.get("/reopenings?as_of=2026-11-23").await.text();

        assert!(then.contains("No reopening is proposed") && !then.contains("Nine Birch"), "{then}");
        assert!(now.contains("Nine Birch") && now.contains("Confirmed"), "{now}");
    }

    a_move_that_the_catalog_knows_is_confirmed_without_more, async |app| {
        let (closed, open) = reopened(app).await;
        let id = SuccessionId::of(closed.id, open.id);
        let moved = Site { version: 2, status: sites::Status::Moved, moved_to: Some(open.id), ..closed.clone() };
        let mut tx = app.db.begin().await.unwrap();
        sites::store::save(&mut tx, vec![moved], "2026-11-23".parse().unwrap()).await.unwrap();
        tx.commit().await.unwrap();

        job::note_moves(&app.db, app.app.clock).await.unwrap();
        job::note_moves(&app.db, app.app.clock).await.unwrap();

        assert_eq!(state(app, id).await, Some(State::Confirmed));
        assert_eq!(store::versions(&app.db, &Viewer::operator(), id).await.unwrap().len(), 1);
        let page = app.get(&at(id)).await.text();
        assert!(page.contains("edit the site") && !page.contains("Save the decision"), "{page}");
        let refused = app.post(&at(id), &[("decision", "reject"), ("why", "No.")]).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    }

    a_path_of_several_steps_is_told_in_order_even_in_a_circle, async |app| {
        let (closed, open) = reopened(app).await;
        let third = app.site("Third").kind("massage_parlor").create().await;
        let operator = Viewer::operator();
        for (from, to) in [(open.id, third.id), (closed.id, open.id), (third.id, closed.id)] {
            confirm(app, from, to).await;
        }

        let path = store::path(&app.db, &operator, third.id, None).await.unwrap();
        let before = store::predecessors(&app.db, &operator, third.id, None).await.unwrap();

        assert_eq!(path.len(), 3);
        assert_eq!(before, [open.id, closed.id]);
    }

    who_may_not_see_or_decide_is_refused, async |app| {
        let (closed, open) = reopened(app).await;
        look(app).await;
        let id = SuccessionId::of(closed.id, open.id);
        let partner = app.signed_in_as("partner").await;
        let licensing = app.signed_in_as("licensing").await;

        let form = [("decision", "confirm"), ("why", "Seen.")];
        for path in ["/reopenings".to_owned(), at(id)] {
            assert_eq!(partner.get(&path).await.status, StatusCode::FORBIDDEN, "{path}");
        }
        assert!(!partner.get(&format!("/sites/{}", open.id)).await.text().contains("Before and after"));
        assert!(licensing.get("/reopenings").await.text().contains("Nine Birch"));
        assert_eq!(licensing.post(&at(id), &form).await.status, StatusCode::FORBIDDEN);
        assert_eq!(licensing.post("/reopenings/look", &[]).await.status, StatusCode::FORBIDDEN);
        assert_eq!(state(app, id).await, Some(State::Proposed));
    }

    who_answers_for_a_part_of_the_state_sees_it_only_if_both_ends_lie_there, async |app| {
        let (closed, open) = reopened(app).await;
        look(app).await;
        let id = SuccessionId::of(closed.id, open.id);

        for area in ["county:Hennepin", "city:Duluth"] {
            let investigator = app.signed_in_within("investigator", area).await;
            assert!(!investigator.get("/reopenings").await.text().contains("Nine Birch"), "{area}");
            assert_eq!(investigator.get(&at(id)).await.status, StatusCode::NOT_FOUND, "{area}");
            let form = [("decision", "confirm"), ("why", "Seen.")];
            assert_eq!(investigator.post(&at(id), &form).await.status, StatusCode::NOT_FOUND, "{area}");
        }
    }

    a_bad_form_says_what_would_be_right_and_changes_nothing, async |app| {
        let (closed, open) = reopened(app).await;
        look(app).await;
        let id = SuccessionId::of(closed.id, open.id);
        let bad: [(&[(&str, &str)], &str); 5] = [
            (&[], "Choose what you decide."),
            (&[("decision", "confirm")], "Say why"),
            (&[("decision", "take_back"), ("why", "x")], "This cannot be decided now"),
            (&[("decision", "perhaps"), ("why", "x")], "Choose what you decide."),
            (&[("decision", "confirm"), ("why", "call 612-555-0142")], "phone"),
        ];

        for (form, reason) in bad {
            let reply = app.post(&at(id), form).await;
            assert_eq!(reply.status, StatusCode::UNPROCESSABLE_ENTITY, "{form:?}");
            assert!(reply.text().contains(reason), "{form:?}: {}", reply.text());
        }
        let stale = app.post(&at(id), &[("decision", "confirm"), ("why", "Seen."), ("version", "0")]).await;
        assert_eq!(stale.status, StatusCode::CONFLICT);
        assert_eq!(state(app, id).await, Some(State::Proposed));
        for path in ["/reopenings/1", "/reopenings/00000000-0000-0000-0000-000000000000", "/reopenings?as_of=soon"] {
            let status = app.get(path).await.status;
            assert!(status.is_client_error(), "{path}: {status}");
        }
    }
}

async fn confirm(app: &TestApp, from: SiteId, to: SiteId) {
    let now: Moment = "2026-05-01".parse().unwrap();
    let it = foca::successions::Succession {
        id: SuccessionId::of(from, to),
        version: 1,
        recorded_at: now,
        from_site: from,
        to_site: to,
        state: State::Confirmed,
        probability: 900,
        evidence: "principal+700/2 days+220/0".to_owned(),
        days: Some(31),
        model: "test".to_owned(),
        decided_by: None,
        decided_name: Some("A. Clerk".to_owned()),
        decided_at: Some(now),
        why: "seen".into(),
    };
    let mut tx = app.db.begin().await.unwrap();
    store::save(&mut tx, vec![it]).await.unwrap();
    tx.commit().await.unwrap();
}

async fn violation(app: &TestApp, visit: foca::records::RecordId) {
    let found = inspections::Violation {
        inspection_id: visit,
        n: 0,
        code: None,
        title: "No license on display".to_owned(),
        severity: inspections::Severity::Minor,
        state: inspections::ViolationState::Closed,
        closed_on: None,
        due_on: None,
    };
    let mut tx = app.db.begin().await.unwrap();
    inspections::store::save_violations(&mut tx, 1, "2026-05-01".parse().unwrap(), vec![found])
        .await
        .unwrap();
    tx.commit().await.unwrap();
}

both_engines! {
    a_network_names_what_is_shared_two_steps_out, async |app| {
        let (closed, open) = reopened(app).await;
        let far = app.site("Far Spa").address("9 Pine St, Winona, MN 55987").at(-91.6, 44.0).create().await;
        own(app, 2, &[open.id, far.id]).await;
        look(app).await;

        let page = app.get(&format!("/sites/{}/network", closed.id)).await.text();
        let lines = app.get(&format!("/export/network/{}/lines.geojson", closed.id)).await.json();
        let csv = app.get(&format!("/export/network/{}/lines.csv", closed.id)).await.text();

        for words in ["One step out", "Two steps out", "Tern Holdings LLC: Owner", "Far Spa", "proposed, not decided"] {
            assert!(page.contains(words), "{words}: {page}");
        }
        let features = lines["features"].as_array().unwrap();
        assert_eq!(features.len(), 3, "{lines}");
        for it in features {
            assert_eq!(it["geometry"]["type"], "LineString");
            assert_eq!(it["geometry"]["coordinates"].as_array().unwrap().len(), 2);
            assert!(it["properties"]["step"].is_number() && it["properties"]["shared"].is_string(), "{it}");
        }
        assert_eq!(csv.lines().count(), 4, "{csv}");
        assert!(csv.starts_with("id,step,what,shared") && csv.contains("real"), "{csv}");
    }

    a_landlord_of_many_is_one_row_with_its_count, async |app| {
        let mut sites = Vec::new();
        for n in 0..40 {
            sites.push(app.site(&format!("Site {n}")).create().await.id);
        }
        own(app, 1, &sites).await;

        let page = app.get(&format!("/sites/{}/network", sites[0])).await.text();
        let lines = app.get(&format!("/export/network/{}/lines.geojson", sites[0])).await.json();

        assert!(page.contains("39 sites") && !page.contains("Two steps out"), "{page}");
        assert_eq!(lines["features"][0]["properties"]["n_sites"], 39);
        assert!(lines["features"][0]["geometry"].is_null());
    }

    a_network_shows_nobody_what_they_may_not_see, async |app| {
        let (closed, open) = reopened(app).await;
        look(app).await;
        let partner = app.signed_in_as("partner").await;
        let county = app.signed_in_within("investigator", "county:St. Louis").await;

        assert_eq!(partner.get(&format!("/sites/{}/network", closed.id)).await.status, StatusCode::FORBIDDEN);
        let page = county.get(&format!("/sites/{}/network", closed.id)).await.text();
        assert!(page.contains("It shares nothing") && !page.contains("Ivy Bodywork"), "{page}");
        assert_eq!(county.get(&format!("/sites/{}/network", open.id)).await.status, StatusCode::NOT_FOUND);
        assert_eq!(app.get("/sites/7/network").await.status, StatusCode::NOT_FOUND);
    }

    the_panel_of_the_map_tells_the_path_and_carries_its_lines, async |app| {
        let (closed, open) = reopened(app).await;
        look(app).await;

        let panel = app.get(&format!("/map/panel/{}", open.id)).await.text();
        let then = app.get(&format!("/map/panel/{}?as_of=2026-11-20", open.id)).await.text();
        let partner = app.signed_in_as("partner").await.get(&format!("/map/panel/{}", open.id)).await.text();

        assert!(panel.contains("Before and after") && panel.contains("LineString") && panel.contains(&closed.id.to_string()), "{panel}");
        assert!(!then.contains("Before and after") && !partner.contains("Before and after"), "{then}");
    }

    only_a_confirmed_reopening_counts_in_the_score_and_taken_back_it_does_not, async |app| {
        let (closed, open) = reopened(app).await;
        app.license("l").of(&closed).with(|it| it.status = licenses::Status::Revoked).create().await;
        look(app).await;
        let id = SuccessionId::of(closed.id, open.id);
        app.assess().await;
        let dossier = format!("/sites/{}", open.id);
        let counts = "open again after an adjudicated closing";

        let proposed = app.get(&dossier).await.text();
        app.submit(&at(id), &[("decision", "confirm"), ("why", "The same staff was met.")]).await;
        let confirmed = app.get(&dossier).await.text();
        app.submit(&at(id), &[("decision", "take_back"), ("why", "Too early.")]).await;
        let taken_back = app.get(&dossier).await.text();

        assert!(!proposed.contains(counts) && !taken_back.contains(counts), "{taken_back}");
        assert!(confirmed.contains(counts), "{confirmed}");
    }
}
