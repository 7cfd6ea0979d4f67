//! A profile bound to the columns of one file, and what it makes of single fields.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::field::{Field, Mapped};
use super::fields::Yields;
use super::position::Locator;
use super::profile::Profile;
use super::rows::RowFilter;
use crate::clock::Moment;
use crate::denied::Denied;
use crate::formats::row::{Column, Row, RowError};
use crate::geo::Bounds;
use crate::incidents::offenses::Offenses;
use crate::records::{BatchId, RecordId};
use crate::text::phone::Phone;

/// What the mapping needs to know beside the profile.
#[derive(Clone, Debug)]
pub struct Given {
    /// The batch that the rows belong to.
    pub batch: BatchId,
    /// When the rows arrive.
    pub now: Moment,
    /// Nothing of the past happened after this.
    pub latest: Moment,
    /// The box around all imported areas.
    pub bounds: Option<Bounds>,
    /// The places that may not be kept.
    pub denied: Arc<Denied>,
    /// The classes of offense.
    pub offenses: Arc<Offenses>,
}

/// A profile bound to one file.
#[derive(Debug)]
pub struct Mapper {
    pub(super) profile: Profile,
    pub(super) given: Given,
    pub(super) fields: BTreeMap<String, Field>,
    pub(super) site: BTreeMap<String, Field>,
    pub(super) nested: BTreeMap<String, Field>,
    pub(super) locator: Option<Locator>,
    pub(super) keys: Vec<Column>,
    pub(super) filter: RowFilter,
}

impl Mapper {
    /// The id of the record of this kind that the source knows by `key`.
    pub(super) fn id(&self, kind: Yields, key: &str) -> RecordId {
        RecordId::of_source(&format!("{kind}\u{1f}{}", self.profile.source), key)
    }

    pub(super) fn field(&self, name: &str) -> Option<&Field> {
        self.fields.get(name)
    }

    pub(super) fn text(&self, name: &str, row: &Row) -> Option<String> {
        self.field(name).and_then(|it| it.text(row)).map(std::borrow::Cow::into_owned)
    }

    pub(super) fn written(&self, name: &str, row: &Row) -> Option<String> {
        self.field(name).and_then(|it| it.written(row)).map(std::borrow::Cow::into_owned)
    }

    pub(super) fn moment(&self, name: &str, row: &Row) -> Result<Option<Moment>, RowError> {
        moment(self.field(name), row, self.profile.zone)
    }

    /// A telephone as its ten digits; what is no number is left out and listed.
    pub(super) fn phone(
        &self,
        field: Option<&Field>,
        row: &Row,
        unmapped: &mut Vec<(&'static str, String)>,
    ) -> Option<String> {
        let written = field?.text(row)?;
        let read = Phone::parse(&written);
        if read.is_none() {
            unmapped.push(("phone", written.into_owned()));
        }
        read.map(|it| it.key().to_owned())
    }

    pub(super) fn fault(&self, row: &Row, name: &str, reason: &str) -> RowError {
        let field = self.field(name);
        let value = field.and_then(|it| it.text(row)).unwrap_or_default();
        row.error(field.map(Field::name), &value, reason)
    }
}

pub(super) fn moment(
    field: Option<&Field>,
    row: &Row,
    zone: chrono_tz::Tz,
) -> Result<Option<Moment>, RowError> {
    field.map_or(Ok(None), |it| it.moment(row, zone))
}

/// A field as one of an enum's words. What the map does not know becomes `unknown` and is listed.
pub(super) fn word<E: std::str::FromStr>(
    field: Option<&Field>,
    row: &Row,
    name: &'static str,
    unknown: E,
    unmapped: &mut Vec<(&'static str, String)>,
) -> E {
    let Some(field) = field else { return unknown };
    match field.mapped(row) {
        Mapped::Empty => unknown,
        Mapped::Unmapped(value) => {
            unmapped.push((name, value.into_owned()));
            unknown
        }
        Mapped::Word(word) => word.parse().unwrap_or_else(|_| {
            unmapped.push((name, word.into_owned()));
            unknown
        }),
    }
}
