//! The law as pages, and what is found by it as a list and a file, as far as rights reach.

use axum::http::StatusCode;
use foca::audit::store::Filter;
use foca::audit::{self, Act, Outcome};
use foca::compliance;
use foca::licenses::Status;
use foca::rights::Viewer;
use foca::sites::Site;

use crate::harness::{TestApp, both_engines};

/// A massage parlor in Saint Paul whose license ended in summer.
async fn lapsed(app: &TestApp) -> Site {
    let site =
        app.site("Larkfield <Bodywork>").kind("massage_parlor").address("100 Elm St, Saint Paul, MN 55104");
    let site = site.with(|it| it.city_area = Some("Saint Paul".to_owned())).create().await;
    let license = app.license("L-7731").of(&site).with(|it| {
        "L-7731".clone_into(&mut it.number);
        "massage_parlor".clone_into(&mut it.kind);
        (it.status, it.expires_on) = (Status::Expired, Some("2026-08-31".parse().unwrap()));
    });
    license.create().await;
    find(app).await;
    site
}

async fn find(app: &TestApp) {
    compliance::job::find_all(&app.db, app.app.clock, &app.app.rules).await.unwrap();
}

both_engines! {
    a_finding_is_listed_with_its_law_its_record_and_the_next_step, async |app| {
        let site = lapsed(app).await;

        let page = app.get("/findings?pack=st-paul-massage").await.text();

        assert!(page.contains("Larkfield &lt;Bodywork&gt;") && page.contains("License of the business"), "{page}");
        assert!(page.contains(&format!("/sites/{}/findings/st-paul-massage/business-license", site.id)), "{page}");
        assert!(page.contains("/rules/st-paul-massage#business-license") && page.contains("/licenses/"), "{page}");
        assert!(page.contains("Since Sep 1, 2026") && page.contains("Ask the city clerk"), "{page}");
        assert!(page.contains("class=\"tag violation\""), "{page}");
    }

    the_filters_of_the_list_are_in_its_address, async |app| {
        lapsed(app).await;
        let has = async |query: &str| {
            let reply = app.get(&format!("/findings?{query}")).await;
            assert_eq!(reply.status, StatusCode::OK, "{query}");
            reply.text().contains("business-license\" ") || reply.text().contains("/findings/st-paul-massage/business-license")
        };

        for fits in ["", "status=violation", "status=any", "city=saint+paul", "kind=massage_parlor"] {
            assert!(has(fits).await, "{fits}");
        }
        for other in ["status=unknown", "city=Duluth", "kind=strip_club", "pack=mn-617-242", "disputed=on", "page=9"] {
            assert!(!has(other).await, "{other}");
        }
    }

    a_status_that_is_none_is_a_field_to_mend, async |app| {
        assert_eq!(app.get("/findings?status=guilty").await.status, StatusCode::UNPROCESSABLE_ENTITY);
    }

    the_file_has_a_row_for_each_finding_and_is_logged, async |app| {
        lapsed(app).await;

        let file = app.get("/findings.csv?pack=st-paul-massage&status=violation").await.text();

        let mut lines = file.lines();
        let head = lines.next().unwrap();
        assert!(head.starts_with("site_id,site,") && head.ends_with("pack_sha256,data_status"), "{head}");
        let rows: Vec<&str> = lines.collect();
        assert!(rows.iter().any(|it| it.contains("business-license")), "{file}");
        assert!(rows.iter().all(|it| it.ends_with(",real") && it.contains(",violation,")), "{file}");
        let logged = audit::store::list(&app.db, &Viewer::operator(), &Filter::default(), (0, 100)).await.unwrap();
        let export = logged.iter().find(|it| it.act == Act::Export && it.outcome == Outcome::Done).unwrap();
        assert!(export.detail.contains("pack=st-paul-massage"), "{}", export.detail);
        assert!(export.detail.contains(&format!("\"n_rows\":{}", rows.len())), "{}", export.detail);
    }

    a_file_of_demonstration_data_says_so_in_each_row, async |app| {
        lapsed(app).await;
        let app = app.as_demonstration().await;

        let file = app.get("/findings.csv").await.text();

        assert!(file.lines().count() > 1 && file.lines().skip(1).all(|it| it.ends_with(",demonstration")), "{file}");
    }

    the_law_is_listed_with_what_it_finds_and_narrowed_by_words, async |app| {
        lapsed(app).await;

        let all = app.get("/rules").await.text();
        assert!(all.contains("/findings?pack=st-paul-massage&amp;status=violation"), "{all}");
        assert!(all.contains("Minn. Stat. § 617.242") && all.contains("Contested"), "{all}");

        let some = app.get("/rules?q=duluth&level=city").await.text();
        assert!(some.contains("/rules/duluth-adult") && !some.contains("/rules/st-paul-massage"), "{some}");
        assert!(app.get("/rules?q=xyzzy").await.text().contains("No rule fits."));
    }

    a_pack_is_read_as_law_and_its_file_is_the_one_in_use, async |app| {
        let page = app.get("/rules/mn-617-242").await.text();
        let file = app.get("/rules/mn-617-242/file.toml").await;

        assert!(page.contains("What an attorney should know") && page.contains("2,800 ft"), "{page}");
        assert!(file.text().contains("id = \"mn-617-242\""));
        assert_eq!(app.get("/rules/nothing").await.status, StatusCode::NOT_FOUND);
        assert_eq!(app.get("/rules/nothing/file.toml").await.status, StatusCode::NOT_FOUND);
    }

    who_may_not_see_a_record_sees_no_finding_made_of_it, async |app| {
        lapsed(app).await;
        let elsewhere = app.signed_in_within("investigator", "county:Hennepin").await;

        let page = elsewhere.get("/findings?status=any").await.text();

        assert!(!page.contains("Larkfield"), "{page}");
        assert_eq!(app.signed_in_as("auditor").await.get("/findings").await.status, StatusCode::FORBIDDEN);
        let partner = app.signed_in_as("partner").await;
        assert_eq!(partner.get("/findings.csv").await.status, StatusCode::FORBIDDEN);
    }
}
