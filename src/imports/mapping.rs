//! Turns a row of a file into a record, as the profile says. Pure: what it needs to know is handed to it.

use std::collections::BTreeMap;

use super::NOT_KEPT;
use super::bound::{Given, Mapper};
use super::field::{Field, FieldSpec};
use super::fields::Yields;
use super::position::{Found, Locator};
use super::profile::Profile;
use super::rows::RowFilter;
use super::{bodies, missing_column, times};
use crate::clock::Moment;
use crate::formats::reader::Reader;
use crate::formats::row::{Column, Row, RowError};
use crate::records::{BuildingId, Head, Place, PointMethod};
use crate::text::address::{Address, city_key};

/// One row understood.
#[derive(Debug)]
pub struct Draft {
    /// The line it came from.
    pub line: u64,
    /// The head of the record.
    pub head: Head,
    /// Where.
    pub place: Place,
    /// The address in parts.
    pub address: Address,
    /// The city's key in which the address is looked up; empty when no city is known.
    pub city_key: String,
    /// How far off the point may be, in meters, where the profile says so.
    pub point_meters: Option<f64>,
    /// The key of its site in the same source, where the row carries one.
    pub site_key: Option<String>,
    /// What it becomes.
    pub body: bodies::Body,
    /// The site that it opens or belongs to, where rows open sites.
    pub site: Option<bodies::SiteDraft>,
    /// Something in it could not be right, but the row is kept.
    pub remarks: Vec<RowError>,
    /// Words that a value map does not know: field and word.
    pub unmapped: Vec<(&'static str, String)>,
}

impl Mapper {
    /// Binds `profile` to the columns of `reader`.
    ///
    /// # Errors
    /// The first column that the file lacks, with the key that names it and the columns that there are.
    pub fn bind(profile: &Profile, reader: &Reader, given: Given) -> Result<Self, String> {
        for (column, key) in profile.columns() {
            if reader.column(&column).is_none() {
                return Err(missing_column(&key, &column, reader));
            }
        }
        let bind = |specs: &BTreeMap<String, FieldSpec>| -> BTreeMap<String, Field> {
            specs.iter().filter_map(|(name, spec)| Some((name.clone(), spec.bind(reader)?))).collect()
        };
        let locator =
            profile.position.as_ref().map(|it| Locator::bind(it, reader, given.bounds)).transpose()?;
        Ok(Self {
            fields: bind(&profile.fields),
            site: bind(&profile.site),
            nested: profile.violations.as_ref().map(|it| bind(&it.fields)).unwrap_or_default(),
            locator,
            keys: profile.key.columns.iter().filter_map(|it| reader.column(it)).collect(),
            filter: RowFilter::bind(&profile.rows, reader),
            profile: profile.clone(),
            given,
        })
    }

    /// The records of one row: none when a filter leaves it out, several when it is split.
    pub fn map(&self, row: &Row) -> Vec<Result<Draft, RowError>> {
        if !self.filter.keeps(row) {
            return Vec::new();
        }
        let Some(items) = self.filter.items(row) else { return vec![self.draft(row, None)] };
        items.iter().map(|item| self.draft(row, Some(item))).collect()
    }

    fn draft(&self, row: &Row, item: Option<&str>) -> Result<Draft, RowError> {
        let mut remarks = Vec::new();
        let mut unmapped = Vec::new();
        let key = self.key(row, item)?;
        let address = self.address(row);
        let building = BuildingId::of(&address);
        // By the address first: what is wrong with the rest of such a row would be told with its values.
        self.refuse_denied(row, building, None)?;
        let place = self.place(row, (&address, building), &mut remarks)?;
        self.refuse_denied(row, None, place.lon.zip(place.lat))?;
        let (body, occurred) = bodies::body(self, row, (&key, item), &mut unmapped, &mut remarks)?;
        let occurred = self.occurred(row, occurred)?;
        let (recorded, backfilled) = self.recorded(row, occurred)?;
        let site = self.site_of(row, &key, &address, &mut unmapped)?;
        let head = Head {
            id: self.id(self.profile.record, &key),
            version: 1,
            occurred_at: occurred,
            recorded_at: recorded,
            backfilled,
            source: self.profile.source.clone(),
            source_key: key,
            batch_id: Some(self.given.batch),
        };
        let city_key = address.city.as_deref().map(city_key).unwrap_or_default();
        let point_meters = self.profile.position.as_ref().and_then(|it| it.meters);
        let site_key = self.text("site_key", row);
        let line = row.line;
        Ok(Draft {
            line,
            head,
            place,
            address,
            city_key,
            point_meters,
            site_key,
            body,
            site,
            remarks,
            unmapped,
        })
    }

