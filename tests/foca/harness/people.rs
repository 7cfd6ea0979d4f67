//! People who have signed in: a session of each role, without the steps of the way in, which have tests of their own.

use std::sync::LazyLock;

use foca::accounts::door::Door;
use foca::accounts::sessions::{self, Origin};
use foca::accounts::{Account, Stage, State, secret, store};
use foca::app::App;
use foca::rights::AccountId;
use tempfile::TempDir;

/// A role that reaches every record, for tests that are about something else than rights.
pub(crate) const TESTER: &str = "tester";

const TESTERS_RIGHTS: &str = r#"
[tester]
title = "Tester"
purpose = "Reaches every record."
see = ["area", "site", "place", "party", "license", "inspection", "complaint", "complainant", "incident", "link", "finding", "succession", "standing", "import", "look", "application"]
change = ["site", "place", "party", "license", "inspection", "complaint", "complainant", "incident", "link", "finding", "succession", "import", "denied_place", "application"]
export = ["site", "finding", "license", "inspection", "complaint", "incident", "succession", "import", "application"]
cleared_for = ["public", "private", "confidential", "nonpublic", "protected_nonpublic"]
"#;

/// A folder that lays the roles of the tests over the built-in ones.
pub(crate) fn house() -> &'static str {
    static MADE: LazyLock<TempDir> = LazyLock::new(|| {
        let folder = tempfile::tempdir().unwrap();
        let roles = include_str!("../../../data/roles.toml").to_owned() + TESTERS_RIGHTS;
        std::fs::write(folder.path().join("roles.toml"), roles).unwrap();
        folder
    });
    MADE.path().to_str().unwrap()
}

/// The door of an app, as a job finds it.
pub(crate) fn door(app: &App) -> Door {
    Door::inside(app.db.clone(), app.clock, app.accounts.clone(), app.serve.clone(), app.frame.demo)
}

/// The cookie of a session of that role, for the whole state.
pub(crate) async fn session_of(app: &App, role: &str) -> String {
    session_within(app, role, "state").await
}

/// The cookie of a session of that role in a part of the state.
pub(crate) async fn session_within(app: &App, role: &str, area: &str) -> String {
    let account = account(app, role, area).await;
    let secret = secret::token().unwrap();
    let mut tx = app.db.begin().await.unwrap();
    let began = (secret::digest(&secret), Stage::Open);
    sessions::begin(&mut tx, app.clock, account.id, (&began.0, began.1), &Origin::default()).await.unwrap();
    tx.commit().await.unwrap();
    format!("foca={secret}")
}

/// The account of that role and area, made when it is first asked for.
pub(crate) async fn account(app: &App, role: &str, area: &str) -> Account {
    let sign_in = format!("{role}@{}.example", area.replace([':', ' '], "-").to_lowercase());
    if let Some(found) = store::at_the_door(&app.db, &sign_in).await.unwrap() {
        return found;
    }
    let now = app.clock.stamp();
    let account = Account {
        id: AccountId(app.clock.id()),
        sign_in,
        full_name: format!("The {role}"),
        agency: "Test Agency".to_owned(),
        role: role.to_owned(),
        area: area.to_owned(),
        state: State::Active,
        state_why: None,
        state_at: now,
        password_at: None,
        has_second_factor: false,
        made_at: now,
        made_by: "test".to_owned(),
        used_at: None,
    };
    let mut tx = app.db.begin().await.unwrap();
    store::add(&mut tx, &account).await.unwrap();
    tx.commit().await.unwrap();
    account
}
