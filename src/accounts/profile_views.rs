//! The pages of one's own account: password, second factor, sessions, tokens, and what one did lately.

use chrono_tz::Tz;
use maud::{Markup, html};
use serde_json::Value as Json;

use super::Account;
use super::sessions::{Session, SessionId};
use super::tokens::Token;
use super::views::{self, new_password, square_and_secret};
use crate::audit::{Act, Logged, Outcome};
use crate::clock::Stamp;
use crate::rights::{Reach, Resource};
use crate::web::filled::Typed;
use crate::web::format;
use crate::web::ui::{
    self, Column, Field, Icon, Note, button, card, card_with, facts, field_hidden, field_password,
    field_select, field_text, icon, note, page_head, primary, quiet_link, secondary_link, tag, toast,
    unknown,
};

/// What the page of one's own account shows.
#[derive(Clone, Copy, Debug)]
pub struct Profile<'a> {
    /// Whose it is.
    pub account: &'a Account,
    /// The role as people call it.
    pub role: &'a str,
    /// The session that looks.
    pub here: SessionId,
    /// The sessions that still work.
    pub sessions: &'a [Session],
    /// The tokens that still work.
    pub tokens: &'a [Token],
    /// What a token of this person may take out.
    pub scopes: &'a [Resource],
    /// The longest life of a token, in days.
    pub token_days: u16,
    /// How many recovery codes are left.
    pub n_codes: i64,
    /// What the person did, the newest first.
    pub lately: &'a [Logged],
    /// Whether the person keeps the list of places that must not enter FOCA.
    pub keeps_protected_places: bool,
    /// In which times are told.
    pub zone: Tz,
}

/// The page of one's own account.
pub fn show(it: &Profile<'_>, form: Typed<'_>) -> Markup {
    let area = area_words(&it.account.reach());
    let who = html! { span.meta { (it.role) " · " (it.account.agency) " · " (area) } };
    let leave = html! { form method="post" action="/sign-out" { (button("Sign out")) } };
    html! {
        (page_head(&it.account.full_name, &who, &leave))
        @if let Some(words) = form.values.get("saved").and_then(saved) { (toast(words)) }
        (form.summary())
        div.split {
            div.stack {
                (sessions(it))
                (tokens(it, form))
                (lately(it))
            }
            div.stack {
                (card("Your account", &facts(&[
                    ("You sign in as", html! { (it.account.sign_in) }),
                    ("Role", html! { (it.role) }),
                    ("Agency", html! { (it.account.agency) }),
                    ("Area", html! { (area) }),
                ])))
                @if it.keeps_protected_places { (protected_places()) }
                (password(it, form))
                (second_factor_card(it))
            }
        }
    }
}

/// The way to the list of places that must not enter FOCA, for who keeps it.
fn protected_places() -> Markup {
    card(
        "Protected places",
        &html! {
            p { "Shelters and recovery places stay out of every layer." }
            p { a href="/protected-places" { "Add or remove a place" } }
        },
    )
}

fn saved(word: &str) -> Option<&'static str> {
    match word {
        "password" => Some("Your password is changed. Your other sessions have ended."),
        "session" => Some("The session has ended."),
        "sessions" => Some("Your other sessions have ended."),
        "token" => Some("The token has ended."),
        _ => None,
    }
}

fn password(it: &Profile<'_>, form: Typed<'_>) -> Markup {
    let since = it.account.password_at.map_or_else(unknown, |at| html! { (when(at, it.zone)) });
    card(
        "Password",
        &html! {
            p { "Chosen " (since) "." }
            form.stack method="post" action="/profile/password" {
                input type="hidden" autocomplete="username" name="name" value=(it.account.sign_in);
                (field_password(form.field("current", "Your password so far").autocomplete("current-password").required()))
                (new_password(form))
                div.form-actions { (primary("Change the password")) }
                p.meta { "Your other sessions end with it. Tokens go on." }
            }
        },
    )
}

fn second_factor_card(it: &Profile<'_>) -> Markup {
    let left = format::counted(it.n_codes, "recovery code is", "recovery codes are");
    card(
        "Second factor",
        &html! {
            @if it.account.has_second_factor {
                p { "Set up: you sign in with a code of your app. " (left) " left." }
                @if it.n_codes < 3 {
                    (note(Note::Due, &html! { p { "Make new recovery codes while you still have your app." } }))
                }
                div.form-actions {
                    (secondary_link("/profile/recovery-codes", "New recovery codes", None))
                    (secondary_link("/profile/second-factor", "Use another app", None))
                }
            } @else {
                p { "Not set up. With it nobody comes in by your password alone." }
                div.form-actions { (secondary_link("/profile/second-factor", "Set up the second factor", None)) }
            }
        },
    )
}

