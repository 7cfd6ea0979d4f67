//! The files that pages load: third-party ones that `scripts/assets/run` fetches, and our own ES modules; both are
//! embedded in the binary and served under `/static/`.

use std::borrow::Cow;

use axum::extract::{Path, RawQuery};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use rust_embed::{Embed, EmbeddedFile};

use super::{OrNotFound, Result};

/// What `scripts/assets/run` makes; empty in a build without it.
#[derive(Embed)]
#[folder = "scripts/assets/dist"]
#[allow_missing = true]
#[exclude = ".*"]
struct Fetched;

/// Our own modules.
#[derive(Embed)]
#[folder = "src/web/assets"]
#[include = "*.js"]
struct Own;

/// A year, the longest that caches keep; the address changes with the content.
const FOREVER: &str = "public, max-age=31536000, immutable";
/// Kept, but asked for again each time: modules import each other by plain name.
const ASK_AGAIN: &str = "public, no-cache";

/// Whether this binary was built without the fetched files: pages then work, but unstyled and without a map.
pub fn missing() -> bool {
    Fetched::get("foca.css").is_none()
}

/// The bytes of an embedded file, such as `counties.geojson`.
pub fn get(name: &str) -> Option<Cow<'static, [u8]>> {
    find(name).map(|it| it.data)
}

/// The address of a file, with a hash of its content, so that it may be cached forever.
pub fn url(name: &str) -> String {
    match find(name) {
        Some(file) => format!("/static/{name}?v={}", hash(&file)),
        None => format!("/static/{name}"),
    }
}

/// Answers `GET /static/{*path}`.
///
/// # Errors
/// There is no such file.
pub async fn serve(
    Path(path): Path<String>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response> {
    let file = find(&path).ok_or_not_found("file")?;
    let hash = hash(&file);
    // Weak, as the bytes may be compressed on their way.
    let tag = format!("W/\"{hash}\"");
    let current = query.as_deref().is_some_and(|it| it.strip_prefix("v=") == Some(hash.as_str()));
    let caching = if current { FOREVER } else { ASK_AGAIN };
    let known = headers.get(header::IF_NONE_MATCH).and_then(|it| it.to_str().ok());
    let shared = [(header::ETAG, tag.clone()), (header::CACHE_CONTROL, caching.to_owned())];
    if known.is_some_and(|it| it.split(',').any(|one| one.trim() == tag)) {
        return Ok((StatusCode::NOT_MODIFIED, shared).into_response());
    }
    Ok((shared, [(header::CONTENT_TYPE, content_type(&path))], file.data).into_response())
}

fn find(name: &str) -> Option<EmbeddedFile> {
    Own::get(name).or_else(|| Fetched::get(name))
}

fn hash(file: &EmbeddedFile) -> String {
    file.metadata.sha256_hash()[..8].iter().map(|it| format!("{it:02x}")).collect()
}

fn content_type(name: &str) -> &'static str {
    match name.rsplit('.').next() {
        Some("js" | "mjs") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("geojson") => "application/geo+json",
        Some("svg") => "image/svg+xml",
        Some("woff2") => "font/woff2",
        Some("txt") => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::web::Error;

    async fn ask(path: &str, query: Option<&str>, known: Option<&str>) -> Result<Response> {
        let mut headers = HeaderMap::new();
        if let Some(tag) = known {
            headers.insert(header::IF_NONE_MATCH, tag.parse().unwrap());
        }
        serve(Path(path.to_owned()), RawQuery(query.map(str::to_owned)), headers).await
    }

    fn text<'a>(response: &'a Response, name: &str) -> &'a str {
        response.headers()[name].to_str().unwrap()
    }

    #[tokio::test]
    async fn a_file_is_cached_forever_under_the_address_that_names_its_content_only() {
        let address = url("app.js");
        let (_, query) = address.split_once('?').unwrap();

        let named = ask("app.js", Some(query), None).await.unwrap();
        let plain = ask("app.js", None, None).await.unwrap();
        let stale = ask("app.js", Some("v=0123456789abcdef"), None).await.unwrap();

        assert_eq!(text(&named, "cache-control"), FOREVER);
        assert_eq!(text(&plain, "cache-control"), ASK_AGAIN);
        assert_eq!(text(&stale, "cache-control"), ASK_AGAIN);
        assert_eq!(text(&plain, "content-type"), "text/javascript; charset=utf-8");
    }

    #[tokio::test]
    async fn a_browser_that_has_the_file_gets_no_second_copy() {
        let first = ask("app.js", None, None).await.unwrap();

        let second = ask("app.js", None, Some(text(&first, "etag"))).await.unwrap();

        assert_eq!(second.status(), StatusCode::NOT_MODIFIED);
    }

    #[tokio::test]
    async fn an_unknown_name_is_not_found() {
        for name in ["nothing.js", "../assets.rs", "scss/foca.scss", ".stamp", ""] {
            assert!(matches!(ask(name, None, None).await, Err(Error::NotFound("file"))), "{name}");
        }
    }
}
