//! The way in, as people walk it: link, password, second factor, banner; and how a link, a session, a token and an
//! account end.

use std::collections::BTreeMap;
use std::net::SocketAddr;

use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::request::Builder;
use axum::http::{Request, StatusCode, header};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use chrono::TimeDelta;
use foca::accounts::door::Door;
use foca::accounts::people::{Told, invite};
use foca::accounts::sessions::{self, Origin};
use foca::accounts::{Account, Stage, State, demo, links, password, second_factor, secret, store, tokens};
use foca::app::App;
use foca::audit::store::Filter;
use foca::audit::{self, Act};
use foca::clock::Clock;
use foca::rights::{Permission, Reach, Viewer};
use foca::routes;
use tokio::sync::OnceCell;
use uuid::Uuid;

use crate::harness::{Reply, TestApp, both_engines, now, people};

/// What the people of these tests sign in with.
pub(crate) const PASSWORD: &str = "four herons wait by the weir";
/// The secret of their authenticator app.
const FACTOR: &str = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";
/// The same of an app that is not theirs.
const OTHER_FACTOR: &str = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP";
/// Who is invited.
const WALKER: &str = "w.walker@test.example";
/// What a token for sites opens.
pub(crate) const EXPORT: &str = "/export/sites.geojson";

/// A browser that keeps its cookies, at a place and a time of its own.
#[derive(Debug)]
pub(crate) struct Browser {
    pub(crate) app: TestApp,
    pub(crate) cookies: BTreeMap<String, String>,
    headers: Vec<(&'static str, &'static str)>,
    address: Option<SocketAddr>,
}

impl Browser {
    /// One without a cookie.
    pub(crate) fn of(app: &TestApp) -> Self {
        Self { app: app.signed_out(), cookies: BTreeMap::new(), headers: Vec::new(), address: None }
    }

    /// The same with the cookie of a session.
    pub(crate) fn holding(mut self, session: &str) -> Self {
        self.cookies.insert("foca".to_owned(), session.to_owned());
        self
    }

    /// The same at a network address.
    pub(crate) fn at(self, address: &str) -> Self {
        Self { address: Some(SocketAddr::new(address.parse().unwrap(), 40_000)), ..self }
    }

    /// The same, which says this in a header.
    pub(crate) fn saying(mut self, name: &'static str, value: &'static str) -> Self {
        self.headers.push((name, value));
        self
    }

    /// The same with something set otherwise in the app.
    pub(crate) fn changed(self, change: impl FnOnce(&mut App)) -> Self {
        Self { app: self.app.changed(change), ..self }
    }

    /// The same so many minutes later.
    pub(crate) fn later(self, minutes: i64) -> Self {
        self.changed(|it| it.clock = Clock::Fixed(it.clock.now() + TimeDelta::minutes(minutes)))
    }

    /// The secret of the session; empty without one.
    pub(crate) fn session(&self) -> String {
        self.cookies.get("foca").cloned().unwrap_or_default()
    }

    /// Asks for a page.
    pub(crate) async fn get(&mut self, path: &str) -> Reply {
        let request = self.app.browser("GET", path);
        self.ask(request, Body::empty()).await
    }

    /// Asks for a page and goes where that sends the browser, to its end.
    pub(crate) async fn go(&mut self, path: &str) -> Reply {
        let mut reply = self.get(path).await;
        for _ in 0..9 {
            if !reply.status.is_redirection() {
                return reply;
            }
            let next = reply.location().to_owned();
            reply = self.get(&next).await;
        }
        panic!("{path} leads in a circle")
    }

    /// Posts a form from a page of FOCA's own.
    pub(crate) async fn post(&mut self, path: &str, form: &[(&str, &str)]) -> Reply {
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(form).finish();
        let request = self
            .app
            .browser("POST", path)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header(header::ORIGIN, "http://localhost");
        self.ask(request, Body::from(body)).await
    }

    /// Posts a form and goes where the answer sends the browser, to its end.
    pub(crate) async fn submit(&mut self, path: &str, form: &[(&str, &str)]) -> Reply {
        let reply = self.post(path, form).await;
        assert_eq!(reply.status, StatusCode::SEE_OTHER, "{path} did not redirect: {}", reply.text());
        let next = reply.location().to_owned();
        self.go(&next).await
    }

    async fn ask(&mut self, request: Builder, body: Body) -> Reply {
        let mut request = request;
        if !self.cookies.is_empty() {
            let all: Vec<String> =
                self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
            request = request.header(header::COOKIE, all.join("; "));
        }
        for (name, value) in &self.headers {
            request = request.header(*name, *value);
        }
        if let Some(address) = self.address {
            request = request.extension(ConnectInfo(address));
        }
        let reply = self.app.ask(request.body(body).unwrap()).await;
        for it in reply.headers.get_all(header::SET_COOKIE) {
            self.keep(it.to_str().unwrap());
        }
        reply
    }

