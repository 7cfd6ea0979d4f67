//! The review queue: what waits, in which order, for whom; each decision, its undoing, and that it overrides for good.

use axum::http::StatusCode;
use foca::audit::{self, Act, store::Filter as LogFilter};
use foca::clock::Moment;
use foca::licenses::{self, License};
use foca::records::decisions::{Candidate, Verdict, Waiting, overrides, settled, wait};
use foca::records::links::{NewLink, save_links};
use foca::records::{BuildingId, RecordId, RecordKind, SiteId, store};
use foca::review::{self, LinkNow};
use foca::rights::{Resource, Viewer};
use foca::sites::{self, Site};
use foca::standing::assess::assess;
use foca::text::address::Address;

use crate::harness::{Reply, TestApp, both_engines, now};

const PREMISES: &str = "2417 Tollgrave Ave, Duluth, MN 55802";
const EVIDENCE: &str = "name=close+510 number=same+740 street=same+300 phone=differs-260";
/// What must stand on no page of the queue.
const WORDS_OF_SCORES: [&str; 5] = ["score", "tier", "points", "consequence", "triage"];

fn building() -> BuildingId {
    BuildingId::of(&Address::parse(PREMISES)).unwrap()
}

/// Two businesses that share premises.
async fn two_sites(app: &TestApp) -> (Site, Site) {
    let one = app.site("Larkfield Bodywork").kind("massage_parlor").address(PREMISES).at(-92.1, 46.8);
    let one = one.with(|it| (it.unit, it.county) = (Some("3".to_owned()), Some("St. Louis".to_owned())));
    let other = app.site("Sable Day Spa").kind("massage_parlor").address(PREMISES).at(-92.1005, 46.8);
    let other = other.with(|it| (it.unit, it.county) = (Some("5".to_owned()), Some("St. Louis".to_owned())));
    (one.create().await, other.create().await)
}

/// A license of a business that neither name nor unit tells, linked to the building only.
async fn license(app: &TestApp, number: &str) -> RecordId {
    let blank = app.license(number).with(|it| {
        (it.number, it.name) = (number.to_owned(), "Kestrel House".to_owned());
        (it.place.address, it.place.city) = (Some(PREMISES.to_owned()), Some("Duluth".to_owned()));
        it.place.building_id = Some(building());
        (it.place.lon, it.place.lat) = (Some(-92.1), Some(46.8003));
        it.kind = "massage_parlor".to_owned();
    });
    let id = blank.create().await;
    let link = NewLink {
        kind: RecordKind::License,
        record_id: id,
        recorded_at: "2026-05-01".parse().unwrap(),
        site_id: None,
        building_id: Some(building()),
        method: "building",
        certainty: 900,
        model: "rules-1",
        evidence: Some(EVIDENCE.to_owned()),
        cause: None,
    };
    let mut tx = app.db.begin().await.unwrap();
    save_links(&mut tx, vec![link]).await.unwrap();
    tx.commit().await.unwrap();
    id
}

fn candidates(sites: &[&Site]) -> Vec<Candidate> {
    let one = |(n, site): (i64, &&Site)| Candidate {
        site: site.id,
        probability: 880 - 400 * n,
        evidence: EVIDENCE.to_owned(),
    };
    (0..).zip(sites).map(one).collect()
}

async fn queue(app: &TestApp, kind: RecordKind, id: RecordId, consequence: i64, sites: &[&Site]) {
    let row = Waiting {
        kind,
        record_id: id,
        recorded_at: "2026-11-20".parse().unwrap(),
        building_id: Some(building()),
        candidates: candidates(sites),
        model: "model-1".to_owned(),
        consequence,
    };
    let mut tx = app.db.begin().await.unwrap();
    wait(&mut tx, vec![row]).await.unwrap();
    tx.commit().await.unwrap();
}

