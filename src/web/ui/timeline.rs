//! One line of time for all records: day, icon on a thread, title, one line of details.

use maud::{Markup, html};

use super::icon::{Icon, icon};

/// Which record an event comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RecordIcon {
    /// A license.
    License,
    /// An inspection.
    Inspection,
    /// A complaint.
    Complaint,
    /// An incident.
    Incident,
    /// A change of the site itself.
    Site,
}

impl RecordIcon {
    /// The icon that stands for it everywhere.
    pub fn icon(self) -> Icon {
        match self {
            Self::License => Icon::License,
            Self::Inspection => Icon::Inspection,
            Self::Complaint => Icon::Complaint,
            Self::Incident => Icon::Incident,
            Self::Site => Icon::Site,
        }
    }

    fn word(self) -> &'static str {
        match self {
            Self::License => "License",
            Self::Inspection => "Inspection",
            Self::Complaint => "Complaint",
            Self::Incident => "Incident",
            Self::Site => "Site",
        }
    }
}

/// What happened.
#[derive(Clone, Debug)]
pub struct Event {
    /// The day as shown: `Nov 2`.
    pub day: String,
    /// Which record it comes from.
    pub record: RecordIcon,
    /// What happened, in words; may be a link to the record.
    pub title: Markup,
    /// Record id, certainty of the link, day recorded where it differs.
    pub meta: Markup,
}

/// A row of the timeline; rows stand in `ol.timeline`.
pub fn timeline_row(event: &Event) -> Markup {
    html! {
        li.event {
            span.day { (event.day) }
            span.ring title=(event.record.word()) {
                (icon(event.record.icon()))
                span.usa-sr-only { (event.record.word()) ": " }
            }
            div {
                p.title { (event.title) }
                p.meta { (event.meta) }
            }
        }
    }
}

/// The rule at which a year begins.
pub fn timeline_year(year: i32) -> Markup {
    html! { li.year { h3 { (year) } } }
}
