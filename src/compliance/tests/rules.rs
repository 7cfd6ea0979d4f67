//! Each kind of rule: what keeps it, what breaks it, and what leaves it unknown.

use super::*;
use crate::licenses::Status as LicenseStatus;

const SCHOOLS: &str = "kind = \"setback\"\nto = [\"school\"]\nfeet = 500\nmeasure = \"lot\"";
const BUILDINGS: &str = "kind = \"setback\"\nto = [\"school\"]\nfeet = 500\nmeasure = \"building\"";
const UNSPECIFIED: &str = "kind = \"setback\"\nto = [\"school\"]\nfeet = 500\nmeasure = \"unspecified\"";

/// A site long in business, so that every dated place before it counts.
fn town(kind: &str) -> Town {
    let mut town = Town::of(kind);
    town.site.opened_on = Some(Moment::Day(day("2015-01-01")));
    town
}

#[test]
fn a_school_within_the_limit_breaks_a_setback_with_the_distance_and_since_when() {
    let mut town = town(SCHOOLS);
    town.square("school", Part::Lot, 462.0, 300.0).opened_on = Some(Moment::Day(day("2001-09-01")));

    let found = town.finding();

    assert_eq!(found.status, Status::Violation, "{found:#?}");
    assert_eq!(found.since, Some(day("2015-01-01")));
    let distance = found.measurements[0].distances[0];
    assert!((distance.feet - 462.0).abs() < 0.1, "{distance:?}");
}

#[test]
fn the_limit_itself_is_within_and_a_millimeter_more_is_not() {
    let mut town = town(SCHOOLS);
    town.square("school", Part::Lot, 400.0, 300.0).opened_on = Some(Moment::Day(day("2001-09-01")));
    let exact = town.finding().measurements[0].distances[0].feet;
    let with = |feet: f64| {
        let mut town = Town::of(&SCHOOLS.replace("500", &format!("{feet:.9}")));
        town.site.opened_on = Some(Moment::Day(day("2015-01-01")));
        // Its own lot is known, so that nothing is left open.
        town.square("lot", Part::Lot, -10.0, 20.0);
        town.square("school", Part::Lot, 400.0, 300.0).opened_on = Some(Moment::Day(day("2001-09-01")));
        town.status()
    };

    let own_lot = 10.0;
    assert_eq!(with(exact - own_lot + 0.003_3), Status::Violation);
    assert_eq!(with(exact - own_lot - 0.003_3), Status::Compliant);
}

#[test]
fn an_unknown_lot_leaves_what_it_may_reach_undecided() {
    let mut town = town(SCHOOLS);
    town.place("school", Part::Point, 700.0);

    let found = town.finding();

    assert_eq!(found.status, Status::Unknown);
    assert!(found.missing[0].contains("outlines"), "{found:#?}");
}

#[test]
fn a_place_out_of_all_reach_keeps_the_rule() {
    let mut town = town(SCHOOLS);
    town.place("school", Part::Point, 9_000.0);

    assert_eq!(town.status(), Status::Compliant);
}

#[test]
fn where_the_law_names_no_method_both_are_reported_and_the_difference_goes_to_an_attorney() {
    let mut town = town(UNSPECIFIED);
    town.square("lot", Part::Lot, -100.0, 200.0);
    town.square("building", Part::Building, -20.0, 40.0);
    town.square("school", Part::Building, 550.0, 100.0).opened_on = Some(Moment::Day(day("2001-09-01")));
    town.square("lot", Part::Lot, 450.0, 400.0);

    let found = town.finding();

    let feet: Vec<i64> = found.measurements[0].distances.iter().map(|it| it.feet.round() as i64).collect();
    assert_eq!(feet, [530, 350], "{found:#?}");
    assert_eq!(found.status, Status::Refer);
    assert!(found.because.iter().any(|it| it.contains("no method")), "{found:#?}");
}

