//! The page of one record, the same for every kind: what it says, where, when, from where, and whose it is.

use chrono_tz::Tz;
use maud::{Markup, html};

use super::timeline::moment;
use super::words;
use crate::clock::Moment;
use crate::complaints::{Complainant, Complaint};
use crate::incidents::Incident;
use crate::incidents::facets::{Credibility, Reliability};
use crate::incidents::offenses::Offenses;
use crate::inspections::{Inspection, Violation};
use crate::licenses::License;
use crate::linking::evidence::Evidence;
use crate::records::{Head, Linked, Place, RecordId, RecordKind};
use crate::review::{self, Decision, LinkNow};
use crate::rights::{Resource, Viewer};
use crate::sites::{Kinds, Site};
use crate::text::phone::Phone;
use crate::web::{format, ui};

/// A record as the page shows it: its own facts, and what all kinds have.
#[derive(Debug)]
pub struct Sheet<'a> {
    /// The heading.
    pub title: String,
    kind: RecordKind,
    head: &'a Head,
    place: &'a Place,
    linked: &'a Linked,
    facts: Vec<(&'static str, Markup)>,
    below: Markup,
    actions: Markup,
}

/// What made the link of a record.
#[derive(Debug)]
pub struct Why {
    /// The link as it stands; none when there is none, or the viewer may see none.
    pub link: Option<LinkNow>,
    /// The decision that made it.
    pub decision: Option<Decision>,
    /// Whether the viewer may change it.
    pub may_change: bool,
}

/// Whether the agency knows who complained, and the way there for who may take it.
fn who(it: &Complaint, viewer: &Viewer) -> Markup {
    if it.anonymous {
        return text("not known to the agency");
    }
    if !viewer.may_see(Resource::Complainant) {
        return ui::withheld(viewer.class_of_rows(Resource::Complainant));
    }
    html! { a href={ "/complaints/" (it.head.id) "/complainant" } { "Show, if it is kept here" } span.meta { " · the look is recorded" } }
}

/// Who made a complaint.
pub fn complainant(who: &Complainant) -> Markup {
    let shown = |it: &Option<String>| it.as_deref().map_or_else(ui::unknown, text);
    let facts = [
        ("Name", shown(&who.full_name)),
        ("Telephone", shown(&who.phone)),
        ("Mail address", shown(&who.email)),
    ];
    html! {
        (ui::page_head("Who complained", &html! {}, &html! {}))
        (ui::card("Apart from the complaint", &ui::facts(&facts)))
        p.meta { "That you opened this page is recorded. Nobody is told of it who does not need it." }
    }
}

impl<'a> Sheet<'a> {
    /// A license.
    pub fn license(it: &'a License, kinds: &Kinds, zone: Tz) -> Self {
        let mut facts = vec![
            ("Number", text(&it.number)),
            ("State", state(words::license(it.status), it.status_as_written.as_deref())),
            ("For", text(kinds.label(&it.kind))),
            ("Type", text(&it.type_as_written)),
            ("Business", text(&it.name)),
            ("Issued", day(it.issued_on, zone)),
            ("Term begins", day(it.starts_on, zone)),
            ("Term ends", day(it.expires_on, zone)),
        ];
        let more = [
            ("Holder", it.licensee.as_deref().map(text)),
            ("Telephone", it.phone.as_deref().map(|it| text(&Phone::shown(it)))),
        ];
        facts.extend(more.into_iter().filter_map(|(name, it)| Some((name, it?))));
        let title = format!("License {}", words::shortened(&it.number));
        Self::new(title, RecordKind::License, (&it.head, &it.place, &it.linked), facts)
    }

    /// An inspection with what it found.
    pub fn inspection(it: &'a Inspection, found: &[Violation], zone: Tz) -> Self {
        let mut facts = vec![
            ("Outcome", state(words::outcome(it.outcome), it.outcome_as_written.as_deref())),
            ("Reason", text(it.reason.as_deref().unwrap_or_default())),
            ("Business", text(&it.name)),
        ];
        facts.extend(it.points.map(|points| ("Points of the source", html! { (points) })));
        facts.extend(it.due_on.map(|due| ("Reinspection due", text(&moment(due, zone)))));
        facts.extend(ui::held(&it.note).map(|note| ("Note", note)));
        let title = format!("Inspection {}", words::shortened(&it.head.source_key));
        let mut sheet = Self::new(title, RecordKind::Inspection, (&it.head, &it.place, &it.linked), facts);
        sheet.below = violations(found, zone);
        sheet
    }

