//! The laws of the score, as tests: worked by hand, in any order, never lowered by bad news, blind to the future.

use chrono::NaiveDate;
use proptest::prelude::*;
use uuid::Uuid;

use super::assess::assess;
use super::card::{Capacity, Card, Cards};
use super::input::*;
use super::population::{Population, Typical};
use super::rank::{Candidate, Standing, Tier, rank};
use super::reason::{Aging, Assessment, Gap};
use super::score::{Score, score_site};
use super::{Centipoints, Family, Feature};
use crate::clock::Moment;

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
fn tiers_hold_as_many_sites_as_the_teams_can_take() {
    let capacity = Capacity { share: 0.05, at_least: 2 };
    let sites = (0..100).map(|it| candidate(it, (it as i64 % 7) * 100));

    let (ranked, cutoffs) = rank(capacity, 100, sites.clone(), as_of());

    let count = |tier| ranked.iter().filter(|it| it.tier == tier).count();
    assert_eq!([Tier::First, Tier::Second, Tier::Third].map(count), [5, 5, 90]);
    let (other_order, _) = rank(capacity, 100, sites.clone().rev(), as_of());
    assert_eq!(ranked, other_order);
    for it in sites.filter(|it| it.has_reason) {
        let tier = ranked.iter().find(|ranked| ranked.site == it.site).unwrap().tier;
        assert_eq!(cutoffs.tier(Standing::of(it.site, it.points, as_of())), tier);
    }
}

#[test]
fn a_small_kind_fits_into_the_first_tier() {
    let (ranked, cutoffs) = rank(card().capacity, 3, (1..4).map(|it| candidate(it, 1)), as_of());

    assert!(ranked.iter().all(|it| it.tier == Tier::First));
    assert_eq!(cutoffs.tier(Standing::of(Uuid::nil(), Centipoints(1), as_of())), Tier::First);
    assert_eq!([200, 201, 10].map(|n_open| card().capacity.sites(n_open)), [10, 11, 10]);
}

#[test]
fn a_site_without_a_reason_fills_no_tier() {
    let capacity = Capacity { share: 0.05, at_least: 2 };
    // Much is unknown of the others, so that what is typical of their kind lifts them above those with a reason.
    let typical = (5..20).map(|it| Candidate { has_reason: false, ..candidate(it, 900) });

    let (ranked, cutoffs) = rank(capacity, 20, (1..4).map(|it| candidate(it, 100)).chain(typical), as_of());

    let tiers: Vec<Tier> = ranked.iter().map(|it| it.tier).collect();
    assert_eq!(tiers[..4], [Tier::First, Tier::First, Tier::Second, Tier::Third]);
    assert!(tiers[4..].iter().all(|it| *it == Tier::Third));
    assert!(ranked[..3].iter().all(|it| it.site < Uuid::from_u128(5)));
    assert_eq!(cutoffs.second, None);
}

