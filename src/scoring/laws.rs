//! The laws of the score, as tests: here examples worked by hand, in [`any_input`] what holds for all.

use chrono::NaiveDate;
use uuid::Uuid;

use super::assess::assess;
use super::card::{Card, Cards};
use super::input::*;
use super::population::{Population, Typical};
use super::reason::{Aging, Assessment, Gap};
use super::score::{Score, score_site};
use super::{Centipoints, Family, Feature};
use crate::clock::Moment;

mod any_input;

const TYPICAL: Typical = Typical { sites: 50, median: Centipoints(2000), high: Centipoints(5000) };

fn card() -> Card {
    Card::parse("expert.toml", include_str!("../../data/models/expert.toml")).unwrap()
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn as_of() -> Moment {
    Moment::Day(day("2026-11-23"))
}

fn site() -> Site {
    Site { id: Uuid::from_u128(1), open: true, watched: Watched::default() }
}

fn event(kind: RecordKind, id: u128, on: &str, what: What) -> Event {
    Event {
        record: RecordRef { kind, id: Uuid::from_u128(id), part: 0 },
        version: 0,
        source: Source(7),
        occurred: Moment::Day(day(on)),
        recorded: Moment::Day(day(on)),
        what,
        grade: None,
        origin: Origin::Duty,
        link: Certainty::FULL,
    }
}

fn visit(id: u128, on: &str, outcome: Outcome) -> Event {
    event(RecordKind::Inspection, id, on, What::Visit { outcome, reinspect_by: None })
}

fn violation(id: u128, part: u16, on: &str, severity: Severity, state: ViolationState) -> Event {
    let it = event(RecordKind::Inspection, id, on, What::Violation { severity, state });
    Event { record: RecordRef { part, ..it.record }, ..it }
}

fn complaint(id: u128, on: &str, anonymous: bool) -> Event {
    let what = What::Complaint { about: Complaint::Trafficking, anonymous, found: Found::Nothing };
    Event { origin: Origin::Citizen, ..event(RecordKind::Complaint, id, on, what) }
}

fn license(id: u128, until: &str) -> Event {
    let what = What::License { state: LicenseState::Active, until: Some(day(until)) };
    event(RecordKind::License, id, "2025-01-01", what)
}

fn score(site: &Site, events: &[Event]) -> Score {
    score_site(&card(), site, events, TYPICAL, as_of())
}

fn family(score: &Score, family: Family) -> (i64, i64) {
    let it = score.families.iter().find(|it| it.family == family).unwrap();
    (it.points.0, it.typical.0)
}

/// Worked by hand, with the shipped card, as of November 23, 2026.
///
/// - Visit 1, 730 days before, not passed: it is the earlier one: 6 × 2^(-730/545) = 6 × .3952 = 2.37, as the
///   second of its like × 1/2 = 1.19. Its critical violation was put right on the same day: it fades by half in
///   730 days: 12 × .5 = 6.00.
/// - Visit 2, today, not passed: 6.00. Its critical violation is open: 12.00; so the closed one is the second
///   of its like and counts half: 3.00. A major one is open: 6.00.
/// - Reinspection due in October: 4.00. Visits and follow-up: 1.19 + 6.00 + 4.00 = 11.19 of 15.
/// - The license ended in August: 10.00. Compliance: 12 + 3 + 6 + 10 = 31.00 of 35.
/// - An anonymous complaint, 180 days old: 8 × F6 (.4 × .4 = .16) × .5 = .64. Complaints are not watched, so the
///   rest of the cap counts as typical: (20 - .64) × .20 = 3.872.
/// - Incidents and continuity are not known: 20 × .20 = 4.00 and 10 × .20 = 2.00.
/// - Score: 31.00 + .64 + 11.19 + 3.87 + 4.00 + 2.00 = 52.70; known: 35 + 15 of 100.
/// - Low: 42.83. High, at 50 for the unknown: 42.83 + 9.68 + 10 + 5 = 67.51.
#[test]
fn a_score_is_what_a_hand_works_out() {
    let due = What::Visit { outcome: Outcome::NotPassed, reinspect_by: Some(day("2026-10-13")) };
    let events = [
        visit(1, "2024-11-23", Outcome::NotPassed),
        violation(1, 1, "2024-11-23", Severity::Critical, ViolationState::Closed(Some(day("2024-11-23")))),
        event(RecordKind::Inspection, 2, "2026-11-23", due),
        violation(2, 1, "2026-11-23", Severity::Critical, ViolationState::Open),
        violation(2, 2, "2026-11-23", Severity::Major, ViolationState::Open),
        license(3, "2026-08-31"),
        complaint(4, "2026-05-27", true),
    ];

    let score = score(&site(), &events);

    assert_eq!(family(&score, Family::Compliance), (3100, 0));
    assert_eq!(family(&score, Family::Complaints), (64, 387));
    assert_eq!(family(&score, Family::Incidents), (0, 400));
    assert_eq!(family(&score, Family::History), (1119, 0));
    assert_eq!(family(&score, Family::Continuity), (0, 200));
    assert_eq!([score.low, score.points, score.high].map(|it| it.0), [4283, 5270, 6751]);
    assert_eq!(score.coverage, 500);
    let told: Vec<String> =
        score.reasons.iter().map(|it| format!("+{} {} ({})", it.counted, it.title(), it.how())).collect();
    assert_eq!(
        told,
        [
            "+12.0 Critical violation, open (critical 12 · open)",
            "+10.0 License lapsed, still open (no license 10 · open)",
            "+6.0 Major violation, open (major 6 · open)",
            "+3.0 Critical violation, since put right (critical 12 × age .50 × ½)",
            "+0.6 Anonymous complaint, not confirmed: signs of people held or sold (complaint 8 × source .16 × age .50)",
            "+6.0 Last visit not passed (not passed 6)",
            "+4.0 Reinspection 41 days overdue (overdue 4)",
            "+1.2 Earlier visit not passed (not passed 6 × age .40 × ½)",
        ]
    );
}

#[test]
fn where_nothing_is_known_the_site_is_typical_and_not_scored() {
    let score = score(&site(), &[]);

    assert!(!score.scored && score.coverage == 0);
    assert_eq!([score.low, score.points, score.high].map(|it| it.0), [0, 2000, 5000]);
    assert!(score.gaps.contains(&Gap::NoRecentVisit) && score.gaps.contains(&Gap::NoComplaintFeed));
}

#[test]
fn what_is_watched_and_silent_is_known_to_be_nothing() {
    let watched = Watched { complaints: true, continuity: true, licenses: true };
    let site = Site { watched, ..site() };

    let score = score(&site, &[license(1, "2027-01-01"), visit(2, "2026-11-01", Outcome::Passed)]);

    assert_eq!((score.coverage, score.points.0), (800, 400));
    assert!(score.reasons.is_empty());
}

#[test]
fn an_open_site_that_its_register_never_listed_has_no_license() {
    let watched = Watched { licenses: true, ..Watched::default() };

    let open = score(&Site { watched, ..site() }, &[]);
    let closed = score(&Site { watched, open: false, ..site() }, &[license(1, "2026-08-31")]);

    assert_eq!(open.reasons[0].title(), "Open, and not in the license register");
    assert_eq!(open.reasons[0].record.kind, RecordKind::Site);
    assert!(closed.reasons.is_empty());
}

#[test]
fn a_hundred_anonymous_complaints_count_for_six_points_at_most() {
    let bombed: Vec<Event> = (0..100).map(|it| complaint(it, "2026-11-23", true)).collect();
    let one_source: Vec<Event> = (0..100).map(|it| complaint(it, "2026-11-23", false)).collect();

    let anonymous = family(&score(&site(), &bombed), Family::Complaints).0;
    // 8 × B2 (.64) × (1 + 1/2 + ... + 1/100 = 5.187) would be 26.6: the cap is 20.
    let known = family(&score(&site(), &one_source), Family::Complaints).0;
    let of_ten = family(&score(&site(), &one_source[..10]), Family::Complaints).0;

    assert_eq!((anonymous, known), (600, 2000));
    assert_eq!(of_ten, 1499, "5.12 + 2.56 + 1.71 + 1.28 + 1.02 + .85 + .73 + .64 + .57 + .51");
}

#[test]
fn an_unfounded_complaint_counts_for_nothing_and_a_confirmed_one_for_more() {
    let told = |found| {
        let what = What::Complaint { about: Complaint::Trafficking, anonymous: true, found };
        let it = Event { what, ..complaint(1, "2026-11-23", true) };
        family(&score(&site(), &[it]), Family::Complaints).0
    };

    assert_eq!([Found::Unfounded, Found::Nothing, Found::Confirmed].map(told), [0, 128, 384]);
}

#[test]
fn what_our_own_visits_provoke_counts_for_nothing() {
    let told = |origin| {
        family(&score(&site(), &[Event { origin, ..complaint(1, "2026-11-23", false) }]), Family::Complaints)
            .0
    };

    assert_eq!(
        [Origin::Provoked, Origin::Officer, Origin::Agency, Origin::Citizen].map(told),
        [0, 128, 410, 512]
    );
}

#[test]
fn the_newest_version_known_by_then_counts() {
    let first = visit(1, "2026-01-10", Outcome::NotPassed);
    let corrected =
        Event { recorded: Moment::Day(day("2026-03-01")), ..visit(1, "2026-01-10", Outcome::Passed) };
    let withdrawn = Event { recorded: Moment::Day(day("2026-05-01")), what: What::Withdrawn, ..first };
    let events = [withdrawn, first, corrected];

    let then = |on: &str| {
        let it = score_site(&card(), &site(), &events, TYPICAL, Moment::Day(day(on)));
        (it.reasons.len(), it.coverage)
    };

    assert_eq!(
        [then("2026-01-09"), then("2026-02-01"), then("2026-04-01"), then("2026-06-01")],
        [(0, 0), (1, 150), (0, 500), (0, 0)]
    );
}

#[test]
fn a_record_dated_in_the_future_is_left_out_and_named() {
    let odd =
        Event { recorded: Moment::Day(day("2026-01-01")), ..visit(1, "9999-12-31", Outcome::NotPassed) };

    let score = score(&site(), &[odd]);

    assert!(score.reasons.is_empty() && score.gaps.contains(&Gap::NotYetHappened(odd.record)));
}

#[test]
fn adjudicated_closings_end_to_count_after_five_years() {
    let told = |on: &str| {
        let it = event(RecordKind::Adjudication, 1, on, What::Continuity { of: Continuity::Premises });
        family(&score(&site(), &[it]), Family::Continuity).0
    };

    assert_eq!(["2026-11-23", "2021-11-24", "2021-11-23"].map(told), [1000, 315, 0]);
}

#[test]
fn what_is_typical_comes_from_the_kind_or_from_all_kinds() {
    let cards = Cards::new(vec![card()]).unwrap();
    let of = |n: u128| -> Assessment {
        let outcome = if n.is_multiple_of(5) { Outcome::NotPassed } else { Outcome::Passed };
        let violation = violation(n, 1, "2026-11-23", Severity::Critical, ViolationState::Open);
        assess(&card(), &site(), &[visit(n, "2026-11-23", outcome), violation], as_of())
    };
    let spas: Vec<Assessment> = (1..=20).map(of).collect();
    let rare: Vec<Assessment> = (1..=2).map(of).collect();
    let unknown = assess(&card(), &site(), &[], as_of());
    let all = || spas.iter().map(|it| ("sauna_spa", it)).chain(rare.iter().map(|it| ("lodging", it)));

    let population = Population::of(&cards, as_of(), all().chain([("sauna_spa", &unknown)]));

    // 12 of 50 known points are 24.00 of 100; with the last visit not passed, 18 of 50 are 36.00.
    let spa = Typical { sites: 20, median: Centipoints(2400), high: Centipoints(3600) };
    assert_eq!(population.typical(&cards, "sauna_spa"), spa);
    assert_eq!(population.typical(&cards, "lodging"), Typical { sites: 2, ..spa });
    assert_eq!(population.typical(&cards, "strip_club").median, card().unknown.typical);
}

#[test]
fn a_score_survives_being_stored() {
    let score =
        score(&site(), &[complaint(1, "2026-02-03", true), visit(2, "2026-02-03", Outcome::NotPassed)]);

    let stored = serde_json::to_string(&score).unwrap();

    assert_eq!(serde_json::from_str::<Score>(&stored).unwrap(), score);
}

#[test]
fn one_card_serves_all_other_kinds() {
    let general = card();
    let spas = Card { id: "spas".into(), kinds: vec!["sauna_spa".into()], ..card() };

    let cards = Cards::new(vec![general.clone(), spas.clone()]).unwrap();

    assert_eq!(
        (cards.of_kind("sauna_spa").id.as_str(), cards.of_kind("lodging").id.as_str()),
        ("spas", "expert")
    );
    assert!(Cards::new(vec![spas.clone()]).unwrap_err().contains("kinds = []"));
    assert!(Cards::new(vec![general.clone(), general.clone()]).is_err());
    assert!(Cards::new(vec![general, spas.clone(), spas]).unwrap_err().contains("sauna_spa"));
}
