//! Which places and kinds are watched, so that the absence of a record means something.

use std::collections::BTreeSet;

use crate::clock::Moment;
use crate::db::{self, Db, query};
use crate::licenses;
use crate::rights::{Resource, Viewer};
use crate::scoring::input::Watched;
use crate::sites::{Kinds, Site};
use crate::text::address::city_key;

/// What the imported registers and feeds cover, by what they delivered.
///
/// A register watches a kind in a city when it lists at least one license of that kind there; a feed of complaints
/// watches a city when it holds at least one from there. What a person typed in is no feed, and no register is known
/// to list every site of the kind `other`. Nothing delivers adjudications yet, so continuity is watched nowhere.
#[derive(Clone, Debug, Default, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Feeds {
    licenses: BTreeSet<(String, String)>,
    complaints: BTreeSet<String>,
}

impl Feeds {
    /// What had been delivered by `as_of`.
    pub async fn read(db: &Db, viewer: &Viewer, as_of: Moment) -> db::Result<Self> {
        let licenses = licenses::store::listed(db, viewer, as_of).await?;
        let complaints: Vec<(String,)> =
            query("SELECT DISTINCT city FROM complaint r WHERE city IS NOT NULL AND batch_id IS NOT NULL")
                .limited(viewer, Resource::Complaint)
                .and("recorded_at <= ?", Some(as_of.end()))
                .fetch_all(db)
                .await?;
        let listed = licenses.into_iter().filter(|it| it.0 != Kinds::OTHER);
        Ok(Self {
            licenses: listed.map(|(kind, city)| (kind, city_key(&city))).collect(),
            complaints: complaints.into_iter().map(|it| city_key(&it.0)).collect(),
        })
    }

    /// What is watched of a site.
    pub fn of(&self, site: &Site) -> Watched {
        let city = site.city.as_deref().or(site.city_area.as_deref()).map(city_key);
        let Some(city) = city else { return Watched::default() };
        Watched {
            complaints: self.complaints.contains(&city),
            licenses: self.licenses.contains(&(site.kind.clone(), city)),
            continuity: false,
        }
    }
}
