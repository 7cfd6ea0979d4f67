//! Handlers of one's own account: password, second factor, recovery codes, sessions and tokens. Each change is logged.

use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use chrono::TimeDelta;
use maud::Markup;

use super::door::Door;
use super::extract::{Caller, caller, session_header};
use super::profile_views::{self, Profile};
use super::sessions::{self, SessionId};
use super::sign_in::{self, Visit};
use super::tokens::{self, TokenId};
use super::{links, second_factor, secret, store};
use crate::audit::{self, Act, Entry};
use crate::rights::{Permission, Resource, Viewer};
use crate::web::extract::{Form, Params, Path};
use crate::web::filled::{Filled, Flaws, Typed, shown_again};
use crate::web::frame::Frame;
use crate::web::layout::Nav;
use crate::web::{self, Error};

/// So many of the last acts are shown.
const LATELY: u32 = 20;
/// What is said of a wrong password.
const NOT_YOURS: &str = "This is not your password. Type it anew.";
/// What is said of a code that does not fit.
const NO_CODE: &str =
    "This code does not fit. Check the time of your phone, and type the code that the app shows now.";

/// Who has signed in, and by which session.
#[derive(Debug)]
struct Person {
    visit: Visit,
    viewer: Viewer,
}

impl Person {
    /// What is logged of a change of the own account.
    fn entry(&self) -> Entry {
        Entry::new(Act::Administer).on(Resource::Account).about(self.visit.account.id.0)
    }
}

/// The page of one's own account.
pub async fn show(door: Door, frame: Frame, headers: HeaderMap, params: Params) -> web::Result<Markup> {
    let person = person(&door, &headers).await?;
    page(&door, &frame, &person, Typed { values: &params, flaws: &Flaws::default() }).await
}

/// Somebody still works: the session does not grow idle.
pub async fn alive() -> StatusCode {
    StatusCode::NO_CONTENT
}

/// Takes another password; the other sessions end, and this one goes on under another secret.
pub async fn password(
    door: Door,
    frame: Frame,
    headers: HeaderMap,
    Form(params): Form,
) -> web::Result<Response> {
    let person = person(&door, &headers).await?;
    match links::renew(&door, &person.visit, &params).await? {
        Ok(secret) => Ok((session_header(&door, Some(&secret)), saved("password")).into_response()),
        Err(flaws) => again(&door, &frame, &person, &params, &flaws).await,
    }
}

/// The page that sets up the second factor, or moves it to another app.
pub async fn second_factor(door: Door, frame: Frame, headers: HeaderMap) -> web::Result<Markup> {
    let person = person(&door, &headers).await?;
    let form = Typed { values: &Params::default(), flaws: &Flaws::default() };
    Ok(show_second_factor(&frame, &person, &second_factor::new_secret()?, form))
}

/// Takes the first code of another second factor from who types the password, and shows the recovery codes.
pub async fn set_second_factor(
    door: Door,
    frame: Frame,
    headers: HeaderMap,
    Form(params): Form,
) -> web::Result<Response> {
    let person = person(&door, &headers).await?;
    let (kept, code) = (params.get("secret").unwrap_or_default(), params.get("code").unwrap_or_default());
    let proved = is_proved(&door, &person, &params).await?;
    let set_up = if proved { sign_in::set_up(&door, &person.visit, kept, code).await? } else { None };
    if let Some((secret, codes)) = set_up {
        let page = within(&frame, "Recovery codes", profile_views::recovery_codes(&codes));
        return Ok((session_header(&door, Some(&secret)), page).into_response());
    }
    let mut flaws = Flaws::default();
    let (field, reason) = if proved { ("code", NO_CODE) } else { ("current", NOT_YOURS) };
    flaws.add(field, reason);
    // The square stays, so that the app need not be set up again for a mistyped digit.
    let kept = if second_factor::is_secret(kept) { kept.to_owned() } else { second_factor::new_secret()? };
    let page = show_second_factor(&frame, &person, &kept, Typed { values: &params, flaws: &flaws });
    Ok(shown_again(StatusCode::UNPROCESSABLE_ENTITY, page))
}

fn show_second_factor(frame: &Frame, person: &Person, kept: &str, form: Typed<'_>) -> Markup {
    let account = &person.visit.account;
    let square = second_factor::square(&second_factor::address(kept, &account.sign_in));
    within(frame, "Second factor", profile_views::second_factor(account, kept, square.as_ref(), form))
}

/// The page that asks for the password before new recovery codes are made.
pub async fn new_recovery_codes(door: Door, frame: Frame, headers: HeaderMap) -> web::Result<Markup> {
    let person = with_second_factor(person(&door, &headers).await?)?;
    let form = Typed { values: &Params::default(), flaws: &Flaws::default() };
    show_new_recovery_codes(&door, &frame, &person, form).await
}