#[test]
fn a_place_that_came_later_than_a_lawful_site_does_not_count() {
    let mut later = town(BUILDINGS);
    later.square("school", Part::Building, 200.0, 100.0).opened_on = Some(Moment::Day(day("2020-09-01")));

    let found = later.finding();

    assert_eq!(found.status, Status::Compliant, "{found:#?}");
    assert!(found.evidence[0].text.contains("came later"));

    let mut counts = town(&format!("{BUILDINGS}\nplace_later = \"counts\""));
    counts.square("school", Part::Building, 200.0, 100.0).opened_on = Some(Moment::Day(day("2020-09-01")));
    assert_eq!(counts.status(), Status::Violation);
}

#[test]
fn who_was_first_and_is_not_known_goes_to_an_attorney() {
    let mut town = town(BUILDINGS);
    town.square("school", Part::Building, 200.0, 100.0);

    let found = town.finding();

    assert_eq!(found.status, Status::Refer);
    assert!(found.because[0].contains("Since when the place"), "{found:#?}");
}

#[test]
fn a_place_that_was_closed_or_not_there_yet_does_not_count_on_that_day() {
    let mut town = town(BUILDINGS);
    town.square("school", Part::Building, 200.0, 100.0).closed_on = Some(Moment::Day(day("2025-06-30")));

    assert_eq!(town.status(), Status::Compliant);
    town.on = day("2025-06-01");
    assert_eq!(town.status(), Status::Refer);
}

#[test]
fn a_site_without_a_point_is_unknown_and_never_compliant() {
    for kind in [SCHOOLS, "kind = \"separation\"\nfrom_kinds = [\"massage_parlor\"]\nfeet = 500"] {
        let mut town = Town::of(kind);
        town.site = site(1, None);

        let found = town.finding();

        assert_eq!(found.status, Status::Unknown);
        assert_eq!(found.missing, ["the point of the site"]);
    }
}

#[test]
fn a_point_that_is_not_exact_enough_decides_nothing() {
    let mut town = town(SCHOOLS);
    town.square("school", Part::Lot, 480.0, 300.0).opened_on = Some(Moment::Day(day("2001-09-01")));
    town.site.point_meters = Some(30.0);

    assert_eq!(town.status(), Status::Unknown);
}

#[test]
fn another_site_within_the_distance_breaks_a_separation_and_itself_does_not() {
    let kind = "kind = \"separation\"\nfrom_kinds = [\"massage_parlor\"]\nfeet = 500\nmeasure = \"building\"";
    let mut town = Town::of(kind);
    assert_eq!(town.status(), Status::Compliant);

    town.others = vec![site(2, Some(300.0))];
    let found = town.finding();
    assert_eq!((found.status, found.measurements[0].site), (Status::Violation, Some(town.others[0].id.0)));

    town.others[0].status = sites::Status::Closed;
    assert_eq!(town.status(), Status::Compliant);
}

#[test]
fn a_law_that_lets_the_locality_prohibit_is_referred() {
    let kind = "kind = \"separation\"\nfrom_kinds = [\"massage_parlor\"]\nmiles = 50\nmeasure = \"building\"\neffect = \"may_prohibit\"";
    let mut town = Town::of(kind);
    town.others = vec![site(2, Some(150_000.0))];

    assert_eq!(town.status(), Status::Refer);
}

#[test]
fn more_sites_than_the_cap_allows_break_it() {
    let mut town = Town::of("kind = \"cap\"\nmost = 2\nper = \"city\"");
    town.others = vec![site(2, Some(9_000.0))];
    assert_eq!(town.status(), Status::Compliant);

    town.others.push(site(3, None));
    assert_eq!(town.status(), Status::Violation);
}

fn license(status: LicenseStatus, expires: &str) -> License {
    License {
        id: record(1),
        number: "L-1".to_owned(),
        status,
        on: day("2025-01-01"),
        starts_on: Some(day("2025-01-01")),
        expires_on: Some(day(expires)),
    }
}

#[test]
fn a_license_is_required_only_where_a_register_would_show_it() {
    let mut town = Town::of("kind = \"license_required\"\nholder = \"business\"");
    assert_eq!(town.status(), Status::Unknown);

    town.watched = true;
    assert_eq!(town.status(), Status::Violation);

    town.licenses = vec![license(LicenseStatus::Active, "2026-12-31")];
    assert_eq!(town.status(), Status::Compliant);

    town.licenses = vec![license(LicenseStatus::Revoked, "2026-12-31")];
    assert_eq!(town.status(), Status::Violation);
}

