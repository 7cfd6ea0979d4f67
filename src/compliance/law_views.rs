//! One pack as an attorney reads and signs it, with every doubt in plain sight.

use std::collections::BTreeMap;

use maud::{Markup, html};

use super::example_picture;
use super::finding_views::{sign, tag};
use super::kind::Kind;
use super::law_words as said;
use super::pack::{Confidence, Example, Legal, Level, Pack, Rule, Status, Value};
use super::packs::{Packs, Words};
use crate::web::format;
use crate::web::ui::{self, Icon, card, card_with, facts, icon, page_head, secondary_link};

/// How many findings of each status something has.
pub type Tally = BTreeMap<&'static str, i64>;

/// How many findings each rule of each pack has now.
#[derive(Clone, Debug, Default)]
pub struct Counts(pub BTreeMap<(String, String), Tally>);

impl Counts {
    fn of_rule(&self, pack: &str, rule: &str, status: Status) -> i64 {
        let tally = self.0.get(&(pack.to_owned(), rule.to_owned()));
        tally.and_then(|it| it.get(status.as_str())).copied().unwrap_or(0)
    }

    /// Of all rules of a pack.
    pub fn of_pack(&self, pack: &str, status: Status) -> i64 {
        let of_it = self.0.iter().filter(|it| it.0.0 == pack);
        of_it.filter_map(|it| it.1.get(status.as_str())).sum()
    }
}

/// The statuses that lists of law count.
pub(super) const COUNTED: [Status; 3] = [Status::Violation, Status::Refer, Status::Unknown];

/// A count that opens its list.
pub(super) fn door(n: i64, href: &str) -> Markup {
    html! { @if n == 0 { "0" } @else { a href=(href) { (format::count(n)) } } }
}

/// Where the law stands, as icon and word.
pub fn legal(status: Legal) -> Markup {
    let (class, with) = match status {
        Legal::InForce => ("line", Icon::Check),
        Legal::Contested => ("attorney", Icon::Scales),
        Legal::SupersededLocally => ("line", Icon::Next),
        Legal::Proposed => ("unknown", Icon::Edit),
    };
    ui::tag(status.label(), class, Some(with))
}

/// How sure we are, as icon and word.
pub fn confidence(it: Confidence) -> Markup {
    let (class, with) = match it {
        Confidence::Verified => ("ok", Icon::Check),
        Confidence::Reported => ("line", Icon::Complaint),
        Confidence::Unverified => ("unknown", Icon::Unknown),
    };
    ui::tag(it.label(), class, Some(with))
}

/// One pack as readable law.
pub fn show(pack: &Pack, packs: &Packs, words: &Words<'_>, counts: &Counts) -> Markup {
    let actions = html! {
        button.usa-button.neutral type="button" data-print hidden { "Print" }
        (secondary_link(&format!("/rules/{}/file.toml", pack.id), "Download its file", Some(Icon::Download)))
    };
    html! {
        (page_head(&pack.title, &legal(pack.status), &actions))
        p.lead { (pack.citation) }
        div.split.narrow.law {
            div.stack {
                (doubts(pack))
                (about(pack, packs, words))
                @for (n, rule) in pack.rules.iter().enumerate() { (rule_card(n + 1, rule, pack, words, counts)) }
                (sources(pack))
                (signature(pack))
            }
            (contents(pack, counts))
        }
    }
}

/// What an attorney should know, in plain sight.
fn doubts(pack: &Pack) -> Markup {
    html! {
        section.card.doubts {
            header { (icon(Icon::Scales)) h2 { "What an attorney should know" } }
            @if pack.doubts.is_empty() {
                p { "No doubt about the pack as a whole is noted. Those about single rules stand with them." }
            } @else {
                ul.points { @for it in &pack.doubts { li { (it) } } }
            }
        }
    }
}

fn about(pack: &Pack, packs: &Packs, words: &Words<'_>) -> Markup {
    let mut rows = vec![
        ("Whose law", html! { (pack.jurisdiction.name) " (" (pack.jurisdiction.level) ")" }),
        ("Standing", html! { (legal(pack.status)) }),
        ("In force", html! { (said::effective(pack)) }),
        ("Speaks of", html! { (said::applies(pack, words)) }),
        ("Lawful nonconforming use", html! { (said::nonconforming(pack)) }),
        ("Verified", html! { (format::day(pack.verified_on)) " · " (pack.verified_by) }),
        ("Confidence", html! { (said::confidence(pack)) }),
    ];
    if pack.jurisdiction.level == Level::State {
        rows.push(("Precedence", html! { (said::precedence(pack)) }));
    }
    if !pack.overrides.is_empty() {
        rows.push(("Takes the place of", takes(pack, packs)));
    }
    let over: Vec<&Pack> =
        packs.iter().filter(|it| it.overrides.iter().any(|to| to.pack == pack.id)).collect();
    if !over.is_empty() {
        rows.push(("Local law in its place", taken(pack, &over)));
    }
    rows.push(("Version", version(pack)));
    card("This law", &facts(&rows))
}

