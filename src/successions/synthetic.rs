//! Invented states with known successions and with decoys, on which the detector is fitted (seeds 0 to 9) and measured
//! (seeds 200 to 209, never looked at while the weights were chosen).

mod fit;
mod measure;
mod state;

use std::sync::LazyLock;

use measure::{Measured, measure};
use state::{Sort, State};

/// Never looked at while the weights were chosen.
const HELD_OUT: std::ops::Range<u64> = 200..210;

/// Looked at while they were.
const KNOWN: std::ops::Range<u64> = 0..10;

static MEASURED: LazyLock<Measured> = LazyLock::new(|| {
    let states: Vec<State> = HELD_OUT.map(State::invent).collect();
    assert!(states.iter().all(|it| it.sites.len() >= 3_000));
    measure(&states)
});

#[test]
fn successions_are_found_among_decoys() {
    let measured = &*MEASURED;

    // The floors lie just below what was measured.
    assert!(measured.precision(500) >= 0.91 && measured.recall(500) >= 0.75, "{measured}");
    assert!(measured.precision(300) >= 0.87 && measured.recall(300) >= 0.77, "{measured}");
    assert!(measured.first_right() >= 0.98, "{measured}");
}

#[test]
fn what_is_called_likely_comes_true_as_often() {
    let measured = &*MEASURED;

    let bins = measured.bins();
    let off = |it: &measure::Bin| (it.said - it.came_true).abs();
    let n: usize = bins.iter().map(|it| it.n).sum();
    let on_average = bins.iter().map(|it| off(it) * it.n as f64).sum::<f64>() / n as f64;
    assert!(on_average <= 0.05, "{on_average}\n{measured}");
    assert!(bins.iter().filter(|it| it.n >= 100).all(|it| off(it) <= 0.20), "{measured}");
}

#[test]
fn what_only_looks_like_one_is_seldom_proposed() {
    let measured = &*MEASURED;

    for decoy in Sort::DECOYS {
        let (proposed, all) = measured.decoy(*decoy);
        // Whether an owner of several goes on or opens one more, only a person can find out.
        let most = if *decoy == Sort::Chain { 0.60 } else { 0.25 };
        assert!(
            all > 0 && proposed as f64 <= most * all as f64,
            "{decoy:?}: {proposed} of {all}\n{measured}"
        );
    }
}

#[test]
fn names_and_numbers_of_parties_do_not_matter_but_for_being_equal() {
    let state = State::invent(3);
    let mut other = state.sites.clone();
    other
        .iter_mut()
        .flat_map(|it| &mut it.parties)
        .for_each(|it| it.0 = it.0.wrapping_mul(0x9e37_79b9) ^ 0x55);

    let (one, other) = (super::detect::detect(&state.sites), super::detect::detect(&other));

    assert_eq!(one.candidates, other.candidates);
}

#[test]
fn the_probability_is_fitted_on_the_known_states() {
    let states: Vec<State> = KNOWN.map(State::invent).collect();

    let (slope, intercept) = fit::fit(&states);

    let built_in = super::weigh::FIT;
    assert!((slope - built_in.0).abs() < 0.02 && (intercept - built_in.1).abs() < 0.1, "{slope} {intercept}");
}
