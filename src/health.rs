//! Answers for whoever watches over the process.

use axum::extract::State;
use axum::http::StatusCode;

use crate::db::{Db, query};

/// The process lives.
pub async fn alive() -> &'static str {
    "alive\n"
}

/// The database answers.
pub async fn ready(State(db): State<Db>) -> (StatusCode, &'static str) {
    match query("SELECT n FROM revision WHERE name = 'catalog'").fetch_scalar::<i64>(&db).await {
        Ok(_) => (StatusCode::OK, "ready\n"),
        Err(error) => {
            tracing::error!("the database does not answer: {error}");
            (StatusCode::SERVICE_UNAVAILABLE, "the database does not answer\n")
        }
    }
}
