//! What a person's form says of a site: read, checked, and turned into the site's next version. Pure.

use sha2::{Digest, Sha256};

use super::{Kinds, Site, Status};
use crate::clock::Moment;
use crate::geo::Point;
use crate::records::{BuildingId, PointMethod, SiteId};
use crate::rights::held::Held;
use crate::text::address::Address;
use crate::text::phone::Phone;
use crate::web::extract::Params;
use crate::web::filled::{Filled, Flaws, LINE};

/// The source of what a person at a desk entered.
pub const DESK: &str = "desk";

/// A site as the log keeps it: its fields, and of the note only a digest, by which a change is seen and not read.
pub fn logged(site: &Site) -> serde_json::Value {
    let mut fields: serde_json::Map<String, serde_json::Value> =
        values(site).pairs().iter().map(|(name, value)| (name.clone(), value.as_str().into())).collect();
    fields.remove("version");
    if let Some(note) = fields.get_mut("note") {
        *note = digest(note.as_str().unwrap_or_default()).into();
    }
    fields.into()
}

/// What stands in the log for a text that must not stand there.
pub fn digest(text: &str) -> String {
    let hash = Sha256::digest(text.as_bytes());
    hash.iter().take(8).fold("text ".to_owned(), |words, byte| format!("{words}{byte:02x}"))
}

/// The fields of the form and what people call them.
pub const FIELDS: [(&str, &str); 17] = [
    ("kind", "Kind"),
    ("name", "Name"),
    ("other_names", "Other names"),
    ("address", "Address"),
    ("unit", "Unit"),
    ("city", "City"),
    ("state", "State"),
    ("zip", "ZIP code"),
    ("lat", "Latitude"),
    ("lon", "Longitude"),
    ("status", "Status"),
    ("status_on", "Since"),
    ("opened_on", "Opened on"),
    ("closed_on", "Closed on"),
    ("phone", "Telephone"),
    ("note", "Note"),
    ("version", "Version"),
];

/// Where a form says that a site stands.
#[derive(Clone, Debug, PartialEq)]
pub struct Location {
    address: String,
    parts: Address,
    city: Option<String>,
    /// Longitude and latitude, when given.
    pub point: Option<(f64, f64)>,
}

/// What a form says of a site.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// Where it stands.
    pub location: Location,
    kind: String,
    name: String,
    other_names: Vec<String>,
    status: Status,
    status_on: Option<Moment>,
    opened_on: Option<Moment>,
    closed_on: Option<Moment>,
    phone: Option<String>,
    note: Option<String>,
}

/// A point and who gave it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Placed {
    /// Longitude and latitude.
    pub point: Option<(f64, f64)>,
    /// Who gave it; none when there is none.
    pub method: Option<PointMethod>,
    /// How far off it may be, where known.
    pub meters: Option<f64>,
    /// The city by polygon.
    pub city: Option<String>,
    /// The county by polygon.
    pub county: Option<String>,
}

/// What the form shows of a site as it stands.
pub fn values(site: &Site) -> Params {
    let text = |it: &Option<String>| it.clone().unwrap_or_default();
    let day = |it: Option<Moment>| it.map(|it| it.day().to_string()).unwrap_or_default();
    let number = |it: Option<f64>| it.map(|it| it.to_string()).unwrap_or_default();
    let unit = [text(&site.unit_type), text(&site.unit)].join(" ");
    let values = [
        site.kind.clone(),
        site.name.clone(),
        site.other_names.join("\n"),
        site.address.clone(),
        unit.trim().to_owned(),
        text(&site.city),
        text(&site.state),
        text(&site.zip),
        number(site.lat),
        number(site.lon),
        site.status.to_string(),
        day(site.status_on),
        day(site.opened_on),
        day(site.closed_on),
        site.phone.as_deref().map(Phone::shown).unwrap_or_default(),
        site.note.to_string(),
        site.version.to_string(),
    ];
    FIELDS.iter().map(|(name, _)| *name).zip(values).collect()
}

/// Reads the whole form.
///
/// # Errors
/// All that is to be mended.
pub fn read(params: &Params, kinds: &Kinds) -> Result<Entry, Flaws> {
    let mut form = Filled::new(params);
    let kind = form.needed("kind", "Choose the kind.");
    if !kind.is_empty() && !kinds.has(&kind) {
        form.flaws.add("kind", "Choose one of the kinds in the list.");
    }
    let name = form.needed("name", "Give the name on the door, or how people call the place.");
    let other_names = form.text("other_names", 10 * LINE).unwrap_or_default();
    let location = read_location(&mut form);
    let status = form.chosen("status", "Choose whether it is open.").unwrap_or(Status::Unknown);
    let [status_on, opened_on, closed_on] =
        ["status_on", "opened_on", "closed_on"].map(|it| form.day(it).map(Moment::Day));
    if opened_on.zip(closed_on).is_some_and(|(opened, closed)| closed < opened) {
        form.flaws.add("closed_on", "It cannot close before it opened. Mend one of the two days.");
    }
    let phone = read_phone(&mut form);
    let note = form.free_text("note");
    let entry = Entry {
        location,
        kind,
        name,
        other_names: other_names.lines().map(|it| it.trim().to_owned()).filter(|it| !it.is_empty()).collect(),
        status,
        status_on,
        opened_on,
        closed_on: closed_on.or(status_on.filter(|_| status == Status::Closed)),
        phone,
        note,
    };
    if form.flaws.is_empty() { Ok(entry) } else { Err(form.flaws) }
}

