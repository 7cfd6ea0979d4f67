//! Sites, visits and complaints as a person enters them, and the lists that show them.

use axum::http::StatusCode;
use foca::complaints::Complaint;
use foca::inspections::{self, Inspection};
use foca::records::{self, Filter, RecordKind, SiteId};
use foca::rights::Viewer;
use foca::sites::{self, Site, Status};

use crate::harness::{Reply, TestApp, both_engines, naughty_strings};

const FORM: [(&str, &str); 7] = [
    ("kind", "lodging"),
    ("name", "Yarrow Inn"),
    ("address", "5540 Old Quarry Trl"),
    ("city", "Eagan"),
    ("state", "MN"),
    ("status", "open"),
    ("note", "back door"),
];

/// The form with some fields changed or added.
fn form<'a>(changes: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let kept = FORM.into_iter().filter(|(name, _)| !changes.iter().any(|it| it.0 == *name));
    kept.chain(changes.iter().copied()).collect()
}

fn id_of(reply: &Reply) -> SiteId {
    reply.location().rsplit('/').next().unwrap().parse().unwrap()
}

async fn site(app: &TestApp, id: SiteId) -> Site {
    sites::store::find(&app.db, &Viewer::operator(), id).await.unwrap().unwrap()
}

async fn added(app: &TestApp, changes: &[(&str, &str)]) -> Site {
    let reply = app.post("/sites/new", &form(changes)).await;
    assert_eq!(reply.status, StatusCode::SEE_OTHER, "{}", reply.text());
    site(app, id_of(&reply)).await
}

both_engines! { a_site_is_added_with_number_parts_and_point, async |app| {
    let first = added(app, &[("lat", "44.8, -93.1")]).await;
    let second = added(app, &[("name", "Other")]).await;

    assert_eq!((first.number, second.number), (1, 2));
    assert_eq!(first.house_number.as_deref(), Some("5540"));
    assert_eq!((first.point(), second.point()), (Some((-93.1, 44.8)), None));
    assert_eq!(first.source, "desk");
    assert!(first.building_id.is_some() && first.building_id == second.building_id);
}}

both_engines! { a_saved_site_is_in_the_snapshot_at_once, async |app| {
    let site = added(app, &[]).await;

    let snapshot = app.app.snapshots.current();

    assert!(snapshot.sites.find(&Viewer::operator(), site.id).is_some());
}}

both_engines! { sending_a_form_twice_adds_one_site, async |app| {
    let id = "0190a1b2-5c3d-7e4f-8a9b-0c1d2e3f4a5b";

    let (one, two) = (added(app, &[("id", id)]).await, added(app, &[("id", id)]).await);

    assert_eq!(one, two);
}}

both_engines! { an_edit_is_a_new_version_and_keeps_the_old_one, async |app| {
    let site = added(app, &[("lat", "44.8"), ("lon", "-93.1")]).await;
    let path = format!("/sites/{}/edit", site.id);

    let reply = app.post(&path, &form(&[("name", "New"), ("version", "1"), ("lat", "44.8"), ("lon", "-93.1")])).await;

    assert_eq!(reply.status, StatusCode::SEE_OTHER);
    let versions = sites::store::versions(&app.db, &Viewer::operator(), site.id).await.unwrap();
    let names: Vec<_> = versions.iter().map(|it| (it.version, it.name.as_str(), it.point())).collect();
    assert_eq!(names, [(2, "New", Some((-93.1, 44.8))), (1, "Yarrow Inn", Some((-93.1, 44.8)))]);
}}