fn takes(pack: &Pack, packs: &Packs) -> Markup {
    html! {
        @if pack.opt_out { p { (pack.jurisdiction.name) " has opted out of:" } }
        @for it in &pack.overrides {
            @let title = packs.get(&it.pack).map_or(it.pack.as_str(), |it| it.title.as_str());
            p {
                a href={ "/rules/" (it.pack) @if let Some(rule) = &it.rule { "#" (rule) } } {
                    (title) @if let Some(rule) = &it.rule { ", rule " (rule) }
                }
                @if let Some(doubt) = &it.doubt { " – in doubt: " (doubt) }
            }
        }
    }
}

/// Where local packs take its place, for certain or in doubt.
fn taken(pack: &Pack, over: &[&Pack]) -> Markup {
    html! {
        @for local in over {
            p {
                (local.jurisdiction.name) ": " a href={ "/rules/" (local.id) } { (local.title) }
                @for it in local.overrides.iter().filter(|it| it.pack == pack.id) {
                    @if let Some(rule) = &it.rule { ", rule " a href={ "#" (rule) } { (rule) } }
                    @if let Some(doubt) = &it.doubt { " – in doubt: " (doubt) }
                }
            }
        }
    }
}

fn version(pack: &Pack) -> Markup {
    html! {
        "SHA-256 " code { (pack.hash) }
        div.meta { "File data/rules/" (pack.id) ".toml. Every version that made a finding is kept." }
    }
}

fn rule_card(n: usize, rule: &Rule, pack: &Pack, words: &Words<'_>, counts: &Counts) -> Markup {
    html! {
        section.card.law-rule id=(rule.id) {
            header {
                h2 { span.meta { (n) "." } " " (rule.title) }
                (confidence(rule.confidence))
                (ui::tag(said::severity(rule.severity), "line", None))
            }
            p.law-text { (rule.words) }
            (facts(&rule_facts(rule, pack, words)))
            @if !rule.doubts.is_empty() {
                div.doubts {
                    h3 { (icon(Icon::Scales)) "Doubts" }
                    ul.points { @for it in &rule.doubts { li { (it) } } }
                }
            }
            @if let Some(it) = &rule.example { (example(rule, it)) }
            @if rule.kind.finds() { (at_present(rule, pack, counts)) }
        }
    }
}

fn rule_facts(rule: &Rule, pack: &Pack, words: &Words<'_>) -> Vec<(&'static str, Markup)> {
    let mut rows = vec![
        ("Citation", html! { (pack.cite(rule)) }),
        ("What FOCA checks", html! { (said::checks(&rule.kind, words)) }),
    ];
    if rule.kind.finds() {
        let why = said::and(&pack.why_referred(rule));
        rows.push((
            "If it is not kept",
            html! {
                (tag(pack.breach(rule)))
                @if !why.is_empty() { " because " (why) }
            },
        ));
    }
    if let Some(next) = &rule.next {
        rows.push(("Next step", html! { (next) " " span.meta { "(" (rule.by.label()) ")" } }));
    }
    rows
}

fn example(rule: &Rule, it: &Example) -> Markup {
    html! {
        figure.example {
            @if let Some(picture) = example_picture::picture(&rule.kind, it) { (picture) }
            figcaption {
                p { b { "Example. " } (it.text) "." }
                p {
                    @if let Some(value) = &it.value { "Asked with " b { (measured(&rule.kind, value)) } ", FOCA finds " }
                    @else { "FOCA finds " }
                    (tag(it.finding))
                }
            }
        }
    }
}

/// The value of an example as people write it.
fn measured(kind: &Kind, value: &Value) -> String {
    match (kind, value) {
        (Kind::Setback { .. } | Kind::Separation { .. }, Value::Number(feet)) => format::feet(*feet),
        (Kind::Insurance { .. }, Value::Number(dollars)) => format!("${}", said::whole(*dollars)),
        (Kind::Measure { unit, .. }, Value::Number(number)) => format!("{number} {unit}"),
        (kind, Value::Number(number)) => format!("{number}{}", unit(kind)),
        (_, Value::Word(word)) => format!("“{word}”"),
    }
}

/// The unit of a kind's value, with a blank before it.
fn unit(kind: &Kind) -> &'static str {
    match kind {
        Kind::NoticeLead { .. }
        | Kind::DecisionDue { .. }
        | Kind::Reinspection { .. }
        | Kind::LicenseLapsed
        | Kind::CorrectionOverdue => " days",
        Kind::Age { .. } => " years",
        Kind::Credential { .. } => " hours",
        Kind::Incidents { .. } => " incidents",
        Kind::Cap { .. } => " sites",
        Kind::LicenseRequired { .. } => " licenses",
        Kind::InspectionsPerYear { .. } => " visits",
        _ => "",
    }
}

fn at_present(rule: &Rule, pack: &Pack, counts: &Counts) -> Markup {
    html! {
        p.present {
            span.meta { "At present" }
            @for status in COUNTED {
                @let n = counts.of_rule(&pack.id, &rule.id, status);
                span {
                    @if let Some(it) = sign(status) { (icon(it)) }
                    (status.label()) " "
                    b { (door(n, &format!("/findings?pack={}&rule={}&status={status}", pack.id, rule.id))) }
                }
            }
        }
    }
}

