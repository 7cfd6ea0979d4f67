//! A place as a row says it: its class, its outline, and since when it is there.

use super::bound::{Mapper, word};
use super::field::Mapped;
use super::position::Found;
use crate::clock::Moment;
use crate::formats::row::{Row, RowError};
use crate::geo::Point;
use crate::geo::shape::Shape;
use crate::places::Part;
use crate::places::classes::Classes;
use crate::web::format::sentence;

const NO_CLASS: &str = "The place has no class.";
const CROSSING: &str = "crosses itself, and was kept";
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
    /// The city as written.
    pub city: Option<String>,
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
        remarks.push(row.error(Some("geometry"), "", format!("The place is kept. {remark}")));
        unmapped.push(("outline", CROSSING.to_owned()));
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
        city: of.text("city", row),
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
        return Shape::parse(geometry)
            .map_err(|error| row.error(Some("geometry"), "", sentence(&error.to_string())));
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
