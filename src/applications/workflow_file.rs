//! Reads `workflows/license.toml` strictly: states that are not there, that nothing leads to or that nothing leads out of,
//! two steps of one word, days below zero and words in letters that nobody fills in are told with file and line.

use std::collections::BTreeSet;
use std::ops::Range;

use super::letters::{self, Letter};
use super::workflow::{
    Agency, Asks, Clock, ClockRule, Effect, Need, Procedure, ReviewKind, State, Terms, Transition, Workflow,
};
use super::{Holder, Waits};
use crate::db::text_enum;
use crate::knowledge::reader::{Node, Problems, Reader, word};
use crate::knowledge::{Document, Library};
use crate::licenses::Status;

text_enum! {
    /// What a step may say of the clock.
    Turn {
        /// It begins anew.
        Restart = "restart",
        /// It runs once more as long.
        Extend = "extend",
    }
}

text_enum! {
    /// When a step may say that it asks for a reason.
    Reason {
        /// Always.
        Asked = "asked",
        /// When it is late.
        IfLate = "if_late",
    }
}

/// The longest time in days that a file may set.
const MOST_DAYS: i64 = 3_650;

impl Workflow {
    /// The file's name below `data/`.
    pub const FILE: &str = "workflows/license.toml";

    /// Reads `workflows/license.toml`.
    ///
    /// # Errors
    /// All that is wrong in it, with line and what would be right.
    pub fn read(library: &Library) -> anyhow::Result<Self> {
        let document =
            library.get(Self::FILE).ok_or_else(|| anyhow::anyhow!("data/{} is missing", Self::FILE))?;
        Ok(Self::parse(document)?)
    }

    /// Reads a file.
    ///
    /// # Errors
    /// All that is wrong in it, with line and what would be right.
    pub fn parse(document: &Document) -> Result<Self, Problems> {
        let mut reader =
            Reader { file: &document.name, text: &document.body, problems: Vec::new(), forbidden: |_| None };
        let table = match toml::de::DeTable::parse(&document.body) {
            Ok(table) => table,
            Err(error) => {
                let span = error.span().unwrap_or(0..0);
                reader.problem(span, "file", format!("cannot be read: {}", error.message()));
                return Err(Problems(reader.problems));
            }
        };
        let root = Node { table: table.get_ref(), span: 0..0, path: String::new() };
        let mut workflow = whole(&mut reader, &root);
        workflow.hash.clone_from(&document.hash);
        if reader.problems.is_empty() {
            return Ok(workflow);
        }
        reader.problems.sort_by_key(|it| it.line);
        Err(Problems(reader.problems))
    }
}

fn whole(reader: &mut Reader<'_>, root: &Node<'_>) -> Workflow {
    reader.only(root, &["agency", "clock", "license", "reviews", "states", "procedures", "letters"]);
    let agency = reader.table(root, "agency");
    reader.only(&agency, &["name", "lines", "signed"]);
    let mut workflow = Workflow {
        agency: Agency {
            name: reader.word(&agency, "name"),
            lines: reader.words(&agency, "lines"),
            signed: reader.word(&agency, "signed"),
        },
        clock: clock(reader, root),
        terms: terms(reader, root),
        ..Workflow::default()
    };
    for (word, node) in named(reader, root, "reviews") {
        reader.only(&node, &["label", "owner", "days"]);
        let kind = ReviewKind {
            label: reader.word(&node, "label"),
            owner: reader.word(&node, "owner"),
            days: reader.whole(&node, "days", 0..=MOST_DAYS),
        };
        workflow.reviews.insert(word, kind);
    }
    for (word, node) in named(reader, root, "states") {
        reader.only(&node, &["label", "waits", "clock"]);
        let label = reader.word(&node, "label");
        let waits = word!(reader, &node, "waits", Waits);
        reader.value(&node, "waits");
        let clock = reader.flag(&node, "clock");
        workflow.states.insert(word, State { label, waits: waits.unwrap_or(Waits::Agency), clock });
    }
    for (word, node) in named(reader, root, "letters") {
        reader.only(&node, &["title", "paragraphs"]);
        let letter =
            Letter { title: reader.word(&node, "title"), paragraphs: reader.words(&node, "paragraphs") };
        for what in letters::flaws(&letter) {
            reader.problem(node.span.clone(), &node.path, what);
        }
        workflow.letters.insert(word, letter);
    }
    let reminder = root.get("letters").map_or(0..0, toml::Spanned::span);
    if !workflow.letters.contains_key(letters::REMINDER) {
        reader.problem(reminder, "letters.reminder", "is missing: it goes out before a license ends");
    }
    for (word, node) in named(reader, root, "procedures") {
        let procedure = procedure(reader, &node, &workflow);
        workflow.procedures.insert(word, procedure);
    }
    workflow
}

