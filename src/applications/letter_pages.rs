//! Handlers: letters to read and print, and the note that one went out.

use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use maud::Markup;

use super::acts::Office;
use super::letters::{self, Known, Letter};
use super::parts::{Condition, LetterId, Sent};
use super::workflow::Workflow;
use super::{Application, ApplicationId, letter_views, part_store, store};
use crate::audit::{self, Act, Entry};
use crate::clock::Moment;
use crate::licenses::License;
use crate::records::RecordId;
use crate::records::store::find as find_record;
use crate::rights::{Permission, Resource, Viewer};
use crate::web::extract::{Form, Path};
use crate::web::format;
use crate::web::frame::Frame;
use crate::web::layout::Nav;
use crate::web::{self, OrNotFound};

/// The letters about a license alone.
const OF_LICENSE: [&str; 2] = [letters::REMINDER, letters::REINSPECTION];

/// A letter of an application.
pub async fn of_application(
    State(office): State<Office>,
    viewer: Viewer,
    frame: Frame,
    Path((id, word)): Path<(ApplicationId, String)>,
) -> web::Result<Markup> {
    let it = store::find(&office.db, &viewer, id).await?.ok_or_not_found("application")?;
    let letter = office.workflow.letters.get(&word).ok_or_not_found("letter")?;
    let license = office.license(&viewer, &it).await?;
    let conditions = match it.license_id {
        Some(id) => part_store::conditions_of(&office.db, &viewer, id).await?,
        None => Vec::new(),
    };
    let mut known = about(&it, &office.workflow);
    if let Some(license) = &license {
        known.extend(about_license(license));
        let holding = conditions.iter().filter(|condition| condition.holds_on(office.today(frame.zone)));
        known.insert("conditions", holding.map(words).collect::<Vec<_>>().join(" "));
        // Whom the letter is for stands in the application: a transfer has a new holder, a renewal may have a new name.
        known.extend(whom(&it));
    }
    let filled = letters::write(&word, letter, &known, &format!("Application {}", it.code()));
    let crumbs = vec![
        ("Desk".to_owned(), "/desk".to_owned()),
        (it.code(), it.href()),
        ("Letter".to_owned(), String::new()),
    ];
    let sent = part_store::letters_of(&office.db, &viewer, id).await?;
    Ok(page(&office, &frame, &viewer, crumbs, (&filled, &sent)))
}

/// A letter of a license: a reminder, or one about an overdue reinspection.
pub async fn of_license(
    State(office): State<Office>,
    viewer: Viewer,
    frame: Frame,
    Path((id, word)): Path<(RecordId, String)>,
) -> web::Result<Markup> {
    let license = find_record::<License>(&office.db, &viewer, id).await?.ok_or_not_found("license")?;
    let letter = of_license_alone(&office.workflow, &word)?;
    let filled =
        letters::write(&word, letter, &about_license(&license), &format!("License {}", license.number));
    let crumbs = vec![
        ("Desk".to_owned(), "/desk".to_owned()),
        (format!("License {}", license.number), format!("/desk/licenses/{id}")),
        ("Letter".to_owned(), String::new()),
    ];
    let sent = part_store::letters_about(&office.db, &viewer, id).await?;
    Ok(page(&office, &frame, &viewer, crumbs, (&filled, &sent)))
}

/// Notes that a letter of an application went out.
pub async fn sent_of_application(
    State(office): State<Office>,
    viewer: Viewer,
    frame: Frame,
    Path((id, word)): Path<(ApplicationId, String)>,
    Form(params): Form,
) -> web::Result<Response> {
    let it = store::find(&office.db, &viewer, id).await?.ok_or_not_found("application")?;
    office.workflow.letters.get(&word).ok_or_not_found("letter")?;
    let about = (Some(id), it.license_id);
    note_sent(&office, &viewer, &frame, (params.get("id"), word), about).await?;
    Ok(Redirect::to(&it.href()).into_response())
}