#[test]
fn a_lapsed_license_breaks_the_rule_since_the_day_after_its_term() {
    let mut town = Town::of("kind = \"license_lapsed\"");
    assert_eq!(town.status(), Status::NotApplicable);

    town.licenses = vec![license(LicenseStatus::Expired, "2026-06-30")];
    let found = town.finding();

    assert_eq!((found.status, found.since), (Status::Violation, Some(day("2026-07-01"))));
    town.on = day("2026-06-30");
    town.licenses[0].status = LicenseStatus::Active;
    assert_eq!(town.status(), Status::Compliant);
}

#[test]
fn the_agency_is_late_with_its_own_decision() {
    let mut town = Town::of("kind = \"decision_due\"\ndays = 60");
    town.licenses = vec![License { on: day("2026-09-01"), ..license(LicenseStatus::Pending, "2027-12-31") }];

    let found = town.finding();

    assert_eq!((found.status, found.since), (Status::Violation, Some(day("2026-11-01"))));
    town.on = day("2026-10-31");
    assert_eq!(town.status(), Status::Compliant);
}

#[test]
fn opening_hours_that_were_noted_are_held_against_the_law() {
    let kind = "kind = \"hours\"\nclosed_from = \"21:00\"\nclosed_to = \"08:00\"";
    let mut town = Town::of(kind);
    assert_eq!(town.status(), Status::Unknown);

    town.note("opening_hours", "daily 9:00-21:00");
    assert_eq!(town.status(), Status::Compliant);

    town.note("opening_hours", "daily 9:00-23:00");
    let found = town.finding();
    assert_eq!(found.status, Status::Violation);
    assert!(found.says.contains("Mon 21:00–23:00"), "{}", found.says);
}

#[test]
fn facts_answer_items_numbers_and_sums() {
    let table = [
        ("kind = \"posting\"\nitem = \"license_posted\"", "license_posted", "yes", "no"),
        ("kind = \"checklist_item\"\nitem = \"manager_named\"", "manager_named", "yes", "no"),
        ("kind = \"insurance\"\ndollars = 1000000", "insurance", "1000000", "999999"),
        ("kind = \"credential\"\nhours = 500", "training_hours", "500", "499"),
        ("kind = \"age\"\nwho = \"staff\"\nyears = 18", "youngest_staff", "18", "17"),
        ("kind = \"age\"\nwho = \"patron\"\nyears = 18", "youngest_patron", "21", "16"),
        ("kind = \"ownership_disclosure\"\npercent = 5", "owners_disclosed", "yes", "no"),
        ("kind = \"license_required\"\nholder = \"person\"", "practitioners_licensed", "yes", "no"),
    ];
    for (kind, fact, good, bad) in table {
        let mut town = Town::of(kind);
        assert_eq!(town.status(), Status::Unknown, "{kind}");
        assert!(!town.finding().missing.is_empty(), "{kind}");
        town.note(fact, good);
        assert_eq!(town.status(), Status::Compliant, "{kind}");
        town.note(fact, bad);
        assert_eq!(town.status(), Status::Violation, "{kind}");
    }
}

#[test]
fn notice_must_lead_the_opening() {
    let mut town = Town::of("kind = \"notice_lead\"\ndays = 60");
    town.note("notice_given_on", "2026-01-01");
    assert_eq!(town.status(), Status::Unknown);

    town.note("established_on", "2026-03-02");
    assert_eq!(town.status(), Status::Compliant);
    town.note("established_on", "2026-03-01");
    assert_eq!(town.status(), Status::Violation);
}

#[test]
fn visits_are_counted_over_a_year_of_business() {
    let mut town = Town::of("kind = \"inspection_due\"\nper_year = 2");
    let visit = |n: u128, on: &str| Visit { id: record(n), on: day(on), passed: Some(true) };
    town.visits = vec![visit(1, "2024-05-01"), visit(2, "2026-05-01")];
    assert_eq!(town.status(), Status::Violation);

    town.visits.push(visit(3, "2026-11-01"));
    assert_eq!(town.status(), Status::Compliant);
}

