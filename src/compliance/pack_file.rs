//! Reads a pack's TOML and says all that is wrong with it: file, line, key, and what would be right.

use std::fmt::Write as _;

use sha2::{Digest, Sha256};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::kind::Kind;
use super::kind_file;
use super::pack::{
    AppliesTo, Confidence, Example, Jurisdiction, Legal, Level, Nonconforming, Office, Override, Pack,
    Precedence, Rule, Status, Value,
};
use crate::inspections::Severity;
use crate::knowledge::Document;
use crate::knowledge::reader::{Node, Problems, Reader, word};

impl Pack {
    /// Reads and checks one pack by itself; what it names in other files is checked by [`super::packs::Packs`].
    ///
    /// # Errors
    /// All that is wrong, each with its line.
    pub fn parse(document: &Document) -> Result<Self, Problems> {
        let (file, text) = (document.name.as_str(), document.body.as_str());
        let mut reader = Reader { file, text, problems: Vec::new(), forbidden: |_| None };
        let root = match DeTable::parse(text) {
            Ok(root) => root,
            Err(error) => {
                let what = format!("is not TOML: {}", error.message().trim());
                reader.problem(error.span().unwrap_or(0..0), "file", what);
                return Err(Problems(reader.problems));
            }
        };
        let pack = pack(&mut reader, &Node { table: root.get_ref(), span: 0..0, path: String::new() });
        if reader.problems.is_empty() { Ok(pack) } else { Err(Problems(reader.problems)) }
    }
}

const KEYS: &[&str] = &[
    "id",
    "title",
    "citation",
    "status",
    "confidence",
    "effective_from",
    "effective_to",
    "verified_on",
    "verified_by",
    "precedence",
    "overrides",
    "opt_out",
    "doubts",
    "sources",
    "jurisdiction",
    "applies_to",
    "rules",
];

fn pack(reader: &mut Reader<'_>, root: &Node<'_>) -> Pack {
    reader.only(root, KEYS);
    let jurisdiction = reader.table(root, "jurisdiction");
    let applies_to = reader.table(root, "applies_to");
    let status = word!(reader, root, "status", Legal);
    let confidence = word!(reader, root, "confidence", Confidence);
    required(reader, root, "status", status.is_some());
    required(reader, root, "confidence", confidence.is_some());
    let confidence = confidence.unwrap_or(Confidence::Unverified);
    let (effective_from, effective_to) = term(reader, root, "effective_from", "effective_to");
    let verified_on = reader.day(root, "verified_on");
    required(reader, root, "verified_on", verified_on.is_some());
    let pack = Pack {
        id: reader.word(root, "id"),
        title: reader.word(root, "title"),
        citation: reader.word(root, "citation"),
        jurisdiction: self::jurisdiction(reader, &jurisdiction),
        status: status.unwrap_or(Legal::Proposed),
        effective_from,
        effective_to,
        verified_on: verified_on.unwrap_or_default(),
        verified_by: reader.word(root, "verified_by"),
        precedence: word!(reader, root, "precedence", Precedence).unwrap_or(Precedence::LocalOverState),
        overrides: overrides(reader, root),
        opt_out: reader.flag(root, "opt_out"),
        doubts: words_or_none(reader, root, "doubts"),
        sources: words_or_none(reader, root, "sources"),
        applies_to: self::applies_to(reader, &applies_to),
        rules: reader.tables(root, "rules").iter().map(|it| rule(reader, it, confidence)).collect(),
        hash: Sha256::digest(reader.text).iter().fold(String::new(), |mut hex, byte| {
            let _ = write!(hex, "{byte:02x}");
            hex
        }),
        text: reader.text.to_owned(),
    };
    whole(reader, root, &pack);
    pack
}

/// What can only be said of the pack as a whole.
fn whole(reader: &mut Reader<'_>, root: &Node<'_>, pack: &Pack) {
    let at = |key: &str| root.get(key).map_or(0..0, Spanned::span);
    let stem = reader.file.rsplit('/').next().unwrap_or_default().trim_end_matches(".toml").to_owned();
    if !pack.id.is_empty() && pack.id != stem {
        reader.problem(at("id"), "id", format!("= \"{}\" must be the name of its file, \"{stem}\"", pack.id));
    }
    if pack.rules.is_empty() && !pack.opt_out {
        reader.problem(0..0, "rules", "is missing; write [[rules]] above each rule");
    }
    if pack.jurisdiction.level == Level::State && !pack.overrides.is_empty() {
        reader.problem(
            at("overrides"),
            "overrides",
            "belongs in a local pack: a law of the state takes no local law's place here",
        );
    }
    if pack.opt_out && pack.overrides.is_empty() {
        reader.problem(
            at("opt_out"),
            "opt_out",
            "says that the locality opted out; name in `overrides` what it opted out of",
        );
    }
    for (n, rule) in pack.rules.iter().enumerate() {
        if pack.rules[..n].iter().any(|it| it.id == rule.id) {
            reader.problem(
                at("rules"),
                &format!("rules[{n}].id"),
                format!("= \"{}\" is there twice", rule.id),
            );
        }
    }
}

fn required(reader: &mut Reader<'_>, node: &Node<'_>, key: &str, is_there: bool) {
    if !is_there && node.get(key).is_none() {
        reader.problem(node.span.clone(), &node.name(key), "is missing");
    }
}

