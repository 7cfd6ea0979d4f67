//! A filled-in form as it is read: each field gives its value or notes what is to be mended, so that a visitor hears of
//! all of it at once.

use std::fmt::Display;
use std::str::FromStr;

use axum::http::{HeaderName, StatusCode};
use axum::response::{IntoResponse, Response};
use chrono::NaiveDate;
use maud::{Markup, html};

use super::extract::Params;
use super::guarded::{TEXT, is_shown, reason_field, stopped};
use super::ui::{Field, error_summary, field_hidden, field_text, field_textarea};

/// The longest line, such as a name.
pub const LINE: usize = 300;

/// What is to be mended, by the name of its field.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Flaws(Vec<(String, String)>);

impl Flaws {
    /// Notes that a field cannot stay so; the reason says what would be right.
    pub fn add(&mut self, field: impl Into<String>, reason: impl Into<String>) {
        self.0.push((field.into(), reason.into()));
    }

    /// What is to be mended in that field.
    pub fn get(&self, field: &str) -> Option<&str> {
        self.0.iter().find(|(it, _)| it == field).map(|(_, reason)| reason.as_str())
    }

    /// Whether all is well.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Field and reason of each, in the order of the form, as the error summary takes them.
    pub fn pairs(&self) -> Vec<(&str, &str)> {
        self.0.iter().map(|(field, reason)| (field.as_str(), reason.as_str())).collect()
    }
}

/// Reads the fields of a posted form.
#[derive(Debug)]
pub struct Filled<'a> {
    params: &'a Params,
    /// What is to be mended so far.
    pub flaws: Flaws,
}

impl<'a> Filled<'a> {
    /// Begins to read.
    pub fn new(params: &'a Params) -> Self {
        Self { params, flaws: Flaws::default() }
    }

    /// A text of at most `longest` characters; none when it was left empty.
    pub fn text(&mut self, name: &str, longest: usize) -> Option<String> {
        let value = self.params.get(name)?;
        if value.contains('\0') {
            self.flaws.add(name, "It holds a zero byte, which cannot be stored. Type it anew.");
            return None;
        }
        let n_chars = value.chars().count();
        if n_chars > longest {
            self.flaws.add(name, format!("Shorten it to {longest} characters; it has {n_chars}."));
            return None;
        }
        Some(value.to_owned())
    }

    /// One line that cannot be left empty; empty after all when it was, and then a flaw says so.
    pub fn needed(&mut self, name: &str, advice: &str) -> String {
        let before = self.flaws.0.len();
        let value = self.text(name, LINE);
        if value.is_none() && self.flaws.0.len() == before {
            self.flaws.add(name, advice);
        }
        value.unwrap_or_default()
    }

    /// Free text. What the guard finds in it must be removed, or confirmed in a field of its own.
    pub fn free_text(&mut self, name: &str) -> Option<String> {
        let text = self.text(name, TEXT)?;
        self.guarded(name, text)
    }

    /// One line of free text, guarded in the same way.
    pub fn free_line(&mut self, name: &str) -> Option<String> {
        let line = self.text(name, LINE)?;
        self.guarded(name, line)
    }

    fn guarded(&mut self, name: &str, text: String) -> Option<String> {
        match stopped(self.params, name, &text) {
            None => Some(text),
            Some((field, advice)) => {
                self.flaws.add(field, advice);
                None
            }
        }
    }

    /// A calendar day of 1800 to 2199.
    pub fn day(&mut self, name: &str) -> Option<NaiveDate> {
        use chrono::Datelike;
        let day: NaiveDate = self.parsed(name, "Give a day as 2026-11-23.")?;
        if (1800..2200).contains(&day.year()) {
            return Some(day);
        }
        self.flaws.add(name, "Give a day between the years 1800 and 2199.");
        None
    }

    /// A value of any kind that its text can be read as.
    pub fn parsed<T: FromStr>(&mut self, name: &str, advice: &str) -> Option<T> {
        let value = self.params.get(name)?;
        let read = value.parse().ok();
        if read.is_none() {
            self.flaws.add(name, advice);
        }
        read
    }

    /// One of a list of words, which must have been chosen.
    pub fn chosen<T: FromStr<Err: Display>>(&mut self, name: &str, advice: &str) -> Option<T> {
        if self.params.get(name).is_none() {
            self.flaws.add(name, advice);
        }
        self.parsed(name, advice)
    }

    /// Whether a box was ticked.
    pub fn ticked(&self, name: &str) -> bool {
        self.params.get(name).is_some()
    }
}

/// A form as a page shows it: what was typed and what is to be mended.
#[derive(Clone, Copy, Debug)]
pub struct Typed<'a> {
    /// What stands in the fields.
    pub values: &'a Params,
    /// What is to be mended.
    pub flaws: &'a Flaws,
}

impl<'a> Typed<'a> {
    /// A field of the form.
    pub fn field(&self, name: &'a str, label: &'a str) -> Field<'a> {
        Field::new(name, label).value(self.values.get(name).unwrap_or_default()).error(self.flaws.get(name))
    }

    /// Several lines of free text; when the guard stopped them, with the line beneath that confirms them.
    pub fn free_text(&self, field: Field<'_>) -> Markup {
        html! { (field_textarea(field)) (self.reason(field.name())) }
    }

    /// One line of free text, in the same way.
    pub fn free_line(&self, field: Field<'_>) -> Markup {
        html! { (field_text(field)) (self.reason(field.name())) }
    }

    fn reason(&self, name: &str) -> Markup {
        let is_flawed = self.flaws.get(name).is_some();
        html! {
            @if is_shown(self.values, name, is_flawed) { (reason_field(self.values, name, |it| self.flaws.get(it))) }
        }
    }

    /// What is to be mended, over the form.
    pub fn summary(&self) -> Markup {
        html! { @if !self.flaws.is_empty() { (error_summary(&self.flaws.pairs())) } }
    }

    /// What the form carries along unseen, as far as it has it.
    pub fn carried(&self, names: &[&str]) -> Markup {
        html! {
            @for name in names {
                @if let Some(value) = self.values.get(name) { (field_hidden(name, value)) }
            }
        }
    }
}

/// A page that shows a form again, with what is to be mended: 422, or 409 when something changed meanwhile.
pub fn shown_again(status: StatusCode, page: Markup) -> Response {
    // The mark tells the layer of errors that this page speaks for itself.
    (status, [(HeaderName::from_static("x-foca-body"), "form")], page).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_flaws_are_told_at_once_and_by_field() {
        let params = Params::parse(b"name=&note=call+612-555-0199&opened_on=31.12.2026&closed_on=0001-01-01");
        let mut filled = Filled::new(&params);

        filled.needed("name", "Give the name.");
        filled.free_text("note");
        filled.day("opened_on");
        filled.day("closed_on");

        let fields: Vec<&str> = filled.flaws.pairs().into_iter().map(|it| it.0).collect();
        assert_eq!(fields, ["name", "note", "opened_on", "closed_on"]);
        assert!(filled.flaws.get("note").unwrap().contains("telephone"));
    }

    #[test]
    fn a_zero_byte_and_a_text_too_long_are_flaws_of_their_field() {
        let long = format!("name={}&city=a%00b", "x".repeat(LINE + 1));
        let params = Params::parse(long.as_bytes());
        let mut filled = Filled::new(&params);

        filled.needed("name", "Give the name.");
        filled.text("city", LINE);

        assert_eq!(filled.flaws.get("name"), Some("Shorten it to 300 characters; it has 301."));
        assert!(filled.flaws.get("city").unwrap().contains("zero byte"));
    }
}
