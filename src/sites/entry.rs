//! What a person enters at a site: the form of a record of any kind, and its saving with a certain link to that site.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use chrono::NaiveDate;
use maud::Markup;

use super::form::DESK;
use super::{Site, store};
use crate::audit::{self, Act};
use crate::clock::{Clock, Moment};
use crate::db::{self, Db, Tx};
use crate::records::links::{by_hand, save_links};
use crate::records::recorded::Recorded;
use crate::records::store::{find, save};
use crate::records::{Draft, Head, Place, RecordId, SiteId};
use crate::rights::Viewer;
use crate::web::extract::{Form, Params, Path};
use crate::web::filled::{Filled, Flaws, Typed, shown_again};
use crate::web::frame::Frame;
use crate::web::guarded::{self, Confirmation};
use crate::web::layout::Nav;
use crate::web::{self, OrNotFound};

/// A kind of record that a person can enter at a site.
pub trait Entered: Recorded {
    /// The title of the form.
    const TITLE: &'static str;
    /// What is saved beside the record itself.
    type Parts: Send;

    /// What the form says.
    ///
    /// # Errors
    /// All that is to be mended.
    fn read(params: &Params, entry: &Entry) -> Result<(Self, Self::Parts), Flaws>;

    /// The form, as far as `viewer` may fill it in.
    fn form(site: &Site, viewer: &Viewer, form: Typed<'_>) -> Markup;

    /// Saves what goes with the record; `now` is when it becomes known.
    fn save_parts(
        tx: &mut Tx,
        now: Moment,
        parts: Self::Parts,
    ) -> impl Future<Output = db::Result<()>> + Send;
}

/// What a form does not ask: which record it is, of which site, and the time.
#[derive(Clone, Debug)]
pub struct Entry {
    /// The id that the form was given when it was shown; sending it twice means the same record.
    pub id: RecordId,
    /// The site it is about.
    pub site: Site,
    /// Who enters it.
    pub viewer: Viewer,
    /// When it becomes known.
    pub now: Moment,
    /// The last day on which it can have happened.
    pub today: NaiveDate,
}

impl Entry {
    /// The head of the record.
    pub fn head(&self, happened_on: NaiveDate) -> Head {
        Head {
            id: self.id,
            version: 1,
            occurred_at: Moment::Day(happened_on),
            recorded_at: self.now,
            backfilled: false,
            source: DESK.to_owned(),
            source_key: self.id.to_string(),
            batch_id: None,
        }
    }

    /// The place of the record: the site's own.
    pub fn place(&self) -> Place {
        let site = &self.site;
        Place {
            address: Some(site.address.clone()),
            unit: site.unit.clone(),
            city: site.city.clone(),
            building_id: site.building_id,
            lon: site.lon,
            lat: site.lat,
            point_method: site.point_method,
        }
    }

    /// The day in field `name`, which must be given and not be in the future.
    pub fn past_day(&self, form: &mut Filled<'_>, name: &str, advice: &str) -> Option<NaiveDate> {
        let before = form.flaws.pairs().len();
        let day = form.day(name);
        if day.is_none() && form.flaws.pairs().len() == before {
            form.flaws.add(name, advice);
        }
        if day.is_some_and(|it| it > self.today) {
            form.flaws.add(name, "That day is still to come. Give a day up to today.");
        }
        day
    }
}

/// The empty form.
pub async fn new<R: Entered>(
    State(db): State<Db>,
    State(clock): State<Clock>,
    viewer: Viewer,
    frame: Frame,
    Path(id): Path<SiteId>,
) -> web::Result<Markup> {
    let site = store::find(&db, &viewer, id).await?.ok_or_not_found("site")?;
    let today = Moment::from(clock.now()).day_in(&frame.zone).to_string();
    let values = [("id", clock.id().to_string()), ("occurred_on", today)].into_iter().collect();
    Ok(show::<R>(&frame, &site, &viewer, &values, &Flaws::default()))
}

/// Records it, with a link to its site.
pub async fn add<R: Entered>(
    State(db): State<Db>,
    State(clock): State<Clock>,
    viewer: Viewer,
    frame: Frame,
    Path(id): Path<SiteId>,
    Form(params): Form,
) -> web::Result<Response> {
    let site = store::find(&db, &viewer, id).await?.ok_or_not_found("site")?;
    if params.get("more").is_some() {
        return Ok(show::<R>(&frame, &site, &viewer, &params, &Flaws::default()).into_response());
    }
    let now = Moment::from(clock.now());
    let id = params.get("id").and_then(|it| it.parse().ok()).unwrap_or_else(|| RecordId(clock.id()));
    let entry = Entry { id, site, now, today: now.day_in(&frame.zone), viewer: viewer.clone() };
    match R::read(&params, &entry) {
        Ok((record, parts)) => {
            let confirmed = guarded::confirmations(&params);
            save_entry(&db, clock, &viewer, &entry, (record, parts), confirmed).await?;
            Ok(Redirect::to(&format!("/sites/{}", entry.site.id)).into_response())
        }
        Err(flaws) => {
            let page = show::<R>(&frame, &entry.site, &viewer, &params, &flaws);
            Ok(shown_again(StatusCode::UNPROCESSABLE_ENTITY, page))
        }
    }
}

async fn save_entry<R: Entered>(
    db: &Db,
    clock: Clock,
    viewer: &Viewer,
    entry: &Entry,
    (record, parts): (R, R::Parts),
    confirmed: Vec<Confirmation>,
) -> db::Result<()> {
    let mut tx = db.begin().await?;
    tx.one_at_a_time("import").await?;
    // The same form sent twice is one record.
    if find::<R>(&mut tx, viewer, entry.id).await?.is_some() {
        return Ok(());
    }
    let (site, now) = (&entry.site, entry.now);
    let link = by_hand(R::KIND, record.head(), site.id, site.building_id);
    save::<R>(&mut tx, vec![Draft::of(record)], now).await?;
    R::save_parts(&mut tx, now, parts).await?;
    save_links(&mut tx, vec![link]).await?;
    store::touch(&mut tx, &[site.id], now).await?;
    let logged = audit::Entry::new(Act::Change)
        .on(R::KIND.resource())
        .about(entry.id.0)
        .with("recorded_for", site.id)
        .with_all("confirmed", confirmed);
    audit::store::commit(tx, clock, viewer, &logged).await
}

fn show<R: Entered>(frame: &Frame, site: &Site, viewer: &Viewer, values: &Params, flaws: &Flaws) -> Markup {
    let crumbs =
        vec![("Sites".to_owned(), "/sites".to_owned()), (site.name.clone(), format!("/sites/{}", site.id))];
    frame.page(R::TITLE).nav(Nav::Sites).crumbs(crumbs).show(R::form(site, viewer, Typed { values, flaws }))
}
