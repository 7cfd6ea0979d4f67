//! Handlers: the page of a finding, now or as of a past day, and its exhibit as a page to print and as a file.

use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use chrono::NaiveDate;
use maud::Markup;

use super::exhibit::{self, Exhibit, To};
use super::finding::{Finding, Measurement};
use super::finding_page_views::{self, Page};
use super::job::{self, Rules};
use super::kind::Kind;
use super::pack::{Pack, Rule};
use super::{dispute_store, ground, store};
use crate::clock::{Clock, Moment};
use crate::db::{self, Db};
use crate::geo::shape::Shape;
use crate::places::PlaceId;
use crate::places::snapshot::Snapshot;
use crate::records::SiteId;
use crate::rights::{Permission, Resource, Viewer};
use crate::sites::{self, Site};
use crate::web::extract::{Params, Path};
use crate::web::format;
use crate::web::frame::Frame;
use crate::web::layout::Nav;
use crate::web::{self, Error, OrNotFound};

type Key = (SiteId, String, String);

/// The page of a finding; with `as_of`, what the packs of today say of a past day.
pub async fn show(
    State(db): State<Db>,
    State(clock): State<Clock>,
    State(rules): State<Rules>,
    viewer: Viewer,
    frame: Frame,
    Path(key): Path<Key>,
    params: Params,
) -> web::Result<Markup> {
    let today = Moment::from(clock.now()).day_in(&frame.zone);
    let as_of = past(&params, today)?;
    let (id, pack, rule) = &key;
    let site = sites::store::find(&db, &viewer, *id).await?.ok_or_not_found("site")?;
    let (history, disputes) = tokio::try_join!(
        store::history(&db, &viewer, *id, (pack, rule)),
        dispute_store::of_finding(&db, &viewer, *id, (pack, rule)),
    )?;
    // Who may see no version of it learns nothing of it on any day.
    let last = history.first().ok_or_not_found("finding")?;
    let finding = match as_of {
        None => last.superseded_at.is_none().then(|| last.finding.clone()),
        Some(day) => then(&db, &rules, &viewer, &site, day)
            .await?
            .into_iter()
            .find(|it| it.pack == *pack && it.rule == *rule),
    };
    let finding = named(&db, &viewer, finding).await?;
    // The outlines of a past day are not kept in memory.
    let present = finding.as_ref().filter(|_| as_of.is_none());
    let drawn = present.and_then(|it| drawn(&rules, &viewer, (&site, it), (today, frame.demo), exhibit::svg));
    let page = Page {
        site: &site,
        finding: finding.as_ref(),
        key: (pack, rule),
        law: rules.packs.rule(pack, rule),
        history: &history,
        disputes: &disputes,
        as_of,
        drawn,
        may_change: viewer.is_permitted(Permission::Change(Resource::Finding)),
        zone: frame.zone,
    };
    let shown = frame.page(page.title()).nav(Nav::Findings).crumbs(crumbs(&page));
    let shown = shown.printed(viewer.name(), &format::day_and_time(clock.now(), &frame.zone));
    Ok(shown.show(finding_page_views::show(&page)))
}

/// The exhibit as a page to print.
pub async fn exhibit(
    State(db): State<Db>,
    State(clock): State<Clock>,
    State(rules): State<Rules>,
    viewer: Viewer,
    frame: Frame,
    Path(key): Path<Key>,
) -> web::Result<Markup> {
    let day = (Moment::from(clock.now()).day_in(&frame.zone), frame.demo);
    let (site, finding) = measured(&db, &viewer, &key).await?;
    let drawn = drawn(&rules, &viewer, (&site, &finding), day, exhibit::svg).ok_or_not_found("exhibit")?;
    let back = format!("/sites/{}/findings/{}/{}", key.0, key.1, key.2);
    let crumbs = vec![
        (site.name.clone(), format!("/sites/{}", key.0)),
        ("The finding".to_owned(), back.clone()),
        ("Exhibit".to_owned(), String::new()),
    ];
    let page = frame.page("Exhibit").nav(Nav::Findings).crumbs(crumbs);
    let page = page.printed(viewer.name(), &format::day_and_time(clock.now(), &frame.zone));
    Ok(page.show(finding_page_views::exhibit(&back, &drawn)))
}

/// The exhibit as an SVG file.
pub async fn exhibit_file(
    State(db): State<Db>,
    State(clock): State<Clock>,
    State(rules): State<Rules>,
    viewer: Viewer,
    frame: Frame,
    Path(key): Path<Key>,
) -> web::Result<Response> {
    let day = (Moment::from(clock.now()).day_in(&frame.zone), frame.demo);
    let (site, finding) = measured(&db, &viewer, &key).await?;
    let file = drawn(&rules, &viewer, (&site, &finding), day, exhibit::file).ok_or_not_found("exhibit")?;
    let headers = [
        (header::CONTENT_TYPE, "image/svg+xml"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"exhibit.svg\""),
    ];
    Ok((headers, file).into_response())
}

