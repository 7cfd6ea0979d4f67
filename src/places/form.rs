//! What a person's form says of a place: read, checked, and turned into the next version. Pure.

use super::classes::Classes;
use super::outline::{self, NotAnOutline};
use super::{Part, Place, PlaceId};
use crate::clock::Moment;
use crate::geo::shape::Shape;
use crate::records::BuildingId;
use crate::sites::form::{DESK, digest};
use crate::text::address::Address;
use crate::web::extract::Params;
use crate::web::filled::{Filled, Flaws, LINE};

/// What a form says of a place.
#[derive(Clone, Debug)]
pub struct Entry {
    class: String,
    part: Part,
    name: String,
    address: Option<String>,
    opened_on: Option<Moment>,
    closed_on: Option<Moment>,
    /// The outline.
    pub outline: Shape,
}

/// What is to be mended, and what the form shows then: a point that was given the wrong way round is turned.
#[derive(Clone, Debug, PartialEq)]
pub struct Refused {
    /// By field.
    pub flaws: Flaws,
    /// What stands in the fields.
    pub values: Params,
}

/// Reads the form.
///
/// # Errors
/// All that is to be mended.
pub fn read(params: &Params, classes: &Classes) -> Result<Entry, Box<Refused>> {
    let mut form = Filled::new(params);
    let class = form.needed("class", "Choose what it is.");
    if !class.is_empty() && !classes.has(&class) {
        form.flaws.add("class", "Choose one of the classes in the list.");
    }
    let name = form.text("name", LINE).unwrap_or_default();
    let address = form.text("address", LINE);
    let (outline, turned) = read_outline(&mut form);
    let part = read_part(&mut form, outline.as_ref());
    let [opened_on, closed_on] = ["opened_on", "closed_on"].map(|it| form.day(it).map(Moment::Day));
    if opened_on.zip(closed_on).is_some_and(|(opened, closed)| closed < opened) {
        form.flaws.add("closed_on", "It cannot be gone before it was there. Mend one of the two days.");
    }
    match (outline, part) {
        (Some(outline), Some(part)) if form.flaws.is_empty() => {
            Ok(Entry { class, part, name, address, opened_on, closed_on, outline })
        }
        _ => {
            let values = turned.map_or_else(|| params.clone(), |it| params.replaced("outline", &it));
            Err(Box::new(Refused { flaws: form.flaws, values }))
        }
    }
}

/// The outline, or what the field shows instead.
fn read_outline(form: &mut Filled<'_>) -> (Option<Shape>, Option<String>) {
    let before = form.flaws.pairs().len();
    let Some(text) = form.text("outline", outline::LONGEST) else {
        if form.flaws.pairs().len() == before {
            form.flaws.add("outline", "Say where it is: draw it on the map, or write longitude, latitude.");
        }
        return (None, None);
    };
    match outline::read(&text) {
        Ok(shape) => (Some(shape), None),
        Err(error) => {
            form.flaws.add("outline", error.to_string());
            match error {
                NotAnOutline::Swapped(turned) => (None, Some(turned.to_string())),
                _ => (None, None),
            }
        }
    }
}

/// What the outline is: as chosen, or as its geometry tells.
fn read_part(form: &mut Filled<'_>, outline: Option<&Shape>) -> Option<Part> {
    let chosen: Option<Part> = form.parsed("part", "Choose one of the list.");
    let outline = outline?;
    let Some(part) = chosen else { return Some(Part::of(outline)) };
    if !part.suits(outline) {
        let is = Part::of(outline).label().to_lowercase();
        form.flaws
            .add("part", format!("The outline is of another kind ({is}). Choose that, or draw an outline."));
        return None;
    }
    Some(part)
}

impl Entry {
    /// The place as the form says it. What the form does not ask stays.
    pub fn apply(self, place: Place) -> Place {
        let place = place.with_outline(&self.outline);
        Place {
            class: self.class,
            part: self.part,
            name: self.name,
            address: self.address,
            opened_on: self.opened_on,
            closed_on: self.closed_on,
            ..place
        }
    }

