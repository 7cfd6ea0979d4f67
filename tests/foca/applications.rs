//! The licensing desk: applications and orders on their whole way, holds, deadlines, letters, and who may do what.

use axum::http::StatusCode;
use foca::applications::license_store::overruled;
use foca::applications::workflow::Workflow;
use foca::applications::{Application, ApplicationId, Waits, hold_store, store, today};
use foca::audit;
use foca::compliance::pack::Status as Found;
use foca::knowledge::{Document, Library};
use foca::licenses::{License, Status};
use foca::parties::Role;
use foca::records::{Filter, RecordId, store as records};
use foca::rights::Viewer;
use foca::sites::Site;

use crate::harness::{Reply, TestApp, both_engines, deliver};

/// The form of a new application at that site.
fn form(site: &str) -> Vec<(&str, &str)> {
    vec![
        ("procedure", "application"),
        ("holder", "business"),
        ("business", "Joe's"),
        ("applicant", "Joe's Massage LLC"),
        ("site", site),
        ("received_on", "2026-11-20"),
        ("fee", "paid"),
    ]
}

fn with<'a>(mut form: Vec<(&'a str, &'a str)>, changes: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    form.retain(|(name, _)| !changes.iter().any(|it| it.0 == *name));
    form.extend(changes);
    form
}

async fn site(app: &TestApp) -> Site {
    let site = app.site("Joe's").kind("massage_parlor").address("100 Elm St, Minneapolis, MN 55401");
    site.at(-93.26, 44.97).create().await
}

async fn find(app: &TestApp, id: ApplicationId) -> Application {
    store::find(&app.db, &Viewer::operator(), id).await.unwrap().unwrap()
}

async fn license(app: &TestApp, id: Option<RecordId>) -> License {
    records::find::<License>(&app.db, &Viewer::operator(), id.unwrap()).await.unwrap().unwrap()
}

async fn n_licenses(app: &TestApp) -> i64 {
    records::count::<License>(&app.db, &Viewer::operator(), &Filter::default()).await.unwrap()
}

/// Receives an application, and gives its id.
async fn receive(app: &TestApp, form: &[(&str, &str)]) -> ApplicationId {
    let reply = app.post("/desk/new", form).await;
    assert_eq!(reply.status, StatusCode::SEE_OTHER, "{}", reply.text());
    reply.location().strip_prefix("/desk/").unwrap().parse().unwrap()
}

/// Takes a step with what its form asks.
async fn step(app: &TestApp, id: ApplicationId, word: &str, said: &[(&str, &str)]) -> Reply {
    let version = find(app, id).await.version.to_string();
    let form = with(vec![("version", &version)], said);
    app.post(&format!("/desk/{id}/steps/{word}"), &form).await
}

async fn took(app: &TestApp, id: ApplicationId, word: &str, said: &[(&str, &str)]) {
    let reply = step(app, id, word, said).await;
    assert_eq!(reply.status, StatusCode::SEE_OTHER, "{word}: {}", reply.text());
}

/// Notes every review as passed.
async fn pass(app: &TestApp, id: ApplicationId, reviews: &[&str]) {
    for word in reviews {
        let path = format!("/desk/{id}/reviews/{word}");
        let reply = app.post(&path, &[("version", "1"), ("review_state", "passed")]).await;
        assert_eq!(reply.status, StatusCode::SEE_OTHER, "{word}: {}", reply.text());
    }
}

const ALL: [&str; 4] = ["zoning", "fire", "background", "documents"];

/// A new license, issued in the usual way.
async fn issued(app: &TestApp, site: &Site) -> RecordId {
    let id = receive(app, &form(&site.code())).await;
    took(app, id, "review", &[]).await;
    pass(app, id, &ALL).await;
    took(app, id, "issue", &[]).await;
    find(app, id).await.license_id.unwrap()
}

/// Begins a procedure about a license.
async fn about(app: &TestApp, license: RecordId, procedure: &str) -> ApplicationId {
    let license = license.to_string();
    let form = [
        ("license", license.as_str()),
        ("procedure", procedure),
        ("business", "Joe's"),
        ("applicant", "Joe's Massage LLC"),
        ("fee", "paid"),
    ];
    receive(app, &form).await
}

/// What the rule that a massage business needs a license says of the site.
async fn finding(app: &TestApp, site: &Site) -> Found {
    let rule = ("minneapolis-massage", "business-license");
    let found = foca::compliance::store::history(&app.db, &Viewer::operator(), site.id, rule).await.unwrap();
    found[0].finding.status
}