fn sources(pack: &Pack) -> Markup {
    let is_address = |it: &str| it.starts_with("https://") || it.starts_with("http://");
    let count = html! { span.meta { (pack.sources.len()) } };
    let body = html! {
        ol.points.sources {
            @for it in &pack.sources {
                li { @if is_address(it) { a href=(it) rel="noreferrer" { (it) } } @else { (it) } }
            }
        }
    };
    card_with("Sources", &count, &body)
}

/// Only on paper.
fn signature(pack: &Pack) -> Markup {
    html! {
        section.signature aria-hidden="true" {
            p { "Read and approved by" span.line {} "on" span.line.short {} }
            p { "Office" span.line {} "Signature" span.line {} }
            p.meta { (pack.title) ", version " code { (pack.hash) } }
        }
    }
}

/// The rules of the pack, beside them what they find now.
fn contents(pack: &Pack, counts: &Counts) -> Markup {
    let body = html! {
        ol {
            @for rule in &pack.rules {
                li {
                    a href={ "#" (rule.id) } { (rule.title) }
                    span.n {
                        @for status in [Status::Violation, Status::Refer] {
                            @let n = counts.of_rule(&pack.id, &rule.id, status);
                            @if n > 0 {
                                a href={ "/findings?pack=" (pack.id) "&rule=" (rule.id) "&status=" (status) }
                                    aria-label={ (status.label()) ": " (n) } {
                                    @if let Some(it) = sign(status) { (icon(it)) } (format::count(n))
                                }
                            }
                        }
                    }
                }
            }
        }
    };
    html! {
        nav.card.contents aria-label="Rules of this pack" {
            header { h2 { "Rules" } span.meta { (pack.rules.len()) } }
            (body)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::incidents::offenses::Offenses;
    use crate::knowledge::Library;
    use crate::sites::Kinds;

    struct Law {
        kinds: Kinds,
        offenses: Offenses,
        packs: Packs,
    }

    fn law() -> Law {
        let library = Library::open(None).unwrap();
        let (kinds, offenses) = (Kinds::read(&library).unwrap(), Offenses::read(&library).unwrap());
        let packs = Packs::read(&library, &kinds, &offenses).unwrap();
        Law { kinds, offenses, packs }
    }

    fn shown(law: &Law, id: &str, counts: &Counts) -> String {
        let (kinds, offenses) = (&law.kinds, &law.offenses);
        let words = Words { kinds, offenses, facts: &law.packs.facts, classes: &law.packs.classes };
        show(law.packs.get(id).unwrap(), &law.packs, &words, counts).into_string()
    }

    #[test]
    fn a_contested_pack_shows_every_doubt_and_its_standing() {
        let law = law();
        let page = shown(&law, "mn-617-242", &Counts::default());

        let pack = law.packs.get("mn-617-242").unwrap();
        let escaped = |it: &String| html! { (it) }.into_string();
        for doubt in pack.doubts.iter().chain(pack.rules.iter().flat_map(|it| &it.doubts)) {
            assert!(page.contains(&escaped(doubt)), "{doubt}");
        }
        assert!(page.contains("Contested") && page.contains("What an attorney should know"));
        assert!(page.contains(&pack.hash) && page.contains("Local law in its place"), "{page}");
    }

    #[test]
    fn what_the_machine_checks_is_said_in_one_sentence() {
        let law = law();
        let page = shown(&law, "mn-617-242", &Counts::default());

        let sentence = "Measures in a straight line from building to building and from lot to lot, for the law names no \
            method; 2,800 ft; the nearest school or place of worship decides.";
        assert!(page.contains(sentence), "{page}");
        assert!(page.contains("Closed from 22:00 to 10:00, and on Sundays."), "{page}");
    }

    #[test]
    fn every_pack_can_be_read_without_words_of_the_file() {
        let law = law();
        for pack in law.packs.iter() {
            let page = shown(&law, &pack.id, &Counts::default());
            for strange in ["_required", "refer_to_attorney", "in_force", "Nothing that a record answers"] {
                let body = page.replace(&format!("/findings?pack={}", pack.id), "");
                let linked = body.matches(&format!("status={strange}")).count();
                assert_eq!(body.matches(strange).count(), linked, "{} says {strange}", pack.id);
            }
        }
    }

    #[test]
    fn counts_are_doors_to_the_list_and_none_is_no_door() {
        let law = law();
        let rule = ("mn-617-242".to_owned(), "hours".to_owned());
        let counts = Counts([(rule, Tally::from([("refer_to_attorney", 1_204)]))].into_iter().collect());

        let page = shown(&law, "mn-617-242", &counts);

        let href = "/findings?pack=mn-617-242&amp;rule=hours&amp;status=refer_to_attorney";
        assert!(page.contains(&format!(r#"<a href="{href}">1,204</a>"#)), "{page}");
        assert!(!page.contains("rule=hours&amp;status=violation"), "{page}");
    }
}