    /// A complaint.
    pub fn complaint(it: &'a Complaint, viewer: &Viewer) -> Self {
        let mut facts = vec![
            ("About", state(words::category(it.category), it.category_as_written.as_deref())),
            ("State", text(words::complaint_state(it.state))),
            ("Complainant", who(it, viewer)),
            ("Reliability of the source", ui::held_or_unknown(&it.reliability)),
            ("Credibility of the content", ui::held_or_unknown(&it.credibility)),
            ("Business", text(&it.name)),
        ];
        facts.extend(ui::held(&it.summary).map(|summary| ("Summary", summary)));
        let title = format!("Complaint {}", words::shortened(&it.head.source_key));
        Self::new(title, RecordKind::Complaint, (&it.head, &it.place, &it.linked), facts)
    }

    /// An incident.
    pub fn incident(it: &'a Incident, offenses: &Offenses) -> Self {
        let mut facts = vec![
            ("Class", state(offenses.label(&it.offense), it.offense_as_written.as_deref())),
            ("Code of the source", text(&it.offense_code)),
            ("Came to light by", text(words::origin(it.origin))),
            ("Outcome", text(words::disposition(it.disposition))),
            ("Reliability of the source", grade(it.reliability.map(Reliability::as_str))),
            ("Credibility of the content", grade(it.credibility.map(Credibility::as_str))),
        ];
        // A role that no source counts is not shown: an unknown number is not 0, and five unknown ones say nothing.
        facts.extend(it.roles.named().into_iter().filter_map(|(name, n)| Some((name, ui::held(n)?))));
        let title = format!("Incident {}", words::shortened(&it.head.source_key));
        Self::new(title, RecordKind::Incident, (&it.head, &it.place, &it.linked), facts)
    }

