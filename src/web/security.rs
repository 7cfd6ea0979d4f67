//! Headers that keep a page from being made to do what its visitor did not ask for.

use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use tower_http::timeout::{DeadlineBody, TimeoutBody};

use crate::config::Serve;

/// Only our own origin, no inline script. MapLibre's worker is a file beside it; its style attributes need
/// `unsafe-inline` for styles alone.
const POLICY: &str = "default-src 'self'; script-src 'self'; worker-src 'self'; img-src 'self' data:; \
    style-src 'self' 'unsafe-inline'; connect-src 'self'; font-src 'self'; object-src 'none'; base-uri 'none'; \
    form-action 'self'; frame-ancestors 'none'";

const HEADERS: [(HeaderName, &str); 6] = [
    (header::CONTENT_SECURITY_POLICY, POLICY),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::X_FRAME_OPTIONS, "DENY"),
    (header::REFERRER_POLICY, "same-origin"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (HeaderName::from_static("permissions-policy"), "camera=(), microphone=(), payment=(), usb=()"),
];

/// Told to browsers that came over TLS: for a year, never without it (RFC 6797).
const TLS_ONLY: &str = "max-age=31536000; includeSubDomains";

/// The layer that adds the security headers to every response, and keeps what is not static out of shared caches.
pub async fn headers(State(serve): State<Arc<Serve>>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    for (name, value) in HEADERS {
        headers.insert(name, HeaderValue::from_static(value));
    }
    if serve.is_secure() {
        headers.insert(header::STRICT_TRANSPORT_SECURITY, HeaderValue::from_static(TLS_ONLY));
    }
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    response
}

/// The layer that answers only to FOCA's own names: a page elsewhere that points its own name here is refused. Beside the
/// public one these are the machine's own, for whoever watches over the process.
pub async fn own_host(State(serve): State<Arc<Serve>>, request: Request, next: Next) -> Response {
    let host = request.headers().get(header::HOST).and_then(|it| it.to_str().ok()).unwrap_or_default();
    let public = serve.public_host().is_some_and(|it| it.eq_ignore_ascii_case(host));
    let name =
        host.rsplit_once(':').map_or(host, |(name, port)| if port.ends_with(']') { host } else { name });
    if public || ["localhost", "127.0.0.1", "[::1]"].contains(&name) {
        next.run(request).await
    } else {
        (StatusCode::MISDIRECTED_REQUEST, "FOCA does not answer to this name.\n").into_response()
    }
}

/// The layer that gives up on a form that has not come whole within so many seconds.
pub async fn whole_form(State(seconds): State<u64>, request: Request, next: Next) -> Response {
    let limit = Duration::from_secs(seconds);
    next.run(request.map(|body| Body::new(DeadlineBody::new(limit, body)))).await
}

/// The layer that gives up on a large body of which nothing more comes for so many seconds.
pub async fn each_part(State(seconds): State<u64>, request: Request, next: Next) -> Response {
    let limit = Duration::from_secs(seconds);
    next.run(request.map(|body| Body::new(TimeoutBody::new(limit, body)))).await
}
