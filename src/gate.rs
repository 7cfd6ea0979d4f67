//! What every request passes before its handler: who sends it, whether that one may, and the log of what was read or
//! refused. What cannot be logged is not answered.

use axum::extract::{MatchedPath, Request, State};
use axum::http::request::Parts;
use axum::http::uri::PathAndQuery;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};
use uuid::Uuid;

use crate::accounts::door::Door;
use crate::accounts::extract::{Caller, caller};
use crate::accounts::sign_in::Visit;
use crate::app::App;
use crate::audit::{self, Act, Entry, Outcome};
use crate::review;
use crate::rights::class::Class;
use crate::rights::{Permission, Resource, Viewer};
use crate::web::frame::WaitingLinks;
use crate::web::{self, Error, urls};

/// What a route asks of who calls it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rule {
    /// What the viewer must be permitted.
    pub permission: Permission,
    /// Whether the password must have been given just now.
    pub confirmed: bool,
    /// Whether what is read is part of a page whose opening is logged, and so is not logged itself.
    pub part: bool,
    /// What else the page shows to who may see it.
    pub shows: Option<Resource>,
}

/// A rule, and the app that answers.
#[derive(Clone, Debug)]
pub struct Gate {
    /// The pieces that it works with.
    pub app: App,
    /// The rule.
    pub rule: Rule,
}

/// The layer of one route.
///
/// # Errors
/// Nobody has signed in, the right is missing, or the log cannot be written.
pub async fn pass(State(gate): State<Gate>, request: Request, next: Next) -> web::Result<Response> {
    if gate.rule.permission == Permission::Open {
        return Ok(next.run(request).await);
    }
    let (parts, body) = request.into_parts();
    let door = Door::of(&parts, &gate.app);
    let viewer = match caller(&door, &parts.headers).await? {
        Caller::Person(visit, viewer) => {
            if gate.rule.confirmed && !is_confirmed(&door, &visit) {
                return Ok(ask_again(&parts.method, &parts.uri, &parts.headers));
            }
            viewer
        }
        Caller::Program(viewer) if matches!(gate.rule.permission, Permission::Export(_)) => viewer,
        Caller::Program(viewer) => return refuse(&gate, &door, viewer, &parts).await,
        Caller::Away(_) => return Ok(at_the_door("/sign-in/again", &gate.rule, &parts)),
        Caller::OnTheWay(_, step) => return Ok(at_the_door(step.path(), &gate.rule, &parts)),
        Caller::Stranger | Caller::BadToken => return Ok(at_the_door("/sign-in", &gate.rule, &parts)),
    };
    if !viewer.is_permitted(gate.rule.permission) {
        return refuse(&gate, &door, viewer, &parts).await;
    }
    let entry = gate.rule.reading(&gate.app, &viewer, &parts);
    let waiting = waiting(&gate, &viewer, &parts).await?;
    let mut request = Request::from_parts(parts, body);
    request.extensions_mut().insert(viewer.clone());
    if let Some(waiting) = waiting {
        request.extensions_mut().insert(waiting);
    }
    let mut response = next.run(request).await;
    if let Some(entry) = entry {
        let entry = entry.outcome(outcome(response.status()));
        audit::store::record(&door.db, door.clock, &viewer, &entry).await?;
    }
    response.extensions_mut().insert(viewer);
    Ok(response)
}

/// How many links wait for a viewer who may decide about them, for the bar of a page.
async fn waiting(gate: &Gate, viewer: &Viewer, parts: &Parts) -> web::Result<Option<WaitingLinks>> {
    let shows_bar = !gate.rule.part && accepts_pages(&parts.headers);
    if !shows_bar || !viewer.is_permitted(Permission::Change(Resource::Link)) {
        return Ok(None);
    }
    let n = review::store::count(&gate.app.db, viewer, review::COUNTED + 1).await?;
    Ok(Some(WaitingLinks(n)))
}

fn accepts_pages(headers: &HeaderMap) -> bool {
    headers.get(header::ACCEPT).and_then(|it| it.to_str().ok()).is_some_and(|it| it.contains("text/html"))
}

