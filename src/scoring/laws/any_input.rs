//! Laws that hold for any records: in any order, blind to the future, never lowered by bad news, adding up.

use proptest::prelude::*;

use super::*;

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