fn candidate(n: u128, points: i64) -> Candidate {
    Candidate { site: Uuid::from_u128(n), points: Centipoints(points), has_reason: points > 0 }
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

fn days() -> impl Strategy<Value = NaiveDate> {
    (0..4000i64).prop_map(|back| day("2026-11-23") - chrono::Days::new(back as u64))
}

fn whats() -> impl Strategy<Value = (RecordKind, What)> {
    let outcome = prop_oneof![
        Just(Outcome::Passed),
        Just(Outcome::CorrectBy),
        Just(Outcome::NotPassed),
        Just(Outcome::Refused),
        Just(Outcome::Unknown)
    ];
    let visit = (outcome, prop::option::of(days()))
        .prop_map(|(outcome, reinspect_by)| What::Visit { outcome, reinspect_by });
    let severity = prop_oneof![Just(Severity::Critical), Just(Severity::Major), Just(Severity::Minor)];
    let state = prop_oneof![
        Just(ViolationState::Open),
        Just(ViolationState::Unknown),
        prop::option::of(days()).prop_map(ViolationState::Closed)
    ];
    let violation = (severity, state).prop_map(|(severity, state)| What::Violation { severity, state });
    let about = prop_oneof![Just(Complaint::Trafficking), Just(Complaint::Nuisance)];
    let found = prop_oneof![Just(Found::Nothing), Just(Found::Confirmed), Just(Found::Unfounded)];
    let complaint = (about, any::<bool>(), found).prop_map(|(about, anonymous, found)| What::Complaint {
        about,
        anonymous,
        found,
    });
    let license =
        prop::option::of(days()).prop_map(|until| What::License { state: LicenseState::Active, until });
    prop_oneof![
        visit.prop_map(|it| (RecordKind::Inspection, it)),
        violation.prop_map(|it| (RecordKind::Inspection, it)),
        complaint.prop_map(|it| (RecordKind::Complaint, it)),
        license.prop_map(|it| (RecordKind::License, it)),
    ]
}

prop_compose! {
    fn an_event()(
        (kind, what) in whats(), id in 0u128..1_000_000, occurred in days(), late in 0u64..60, source in 0u64..3,
        link in 0u16..=1000, grade in ("[A-F]", "[1-6]"), origin in prop::sample::select(Origin::ALL)
    ) -> Event {
        Event {
            record: RecordRef { kind, id: Uuid::from_u128(id), part: 0 },
            version: 0,
            source: Source(source),
            occurred: Moment::Day(occurred),
            recorded: Moment::Day(occurred + chrono::Days::new(late)),
            what,
            grade: Grade::parse(&grade.0, &grade.1),
            origin,
            link: Certainty(link),
        }
    }
}

fn some_events() -> impl Strategy<Value = Vec<Event>> {
    prop::collection::vec(an_event(), 0..30)
}

/// A watched site with one passed visit on record, so that its families are known whatever else comes.
fn known_site() -> (Site, Event) {
    let watched = Watched { complaints: true, continuity: true, licenses: true };
    (Site { watched, ..site() }, visit(u128::MAX, "2025-11-23", Outcome::Passed))
}

proptest! {
    #[test]
    fn the_order_of_the_input_does_not_matter((events, other) in some_events().prop_flat_map(|it| (Just(it.clone()), Just(it).prop_shuffle()))) {
        prop_assert_eq!(score(&site(), &events), score(&site(), &other));
    }

    #[test]
    fn the_future_changes_nothing(events in some_events(), mut later in some_events()) {
        for it in &mut later {
            it.recorded = Moment::Instant(day("2026-11-24").and_hms_opt(0, 0, 0).unwrap().and_utc());
        }
        let poisoned: Vec<Event> = later.into_iter().chain(events.iter().copied()).collect();

        prop_assert_eq!(score(&site(), &poisoned), score(&site(), &events));
    }

    #[test]
    fn one_more_visit_not_passed_never_lowers_a_score(mut events in some_events(), more in days(), due in prop::option::of(days())) {
        let (site, passed) = known_site();
        events.push(passed);
        let before = score(&site, &events);
        let what = What::Visit { outcome: Outcome::NotPassed, reinspect_by: due };
        events.push(Event { occurred: Moment::Day(more), recorded: Moment::Day(more), ..event(RecordKind::Inspection, 2_000_000, "2026-11-23", what) });

        let after = score(&site, &events);

        prop_assert!(after.points >= before.points && after.low >= before.low && after.high >= before.high);
    }

    #[test]
    fn one_more_complaint_or_violation_never_lowers_a_score(events in some_events(), mut more in an_event()) {
        prop_assume!(matches!(more.what, What::Complaint { .. } | What::Violation { .. }));
        more.record.id = Uuid::from_u128(2_000_000);
        let before = score(&site(), &events);
        let with: Vec<Event> = events.into_iter().chain([more]).collect();

        let after = score(&site(), &with);

        prop_assert!(after.points >= before.points && after.low >= before.low);
    }

    #[test]
    fn the_reasons_and_what_is_typical_add_up_to_the_score(events in some_events()) {
        let score = score(&site(), &events);

        for it in &score.families {
            let counted = score.reasons.iter().filter(|reason| reason.feature.family() == it.family).map(|reason| reason.counted);
            prop_assert_eq!(counted.sum::<Centipoints>(), it.points);
            prop_assert!(it.points.0 + it.typical.0 <= it.cap.0);
        }
        let sum: i64 = score.families.iter().map(|it| it.points.0 + it.typical.0).sum();
        prop_assert_eq!(score.points.0, sum);
        prop_assert!(score.low <= score.points && score.points <= score.high && score.high <= Centipoints::FULL);
        prop_assert!(score.reasons.iter().all(|it| it.counted <= it.points && (it.aging == Aging::Open || it.weights.age <= 1.0)));
    }

    #[test]
    fn no_record_counts_for_more_than_its_base_points(events in some_events()) {
        let score = score(&site(), &events);

        prop_assert!(score.reasons.iter().all(|it| it.points <= card().base(it.feature)));
        prop_assert!(score.reasons.iter().all(|it| it.feature != Feature::LicenseNone || it.record.kind == RecordKind::Site));
    }
}