/// Two days of which the first does not come after the second.
fn term(
    reader: &mut Reader<'_>,
    node: &Node<'_>,
    from: &str,
    to: &str,
) -> (Option<chrono::NaiveDate>, Option<chrono::NaiveDate>) {
    let (first, last) = (reader.day(node, from), reader.day(node, to));
    if let (Some(first), Some(last)) = (first, last)
        && first > last
    {
        let span = node.get(to).map_or(0..0, Spanned::span);
        reader.problem(span, &node.name(to), format!("= {last} comes before `{from}` = {first}"));
    }
    (first, last)
}

fn words_or_none(reader: &mut Reader<'_>, node: &Node<'_>, key: &str) -> Vec<String> {
    if node.get(key).is_some() { reader.words(node, key) } else { Vec::new() }
}

fn jurisdiction(reader: &mut Reader<'_>, node: &Node<'_>) -> Jurisdiction {
    reader.only(node, &["level", "name"]);
    let level = word!(reader, node, "level", Level);
    required(reader, node, "level", level.is_some());
    Jurisdiction { level: level.unwrap_or(Level::City), name: reader.word(node, "name") }
}

fn applies_to(reader: &mut Reader<'_>, node: &Node<'_>) -> AppliesTo {
    reader.only(node, &["kinds", "established_before", "established_from", "nonconforming"]);
    let (established_from, established_before) = term(reader, node, "established_from", "established_before");
    AppliesTo {
        kinds: words_or_none(reader, node, "kinds"),
        established_before,
        established_from,
        nonconforming: word!(reader, node, "nonconforming", Nonconforming).unwrap_or(Nonconforming::Ask),
    }
}

fn overrides(reader: &mut Reader<'_>, root: &Node<'_>) -> Vec<Override> {
    let Some(value) = root.get("overrides") else { return Vec::new() };
    let DeValue::Array(all) = value.get_ref() else {
        reader.problem(value.span(), "overrides", "must be a list, such as [\"mn-617-242#hours\"]");
        return Vec::new();
    };
    let mut found = Vec::with_capacity(all.len());
    for (n, it) in all.iter().enumerate() {
        let path = format!("overrides[{n}]");
        match it.get_ref() {
            DeValue::String(text) => found.push(override_of(text, None)),
            DeValue::Table(table) => {
                let node = Node { table, span: it.span(), path };
                reader.only(&node, &["rule", "doubt"]);
                let rule = reader.word(&node, "rule");
                found.push(override_of(&rule, reader.text(&node, "doubt")));
            }
            _ => reader.problem(
                it.span(),
                &path,
                "must be a text such as \"mn-617-242#hours\", or { rule, doubt }",
            ),
        }
    }
    found
}

fn override_of(text: &str, doubt: Option<String>) -> Override {
    match text.split_once('#') {
        Some((pack, rule)) => Override { pack: pack.to_owned(), rule: Some(rule.to_owned()), doubt },
        None => Override { pack: text.to_owned(), rule: None, doubt },
    }
}

const RULE_KEYS: &[&str] = &[
    "id",
    "title",
    "words",
    "citation",
    "severity",
    "confidence",
    "doubts",
    "kind",
    "next",
    "by",
    "example",
];

fn rule(reader: &mut Reader<'_>, node: &Node<'_>, confidence: Confidence) -> Rule {
    let kind = kind_file::kind(reader, node);
    let known: Vec<&str> = RULE_KEYS
        .iter()
        .copied()
        .chain(kind_file::keys_of(&reader.text_of(node, "kind")).iter().copied())
        .collect();
    reader.only(node, &known);
    let severity = word!(reader, node, "severity", Severity);
    let by = word!(reader, node, "by", Office);
    required(reader, node, "severity", severity.is_some());
    let before = reader.text.get(..node.span.start).unwrap_or_default();
    Rule {
        id: reader.word(node, "id"),
        title: reader.word(node, "title"),
        words: reader.word(node, "words"),
        citation: reader.text(node, "citation").unwrap_or_default(),
        severity: severity.unwrap_or(Severity::Minor),
        confidence: word!(reader, node, "confidence", Confidence).unwrap_or(confidence),
        doubts: words_or_none(reader, node, "doubts"),
        kind: kind.unwrap_or(Kind::LicenseLapsed),
        next: reader.text(node, "next"),
        by: by.unwrap_or(Office::Attorney),
        example: node.get("example").is_some().then(|| example(reader, node)),
        line: before.matches('\n').count() + 1,
    }
}

fn example(reader: &mut Reader<'_>, node: &Node<'_>) -> Example {
    let it = reader.table(node, "example");
    reader.only(&it, &["text", "value", "finding"]);
    let finding = word!(reader, &it, "finding", Status);
    required(reader, &it, "finding", finding.is_some());
    let value = it.get("value").and_then(|value| match value.get_ref() {
        DeValue::String(word) => Some(Value::Word(word.to_string())),
        DeValue::Integer(_) | DeValue::Float(_) => {
            Some(Value::Number(reader.number(&it, "value", 0.0..=1e9)))
        }
        _ => None,
    });
    Example { text: reader.word(&it, "text"), value, finding: finding.unwrap_or(Status::Unknown) }
}
