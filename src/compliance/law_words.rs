//! What the machine checks of a rule, in a plain sentence made from its [`Kind`], so that whoever signs a pack reads what
//! FOCA does and not what the file says.

use super::kind::{Holder, IncidentClass, Kind, Method, Per, Scope, Since, Who};
use super::pack::{Confidence, Nonconforming, Pack, Precedence};
use super::packs::Words;
use super::{facts, hours};
use crate::geo::distance::Feet;
use crate::inspections::Severity;
use crate::web::format;

const DAYS: [&str; 7] = ["Mondays", "Tuesdays", "Wednesdays", "Thursdays", "Fridays", "Saturdays", "Sundays"];

/// What FOCA checks.
pub fn checks(kind: &Kind, words: &Words<'_>) -> String {
    match kind {
        Kind::Setback { to, feet, measure, later_counts } => {
            setback(to, *feet, *measure, *later_counts, words)
        }
        Kind::Separation { from_kinds, feet, measure, may_prohibit } => {
            separation(from_kinds, *feet, *measure, *may_prohibit, words)
        }
        Kind::Cap { most, per } => {
            let per = match per {
                Per::City => "city",
                Per::County => "county",
            };
            format!("Counts the open sites of these kinds in the {per}; at most {most}.")
        }
        Kind::Incidents { window_days, scope, at_least, charged_only, classes } => {
            let rest = (*charged_only, at_least.to_string());
            incidents(*window_days, *scope, rest, classes, words)
        }
        Kind::PersonDisqualifier { offenses, years, since } => person(offenses, *years, *since),
        Kind::Measure { fact, at_least, at_most, unit } => {
            let between = limits(*at_least, *at_most, unit);
            format!("Asks what was noted on a visit: “{}” {between}.", words.facts.label(fact))
        }
        Kind::Checklist { item } | Kind::Posting { item } => asks(item, words),
        Kind::Credential { hours } => {
            format!("{} At least {hours} hours.", asks(facts::TRAINING, words))
        }
        Kind::Insurance { dollars } => {
            format!("{} At least ${}.", asks(facts::INSURANCE, words), whole(*dollars))
        }
        Kind::Age { who, years } => {
            let word = if *who == Who::Staff { facts::YOUNGEST } else { facts::YOUNGEST_PATRON };
            format!("{} At least {years} years.", asks(word, words))
        }
        Kind::OwnershipDisclosure { percent } => {
            format!("{} From {percent}% on.", asks(facts::OWNERSHIP, words))
        }
        Kind::Hours { closed } => open_hours(closed, words),
        other => records(other),
    }
}

/// What a record answers.
fn records(kind: &Kind) -> String {
    match kind {
        Kind::LicenseRequired { holder: Holder::Business } => {
            "Looks for a license of the business that is in force today in the register of the city."
                .to_owned()
        }
        Kind::LicenseRequired { holder: Holder::Person } => {
            "Asks whether everyone who practices was found licensed on the last visit.".to_owned()
        }
        Kind::LicenseLapsed => "Compares the end of the last license's term with today.".to_owned(),
        Kind::DecisionDue { days } => {
            format!("Counts {days} days from each application that still waits for the agency's decision.")
        }
        Kind::NoticeLead { days } => {
            format!("Counts the days from the noted notice to the opening; at least {days}.")
        }
        Kind::InspectionsPerYear { n } => {
            format!("Counts the visits of the last 365 days; at least {n}.")
        }
        Kind::Reinspection { days } => {
            format!("Looks for a further visit within {days} days of the last one that was not passed.")
        }
        Kind::CorrectionOverdue => {
            "Compares the day of each correction that is still open with today.".to_owned()
        }
        Kind::Data { .. } => {
            "Makes no finding at a site: FOCA has no place where such data could be kept.".to_owned()
        }
        _ => "Nothing that a record answers.".to_owned(),
    }
}

fn asks(word: &str, words: &Words<'_>) -> String {
    format!("Asks what was noted on a visit: “{}”", words.facts.label(word))
}

fn method(method: Method) -> &'static str {
    match method {
        Method::Building => "from building to building",
        Method::Lot => "from lot line to lot line",
        Method::Door => "from the door of the site to the building of the other",
        Method::Unspecified => "from building to building and from lot to lot, for the law names no method",
    }
}

fn setback(to: &[String], feet: Feet, measure: Method, later_counts: bool, words: &Words<'_>) -> String {
    let to: Vec<String> = to.iter().map(|it| words.classes.label(it).to_lowercase()).collect();
    let later = if later_counts {
        "A place that came after the site counts too."
    } else {
        "A place that came after a lawful site does not count."
    };
    format!(
        "Measures in a straight line {}; {}; the nearest {} decides. {later}",
        method(measure),
        format::feet(feet.0),
        or(&to),
    )
}

fn separation(kinds: &[String], feet: Feet, measure: Method, may: bool, words: &Words<'_>) -> String {
    let kinds: Vec<String> = kinds.iter().map(|it| words.kinds.label(it).to_lowercase()).collect();
    let may = if may {
        " The law lets the locality prohibit it; without its decision nothing is broken, so an attorney is asked."
    } else {
        ""
    };
    format!(
        "Measures in a straight line {}; {}; the nearest other open site decides ({}).{may}",
        method(measure),
        format::feet(feet.0),
        or(&kinds),
    )
}

