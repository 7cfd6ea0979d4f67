//! Handlers: the form of the facts that rules ask for. What changed is a further version, what was emptied too.

use std::collections::BTreeMap;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use chrono::NaiveDate;
use maud::Markup;

use super::facts::FactKinds;
use super::facts_store::{self, Noted};
use super::facts_views::{self, observed};
use super::job::Rules;
use super::judge::concerns;
use crate::audit::{self, Act, Entry};
use crate::clock::{Clock, Moment};
use crate::db::Db;
use crate::records::SiteId;
use crate::rights::{Resource, Viewer};
use crate::sites::{self, Site};
use crate::web::extract::{Form, Params, Path};
use crate::web::filled::{Filled, Flaws, Typed, shown_again};
use crate::web::frame::Frame;
use crate::web::layout::Nav;
use crate::web::{self, OrNotFound};

/// The form as it stands.
pub async fn edit(
    State(db): State<Db>,
    State(rules): State<Rules>,
    viewer: Viewer,
    frame: Frame,
    Path(id): Path<SiteId>,
) -> web::Result<Markup> {
    let site = sites::store::find(&db, &viewer, id).await?.ok_or_not_found("site")?;
    let noted = facts_store::of_site(&db, &viewer, id).await?;
    let values = values(&noted);
    Ok(show(&frame, &site, &rules, Typed { values: &values, flaws: &Flaws::default() }))
}

/// Saves what changed.
pub async fn save(
    State(db): State<Db>,
    State(clock): State<Clock>,
    State(rules): State<Rules>,
    viewer: Viewer,
    frame: Frame,
    Path(id): Path<SiteId>,
    Form(params): Form,
) -> web::Result<Response> {
    let mut tx = db.begin().await?;
    tx.one_at_a_time("findings").await?;
    let site = sites::store::find(&mut tx, &viewer, id).await?.ok_or_not_found("site")?;
    let noted = facts_store::of_site(&mut tx, &viewer, id).await?;
    if params.get("version") != Some(stamp(&noted).as_str()) {
        let flaws = overtaken(&params, &noted);
        let typed = params.replaced("version", &stamp(&noted));
        let page = show(&frame, &site, &rules, Typed { values: &typed, flaws: &flaws });
        return Ok(shown_again(StatusCode::CONFLICT, page));
    }
    let now = Moment::from(clock.now());
    let (changed, flaws) =
        read(&params, &rules.packs.facts, &noted, (now.day_in(&frame.zone), viewer.name()));
    if !flaws.is_empty() {
        let page = show(&frame, &site, &rules, Typed { values: &params, flaws: &flaws });
        return Ok(shown_again(StatusCode::UNPROCESSABLE_ENTITY, page));
    }
    if !changed.is_empty() {
        facts_store::save(&mut tx, id, &changed, now).await?;
        let words: Vec<&str> = changed.iter().map(|it| it.fact.as_str()).collect();
        let entry = Entry::new(Act::Change).on(Resource::Finding).about(id.0).with("facts", words);
        audit::store::commit(tx, clock, &viewer, &entry).await?;
    }
    Ok(Redirect::to(&format!("/sites/{id}")).into_response())
}

/// What somebody else noted meanwhile where the form says otherwise, so that nothing typed is lost and nothing noted is
/// overwritten unseen.
fn overtaken(params: &Params, noted: &[Noted]) -> Flaws {
    let mut flaws = Flaws::default();
    for it in noted {
        let value = it.value.as_deref().unwrap_or_default();
        if params.get(&it.fact).unwrap_or_default() != value {
            let value = if value.is_empty() { "that it is not known" } else { value };
            flaws.add(
                it.fact.clone(),
                format!("{} noted meanwhile: {value}. Look, then save again.", it.noted_by),
            );
        }
    }
    if flaws.is_empty() {
        flaws.add("version", "Someone else noted the same meanwhile. Look, then save again.");
    }
    flaws
}

/// The facts that the form changes, as their next versions, and what is to be mended.
fn read(
    params: &Params,
    kinds: &FactKinds,
    noted: &[Noted],
    (today, by): (NaiveDate, &str),
) -> (Vec<Noted>, Flaws) {
    let noted: BTreeMap<&str, &Noted> = noted.iter().map(|it| (it.fact.as_str(), it)).collect();
    let (mut changed, mut form) = (Vec::new(), Filled::new(params));
    for (word, kind) in kinds.in_order() {
        let before = noted.get(word);
        let value = params
            .get(word)
            .and_then(|it| kind.parse(it, today).map_err(|why| form.flaws.add(word, why)).ok());
        let seen = form.day(&observed(word)).unwrap_or(today);
        if seen > today {
            form.flaws.add(observed(word), format!("Give a day up to today, {today}."));
        }
        let old = before.and_then(|it| it.value.as_ref());
        let moved = before.is_some_and(|it| it.observed_on.day() != seen);
        if value.as_ref() != old || (value.is_some() && moved) {
            changed.push(Noted {
                fact: word.to_owned(),
                version: before.map_or(1, |it| it.version + 1),
                value,
                observed_on: Moment::Day(seen),
                noted_by: by.to_owned(),
            });
        }
    }
    (changed, form.flaws)
}

/// Moves with every version that is saved.
fn stamp(noted: &[Noted]) -> String {
    noted.iter().map(|it| it.version).sum::<i64>().to_string()
}

fn values(noted: &[Noted]) -> Params {
    let mut values = vec![("version".to_owned(), stamp(noted))];
    for it in noted {
        let Some(value) = &it.value else { continue };
        values.push((it.fact.clone(), value.clone()));
        values.push((observed(&it.fact), it.observed_on.day().to_string()));
    }
    Params::of(&values)
}

fn show(frame: &Frame, site: &Site, rules: &Rules, state: Typed<'_>) -> Markup {
    let asked = facts_views::asked(rules.packs.iter().filter(|it| concerns(it, site)));
    let crumbs = vec![
        ("Sites".to_owned(), "/sites".to_owned()),
        (site.name.clone(), format!("/sites/{}", site.id)),
        ("Facts".to_owned(), String::new()),
    ];
    let page = frame.page("What rules ask for").nav(Nav::Sites).crumbs(crumbs);
    page.show(facts_views::form(site, &rules.packs.facts, &asked, state))
}