both_engines! { a_form_that_another_save_has_overtaken_saves_nothing_and_shows_both, async |app| {
    let site = added(app, &[]).await;
    let path = format!("/sites/{}/edit", site.id);
    app.post(&path, &form(&[("name", "Theirs"), ("version", "1")])).await;

    let reply = app.post(&path, &form(&[("name", "Mine"), ("version", "1")])).await;

    assert_eq!(reply.status, StatusCode::CONFLICT);
    assert!(reply.text().contains("Theirs") && reply.text().contains(r#"value="Mine""#), "{}", reply.text());
    assert_eq!(self::site(app, site.id).await.name, "Theirs");
}}

both_engines! { what_cannot_be_saved_is_told_by_field_and_kept, async |app| {
    let reply = app.post("/sites/new", &form(&[("name", ""), ("zip", "123"), ("note", "call 612-555-0199")])).await;

    assert_eq!(reply.status, StatusCode::UNPROCESSABLE_ENTITY);
    let page = reply.text();
    for words in ["3 things to mend", "name-error", "zip-error", "note-error", "5540 Old Quarry Trl", "612-555-0199"] {
        assert!(page.contains(words), "{words} in {page}");
    }
}}

both_engines! { the_address_can_be_checked_before_it_is_saved, async |app| {
    let reply = app.post("/sites/new", &form(&[("check", "address"), ("unit", "Ste 3")])).await;

    assert_eq!(reply.status, StatusCode::OK);
    assert!(reply.text().contains("5540 OLD QUARRY TRL STE 3"), "{}", reply.text());
    assert!(sites::store::all(&app.db, &Viewer::operator()).await.unwrap().is_empty());
}}

both_engines! { closing_keeps_the_site_with_its_last_day_and_reason, async |app| {
    let site = added(app, &[]).await;
    let path = format!("/sites/{}/close", site.id);

    let without = app.post(&path, &[("version", "1")]).await;
    let closed = app.post(&path, &[("version", "1"), ("closed_on", "2026-11-01"), ("reason", "lease ended")]).await;

    assert_eq!(without.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(closed.status, StatusCode::SEE_OTHER);
    let site = self::site(app, site.id).await;
    assert_eq!((site.status, site.closed_on), (Status::Closed, Some("2026-11-01".parse().unwrap())));
    assert_eq!(site.note.shown(), Some("back door\nClosed 2026-11-01: lease ended"));
}}

both_engines! { moving_opens_a_linked_site_at_the_new_address, async |app| {
    let old = added(app, &[]).await;
    let moving = [("version", "1"), ("moved_on", "2026-11-01"), ("address", "88 Wexmoor St"), ("city", "Duluth")];

    let reply = app.post(&format!("/sites/{}/move", old.id), &moving).await;

    assert_eq!(reply.status, StatusCode::SEE_OTHER, "{}", reply.text());
    let new = site(app, id_of(&reply)).await;
    let old = site(app, old.id).await;
    assert_eq!((old.status, old.moved_to), (Status::Moved, Some(new.id)));
    assert_eq!((new.name.as_str(), new.status, new.city.as_deref()), ("Yarrow Inn", Status::Open, Some("Duluth")));
}}

both_engines! { a_visit_is_recorded_with_its_violations_and_linked, async |app| {
    let site = added(app, &[]).await;
    let visit = [
        ("occurred_on", "2026-11-20"),
        ("outcome", "correct_by"),
        ("due_on", "2026-12-20"),
        ("violation_0_code", "5-25-110"),
        ("violation_0_title", "No sign at the door"),
        ("violation_2_title", "Locked exit"),
        ("violation_2_severity", "critical"),
    ];

    let reply = app.post(&format!("/sites/{}/inspections/new", site.id), &visit).await;

    assert_eq!(reply.status, StatusCode::SEE_OTHER, "{}", reply.text());
    let filter = Filter { site: Some(site.id), ..Filter::default() };
    let found = records::store::list::<Inspection>(&app.db, &Viewer::operator(), &filter, (0, 10)).await.unwrap();
    assert_eq!(found.len(), 1);
    assert_eq!((found[0].linked.certainty, found[0].linked.link_method.as_deref()), (Some(1_000), Some("manual")));
    let violations =
        inspections::store::violations_of(&app.db, &Viewer::operator(), &[found[0].head.id]).await.unwrap();
    let titles: Vec<&str> = violations.iter().map(|it| it.title.as_str()).collect();
    assert_eq!(titles, ["No sign at the door", "Locked exit"]);
}}

both_engines! { a_visit_still_to_come_or_without_a_due_day_is_refused, async |app| {
    let site = added(app, &[]).await;
    let visit = [("occurred_on", "2027-01-01"), ("outcome", "correct_by"), ("violation_1_code", "5-25")];

    let reply = app.post(&format!("/sites/{}/inspections/new", site.id), &visit).await;

    assert_eq!(reply.status, StatusCode::UNPROCESSABLE_ENTITY);
    for field in ["occurred_on-error", "due_on-error", "violation_1_title-error"] {
        assert!(reply.text().contains(field), "{field} in {}", reply.text());
    }
}}

both_engines! { a_complaint_is_recorded_without_what_must_not_be_kept, async |app| {
    let site = added(app, &[]).await;
    let path = format!("/sites/{}/complaints/new", site.id);
    let complaint = [("occurred_on", "2026-11-20"), ("category", "hours"), ("anonymous", "on")];

    let refused = app.post(&path, &[&complaint[..], &[("summary", "her DOB is 3/4/1990")]].concat()).await;
    let saved = app.post(&path, &[&complaint[..], &[("summary", "open at 4"), ("reliability", "B")]].concat()).await;

    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.text());
    let filter = Filter { site: Some(site.id), ..Filter::default() };
    let found = records::store::list::<Complaint>(&app.db, &Viewer::operator(), &filter, (0, 10)).await.unwrap();
    assert_eq!(found.len(), 1);
    assert_eq!((found[0].reliability.shown(), found[0].credibility.shown(), found[0].anonymous), (Some("B"), Some("6"), true));
}}

both_engines! { lists_show_linked_and_unlinked_records, async |app| {
    let site = app.site("Joe's <i>").create().await;
    app.license("L-1").of(&site).create().await;
    app.license("L-2").create().await;

    let all = app.get("/records/licenses").await.text();
    let loose = app.get("/records/licenses?linked=none").await.text();

    assert!(all.contains("Joe&#39;s &lt;i&gt;") || all.contains("Joe's &lt;i&gt;"), "{all}");
    assert!(all.contains(&format!("/sites/{}", site.id)) && all.contains("not linked"));
    assert!(loose.contains("test L-2") && !loose.contains("test L-1"), "{loose}");
}}

both_engines! { offenses_are_called_as_the_vocabulary_says_and_can_be_chosen, async |app| {
    let theft = app.incident("I1").with(|it| it.offense = "motor_vehicle_theft".to_owned()).create().await;
    app.incident("I2").with(|it| it.offense = "dui".to_owned()).create().await;

    let list = app.get("/records/incidents?facet=dui").await.text();
    let sheet = app.get(&format!("/incidents/{theft}")).await.text();

    assert!(list.contains("<option value=\"motor_vehicle_theft\">Motor vehicle theft</option>"), "{list}");
    assert!(list.contains("test I2") && !list.contains("test I1") && !list.contains("Dui"), "{list}");
    assert!(sheet.contains("Motor vehicle theft"), "{sheet}");
}}

both_engines! { every_list_answers_to_junk_with_a_page_or_a_refusal, async |app| {
    app.complaint("C-1").create().await;
    let naughty = naughty_strings();
    for kind in RecordKind::ALL {
        for name in ["q", "facet", "city", "from", "to", "linked", "site", "bbox", "order", "page"] {
            for text in naughty.iter().step_by(37).map(String::as_str).chain(["18446744073709551615", "-1", "%", "\0"]) {
                let query: String =
                    form_urlencoded::Serializer::new(String::new()).append_pair(name, text).finish();
                let reply = app.get(&format!("/records/{}?{query}", kind.plural())).await;
                assert!(reply.status.as_u16() < 500, "{name}={text:?}: {}", reply.status);
            }
        }
    }
    assert_eq!(app.get("/records").await.status, StatusCode::OK);
}}

both_engines! { naughty_strings_are_stored_as_typed_and_shown_escaped, async |app| {
    for text in naughty_strings().iter().step_by(11) {
        let typed = text.trim();
        if typed.is_empty() || typed.contains('\0') || typed.chars().count() > 300 {
            continue;
        }
        let reply = app.post("/sites/new", &form(&[("name", typed), ("address", typed), ("city", typed)])).await;
        assert_eq!(reply.status, StatusCode::SEE_OTHER, "{typed:?}: {}", reply.text());

        let site = site(app, id_of(&reply)).await;
        assert_eq!((site.name.as_str(), site.address.as_str()), (typed, typed));
        assert_eq!(site.city.as_deref(), Some(typed));
        let page = app.get(&format!("/sites/{}/edit", site.id)).await.text();
        assert!(!page.contains("<script>alert"), "{typed:?}");
    }
}}
