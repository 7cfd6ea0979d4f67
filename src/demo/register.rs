//! The rows of the invented registers, and the files that they are written to.

use std::io::Write;
use std::path::Path;

use chrono::NaiveDate;
use serde::Serialize;

/// Premises as a register writes them.
#[derive(Clone, Debug, Serialize)]
#[expect(missing_docs, reason = "columns; the profiles of data/demo say what they feed")]
pub struct Premises {
    pub premises: String,
    pub name: String,
    pub kind: String,
    pub address: String,
    pub unit: Option<String>,
    pub city: String,
    pub zip: String,
    pub lon: Option<f64>,
    pub lat: Option<f64>,
    pub premises_status: &'static str,
    pub opened: Option<NaiveDate>,
    pub closed: Option<NaiveDate>,
}

/// A term of a license as it stood on the day of its entry.
#[derive(Clone, Debug, Serialize)]
#[expect(missing_docs, reason = "columns; the profiles of data/demo say what they feed")]
pub struct License {
    pub license: String,
    #[serde(rename = "type")]
    pub type_as_written: String,
    pub status: &'static str,
    pub issued: NaiveDate,
    pub term_start: NaiveDate,
    pub term_end: NaiveDate,
    pub entered: NaiveDate,
    #[serde(skip)]
    pub of: Premises,
}

/// A visit with what it found.
#[derive(Clone, Debug, Serialize)]
#[expect(missing_docs, reason = "columns; the profiles of data/demo say what they feed")]
pub struct Inspection {
    pub inspection: String,
    pub date: NaiveDate,
    pub entered: NaiveDate,
    pub name: String,
    pub address: String,
    pub unit: Option<String>,
    pub city: String,
    pub reason: String,
    pub outcome: String,
    pub reinspect_by: Option<NaiveDate>,
    pub violations: Vec<Violation>,
}

/// One finding.
#[derive(Clone, Debug, Serialize)]
#[expect(missing_docs, reason = "columns; the profiles of data/demo say what they feed")]
pub struct Violation {
    pub code: String,
    pub title: String,
    pub severity: String,
    pub state: &'static str,
    pub put_right: Option<NaiveDate>,
    pub due: Option<NaiveDate>,
}

/// A complaint; nothing says who made it.
#[derive(Clone, Debug, Serialize)]
#[expect(missing_docs, reason = "columns; the profiles of data/demo say what they feed")]
pub struct Complaint {
    pub complaint: String,
    pub received: NaiveDate,
    pub entered: NaiveDate,
    pub name: String,
    pub address: String,
    pub unit: Option<String>,
    pub city: String,
    pub about: String,
    pub anonymous: &'static str,
    pub reliability: Option<String>,
    pub credibility: Option<String>,
    pub state: String,
}

/// An incident; nothing says who.
#[derive(Clone, Debug, Serialize)]
#[expect(missing_docs, reason = "columns; the profiles of data/demo say what they feed")]
pub struct Incident {
    pub case: String,
    pub happened: String,
    pub entered: NaiveDate,
    pub offense: String,
    pub written: String,
    pub origin: String,
    pub disposition: String,
    pub buyers: Option<i64>,
    pub sold: Option<i64>,
    pub address: String,
    pub unit: Option<String>,
    pub city: String,
    pub lon: Option<f64>,
    pub lat: Option<f64>,
}

/// Who stands behind premises, in one role.
#[derive(Clone, Debug, Serialize)]
#[expect(missing_docs, reason = "columns; the profiles of data/demo say what they feed")]
pub struct PartyRow {
    pub entry: String,
    pub party: String,
    pub what: &'static str,
    pub role: &'static str,
    pub file_number: Option<String>,
    pub phone: Option<String>,
    pub party_address: Option<String>,
    pub party_city: Option<String>,
    pub share: Option<i64>,
    pub since: Option<NaiveDate>,
    pub until: Option<NaiveDate>,
    pub premises: String,
    pub name: String,
    pub address: String,
    pub unit: Option<String>,
    pub city: String,
}

/// A city's rough outline.
#[derive(Clone, Debug)]
pub struct Area {
    /// Its name.
    pub name: String,
    /// Its county.
    pub county: String,
    /// Its corners, closed.
    pub outline: Vec<[f64; 2]>,
}

/// All registers.
#[derive(Clone, Debug, Default)]
#[expect(missing_docs, reason = "their types say what they are")]
pub struct Registers {
    pub areas: Vec<Area>,
    pub licenses: Vec<License>,
    pub premises: Vec<Premises>,
    pub inspections: Vec<Inspection>,
    pub complaints: Vec<Complaint>,
    pub incidents: Vec<Incident>,
    pub parties: Vec<PartyRow>,
    pub places: Vec<PlaceRow>,
}

