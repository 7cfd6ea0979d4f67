//! What stands above single rules: the law's own standing, precedence, dates, and where it holds.

use super::*;

const HOURS: &str = "kind = \"hours\"\nclosed_from = \"21:00\"\nclosed_to = \"08:00\"";

/// A town open too late for the pack of Elm, changed by `change`.
fn late(change: impl Fn(String) -> String) -> Town {
    let mut town = Town::with(&[&change(pack(&rule("hours", HOURS)))]);
    town.note("opening_hours", "daily 9:00-23:00");
    town
}

#[test]
fn a_rule_whose_law_is_contested_or_unverified_yields_refer_to_attorney_and_never_violation() {
    assert_eq!(late(|it| it).status(), Status::Violation);

    for (from, to) in [
        ("status = \"in_force\"", "status = \"contested\""),
        ("confidence = \"verified\"", "confidence = \"reported\""),
        ("confidence = \"verified\"", "confidence = \"unverified\""),
        ("severity = \"major\"", "severity = \"major\"\nconfidence = \"unverified\""),
    ] {
        let found = late(|it| it.replacen(from, to, 1)).finding();
        assert_eq!(found.status, Status::Refer, "{to}");
        assert!(!found.because.is_empty(), "{to}");
    }
}

#[test]
fn no_shipped_rule_of_contested_or_unverified_law_can_say_violation() {
    let packs = {
        let words = Vocabulary::new();
        Packs::read(&words.library, &words.kinds, &words.offenses).unwrap()
    };
    use super::super::pack::{Confidence, Legal};

    let mut n_doubtful = 0;
    for (pack, rule) in packs.rules() {
        if pack.status != Legal::InForce || rule.confidence != Confidence::Verified {
            n_doubtful += 1;
            assert_ne!(pack.breach(rule), Status::Violation, "{}#{}", pack.id, rule.id);
        }
    }

    assert!(n_doubtful > 20, "{n_doubtful}");
}

#[test]
fn what_is_proposed_or_superseded_does_not_apply() {
    for status in ["proposed", "superseded_locally"] {
        let found = late(|it| it.replace("in_force", status)).finding();
        assert_eq!(found.status, Status::NotApplicable);
    }
}

#[test]
fn a_law_holds_on_the_days_of_its_dates_only() {
    let dated = |from: &str, to: &str| {
        late(|it| {
            it.replace(
                "[jurisdiction]",
                &format!("effective_from = \"{from}\"\neffective_to = \"{to}\"\n[jurisdiction]"),
            )
        })
    };

    assert_eq!(dated("2026-11-23", "2026-11-23").status(), Status::Violation);
    assert_eq!(dated("2026-11-24", "2030-01-01").status(), Status::NotApplicable);
    assert_eq!(dated("2001-01-01", "2026-11-22").status(), Status::NotApplicable);
}

#[test]
fn a_finding_is_not_older_than_its_law() {
    let mut town = Town::with(&[&pack(&rule("lapsed", "kind = \"license_lapsed\""))
        .replace("[jurisdiction]", "effective_from = \"2026-08-01\"\n[jurisdiction]")]);
    town.licenses = vec![License {
        id: record(1),
        number: "L".to_owned(),
        status: crate::licenses::Status::Expired,
        on: day("2020-01-01"),
        starts_on: None,
        expires_on: Some(day("2025-12-31")),
    }];

    assert_eq!(town.finding().since, Some(day("2026-08-01")));
}

/// The same rule as law of the state.
fn of_state() -> String {
    pack(&rule("hours", HOURS))
        .replace("id = \"elm\"", "id = \"mn\"")
        .replace("level = \"city\"\nname = \"Elm\"", "level = \"state\"\nname = \"Minnesota\"")
}

fn both(overrides: &str) -> Town {
    let local =
        pack(&rule("hours", HOURS)).replace("[jurisdiction]", &format!("{overrides}\n[jurisdiction]"));
    let mut town = Town::with(&[&of_state(), &local]);
    town.note("opening_hours", "daily 9:00-23:00");
    town
}

#[test]
fn local_law_takes_the_place_of_the_states_and_says_so() {
    let found = both("overrides = [\"mn#hours\"]").findings();

    let status: Vec<(&str, Status)> = found.iter().map(|it| (it.pack.as_str(), it.status)).collect();
    assert_eq!(status, [("mn", Status::NotApplicable), ("elm", Status::Violation)]);
    assert_eq!(found[0].says, "Massage in Elm (Elm City Code ch. 5) goes before it here.");
}

#[test]
fn a_doubtful_precedence_goes_to_an_attorney() {
    let found = both("overrides = [{ rule = \"mn\", doubt = \"the scope was not read\" }]").findings();

    assert_eq!(found[0].status, Status::Refer);
    assert!(
        found[0].because[0].contains("may go before it here: the scope was not read"),
        "{:?}",
        found[0].because
    );
}

#[test]
fn a_city_that_opted_out_is_free_of_the_states_rule() {
    let local = pack("").replace("[jurisdiction]", "overrides = [\"mn\"]\nopt_out = true\n[jurisdiction]");
    let mut town = Town::with(&[&of_state(), &local]);
    town.note("opening_hours", "daily 9:00-23:00");

    let found = town.findings();

    assert_eq!(found.len(), 1);
    assert_eq!(found[0].says, "Massage in Elm (Elm City Code ch. 5) has opted out of it.");
}

#[test]
fn without_precedence_both_laws_speak() {
    assert!(both("").findings().iter().all(|it| it.status == Status::Violation));
}

#[test]
fn a_law_holds_in_its_city_by_polygon_for_its_kinds_and_for_open_sites() {
    let mut town = late(|it| it);
    town.site.city_area = Some("Oak".to_owned());
    assert!(town.findings().is_empty(), "the polygon goes before what is written");

    town.site.city_area = None;
    assert_eq!(town.status(), Status::Refer);
    assert!(town.finding().because[0].contains("address as written"));

    town.site.city_area = Some("ELM".to_owned());
    assert_eq!(town.status(), Status::Violation);
    town.site.kind = "lodging".to_owned();
    assert!(town.findings().is_empty());
    town.site.kind = "massage_parlor".to_owned();
    town.site.status = sites::Status::Closed;
    assert!(town.findings().is_empty());
}

#[test]
fn a_law_of_the_state_does_not_reach_over_its_border() {
    let mut town = Town::with(&[&of_state()]);
    assert_eq!(town.findings().len(), 1);

    town.site.state = Some("WI".to_owned());
    assert!(town.findings().is_empty());
}

#[test]
fn grandfathered_sites_are_exempt_asked_about_or_not_as_the_pack_says() {
    let with = |word: &str| {
        let mut town =
            late(|it| it.replace("[applies_to]", &format!("[applies_to]\nnonconforming = \"{word}\"")));
        town.note("nonconforming_use", "yes");
        town.status()
    };

    assert_eq!(with("exempt"), Status::NotApplicable);
    assert_eq!(with("ask"), Status::Refer);
    assert_eq!(with("applies"), Status::Violation);
}

#[test]
fn a_law_for_sites_of_a_certain_age_needs_to_know_their_age() {
    let since = |from: &str| {
        late(|it| it.replace("[applies_to]", &format!("[applies_to]\nestablished_from = \"{from}\"")))
    };
    assert_eq!(since("2010-01-01").status(), Status::Unknown);

    let mut old = since("2010-01-01");
    old.site.opened_on = Some(Moment::Day(day("2005-01-01")));
    assert_eq!(old.status(), Status::NotApplicable);
    old.note("established_on", "2012-01-01");
    assert_eq!(old.status(), Status::Violation);
}
