//! Registers and people side by side: the further keys under which registers know a site, and what a register says of
//! a part of it that a person has corrected. The person's entry stands; what the register says stays in sight.

use std::collections::{BTreeSet, HashMap};

use super::Site;
use crate::clock::Moment;
use crate::db::{self, Table, Target, Tx, Value, query, text_enum};
use crate::records::{BatchId, PointMethod, SiteId};
use crate::rights::{Resource, Viewer};
use crate::text::phone::Phone;

text_enum! {
    /// A part of a site that a register may say and a person may correct.
    Part {
        /// The name on the door.
        Name = "name",
        /// Further names.
        OtherNames = "other_names",
        /// What kind of business it is.
        Kind = "kind",
        /// The address in all its parts.
        Address = "address",
        /// The point on the map.
        Point = "point",
        /// Whether business goes on, and since when.
        Status = "status",
        /// The first day.
        OpenedOn = "opened_on",
        /// The last day.
        ClosedOn = "closed_on",
        /// The telephone.
        Phone = "phone",
    }
}

impl Part {
    /// How people call it.
    pub fn label(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::OtherNames => "other names",
            Self::Kind => "kind",
            Self::Address => "address",
            Self::Point => "point",
            Self::Status => "status",
            Self::OpenedOn => "first day",
            Self::ClosedOn => "last day",
            Self::Phone => "telephone",
        }
    }

    /// What the site says of this part, in one line; empty when nothing is known.
    pub fn value(self, of: &Site) -> String {
        let day = |it: Option<Moment>| it.map(|it| it.to_string()).unwrap_or_default();
        match self {
            Self::Name => of.name.clone(),
            Self::OtherNames => of.other_names.join("; "),
            Self::Kind => of.kind.clone(),
            Self::Address => {
                let parts = [Some(&of.address), of.unit.as_ref(), of.city.as_ref(), of.zip.as_ref()];
                parts.into_iter().flatten().map(String::as_str).collect::<Vec<_>>().join(", ")
            }
            Self::Point => of.point().map(|(lon, lat)| format!("{lat:.6}, {lon:.6}")).unwrap_or_default(),
            Self::Status => {
                let since = day(of.status_on);
                [of.status.as_str(), &since].join(" ").trim_end().to_owned()
            }
            Self::OpenedOn => day(of.opened_on),
            Self::ClosedOn => day(of.closed_on),
            Self::Phone => of.phone.as_deref().map(Phone::shown).unwrap_or_default(),
        }
    }

    /// Gives `to` this part of `from`.
    pub fn keep(self, from: &Site, to: &mut Site) {
        match self {
            Self::Name => to.name.clone_from(&from.name),
            Self::OtherNames => to.other_names.clone_from(&from.other_names),
            Self::Kind => to.kind.clone_from(&from.kind),
            Self::Address => keep_address(from, to),
            Self::Point => {
                (to.lon, to.lat, to.point_method) = (from.lon, from.lat, from.point_method);
                to.point_meters = from.point_meters;
                to.city_area.clone_from(&from.city_area);
                to.county.clone_from(&from.county);
            }
            Self::Status => (to.status, to.status_on) = (from.status, from.status_on),
            Self::OpenedOn => to.opened_on = from.opened_on,
            Self::ClosedOn => to.closed_on = from.closed_on,
            Self::Phone => to.phone.clone_from(&from.phone),
        }
    }
}

fn keep_address(from: &Site, to: &mut Site) {
    to.address.clone_from(&from.address);
    to.house_number.clone_from(&from.house_number);
    to.pre_direction.clone_from(&from.pre_direction);
    to.street.clone_from(&from.street);
    to.suffix.clone_from(&from.suffix);
    to.post_direction.clone_from(&from.post_direction);
    to.unit_type.clone_from(&from.unit_type);
    to.unit.clone_from(&from.unit);
    to.city.clone_from(&from.city);
    to.state.clone_from(&from.state);
    to.zip.clone_from(&from.zip);
    to.building_id = from.building_id;
}

/// What a register says of a part that a person has corrected.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Said {
    /// The site.
    pub site_id: SiteId,
    /// The part.
    pub part: Part,
    /// The register's own value, as [`Part::value`] writes it.
    pub value: String,
    /// When it could first have been known.
    pub recorded_at: Moment,
    /// The import that brought it.
    pub batch_id: Option<BatchId>,
}

/// A key under which a further register, or another row of the same one, knows a site.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Key {
    /// The register.
    pub source: String,
    /// Its key.
    pub source_key: String,
    /// The site.
    pub site_id: SiteId,
    /// When it could first have been known.
    pub recorded_at: Moment,
    /// The import that brought it.
    pub batch_id: Option<BatchId>,
}

const SAID: Table = Table {
    name: "site_said",
    columns: &["site_id", "part", "value", "recorded_at", "loaded_at", "batch_id"],
};