#[test]
fn a_visit_that_was_not_passed_asks_for_another() {
    let mut town = Town::of("kind = \"inspection_due\"\nafter_failure_days = 10");
    town.visits = vec![Visit { id: record(1), on: day("2026-11-01"), passed: Some(false) }];
    assert_eq!(town.finding().since, Some(day("2026-11-11")));
    assert_eq!(town.status(), Status::Violation);

    town.visits.push(Visit { id: record(2), on: day("2026-11-09"), passed: None });
    assert_eq!(town.status(), Status::Violation);
    town.visits.push(Visit { id: record(3), on: day("2026-11-09"), passed: Some(true) });
    assert_eq!(town.status(), Status::Compliant);
}

#[test]
fn a_correction_past_its_day_is_overdue_since_then() {
    let mut town = Town::of("kind = \"correction_overdue\"");
    town.open = vec![OpenItem {
        inspection: record(1),
        title: "Door lock".to_owned(),
        due_on: Some(day("2026-11-01")),
    }];

    let found = town.finding();

    assert_eq!((found.status, found.since), (Status::Violation, Some(day("2026-11-01"))));
    assert_eq!(found.evidence[0].text, "Door lock");
}

const NUISANCE: &str = "kind = \"incidents\"\nwindow_days = 365\nscope = \"unit\"\nat_least = \"B2\"\nstates = [\"charged\", \"convicted\"]\n\
    [[rules.classes]]\noffenses = [\"drug\"]\ncount = 1\nclause = \"(v)\"\n[[rules.classes]]\noffenses = [\"gambling\", \"liquor\"]\ncount = 2";

fn incident(n: u128, offense: &str, on: &str) -> Incident {
    Incident {
        id: record(n),
        offense: offense.to_owned(),
        on: day(on),
        at_site: true,
        charged: true,
        counts: true,
        reliability: Some("A".to_owned()),
        credibility: Some("2".to_owned()),
    }
}

#[test]
fn a_threshold_of_incidents_always_goes_to_an_attorney_with_the_dated_list() {
    let mut town = Town::of(NUISANCE);
    assert_eq!(town.status(), Status::Compliant);

    town.incidents = vec![incident(1, "drug", "2026-03-01")];
    let found = town.finding();

    assert_eq!((found.status, found.since), (Status::Refer, Some(day("2026-03-01"))));
    assert!(found.says.contains("Threshold (v) met on recorded incidents"), "{}", found.says);
    assert_eq!(found.evidence[0].on, Some(day("2026-03-01")));
}

#[test]
fn incidents_of_other_units_times_and_outcomes_do_not_count_and_classes_are_not_added_up() {
    let mut town = Town::of(NUISANCE);
    town.incidents = vec![
        Incident { at_site: false, ..incident(1, "drug", "2026-03-01") },
        Incident { counts: false, ..incident(2, "drug", "2026-03-01") },
        incident(3, "drug", "2025-11-23"),
        incident(4, "gambling", "2026-03-01"),
    ];
    assert_eq!(town.status(), Status::Compliant);

    town.incidents.push(incident(5, "liquor", "2026-03-02"));
    assert_eq!(town.status(), Status::Refer);
}

#[test]
fn incidents_without_charge_or_grade_are_unknown_and_no_threshold() {
    let mut town = Town::of(NUISANCE);
    town.incidents = vec![Incident { charged: false, ..incident(1, "drug", "2026-03-01") }];
    assert_eq!(town.status(), Status::Unknown);

    town.incidents = vec![Incident { reliability: None, ..incident(1, "drug", "2026-03-01") }];
    assert_eq!(town.status(), Status::Unknown);
    town.incidents =
        vec![Incident { reliability: Some("C".to_owned()), ..incident(1, "drug", "2026-03-01") }];
    assert_eq!(town.status(), Status::Unknown);
}

#[test]
fn a_disqualifier_of_persons_always_needs_individual_review() {
    let town = Town::of("kind = \"person_disqualifier\"\noffenses = [\"609.322\"]\nyears = 5");

    let found = town.finding();

    assert_eq!(found.status, Status::Unknown);
    assert!(found.says.contains("individual review") && found.missing[0].contains("background check"));
}