fn incidents(
    days: i64,
    scope: Scope,
    (charged_only, grade): (bool, String),
    classes: &[IncidentClass],
    words: &Words<'_>,
) -> String {
    let place = match scope {
        Scope::Unit => "at the unit of the site",
        Scope::Building => "in its whole building",
    };
    let class = |it: &IncidentClass| {
        let names: Vec<String> =
            it.offenses.iter().map(|word| words.offenses.label(word).to_lowercase()).collect();
        let clause = it.clause.as_deref().map(|it| format!(" ({it})")).unwrap_or_default();
        format!("{} of {}{clause}", it.count, or(&names))
    };
    let classes: Vec<String> = classes.iter().map(class).collect();
    let charged = if charged_only { ", and only those charged or convicted" } else { "" };
    format!(
        "Counts recorded incidents of the last {days} days {place}, from sources graded {grade} or better{charged}; \
         enough are: {}. Classes are not added up.",
        classes.join("; ")
    )
}

fn person(offenses: &[String], years: Option<f64>, since: Since) -> String {
    let from = match since {
        Since::Conviction => "from the conviction",
        Since::Discharge => "from the end of the sentence",
    };
    let years = match years {
        Some(years) => format!("{years} years {from}"),
        None => "for a time that is not stated".to_owned(),
    };
    format!(
        "Reminds whoever decides to read the background check ({}; {years}). FOCA holds nobody's convictions, so it \
         never says more than unknown.",
        offenses.join(", ")
    )
}

fn limits(least: Option<f64>, most: Option<f64>, unit: &str) -> String {
    match (least, most) {
        (Some(least), Some(most)) => format!("must lie between {least} and {most} {unit}"),
        (Some(least), None) => format!("must be at least {least} {unit}"),
        (None, Some(most)) => format!("must be at most {most} {unit}"),
        (None, None) => "must be noted".to_owned(),
    }
}

fn open_hours(closed: &hours::Closed, words: &Words<'_>) -> String {
    let never: Vec<String> =
        DAYS.into_iter().zip(closed.may_open).filter(|it| !it.1).map(|it| it.0.to_owned()).collect();
    let never = if never.is_empty() { String::new() } else { format!(", and on {}", and(&never)) };
    format!(
        "{} Closed from {} to {}{never}.",
        asks(facts::HOURS, words),
        hours::clock(closed.from),
        hours::clock(closed.to),
    )
}

/// A number without its decimals, with separators.
#[expect(clippy::cast_possible_truncation, reason = "dollars of a law are far below the limit")]
pub fn whole(number: f64) -> String {
    format::count(number.round() as i64)
}

/// `a, b or c`.
pub fn or(words: &[impl AsRef<str>]) -> String {
    joined(words, "or")
}

/// `a, b and c`.
pub fn and(words: &[impl AsRef<str>]) -> String {
    joined(words, "and")
}

fn joined(words: &[impl AsRef<str>], last: &str) -> String {
    let words: Vec<&str> = words.iter().map(AsRef::as_ref).collect();
    match words.as_slice() {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [first @ .., end] => format!("{} {last} {end}", first.join(", ")),
    }
}

/// Of which sites a pack speaks.
pub fn applies(pack: &Pack, words: &Words<'_>) -> String {
    let to = &pack.applies_to;
    let kinds: Vec<String> = to.kinds.iter().map(|it| words.kinds.label(it).to_lowercase()).collect();
    let kinds = if kinds.is_empty() { "every kind of site".to_owned() } else { and(&kinds) };
    let mut text = format!("{kinds} in {}", pack.jurisdiction.name);
    if let Some(day) = to.established_from {
        text += &format!(", in business from {} on", format::day(day));
    }
    if let Some(day) = to.established_before {
        text += &format!(", in business before {}", format::day(day));
    }
    text[..1].to_uppercase() + &text[1..]
}

/// What it means for a lawful nonconforming use.
pub fn nonconforming(pack: &Pack) -> &'static str {
    match pack.applies_to.nonconforming {
        Nonconforming::Exempt => "The pack leaves it alone.",
        Nonconforming::Applies => "The pack applies to it as to any other.",
        Nonconforming::Ask => "Not known: where something is broken, an attorney is asked.",
    }
}

/// Which law goes first, for packs of the state.
pub fn precedence(pack: &Pack) -> &'static str {
    match pack.precedence {
        Precedence::LocalOverState => "A local ordinance that names it goes before it.",
        Precedence::StateOverLocal => "It stands whatever a city says.",
    }
}

/// From when to when.
pub fn effective(pack: &Pack) -> String {
    match (pack.effective_from, pack.effective_to) {
        (None, None) => "Since when is not known; taken as always".to_owned(),
        (Some(from), None) => format!("From {}", format::day(from)),
        (None, Some(to)) => format!("Until {}", format::day(to)),
        (Some(from), Some(to)) => format!("{} – {}", format::day(from), format::day(to)),
    }
}

/// How sure we are of a pack, as its rules say it: `all read at its source`, or each confidence with its number.
pub fn confidence(pack: &Pack) -> String {
    let tally: Vec<(usize, &str)> = Confidence::ALL
        .iter()
        .map(|it| (pack.rules.iter().filter(|rule| rule.confidence == *it).count(), it.label()))
        .filter(|it| it.0 > 0)
        .collect();
    match tally.as_slice() {
        [(_, one)] => (*one).to_owned(),
        many => {
            many.iter().map(|(n, it)| format!("{n} {}", it.to_lowercase())).collect::<Vec<_>>().join(", ")
        }
    }
}

/// How grave a breach is.
pub fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical => "Critical",
        Severity::Major => "Major",
        Severity::Minor => "Minor",
        Severity::Unknown => "How grave is not said",
    }
}
