//! The one error of handlers. It alone chooses the status; [`render`] alone chooses how it looks and logs the cause.

use std::borrow::Cow;

use axum::extract::{Request, State};
use axum::http::{StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use maud::{Markup, html};

use super::frame::{Frame, RequestId};
use crate::db;
use crate::rights::Viewer;

/// What a handler returns.
pub type Result<T> = std::result::Result<T, Error>;

/// Why a request could not be answered as asked.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// There is none, or none that this viewer may know of.
    #[error("there is no such {0}")]
    NotFound(&'static str),
    /// What was typed cannot be used; each field says what would be right.
    #[error("{} things to mend", .0.len())]
    Invalid(Vec<(&'static str, String)>),
    /// Nobody has signed in, or no more.
    #[error("not signed in")]
    SignIn,
    /// This viewer may not do that.
    #[error("not permitted")]
    Forbidden,
    /// Something else changed meanwhile, or stands in the way.
    #[error("{0}")]
    Conflict(String),
    /// The request is too large or its form cannot be read.
    #[error("{0}")]
    Unreadable(String),
    /// FOCA itself did not manage.
    #[error("internal error")]
    Internal(#[from] anyhow::Error),
}

impl Error {
    /// One field cannot be used.
    pub fn field(name: &'static str, reason: impl Into<String>) -> Self {
        Self::Invalid(vec![(name, reason.into())])
    }

    fn status(&self) -> StatusCode {
        match self {
            Self::NotFound(_) => StatusCode::NOT_FOUND,
            Self::Invalid(_) => StatusCode::UNPROCESSABLE_ENTITY,
            Self::SignIn => StatusCode::UNAUTHORIZED,
            Self::Forbidden => StatusCode::FORBIDDEN,
            Self::Conflict(_) => StatusCode::CONFLICT,
            Self::Unreadable(_) => StatusCode::BAD_REQUEST,
            Self::Internal(cause) if db::is_full(cause) => StatusCode::INSUFFICIENT_STORAGE,
            Self::Internal(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }
}

impl From<db::Error> for Error {
    fn from(error: db::Error) -> Self {
        match error {
            db::Error::ZeroByte => {
                Self::Unreadable("A text holds a zero byte, which cannot be stored.".to_owned())
            }
            other => Self::Internal(anyhow::Error::new(other).context("asking the database")),
        }
    }
}

/// Carries the error to [`render`], which knows the page around it.
impl IntoResponse for Error {
    fn into_response(self) -> Response {
        let mut response = self.status().into_response();
        response.extensions_mut().insert(std::sync::Arc::new(self));
        response
    }
}

/// Turns `None` into a 404 that names what is missing.
pub trait OrNotFound<T> {
    /// The value, or [`Error::NotFound`].
    fn ok_or_not_found(self, what: &'static str) -> Result<T>;
}

impl<T> OrNotFound<T> for Option<T> {
    fn ok_or_not_found(self, what: &'static str) -> Result<T> {
        self.ok_or(Error::NotFound(what))
    }
}

/// The layer that shows errors: a page for a visitor, a plain sentence for a program; the cause goes to the log.
pub async fn render(State(frame): State<Frame>, request: Request, next: Next) -> Response {
    let wants_page = request
        .headers()
        .get("accept")
        .and_then(|it| it.to_str().ok())
        .is_some_and(|it| it.contains("text/html"));
    let id = request.extensions().get::<RequestId>().cloned().unwrap_or_default();
    let mut response = next.run(request).await;
    let failed = response.status().is_client_error() || response.status().is_server_error();
    let error = response.extensions_mut().remove::<std::sync::Arc<Error>>();
    let (headline, advice) = match error.as_deref() {
        Some(error) => words(error, &id),
        // The router's own refusals: unknown paths, methods and unreadable parameters.
        None if failed && !response.headers().contains_key("x-foca-body") => plain(response.status()),
        None => return response,
    };
    if let Some(Error::Internal(cause)) = error.as_deref() {
        tracing::error!(request.id = %id, cause = format!("{cause:#}"), "a request could not be answered");
    }
    let (status, challenge) = (response.status(), response.headers_mut().remove(header::WWW_AUTHENTICATE));
    let frame = frame.of(response.extensions_mut().remove::<Viewer>());
    let mut shown = if wants_page {
        frame.page("Not possible").show(page(&headline, &advice)).into_response()
    } else {
        format!("{headline} {advice}\n").into_response()
    };
    *shown.status_mut() = status;
    if let Some(challenge) = challenge {
        shown.headers_mut().insert(header::WWW_AUTHENTICATE, challenge);
    }
    shown
}

fn words(error: &Error, id: &RequestId) -> (Cow<'static, str>, Cow<'static, str>) {
    match error {
        Error::NotFound(what) => (
            format!("There is no such {what}.").into(),
            "It may have been removed, or the address has a mistake.".into(),
        ),
        Error::Invalid(fields) => {
            let list: Vec<String> = fields.iter().map(|(name, reason)| format!("{name}: {reason}")).collect();
            ("Some values cannot be used.".into(), list.join(" ").into())
        }
        Error::SignIn => (
            "You are not signed in, or were away for long.".into(),
            "Sign in on another page, then go back here and send it again: what you typed is still in the form.".into(),
        ),
        Error::Forbidden => {
            ("You may not see or do this.".into(), "Ask whoever administers FOCA in your agency.".into())
        }
        Error::Conflict(why) => ("Not saved.".into(), why.clone().into()),
        Error::Unreadable(why) => ("The request could not be read.".into(), why.clone().into()),
        Error::Internal(cause) if db::is_full(cause) => (
            "There is no room left on FOCA's disk.".into(),
            "Nothing was saved. Tell whoever runs FOCA to make room; then go back and send this again."
                .into(),
        ),
        Error::Internal(_) => (
            "That did not work, and it is not your doing.".into(),
            format!("Nothing is lost. Try again, or tell the help desk this number: {id}").into(),
        ),
    }
}

fn plain(status: StatusCode) -> (Cow<'static, str>, Cow<'static, str>) {
    match status {
        StatusCode::NOT_FOUND => ("There is no such page.".into(), "The address may have a mistake.".into()),
        StatusCode::METHOD_NOT_ALLOWED => {
            ("This address does not take that.".into(), "Go back and use the page's own buttons.".into())
        }
        StatusCode::PAYLOAD_TOO_LARGE => {
            ("That is too large.".into(), "Large files go through `foca import` on the server.".into())
        }
        StatusCode::FORBIDDEN => (
            "This request did not come from a page of FOCA.".into(),
            "Open the page again and repeat it.".into(),
        ),
        _ => {
            ("The request could not be read.".into(), "Check the address or the form, and try again.".into())
        }
    }
}

fn page(headline: &str, advice: &str) -> Markup {
    html! {
        section.message-page {
            h1 { (headline) }
            p { (advice) }
            p { a href="/" { "To the start page" } }
        }
    }
}
