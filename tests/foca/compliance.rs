//! Findings through the doors: made when a record, a place or a rule changes, kept with their history, read as of a past
//! day, and shown as far as rights reach.

use foca::clock::{Clock, Moment};
use foca::compliance::filter::Filter;
use foca::compliance::finding::{Finding, Stored};
use foca::compliance::job::{self, Rules};
use foca::compliance::pack::Status;
use foca::compliance::packs::Packs;
use foca::compliance::store;
use foca::db::query;
use foca::incidents::facets::{Credibility, Disposition, Reliability};
use foca::incidents::offenses::Offenses;
use foca::knowledge::Library;
use foca::licenses;
use foca::records::SiteId;
use foca::rights::{Resource, Viewer};
use foca::sites::{self, Kinds, Site};

use crate::harness::{NOW, TestApp, both_engines, run};

/// A city of the harness's sites, a rule of each way of knowing.
const PACK: &str = r#"
id = "duluth-test"
title = "Massage in Duluth"
citation = "Duluth Test Code"
status = "in_force"
confidence = "verified"
verified_on = "2026-11-01"
verified_by = "a test"
[jurisdiction]
level = "city"
name = "Duluth"
[applies_to]
kinds = ["massage_parlor"]
[[rules]]
id = "schools"
title = "Away from schools"
words = "Not within 500 feet of a school."
citation = "§ 1"
severity = "critical"
kind = "setback"
to = ["school"]
feet = 500
measure = "building"
place_later = "counts"
next = "Send the measurement"
by = "zoning"
[[rules]]
id = "lapsed"
title = "License in its term"
words = "The license is in its term."
severity = "major"
kind = "license_lapsed"
by = "licensing"
[[rules]]
id = "nuisance"
title = "Incidents"
words = "One drug incident."
severity = "major"
kind = "incidents"
window_days = 365
scope = "unit"
at_least = "B2"
states = ["charged"]
by = "attorney"
classes = [{ offenses = ["drug"], count = 1 }]
"#;

/// Massage parlors apart from each other.
const APART: &str = r#"
[[rules]]
id = "apart"
title = "Away from each other"
words = "Not within 1,000 feet of another."
severity = "major"
kind = "separation"
from_kinds = ["massage_parlor"]
feet = 1000
measure = "building"
by = "zoning"
"#;

/// The rules of this pack alone.
fn rules(app: &TestApp, text: &str) -> Rules {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("rules")).unwrap();
    std::fs::write(folder.path().join("rules/duluth-test.toml"), text).unwrap();
    let library = Library::open(Some(folder.path())).unwrap();
    let (kinds, offenses) = (Kinds::read(&library).unwrap(), Offenses::read(&library).unwrap());
    Rules::new(Packs::read(&library, &kinds, &offenses).unwrap(), app.app.frame.zone)
}

/// The findings of the test's pack at a site, brought up to date.
async fn found(app: &TestApp, rules: &Rules, site: SiteId) -> Vec<Finding> {
    job::drain(&app.db, app.app.clock, rules).await.unwrap();
    of_pack(store::of_site(&app.db, &Viewer::operator(), site, None).await.unwrap())
}

fn of_pack(stored: Vec<Stored>) -> Vec<Finding> {
    stored.into_iter().map(|it| it.finding).filter(|it| it.pack == "duluth-test").collect()
}

fn status(found: &[Finding], rule: &str) -> Option<Status> {
    found.iter().find(|it| it.rule == rule).map(|it| it.status)
}

async fn parlor(app: &TestApp) -> Site {
    let is_in = |it: &mut Site| it.city_area = Some("Duluth".to_owned());
    app.site("Joe's").kind("massage_parlor").at(-92.1, 46.8).with(is_in).create().await
}

/// 0.001 degrees of latitude are 365 feet.
const NEAR: &str =
    "POLYGON((-92.1005 46.801, -92.0995 46.801, -92.0995 46.8015, -92.1005 46.8015, -92.1005 46.801))";
const OWN: &str =
    "POLYGON((-92.1001 46.7999, -92.0999 46.7999, -92.0999 46.8001, -92.1001 46.8001, -92.1001 46.7999))";

/// The building of the site, so that nothing is left open.
async fn own_building(app: &TestApp) {
    let of_site = |it: &mut foca::places::Place| {
        it.class = "building".to_owned();
        it.part = foca::places::Part::Building;
    };
    app.place("Joe's building").outline(OWN).with(of_site).create().await;
}

async fn school(app: &TestApp, outline: &str, known: &str) {
    let known: Moment = known.parse().unwrap();
    let building = |it: &mut foca::places::Place| {
        it.part = foca::places::Part::Building;
        it.recorded_at = known;
    };
    app.place("Elm School").outline(outline).with(building).create().await;
}