    fn keep(&mut self, cookie: &str) {
        let (pair, rest) = cookie.split_once(';').unwrap_or((cookie, ""));
        let (name, value) = pair.split_once('=').unwrap();
        if value.is_empty() || rest.contains("Max-Age=0") {
            self.cookies.remove(name);
        } else {
            self.cookies.insert(name.to_owned(), value.to_owned());
        }
    }
}

/// The hash of [`PASSWORD`], made once.
pub(crate) async fn hash() -> &'static str {
    static MADE: OnceCell<String> = OnceCell::const_new();
    MADE.get_or_init(|| async { password::hash(PASSWORD.to_owned()).await.unwrap() }).await
}

/// The person of a role, with a password and without a second factor.
pub(crate) async fn with_password(app: &TestApp, role: &str) -> Account {
    let account = people::account(&app.app, role, "state").await;
    let mut tx = app.db.begin().await.unwrap();
    store::set_password(&mut tx, account.id, hash().await, app.app.clock.stamp()).await.unwrap();
    tx.commit().await.unwrap();
    account
}

/// The same with a second factor.
pub(crate) async fn with_second_factor(app: &TestApp, role: &str) -> Account {
    let account = with_password(app, role).await;
    let mut tx = app.db.begin().await.unwrap();
    store::set_second_factor(&mut tx, account.id, Some(FACTOR), 0).await.unwrap();
    tx.commit().await.unwrap();
    Account { has_second_factor: true, ..account }
}

/// A browser with a session of that person, which has come so far.
pub(crate) async fn begun(app: &TestApp, account: &Account, stage: Stage) -> Browser {
    let secret = secret::token().unwrap();
    let digest = secret::digest(&secret);
    let mut tx = app.db.begin().await.unwrap();
    sessions::begin(&mut tx, app.app.clock, account.id, (digest.as_str(), stage), &Origin::default())
        .await
        .unwrap();
    tx.commit().await.unwrap();
    Browser::of(app).holding(&secret)
}

/// A browser on which the person of a role has signed in; the password is known.
pub(crate) async fn signed_in(app: &TestApp, role: &str) -> Browser {
    let account = with_password(app, role).await;
    begun(app, &account, Stage::Open).await
}

/// What the app of these people shows so many seconds after the time of the tests.
pub(crate) fn code(seconds: i64) -> String {
    second_factor::code(FACTOR, now().timestamp() + seconds).unwrap()
}

/// Types name and password.
pub(crate) async fn enter(browser: &mut Browser, name: &str, typed: &str) -> Reply {
    browser.post("/sign-in", &[("name", name), ("password", typed)]).await
}

/// The account as it is kept now.
pub(crate) async fn kept(app: &TestApp, account: &Account) -> Account {
    store::of_bearer(&app.db, account.id).await.unwrap().unwrap()
}

/// Invites a person; the account, and the secret of the link.
pub(crate) async fn invited(app: &TestApp, sign_in: &str) -> (Account, String) {
    let told = Told {
        full_name: "W. Walker".to_owned(),
        agency: "Test Agency".to_owned(),
        role: "investigator".to_owned(),
        area: Reach::State,
    };
    let door = people::door(&app.app);
    invite(&door, &Viewer::operator(), Act::Administer, sign_in, told).await.unwrap().unwrap()
}

/// What a page has between two marks, the first time.
pub(crate) fn between<'a>(page: &'a str, before: &str, after: &str) -> &'a str {
    let (_, rest) = page.split_once(before).unwrap_or_else(|| panic!("{before} is not in {page}"));
    rest.split_once(after).unwrap_or_else(|| panic!("{after} does not follow in {rest}")).0
}

/// The form of a new password.
fn twice(typed: &str) -> [(&'static str, &str); 2] {
    [("password", typed), ("repeated", typed)]
}

/// Makes a token on the own page; its secret.
pub(crate) async fn token(browser: &mut Browser, scope: &str) -> String {
    let form = [("label", "QGIS on my desk"), ("days", "7"), ("scope", scope)];
    let page = browser.post("/profile/tokens", &form).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.text());
    format!("{}{}", tokens::PREFIX, between(&page.text(), "value=\"foca_pat_", "\""))
}

/// Asks as a program does, from 203.0.113.7.
pub(crate) async fn program(app: &TestApp, path: &str, authorization: Option<&str>) -> Reply {
    let address: SocketAddr = "203.0.113.7:40000".parse().unwrap();
    let request =
        Request::builder().uri(path).header(header::HOST, "localhost").extension(ConnectInfo(address));
    let request =
        authorization.into_iter().fold(request, |it, value| it.header(header::AUTHORIZATION, value));
    app.ask(request.body(Body::empty()).unwrap()).await
}

/// The same with a token.
pub(crate) async fn bearer(app: &TestApp, path: &str, token: &str) -> Reply {
    program(app, path, Some(&format!("Bearer {token}"))).await
}

