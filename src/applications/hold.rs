//! A hold on an address: where a license was revoked or a business closed, no new license is issued until someone decides.

use super::ApplicationId;
use crate::clock::Moment;
use crate::db::{id, text_enum};
use crate::records::{BuildingId, RecordId, SiteId};
use crate::rights::held::Held;

id! {
    /// A hold on an address.
    HoldId
}

text_enum! {
    /// How a hold stands.
    HoldState {
        /// Nobody has decided yet.
        Open = "open",
        /// Somebody decided that it stays.
        Kept = "kept",
        /// Somebody decided that a license may be issued there again.
        Lifted = "lifted",
    }
}

/// A hold in one version.
#[derive(Clone, Debug, PartialEq, sqlx::FromRow)]
pub struct Hold {
    /// The same for all versions.
    pub id: HoldId,
    /// 1 for the first.
    pub version: i64,
    /// When this was recorded.
    pub recorded_at: Moment,
    /// The order that made it.
    pub application_id: ApplicationId,
    /// The license that was revoked or suspended.
    pub license_id: Option<RecordId>,
    /// The site.
    pub site_id: Option<SiteId>,
    /// Its building: whoever asks for a license there meets the hold, whatever the unit.
    pub building_id: Option<BuildingId>,
    /// The address as written.
    pub address: String,
    /// The city as written.
    pub city: Option<String>,
    /// The business that it was about.
    pub business: String,
    /// From which day on.
    pub since: Moment,
    /// How it stands.
    pub hold_state: HoldState,
    /// When that was decided.
    pub decided_on: Option<Moment>,
    /// Who noted this version.
    pub noted_by: String,
    /// Why it was decided so.
    pub reason: Held,
}

impl HoldState {
    /// How people say it.
    pub fn label(self) -> &'static str {
        match self {
            Self::Open => "Not decided",
            Self::Kept => "The hold stays",
            Self::Lifted => "Lifted",
        }
    }

    /// Whether it stops a new license.
    pub fn stops(self) -> bool {
        self != Self::Lifted
    }
}

impl Hold {
    /// The address in one line.
    pub fn place(&self) -> String {
        let city = self.city.as_deref().map(crate::web::format::place);
        city.map_or_else(|| self.address.clone(), |city| format!("{}, {city}", self.address))
    }
}
