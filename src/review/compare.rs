//! The table that sets a record beside a site: each field of both, how far they agree, what that weighs, and in words. Pure.

use super::differences::{self, Piece};
use super::{Choice, Subject};
use crate::geo::Point;
use crate::geo::distance::distance;
use crate::linking::evidence::{Evidence, Field, Level};
use crate::records::Place;
use crate::sites::{Kinds, Site};
use crate::text::address::{Address, city_key, unit_key};
use crate::text::name::{Agreement, Name};
use crate::web::format;

/// A row of the table.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// The field, as people call it.
    pub label: &'static str,
    /// What the record says.
    pub record: Vec<Piece>,
    /// What the site says.
    pub site: Vec<Piece>,
    /// How far they agree; none where they were not compared.
    pub level: Option<Level>,
    /// What that weighs in hundredths of a bit; none where no model weighed it.
    pub weight: Option<i32>,
    /// The same in words.
    pub words: String,
}

/// Every field that either side has.
pub fn rows(record: &Subject, choice: &Choice, kinds: &Kinds) -> Vec<Row> {
    let evidence = choice.evidence.as_ref();
    let site = &choice.site;
    let all = [
        name(record, site, evidence),
        address(&record.place, site, evidence),
        city(&record.place, site, evidence),
        phone(evidence),
        kind(record, site, kinds),
        license(record, choice),
        day(record),
        point(&record.place, site, evidence),
    ];
    all.into_iter()
        .flatten()
        .filter(|it| !(it.record.is_empty() && it.site.is_empty() && it.level.is_none()))
        .collect()
}

/// One or several fields of the evidence as one: the worst level and the weight of all; none where none was compared.
fn weighed(evidence: Option<&Evidence>, fields: &[Field]) -> Option<(Level, i32)> {
    let compared = evidence?.0.iter().filter(|it| fields.contains(&it.field) && it.level != Level::Missing);
    compared.map(|it| (it.level, it.weight)).reduce(|a, b| (a.0.max(b.0), a.1 + b.1))
}

/// What the model found, or else what a look at both sides tells, without a weight.
fn found(
    weighed: Option<(Level, i32)>,
    seen: impl FnOnce() -> Option<Level>,
) -> (Option<Level>, Option<i32>) {
    match weighed {
        Some((level, weight)) => (Some(level), Some(weight)),
        None => (seen(), None),
    }
}

fn row(
    label: &'static str,
    (record, site): (&str, &str),
    (level, weight): (Option<Level>, Option<i32>),
    words: String,
) -> Row {
    let differs = level.is_some_and(|it| it != Level::Same);
    let plain = |text: &str| {
        let pieces = [Piece { text: text.to_owned(), differs: false }];
        pieces.into_iter().filter(|it| !it.text.is_empty()).collect()
    };
    let (record, site) =
        if differs { differences::pieces(record, site) } else { (plain(record), plain(site)) };
    Row { label, record, site, level, weight, words }
}

fn name(record: &Subject, site: &Site, evidence: Option<&Evidence>) -> Option<Row> {
    let theirs = best_name(&record.name, site);
    let (own, other) = (Name::new(&record.name), Name::new(theirs));
    let seen = || (!own.is_empty()).then(|| level_of(own.compare(&other)));
    let level = found(weighed(evidence, &[Field::Name]), seen);
    let words = if record.name.is_empty() {
        "The record names no business".to_owned()
    } else {
        differences::names(&record.name, theirs)
    };
    Some(row("Name", (&record.name, theirs), level, words))
}

/// Of all names that the site goes by, the one nearest to what the record says.
fn best_name<'a>(name: &str, site: &'a Site) -> &'a str {
    let own = Name::new(name);
    let nearest = site
        .other_names
        .iter()
        .chain([&site.name])
        .max_by(|a, b| own.similarity(&Name::new(a)).total_cmp(&own.similarity(&Name::new(b))));
    nearest.unwrap_or(&site.name)
}

fn level_of(agreement: Agreement) -> Level {
    match agreement {
        Agreement::Same => Level::Same,
        Agreement::Alike => Level::Close,
        Agreement::Unclear => Level::Partly,
        Agreement::Different => Level::Differs,
    }
}

fn address(place: &Place, site: &Site, evidence: Option<&Evidence>) -> Option<Row> {
    let line = |address: &str, unit: Option<&str>| match unit {
        Some(unit) if Address::parse(address).unit_key().is_none() => format!("{address}, {unit}"),
        _ => address.to_owned(),
    };
    let own = line(place.address.as_deref().unwrap_or_default(), place.unit.as_deref());
    let theirs = line(&site.address, site.unit.as_deref());
    let (a, b) = (Address::parse(&own), Address::parse(&theirs));
    let fields = [Field::Number, Field::Street, Field::Unit];
    let level = found(weighed(evidence, &fields), || seen_address(&a, &b));
    let words = match level.0 {
        None => "Not compared".to_owned(),
        Some(Level::Same) => differences::normalized(&own, &theirs).to_owned(),
        Some(_) => address_words(&a, &b),
    };
    Some(row("Address", (&own, &theirs), level, words))
}

fn seen_address(a: &Address, b: &Address) -> Option<Level> {
    let (one, other) = (a.key()?, b.key()?);
    Some(match (one == other, a.unit_key(), b.unit_key()) {
        (true, one, other) if one == other => Level::Same,
        (false, ..) | (true, Some(_), Some(_)) => Level::Differs,
        _ => Level::Close,
    })
}

