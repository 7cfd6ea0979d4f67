//! Reads GeoJSON (RFC 7946) feature by feature: a FeatureCollection of any size, one Feature or several in a row,
//! or a bare geometry.

use std::sync::Arc;

use geo::Geometry;
use geojson::{GeometryValue, Position};
use serde_json::{Map, Value};

use crate::formats::MAX_FEATURE_BYTES;
use crate::formats::fault::Fault;
use crate::formats::input::Input;
use crate::formats::json_scan::{self, Cut, Members, Scanner};
use crate::formats::row::{Row, RowError, RowResult};

/// The features of a GeoJSON file.
pub struct GeojsonReader {
    scan: Scanner,
    place: Place,
    /// The known members of the object at the top, but for the features.
    members: Vec<(String, Vec<u8>)>,
    crs: Option<String>,
    feature: u64,
    columns: Option<Arc<[String]>>,
    buffer: Vec<u8>,
}

/// Where in the file the reader stands.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Place {
    /// Before an object at the top.
    Top,
    /// In the object at the top, with or without members before, with or without its list of features.
    Object { first: bool, collection: bool },
    /// In the list of features.
    Features { first: bool },
    /// After a collection.
    End,
}

// Members of an object at the top that mean something; the others are passed over, whatever their size.
const KNOWN: [&str; 7] = ["type", "id", "geometry", "properties", "coordinates", "geometries", "crs"];
const GEOMETRIES: [&str; 7] =
    ["Point", "MultiPoint", "LineString", "MultiLineString", "Polygon", "MultiPolygon", "GeometryCollection"];

impl GeojsonReader {
    pub(super) fn new(input: Input) -> Result<Self, Fault> {
        let mut scan = Scanner::new(input);
        match scan.peek()? {
            None => return Err(Fault::Empty),
            Some(b'{') => {}
            Some(_) => return Err(scan.fault("a GeoJSON file is an object and begins with `{`")),
        }
        let (members, buffer) = (Vec::new(), Vec::new());
        Ok(Self { scan, place: Place::Top, members, crs: None, feature: 0, columns: None, buffer })
    }

    pub(super) fn bytes_read(&self) -> u64 {
        self.scan.bytes_read()
    }

    pub(super) fn declared_crs(&self) -> Option<&str> {
        self.crs.as_deref()
    }

    pub(super) fn next(&mut self) -> Result<Option<RowResult>, Fault> {
        loop {
            match self.place {
                Place::Top => match self.scan.peek()? {
                    None => return Ok(None),
                    Some(_) => {
                        self.scan.expect(b'{')?;
                        self.members.clear();
                        self.place = Place::Object { first: true, collection: false };
                    }
                },
                Place::Object { first, collection } => {
                    if let Some(row) = self.step_in_object(first, collection)? {
                        return Ok(Some(row));
                    }
                }
                Place::Features { first } => {
                    if let Some(row) = self.step_in_features(first)? {
                        return Ok(Some(row));
                    }
                }
                Place::End => match self.scan.peek()? {
                    None => return Ok(None),
                    Some(_) => {
                        return Err(self.scan.fault("there is text after the end of the FeatureCollection"));
                    }
                },
            }
        }
    }

    /// Reads one member of the object at the top, or its end.
    fn step_in_object(&mut self, first: bool, collection: bool) -> Result<Option<RowResult>, Fault> {
        if self.scan.peek()? == Some(b'}') {
            self.scan.expect(b'}')?;
            return self.end_object(collection);
        }
        if !first {
            self.scan.expect(b',')?;
        }
        let name = self.scan.member_name()?;
        self.place = Place::Object { first: false, collection };
        if name == "features" {
            self.check_kind("FeatureCollection")?;
            self.scan.expect(b'[')?;
            self.place = Place::Features { first: true };
            return Ok(None);
        }
        let known = KNOWN.contains(&name.as_str());
        let mut text = Vec::new();
        let cut = self.scan.cut(&mut text, if known { MAX_FEATURE_BYTES } else { 0 })?;
        if known && cut != Cut::Whole {
            return Err(self.scan.fault(format!("`{name}` is {}", too_much(cut))));
        }
        if name == "crs" {
            self.crs = crs_name(&text);
        }
        if known && self.member(&name).is_some() {
            return Err(self.scan.fault(format!("`{name}` is given twice")));
        }
        if known {
            self.members.push((name, text));
        }
        Ok(None)
    }