    fn site_of(
        &self,
        row: &Row,
        key: &str,
        address: &Address,
        unmapped: &mut Vec<(&'static str, String)>,
    ) -> Result<Option<bodies::SiteDraft>, RowError> {
        if self.profile.record == Yields::Site {
            let site = bodies::site(self, row, key, address, unmapped)?;
            return site.map(Some).ok_or_else(|| self.fault(row, "name", "The site has no name."));
        }
        if self.profile.opens_site { bodies::site(self, row, key, address, unmapped) } else { Ok(None) }
    }

    /// The row's key: its columns joined, or the hash of all it says.
    fn key(&self, row: &Row, item: Option<&str>) -> Result<String, RowError> {
        let mut key = if self.profile.key.whole_row {
            let name = uuid::Uuid::new_v5(&uuid::Uuid::NAMESPACE_OID, row.whole().as_bytes());
            name.simple().to_string()
        } else {
            let parts: Vec<_> = self.keys.iter().map(|it| row.get(it).unwrap_or_default()).collect();
            let parts: Vec<&str> = parts.iter().map(|it| it.trim()).collect();
            if parts.iter().all(|it| it.is_empty()) {
                let column = self.keys.first().map(Column::name);
                return Err(row.error(
                    column,
                    "",
                    "The key is empty, so FOCA could not find this row again.",
                ));
            }
            parts.join("|")
        };
        if let Some(item) = item {
            key.push('|');
            key.push_str(item);
        }
        Ok(key)
    }

    fn address(&self, row: &Row) -> Address {
        let line = self.text("address", row).unwrap_or_default();
        let [unit, city, state, zip] = ["unit", "city", "state", "zip"].map(|name| self.text(name, row));
        let gives_way = |name: &str| self.field(name).is_some_and(Field::gives_way);
        let (mut city, mut state) = (city, state);
        if gives_way("city") || gives_way("state") {
            let written = Address::parse(&line);
            city = city.filter(|_| !gives_way("city") || written.city.is_none());
            state = state.filter(|_| !gives_way("state") || written.state.is_none());
        }
        Address::of_parts(&line, unit.as_deref(), city.as_deref(), state.as_deref(), zip.as_deref())
    }

    fn refuse_denied(
        &self,
        row: &Row,
        building: Option<BuildingId>,
        point: Option<(f64, f64)>,
    ) -> Result<(), RowError> {
        if self.given.denied.holds(building, point) { Err(row.error(None, "", NOT_KEPT)) } else { Ok(()) }
    }

    fn place(
        &self,
        row: &Row,
        (address, building_id): (&Address, Option<BuildingId>),
        remarks: &mut Vec<RowError>,
    ) -> Result<Place, RowError> {
        let found = match &self.locator {
            Some(locator) if self.profile.record != Yields::Area => locator.find(row)?,
            _ => Found::None,
        };
        let point = match found {
            Found::Point(lon, lat) => Some((lon, lat)),
            Found::None => None,
            // A place is nothing without where it is.
            Found::Wrong(error) if self.profile.record == Yields::Place => return Err(error),
            Found::Wrong(remark) => {
                remarks.push(remark);
                None
            }
        };
        Ok(Place {
            address: self.field("address").and_then(|it| it.text(row)).map(std::borrow::Cow::into_owned),
            unit: address.unit_key(),
            city: address.city.clone(),
            building_id,
            lon: point.map(|it| it.0),
            lat: point.map(|it| it.1),
            point_method: if point.is_some() { PointMethod::Source } else { PointMethod::None },
        })
    }

    fn occurred(&self, row: &Row, from_body: Option<Moment>) -> Result<Moment, RowError> {
        let written = self.moment("occurred_at", row)?;
        let occurred = written.or(from_body);
        let past = matches!(self.profile.record, Yields::Inspection | Yields::Complaint | Yields::Incident);
        match occurred {
            Some(at) if past && at > self.given.latest => {
                Err(self.fault(row, "occurred_at", "This lies in the future."))
            }
            Some(at) => Ok(at),
            None if past => Err(self.fault(row, "occurred_at", "The row does not say when it happened.")),
            None => Ok(Moment::Day(self.given.now.day())),
        }
    }

    /// When it could first have been known: the source's own entry date; else, for history, the event and the
    /// lag; else now.
    fn recorded(&self, row: &Row, occurred: Moment) -> Result<(Moment, bool), RowError> {
        if let Some(at) = self.moment("recorded_at", row)? {
            return Ok((at.max(occurred).min(self.given.now), false));
        }
        let Some(backfill) = self.profile.backfill else { return Ok((self.given.now, false)) };
        let day = occurred.day().checked_add_days(chrono::Days::new(backfill.lag_days.into()));
        Ok((day.map_or(occurred, Moment::Day).min(self.given.now), true))
    }
}

/// The latest moment that an event of the past may have.
pub fn latest(now: chrono::DateTime<chrono::Utc>) -> Moment {
    times::latest_past(now)
}
