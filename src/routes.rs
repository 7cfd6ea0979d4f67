//! Every address of FOCA, a line each: method, path, permission, handler.

use axum::Router;
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::handler::Handler;
use axum::http::StatusCode;
use axum::middleware::{self, Next};
use axum::response::Response;
use axum::routing::{self, MethodRouter};
use tower_http::compression::CompressionLayer;
use tower_http::csrf::CsrfLayer;

use crate::app::App;
use crate::complaints::{self, Complaint};
use crate::gate::Rule;
use crate::incidents::{self, Incident};
use crate::inspections::{self, Inspection};
use crate::licenses::{self, License};
use crate::rights::{Permission, Resource};
use crate::web::{self, error, frame, security};
use crate::{
    accounts, applications, audit, compliance, denied, dossier, exports, gate, health, imports, map, network,
    parties, places, review, sites, standing, successions, unlisted,
};

use Permission::{Change, Export, Open, See, SignedIn};

/// One address and what it takes to use it.
#[derive(Debug)]
pub struct Route {
    /// GET or POST.
    pub method: &'static str,
    /// The path, in axum's syntax.
    pub path: &'static str,
    /// What it asks of who calls it.
    pub rule: Rule,
    /// Whether a body may be as large as it is: the handler counts the bytes and stops at its own limit.
    pub large: bool,
    handler: MethodRouter<App>,
}

