//! The pages of the people who may sign in: the list, one person, an invitation, and a link to hand over.

use chrono_tz::Tz;
use maud::{Markup, html};

use super::profile_views::{area_words, copyable, when};
use super::{Account, Purpose, State};
use crate::clock::Stamp;
use crate::rights::role::Roles;
use crate::web::extract::Params;
use crate::web::filled::Typed;
use crate::web::format::{count, counted};
use crate::web::ui::{
    self, Column, Field, Icon, Note, button, card, empty_state, facts, field_checkbox, field_radios,
    field_select, field_text, link_button, note, page_head, primary, quiet_link, tag, toast,
};

/// The people of a list.
#[derive(Clone, Copy, Debug)]
pub struct List<'a> {
    /// All of them.
    pub all: &'a [Account],
    /// Those that fit the filter.
    pub fitting: &'a [&'a Account],
    /// The roles.
    pub roles: &'a Roles,
    /// The filter as the URL says it.
    pub params: &'a Params,
    /// Whether the viewer may invite people.
    pub may_change: bool,
    /// In which times are told.
    pub zone: Tz,
}

/// The people who may sign in.
pub fn list(it: &List<'_>) -> Markup {
    let columns = ["Name", "Role", "Area", "Agency", "State", "Last used", "Second factor"].map(Column::new);
    let invite = html! { @if it.may_change { (link_button("/people/new", "Invite a person")) } };
    html! {
        (page_head("People", &html! { span.meta { (count(it.fitting.len() as u64)) } }, &invite))
        @for locked in it.all.iter().filter(|it| it.state == State::Locked) {
            (note(Note::Due, &html! {
                p {
                    a href={ "/people/" (locked.id) } { (locked.full_name) } " is locked since " (when(locked.state_at, it.zone))
                    ". Talk to them, then release the account."
                }
            }))
        }
        (filter(it))
        @if it.fitting.is_empty() {
            (empty_state("Nobody fits.", "Without the filter there are all who may sign in.", &quiet_link("/people", "Clear")))
        } @else {
            (ui::table("People", &columns, &html! { @for one in it.fitting { (row(one, it.roles, it.zone)) } }))
        }
    }
}

fn filter(it: &List<'_>) -> Markup {
    let field = |name, label| Field::new(name, label).value(it.params.get(name).unwrap_or_default());
    let with = |state: State| count(it.all.iter().filter(|it| it.state == state).count() as u64);
    let mut states = vec![(String::new(), format!("Any ({})", count(it.all.len() as u64)))];
    states
        .extend(State::ALL.iter().map(|it| (it.to_string(), format!("{} ({})", state_word(*it), with(*it)))));
    html! {
        form.filter method="get" action="/people" role="search" data-at-once {
            (field_text(field("q", "Name, agency or role")))
            (field_select(field("state", "State"), states.as_slice()))
            (button("Filter"))
            @if it.params.get("q").is_some() || it.params.get("state").is_some() { (quiet_link("/people", "Clear")) }
        }
    }
}

fn row(it: &Account, roles: &Roles, zone: Tz) -> Markup {
    html! {
        tr {
            th.name scope="row" { a href={ "/people/" (it.id) } { (it.full_name) } div.meta { (it.sign_in) } }
            td data-label="Role" { (title_of(&it.role, roles)) }
            td data-label="Area" { (area_words(&it.reach())) }
            td data-label="Agency" { (it.agency) }
            td data-label="State" {
                (state_tag(it.state))
                @if let Some(more) = state_more(it, zone) { div.meta { (more) } }
            }
            td data-label="Last used" { (last_used(it, zone)) }
            td data-label="Second factor" { @if it.has_second_factor { "yes" } @else { "no" } }
        }
    }
}

fn last_used(it: &Account, zone: Tz) -> String {
    it.used_at.map_or_else(|| "never".to_owned(), |at| when(at, zone))
}

/// What people call a role; the word itself where there is no such role any more.
pub fn title_of<'a>(word: &'a str, roles: &'a Roles) -> &'a str {
    roles.get(word).map_or(word, |it| it.title.as_str())
}

