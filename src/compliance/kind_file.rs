//! Reads what a rule asks: the keys of each kind, in the units that laws use.

use toml::Spanned;

use super::hours::{self, Closed};
use super::kind::{Forbidden, Holder, IncidentClass, Kind, Least, Method, Per, Scope, Since, Who};
use crate::geo::distance::Feet;
use crate::knowledge::reader::{Node, Reader, word};

/// The kinds, as files write them, with the keys of each.
const KINDS: &[(&str, &[&str])] = &[
    ("setback", &["to", "feet", "miles", "measure", "place_later"]),
    ("separation", &["from_kinds", "feet", "miles", "measure", "effect"]),
    ("cap", &["most", "per"]),
    ("license_required", &["holder"]),
    ("license_lapsed", &[]),
    ("decision_due", &["days"]),
    ("hours", &["closed_from", "closed_to", "days"]),
    ("notice_lead", &["days"]),
    ("inspection_due", &["per_year", "after_failure_days"]),
    ("correction_overdue", &[]),
    ("checklist_item", &["item"]),
    ("posting", &["item"]),
    ("credential", &["hours"]),
    ("insurance", &["dollars"]),
    ("age", &["who", "years"]),
    ("measure", &["fact", "at_least", "at_most", "unit"]),
    ("incidents", &["window_days", "scope", "at_least", "states", "classes"]),
    ("person_disqualifier", &["offenses", "years", "since"]),
    ("ownership_disclosure", &["percent"]),
    ("data", &["forbids"]),
];

/// The keys of a kind; none of a word that is no kind.
pub(super) fn keys_of(word: &str) -> &'static [&'static str] {
    KINDS.iter().find(|it| it.0 == word).map_or(&[], |it| it.1)
}

/// The kind of a rule; what is wrong is noted.
pub(super) fn kind(reader: &mut Reader<'_>, node: &Node<'_>) -> Option<Kind> {
    let known: Vec<&str> = KINDS.iter().map(|it| it.0).collect();
    if node.get("kind").is_none() {
        reader.problem(
            node.span.clone(),
            &node.name("kind"),
            format!("is missing; one of: {}", known.join(", ")),
        );
        return None;
    }
    let word =
        reader.choice(node, "kind", &known, |word| KINDS.iter().find(|it| it.0 == word).map(|it| it.0))?;
    match word {
        "setback" | "separation" | "cap" => ground(reader, node, word),
        "license_required" | "license_lapsed" | "decision_due" | "inspection_due" | "correction_overdue" => {
            of_records(reader, node, word)
        }
        "incidents" => incidents(reader, node),
        "person_disqualifier" => person(reader, node),
        _ => asked(reader, node, word),
    }
}

fn ground(reader: &mut Reader<'_>, node: &Node<'_>, kind: &str) -> Option<Kind> {
    if kind == "cap" {
        let most = reader.whole(node, "most", 0..=100_000) as usize;
        return Some(Kind::Cap { most, per: word!(reader, node, "per", Per).unwrap_or(Per::City) });
    }
    let feet = distance(reader, node)?;
    let measure = word!(reader, node, "measure", Method).unwrap_or(Method::Unspecified);
    if kind == "setback" {
        let to = reader.words(node, "to");
        let later = reader.choice(node, "place_later", &["lawful", "counts"], |it| match it {
            "lawful" => Some(false),
            "counts" => Some(true),
            _ => None,
        });
        return Some(Kind::Setback { to, feet, measure, later_counts: later.unwrap_or(false) });
    }
    let from_kinds = reader.words(node, "from_kinds");
    let effect = reader.choice(node, "effect", &["may_prohibit"], |it| (it == "may_prohibit").then_some(()));
    Some(Kind::Separation { from_kinds, feet, measure, may_prohibit: effect.is_some() })
}

/// A distance in one unit: feet or miles.
fn distance(reader: &mut Reader<'_>, node: &Node<'_>) -> Option<Feet> {
    match (node.get("feet"), node.get("miles")) {
        (Some(_), None) => Some(Feet(reader.number(node, "feet", 1.0..=528_000.0))),
        (None, Some(_)) => Some(Feet(reader.number(node, "miles", 0.01..=100.0) * 5_280.0)),
        (Some(_), Some(miles)) => {
            reader.problem(
                miles.span(),
                &node.name("miles"),
                "stands beside `feet`; a distance is given in one unit",
            );
            None
        }
        (None, None) => {
            reader.problem(
                node.span.clone(),
                &node.name("feet"),
                "is missing; give the distance as `feet` or `miles`",
            );
            None
        }
    }
}

fn of_records(reader: &mut Reader<'_>, node: &Node<'_>, kind: &str) -> Option<Kind> {
    Some(match kind {
        "license_required" => Kind::LicenseRequired {
            holder: word!(reader, node, "holder", Holder).unwrap_or(Holder::Business),
        },
        "license_lapsed" => Kind::LicenseLapsed,
        "decision_due" => Kind::DecisionDue { days: reader.whole(node, "days", 1..=3_650) },
        "correction_overdue" => Kind::CorrectionOverdue,
        _ => match (node.get("per_year"), node.get("after_failure_days")) {
            (Some(_), None) => {
                Kind::InspectionsPerYear { n: reader.whole(node, "per_year", 1..=366) as usize }
            }
            (None, Some(_)) => {
                Kind::Reinspection { days: reader.whole(node, "after_failure_days", 1..=3_650) }
            }
            _ => {
                let what = "is due either `per_year` or `after_failure_days`; give one of them";
                reader.problem(node.span.clone(), &node.name("kind"), what);
                return None;
            }
        },
    })
}