/// A sensitive place, or the lot or building of a site.
#[derive(Clone, Debug)]
#[expect(missing_docs, reason = "properties; the profiles of data/demo say what they feed")]
pub struct PlaceRow {
    pub place: String,
    pub class: &'static str,
    pub part: &'static str,
    pub name: String,
    pub address: Option<String>,
    pub city: Option<String>,
    pub opened: Option<NaiveDate>,
    pub outline: Vec<[f64; 2]>,
}

impl Registers {
    /// Puts each register into the order in which its office would have written it.
    pub fn sort(&mut self) {
        self.licenses.sort_by(|a, b| {
            (a.entered, &a.license, a.term_start).cmp(&(b.entered, &b.license, b.term_start))
        });
        self.inspections.sort_by(|a, b| (a.date, &a.inspection).cmp(&(b.date, &b.inspection)));
        self.complaints.sort_by(|a, b| (a.received, &a.complaint).cmp(&(b.received, &b.complaint)));
        self.incidents.sort_by(|a, b| (&a.happened, &a.case).cmp(&(&b.happened, &b.case)));
    }

    /// Writes the register of that profile; the file's name says what it is.
    ///
    /// # Errors
    /// The folder cannot be written to.
    pub fn write(&self, profile: &str, folder: &Path) -> anyhow::Result<std::path::PathBuf> {
        let (name, bytes) = self.bytes(profile)?;
        let path = folder.join(name);
        std::fs::write(&path, bytes)?;
        Ok(path)
    }

    /// The name and the bytes of the register of that profile.
    ///
    /// # Errors
    /// There is no such register.
    pub fn bytes(&self, profile: &str) -> anyhow::Result<(String, Vec<u8>)> {
        let (ending, bytes) = match profile {
            "areas" => ("geojson", geojson(&self.areas)?),
            "places" => ("geojson", places_geojson(&self.places)?),
            "licenses" => ("csv", licenses_csv(&self.licenses)?),
            "premises" => ("csv", csv(&self.premises)?),
            "inspections" => ("ndjson", ndjson(&self.inspections)?),
            "complaints" => ("csv", csv(&self.complaints)?),
            "incidents" => ("csv", csv(&self.incidents)?),
            "parties" => ("csv", csv(&self.parties)?),
            other => anyhow::bail!("the demonstration has no register `{other}`"),
        };
        Ok((format!("demonstration-{profile}.{ending}"), bytes))
    }
}

fn csv<T: Serialize>(rows: &[T]) -> anyhow::Result<Vec<u8>> {
    let mut out = csv::Writer::from_writer(Vec::new());
    for row in rows {
        out.serialize(row)?;
    }
    Ok(out.into_inner()?)
}

/// A license beside its premises, in one row: flat tuples are what CSV can hold.
fn licenses_csv(rows: &[License]) -> anyhow::Result<Vec<u8>> {
    let mut out = csv::WriterBuilder::new().has_headers(false).from_writer(Vec::new());
    out.write_record([
        "license",
        "type",
        "status",
        "issued",
        "term_start",
        "term_end",
        "entered",
        "premises",
        "name",
        "kind",
        "address",
        "unit",
        "city",
        "zip",
        "lon",
        "lat",
        "premises_status",
        "opened",
        "closed",
    ])?;
    for row in rows {
        out.serialize((row, &row.of))?;
    }
    Ok(out.into_inner()?)
}

fn ndjson<T: Serialize>(rows: &[T]) -> anyhow::Result<Vec<u8>> {
    let mut out = Vec::new();
    for row in rows {
        serde_json::to_writer(&mut out, row)?;
        out.write_all(b"\n")?;
    }
    Ok(out)
}

fn places_geojson(places: &[PlaceRow]) -> anyhow::Result<Vec<u8>> {
    let feature = |it: &PlaceRow| {
        serde_json::json!({
            "type": "Feature",
            "properties": {
                "place": it.place, "class": it.class, "part": it.part, "name": it.name, "address": it.address,
                "city": it.city, "opened": it.opened,
            },
            "geometry": { "type": "Polygon", "coordinates": [it.outline] },
        })
    };
    let features: Vec<serde_json::Value> = places.iter().map(feature).collect();
    Ok(serde_json::to_vec(&serde_json::json!({ "type": "FeatureCollection", "features": features }))?)
}

fn geojson(areas: &[Area]) -> anyhow::Result<Vec<u8>> {
    let features: Vec<serde_json::Value> = areas
        .iter()
        .map(|it| {
            serde_json::json!({
                "type": "Feature",
                "properties": { "name": it.name, "county": it.county },
                "geometry": { "type": "Polygon", "coordinates": [it.outline] },
            })
        })
        .collect();
    let collection = serde_json::json!({ "type": "FeatureCollection", "features": features });
    Ok(serde_json::to_vec(&collection)?)
}