/// Makes new recovery codes, in the place of all others, and shows them once.
pub async fn recovery_codes(
    door: Door,
    frame: Frame,
    headers: HeaderMap,
    Form(params): Form,
) -> web::Result<Response> {
    let person = with_second_factor(person(&door, &headers).await?)?;
    if !is_proved(&door, &person, &params).await? {
        let mut flaws = Flaws::default();
        flaws.add("current", NOT_YOURS);
        let form = Typed { values: &params, flaws: &flaws };
        let page = show_new_recovery_codes(&door, &frame, &person, form).await?;
        return Ok(shown_again(StatusCode::UNPROCESSABLE_ENTITY, page));
    }
    let codes =
        (0..sign_in::RECOVERY_CODES).map(|_| secret::code()).collect::<anyhow::Result<Vec<String>>>()?;
    let digests: Vec<String> = codes.iter().map(|it| secret::digest(it)).collect();
    let mut tx = door.db.begin().await?;
    store::set_recovery_codes(&mut tx, person.visit.account.id, &digests).await?;
    let entry = person.entry().with("recovery_codes", "made anew");
    audit::store::commit(tx, door.clock, &person.viewer, &entry).await?;
    Ok(within(&frame, "Recovery codes", profile_views::recovery_codes(&codes)).into_response())
}

async fn show_new_recovery_codes(
    door: &Door,
    frame: &Frame,
    person: &Person,
    form: Typed<'_>,
) -> web::Result<Markup> {
    let n_codes = store::n_recovery_codes(&door.db, person.visit.account.id).await?;
    Ok(within(frame, "New recovery codes", profile_views::new_recovery_codes(n_codes, form)))
}

fn with_second_factor(person: Person) -> web::Result<Person> {
    if person.visit.account.has_second_factor {
        return Ok(person);
    }
    let why = "Recovery codes go with a second factor. Set it up first: it brings ten of them.";
    Err(Error::Conflict(why.to_owned()))
}

/// Ends one session.
pub async fn end_session(door: Door, headers: HeaderMap, Path(id): Path<SessionId>) -> web::Result<Redirect> {
    let person = person(&door, &headers).await?;
    let mut tx = door.db.begin().await?;
    if !sessions::end(&mut tx, person.visit.account.id, id, door.now()).await? {
        return Err(Error::NotFound("session"));
    }
    let entry = person.entry().with("ended_session", id);
    audit::store::commit(tx, door.clock, &person.viewer, &entry).await?;
    Ok(saved("session"))
}

/// Ends all sessions but this one.
pub async fn end_other_sessions(door: Door, headers: HeaderMap) -> web::Result<Redirect> {
    let person = person(&door, &headers).await?;
    let mut tx = door.db.begin().await?;
    let here = Some(person.visit.session.id);
    let n_ended = sessions::end_all(&mut tx, person.visit.account.id, here, door.now()).await?;
    let entry = person.entry().with("ended_sessions", n_ended);
    audit::store::commit(tx, door.clock, &person.viewer, &entry).await?;
    Ok(saved("sessions"))
}

/// Makes a token and shows its secret once.
pub async fn make_token(
    door: Door,
    frame: Frame,
    headers: HeaderMap,
    Form(params): Form,
) -> web::Result<Response> {
    let person = person(&door, &headers).await?;
    let wanted = match read_token(&params, &tokens::scopes(&person.viewer), door.accounts.policy().token_days)
    {
        Ok(wanted) => wanted,
        Err(flaws) => return again(&door, &frame, &person, &params, &flaws).await,
    };
    let ends_at = door.now().plus(TimeDelta::days(wanted.days.into()));
    let what = (wanted.label.as_str(), wanted.scopes.as_slice());
    let mut tx = door.db.begin().await?;
    let (id, secret) = tokens::make(&mut tx, door.clock, &person.visit.account, what, ends_at).await?;
    let entry = person.entry().with("made_token", id).with("scopes", what.1).with("ends_at", ends_at);
    audit::store::commit(tx, door.clock, &person.viewer, &entry).await?;
    let address = door.serve.address();
    let shown = profile_views::token(what.0, &secret, what.1, ends_at, &address, frame.zone);
    Ok(within(&frame, "New token", shown).into_response())
}

/// A token as the form asks for it.
#[derive(Debug)]
struct Wanted {
    label: String,
    scopes: Vec<Resource>,
    days: u16,
}

