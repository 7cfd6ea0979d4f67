//! Handlers: the page that answers for an address or a point, and the same answer as the panel of the map.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use maud::Markup;

use super::ground::Regulated;
use super::what_if::ask;
use super::what_if_picture::sketch;
use super::what_if_spot::{self, Desk, Question};
use super::what_if_views::{self as views, Shown};
use crate::places::snapshot::Snapshot;
use crate::rights::Viewer;
use crate::web::extract::Params;
use crate::web::filled::{Flaws, Typed, shown_again};
use crate::web::frame::Frame;
use crate::web::layout::Nav;
use crate::web::{self, Error};

/// The page: the form, and the answer for `address` or `lon` and `lat`, and `kind`.
///
/// # Errors
/// The database does not answer.
pub async fn show(
    State(desk): State<Desk>,
    viewer: Viewer,
    frame: Frame,
    params: Params,
) -> web::Result<Response> {
    let kinds = what_if_spot::kinds(&desk.rules, &desk.kinds);
    let page = |values: &Params, flaws: &Flaws, shown: Option<&Shown<'_>>| {
        let page = frame.page("What if").nav(Nav::Map).crumbs(vec![("Map".to_owned(), "/map".to_owned())]);
        page.show(views::page(Typed { values, flaws }, &kinds, shown))
    };
    Ok(match what_if_spot::read(&desk, &viewer, &params).await? {
        None => page(&params, &Flaws::default(), None).into_response(),
        Some(Err(flaws)) => shown_again(StatusCode::UNPROCESSABLE_ENTITY, page(&params, &flaws, None)),
        Some(Ok(question)) => {
            let values = [("address", views::typed_place(&question)), ("kind", question.spot.kind.clone())];
            let values: Params = values.into_iter().collect();
            let shown = |it: &Shown<'_>| page(&values, &Flaws::default(), Some(it));
            answered(&desk, &viewer, &question, shown).await?.into_response()
        }
    })
}

/// The panel of the map for `lon`, `lat` and `kind`; its drawing lies in its `data-drawing`.
///
/// # Errors
/// A parameter cannot be read, or the database does not answer.
pub async fn panel(State(desk): State<Desk>, viewer: Viewer, params: Params) -> web::Result<Markup> {
    let kinds = what_if_spot::kinds(&desk.rules, &desk.kinds);
    match what_if_spot::read(&desk, &viewer, &params).await? {
        Some(Ok(question)) => answered(&desk, &viewer, &question, |it| views::panel(it, &kinds)).await,
        Some(Err(flaws)) => {
            let reason = flaws.pairs().first().map_or_else(String::new, |it| it.1.to_owned());
            Err(Error::field("lat", reason))
        }
        None => Err(Error::field("lat", "Give a point: lon and lat.")),
    }
}

/// Answers a question, and shows the answer.
async fn answered(
    desk: &Desk,
    viewer: &Viewer,
    question: &Question,
    show: impl FnOnce(&Shown<'_>) -> Markup,
) -> web::Result<Markup> {
    desk.rules.places.refresh(&desk.db).await?;
    let places = desk.rules.places.current();
    let regulated = desk.rules.neighbors.regulated(&desk.rules.packs, &desk.sites, viewer);
    Ok(answer(desk, viewer, question, (&places, &regulated), show))
}

fn answer(
    desk: &Desk,
    viewer: &Viewer,
    question: &Question,
    (places, regulated): (&Snapshot, &Regulated),
    show: impl FnOnce(&Shown<'_>) -> Markup,
) -> Markup {
    let ground = desk.rules.ground(viewer, places, regulated);
    let on = desk.rules.today(desk.clock);
    let asked = ask(&desk.rules.packs, &question.spot, &ground, on);
    let sketch = sketch(&asked, &question.spot, &ground);
    let kind = desk.kinds.label(&question.spot.kind);
    show(&Shown { question, kind, asked: &asked, sketch: &sketch, on })
}