/// What only a fact about the site can answer.
fn asked(reader: &mut Reader<'_>, node: &Node<'_>, kind: &str) -> Option<Kind> {
    Some(match kind {
        "hours" => Kind::Hours { closed: closed(reader, node)? },
        "notice_lead" => Kind::NoticeLead { days: reader.whole(node, "days", 1..=3_650) },
        "checklist_item" => Kind::Checklist { item: reader.word(node, "item") },
        "posting" => Kind::Posting { item: reader.word(node, "item") },
        "credential" => Kind::Credential { hours: reader.number(node, "hours", 1.0..=10_000.0) },
        "insurance" => Kind::Insurance { dollars: reader.number(node, "dollars", 1.0..=1e9) },
        "age" => {
            let who = word!(reader, node, "who", Who).unwrap_or(Who::Staff);
            Kind::Age { who, years: reader.number(node, "years", 1.0..=120.0) }
        }
        "measure" => measure(reader, node)?,
        "ownership_disclosure" => {
            Kind::OwnershipDisclosure { percent: reader.number(node, "percent", 0.0..=100.0) }
        }
        _ => Kind::Data { forbids: forbids(reader, node) },
    })
}

fn measure(reader: &mut Reader<'_>, node: &Node<'_>) -> Option<Kind> {
    let bound = |reader: &mut Reader<'_>, key| node.get(key).map(|_| reader.number(node, key, 0.0..=1e9));
    let (at_least, at_most) = (bound(reader, "at_least"), bound(reader, "at_most"));
    if at_least.is_none() && at_most.is_none() {
        reader.problem(node.span.clone(), &node.name("at_least"), "is missing; give `at_least` or `at_most`");
        return None;
    }
    Some(Kind::Measure {
        fact: reader.word(node, "fact"),
        at_least,
        at_most,
        unit: reader.word(node, "unit"),
    })
}

fn closed(reader: &mut Reader<'_>, node: &Node<'_>) -> Option<Closed> {
    let mut minute = |key: &str| {
        let text = reader.word(node, key);
        let minute = hours::minute(&text);
        if minute.is_none() && !text.is_empty() {
            let span = node.get(key).map_or(0..0, Spanned::span);
            reader.problem(span, &node.name(key), format!("= \"{text}\" is no hour; write it as \"22:00\""));
        }
        minute
    };
    let (from, to) = (minute("closed_from"), minute("closed_to"));
    let mut may_open = [true; 7];
    if node.get("days").is_some() {
        may_open = [false; 7];
        for word in reader.words(node, "days") {
            match hours::day(&word) {
                Some(day) => may_open[day as usize] = true,
                None => {
                    let span = node.get("days").map_or(0..0, Spanned::span);
                    reader.problem(
                        span,
                        &node.name("days"),
                        format!("\"{word}\" is no day; write \"mon\" to \"sun\""),
                    );
                }
            }
        }
    }
    Some(Closed { from: from?, to: to?, may_open })
}

fn incidents(reader: &mut Reader<'_>, node: &Node<'_>) -> Option<Kind> {
    let at_least = reader.choice(node, "at_least", &["A1", "B2", "C3", "..."], Least::parse);
    let states = reader.words(node, "states");
    let known = ["reported", "discovered", "charged", "convicted"];
    if let Some(word) = states.iter().find(|it| !known.contains(&it.as_str())) {
        let span = node.get("states").map_or(0..0, Spanned::span);
        reader.problem(span, &node.name("states"), format!("\"{word}\" is none of: {}", known.join(", ")));
    }
    let classes: Vec<IncidentClass> =
        reader.tables(node, "classes").iter().map(|it| class(reader, it)).collect();
    if classes.is_empty() {
        reader.problem(
            node.span.clone(),
            &node.name("classes"),
            "is missing; write [[rules.classes]] for each threshold",
        );
    }
    Some(Kind::Incidents {
        window_days: reader.whole(node, "window_days", 1..=36_500),
        scope: word!(reader, node, "scope", Scope).unwrap_or(Scope::Unit),
        at_least: at_least?,
        charged_only: !states.iter().any(|it| it == "reported" || it == "discovered"),
        classes,
    })
}

fn class(reader: &mut Reader<'_>, node: &Node<'_>) -> IncidentClass {
    reader.only(node, &["offenses", "count", "clause"]);
    IncidentClass {
        offenses: reader.words(node, "offenses"),
        count: reader.whole(node, "count", 1..=1_000) as usize,
        clause: reader.text(node, "clause"),
    }
}

fn person(reader: &mut Reader<'_>, node: &Node<'_>) -> Option<Kind> {
    let years = node.get("years").map(|_| reader.number(node, "years", 0.0..=120.0));
    let since = word!(reader, node, "since", Since).unwrap_or(Since::Conviction);
    let offenses = if node.get("offenses").is_some() { reader.words(node, "offenses") } else { Vec::new() };
    Some(Kind::PersonDisqualifier { offenses, years, since })
}

fn forbids(reader: &mut Reader<'_>, node: &Node<'_>) -> Vec<Forbidden> {
    let known: Vec<&str> = Forbidden::ALL.iter().map(|it| it.as_str()).collect();
    let mut found = Vec::new();
    for word in reader.words(node, "forbids") {
        match word.parse() {
            Ok(it) => found.push(it),
            Err(_) => {
                let span = node.get("forbids").map_or(0..0, Spanned::span);
                let what = format!("\"{word}\" is none of: {}", known.join(", "));
                reader.problem(span, &node.name("forbids"), what);
            }
        }
    }
    found
}
