//! What surrounds every page of this server, and the id that a request carries through the log.

use std::fmt;

use axum::extract::{FromRef, FromRequestParts, Request};
use axum::http::HeaderValue;
use axum::http::request::Parts;
use axum::middleware::Next;
use axum::response::Response;
use chrono_tz::Tz;

use super::layout::Page;
use crate::rights::Viewer;

/// What is the same on every page: whether the data are invented, the agency's zone, the map beneath all else; and who
/// looks at it.
#[derive(Clone, Debug)]
pub struct Frame {
    /// The demonstration state: every page and export says so.
    pub demo: bool,
    /// The zone in which pages tell times.
    pub zone: Tz,
    /// Of which kind the operator's street map is, `vector` or `raster`, where one is given.
    pub streets: Option<&'static str>,
    /// Who has signed in, for the bar; none at the door.
    pub viewer: Option<Viewer>,
    /// After so many minutes without a key or a click the page hides what it shows.
    pub idle_minutes: i64,
    /// How many links wait for a person, where the viewer may decide about them.
    pub waiting: Option<i64>,
}

/// How many links wait, as the gate counts them for a page and the frame takes them up.
#[derive(Clone, Copy, Debug)]
pub struct WaitingLinks(pub i64);

impl Frame {
    /// A page within this frame.
    pub fn page(&self, title: &str) -> Page {
        Page::new(title, self.demo).seen_by(self.viewer.clone(), self.idle_minutes).waiting(self.waiting)
    }

    /// The same for this viewer.
    pub fn of(&self, viewer: Option<Viewer>) -> Self {
        Self { viewer, ..self.clone() }
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Frame
where
    Self: FromRef<S>,
{
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Self::Rejection> {
        let frame = Self::from_ref(state).of(parts.extensions.get::<Viewer>().cloned());
        let waiting = parts.extensions.get::<WaitingLinks>().map(|it| it.0);
        Ok(Self { waiting, ..frame })
    }
}

/// A number that people can tell the help desk and that the log lines of the request carry.
#[derive(Clone, Debug, Default)]
pub struct RequestId(String);

impl fmt::Display for RequestId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The layer that numbers each request and returns the number as `X-Request-Id`.
pub async fn number(mut request: Request, next: Next) -> Response {
    let random = uuid::Builder::from_random_bytes(rand_bytes()).into_uuid().simple().to_string();
    let id = RequestId(format!("r-{}-{}", &random[..4], &random[4..8]));
    let span = tracing::info_span!("request", request.id = %id, method = %request.method(), path = told(request.uri().path()));
    request.extensions_mut().insert(id.clone());
    let mut response = tracing::Instrument::instrument(next.run(request), span).await;
    if let Ok(value) = HeaderValue::from_str(&id.0) {
        response.headers_mut().insert("x-request-id", value);
    }
    response
}

/// A path as the log may have it: the secret of a link is in no log.
fn told(path: &str) -> &str {
    if path.starts_with("/link/") { "/link/…" } else { path }
}

/// Sixteen bytes that differ from request to request; they need not be secret.
fn rand_bytes() -> [u8; 16] {
    use std::hash::{BuildHasher, RandomState};
    let one = RandomState::new().hash_one(0_u8).to_be_bytes();
    let two = RandomState::new().hash_one(1_u8).to_be_bytes();
    let mut bytes = [0; 16];
    bytes[..8].copy_from_slice(&one);
    bytes[8..].copy_from_slice(&two);
    bytes
}