    fn new(
        title: String,
        kind: RecordKind,
        (head, place, linked): (&'a Head, &'a Place, &'a Linked),
        facts: Vec<(&'static str, Markup)>,
    ) -> Self {
        Self { title, kind, head, place, linked, facts, below: html! {}, actions: html! {} }
    }

    /// The same with the way to the licensing desk: renew, amend, suspend, revoke.
    pub fn at_the_desk(mut self) -> Self {
        let href = format!("/desk/licenses/{}", self.head.id);
        self.actions = ui::secondary_link(&href, "At the desk", Some(ui::Icon::License));
        self
    }

    /// Which record.
    pub fn id(&self) -> RecordId {
        self.head.id
    }

    /// The content of the page; `site` is the one that the record counts for, where the viewer may see it.
    pub fn show(&self, site: Option<&Site>, why: &Why, zone: Tz) -> Markup {
        html! {
            (ui::page_head(&self.title, &html! {}, &self.actions))
            div.split {
                div.stack {
                    (ui::card("What it says", &ui::facts(&self.facts)))
                    (self.below)
                    (ui::card("Where", &ui::facts(&self.whereabouts())))
                }
                div.stack {
                    (ui::card("Counts for", &self.link(site, why, zone)))
                    (ui::card("When and from where", &ui::facts(&self.origin(zone))))
                }
            }
        }
    }

    fn whereabouts(&self) -> Vec<(&'static str, Markup)> {
        let it = self.place;
        let point = it.lon.zip(it.lat).map(|(lon, lat)| format!("{lat:.5}, {lon:.5}"));
        vec![
            ("Address as written", text(it.address.as_deref().unwrap_or_default())),
            ("Unit", text(it.unit.as_deref().unwrap_or_default())),
            ("City as written", text(it.city.as_deref().unwrap_or_default())),
            (
                "Building",
                html! {
                    @match it.building_id {
                        Some(id) => a href={ "/buildings/" (id) } { "All at this address" },
                        None => span.meta { "the address is no exact one, or could not be understood" },
                    }
                },
            ),
            (
                "Point",
                html! { (text(point.as_deref().unwrap_or_default())) span.meta { " " (words::point(it.point_method)) } },
            ),
        ]
    }

    fn origin(&self, zone: Tz) -> Vec<(&'static str, Markup)> {
        let it = self.head;
        let reckoned = it.backfilled.then_some(" · reckoned: it came with a file of history");
        let mut facts = vec![
            ("Happened", text(&moment(it.occurred_at, zone))),
            (
                "Recorded",
                html! { (moment(it.recorded_at, zone)) @if let Some(it) = reckoned { span.meta { (it) } } },
            ),
            ("Source", text(&it.source)),
            ("Key of the source", html! { code { (it.source_key) } }),
            (
                "Import",
                html! {
                    @match it.batch_id {
                        Some(batch) => a href={ "/imports/" (batch) } { "The delivery that brought it" },
                        None => "none: entered by staff",
                    }
                },
            ),
        ];
        facts.push(("Version", html! { (it.version) }));
        facts
    }

    fn link(&self, site: Option<&Site>, why: &Why, zone: Tz) -> Markup {
        let certainty =
            self.linked.certainty.map(|it| format::coverage(it as f64 / 1000.0)).unwrap_or_default();
        let method = self.linked.link_method.as_deref();
        html! {
            @match (site, method) {
                (Some(site), Some(method)) => {
                    p { a href={ "/sites/" (site.id) } { (site.name) } ", " (site.address) " · " (site.code()) }
                    p.meta { (words::method(method)) ", certainty " b { (certainty) } }
                }
                (None, Some(_)) if self.linked.site_id.is_some() => { p { "A site outside of your area." } }
                (None, Some(_)) if why.is_unlinked() => { p { "Nothing: a person decided that it belongs to no known site." } }
                (None, Some("manual")) => { p { "No site: a person decided that only the building is sure. Counted 0." } }
                (None, Some(_)) => { p { "No site: several stand at the address and nothing tells which. Building only: counted 0." } }
                _ => {
                    p { "Nothing: no site of the catalog stands at its address." }
                    p.meta { a href={ "/records/" (self.kind.plural()) "?linked=none" } { "All unlinked " (self.kind.plural()) } }
                }
            }
            @if why.link.is_some() || why.may_change { (self.reasons(why, zone)) }
        }
    }

    /// Why it is here: how the link was found, what was compared, who decided; and the way to change it.
    fn reasons(&self, why: &Why, zone: Tz) -> Markup {
        let link = why.link.as_ref().filter(|it| it.cause.is_none());
        let evidence = link.and_then(|it| it.stood.evidence.as_deref()?.parse::<Evidence>().ok());
        html! {
            details.more.why-here {
                summary { "Why is it here?" }
                @if let Some(it) = &why.decision {
                    p { (it.decided_name) " decided so, " (moment(it.decided_at, zone)) "." }
                    @if let Some(reason) = &it.why { p { "“" (reason) "”" } }
                } @else if let Some(it) = link {
                    p { (words::capitalized(words::method(&it.stood.method))) "; rules " code { (it.stood.model) } "." }
                    @match evidence {
                        Some(evidence) => p { (evidence.sentence()) },
                        None => p.meta { "No fields were weighed for it." },
                    }
                } @else { p { "No rule and no person has linked it." } }
            }
            @if why.may_change {
                p { (ui::secondary_link(&review::href(self.kind, self.head.id), "Change the link", Some(ui::Icon::Link))) }
            }
        }
    }
}

impl Why {
    /// Somebody decided that it belongs to nothing.
    fn is_unlinked(&self) -> bool {
        self.link.as_ref().is_some_and(|it| it.stood.site_id.is_none() && it.stood.building_id.is_none())
    }
}

fn violations(found: &[Violation], zone: Tz) -> Markup {
    let columns = ["What was found", "How grave", "State", "Due"].map(ui::Column::new);
    let rows = html! {
        @for it in found {
            tr {
                th.name scope="row" { (it.title) @if let Some(code) = &it.code { div.meta { (code) } } }
                td data-label="How grave" { (words::severity(it.severity)) }
                td data-label="State" {
                    (words::violation_state(it.state))
                    @if let Some(closed) = it.closed_on { " " (moment(closed, zone)) }
                }
                td data-label="Due" { (it.due_on.map_or_else(|| "–".to_owned(), |it| moment(it, zone))) }
            }
        }
    };
    let beside = html! { span.meta { (format::counted(found.len() as u64, "violation", "violations")) } };
    if found.is_empty() {
        return ui::card_with("Violations", &beside, &html! { p.meta { "None is on record." } });
    }
    ui::card_with("Violations", &beside, &ui::table("Violations", &columns, &rows))
}

/// A text of a source; an empty one is not known.
fn text(it: &str) -> Markup {
    html! { @if it.is_empty() { (ui::unknown()) } @else { (it) } }
}

fn grade(it: Option<&str>) -> Markup {
    text(it.unwrap_or_default())
}

fn day(it: Option<Moment>, zone: Tz) -> Markup {
    text(&it.map(|it| moment(it, zone)).unwrap_or_default())
}

/// What FOCA understood, and the source's own words where they are others.
fn state(understood: &str, written: Option<&str>) -> Markup {
    let same = |it: &&str| it.replace('_', " ").eq_ignore_ascii_case(understood);
    let written = written.filter(|it| !same(it));
    html! { (words::capitalized(understood)) @if let Some(it) = written { span.meta { " · written “" (it) "”" } } }
}
