//! The dossier of a site and the pages of its records, as a browser gets them.

use axum::http::StatusCode;
use foca::dossier::read::{self, Asked};
use foca::dossier::views;
use foca::inspections::{Outcome, Severity, Violation, ViolationState, store};
use foca::records::RecordId;
use foca::rights::{Resource, Viewer};
use foca::sites::Site;

use crate::harness::{TestApp, both_engines, naughty_strings};

const KINDS: [&str; 4] = ["licenses", "inspections", "complaints", "incidents"];

async fn found(app: &TestApp, inspection: RecordId, title: &str) {
    let violation = Violation {
        inspection_id: inspection,
        n: 0,
        code: Some("412.11(b)".to_owned()),
        title: title.to_owned(),
        severity: Severity::Critical,
        state: ViolationState::Open,
        closed_on: None,
        due_on: None,
    };
    let mut tx = app.db.begin().await.unwrap();
    store::save_violations(&mut tx, 1, "2026-09-30".parse().unwrap(), vec![violation]).await.unwrap();
    tx.commit().await.unwrap();
}

async fn assess(app: &TestApp) {
    let snapshots = &app.app.snapshots;
    snapshots.refresh(&app.db).await.unwrap();
    foca::standing::assess::assess(&app.db, app.app.clock, &app.app.cards, None).await.unwrap();
    snapshots.refresh(&app.db).await.unwrap();
}

/// A site with one visit that was not passed.
async fn visited(app: &TestApp) -> (Site, RecordId) {
    let site = app
        .site("Larkfield Bodywork")
        .kind("massage_parlor")
        .at(-93.1, 44.95)
        .address(ADDRESS)
        .create()
        .await;
    let visit = app.inspection("I-20418").of(&site).on("2026-09-30");
    let visit = visit.with(|it| it.outcome = Outcome::NotPassed).create().await;
    found(app, visit, "Two rooms not on the floor plan").await;
    (site, visit)
}

const ADDRESS: &str = "2417 Tollgrave Ave, St. Paul, MN 55104";

/// The dossier as someone with fewer rights would see it.
async fn shown_to(app: &TestApp, viewer: &Viewer, site: Site) -> String {
    let snapshot = app.app.snapshots.current();
    let asked = Asked { page: 1, ..Asked::default() };
    let dossier = read::dossier(&app.db, viewer, site, asked, &snapshot, app.app.clock).await.unwrap();
    views::show(
        &dossier,
        viewer,
        (&app.app.kinds, &app.app.offenses, &app.app.rules.packs),
        app.app.frame.zone,
    )
    .into_string()
}

