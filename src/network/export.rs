//! The network as lines: GeoJSON and CSV, a row for each line.

use std::io::{self, Write};

use super::{Line, Network};
use crate::clock::Moment;
use crate::exports::Format;
use crate::formats::csv_out::CsvWriter;
use crate::formats::field::Field;
use crate::formats::geojson_out::GeojsonWriter;
use crate::formats::{DEMONSTRATION, NOTICE};

/// The columns of the table; the lines of the GeoJSON have the same as properties.
const COLUMNS: [&str; 14] = [
    "id",
    "step",
    "what",
    "shared",
    "from_code",
    "from_name",
    "from_city",
    "to_code",
    "to_name",
    "to_city",
    "n_sites",
    "since",
    "until",
    "source",
];

/// The texts of one line.
struct Told {
    id: String,
    from: [Option<String>; 3],
    to: [Option<String>; 3],
    since: Option<String>,
    until: Option<String>,
}

/// Writes all lines; how many.
pub(super) fn write<W: Write>(network: &Network, format: Format, demo: bool, out: W) -> io::Result<(W, u64)> {
    let out = match format {
        Format::Geojson => geojson(network, demo, out)?,
        Format::Csv => csv(network, demo, out)?,
    };
    Ok((out, network.lines.len() as u64))
}

fn geojson<W: Write>(network: &Network, demo: bool, out: W) -> io::Result<W> {
    let mut out = GeojsonWriter::new(out, demo.then_some(NOTICE))?;
    for line in &network.lines {
        let told = Told::of(network, line);
        let fields = COLUMNS.into_iter().zip(told.fields(line)).skip(1);
        let status = demo.then_some(("data_status", Field::Text(DEMONSTRATION)));
        let ends = network.ends(line);
        out.line(told.id.as_str(), ends.as_ref().map(<[_; 2]>::as_slice), fields.chain(status))?;
    }
    out.finish()
}

fn csv<W: Write>(network: &Network, demo: bool, out: W) -> io::Result<W> {
    let tail = ["from_lon", "from_lat", "to_lon", "to_lat", "data_status"];
    let mut out = CsvWriter::new(out, COLUMNS.into_iter().chain(tail))?;
    for line in &network.lines {
        let told = Told::of(network, line);
        let points = [network.from(line), network.to(line)].map(|it| it.and_then(crate::sites::Site::point));
        let ends = points.into_iter().flat_map(|it| [it.map(|it| it.0), it.map(|it| it.1)]).map(Field::from);
        let status = if demo { DEMONSTRATION } else { "real" };
        out.row(told.fields(line).into_iter().chain(ends).chain([Field::Text(status)]))?;
    }
    out.finish()
}

impl Told {
    fn of(network: &Network, line: &Line) -> Self {
        let (from, to) = (network.from(line), network.to(line));
        let told = |it: Option<&crate::sites::Site>| {
            [
                it.map(crate::sites::Site::code),
                it.map(|it| it.name.clone()),
                it.and_then(|it| it.city.clone()),
            ]
        };
        let (from, to) = (told(from), told(to));
        let day = |it: Option<Moment>| it.map(|it| it.to_string());
        let end = |it: &[Option<String>; 3]| it[0].clone().unwrap_or_else(|| "many".to_owned());
        let via = line.party.map(|it| format!(":{it}")).unwrap_or_default();
        let id = format!("{}-{}-{}{via}", end(&from), end(&to), line.what);
        Self { id, from, to, since: day(line.since), until: day(line.until) }
    }

    fn fields<'a>(&'a self, line: &'a Line) -> [Field<'a>; 14] {
        let text = |it: &'a Option<String>| it.as_deref().map_or(Field::Null, Field::Text);
        let [from_code, from_name, from_city] = self.from.each_ref().map(text);
        let [to_code, to_name, to_city] = self.to.each_ref().map(text);
        [
            Field::Text(&self.id),
            Field::Int(line.step.into()),
            Field::Text(line.what.as_str()),
            Field::Text(&line.words),
            from_code,
            from_name,
            from_city,
            to_code,
            to_name,
            to_city,
            Field::Int(i64::try_from(line.n_sites).unwrap_or(i64::MAX)),
            text(&self.since),
            text(&self.until),
            Field::Text(&line.source),
        ]
    }
}
