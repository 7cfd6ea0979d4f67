//! The page of an application: where it stands, what is next, its reviews, its history.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use chrono_tz::Tz;
use maud::{Markup, html};

use super::deadlines::Standing;
use super::hold::Hold;
use super::parts::{Condition, Review, ReviewState, Sent, Step, StepId};
use super::workflow::{Effect, Transition, Workflow};
use super::{Application, Holder, step_form, tags};
use crate::clock::Moment;
use crate::compliance::packs::Packs;
use crate::licenses::License;
use crate::sites::{Kinds, Site};
use crate::web::extract::Params;
use crate::web::filled::Typed;
use crate::web::format;
use crate::web::ui::{
    self, Column, Icon, Note, card, card_with, facts, field_date, field_hidden, field_radios, field_text,
    held, note, page_head, primary, quiet_link, secondary_link, table,
};

/// A step that leads on.
#[derive(Clone, Debug)]
pub struct Next {
    /// The step.
    pub step: Transition,
    /// The id under which it would be taken.
    pub id: StepId,
    /// Whether whoever looks may take it.
    pub is_open: bool,
    /// What must be there first and is not.
    pub missing: Vec<String>,
}

/// All that the page shows.
#[derive(Clone, Debug)]
pub struct Shown<'a> {
    /// The application.
    pub application: &'a Application,
    /// Its reviews.
    pub reviews: Vec<Review>,
    /// What was done, the newest first.
    pub steps: Vec<Step>,
    /// The letters that went out.
    pub letters: Vec<Sent>,
    /// Holds that stop a license.
    pub holds: Vec<Hold>,
    /// The license.
    pub license: Option<License>,
    /// Its conditions.
    pub conditions: Vec<Condition>,
    /// The site.
    pub site: Option<Site>,
    /// Sites of the building, where nobody has said which one it is.
    pub candidates: Vec<Site>,
    /// The steps that lead on.
    pub next: Vec<Next>,
    /// The workflow.
    pub workflow: &'a Workflow,
    /// The rules of law.
    pub packs: &'a Packs,
    /// The kinds of site.
    pub kinds: &'a Kinds,
    /// The day.
    pub today: NaiveDate,
    /// The agency's zone.
    pub zone: Tz,
    /// Whether whoever looks may change it.
    pub may_change: bool,
}

/// The page.
pub fn show(it: &Shown<'_>) -> Markup {
    let app = it.application;
    let beside = html! {
        (tags::state(it.workflow.state_label(&app.state), app.waits))
        span.meta { (app.code()) " · " (it.workflow.procedure_label(&app.procedure)) }
    };
    let actions = html! {
        @if it.may_change { (secondary_link(&format!("{}/edit", app.href()), "Edit", Some(Icon::Edit))) }
    };
    html! {
        (page_head(app.title(), &beside, &actions))
        (holds(it))
        div.split {
            div.stack {
                (next(it))
                (reviews(it))
                (history(it))
            }
            div.stack {
                (clock(it))
                (particulars(it))
                (whereabouts(it))
                (license(it))
                (letters(it))
            }
        }
    }
}

/// Why no license can be issued at that address.
fn holds(it: &Shown<'_>) -> Markup {
    html! {
        @if it.application.holder == Holder::Business {
            @for hold in &it.holds {
                (note(Note::Due, &html! {
                    b { (hold.place()) " is on hold" } " since " (format::day(hold.since.day())) ", because of "
                    (hold.business) ". " (hold.hold_state.label()) ". "
                    a href={ "/desk/holds/" (hold.id) } { "Read and decide" }
                }))
            }
        }
    }
}

fn next(it: &Shown<'_>) -> Markup {
    let href = it.application.href();
    if it.next.is_empty() {
        return card(
            "What is next",
            &html! { p { "Nothing: it is " (it.workflow.state_label(&it.application.state).to_lowercase()) " for good." } },
        );
    }
    let mut first = true;
    card(
        "What is next",
        &html! {
            @for next in &it.next {
                div.desk-step {
                    @if !it.may_change {
                        p { (next.step.label) }
                    } @else if !next.is_open {
                        p { (next.step.label) span.meta { " · for " (next.step.roles.join(", ")) } }
                    } @else {
                        @let is_first = leads(next) && std::mem::take(&mut first);
                        (button(next, &href, it.application.version, is_first))
                    }
                    @if next.missing.len() == 1 { p.meta { (next.missing[0]) } }
                    @if next.missing.len() > 1 { ul.meta { @for why in &next.missing { li { (why) } } } }
                }
            }
        },
    )
}

/// Whether a step is the one that leads on: nothing is missing for it, and it grants something or asks nothing.
fn leads(next: &Next) -> bool {
    let grants = matches!(next.step.effect, Effect::Issue | Effect::Renew | Effect::Amend | Effect::Transfer);
    next.missing.is_empty() && (grants || step_form::is_plain(&next.step))
}