/// Which part of two addresses differs.
fn address_words(a: &Address, b: &Address) -> String {
    let mut words = Vec::new();
    if let (Some(one), Some(other)) = (&a.number, &b.number)
        && one != other
    {
        let how = differences::digits(one, other);
        words.push(format!("House number: {}{}", how[..1].to_lowercase(), &how[1..]));
    }
    if a.street != b.street || a.suffix != b.suffix {
        words.push("Another street, or another spelling of it".to_owned());
    }
    match (a.unit_key(), b.unit_key()) {
        (Some(one), Some(other)) if unit_key(&one) != unit_key(&other) => {
            words.push("Another unit".to_owned());
        }
        (Some(_), None) => words.push("The site gives no unit".to_owned()),
        (None, Some(_)) => words.push("The record gives no unit".to_owned()),
        _ => {}
    }
    if words.is_empty() { "Close; spelled in another way".to_owned() } else { words.join(". ") }
}

fn city(place: &Place, site: &Site, evidence: Option<&Evidence>) -> Option<Row> {
    let zip = |address: &str| Address::parse(address).zip;
    let join = |city: Option<&str>, zip: Option<&str>| {
        [city, zip].into_iter().flatten().collect::<Vec<&str>>().join(" ")
    };
    let own = join(place.city.as_deref(), place.address.as_deref().and_then(zip).as_deref());
    let theirs = join(site.city.as_deref(), site.zip.as_deref());
    let seen = || {
        let (one, other) = (place.city.as_deref()?, site.city.as_deref()?);
        Some(if city_key(one) == city_key(other) { Level::Same } else { Level::Differs })
    };
    let level = found(weighed(evidence, &[Field::City]), seen);
    let words = match level.0 {
        None => "Not compared",
        Some(Level::Same) if own == theirs => "Same",
        Some(Level::Same) => "Same after normalizing",
        Some(Level::Close | Level::Partly) => "City or ZIP code agrees, the other does not",
        Some(_) => "Another city",
    };
    Some(row("City, ZIP", (&own, &theirs), level, words.to_owned()))
}

/// The numbers themselves are not kept with records; how far they agree is.
fn phone(evidence: Option<&Evidence>) -> Option<Row> {
    let (level, weight) = weighed(evidence, &[Field::Phone])?;
    let words = match level {
        Level::Same => "Same",
        Level::Close => "A digit or two apart",
        Level::Partly => "In part the same",
        Level::Differs | Level::Missing => "Another number",
    };
    Some(row("Phone", ("", ""), (Some(level), Some(weight)), words.to_owned()))
}

fn kind(record: &Subject, site: &Site, kinds: &Kinds) -> Option<Row> {
    let own = record.site_kind.as_deref()?;
    let words = if own == site.kind { "The same kind; not weighed" } else { "Another kind; not weighed" };
    let level = if own == site.kind { Level::Same } else { Level::Differs };
    let mut row = row("Kind", (kinds.label(own), kinds.label(&site.kind)), (None, None), words.to_owned());
    row.level = Some(level);
    Some(row)
}

fn license(record: &Subject, choice: &Choice) -> Option<Row> {
    let (own, theirs) = (record.number.as_deref()?, choice.known.license.as_deref().unwrap_or_default());
    let (level, words) = match (own == theirs, theirs.is_empty()) {
        (true, _) => (Some(Level::Same), "The same number"),
        (_, true) => (None, "The site has no license yet"),
        _ => (Some(Level::Differs), "Another number; a renewal may bring a new one. Not weighed"),
    };
    Some(row("License", (own, theirs), (level, None), words.to_owned()))
}

fn day(record: &Subject) -> Option<Row> {
    let (label, day) = record.day;
    Some(row(label, (&format::day(day.day()), ""), (None, None), "Not compared".to_owned()))
}

fn point(place: &Place, site: &Site, evidence: Option<&Evidence>) -> Option<Row> {
    let shown = |point: Option<(f64, f64)>| {
        point.map(|(lon, lat)| format!("{lat:.5}, {lon:.5}").replace('-', "−")).unwrap_or_default()
    };
    let (own, theirs) = (place.lon.zip(place.lat), site.point());
    let meters = own
        .zip(theirs)
        .and_then(|(a, b)| Some(distance(Point::parse(a.0, a.1).ok()?, Point::parse(b.0, b.1).ok()?).0));
    // The bounds are those of `linking::evidence::Level`.
    let seen = || {
        meters.map(|it| match it {
            it if it <= 30.0 => Level::Same,
            it if it <= 100.0 => Level::Close,
            _ => Level::Differs,
        })
    };
    let level = found(weighed(evidence, &[Field::Distance]), seen);
    let words = meters.map_or_else(|| "Not compared: a point is missing".to_owned(), differences::distance);
    let plain = |text: String| {
        let pieces = [Piece { text, differs: false }];
        pieces.into_iter().filter(|it| !it.text.is_empty()).collect()
    };
    // Letters of coordinates tell nothing: the distance is what differs.
    Some(Row {
        label: "Point",
        record: plain(shown(own)),
        site: plain(shown(theirs)),
        level: level.0,
        weight: level.1,
        words,
    })
}