    /// At the closing brace: a collection is done, a Feature or a geometry becomes a row.
    fn end_object(&mut self, collection: bool) -> Result<Option<RowResult>, Fault> {
        if collection {
            if self.member("type").is_none() {
                return Err(self
                    .scan
                    .fault("the object with the features has no `type` \"FeatureCollection\""));
            }
            self.check_kind("FeatureCollection")?;
            self.place = Place::End;
            return Ok(None);
        }
        self.place = Place::Top;
        let kind = self.kind();
        if kind.as_deref() == Some("FeatureCollection") {
            return Err(self.scan.fault("the FeatureCollection has no `features`"));
        }
        if !kind.as_deref().is_some_and(|kind| kind == "Feature" || GEOMETRIES.contains(&kind)) {
            let found = kind.map_or("missing".to_owned(), |kind| format!("{kind:?}"));
            return Err(self.scan.fault(format!(
                "`type` is {found}; GeoJSON knows \"FeatureCollection\", \"Feature\" and the geometries, such as \
                 \"Point\""
            )));
        }
        self.feature += 1;
        let members = std::mem::take(&mut self.members);
        let text = as_object(&members);
        let bare = kind.as_deref() != Some("Feature");
        let row = if bare { self.bare_geometry(&text) } else { self.row(text.as_bytes()) };
        Ok(Some(row))
    }

    /// Reads one feature of the list, or its end.
    fn step_in_features(&mut self, first: bool) -> Result<Option<RowResult>, Fault> {
        if first && self.scan.peek()? == Some(b']') || !first && self.scan.peek()? != Some(b',') {
            self.scan.expect(b']')?;
            self.place = Place::Object { first: false, collection: true };
            return Ok(None);
        }
        if !first {
            self.scan.expect(b',')?;
        }
        self.place = Place::Features { first: false };
        let mut buffer = std::mem::take(&mut self.buffer);
        buffer.shrink_to(1 << 20);
        let cut = self.scan.cut(&mut buffer, MAX_FEATURE_BYTES)?;
        self.feature += 1;
        let row = match cut {
            Cut::Whole => self.row(&buffer),
            cut => Err(RowError::new(self.feature, None, "", format!("The feature is {}", too_much(cut)))),
        };
        self.buffer = buffer;
        Ok(Some(row))
    }

    fn row(&mut self, text: &[u8]) -> RowResult {
        let columns = &mut self.columns;
        let feature = parse_feature(text).map_err(|(member, reason)| {
            let value = String::from_utf8_lossy(&text[..text.len().min(1000)]);
            RowError::new(self.feature, member, &value, reason)
        })?;
        let columns = columns.get_or_insert_with(|| feature.properties.keys().cloned().collect());
        let row = Row::of_json(self.feature, Arc::clone(columns), feature.properties);
        Ok(row.with_feature(feature.id, feature.geometry))
    }

    fn bare_geometry(&mut self, text: &str) -> RowResult {
        let geometry = parse_geometry(text)
            .map_err(|reason| RowError::new(self.feature, Some("geometry"), text, reason))?;
        let columns = self.columns.get_or_insert_with(|| Arc::from([]));
        Ok(Row::of_json(self.feature, Arc::clone(columns), Map::new()).with_feature(None, geometry))
    }

    fn member(&self, name: &str) -> Option<&[u8]> {
        self.members.iter().find(|(known, _)| known == name).map(|(_, text)| text.as_slice())
    }

    /// The `type` at the top, if it is there already and a text.
    fn kind(&self) -> Option<String> {
        serde_json::from_slice(self.member("type")?).ok()
    }

    /// Refuses another `type`, if it is known already.
    fn check_kind(&self, wanted: &str) -> Result<(), Fault> {
        match self.member("type") {
            Some(_) if self.kind().as_deref() != Some(wanted) => {
                let found = self.member("type").unwrap_or_default();
                let found = String::from_utf8_lossy(&found[..found.len().min(100)]).into_owned();
                Err(self.scan.fault(format!("`type` is {found}, where `features` asks for \"{wanted}\"")))
            }
            _ => Ok(()),
        }
    }
}

/// Members that were cut out one by one, as an object again.
fn as_object(members: &[(String, Vec<u8>)]) -> String {
    let pairs = members.iter().map(|(name, text)| format!("\"{name}\":{}", String::from_utf8_lossy(text)));
    format!("{{{}}}", pairs.collect::<Vec<_>>().join(","))
}

fn too_much(cut: Cut) -> &'static str {
    match cut {
        Cut::TooDeep => "nested more than 100 levels deep",
        Cut::TooLong | Cut::Whole => "longer than 64 MiB",
    }
}

struct Feature {
    id: Option<Arc<str>>,
    properties: Map<String, Value>,
    geometry: Option<Geometry<f64>>,
}