/// Notes that a letter of a license went out.
pub async fn sent_of_license(
    State(office): State<Office>,
    viewer: Viewer,
    frame: Frame,
    Path((id, word)): Path<(RecordId, String)>,
    Form(params): Form,
) -> web::Result<Response> {
    find_record::<License>(&office.db, &viewer, id).await?.ok_or_not_found("license")?;
    of_license_alone(&office.workflow, &word)?;
    note_sent(&office, &viewer, &frame, (params.get("id"), word), (None, Some(id))).await?;
    Ok(Redirect::to(&format!("/desk/licenses/{id}")).into_response())
}

fn of_license_alone<'a>(workflow: &'a Workflow, word: &str) -> web::Result<&'a Letter> {
    workflow.letters.get(word).filter(|_| OF_LICENSE.contains(&word)).ok_or_not_found("letter")
}

async fn note_sent(
    office: &Office,
    viewer: &Viewer,
    frame: &Frame,
    (id, letter): (Option<&str>, String),
    (application_id, license_id): (Option<ApplicationId>, Option<RecordId>),
) -> web::Result<()> {
    let mut tx = office.db.begin().await?;
    tx.one_at_a_time("applications").await?;
    let id = id.and_then(|it| it.parse().ok()).unwrap_or_else(|| LetterId(office.clock.id()));
    // The same form sent twice notes one letter.
    if part_store::n_letters(&mut tx, id).await? > 0 {
        return Ok(());
    }
    let sent = Sent {
        id,
        application_id,
        license_id,
        recorded_at: Moment::from(office.clock.now()),
        letter: letter.clone(),
        sent_on: Moment::Day(office.today(frame.zone)),
        noted_by: viewer.name().to_owned(),
    };
    part_store::save_letters(&mut tx, vec![sent]).await?;
    let about = application_id.map(|it| it.0).or(license_id.map(|it| it.0)).unwrap_or_default();
    let entry = Entry::new(Act::Change).on(Resource::Application).about(about).with("letter_sent", letter);
    Ok(audit::store::commit(tx, office.clock, viewer, &entry).await?)
}

/// Whom a letter of an application is for.
fn whom(it: &Application) -> Known {
    [
        ("applicant", it.applicant.clone()),
        ("business", it.business.clone()),
        ("address", it.address().unwrap_or_default()),
    ]
    .into()
}

/// What a letter may say of an application.
fn about(it: &Application, workflow: &Workflow) -> Known {
    let day = |it: Option<Moment>| it.map(|it| format::day(it.day())).unwrap_or_default();
    let mut known = whom(it);
    known.extend([
        ("application", it.code()),
        ("procedure", workflow.procedure_label(&it.procedure).to_lowercase()),
        ("received_on", day(Some(it.received_on))),
        ("decided_on", day(it.decided_on)),
        ("reason", it.reason.shown().unwrap_or_default().to_owned()),
        ("appeal_by", day(it.appeal_by)),
        ("ends_on", day(it.ends_on)),
        ("state", workflow.state_label(&it.state).to_lowercase()),
    ]);
    known
}

/// What a letter may say of a license.
fn about_license(it: &License) -> Known {
    let day = |it: Option<Moment>| it.map(|it| format::day(it.day())).unwrap_or_default();
    let city = it.place.city.as_deref().map(format::place);
    let place: Vec<&str> = [&it.place.address, &city].into_iter().flatten().map(String::as_str).collect();
    [
        ("applicant", it.licensee.clone().unwrap_or_default()),
        ("business", it.name.clone()),
        ("address", place.join(", ")),
        ("license", it.number.clone()),
        ("starts_on", day(it.starts_on)),
        ("expires_on", day(it.expires_on)),
    ]
    .into()
}

fn words(it: &Condition) -> String {
    format!("{}.", it.words.trim_end_matches('.'))
}

fn page(
    office: &Office,
    frame: &Frame,
    viewer: &Viewer,
    crumbs: Vec<(String, String)>,
    (letter, sent): (&letters::Filled, &[Sent]),
) -> Markup {
    let today = format::day(office.today(frame.zone));
    let id =
        viewer.is_permitted(Permission::Change(Resource::Application)).then(|| LetterId(office.clock.id()));
    let sent: Vec<&Sent> = sent.iter().filter(|it| it.letter == letter.word).collect();
    let shown = letter_views::one(&office.workflow.agency, letter, &today, (id, &sent));
    frame.page(&letter.title).nav(Nav::Desk).crumbs(crumbs).show(shown)
}