fn state_word(state: State) -> &'static str {
    match state {
        State::Invited => "Invited",
        State::Active => "Active",
        State::Locked => "Locked",
        State::Disabled => "Disabled",
    }
}

fn state_tag(state: State) -> Markup {
    let (class, sign) = match state {
        State::Invited => ("act", Icon::Clock),
        State::Active => ("ok", Icon::Check),
        State::Locked => ("due", Icon::Lock),
        State::Disabled => ("", Icon::Close),
    };
    tag(state_word(state), class, Some(sign))
}

/// Since when an account is not in use, and why.
fn state_more(it: &Account, zone: Tz) -> Option<String> {
    let since = when(it.state_at, zone);
    match it.state {
        State::Active => None,
        State::Invited | State::Locked => Some(format!("since {since}")),
        State::Disabled => Some(match &it.state_why {
            Some(why) => format!("since {since}: {why}"),
            None => format!("since {since}"),
        }),
    }
}

fn saved(word: &str) -> Option<&'static str> {
    match word {
        "changed" => Some("Saved. It counts from the person's next page on."),
        "disabled" => Some("The account is disabled. Its sessions and tokens have ended."),
        "enabled" => Some("The account may be used again."),
        "unlocked" => Some("The account is released."),
        "sessions" => Some("The person's sessions have ended."),
        _ => None,
    }
}

/// The form that invites a person.
pub fn new(roles: &Roles, form: Typed<'_>) -> Markup {
    html! {
        div.narrow {
            (page_head("Invite a person", &html! {}, &html! {}))
            (form.summary())
            section.card {
                form.stack method="post" action="/people/new" {
                    (field_text(form.field("sign_in", "Work email").hint("With it the person signs in. It stays theirs for good: it is never given to anybody else.").autocomplete("off").required()))
                    (fields(roles, form, false))
                    div.form-actions { (primary("Invite this person")) (quiet_link("/people", "Cancel")) }
                    p.meta { "Next you see a link, which you hand to the person. FOCA sends no mail." }
                }
            }
        }
    }
}

/// What a person is. The own role stays: it is carried along unseen.
fn fields(roles: &Roles, form: Typed<'_>, is_own: bool) -> Markup {
    html! {
        (field_text(form.field("full_name", "Name").autocomplete("off").required()))
        (field_text(form.field("agency", "Agency").autocomplete("off").required()))
        @if is_own { (form.carried(&["role"])) } @else { (role_radios(roles, form)) }
        (field_radios(form.field("area_kind", "Area").hint("What the person sees of sites and records.").required(), &[
            ("state", "All of Minnesota"),
            ("county", "One county"),
            ("city", "One city"),
        ]))
        (field_text(form.field("area_name", "Name of the county or city").hint("As FOCA's areas have it: Hennepin, St. Louis, Duluth.").autocomplete("off")))
    }
}

fn role_radios(roles: &Roles, form: Typed<'_>) -> Markup {
    let (error, chosen) = (form.flaws.get("role"), form.values.get("role"));
    html! {
        fieldset.usa-fieldset.usa-form-group."usa-form-group--error"[error.is_some()] id="role"
            aria-describedby=[error.map(|_| "role-error")] {
            legend.usa-legend { "Role " span.required { "(needed)" } }
            @if let Some(error) = error { span.usa-error-message id="role-error" { (error) } }
            @for (word, role) in roles.all() {
                div.usa-radio {
                    input.usa-radio__input type="radio" id={ "role-" (word) } name="role" value=(word)
                        checked[chosen == Some(word)] aria-describedby={ "role-" (word) "-hint" };
                    label.usa-radio__label for={ "role-" (word) } { (role.title) }
                    div.usa-hint.under id={ "role-" (word) "-hint" } { (role.purpose) }
                }
            }
        }
    }
}

/// What the page of one person shows.
#[derive(Clone, Copy, Debug)]
pub struct Person<'a> {
    /// Who it is.
    pub account: &'a Account,
    /// The roles.
    pub roles: &'a Roles,
    /// Whether it is the viewer.
    pub is_own: bool,
    /// Whether the viewer may change accounts.
    pub may_change: bool,
    /// How many sessions and how many tokens still work.
    pub open: (usize, usize),
    /// What was just done, as the URL says it.
    pub saved: Option<&'a str>,
    /// In which times are told.
    pub zone: Tz,
}

