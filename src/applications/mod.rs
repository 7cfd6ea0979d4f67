//! An application: what somebody asks of the licensing desk, or what the desk orders, on its way through the states of
//! `data/workflows/license.toml`, with the reviews it needs, the clock it runs against and the license it is about.
//!
//! [`workflow`] is the state machine, pure; [`desk`] takes a step and writes what follows from it into the license.

use chrono::NaiveDate;

use crate::clock::Moment;
use crate::db::{id, text_enum};
use crate::parties::PartyId;
use crate::records::{Place, RecordId, SiteId};
use crate::rights::held::Held;

pub mod acts;
pub mod condition_pages;
pub mod deadlines;
pub mod desk;
pub mod effects;
pub mod entry_pages;
pub mod expiring_pages;
pub mod expiring_views;
pub mod filter;
pub mod form;
pub mod form_views;
pub mod hold;
pub mod hold_pages;
pub mod hold_store;
pub mod hold_views;
pub mod holders;
pub mod letter_pages;
pub mod letter_views;
pub mod letters;
pub mod license_pages;
pub mod license_store;
pub mod license_views;
pub mod list_pages;
pub mod list_views;
pub mod part_store;
pub mod parts;
pub mod show_pages;
pub mod show_views;
pub mod step_form;
pub mod step_pages;
pub mod store;
pub mod tags;
pub mod today;
pub mod workflow;
mod workflow_file;

id! {
    /// An application.
    ApplicationId
}

text_enum! {
    /// Who holds, or is to hold, the license.
    Holder {
        /// A business, for its premises.
        Business = "business",
        /// Someone who practices. Such a license counts for no site and in no score.
        Practitioner = "practitioner",
    }
}

text_enum! {
    /// For whom an application waits.
    Waits {
        /// For us.
        Agency = "agency",
        /// For whoever applied.
        Applicant = "applicant",
        /// For nobody: it is decided.
        Nobody = "nobody",
    }
}

text_enum! {
    /// Whether the fee is paid.
    Fee {
        /// To be paid.
        Due = "due",
        /// Paid.
        Paid = "paid",
        /// None is asked.
        Waived = "waived",
    }
}

/// An application in one version.
#[derive(Clone, Debug, PartialEq, sqlx::FromRow)]
pub struct Application {
    /// The same for all versions.
    pub id: ApplicationId,
    /// 1 for the first.
    pub version: i64,
    /// When this was recorded.
    pub recorded_at: Moment,
    /// Its number for people, shown as `A-00012`.
    pub number: i64,
    /// A word of the workflow.
    pub procedure: String,
    /// Who is to hold the license.
    pub holder: Holder,
    /// The kind of business, a word of `data/kinds.toml`.
    pub kind: String,
    /// The business, by its name on the door; of a practitioner where the work is done, or empty.
    pub business: String,
    /// Who applied, as written.
    pub applicant: String,
    /// The same as a party, where somebody said which.
    pub party_id: Option<PartyId>,
    /// The site that it is about; none where none stands there yet.
    pub site_id: Option<SiteId>,
    /// Where.
    #[sqlx(flatten)]
    pub place: Place,
    /// The license that it is about, or that came of it.
    pub license_id: Option<RecordId>,
    /// When it was received, or proposed.
    pub received_on: Moment,
    /// A word of the workflow.
    pub state: String,
    /// Since when it is in that state.
    pub state_on: Moment,
    /// For whom it waits.
    pub waits: Waits,
    /// The last day of the agency's own clock; none while that stands still.
    pub decide_by: Option<Moment>,
    /// When it was decided.
    pub decided_on: Option<Moment>,
    /// The last day for an appeal.
    pub appeal_by: Option<Moment>,
    /// The last day of a suspension or a closure.
    pub ends_on: Option<Moment>,
    /// Whether the fee is paid.
    pub fee: Fee,
    /// Who noted this version.
    pub noted_by: String,
    /// What whoever keeps it noted.
    pub note: Held,
    /// Why it was decided so, or what is missing.
    pub reason: Held,
}

impl Application {
    /// The number as people say it.
    pub fn code(&self) -> String {
        format!("A-{:05}", self.number)
    }

    /// The address of its page.
    pub fn href(&self) -> String {
        format!("/desk/{}", self.id)
    }

    /// What lists call it: the business, or who applied.
    pub fn title(&self) -> &str {
        if self.business.is_empty() || self.holder == Holder::Practitioner {
            &self.applicant
        } else {
            &self.business
        }
    }

    /// The address in one line; none where nothing is known.
    pub fn address(&self) -> Option<String> {
        let unit = self.place.unit.as_ref().map(|it| format!("Unit {it}"));
        let city = self.place.city.as_deref().map(crate::web::format::place);
        let parts: Vec<&str> =
            [&self.place.address, &unit, &city].into_iter().flatten().map(String::as_str).collect();
        (!parts.is_empty()).then(|| parts.join(", "))
    }

    /// Whether it waits for somebody.
    pub fn is_open(&self) -> bool {
        self.waits != Waits::Nobody
    }

    /// The next version, as somebody makes it now.
    pub fn next(&self, by: &str, now: Moment) -> Self {
        Self {
            version: self.version + 1,
            recorded_at: now.max(self.recorded_at),
            noted_by: by.to_owned(),
            ..self.clone()
        }
    }
}

impl Holder {
    /// How people say it.
    pub fn label(self) -> &'static str {
        match self {
            Self::Business => "Business",
            Self::Practitioner => "Practitioner",
        }
    }
}

impl Waits {
    /// How people say it.
    pub fn label(self) -> &'static str {
        match self {
            Self::Agency => "Waiting for us",
            Self::Applicant => "Waiting for the applicant",
            Self::Nobody => "Decided",
        }
    }
}

impl Fee {
    /// How people say it.
    pub fn label(self) -> &'static str {
        match self {
            Self::Due => "To be paid",
            Self::Paid => "Paid",
            Self::Waived => "Waived",
        }
    }
}

/// A row of the list: an application with what is late about it.
#[derive(Clone, Debug, PartialEq, sqlx::FromRow)]
pub struct Listed {
    /// The application.
    #[sqlx(flatten)]
    pub application: Application,
    /// How many of its reviews are past their day.
    pub n_late: i64,
    /// The day of its next review that is not done.
    pub next_due: Option<Moment>,
}

/// How long ago a day was, or how far off it is: negative when it is past.
pub fn days_until(on: Moment, today: NaiveDate) -> i64 {
    (on.day() - today).num_days()
}
