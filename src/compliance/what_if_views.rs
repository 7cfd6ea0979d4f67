//! The answer as markup: the sentence on top, the rules with distances and citations, the form. The panel of the map shows
//! the same list as the page.

use chrono::NaiveDate;
use maud::{Markup, html};

use super::finding::Measurement;
use super::measuring::Within;
use super::neighbors::ELSEWHERE;
use super::pack::{Pack, Rule, Status};
use super::what_if::{Answer, Asked};
use super::what_if_picture::{Sketch, plate};
use super::what_if_spot::{Question, coordinates};
use crate::web::filled::Typed;
use crate::web::format;
use crate::web::ui::{self, Icon, field_select, field_text, icon};

/// So many distances stand at a rule; all of them are within or near its limit.
const MOST_DISTANCES: usize = 3;
const DRAWN: &str = "Rings stand at the limits of up to 2 miles, measured from the spot itself. Between outlines the nearest points are joined.";

/// An answer with all that it is shown with.
#[derive(Clone, Copy, Debug)]
pub struct Shown<'a> {
    /// What was asked.
    pub question: &'a Question,
    /// What people call the kind of business.
    pub kind: &'a str,
    /// What the rules say.
    pub asked: &'a Asked<'a>,
    /// How it is drawn.
    pub sketch: &'a Sketch,
    /// The day as of which it holds.
    pub on: NaiveDate,
}

/// The page's content.
pub fn page(form: Typed<'_>, kinds: &[(&str, &str)], shown: Option<&Shown<'_>>) -> Markup {
    html! {
        (ui::page_head("What if", &html! { p.meta { "Which rules a new business would break at a spot" } }, &html! {}))
        (question_form(form, kinds))
        @if let Some(it) = shown { (result(it)) }
        @else { p.meta { "On the map, “What if” asks the same of any place that you click." } }
    }
}

fn question_form(form: Typed<'_>, kinds: &[(&str, &str)]) -> Markup {
    let address = form.field("address", "Address, or latitude and longitude");
    let address = address.hint("2417 Tollgrave Ave S, Minneapolis, or 44.9778, -93.2650").autocomplete("off");
    html! {
        form.what-if-form method="get" action="/what-if" {
            (field_select(form.field("kind", "Kind of business"), kinds))
            (field_text(address))
            div.row { (ui::primary("Hold against the rules")) }
        }
    }
}

fn result(it: &Shown<'_>) -> Markup {
    let name = format!("{} at {}", it.kind, it.question.place);
    html! {
        div.what-if-result {
            section.card.stack aria-labelledby="answer" {
                header { h2 #answer { (sentence(it)) } }
                (answers(it))
            }
            aside {
                section.card.inset {
                    (it.sketch.picture(&name))
                    p { b { (it.question.place) } }
                    @if let Some(found) = &it.question.found { p.meta { (found) } }
                    p.meta { (jurisdiction(it.question)) }
                    p.meta { (DRAWN) }
                    @if let Some(href) = map_link(it.question) { p { a href=(href) { "Show it on the map" } } }
                }
            }
        }
    }
}

fn map_link(it: &Question) -> Option<String> {
    let point = it.spot.point;
    Some(format!("/map?lat={:.5}&lon={:.5}&z=15", point.lat(), point.lon()))
}

/// The panel beside the map; its drawing lies in `data-drawing`, as GeoJSON.
pub fn panel(it: &Shown<'_>, kinds: &[(&str, &str)]) -> Markup {
    let spot = &it.question.spot;
    let page = format!("/what-if?kind={}&lat={:.6}&lon={:.6}", spot.kind, spot.point.lat(), spot.point.lon());
    html! {
        article.site-panel.what-if-panel data-drawing=(it.sketch.geojson()) {
            header {
                div.top {
                    span.meta { "What if · " (it.question.place) }
                    button.usa-button.quiet.icon.close type="button" data-close aria-label="Close the panel" { (icon(Icon::Close)) }
                }
                h2 tabindex="-1" { (sentence(it)) }
                label.usa-label for="what-if-kind" { "Kind of business" }
                select.usa-select #what-if-kind name="kind" {
                    @for (word, label) in kinds { option value=(word) selected[*word == spot.kind] { (label) } }
                }
                p.meta { (jurisdiction(it.question)) }
                div.row { a.usa-button href=(page) { "Open as a page" } }
            }
            (answers(it))
        }
    }
}

/// The answer in one sentence, or two.
pub fn sentence(it: &Shown<'_>) -> String {
    let (asked, kind) = (it.asked, with_article(it.kind));
    let rules = |n: usize| format::counted(n as i128, "rule", "rules");
    let (broken, refer, unknown) = (asked.broken.len(), asked.n_for_attorney(), asked.n_unknown());
    let open = if unknown > 0 {
        format!(" {} cannot be decided from what is on record.", rules(unknown))
    } else {
        String::new()
    };
    match (broken, refer) {
        (0, 0) if unknown > 0 => format!("{kind} here would break no rule for certain.{open}"),
        (0, 0) if asked.n_withheld > 0 => "What would be broken here is not shown to you.".to_owned(),
        (0, 0) if asked.kept.is_empty() => {
            format!("No rule that FOCA knows says where {} may be.", lower_first(&kind))
        }
        (0, 0) => format!("{kind} here would break no rule about its place that FOCA knows."),
        (0, n) => format!("{kind} here would leave {} to an attorney.{open}", rules(n)),
        (n, 0) => format!("{kind} here would break {}.{open}", rules(n)),
        (n, m) => format!("{kind} here would break {} and leave {} to an attorney.{open}", rules(n), m),
    }
}