fn clock(reader: &mut Reader<'_>, root: &Node<'_>) -> ClockRule {
    let node = reader.table(root, "clock");
    reader.only(&node, &["days", "warnings", "rule"]);
    let days = reader.whole(&node, "days", 1..=MOST_DAYS);
    let mut warnings = numbers(reader, &node, "warnings", days);
    warnings.sort_by(|a, b| b.cmp(a));
    let written = reader.word(&node, "rule");
    let rule = match written.split_once('/') {
        Some((pack, rule)) => (pack.to_owned(), rule.to_owned()),
        None => {
            let span = node.get("rule").map_or(node.span.clone(), toml::Spanned::span);
            reader.problem(
                span,
                &node.name("rule"),
                "must name a pack and its rule, as \"mn-15-99/decision\"",
            );
            (String::new(), String::new())
        }
    };
    ClockRule { days, warnings, rule }
}

fn terms(reader: &mut Reader<'_>, root: &Node<'_>) -> Terms {
    let node = reader.table(root, "license");
    let keys = [
        "business_type",
        "practitioner_type",
        "business_months",
        "practitioner_months",
        "reminders",
        "appeal_days",
    ];
    reader.only(&node, &keys);
    let mut reminders = numbers(reader, &node, "reminders", MOST_DAYS);
    reminders.sort_unstable();
    Terms {
        business_type: reader.word(&node, "business_type"),
        practitioner_type: reader.word(&node, "practitioner_type"),
        business_months: months(reader, &node, "business_months"),
        practitioner_months: months(reader, &node, "practitioner_months"),
        reminders,
        appeal_days: reader.whole(&node, "appeal_days", 1..=MOST_DAYS),
    }
}

fn months(reader: &mut Reader<'_>, node: &Node<'_>, key: &str) -> u32 {
    u32::try_from(reader.whole(node, key, 1..=120)).unwrap_or(12)
}

/// A list of whole numbers of 0 to `most`, at least one.
fn numbers(reader: &mut Reader<'_>, node: &Node<'_>, key: &str, most: i64) -> Vec<i64> {
    let Some(value) = reader.value(node, key) else { return Vec::new() };
    let read = value.get_ref().as_array().map(|all| {
        let number = |it: &toml::Spanned<toml::de::DeValue<'_>>| match it.get_ref() {
            toml::de::DeValue::Integer(it) => i64::from_str_radix(it.as_str(), it.radix()).ok(),
            _ => None,
        };
        all.iter().map(number).collect::<Option<Vec<i64>>>()
    });
    match read.flatten() {
        Some(all) if !all.is_empty() && all.iter().all(|it| (0..=most).contains(it)) => all,
        _ => {
            let what = format!("must be a list of whole numbers of days from 0 to {most}");
            reader.problem(value.span(), &node.name(key), what);
            Vec::new()
        }
    }
}

/// The tables below a table, by name.
fn named<'n>(reader: &mut Reader<'_>, root: &Node<'n>, key: &str) -> Vec<(String, Node<'n>)> {
    let node = reader.table(root, key);
    let words: Vec<&str> = node.keys().map(|it| it.0).collect();
    words.into_iter().map(|word| (word.to_owned(), reader.table(&node, word))).collect()
}

fn procedure(reader: &mut Reader<'_>, node: &Node<'_>, workflow: &Workflow) -> Procedure {
    reader.only(
        node,
        &["label", "order", "holders", "of", "begin", "reviews", "practitioner_reviews", "steps"],
    );
    let reviews = known_words(reader, node, "reviews", |it| workflow.reviews.contains_key(it));
    let for_practitioners = match node.get("practitioner_reviews") {
        Some(_) => known_words(reader, node, "practitioner_reviews", |it| workflow.reviews.contains_key(it)),
        None => reviews.clone(),
    };
    let mut procedure = Procedure {
        label: reader.word(node, "label"),
        order: reader.whole(node, "order", 0..=1_000),
        holders: enums(reader, node, "holders", Holder::ALL),
        of: if node.get("of").is_some() { enums(reader, node, "of", Status::ALL) } else { Vec::new() },
        begin: reader.word(node, "begin"),
        reviews,
        practitioner_reviews: for_practitioners,
        steps: Vec::new(),
    };
    let mut spans = Vec::new();
    for it in reader.tables(node, "steps") {
        let step = transition(reader, &it, workflow, procedure.is_new());
        if procedure.steps.iter().any(|other| other.word == step.word) {
            reader.problem(it.span.clone(), &it.name("word"), format!("= \"{}\" stands twice", step.word));
        }
        procedure.steps.push(step);
        spans.push(it.span);
    }
    let begin = node.get("begin").map_or(node.span.clone(), toml::Spanned::span);
    state(reader, workflow, &procedure.begin, (begin, &node.name("begin")));
    ways(reader, node, &procedure, workflow, &spans);
    procedure
}

