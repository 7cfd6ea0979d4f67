//! A place as a row says it: its class, its outline, and since when it is there.

use super::bound::{Mapper, word};
use super::mapping::Draft;
use super::position::Found;
use super::storing::ALL_SITES;
use super::writer::Writer;
use super::{bodies::Body, field::Mapped, rehearsal::content_of};
use crate::clock::Moment;
use crate::db::Tx;
use crate::formats::row::{Row, RowError};
use crate::geo::Point;
use crate::geo::shape::Shape;
use crate::places::classes::Classes;
use crate::places::{Part, Place, PlaceId, store};
use crate::records::store::Saved;
use crate::sites;

const NO_CLASS: &str = "The place has no class.";
const NO_OUTLINE: &str = "The place has no outline and no point.";

/// The own part of a place.
#[derive(Debug)]
pub struct PlaceDraft {
    /// A word of `data/places.toml`.
    pub class: String,
    /// What the outline is.
    pub part: Part,
    /// The name; empty where the row has none.
    pub name: String,
    /// The first day, where known.
    pub opened_on: Option<Moment>,
    /// The day from which it is gone, where known.
    pub closed_on: Option<Moment>,
    /// The outline in degrees.
    pub outline: Shape,
}

/// What the row says of its place, and the day since when it could be known. What is odd about the outline goes to
/// `remarks`.
pub fn place(
    of: &Mapper,
    row: &Row,
    unmapped: &mut Vec<(&'static str, String)>,
    remarks: &mut Vec<RowError>,
) -> Result<(PlaceDraft, Option<Moment>), RowError> {
    let class = class(of, row, unmapped)?;
    let outline = outline(of, row)?;
    for remark in outline.remarks() {
        let remark = remark.to_string();
        remarks.push(row.error(Some("geometry"), "", format!("The place is kept. {remark}")));
        unmapped.push(("outline", remark));
    }
    let by_geometry = Part::of(&outline);
    let part = match by_geometry {
        Part::Point | Part::Line => by_geometry,
        _ => word(of.field("part"), row, "part", by_geometry, unmapped),
    };
    // A profile that calls everything a point does not make a polygon one.
    let part = if part.suits(&outline) { part } else { by_geometry };
    let opened_on = of.moment("opened_on", row)?;
    let draft = PlaceDraft {
        class,
        part,
        name: of.text("name", row).unwrap_or_default(),
        opened_on,
        closed_on: of.moment("closed_on", row)?,
        outline,
    };
    Ok((draft, opened_on.or(of.moment("recorded_at", row)?)))
}

fn class(of: &Mapper, row: &Row, unmapped: &mut Vec<(&'static str, String)>) -> Result<String, RowError> {
    match of.field("class").map_or(Mapped::Empty, |it| it.mapped(row)) {
        Mapped::Empty => Err(of.fault(row, "class", NO_CLASS)),
        Mapped::Word(word) => Ok(word.into_owned()),
        Mapped::Unmapped(value) => {
            unmapped.push(("class", value.into_owned()));
            Ok(Classes::OTHER.to_owned())
        }
    }
}

fn outline(of: &Mapper, row: &Row) -> Result<Shape, RowError> {
    let none = || row.error(None, "", NO_OUTLINE);
    let locator = of.locator.as_ref().ok_or_else(none)?;
    if let Some(geometry) = locator.outline(row)? {
        return Shape::parse(geometry).map_err(|error| row.error(Some("geometry"), "", error.to_string()));
    }
    match locator.find(row)? {
        Found::Point(lon, lat) => {
            let point = Point::parse(lon, lat).map_err(|error| row.error(None, "", error.to_string()))?;
            Ok(point.into())
        }
        Found::Wrong(error) => Err(error),
        Found::None => Err(none()),
    }
}

impl Writer {
    /// Saves places. From the first new one on every site is assessed again: their distances may have changed.
    pub(super) async fn places(&mut self, tx: &mut Tx, drafts: Vec<Draft>) -> anyhow::Result<()> {
        let places: Vec<Place> = drafts.into_iter().filter_map(place_of).collect();
        let mut contents = Vec::new();
        if self.rehearsal.is_some() {
            contents.extend(places.iter().map(|it| (it.id.0, content_of(it))));
        }
        let mut saved = store::save(tx, places, self.now).await?;
        if let Some(rehearsal) = &mut self.rehearsal {
            for ((id, content), saved) in contents.into_iter().zip(&mut saved) {
                *saved = rehearsal.taken_back.judge(id, content, *saved);
            }
        }
        let moved = saved.iter().any(|it| *it != Saved::Unchanged);
        saved.into_iter().for_each(|it| self.count(it));
        if moved {
            sites::store::touch(tx, &[ALL_SITES], self.now).await?;
        }
        Ok(())
    }
}

fn place_of(draft: Draft) -> Option<Place> {
    let Body::Place(it) = draft.body else { return None };
    let address = address_of(draft.place.address, draft.place.city);
    let place = Place {
        id: PlaceId::of_source(&draft.head.source, &draft.head.source_key),
        version: 1,
        recorded_at: draft.head.recorded_at,
        source: draft.head.source,
        source_key: draft.head.source_key,
        batch_id: draft.head.batch_id,
        class: it.class,
        part: it.part,
        name: it.name,
        address,
        opened_on: it.opened_on,
        closed_on: it.closed_on,
        outline: Vec::new(),
        west: 0.0,
        south: 0.0,
        east: 0.0,
        north: 0.0,
    };
    Some(place.with_outline(&it.outline))
}

/// The address in one line, with the city where a column of its own has it.
fn address_of(address: Option<String>, city: Option<String>) -> Option<String> {
    let (Some(address), Some(city)) = (&address, &city) else { return address };
    let said = address.to_lowercase().contains(&city.to_lowercase());
    Some(if said { address.clone() } else { format!("{address}, {city}") })
}
