//! Every address of FOCA, a line each: method, path, permission, handler.

use axum::Router;
use axum::extract::{DefaultBodyLimit, FromRef, Request, State};
use axum::handler::Handler;
use axum::http::StatusCode;
use axum::middleware::{self, Next};
use axum::response::Response;
use axum::routing::{self, MethodRouter};
use tower_http::compression::CompressionLayer;
use tower_http::csrf::CsrfLayer;

use crate::app::App;
use crate::complaints::{self, Complaint};
use crate::incidents::{self, Incident};
use crate::inspections::{self, Inspection};
use crate::licenses::{self, License};
use crate::rights::{Permission, Resource, Viewer};
use crate::web::frame::{self, Frame};
use crate::web::{self, error, security};
use crate::{dossier, exports, health, imports, map, sites, standing};

use Permission::{Change, Export, Open, See};

/// One address and what it takes to use it.
#[derive(Debug)]
pub struct Route {
    /// GET or POST.
    pub method: &'static str,
    /// The path, in axum's syntax.
    pub path: &'static str,
    /// What the viewer must be permitted.
    pub permission: Permission,
    handler: MethodRouter<App>,
}

/// The table: the router is made from it, and so are the tests of rights.
pub fn table() -> Vec<Route> {
    vec![
        get("/healthz", Open, health::alive),
        get("/readyz", Open, health::ready),
        get("/export/sites.geojson", Export(Resource::Site), exports::pages::sites_geojson),
        get("/export/sites.csv", Export(Resource::Site), exports::pages::sites_csv),
        get("/export/licenses.geojson", Export(Resource::License), exports::pages::geojson::<License>),
        get("/export/licenses.csv", Export(Resource::License), exports::pages::csv::<License>),
        get(
            "/export/inspections.geojson",
            Export(Resource::Inspection),
            exports::pages::geojson::<Inspection>,
        ),
        get("/export/inspections.csv", Export(Resource::Inspection), exports::pages::csv::<Inspection>),
        get("/export/complaints.geojson", Export(Resource::Complaint), exports::pages::geojson::<Complaint>),
        get("/export/complaints.csv", Export(Resource::Complaint), exports::pages::csv::<Complaint>),
        get("/export/incidents.geojson", Export(Resource::Incident), exports::pages::geojson::<Incident>),
        get("/export/incidents.csv", Export(Resource::Incident), exports::pages::csv::<Incident>),
        get("/sites", See(Resource::Site), standing::pages::list),
        get("/sites/new", Change(Resource::Site), sites::pages::new),
        post("/sites/new", Change(Resource::Site), sites::pages::add),
        get("/sites/{id}/edit", Change(Resource::Site), sites::pages::edit),
        post("/sites/{id}/edit", Change(Resource::Site), sites::pages::save),
        get("/sites/{id}/close", Change(Resource::Site), sites::pages::closing),
        post("/sites/{id}/close", Change(Resource::Site), sites::pages::close),
        get("/sites/{id}/move", Change(Resource::Site), sites::pages::moving),
        post("/sites/{id}/move", Change(Resource::Site), sites::pages::relocate),
        get("/sites/{id}/inspections/new", Change(Resource::Inspection), sites::entry::new::<Inspection>),
        post("/sites/{id}/inspections/new", Change(Resource::Inspection), sites::entry::add::<Inspection>),
        get("/sites/{id}/complaints/new", Change(Resource::Complaint), sites::entry::new::<Complaint>),
        post("/sites/{id}/complaints/new", Change(Resource::Complaint), sites::entry::add::<Complaint>),
        get("/records", See(Resource::Incident), incidents::pages::landing),
        get("/records/licenses", See(Resource::License), licenses::pages::list),
        get("/records/inspections", See(Resource::Inspection), inspections::pages::list),
        get("/records/complaints", See(Resource::Complaint), complaints::pages::list),
        get("/records/incidents", See(Resource::Incident), incidents::pages::list),
        get("/imports", See(Resource::Import), imports::pages::list),
        get("/imports/new", Change(Resource::Import), imports::pages::new),
        large(post("/imports/new", Change(Resource::Import), imports::pages::upload)),
        get("/imports/preview/{id}", Change(Resource::Import), imports::pages::preview),
        post("/imports/preview/{id}", Change(Resource::Import), imports::pages::begin),
        post("/imports/preview/{id}/cancel", Change(Resource::Import), imports::pages::cancel),
        get("/imports/{id}", See(Resource::Import), imports::pages::show),
        get("/imports/{id}/rejects.csv", Export(Resource::Import), imports::pages::rejects),
        get("/static/{*path}", Open, web::assets::serve),
        get("/sites/{id}", See(Resource::Site), dossier::pages::site),
        get("/licenses/{id}", See(Resource::License), dossier::pages::license),
        get("/inspections/{id}", See(Resource::Inspection), dossier::pages::inspection),
        get("/complaints/{id}", See(Resource::Complaint), dossier::pages::complaint),
        get("/incidents/{id}", See(Resource::Incident), dossier::pages::incident),
        get("/buildings/{id}", See(Resource::Site), dossier::pages::building),
        get("/", Open, map::pages::home),
        get("/map", See(Resource::Site), map::pages::show),
        get("/map/list", See(Resource::Site), map::pages::list),
        get("/map/panel/{id}", See(Resource::Site), map::pages::panel),
        get("/map/sites.json", See(Resource::Site), map::api::sites),
        get("/map/incidents.json", See(Resource::Incident), map::incidents::unlinked),
        get("/map/areas.geojson", See(Resource::Area), map::api::areas),
        get("/basemap.pmtiles", Open, map::api::basemap),
    ]
}