fn sessions(it: &Profile<'_>) -> Markup {
    let columns = ["Browser", "Address", "Began", "Last seen", "End"].map(Column::new);
    let others = html! {
        @if it.sessions.len() > 1 {
            form.push method="post" action="/profile/sessions/end-others" { (button("End all others")) }
        }
    };
    let rows = html! {
        @for one in it.sessions {
            @let browser = one.agent.as_deref().map_or_else(|| "Browser not known".to_owned(), browser);
            tr {
                th.name scope="row" { (browser) }
                td data-label="Address" { (or_unknown(one.address.as_deref())) }
                td data-label="Began" { (when(one.began_at, it.zone)) }
                td data-label="Last seen" { (when(one.seen_at, it.zone)) }
                td {
                    @if one.id == it.here {
                        (tag("This one", "act", Some(Icon::Check)))
                    } @else {
                        (end(&format!("/profile/sessions/{}/end", one.id), &browser))
                    }
                }
            }
        }
    };
    card_with("Sessions", &others, &ui::table("Sessions", &columns, &rows))
}

/// A button that ends one of several things; who does not see its row hears which.
fn end(action: &str, what: &str) -> Markup {
    html! {
        form method="post" action=(action) {
            button.usa-button.neutral.small type="submit" { "End" span.usa-sr-only { " " (what) } }
        }
    }
}

fn tokens(it: &Profile<'_>, form: Typed<'_>) -> Markup {
    let columns = ["Token", "May take out", "Ends", "Last used", "End"].map(Column::new);
    let rows = html! {
        @for one in it.tokens {
            @let scopes: Vec<&str> = one.scopes.iter().map(|it| scope_words(it)).collect();
            tr {
                th.name scope="row" { (one.label) }
                td data-label="May take out" { (scopes.join(", ")) }
                td data-label="Ends" { (day(one.ends_at, it.zone)) }
                td data-label="Last used" {
                    @match one.used_at {
                        Some(at) => {
                            (when(at, it.zone))
                            @if let Some(from) = &one.used_from { div.meta { "from " (from) } }
                        }
                        None => "never",
                    }
                }
                td { (end(&format!("/profile/tokens/{}/end", one.id), &one.label)) }
            }
        }
    };
    card(
        "Access tokens",
        &html! {
            p.meta { "A token lets a script or a GIS program take out what you may take out. It changes nothing in FOCA." }
            @if !it.tokens.is_empty() { (ui::table("Access tokens", &columns, &rows)) }
            @if it.scopes.is_empty() {
                p { "Your role takes nothing out of FOCA, so that there is nothing for a token to do." }
            } @else {
                @if it.tokens.is_empty() { p { "You have no token." } }
                (token_form(it, form))
            }
        },
    )
}

/// A scope in words; one that FOCA does not know any more as it is kept.
fn scope_words(scope: &str) -> &str {
    match scope.parse::<Resource>() {
        Ok(resource) => many(resource),
        Err(_) => scope,
    }
}

fn token_form(it: &Profile<'_>, form: Typed<'_>) -> Markup {
    let days = lives(it.token_days);
    html! {
        h3 { "Make a token" }
        form.stack method="post" action="/profile/tokens" {
            div.field-row {
                (field_text(form.field("label", "What uses it").hint("Such as: QGIS on my desk.").autocomplete("off").required()))
                (field_select(form.field("days", "It ends after").required(), days.as_slice()))
            }
            (scope_boxes(it.scopes, form))
            div.form-actions { (button("Make a token")) }
        }
    }
}

/// The lives that the form offers, in days and words, up to the longest.
fn lives(longest: u16) -> Vec<(String, String)> {
    let days = [7, 30, 90, 180].into_iter().filter(|it| *it < longest).chain([longest]);
    days.map(|it| (it.to_string(), format::counted(it, "day", "days"))).collect()
}