/// The table: the router is made from it, and so are the tests of rights.
pub fn table() -> Vec<Route> {
    vec![
        get("/healthz", Open, health::alive),
        get("/readyz", Open, health::ready),
        get("/sign-in", Open, accounts::pages::sign_in),
        post("/sign-in", Open, accounts::pages::enter),
        post("/sign-in/demo", Open, accounts::pages::enter_demo),
        get("/sign-in/code", Open, accounts::pages::code),
        post("/sign-in/code", Open, accounts::pages::enter_code),
        get("/sign-in/set-up", Open, accounts::pages::set_up),
        post("/sign-in/set-up", Open, accounts::pages::enter_set_up),
        get("/sign-in/banner", Open, accounts::pages::banner),
        post("/sign-in/banner", Open, accounts::pages::acknowledge),
        get("/sign-in/renew", Open, accounts::pages::renew),
        post("/sign-in/renew", Open, accounts::pages::enter_renew),
        get("/sign-in/again", Open, accounts::pages::again),
        post("/sign-in/again", Open, accounts::pages::enter_again),
        get("/sign-in/help", Open, accounts::pages::help),
        post("/sign-out", Open, accounts::pages::sign_out),
        get("/link/{secret}", Open, accounts::pages::link),
        get("/welcome", Open, accounts::pages::welcome),
        post("/welcome", Open, accounts::pages::enter_welcome),
        get("/profile", SignedIn, accounts::profile_pages::show),
        get("/profile/alive", SignedIn, accounts::profile_pages::alive),
        post("/profile/password", SignedIn, accounts::profile_pages::password),
        get("/profile/second-factor", SignedIn, accounts::profile_pages::second_factor),
        post("/profile/second-factor", SignedIn, accounts::profile_pages::set_second_factor),
        get("/profile/recovery-codes", SignedIn, accounts::profile_pages::new_recovery_codes),
        post("/profile/recovery-codes", SignedIn, accounts::profile_pages::recovery_codes),
        post("/profile/sessions/{id}/end", SignedIn, accounts::profile_pages::end_session),
        post("/profile/sessions/end-others", SignedIn, accounts::profile_pages::end_other_sessions),
        confirmed(post("/profile/tokens", SignedIn, accounts::profile_pages::make_token)),
        post("/profile/tokens/{id}/end", SignedIn, accounts::profile_pages::end_token),
        get("/people", See(Resource::Account), accounts::people_pages::list),
        get("/people/new", Change(Resource::Account), accounts::people_pages::new),
        post("/people/new", Change(Resource::Account), accounts::people_pages::add),
        get("/people/{id}", See(Resource::Account), accounts::people_pages::show),
        post("/people/{id}", Change(Resource::Account), accounts::people_pages::change),
        post("/people/{id}/disable", Change(Resource::Account), accounts::people_pages::disable),
        post("/people/{id}/enable", Change(Resource::Account), accounts::people_pages::enable),
        post("/people/{id}/unlock", Change(Resource::Account), accounts::people_pages::unlock),
        post("/people/{id}/link", Change(Resource::Account), accounts::people_pages::link),
        post("/people/{id}/end-sessions", Change(Resource::Account), accounts::people_pages::end_sessions),
        get("/log", See(Resource::Audit), audit::pages::list),
        get("/log/check", See(Resource::Audit), audit::pages::check),
        get("/log/export.csv", Export(Resource::Audit), audit::pages::export),
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
        get("/export/network/{id}/lines.geojson", Export(Resource::Site), network::pages::geojson),
        get("/export/network/{id}/lines.csv", Export(Resource::Site), network::pages::csv),
        get("/protected-places", Change(Resource::DeniedPlace), denied::pages::show),
        post("/protected-places", Change(Resource::DeniedPlace), denied::pages::add),
        post("/protected-places/remove", Change(Resource::DeniedPlace), denied::pages::remove),
        with_standings(get("/sites", See(Resource::Site), standing::pages::list)),
        get("/sites/new", Change(Resource::Site), sites::pages::new),
        post("/sites/new", Change(Resource::Site), sites::pages::add),
        get("/sites/{id}/edit", Change(Resource::Site), sites::pages::edit),
        post("/sites/{id}/edit", Change(Resource::Site), sites::pages::save),
        get("/sites/{id}/close", Change(Resource::Site), sites::pages::closing),
        post("/sites/{id}/close", Change(Resource::Site), sites::pages::close),
        get("/sites/{id}/move", Change(Resource::Site), sites::pages::moving),
        post("/sites/{id}/move", Change(Resource::Site), sites::pages::relocate),
        get("/sites/{id}/merge", Change(Resource::Site), review::merging_pages::merging),
        post("/sites/{id}/merge", Change(Resource::Site), review::merging_pages::merge),
        post("/sites/{id}/split", Change(Resource::Site), review::merging_pages::split),
        get("/sites/{id}/inspections/new", Change(Resource::Inspection), sites::entry::new::<Inspection>),
        post("/sites/{id}/inspections/new", Change(Resource::Inspection), sites::entry::add::<Inspection>),
        get("/sites/{id}/complaints/new", Change(Resource::Complaint), sites::entry::new::<Complaint>),
        post("/sites/{id}/complaints/new", Change(Resource::Complaint), sites::entry::add::<Complaint>),
        get("/unlisted", Change(Resource::Site), unlisted::pages::list),
        post("/unlisted/{id}/dismiss", Change(Resource::Site), unlisted::pages::dismiss),
        post("/unlisted/dismissals/{id}/undo", Change(Resource::Site), unlisted::pages::propose_again),
        get("/reopenings", See(Resource::Succession), successions::pages::list),
        post("/reopenings/look", Change(Resource::Succession), successions::pages::look),
        get("/reopenings/{id}", See(Resource::Succession), successions::pages::show),
        post("/reopenings/{id}", Change(Resource::Succession), successions::pages::decide),
        get("/sites/{id}/parties/new", Change(Resource::Party), parties::pages::new),
        post("/sites/{id}/parties/new", Change(Resource::Party), parties::pages::add),
        get("/places", See(Resource::Place), places::pages::list),
        get("/places/new", Change(Resource::Place), places::pages::new),
        post("/places/new", Change(Resource::Place), places::pages::add),
        get("/places/{id}", See(Resource::Place), places::pages::show),
        get("/places/{id}/edit", Change(Resource::Place), places::pages::edit),
        post("/places/{id}/edit", Change(Resource::Place), places::pages::save),
        get("/parties", See(Resource::Party), parties::pages::list),
        get("/parties/{id}", See(Resource::Party), parties::pages::show),
        get("/parties/{id}/edit", Change(Resource::Party), parties::pages::edit),
        post("/parties/{id}/edit", Change(Resource::Party), parties::pages::save),
        get("/parties/{id}/join", Change(Resource::Party), parties::pages::joining),
        post("/parties/{id}/join", Change(Resource::Party), parties::pages::join),
        get("/parties/{id}/part", Change(Resource::Party), parties::pages::parting),
        post("/parties/{id}/part", Change(Resource::Party), parties::pages::part),
        get("/holdings/{id}/edit", Change(Resource::Party), parties::pages::edit_holding),
        post("/holdings/{id}/edit", Change(Resource::Party), parties::pages::save_holding),
        get("/records", See(Resource::License), incidents::pages::landing),
        get("/records/licenses", See(Resource::License), licenses::pages::list),
        get("/records/inspections", See(Resource::Inspection), inspections::pages::list),
        get("/records/complaints", See(Resource::Complaint), complaints::pages::list),
        get("/records/incidents", See(Resource::Incident), incidents::pages::list),
        get("/review", See(Resource::Link), review::pages::list),
        post("/review/undo/{id}", Change(Resource::Link), review::pages::undo),
        get("/review/{kind}/{id}", See(Resource::Link), review::pages::show),
        post("/review/{kind}/{id}", Change(Resource::Link), review::pages::settle),
        get("/review/{kind}/{id}/new-site", Change(Resource::Link), review::opening::new),
        post("/review/{kind}/{id}/new-site", Change(Resource::Link), review::opening::open),
        get("/review/{kind}/{id}/split", Change(Resource::Link), review::opening::splitting),
        post("/review/{kind}/{id}/split", Change(Resource::Link), review::opening::split),
        get("/imports", See(Resource::Import), imports::pages::list),
        get("/imports/new", Change(Resource::Import), imports::pages::new),
        large(post("/imports/new", Change(Resource::Import), imports::pages::upload)),
        get("/imports/preview/{id}", Change(Resource::Import), imports::pages::preview),
        post("/imports/preview/{id}", Change(Resource::Import), imports::pages::begin),
        post("/imports/preview/{id}/cancel", Change(Resource::Import), imports::pages::cancel),
        get("/imports/{id}", See(Resource::Import), imports::pages::show),
        get("/imports/{id}/rejects.csv", Export(Resource::Import), imports::pages::rejects),
        get("/rules", See(Resource::Finding), compliance::law_pages::list),
        get("/rules/{pack}", See(Resource::Finding), compliance::law_pages::show),
        get("/rules/{pack}/file.toml", See(Resource::Finding), compliance::law_pages::file),
        get("/findings", See(Resource::Finding), compliance::list_pages::list),
        get("/findings.csv", Export(Resource::Finding), compliance::list_pages::csv),
        get("/sites/{id}/findings/{pack}/{rule}", See(Resource::Finding), compliance::finding_pages::show),
        get(
            "/sites/{id}/findings/{pack}/{rule}/exhibit",
            See(Resource::Finding),
            compliance::finding_pages::exhibit,
        ),
        get(
            "/sites/{id}/findings/{pack}/{rule}/exhibit.svg",
            See(Resource::Finding),
            compliance::finding_pages::exhibit_file,
        ),
        get(
            "/sites/{id}/findings/{pack}/{rule}/dispute",
            Change(Resource::Finding),
            compliance::dispute_pages::new,
        ),
        post(
            "/sites/{id}/findings/{pack}/{rule}/dispute",
            Change(Resource::Finding),
            compliance::dispute_pages::raise,
        ),
        get("/disputes/{id}", Change(Resource::Finding), compliance::dispute_pages::deciding),
        post("/disputes/{id}", Change(Resource::Finding), compliance::dispute_pages::decide),
        get("/sites/{id}/facts", Change(Resource::Finding), compliance::facts_pages::edit),
        post("/sites/{id}/facts", Change(Resource::Finding), compliance::facts_pages::save),
        get("/desk", See(Resource::Application), applications::list_pages::list),
        get("/desk.csv", Export(Resource::Application), applications::list_pages::csv),
        get("/desk/new", Change(Resource::Application), applications::entry_pages::new),
        post("/desk/new", Change(Resource::Application), applications::entry_pages::add),
        get("/desk/expiring", See(Resource::Application), applications::expiring_pages::list),
        get("/desk/expiring/reminders", See(Resource::Application), applications::expiring_pages::reminders),
        get("/desk/holds", See(Resource::Application), applications::hold_pages::list),
        get("/desk/holds/{id}", See(Resource::Application), applications::hold_pages::show),
        post("/desk/holds/{id}", Change(Resource::Application), applications::hold_pages::decide),
        get("/desk/licenses/{id}", See(Resource::Application), applications::license_pages::show),
        get(
            "/desk/licenses/{id}/conditions/new",
            Change(Resource::Application),
            applications::condition_pages::new,
        ),
        post(
            "/desk/licenses/{id}/conditions/new",
            Change(Resource::Application),
            applications::condition_pages::add,
        ),
        get("/desk/conditions/{id}", Change(Resource::Application), applications::condition_pages::ending),
        post("/desk/conditions/{id}", Change(Resource::Application), applications::condition_pages::end),
        get(
            "/desk/licenses/{id}/letters/{letter}",
            See(Resource::Application),
            applications::letter_pages::of_license,
        ),
        post(
            "/desk/licenses/{id}/letters/{letter}",
            Change(Resource::Application),
            applications::letter_pages::sent_of_license,
        ),
        get("/desk/{id}", See(Resource::Application), applications::show_pages::show),
        get("/desk/{id}/edit", Change(Resource::Application), applications::entry_pages::edit),
        post("/desk/{id}/edit", Change(Resource::Application), applications::entry_pages::save),
        post("/desk/{id}/site", Change(Resource::Application), applications::entry_pages::at_site),
        get("/desk/{id}/reviews/{review}", Change(Resource::Application), applications::show_pages::review),
        post(
            "/desk/{id}/reviews/{review}",
            Change(Resource::Application),
            applications::show_pages::save_review,
        ),
        get("/desk/{id}/steps/{step}", Change(Resource::Application), applications::step_pages::ask),
        post("/desk/{id}/steps/{step}", Change(Resource::Application), applications::step_pages::take),
        get(
            "/desk/{id}/letters/{letter}",
            See(Resource::Application),
            applications::letter_pages::of_application,
        ),
        post(
            "/desk/{id}/letters/{letter}",
            Change(Resource::Application),
            applications::letter_pages::sent_of_application,
        ),
        get("/static/{*path}", Open, web::assets::serve),
        get("/sites/{id}", See(Resource::Site), dossier::pages::site),
        get("/sites/{id}/network", See(Resource::Party), network::pages::show),
        get("/sites/{id}/looks", See(Resource::Look), dossier::looks_pages::looks),
        get("/licenses/{id}", See(Resource::License), dossier::pages::license),
        get("/inspections/{id}", See(Resource::Inspection), dossier::pages::inspection),
        get("/complaints/{id}", See(Resource::Complaint), dossier::pages::complaint),
        get("/complaints/{id}/complainant", See(Resource::Complainant), dossier::pages::complainant),
        get("/incidents/{id}", See(Resource::Incident), dossier::pages::incident),
        get("/buildings/{id}", See(Resource::Site), dossier::pages::building),
        get("/", SignedIn, map::pages::home),
        with_standings(get("/map", See(Resource::Site), map::pages::show)),
        part(get("/map/list", See(Resource::Site), map::pages::list)),
        get("/map/panel/{id}", See(Resource::Site), map::pages::panel),
        part(get("/map/sites.json", See(Resource::Site), map::api::sites)),
        part(get("/map/incidents.json", See(Resource::Incident), map::incidents::unlinked)),
        get("/what-if", See(Resource::Finding), compliance::what_if_pages::show),
        part(get("/map/what-if", See(Resource::Finding), compliance::what_if_pages::panel)),
        part(get("/map/places.json", See(Resource::Place), map::places::places)),
        part(get("/map/areas.geojson", See(Resource::Area), map::api::areas)),
        get("/basemap.pmtiles", SignedIn, map::api::basemap),
    ]
}

