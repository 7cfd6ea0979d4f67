//! What a browser does: asks, posts, follows a redirect; and what comes back.

use axum::body::Body;
use axum::http::{HeaderMap, Request, StatusCode, header};
use http_body_util::BodyExt;
use serde_json::Value;
use tower::ServiceExt;

use super::TestApp;

/// An answer, read to its end.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    body: Vec<u8>,
}

impl TestApp {
    /// Asks for a page, as a click on a link does.
    pub(crate) async fn get(&self, path: &str) -> Reply {
        self.ask(self.browser("GET", path).body(Body::empty()).unwrap()).await
    }

    /// Posts a form from a page of FOCA's own.
    pub(crate) async fn post(&self, path: &str, form: &[(&str, &str)]) -> Reply {
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(form).finish();
        let request = self
            .browser("POST", path)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header(header::ORIGIN, "http://localhost")
            .body(Body::from(body));
        self.ask(request.unwrap()).await
    }

    /// Posts a form and goes where the answer sends the browser.
    pub(crate) async fn submit(&self, path: &str, form: &[(&str, &str)]) -> Reply {
        let reply = self.post(path, form).await;
        assert_eq!(reply.status, StatusCode::SEE_OTHER, "{path} did not redirect: {}", reply.text());
        self.get(reply.location()).await
    }

    /// Sends any request.
    pub(crate) async fn ask(&self, request: Request<Body>) -> Reply {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let body = body.collect().await.unwrap().to_bytes().to_vec();
        Reply { status: parts.status, headers: parts.headers, body }
    }
}

impl TestApp {
    /// A request as this browser sends it.
    pub(crate) fn browser(&self, method: &str, path: &str) -> axum::http::request::Builder {
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header(header::HOST, "localhost")
            .header(header::ACCEPT, "text/html")
            .header("sec-fetch-site", "same-origin");
        self.cookie.iter().fold(request, |request, it| request.header(header::COOKIE, it))
    }
}

impl Reply {
    /// Where a redirect leads.
    pub(crate) fn location(&self) -> &str {
        self.headers[header::LOCATION].to_str().unwrap()
    }

    /// The body as text.
    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// Whether it is a page or a part of one.
    pub(crate) fn is_html(&self) -> bool {
        self.headers.get(header::CONTENT_TYPE).is_some_and(|it| it.as_bytes().starts_with(b"text/html"))
    }

    /// The body's bytes.
    pub(crate) fn bytes(&self) -> &[u8] {
        &self.body
    }

    /// The body as JSON.
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.text()))
    }

    /// The property `name` of each feature of a GeoJSON collection, in order.
    pub(crate) fn names(&self) -> Vec<String> {
        let json = self.json();
        let features = json["features"].as_array().expect("a feature collection");
        features.iter().filter_map(|it| Some(it["properties"]["name"].as_str()?.to_owned())).collect()
    }
}