fn transition(reader: &mut Reader<'_>, node: &Node<'_>, workflow: &Workflow, is_new: bool) -> Transition {
    let keys = [
        "word", "from", "to", "label", "reason", "roles", "effect", "hold", "needs", "appeal", "ends",
        "clock", "letter",
    ];
    reader.only(node, &keys);
    let from = reader.words(node, "from");
    let to = reader.word(node, "to");
    for (key, word) in from.iter().map(|it| ("from", it)).chain([("to", &to)]) {
        let span = node.get(key).map_or(node.span.clone(), toml::Spanned::span);
        state(reader, workflow, word, (span, &node.name(key)));
    }
    let effect = word!(reader, node, "effect", Effect).unwrap_or(Effect::None);
    if effect != Effect::None && effect.is_of_new() != is_new {
        let span = node.get("effect").map_or(node.span.clone(), toml::Spanned::span);
        let what = if is_new {
            "needs a license that exists: give the procedure `of`, or use issue, deny or cancel"
        } else {
            "is for a license that does not exist yet: take out `of`, or use another effect"
        };
        reader.problem(span, &node.name("effect"), what);
    }
    let letter = reader.text(node, "letter");
    if let Some(word) = letter.as_ref().filter(|it| !workflow.letters.contains_key(*it)) {
        let known: Vec<&str> = workflow.letters.keys().map(String::as_str).collect();
        let span = node.get("letter").map_or(node.span.clone(), toml::Spanned::span);
        reader.problem(span, &node.name("letter"), format!("= \"{word}\" is none of: {}", known.join(", ")));
    }
    Transition {
        word: reader.word(node, "word"),
        from,
        to,
        label: reader.word(node, "label"),
        reason: match word!(reader, node, "reason", Reason) {
            None => Asks::Never,
            Some(Reason::Asked) => Asks::Always,
            Some(Reason::IfLate) => Asks::IfLate,
        },
        roles: if node.get("roles").is_some() { reader.words(node, "roles") } else { Vec::new() },
        effect,
        hold: reader.flag(node, "hold"),
        needs: if node.get("needs").is_some() { enums(reader, node, "needs", Need::ALL) } else { Vec::new() },
        appeal: reader.flag(node, "appeal"),
        ends: reader.flag(node, "ends"),
        clock: match word!(reader, node, "clock", Turn) {
            None => Clock::Goes,
            Some(Turn::Restart) => Clock::Restart,
            Some(Turn::Extend) => Clock::Extend,
        },
        letter,
    }
}

/// Notes a state that is none.
fn state(reader: &mut Reader<'_>, workflow: &Workflow, word: &str, (span, key): (Range<usize>, &str)) {
    if !word.is_empty() && !workflow.states.contains_key(word) {
        let known: Vec<&str> = workflow.states.keys().map(String::as_str).collect();
        reader.problem(span, key, format!("= \"{word}\" is no state; states: {}", known.join(", ")));
    }
}

/// Notes steps from states that nothing leads to, and states in which something waits and nothing leads out.
fn ways(
    reader: &mut Reader<'_>,
    node: &Node<'_>,
    procedure: &Procedure,
    workflow: &Workflow,
    spans: &[Range<usize>],
) {
    let mut reached: BTreeSet<&str> = [procedure.begin.as_str()].into();
    loop {
        let before = reached.len();
        for step in &procedure.steps {
            if step.from.iter().any(|it| reached.contains(it.as_str())) {
                reached.insert(&step.to);
            }
        }
        if reached.len() == before {
            break;
        }
    }
    for (step, span) in procedure.steps.iter().zip(spans) {
        for from in step.from.iter().filter(|it| !reached.contains(it.as_str())) {
            let what = format!("leads on from \"{from}\", and no step leads there");
            reader.problem(span.clone(), &format!("{}.steps.{}", node.path, step.word), what);
        }
    }
    // From where a state in which nobody waits can be reached.
    let ends = |word: &str| workflow.states.get(word).is_some_and(|it| it.waits == Waits::Nobody);
    let mut out: BTreeSet<&str> = reached.iter().copied().filter(|it| ends(it)).collect();
    loop {
        let before = out.len();
        for step in procedure.steps.iter().filter(|it| out.contains(it.to.as_str())).collect::<Vec<_>>() {
            out.extend(step.from.iter().map(String::as_str));
        }
        if out.len() == before {
            break;
        }
    }
    let stuck = reached.iter().filter(|it| workflow.states.contains_key(**it) && !out.contains(**it));
    for word in stuck.copied().collect::<Vec<_>>() {
        let what = format!("has no way out of \"{word}\" to a state in which nobody waits");
        reader.problem(node.span.clone(), &node.path, what);
    }
}

