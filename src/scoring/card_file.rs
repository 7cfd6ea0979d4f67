//! Reads a card's TOML and says all that is wrong with it: file, line, key, and what would be right.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use sha2::{Digest, Sha256};
use toml::Spanned;
use toml::de::DeTable;

use super::card::{Capacity, Card, DefaultGrades, FamilyCard, Unknown};
use super::input::{Grade, Origin};
use super::{Centipoints, Family, Feature};
use crate::knowledge::reader::{Node, Problems, Reader};

/// Words of which no feature may be made: the score's input is closed to them.
const FORBIDDEN: &[&str] = &[
    "name",
    "names",
    "owner",
    "owners",
    "nationality",
    "language",
    "languages",
    "ethnicity",
    "ethnic",
    "race",
    "birthplace",
    "religion",
    "gender",
    "immigrant",
    "immigration",
    "citizenship",
    "neighborhood",
    "tract",
    "census",
    "income",
    "poverty",
    "demographics",
    "review",
    "reviews",
    "rating",
    "ratings",
    "inspector",
    "team",
    "badge",
    "sex",
];

impl Card {
    /// Reads and checks a card; `file` is what errors call it.
    ///
    /// # Errors
    /// The card has flaws; all of them are named.
    pub fn parse(file: &str, text: &str) -> Result<Self, Problems> {
        read(file, text)
    }
}

fn read(file: &str, text: &str) -> Result<Card, Problems> {
    let mut reader = Reader { file, text, problems: Vec::new(), forbidden };
    let document = match DeTable::parse(text) {
        Ok(document) => document,
        Err(error) => {
            reader.problem(
                error.span().unwrap_or(0..0),
                "file",
                format!("is not TOML: {}", error.message().trim()),
            );
            return Err(Problems(reader.problems));
        }
    };
    let card = reader.card(&Node { table: document.get_ref(), span: 0..0, path: String::new() });
    if reader.problems.is_empty() { Ok(card) } else { Err(Problems(reader.problems)) }
}

fn points(reader: &mut Reader<'_>, node: &Node<'_>, key: &str) -> Centipoints {
    Centipoints(libm::round(reader.number(node, key, 0.0..=100.0) * 100.0) as i64)
}

/// A score may not see who people are.
fn forbidden(key: &str) -> Option<&'static str> {
    let told = key.to_lowercase().split(['_', '-', ' ']).any(|it| FORBIDDEN.contains(&it));
    told.then_some(
        "a score may not see who people are, what is written about them, who they live among, or who inspected",
    )
}

