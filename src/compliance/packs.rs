//! All packs together: what they name in other files is there, what takes whose place runs in no circle, and each
//! worked example comes out.

use std::collections::BTreeMap;
use std::sync::Arc;

use sha2::{Digest, Sha256};

use super::facts::FactKinds;
use super::kind::Kind;
use super::pack::{Override, Pack, Rule};
use crate::geo::distance::Feet;
use crate::incidents::offenses::Offenses;
use crate::knowledge::reader::{Problem, Problems};
use crate::knowledge::{Document, Library};
use crate::places::classes::Classes;
use crate::sites::Kinds;

/// The packs in use, with the vocabularies that they are written in.
#[derive(Clone, Debug)]
pub struct Packs {
    packs: Vec<Pack>,
    /// What can be noted of a site.
    pub facts: FactKinds,
    /// The classes of sensitive places.
    pub classes: Arc<Classes>,
    /// The version of them all: a hash of every file that decides a finding.
    pub hash: String,
}

/// The words that packs may use.
#[derive(Clone, Copy, Debug)]
pub struct Words<'a> {
    /// Of `data/kinds.toml`.
    pub kinds: &'a Kinds,
    /// Of `data/offenses.toml`.
    pub offenses: &'a Offenses,
    /// Of `data/facts.toml`.
    pub facts: &'a FactKinds,
    /// Of `data/places.toml`.
    pub classes: &'a Classes,
}

impl Packs {
    /// The packs of `data/rules/`.
    ///
    /// # Errors
    /// All that is wrong in any of them, with file, line, and what would be right.
    pub fn read(library: &Library, kinds: &Kinds, offenses: &Offenses) -> anyhow::Result<Self> {
        let facts = FactKinds::read(library)?;
        let classes = Arc::new(Classes::read(library)?);
        let words = Words { kinds, offenses, facts: &facts, classes: &classes };
        let packs = parse_all(library.below("rules"), &words)?;
        let mut digest = Sha256::new();
        packs.iter().for_each(|it| digest.update(&it.hash));
        for file in ["facts.toml", "places.toml"] {
            digest.update(library.get(file).map_or("", |it| it.hash.as_str()));
        }
        let hash = digest.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
        Ok(Self { packs, facts, classes, hash })
    }

    /// All of them, the state's first, then by name.
    pub fn iter(&self) -> impl Iterator<Item = &Pack> {
        self.packs.iter()
    }

    /// One pack.
    pub fn get(&self, id: &str) -> Option<&Pack> {
        self.packs.iter().find(|it| it.id == id)
    }

    /// One rule of a pack.
    pub fn rule(&self, pack: &str, rule: &str) -> Option<(&Pack, &Rule)> {
        let pack = self.get(pack)?;
        Some((pack, pack.rule(rule)?))
    }

    /// Every rule with its pack.
    pub fn rules(&self) -> impl Iterator<Item = (&Pack, &Rule)> {
        self.packs.iter().flat_map(|pack| pack.rules.iter().map(move |rule| (pack, rule)))
    }

    /// The longest distance of a setback.
    pub fn longest_setback(&self) -> Feet {
        let feet = self.rules().filter_map(|(_, rule)| match &rule.kind {
            Kind::Setback { feet, .. } => Some(feet.0),
            _ => None,
        });
        Feet(feet.fold(0.0, f64::max))
    }

    /// The longest window of incidents, in days.
    pub fn longest_window(&self) -> i64 {
        let days = self.rules().filter_map(|(_, rule)| match &rule.kind {
            Kind::Incidents { window_days, .. } => Some(*window_days),
            _ => None,
        });
        days.max().unwrap_or(0)
    }
}

/// Reads and checks packs against each other.
///
/// # Errors
/// All that is wrong, with file, line, and what would be right.
pub fn parse_all<'a>(
    documents: impl Iterator<Item = &'a Document>,
    words: &Words<'_>,
) -> Result<Vec<Pack>, Problems> {
    let (mut packs, mut problems) = (Vec::new(), Vec::new());
    for document in documents {
        match Pack::parse(document) {
            Ok(pack) => {
                problems.extend(words_of(&pack, document, words));
                packs.push(pack);
            }
            Err(Problems(found)) => problems.extend(found),
        }
    }
    packs.sort_by(|a, b| (a.jurisdiction.level, &a.id).cmp(&(b.jurisdiction.level, &b.id)));
    problems.extend(overrides(&packs));
    if problems.is_empty() { Ok(packs) } else { Err(Problems(problems)) }
}

fn problem(pack: &Pack, line: usize, key: &str, what: String) -> Problem {
    Problem { file: format!("rules/{}.toml", pack.id), line, key: key.to_owned(), what }
}

