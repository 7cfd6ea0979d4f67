//! Handlers of imports: the batches, one batch with its rejects, and the way from a file to stored rows: choose,
//! check, store.

use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::extract::State;
use axum::extract::multipart::Multipart;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use maud::Markup;

use super::check_views::{self, Asked};
use super::checking::{self, Checked};
use super::engine::{self, Job};
use super::preview::Check;
use super::profile::Profile;
use super::upload::{Folder, Upload, UploadError, UploadId, shown_name};
use super::{BatchState, store, views};
use crate::audit::{self, Act, Entry};
use crate::clock::Clock;
use crate::config;
use crate::db::Db;
use crate::formats::csv_out::CsvWriter;
use crate::formats::field::Field;
use crate::incidents::offenses::Offenses;
use crate::knowledge::Library;
use crate::records::BatchId;
use crate::records::listing::{PAGE, page_of};
use crate::rights::{Resource, Viewer};
use crate::standing::watch::Snapshots;
use crate::web::extract::{Form, Params, Path};
use crate::web::filled::{Flaws, Typed, shown_again};
use crate::web::frame::Frame;
use crate::web::layout::Nav;
use crate::web::{self, OrNotFound};

/// Rejects that a page shows; the file has all of them.
const REJECTS: i64 = 100;
/// More rejects than anyone reads: the file ends there.
const MOST_REJECTS: i64 = 200_000;

/// The batches, newest first.
pub async fn list(
    State(db): State<Db>,
    State(clock): State<Clock>,
    viewer: Viewer,
    frame: Frame,
    params: Params,
) -> web::Result<Markup> {
    let page = page_of(&params);
    let mut batches = store::list(&db, &viewer, (page - 1, PAGE)).await?;
    if batches.iter().any(|it| it.state == BatchState::Running)
        && store::abandon(&db, clock.now().into()).await? > 0
    {
        batches = store::list(&db, &viewer, (page - 1, PAGE)).await?;
    }
    let total = store::count(&db, &viewer).await?;
    let list = views::list(&batches, total, page, &params, frame.zone);
    Ok(frame.page("Imports").nav(Nav::Imports).show(list))
}

/// One batch; while it runs, the page asks again every two seconds.
pub async fn show(
    State(db): State<Db>,
    State(clock): State<Clock>,
    viewer: Viewer,
    frame: Frame,
    Path(id): Path<BatchId>,
) -> web::Result<Response> {
    let mut batch = store::find(&db, &viewer, id).await?.ok_or_not_found("import")?;
    if batch.state == BatchState::Running && store::abandon(&db, clock.now().into()).await? > 0 {
        batch = store::find(&db, &viewer, id).await?.ok_or_not_found("import")?;
    }
    let rejects = store::rejects(&db, &viewer, id, REJECTS).await?;
    let page = within(&frame, &batch.code(), views::show(&batch, &rejects, frame.zone));
    let mut response = page.into_response();
    if batch.state == BatchState::Running {
        response.headers_mut().insert(header::REFRESH, HeaderValue::from_static("2"));
    }
    Ok(response)
}

/// The rejects of a batch as CSV.
pub async fn rejects(
    State(db): State<Db>,
    State(clock): State<Clock>,
    viewer: Viewer,
    frame: Frame,
    Path(id): Path<BatchId>,
) -> web::Result<Response> {
    let batch = store::find(&db, &viewer, id).await?.ok_or_not_found("import")?;
    let rejects = store::rejects(&db, &viewer, id, MOST_REJECTS).await?;
    let csv = rejects_csv(&rejects, frame.demo).map_err(|error| web::Error::Internal(error.into()))?;
    let name = format!("attachment; filename=\"{}-rejects.csv\"", batch.code());
    let logged = Entry::new(Act::Export).on(Resource::Import).about(id.0).with("n_rows", rejects.len());
    audit::store::record(&db, clock, &viewer, &logged).await?;
    Ok((
        [(header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()), (header::CONTENT_DISPOSITION, name)],
        Body::from(csv),
    )
        .into_response())
}

fn rejects_csv(rejects: &[super::Reject], demo: bool) -> std::io::Result<Vec<u8>> {
    let mut columns = vec!["line", "column", "value", "reason"];
    columns.extend(demo.then_some("data_status"));
    let mut csv = CsvWriter::new(Vec::new(), columns)?;
    for it in rejects {
        let row = [
            Field::Int(it.line),
            Field::Text(&it.column_name),
            Field::Text(&it.value),
            Field::Text(&it.reason),
        ];
        csv.row(row.into_iter().chain(demo.then_some(Field::Text("demonstration"))))?;
    }
    csv.finish()
}

/// The form that takes a file.
pub async fn new(State(library): State<Arc<Library>>, frame: Frame, params: Params) -> Markup {
    choose(&frame, &library, &params, &Flaws::default())
}