fn scope_boxes(scopes: &[Resource], form: Typed<'_>) -> Markup {
    let error = form.flaws.get("scope");
    let is_chosen = |scope: &Resource| form.values.list("scope").any(|it| it == scope.as_str());
    html! {
        fieldset.usa-fieldset.usa-form-group."usa-form-group--error"[error.is_some()] id="scope"
            aria-describedby=[error.map(|_| "scope-error")] {
            legend.usa-legend { "What it may take out " span.required { "(needed)" } }
            @if let Some(error) = error { span.usa-error-message id="scope-error" { (error) } }
            @for it in scopes {
                div.usa-checkbox {
                    input.usa-checkbox__input type="checkbox" id={ "scope-" (it) } name="scope" value=(it) checked[is_chosen(it)];
                    label.usa-checkbox__label for={ "scope-" (it) } {
                        (capitalized(many(*it)))
                        @if *it == Resource::Standing { span.meta { " (go with the sites)" } }
                    }
                }
            }
        }
    }
}

fn lately(it: &Profile<'_>) -> Markup {
    let columns = ["When", "Act", "What"].map(Column::new);
    let rows = html! {
        @for entry in it.lately {
            tr {
                th scope="row" { (when(entry.at, it.zone)) }
                td data-label="Act" { (act(entry.act)) " " (outcome(entry.outcome)) }
                td data-label="What" { (what(entry)) }
            }
        }
    };
    card(
        "What you did lately",
        &html! {
            @if it.lately.is_empty() {
                p { "Nothing yet." }
            } @else {
                (ui::table("What you did lately", &columns, &rows))
                p.meta { "FOCA's log has each of these, with your name and the address that you came from. Nobody can change it." }
            }
        },
    )
}

fn act(act: Act) -> &'static str {
    match act {
        Act::SignIn => "Sign-in",
        Act::SignOut => "Sign-out",
        Act::See => "Opened",
        Act::Change => "Changed",
        Act::Export => "Taken out",
        Act::Import => "Brought in",
        Act::Administer => "Administered",
        Act::Operate => "On the server",
    }
}

fn outcome(outcome: Outcome) -> Markup {
    match outcome {
        Outcome::Done => html! {},
        Outcome::Began => tag("Began", "", None),
        Outcome::Refused => tag("Refused", "due", Some(Icon::Lock)),
        Outcome::Failed => tag("Not done", "due", None),
        Outcome::BrokenOff => tag("Broken off", "due", None),
    }
}

/// What an entry is about, as a link where it was a page of one thing.
fn what(entry: &Logged) -> Markup {
    let detail: Json = serde_json::from_str(&entry.detail).unwrap_or_default();
    let page = detail.get("page").and_then(Json::as_str).filter(|it| it.starts_with('/'));
    let href = entry.object_id.zip(page).map(|(id, page)| page.replace("{id}", &id.to_string()));
    let thing = match (entry.resource, entry.object_id) {
        (Some(Resource::Account), Some(id)) if entry.account_id.is_some_and(|it| it.0 == id) => {
            "your account"
        }
        (Some(resource), Some(_)) => one(resource),
        (Some(resource), None) => many(resource),
        (None, _) => "",
    };
    let details = details(&detail);
    html! {
        @match href.filter(|it| entry.act == Act::See && !it.contains('{')) {
            Some(href) => a href=(href) { (thing) },
            None => (thing),
        }
        @if !details.is_empty() { span.meta { " " (details) } }
    }
}

/// The plain members of an entry's details in words; ids and what stood there before are for the auditor.
fn details(detail: &Json) -> String {
    const LEFT_OUT: [&str; 3] = ["page", "filter", "method"];
    let plain = |it: &Json| match it {
        Json::String(text) if uuid::Uuid::try_parse(text).is_err() => Some(text.clone()),
        Json::Number(number) => Some(number.to_string()),
        _ => None,
    };
    let members = detail.as_object().into_iter().flatten().filter(|it| !LEFT_OUT.contains(&it.0.as_str()));
    let told = members.filter_map(|(name, it)| Some(format!("{}: {}", name.replace('_', " "), plain(it)?)));
    told.collect::<Vec<_>>().join(", ")
}