    /// The building, when the address could be understood.
    pub fn building(&self) -> Option<BuildingId> {
        let line = self.address.as_deref()?;
        BuildingId::of(&Address::of_parts(line, None, None, None, None))
    }
}

/// A place of which nothing is said yet.
pub fn blank(id: PlaceId, now: Moment) -> Place {
    Place {
        id,
        version: 1,
        recorded_at: now,
        source: DESK.to_owned(),
        source_key: id.to_string(),
        batch_id: None,
        class: Classes::OTHER.to_owned(),
        part: Part::Point,
        name: String::new(),
        address: None,
        opened_on: None,
        closed_on: None,
        outline: Vec::new(),
        west: 0.0,
        south: 0.0,
        east: 0.0,
        north: 0.0,
    }
}

/// The next version of a place, as a person makes it now.
pub fn next_version(known: &Place, now: Moment) -> Place {
    let recorded_at = now.max(known.recorded_at);
    Place { version: known.version + 1, recorded_at, batch_id: None, ..known.clone() }
}

/// What the form shows of a place as it stands; an outline that cannot be read is left empty.
pub fn values(place: &Place) -> Params {
    let day = |it: Option<Moment>| it.map(|it| it.day().to_string()).unwrap_or_default();
    let outline = Shape::from_wkb(&place.outline).map(|it| outline::written(&it)).unwrap_or_default();
    [
        ("class", place.class.clone()),
        ("part", place.part.to_string()),
        ("name", place.name.clone()),
        ("address", place.address.clone().unwrap_or_default()),
        ("opened_on", day(place.opened_on)),
        ("closed_on", day(place.closed_on)),
        ("outline", outline),
        ("version", place.version.to_string()),
    ]
    .into_iter()
    .collect()
}

/// A place as the log keeps it: its fields, and of an outline that is no point a digest.
pub fn logged(place: &Place) -> serde_json::Value {
    let values = values(place);
    let fields = values.pairs().iter().filter(|it| it.0 != "version").map(|(name, value)| {
        let long = name == "outline" && value.starts_with('{');
        (name.clone(), if long { digest(value) } else { value.clone() }.into())
    });
    fields.collect::<serde_json::Map<_, _>>().into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::knowledge::Library;

    fn classes() -> Classes {
        Classes::read(&Library::open(None).unwrap()).unwrap()
    }

    fn params(pairs: &[(&str, &str)]) -> Params {
        pairs.iter().map(|(name, value)| (*name, (*value).to_owned())).collect()
    }

    #[test]
    fn saving_what_the_form_shows_changes_nothing() {
        let now = Moment::Day("2026-11-23".parse().unwrap());
        let typed = params(&[
            ("class", "park"),
            ("name", "Elm Park"),
            ("address", "100 Elm St, Duluth"),
            ("opened_on", "1990-01-01"),
            ("outline", "POLYGON((-92.1 46.8, -92.0999999999 46.8, -92.1 46.8001, -92.1 46.8))"),
        ]);
        let before = read(&typed, &classes()).unwrap().apply(blank(PlaceId::of_source("test", "1"), now));

        let after = read(&values(&before), &classes()).unwrap().apply(before.clone());

        assert_eq!(before, after);
        assert_eq!(before.part, Part::Area);
    }

    #[test]
    fn each_field_says_what_would_be_right() {
        let wrong = params(&[
            ("class", "casino"),
            ("part", "lot"),
            ("outline", "-92.1, 46.8"),
            ("opened_on", "2026-02-02"),
            ("closed_on", "2025-02-02"),
        ]);

        let refused = read(&wrong, &classes()).unwrap_err();

        let fields: Vec<&str> = refused.flaws.pairs().into_iter().map(|it| it.0).collect();
        assert_eq!(fields, ["class", "part", "closed_on"]);
    }

    #[test]
    fn a_point_from_a_map_site_stands_the_right_way_round_when_the_form_comes_back() {
        let refused =
            read(&params(&[("class", "school"), ("outline", "46.8, -92.1")]), &classes()).unwrap_err();

        assert_eq!(refused.values.get("outline"), Some("-92.1, 46.8"));
        assert!(refused.flaws.get("outline").unwrap().contains("Latitude came first"));
    }
}