both_engines! {
    an_application_goes_its_whole_way_to_a_license, async |app| {
        let site = site(app).await;
        let (party, _) = app.party("Joe's Massage LLC").stands_behind(&site, Role::Owner).await;
        let code = foca::parties::store::find(&app.db, &Viewer::operator(), party).await.unwrap().unwrap().code();

        let id = receive(app, &with(form(&site.code()), &[("party", &code)])).await;
        let pending = license(app, find(app, id).await.license_id).await;
        took(app, id, "review", &[]).await;
        pass(app, id, &ALL).await;
        let ready = app.get(&format!("/desk/{id}")).await.text();
        took(app, id, "issue", &[("starts_on", "2026-12-01"), ("expires_on", "2027-11-30")]).await;

        assert_eq!((pending.status, pending.linked.site_id), (Status::Pending, Some(site.id)));
        assert!(ready.contains("4 of 4 done") && ready.contains("Issue the license"), "{ready}");
        let it = find(app, id).await;
        assert_eq!((it.state.as_str(), it.waits, it.number), ("issued", Waits::Nobody, 1));
        let license = license(app, it.license_id).await;
        assert_eq!((license.status, license.head.id), (Status::Active, pending.head.id));
        assert_eq!(license.expires_on.unwrap().to_string(), "2027-11-30");
        assert_eq!(license.number, "L-26-00001");
        let held = foca::parties::store::of_site(&app.db, &Viewer::operator(), site.id).await.unwrap();
        assert!(held.iter().any(|it| it.holding.role == Role::Licensee && it.root == party));
        let page = app.get(&format!("/desk/{id}")).await.text();
        for words in ["Issued", "L-26-00001", "In review", "decided 57 days ahead"] {
            assert!(page.contains(words), "{words}: {page}");
        }
        assert!(app.get(&format!("/licenses/{}", license.head.id)).await.text().contains("At the desk"));
    }

    nothing_is_issued_before_reviews_and_fee, async |app| {
        let site = site(app).await;
        let id = receive(app, &with(form(&site.code()), &[("fee", "due")])).await;
        took(app, id, "review", &[]).await;
        pass(app, id, &["fire", "background", "documents"]).await;

        let early = step(app, id, "issue", &[]).await;

        assert_eq!(early.status, StatusCode::UNPROCESSABLE_ENTITY);
        let page = early.text();
        assert!(page.contains("The fee is to be paid first") && page.contains("“Zoning”"), "{page}");
        assert_eq!(find(app, id).await.state, "in_review");
    }

    a_review_that_was_not_passed_stops_the_license_and_says_what_was_found, async |app| {
        let id = receive(app, &form(&site(app).await.code())).await;
        took(app, id, "review", &[]).await;
        let path = format!("/desk/{id}/reviews/fire");

        let silent = app.post(&path, &[("version", "1"), ("review_state", "not_passed")]).await;
        let said = app.post(&path, &[("version", "1"), ("review_state", "not_passed"), ("note", "One exit is blocked.")]).await;
        let stale = app.post(&path, &[("version", "1"), ("review_state", "passed"), ("note", "All is well")]).await;

        assert_eq!((silent.status, said.status, stale.status), (StatusCode::UNPROCESSABLE_ENTITY, StatusCode::SEE_OTHER, StatusCode::CONFLICT));
        assert!(stale.text().contains("All is well") && stale.text().contains("noted meanwhile: Not passed"));
        let page = app.get(&format!("/desk/{id}")).await.text();
        assert!(page.contains("One exit is blocked.") && page.contains("was not passed"), "{page}");
    }

    a_business_without_a_site_gets_one_with_its_license, async |app| {
        let typed = [("site", ""), ("kind", "massage_parlor"), ("address", "7 Oak St"), ("city", "Minneapolis")];
        let id = receive(app, &with(form(""), &typed)).await;
        let before = find(app, id).await;
        took(app, id, "review", &[]).await;
        pass(app, id, &ALL).await;

        took(app, id, "issue", &[]).await;

        assert_eq!((before.site_id, before.license_id), (None, None), "what is not decided is no premises yet");
        let it = find(app, id).await;
        let page = app.get(&format!("/sites/{}", it.site_id.unwrap())).await.text();
        assert!(page.contains("Joe&#39;s") || page.contains("Joe's"), "{page}");
        assert_eq!(license(app, it.license_id).await.linked.site_id, it.site_id);
    }

    a_site_of_the_building_can_be_said_to_be_the_one, async |app| {
        let site = site(app).await;
        let typed = [("site", ""), ("kind", "massage_parlor"), ("address", "100 Elm St"), ("city", "Minneapolis")];
        let id = receive(app, &with(form(""), &typed)).await;
        let page = app.get(&format!("/desk/{id}")).await.text();

        let said = app.post(&format!("/desk/{id}/site"), &[("site", &site.id.to_string()), ("version", "1")]).await;

        assert!(page.contains("It is Joe"), "{page}");
        assert_eq!(said.status, StatusCode::SEE_OTHER, "{}", said.text());
        let it = find(app, id).await;
        assert_eq!((it.site_id, it.license_id.is_some()), (Some(site.id), true));
    }

    a_protected_place_gets_no_application, async |app| {
        let place = [("address", "7 Oak St"), ("city", "Minneapolis"), ("state", "MN")];
        app.signed_in_as("supervisor").await.post("/protected-places", &place).await;
        let typed = [("site", ""), ("kind", "massage_parlor"), ("address", "7 Oak St"), ("city", "Minneapolis")];

        let reply = app.post("/desk/new", &with(form(""), &typed)).await;

        assert_eq!(reply.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(reply.text().contains("may not be kept in FOCA"), "{}", reply.text());
    }

    a_form_that_cannot_be_right_says_so_at_its_field, async |app| {
        let code = site(app).await.code();
        let flaws = [
            ("applicant", "", "applicant-error"),
            ("holder", "nobody", "holder-error"),
            ("site", "S-99999", "No site has that number"),
            ("party", "P-99999", "No party has that number"),
            ("party", "x", "as P-00012"),
            ("received_on", "2027-01-01", "up to today"),
            ("note", "call 612-555-0199", "telephone"),
        ];
        for (field, value, words) in flaws {
            let reply = app.post("/desk/new", &with(form(&code), &[(field, value)])).await;

            assert_eq!(reply.status, StatusCode::UNPROCESSABLE_ENTITY, "{field}");
            let page = reply.text();
            assert!(page.contains(words) && page.contains("Massage LLC") | (field == "applicant"), "{words}: {page}");
        }
        assert_eq!(app.post("/desk/new", &[("procedure", "nothing")]).await.status, StatusCode::NOT_FOUND);
    }

    the_same_form_sent_twice_is_one_application_and_one_step, async |app| {
        let site = site(app).await;
        let code = site.code();
        let id = "019b0000-0000-7000-8000-000000000001";
        let one = receive(app, &with(form(&code), &[("id", id)])).await;
        let two = receive(app, &with(form(&code), &[("id", id)])).await;
        let step_form = [("id", id), ("version", "1")];

        let first = app.post(&format!("/desk/{one}/steps/review"), &step_form).await;
        let again = app.post(&format!("/desk/{one}/steps/review"), &step_form).await;

        assert_eq!(one, two);
        assert_eq!((first.status, again.status), (StatusCode::SEE_OTHER, StatusCode::SEE_OTHER));
        assert_eq!(store::versions(&app.db, &Viewer::operator(), one).await.unwrap().len(), 2);
    }

    a_form_that_somebody_overtook_saves_nothing_and_keeps_what_was_typed, async |app| {
        let id = receive(app, &form(&site(app).await.code())).await;
        took(app, id, "review", &[]).await;
        let deny = [("version", "1"), ("reason", "The plan shows rooms that are not there.")];

        let stale = app.post(&format!("/desk/{id}/steps/deny"), &deny).await;
        let edit = app.post(&format!("/desk/{id}/edit"), &with(form("S-00001"), &[("version", "1"), ("note", "a typed note")])).await;
        took(app, id, "deny", &deny[1..]).await;
        let late = step(app, id, "deny", &deny[1..]).await;

        assert_eq!((stale.status, edit.status, late.status), (StatusCode::CONFLICT, StatusCode::CONFLICT, StatusCode::CONFLICT));
        assert!(stale.text().contains("rooms that are not there") && stale.text().contains("saved meanwhile"));
        assert!(edit.text().contains("a typed note"));
        assert!(late.text().contains("does not lead on from there"), "{}", late.text());
    }

    a_step_asks_for_its_reason_and_the_reason_is_guarded, async |app| {
        let id = receive(app, &form(&site(app).await.code())).await;
        took(app, id, "review", &[]).await;

        let silent = step(app, id, "deny", &[]).await;
        let tells = step(app, id, "deny", &[("reason", "The victim Mai Vang said so")]).await;

        assert_eq!((silent.status, tells.status), (StatusCode::UNPROCESSABLE_ENTITY, StatusCode::UNPROCESSABLE_ENTITY));
        assert!(silent.text().contains("Say why."), "{}", silent.text());
        assert_eq!(find(app, id).await.state, "in_review");
    }

    a_denial_ends_the_pending_license_and_can_be_appealed_in_time, async |app| {
        let id = receive(app, &form(&site(app).await.code())).await;
        took(app, id, "review", &[]).await;
        took(app, id, "deny", &[("reason", "Too near to a school.")]).await;
        let denied = find(app, id).await;

        took(app, id, "appeal", &[]).await;
        let supervisor = app.signed_in_as("supervisor").await;
        took(&supervisor, id, "reverse", &[("reason", "The school has moved.")]).await;

        assert_eq!(denied.appeal_by.unwrap().to_string(), "2026-12-13");
        assert_eq!(license(app, denied.license_id).await.status, Status::Denied);
        let it = find(app, id).await;
        assert_eq!((it.state.as_str(), it.decided_on, it.appeal_by), ("in_review", None, None));
        assert_eq!(it.decide_by.unwrap().to_string(), "2027-01-22", "the clock begins anew");
    }

    an_appeal_that_is_late_needs_a_reason, async |app| {
        let late = |it: &mut Application| {
            (it.state, it.waits) = ("denied".to_owned(), Waits::Nobody);
            (it.decided_on, it.appeal_by) = ("2026-10-01".parse().ok(), "2026-10-21".parse().ok());
        };
        let id = app.application("Elm Massage").with(late).create().await.id;

        let silent = step(app, id, "appeal", &[]).await;
        let said = step(app, id, "appeal", &[("reason", "The letter came back undelivered.")]).await;

        assert_eq!((silent.status, said.status), (StatusCode::UNPROCESSABLE_ENTITY, StatusCode::SEE_OTHER));
        assert!(silent.text().contains("The time for it is over"), "{}", silent.text());
    }

    a_renewal_keeps_one_license_and_lengthens_its_term, async |app| {
        let site = site(app).await;
        let id = issued(app, &site).await;
        let before = license(app, Some(id)).await;
        let renewal = about(app, id, "renewal").await;
        pass(app, renewal, &["documents"]).await;

        took(app, renewal, "renew", &[]).await;

        let after = license(app, Some(id)).await;
        assert_eq!((n_licenses(app).await, after.head.version, after.status), (1, before.head.version + 1, Status::Active));
        assert_eq!((after.starts_on, after.number.as_str()), (before.starts_on, before.number.as_str()));
        assert_eq!(after.expires_on.unwrap().to_string(), "2028-11-22");
        let page = app.get(&format!("/desk/licenses/{id}")).await.text();
        assert!(page.contains("Renewal") && page.contains("Granted"), "{page}");
    }

    a_renewal_follows_on_the_old_term, async |app| {
        let site = site(app).await;
        let kept = |it: &mut License| it.expires_on = "2026-12-31".parse().ok();
        let id = app.license("l").of(&site).with(kept).create().await;
        let renewal = about(app, id, "renewal").await;
        pass(app, renewal, &["documents"]).await;

        took(app, renewal, "renew", &[]).await;

        let license = license(app, Some(id)).await;
        assert_eq!(license.expires_on.unwrap().to_string(), "2027-12-31");
    }

    a_transfer_gives_the_license_and_the_role_to_another, async |app| {
        let site = site(app).await;
        let id = issued(app, &site).await;
        app.party("Old Holder LLC").stands_behind(&site, Role::Licensee).await;
        let (new, _) = app.party("New Holder LLC").stands_behind(&site, Role::Owner).await;
        let code = foca::parties::store::find(&app.db, &Viewer::operator(), new).await.unwrap().unwrap().code();
        let license_id = id.to_string();
        let form = [("license", license_id.as_str()), ("procedure", "transfer"), ("business", "Joe's"), ("applicant", "New Holder LLC"), ("party", &code), ("fee", "paid")];
        let transfer = receive(app, &form).await;
        took(app, transfer, "review", &[]).await;
        pass(app, transfer, &["background", "documents"]).await;

        took(app, transfer, "transfer", &[]).await;

        assert_eq!(license(app, Some(id)).await.licensee.as_deref(), Some("New Holder LLC"));
        let held = foca::parties::store::of_site(&app.db, &Viewer::operator(), site.id).await.unwrap();
        let licensees: Vec<_> = held.iter().filter(|it| it.holding.role == Role::Licensee).collect();
        assert_eq!(licensees.iter().filter(|it| it.holding.to_on.is_none()).count(), 1);
        assert!(licensees.iter().any(|it| it.root == new && it.holding.to_on.is_none()));
    }

    a_revocation_holds_the_address_until_someone_decides, async |app| {
        let site = site(app).await;
        let id = issued(app, &site).await;
        let before = finding(app, &site).await;
        let supervisor = app.signed_in_as("supervisor").await;
        let order = about(&supervisor, id, "revocation").await;
        took(&supervisor, order, "revoke", &[("reason", "Three visits found the same violations.")]).await;
        let after = finding(app, &site).await;

        let next = receive(app, &with(form(&site.code()), &[("business", "Next Door")])).await;
        took(app, next, "review", &[]).await;
        pass(app, next, &ALL).await;
        let stopped = step(app, next, "issue", &[]).await;
        let hold = hold_store::list(&app.db, &Viewer::operator(), None).await.unwrap().remove(0);
        let path = format!("/desk/holds/{}", hold.id);
        let silent = app.post(&path, &[("version", "1"), ("hold_state", "lifted")]).await;
        let lifted = app.post(&path, &[("version", "1"), ("hold_state", "lifted"), ("reason", "New owners, cleared by council.")]).await;
        let stale = app.post(&path, &[("version", "1"), ("hold_state", "kept"), ("reason", "No.")]).await;

        assert_eq!((before, license(app, Some(id)).await.status), (Found::Compliant, Status::Revoked));
        assert_ne!(after, Found::Compliant, "the finding moves with the license");
        assert_eq!(stopped.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(stopped.text().contains("is on hold since"), "{}", stopped.text());
        assert_eq!((silent.status, lifted.status, stale.status), (StatusCode::UNPROCESSABLE_ENTITY, StatusCode::SEE_OTHER, StatusCode::CONFLICT));
        took(app, next, "issue", &[]).await;
    }

    a_hold_that_stays_stops_whoever_asks_at_that_building, async |app| {
        let site = site(app).await;
        let id = issued(app, &site).await;
        let supervisor = app.signed_in_as("supervisor").await;
        let order = about(&supervisor, id, "emergency_closure").await;
        took(&supervisor, order, "close", &[("reason", "The stairs are unsafe."), ("ends_on", "2027-01-31")]).await;
        let hold = hold_store::list(&app.db, &Viewer::operator(), None).await.unwrap().remove(0);
        app.post(&format!("/desk/holds/{}", hold.id), &[("version", "1"), ("hold_state", "kept"), ("reason", "Not mended.")]).await;
        let typed = [("site", ""), ("kind", "massage_parlor"), ("address", "100 Elm St"), ("unit", "Ste 9"), ("city", "Minneapolis")];
        let next = receive(app, &with(form(""), &typed)).await;
        took(app, next, "review", &[]).await;
        pass(app, next, &ALL).await;

        let stopped = step(app, next, "issue", &[]).await;

        assert_eq!(license(app, Some(id)).await.status, Status::Suspended);
        assert_eq!(find(app, order).await.ends_on.unwrap().to_string(), "2027-01-31");
        assert_eq!(stopped.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", stopped.text());
        assert!(app.get(&format!("/desk/{next}")).await.text().contains("The hold stays"));
        assert!(app.get("/desk/holds").await.text().contains("100 Elm St"));
    }

    a_suspension_is_lifted_again, async |app| {
        let id = issued(app, &site(app).await).await;
        let order = about(app, id, "suspension").await;
        took(app, order, "suspend", &[("reason", "No insurance.")]).await;
        let suspended = license(app, Some(id)).await.status;

        took(app, order, "lift", &[("reason", "Insured again.")]).await;

        assert_eq!((suspended, license(app, Some(id)).await.status), (Status::Suspended, Status::Active));
        assert_eq!(find(app, order).await.state, "lifted");
    }

    a_practitioners_license_counts_for_no_site, async |app| {
        let site = site(app).await;
        let form = [("procedure", "application"), ("holder", "practitioner"), ("applicant", "Wren Alder"), ("city", "Minneapolis"), ("fee", "waived")];
        let id = receive(app, &form).await;
        took(app, id, "review", &[]).await;
        pass(app, id, &["background", "documents"]).await;
        took(app, id, "issue", &[]).await;

        let license = license(app, find(app, id).await.license_id).await;

        assert_eq!((license.kind.as_str(), license.linked.site_id, license.status), ("practitioner", None, Status::Active));
        assert!(license.number.starts_with("LP-26-"));
        assert_ne!(finding(app, &site).await, Found::Compliant, "it does not license the business");
        assert!(!app.get("/unlisted").await.text().contains("Wren Alder"));
        let list = app.get("/desk?waits=any&holder=practitioner").await.text();
        assert!(list.contains("Wren Alder"), "{list}");
    }

    the_clock_runs_from_receipt_warns_and_stands_still, async |app| {
        let code = site(app).await.code();
        let id = receive(app, &with(form(&code), &[("received_on", "2026-09-30")])).await;
        let page = app.get(&format!("/desk/{id}")).await.text();
        let pressing = app.get("/desk?clock=on").await.text();
        took(app, id, "ask", &[("reason", "The lease is missing.")]).await;
        let still = app.get(&format!("/desk/{id}")).await.text();
        let calm = app.get("/desk?clock=on").await.text();
        took(app, id, "complete", &[]).await;
        took(app, id, "extend", &[("reason", "The fire marshal asked for a further week.")]).await;

        assert_eq!(find(app, id).await.decide_by.unwrap().to_string(), "2027-03-23", "sixty days from today, and sixty more");
        for words in ["6 days left to decide", "Nov 29, 2026", "Minn. Stat. § 15.99", "unverified"] {
            assert!(page.contains(words), "{words}: {page}");
        }
        let path = format!("/desk/{id}");
        assert!(pressing.contains(&path) && !calm.contains(&path), "{calm}");
        assert!(still.contains("The clock stands still."), "{still}");
    }

    the_rule_of_the_agencys_clock_sees_what_waits, async |app| {
        let site = site(app).await;
        receive(app, &with(form(&site.code()), &[("received_on", "2026-08-01")])).await;

        let rule = ("mn-15-99", "decision");
        let found = foca::compliance::store::history(&app.db, &Viewer::operator(), site.id, rule).await.unwrap();

        assert_eq!(found[0].finding.status, Found::Refer, "{:?}", found[0].finding);
        assert!(found[0].finding.says.contains("2026-09-30"), "{}", found[0].finding.says);
    }

    what_the_desk_said_stands_until_the_register_says_something_new, async |app| {
        const REGISTER: &str = r#"
title = "Licenses"
source = "test"
record = "license"
[file]
format = "csv"
[key]
columns = ["number"]
[fields]
number = "number"
name = "name"
phone = "phone"
address = "street"
city = { constant = "Minneapolis" }
status = { column = "status", map = { in_force = "active", gone = "canceled" } }
expires_on = { column = "ends", formats = ["%Y-%m-%d"] }
"#;
        site(app).await;
        let file = |row: &str| format!("number,name,phone,street,status,ends\n{row}\n");
        let deliver = async |row: &str| deliver(app, REGISTER, file(row).as_bytes()).await.unwrap().counts;
        deliver("L-7,Joe's,612-555-0142,100 Elm St,in_force,2027-01-31").await;
        let listed = records::list::<License>(&app.db, &Viewer::operator(), &Filter::default(), (0, 9)).await.unwrap();
        let id = listed[0].head.id;
        let order = about(app, id, "suspension").await;
        took(app, order, "suspend", &[("reason", "No insurance.")]).await;

        let same = deliver("L-7,Joe's,612-555-0142,100 Elm St,in_force,2027-01-31").await;
        let phone = deliver("L-7,Joe's,612-555-0143,100 Elm St,in_force,2027-01-31").await;
        let again = deliver("L-7,Joe's,612-555-0142,100 Elm St,in_force,2027-01-31").await;
        let held = license(app, Some(id)).await;
        let quiet = overruled(&app.db, &Viewer::operator()).await.unwrap().len();
        deliver("L-7,Joe's,612-555-0143,100 Elm St,gone,2027-01-31").await;

        assert_eq!((same.updated, same.duplicate, phone.updated, again.updated), (0, 1, 1, 1));
        assert_eq!((held.status, held.phone.as_deref(), quiet), (Status::Suspended, Some("6125550142"), 0));
        assert_eq!(license(app, Some(id)).await.status, Status::Canceled);
        let desk = app.get("/desk").await.text();
        assert!(desk.contains("A register has said otherwise since.") && desk.contains("the desk said suspended"), "{desk}");
    }

    letters_say_what_was_decided_why_and_until_when, async |app| {
        let id = receive(app, &form(&site(app).await.code())).await;
        took(app, id, "review", &[]).await;
        took(app, id, "deny", &[("reason", "Too near to a school <b>.")]).await;
        let path = format!("/desk/{id}/letters/denial");

        let letter = app.get(&path).await.text();
        let form = [("id", "019b0000-0000-7000-8000-000000000002")];
        let sent = [app.post(&path, &form).await.status, app.post(&path, &form).await.status];

        for words in ["Licensing Division", "Massage LLC", "Too near to a school &lt;b&gt;.", "until Dec 13, 2026", "A-00001"] {
            assert!(letter.contains(words), "{words}: {letter}");
        }
        assert_eq!(sent, [StatusCode::SEE_OTHER, StatusCode::SEE_OTHER]);
        let page = app.get(&format!("/desk/{id}")).await.text();
        assert_eq!(page.matches("sent Nov 23, 2026").count(), 1, "{page}");
        assert_eq!(app.get(&format!("/desk/{id}/letters/nothing")).await.status, StatusCode::NOT_FOUND);
    }

    licenses_that_end_soon_are_listed_with_their_reminders, async |app| {
        let site = site(app).await;
        let ends = |day: &str| { let day = day.parse().ok(); move |it: &mut License| it.expires_on = day };
        let soon = app.license("soon").of(&site).with(ends("2026-12-10")).with(|it| it.number = "L-SOON".to_owned()).create().await;
        app.license("later").with(ends("2027-02-10")).with(|it| it.number = "L-LATER".to_owned()).create().await;
        app.license("over").with(ends("2026-11-01")).with(|it| it.number = "L-OVER".to_owned()).create().await;
        app.license("long").with(ends("2020-11-01")).with(|it| it.number = "L-LONG".to_owned()).create().await;
        let path = format!("/desk/licenses/{soon}/letters/reminder");

        let letter = app.get(&path).await.text();
        app.post(&path, &[]).await;
        let month = app.get("/desk/expiring?within=30").await.text();
        let quarter = app.get("/desk/expiring?within=90").await.text();
        let overdue = app.get("/desk/expiring?within=overdue").await.text();
        let all = app.get("/desk/expiring/reminders?within=90").await.text();

        assert!(letter.contains("Your license ends on Dec 10, 2026"), "{letter}");
        assert!(month.contains("L-SOON") && !month.contains("L-LATER") && month.contains("sent Nov 23, 2026"), "{month}");
        assert!(quarter.contains("L-SOON") && quarter.contains("L-LATER") && !quarter.contains("L-OVER"));
        assert!(overdue.contains("L-OVER") && overdue.contains("22 days over") && !overdue.contains("L-LONG"), "{overdue}");
        assert_eq!(all.matches("<article class=\"letter\"").count(), 2, "{all}");
    }

    conditions_are_added_shown_and_ended, async |app| {
        let id = issued(app, &site(app).await).await;
        let form = [("id", "019b0000-0000-7000-8000-000000000003"), ("words", "Closed after ten.")];
        let path = format!("/desk/licenses/{id}/conditions/new");
        for _ in 0..2 {
            assert_eq!(app.post(&path, &form).await.status, StatusCode::SEE_OTHER);
        }
        let page = app.get(&format!("/desk/licenses/{id}")).await.text();
        let end = "/desk/conditions/019b0000-0000-7000-8000-000000000003";

        let early = app.post(end, &[("version", "1"), ("to_on", "2026-01-01")]).await;
        let ended = app.post(end, &[("version", "1"), ("to_on", "2026-12-31")]).await;
        let stale = app.post(end, &[("version", "1"), ("to_on", "2026-12-30")]).await;

        assert_eq!(page.matches("Closed after ten.").count(), 1, "{page}");
        assert_eq!((early.status, ended.status, stale.status), (StatusCode::UNPROCESSABLE_ENTITY, StatusCode::SEE_OTHER, StatusCode::CONFLICT));
        assert!(app.get(&format!("/desk/licenses/{id}")).await.text().contains("to Dec 31, 2026"));
    }

    who_may_not_see_applications_sees_none_and_some_steps_are_for_some_roles, async |app| {
        let site = site(app).await;
        let id = issued(app, &site).await;
        let licensing = app.signed_in_as("licensing").await;
        let order = about(&licensing, id, "revocation").await;

        let refused = step(&licensing, order, "revoke", &[("reason", "It must end.")]).await;
        let investigator = app.signed_in_as("investigator").await;
        let page = investigator.get(&format!("/desk/{order}")).await;
        let written = investigator.post(&format!("/desk/{order}/steps/drop"), &[("version", "1"), ("reason", "No.")]).await;
        let partner = app.signed_in_as("partner").await.get("/desk").await;

        assert_eq!(refused.status, StatusCode::FORBIDDEN);
        assert_eq!((page.status, written.status, partner.status), (StatusCode::OK, StatusCode::FORBIDDEN, StatusCode::FORBIDDEN));
        assert!(!page.text().contains("<form method=\"post\" action=\"/desk/"), "{}", page.text());
        assert_eq!(find(app, order).await.state, "proposed");
    }

    who_answers_for_a_county_sees_its_applications_only, async |app| {
        app.site("Far").address("1 Elm St, Duluth, MN 55802").with(|it| it.county = Some("St. Louis".to_owned())).create().await;
        let near = site(app).await;
        let id = app.application("Near").with(|it| it.site_id = Some(near.id)).create().await.id;
        app.application("Loose").create().await;
        let city = app.signed_in_within("licensing", "city:Minneapolis").await;

        let list = city.get("/desk").await.text();

        assert!(list.contains(&format!("/desk/{id}")) && !list.contains("Loose"), "{list}");
    }

    the_list_is_filtered_and_taken_out_as_csv, async |app| {
        app.application("Elm Massage").create().await;
        app.application("Oak Massage").with(|it| { it.state = "denied".to_owned(); it.waits = Waits::Nobody; }).create().await;

        let open = app.get("/desk").await.text();
        let all = app.get("/desk?waits=any&q=oak").await.text();
        let csv = app.get("/desk.csv?waits=any").await.text();

        assert!(open.contains("Elm Massage") && !open.contains("Oak Massage"), "{open}");
        assert!(!all.contains("Elm Massage") && all.contains("Oak Massage"), "{all}");
        assert!(csv.contains("A-00001") && csv.contains("Oak Massage") && csv.contains("data_status"), "{csv}");
    }

    what_is_due_today_comes_as_rows, async |app| {
        let code = site(app).await.code();
        receive(app, &with(form(&code), &[("received_on", "2026-10-01")])).await;

        let due = today::due(&app.db, &Viewer::operator(), &app.app.workflow, "2026-11-23".parse().unwrap()).await.unwrap();
        let nothing = today::due(&app.db, &Viewer::nobody(), &app.app.workflow, "2026-11-23".parse().unwrap()).await.unwrap();

        assert_eq!((due.late_reviews.len(), due.clocks.len(), due.waiting.len()), (4, 1, 1));
        assert_eq!((due.waiting[0].waits, due.waiting[0].n), (Waits::Agency, 1));
        assert_eq!(nothing, today::Due::default());
    }

    every_change_at_the_desk_is_logged, async |app| {
        let id = receive(app, &form(&site(app).await.code())).await;
        took(app, id, "review", &[]).await;
        pass(app, id, &["zoning"]).await;

        let filter = audit::store::Filter { object: Some(id.0), act: Some(audit::Act::Change), ..Default::default() };
        let logged = audit::store::list(&app.db, &Viewer::operator(), &filter, (0, 20)).await.unwrap();

        assert_eq!(logged.len(), 3);
        assert!(logged.iter().any(|it| it.detail.contains("\"step\":\"review\"")));
    }
}

#[test]
fn a_workflow_that_names_no_role_or_no_rule_does_not_start() {
    let library = Library::open(None).unwrap();
    let offenses = foca::incidents::offenses::Offenses::read(&library).unwrap();
    let kinds = foca::sites::Kinds::read(&library).unwrap();
    let packs = foca::compliance::packs::Packs::read(&library, &kinds, &offenses).unwrap();
    let accounts = foca::accounts::Accounts::read(&library).unwrap();
    let said = |from: &str, to: &str| {
        let body = library.get(Workflow::FILE).unwrap().body.replacen(from, to, 1);
        let workflow = Workflow::parse(&Document::new(Workflow::FILE, body)).unwrap();
        workflow.check(&packs, &accounts).map_or_else(|it| it.to_string(), |()| String::new())
    };

    assert_eq!(said("x", "x"), "");
    assert!(said("roles = [\"supervisor\"]", "roles = [\"king\"]").contains("\"king\", which is no role"));
    assert!(said("mn-15-99/decision", "mn-15-99/nothing").contains("no rule of the kind decision_due"));
    assert!(said("days = 60", "days = 61").contains("asks for 60"));
}