/// A button that takes the step at once, or a link to its form.
fn button(next: &Next, href: &str, version: i64, first: bool) -> Markup {
    let to = format!("{href}/steps/{}", next.step.word);
    if !step_form::is_plain(&next.step) {
        return if first {
            ui::link_button(&to, &next.step.label)
        } else {
            secondary_link(&to, &next.step.label, None)
        };
    }
    html! {
        form method="post" action=(to) {
            (field_hidden("id", &next.id.to_string()))
            (field_hidden("version", &version.to_string()))
            @if first { (primary(&next.step.label)) } @else { (ui::button(&next.step.label)) }
        }
    }
}

fn reviews(it: &Shown<'_>) -> Markup {
    if it.reviews.is_empty() {
        return html! {};
    }
    let columns = ["Review", "Whose", "Due", "State"].map(Column::new);
    let href = it.application.href();
    let rows = html! {
        @for review in &it.reviews {
            tr {
                th.name scope="row" {
                    @let label = it.workflow.review_label(&review.review);
                    @if it.may_change { a href={ (href) "/reviews/" (review.review) } { (label) } } @else { (label) }
                    @if let Some(note) = held(&review.note) { div.meta { (note) } }
                }
                td data-label="Whose" { (review.owner) }
                td data-label="Due" { (format::day(review.due_on.day())) }
                td data-label="State" {
                    (tags::review(review, it.today))
                    @if let Some(done) = review.done_on { div.meta { (format::day(done.day())) " · " (review.noted_by) } }
                }
            }
        }
    };
    let n_done = it.reviews.iter().filter(|it| it.review_state.is_settled()).count();
    let beside = html! { span.meta { (n_done) " of " (it.reviews.len()) " done" } };
    card_with("Reviews", &beside, &table("Reviews", &columns, &rows))
}

fn history(it: &Shown<'_>) -> Markup {
    let app = it.application;
    let at = |moment: Moment| match moment {
        Moment::Instant(at) => format::day_and_time(at, &it.zone),
        Moment::Day(day) => format::day(day),
    };
    card(
        "What was done",
        &html! {
            ol.desk-history {
                @for step in &it.steps {
                    li {
                        b { (it.workflow.state_label(&step.to_state)) }
                        @if step.from_state == step.to_state { " · " (it.workflow.step_label(&app.procedure, &step.step)) }
                        @if let Some(reason) = held(&step.reason) { p { (reason) } }
                        p.meta { (at(step.recorded_at)) " · " (step.noted_by) }
                    }
                }
                li {
                    b { @if it.workflow.procedures.get(&app.procedure).is_some_and(super::workflow::Procedure::is_order) { "Proposed" } @else { "Received" } }
                    p.meta { (format::day(app.received_on.day())) }
                }
            }
        },
    )
}

/// The agency's own clock, by which rule, and how sure that is.
fn clock(it: &Shown<'_>) -> Markup {
    let app = it.application;
    let standing = Standing::of(app, it.workflow, it.today);
    let mut rows = Vec::new();
    match standing {
        Standing::Still if app.is_open() && app.decide_by.is_some() => {
            rows.push(("To decide", html! { "The clock stands still." }));
        }
        Standing::Still => {}
        _ => rows.push(("To decide", tags::clock(standing))),
    }
    if let Some(by) = app.decide_by.filter(|_| standing != Standing::Still) {
        rows.push(("Decision due", html! { (format::day(by.day())) }));
    }
    rows.extend(app.decided_on.map(|it| ("Decided", html! { (format::day(it.day())) })));
    rows.extend(app.appeal_by.map(|by| ("Appeal until", html! { (tags::day(by, it.today)) })));
    rows.extend(app.ends_on.map(|by| ("Ends", html! { (tags::day(by, it.today)) })));
    if rows.is_empty() {
        return html! {};
    }
    let (pack, rule) = &it.workflow.clock.rule;
    let law = it.packs.rule(pack, rule);
    card(
        "Days",
        &html! {
            (facts(&rows))
            @if app.decide_by.is_some() {
                p.meta {
                    (it.workflow.clock.days) " days from receipt"
                    @if let Some((law, rule)) = law {
                        ", " a href={ "/rules/" (pack) } { (law.cite(rule)) } " (" (rule.confidence.label().to_lowercase()) ")"
                    }
                    "."
                }
            }
        },
    )
}

