//! Handlers: all packs, one pack as law that can be read and signed, and its file.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use maud::Markup;

use super::job::Rules;
use super::law_list_views::{self, List};
use super::law_views::{self, Counts, Tally};
use super::pack::{Legal, Level, Pack};
use super::packs::{Packs, Words};
use super::store;
use crate::db::{self, Db};
use crate::incidents::offenses::Offenses;
use crate::rights::Viewer;
use crate::sites::Kinds;
use crate::web::extract::{Params, Path};
use crate::web::frame::Frame;
use crate::web::layout::Nav;
use crate::web::{self, OrNotFound};

/// All packs that fit the filter in the URL, by whose law they are.
pub async fn list(
    State(db): State<Db>,
    State(rules): State<Rules>,
    viewer: Viewer,
    frame: Frame,
    params: Params,
) -> web::Result<Markup> {
    let (level, status) = (params.parsed::<Level>("level")?, params.parsed::<Legal>("status")?);
    let text = params.get("q").map(str::to_lowercase);
    let fits = |it: &&Pack| {
        level.is_none_or(|level| it.jurisdiction.level == level)
            && status.is_none_or(|status| it.status == status)
            && text.as_deref().is_none_or(|text| says(it, text))
    };
    let packs = rules.packs.iter().filter(fits).collect();
    let list = List { params: &params, packs, counts: counts(&db, &viewer).await? };
    Ok(frame.page("Rules").nav(Nav::Findings).crumbs(crumbs(None)).show(law_list_views::list(&list)))
}

/// Whether a pack speaks of a text, in lower case.
fn says(pack: &Pack, text: &str) -> bool {
    let has = |it: &str| it.to_lowercase().contains(text);
    has(&pack.title)
        || has(&pack.citation)
        || has(&pack.jurisdiction.name)
        || pack.rules.iter().any(|it| has(&it.title) || has(&it.words) || has(&it.citation))
}

/// One pack as readable law.
pub async fn show(
    State(db): State<Db>,
    State(rules): State<Rules>,
    State(kinds): State<Arc<Kinds>>,
    State(offenses): State<Arc<Offenses>>,
    viewer: Viewer,
    frame: Frame,
    Path(id): Path<String>,
) -> web::Result<Markup> {
    let packs: &Packs = &rules.packs;
    let pack = packs.get(&id).ok_or_not_found("rule pack")?;
    let words = Words { kinds: &kinds, offenses: &offenses, facts: &packs.facts, classes: &packs.classes };
    let counts = counts(&db, &viewer).await?;
    let page = frame.page(&pack.title).nav(Nav::Findings).crumbs(crumbs(Some(pack)));
    Ok(page.show(law_views::show(pack, packs, &words, &counts)))
}

/// The file of a pack, as it is in use.
pub async fn file(State(rules): State<Rules>, Path(id): Path<String>) -> web::Result<Response> {
    let pack = rules.packs.get(&id).ok_or_not_found("rule pack")?;
    let name = format!("attachment; filename=\"{}.toml\"", pack.id);
    let headers =
        [(header::CONTENT_TYPE, "application/toml".to_owned()), (header::CONTENT_DISPOSITION, name)];
    Ok((headers, pack.text.clone()).into_response())
}

/// How many findings each rule has now.
async fn counts(db: &Db, viewer: &Viewer) -> db::Result<Counts> {
    let mut counts: BTreeMap<(String, String), Tally> = BTreeMap::new();
    for (pack, rule, status, n) in store::counts_by_rule(db, viewer).await? {
        counts.entry((pack, rule)).or_default().insert(status.as_str(), n);
    }
    Ok(Counts(counts))
}

fn crumbs(pack: Option<&Pack>) -> Vec<(String, String)> {
    let mut crumbs = vec![("Findings".to_owned(), "/findings".to_owned())];
    match pack {
        None => crumbs.push(("Rules".to_owned(), String::new())),
        Some(pack) => {
            crumbs.push(("Rules".to_owned(), "/rules".to_owned()));
            crumbs.push((pack.jurisdiction.name.clone(), String::new()));
        }
    }
    crumbs
}