/// How the second factor is set up, or moved to another app.
pub fn second_factor(
    account: &Account,
    kept: &str,
    square: Option<&(String, i32)>,
    form: Typed<'_>,
) -> Markup {
    let code = Field::new("code", "The six digits that the app shows now").error(form.flaws.get("code"));
    let title = if account.has_second_factor { "Use another app" } else { "Set up the second factor" };
    html! {
        div.narrow {
            (page_head(title, &html! {}, &html! {}))
            (form.summary())
            section.card {
                form.stack method="post" action="/profile/second-factor" {
                    (square_and_secret(kept, square))
                    (field_hidden("secret", kept))
                    (field_text(code.autocomplete("one-time-code").required()))
                    (field_password(form.field("current", "Your password").autocomplete("current-password").required()))
                    @if account.has_second_factor {
                        p.meta { "The app so far and all its recovery codes work no more from then on." }
                    }
                    div.form-actions { (primary("Use this app")) (quiet_link("/profile", "Cancel")) }
                }
            }
        }
    }
}

/// Asks for the password before new recovery codes are made.
pub fn new_recovery_codes(n_codes: i64, form: Typed<'_>) -> Markup {
    let left = format::counted(n_codes, "code that is left works", "codes that are left work");
    html! {
        div.narrow {
            (page_head("New recovery codes", &html! {}, &html! {}))
            (form.summary())
            section.card {
                form.stack method="post" action="/profile/recovery-codes" {
                    @if n_codes > 0 { p { "The " (left) " no more once you have new ones." } }
                    (field_password(form.field("current", "Your password").autocomplete("current-password").required()))
                    div.form-actions { (primary("Make ten new codes")) (quiet_link("/profile", "Cancel")) }
                }
            }
        }
    }
}

/// The recovery codes, shown once.
pub fn recovery_codes(codes: &[String]) -> Markup {
    html! { div.narrow { (views::recovery_codes(codes, "/profile")) } }
}

/// A new token with its secret, shown once, and how programs use it at `address`.
pub fn token(
    label: &str,
    secret: &str,
    scopes: &[Resource],
    ends_at: Stamp,
    address: &str,
    zone: Tz,
) -> Markup {
    let file = scopes.first().map_or("sites", |it| many_in_path(*it));
    html! {
        div.narrow {
            (page_head(&format!("Token: {label}"), &html! {}, &html! {}))
            section.card {
                div.stack {
                    (note(Note::Due, &html! { p { "The secret is shown only now. Whoever has it may take out what you allowed, in your name, until " (day(ends_at, zone)) "." } }))
                    (copyable("token", "The token's secret", secret))
                    div {
                        h3 { "In QGIS" }
                        p { "Add a vector layer of the protocol HTTP(S) with the address below. Choose basic authentication: any user name, and the secret as the password." }
                        p { code.raw { (address) "/export/" (file) ".geojson" } }
                    }
                    div {
                        h3 { "In a script" }
                        p { "Keep the secret in a variable, here FOCA_TOKEN, and out of the script itself." }
                        p { code.raw { "curl -H \"Authorization: Bearer $FOCA_TOKEN\" " (address) "/export/" (file) ".geojson -o " (file) ".geojson" } }
                    }
                    div.form-actions { a.usa-button href="/profile" { "I have kept it" } }
                }
            }
        }
    }
}

/// A secret in a field of its own, from which it can be copied.
pub(super) fn copyable(id: &str, label: &str, text: &str) -> Markup {
    html! {
        div.usa-form-group {
            label.usa-label for=(id) { (label) }
            div.copy {
                input.usa-input.mono id=(id) type="text" readonly value=(text) autocomplete="off" spellcheck="false";
                button.usa-button.neutral type="button" data-copy=(id) hidden { (icon(Icon::Records)) "Copy" }
            }
        }
    }
}

/// A part of the state in words.
pub fn area_words(reach: &Reach) -> String {
    match reach {
        Reach::State => "all of Minnesota".to_owned(),
        Reach::County(name) => format!("{name} County"),
        Reach::City(name) if name.is_empty() => "no area".to_owned(),
        Reach::City(name) => format!("the city of {name}"),
    }
}

/// `Nov 23, 2026, 14:32`.
pub(super) fn when(at: Stamp, zone: Tz) -> String {
    format::day_and_time(at.at(), &zone)
}

/// `Nov 23, 2026`.
pub(super) fn day(at: Stamp, zone: Tz) -> String {
    format::day(at.at().with_timezone(&zone).date_naive())
}

fn or_unknown(text: Option<&str>) -> Markup {
    text.map_or_else(unknown, |it| html! { (it) })
}

