//! The pages before the way in.

use maud::{Markup, PreEscaped, html};

use super::policy::Banner;
use super::{Account, Purpose};
use crate::web::extract::Params;
use crate::web::filled::Typed;
use crate::web::ui::{
    Field, Icon, Note, field_hidden, field_password, field_text, icon, note, page_head, primary,
};

/// What is said when name and password do not fit, for whatever reason.
pub const REFUSED: &str = "This did not open FOCA. Check both, and whether Caps Lock is on. If you are sure of them, your \
    account may be locked or out of use: whoever administers FOCA in your agency can tell.";
/// What is said after too many attempts from one address.
pub const TOO_OFTEN: &str =
    "Too many attempts came from this network address. Wait some minutes, then try again.";
/// What is said of a wrong code.
pub const CODE_REFUSED: &str =
    "This code does not fit, or it was used already. Wait for the next one in your app.";
/// What is said of a wrong password where the account is known.
pub const PASSWORD_REFUSED: &str =
    "This is not your password. After too many failures the account is locked.";

/// Name and password; `roles` are the buttons of the demonstration, word and title.
pub fn sign_in(params: &Params, refused: Option<&str>, roles: &[(String, String)]) -> Markup {
    html! {
        section.card.box {
            form.stack method="post" action="/sign-in" {
                h1 { "Sign in" }
                @if let Some(reason) = refused { (refusal(reason)) }
                @if params.get("chosen").is_some() { (note(Note::Ok, &html! { "Your password is chosen. Sign in with it." })) }
                (carried(params))
                (field_text(Field::new("name", "Work email").value(params.get("name").unwrap_or_default()).autocomplete("username").required()))
                (field_password(Field::new("password", "Password").autocomplete("current-password").required()))
                (primary("Sign in"))
                p.meta {
                    @if roles.is_empty() { "Then a code from your authenticator app." br; } a href="/sign-in/help" { "I cannot sign in" } }
            }
        }
        @if !roles.is_empty() { (demo(params, roles)) }
        p.meta.below { "For authorized staff. What you open is recorded, with your name and the time. You can see your own log at any time." }
    }
}

/// A button for each role of the demonstration.
fn demo(params: &Params, roles: &[(String, String)]) -> Markup {
    html! {
        section.card.box {
            form.stack method="post" action="/sign-in/demo" {
                h2 { "Look around as" }
                (carried(params))
                div.roles { @for (word, title) in roles { button.usa-button.neutral type="submit" name="role" value=(word) { (title) } } }
            }
        }
    }
}

/// The code of the app, or a recovery code.
pub fn code(params: &Params, refused: Option<&str>) -> Markup {
    html! {
        section.card.box {
            form.stack method="post" action="/sign-in/code" {
                h1 { "Second factor" }
                @if let Some(reason) = refused { (refusal(reason)) }
                (carried(params))
                (field_text(Field::new("code", "Code from your authenticator app").hint("Six digits. Without your phone: one of your recovery codes.").autocomplete("one-time-code").required()))
                (primary("Go on"))
            }
            (leave())
        }
    }
}

/// How a second factor is set up: the square, the secret in letters, the first code.
pub fn set_up(kept: &str, square: Option<&(String, i32)>, params: &Params, refused: bool) -> Markup {
    html! {
        section.card.box {
            form.stack method="post" action="/sign-in/set-up" {
                h1 { "Set up the second factor" }
                @if refused { (refusal("This code does not fit. Check the time of your phone, and type the code that the app shows now.")) }
                (square_and_secret(kept, square))
                (carried(params))
                (field_hidden("secret", kept))
                (field_text(Field::new("code", "The six digits that the app shows now").autocomplete("one-time-code").required()))
                (primary("Use this app"))
            }
            (leave())
        }
    }
}

/// The square for the app's camera, and the same in letters.
pub fn square_and_secret(kept: &str, square: Option<&(String, i32)>) -> Markup {
    html! {
        p { "Open an authenticator app on your phone, add an account, and point the camera at this square." }
        @if let Some((path, side)) = square {
            svg.qr viewBox={ "-4 -4 " (side + 8) " " (side + 8) } role="img" aria-label="The secret as a square for the camera; it stands below in letters" {
                rect x="-4" y="-4" width=(side + 8) height=(side + 8) fill="#fff" {}
                (PreEscaped(format!("<path d=\"{path}\" fill=\"#000\"/>")))
            }
        }
        p.meta { "Or type this secret into the app:" br; code.secret { (grouped(kept)) } }
    }
}

/// Letters in groups of four, which are easier to type.
fn grouped(text: &str) -> String {
    let letters: Vec<char> = text.chars().collect();
    letters.chunks(4).map(|it| it.iter().collect::<String>()).collect::<Vec<_>>().join(" ")
}