/// A license that waits.
async fn waiting(app: &TestApp, number: &str, consequence: i64, sites: &[&Site]) -> RecordId {
    let id = license(app, number).await;
    queue(app, RecordKind::License, id, consequence, sites).await;
    id
}

fn path(id: RecordId) -> String {
    review::href(RecordKind::License, id)
}

async fn seen(app: &TestApp, id: RecordId) -> String {
    let case = review::read::case(&app.db, &Viewer::operator(), RecordKind::License, id).await;
    case.unwrap().unwrap().seen()
}

async fn decide(app: &TestApp, id: RecordId, fields: &[(&str, &str)]) -> Reply {
    let seen = seen(app, id).await;
    app.post(&path(id), &[fields, &[("seen", seen.as_str())]].concat()).await
}

async fn link(app: &TestApp, id: RecordId) -> LinkNow {
    review::store::link(&app.db, &Viewer::operator(), RecordKind::License, id).await.unwrap().unwrap()
}

/// The numbers of the licenses in the queue, in order.
async fn queued(app: &TestApp) -> Vec<String> {
    let now = Moment::Instant(now());
    let rows = review::store::queue(&app.db, &Viewer::operator(), now, 50).await.unwrap();
    rows.into_iter().map(|it| it.label).collect()
}

async fn last_decision(app: &TestApp, id: RecordId) -> review::Decision {
    let all = review::store::decisions(&app.db, &Viewer::operator(), RecordKind::License, id).await;
    all.unwrap().remove(0)
}

async fn undo(app: &TestApp, id: RecordId) -> Reply {
    let decision = last_decision(app, id).await;
    app.post(&format!("/review/undo/{}", decision.id), &[]).await
}