/// The whole service.
pub fn router(app: App) -> Router {
    let mut router = Router::new();
    for route in table() {
        let guard = Guard { frame: app.frame, permission: route.permission };
        let guard = middleware::from_fn_with_state(guard, permit);
        let mut handler = route.handler;
        // An import goes on behind its answer; the watch follows it.
        if route.method == "POST" && route.permission != Change(Resource::Import) {
            handler = handler.layer(middleware::from_fn_with_state(app.clone(), settle));
        }
        router = router.route(route.path, handler.layer(guard));
    }
    router
        .layer(CsrfLayer::new())
        .layer(middleware::from_fn_with_state(app.frame, error::render))
        .layer(middleware::from_fn(security::loopback_host))
        .layer(middleware::from_fn(security::headers))
        .layer(CompressionLayer::new())
        .layer(middleware::from_fn(frame::number))
        .with_state(app)
}

/// What [`permit`] needs: who may look, and what the route asks.
#[derive(Clone, FromRef)]
struct Guard {
    frame: Frame,
    permission: Permission,
}

/// Lets a request pass if its viewer is permitted what the route asks.
async fn permit(
    State(permission): State<Permission>,
    viewer: Viewer,
    request: Request,
    next: Next,
) -> web::Result<Response> {
    if viewer.is_permitted(permission) { Ok(next.run(request).await) } else { Err(web::Error::Forbidden) }
}

/// After a form was saved, the page that it leads to shows what was saved: marks are worked off and the snapshot is new.
async fn settle(State(app): State<App>, request: Request, next: Next) -> Response {
    let response = next.run(request).await;
    if response.status() == StatusCode::SEE_OTHER
        && let Err(error) = app.snapshots.settle(&app.db, app.clock, &app.cards).await
    {
        // What was saved stays; the watch tries again.
        tracing::error!("the snapshot could not be brought up to date: {error:#}");
    }
    response
}

fn get<H, T>(path: &'static str, permission: Permission, handler: H) -> Route
where
    H: Handler<T, App>,
    T: 'static,
{
    Route { method: "GET", path, permission, handler: routing::get(handler) }
}

fn post<H, T>(path: &'static str, permission: Permission, handler: H) -> Route
where
    H: Handler<T, App>,
    T: 'static,
{
    Route { method: "POST", path, permission, handler: routing::post(handler) }
}

/// Lets a body be as large as it is: the handler counts the bytes and stops at its own limit.
fn large(route: Route) -> Route {
    Route { handler: route.handler.layer(DefaultBodyLimit::disable()), ..route }
}
