//! Handlers of the way in and out: password, second factor, banner; a link that works once; the password again.

use axum::http::{HeaderMap, HeaderName, StatusCode, header};
use axum::response::{AppendHeaders, IntoResponse, Redirect, Response};
use maud::Markup;

use super::door::Door;
use super::extract::{self, Caller, caller, session_header};
use super::sign_in::{self, Attempt, Step, Visit};
use super::{Account, Purpose, links, second_factor, views};
use crate::web::extract::{Form, Params, Path};
use crate::web::filled::{Flaws, Typed, shown_again};
use crate::web::frame::Frame;
use crate::web::{self, Error, OrNotFound, urls};

/// The cookie that carries the secret of a link from its address to its form, so that no address keeps it.
const LINK: &str = "foca-link";

/// The page that asks for name and password; who has come further goes on from there.
pub async fn sign_in(door: Door, frame: Frame, headers: HeaderMap, params: Params) -> web::Result<Response> {
    match caller(&door, &headers).await? {
        Caller::Person(..) => Ok(on(&params)),
        Caller::OnTheWay(_, step) => Ok(to_step(step, &params)),
        _ => {
            Ok(door_page(&frame, "Sign in", views::sign_in(&params, None, &demo_roles(&door)))
                .into_response())
        }
    }
}

/// Takes name and password.
pub async fn enter(
    door: Door,
    frame: Frame,
    headers: HeaderMap,
    Form(params): Form,
) -> web::Result<Response> {
    if !door.accounts.may_try(door.origin.address.as_deref()) {
        let page = views::sign_in(&params, Some(views::TOO_OFTEN), &demo_roles(&door));
        return Ok(shown_again(StatusCode::TOO_MANY_REQUESTS, door_page(&frame, "Sign in", page)));
    }
    let (name, typed) = (params.get("name").unwrap_or_default(), params.raw("password").unwrap_or_default());
    begin(&door, &frame, &headers, &params, name, typed).await
}

/// Signs in as an invented person of the demonstration, by a button for each role.
pub async fn enter_demo(
    door: Door,
    frame: Frame,
    headers: HeaderMap,
    Form(params): Form,
) -> web::Result<Response> {
    if !door.demo {
        return Err(Error::NotFound("page"));
    }
    let role = params.get("role").unwrap_or_default();
    let person = super::demo::person_of(role).ok_or_not_found("role")?;
    begin(&door, &frame, &headers, &params, person.sign_in, super::demo::PASSWORD).await
}

async fn begin(
    door: &Door,
    frame: &Frame,
    headers: &HeaderMap,
    params: &Params,
    name: &str,
    typed: &str,
) -> web::Result<Response> {
    let before = caller(door, headers).await?;
    match sign_in::with_password(door, name, typed.to_owned()).await? {
        Attempt::Passed(secret) => {
            // Whoever sat here before is gone, and no cookie of before the sign-in is worth anything after it.
            if let Some(visit) = before.visit() {
                sign_in::out(door, visit).await?;
            }
            let next = Redirect::to(&urls::with_next("/sign-in", params.get("next")));
            Ok((session_header(door, Some(&secret)), next).into_response())
        }
        Attempt::Refused => {
            let page = views::sign_in(params, Some(views::REFUSED), &demo_roles(door));
            Ok(shown_again(StatusCode::UNAUTHORIZED, door_page(frame, "Sign in", page)))
        }
    }
}

/// The page that asks for the code of the authenticator app.
pub async fn code(door: Door, frame: Frame, headers: HeaderMap, params: Params) -> web::Result<Response> {
    match at_step(&door, &headers, &params, Step::Code).await? {
        Ok(_) => Ok(door_page(&frame, "Second factor", views::code(&params, None)).into_response()),
        Err(elsewhere) => Ok(elsewhere),
    }
}

/// Takes the code, or a recovery code.
pub async fn enter_code(
    door: Door,
    frame: Frame,
    headers: HeaderMap,
    Form(params): Form,
) -> web::Result<Response> {
    let visit = match at_step(&door, &headers, &params, Step::Code).await? {
        Ok(visit) => visit,
        Err(elsewhere) => return Ok(elsewhere),
    };
    match sign_in::with_code(&door, &visit, params.get("code").unwrap_or_default()).await? {
        Attempt::Passed(secret) => Ok(forward(&door, &secret, &params)),
        Attempt::Refused => {
            let page = door_page(&frame, "Second factor", views::code(&params, Some(views::CODE_REFUSED)));
            Ok(shown_again(StatusCode::UNAUTHORIZED, page))
        }
    }
}

/// The page that sets up the second factor.
pub async fn set_up(door: Door, frame: Frame, headers: HeaderMap, params: Params) -> web::Result<Response> {
    match at_step(&door, &headers, &params, Step::SetUp).await? {
        Ok(visit) => show_set_up(&frame, &visit.account, &second_factor::new_secret()?, &params, false),
        Err(elsewhere) => Ok(elsewhere),
    }
}