/// Takes a file to a folder of its own, and goes on to the preview. Nothing is stored.
pub async fn upload(
    State(serve): State<Arc<config::Serve>>,
    State(library): State<Arc<Library>>,
    State(clock): State<Clock>,
    State(db): State<Db>,
    viewer: Viewer,
    frame: Frame,
    multipart: Multipart,
) -> web::Result<Response> {
    let folder = folder(&serve);
    folder.sweep(clock.now()).await;
    let id = UploadId(clock.id());
    let (upload, flaws) = receive(&folder, id, multipart).await?;
    let mut flaws = flaws;
    if find_profile(&library, &upload.profile).is_err() {
        flaws.add("profile", "Choose one of the profiles.");
    }
    if !flaws.is_empty() {
        folder.remove(id).await;
        let typed = [("profile", upload.profile)].into_iter().collect();
        return Ok(again(choose(&frame, &library, &typed, &flaws)));
    }
    let logged = Entry::new(Act::Import).on(Resource::Import).about(id.0).with("upload", &upload.file_name);
    audit::store::record(&db, clock, &viewer, &logged.with("bytes", upload.n_bytes)).await?;
    folder.keep(id, &upload).await.map_err(|error| web::Error::Internal(error.into()))?;
    Ok(Redirect::to(&format!("/imports/preview/{id}")).into_response())
}

/// Reads the parts of the form, the file straight to disk.
async fn receive(folder: &Folder, id: UploadId, mut parts: Multipart) -> web::Result<(Upload, Flaws)> {
    let mut upload = Upload { profile: String::new(), file_name: String::new(), n_bytes: 0 };
    let mut flaws = Flaws::default();
    let mut taken = false;
    let unreadable = || web::Error::Unreadable("The form broke off. Send it again.".to_owned());
    while let Some(part) = parts.next_field().await.map_err(|_| unreadable())? {
        match part.name() {
            Some("profile") => {
                upload.profile = part.text().await.map_err(|_| unreadable())?.chars().take(200).collect();
            }
            Some("file") if !taken => {
                upload.file_name = shown_name(part.file_name().unwrap_or_default());
                taken = true;
                match folder.take(id, part).await {
                    Ok(n_bytes) => upload.n_bytes = n_bytes,
                    Err(UploadError::Folder(error)) => {
                        let error = anyhow::Error::new(error).context("writing to the folder of uploads");
                        return Err(web::Error::Internal(error));
                    }
                    Err(error) => {
                        flaws.add("file", error.to_string());
                        return Ok((upload, flaws));
                    }
                }
            }
            _ => {}
        }
    }
    if upload.n_bytes == 0 {
        flaws.add("file", if taken { "The file is empty. Choose another." } else { "Choose a file." });
    }
    Ok((upload, flaws))
}

/// What a waiting file would bring, by its profile or by another one in the URL; while it is read, how far that is.
#[expect(clippy::too_many_arguments, reason = "each is an extractor")]
pub async fn preview(
    State(db): State<Db>,
    State(clock): State<Clock>,
    State(serve): State<Arc<config::Serve>>,
    State(library): State<Arc<Library>>,
    viewer: Viewer,
    frame: Frame,
    Path(id): Path<UploadId>,
    params: Params,
) -> web::Result<Response> {
    let folder = folder(&serve);
    let upload = folder.find(id).await.ok_or_not_found("upload; it may have been stored already")?;
    let name = params.get("profile").unwrap_or(&upload.profile).to_owned();
    let (profile, job) = job(&folder, id, &library, &upload, &name)?;
    if params.get("again").is_some() {
        checking::forget(&folder, id, &job).await;
        let query = params.with("again", None);
        let anew = format!("/imports/preview/{id}{}", query.trim_end_matches('?'));
        return Ok(Redirect::to(&anew).into_response());
    }
    let checked = checking::check(&db, clock, &folder, id, job).await;
    let checked = checked.map_err(|error| {
        web::Error::Internal(anyhow::Error::new(error).context("writing to the folder of uploads"))
    })?;
    let (id, names) = (id.to_string(), names(&library));
    let asked = Asked { id: &id, upload: &upload, name: &name, profile: &profile, names: &names };
    show_check(&db, &viewer, frame, asked, checked).await
}

async fn show_check(
    db: &Db,
    viewer: &Viewer,
    frame: Frame,
    asked: Asked<'_>,
    checked: Checked,
) -> web::Result<Response> {
    Ok(match checked {
        Checked::UnderWay(reading) => {
            let page = within(&frame, "The file is being checked", check_views::under_way(asked, reading));
            ([(header::REFRESH, "1")], page).into_response()
        }
        Checked::Done(Check::Fits(seen)) => {
            let before = store::last_delivery(db, viewer, &asked.profile.source, &seen.file_hash).await?;
            let page = check_views::check(asked, &seen, before.as_ref(), frame.zone);
            within(&frame, "Check before anything is stored", page).into_response()
        }
        Checked::Done(Check::Misfit(reason)) => {
            again(within(&frame, "This profile does not fit", check_views::misfit(asked, &reason)))
        }
        Checked::Done(Check::Failed(reason)) => {
            let page = within(&frame, "Not checked", check_views::failed(asked, &reason));
            shown_again(StatusCode::SERVICE_UNAVAILABLE, page)
        }
    })
}

