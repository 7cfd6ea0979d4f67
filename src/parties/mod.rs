//! A party: a person or an organization that stands behind sites as licensee, owner, operator, manager, landlord or
//! registered agent, for a time. A business person on record is no suspect, and parties carry no score.

use crate::clock::Moment;
use crate::db::{Json, id, text_enum};
use crate::records::{BatchId, BuildingId, SiteId};
use crate::rights::held::Held;
use crate::sites::Status;

pub mod form;
pub mod names;
pub mod pages;
pub mod same;
pub mod store;
pub mod views;
pub mod words;

id! {
    /// A person or an organization.
    PartyId
}
id! {
    /// A party in one role at one site or building, for a time.
    HoldingId
}

text_enum! {
    /// What a party is.
    Kind {
        /// A company, a trust, a public body.
        Organization = "organization",
        /// A human being, as a business person.
        Person = "person",
    }
}

text_enum! {
    /// How a party stands behind a site. These only: no role is about a crime.
    Role {
        /// Holds a license.
        Licensee = "licensee",
        /// Owns the business.
        Owner = "owner",
        /// Runs the business.
        Operator = "operator",
        /// Manages it day by day.
        Manager = "manager",
        /// Owns the premises and lets them.
        Landlord = "landlord",
        /// Takes official mail for it; says nothing of who runs it.
        RegisteredAgent = "registered_agent",
    }
}

/// A party in one version.
#[derive(Clone, Debug, PartialEq, sqlx::FromRow)]
pub struct Party {
    /// The same for all versions.
    pub id: PartyId,
    /// 1 for the first.
    pub version: i64,
    /// When this version could first have been known.
    pub recorded_at: Moment,
    /// The register or desk that gave it.
    pub source: String,
    /// Its key there.
    pub source_key: String,
    /// The import that brought it; none for what a person entered.
    pub batch_id: Option<BatchId>,
    /// Its number for people, shown as `P-00012`.
    pub number: i64,
    /// What it is.
    pub kind: Kind,
    /// The name as registered.
    pub name: String,
    /// Further and former names.
    #[sqlx(try_from = "Json<Vec<String>>")]
    pub other_names: Vec<String>,
    /// The name in the one spelling under which it is looked up: see [`names::key`].
    pub name_key: String,
    /// The number under which a state registers it, such as the Secretary of State's file number.
    pub registered_number: Option<String>,
    /// Its own address as written, in one line.
    pub address: Option<String>,
    /// The unit within the building, normalized.
    pub unit: Option<String>,
    /// The city as written.
    pub city: Option<String>,
    /// Two letters.
    pub state: Option<String>,
    /// Five digits.
    pub zip: Option<String>,
    /// The address understood.
    pub building_id: Option<BuildingId>,
    /// Its telephone, ten digits: see [`crate::text::phone::Phone`].
    pub phone: Option<String>,
    /// What whoever keeps the catalog noted.
    pub note: Held,
    /// The party that it was found to be one with; a chain has one link.
    pub joined_into: Option<PartyId>,
}

/// A party in one role at one site or building, in one version.
#[derive(Clone, Debug, PartialEq, sqlx::FromRow)]
pub struct Holding {
    /// The same for all versions.
    pub id: HoldingId,
    /// 1 for the first.
    pub version: i64,
    /// When this version could first have been known.
    pub recorded_at: Moment,
    /// The register or desk that gave it.
    pub source: String,
    /// Its key there.
    pub source_key: String,
    /// The import that brought it; none for what a person entered.
    pub batch_id: Option<BatchId>,
    /// Who.
    pub party_id: PartyId,
    /// At which site; none where it stands for a building with all of its tenants.
    pub site_id: Option<SiteId>,
    /// At which building, where it is no site's alone.
    pub building_id: Option<BuildingId>,
    /// In which role.
    pub role: Role,
    /// The part held, in thousandths, where known.
    pub share: Option<i64>,
    /// The first day, where known.
    pub from_on: Option<Moment>,
    /// The last day; none while it lasts, as far as is known.
    pub to_on: Option<Moment>,
    /// Why it ended.
    pub ended_why: Option<String>,
}

/// A holding with the party that has it, and the site that it is read for.
#[derive(Clone, Debug, PartialEq, sqlx::FromRow)]
pub struct Stands {
    /// The holding itself.
    #[sqlx(flatten)]
    pub holding: Holding,
    /// The party that it counts for: of a joined one, the one that it was joined into.
    pub root: PartyId,
    /// The name of the party that holds it, as registered.
    pub party: String,
    /// What that party is.
    pub party_kind: Kind,
    /// The site; none where no site stands at the building.
    pub at_site: Option<SiteId>,
    /// The site's number.
    pub site_number: Option<i64>,
    /// The site's name.
    pub site: Option<String>,
    /// The site's kind, a word of `data/kinds.toml`.
    pub site_kind: Option<String>,
    /// The site's city.
    pub city: Option<String>,
    /// Whether it is open.
    pub status: Option<Status>,
}

/// What a source last delivered of a holding, which a person may have changed since.
#[derive(Clone, Debug, PartialEq, sqlx::FromRow)]
pub struct Delivered {
    /// As it was delivered.
    #[sqlx(flatten)]
    pub holding: Holding,
    /// Its latest version, by whomever.
    pub latest: i64,
}

/// Who stands behind a site, in the fewest words: what comparing sites needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Behind {
    /// The site.
    pub site_id: SiteId,
    /// The party, joined ones as one.
    pub party_id: PartyId,
    /// In which role.
    pub role: Role,
    /// The first day, where known.
    pub from_on: Option<Moment>,
    /// The last day; none while it lasts.
    pub to_on: Option<Moment>,
}

/// Which parties a list shows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// Part of a name, or a number: `P-00012`, the state's, a telephone.
    pub text: Option<String>,
    /// Only these.
    pub kind: Option<Kind>,
}

impl Kind {
    /// How people say it.
    pub fn label(self) -> &'static str {
        match self {
            Self::Organization => "Organization",
            Self::Person => "Person",
        }
    }
}

impl Role {
    /// How people say it.
    pub fn label(self) -> &'static str {
        match self {
            Self::Licensee => "Licensee",
            Self::Owner => "Owner",
            Self::Operator => "Operator",
            Self::Manager => "Manager",
            Self::Landlord => "Landlord",
            Self::RegisteredAgent => "Registered agent",
        }
    }
}

impl Party {
    /// The number as people say it.
    pub fn code(&self) -> String {
        format!("P-{:05}", self.number)
    }

    /// The party that it counts as: itself, or the one that it was joined into.
    pub fn root(&self) -> PartyId {
        self.joined_into.unwrap_or(self.id)
    }
}

impl Holding {
    /// Whether it has begun and not ended on that day, as far as is known.
    pub fn lasts_on(&self, day: chrono::NaiveDate) -> bool {
        self.from_on.is_none_or(|it| it.day() <= day) && self.to_on.is_none_or(|it| day <= it.day())
    }
}
