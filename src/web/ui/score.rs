//! Scores: number, interval, coverage, families and reasons. They never stand without the standing sentence.

use maud::{Markup, PreEscaped, html};

use super::icon::{Icon, icon};
use crate::web::format;

/// What a score is made of, in points of 100.
#[derive(Clone, Copy, Debug)]
pub struct Score {
    /// The score.
    pub points: f64,
    /// The lower end of its interval.
    pub low: f64,
    /// The upper end of its interval.
    pub high: f64,
    /// The share of what could be known that is known, 0 to 1.
    pub coverage: f64,
    /// What is typical of the kind, if that was found out.
    pub typical: Option<f64>,
}

/// What stands with every score.
pub const STANDING_SENTENCE: &str = "Triage aid: not evidence, not probable cause";

/// The words that stand wherever a score does.
pub fn standing_sentence() -> Markup {
    html! { span.standing { (icon(Icon::Scales)) (STANDING_SENTENCE) } }
}

/// The score with its interval, coverage, and place between 0 and 100; the standing sentence below.
pub fn score_block(points: f64, low: f64, high: f64, coverage: f64, typical: Option<f64>) -> Markup {
    let score = Score { points, low, high, coverage, typical };
    html! {
        div.score-block {
            p.score {
                span.big { (format::score(points)) }
                span.range { "[" (format::range(low, high)) "]" }
                span.coverage { "coverage " b { (format::coverage(coverage)) } }
            }
            (gauge(&score))
            p { (standing_sentence()) }
        }
    }
}

/// The place of a score between 0 and 100 as a small line, for rows of lists; its numbers stand beside it.
pub fn mini_score(points: f64, low: f64, high: f64) -> Markup {
    let [points, low, high] = [points, low, high].map(|it| it.clamp(0.0, 100.0) * 0.58);
    html! {
        svg.mini width="58" height="8" viewBox="0 0 58 8" aria-hidden="true" {
            path d="M0 4H58" stroke="#dfe1e2" stroke-width="1.5" {}
            path d={ "M" (tenth(low)) " 4H" (tenth(high)) } stroke="#6499af" stroke-width="4" {}
            circle cx=(tenth(points)) cy="4" r="2.6" fill="#074b69" {}
        }
    }
}

fn gauge(score: &Score) -> Markup {
    let place = |points: f64| tenth(points.clamp(0.0, 100.0) * 3.0);
    let typical = score.typical.map(|it| format!("; typical is {}", format::score(it))).unwrap_or_default();
    let name = format!(
        "Score {} of 100, likely between {} and {}{typical}",
        format::score(score.points),
        format::score(score.low),
        format::score(score.high)
    );
    html! {
        svg.gauge viewBox="0 0 300 42" role="img" aria-label=(name) {
            path d="M0 14H300" stroke="#dfe1e2" stroke-width="8" {}
            path d={ "M" (place(score.low)) " 14H" (place(score.high)) } stroke="#6499af" stroke-width="8" {}
            @if let Some(typical) = score.typical {
                path d={ "M" (place(typical)) " 6v16" } stroke="#565c65" stroke-width="1.5" {}
            }
            circle cx=(place(score.points)) cy="14" r="7.5" fill="#074b69" stroke="#fff" stroke-width="2" {}
            (keys(score))
        }
    }
}

/// The numbers under the gauge. A number that would stand on another is left out; all are in its name.
fn keys(score: &Score) -> Markup {
    let far = |a: f64, b: f64| (a - b).abs() >= 8.0;
    let at = |points: f64| points.clamp(0.0, 100.0);
    let (low, high) = (at(score.low), at(score.high));
    let typical = score.typical.map(at).filter(|it| (far(*it, low) || *it < low) && *it > 24.0 && *it < high);
    let typical = typical.filter(|it| *it <= low - 4.0);
    html! {
        g.keys {
            @if far(low, 0.0) { text x="0" y="37" { "0" } }
            @if let Some(it) = typical { text x=(tenth(it * 3.0)) y="37" text-anchor="end" { "typical " (format::score(it)) } }
            text.end x=(tenth(low * 3.0)) y="37" text-anchor=(anchor(low)) { (format::score(low)) }
            @if far(high, low) {
                text.end x=(tenth(high * 3.0)) y="37" text-anchor=(anchor(high)) { (format::score(high)) }
            }
            @if far(high, 100.0) { text x="300" y="37" text-anchor="end" { "100" } }
        }
    }
}

