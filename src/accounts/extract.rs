//! Turns a request into a [`Viewer`].

use axum::extract::{FromRef, FromRequestParts};
use axum::http::request::Parts;

use crate::rights::Viewer;
use crate::web::frame::Frame;

impl<S: Send + Sync> FromRequestParts<S> for Viewer
where
    Frame: FromRef<S>,
{
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(_: &mut Parts, state: &S) -> Result<Self, Self::Rejection> {
        Ok(if Frame::from_ref(state).demo { Self::demo() } else { Self::operator() })
    }
}