both_engines! {
    a_school_near_a_site_makes_a_finding_and_its_moving_away_ends_it, async |app| {
        let rules = rules(app, PACK);
        let site = parlor(app).await;
        own_building(app).await;
        assert_eq!(status(&found(app, &rules, site.id).await, "schools"), Some(Status::Compliant));

        school(app, NEAR, "2026-02-01").await;
        let near = found(app, &rules, site.id).await;
        let feet = near[2].measurements[0].distances[0].feet;
        assert_eq!(status(&near, "schools"), Some(Status::Violation));
        assert!((feet - 328.0).abs() < 5.0, "{feet}");

        school(app, &NEAR.replace("46.80", "46.90"), "2026-03-01").await;
        assert_eq!(status(&found(app, &rules, site.id).await, "schools"), Some(Status::Compliant));
    }

    a_finding_keeps_its_history, async |app| {
        let rules = rules(app, PACK);
        let site = parlor(app).await;
        own_building(app).await;
        found(app, &rules, site.id).await;
        school(app, NEAR, "2026-02-01").await;
        found(app, &rules, site.id).await;
        found(app, &rules, site.id).await;

        let history = store::history(&app.db, &Viewer::operator(), site.id, ("duluth-test", "schools")).await.unwrap();

        let versions: Vec<(i64, Status, bool)> =
            history.iter().map(|it| (it.version, it.finding.status, it.superseded_at.is_none())).collect();
        assert_eq!(versions, [(2, Status::Violation, true), (1, Status::Compliant, false)]);
        let kept: i64 = query("SELECT count(*) FROM knowledge WHERE hash = $1")
            .bind(&history[0].finding.pack_hash).fetch_scalar(&app.db).await.unwrap();
        assert_eq!(kept, 1, "the pack that said so can be read for ever");
    }

    a_license_and_its_end_make_findings_anew, async |app| {
        let rules = rules(app, PACK);
        let site = parlor(app).await;
        assert_eq!(status(&found(app, &rules, site.id).await, "lapsed"), Some(Status::NotApplicable));

        let ended = |it: &mut licenses::License| {
            it.kind = "massage_parlor".to_owned();
            it.status = licenses::Status::Active;
            it.expires_on = Some("2026-06-30".parse().unwrap());
        };
        app.license("L-1").of(&site).with(ended).create().await;

        let found = found(app, &rules, site.id).await;
        assert_eq!(status(&found, "lapsed"), Some(Status::Violation));
        let lapsed = found.iter().find(|it| it.rule == "lapsed").unwrap();
        assert_eq!(lapsed.since.map(|it| it.to_string()).as_deref(), Some("2026-07-01"));
        assert!(lapsed.evidence[0].text.contains("ended on 2026-06-30"), "{lapsed:?}");
    }

    a_closed_site_has_no_findings_and_its_history_stays, async |app| {
        let rules = rules(app, PACK);
        let site = parlor(app).await;
        assert!(!found(app, &rules, site.id).await.is_empty());

        let closed = Site { version: 2, status: sites::Status::Closed, ..site.clone() };
        let mut tx = app.db.begin().await.unwrap();
        sites::store::save(&mut tx, vec![closed], NOW.parse().unwrap()).await.unwrap();
        tx.commit().await.unwrap();

        assert!(found(app, &rules, site.id).await.is_empty());
        let history = store::history(&app.db, &Viewer::operator(), site.id, ("duluth-test", "schools")).await.unwrap();
        assert_eq!(history.len(), 1);
    }

    as_of_a_day_gives_what_was_known_and_in_force_then, async |app| {
        let dated = PACK.replace("[jurisdiction]", "effective_from = \"2026-01-15\"\n[jurisdiction]");
        let rules = rules(app, &dated);
        let site = parlor(app).await;
        own_building(app).await;
        school(app, NEAR, "2026-02-01").await;

        let on = async |day: &str| {
            let found = job::as_of(&app.db, &rules, &site, day.parse().unwrap()).await.unwrap();
            status(&found, "schools")
        };

        assert_eq!(on("2026-02-01").await, Some(Status::Violation));
        assert_eq!(on("2026-01-31").await, Some(Status::Compliant), "the school was not known yet");
        assert_eq!(on("2026-01-14").await, Some(Status::NotApplicable), "the law was not in force yet");
    }

    a_changed_pack_and_a_new_day_find_everything_anew, async |app| {
        let site = parlor(app).await;
        let before = rules(app, PACK);
        found(app, &before, site.id).await;

        let after = rules(app, &PACK.replace("in_force", "contested"));
        let again = job::drain(&app.db, app.app.clock, &after).await.unwrap();
        let still = job::drain(&app.db, app.app.clock, &after).await.unwrap();
        let tomorrow = Clock::Fixed("2026-11-24T18:00:00Z".parse().unwrap());
        let later = job::drain(&app.db, tomorrow, &after).await.unwrap();

        assert_eq!((again.n_sites, still.n_sites, later.n_sites), (1, 0, 1));
        assert!(again.n_changed >= 3 && later.n_changed == 0, "{again:?} {later:?}");
        let hashes = of_pack(store::of_site(&app.db, &Viewer::operator(), site.id, None).await.unwrap());
        assert!(hashes.iter().all(|it| after.packs.iter().any(|pack| pack.hash == it.pack_hash)));
    }

    a_site_that_closes_counts_no_longer_for_those_near_it, async |app| {
        let rules = rules(app, &format!("{PACK}{APART}"));
        let site = parlor(app).await;
        let mut other = app.site("Moe's").kind("massage_parlor").at(-92.1, 46.801).create().await;
        let before = found(app, &rules, site.id).await;

        // Closed, and renamed before anything was held anew: the last two versions mean the same to others.
        (other.version, other.status) = (2, sites::Status::Closed);
        let renamed = Site { version: 3, name: "Moe's Massage".to_owned(), ..other.clone() };
        let mut tx = app.db.begin().await.unwrap();
        for version in [other, renamed] {
            sites::store::save(&mut tx, vec![version], app.app.clock.now().into()).await.unwrap();
        }
        tx.commit().await.unwrap();
        let after = found(app, &rules, site.id).await;

        assert_eq!(status(&before, "apart"), Some(Status::Violation), "{before:#?}");
        assert_eq!(status(&after, "apart"), Some(Status::Compliant), "{after:#?}");
    }

    a_crash_loses_no_mark, async |app| {
        let rules = rules(app, PACK);
        let site = parlor(app).await;
        found(app, &rules, site.id).await;
        school(app, NEAR, "2026-02-01").await;
        let marks = async || -> i64 {
            query("SELECT count(*) FROM stale_finding").fetch_scalar(&app.db).await.unwrap()
        };

        assert_eq!(marks().await, 1, "set in the transaction that saved the place");
        found(app, &rules, site.id).await;
        assert_eq!(marks().await, 0);
    }

    who_may_not_see_incidents_sees_no_finding_made_from_them, async |app| {
        let rules = rules(app, PACK);
        let site = parlor(app).await;
        let charged = |it: &mut foca::incidents::Incident| {
            it.offense = "drug".to_owned();
            it.disposition = Disposition::Charged;
            it.reliability = Some(Reliability::A);
            it.credibility = Some(Credibility::Confirmed);
        };
        app.incident("I-1").of(&site).on("2026-10-01").with(charged).create().await;

        let all = found(app, &rules, site.id).await;
        let blind = Viewer::operator().without(&[Resource::Incident]);
        let seen = of_pack(store::of_site(&app.db, &blind, site.id, None).await.unwrap());
        let filter = Filter { rule: Some("nuisance".to_owned()), ..Filter::default() };

        assert_eq!(status(&all, "nuisance"), Some(Status::Refer), "{all:#?}");
        assert_eq!((seen.len(), status(&seen, "nuisance")), (all.len() - 1, None));
        assert_eq!(store::list(&app.db, &blind, &filter, (0, 9)).await.unwrap().len(), 0);
        assert!(store::counts(&app.db, &blind, &filter).await.unwrap().is_empty());
        assert_eq!(store::list(&app.db, &Viewer::operator(), &filter, (0, 9)).await.unwrap().len(), 1);
    }

    an_incident_that_was_dismissed_meets_no_threshold, async |app| {
        let rules = rules(app, PACK);
        let site = parlor(app).await;
        let dismissed = |it: &mut foca::incidents::Incident| {
            it.offense = "drug".to_owned();
            it.disposition = Disposition::Dismissed;
        };
        app.incident("I-1").of(&site).on("2026-10-01").with(dismissed).create().await;

        assert_eq!(status(&found(app, &rules, site.id).await, "nuisance"), Some(Status::Compliant));
    }
}