/// How many entries of that act the log has.
pub(crate) async fn n_logged(app: &TestApp, act: Act) -> i64 {
    let filter = Filter { act: Some(act), ..Filter::default() };
    audit::store::count(&app.db, &Viewer::operator(), &filter).await.unwrap()
}

/// The pages and the session's secret after each step of the whole way in.
struct Walk {
    welcome: Reply,
    set_up: Reply,
    codes: Reply,
    banner: Reply,
    start: Reply,
    sessions: [String; 3],
}

async fn walk(browser: &mut Browser, link: &str) -> Walk {
    let welcome = browser.go(&links::path(link)).await;
    browser.post("/welcome", &twice(PASSWORD)).await;
    let set_up = browser.submit("/sign-in", &[("name", WALKER), ("password", PASSWORD)]).await;
    let after_password = browser.session();
    let page = set_up.text();
    let secret = between(&page, "name=\"secret\" value=\"", "\"");
    let code = second_factor::code(secret, now().timestamp()).unwrap();
    let codes = browser.post("/sign-in/set-up", &[("secret", secret), ("code", code.as_str())]).await;
    let after_code = browser.session();
    let banner = browser.go("/sign-in").await;
    let start = browser.submit("/sign-in/banner", &[]).await;
    let sessions = [after_password, after_code, browser.session()];
    Walk { welcome, set_up, codes, banner, start, sessions }
}

both_engines! {
    a_person_comes_in_by_link_password_second_factor_and_banner, async |app| {
        let (_, link) = invited(app, WALKER).await;
        let mut browser = Browser::of(app);

        let walk = walk(&mut browser, &link).await;

        assert!(walk.welcome.text().contains("Welcome to FOCA"), "{}", walk.welcome.text());
        assert!(walk.set_up.text().contains("Set up the second factor"), "{}", walk.set_up.text());
        assert_eq!(walk.codes.text().matches("<li><code>").count(), 10, "{}", walk.codes.text());
        assert!(walk.banner.text().contains("Before you go on"), "{}", walk.banner.text());
        assert_eq!(walk.start.status, StatusCode::OK, "{}", walk.start.text());
        assert_eq!(browser.get("/sites").await.status, StatusCode::OK);
    }

    each_step_of_the_way_in_gives_the_session_another_secret, async |app| {
        let (_, link) = invited(app, WALKER).await;
        let mut browser = Browser::of(app);

        let [password, code, banner] = walk(&mut browser, &link).await.sessions;

        assert!(![&password, &code, &banner].contains(&&String::new()));
        assert!(password != code && code != banner && password != banner);
    }

    no_step_of_the_way_in_can_be_left_out, async |app| {
        let account = with_second_factor(app, "investigator").await;
        let mut first = begun(app, &account, Stage::Password).await;
        let mut second = begun(app, &account, Stage::Proved).await;
        let foreign = second_factor::code(OTHER_FACTOR, now().timestamp()).unwrap();

        let page = first.get("/sites").await;
        let banner = first.post("/sign-in/banner", &[]).await;
        let set_up = first.post("/sign-in/set-up", &[("secret", OTHER_FACTOR), ("code", foreign.as_str())]).await;
        let again = first.post("/sign-in/again", &[("password", PASSWORD)]).await;
        let profile = first.post("/profile/tokens", &[("label", "x"), ("days", "7"), ("scope", "site")]).await;
        let before_banner = second.get("/sites").await;

        assert_eq!(page.location(), "/sign-in/code?next=%2Fsites");
        assert_eq!(banner.location(), "/sign-in/code");
        assert_eq!(set_up.location(), "/sign-in/code");
        assert_eq!(again.location(), "/sign-in");
        assert_eq!(profile.status, StatusCode::UNAUTHORIZED);
        assert_eq!(before_banner.location(), "/sign-in/banner?next=%2Fsites");
        assert_eq!(first.get("/sites").await.status, StatusCode::SEE_OTHER);
    }

    who_wanted_a_page_gets_there_after_the_way_in, async |app| {
        let account = with_second_factor(app, "investigator").await;
        let mut browser = begun(app, &account, Stage::Password).await;

        let code = code(0);
        let banner = browser.submit("/sign-in/code", &[("code", code.as_str()), ("next", "/sites?q=alder")]).await;
        let page = browser.post("/sign-in/banner", &[("next", "/sites?q=alder")]).await;
        let on = browser.get(page.location()).await;

        assert!(banner.text().contains("name=\"next\" value=\"/sites?q=alder\""), "{}", banner.text());
        assert_eq!(on.location(), "/sites?q=alder");
    }
}