/// The whole service.
pub fn router(app: App) -> Router {
    let mut router = Router::new();
    for route in table() {
        let mut handler = route.handler;
        // An import goes on behind its answer; the watch follows it.
        let settles = matches!(route.rule.permission, Change(it) if ![Resource::Import, Resource::Account].contains(&it));
        if route.method == "POST" && settles {
            handler = handler.layer(middleware::from_fn_with_state(app.clone(), settle));
        }
        handler = limited(handler, route.method, route.large, app.serve.body_seconds);
        let gate =
            middleware::from_fn_with_state(gate::Gate { app: app.clone(), rule: route.rule }, gate::pass);
        router = router.route(route.path, handler.layer(gate));
    }
    router
        .layer(CsrfLayer::new())
        .layer(middleware::from_fn_with_state(app.frame.clone(), error::render))
        .layer(middleware::from_fn_with_state(app.serve.clone(), security::own_host))
        .layer(middleware::from_fn_with_state(app.serve.clone(), security::headers))
        .layer(CompressionLayer::new())
        .layer(middleware::from_fn(frame::number))
        .with_state(app)
}

/// Limits the size of a body and the time in which it must come.
fn limited(handler: MethodRouter<App>, method: &str, large: bool, seconds: u64) -> MethodRouter<App> {
    if large {
        let each_part = middleware::from_fn_with_state(seconds, security::each_part);
        handler.layer(DefaultBodyLimit::disable()).layer(each_part)
    } else if method == "POST" {
        handler.layer(middleware::from_fn_with_state(seconds, security::whole_form))
    } else {
        handler
    }
}