fn particulars(it: &Shown<'_>) -> Markup {
    let app = it.application;
    let kind = match app.holder {
        Holder::Business => it.kinds.label(&app.kind).to_owned(),
        Holder::Practitioner => "Practitioner".to_owned(),
    };
    let mut rows = vec![("License of", html! { (kind) })];
    if !app.business.is_empty() {
        rows.push(("Business", html! { (app.business) }));
    }
    let applicant = html! {
        @match app.party_id { Some(id) => a href={ "/parties/" (id) } { (app.applicant) }, None => (app.applicant) }
    };
    rows.push(("Applicant", applicant));
    rows.push(("Received", html! { (format::day(app.received_on.day())) }));
    rows.push(("Fee", html! { (app.fee.label()) }));
    rows.extend(held(&app.reason).map(|it| ("Reason", it)));
    rows.extend(held(&app.note).map(|it| ("Note", it)));
    card("The application", &facts(&rows))
}

fn whereabouts(it: &Shown<'_>) -> Markup {
    let app = it.application;
    card(
        "Where",
        &html! {
            @if let Some(address) = app.address() { p { (address) } } @else { p { (ui::unknown()) } }
            @match &it.site {
                Some(site) => p { a href={ "/sites/" (site.id) } { (site.name) } span.meta { " " (site.code()) } },
                None if app.site_id.is_some() => p { "A site outside of your area." },
                None if app.holder == Holder::Practitioner => p.meta { "A license of a practitioner counts for no site." },
                None if app.is_open() => p.meta { "No site yet: one is opened when the license is issued." },
                None => {}
            }
            @if it.may_change && app.is_open() && app.holder == Holder::Business {
                @for site in &it.candidates {
                    form.desk-site method="post" action={ (app.href()) "/site" } {
                        (field_hidden("site", &site.id.to_string()))
                        (field_hidden("version", &app.version.to_string()))
                        button.usa-button.neutral.small type="submit" { "It is " (site.name) " (" (site.code()) ")" }
                    }
                }
            }
        },
    )
}

fn license(it: &Shown<'_>) -> Markup {
    let Some(license) = &it.license else { return html! {} };
    let day = |it: Option<Moment>| html! { @match it { Some(it) => (format::day(it.day())), None => (ui::unknown()) } };
    let rows = [
        ("Number", html! { a href={ "/desk/licenses/" (license.head.id) } { (license.number) } }),
        ("State", html! { (crate::records::listing::words(license.status.as_str())) }),
        ("Term", html! { (day(license.starts_on)) " to " (day(license.expires_on)) }),
    ];
    card(
        "The license",
        &html! {
            (facts(&rows))
            @for condition in it.conditions.iter().filter(|condition| condition.holds_on(it.today)) {
                p { "Condition: " (condition.words) }
            }
        },
    )
}

fn letters(it: &Shown<'_>) -> Markup {
    let app = it.application;
    let taken = it.steps.iter().filter_map(|step| it.workflow.letter_of(&app.procedure, &step.step));
    let offered: BTreeSet<&str> = taken.collect();
    if offered.is_empty() && it.letters.is_empty() {
        return html! {};
    }
    card(
        "Letters",
        &html! {
            @for word in offered {
                p { (secondary_link(&format!("{}/letters/{word}", app.href()), &format!("Letter: {}", crate::records::listing::words(word).to_lowercase()), Some(Icon::Records))) }
            }
            @for sent in &it.letters {
                p.meta { "“" (crate::records::listing::words(&sent.letter)) "” sent " (format::day(sent.sent_on.day())) " · " (sent.noted_by) }
            }
        },
    )
}

/// What the form of a review begins with.
pub fn values_of(it: &Review) -> Params {
    [
        ("review_state", it.review_state.to_string()),
        ("owner", it.owner.clone()),
        ("due_on", it.due_on.day().to_string()),
        ("done_on", it.done_on.map(|it| it.day().to_string()).unwrap_or_default()),
        ("note", it.note.to_string()),
        ("version", it.version.to_string()),
    ]
    .into_iter()
    .collect()
}

/// The form of a review.
pub fn review(title: &str, back: &str, state: Typed<'_>) -> Markup {
    let states: Vec<(&str, &str)> = ReviewState::ALL.iter().map(|it| (it.as_str(), it.label())).collect();
    html! {
        (page_head(title, &html! {}, &html! {}))
        (state.summary())
        form.stack method="post" {
            (state.carried(&["version"]))
            (card("How it stands", &html! {
                (field_radios(state.field("review_state", "State").required(), &states))
                div.field-row {
                    (field_text(state.field("owner", "Whose it is")))
                    (field_date(state.field("due_on", "Due on")))
                    (field_date(state.field("done_on", "Done on").hint("Leave it empty for today.")))
                }
                (state.free_text(state.field("note", "What was found").hint("Needed where it was not passed.")))
            }))
            div.form-actions { (primary("Save the review")) (quiet_link(back, "Cancel")) }
        }
    }
}
