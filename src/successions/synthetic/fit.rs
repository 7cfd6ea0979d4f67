//! The fit of probabilities: conditional logistic regression (McFadden 1974), as a site has one successor or none.

use std::collections::BTreeMap;

use super::state::{Sort, State};
use crate::successions::detect::detect_from;

/// The candidates' weights of one site that ended, in bits, and which of them is its successor.
struct Choice {
    weights: Vec<f64>,
    chosen: Option<usize>,
}

/// Slope and intercept that make what is known of these states likeliest, by Newton's method.
pub(super) fn fit(states: &[State]) -> (f64, f64) {
    let choices: Vec<Choice> = states.iter().flat_map(choices).collect();
    let (mut slope, mut intercept) = (0.7, -4.0);
    for _ in 0..25 {
        let (gradient, [a, b, c]) = derivatives(&choices, slope, intercept);
        let determinant = a * c - b * b;
        slope += (c * gradient.0 - b * gradient.1) / determinant;
        intercept += (a * gradient.1 - b * gradient.0) / determinant;
    }
    (slope, intercept)
}

fn choices(state: &State) -> Vec<Choice> {
    let mut by_site: BTreeMap<usize, Choice> = BTreeMap::new();
    for it in detect_from(&state.sites, 0).candidates {
        let choice = by_site.entry(it.from).or_insert(Choice { weights: Vec::new(), chosen: None });
        if state.pairs.get(&(it.from, it.to)).is_some_and(|it| Sort::TRUE.contains(it)) {
            choice.chosen = Some(choice.weights.len());
        }
        choice.weights.push(f64::from(it.evidence.weight()) / 100.0);
    }
    by_site.into_values().collect()
}

/// The gradient of the logarithm of the likelihood, and the negative of its second derivatives.
fn derivatives(choices: &[Choice], slope: f64, intercept: f64) -> ((f64, f64), [f64; 3]) {
    let (mut gradient, mut second) = ((0.0, 0.0), [0.0; 3]);
    for choice in choices {
        let odds: Vec<f64> = choice.weights.iter().map(|it| (slope * it + intercept).exp2()).collect();
        let all = 1.0 + odds.iter().sum::<f64>();
        let any = (all - 1.0) / all;
        let mean = |power: i32| {
            choice
                .weights
                .iter()
                .zip(&odds)
                .map(|(weight, odds)| weight.powi(power) * odds / all)
                .sum::<f64>()
        };
        let chosen = choice.chosen.map(|it| choice.weights[it]);
        gradient.0 += chosen.unwrap_or(0.0) - mean(1);
        gradient.1 += f64::from(u8::from(chosen.is_some())) - any;
        second[0] += mean(2) - mean(1) * mean(1);
        second[1] += mean(1) - mean(1) * any;
        second[2] += any - any * any;
    }
    // Odds are powers of two.
    let bit = std::f64::consts::LN_2;
    ((gradient.0, gradient.1), second.map(|it| it * bit))
}
