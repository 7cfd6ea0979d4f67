//! Forms and the guard of free text: what it stops is shown with the reason and kept as typed; it may stand with a reason
//! that is recorded.

use axum::http::StatusCode;
use foca::complaints::Complaint;
use foca::inspections::Inspection;
use foca::records::recorded::Recorded;
use foca::records::{self, Filter};
use foca::rights::Viewer;
use foca::sites::Site;

use crate::harness::{Reply, TestApp, both_engines};

const SUMMARY: &str = "Victim Mai Vang says the door is locked.";

async fn complain(app: &TestApp, site: &Site, fields: &[(&str, &str)]) -> Reply {
    let always = [("occurred_on", "2026-11-20"), ("category", "trafficking")];
    app.post(&format!("/sites/{}/complaints/new", site.id), &[&always[..], fields].concat()).await
}

async fn recorded<R: Recorded>(app: &TestApp, site: &Site) -> Vec<R> {
    let filter = Filter { site: Some(site.id), ..Filter::default() };
    records::store::list::<R>(&app.db, &Viewer::operator(), &filter, (0, 10)).await.unwrap()
}

fn assert_stopped(reply: &Reply, words: &[&str]) {
    assert_eq!(reply.status, StatusCode::UNPROCESSABLE_ENTITY);
    for word in words {
        assert!(reply.text().contains(word), "{word} in {}", reply.text());
    }
}

both_engines! { a_victims_name_is_shown_with_the_reason_and_what_was_typed_is_kept, async |app| {
    let site = app.site("Larkfield Bodywork").create().await;

    let reply = complain(app, &site, &[("summary", SUMMARY)]).await;

    let told = "“Mai Vang” (likely a person's name)";
    assert_stopped(&reply, &[told, "id=\"summary-error\"", "name=\"summary_confirmed\"", SUMMARY]);
    assert!(recorded::<Complaint>(app, &site).await.is_empty());
}}

both_engines! { the_line_for_the_reason_is_there_only_when_it_is_needed, async |app| {
    let site = app.site("Larkfield Bodywork").create().await;

    let empty = app.get(&format!("/sites/{}/complaints/new", site.id)).await;
    let other_flaw = complain(app, &site, &[("summary", "Door locked."), ("occurred_on", "")]).await;
    let poor_reason = complain(app, &site, &[("summary", SUMMARY), ("summary_confirmed", "no")]).await;

    assert!(!empty.text().contains("_confirmed") && !other_flaw.text().contains("_confirmed"));
    assert_stopped(&poor_reason, &["id=\"summary_confirmed-error\"", "value=\"no\"", SUMMARY]);
    let described = r#"aria-describedby="summary_confirmed-hint summary_confirmed-error""#;
    assert!(poor_reason.text().contains(described), "{}", poor_reason.text());
}}

both_engines! { with_a_reason_the_words_may_stand, async |app| {
    let site = app.site("Larkfield Bodywork").create().await;
    let reason = "She is the licensee and asked to be named";

    let reply = complain(app, &site, &[("summary", SUMMARY), ("summary_confirmed", reason)]).await;

    assert_eq!(reply.status, StatusCode::SEE_OTHER, "{}", reply.text());
    assert_eq!(recorded::<Complaint>(app, &site).await[0].summary.shown(), Some(SUMMARY));
}}

both_engines! { without_the_words_no_reason_is_asked, async |app| {
    let site = app.site("Larkfield Bodywork").create().await;

    let reply = complain(app, &site, &[("summary", "A victim says the door is locked.")]).await;

    assert_eq!(reply.status, StatusCode::SEE_OTHER, "{}", reply.text());
}}

both_engines! { a_reason_cannot_hold_what_the_text_must_not, async |app| {
    let site = app.site("Larkfield Bodywork").create().await;

    for (reason, told) in [
        ("Owner, reach her at 612-555-0199", "“612-555-0199” (a telephone number) cannot stand in it"),
        ("Mai Vang holds the license here", "leave “Mai Vang” out of it"),
    ] {
        let reply = complain(app, &site, &[("summary", SUMMARY), ("summary_confirmed", reason)]).await;

        assert_stopped(&reply, &[told, reason, SUMMARY]);
    }
    assert!(recorded::<Complaint>(app, &site).await.is_empty());
}}

both_engines! { every_free_text_of_a_site_and_a_visit_is_guarded, async |app| {
    let site = app.site("Larkfield Bodywork").create().await;
    let page = |name: &str| format!("/sites/{}/{name}", site.id);
    let pages = [
        ("/sites/new".to_owned(), "note"),
        (page("edit"), "note"),
        (page("close"), "reason"),
        (page("move"), "note"),
        (page("inspections/new"), "reason"),
        (page("inspections/new"), "note"),
        (page("inspections/new"), "violation_0_title"),
        (page("complaints/new"), "summary"),
    ];

    for (path, name) in pages {
        let reply = app.post(&path, &[(name, SUMMARY), ("version", "1")]).await;

        let line = format!("name=\"{name}_confirmed\"");
        assert_stopped(&reply, &["“Mai Vang”", &format!("id=\"{name}-error\""), &line, SUMMARY]);
    }
    assert!(recorded::<Inspection>(app, &site).await.is_empty());
}}