fn read_token(params: &Params, allowed: &[Resource], longest: u16) -> Result<Wanted, Flaws> {
    let mut form = Filled::new(params);
    let label = form.needed("label", "Say what uses it, such as: QGIS on my desk.");
    let advice = format!("Choose from 1 to {longest} days.");
    let days = form.chosen::<u16>("days", &advice);
    if days.is_some_and(|it| it == 0 || it > longest) {
        form.flaws.add("days", advice);
    }
    let is_wanted = |scope: &Resource| params.list("scope").any(|it| it == scope.as_str());
    let scopes: Vec<Resource> = allowed.iter().copied().filter(is_wanted).collect();
    if scopes.is_empty() {
        form.flaws.add("scope", "Choose at least one.");
    } else if params.list("scope").any(|word| allowed.iter().all(|it| it.as_str() != word)) {
        form.flaws.add("scope", "You may not take all of this out. Choose from this list.");
    } else if scopes == [Resource::Standing] {
        form.flaws.add("scope", "Scores and reasons go with the sites. Choose sites as well.");
    }
    match days {
        Some(days) if form.flaws.is_empty() => Ok(Wanted { label, scopes, days }),
        _ => Err(form.flaws),
    }
}

/// Ends a token.
pub async fn end_token(door: Door, headers: HeaderMap, Path(id): Path<TokenId>) -> web::Result<Redirect> {
    let person = person(&door, &headers).await?;
    let mut tx = door.db.begin().await?;
    if !tokens::end(&mut tx, person.visit.account.id, id, door.now()).await? {
        return Err(Error::NotFound("token"));
    }
    let entry = person.entry().with("ended_token", id);
    audit::store::commit(tx, door.clock, &person.viewer, &entry).await?;
    Ok(saved("token"))
}

/// Who has signed in; the session may have ended since the request passed the gate.
async fn person(door: &Door, headers: &HeaderMap) -> web::Result<Person> {
    match caller(door, headers).await? {
        Caller::Person(visit, viewer) => Ok(Person { visit: *visit, viewer }),
        _ => Err(Error::SignIn),
    }
}

/// Whether the form holds the person's password.
async fn is_proved(door: &Door, person: &Person, params: &Params) -> web::Result<bool> {
    let typed = params.raw("current").unwrap_or_default().to_owned();
    Ok(sign_in::prove(door, &person.visit, typed).await?)
}

async fn page(door: &Door, frame: &Frame, person: &Person, form: Typed<'_>) -> web::Result<Markup> {
    let (account, now, policy) = (&person.visit.account, door.now(), door.accounts.policy());
    let mut sessions = sessions::of(&door.db, account.id, now.plus(-policy.session())).await?;
    sessions.retain(|it| it.seen_at.age(now) <= policy.disconnect());
    let profile = Profile {
        account,
        role: person.viewer.role_title(),
        here: person.visit.session.id,
        sessions: &sessions,
        tokens: &tokens::of(&door.db, account.id, now).await?,
        scopes: &tokens::scopes(&person.viewer),
        token_days: policy.token_days,
        n_codes: store::n_recovery_codes(&door.db, account.id).await?,
        lately: &audit::store::own(&door.db, &person.viewer, LATELY).await?,
        keeps_protected_places: person.viewer.is_permitted(Permission::Change(Resource::DeniedPlace)),
        zone: frame.zone,
    };
    Ok(frame.page("Your account").nav(Nav::Profile).show(profile_views::show(&profile, form)))
}

/// The page with what is to be mended.
async fn again(
    door: &Door,
    frame: &Frame,
    person: &Person,
    params: &Params,
    flaws: &Flaws,
) -> web::Result<Response> {
    let page = page(door, frame, person, Typed { values: params, flaws }).await?;
    Ok(shown_again(StatusCode::UNPROCESSABLE_ENTITY, page))
}

/// A page below that of the own account.
fn within(frame: &Frame, title: &str, fragment: Markup) -> Markup {
    let crumbs = vec![("Your account".to_owned(), "/profile".to_owned())];
    frame.page(title).nav(Nav::Profile).crumbs(crumbs).show(fragment)
}

fn saved(what: &str) -> Redirect {
    Redirect::to(&format!("/profile?saved={what}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALLOWED: [Resource; 3] = [Resource::Site, Resource::Standing, Resource::License];

    fn flaws(form: &str) -> Vec<String> {
        let read = read_token(&Params::parse(form.as_bytes()), &ALLOWED, 365);
        read.err().map(|it| it.pairs().iter().map(|it| it.0.to_owned()).collect()).unwrap_or_default()
    }

    #[test]
    fn a_token_takes_out_only_what_its_person_may() {
        assert!(flaws("label=QGIS&days=30&scope=site&scope=standing").is_empty());
        assert_eq!(flaws("label=QGIS&days=30&scope=incident&scope=site"), ["scope"]);
        assert_eq!(flaws("label=QGIS&days=30&scope=incident"), ["scope"]);
        assert_eq!(flaws("label=QGIS&days=30&scope=standing"), ["scope"]);
        assert_eq!(flaws("days=366"), ["label", "days", "scope"]);
        assert_eq!(flaws("label=x&days=0&scope=site"), ["days"]);
        assert_eq!(flaws("label=x&days=-1&scope=license"), ["days"]);
    }
}