fn known_words(
    reader: &mut Reader<'_>,
    node: &Node<'_>,
    key: &str,
    is_known: impl Fn(&str) -> bool,
) -> Vec<String> {
    let words = reader.words(node, key);
    for word in words.iter().filter(|it| !is_known(it)) {
        let span = node.get(key).map_or(node.span.clone(), toml::Spanned::span);
        reader.problem(span, &node.name(key), format!("names \"{word}\", which [reviews] does not have"));
    }
    words
}

/// A list of words of an enum.
fn enums<T: Copy + std::fmt::Display>(
    reader: &mut Reader<'_>,
    node: &Node<'_>,
    key: &str,
    all: &[T],
) -> Vec<T> {
    let mut found = Vec::new();
    for word in reader.words(node, key) {
        match all.iter().find(|it| it.to_string() == word) {
            Some(it) => found.push(*it),
            None => {
                let known: Vec<String> = all.iter().map(T::to_string).collect();
                let span = node.get(key).map_or(node.span.clone(), toml::Spanned::span);
                let what = format!("names \"{word}\", which is none of: {}", known.join(", "));
                reader.problem(span, &node.name(key), what);
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shipped() -> String {
        Library::open(None).unwrap().get(Workflow::FILE).unwrap().body.clone()
    }

    /// What is said of the shipped file with some of its text changed.
    fn said(from: &str, to: &str) -> String {
        let body = shipped();
        assert!(body.contains(from), "{from}");
        let document = Document::new(Workflow::FILE, body.replacen(from, to, 1));
        Workflow::parse(&document).map_or_else(|it| it.to_string(), |_| String::new())
    }

    #[test]
    fn the_shipped_file_is_right() {
        assert_eq!(said("days = 60", "days = 60"), "");
    }

    #[test]
    fn each_mistake_is_told_with_its_line_and_what_would_be_right() {
        let cases = [
            (
                "begin = \"received\"",
                "begin = \"recieved\"",
                "`procedures.application.begin` = \"recieved\" is no state",
            ),
            (
                "to = \"in_review\", label = \"Begin the review\"",
                "to = \"review\", label = \"Begin\"",
                "= \"review\" is no state",
            ),
            ("{ word = \"ask\", from", "{ word = \"review\", from", "= \"review\" stands twice"),
            (
                "from = [\"incomplete\"]",
                "from = [\"lifted\"]",
                "leads on from \"lifted\", and no step leads there",
            ),
            ("from = [\"received\", \"in_review\", \"incomplete\"]", "from = [\"received\"]", ""),
            ("days = 21 }", "days = -1 }", "`reviews.zoning.days` = -1 must be a number from 0"),
            ("days = 60", "days = 0", "`clock.days` = 0 must be a number from 1"),
            ("warnings = [20, 10, 3]", "warnings = [90]", "from 0 to 60"),
            ("rule = \"mn-15-99/decision\"", "rule = \"mn-15-99\"", "must name a pack and its rule"),
            ("effect = \"issue\"", "effect = \"revoke\"", "needs a license that exists"),
            ("effect = \"renew\"", "effect = \"issue\"", "is for a license that does not exist yet"),
            ("letter = \"missing\"", "letter = \"mising\"", "= \"mising\" is none of:"),
            (
                "reviews = [\"zoning\"",
                "reviews = [\"zoneing\"",
                "names \"zoneing\", which [reviews] does not have",
            ),
            ("waits = \"agency\"", "waits = \"us\"", "= \"us\" is none of: agency, applicant, nobody"),
            ("What is missing: {reason}", "What is missing: {reasons}", "{reasons}"),
            ("[agency]\n", "[agency]\nfax = 1\n", "`agency.fax` is not known"),
        ];
        for (from, to, words) in cases {
            let said = said(from, to);
            assert!(said.contains(words), "{to}: {said}");
            assert!(said.is_empty() || said.contains("license.toml, line "), "{said}");
        }
    }

    #[test]
    fn a_state_without_a_way_out_is_told() {
        let body = shipped().replace("from = [\"appealed\"]", "from = [\"denied\"]");
        let document = Document::new(Workflow::FILE, body);

        let said = Workflow::parse(&document).unwrap_err().to_string();

        assert!(said.contains("has no way out of \"appealed\""), "{said}");
    }

    #[test]
    fn what_is_no_toml_is_told_with_its_line() {
        let document = Document::new(Workflow::FILE, "[agency]\nname = ".to_owned());

        assert!(Workflow::parse(&document).unwrap_err().to_string().contains("line 2"));
    }
}
