//! Rules that only a fact noted at the site can answer.

use chrono::NaiveDate;

use super::Judged;
use crate::compliance::facts::{self, FactKinds};
use crate::compliance::finding::Evidence;
use crate::compliance::hours::Opening;
use crate::compliance::kind::{Kind, Who};
use crate::compliance::known::{Fact, Known};
use crate::compliance::pack::{Rule, Value};
use crate::compliance::threshold::breaks;

pub(super) fn judge(rule: &Rule, known: &Known<'_>, kinds: &FactKinds) -> Judged {
    match &rule.kind {
        Kind::Hours { closed } => with(known, kinds, facts::HOURS, |fact| {
            let opening = Opening::parse(&fact.value).ok()?;
            let breaches = closed.breaches(&opening);
            Some(match breaches.is_empty() {
                true => Judged::kept(format!("Open {}, which the law allows.", fact.value)),
                false => {
                    Judged::broken(format!("Open {} though the law wants it closed.", breaches.join(", ")))
                }
            })
        }),
        Kind::NoticeLead { days } => notice(known, *days),
        Kind::PersonDisqualifier { offenses, years, .. } => person(offenses, *years),
        Kind::Checklist { item } | Kind::Posting { item } => noted(rule, known, kinds, item),
        Kind::Credential { .. } => noted(rule, known, kinds, facts::TRAINING),
        Kind::Insurance { .. } => noted(rule, known, kinds, facts::INSURANCE),
        Kind::Age { who: Who::Staff, .. } => noted(rule, known, kinds, facts::YOUNGEST),
        Kind::Age { who: Who::Patron, .. } => noted(rule, known, kinds, facts::YOUNGEST_PATRON),
        Kind::Measure { fact, .. } => noted(rule, known, kinds, fact),
        Kind::OwnershipDisclosure { .. } => noted(rule, known, kinds, facts::OWNERSHIP),
        _ => Judged::not_applicable("No fact answers this."),
    }
}

/// Asks a fact; what is not noted, or cannot be read, leaves the rule unknown.
fn with(known: &Known<'_>, kinds: &FactKinds, word: &str, ask: impl Fn(&Fact) -> Option<Judged>) -> Judged {
    let label = kinds.label(word);
    let found = known.fact(word).and_then(|fact| Some((fact, ask(fact)?)));
    match found {
        Some((fact, judged)) => {
            let seen = Evidence::plain(format!("{label} {}", fact.value), Some(fact.observed_on));
            let since = seen.on;
            judged.since(since).with([seen])
        }
        None => {
            Judged::unknown(format!("Not noted: {label}"), format!("the answer, noted on a visit: {label}"))
        }
    }
}

/// A fact whose value the rule's kind can be asked with.
fn noted(rule: &Rule, known: &Known<'_>, kinds: &FactKinds, word: &str) -> Judged {
    with(known, kinds, word, |fact| {
        let value = fact.value.parse().map_or_else(|_| Value::Word(fact.value.clone()), Value::Number);
        let broken = breaks(&rule.kind, Some(&value))?;
        let unit =
            kinds.get(word).and_then(|it| it.unit.as_deref()).map(|it| format!(" {it}")).unwrap_or_default();
        let verdict = if broken { "the rule asks for more or other" } else { "as the rule asks" };
        Some(Judged::by(broken, format!("{} {}{unit}: {verdict}.", kinds.label(word), fact.value)))
    })
}

fn notice(known: &Known<'_>, days: i64) -> Judged {
    let given = known.fact(facts::NOTICE).and_then(|it| it.value.parse::<NaiveDate>().ok());
    let (Some(given), Some(opened)) = (given, known.established()) else {
        let missing = match given {
            None => "the day on which notice was given",
            Some(_) => "since when the site has been in business",
        };
        return Judged::unknown(format!("Notice must be given {days} days before opening."), missing);
    };
    let lead = (opened - given).num_days();
    Judged::by(lead < days, format!("Notice was given {lead} days before opening; the law asks for {days}."))
        .since(Some(opened))
}

/// FOCA holds nobody's convictions: whoever decides reads the background check and weighs it.
fn person(offenses: &[String], years: Option<f64>) -> Judged {
    let years = years.map(|it| format!(" within {it} years")).unwrap_or_default();
    let of = if offenses.is_empty() { String::new() } else { format!(" under {}", offenses.join(", ")) };
    Judged::unknown(
        format!(
            "A conviction{of}{years} may bar a person in charge. It needs individual review (Minn. Stat. ch. 364)."
        ),
        "the background check of those in charge, which FOCA does not hold",
    )
}
