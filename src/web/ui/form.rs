//! Fields of forms: label, hint, error above the field, and what was typed is kept.

use maud::{Markup, html};

/// What all fields have in common.
///
/// `Field::new("name", "Name").value(..).error(errors.get("name"))`; the id of the control is its name, so that the
/// error summary can link to it.
#[derive(Clone, Copy, Debug, Default)]
pub struct Field<'a> {
    name: &'a str,
    label: &'a str,
    hint: Option<&'a str>,
    value: &'a str,
    error: Option<&'a str>,
    required: bool,
    autocomplete: Option<&'a str>,
}

impl<'a> Field<'a> {
    /// A field with the name of its value and its label.
    pub fn new(name: &'a str, label: &'a str) -> Self {
        Self { name, label, ..Self::default() }
    }

    /// The name of its value.
    pub fn name(&self) -> &'a str {
        self.name
    }

    /// A sentence below the label.
    pub fn hint(mut self, hint: &'a str) -> Self {
        self.hint = Some(hint);
        self
    }

    /// What stands in it.
    pub fn value(mut self, value: &'a str) -> Self {
        self.value = value;
        self
    }

    /// What is to be mended, in words that say what would be right.
    pub fn error(mut self, error: Option<&'a str>) -> Self {
        self.error = error;
        self
    }

    /// It cannot be left empty.
    pub fn required(mut self) -> Self {
        self.required = true;
        self
    }

    /// What a browser may fill in, in the words of HTML; what it must not keep has `off`.
    pub fn autocomplete(mut self, words: &'a str) -> Self {
        self.autocomplete = Some(words);
        self
    }

    fn described_by(&self) -> Option<String> {
        let hint = self.hint.map(|_| format!("{}-hint", self.name));
        let error = self.error.map(|_| format!("{}-error", self.name));
        let ids: Vec<String> = hint.into_iter().chain(error).collect();
        (!ids.is_empty()).then(|| ids.join(" "))
    }

    fn required_note(&self) -> Markup {
        html! { @if self.required { " " span.required { "(needed)" } } }
    }

    fn notes(&self) -> Markup {
        html! {
            @if let Some(hint) = self.hint { span.usa-hint id={ (self.name) "-hint" } { (hint) } }
            @if let Some(error) = self.error { span.usa-error-message id={ (self.name) "-error" } { (error) } }
        }
    }

    fn group(&self, control: &Markup) -> Markup {
        html! {
            div.usa-form-group."usa-form-group--error"[self.error.is_some()] {
                label.usa-label for=(self.name) { (self.label) (self.required_note()) }
                (self.notes())
                (control)
            }
        }
    }

    fn input(&self, kind: &str) -> Markup {
        let short = kind == "date";
        html! {
            input.usa-input.short[short]."usa-input--error"[self.error.is_some()] type=(kind) id=(self.name)
                name=(self.name) value=[(kind != "file").then_some(self.value)] required[self.required] autocomplete=[self.autocomplete]
                aria-describedby=[self.described_by()] aria-invalid=[self.error.map(|_| "true")];
        }
    }
}

/// One line of text.
pub fn field_text(field: Field<'_>) -> Markup {
    field.group(&field.input("text"))
}

/// A password: never shown again, and in sight while it is typed if its writer wants that.
pub fn field_password(field: Field<'_>) -> Markup {
    field.group(&html! {
        div.password {
            (Field { value: "", ..field }.input("password"))
            button.usa-button.quiet.small type="button" data-show=(field.name) aria-pressed="false" hidden { "Show" }
        }
    })
}

/// A day; the value is `2026-11-23`.
pub fn field_date(field: Field<'_>) -> Markup {
    field.group(&field.input("date"))
}

/// A file to upload.
pub fn field_file(field: Field<'_>) -> Markup {
    field.group(&field.input("file"))
}

/// A value that the form carries along.
pub fn field_hidden(name: &str, value: &str) -> Markup {
    html! { input type="hidden" name=(name) value=(value); }
}

/// Several lines of text.
pub fn field_textarea(field: Field<'_>) -> Markup {
    field.group(&html! {
        textarea.usa-textarea."usa-input--error"[field.error.is_some()] id=(field.name) name=(field.name)
            required[field.required] aria-describedby=[field.described_by()]
            aria-invalid=[field.error.map(|_| "true")] { (field.value) }
    })
}

/// A choice of one; `options` are value and words, the first may be `("", "All kinds")`.
pub fn field_select<V: AsRef<str>, W: AsRef<str>>(field: Field<'_>, options: &[(V, W)]) -> Markup {
    let chosen = |it: &V| it.as_ref() == field.value;
    field.group(&html! {
        select.usa-select."usa-input--error"[field.error.is_some()].active[!field.value.is_empty()] id=(field.name)
            name=(field.name) required[field.required] aria-describedby=[field.described_by()]
            aria-invalid=[field.error.map(|_| "true")] {
            @for (value, words) in options {
                option value=(value.as_ref()) selected[chosen(value)] { (words.as_ref()) }
            }
        }
    })
}

/// A box that is on when the field's value is not empty; it sends `on`.
pub fn field_checkbox(field: Field<'_>) -> Markup {
    html! {
        div.usa-form-group."usa-form-group--error"[field.error.is_some()] {
            (field.notes())
            div.usa-checkbox {
                input.usa-checkbox__input type="checkbox" id=(field.name) name=(field.name) value="on"
                    checked[!field.value.is_empty()] aria-describedby=[field.described_by()];
                label.usa-checkbox__label for=(field.name) { (field.label) }
            }
        }
    }
}

/// A choice of one, all in sight; `options` are value and words.
pub fn field_radios<V: AsRef<str>, W: AsRef<str>>(field: Field<'_>, options: &[(V, W)]) -> Markup {
    html! {
        fieldset.usa-fieldset.usa-form-group."usa-form-group--error"[field.error.is_some()] id=(field.name)
            aria-describedby=[field.described_by()] {
            legend.usa-legend { (field.label) (field.required_note()) }
            (field.notes())
            @for (at, (value, words)) in options.iter().enumerate() {
                div.usa-radio {
                    input.usa-radio__input type="radio" id={ (field.name) "-" (at) } name=(field.name)
                        value=(value.as_ref()) checked[value.as_ref() == field.value];
                    label.usa-radio__label for={ (field.name) "-" (at) } { (words.as_ref()) }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_to_mend_keeps_its_value_and_says_what_would_be_right() {
        let field = Field::new("expires_on", "Expires on").value("2026-<b>").error(Some("Enter a day."));

        let shown = field_date(field).into_string();

        assert!(shown.contains(r#"value="2026-&lt;b&gt;""#), "{shown}");
        assert!(shown.contains(r#"class="usa-input short usa-input--error""#), "{shown}");
        assert!(shown.contains(r#"aria-describedby="expires_on-error""#), "{shown}");
        assert!(
            shown.contains(r#"<span class="usa-error-message" id="expires_on-error">Enter a day.</span>"#)
        );
    }

    #[test]
    fn the_chosen_option_stays_chosen() {
        let shown =
            field_select(Field::new("kind", "Kind").value("spa"), &[("", "All kinds"), ("spa", "Spa")]);

        assert!(shown.into_string().contains(r#"<option value="spa" selected>Spa</option>"#));
    }
}