both_engines! {
    a_dossier_shows_each_reason_with_its_record, async |app| {
        let (site, visit) = visited(app).await;
        assess(app).await;

        let page = app.get(&format!("/sites/{}", site.id)).await.text();

        assert!(page.contains("Last visit not passed"), "{page}");
        assert!(page.contains("Two rooms not on the floor plan"));
        assert!(page.contains(&format!(r#"<a href="/inspections/{visit}">I-20418</a>"#)));
        assert!(page.contains("coverage"));
        assert!(page.contains("not evidence, not probable cause, not for public release"));
        assert!(page.contains("No feed of complaints covers the site."));
    }

    a_closed_site_says_so_and_has_no_score, async |app| {
        let site = app.site("Sable Day Spa").closed().with(|it| it.status_on = "2025-03-03".parse().ok()).create().await;
        assess(app).await;

        let page = app.get(&format!("/sites/{}", site.id)).await.text();

        assert!(page.contains("Closed since Mar 3, 2025. Closed sites are not scored"), "{page}");
        assert!(!page.contains("coverage"));
    }

    all_records_stand_in_one_line_of_time_and_can_be_filtered, async |app| {
        let (site, _) = visited(app).await;
        app.license("L-7731").of(&site).on("2025-05-05").create().await;
        app.complaint("C-0882").of(&site).on("2026-07-18").create().await;
        app.incident("26-118842").of(&site).on("2026-11-02").create().await;

        let all = app.get(&format!("/sites/{}", site.id)).await.text();
        let some = app.get(&format!("/sites/{}?show=complaint", site.id)).await.text();

        let places = ["26-118842", "I-20418", "C-0882", "L-1"].map(|it| all.rfind(&format!(">{it}</span>")).expect(it));
        assert!(places.is_sorted(), "{places:?}");
        assert!(some.contains(">C-0882</span>") && !some.contains(">26-118842</span>"));
    }

    a_site_with_very_many_records_is_paged, async |app| {
        let site = app.site("Busy Lodge").create().await;
        for n in 0..120 {
            app.incident(&format!("N-{n:03}")).of(&site).create().await;
        }

        let first = app.get(&format!("/sites/{}", site.id)).await.text();
        let third = app.get(&format!("/sites/{}?page=3", site.id)).await.text();
        let past = app.get(&format!("/sites/{}?page=18446744073709551615", site.id)).await;

        assert_eq!(first.matches(r#"class="event""#).count(), 50);
        assert_eq!(third.matches(r#"class="event""#).count(), 20);
        assert!(first.contains("of 120"));
        assert_eq!(past.status, StatusCode::OK);
    }

    what_stands_around_a_site_is_drawn_and_listed, async |app| {
        let site = app.site("Middle").at(-93.1, 44.95).create().await;
        app.site("Next Door").at(-93.1005, 44.9503).create().await;
        app.site("Far Away").at(-93.2, 44.95).create().await;
        app.incident("near").on("2026-10-01").with(|it| {
            (it.place.lon, it.place.lat) = (Some(-93.1002), Some(44.9498));
            it.cell = foca::incidents::cell_of(&it.place);
        }).create().await;
        app.app.snapshots.refresh(&app.db).await.unwrap();

        let page = app.get(&format!("/sites/{}", site.id)).await.text();

        assert!(page.contains("Next Door, 52 m away"), "{page}");
        assert!(!page.contains("Far Away"));
        assert!(page.contains("1 incident"));
    }

    a_record_page_says_what_where_when_and_for_whom, async |app| {
        let (site, visit) = visited(app).await;

        let page = app.get(&format!("/inspections/{visit}")).await.text();

        assert!(page.contains("Larkfield Bodywork") && page.contains(&site.id.to_string()));
        assert!(page.contains("Not passed") && page.contains("Two rooms not on the floor plan"));
        assert!(page.contains("Sep 30, 2026") && page.contains("1.00"));
    }

    a_building_lists_its_sites_and_records, async |app| {
        let (site, _) = visited(app).await;
        app.app.snapshots.refresh(&app.db).await.unwrap();

        let page = app.get(&format!("/buildings/{}", site.building_id.unwrap())).await.text();

        assert!(page.contains("Larkfield Bodywork") && page.contains(">I-20418</span>"), "{page}");
    }

    what_does_not_exist_is_not_found_and_never_breaks, async |app| {
        let nothing = "00000000-0000-4000-8000-000000000000";
        for kind in KINDS.iter().chain(&["sites", "buildings"]) {
            for id in naughty_strings().iter().map(String::as_str).chain([nothing]).filter(|it| !it.is_empty()) {
                let id: String = form_urlencoded::byte_serialize(id.as_bytes()).collect();
                let request = app.browser("GET", &format!("/{kind}/{}", id.replace('+', "%20")));
                let request = request.body(axum::body::Body::empty()).unwrap();

                let status = app.ask(request).await.status;

                assert!(status.is_client_error(), "/{kind}/{id}: {status}");
            }
        }
    }

    a_timeline_takes_any_query_without_breaking, async |app| {
        let site = app.site("Joe's").create().await;
        for word in naughty_strings() {
            let word: String = form_urlencoded::byte_serialize(word.as_bytes()).collect();

            let status = app.get(&format!("/sites/{}?show={word}&page={word}", site.id)).await.status;

            assert!(status.is_success() || status.is_client_error(), "{word}: {status}");
        }
    }

    hostile_text_in_every_field_is_shown_as_text, async |app| {
        let script = "<script>alert(1)</script>";
        let site = app.site(script).address(script).with(|it| it.note = script.into()).create().await;
        let visit = app.inspection(script).of(&site).with(|it| it.note = script.into()).create().await;
        found(app, visit, script).await;

        let pages = [app.get(&format!("/sites/{}", site.id)).await, app.get(&format!("/inspections/{visit}")).await];

        for page in pages {
            assert_eq!(page.status, StatusCode::OK);
            assert!(!page.text().contains("<script>alert"));
        }
    }

    without_the_right_to_standings_there_are_findings_but_no_score, async |app| {
        let (site, _) = visited(app).await;
        assess(app).await;
        let viewer = Viewer::operator().without(&[Resource::Standing]);

        let page = shown_to(app, &viewer, site).await;

        assert!(page.contains("Two rooms not on the floor plan") && page.contains("Withheld (confidential)"), "{page}");
        assert!(!page.contains("coverage") && !page.contains("Tier") && !page.contains("Last visit not passed"));
    }

    without_the_right_to_incidents_not_even_their_number_shows, async |app| {
        let (site, _) = visited(app).await;
        app.incident("26-118842").of(&site).create().await;
        let viewer = Viewer::operator().without(&[Resource::Incident]);

        let page = shown_to(app, &viewer, site).await;

        assert!(!page.contains("26-118842") && !page.contains("1 incident") && page.contains("Withheld (confidential)"));
        assert!(page.contains("I-20418"));
    }
}

both_engines! {
    the_end_of_a_term_that_none_follows_is_an_event_past_or_to_come, async |app| {
        let (site, _) = visited(app).await;
        let term = |it: &mut foca::licenses::License, begins: &str, ends: &str| {
            (it.starts_on, it.expires_on) = (begins.parse().ok(), ends.parse().ok());
        };
        app.license("2022").of(&site).on("2022-01-01").with(|it| term(it, "2022-01-01", "2022-12-31")).create().await;
        app.license("2023").of(&site).on("2023-01-01").with(|it| term(it, "2023-01-01", "2023-12-31")).create().await;
        app.license("now").of(&site).on("2026-03-01").with(|it| term(it, "2026-03-01", "2027-02-28")).create().await;

        let page = app.get(&format!("/sites/{}", site.id)).await.text();
        let visits = app.get(&format!("/sites/{}?show=inspection", site.id)).await.text();

        assert_eq!((page.matches("License runs out").count(), page.matches("License ran out").count()), (1, 1));
        let (to_come, over) = (page.find("License runs out").unwrap(), page.find("License ran out").unwrap());
        assert!(to_come < over && page.contains("Dec 31") && page.contains("Feb 28"));
        assert!(!visits.contains("License ran out"));
    }

    a_row_of_a_list_leads_to_the_page_of_its_record, async |app| {
        let (_, visit) = visited(app).await;

        let list = app.get("/records/inspections").await.text();

        assert!(list.contains(&format!("href=\"/inspections/{visit}\"")), "{list}");
    }

    a_printed_dossier_says_on_each_sheet_who_when_and_what_it_is_not, async |app| {
        let (site, _) = visited(app).await;

        let page = app.as_demonstration().await.get(&format!("/sites/{}", site.id)).await.text();

        let rule = page.split("@bottom-left").nth(1).and_then(|it| it.split('}').next()).unwrap_or_default();
        for words in ["Printed by ", "Nov 23, 2026, 12:00", "not evidence, not probable cause", "Demonstration data"] {
            assert!(rule.contains(words), "{words} is not in {rule}");
        }
    }
}
