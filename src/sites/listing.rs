//! The list of records of any kind: those that fit the filter in the URL, with the names of the sites that they
//! count for.

use maud::Markup;

use super::store;
use crate::db::Db;
use crate::records::listing::{self, List, PAGE, Row};
use crate::records::recorded::Recorded;
use crate::records::store::{count, list};
use crate::records::{Filter, SiteId};
use crate::rights::Viewer;
use crate::web;
use crate::web::extract::Params;
use crate::web::frame::Frame;
use crate::web::layout::Nav;

/// The page. `facets` are the words of the kind's facet and what people call them; `row` shows a record.
pub async fn page<R: Recorded>(
    db: &Db,
    viewer: &Viewer,
    frame: Frame,
    params: &Params,
    facets: Vec<(String, String)>,
    row: impl Fn(R, &Frame) -> Row,
) -> web::Result<Markup> {
    let (filter, page) = (Filter::parse(params)?, listing::page_of(params));
    let found: Vec<R> = list(db, viewer, &filter, (page - 1, PAGE)).await?;
    let total = count::<R>(db, viewer, &filter).await?;
    let all = if total > 0 { total } else { count::<R>(db, viewer, &Filter::default()).await? };
    let names = store::names(db, viewer, found.iter().filter_map(|it| it.linked().site_id)).await?;
    let named = |id: SiteId| Some((id, names.get(&id)?.clone()));
    let rows = found.into_iter().map(|it| {
        let site = it.linked().site_id.and_then(named);
        Row { site, ..row(it, &frame) }
    });
    let list =
        List { kind: R::KIND, params, filter: &filter, facets, rows: rows.collect(), total, all, page };
    let crumbs = vec![("Records".to_owned(), "/records".to_owned())];
    Ok(frame.page(listing::heading(R::KIND)).nav(Nav::Records).crumbs(crumbs).show(listing::list(&list)))
}
