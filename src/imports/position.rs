//! The point of a row: from two columns, from one, or from its geometry; in whatever coordinates the file has.

use geo::{Centroid, Geometry};

use super::profile::{Outside, Position};
use crate::formats::reader::Reader;
use crate::formats::row::{Column, Row, RowError};
use crate::geo::Bounds;
use crate::geo::Point;
use crate::geo::crs::Crs;

/// How to find a row's point, bound to one file.
#[derive(Debug)]
pub struct Locator {
    position: Position,
    x: Option<Column>,
    y: Option<Column>,
    both: Option<Column>,
    crs: Option<Crs>,
    bounds: Option<Bounds>,
}

/// What a row says of its point.
#[derive(Debug)]
pub enum Found {
    /// Here it is.
    Point(f64, f64),
    /// The row has none.
    None,
    /// It has one that cannot be right; the row is kept without it.
    Wrong(RowError),
}

impl Locator {
    /// Binds `position` to `reader`. Without bounds of its own the profile is held to `default_bounds`.
    ///
    /// # Errors
    /// A missing column, or a coordinate system that is not known.
    pub fn bind(
        position: &Position,
        reader: &Reader,
        default_bounds: Option<Bounds>,
    ) -> Result<Self, String> {
        let column = |name: &Option<String>, key: &str| match name {
            Some(name) => {
                reader.column(name).map(Some).ok_or_else(|| super::missing_column(key, name, reader))
            }
            None => Ok(None),
        };
        let declared = position.crs.as_deref().or(reader.declared_crs());
        if let (None, true, Some(flaw)) = (declared, position.geometry, reader.crs_flaw()) {
            return Err(format!(
                "position.crs: {flaw}. Give the system there: an EPSG code such as \"EPSG:26915\", or a proj string (for \
                 ESRI codes and county systems, whose proj strings are on epsg.io or in the county's documentation)"
            ));
        }
        let crs = declared.map(Crs::parse).transpose().map_err(|error| format!("position.crs: {error}"))?;
        let bounds = match position.bounds {
            Some(edges) => Some(Bounds::parse(edges).map_err(|error| format!("position.bounds: {error}"))?),
            None => default_bounds,
        };
        Ok(Self {
            x: column(&position.x, "position.x")?,
            y: column(&position.y, "position.y")?,
            both: column(&position.both.as_ref().map(|it| it.column.clone()), "position.both")?,
            position: position.clone(),
            crs,
            bounds,
        })
    }

    /// The point of `row`, in degrees.
    ///
    /// # Errors
    /// It cannot be right, and the profile rejects such rows.
    pub fn find(&self, row: &Row) -> Result<Found, RowError> {
        let Some((x, y, written)) = self.coordinates(row)? else { return Ok(Found::None) };
        // 0, 0 is where databases put what they could not locate; so is 0, 0 of a projected system.
        if x == 0.0 && y == 0.0 {
            return Ok(Found::None);
        }
        match self.check(x, y) {
            Ok((lon, lat)) => Ok(Found::Point(lon, lat)),
            Err(reason) => {
                let error = row.error(Some(self.column_name()), &written, reason);
                match self.position.outside {
                    Outside::Reject => Err(error),
                    Outside::KeepWithoutPoint => Ok(Found::Wrong(error)),
                }
            }
        }
    }

    /// The row's geometry with every vertex in degrees.
    ///
    /// # Errors
    /// A vertex that the coordinate system cannot hold.
    pub fn outline(&self, row: &Row) -> Result<Option<Geometry<f64>>, RowError> {
        use geo::MapCoords;
        let Some(geometry) = row.geometry() else { return Ok(None) };
        let Some(crs) = &self.crs else { return Ok(Some(geometry.clone())) };
        let moved =
            geometry.try_map_coords(|at| crs.to_lon_lat(at.x, at.y).map(|(x, y)| geo::Coord { x, y }));
        moved.map(Some).map_err(|error| row.error(Some("geometry"), "", error.to_string()))
    }

    fn coordinates(&self, row: &Row) -> Result<Option<(f64, f64, String)>, RowError> {
        if self.position.geometry {
            let point = row.geometry().and_then(Centroid::centroid);
            return Ok(point.map(|it| (it.x(), it.y(), format!("{}, {}", it.x(), it.y()))));
        }
        if let Some(column) = &self.both {
            return self.both_of(row, column);
        }
        let (Some(x), Some(y)) = (&self.x, &self.y) else { return Ok(None) };
        let (x_text, y_text) = (row.get(x).unwrap_or_default(), row.get(y).unwrap_or_default());
        let (x_text, y_text) = (x_text.trim(), y_text.trim());
        if x_text.is_empty() || y_text.is_empty() {
            return Ok(None);
        }
        let read = |column: &Column, text: &str| match text.parse::<f64>() {
            Ok(number) if number.is_finite() => Ok(number),
            _ => Err(row.error(Some(column.name()), text, "This is not a coordinate.")),
        };
        Ok(Some((read(x, x_text)?, read(y, y_text)?, format!("{x_text}, {y_text}"))))
    }

    fn both_of(&self, row: &Row, column: &Column) -> Result<Option<(f64, f64, String)>, RowError> {
        let Some(text) = row.get(column) else { return Ok(None) };
        let bare = text.trim_matches(|it: char| it.is_whitespace() || it == '(' || it == ')');
        if bare.is_empty() {
            return Ok(None);
        }
        let numbers: Vec<f64> = bare.split([',', ' ']).filter_map(|it| it.trim().parse().ok()).collect();
        let [first, second] = numbers[..] else {
            return Err(row.error(Some(column.name()), &text, "These are not two coordinates."));
        };
        let latitude_first = self.position.both.as_ref().is_some_and(|it| it.latitude_first);
        let (x, y) = if latitude_first { (second, first) } else { (first, second) };
        Ok(Some((x, y, bare.to_owned())))
    }

    fn check(&self, x: f64, y: f64) -> Result<(f64, f64), String> {
        let (lon, lat) = match &self.crs {
            Some(crs) => crs.to_lon_lat(x, y).map_err(|error| error.to_string())?,
            None => (x, y),
        };
        let fits = |lon: f64, lat: f64| {
            Point::parse(lon, lat).ok().filter(|it| self.bounds.is_none_or(|bounds| bounds.contains(*it)))
        };
        if fits(lon, lat).is_some() {
            return Ok((lon, lat));
        }
        if fits(lat, lon).is_some() {
            return Err("Looks like longitude and latitude are swapped.".to_owned());
        }
        match self.bounds {
            Some(bounds) => {
                let [west, south, east, north] = bounds.edges();
                Err(format!(
                    "Lies outside the bounds {west:.2}, {south:.2}, {east:.2}, {north:.2} (west, south, east, north)."
                ))
            }
            None => Err("No such longitude and latitude.".to_owned()),
        }
    }

    fn column_name(&self) -> &str {
        self.both.as_ref().or(self.x.as_ref()).map_or("geometry", Column::name)
    }
}