/// Browser and system as people call them, as far as the browser's own long name tells; else the beginning of that name.
fn browser(agent: &str) -> String {
    const BROWSERS: [(&str, &str); 9] = [
        ("Edg", "Edge"),
        ("OPR/", "Opera"),
        ("FxiOS", "Firefox"),
        ("Firefox", "Firefox"),
        ("CriOS", "Chrome"),
        ("HeadlessChrome", "Chrome"),
        ("Chrome", "Chrome"),
        ("Safari", "Safari"),
        ("curl", "curl"),
    ];
    const SYSTEMS: [(&str, &str); 7] = [
        ("Windows", "Windows"),
        ("Android", "Android"),
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Mac OS", "macOS"),
        ("CrOS", "ChromeOS"),
        ("Linux", "Linux"),
    ];
    let find = |list: &[(&str, &'static str)]| list.iter().find(|it| agent.contains(it.0)).map(|it| it.1);
    match (find(&BROWSERS), find(&SYSTEMS)) {
        (Some(browser), Some(system)) => format!("{browser} on {system}"),
        (Some(browser), None) => browser.to_owned(),
        (None, _) => agent.chars().take(40).collect(),
    }
}

fn capitalized(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().map(|it| it.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

/// The file of a kind of row under `/export/`; standings stand in that of the sites.
fn many_in_path(resource: Resource) -> &'static str {
    match resource {
        Resource::Standing => "sites",
        other => many(other),
    }
}

fn many(resource: Resource) -> &'static str {
    match resource {
        Resource::Area => "areas",
        Resource::Site => "sites",
        Resource::Place => "sensitive places",
        Resource::Finding => "findings of rules",
        Resource::Party => "parties",
        Resource::License => "licenses",
        Resource::Inspection => "inspections",
        Resource::Complaint => "complaints",
        Resource::Complainant => "who complained",
        Resource::Incident => "incidents",
        Resource::Link => "links",
        Resource::Succession => "reopenings",
        Resource::Application => "applications",
        Resource::Standing => "scores and reasons",
        Resource::Import => "imports",
        Resource::DeniedPlace => "protected places",
        Resource::Look => "who looked",
        Resource::Account => "accounts",
        Resource::Audit => "the log",
    }
}

fn one(resource: Resource) -> &'static str {
    match resource {
        Resource::Area => "an area",
        Resource::Site => "a site",
        Resource::Place => "a sensitive place",
        Resource::Finding => "a finding of a rule",
        Resource::Party => "a party",
        Resource::License => "a license",
        Resource::Inspection => "an inspection",
        Resource::Complaint => "a complaint",
        Resource::Complainant => "who complained",
        Resource::Incident => "an incident",
        Resource::Link => "a link",
        Resource::Succession => "a reopening",
        Resource::Application => "an application",
        Resource::Standing => "a score",
        Resource::Import => "an import",
        Resource::DeniedPlace => "a protected place",
        Resource::Look => "who looked",
        Resource::Account => "an account",
        Resource::Audit => "the log",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_browser_is_called_as_people_call_it() {
        let edge = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0";
        let phone = "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1 Version/19.0 Safari/604.1";

        assert_eq!(browser(edge), "Edge on Windows");
        assert_eq!(browser(phone), "Safari on iPhone");
        assert_eq!(browser("agency-script/2"), "agency-script/2");
    }

    #[test]
    fn details_leave_out_ids_and_what_stands_in_the_link() {
        let detail = serde_json::json!({
            "page": "/sites/{id}", "second_factor": "set up", "token": "01931c1e-0000-7000-8000-000000000000",
            "before": {"role": "analyst"},
        });

        assert_eq!(details(&detail), "second factor: set up");
    }

    #[test]
    fn a_token_lives_no_longer_than_the_rules_allow() {
        let days = |longest| lives(longest).into_iter().map(|it| it.0).collect::<Vec<_>>();

        assert_eq!(days(365), ["7", "30", "90", "180", "365"]);
        assert_eq!(days(30), ["7", "30"]);
        assert_eq!(days(3), ["3"]);
    }

    #[test]
    fn an_area_is_told_in_words() {
        assert_eq!(area_words(&Reach::State), "all of Minnesota");
        assert_eq!(area_words(&Reach::County("Hennepin".to_owned())), "Hennepin County");
        assert_eq!(area_words(&Reach::City("Duluth".to_owned())), "the city of Duluth");
    }
}
