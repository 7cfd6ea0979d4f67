//! The form of the facts that rules ask for: first those that some rule at this site needs, the others folded.

use std::collections::BTreeSet;

use maud::{Markup, html};

use super::facts::{self, FactKind, FactKinds, Sort};
use super::kind::{Holder, Kind, Who};
use super::pack::{Nonconforming, Pack};
use crate::sites::Site;
use crate::web::filled::Typed;
use crate::web::ui::{card, field_date, field_select, field_text, page_head, primary, quiet_link};

/// The fact that a kind of rule asks for.
pub fn asked_by(kind: &Kind) -> Option<&str> {
    Some(match kind {
        Kind::Checklist { item } | Kind::Posting { item } => item,
        Kind::Measure { fact, .. } => fact,
        Kind::Hours { .. } => facts::HOURS,
        Kind::Insurance { .. } => facts::INSURANCE,
        Kind::Credential { .. } => facts::TRAINING,
        Kind::Age { who: Who::Staff, .. } => facts::YOUNGEST,
        Kind::Age { who: Who::Patron, .. } => facts::YOUNGEST_PATRON,
        Kind::NoticeLead { .. } => facts::NOTICE,
        Kind::LicenseRequired { holder: Holder::Person } => facts::PRACTITIONERS,
        Kind::OwnershipDisclosure { .. } => facts::OWNERSHIP,
        _ => return None,
    })
}

/// The facts that some rule of these packs asks for.
pub fn asked<'a>(packs: impl Iterator<Item = &'a Pack>) -> BTreeSet<&'a str> {
    let mut asked = BTreeSet::new();
    for pack in packs {
        asked.extend(pack.rules.iter().filter_map(|it| asked_by(&it.kind)));
        let it = &pack.applies_to;
        let by_age = it.established_before.is_some() || it.established_from.is_some();
        asked.extend(by_age.then_some(facts::ESTABLISHED));
        asked.extend((it.nonconforming != Nonconforming::Applies).then_some(facts::NONCONFORMING));
    }
    asked
}

/// The name of the field that says when a fact was seen.
pub fn observed(word: &str) -> String {
    format!("{word}_on")
}

/// The whole form.
pub fn form(site: &Site, kinds: &FactKinds, asked: &BTreeSet<&str>, state: Typed<'_>) -> Markup {
    let (first, others): (Vec<_>, Vec<_>) = kinds.in_order().into_iter().partition(|it| asked.contains(it.0));
    let fields = |all: &[(&str, &FactKind)]| html! { @for (word, kind) in all { (fact(word, kind, state)) } };
    html! {
        (page_head("What rules ask for", &html! { span.meta { (site.name) " · " (site.code()) } }, &html! {}))
        (state.summary())
        form.stack method="post" {
            (state.carried(&["version"]))
            p { "An answer that is left empty is not known. A day that is left empty is today." }
            @if !first.is_empty() { (card("Asked for by rules at this site", &fields(&first))) }
            details.card open[state.flaws.pairs().iter().any(|it| others.iter().any(|(word, _)| it.0 == *word || it.0 == observed(word)))] {
                summary { "Other facts (" (others.len()) ")" }
                (fields(&others))
            }
            div.form-actions {
                (primary("Save the facts"))
                (quiet_link(&format!("/sites/{}", site.id), "Cancel"))
            }
        }
    }
}

fn fact(word: &str, kind: &FactKind, state: Typed<'_>) -> Markup {
    let hint = hint(kind);
    let field = state.field(word, &kind.label);
    let on = observed(word);
    let day_label = format!("Seen on: {}", kind.label);
    html! {
        div.field-row.fact {
            @match kind.sort {
                Sort::YesNo => (field_select(field, &[("", "Not known"), ("yes", "Yes"), ("no", "No")])),
                Sort::Date => (field_date(field)),
                _ => (field_text(field.hint(&hint))),
            }
            (field_date(state.field(&on, &day_label)))
        }
    }
}

fn hint(kind: &FactKind) -> String {
    match (kind.sort, &kind.unit) {
        (Sort::Hours, _) => "Such as Mon-Sat 10:00-22:00; Sun closed.".to_owned(),
        (_, Some(unit)) => format!("In {unit}."),
        _ => String::new(),
    }
}
