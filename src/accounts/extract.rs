//! Turns a request into a [`Viewer`]: by the cookie of a session or by a token, and else into nobody.

use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, header};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use cookie::{Cookie, SameSite};

use super::door::Door;
use super::sign_in::{Step, Visit};
use super::{Stage, State, secret, sessions, store, tokens};
use crate::clock::Stamp;
use crate::db;
use crate::rights::Viewer;

/// Who sends a request, as far as is known.
#[derive(Clone, Debug)]
pub enum Caller {
    /// Nobody, or somebody whose session has ended.
    Stranger,
    /// Somebody who shows a token that does not work.
    BadToken,
    /// A program with a token that works.
    Program(Viewer),
    /// Somebody on the way in.
    OnTheWay(Box<Visit>, Step),
    /// Somebody who was away for so long that the password is asked again.
    Away(Box<Visit>),
    /// A person who has signed in, and with which rights.
    Person(Box<Visit>, Viewer),
}

impl Caller {
    /// The session, however far it has come.
    pub fn visit(&self) -> Option<&Visit> {
        match self {
            Self::OnTheWay(visit, _) | Self::Away(visit) | Self::Person(visit, _) => Some(visit),
            Self::Stranger | Self::BadToken | Self::Program(_) => None,
        }
    }
}

// The last request of a session and the last use of a token are noted to the minute: a write for each would be a
// write for each read.
const NOTED: chrono::TimeDelta = chrono::TimeDelta::seconds(60);

/// Finds out who sends a request.
///
/// # Errors
/// The database does not answer.
pub async fn caller(door: &Door, headers: &HeaderMap) -> db::Result<Caller> {
    if let Some(authorization) = headers.get(header::AUTHORIZATION) {
        return Ok(program(door, authorization).await?.map_or(Caller::BadToken, Caller::Program));
    }
    let Some(visit) = visit(door, headers).await? else { return Ok(Caller::Stranger) };
    let (now, policy) = (door.now(), door.accounts.policy());
    let idle = visit.session.seen_at.age(now);
    if idle > policy.disconnect() || (idle > policy.idle() && visit.session.stage != Stage::Open) {
        return Ok(Caller::Stranger);
    }
    if idle > policy.idle() {
        return Ok(Caller::Away(Box::new(visit)));
    }
    if idle > NOTED {
        note_seen(door, &visit, now).await?;
    }
    if let Some(step) = visit.step(policy, door.demo, now) {
        return Ok(Caller::OnTheWay(Box::new(visit), step));
    }
    let viewer = door.person(&visit.account, visit.session.id);
    Ok(Caller::Person(Box::new(visit), viewer))
}

async fn note_seen(door: &Door, visit: &Visit, now: Stamp) -> db::Result<()> {
    let mut tx = door.db.begin().await?;
    sessions::seen(&mut tx, visit.session.id, now).await?;
    tx.commit().await
}

/// The session of the cookie, if it has not ended and its account may be used.
async fn visit(door: &Door, headers: &HeaderMap) -> db::Result<Option<Visit>> {
    let Some(secret) = cookie(headers, session_cookie(door)) else { return Ok(None) };
    let since = door.now().plus(-door.accounts.policy().session());
    let Some(session) = sessions::find(&door.db, &secret::digest(&secret), since).await? else {
        return Ok(None);
    };
    let account = store::of_bearer(&door.db, session.account_id).await?;
    Ok(account.filter(|it| it.state == State::Active).map(|account| Visit { session, account }))
}