both_engines! {
    a_password_that_will_not_do_is_refused_with_the_reason, async |app| {
        let (account, link) = invited(app, WALKER).await;
        let mut browser = Browser::of(app);
        browser.get(&links::path(&link)).await;

        for (typed, repeated, why) in [
            ("short", "short", "at least 8 characters; this has 5"),
            ("Walker2026", "Walker2026", "your own"),
            ("Password1", "Password1", "tried first everywhere"),
            ("trafficking1", "trafficking1", "tried first here"),
            ("aaaaaaaaaaaa", "aaaaaaaaaaaa", "soon guessed"),
            (PASSWORD, "four herons wait by the mill", "The two are not the same"),
        ] {
            let reply = browser.post("/welcome", &[("password", typed), ("repeated", repeated)]).await;

            assert_eq!(reply.status, StatusCode::UNPROCESSABLE_ENTITY, "{typed}");
            assert!(reply.text().contains(why), "{typed}: {}", reply.text());
            assert!(!reply.text().contains(&format!("value=\"{typed}\"")), "{typed} is shown again");
        }
        assert_eq!(kept(app, &account).await.state, State::Invited);
    }

    a_link_works_once, async |app| {
        let (_, link) = invited(app, WALKER).await;
        let (mut browser, mut other) = (Browser::of(app), Browser::of(app));
        browser.get(&links::path(&link)).await;
        other.get(&links::path(&link)).await;

        let first = browser.post("/welcome", &twice(PASSWORD)).await;
        let opened = other.get("/welcome").await;
        let second = other.post("/welcome", &twice("another heron at the mill")).await;

        assert_eq!(first.location(), "/sign-in?chosen=1");
        assert_eq!((opened.status, second.status), (StatusCode::NOT_FOUND, StatusCode::NOT_FOUND));
        assert!(browser.cookies.is_empty(), "the browser keeps the link");
    }

    opening_a_link_does_not_use_it_up, async |app| {
        let (_, link) = invited(app, WALKER).await;

        Browser::of(app).go(&links::path(&link)).await;
        let again = Browser::of(app).go(&links::path(&link)).await;

        assert_eq!(again.status, StatusCode::OK);
    }

    a_link_ends_after_its_hours, async |app| {
        let (account, link) = invited(app, WALKER).await;

        let within = Browser::of(app).later(72 * 60 - 1).go(&links::path(&link)).await;
        let mut late = Browser::of(app).later(72 * 60 + 1);
        let opened = late.go(&links::path(&link)).await;
        let sent = late.post("/welcome", &twice(PASSWORD)).await;

        assert_eq!(within.status, StatusCode::OK);
        assert_eq!((opened.status, sent.status), (StatusCode::NOT_FOUND, StatusCode::NOT_FOUND));
        assert_eq!(kept(app, &account).await.state, State::Invited);
    }

    a_newer_link_takes_the_place_of_the_one_before, async |app| {
        let (account, link) = invited(app, WALKER).await;
        let admin = app.signed_in_as("administrator").await;

        let page = admin.post(&format!("/people/{}/link", account.id), &[]).await.text();
        let newer = between(&page, "/link/", "\"");

        assert_eq!(Browser::of(app).go(&links::path(&link)).await.status, StatusCode::NOT_FOUND);
        assert_eq!(Browser::of(app).go(&links::path(newer)).await.status, StatusCode::OK);
    }

    a_recovery_code_opens_foca_once, async |app| {
        let account = with_second_factor(app, "investigator").await;
        let mut tx = app.db.begin().await.unwrap();
        store::set_recovery_codes(&mut tx, account.id, &[secret::digest("7kq2-m9x0-4bnv-r8td")]).await.unwrap();
        tx.commit().await.unwrap();
        let mut first = begun(app, &account, Stage::Password).await;
        let mut second = begun(app, &account, Stage::Password).await;

        let opened = first.post("/sign-in/code", &[("code", "7KQ2 M9XO 4bnv-r8td")]).await;
        let again = second.post("/sign-in/code", &[("code", "7kq2-m9x0-4bnv-r8td")]).await;

        assert_eq!(opened.status, StatusCode::SEE_OTHER, "{}", opened.text());
        assert_eq!(again.status, StatusCode::UNAUTHORIZED);
        assert_eq!(store::n_recovery_codes(&app.db, account.id).await.unwrap(), 0);
    }
}