fn lower_first(text: &str) -> String {
    text.chars().take(1).flat_map(char::to_lowercase).chain(text.chars().skip(1)).collect()
}

/// `A massage parlor`, `An adult bookstore`.
fn with_article(label: &str) -> String {
    let label = label.to_lowercase();
    let article = if label.starts_with(['a', 'e', 'i', 'o', 'u']) { "An" } else { "A" };
    format!("{article} {label}")
}

fn jurisdiction(it: &Question) -> String {
    let county = it.spot.county.as_ref().map(|it| format!(" in {it} County"));
    match (&it.spot.city, &it.spot.written_city, county) {
        (Some(city), _, county) => format!("In {city}{}, by their outlines.", county.unwrap_or_default()),
        (None, Some(city), _) => {
            format!("In {city} as the address says: no outline of a city holds the point.")
        }
        (None, None, Some(county)) => {
            format!("Not in a city that FOCA knows,{county}: rules of cities were not asked.")
        }
        (None, None, None) => {
            "In no city and no county that FOCA knows: rules of the state alone were asked.".to_owned()
        }
    }
}

/// The rules, those that would be broken first.
fn answers(it: &Shown<'_>) -> Markup {
    let asked = it.asked;
    html! {
        @for (id, title, list) in [("broken", "Would be broken", &asked.broken), ("undecided", "Not decided", &asked.undecided)] {
            @if !list.is_empty() {
                section.asked id=(id) { h3 { (title) } @for it in list { (answer(it)) } }
            }
        }
        @if asked.n_withheld > 0 {
            section.asked { p { (icon(Icon::Lock)) " " (format::counted(asked.n_withheld as i128, "rule is", "rules are")) " withheld: you may not see the places that they are measured to." } }
        }
        (folded("Would be kept", &asked.kept))
        (folded("Does not apply here", &asked.set_aside))
        (others(&asked.not_about_place))
        section.asked { p.meta {
            "Held against the rules of " (format::day(it.on)) ", with the places and open businesses on record then. "
            "It is a lookup and decides nothing: what is not on record was not measured."
        } }
    }
}

fn folded(title: &str, list: &[Answer<'_>]) -> Markup {
    html! {
        @if !list.is_empty() {
            section.asked { details { summary { (title) " (" (list.len()) ")" } @for it in list { (answer(it)) } } }
        }
    }
}

fn others(rules: &[(&Pack, &Rule)]) -> Markup {
    html! {
        @if !rules.is_empty() {
            section.asked {
                details {
                    summary { "Would also have to keep (" (rules.len()) ")" }
                    ul.plain { @for (pack, rule) in rules { li { (rule.title) " " (citation(pack, rule)) } } }
                }
            }
        }
    }
}

fn citation(pack: &Pack, rule: &Rule) -> Markup {
    html! { a.cite href={ "/rules/" (pack.id) "#" (rule.id) } { (pack.cite(rule)) } }
}

fn answer(it: &Answer<'_>) -> Markup {
    let Answer { pack, rule, finding } = it;
    let tag = match finding.status {
        Status::Violation => ui::finding_tag(ui::Finding::Violation),
        Status::Refer => ui::finding_tag(ui::Finding::Attorney),
        Status::Unknown => ui::finding_tag(ui::Finding::Unknown),
        Status::Compliant => ui::finding_tag(ui::Finding::Met),
        Status::NotApplicable => ui::tag(finding.status.label(), "line", None),
    };
    html! {
        div.answer {
            p.head { (tag) b { (rule.title) } }
            p { (finding.says) }
            (distances(&finding.measurements))
            @for why in &finding.because { p.meta { (why) } }
            @for what in &finding.missing { p.meta { "Missing: " (what) "." } }
            p.meta { (citation(pack, rule)) }
        }
    }
}

fn distances(all: &[Measurement]) -> Markup {
    let near = all.iter().filter(|it| it.distances.iter().any(|it| it.within != Within::No));
    html! {
        ul.distances {
            @for it in near.take(MOST_DISTANCES) {
                li {
                    (named(it)) ": "
                    @for (n, by) in it.distances.iter().enumerate() {
                        @if n > 0 { "; " }
                        b { (plate(by)) } " " (by.method.label())
                    }
                    ", limit " (format::feet(it.limit_feet))
                }
            }
        }
    }
}

fn named(it: &Measurement) -> Markup {
    let name = if it.name.is_empty() { "A place without a name" } else { &it.name };
    html! {
        @if let Some(id) = it.place { a href={ "/places/" (id) } { (name) } }
        @else if let Some(id) = it.site.filter(|_| name != ELSEWHERE) { a href={ "/sites/" (id) } { (name) } }
        @else { (name) }
    }
}

/// What the field of the form holds.
pub fn typed_place(it: &Question) -> String {
    if it.found.is_some() { it.place.clone() } else { coordinates(it.spot.point) }
}
