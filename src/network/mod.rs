//! What a site shares with others, two steps out: parties, phone numbers, addresses, and where it goes on. Sites and what
//! is between them; a person is in it only as what two sites share, for who may see parties, and is no node of it.

use std::collections::HashMap;

use crate::clock::Moment;
use crate::db::text_enum;
use crate::parties::PartyId;
use crate::records::SiteId;
use crate::sites::Site;

mod export;
pub mod pages;
mod picture;
pub mod views;
pub mod walk;

text_enum! {
    /// What two sites share.
    Sharing {
        /// One goes on at the other.
        Succession = "succession",
        /// A party stands behind both.
        Party = "party",
        /// One phone number.
        Phone = "phone",
        /// One building.
        Address = "address",
    }
}

/// More names would hide each other.
const MOST_NAMED: usize = 6;

/// What two sites share, or one site with too many to name.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    /// 1 from the site in the middle, 2 from one of those.
    pub step: u8,
    /// The nearer end.
    pub from: SiteId,
    /// The farther end; none where so many share it that naming them would say nothing.
    pub to: Option<SiteId>,
    /// How many sites share it beside the nearer end.
    pub n_sites: usize,
    /// What they share.
    pub what: Sharing,
    /// The same in words, such as "Landlord: Tern Holdings LLC".
    pub words: String,
    /// The party, where it is one.
    pub party: Option<PartyId>,
    /// Since when, where known; of a succession, when the second opened.
    pub since: Option<Moment>,
    /// Until when, where known.
    pub until: Option<Moment>,
    /// Who says so.
    pub source: String,
    /// Whether it leads on and is drawn; a registered agent serves strangers, and stands in the table only.
    pub is_followed: bool,
}

/// All of it.
#[derive(Debug)]
pub struct Network {
    /// The site in the middle.
    pub center: Site,
    /// By step, then by what is shared.
    pub lines: Vec<Line>,
    /// Every site that a line names, the middle among them.
    pub sites: HashMap<SiteId, Site>,
    /// How many sites of the first step were not followed any further.
    pub n_unfollowed: usize,
}

impl Sharing {
    /// How people say it.
    pub fn label(self) -> &'static str {
        match self {
            Self::Succession => "Goes on",
            Self::Party => "Party",
            Self::Phone => "Phone",
            Self::Address => "Address",
        }
    }
}

impl Network {
    /// The site at the nearer end.
    pub fn from(&self, line: &Line) -> Option<&Site> {
        self.sites.get(&line.from)
    }

    /// The one at the farther end.
    pub fn to(&self, line: &Line) -> Option<&Site> {
        line.to.and_then(|it| self.sites.get(&it))
    }

    /// Whether the picture has room to name a site: those that it goes on at, and the nearest, if they are few.
    pub fn is_named(&self, site: SiteId) -> bool {
        let near = || self.lines.iter().filter(|it| it.step == 1 && it.is_followed);
        let few = near().count() <= MOST_NAMED;
        near().any(|it| it.to == Some(site) && (few || it.what == Sharing::Succession))
    }

    /// Both points of a line, in degrees, where both are known.
    pub fn ends(&self, line: &Line) -> Option<[(f64, f64); 2]> {
        Some([self.from(line)?.point()?, self.to(line)?.point()?])
    }
}
