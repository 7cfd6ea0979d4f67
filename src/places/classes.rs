//! The classes of places, from `data/places.toml`: words, labels, and how far a place may extend from its point.

use std::collections::BTreeMap;
use std::ops::Deref;

use serde::Deserialize;

use crate::geo::distance::Feet;
use crate::knowledge::labels::Labels;
use crate::knowledge::{Document, Flaw, Library};

/// The words of `[places]` with their labels, and how far a lot or a building reaches of which no outline is known.
#[derive(Clone, Debug)]
pub struct Classes {
    labels: Labels,
    reach: BTreeMap<String, Reach>,
    site: Reach,
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Reach {
    lot_reach_feet: f64,
    building_reach_feet: f64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Word {
    label: String,
    order: u32,
    lot_reach_feet: f64,
    building_reach_feet: f64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    site: Reach,
    places: BTreeMap<String, Word>,
}

/// The largest reach that is no slip of the pen, in feet: a mile.
const MOST: f64 = 5_280.0;

impl Classes {
    /// The file's name below `data/`.
    pub const FILE: &str = "places.toml";
    /// The class of a place that is none of the others.
    pub const OTHER: &str = Labels::OTHER;

    /// Reads `places.toml`.
    ///
    /// # Errors
    /// The file is absent or does not fit, a reach is none, or the word `other` is missing; with the line and what would
    /// be right.
    pub fn read(library: &Library) -> anyhow::Result<Self> {
        let document =
            library.get(Self::FILE).ok_or_else(|| anyhow::anyhow!("data/places.toml is missing"))?;
        Ok(Self::parse(document)?)
    }

    fn parse(document: &Document) -> Result<Self, Flaw> {
        let File { site, places } = document.parse()?;
        check(document, "lot_reach_feet", site)?;
        let mut reach = BTreeMap::new();
        for (word, it) in &places {
            let of_word =
                Reach { lot_reach_feet: it.lot_reach_feet, building_reach_feet: it.building_reach_feet };
            check(document, word, of_word)?;
            reach.insert(word.clone(), of_word);
        }
        if !places.contains_key(Self::OTHER) {
            return Err(document.flaw_at_key("[places]", "the word `other` must be among the [places]"));
        }
        let labels = Labels::of(places.into_iter().map(|(word, it)| (word, it.label, it.order)));
        Ok(Self { labels, reach, site })
    }

    /// How far the lot of such a place may extend from its point.
    pub fn lot_reach(&self, class: &str) -> Feet {
        Feet(self.of(class).lot_reach_feet)
    }

    /// How far the building of such a place may extend from its point.
    pub fn building_reach(&self, class: &str) -> Feet {
        Feet(self.of(class).building_reach_feet)
    }

    /// How far the lot of a business may extend from its point.
    pub fn site_lot_reach(&self) -> Feet {
        Feet(self.site.lot_reach_feet)
    }

    /// How far the building of a business may extend from its point.
    pub fn site_building_reach(&self) -> Feet {
        Feet(self.site.building_reach_feet)
    }

    /// A word that is not in the file counts as `other`.
    fn of(&self, class: &str) -> Reach {
        let other = self.reach.get(Self::OTHER).copied().unwrap_or(self.site);
        self.reach.get(class).copied().unwrap_or(other)
    }
}

impl Deref for Classes {
    type Target = Labels;

    fn deref(&self) -> &Labels {
        &self.labels
    }
}

fn check(document: &Document, key: &str, reach: Reach) -> Result<(), Flaw> {
    for feet in [reach.lot_reach_feet, reach.building_reach_feet] {
        if !(0.0..=MOST).contains(&feet) {
            let reason = format!("a place reaches 0 to {MOST} feet from its point, not {feet}");
            return Err(document.flaw_at_key(key, reason));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reason(body: &str) -> String {
        Classes::parse(&Document::new("places.toml", body.to_owned())).unwrap_err().to_string()
    }

    #[test]
    fn every_class_that_laws_speak_of_has_a_label_and_a_reach() {
        let classes = Classes::read(&Library::open(None).unwrap()).unwrap();

        assert_eq!(classes.label("child_care"), "Child care");
        assert_eq!(classes.lot_reach("school"), Feet(1000.0));
        assert_eq!(classes.building_reach("nothing"), classes.building_reach("other"));
        assert_eq!((classes.site_lot_reach(), classes.site_building_reach()), (Feet(300.0), Feet(150.0)));
    }

    #[test]
    fn a_flaw_names_its_line_and_what_would_be_right() {
        let site = "[site]\nlot_reach_feet = 300\nbuilding_reach_feet = 150\n";
        let school =
            "school = { label = \"School\", order = 1, lot_reach_feet = -2, building_reach_feet = 1 }\n";

        assert!(
            reason(&format!("{site}[places]\n{school}"))
                .starts_with("places.toml:5: a place reaches 0 to 5280")
        );
        assert!(reason(&format!("{site}[places]\n")).contains("the word `other`"));
        assert!(reason("[places]\n").contains("site"));
    }
}
