//! Writes an RFC 7946 FeatureCollection of points feature by feature, as bytes, never as a tree of values.

use std::io::{self, Write};

use crate::formats::field::Field;
use crate::geo::crs::in_range;

/// A FeatureCollection being written to anything that takes bytes.
///
/// For an HTTP body, write into `bytes::BytesMut::new().writer()` and split off what has gathered through
/// [`GeojsonWriter::get_mut`] after some features.
pub struct GeojsonWriter<W: Write> {
    out: W,
    /// One feature, gathered so that a slow sink sees one write for it.
    buffer: Vec<u8>,
    any: bool,
}

// RFC 7946, 11.2: six decimals are about 10 centimeters; seven hold the centimeter of a survey.
const COORDINATE_UNITS: f64 = 1e7;

impl<W: Write> GeojsonWriter<W> {
    /// Begins the collection; the notice becomes its foreign member `notice`.
    pub fn new(out: W, notice: Option<&str>) -> io::Result<Self> {
        let mut writer = Self { out, buffer: Vec::with_capacity(1024), any: false };
        writer.buffer.extend_from_slice(b"{\"type\":\"FeatureCollection\"");
        if let Some(notice) = notice {
            writer.buffer.extend_from_slice(b",\"notice\":");
            push_text(&mut writer.buffer, notice)?;
        }
        writer.buffer.extend_from_slice(b",\"features\":[");
        writer.flush_buffer()?;
        Ok(writer)
    }

    /// Writes one feature: its id, longitude and latitude in degrees if it has a point, and flat properties.
    ///
    /// A point that is not on the Earth is written as a null geometry, so that one bad row cannot spoil a feed.
    pub fn feature<'n, 'a>(
        &mut self,
        id: impl Into<Field<'a>>,
        point: Option<(f64, f64)>,
        properties: impl IntoIterator<Item = (&'n str, Field<'a>)>,
    ) -> io::Result<()> {
        self.write(id.into(), point.as_slice(), properties)
    }

    /// Writes one feature that is a line through these points, or has none; all else as in [`GeojsonWriter::feature`].
    ///
    /// # Errors
    /// The sink fails.
    pub fn line<'n, 'a>(
        &mut self,
        id: impl Into<Field<'a>>,
        points: Option<&[(f64, f64)]>,
        properties: impl IntoIterator<Item = (&'n str, Field<'a>)>,
    ) -> io::Result<()> {
        self.write(id.into(), points.filter(|it| it.len() > 1).unwrap_or_default(), properties)
    }

    /// One point is a Point, more are a LineString, and none, or one that is not on the Earth, is no geometry.
    fn write<'n, 'a>(
        &mut self,
        id: Field<'a>,
        points: &[(f64, f64)],
        properties: impl IntoIterator<Item = (&'n str, Field<'a>)>,
    ) -> io::Result<()> {
        let separator: &[u8] = if self.any { b",\n" } else { b"\n" };
        self.any = true;
        let buffer = &mut self.buffer;
        buffer.extend_from_slice(separator);
        buffer.extend_from_slice(b"{\"type\":\"Feature\",\"id\":");
        push_field(buffer, id)?;
        match points {
            [(lon, lat)] if in_range(*lon, *lat) => {
                buffer.extend_from_slice(b",\"geometry\":{\"type\":\"Point\",\"coordinates\":");
                push_point(buffer, (*lon, *lat));
                buffer.extend_from_slice(b"},\"properties\":{");
            }
            [first, rest @ ..] if !rest.is_empty() && points.iter().all(|it| in_range(it.0, it.1)) => {
                buffer.extend_from_slice(b",\"geometry\":{\"type\":\"LineString\",\"coordinates\":[");
                push_point(buffer, *first);
                for point in rest {
                    buffer.push(b',');
                    push_point(buffer, *point);
                }
                buffer.extend_from_slice(b"]},\"properties\":{");
            }
            _ => buffer.extend_from_slice(b",\"geometry\":null,\"properties\":{"),
        }
        let mut first = true;
        for (name, value) in properties {
            if !first {
                buffer.push(b',');
            }
            first = false;
            push_text(buffer, name)?;
            buffer.push(b':');
            push_field(buffer, value)?;
        }
        buffer.extend_from_slice(b"}}");
        self.flush_buffer()
    }

    /// Where the bytes go.
    pub fn get_mut(&mut self) -> &mut W {
        &mut self.out
    }

    /// Ends the collection and gives the sink back, flushed.
    pub fn finish(mut self) -> io::Result<W> {
        self.buffer.extend_from_slice(b"\n]}\n");
        self.flush_buffer()?;
        self.out.flush()?;
        Ok(self.out)
    }

    fn flush_buffer(&mut self) -> io::Result<()> {
        self.out.write_all(&self.buffer)?;
        self.buffer.clear();
        Ok(())
    }
}

fn push_point(buffer: &mut Vec<u8>, (lon, lat): (f64, f64)) {
    buffer.push(b'[');
    push_coordinate(buffer, lon);
    buffer.push(b',');
    push_coordinate(buffer, lat);
    buffer.push(b']');
}