impl Rule {
    /// What is logged of a request that reads: rows that are not public, and the page of anything that has a page.
    fn reading(&self, app: &App, viewer: &Viewer, parts: &Parts) -> Option<Entry> {
        let (Permission::See(resource) | Permission::Change(resource)) = self.permission else { return None };
        // A form that is sent is logged by its handler, in the transaction that saves it.
        if self.part || parts.method == Method::POST {
            return None;
        }
        let is_public = |it| app.accounts.classes().of_row(it) == Class::Public;
        let entry = Entry::new(Act::See).on(resource);
        match id_in(parts) {
            Some(id) => Some(entry.about(id).with("page", path(parts))),
            None if is_public(resource)
                && !self.shows.is_some_and(|it| viewer.may_see(it) && !is_public(it)) =>
            {
                None
            }
            None => {
                Some(entry.with("page", path(parts)).with("filter", parts.uri.query().unwrap_or_default()))
            }
        }
    }
}

fn outcome(status: StatusCode) -> Outcome {
    if status.is_client_error() || status.is_server_error() { Outcome::Failed } else { Outcome::Done }
}

/// The path as the table of routes has it, so that no id of a row stands in it twice and no secret at all.
fn path(parts: &Parts) -> String {
    parts.extensions.get::<MatchedPath>().map_or_else(String::new, |it| it.as_str().to_owned())
}

/// The id in the address, where there is one.
fn id_in(parts: &Parts) -> Option<Uuid> {
    parts.uri.path().split('/').find_map(|it| Uuid::try_parse(it).ok())
}

fn is_confirmed(door: &Door, visit: &Visit) -> bool {
    visit.session.proved_at.age(door.now()) <= door.accounts.policy().confirmed()
}

/// The right is missing: that is logged, and the page says no more than that.
async fn refuse(gate: &Gate, door: &Door, viewer: Viewer, parts: &Parts) -> web::Result<Response> {
    let (act, resource) = match gate.rule.permission {
        Permission::See(it) => (Act::See, Some(it)),
        Permission::Change(it) => (Act::Change, Some(it)),
        Permission::Export(it) => (Act::Export, Some(it)),
        Permission::Open | Permission::SignedIn => (Act::See, None),
    };
    let entry = Entry { resource, object: id_in(parts), ..Entry::new(act).outcome(Outcome::Refused) };
    let entry = entry.with("page", path(parts)).with("method", parts.method.as_str());
    audit::store::record(&door.db, door.clock, &viewer, &entry).await?;
    let mut response = Error::Forbidden.into_response();
    response.extensions_mut().insert(viewer);
    Ok(response)
}

/// The password is to be given again first. A form that was sent cannot be kept meanwhile: its page is opened anew.
fn ask_again(method: &Method, uri: &Uri, headers: &HeaderMap) -> Response {
    let next = if method == Method::GET {
        uri.path_and_query().map(|it| it.as_str().to_owned())
    } else {
        from(headers)
    };
    Redirect::to(&urls::with_next("/sign-in/again", next.as_deref())).into_response()
}

/// The page of FOCA from which a form was sent.
fn from(headers: &HeaderMap) -> Option<String> {
    let referer: Uri = headers.get(header::REFERER)?.to_str().ok()?.parse().ok()?;
    Some(referer.path_and_query()?.as_str().to_owned())
}

/// Whoever opens a page is sent to the door and comes back; a script and a form are told.
fn at_the_door(path: &str, rule: &Rule, parts: &Parts) -> Response {
    if accepts_pages(&parts.headers)
        && parts.method == Method::GET
        && !parts.headers.contains_key("hx-request")
    {
        let next = parts.uri.path_and_query().map(PathAndQuery::as_str).filter(|it| *it != "/");
        return Redirect::to(&urls::with_next(path, next)).into_response();
    }
    let mut response = Error::SignIn.into_response();
    // A browser would ask for name and password by itself; a GIS program is to.
    if matches!(rule.permission, Permission::Export(_)) && !parts.headers.contains_key("sec-fetch-mode") {
        let basic = HeaderValue::from_static("Basic realm=\"FOCA\", charset=\"UTF-8\"");
        response.headers_mut().insert(header::WWW_AUTHENTICATE, basic);
    }
    response
}