both_engines! {
    the_most_consequential_comes_first_and_no_page_says_why, async |app| {
        let (one, other) = two_sites(app).await;
        waiting(app, "L-slight", 100, &[&one, &other]).await;
        let grave = waiting(app, "L-grave", 1_200, &[&one, &other]).await;
        app.assess().await;

        let list = app.get("/review").await.text();
        let record = app.get(&format!("{}?site={}", path(grave), other.id)).await.text();

        assert_eq!(queued(app).await, ["L-grave", "L-slight"]);
        assert!(list.contains("Does license L-grave belong to Larkfield Bodywork?"), "{list}");
        assert!(record.contains("Does license L-grave belong to Sable Day Spa?"), "{record}");
        assert!(list.contains("2 wait") && list.contains("oldest 3 days") || list.contains("oldest 4 days"), "{list}");
        for word in WORDS_OF_SCORES {
            assert!(!list.to_lowercase().contains(word) && !record.to_lowercase().contains(word), "{word}");
        }
    }

    both_sides_stand_beside_each_other_with_marks_weights_and_words, async |app| {
        let (one, other) = two_sites(app).await;
        let id = waiting(app, "L-9042", 0, &[&one, &other]).await;

        let page = app.get(&path(id)).await.text();

        assert!(page.contains("<b>Probably, .88. </b>"), "{page}");
        assert!(page.contains("Number and street are the same; name is close; phone differs."), "{page}");
        assert!(page.contains("+5.1") && page.contains("+10.4") && page.contains("−2.6"), "{page}");
        assert!(page.contains("<mark>Kestrel House</mark>"), "{page}");
        assert!(page.contains("33 m apart; distance alone never links"), "{page}");
        assert!(page.contains("Sable Day Spa") && page.contains("Only the building"), "{page}");
        assert!(page.contains("2 tenants; then it counts for none"), "{page}");
    }

    the_bar_counts_what_waits_for_whoever_may_decide, async |app| {
        let (one, other) = two_sites(app).await;
        waiting(app, "L-1", 0, &[&one, &other]).await;
        let partner = app.signed_in_as("partner").await;

        let (mine, theirs) = (app.get("/sites").await.text(), partner.get("/sites").await.text());

        assert!(mine.contains(r#"<span class="n">1<span class="usa-sr-only"> waiting</span></span>"#), "{mine}");
        assert!(!theirs.contains("href=\"/review\""), "{theirs}");
    }

    the_same_site_is_linked_by_hand_and_the_next_record_is_shown, async |app| {
        let (one, other) = two_sites(app).await;
        let id = waiting(app, "L-1", 10, &[&one, &other]).await;
        let next = waiting(app, "L-2", 5, &[&one, &other]).await;
        let site = one.id.to_string();

        let reply = decide(app, id, &[("verdict", "link"), ("site", &site), ("why", "The sign says so")]).await;

        let made = link(app, id).await;
        assert_eq!((made.stood.site_id, made.stood.method.as_str(), made.stood.certainty), (Some(one.id), "manual", 1_000));
        let decision = last_decision(app, id).await;
        assert_eq!((made.cause, made.stood.model.as_str()), (Some(decision.id), "desk"));
        assert_eq!((decision.decided_name.as_str(), decision.why.as_deref()), ("The tester", Some("The sign says so")));
        assert!(reply.location().starts_with(&path(next)), "{}", reply.location());
        let page = app.get(reply.location()).await.text();
        assert!(page.contains("Linked to Larkfield Bodywork") && page.contains(">Undo</button>"), "{page}");
        assert!(page.contains("1 decided today"), "{page}");
        assert_eq!(queued(app).await, ["L-2"]);
        let changes = LogFilter { act: Some(Act::Change), ..LogFilter::default() };
        let log = audit::store::list(&app.db, &Viewer::operator(), &changes, (0, 1)).await.unwrap();
        assert_eq!((log[0].resource, log[0].object_id), (Some(Resource::Link), Some(id.0)));
        assert!(log[0].detail.contains("\"verdict\":\"link\""), "{}", log[0].detail);
    }

    undoing_brings_back_exactly_what_stood_before, async |app| {
        let (one, other) = two_sites(app).await;
        let id = waiting(app, "L-1", 10, &[&one, &other]).await;
        let before = link(app, id).await;
        let site = one.id.to_string();
        decide(app, id, &[("verdict", "link"), ("site", &site)]).await;

        let reply = undo(app, id).await;

        let after = link(app, id).await;
        assert_eq!((after.stood, after.cause), (before.stood, None));
        assert_eq!((before.version, after.version), (1, 3));
        assert_eq!(queued(app).await, ["L-1"]);
        let page = app.get(reply.location()).await.text();
        assert!(page.contains("Undone: Linked to Larkfield Bodywork"), "{page}");
        assert!(page.contains("0 decided today, 1 undone"), "{page}");
        let again = undo(app, id).await;
        assert_eq!(again.status, StatusCode::CONFLICT);
    }

    a_site_that_is_ruled_out_is_crossed_out_and_without_any_left_the_building_remains, async |app| {
        let (one, other) = two_sites(app).await;
        let id = waiting(app, "L-1", 10, &[&one, &other]).await;
        let (first, second) = (one.id.to_string(), other.id.to_string());

        let reply = decide(app, id, &[("verdict", "not_this"), ("site", &first)]).await;
        let page = app.get(reply.location()).await.text();
        let between = link(app, id).await;
        decide(app, id, &[("verdict", "not_this"), ("site", &second)]).await;

        assert!(reply.location().starts_with(&path(id)), "{}", reply.location());
        assert!(page.contains("<s>Larkfield Bodywork</s>") && page.contains("belong to Sable Day Spa?"), "{page}");
        assert_eq!(between.version, 1);
        let after = link(app, id).await;
        assert_eq!((after.stood.site_id, after.stood.building_id, after.stood.method.as_str()), (None, Some(building()), "manual"));
        assert!(queued(app).await.is_empty());
        let out = overrides(&app.db, &[(RecordKind::License, id)]).await.unwrap();
        let out: Vec<(Verdict, Option<SiteId>)> = out.iter().map(|it| (it.verdict, it.site_id)).collect();
        assert_eq!(out, [(Verdict::NotThis, Some(one.id)), (Verdict::NotThis, Some(other.id))]);
        assert_eq!(undo(app, id).await.status, StatusCode::SEE_OTHER);
        assert_eq!((link(app, id).await.stood, queued(app).await), (between.stood, vec!["L-1".to_owned()]));
    }

    only_the_building_counts_for_no_tenant, async |app| {
        let (one, other) = two_sites(app).await;
        let id = waiting(app, "L-1", 10, &[&one, &other]).await;

        let page = app.get(&format!("{}?site=building", path(id))).await.text();
        decide(app, id, &[("verdict", "building")]).await;

        assert!(page.contains("belong to the building only?") && page.contains("value=\"building\""), "{page}");
        let after = link(app, id).await;
        assert_eq!((after.stood.site_id, after.stood.building_id, after.stood.method.as_str()), (None, Some(building()), "manual"));
        let shown = app.get(&format!("/licenses/{id}")).await.text();
        assert!(shown.contains("a person decided that only the building is sure"), "{shown}");
    }

    no_site_at_all_is_a_link_to_nothing, async |app| {
        let (one, _) = two_sites(app).await;
        let id = app.license("L-1").of(&one).create().await;

        decide(app, id, &[("verdict", "unlink")]).await;

        let after = link(app, id).await;
        assert_eq!((after.stood.site_id, after.stood.building_id), (None, None));
        let shown = app.get(&format!("/licenses/{id}")).await.text();
        assert!(shown.contains("a person decided that it belongs to no known site"), "{shown}");
        assert!(app.get("/records/licenses?linked=none").await.text().contains("L-1"));
    }

    a_new_site_is_made_of_what_the_record_says_and_taken_back_by_undoing, async |app| {
        let (one, other) = two_sites(app).await;
        let id = waiting(app, "L-1", 10, &[&one, &other]).await;
        let form = format!("{}/new-site", path(id));
        let page = app.get(&form).await.text();
        let token = seen(app, id).await;
        let fields = [
            ("seen", token.as_str()), ("name", "Kestrel House"), ("kind", "massage_parlor"), ("address", "2417 Tollgrave Ave"),
            ("unit", "7"), ("city", "Duluth"), ("state", "MN"), ("why", "It has a door of its own"),
        ];

        let reply = app.post(&form, &fields).await;

        assert!(page.contains("value=\"Kestrel House\"") && page.contains("2 sites stand"), "{page}");
        assert_eq!(reply.status, StatusCode::SEE_OTHER, "{}", reply.text());
        let site = link(app, id).await.stood.site_id.unwrap();
        let made = sites::store::find(&app.db, &Viewer::operator(), site).await.unwrap().unwrap();
        assert_eq!((made.name.as_str(), made.unit.as_deref(), made.number), ("Kestrel House", Some("7"), 3));
        assert_eq!(made.building_id, Some(building()));
        assert_eq!(app.post(&form, &fields).await.status, StatusCode::CONFLICT);
        undo(app, id).await;
        assert!(sites::store::find(&app.db, &Viewer::operator(), site).await.unwrap().is_none());
        assert_eq!(sites::store::versions(&app.db, &Viewer::operator(), site).await.unwrap().len(), 1);
        assert_eq!(link(app, id).await.stood.site_id, None);
    }

    sites_that_stand_at_a_typed_address_are_shown_before_another_is_added, async |app| {
        let (one, other) = two_sites(app).await;
        let id = waiting(app, "L-1", 10, &[&one, &other]).await;
        app.site("Elsewhere").address("9 Lake Ave, Duluth, MN 55802").create().await;
        let token = seen(app, id).await;
        let form = format!("{}/new-site", path(id));
        let fields = [("seen", token.as_str()), ("name", "K"), ("kind", "other"), ("address", "9 Lake Ave"), ("city", "Duluth")];

        let warned = app.post(&form, &fields).await;
        let elsewhere = BuildingId::of(&Address::parse("9 Lake Ave, Duluth, MN 55802")).unwrap().to_string();
        let sent_again = app.post(&form, &[&fields[..], &[("warned", elsewhere.as_str())]].concat()).await;

        assert_eq!(warned.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(warned.text().contains("Elsewhere"), "{}", warned.text());
        assert_eq!(sent_again.status, StatusCode::SEE_OTHER, "{}", sent_again.text());
    }

    a_split_moves_what_is_ticked_to_a_second_site_and_undoing_all_of_it_back, async |app| {
        let (one, _) = two_sites(app).await;
        let named = |it: &mut License| it.name = "Kestrel House".to_owned();
        let main = app.license("L-1").of(&one).with(named).create().await;
        let along = app.license("L-2").of(&one).with(named).create().await;
        let stays = app.license("L-3").of(&one).create().await;
        let form = format!("{}/split", path(main));
        let page = app.get(&form).await.text();
        let (token, ticked) = (seen(app, main).await, along.to_string());
        let fields = [("seen", token.as_str()), ("shown", "1"), ("name", "Kestrel House"), ("kind", "massage_parlor"), ("with", ticked.as_str())];

        let reply = app.post(&form, &fields).await;

        assert!(page.contains(&format!("value=\"{along}\" checked")), "{page}");
        assert!(page.contains(&format!("value=\"{stays}\">")), "{page}");
        assert_eq!(reply.status, StatusCode::SEE_OTHER, "{}", reply.text());
        let site = link(app, main).await.stood.site_id.unwrap();
        assert_ne!(site, one.id);
        assert_eq!((link(app, along).await.stood.site_id, link(app, stays).await.stood.site_id), (Some(site), Some(one.id)));
        let made = sites::store::find(&app.db, &Viewer::operator(), site).await.unwrap().unwrap();
        assert_eq!((made.building_id, made.unit), (one.building_id, one.unit.clone()));
        assert_eq!(undo(app, main).await.status, StatusCode::SEE_OTHER);
        assert_eq!((link(app, main).await.stood.site_id, link(app, along).await.stood.site_id), (Some(one.id), Some(one.id)));
        assert!(sites::store::find(&app.db, &Viewer::operator(), site).await.unwrap().is_none());
    }

    what_is_put_off_waits_behind_all_others, async |app| {
        let (one, other) = two_sites(app).await;
        let first = waiting(app, "L-1", 10, &[&one, &other]).await;
        waiting(app, "L-2", 5, &[&one, &other]).await;

        let reply = decide(app, first, &[("verdict", "later")]).await;

        assert_eq!(queued(app).await, ["L-2", "L-1"]);
        assert!(app.get(reply.location()).await.text().contains("Put off until tomorrow"));
        let tomorrow = Moment::Instant("2026-11-24T06:00:00Z".parse().unwrap());
        let rows = review::store::queue(&app.db, &Viewer::operator(), tomorrow, 9).await.unwrap();
        assert_eq!(rows[0].label, "L-1");
    }

    a_decision_overrides_the_model_for_good, async |app| {
        let (one, other) = two_sites(app).await;
        let id = waiting(app, "L-1", 10, &[&one, &other]).await;
        let site = other.id.to_string();
        decide(app, id, &[("verdict", "link"), ("site", &site)]).await;

        queue(app, RecordKind::License, id, 99, &[&one]).await;
        app.assess().await;

        assert!(queued(app).await.is_empty());
        let found = overrides(&app.db, &[(RecordKind::License, id)]).await.unwrap();
        assert_eq!((found.len(), found[0].verdict, found[0].site_id), (1, Verdict::Link, Some(other.id)));
        assert_eq!(link(app, id).await.stood.site_id, Some(other.id));
        assert!(overrides(&app.db, &[(RecordKind::Inspection, id)]).await.unwrap().is_empty());
        undo(app, id).await;
        assert!(overrides(&app.db, &[(RecordKind::License, id)]).await.unwrap().is_empty());
    }

    what_a_model_is_sure_of_leaves_the_queue_and_a_ruled_out_site_is_no_candidate_again, async |app| {
        let (one, other) = two_sites(app).await;
        let id = waiting(app, "L-1", 10, &[&one, &other]).await;
        let sure = waiting(app, "L-2", 5, &[&one, &other]).await;
        let out = one.id.to_string();
        decide(app, id, &[("verdict", "not_this"), ("site", &out)]).await;

        queue(app, RecordKind::License, id, 10, &[&one, &other]).await;
        let mut tx = app.db.begin().await.unwrap();
        settled(&mut tx, &[(RecordKind::License, sure)]).await.unwrap();
        tx.commit().await.unwrap();

        assert_eq!(queued(app).await, ["L-1"]);
        let rows = review::store::queue(&app.db, &Viewer::operator(), Moment::Instant(now()), 9).await.unwrap();
        assert_eq!(rows[0].candidates.iter().map(|it| it.site).collect::<Vec<_>>(), [other.id]);
    }

    of_two_who_decide_at_once_the_second_is_told_what_the_first_decided, async |app| {
        let (one, other) = two_sites(app).await;
        let id = waiting(app, "L-1", 10, &[&one, &other]).await;
        let (first, second, token) = (one.id.to_string(), other.id.to_string(), seen(app, id).await);
        app.signed_in_as("investigator").await.post(&path(id), &[("seen", &token), ("verdict", "link"), ("site", &first)]).await;

        let reply = app.post(&path(id), &[("seen", &token), ("verdict", "link"), ("site", &second)]).await;

        assert_eq!(reply.status, StatusCode::CONFLICT);
        assert!(reply.text().contains("The investigator decided about it"), "{}", reply.text());
        assert!(reply.text().contains("<b>Linked to Larkfield Bodywork</b>"), "{}", reply.text());
        assert_eq!(link(app, id).await.stood.site_id, Some(one.id));
    }

    an_older_decision_is_undone_only_after_the_newer_one, async |app| {
        let (one, other) = two_sites(app).await;
        let id = waiting(app, "L-1", 10, &[&one, &other]).await;
        let (first, second) = (one.id.to_string(), other.id.to_string());
        decide(app, id, &[("verdict", "link"), ("site", &first)]).await;
        let older = last_decision(app, id).await.id;
        decide(app, id, &[("verdict", "link"), ("site", &second)]).await;

        let refused = app.post(&format!("/review/undo/{older}"), &[]).await;
        undo(app, id).await;

        assert_eq!(refused.status, StatusCode::CONFLICT);
        let back = link(app, id).await;
        assert_eq!((back.stood.site_id, back.cause), (Some(one.id), Some(older)));
    }

    as_of_before_the_decision_the_old_link_stands, async |app| {
        let (one, other) = two_sites(app).await;
        let visit = app.inspection("V1").of(&one).with(|it| it.outcome = foca::inspections::Outcome::NotPassed).create().await;
        let page = app.get(&format!("/review/inspection/{visit}")).await.text();
        let token = page.split("name=\"seen\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
        let to = other.id.to_string();
        app.post(&format!("/review/inspection/{visit}"), &[("seen", &token), ("verdict", "link"), ("site", &to)]).await;
        let scored = async |day: &str| {
            let outcome = assess(&app.db, app.app.clock, &app.app.cards, Some(day.parse().unwrap())).await.unwrap();
            let of = |id: SiteId| outcome.sites.iter().position(|it| it.id == id).map(|n| outcome.scores[n].scored);
            (of(one.id), of(other.id))
        };

        assert_eq!(scored("2026-11-22").await, (Some(true), Some(false)));
        assert_eq!(scored("2026-11-23").await, (Some(false), Some(true)));
    }

    a_viewer_sees_what_waits_of_the_kinds_and_in_the_area_of_theirs, async |app| {
        let (one, other) = two_sites(app).await;
        waiting(app, "L-1", 10, &[&one, &other]).await;
        let incident = app.incident("x-77").with(|it| it.place.city = Some("Duluth".to_owned())).create().await;
        queue(app, RecordKind::Incident, incident, 50, &[&one]).await;
        let incident = review::href(RecordKind::Incident, incident);

        let licensing = app.signed_in_as("licensing").await;
        let elsewhere = app.signed_in_within("investigator", "city:Edina").await;
        let here = app.signed_in_within("investigator", "city:Duluth").await;

        let page = licensing.get("/review").await.text();
        assert!(page.contains("L-1") && !page.contains("x-77") && page.contains("1 waits"), "{page}");
        assert_eq!(licensing.get(&incident).await.status, StatusCode::NOT_FOUND);
        assert!(elsewhere.get("/review").await.text().contains("No link waits for you"));
        let page = here.get("/review").await.text();
        assert!(page.contains("x-77") && page.contains("2 wait"), "{page}");
        assert_eq!(app.signed_in_as("auditor").await.get("/review").await.status, StatusCode::FORBIDDEN);
    }

    who_may_only_see_links_cannot_decide, async |app| {
        let (one, other) = two_sites(app).await;
        let id = waiting(app, "L-1", 10, &[&one, &other]).await;
        let partner = app.signed_in_as("partner").await;
        let site = one.id.to_string();
        let token = seen(app, id).await;

        let page = partner.get(&path(id)).await.text();
        let reply = partner.post(&path(id), &[("seen", &token), ("verdict", "link"), ("site", &site)]).await;

        assert!(page.contains("You may see this but not decide") && !page.contains("name=\"verdict\""), "{page}");
        assert_eq!(reply.status, StatusCode::FORBIDDEN);
    }

    bad_input_is_told_at_the_field, async |app| {
        let (one, other) = two_sites(app).await;
        let id = waiting(app, "L-1", 10, &[&one, &other]).await;
        let site = one.id.to_string();
        let strange = SiteId::of_source("test", "nowhere").to_string();

        for (fields, words) in [
            (vec![], "Choose one of the buttons."),
            (vec![("verdict", "link")], "Choose one of the candidates."),
            (vec![("verdict", "link"), ("site", strange.as_str())], "Choose one of the candidates."),
            (vec![("verdict", "new_site")], "A new site has a page of its own"),
            (vec![("verdict", "link"), ("site", site.as_str()), ("why", "call 612-555-0199")], "a telephone number"),
        ] {
            let reply = decide(app, id, &fields).await;
            assert_eq!(reply.status, StatusCode::UNPROCESSABLE_ENTITY, "{fields:?}");
            assert!(reply.text().contains(words), "{fields:?}: {}", reply.text());
        }
        assert_eq!(link(app, id).await.version, 1);
    }

    the_page_of_a_record_says_why_it_is_there_and_leads_to_the_change, async |app| {
        let (one, other) = two_sites(app).await;
        let id = license(app, "L-1").await;

        let before = app.get(&format!("/licenses/{id}")).await.text();
        let page = app.get(&path(id)).await.text();
        let site = other.id.to_string();
        let reply = decide(app, id, &[("verdict", "link"), ("site", &site)]).await;
        let after = app.get(&format!("/licenses/{id}")).await.text();

        assert!(before.contains("Why is it here?") && before.contains(&path(id)), "{before}");
        assert!(before.contains("Number and street are the same"), "{before}");
        assert!(page.contains("Not in the queue") && !page.contains("value=\"later\""), "{page}");
        assert!(page.contains(&one.name) && page.contains(&other.name), "{page}");
        assert!(reply.location().starts_with(&path(id)), "{}", reply.location());
        assert!(after.contains("The tester decided so"), "{after}");
        assert_eq!(store::find::<License>(&app.db, &Viewer::operator(), id).await.unwrap().unwrap().status, licenses::Status::Active);
    }
}
