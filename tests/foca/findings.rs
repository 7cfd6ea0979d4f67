//! The page of a finding, its exhibit, what is said against it, and the facts that rules ask for.

use axum::http::StatusCode;
use foca::compliance::pack::Status;
use foca::compliance::{dispute_store, facts_store, job, store};
use foca::rights::Viewer;
use foca::sites::Site;

use crate::harness::{TestApp, both_engines, naughty_strings};

const RULE: (&str, &str) = ("mn-617-242", "school-distance");

/// A club 1,095 feet from a school, with its findings.
async fn club(app: &TestApp, name: &str) -> Site {
    let in_minnesota = |it: &mut Site| it.state = Some("MN".to_owned());
    let site = app.site(name).kind("strip_club").at(-92.1, 46.8).with(in_minnesota).create().await;
    app.place("Elm School").outline("-92.1, 46.803").create().await;
    job::drain(&app.db, app.app.clock, &app.app.rules).await.unwrap();
    app.take_up().await;
    site
}

fn href(site: &Site) -> String {
    format!("/sites/{}/findings/{}/{}", site.id, RULE.0, RULE.1)
}

both_engines! {
    the_page_of_a_finding_shows_law_measure_doubts_and_next_step, async |app| {
        let site = club(app, "Blue Loon").await;
        let page = app.signed_in_as("licensing").await.get(&href(&site)).await.text();

        for words in ["Refer to attorney", "Minn. Stat. § 617.242, subd. 4", "2,800 feet", "Elm School", "building to building", "lot to lot", "contested", "Send the measurement to the city attorney", "<svg"] {
            assert!(page.contains(words), "{words}: {page}");
        }
        assert!(!page.contains(">Violation<"), "contested law says no violation");
    }

    the_exhibit_is_a_picture_that_says_what_it_shows, async |app| {
        let site = club(app, "Blue Loon").await;
        let licensing = app.signed_in_as("licensing").await;

        let page = licensing.get(&format!("{}/exhibit", href(&site))).await;
        let file = licensing.get(&format!("{}/exhibit.svg", href(&site))).await;

        assert_eq!((page.status, file.status), (StatusCode::OK, StatusCode::OK));
        assert_eq!(file.headers["content-type"], "image/svg+xml");
        let svg = file.text();
        for words in ["<svg", "Elm School", "ft", "not a survey", "<title"] {
            assert!(svg.contains(words), "{words}: {svg}");
        }
    }

    names_of_any_kind_do_not_break_the_page_or_the_picture, async |app| {
        let long = "Loon ".repeat(60);
        let site = club(app, long.trim()).await;
        let licensing = app.signed_in_as("licensing").await;

        let svg = licensing.get(&format!("{}/exhibit.svg", href(&site))).await;

        assert_eq!(svg.status, StatusCode::OK);
        assert!(licensing.get(&href(&site)).await.status == StatusCode::OK);
    }

    a_dispute_is_raised_shown_and_decided_with_every_version_kept, async |app| {
        let site = club(app, "Blue Loon").await;
        let licensing = app.signed_in_as("licensing").await;
        let id = "0192d3a8-0000-7000-8000-000000000001";
        let form = [("id", id), ("raised_by", "business"), ("raised_on", "2026-11-20"), ("note", "The school moved away.")];

        let raised = licensing.post(&format!("{}/dispute", href(&site)), &form).await;
        let twice = licensing.post(&format!("{}/dispute", href(&site)), &form).await;
        let page = licensing.get(&href(&site)).await.text();
        let listed = licensing.get("/findings?disputed=yes&status=any").await.text();
        let decided = licensing.post(&format!("/disputes/{id}"), &[("version", "1"), ("outcome", "stands"), ("note", "It did not.")]).await;
        let stale = licensing.post(&format!("/disputes/{id}"), &[("version", "1"), ("outcome", "withdrawn"), ("note", "Never mind.")]).await;

        assert_eq!((raised.status, twice.status), (StatusCode::SEE_OTHER, StatusCode::SEE_OTHER));
        assert!(page.contains("The school moved away.") && page.contains("Disputed"), "{page}");
        assert!(listed.contains("Blue Loon"), "{listed}");
        assert_eq!((decided.status, stale.status), (StatusCode::SEE_OTHER, StatusCode::CONFLICT));
        assert!(stale.text().contains("Never mind.") && stale.text().contains("noted meanwhile"), "what was typed is not lost");
        let versions = dispute_store::of_finding(&app.db, &Viewer::operator(), site.id, RULE).await.unwrap();
        assert_eq!(versions.iter().map(|it| it.outcome.as_str()).collect::<Vec<_>>(), ["stands", "open"]);
    }

    a_dispute_says_what_is_missing_and_keeps_no_names, async |app| {
        let site = club(app, "Blue Loon").await;
        let licensing = app.signed_in_as("licensing").await;

        let empty = licensing.post(&format!("{}/dispute", href(&site)), &[]).await;
        let named = [("raised_by", "staff"), ("note", "Born 03/04/1999, call 612-555-0142")];
        let named = licensing.post(&format!("{}/dispute", href(&site)), &named).await;
        let foreign = licensing.post(&format!("/sites/{}/findings/mn/none/dispute", site.id), &[("raised_by", "staff"), ("note", "x")]).await;

        assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(empty.text().contains("Say who disputes it."));
        assert_eq!(named.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(foreign.status, StatusCode::NOT_FOUND);
        for text in naughty_strings() {
            let form = [("raised_by", "staff"), ("note", text.as_str())];
            let reply = licensing.post(&format!("{}/dispute", href(&site)), &form).await;
            assert!(reply.status != StatusCode::INTERNAL_SERVER_ERROR, "{text:?}");
        }
    }

    a_fact_that_is_noted_answers_its_rule_and_emptied_leaves_it_unknown_again, async |app| {
        let site = club(app, "Blue Loon").await;
        let licensing = app.signed_in_as("licensing").await;
        let facts = format!("/sites/{}/facts", site.id);
        let hours = async || {
            let all = store::of_site(&app.db, &Viewer::operator(), site.id, None).await.unwrap();
            all.into_iter().find(|it| it.finding.rule == "hours").unwrap().finding
        };
        assert_eq!(hours().await.status, Status::Unknown);

        let form = licensing.get(&facts).await.text();
        let saved = licensing.post(&facts, &[("version", "0"), ("opening_hours", "daily 10:00-23:30")]).await;
        let noted = hours().await;
        let stale = licensing.post(&facts, &[("version", "0"), ("opening_hours", "daily 9-10")]).await;
        let wrong = licensing.post(&facts, &[("version", "1"), ("opening_hours", "when I like")]).await;
        let emptied = licensing.post(&facts, &[("version", "1"), ("opening_hours", "")]).await;

        assert!(form.contains("When is it open?"), "{form}");
        assert_eq!((saved.status, stale.status), (StatusCode::SEE_OTHER, StatusCode::CONFLICT));
        assert!(stale.text().contains("daily 9-10") && stale.text().contains("noted meanwhile: daily 10:00-23:30"));
        assert_eq!(noted.status, Status::Refer, "{noted:?}");
        assert!(noted.says.contains("22:00–23:30"), "{}", noted.says);
        assert!(wrong.status == StatusCode::UNPROCESSABLE_ENTITY && wrong.text().contains("Mon-Sat 10:00-22:00"));
        assert_eq!(emptied.status, StatusCode::SEE_OTHER);
        assert_eq!(hours().await.status, Status::Unknown);
        let kept = facts_store::of_site(&app.db, &Viewer::operator(), site.id).await.unwrap();
        assert_eq!((kept[0].version, kept[0].value.as_deref()), (2, None));
    }

    the_page_of_the_site_lists_its_findings, async |app| {
        let site = club(app, "Blue Loon").await;
        let page = app.signed_in_as("licensing").await.get(&format!("/sites/{}", site.id)).await.text();

        assert!(page.contains("Away from schools and places of worship"), "{page}");
        assert!(page.contains(&href(&site)), "{page}");
    }

    a_finding_tells_nothing_of_a_site_outside_of_the_viewers_area, async |app| {
        let in_city = |name: &'static str| move |it: &mut Site| {
            it.state = Some("MN".to_owned());
            it.city_area = Some(name.to_owned());
        };
        let site = app.site("Blue Loon").kind("strip_club").at(-92.1, 46.8).with(in_city("Duluth")).create().await;
        app.site("Far Heron").kind("strip_club").at(-92.1, 46.81).with(in_city("Hermantown")).create().await;
        job::drain(&app.db, app.app.clock, &app.app.rules).await.unwrap();
        app.take_up().await;
        let path = format!("/sites/{}/findings/mn-617-242/fifty-miles", site.id);

        let state = app.signed_in_as("investigator").await.get(&path).await.text();
        let city = app.signed_in_within("investigator", "city:Duluth").await;

        assert!(state.contains("Far Heron") && state.contains("Another such business is"), "{state}");
        for of_site in [path.clone(), format!("/sites/{}", site.id), "/findings?status=any".to_owned(), "/findings.csv?status=any".to_owned()] {
            let page = city.get(&of_site).await;
            assert_eq!(page.status, StatusCode::OK, "{of_site}");
            assert!(!page.text().contains("Far Heron"), "{of_site}: {}", page.text());
        }
        assert!(city.get(&path).await.text().contains("Another such business is"));
        assert_eq!(city.get(&format!("{path}/exhibit.svg")).await.status, StatusCode::NOT_FOUND);
    }

    what_was_found_of_a_past_day_is_shown_as_of_that_day, async |app| {
        let site = club(app, "Blue Loon").await;
        let licensing = app.signed_in_as("licensing").await;

        let then = licensing.get(&format!("{}?as_of=2026-01-02", href(&site))).await;
        let future = licensing.get(&format!("{}?as_of=2030-01-01", href(&site))).await;

        assert_eq!(then.status, StatusCode::OK);
        assert_eq!(future.status, StatusCode::UNPROCESSABLE_ENTITY);
    }

    who_may_not_see_findings_reaches_none_of_it, async |app| {
        let site = club(app, "Blue Loon").await;
        let auditor = app.signed_in_as("auditor").await;

        for path in [href(&site), format!("{}/exhibit.svg", href(&site)), format!("/sites/{}/facts", site.id), "/findings".to_owned(), "/rules".to_owned(), "/what-if".to_owned()] {
            let status = auditor.get(&path).await.status;
            assert!(status == StatusCode::FORBIDDEN || status == StatusCode::NOT_FOUND, "{path}: {status}");
        }
    }
}
