//! Every route × every role, from the table of routes: who passes, who does not, and what of it is logged. The same as a
//! table for people stands in docs/rights.md.

use std::fmt::Write;
use std::fs;
use std::path::Path;

use axum::http::StatusCode;
use foca::audit::store::Filter;
use foca::audit::{self, Act, Outcome};
use foca::knowledge::Library;
use foca::rights::class::{Class, Classes};
use foca::rights::role::Roles;
use foca::rights::{Actor, Permission, Reach, Viewer};
use foca::routes;

use crate::harness::both_engines;
use crate::urls::Filled;

/// The roles as they are built in, in the order of the table.
const ROLES: [&str; 7] =
    ["investigator", "licensing", "analyst", "supervisor", "partner", "auditor", "administrator"];

fn viewer(role: &str) -> Viewer {
    let library = Library::open(None).unwrap();
    let roles = Roles::read(&library, &Classes::read(&library).unwrap()).unwrap();
    Viewer::new(Actor::default(), roles.grant(role), Reach::State)
}

/// Whether an answer lets its caller through, whatever it says then.
fn passed(status: StatusCode, location: Option<&str>) -> bool {
    let to_the_door =
        location.is_some_and(|it| it.starts_with("/sign-in") && !it.starts_with("/sign-in/again"));
    status != StatusCode::FORBIDDEN && status != StatusCode::UNAUTHORIZED && !to_the_door
}

both_engines! {
    each_role_passes_where_the_table_says_and_nowhere_else, async |app| {
        let filled = Filled::create(app).await;
        app.assess().await;

        for role in ROLES {
            let person = app.signed_in_as(role).await;
            let rights = viewer(role);
            for route in routes::table().iter().filter(|it| it.rule.permission != Permission::Open) {
                let path = filled.fill(route.path);
                let reply = if route.method == "GET" { person.get(&path).await } else { person.post(&path, &[]).await };

                let location = reply.headers.get("location").map(|it| it.to_str().unwrap());
                let may = rights.is_permitted(route.rule.permission);
                assert_eq!(passed(reply.status, location), may, "{role}: {} {path}: {}", route.method, reply.status);
            }
        }
    }

    who_has_not_signed_in_passes_nowhere_but_at_the_door, async |app| {
        let filled = Filled::create(app).await;
        let stranger = app.signed_out();

        for route in routes::table().iter().filter(|it| it.rule.permission != Permission::Open) {
            let path = filled.fill(route.path);
            let reply = if route.method == "GET" { stranger.get(&path).await } else { stranger.post(&path, &[]).await };

            let location = reply.headers.get("location").map(|it| it.to_str().unwrap());
            assert!(!passed(reply.status, location), "{} {path}: {}", route.method, reply.status);
            assert!(!reply.text().contains("Joe's"), "{path}");
        }
    }

    a_refusal_is_logged_with_who_and_what, async |app| {
        let filled = Filled::create(app).await;
        let path = filled.fill("/incidents/{id}");

        let reply = app.signed_in_as("licensing").await.get(&path).await;

        assert_eq!(reply.status, StatusCode::FORBIDDEN);
        let last = audit::store::list(&app.db, &Viewer::operator(), &Filter::default(), (0, 1)).await.unwrap();
        assert_eq!((last[0].act, last[0].outcome), (Act::See, Outcome::Refused));
        assert_eq!(last[0].actor, "The licensing");
        assert!(path.ends_with(&last[0].object_id.unwrap().to_string()));
    }

    whatever_is_not_public_is_logged_when_it_is_read, async |app| {
        let filled = Filled::create(app).await;
        app.assess().await;
        let classes = app.app.accounts.classes();
        let operator = Viewer::operator();

        for route in routes::table().iter().filter(|it| it.method == "GET" && !it.rule.part) {
            let Permission::See(resource) = route.rule.permission else { continue };
            let role = ROLES.into_iter().find(|it| viewer(it).is_permitted(route.rule.permission));
            let role = role.unwrap_or_else(|| panic!("no role sees {resource}"));
            let shown = route.rule.shows.filter(|it| viewer(role).may_see(*it));
            let is_public = |it| classes.of_row(it) == Class::Public;
            let is_logged =
                route.path.contains("{id}") || !is_public(resource) || shown.is_some_and(|it| !is_public(it));
            let person = app.signed_in_as(role).await;
            let before = audit::store::count(&app.db, &operator, &Filter::default()).await.unwrap();

            person.get(&filled.fill(route.path)).await;

            let logged = audit::store::count(&app.db, &operator, &Filter::default()).await.unwrap() - before;
            assert_eq!(logged > 0, is_logged, "{}", route.path);
        }
    }
}

#[test]
fn the_table_for_people_says_what_the_routes_say() {
    let expected = table();
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/rights.md");
    let written = fs::read_to_string(&path).unwrap_or_default();

    assert!(
        written == expected,
        "docs/rights.md is not as the routes and roles are; it should be:\n{expected}"
    );
}

fn table() -> String {
    let mut text = "# Who may do what\n\nMade from `src/routes.rs` and `data/roles.toml`; a test compares. \
        An agency may lay roles of its own over these.\nFields above a role's clearance are withheld within the rows it \
        sees: `data/classes.toml`.\n\n## Separate duties (CJIS AC-5)\n\n\
        - Who administers accounts reaches no record.\n- Who reads the log reaches neither records nor accounts.\n\
        - Nobody changes the log: the database refuses it.\n- Who takes rows out needs a permission of its own for each kind.\n\
        - FOCA does not start with roles in which these meet.\n\n## Routes\n\n"
        .to_owned();
    let viewers: Vec<Viewer> = ROLES.iter().map(|it| viewer(it)).collect();
    let _ = writeln!(text, "| route | asks for | {} |", ROLES.join(" | "));
    let _ = writeln!(text, "|---|---|{}", "---|".repeat(ROLES.len()));
    for route in routes::table() {
        let marks: Vec<&str> = viewers
            .iter()
            .map(|it| if it.is_permitted(route.rule.permission) { "yes" } else { "-" })
            .collect();
        let path = route.path.replace('|', "\\|");
        let _ = writeln!(
            text,
            "| {} `{path}` | {} | {} |",
            route.method,
            route.rule.permission,
            marks.join(" | ")
        );
    }
    text
}