/// The member at fault, if one is, and the reason.
type Refusal = (Option<&'static str>, String);

fn parse_feature(text: &[u8]) -> Result<Feature, Refusal> {
    let text = std::str::from_utf8(text).map_err(|_| (None, "Bytes that are not UTF-8".to_owned()))?;
    let members: Members<'_> =
        serde_json::from_str(text).map_err(|error| (None, format!("This is no JSON object: {error}")))?;
    let missing = |name| (Some(name), format!("The feature has no member `{name}`; it may be null"));
    if members.get("type") != Some("\"Feature\"") {
        let found = members.get("type").unwrap_or("missing");
        return Err((Some("type"), format!("`type` is {found}, not \"Feature\"")));
    }
    let geometry = members.get("geometry").ok_or_else(|| missing("geometry"))?;
    let geometry = parse_geometry(geometry).map_err(|reason| (Some("geometry"), reason))?;
    let properties = match members.get("properties").ok_or_else(|| missing("properties"))? {
        "null" => Map::new(),
        properties => {
            json_scan::parse(properties.as_bytes()).map_err(|reason| (Some("properties"), reason))?
        }
    };
    check_bbox(members.get("bbox"))?;
    Ok(Feature { id: parse_id(members.get("id"))?, properties, geometry })
}

fn parse_id(text: Option<&str>) -> Result<Option<Arc<str>>, Refusal> {
    match text.map(serde_json::from_str::<Value>) {
        None | Some(Ok(Value::Null)) => Ok(None),
        Some(Ok(Value::String(id))) if !id.contains('\0') => Ok(Some(id.into())),
        Some(Ok(Value::Number(id))) => Ok(Some(id.to_string().into())),
        Some(_) => Err((Some("id"), "The id is neither a text nor a number".to_owned())),
    }
}

fn check_bbox(text: Option<&str>) -> Result<(), Refusal> {
    match text.map(serde_json::from_str::<Vec<f64>>) {
        None => Ok(()),
        Some(Ok(numbers)) if matches!(numbers.len(), 4 | 6) => Ok(()),
        Some(_) => Err((Some("bbox"), "The bbox is no list of 4 or 6 numbers".to_owned())),
    }
}

/// A geometry from its JSON text, or none if that is `null`; the error is a reason for a reject report.
pub fn parse_geometry(text: &str) -> Result<Option<Geometry<f64>>, String> {
    let geometry: Option<geojson::Geometry> =
        serde_json::from_str(text).map_err(|error| format!("This is no geometry: {error}"))?;
    let Some(geometry) = geometry else { return Ok(None) };
    check_geometry(&geometry.value)?;
    Geometry::try_from(geometry.value).map(Some).map_err(|error| format!("This is no geometry: {error}"))
}

fn check_geometry(geometry: &GeometryValue) -> Result<(), String> {
    match geometry {
        GeometryValue::Point { coordinates } => check_position(coordinates),
        GeometryValue::MultiPoint { coordinates } => coordinates.iter().try_for_each(check_position),
        GeometryValue::LineString { coordinates } => check_line(coordinates),
        GeometryValue::MultiLineString { coordinates } => {
            coordinates.iter().try_for_each(|it| check_line(it))
        }
        GeometryValue::Polygon { coordinates } => coordinates.iter().try_for_each(|it| check_ring(it)),
        GeometryValue::MultiPolygon { coordinates } => {
            coordinates.iter().flatten().try_for_each(|it| check_ring(it))
        }
        GeometryValue::GeometryCollection { geometries } => {
            geometries.iter().try_for_each(|it| check_geometry(&it.value))
        }
    }
}

fn check_position(position: &Position) -> Result<(), String> {
    match position.len() {
        2.. => Ok(()),
        n => Err(format!("A position has {n} numbers, not at least 2")),
    }
}

fn check_line(line: &[Position]) -> Result<(), String> {
    if line.len() < 2 {
        return Err(format!("A line has {} positions, not at least 2", line.len()));
    }
    line.iter().try_for_each(check_position)
}

fn check_ring(ring: &[Position]) -> Result<(), String> {
    ring.iter().try_for_each(check_position)?;
    if ring.len() < 4 {
        return Err(format!("A ring has {} positions, not at least 4", ring.len()));
    }
    if ring.first() != ring.last() {
        return Err("A ring does not end where it begins".to_owned());
    }
    Ok(())
}

/// The name in the `crs` member of GeoJSON 2008, in either of its forms.
fn crs_name(text: &[u8]) -> Option<String> {
    let crs: Value = serde_json::from_slice(text).ok()?;
    let properties = crs.get("properties")?;
    match (properties.get("name"), properties.get("code")) {
        (Some(Value::String(name)), _) => Some(name.clone()),
        (_, Some(Value::Number(code))) => Some(format!("EPSG:{code}")),
        _ => None,
    }
}