/// The telephone in the field `phone`, as its ten digits.
pub fn read_phone(form: &mut Filled<'_>) -> Option<String> {
    let written = form.text("phone", LINE)?;
    let read = Phone::parse(&written);
    if read.is_none() {
        form.flaws.add("phone", "Give a number of the United States with its area code, as (612) 555-0142.");
    }
    read.map(|it| it.key().to_owned())
}

/// Reads where a site stands.
pub fn read_location(form: &mut Filled<'_>) -> Location {
    let address = form.needed("address", "Give the street address, as 2417 Tollgrave Ave S.");
    let unit = form.text("unit", LINE);
    let city = form.text("city", LINE);
    let state = form.text("state", LINE);
    if state.as_ref().is_some_and(|it| it.len() != 2 || !it.bytes().all(|it| it.is_ascii_alphabetic())) {
        form.flaws.add("state", "Give the state as two letters, such as MN.");
    }
    let zip = form.text("zip", LINE);
    if zip.as_ref().is_some_and(|it| !is_zip(it)) {
        form.flaws.add("zip", "Give five digits, or nine as 55401-1234.");
    }
    let point = read_point(form);
    let parts =
        Address::of_parts(&address, unit.as_deref(), city.as_deref(), state.as_deref(), zip.as_deref());
    let city = city.or_else(|| parts.city.clone());
    Location { address, parts, city, point }
}

/// How FOCA reads the address that stands in the form; none while there is none.
pub fn reading(params: &Params) -> Option<Address> {
    let line = params.get("address")?;
    let [unit, city, state, zip] = ["unit", "city", "state", "zip"].map(|it| params.get(it));
    Some(Address::of_parts(line, unit, city, state, zip))
}

/// Whether a text is a ZIP code of five digits, or of nine as `55401-1234`.
pub fn is_zip(text: &str) -> bool {
    let digits = |it: &str, n: usize| it.len() == n && it.bytes().all(|it| it.is_ascii_digit());
    match text.split_once('-') {
        Some((zip, more)) => digits(zip, 5) && digits(more, 4),
        None => digits(text, 5),
    }
}

/// Longitude and latitude, in fields of their own or both, latitude first, in the field of the latitude.
fn read_point(form: &mut Filled<'_>) -> Option<(f64, f64)> {
    let (lat, lon) = (form.text("lat", LINE), form.text("lon", LINE));
    let (lat, lon) = match (&lat, &lon) {
        (None, None) => return None,
        (Some(both), None) => both.split_once(',').unwrap_or((both, "")),
        (Some(lat), Some(lon)) => (lat.as_str(), lon.as_str()),
        (None, Some(lon)) => ("", lon.as_str()),
    };
    let mut number = |name: &str, text: &str, example: &str| {
        let read = text.trim().parse::<f64>().ok().filter(|it| it.is_finite());
        if read.is_none() {
            form.flaws
                .add(name, format!("Give degrees as a number, such as {example}, or leave both empty."));
        }
        read
    };
    let (lat, lon) = (number("lat", lat, "44.9778"), number("lon", lon, "-93.2650"));
    let (lat, lon) = (lat?, lon?);
    match Point::parse(lon, lat) {
        Ok(point) => Some((point.lon(), point.lat())),
        Err(error) => {
            form.flaws.add("lat", format!("No such point: {error}. Are latitude and longitude exchanged?"));
            None
        }
    }
}

impl Location {
    /// The building, when the address could be understood.
    pub fn building(&self) -> Option<BuildingId> {
        BuildingId::of(&Address { city: self.city.clone(), ..self.parts.clone() })
    }

    /// The unit, normalized.
    pub fn unit(&self) -> Option<String> {
        self.parts.unit_key()
    }

    /// Puts a site there.
    pub fn put(self, site: &mut Site, placed: Placed) {
        site.building_id = self.building();
        site.unit = self.unit();
        let parts = self.parts;
        site.address = self.address;
        (site.house_number, site.pre_direction) = (parts.number, parts.pre_direction);
        (site.street, site.suffix) = (parts.street, parts.suffix);
        (site.post_direction, site.unit_type) = (parts.post_direction, parts.unit_type);
        (site.city, site.state, site.zip) = (self.city, parts.state, parts.zip);
        (site.lon, site.lat) = placed.point.unzip();
        site.point_method = placed.method.unwrap_or(PointMethod::None);
        site.point_meters = placed.meters;
        (site.city_area, site.county) = (placed.city, placed.county);
    }
}