fn anchor(points: f64) -> &'static str {
    match points {
        ..2.0 => "start",
        98.0.. => "end",
        _ => "middle",
    }
}

/// A family of reasons: its points of its cap as a bar, hatched as far as it is not known (`known_share` 0 to 1).
/// The longest bar belongs to a cap of 35 points.
pub fn family_row(label: &str, points: f64, cap: f64, known_share: f64) -> Markup {
    const LONGEST: f64 = 35.0;
    let length = |points: f64| (points / LONGEST * 250.0).clamp(0.0, 250.0);
    let (full, filled) = (length(cap), length(points.clamp(0.0, cap)));
    let known = known_share.clamp(0.0, 1.0);
    let hatched = (full - filled) * (1.0 - known);
    let state = match known {
        0.0 => ", not known",
        it if it < 1.0 => ", partly known",
        _ => "",
    };
    html! {
        div.family {
            span.label { (label) }
            svg viewBox="0 0 250 11" preserveAspectRatio="none" aria-hidden="true" {
                rect x="0.5" y="0.5" width=(tenth((full - 1.0).max(0.0))) height="10" fill="#fff" stroke="#a9aeb1" {}
                (PreEscaped(hatch(full - hatched, full)))
                rect x="0" y="0" width=(tenth(filled)) height="11" fill="#07648d" {}
            }
            span.of {
                b { @if known == 0.0 && points == 0.0 { "–" } @else { (format!("{points:.1}")) } }
                " of " (format!("{cap:.0}"))
                span.usa-sr-only { (state) }
            }
        }
    }
}

/// Slanted lines between two places of the bar.
fn hatch(from: f64, to: f64) -> String {
    let mut lines = String::new();
    let mut at = from;
    while at + 5.0 <= to {
        lines.push_str(&format!("M{} 10.5 {} .5", tenth(at), tenth(at + 5.0)));
        at += 5.0;
    }
    format!(r##"<path d="{lines}" stroke="#a9aeb1" stroke-width="1.2" fill="none"/>"##)
}

fn tenth(number: f64) -> String {
    format!("{number:.1}")
}

/// Why a site comes first: never without a record.
#[derive(Clone, Debug)]
pub struct Reason {
    /// What it adds.
    pub points: f64,
    /// What happened.
    pub what: String,
    /// Base × age × source.
    pub how: String,
    /// The link to its record or records.
    pub record: Markup,
    /// The day, as shown.
    pub day: String,
}

/// A reason as a row of the table of reasons: points, what, how it counts, record, day.
pub fn reason_row(reason: &Reason) -> Markup {
    html! {
        tr.reason {
            td.num.points data-label="Points" { (format::points(reason.points)) }
            th.what scope="row" { (reason.what) }
            td.meta data-label="How it counts" { (reason.how) }
            td.record data-label="Record" { (reason.record) }
            td.day data-label="When" { (reason.day) }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_score_stands_with_interval_coverage_and_the_standing_sentence() {
        let shown = score_block(62.0, 48.0, 71.0, 0.74, Some(34.0)).into_string();

        for words in ["[48–71]", "<b>.74</b>", "not evidence, not probable cause", "typical is 34"] {
            assert!(shown.contains(words), "{words} in {shown}");
        }
    }

    #[test]
    fn what_is_not_known_is_hatched_and_never_zero() {
        let unknown = family_row("Continuity", 0.0, 10.0, 0.0).into_string();
        let known = family_row("Compliance", 0.0, 35.0, 1.0).into_string();

        assert!(unknown.contains("<b>–</b>") && unknown.contains("not known") && unknown.contains(r#"d="M"#));
        assert!(known.contains("<b>0.0</b>") && known.contains(r#"d="""#));
    }

    #[test]
    fn numbers_out_of_range_stay_on_the_line() {
        let shown = score_block(-3.0, -8.0, 140.0, 0.0, None).into_string();

        assert!(shown.contains("M0.0 14H300.0"), "{shown}");
    }
}
