//! Handlers: merging a site into another one, and splitting it again.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use maud::Markup;

use super::merging_views::{self, Choice};
use crate::audit::{self, Act, Entry};
use crate::clock::{Clock, Moment};
use crate::db::{Db, Target};
use crate::records::SiteId;
use crate::rights::{Resource, Viewer};
use crate::sites::merging::{self, Merge, MergeId};
use crate::sites::{self, Kinds, Site, keeping, merging_store};
use crate::standing::relink;
use crate::web::extract::{Form, Params, Path};
use crate::web::filled::{Filled, Flaws, Typed, shown_again};
use crate::web::frame::Frame;
use crate::web::guarded;
use crate::web::layout::Nav;
use crate::web::{self, Error, OrNotFound};

/// The form that merges a site into another.
pub async fn merging(
    State(db): State<Db>,
    State(kinds): State<Arc<Kinds>>,
    viewer: Viewer,
    frame: Frame,
    Path(id): Path<SiteId>,
    params: Params,
) -> web::Result<Markup> {
    let choice = choice(&db, &viewer, id).await?;
    Ok(show(&frame, &choice, &kinds, (&params, &Flaws::default())))
}

/// Merges.
pub async fn merge(
    State(db): State<Db>,
    State(clock): State<Clock>,
    State(kinds): State<Arc<Kinds>>,
    viewer: Viewer,
    frame: Frame,
    Path(id): Path<SiteId>,
    Form(params): Form,
) -> web::Result<Response> {
    let mut tx = keeping::begin(&db).await?;
    let choice = choice(&mut tx, &viewer, id).await?;
    let (into, why) = match read(&mut tx, &viewer, &choice.from, &params).await? {
        Ok(read) => read,
        Err(flaws) => {
            let page = show(&frame, &choice, &kinds, (&params, &flaws));
            return Ok(shown_again(StatusCode::UNPROCESSABLE_ENTITY, page));
        }
    };
    let merge = Merge {
        id: MergeId(clock.id()),
        from_site: id,
        into_site: into.id,
        merged_at: Moment::from(clock.now()),
        merged_name: viewer.name().to_owned(),
        why,
        split_at: None,
        split_name: None,
        split_why: None,
    };
    merging_store::merge(&mut tx, &merge, &choice.from, &viewer).await?;
    let entry = logged(&merge, "merged").with_all("confirmed", guarded::confirmations(&params));
    audit::store::commit(tx, clock, &viewer, &entry).await?;
    Ok(Redirect::to(&format!("/sites/{}", into.id)).into_response())
}

/// Splits a merged site from the one that holds its records.
pub async fn split(
    State(db): State<Db>,
    State(clock): State<Clock>,
    viewer: Viewer,
    Path(id): Path<SiteId>,
    Form(params): Form,
) -> web::Result<Response> {
    let mut tx = keeping::begin(&db).await?;
    let back = sites::store::find(&mut tx, &viewer, id).await?.ok_or_not_found("site")?;
    let merge = merging_store::of(&mut tx, &viewer, id).await?;
    let merge = merge.ok_or(Error::Conflict("This site is split already. Nothing was changed.".into()))?;
    let mut form = Filled::new(&params);
    let why = form.free_line("why").unwrap_or_default();
    if !form.flaws.is_empty() {
        return Err(Error::Conflict(
            "Say why in a few words, without names, telephone numbers or birth dates.".into(),
        ));
    }
    let now = Moment::from(clock.now());
    merging_store::split(&mut tx, &merge, now, &viewer, &why).await?;
    let kept = sites::store::find(&mut tx, &viewer, merge.into_site).await?.ok_or_not_found("site")?;
    let back = Site { id, ..back };
    let gained = relink::again(&mut tx, &kept, &back, merge.merged_at, now).await?;
    sites::store::touch(&mut tx, &gained.into_iter().collect::<Vec<_>>(), now).await?;
    let entry = logged(&merge, "split").with_all("confirmed", guarded::confirmations(&params));
    audit::store::commit(tx, clock, &viewer, &entry).await?;
    Ok(Redirect::to(&format!("/sites/{id}")).into_response())
}

fn logged(merge: &Merge, what: &str) -> Entry {
    let entry = Entry::new(Act::Change).on(Resource::Site).about(merge.from_site.0);
    entry.with("merging", what).with("merge", merge.id).with("into", merge.into_site)
}

/// The site and those that it may be the same as: the others of its building.
async fn choice(on: impl Into<Target<'_>>, viewer: &Viewer, id: SiteId) -> web::Result<Choice> {
    let mut on = on.into();
    let from = sites::store::find(on.again(), viewer, id).await?.ok_or_not_found("site")?;
    let buildings: Vec<_> = from.building_id.into_iter().collect();
    let mut others = sites::store::in_buildings(on, viewer, &buildings).await?;
    others.retain(|it| it.id != id);
    Ok(Choice { from, others })
}

/// The other site and the reason, or what is to be mended.
async fn read(
    on: impl Into<Target<'_>>,
    viewer: &Viewer,
    from: &Site,
    params: &Params,
) -> web::Result<Result<(Site, String), Flaws>> {
    let mut form = Filled::new(params);
    let why = form.free_text("why");
    if params.get("why").is_none() {
        form.flaws.add("why", "Say how it is known that they are one business.");
    }
    let code = params.get("other").or_else(|| params.get("into")).unwrap_or_default();
    let into = sites::store::by_code(on, viewer, code).await?;
    match &into {
        None => form.flaws.add("other", "Choose the other site, or type its code as S-00417."),
        Some(into) => {
            if let Err(refusal) = merging::may_merge(from, into) {
                form.flaws.add("other", refusal.to_string());
            }
        }
    }
    Ok(match (into, why) {
        (Some(into), Some(why)) if form.flaws.is_empty() => Ok((into, why)),
        _ => Err(form.flaws),
    })
}

fn show(frame: &Frame, choice: &Choice, kinds: &Kinds, (values, flaws): (&Params, &Flaws)) -> Markup {
    let from = &choice.from;
    let crumbs = vec![
        ("Sites".to_owned(), "/sites".to_owned()),
        (from.name.clone(), format!("/sites/{}", from.id)),
        ("Merge".to_owned(), String::new()),
    ];
    let fragment = merging_views::merge(choice, kinds, Typed { values, flaws });
    frame.page("Merge a site").nav(Nav::Sites).crumbs(crumbs).show(fragment)
}