/// Takes the first code of a new second factor, and shows the recovery codes.
pub async fn enter_set_up(
    door: Door,
    frame: Frame,
    headers: HeaderMap,
    Form(params): Form,
) -> web::Result<Response> {
    let visit = match at_step(&door, &headers, &params, Step::SetUp).await? {
        Ok(visit) => visit,
        Err(elsewhere) => return Ok(elsewhere),
    };
    let kept = params.get("secret").unwrap_or_default();
    match sign_in::set_up(&door, &visit, kept, params.get("code").unwrap_or_default()).await? {
        Some((secret, codes)) => {
            let on = urls::with_next(Step::Banner.path(), params.get("next"));
            let page = door_page(&frame, "Recovery codes", views::recovery_codes(&codes, &on));
            Ok((session_header(&door, Some(&secret)), page).into_response())
        }
        None => {
            let kept =
                if second_factor::is_secret(kept) { kept.to_owned() } else { second_factor::new_secret()? };
            show_set_up(&frame, &visit.account, &kept, &params, true)
        }
    }
}

fn show_set_up(
    frame: &Frame,
    account: &Account,
    kept: &str,
    params: &Params,
    refused: bool,
) -> web::Result<Response> {
    let address = second_factor::address(kept, &account.sign_in);
    let square = second_factor::square(&address);
    let page = door_page(frame, "Second factor", views::set_up(kept, square.as_ref(), params, refused));
    Ok(if refused { shown_again(StatusCode::UNPROCESSABLE_ENTITY, page) } else { page.into_response() })
}

/// The page with the banner.
pub async fn banner(door: Door, frame: Frame, headers: HeaderMap, params: Params) -> web::Result<Response> {
    match at_step(&door, &headers, &params, Step::Banner).await? {
        Ok(_) => {
            let banner = &door.accounts.policy().banner;
            Ok(door_page(&frame, &banner.title, views::banner(banner, &params)).into_response())
        }
        Err(elsewhere) => Ok(elsewhere),
    }
}

/// Takes the acknowledgment.
pub async fn acknowledge(door: Door, headers: HeaderMap, Form(params): Form) -> web::Result<Response> {
    let visit = match at_step(&door, &headers, &params, Step::Banner).await? {
        Ok(visit) => visit,
        Err(elsewhere) => return Ok(elsewhere),
    };
    match sign_in::acknowledge(&door, &visit).await? {
        Attempt::Passed(secret) => Ok(forward(&door, &secret, &params)),
        Attempt::Refused => Ok(Redirect::to("/sign-in").into_response()),
    }
}

/// The page that asks for another password, because this one has grown old.
pub async fn renew(door: Door, frame: Frame, headers: HeaderMap, params: Params) -> web::Result<Response> {
    match at_step(&door, &headers, &params, Step::Renew).await? {
        Ok(_) => Ok(show_renew(&frame, &params, &Flaws::default()).into_response()),
        Err(elsewhere) => Ok(elsewhere),
    }
}

/// Takes another password.
pub async fn enter_renew(
    door: Door,
    frame: Frame,
    headers: HeaderMap,
    Form(params): Form,
) -> web::Result<Response> {
    let visit = match at_step(&door, &headers, &params, Step::Renew).await? {
        Ok(visit) => visit,
        Err(elsewhere) => return Ok(elsewhere),
    };
    match links::renew(&door, &visit, &params).await? {
        Ok(secret) => Ok(forward(&door, &secret, &params)),
        Err(flaws) => Ok(shown_again(StatusCode::UNPROCESSABLE_ENTITY, show_renew(&frame, &params, &flaws))),
    }
}

fn show_renew(frame: &Frame, params: &Params, flaws: &Flaws) -> Markup {
    door_page(frame, "Choose a new password", views::renew(Typed { values: params, flaws }))
}

/// The page that asks for the password again: after a rest, and before an act that needs it.
pub async fn again(door: Door, frame: Frame, headers: HeaderMap, params: Params) -> web::Result<Response> {
    match caller(&door, &headers).await? {
        Caller::Away(visit) | Caller::Person(visit, _) => {
            Ok(door_page(&frame, "Your password again", views::again(&visit.account, &params, None))
                .into_response())
        }
        _ => Ok(Redirect::to(&urls::with_next("/sign-in", params.get("next"))).into_response()),
    }
}

/// Takes the password again.
pub async fn enter_again(
    door: Door,
    frame: Frame,
    headers: HeaderMap,
    Form(params): Form,
) -> web::Result<Response> {
    let (Caller::Away(visit) | Caller::Person(visit, _)) = caller(&door, &headers).await? else {
        return Ok(Redirect::to(&urls::with_next("/sign-in", params.get("next"))).into_response());
    };
    match sign_in::again(&door, &visit, params.raw("password").unwrap_or_default().to_owned()).await? {
        Attempt::Passed(secret) => Ok(forward(&door, &secret, &params)),
        Attempt::Refused => {
            let page = views::again(&visit.account, &params, Some(views::PASSWORD_REFUSED));
            Ok(shown_again(StatusCode::UNAUTHORIZED, door_page(&frame, "Your password again", page)))
        }
    }
}