/// Words of other vocabularies, and examples.
fn words_of(pack: &Pack, document: &Document, words: &Words<'_>) -> Vec<Problem> {
    let mut found = Vec::new();
    let mut missing = |line: usize, key: &str, word: &str, of: &str| {
        let what = format!("names \"{word}\", which is not in data/{of}.toml");
        found.push(Problem { file: document.name.clone(), line, key: key.to_owned(), what });
    };
    for kind in pack.applies_to.kinds.iter().filter(|it| !words.kinds.has(it)) {
        missing(line_of(pack, "kinds"), "applies_to.kinds", kind, "kinds");
    }
    for rule in &pack.rules {
        let no_fact = |word: &String| words.facts.get(word).is_none();
        match &rule.kind {
            Kind::Setback { to, .. } => {
                to.iter()
                    .filter(|it| !words.classes.has(it))
                    .for_each(|it| missing(rule.line, "to", it, "places"));
            }
            Kind::Separation { from_kinds, .. } => {
                let unknown = from_kinds.iter().filter(|it| !words.kinds.has(it));
                unknown.for_each(|it| missing(rule.line, "from_kinds", it, "kinds"));
            }
            Kind::Checklist { item } | Kind::Posting { item } if no_fact(item) => {
                missing(rule.line, "item", item, "facts");
            }
            Kind::Measure { fact, .. } if no_fact(fact) => missing(rule.line, "fact", fact, "facts"),
            Kind::Incidents { classes, .. } => {
                let unknown = classes.iter().flat_map(|it| &it.offenses).filter(|it| !words.offenses.has(it));
                unknown.for_each(|it| missing(rule.line, "classes.offenses", it, "offenses"));
            }
            _ => {}
        }
    }
    found.extend(pack.rules.iter().filter_map(|rule| example(pack, rule, &document.name)));
    found
}

/// A worked example that does not come out.
fn example(pack: &Pack, rule: &Rule, file: &str) -> Option<Problem> {
    let example = rule.example.as_ref()?;
    let found = super::threshold::example(pack, rule, example.value.as_ref());
    let what = match found {
        Some(found) if found == example.finding => return None,
        Some(found) => format!(
            "says \"{}\", but by the rule, its standing and its confidence it is \"{found}\"",
            example.finding
        ),
        None => "has no `value` that this kind of rule can be asked with".to_owned(),
    };
    Some(Problem { file: file.to_owned(), line: rule.line, key: format!("{}.example", rule.id), what })
}

fn line_of(pack: &Pack, key: &str) -> usize {
    let sets =
        |line: &str| line.trim_start().strip_prefix(key).is_some_and(|it| it.trim_start().starts_with('='));
    pack.text.lines().position(sets).map_or(1, |n| n + 1)
}

/// Packs that are there twice, overrides of what is not there, and circles.
fn overrides(packs: &[Pack]) -> Vec<Problem> {
    let mut found = Vec::new();
    let by_id: BTreeMap<&str, &Pack> = packs.iter().map(|it| (it.id.as_str(), it)).collect();
    for (n, pack) in packs.iter().enumerate() {
        let line = line_of(pack, "overrides");
        if packs[..n].iter().any(|it| it.id == pack.id) {
            found.push(problem(pack, 1, "id", format!("= \"{}\" is the id of two packs", pack.id)));
        }
        for it in &pack.overrides {
            if let Some(what) = unknown_override(&by_id, it) {
                found.push(problem(pack, line, "overrides", what));
            }
        }
        if let Some(circle) = circle(&by_id, pack) {
            let what = format!("run in a circle: {}; take one of them out", circle.join(" over "));
            found.push(problem(pack, line, "overrides", what));
        }
    }
    found
}

fn unknown_override(packs: &BTreeMap<&str, &Pack>, it: &Override) -> Option<String> {
    let Some(pack) = packs.get(it.pack.as_str()) else {
        return Some(format!("names the pack \"{}\", which is not there", it.pack));
    };
    if let Some(rule) = &it.rule
        && pack.rule(rule).is_none()
    {
        return Some(format!("names \"{}#{rule}\", but that pack has no such rule", it.pack));
    }
    let stands = pack.precedence == super::pack::Precedence::StateOverLocal;
    stands.then(|| format!("names \"{}\", which goes before local law", it.pack))
}

/// The packs over which a pack stands that stands over itself.
fn circle<'a>(packs: &BTreeMap<&str, &'a Pack>, from: &'a Pack) -> Option<Vec<&'a str>> {
    let mut open = vec![vec![from]];
    while let Some(path) = open.pop() {
        let last = path.last()?;
        for over in &last.overrides {
            let Some(next) = packs.get(over.pack.as_str()) else { continue };
            if next.id == from.id {
                return Some(path.iter().map(|it| it.id.as_str()).chain([from.id.as_str()]).collect());
            }
            if !path.iter().any(|it| it.id == next.id) {
                open.push(path.iter().copied().chain([*next]).collect());
            }
        }
    }
    None
}