/// The exhibit in the form that `draw` gives it; none where there is nothing to draw.
fn drawn<T>(
    rules: &Rules,
    viewer: &Viewer,
    (site, finding): (&Site, &Finding),
    day: (NaiveDate, bool),
    draw: impl Fn(&Exhibit<'_>) -> Option<T>,
) -> Option<T> {
    let places = rules.places.current();
    let shapes = Shapes::of(viewer, &places, site, finding)?;
    draw(&shapes.exhibit(site, rules.packs.rule(&finding.pack, &finding.rule), finding, day))
}

/// The finding with the names of the other sites that it was measured to; those that the viewer may not see are left out.
async fn named(db: &Db, viewer: &Viewer, finding: Option<Finding>) -> db::Result<Option<Finding>> {
    let Some(mut finding) = finding else { return Ok(None) };
    let others = finding.measurements.iter().filter_map(|it| it.site.map(SiteId));
    let names = sites::store::names(db, viewer, others).await?;
    finding.measurements.retain_mut(|it| match it.site.map(SiteId) {
        None => true,
        Some(site) => names.get(&site).map(|name| it.name.clone_from(name)).is_some(),
    });
    Ok(Some(finding))
}

fn crumbs(page: &Page<'_>) -> Vec<(String, String)> {
    vec![
        ("Findings".to_owned(), "/findings".to_owned()),
        (page.site.name.clone(), format!("/sites/{}", page.site.id)),
        (page.title().to_owned(), String::new()),
    ]
}

fn past(params: &Params, today: NaiveDate) -> web::Result<Option<NaiveDate>> {
    let day = params.parsed::<NaiveDate>("as_of")?;
    if day.is_some_and(|it| it > today) {
        return Err(Error::Invalid(vec![("as_of", format!("Give a day up to today, {today}."))]));
    }
    Ok(day)
}

/// What was found of a past day, of rules whose records the viewer may see.
async fn then(
    db: &Db,
    rules: &Rules,
    viewer: &Viewer,
    site: &Site,
    day: NaiveDate,
) -> anyhow::Result<Vec<Finding>> {
    let mut found = job::as_of(db, rules, site, day).await?;
    found.retain(|it| {
        rules.packs.rule(&it.pack, &it.rule).is_some_and(|(_, rule)| viewer.may_see(rule.kind.basis()))
    });
    Ok(found)
}

async fn measured(db: &Db, viewer: &Viewer, (id, pack, rule): &Key) -> web::Result<(Site, Finding)> {
    let site = sites::store::find(db, viewer, *id).await?.ok_or_not_found("site")?;
    let all = store::of_site(db, viewer, *id, None).await?;
    let found = all.into_iter().map(|it| it.finding).find(|it| it.pack == *pack && it.rule == *rule);
    Ok((site, named(db, viewer, found).await?.ok_or_not_found("finding")?))
}

/// The shapes of an exhibit, which borrow from the places in memory.
struct Shapes<'a> {
    point: crate::geo::Point,
    building: Option<&'a Shape>,
    lot: Option<&'a Shape>,
    to: Vec<(&'a Measurement, Option<&'a Shape>)>,
}

impl<'a> Shapes<'a> {
    /// None where nothing was measured or the site has no point any more.
    fn of(viewer: &Viewer, places: &'a Snapshot, site: &Site, finding: &'a Finding) -> Option<Self> {
        let point = ground::point(site).filter(|_| !finding.measurements.is_empty())?;
        let shape =
            |it: &Measurement| it.place.and_then(|id| places.find(viewer, PlaceId(id))).map(|it| it.1);
        Some(Self {
            point,
            building: places.building_at(viewer, point).map(|it| it.1),
            lot: places.lot_at(viewer, point).map(|it| it.1),
            to: finding.measurements.iter().take(exhibit::MOST).map(|it| (it, shape(it))).collect(),
        })
    }

    fn exhibit(
        &self,
        site: &'a Site,
        law: Option<(&Pack, &Rule)>,
        finding: &Finding,
        (today, demo): (NaiveDate, bool),
    ) -> Exhibit<'a> {
        Exhibit {
            site: &site.name,
            point: self.point,
            error: ground::error(site),
            building: self.building,
            lot: self.lot,
            to: self.to.iter().map(|(measurement, shape)| To { measurement, shape: *shape }).collect(),
            caption: caption(site, law, finding, (today, demo)),
        }
    }
}

/// All that a reader needs to check the drawing.
fn caption(
    site: &Site,
    law: Option<(&Pack, &Rule)>,
    finding: &Finding,
    (today, demo): (NaiveDate, bool),
) -> Vec<String> {
    let mut lines = vec![format!("Site: {} ({}), {}.", site.name, site.code(), site.address)];
    if let Some((pack, rule)) = law {
        lines.push(format!("Rule: {} ({})", rule.words, pack.cite(rule)));
        if matches!(rule.kind, Kind::Setback { measure: super::kind::Method::Unspecified, .. }) {
            lines.push("The rule names no method: both are drawn.".to_owned());
        }
    }
    if let Some(nearest) = finding.measurements.first() {
        lines.push(format!("Nearest: {}. Limit: {}.", nearest.name, format::feet(nearest.limit_feet)));
        lines.extend(nearest.distances.iter().map(|it| {
            let error = exhibit::number(it, ground::error(site));
            format!(
                "Measured {}, in a straight line: {error}, from {} ({:.6}, {:.6}) to {} ({:.6}, {:.6}), as latitude and longitude.",
                it.method.label(), it.from.label(), it.from_at.1, it.from_at.0, it.to.label(), it.to_at.1, it.to_at.0,
            )
        }));
    }
    let hash: String = finding.pack_hash.chars().take(12).collect();
    lines.push(format!(
        "Measured by FOCA on the WGS 84 ellipsoid. Drawn {}. Rule pack {hash}.",
        format::day(today)
    ));
    lines.push("This is a measurement from data on record, not a survey.".to_owned());
    if demo {
        lines.push("Demonstration data. Every business, person and event shown here is invented.".to_owned());
    }
    lines
}