impl Reader<'_> {
    fn card(&mut self, root: &Node<'_>) -> Card {
        let tables = ["capacity", "unknown", "family", "reliability", "credibility", "grade", "origin"];
        let known: Vec<&str> = ["id", "title", "kinds"].into_iter().chain(tables).collect();
        self.only(root, &known);
        let [capacity, unknown, family, reliability, credibility, grade, origin] =
            tables.map(|it| self.table(root, it));
        let (families, points) = self.families(&family);
        Card {
            id: self.word(root, "id"),
            title: self.word(root, "title"),
            text: self.text.to_owned(),
            hash: Sha256::digest(self.text).iter().fold(String::new(), |mut hex, byte| {
                let _ = write!(hex, "{byte:02x}");
                hex
            }),
            kinds: self.words(root, "kinds"),
            capacity: self.capacity(&capacity),
            unknown: self.unknown(&unknown),
            families,
            points,
            reliability: self.weights(&reliability, ["A", "B", "C", "D", "E", "F"]),
            credibility: self.weights(&credibility, ["1", "2", "3", "4", "5", "6"]),
            grade: self.grades(&grade),
            origin: self.origins(&origin),
        }
    }

    fn capacity(&mut self, node: &Node<'_>) -> Capacity {
        self.only(node, &["share", "at_least"]);
        Capacity {
            share: self.number(node, "share", 0.0..=1.0),
            at_least: self.whole(node, "at_least", 1..=100_000) as usize,
        }
    }

    fn unknown(&mut self, node: &Node<'_>) -> Unknown {
        self.only(node, &["visit_days", "coverage", "at_least_sites", "typical", "high"]);
        let unknown = Unknown {
            visit_days: self.whole(node, "visit_days", 1..=36_500),
            coverage: libm::round(self.number(node, "coverage", 0.0..=1.0) * 1000.0) as i64,
            at_least_sites: self.whole(node, "at_least_sites", 1..=100_000) as usize,
            typical: points(self, node, "typical"),
            high: points(self, node, "high"),
        };
        if unknown.high < unknown.typical {
            let span = node.get("high").map_or(node.span.clone(), Spanned::span);
            self.problem(
                span,
                &node.name("high"),
                "is below `typical`; a high score is at least a typical one",
            );
        }
        unknown
    }

    fn families(
        &mut self,
        node: &Node<'_>,
    ) -> (BTreeMap<Family, FamilyCard>, BTreeMap<Feature, Centipoints>) {
        let words: Vec<&str> = Family::ALL.iter().map(|it| it.as_str()).collect();
        self.only(node, &words);
        let (mut families, mut points) = (BTreeMap::new(), BTreeMap::new());
        for family in Family::ALL {
            let own = self.table(node, family.as_str());
            families.insert(*family, self.family(&own));
            let of = self.table(&own, "points");
            points.extend(self.features(&of, *family));
        }
        let sum: i64 = families.values().map(|it| it.cap.0).sum();
        if sum != Centipoints::FULL.0 && self.problems.is_empty() {
            let what = format!("caps add to {}; make them add to 100, the full score", Centipoints(sum));
            self.problem(node.span.clone(), "family.*.cap", what);
        }
        (families, points)
    }

    fn family(&mut self, node: &Node<'_>) -> FamilyCard {
        self.only(node, &["cap", "half_life_days", "stop_days", "anonymous_cap", "points"]);
        let has = |key| node.get(key).is_some();
        FamilyCard {
            cap: points(self, node, "cap"),
            half_life_days: self.number(node, "half_life_days", 1.0..=36_500.0),
            stop_days: has("stop_days").then(|| self.whole(node, "stop_days", 1..=36_500)),
            anonymous_cap: has("anonymous_cap").then(|| points(self, node, "anonymous_cap")),
        }
    }

    fn features(&mut self, node: &Node<'_>, family: Family) -> BTreeMap<Feature, Centipoints> {
        let own: Vec<Feature> = Feature::ALL.iter().copied().filter(|it| it.family() == family).collect();
        let words: Vec<&str> = own.iter().map(|it| it.as_str()).collect();
        self.only(node, &words);
        own.iter().map(|it| (*it, points(self, node, it.as_str()))).collect()
    }

    fn weights<const N: usize>(&mut self, node: &Node<'_>, keys: [&str; N]) -> [f64; N] {
        self.only(node, &keys);
        keys.map(|it| self.number(node, it, 0.0..=1.0))
    }

    fn origins(&mut self, node: &Node<'_>) -> BTreeMap<Origin, f64> {
        let words: Vec<&str> = Origin::ALL.iter().map(|it| it.as_str()).collect();
        self.only(node, &words);
        Origin::ALL.iter().map(|it| (*it, self.number(node, it.as_str(), 0.0..=1.0))).collect()
    }

    fn grades(&mut self, node: &Node<'_>) -> DefaultGrades {
        let keys = ["agency", "complainant", "anonymous", "confirmed"];
        self.only(node, &keys);
        let [agency, complainant, anonymous, confirmed] = keys.map(|key| {
            let word = self.word(node, key);
            let grade = word.split_at_checked(1).and_then(|(letter, digit)| Grade::parse(letter, digit));
            if grade.is_none() && !word.is_empty() {
                let span = node.get(key).map_or(node.span.clone(), Spanned::span);
                self.problem(
                    span,
                    &node.name(key),
                    format!(
                        "= \"{word}\" is no grade; write a letter A to F and a digit 1 to 6, such as \"B2\""
                    ),
                );
            }
            grade.or_else(|| Grade::parse("F", "6")).expect("F6 is a grade")
        });
        DefaultGrades { agency, complainant, anonymous, confirmed }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::knowledge::reader::Problem;

    const EXPERT: &str = include_str!("../../data/models/expert.toml");

    fn problems(text: &str) -> Vec<String> {
        read("my.toml", text).unwrap_err().0.iter().map(Problem::to_string).collect()
    }

    /// The shipped card with one line's text replaced.
    fn with(from: &str, to: &str) -> String {
        assert!(EXPERT.contains(from), "{from} is not in the card");
        EXPERT.replacen(from, to, 1)
    }

    #[test]
    fn the_shipped_card_is_valid() {
        let card = read("expert.toml", EXPERT).unwrap();

        assert_eq!(card.id, "expert");
        assert_eq!(card.base(Feature::ViolationCritical), Centipoints(1200));
        assert_eq!(card.family(Family::History).cap, Centipoints(1500));
        assert_eq!(card.hash.len(), 64);
    }

    #[test]
    fn each_mistake_is_named_with_its_line_and_what_would_be_right() {
        let table = [
            ("cap = 35", "cap = -35", "`family.compliance.cap` = -35 must be a number from 0 to 100"),
            ("cap = 35", "cap = 30", "`family.*.cap` caps add to 95.0; make them add to 100, the full score"),
            ("cap = 35", "cap = \"35\"", "`family.compliance.cap` = \"35\" must be a number from 0 to 100"),
            (
                "[family.incidents]",
                "[family.rumors]",
                "`family.rumors` is not known; known here: compliance, complaints, incidents, history, continuity",
            ),
            (
                "visit_refused = 6",
                "visit_late = 6",
                "`family.history.points.visit_late` is not known; known here: visit_not_passed, visit_refused, reinspection_overdue",
            ),
            ("visit_refused = 6", "", "`family.history.points.visit_refused` is missing"),
            (
                "license_none = 10",
                "license_none = 10\nowner_nationality = 3",
                "`family.compliance.points.owner_nationality` is forbidden: a score may not see who people are",
            ),
            (
                "complaint_other = 4",
                "complaint_other = 4\nreview_stars = 3",
                "`family.complaints.points.review_stars` is forbidden",
            ),
            (
                "half_life_days = 730",
                "half_life_days = 0",
                "`family.compliance.half_life_days` = 0 must be a number from 1 to 36500",
            ),
            ("at_least = 10", "at_least = 2.5", "`capacity.at_least` = 2.5 must be a whole number"),
            (
                "agency = \"A1\"",
                "agency = \"A7\"",
                "`grade.agency` = \"A7\" is no grade; write a letter A to F and a digit 1 to 6",
            ),
            ("share = 0.05", "share = nan", "`capacity.share` = nan must be a number from 0 to 1"),
            ("kinds = []", "kinds = \"spa\"", "`kinds` must be a list of words"),
            ("id = \"expert\"", "id = 7", "`id` must be a text in quotes"),
            ("[origin]", "[origins]", "`origin` is missing; write [origin]"),
            ("high = 35", "high = 5", "`unknown.high` is below `typical`"),
            ("title = ", "title ", "`file` is not TOML"),
        ];
        for (from, to, expected) in table {
            let text = with(from, to);
            let line = text.lines().position(|it| !EXPERT.contains(it)).map_or(0, |it| it + 1);

            let found = problems(&text);

            let one = found
                .iter()
                .find(|it| it.contains(expected))
                .unwrap_or_else(|| panic!("{expected}: {found:#?}"));
            assert!(one.starts_with("my.toml, line "), "{one}");
            assert!(
                expected.contains("missing")
                    || expected.contains("add to")
                    || one.contains(&format!("line {line}:")),
                "line {line}: {one}"
            );
        }
    }

    #[test]
    fn an_empty_file_says_all_that_is_missing() {
        assert!(problems("").len() >= 7);
    }

    #[test]
    fn all_problems_are_told_at_once() {
        let text = with("cap = 35", "cap = -35").replacen("A = 1.0", "A = 7", 1);

        assert_eq!(problems(&text).len(), 2);
    }
}
