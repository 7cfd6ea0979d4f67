//! Free text that the guard stopped: what the writer is told, and how they confirm that words are not a victim's. The
//! reason is a field of its own, there only when it is needed.

use std::collections::BTreeSet;

use maud::Markup;
use serde::Serialize;

use super::extract::Params;
use super::ui::{Field, field_text};
use crate::text::fold::fold;
use crate::text::guard::{self, Found, Private};

/// The longest free text, in characters.
pub const TEXT: usize = 10_000;
/// The fewest and the most characters of a reason.
const REASON: std::ops::RangeInclusive<usize> = 10..=300;
/// What the name of the field of a reason ends in.
const CONFIRMED: &str = "_confirmed";

/// Words that the guard stopped and a person confirmed as not a victim's: for the log, so without the words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Confirmation {
    /// The field of the text.
    pub field: String,
    /// Why the words may stand.
    pub reason: String,
    /// What was found, each kind once.
    pub kinds: Vec<Private>,
}

/// What a posted form confirms, in the order of the form. A reason that would not be taken is left out.
pub fn confirmations(params: &Params) -> Vec<Confirmation> {
    let mut seen = BTreeSet::new();
    let confirmation = |(name, _): &(String, String)| {
        let field = name.strip_suffix(CONFIRMED).filter(|it| seen.insert((*it).to_owned()))?;
        let (reason, found) = (params.get(name)?, guard::find(within(params.get(field)?)?));
        let is_taken = !found.is_empty() && flaw_of_reason(reason, &found).is_none();
        let kinds: BTreeSet<Private> = found.iter().map(|it| it.what).collect();
        is_taken.then(|| Confirmation {
            field: field.to_owned(),
            reason: reason.to_owned(),
            kinds: kinds.into_iter().collect(),
        })
    };
    params.pairs().iter().filter_map(confirmation).collect()
}

/// The field to mend and what to do, when the guard stops the text of field `name`: the text itself, or the reason that
/// was to confirm it.
pub fn stopped(params: &Params, name: &str, text: &str) -> Option<(String, String)> {
    let found = guard::find(text);
    if found.is_empty() {
        return None;
    }
    let field = reason_name(name);
    match params.get(&field) {
        None => Some((name.to_owned(), advice(&found))),
        Some(reason) => flaw_of_reason(reason, &found).map(|flaw| (field, flaw)),
    }
}

/// Whether a form shows the line for the reason: the guard stopped the text, or a reason was typed.
pub fn is_shown(values: &Params, name: &str, is_flawed: bool) -> bool {
    let text = values.get(name).and_then(within);
    values.get(&reason_name(name)).is_some()
        || is_flawed && text.is_some_and(|it| !guard::find(it).is_empty())
}

/// The line for the reason that confirms the text of field `name`; `flaw` tells what is to be mended in a field.
pub fn reason_field<'a>(values: &Params, name: &str, flaw: impl Fn(&str) -> Option<&'a str>) -> Markup {
    let name = reason_name(name);
    let field = Field::new(&name, "Why these words are not a victim's").hint(
        "Only if they stay. 10 to 300 characters, without the words themselves; the reason is recorded.",
    );
    field_text(field.value(values.get(&name).unwrap_or_default()).error(flaw(&name)))
}

fn reason_name(name: &str) -> String {
    format!("{name}{CONFIRMED}")
}

/// The text, unless it is longer than any that could be saved.
fn within(text: &str) -> Option<&str> {
    (text.chars().take(TEXT + 1).count() <= TEXT).then_some(text)
}

/// Which words, why, and what to do.
fn advice(found: &[Found]) -> String {
    // A text of names throughout is better read in the field than in the advice.
    const MOST: usize = 8;
    let mut named: Vec<String> = Vec::new();
    for it in found {
        let words = format!("“{}” ({})", it.words, it.what.label());
        if !named.contains(&words) {
            named.push(words);
        }
    }
    let rest = named.len().saturating_sub(MOST);
    named.truncate(MOST);
    if rest > 0 {
        named.push(format!("{rest} more"));
    }
    format!(
        "FOCA keeps nothing in free text by which a victim can be known. Remove {}. If they are not a victim's, say why below.",
        named.join(", ")
    )
}

/// What is wrong with a reason, if something is: it goes to the log and must not hold what the text should not.
fn flaw_of_reason(reason: &str, found: &[Found]) -> Option<String> {
    let n_chars = reason.chars().count();
    if reason.contains(char::is_control) {
        return Some("Give the reason on one line.".to_owned());
    }
    if !REASON.contains(&n_chars) {
        return Some(format!("Give the reason in 10 to 300 characters; it has {n_chars}."));
    }
    if let Some(it) = guard::find(reason).first() {
        return Some(format!(
            "The reason is recorded, so “{}” ({}) cannot stand in it. Remove it.",
            it.words,
            it.what.label()
        ));
    }
    let repeats = found.iter().find(|it| repeats(reason, it));
    repeats.map(|it| format!("The reason is recorded, so leave “{}” out of it.", it.words))
}

/// Whether the reason says what was found again, or one of its words of three letters or more.
fn repeats(reason: &str, found: &Found) -> bool {
    let (reason, words) = (fold(reason), fold(&found.words));
    let is_part = |it: &char| !it.is_alphanumeric();
    let mut parts =
        words.split(|it| is_part(&it)).filter(|it| found.what == Private::Name && it.chars().count() > 2);
    reason.contains(&words) || parts.any(|part| reason.split(|it| is_part(&it)).any(|it| it == part))
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOTE: &str = "Victim Mai Vang, call 612-555-0199 or 612-555-0199";

    fn params(reason: &str) -> Params {
        [("note", NOTE.to_owned()), ("note_confirmed", reason.to_owned())].into_iter().collect()
    }

    fn flaw(reason: &str) -> Option<(String, String)> {
        stopped(&params(reason), "note", NOTE)
    }

    #[test]
    fn what_was_found_is_told_once_with_the_reason_and_what_to_do() {
        let (field, advice) = flaw("").unwrap();

        assert_eq!(field, "note");
        assert_eq!(
            advice,
            "FOCA keeps nothing in free text by which a victim can be known. Remove “Mai Vang” (likely a person's name), \
             “612-555-0199” (a telephone number). If they are not a victim's, say why below."
        );
    }

    #[test]
    fn a_reason_confirms_unless_it_is_short_long_or_says_the_words() {
        let long = "x".repeat(301);
        assert_eq!(flaw("The owner, as the license says"), None);

        for reason in
            ["owner", &long, "two\nlines of reason", "Vang is the owner of it", "it is 651-555-0188 only"]
        {
            assert_eq!(flaw(reason).unwrap().0, "note_confirmed", "{reason}");
        }
    }

    #[test]
    fn the_log_learns_field_reason_and_kinds_but_not_the_words() {
        let kinds = vec![Private::Name, Private::Phone];
        let reason = "The owner, as the license says".to_owned();
        let expected = Confirmation { field: "note".to_owned(), reason, kinds };

        assert_eq!(confirmations(&params("The owner, as the license says")), [expected]);
    }

    #[test]
    fn nothing_is_confirmed_by_a_poor_reason_or_without_need() {
        let clean = [
            ("note", "back door"),
            ("note_confirmed", "The owner of it"),
            ("x_confirmed", "The owner of it"),
        ];
        let clean = clean.into_iter().map(|(name, value)| (name, value.to_owned())).collect();

        assert_eq!(confirmations(&clean), []);
        assert_eq!(confirmations(&params("owner")), []);
        assert_eq!(confirmations(&params("Mai Vang owns it")), []);
    }
}