/// One person: what is known of the account, and what may be done with it.
pub fn show(it: &Person<'_>, form: Typed<'_>) -> Markup {
    html! {
        (page_head(&it.account.full_name, &state_tag(it.account.state), &html! {}))
        @if let Some(words) = it.saved.and_then(saved) { (toast(words)) }
        (form.summary())
        @if it.is_own { (note(Note::Info, &html! { p { "This is your own account. Password, second factor and sessions are on " a href="/profile" { "your page" } "." } })) }
        div.split {
            div.stack {
                @if it.may_change { (change(it, form)) }
                (known(it))
            }
            @if it.may_change && !it.is_own {
                div.stack { (link_card(it)) (sessions(it)) (use_of(it, form)) }
            }
        }
    }
}

fn known(it: &Person<'_>) -> Markup {
    let account = it.account;
    let (n_sessions, n_tokens) = it.open;
    let password = account.password_at.map_or_else(|| "not chosen yet".to_owned(), |at| when(at, it.zone));
    let state =
        state_more(account, it.zone).unwrap_or_else(|| format!("since {}", when(account.state_at, it.zone)));
    card(
        "Account",
        &facts(&[
            ("Signs in as", html! { (account.sign_in) }),
            ("Role", html! { (title_of(&account.role, it.roles)) }),
            ("Area", html! { (area_words(&account.reach())) }),
            ("Agency", html! { (account.agency) }),
            ("State", html! { (state_tag(account.state)) " " (state) }),
            ("Last used", html! { (last_used(account, it.zone)) }),
            ("Password", html! { (password) }),
            ("Second factor", html! { @if account.has_second_factor { "set up" } @else { "not set up" } }),
            (
                "Open",
                html! { (counted(n_sessions as u64, "session", "sessions")) ", " (counted(n_tokens as u64, "token", "tokens")) },
            ),
            ("Made", html! { (when(account.made_at, it.zone)) " by " (account.made_by) }),
        ]),
    )
}

fn change(it: &Person<'_>, form: Typed<'_>) -> Markup {
    card(
        "Who it is and what it may do",
        &html! {
            form.stack method="post" action={ "/people/" (it.account.id) } {
                (fields(it.roles, form, it.is_own))
                @if it.is_own { p.meta { "Your own role only another administrator can change." } }
                div.form-actions { (primary("Save")) }
                p.meta { "Rights are read anew at every request: a change counts from the person's next page on, without a new sign-in." }
            }
        },
    )
}

fn link_card(it: &Person<'_>) -> Markup {
    let account = it.account;
    let (title, words, label) = match account.state {
        State::Disabled => return html! {},
        State::Invited => {
            ("Invitation", "The person has not chosen a password yet.", "Make another invitation link")
        }
        State::Active | State::Locked => (
            "Password",
            "Who has forgotten the password chooses another one by a link.",
            "Make a link for a new password",
        ),
    };
    let off = Field::new("second_factor", "Take the second factor off as well")
        .hint("When the phone is lost. Make sure that you talk to the right person.");
    card(
        title,
        &html! {
            p { (words) " A new link takes the place of the one before." }
            form.stack method="post" action={ "/people/" (account.id) "/link" } {
                @if account.has_second_factor { (field_checkbox(off)) }
                div.form-actions { (button(label)) }
            }
        },
    )
}

fn sessions(it: &Person<'_>) -> Markup {
    let n_sessions = it.open.0;
    html! {
        @if n_sessions > 0 {
            (card("Sessions", &html! {
                p { (counted(n_sessions as u64, "session is", "sessions are")) " open." }
                form method="post" action={ "/people/" (it.account.id) "/end-sessions" } {
                    div.form-actions { (button(if n_sessions == 1 { "End this session" } else { "End these sessions" })) }
                }
            }))
        }
    }
}