both_engines! {
    five_wrong_passwords_lock_an_account_for_the_right_one_too, async |app| {
        let account = with_second_factor(app, "investigator").await;
        let mut browser = Browser::of(app);
        let mut refusals = Vec::new();

        for _ in 0..5 {
            refusals.push(enter(&mut browser, &account.sign_in, "not the password").await.text());
        }
        let right = enter(&mut browser, &account.sign_in, PASSWORD).await;

        assert_eq!(right.status, StatusCode::UNAUTHORIZED);
        assert!(refusals.iter().all(|it| *it == right.text()));
        assert_eq!(kept(app, &account).await.state, State::Locked);
    }

    four_wrong_passwords_do_not_lock_an_account, async |app| {
        let account = with_second_factor(app, "investigator").await;
        let mut browser = Browser::of(app);

        for _ in 0..4 {
            enter(&mut browser, &account.sign_in, "not the password").await;
        }
        let right = enter(&mut browser, &account.sign_in, PASSWORD).await;

        assert_eq!(right.status, StatusCode::SEE_OTHER, "{}", right.text());
    }

    five_wrong_codes_lock_an_account_and_end_its_sessions, async |app| {
        let account = with_second_factor(app, "investigator").await;
        let mut inside = begun(app, &account, Stage::Open).await;
        let mut browser = begun(app, &account, Stage::Password).await;

        for _ in 0..5 {
            browser.post("/sign-in/code", &[("code", "not a code")]).await;
        }
        let right = browser.post("/sign-in/code", &[("code", code(0).as_str())]).await;

        assert_eq!(kept(app, &account).await.state, State::Locked);
        assert_eq!(right.location(), "/sign-in");
        assert_eq!(inside.get("/sites").await.location(), "/sign-in?next=%2Fsites");
    }

    failures_older_than_a_quarter_of_an_hour_do_not_count, async |app| {
        let account = with_second_factor(app, "investigator").await;
        let mut browser = begun(app, &account, Stage::Password).await;
        for _ in 0..4 {
            browser.post("/sign-in/code", &[("code", "not a code")]).await;
        }
        let mut later = browser.later(16);

        for _ in 0..4 {
            later.post("/sign-in/code", &[("code", "not a code")]).await;
        }
        let right = later.post("/sign-in/code", &[("code", code(16 * 60).as_str())]).await;

        assert_eq!(kept(app, &account).await.state, State::Active);
        assert_eq!(right.status, StatusCode::SEE_OTHER, "{}", right.text());
    }

    an_administrator_releases_a_locked_account_with_all_its_attempts, async |app| {
        let account = with_second_factor(app, "investigator").await;
        let admin = app.signed_in_as("administrator").await;
        let mut browser = begun(app, &account, Stage::Password).await;
        for _ in 0..5 {
            browser.post("/sign-in/code", &[("code", "not a code")]).await;
        }

        let list = admin.get("/people").await;
        let released = admin.post(&format!("/people/{}/unlock", account.id), &[]).await;
        let mut anew = begun(app, &account, Stage::Password).await;
        anew.post("/sign-in/code", &[("code", "not a code")]).await;
        let right = anew.post("/sign-in/code", &[("code", code(0).as_str())]).await;

        assert!(list.text().contains("is locked since"), "{}", list.text());
        assert_eq!(released.location(), format!("/people/{}?saved=unlocked", account.id));
        assert_eq!(right.status, StatusCode::SEE_OTHER, "{}", right.text());
    }
}

both_engines! {
    after_a_rest_content_is_hidden_until_the_password_is_given_again, async |app| {
        app.site("Alder Spa").create().await;
        let mut browser = signed_in(app, "analyst").await.later(31);
        let before = browser.session();

        let hidden = browser.get("/sites").await;
        let asked = browser.get(hidden.location()).await;
        let part = program_with(&browser, "/map/list").await;
        let wrong = browser.post("/sign-in/again", &[("password", "not the password")]).await;
        let back = browser.submit("/sign-in/again", &[("password", PASSWORD), ("next", "/sites")]).await;

        assert_eq!(hidden.location(), "/sign-in/again?next=%2Fsites");
        assert!(asked.text().contains("Your password again") && !asked.text().contains("Alder Spa"));
        assert!(part.status == StatusCode::UNAUTHORIZED && !part.text().contains("Alder Spa"));
        assert_eq!(wrong.status, StatusCode::UNAUTHORIZED);
        assert!(back.text().contains("Alder Spa"), "{}", back.text());
        assert_ne!(browser.session(), before);
    }

    after_an_hour_without_a_request_a_session_is_gone, async |app| {
        let mut browser = signed_in(app, "analyst").await.later(61);

        let page = browser.get("/sites").await;
        let again = browser.post("/sign-in/again", &[("password", PASSWORD)]).await;

        assert_eq!(page.location(), "/sign-in?next=%2Fsites");
        assert_eq!(again.location(), "/sign-in");
    }

    after_twelve_hours_a_session_is_gone_however_much_was_done, async |app| {
        let mut browser = signed_in(app, "analyst").await;
        for n in 1..=28 {
            browser = browser.later(25);
            assert_eq!(browser.get("/profile/alive").await.status, StatusCode::NO_CONTENT, "after {} minutes", n * 25);
        }

        let mut browser = browser.later(20);

        assert_eq!(browser.get("/sites").await.location(), "/sign-in?next=%2Fsites");
    }

    a_half_taken_way_in_does_not_wait_longer_than_the_rest, async |app| {
        let account = with_second_factor(app, "investigator").await;

        let mut browser = begun(app, &account, Stage::Password).await.later(31);

        assert_eq!(browser.get("/sign-in/code").await.location(), "/sign-in");
    }

    sessions_are_listed_on_the_own_page_and_ended_there, async |app| {
        let account = with_password(app, "analyst").await;
        let mut here = begun(app, &account, Stage::Open).await;
        let mut there = begun(app, &account, Stage::Open).await;

        let page = here.get("/profile").await.text();
        let ids: Vec<&str> =
            page.split("/profile/sessions/").filter_map(|it| it.split_once("/end\"")).map(|it| it.0).collect();
        let ended = here.post(&format!("/profile/sessions/{}/end", ids[0]), &[]).await;

        assert_eq!(ids.len(), 1, "{page}");
        assert_eq!(ended.location(), "/profile?saved=session");
        assert_eq!(there.get("/sites").await.location(), "/sign-in?next=%2Fsites");
        assert_eq!(here.get("/sites").await.status, StatusCode::OK);
    }

    signing_out_ends_the_session_and_not_only_its_cookie, async |app| {
        let mut browser = signed_in(app, "analyst").await;
        let copied = browser.session();

        let left = browser.post("/sign-out", &[]).await;

        assert_eq!(left.location(), "/sign-in");
        assert!(left.headers.contains_key("clear-site-data") && browser.cookies.is_empty());
        let page = Browser::of(app).holding(&copied).get("/sites").await;
        assert_eq!(page.location(), "/sign-in?next=%2Fsites");
    }

    another_password_ends_the_other_sessions_and_changes_this_one, async |app| {
        let account = with_password(app, "analyst").await;
        let mut here = begun(app, &account, Stage::Open).await;
        let mut there = begun(app, &account, Stage::Open).await;
        let before = here.session();

        let form = [("current", PASSWORD), ("password", "another heron at the mill"), ("repeated", "another heron at the mill")];
        let changed = here.post("/profile/password", &form).await;

        assert_eq!(changed.location(), "/profile?saved=password");
        assert_ne!(here.session(), before);
        assert_eq!(here.get("/sites").await.status, StatusCode::OK);
        assert_eq!(there.get("/sites").await.location(), "/sign-in?next=%2Fsites");
    }

    a_password_of_last_year_is_renewed_before_anything_else, async |app| {
        let account = with_password(app, "analyst").await;
        let later = Browser::of(app).later(366 * 24 * 60).app;

        let mut browser = begun(&later, &account, Stage::Open).await;

        assert_eq!(browser.get("/sites").await.location(), "/sign-in/renew?next=%2Fsites");
    }
}