fn push_text(buffer: &mut Vec<u8>, text: &str) -> io::Result<()> {
    serde_json::to_writer(buffer, text).map_err(Into::into)
}

fn push_field(buffer: &mut Vec<u8>, field: Field<'_>) -> io::Result<()> {
    match field {
        Field::Text(text) => return push_text(buffer, text),
        Field::Id(id) => write!(buffer, "\"{id}\"")?,
        Field::Int(number) => serde_json::to_writer(buffer, &number)?,
        // serde_json writes a number that is not finite as null.
        Field::Real(number) => serde_json::to_writer(buffer, &number)?,
        Field::Bool(yes) => buffer.extend_from_slice(if yes { b"true" } else { b"false" }),
        Field::Null => buffer.extend_from_slice(b"null"),
    }
    Ok(())
}

/// At most seven decimals, without trailing zeros; the degrees are in range, so their units fit an `i64`.
fn push_coordinate(buffer: &mut Vec<u8>, degrees: f64) {
    let units = (degrees * COORDINATE_UNITS).round() as i64;
    if units < 0 {
        buffer.push(b'-');
    }
    let (whole, mut decimals) = (units.unsigned_abs() / 10_000_000, units.unsigned_abs() % 10_000_000);
    // A coordinate has at most three digits before the point.
    for power in [100, 10, 1] {
        if whole >= power || power == 1 {
            buffer.push(b'0' + (whole / power % 10) as u8);
        }
    }
    if decimals > 0 {
        buffer.push(b'.');
    }
    let mut power = 1_000_000;
    while decimals > 0 {
        buffer.push(b'0' + (decimals / power) as u8);
        decimals %= power;
        power /= 10;
    }
}

#[cfg(test)]
mod tests {
    use bytes::{BufMut, BytesMut};
    use proptest::prelude::*;

    use super::*;

    fn coordinate(degrees: f64) -> String {
        let mut buffer = Vec::new();
        push_coordinate(&mut buffer, degrees);
        String::from_utf8(buffer).unwrap()
    }

    #[test]
    fn coordinates_have_at_most_seven_decimals() {
        let written =
            [-93.123_456_78, 0.0, -0.0, 180.0, -0.000_000_04, 44.5, 100.000_000_1, 9.05].map(coordinate);

        assert_eq!(written, ["-93.1234568", "0", "0", "180", "0", "44.5", "100.0000001", "9.05"]);
    }

    #[test]
    fn a_feature_is_written_with_typed_values() {
        let mut writer = GeojsonWriter::new(Vec::new(), Some("demonstration data")).unwrap();
        let properties = [
            ("n", Field::Int(1)),
            ("r", Field::Real(0.5)),
            ("b", Field::Bool(true)),
            ("x", Field::Real(f64::NAN)),
        ];
        writer.feature("s1", Some((-93.1, 45.0)), properties).unwrap();
        writer.feature("s2", Some((f64::NAN, 45.0)), []).unwrap();

        let text = String::from_utf8(writer.finish().unwrap()).unwrap();

        let expected = concat!(
            r#"{"type":"FeatureCollection","notice":"demonstration data","features":["#,
            "\n",
            r#"{"type":"Feature","id":"s1","geometry":{"type":"Point","coordinates":[-93.1,45]},"#,
            r#""properties":{"n":1,"r":0.5,"b":true,"x":null}},"#,
            "\n",
            r#"{"type":"Feature","id":"s2","geometry":null,"properties":{}}"#,
            "\n]}\n",
        );
        assert_eq!(text, expected);
    }

    #[test]
    fn chunks_can_be_split_off_while_it_is_written() {
        let mut writer = GeojsonWriter::new(BytesMut::new().writer(), None).unwrap();
        let first = writer.get_mut().get_mut().split().freeze();
        let last = writer.finish().unwrap().into_inner().freeze();

        assert_eq!([first, last].concat(), b"{\"type\":\"FeatureCollection\",\"features\":[\n]}\n");
    }

    proptest! {
        #[test]
        fn what_is_written_is_geojson_with_the_same_values(
            rows in proptest::collection::vec((any::<String>(), -180.0..=180.0, -90.0..=90.0, any::<i64>()), 0..10),
        ) {
            let mut writer = GeojsonWriter::new(Vec::new(), None).unwrap();
            for (text, lon, lat, number) in &rows {
                let properties = [("text", Field::Text(text)), ("number", Field::Int(*number))];
                writer.feature(text.as_str(), Some((*lon, *lat)), properties).unwrap();
            }
            let written = String::from_utf8(writer.finish().unwrap()).unwrap();
            let read: geojson::FeatureCollection = written.parse().unwrap();
            prop_assert_eq!(read.features.len(), rows.len());
            for (feature, (text, lon, lat, number)) in read.features.iter().zip(&rows) {
                prop_assert_eq!(feature.property("text").unwrap(), text.as_str());
                prop_assert_eq!(feature.property("number").unwrap(), *number);
                let geojson::GeometryValue::Point { coordinates } = &feature.geometry.as_ref().unwrap().value else {
                    panic!("a point was written")
                };
                prop_assert!((coordinates[0] - lon).abs() < 1e-7 && (coordinates[1] - lat).abs() < 1e-7);
            }
        }
    }
}