/// The recovery codes, shown once; `on` is where to go then.
pub fn recovery_codes(codes: &[String], on: &str) -> Markup {
    html! {
        section.card.box {
            h1 { "Keep these recovery codes" }
            p { "Each opens FOCA once when your phone is not at hand. They are shown only now: print them or write them down, and keep them apart from your phone." }
            ul.codes { @for it in codes { li { code { (it) } } } }
            div.form-actions {
                a.usa-button href=(on) { "I have kept them" }
                button.usa-button.neutral type="button" data-print hidden { "Print them" }
            }
        }
    }
}

/// What is said before access.
pub fn banner(banner: &Banner, params: &Params) -> Markup {
    html! {
        section.card.box.wide {
            form.stack method="post" action="/sign-in/banner" {
                h1 { (banner.title) }
                ul.plain { @for it in &banner.text { li { (it) } } }
                (carried(params))
                (primary("I agree, go on"))
            }
            (leave())
        }
    }
}

/// Another password, because this one has grown old.
pub fn renew(form: Typed<'_>) -> Markup {
    html! {
        section.card.box {
            form.stack method="post" action="/sign-in/renew" {
                h1 { "Choose a new password" }
                (form.summary())
                p { "Your password is a year old. Choose another before you go on." }
                (carried(form.values))
                (field_password(form.field("current", "Your password so far").autocomplete("current-password").required()))
                (new_password(form))
                (primary("Use this password"))
            }
            (leave())
        }
    }
}

/// The two fields of a password that is chosen.
pub fn new_password(form: Typed<'_>) -> Markup {
    html! {
        (field_password(form.field("password", "New password").hint("At least 8 characters of any kind, spaces too. A few words are easy to keep in mind.").autocomplete("new-password").required()))
        (field_password(form.field("repeated", "The same again").autocomplete("new-password").required()))
    }
}

/// The password again; the page behind it is hidden meanwhile.
pub fn again(account: &Account, params: &Params, refused: Option<&str>) -> Markup {
    html! {
        section.card.box {
            form.stack method="post" action="/sign-in/again" {
                h1 { "Your password again" }
                @if let Some(reason) = refused { (refusal(reason)) }
                p { "You are signed in as " b { (account.full_name) } ". The password is asked again after a rest, and before what changes somebody's rights." }
                (carried(params))
                (field_password(Field::new("password", "Password").autocomplete("current-password").required()))
                (primary("Go on"))
            }
            (leave())
        }
    }
}

/// On which the owner of a link chooses a password.
pub fn welcome(account: &Account, purpose: Purpose, form: Typed<'_>) -> Markup {
    html! {
        section.card.box {
            form.stack method="post" action="/welcome" {
                h1 { @match purpose { Purpose::Invitation => "Welcome to FOCA", Purpose::Reset => "Choose a new password" } }
                (form.summary())
                p { "For " b { (account.full_name) } ". You sign in as " b { (account.sign_in) } "." }
                input type="hidden" autocomplete="username" name="name" value=(account.sign_in);
                (new_password(form))
                (primary("Use this password"))
            }
        }
    }
}

/// A link that does not work.
pub fn no_link() -> Markup {
    html! {
        section.card.box {
            h1 { "This link does not work" }
            p { "A link works once, for a limited time, and a newer one takes its place. Ask whoever administers FOCA in your agency for a new one." }
            p { a href="/sign-in" { "To the sign-in page" } }
        }
    }
}

/// What to do for who cannot sign in.
pub fn help() -> Markup {
    html! {
        section.card.box.wide {
            (page_head("I cannot sign in", &html! {}, &html! {}))
            dl.kv {
                dt { "Password forgotten" } dd { "Whoever administers FOCA in your agency can give you a link on which you choose another." }
                dt { "Phone not at hand" } dd { "Type one of your recovery codes in the place of the code. Without these, the administrator can take the second factor off, and you set up a new one." }
                dt { "Too many failures" } dd { "Five within a quarter of an hour lock an account until the administrator releases it. Nobody but you and the administrator need know." }
                dt { "Long not used" } dd { "An account that nobody used for 90 days is disabled. The administrator can enable it again." }
                dt { "No administrator can sign in" } dd { "Whoever runs the server can release an account there: " code { "foca user unlock NAME" } "." }
            }
            p { a href="/sign-in" { "To the sign-in page" } }
        }
    }
}

/// Why it did not go on, read out at once.
fn refusal(reason: &str) -> Markup {
    html! { div.note.err role="alert" tabindex="-1" id="errors" { (icon(Icon::Warning)) p { (reason) } } }
}

/// Where to go afterwards, carried along.
fn carried(params: &Params) -> Markup {
    html! { @if let Some(next) = params.get("next") { (field_hidden("next", next)) } }
}

fn leave() -> Markup {
    html! {
        form.leave method="post" action="/sign-out" { button.usa-button.quiet type="submit" { "Sign out" } }
    }
}