/// Signs out.
pub async fn sign_out(door: Door, headers: HeaderMap) -> web::Result<Response> {
    if let Some(visit) = caller(&door, &headers).await?.visit() {
        sign_in::out(&door, visit).await?;
    }
    // What the browser keeps of the pages goes, too.
    let clear = [(HeaderName::from_static("clear-site-data"), "\"cache\", \"storage\"")];
    Ok((session_header(&door, None), clear, Redirect::to("/sign-in")).into_response())
}

/// What to do for who cannot sign in.
pub async fn help(frame: Frame) -> Markup {
    door_page(&frame, "I cannot sign in", views::help())
}

/// Takes the secret of a link out of the address, to where the form finds it.
pub async fn link(door: Door, Path(secret): Path<String>) -> Response {
    // What cannot be a secret is none, and would not fit into a header.
    let secret: String =
        secret.chars().filter(|it| it.is_ascii_alphanumeric() || "-_".contains(*it)).take(64).collect();
    let cookie = extract::set_cookie(&door, LINK, Some(&secret));
    ([(header::SET_COOKIE, cookie)], Redirect::to("/welcome")).into_response()
}

/// The page on which the owner of a link chooses a password.
pub async fn welcome(door: Door, frame: Frame, headers: HeaderMap) -> web::Result<Response> {
    let found = links::find(&door, &extract::cookie(&headers, LINK).unwrap_or_default()).await?;
    Ok(match found {
        Some((account, purpose)) => {
            show_welcome(&frame, &account, purpose, &Params::default(), &Flaws::default()).into_response()
        }
        None => {
            shown_again(StatusCode::NOT_FOUND, door_page(&frame, "The link does not work", views::no_link()))
        }
    })
}

/// Takes the password that the owner of a link has chosen.
pub async fn enter_welcome(
    door: Door,
    frame: Frame,
    headers: HeaderMap,
    Form(params): Form,
) -> web::Result<Response> {
    let secret = extract::cookie(&headers, LINK).unwrap_or_default();
    let Some((account, purpose)) = links::find(&door, &secret).await? else {
        return Ok(shown_again(
            StatusCode::NOT_FOUND,
            door_page(&frame, "The link does not work", views::no_link()),
        ));
    };
    match links::choose(&door, &account, purpose, &secret, &params).await? {
        Ok(()) => {
            let gone = extract::set_cookie(&door, LINK, None);
            Ok((AppendHeaders([(header::SET_COOKIE, gone)]), Redirect::to("/sign-in?chosen=1"))
                .into_response())
        }
        Err(flaws) => {
            let page = show_welcome(&frame, &account, purpose, &params, &flaws);
            Ok(shown_again(StatusCode::UNPROCESSABLE_ENTITY, page))
        }
    }
}

fn show_welcome(
    frame: &Frame,
    account: &Account,
    purpose: Purpose,
    params: &Params,
    flaws: &Flaws,
) -> Markup {
    door_page(frame, "Choose a password", views::welcome(account, purpose, Typed { values: params, flaws }))
}

/// The person who stands at `step`, or where else to go.
async fn at_step(
    door: &Door,
    headers: &HeaderMap,
    params: &Params,
    step: Step,
) -> web::Result<Result<Visit, Response>> {
    Ok(match caller(door, headers).await? {
        Caller::OnTheWay(visit, at) if at == step => Ok(*visit),
        Caller::OnTheWay(_, at) => Err(to_step(at, params)),
        Caller::Person(..) => Err(on(params)),
        _ => Err(Redirect::to(&urls::with_next("/sign-in", params.get("next"))).into_response()),
    })
}

fn to_step(step: Step, params: &Params) -> Response {
    Redirect::to(&urls::with_next(step.path(), params.get("next"))).into_response()
}

/// On with the new secret: to the next step, or in.
fn forward(door: &Door, secret: &str, params: &Params) -> Response {
    let next = Redirect::to(&urls::with_next("/sign-in", params.get("next")));
    (session_header(door, Some(secret)), next).into_response()
}

/// In: where the person wanted to go, or to the start page.
fn on(params: &Params) -> Response {
    Redirect::to(urls::local(params.get("next")).unwrap_or("/")).into_response()
}

/// The roles of the demonstration, as buttons offer them.
fn demo_roles(door: &Door) -> Vec<(String, String)> {
    if !door.demo {
        return Vec::new();
    }
    let roles = door.accounts.roles();
    let title = |it: &super::demo::Person| Some((it.role.to_owned(), roles.get(it.role)?.title.clone()));
    super::demo::PEOPLE.iter().filter_map(title).collect()
}

fn door_page(frame: &Frame, title: &str, fragment: Markup) -> Markup {
    frame.of(None).page(title).door().show(fragment)
}