/// After a form was saved, the page that it leads to shows what was saved: marks are worked off and the snapshot is new.
async fn settle(State(app): State<App>, request: Request, next: Next) -> Response {
    let response = next.run(request).await;
    if response.status() == StatusCode::SEE_OTHER {
        if let Err(error) = successions::job::note_moves(&app.db, app.clock).await {
            tracing::error!("moves could not be noted: {error:#}");
        }
        if let Err(error) = app.snapshots.settle(&app.db, app.clock, &app.cards).await {
            // What was saved stays; the watch tries again.
            tracing::error!("the snapshot could not be brought up to date: {error:#}");
        }
        if let Err(error) = compliance::job::drain_marked(&app.db, app.clock, &app.rules).await {
            tracing::error!("findings could not be brought up to date: {error:#}");
        }
    }
    response
}

fn get<H, T>(path: &'static str, permission: Permission, handler: H) -> Route
where
    H: Handler<T, App>,
    T: 'static,
{
    let handler = routing::get(handler);
    Route { method: "GET", path, rule: rule(permission), large: false, handler }
}

fn post<H, T>(path: &'static str, permission: Permission, handler: H) -> Route
where
    H: Handler<T, App>,
    T: 'static,
{
    let handler = routing::post(handler);
    Route { method: "POST", path, rule: rule(permission), large: false, handler }
}

/// What changes somebody's rights asks for the password again.
fn rule(permission: Permission) -> Rule {
    Rule { permission, confirmed: permission == Change(Resource::Account), part: false, shows: None }
}

/// What the password is asked for again, if it was given some time ago.
fn confirmed(route: Route) -> Route {
    Route { rule: Rule { confirmed: true, ..route.rule }, ..route }
}

/// The page tells where sites stand, to who may see that.
fn with_standings(route: Route) -> Route {
    Route { rule: Rule { shows: Some(Resource::Standing), ..route.rule }, ..route }
}

/// What a page that is logged asks for to fill itself.
fn part(route: Route) -> Route {
    Route { rule: Rule { part: true, ..route.rule }, ..route }
}

/// A file may come in.
fn large(route: Route) -> Route {
    Route { large: true, ..route }
}