/// The further keys of `source`: key and site.
pub async fn keys(
    on: impl Into<Target<'_>>,
    viewer: &Viewer,
    source: &str,
) -> db::Result<Vec<(String, SiteId)>> {
    query("SELECT k.source_key, k.site_id FROM site_key k JOIN site s ON s.id = k.site_id AND s.superseded_at IS NULL WHERE true")
        .limited(viewer, Resource::Site)
        .and("k.source = ?", Some(source))
        .fetch_all(on)
        .await
}

/// Adds keys; one that is there already stays with the site that has it.
pub async fn add_keys(tx: &mut Tx, keys: &[Key], loaded_at: Moment) -> db::Result<()> {
    for chunk in keys.chunks(1_000) {
        let mut rows = query(
            "INSERT INTO site_key (source, source_key, site_id, recorded_at, loaded_at, batch_id) VALUES",
        );
        for (n, it) in chunk.iter().enumerate() {
            let row: [Value; 6] = [
                Value::from(&it.source),
                Value::from(&it.source_key),
                it.site_id.into(),
                it.recorded_at.into(),
                loaded_at.into(),
                it.batch_id.into(),
            ];
            rows = rows.then(if n == 0 { "" } else { "," }).list(row);
        }
        rows.then("ON CONFLICT (source, source_key) DO NOTHING").execute(&mut *tx).await?;
    }
    Ok(())
}

/// What registers say of parts of this site that a person has corrected, oldest first.
pub async fn said_of(on: impl Into<Target<'_>>, viewer: &Viewer, id: SiteId) -> db::Result<Vec<Said>> {
    query(include_str!("said.sql"))
        .limited(viewer, Resource::Site)
        .and("said.site_id = ?", Some(id))
        .then("ORDER BY said.recorded_at, said.loaded_at, said.part")
        .fetch_all(on)
        .await
}

/// Notes what a register says of corrected parts.
pub async fn say(tx: &mut Tx, said: Vec<Said>, loaded_at: Moment) -> db::Result<()> {
    let row = |it: Said| -> Vec<Value> {
        vec![
            it.site_id.into(),
            it.part.into(),
            it.value.into(),
            it.recorded_at.into(),
            loaded_at.into(),
            it.batch_id.into(),
        ]
    };
    tx.insert(&SAID, said.into_iter().map(row)).await?;
    Ok(())
}

/// What people have corrected in the sites of a register.
#[derive(Clone, Debug, Default)]
pub struct Corrections {
    held: HashMap<SiteId, BTreeSet<Part>>,
    said: HashMap<(SiteId, Part), String>,
}

impl Corrections {
    /// Reads those of the sites that `source` opened. A part is corrected from the version by hand that changed it,
    /// until a person enters what the register says.
    pub async fn of(mut on: Target<'_>, viewer: &Viewer, source: &str) -> db::Result<Self> {
        let said: Vec<Said> = query(include_str!("said.sql"))
            .limited(viewer, Resource::Site)
            .and("s.source = ?", Some(source))
            .then("ORDER BY said.recorded_at, said.loaded_at")
            .fetch_all(on.again())
            .await?;
        let said = said.into_iter().map(|it| ((it.site_id, it.part), it.value)).collect();
        let mut found = Self { held: HashMap::new(), said };
        let versions = super::store::corrected(on, viewer, source).await?;
        for pair in versions.windows(2) {
            if pair[0].id == pair[1].id && pair[1].batch_id.is_none() {
                found.note(&pair[0], &pair[1]);
            }
        }
        Ok(found)
    }

    fn note(&mut self, before: &Site, by_hand: &Site) {
        let held = self.held.entry(by_hand.id).or_default();
        for part in Part::ALL {
            let value = part.value(by_hand);
            if self.said.get(&(by_hand.id, *part)) == Some(&value) {
                held.remove(part);
            } else if part.value(before) != value {
                held.insert(*part);
            }
        }
    }

    /// Lets the corrected parts of `known` stand in `said`, which a register has delivered; what it says of them, where
    /// that is news.
    pub fn hold(&mut self, known: &Site, said: &mut Site) -> Vec<Said> {
        let mut held = self.held.get(&known.id).cloned().unwrap_or_default();
        if known.point_method == PointMethod::Pin {
            held.insert(Part::Point);
        }
        let mut news = Vec::new();
        for part in held {
            let value = part.value(said);
            let key = (known.id, part);
            let before = self.said.get(&key).cloned().unwrap_or_else(|| part.value(known));
            if value != before {
                self.said.insert(key, value.clone());
                let (recorded_at, batch_id) = (said.recorded_at, said.batch_id);
                news.push(Said { site_id: known.id, part, value, recorded_at, batch_id });
            }
            part.keep(known, said);
        }
        news
    }
}