/// Asks for a part of a page with a browser's cookie, as a script does.
async fn program_with(browser: &Browser, path: &str) -> Reply {
    let request = Request::builder()
        .uri(path)
        .header(header::HOST, "localhost")
        .header(header::COOKIE, format!("foca={}", browser.session()));
    browser.app.ask(request.body(Body::empty()).unwrap()).await
}

/// The door of an app so many days later.
fn door_after(app: &TestApp, days: i64) -> Door {
    Door { clock: Clock::Fixed(now() + TimeDelta::days(days)), ..people::door(&app.app) }
}

both_engines! {
    an_account_unused_for_a_quarter_is_disabled_when_its_person_comes, async |app| {
        let account = with_second_factor(app, "investigator").await;
        let mut browser = Browser::of(app).later(91 * 24 * 60);

        let reply = enter(&mut browser, &account.sign_in, PASSWORD).await;

        let account = kept(app, &account).await;
        assert_eq!(reply.status, StatusCode::UNAUTHORIZED);
        assert_eq!((account.state, account.state_why.as_deref()), (State::Disabled, Some("unused for too long")));
    }

    an_account_used_within_a_quarter_may_come_in, async |app| {
        let account = with_second_factor(app, "investigator").await;
        let mut browser = Browser::of(app).later(89 * 24 * 60);

        let reply = enter(&mut browser, &account.sign_in, PASSWORD).await;

        assert_eq!(reply.status, StatusCode::SEE_OTHER, "{}", reply.text());
    }

    the_sweep_disables_accounts_unused_for_a_quarter, async |app| {
        let account = people::account(&app.app, "investigator", "state").await;

        let early = foca::accounts::sign_in::sweep(&door_after(app, 90)).await.unwrap();
        let before = kept(app, &account).await.state;
        let late = foca::accounts::sign_in::sweep(&door_after(app, 91)).await.unwrap();

        assert_eq!((early, before), (0, State::Active));
        assert!(late > 0);
        assert_eq!(kept(app, &account).await.state, State::Disabled);
    }

    a_sign_in_name_is_never_given_again, async |app| {
        let (account, _) = invited(app, WALKER).await;
        let mut tx = app.db.begin().await.unwrap();
        foca::accounts::sign_in::disable(&mut tx, account.id, "left", app.app.clock.stamp()).await.unwrap();
        tx.commit().await.unwrap();
        let admin = app.signed_in_as("administrator").await;

        let form = [
            ("sign_in", "W.Walker@Test.Example"),
            ("full_name", "Wanda Walker"),
            ("agency", "Test Agency"),
            ("role", "partner"),
            ("area_kind", "state"),
        ];
        let reply = admin.post("/people/new", &form).await;

        assert_eq!(reply.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(reply.text().contains("never given again"), "{}", reply.text());
        assert_eq!(kept(app, &account).await.full_name, "W. Walker");
    }
}

both_engines! {
    a_token_works_as_bearer_and_as_the_password_of_basic, async |app| {
        app.site("Alder Spa").at(-92.1, 46.8).create().await;
        let mut browser = signed_in(app, "analyst").await;
        let secret = token(&mut browser, "site").await;
        let basic = format!("Basic {}", STANDARD.encode(format!("anybody:{secret}")));

        let by_bearer = bearer(app, EXPORT, &secret).await;
        let by_basic = program(app, EXPORT, Some(&basic)).await;

        assert_eq!(by_bearer.names(), ["Alder Spa"]);
        assert_eq!(by_basic.names(), ["Alder Spa"]);
    }

    a_token_is_made_only_by_who_gave_the_password_just_now, async |app| {
        let account = with_password(app, "analyst").await;
        let mut browser = begun(app, &account, Stage::Open).await.later(16);

        let asked = browser.post("/profile/tokens", &[("label", "QGIS"), ("days", "7"), ("scope", "site")]).await;

        assert_eq!(asked.location(), "/sign-in/again");
        let made = tokens::of(&app.db, account.id, app.app.clock.stamp()).await.unwrap();
        assert!(made.is_empty(), "{made:?}");
        browser.post("/sign-in/again", &[("password", PASSWORD)]).await;
        assert!(token(&mut browser, "site").await.len() > 40);
    }

    a_token_opens_no_page_and_changes_nothing, async |app| {
        let mut browser = signed_in(app, "analyst").await;
        let secret = token(&mut browser, "site").await;
        let closed = |it: &Permission| !matches!(it, Permission::Open | Permission::Export(_));

        for route in routes::table().iter().filter(|it| closed(&it.rule.permission)) {
            let path = route.path.replace("{id}", &Uuid::nil().to_string());
            let request = Request::builder()
                .method(route.method)
                .uri(&path)
                .header(header::HOST, "localhost")
                .header(header::ACCEPT, "text/html")
                .header(header::AUTHORIZATION, format!("Bearer {secret}"));
            let reply = app.ask(request.body(Body::empty()).unwrap()).await;

            assert_eq!(reply.status, StatusCode::FORBIDDEN, "{} {path}", route.method);
        }
    }

    a_token_takes_out_only_what_it_is_scoped_to, async |app| {
        let mut browser = signed_in(app, "analyst").await;
        let secret = token(&mut browser, "site").await;

        for kind in ["licenses", "inspections", "complaints", "incidents"] {
            for format in ["geojson", "csv"] {
                let reply = bearer(app, &format!("/export/{kind}.{format}"), &secret).await;

                assert_eq!(reply.status, StatusCode::FORBIDDEN, "{kind}.{format}");
            }
        }
        assert_eq!(bearer(app, EXPORT, &secret).await.status, StatusCode::OK);
    }

    a_token_ends_by_itself, async |app| {
        let mut browser = signed_in(app, "analyst").await;
        let secret = token(&mut browser, "site").await;
        let (within, after) = (Browser::of(app).later(7 * 24 * 60 - 1), Browser::of(app).later(7 * 24 * 60 + 1));

        let works = bearer(&within.app, EXPORT, &secret).await;
        let ended = bearer(&after.app, EXPORT, &secret).await;

        assert_eq!((works.status, ended.status), (StatusCode::OK, StatusCode::UNAUTHORIZED));
        assert!(ended.headers.contains_key(header::WWW_AUTHENTICATE));
    }

    a_token_is_ended_on_the_own_page, async |app| {
        let mut browser = signed_in(app, "analyst").await;
        let secret = token(&mut browser, "site").await;
        let page = browser.get("/profile").await.text();

        let ended = browser.post(&format!("/profile/tokens/{}/end", between(&page, "/profile/tokens/", "/end")), &[]).await;

        assert_eq!(ended.location(), "/profile?saved=token");
        assert_eq!(bearer(app, EXPORT, &secret).await.status, StatusCode::UNAUTHORIZED);
    }

    the_last_use_of_a_token_is_seen_on_the_own_page, async |app| {
        let mut browser = signed_in(app, "analyst").await;
        let secret = token(&mut browser, "site").await;
        let before = browser.get("/profile").await.text();

        bearer(app, EXPORT, &secret).await;

        assert!(before.contains("never") && !before.contains("from 203.0.113.7"), "{before}");
        let after = browser.get("/profile").await.text();
        assert!(after.contains("from 203.0.113.7"), "{after}");
    }

    a_secret_is_kept_as_a_digest_only, async |app| {
        let mut browser = signed_in(app, "analyst").await;
        let token = token(&mut browser, "site").await;
        let (_, link) = invited(app, WALKER).await;

        let hashes: Vec<(String,)> = foca::db::query(
            "SELECT hash FROM session UNION ALL SELECT hash FROM access_token UNION ALL SELECT hash FROM account_link",
        )
        .fetch_all(&app.db)
        .await
        .unwrap();

        for secret in [browser.session(), token, link] {
            assert!(hashes.iter().all(|it| it.0 != secret));
            assert!(hashes.iter().any(|it| it.0 == secret::digest(&secret)));
        }
    }
}

both_engines! {
    the_password_is_asked_again_before_rights_are_changed, async |app| {
        let mut browser = signed_in(app, "administrator").await.later(16);

        let asked = browser.get("/people/new").await;
        let list = browser.get("/people").await;
        let form = browser.submit("/sign-in/again", &[("password", PASSWORD), ("next", "/people/new")]).await;

        assert_eq!(asked.location(), "/sign-in/again?next=%2Fpeople%2Fnew");
        assert_eq!(list.status, StatusCode::OK);
        assert!(form.text().contains("Invite a person"), "{}", form.text());
    }

    a_password_given_within_a_quarter_of_an_hour_is_not_asked_again, async |app| {
        let mut browser = signed_in(app, "administrator").await.later(14);

        assert_eq!(browser.get("/people/new").await.status, StatusCode::OK);
    }

    no_form_that_changes_rights_is_taken_from_who_gave_the_password_long_ago, async |app| {
        let (account, _) = invited(app, WALKER).await;
        let mut browser = signed_in(app, "administrator").await.later(16);
        let before = n_logged(app, Act::Administer).await;
        let form = [
            ("sign_in", "x@test.example"),
            ("full_name", "Wanda"),
            ("agency", "Test Agency"),
            ("role", "supervisor"),
            ("area_kind", "state"),
            ("why", "because"),
        ];

        let table = routes::table();
        let asking: Vec<_> = table.iter().filter(|it| it.method == "POST" && it.rule.confirmed).collect();
        for route in &asking {
            let path = route.path.replace("{id}", &account.id.to_string());
            let reply = browser.post(&path, &form).await;

            assert_eq!(reply.status, StatusCode::SEE_OTHER, "{path}");
            assert!(reply.location().starts_with("/sign-in/again"), "{path}: {}", reply.location());
        }

        assert!(asking.len() > 6);
        assert_eq!(n_logged(app, Act::Administer).await, before);
        assert_eq!(kept(app, &account).await, account);
    }
}

both_engines! {
    nobody_comes_in_without_a_second_factor, async |app| {
        let account = with_password(app, "investigator").await;
        let mut browser = Browser::of(app);

        enter(&mut browser, &account.sign_in, PASSWORD).await;
        let page = browser.go("/sites").await;

        assert!(page.text().contains("Set up the second factor"), "{}", page.text());
    }

    a_demonstration_only_offers_a_second_factor, async |app| {
        let account = with_password(app, "investigator").await;
        let mut browser = Browser::of(app).changed(|it| it.frame.demo = true);

        enter(&mut browser, &account.sign_in, PASSWORD).await;
        let banner = browser.go("/sites").await;
        browser.submit("/sign-in/banner", &[]).await;
        let offered = browser.get("/profile").await;

        assert!(banner.text().contains("Before you go on"), "{}", banner.text());
        assert!(offered.text().contains("Set up the second factor"), "{}", offered.text());
    }

    a_demonstration_asks_for_the_second_factor_of_who_set_one_up, async |app| {
        let account = with_second_factor(app, "investigator").await;
        let mut browser = Browser::of(app).changed(|it| it.frame.demo = true);

        enter(&mut browser, &account.sign_in, PASSWORD).await;

        assert_eq!(browser.get("/sites").await.location(), "/sign-in/code?next=%2Fsites");
    }

    the_buttons_of_a_demonstration_sign_in_each_role, async |app| {
        demo::make(&people::door(&app.app)).await.unwrap();

        for person in demo::PEOPLE {
            let mut browser = Browser::of(app).changed(|it| it.frame.demo = true);
            let door = browser.get("/sign-in").await.text();
            browser.submit("/sign-in/demo", &[("role", person.role)]).await;
            browser.submit("/sign-in/banner", &[]).await;
            let own = browser.get("/profile").await;

            assert!(door.contains(&format!("name=\"role\" value=\"{}\"", person.role)), "{door}");
            assert!(own.text().contains(person.full_name), "{}: {}", person.role, own.text());
        }
    }

    there_are_no_such_buttons_over_real_data, async |app| {
        demo::make(&people::door(&app.app)).await.unwrap();
        let mut browser = Browser::of(app);

        let door = browser.get("/sign-in").await;
        let reply = browser.post("/sign-in/demo", &[("role", "supervisor")]).await;

        assert!(!door.text().contains("/sign-in/demo"), "{}", door.text());
        assert_eq!(reply.status, StatusCode::NOT_FOUND);
        assert!(browser.cookies.is_empty());
    }
}