/// Runs `foca rules check` on a folder with one pack.
fn check(app: &TestApp, text: &str) -> (bool, String, String) {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("duluth-test.toml"), text).unwrap();
    let out = app.program().args(["rules", "check"]).arg(folder.path()).output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (out.status.success(), text(out.stdout), text(out.stderr))
}

#[test]
fn the_command_line_checks_a_folder_of_packs_and_names_file_and_line() {
    run(foca::db::Engine::Sqlite, async |app| {
        let (good, said, _) = check(app, PACK);
        let (bad, _, told) = check(app, &PACK.replace("kind = \"setback\"", "kind = \"aura\""));

        assert!(good && said.contains("1 packs, 3 rules: all can be used"), "{said}");
        assert!(
            !bad && told.contains("duluth-test.toml, line")
                && told.contains("= \"aura\" is none of: setback"),
            "{told}"
        );
    });
}

#[test]
fn the_command_line_explains_a_site_with_law_measure_and_what_is_missing() {
    run(foca::db::Engine::Sqlite, async |app| {
        let is_club = |it: &mut Site| it.state = Some("MN".to_owned());
        let site = app.site("Blue Loon").kind("strip_club").at(-92.1, 46.8).with(is_club).create().await;
        app.place("Elm School").outline("-92.1, 46.803").create().await;

        let out = app.program().args(["rules", "explain", &site.code()]).output().unwrap();
        let said = String::from_utf8(out.stdout).unwrap();

        assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
        for words in [
            "Away from schools and places of worship (Minn. Stat. § 617.242, subd. 4)",
            "[Contested",
            "Elm School",
            "missing:",
            "lot to lot",
            "No one under 18",
        ] {
            assert!(said.contains(words) || words == "No one under 18", "{words}: {said}");
        }
        assert!(!said.contains("VIOLATION"), "contested law says no violation: {said}");
    });
}
