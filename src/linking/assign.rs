//! From the odds of single pairs to probabilities, given that a row has at most one counterpart: candidates compete.

use super::register::Candidate;

/// Probabilities where each row of either side has at most one counterpart: the marginals of all such matchings, each as
/// likely as the product of its odds, by belief propagation (Huang and Jebara, Approximating the permanent with belief
/// propagation, 2009). In the order of `rows` and their candidates; `n_right` is the size of the register.
pub fn one_to_one(rows: &[Vec<Candidate>], n_right: usize) -> Vec<Vec<f64>> {
    // What a side's other candidates leave to this one: 1 for everything.
    let mut by_left: Vec<Vec<f64>> = rows.iter().map(|row| vec![1.0; row.len()]).collect();
    let mut by_right = by_left.clone();
    let mut claims = vec![0.0; n_right];
    for _ in 0..ROUNDS {
        claims.fill(0.0);
        for (row, left) in rows.iter().zip(&by_left) {
            for (it, left) in row.iter().zip(left) {
                claims[it.at as usize] += it.odds * left;
            }
        }
        for (row, (left, right)) in rows.iter().zip(by_left.iter_mut().zip(&mut by_right)) {
            for (n, it) in row.iter().enumerate() {
                let others = (claims[it.at as usize] - it.odds * left[n]).max(0.0);
                right[n] = 0.5 * (right[n] + 1.0 / (1.0 + others));
            }
            let all: f64 = row.iter().zip(&*right).map(|(it, right)| it.odds * right).sum();
            for (n, it) in row.iter().enumerate() {
                left[n] = 1.0 / (1.0 + (all - it.odds * right[n]).max(0.0));
            }
        }
    }
    let marginal = |it: &Candidate, left: &f64, right: &f64| {
        let odds = it.odds * left * right;
        odds / (1.0 + odds)
    };
    let row = |row: &Vec<Candidate>, left: &Vec<f64>, right: &Vec<f64>| {
        row.iter().zip(left.iter().zip(right)).map(|(it, (left, right))| marginal(it, left, right)).collect()
    };
    rows.iter().zip(by_left.iter().zip(&by_right)).map(|(it, (left, right))| row(it, left, right)).collect()
}

/// Probabilities where each row has at most one counterpart, but a row of the register may have many.
pub fn many_to_one(row: &[Candidate]) -> Vec<f64> {
    let all: f64 = 1.0 + row.iter().map(|it| it.odds).sum::<f64>();
    row.iter().map(|it| it.odds / all).collect()
}

/// Probabilities where each pair stands for itself, as among doubles within one register.
pub fn each(row: &[Candidate]) -> Vec<f64> {
    row.iter().map(|it| it.odds / (1.0 + it.odds)).collect()
}

const ROUNDS: usize = 40;
