//! What a step does to the license: a further version of the license's record, its site opened, its holder noted.
//!
//! A license that a register delivered is changed in the same way: the desk's version stands until the register says
//! something that it never said before (see `licenses::by_hand`).

use chrono::Datelike;

use super::acts::{Desk, Said};
use super::workflow::Effect;
use super::{Application, Holder, deadlines, holders};
use crate::clock::Moment;
use crate::db::{self, Tx};
use crate::licenses::{self, License, PRACTITIONER, Status};
use crate::records::links::{NewLink, by_hand, save_links};
use crate::records::store::{find, save};
use crate::records::{Draft, Head, Linked, Place, RecordId, RecordKind};
use crate::sites;
use crate::web;
use crate::web::filled::Flaws;

/// The source of licenses that the desk gave.
pub const SOURCE: &str = "foca-desk";

/// Notes a license that is applied for as pending, so that the rule of the agency's own clock sees it. Only at a known
/// site: a record that counts for nothing would be proposed as premises that are not listed.
///
/// # Errors
/// The database does not answer.
pub async fn note_pending(tx: &mut Tx, desk: &Desk<'_>, it: &mut Application) -> db::Result<()> {
    if it.holder == Holder::Business && it.site_id.is_none() {
        return Ok(());
    }
    let license = applied_for(it, desk);
    it.license_id = Some(license.head.id);
    add(tx, desk, it, license).await
}

/// Does to the license what a step does, and marks the site. What is to be mended is the inner error.
///
/// # Errors
/// The database does not answer.
pub async fn apply(
    tx: &mut Tx,
    desk: &Desk<'_>,
    it: &mut Application,
    effect: Effect,
    said: &Said,
) -> web::Result<Result<(), Flaws>> {
    if effect == Effect::None {
        return Ok(Ok(()));
    }
    let known = match it.license_id {
        Some(id) => find::<License>(&mut *tx, desk.viewer, id).await?,
        None => None,
    };
    if known.is_none() && !effect.is_of_new() {
        let mut flaws = Flaws::default();
        flaws.add("needs", "The license is not there, or lies outside of your area.");
        return Ok(Err(flaws));
    }
    if known.is_none() && effect != Effect::Issue {
        // Nothing was noted of it yet, and nothing comes of it.
        return Ok(Ok(()));
    }
    let opens = effect == Effect::Issue && it.holder == Holder::Business && it.site_id.is_none();
    if opens && let Err(flaws) = holders::open_site(tx, desk, it).await? {
        return Ok(Err(flaws));
    }
    let is_first = known.is_none();
    let mut license = known.unwrap_or_else(|| applied_for(it, desk));
    change(&mut license, it, desk, effect, said);
    it.license_id = Some(license.head.id);
    if is_first {
        add(tx, desk, it, license).await?;
    } else {
        let site = license.linked.site_id;
        write(tx, license, desk.now).await?;
        let sites: Vec<_> = site.into_iter().collect();
        sites::store::touch(tx, &sites, desk.now).await?;
    }
    holders::follow(tx, desk, it, effect).await?;
    Ok(Ok(()))
}

/// The license as it stands after a step.
fn change(license: &mut License, it: &Application, desk: &Desk<'_>, effect: Effect, said: &Said) {
    let today = desk.today;
    if let Some(status) = effect.follows(Some(license.status)) {
        license.status = status;
    }
    license.status_as_written = None;
    let months = desk.workflow.months(it.holder);
    match effect {
        Effect::Issue => {
            let start = said.starts_on.unwrap_or(today);
            let end = said.expires_on.unwrap_or_else(|| deadlines::term_end(start, months));
            license.head.occurred_at = Moment::Day(today);
            license.issued_on = Some(Moment::Day(today));
            (license.starts_on, license.expires_on) = (Some(Moment::Day(start)), Some(Moment::Day(end)));
        }
        Effect::Renew => {
            let (first, last) = deadlines::next_term(license.expires_on.map(|it| it.day()), today, months);
            let start = said.starts_on.unwrap_or(first);
            let end = said.expires_on.unwrap_or(last);
            // A term that follows on the one that runs is one term: else the license would not be in force today.
            let runs = license.starts_on.filter(|_| start > today);
            license.starts_on = runs.or(Some(Moment::Day(start)));
            license.expires_on = Some(Moment::Day(end));
        }
        Effect::Amend => license.name.clone_from(&it.business),
        Effect::Transfer => license.licensee = Some(it.applicant.clone()),
        Effect::None
        | Effect::Deny
        | Effect::Cancel
        | Effect::Suspend
        | Effect::Reinstate
        | Effect::Revoke => {}
    }
    license.head.batch_id = None;
    license.head.recorded_at = desk.now.max(license.head.recorded_at);
}

/// The license that an application asks for, as pending.
fn applied_for(it: &Application, desk: &Desk<'_>) -> License {
    let (prefix, year) = (if it.holder == Holder::Business { "L" } else { "LP" }, desk.today.year() % 100);
    let number = format!("{prefix}-{year:02}-{:05}", it.number);
    let head = Head {
        id: RecordId(desk.clock.id()),
        version: 1,
        occurred_at: it.received_on,
        recorded_at: desk.now,
        backfilled: false,
        source: SOURCE.to_owned(),
        source_key: number.clone(),
        batch_id: None,
    };
    let (kind, name, place) = match it.holder {
        Holder::Business => (it.kind.clone(), it.business.clone(), it.place.clone()),
        // A license of someone who practices counts for no premises.
        Holder::Practitioner => (
            PRACTITIONER.to_owned(),
            it.applicant.clone(),
            Place { city: it.place.city.clone(), ..Place::unknown() },
        ),
    };
    License {
        head,
        number,
        kind,
        type_as_written: desk.workflow.license_type(it.holder).to_owned(),
        name,
        place,
        status: Status::Pending,
        status_as_written: None,
        issued_on: None,
        starts_on: None,
        expires_on: None,
        phone: None,
        licensee: Some(it.applicant.clone()),
        linked: Linked::none(),
    }
}

/// Saves the first version of a license, with a certain link: to its site, or of a practitioner to nothing.
async fn add(tx: &mut Tx, desk: &Desk<'_>, it: &Application, license: License) -> db::Result<()> {
    let site = it.site_id.filter(|_| it.holder == Holder::Business);
    let link = match site {
        Some(site) => by_hand(RecordKind::License, &license.head, site, it.place.building_id),
        None => NewLink {
            kind: RecordKind::License,
            record_id: license.head.id,
            recorded_at: license.head.recorded_at,
            site_id: None,
            building_id: None,
            method: "manual",
            certainty: 1_000,
            model: "desk",
            evidence: None,
            cause: None,
        },
    };
    write(tx, license, desk.now).await?;
    save_links(tx, vec![link]).await?;
    let sites: Vec<_> = site.into_iter().collect();
    sites::store::touch(tx, &sites, desk.now).await
}

async fn write(tx: &mut Tx, license: License, now: Moment) -> db::Result<()> {
    let draft = Draft { later: licenses::N_LATER, ..Draft::of(license) };
    save::<License>(tx, vec![draft], now).await?;
    Ok(())
}