/// The rights of a token, shown as a bearer or as the password of HTTP's basic scheme (RFC 6750, RFC 7617), whatever the
/// name beside it.
async fn program(door: &Door, authorization: &HeaderValue) -> db::Result<Option<Viewer>> {
    let Some(secret) = shown(authorization) else { return Ok(None) };
    let now = door.now();
    let Some(token) = tokens::find(&door.db, &secret::digest(&secret), now).await? else { return Ok(None) };
    let account = store::of_bearer(&door.db, token.account_id).await?;
    let usable = account.filter(|it| it.state == State::Active && !it.is_unused(now, door.accounts.policy()));
    let Some(account) = usable else { return Ok(None) };
    if token.used_at.is_none_or(|it| it.age(now) > NOTED) {
        let mut tx = door.db.begin().await?;
        tokens::used(&mut tx, token.id, now, door.origin.address.as_deref()).await?;
        store::seen(&mut tx, account.id, now).await?;
        tx.commit().await?;
    }
    let grant = door.accounts.roles().grant(&account.role).only(&token.permissions());
    Ok(Some(door.as_actor(&account, Some(format!("token {}", token.id)), Arc::new(grant))))
}

/// The token of an `Authorization` header.
fn shown(authorization: &HeaderValue) -> Option<String> {
    let (scheme, rest) = authorization.to_str().ok()?.split_once(' ')?;
    if scheme.eq_ignore_ascii_case("bearer") {
        return Some(rest.trim().to_owned());
    }
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let decoded = String::from_utf8(STANDARD.decode(rest.trim()).ok()?).ok()?;
    Some(decoded.split_once(':')?.1.to_owned())
}

/// The name of the session's cookie; with this prefix browsers take it over TLS only, for this host only, from `/` only.
fn session_cookie(door: &Door) -> &'static str {
    if door.serve.is_secure() { "__Host-foca" } else { "foca" }
}

/// The value of a cookie.
pub fn cookie(headers: &HeaderMap, name: &str) -> Option<String> {
    let all = headers.get_all(header::COOKIE).iter().filter_map(|it| it.to_str().ok());
    all.flat_map(Cookie::split_parse)
        .filter_map(Result::ok)
        .find(|it| it.name() == name)
        .map(|it| it.value().to_owned())
}

/// The header that gives a browser the session's secret; without one it forgets it.
pub fn session_header(door: &Door, secret: Option<&str>) -> [(header::HeaderName, String); 1] {
    [(header::SET_COOKIE, set_cookie(door, session_cookie(door), secret))]
}

/// A cookie that scripts do not see and other sites do not send. It ends with the browser, or with the session before.
pub fn set_cookie(door: &Door, name: &'static str, value: Option<&str>) -> String {
    let mut cookie = Cookie::new(name, value.unwrap_or_default().to_owned());
    cookie.set_path("/");
    cookie.set_http_only(true);
    cookie.set_same_site(SameSite::Lax);
    cookie.set_secure(door.serve.is_secure());
    if value.is_none() {
        cookie.make_removal();
    }
    cookie.to_string()
}

/// Who looks, as the layer before the handlers has found; nobody where it has not.
impl<S: Send + Sync> FromRequestParts<S> for Viewer {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        Ok(parts.extensions.get::<Self>().cloned().unwrap_or_else(Self::nobody))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_read_as_bearer_and_as_basic_password() {
        let basic = format!("Basic {}", STANDARD.encode("anybody:foca_pat_x:y"));

        assert_eq!(shown(&HeaderValue::from_static("Bearer foca_pat_x")).unwrap(), "foca_pat_x");
        assert_eq!(shown(&HeaderValue::from_str(&basic).unwrap()).unwrap(), "foca_pat_x:y");
        assert!(shown(&HeaderValue::from_static("Basic ???")).is_none());
        assert!(shown(&HeaderValue::from_static("Digest foca_pat_x")).is_none());
    }

    #[test]
    fn a_cookie_is_found_among_others() {
        let mut headers = HeaderMap::new();
        headers.insert(header::COOKIE, HeaderValue::from_static("a=1; foca=secret; b=2"));

        assert_eq!(cookie(&headers, "foca").as_deref(), Some("secret"));
        assert_eq!(cookie(&headers, "c"), None);
    }
}