impl Entry {
    /// The site as the form says it. What the form does not ask (number, source, where it moved to) stays.
    pub fn apply(self, mut site: Site, placed: Placed) -> Site {
        self.location.put(&mut site, placed);
        site.kind = self.kind;
        site.name = self.name;
        site.other_names = self.other_names;
        site.status = self.status;
        site.status_on = kept(self.status_on, site.status_on);
        site.opened_on = kept(self.opened_on, site.opened_on);
        site.closed_on = kept(self.closed_on, site.closed_on);
        site.phone = self.phone;
        site.note = self.note.into();
        site
    }
}

/// A form shows days only: an instant of the same day is not lost by saving it again.
fn kept(said: Option<Moment>, known: Option<Moment>) -> Option<Moment> {
    match (said, known) {
        (Some(said), Some(known)) if said.day() == known.day() => Some(known),
        _ => said,
    }
}

/// The next version of a site, as a person makes it now.
pub fn next_version(known: &Site, now: Moment) -> Site {
    Site {
        version: known.version + 1,
        recorded_at: now.max(known.recorded_at),
        batch_id: None,
        ..known.clone()
    }
}

/// A site of which nothing is said yet.
pub fn blank(id: SiteId, number: i64, now: Moment) -> Site {
    Site {
        id,
        version: 1,
        recorded_at: now,
        source: DESK.to_owned(),
        source_key: id.to_string(),
        batch_id: None,
        number,
        kind: Kinds::OTHER.to_owned(),
        name: String::new(),
        other_names: Vec::new(),
        address: String::new(),
        house_number: None,
        pre_direction: None,
        street: None,
        suffix: None,
        post_direction: None,
        unit_type: None,
        unit: None,
        city: None,
        state: None,
        zip: None,
        building_id: None,
        lon: None,
        lat: None,
        point_method: PointMethod::None,
        point_meters: None,
        city_area: None,
        county: None,
        status: Status::Open,
        status_on: None,
        opened_on: None,
        closed_on: None,
        moved_to: None,
        phone: None,
        note: Held::Empty,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::knowledge::Library;

    fn kinds() -> Kinds {
        Kinds::read(&Library::open(None).unwrap()).unwrap()
    }

    fn params(changes: &[(&str, &str)]) -> Params {
        let mut pairs = vec![
            ("kind", "lodging"),
            ("name", "Yarrow Inn"),
            ("address", "5540 Old Quarry Trl"),
            ("city", "Eagan"),
            ("status", "open"),
        ];
        pairs.retain(|(name, _)| !changes.iter().any(|it| it.0 == *name));
        pairs.extend(changes);
        pairs.into_iter().map(|(name, value)| (name, value.to_owned())).collect()
    }

    fn site(params: &Params) -> Site {
        let entry = read(params, &kinds()).unwrap();
        let point = entry.location.point;
        let id = SiteId::of_source("test", "1");
        let placed = Placed { point, method: point.map(|_| PointMethod::Pin), ..Placed::default() };
        entry.apply(blank(id, 7, Moment::Day("2026-11-23".parse().unwrap())), placed)
    }

    #[test]
    fn a_form_becomes_a_site_with_its_address_in_parts() {
        let site =
            site(&params(&[("unit", "Ste 3"), ("state", "mn"), ("zip", "55122"), ("lat", "44.8, -93.1")]));

        assert_eq!(
            (site.house_number.as_deref(), site.street.as_deref()),
            (Some("5540"), Some("OLD QUARRY"))
        );
        assert_eq!((site.unit.as_deref(), site.city.as_deref()), (Some("3"), Some("Eagan")));
        assert_eq!((site.state.as_deref(), site.point()), (Some("MN"), Some((-93.1, 44.8))));
        assert!(site.building_id.is_some());
    }

    #[test]
    fn saving_what_the_form_shows_changes_nothing() {
        let before = site(&params(&[
            ("other_names", "One\nTwo"),
            ("unit", "Ste 3"),
            ("lat", "44.80000000001"),
            ("lon", "-93.1"),
            ("opened_on", "2020-02-29"),
            ("phone", "612.555.0142"),
            ("note", "back door"),
        ]));

        let after = site(&values(&before));

        assert_eq!(before, after);
    }

    #[test]
    fn each_field_says_what_would_be_right() {
        let wrong = params(&[
            ("kind", "spaceship"),
            ("name", ""),
            ("state", "Minnesota"),
            ("zip", "5512"),
            ("lat", "-93.1"),
            ("lon", "444"),
            ("status", "gone"),
            ("opened_on", "2026-02-02"),
            ("closed_on", "2025-02-02"),
            ("phone", "555-0142"),
            ("note", "call 612-555-0199"),
        ]);

        let flaws = read(&wrong, &kinds()).unwrap_err();

        let fields: Vec<&str> = flaws.pairs().into_iter().map(|it| it.0).collect();
        assert_eq!(fields, ["kind", "name", "state", "zip", "lat", "status", "closed_on", "phone", "note"]);
    }

    #[test]
    fn half_a_point_is_told_by_the_missing_half() {
        let flaws = read(&params(&[("lon", "-93.1")]), &kinds()).unwrap_err();

        assert_eq!(flaws.pairs().into_iter().map(|it| it.0).collect::<Vec<_>>(), ["lat"]);
    }
}