fn use_of(it: &Person<'_>, form: Typed<'_>) -> Markup {
    let account = it.account;
    let disable = html! {
        form.stack method="post" action={ "/people/" (account.id) "/disable" } {
            p { "Sessions and tokens end at once, and nobody signs in with this account any more. What the person did stays in the log." }
            (field_text(form.field("why", "Reason").hint("Such as: left the agency.").autocomplete("off").required()))
            div.form-actions { (button("Disable this account")) }
        }
    };
    let body = match account.state {
        State::Locked => html! {
            form method="post" action={ "/people/" (account.id) "/unlock" } {
                p { "Locked after too many wrong passwords or codes. Ask the person whether they were theirs." }
                div.form-actions { (button("Release this account")) }
            }
            (disable)
        },
        State::Disabled => html! {
            form method="post" action={ "/people/" (account.id) "/enable" } {
                p { "The person signs in again with the password of before." }
                div.form-actions { (button("Enable this account")) }
            }
        },
        State::Invited | State::Active => disable,
    };
    card("Use of this account", &html! { div.stack { (body) } })
}

/// A link that works once, as its maker hands it on.
#[derive(Clone, Copy, Debug)]
pub struct Handed<'a> {
    /// Whose it is.
    pub account: &'a Account,
    /// What for.
    pub purpose: Purpose,
    /// The whole address.
    pub address: &'a str,
    /// Until when it works.
    pub ends_at: Stamp,
    /// Whether the second factor was taken off.
    pub second_factor_off: bool,
    /// In which times are told.
    pub zone: Tz,
}

/// A link that works once, shown once.
pub fn link(it: &Handed<'_>) -> Markup {
    let title = match it.purpose {
        Purpose::Invitation => format!("Invitation for {}", it.account.full_name),
        Purpose::Reset => format!("A new password for {}", it.account.full_name),
    };
    html! {
        div.narrow {
            (page_head(&title, &html! {}, &html! {}))
            section.card {
                div.stack {
                    (note(Note::Due, &html! { p { "The link is shown only now. Hand it over in person or by phone; it works once, until " (when(it.ends_at, it.zone)) "." } }))
                    (copyable("link", "The link", it.address))
                    @if it.second_factor_off { p { "The second factor is off. The person sets up a new one at the next sign-in." } }
                    p { "The person chooses a password there, and then signs in as " b { (it.account.sign_in) } "." }
                    div.form-actions { a.usa-button href={ "/people/" (it.account.id) } { "I have handed it over" } }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rights::AccountId;
    use crate::web::filled::Flaws;

    fn account(state: State) -> Account {
        let at = "2026-11-23T18:00:00.000Z".parse().unwrap();
        Account {
            id: AccountId(uuid::Uuid::nil()),
            sign_in: "a.velden@demo.example".to_owned(),
            full_name: "A. Velden".to_owned(),
            agency: "State Task Force".to_owned(),
            role: "supervisor".to_owned(),
            area: "county:Hennepin".to_owned(),
            state,
            state_why: Some("left the agency".to_owned()),
            state_at: at,
            password_at: None,
            has_second_factor: false,
            made_at: at,
            made_by: "operator".to_owned(),
            used_at: None,
        }
    }

    fn page(account: &Account, is_own: bool) -> String {
        let (roles, values, flaws) = (Roles::default(), Params::default(), Flaws::default());
        let zone = chrono_tz::America::Chicago;
        let it = Person { account, roles: &roles, is_own, may_change: true, open: (0, 0), saved: None, zone };
        show(&it, Typed { values: &values, flaws: &flaws }).into_string()
    }

    #[test]
    fn nobody_is_offered_to_disable_the_own_account() {
        let account = account(State::Active);

        assert!(page(&account, false).contains("Disable this account"));
        assert!(!page(&account, true).contains("Disable this account"));
    }

    #[test]
    fn a_disabled_account_says_since_when_and_why_and_gets_no_link() {
        let shown = page(&account(State::Disabled), false);

        assert!(shown.contains("since Nov 23, 2026, 12:00: left the agency"), "{shown}");
        assert!(shown.contains("Enable this account") && !shown.contains("/link"), "{shown}");
    }
}