/// Begins to store a waiting file and shows its progress; it goes on when the browser leaves.
#[expect(clippy::too_many_arguments, reason = "each is an extractor")]
pub async fn begin(
    State(db): State<Db>,
    State(clock): State<Clock>,
    State(serve): State<Arc<config::Serve>>,
    State(library): State<Arc<Library>>,
    State(snapshots): State<Snapshots>,
    viewer: Viewer,
    Path(id): Path<UploadId>,
    Form(params): Form,
) -> web::Result<Redirect> {
    let folder = folder(&serve);
    let upload = folder.find(id).await.ok_or_not_found("upload; it may have been stored already")?;
    let name = params.get("profile").unwrap_or(&upload.profile);
    let (_, job) = job(&folder, id, &library, &upload, name)?;
    folder.claim(id).await.ok_or_not_found("upload; it may have been stored already")?;
    let batch = BatchId(clock.id());
    let (on, waiting, importer) = (db.clone(), folder.clone(), viewer.clone());
    let work = tokio::spawn(async move {
        let done = engine::import_as(batch, &on, clock, &importer, &job, |_| {}).await;
        waiting.remove(id).await;
        snapshots.changed();
        if let Err(error) = &done {
            tracing::warn!(batch.id = %batch, "batch {batch} was not stored whole: {error}");
        }
        done.map(|_| ()).map_err(|error| error.to_string())
    });
    // The batch is noted as soon as file and profile are known to fit; until then there is nothing to show.
    while !work.is_finished() && store::find(&db, &viewer, batch).await?.is_none() {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    if work.is_finished()
        && let Ok(Err(reason)) = work.await
        && store::find(&db, &viewer, batch).await?.is_none()
    {
        return Err(web::Error::Conflict(reason));
    }
    Ok(Redirect::to(&format!("/imports/{batch}")))
}

/// Deletes a waiting file; nothing was stored.
pub async fn cancel(
    State(db): State<Db>,
    State(clock): State<Clock>,
    State(serve): State<Arc<config::Serve>>,
    viewer: Viewer,
    Path(id): Path<UploadId>,
) -> web::Result<Redirect> {
    let logged = Entry::new(Act::Import).on(Resource::Import).about(id.0).with("upload", "given up");
    audit::store::record(&db, clock, &viewer, &logged).await?;
    folder(&serve).remove(id).await;
    Ok(Redirect::to("/imports"))
}

fn folder(serve: &config::Serve) -> Folder {
    Folder::new(serve.uploads_folder(), serve.upload_mib)
}

fn job(
    folder: &Folder,
    id: UploadId,
    library: &Library,
    upload: &Upload,
    name: &str,
) -> web::Result<(Profile, Job)> {
    let (document, profile) =
        find_profile(library, name).map_err(|reason| web::Error::field("profile", reason))?;
    let job = Job {
        path: folder.file(id),
        file_name: upload.file_name.clone(),
        profile_name: name.to_owned(),
        document,
        profile: profile.clone(),
        offenses: Arc::new(Offenses::read(library)?),
    };
    Ok((profile, job))
}

fn find_profile(library: &Library, name: &str) -> Result<(crate::knowledge::Document, Profile), String> {
    let document = library.get(&format!("profiles/{name}.toml")).ok_or("There is no such profile.")?;
    let profile = Profile::read(document).map_err(|flaw| flaw.to_string())?;
    Ok((document.clone(), profile))
}

/// Names and titles of the profiles that can be read.
fn names(library: &Library) -> Vec<(String, String)> {
    library
        .below("profiles")
        .filter_map(|it| {
            let name = it.name.strip_prefix("profiles/")?.strip_suffix(".toml")?;
            let title = Profile::read(it).ok()?.title;
            Some((name.to_owned(), format!("{name}: {title}")))
        })
        .collect()
}

fn choose(frame: &Frame, library: &Library, values: &Params, flaws: &Flaws) -> Markup {
    within(frame, "Import a file", check_views::choose(Typed { values, flaws }, &names(library)))
}

fn within(frame: &Frame, title: &str, fragment: Markup) -> Markup {
    let crumbs = vec![("Imports".to_owned(), "/imports".to_owned())];
    frame.page(title).nav(Nav::Imports).crumbs(crumbs).show(fragment)
}

fn again(page: Markup) -> Response {
    shown_again(StatusCode::UNPROCESSABLE_ENTITY, page)
}
