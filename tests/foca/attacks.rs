//! Attacks that must come to nothing. Each test fails when the defense that it is about is taken away.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::http::{HeaderValue, StatusCode, header};
use bytes::Bytes;
use chrono::TimeDelta;
use foca::accounts::{Account, Stage, State, links, secret, sessions, store, tokens};
use foca::app::App;
use foca::audit::store::Filter;
use foca::audit::{self, Act, Logged};
use foca::clock::Moment;
use foca::complaints::{self, Complainant};
use foca::config::Serve;
use foca::records::{BuildingId, RecordId, SiteId};
use foca::rights::{Permission, Resource, Viewer};
use foca::{routes, sites};
use futures_util::stream::{self, StreamExt};
use uuid::Uuid;

use crate::harness::{Reply, TestApp, both_engines, naughty_strings, now, people};
use crate::sign_in::{
    Browser, EXPORT, PASSWORD, bearer, begun, between, code, enter, hash, invited, kept, n_logged, program,
    signed_in, token, with_password, with_second_factor,
};

const FORM: &str = "application/x-www-form-urlencoded";

/// A site as its form sends it.
const SITE: [(&str, &str); 6] = [
    ("kind", "lodging"),
    ("name", "Yarrow Inn"),
    ("address", "5540 Old Quarry Trl"),
    ("city", "Eagan"),
    ("state", "MN"),
    ("status", "open"),
];

/// Sets something of the server otherwise.
fn serving(change: impl FnOnce(&mut Serve)) -> impl FnOnce(&mut App) {
    move |app: &mut App| {
        let mut serve = (*app.serve).clone();
        change(&mut serve);
        app.serve = Arc::new(serve);
    }
}

/// The last entry of the log.
async fn last_entry(app: &TestApp) -> Logged {
    let page = audit::store::list(&app.db, &Viewer::operator(), &Filter::default(), (0, 1)).await.unwrap();
    page.into_iter().next().unwrap()
}

async fn n_sites(app: &TestApp) -> usize {
    sites::store::all(&app.db, &Viewer::operator()).await.unwrap().len()
}

both_engines! {
    a_session_of_before_a_step_is_worth_nothing_after_it, async |app| {
        let account = with_second_factor(app, "investigator").await;
        let mut victim = begun(app, &account, Stage::Password).await;

        let planted = victim.session();
        victim.post("/sign-in/code", &[("code", code(0).as_str())]).await;
        let after_code = victim.session();
        victim.post("/sign-in/banner", &[]).await;

        for secret in [planted, after_code] {
            let reply = Browser::of(app).holding(&secret).get("/sites").await;
            assert_eq!(reply.location(), "/sign-in?next=%2Fsites");
        }
        assert_eq!(victim.get("/sites").await.status, StatusCode::OK);
    }

    a_session_that_foca_did_not_begin_is_never_adopted, async |app| {
        let account = with_second_factor(app, "investigator").await;
        let made_up = "a".repeat(43);
        let mut victim = Browser::of(app).holding(&made_up);

        let entered = enter(&mut victim, &account.sign_in, PASSWORD).await;

        assert_eq!(entered.status, StatusCode::SEE_OTHER, "{}", entered.text());
        assert_ne!(victim.session(), made_up);
        let reply = Browser::of(app).holding(&made_up).get("/sites").await;
        assert_eq!(reply.location(), "/sign-in?next=%2Fsites");
    }

    who_plants_the_own_session_does_not_come_in_with_the_victim, async |app| {
        let account = with_second_factor(app, "investigator").await;
        let mut attacker = signed_in(app, "partner").await;
        let mut victim = Browser::of(app).holding(&attacker.session());

        enter(&mut victim, &account.sign_in, PASSWORD).await;

        assert_ne!(victim.session(), attacker.session());
        assert_eq!(attacker.get("/sites").await.location(), "/sign-in?next=%2Fsites");
    }

    the_cookie_of_a_session_is_kept_from_scripts_other_sites_and_plain_http, async |app| {
        let account = with_second_factor(app, "investigator").await;
        let mut browser = Browser::of(app)
            .changed(serving(|it| it.public_url = Some("https://foca.example.gov".to_owned())));

        let reply = enter(&mut browser, &account.sign_in, PASSWORD).await;

        let cookie = reply.headers[header::SET_COOKIE].to_str().unwrap().to_owned();
        assert!(cookie.starts_with("__Host-foca="), "{cookie}");
        for words in ["HttpOnly", "Secure", "SameSite=Lax", "Path=/"] {
            assert!(cookie.contains(words), "{words} in {cookie}");
        }
        assert!(!cookie.contains("Domain"), "{cookie}");
    }
}

/// What a browser says of a request that a page elsewhere makes: `Sec-Fetch-Site` and `Origin`.
const FOREIGN: [(Option<&str>, Option<&str>); 5] = [
    (Some("cross-site"), Some("https://evil.example")),
    (Some("cross-site"), None),
    (Some("same-site"), Some("http://evil.localhost")),
    (None, Some("https://evil.example")),
    (None, Some("null")),
];

/// Posts a form as a page of another site makes a browser do it.
async fn forged(
    who: &TestApp,
    path: &str,
    form: &[(&str, &str)],
    (site, origin): (Option<&'static str>, Option<&'static str>),
) -> Reply {
    let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(form).finish();
    let request = who.browser("POST", path).header(header::CONTENT_TYPE, FORM).body(Body::from(body));
    let mut request = request.unwrap();
    request.headers_mut().remove("sec-fetch-site");
    if let Some(site) = site {
        request.headers_mut().insert("sec-fetch-site", HeaderValue::from_static(site));
    }
    if let Some(origin) = origin {
        request.headers_mut().insert(header::ORIGIN, HeaderValue::from_static(origin));
    }
    who.ask(request).await
}

both_engines! {
    no_form_of_another_site_is_taken_whatever_it_is_for, async |app| {
        let rows = Hidden::create(app).await;
        let admin = app.signed_in_as("administrator").await;
        let before = audit::store::head(&app.db).await.unwrap();

        for route in routes::table().iter().filter(|it| it.method == "POST") {
            let path = rows.fill(route.path);
            let who = if route.rule.permission == Permission::Change(Resource::Account) { &admin } else { app };
            for from in FOREIGN {
                let reply = forged(who, &path, &SITE, from).await;

                assert_eq!(reply.status, StatusCode::FORBIDDEN, "{path} from {from:?}");
                // A missing right is told in other words.
                let text = reply.text();
                assert!(text.contains("did not come from a page of FOCA"), "{path} from {from:?}: {text}");
            }
        }

        assert_eq!(audit::store::head(&app.db).await.unwrap(), before);
        assert_eq!(n_logged(app, Act::Change).await, 0);
    }

    a_whole_form_of_another_site_saves_nothing, async |app| {
        for from in FOREIGN {
            forged(app, "/sites/new", &SITE, from).await;
        }
        let forged = (n_sites(app).await, n_logged(app, Act::Change).await);
        let own = app.post("/sites/new", &SITE).await;

        assert_eq!(forged, (0, 0));
        // The same form is good where it comes from a page of FOCA.
        assert_eq!(own.status, StatusCode::SEE_OTHER, "{}", own.text());
        assert_eq!((n_sites(app).await, n_logged(app, Act::Change).await), (1, 1));
    }

    what_changes_something_is_never_done_by_a_link, async |app| {
        let rows = Hidden::create(app).await;
        let admin = app.signed_in_as("administrator").await;
        let table = routes::table();
        let asked: BTreeSet<&str> = table.iter().filter(|it| it.method == "GET").map(|it| it.path).collect();

        for route in table.iter().filter(|it| it.method == "POST" && !asked.contains(it.path)) {
            let path = rows.fill(route.path);
            let who = if route.rule.permission == Permission::Change(Resource::Account) { &admin } else { app };

            let reply = who.get(&path).await;

            assert_eq!(reply.status, StatusCode::METHOD_NOT_ALLOWED, "{path}");
        }
    }
}

/// Part of all that must not be read in another county.
const MARK: &str = "Quillfeather";

/// A row of each kind in St. Louis County, and an account.
struct Hidden {
    site: SiteId,
    building: BuildingId,
    license: RecordId,
    inspection: RecordId,
    complaint: RecordId,
    incident: RecordId,
    account: Account,
}

impl Hidden {
    async fn create(app: &TestApp) -> Self {
        let site = app
            .site("Quillfeather Lodge")
            .kind("massage_parlor")
            .address("977 Elm St, Duluth, MN 55802")
            .at(-92.1, 46.8)
            .with(|it| it.county = Some("St. Louis".to_owned()))
            .create()
            .await;
        let name = || "Quillfeather Lodge".to_owned();
        let license = app.license("l").of(&site).with(|it| it.name = name()).create().await;
        let inspection = app.inspection("i").of(&site).with(|it| it.name = name()).create().await;
        let complaint = app.complaint("c").of(&site).with(|it| it.name = name()).create().await;
        let incident = app.incident("x").of(&site).create().await;
        let caller = Complainant { full_name: Some("Q. Quillfeather".to_owned()), phone: None, email: None };
        let mut tx = app.db.begin().await.unwrap();
        complaints::store::save_complainant(&mut tx, complaint, &caller, Moment::Instant(now()))
            .await
            .unwrap();
        tx.commit().await.unwrap();
        let account = people::account(&app.app, "partner", "county:St. Louis").await;
        let building = site.building_id.unwrap();
        Self { site: site.id, building, license, inspection, complaint, incident, account }
    }

    /// A path of the table with the id of a row that it is about.
    fn fill(&self, path: &str) -> String {
        let id = match path.split('/').nth(1) {
            Some("sites" | "map") => self.site.to_string(),
            Some("buildings") => self.building.to_string(),
            Some("licenses") => self.license.to_string(),
            Some("inspections") => self.inspection.to_string(),
            Some("complaints") => self.complaint.to_string(),
            Some("incidents") => self.incident.to_string(),
            Some("people") => self.account.id.to_string(),
            _ => Uuid::nil().to_string(),
        };
        path.replace("{id}", &id).replace("{secret}", "none").replace("{*path}", "none.js")
    }
}

fn tells(reply: &Reply) -> bool {
    let text = reply.text();
    text.contains(MARK) || text.contains("977 Elm")
}

both_engines! {
    no_id_opens_a_row_of_another_county, async |app| {
        let rows = Hidden::create(app).await;
        app.assess().await;
        let near = app.signed_in_within("investigator", "county:Hennepin").await;
        let everywhere = app.signed_in_as("investigator").await;
        let mut n_opened = 0;

        for route in routes::table().iter().filter(|it| it.path.contains("{id}")) {
            let path = rows.fill(route.path);
            let reply = if route.method == "GET" { near.get(&path).await } else { near.post(&path, &SITE).await };

            let refused = [StatusCode::FORBIDDEN, StatusCode::NOT_FOUND].contains(&reply.status);
            assert!(refused, "{} {path}: {}", route.method, reply.status);
            assert!(!tells(&reply), "{} {path}: {}", route.method, reply.text());
            if route.method == "GET" && everywhere.get(&path).await.status == StatusCode::OK {
                n_opened += 1;
            }
        }

        assert!(n_opened > 10, "only {n_opened} of these pages open to anybody: this proves little");
        let versions = sites::store::versions(&app.db, &Viewer::operator(), rows.site).await.unwrap();
        assert_eq!(versions.len(), 1);
    }

    no_list_map_or_file_tells_of_another_county, async |app| {
        let rows = Hidden::create(app).await;
        app.assess().await;
        let near = app.signed_in_within("supervisor", "county:Hennepin").await;
        let mut n_told = 0;

        for route in routes::table().iter().filter(|it| it.method == "GET" && !it.path.contains('{')) {
            let by_site = format!("{}?site={}", route.path, rows.site);
            for path in [route.path, by_site.as_str()] {
                let reply = near.get(path).await;

                assert!(!tells(&reply), "{path}: {}", reply.text());
            }
            if tells(&app.get(route.path).await) {
                n_told += 1;
            }
        }

        assert!(n_told > 8, "only {n_told} of these pages tell anybody: this proves little");
    }

    nobody_ends_a_session_or_a_token_of_somebody_else, async |app| {
        let account = with_password(app, "analyst").await;
        let mut theirs = begun(app, &account, Stage::Open).await;
        let secret = token(&mut theirs, "site").await;
        let now = app.app.clock.stamp();
        let session = sessions::of(&app.db, account.id, now.plus(-TimeDelta::hours(1))).await.unwrap()[0].id;
        let token = tokens::of(&app.db, account.id, now).await.unwrap()[0].id;
        let mut other = signed_in(app, "partner").await;

        let of_session = other.post(&format!("/profile/sessions/{session}/end"), &[]).await;
        let of_token = other.post(&format!("/profile/tokens/{token}/end"), &[]).await;

        assert_eq!((of_session.status, of_token.status), (StatusCode::NOT_FOUND, StatusCode::NOT_FOUND));
        assert_eq!(theirs.get("/sites").await.status, StatusCode::OK);
        assert_eq!(bearer(app, EXPORT, &secret).await.status, StatusCode::OK);
    }

    nobody_gives_the_own_account_another_role, async |app| {
        let account = people::account(&app.app, "administrator", "state").await;
        let mut admin = begun(app, &account, Stage::Open).await;

        let reply = admin.post(&format!("/people/{}", account.id), &rights("supervisor", "state", "")).await;

        assert_eq!(reply.status, StatusCode::CONFLICT);
        assert_eq!(kept(app, &account).await.role, "administrator");
    }
}

/// The form of a person's rights.
fn rights<'a>(role: &'a str, area_kind: &'a str, area_name: &'a str) -> [(&'a str, &'a str); 5] {
    [
        ("full_name", "The person"),
        ("agency", "Test Agency"),
        ("role", role),
        ("area_kind", area_kind),
        ("area_name", area_name),
    ]
}

/// A page whose opening is logged, whoever may open it.
const LOGGED: &str = "/sites/00000000-0000-0000-0000-000000000000";

both_engines! {
    an_address_that_an_unknown_peer_writes_is_not_believed, async |app| {
        let mut browser = signed_in(app, "supervisor")
            .await
            .at("203.0.113.9")
            .saying("x-forwarded-for", "198.51.100.7")
            .saying("forwarded", "for=198.51.100.7")
            .saying("x-real-ip", "198.51.100.7");

        browser.get(LOGGED).await;

        assert_eq!(last_entry(app).await.address.as_deref(), Some("203.0.113.9"));
    }

    of_what_our_own_proxy_passes_on_only_the_nearest_address_is_believed, async |app| {
        let mut browser = signed_in(app, "supervisor")
            .await
            .at("203.0.113.9")
            .saying("x-forwarded-for", "6.6.6.6, 198.51.100.7")
            .changed(serving(|it| it.proxies = vec!["203.0.113.9".parse().unwrap()]));

        browser.get(LOGGED).await;

        assert_eq!(last_entry(app).await.address.as_deref(), Some("198.51.100.7"));
    }

    foca_answers_to_no_name_but_its_own, async |app| {
        let public = app
            .signed_out()
            .changed(serving(|it| it.public_url = Some("https://foca.example.gov".to_owned())));
        let ask = async |host: &'static str| {
            let mut request = public.browser("GET", "/sign-in").body(Body::empty()).unwrap();
            request.headers_mut().insert(header::HOST, HeaderValue::from_static(host));
            public.ask(request).await
        };

        for host in ["evil.example", "evil.example:8080", "localhost.evil.example", "foca.example.gov.evil.example", "foca.example.gov:8443", ""] {
            let reply = ask(host).await;

            assert_eq!(reply.status, StatusCode::MISDIRECTED_REQUEST, "{host:?}");
            assert!(!reply.text().contains("Sign in"), "{host:?}");
        }
        for host in ["foca.example.gov", "FOCA.example.gov", "localhost:8080"] {
            assert_eq!(ask(host).await.status, StatusCode::OK, "{host:?}");
        }
    }

    a_name_in_a_header_does_not_come_into_a_link, async |app| {
        let mut admin = signed_in(app, "administrator")
            .await
            .saying("x-forwarded-host", "evil.example")
            .saying("forwarded", "host=evil.example");
        let form = [&rights("partner", "state", "")[..], &[("sign_in", "w.walker@test.example")]].concat();

        let page = admin.post("/people/new", &form).await;

        assert_eq!(page.status, StatusCode::OK, "{}", page.text());
        assert!(page.text().contains("value=\"http://localhost:") && page.text().contains("/link/"));
        assert!(!page.text().contains("evil.example"));
    }
}

/// Addresses that browsers take for another site's, or run.
const ELSEWHERE: [&str; 11] = [
    "https://evil.example",
    "//evil.example",
    "///evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "/\t/evil.example",
    "/\n/evil.example",
    " //evil.example",
    "http:evil.example",
    "javascript:alert(1)",
    "evil.example",
];

both_engines! {
    nobody_is_sent_out_of_the_house, async |app| {
        let account = people::account(&app.app, "partner", "state").await;
        let mut inside = begun(app, &account, Stage::Open).await;
        let mut stranger = Browser::of(app);

        for next in ELSEWHERE {
            let query = form_urlencoded::Serializer::new(String::new()).append_pair("next", next).finish();
            let mut at_banner = begun(app, &account, Stage::Proved).await;

            let on = inside.get(&format!("/sign-in?{query}")).await;
            let step = stranger.get(&format!("/sign-in/code?{query}")).await;
            let agreed = at_banner.post("/sign-in/banner", &[("next", next)]).await;

            assert_eq!(on.location(), "/", "{next:?}");
            assert_eq!(step.location(), "/sign-in", "{next:?}");
            assert_eq!(agreed.location(), "/sign-in", "{next:?}");
        }
        assert_eq!(inside.get("/sign-in?next=%2Fsites").await.location(), "/sites");
    }

    a_referer_does_not_send_anybody_out_of_the_house, async |app| {
        for referer in ["https://evil.example//evil.example/x", "https://evil.example", "javascript:alert(1)"] {
            let mut browser = signed_in(app, "administrator").await.later(16).saying("referer", referer);

            let reply = browser.post("/people/new", &[]).await;

            let location = reply.location();
            assert!(location == "/sign-in/again" || location == "/sign-in/again?next=%2F", "{referer}: {location}");
        }
    }
}

/// An account of that name and state whose password is [`PASSWORD`].
async fn known(app: &TestApp, sign_in: &str, state: State) -> Account {
    let (account, _) = invited(app, sign_in).await;
    let (mut tx, now) = (app.db.begin().await.unwrap(), app.app.clock.stamp());
    store::set_password(&mut tx, account.id, hash().await, now).await.unwrap();
    store::set_state(&mut tx, account.id, state, None, now).await.unwrap();
    tx.commit().await.unwrap();
    account
}

/// All that an answer tells, but for the name that was typed and the number of the request.
fn told(reply: &Reply, name: &str) -> (StatusCode, String, Vec<(String, String)>) {
    let headers = reply.headers.iter().filter(|it| it.0.as_str() != "x-request-id");
    let headers = headers.map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned()));
    (reply.status, reply.text().replace(name, "NAME"), headers.collect())
}

both_engines! {
    a_refusal_does_not_tell_whether_there_is_such_an_account, async |app| {
        // The names are of one length, so that the answers are.
        let tries = [
            ("a.member@test.example", State::Active, "not the password"),
            ("a.locked@test.example", State::Locked, PASSWORD),
            ("a.absent@test.example", State::Disabled, PASSWORD),
            ("a.invite@test.example", State::Invited, PASSWORD),
        ];
        let mut browser = Browser::of(app);
        let unknown = "a.nobody@test.example";
        let expected = told(&enter(&mut browser, unknown, PASSWORD).await, unknown);

        for (name, state, typed) in tries {
            known(app, name, state).await;
            let reply = enter(&mut browser, name, typed).await;

            assert_eq!(told(&reply, name), expected, "{name}");
        }
        assert_eq!(expected.0, StatusCode::UNAUTHORIZED);
        assert!(browser.cookies.is_empty());
    }

    a_link_does_not_tell_whether_there_ever_was_such_a_one, async |app| {
        let (_, link) = invited(app, "w.walker@test.example").await;
        let (mut ended, mut made_up) = (Browser::of(app).later(73 * 60), Browser::of(app).later(73 * 60));

        let one = ended.go(&links::path(&link)).await;
        let other = made_up.go(&links::path(&"a".repeat(43))).await;

        assert_eq!(one.status, StatusCode::NOT_FOUND);
        assert_eq!(told(&one, &link), told(&other, &link));
    }

    passwords_cannot_be_tried_on_many_accounts_from_one_address, async |app| {
        let mut sprayer = Browser::of(app).at("203.0.113.9");
        let mut n_tried = 0;

        let stopped = loop {
            let reply = enter(&mut sprayer, &format!("person{n_tried}@test.example"), "Spring2026!").await;
            if reply.status != StatusCode::UNAUTHORIZED || n_tried > 200 {
                break reply;
            }
            n_tried += 1;
        };
        let dodging = enter(&mut sprayer.saying("x-forwarded-for", "198.51.100.7"), "x@test.example", "y").await;
        let elsewhere = enter(&mut Browser::of(app).at("203.0.113.10"), "x@test.example", "y").await;

        assert_eq!(stopped.status, StatusCode::TOO_MANY_REQUESTS);
        // One more is allowed each nine seconds, and a slow machine takes that long.
        assert!((100..150).contains(&n_tried), "{n_tried}");
        assert!(stopped.text().contains("Too many attempts"), "{}", stopped.text());
        assert_eq!(dodging.status, StatusCode::TOO_MANY_REQUESTS);
        assert_eq!(elsewhere.status, StatusCode::UNAUTHORIZED);
    }
}

/// The time of an answer tells nothing: whatever is known of an account, one password is verified before anything is
/// decided. Held by the text of the two functions, for clocks of a busy machine tell little.
#[test]
fn every_attempt_costs_one_verification_of_a_password() {
    let body = |source: &str, name: &str| {
        let (_, rest) = source.split_once(name).unwrap_or_else(|| panic!("there is no {name}"));
        rest.split_once("\n}\n").unwrap().0.to_owned()
    };
    let attempt = body(include_str!("../../src/accounts/sign_in.rs"), "pub async fn with_password(");
    let verify = body(include_str!("../../src/accounts/password.rs"), "pub async fn verify(");

    let (before, after) = attempt.split_once("password::verify(typed, kept).await").unwrap();
    let (begin, end) = verify.split_once(".verify_password(").unwrap();

    assert!(!before.contains("return") && !before.contains("hash("), "{before}");
    assert!(!after.contains("password::"), "{after}");
    assert!(begin.contains("NOBODYS") && !begin.contains("return"), "{begin}");
    assert!(!end.contains("verify_password("), "{end}");
}

both_engines! {
    a_token_in_an_address_is_not_taken, async |app| {
        let mut browser = signed_in(app, "analyst").await;
        let secret = token(&mut browser, "site").await;

        for name in ["token", "access_token", "api_key", "key", "authorization", "password", "foca"] {
            let reply = program(app, &format!("{EXPORT}?{name}={secret}"), None).await;

            assert_eq!(reply.status, StatusCode::UNAUTHORIZED, "{name}");
        }
        assert_eq!(bearer(app, EXPORT, &secret).await.status, StatusCode::OK);
    }

    a_token_is_no_session_and_a_session_no_token, async |app| {
        let mut browser = signed_in(app, "analyst").await;
        let secret = token(&mut browser, "site").await;

        let as_session = Browser::of(app).holding(&secret).get("/sites").await;
        let as_token = bearer(app, EXPORT, &browser.session()).await;

        assert_eq!(as_session.location(), "/sign-in?next=%2Fsites");
        assert_eq!(as_token.status, StatusCode::UNAUTHORIZED);
    }

    a_token_that_does_not_work_is_not_helped_by_a_session, async |app| {
        let mut browser = signed_in(app, "analyst").await.saying("authorization", "Bearer foca_pat_none");

        assert_ne!(browser.get(EXPORT).await.status, StatusCode::OK);
    }
}

/// Sends the same form from two browsers at the same time; the statuses, sorted.
async fn at_once(one: &mut Browser, two: &mut Browser, path: &str, form: &[(&str, &str)]) -> [StatusCode; 2] {
    let (first, second) = tokio::join!(one.post(path, form), two.post(path, form));
    let mut both = [first.status, second.status];
    both.sort();
    both
}

both_engines! {
    a_code_of_the_app_works_once, async |app| {
        let account = with_second_factor(app, "investigator").await;
        let mut one = begun(app, &account, Stage::Password).await;
        let mut two = begun(app, &account, Stage::Password).await;

        let first = one.post("/sign-in/code", &[("code", code(0).as_str())]).await;
        let again = two.post("/sign-in/code", &[("code", code(0).as_str())]).await;
        let earlier = two.post("/sign-in/code", &[("code", code(-30).as_str())]).await;
        let next = two.post("/sign-in/code", &[("code", code(30).as_str())]).await;

        assert_eq!(first.status, StatusCode::SEE_OTHER, "{}", first.text());
        assert_eq!((again.status, earlier.status), (StatusCode::UNAUTHORIZED, StatusCode::UNAUTHORIZED));
        assert_eq!(next.status, StatusCode::SEE_OTHER, "{}", next.text());
    }

    of_two_who_send_one_code_at_once_one_comes_in, async |app| {
        let account = with_second_factor(app, "investigator").await;
        let mut one = begun(app, &account, Stage::Password).await;
        let mut two = begun(app, &account, Stage::Password).await;
        let code = code(0);

        let both = at_once(&mut one, &mut two, "/sign-in/code", &[("code", code.as_str())]).await;

        assert_eq!(both, [StatusCode::SEE_OTHER, StatusCode::UNAUTHORIZED]);
    }

    of_two_who_send_one_recovery_code_at_once_one_comes_in, async |app| {
        let account = with_second_factor(app, "investigator").await;
        let mut tx = app.db.begin().await.unwrap();
        store::set_recovery_codes(&mut tx, account.id, &[secret::digest("7kq2-m9x0-4bnv-r8td")]).await.unwrap();
        tx.commit().await.unwrap();
        let mut one = begun(app, &account, Stage::Password).await;
        let mut two = begun(app, &account, Stage::Password).await;

        let both = at_once(&mut one, &mut two, "/sign-in/code", &[("code", "7kq2-m9x0-4bnv-r8td")]).await;

        assert_eq!(both, [StatusCode::SEE_OTHER, StatusCode::UNAUTHORIZED]);
    }

    of_two_who_use_one_link_at_once_one_chooses_the_password, async |app| {
        let (_, link) = invited(app, "w.walker@test.example").await;
        let (mut one, mut two) = (Browser::of(app), Browser::of(app));
        one.get(&links::path(&link)).await;
        two.get(&links::path(&link)).await;

        let form = [("password", PASSWORD), ("repeated", PASSWORD)];
        let [first, second] = at_once(&mut one, &mut two, "/welcome", &form).await;

        assert_eq!(first, StatusCode::SEE_OTHER);
        assert!(second.is_client_error(), "{second}");
    }
}

both_engines! {
    another_role_counts_from_the_next_request, async |app| {
        let account = with_password(app, "analyst").await;
        let mut browser = begun(app, &account, Stage::Open).await;
        let secret = token(&mut browser, "site").await;
        let admin = app.signed_in_as("administrator").await;
        let before = (browser.get("/sites").await.status, bearer(app, EXPORT, &secret).await.status);

        admin.post(&format!("/people/{}", account.id), &rights("auditor", "state", "")).await;

        let after = (browser.get("/sites").await.status, bearer(app, EXPORT, &secret).await.status);
        assert_eq!(before, (StatusCode::OK, StatusCode::OK));
        assert_eq!(after, (StatusCode::FORBIDDEN, StatusCode::FORBIDDEN));
        assert_eq!(browser.get("/log").await.status, StatusCode::OK);
    }

    another_area_counts_from_the_next_request, async |app| {
        let rows = Hidden::create(app).await;
        let account = people::account(&app.app, "investigator", "state").await;
        let mut browser = begun(app, &account, Stage::Open).await;
        let admin = app.signed_in_as("administrator").await;
        let path = format!("/sites/{}", rows.site);
        let before = browser.get(&path).await.status;

        admin.post(&format!("/people/{}", account.id), &rights("investigator", "county", "Hennepin")).await;

        assert_eq!((before, browser.get(&path).await.status), (StatusCode::OK, StatusCode::NOT_FOUND));
    }

    a_disabled_account_has_lost_its_sessions_tokens_and_links_at_once, async |app| {
        let account = with_password(app, "analyst").await;
        let mut browser = begun(app, &account, Stage::Open).await;
        let secret = token(&mut browser, "site").await;
        let admin = app.signed_in_as("administrator").await;
        let page = admin.post(&format!("/people/{}/link", account.id), &[]).await.text();
        let link = between(&page, "/link/", "\"");

        let disabled = admin.post(&format!("/people/{}/disable", account.id), &[("why", "left the agency")]).await;

        assert_eq!(disabled.status, StatusCode::SEE_OTHER, "{}", disabled.text());
        assert_eq!(browser.get("/sites").await.location(), "/sign-in?next=%2Fsites");
        assert_eq!(bearer(app, EXPORT, &secret).await.status, StatusCode::UNAUTHORIZED);
        assert_eq!(Browser::of(app).go(&links::path(link)).await.status, StatusCode::NOT_FOUND);
    }
}

/// Posts a body of any kind from a page of FOCA's own; none when no answer comes within half a minute.
async fn sent(app: &TestApp, path: &str, body: Body) -> Option<Reply> {
    let request = app
        .browser("POST", path)
        .header(header::CONTENT_TYPE, FORM)
        .header(header::ORIGIN, "http://localhost")
        .body(body)
        .unwrap();
    tokio::time::timeout(Duration::from_secs(30), app.ask(request)).await.ok()
}

fn is_too_large(reply: &Reply) -> bool {
    [StatusCode::BAD_REQUEST, StatusCode::PAYLOAD_TOO_LARGE].contains(&reply.status)
}

both_engines! {
    a_form_of_more_than_two_megabytes_is_refused_and_stores_nothing, async |app| {
        let note = "x".repeat(2_100_000);
        let form = [&SITE[..], &[("note", note.as_str())]].concat();
        let mut stranger = Browser::of(app);

        let inside = app.post("/sites/new", &form).await;
        let at_the_door = enter(&mut stranger, "x@test.example", &note).await;

        assert!(is_too_large(&inside) && inside.is_html(), "{}", inside.status);
        assert!(is_too_large(&at_the_door) && at_the_door.is_html(), "{}", at_the_door.status);
        assert_eq!((n_sites(app).await, n_logged(app, Act::Change).await), (0, 0));
        assert_eq!(n_logged(app, Act::SignIn).await, 0);
    }

    a_form_without_an_end_is_refused, async |app| {
        let part = Bytes::from(vec![b'x'; 64 * 1024]);
        let endless = stream::repeat_with(move || Ok::<_, io::Error>(part.clone()));

        let reply = sent(&app.signed_out(), "/sign-in", Body::from_stream(endless)).await;

        assert!(reply.as_ref().is_some_and(is_too_large), "{:?}", reply.map(|it| it.status));
    }

    a_form_of_which_nothing_more_comes_is_given_up, async |app| {
        let impatient = app.signed_out().changed(serving(|it| it.body_seconds = 1));
        let first = stream::once(async { Ok::<_, io::Error>(Bytes::from_static(b"code=1")) });
        let stalled = first.chain(stream::pending());

        let reply = sent(&impatient, "/sign-in/code", Body::from_stream(stalled)).await;

        let status = reply.map(|it| it.status);
        assert!(status.is_some_and(|it| it.is_client_error()), "{status:?}");
    }

    a_form_that_comes_a_letter_at_a_time_is_given_up, async |app| {
        let impatient = app.signed_out().changed(serving(|it| it.body_seconds = 1));
        let letters = stream::unfold((), |()| async {
            tokio::time::sleep(Duration::from_millis(300)).await;
            Some((Ok::<_, io::Error>(Bytes::from_static(b"a")), ()))
        });

        // Eighteen seconds in all, none of them silent.
        let reply = sent(&impatient, "/sign-in/code", Body::from_stream(letters.take(60))).await;

        let status = reply.map(|it| it.status);
        assert!(status.is_some_and(|it| it.is_client_error()), "{status:?}");
    }
}

/// Texts with markup in them that fit into one line of a form.
fn harmful() -> Vec<String> {
    let mut all: Vec<String> = naughty_strings().iter().map(|it| it.trim().to_owned()).collect();
    all.retain(|it| it.contains('<') && it.len() >= 4 && it.chars().count() <= 300 && !it.contains('\0'));
    let step = (all.len() / 30).max(1);
    all.into_iter().step_by(step).collect()
}

/// A text as a page must show it.
fn escaped(text: &str) -> String {
    maud::html! { (text) }.into_string()
}

both_engines! {
    what_is_written_of_people_is_shown_escaped, async |app| {
        let (admin, auditor) = (app.signed_in_as("administrator").await, app.signed_in_as("auditor").await);
        let texts = harmful();
        let mut pages = Vec::new();

        for (n, text) in texts.iter().map(String::as_str).enumerate() {
            let sign_in = format!("n{n}@test.example");
            let form = [
                ("sign_in", sign_in.as_str()),
                ("full_name", text),
                ("agency", text),
                ("role", "partner"),
                ("area_kind", "city"),
                ("area_name", text),
            ];
            let reply = admin.post("/people/new", &form).await;
            assert_eq!(reply.status, StatusCode::OK, "{text:?}: {}", reply.text());
            pages.push(reply);
        }
        for it in store::list(&app.db, &Viewer::operator()).await.unwrap() {
            pages.push(admin.get(&format!("/people/{}", it.id)).await);
            pages.push(admin.post(&format!("/people/{}/link", it.id), &[]).await);
        }
        pages.push(auditor.get("/log?act=administer").await);
        pages.push(auditor.get("/log?act=administer&page=2").await);
        let list = admin.get("/people").await;

        for text in &texts {
            assert!(list.text().contains(&escaped(text)), "{text:?} is not in the list");
        }
        for page in pages.iter().chain([&list]).map(Reply::text) {
            for text in &texts {
                assert!(!page.contains(text.as_str()), "{text:?} in {page}");
            }
        }
    }

    a_sign_in_name_is_shown_escaped, async |app| {
        let (account, link) = invited(app, "<script>alert(1)</script>@test.example").await;
        let admin = app.signed_in_as("administrator").await;

        let pages = [
            admin.get("/people").await,
            admin.get(&format!("/people/{}", account.id)).await,
            Browser::of(app).go(&links::path(&link)).await,
            enter(&mut Browser::of(app), &account.sign_in, "x").await,
        ];

        for page in pages.iter().map(Reply::text) {
            assert!(page.contains("&lt;script&gt;alert(1)&lt;/script&gt;@test.example"), "{page}");
            assert!(!page.contains("<script>alert"), "{page}");
        }
    }

    what_a_token_is_called_is_shown_escaped, async |app| {
        let mut browser = signed_in(app, "analyst").await;

        for text in harmful().iter().take(8) {
            let form = [("label", text.as_str()), ("days", "7"), ("scope", "site")];
            let made = browser.post("/profile/tokens", &form).await;
            let own = browser.get("/profile").await;

            assert_eq!(made.status, StatusCode::OK, "{text:?}: {}", made.text());
            assert!(own.text().contains(&escaped(text)), "{text:?}");
            for page in [made.text(), own.text()] {
                assert!(!page.contains(text.as_str()), "{text:?} in {page}");
            }
        }
    }

    the_name_of_a_browser_is_shown_escaped, async |app| {
        let account = with_second_factor(app, "partner").await;
        let mut strange = Browser::of(app).saying("user-agent", "<script>alert(1)</script>");
        enter(&mut strange, &account.sign_in, PASSWORD).await;

        let page = begun(app, &account, Stage::Open).await.get("/profile").await.text();

        assert!(page.contains("&lt;script&gt;alert(1)") && !page.contains("<script>alert(1)"), "{page}");
    }

    what_is_written_of_who_complained_is_shown_escaped, async |app| {
        let site = app.site("Alder Spa").create().await;
        let supervisor = app.signed_in_as("supervisor").await;

        for text in harmful().iter().take(12) {
            let id = app.app.clock.id().to_string();
            let form = [
                ("id", id.as_str()),
                ("occurred_on", "2026-11-20"),
                ("category", "nuisance"),
                ("complainant_name", text.as_str()),
                ("complainant_phone", text.as_str()),
                ("complainant_email", text.as_str()),
                ("not_a_victim", "on"),
            ];
            let saved = supervisor.post(&format!("/sites/{}/complaints/new", site.id), &form).await;
            let page = supervisor.get(&format!("/complaints/{id}/complainant")).await.text();

            assert_eq!(saved.status, StatusCode::SEE_OTHER, "{text:?}: {}", saved.text());
            assert_eq!(page.matches(&escaped(text)).count(), 3, "{text:?} in {page}");
            assert!(!page.contains(text.as_str()), "{text:?} in {page}");
        }
    }
}

/// A word that nothing holds.
const NOTHING: &str = "zzznothing";

const INJECTIONS: [&str; 9] = [
    "' OR '1'='1",
    "' OR 1=1 --",
    "\" OR \"\"=\"",
    "') OR ('1'='1",
    "%' OR '1%'='1",
    "1) OR (1=1",
    "x' UNION SELECT password FROM account --",
    "'; DROP TABLE account; --",
    "$1 OR true",
];

/// The names of the filters of pages that show rows, and the role that opens them; `page` and `sort` are no filters, and
/// whatever is no number and no order is as if it were not there.
const FILTERS: [(&str, &str, &[&str]); 8] = [
    ("/log", "auditor", &["who", "act", "resource", "outcome", "object", "from", "to"]),
    ("/people", "administrator", &["q", "state"]),
    ("/sites", "tester", &["q", "kind", "tier", "status", "city", "county", "bbox", "sort", "page", "point"]),
    ("/map/list", "tester", &["q", "kind", "tier", "status", "city", "county", "bbox", "sort", "page"]),
    ("/records/licenses", "tester", RECORD_FILTERS),
    ("/records/inspections", "tester", RECORD_FILTERS),
    ("/records/complaints", "tester", RECORD_FILTERS),
    ("/records/incidents", "tester", RECORD_FILTERS),
];

const RECORD_FILTERS: &[&str] =
    &["q", "city", "facet", "from", "to", "site", "linked", "bbox", "order", "page"];

/// What an answer has of rows.
async fn rows(person: &TestApp, path: &str, name: &str, value: &str) -> (StatusCode, usize) {
    let query = form_urlencoded::Serializer::new(String::new()).append_pair(name, value).finish();
    let reply = person.get(&format!("{path}?{query}")).await;
    (reply.status, reply.text().matches("<tr").count())
}

both_engines! {
    no_filter_and_no_order_is_taken_for_a_statement, async |app| {
        let hidden = Hidden::create(app).await;
        app.assess().await;
        let n_accounts = store::count(&app.db).await.unwrap();

        for (path, role, names) in FILTERS {
            let person = app.signed_in_as(role).await;
            for name in names {
                let nothing = rows(&person, path, name, NOTHING).await;
                assert!(!nothing.0.is_server_error(), "{path}?{name}: {}", nothing.0);
                for text in INJECTIONS {
                    assert_eq!(rows(&person, path, name, text).await, nothing, "{path}?{name}={text}");
                }
            }
        }

        assert!(store::count(&app.db).await.unwrap() >= n_accounts);
        assert!(tells(&app.get(&format!("/sites/{}", hidden.site)).await));
    }

    no_filter_of_a_file_is_taken_for_a_statement, async |app| {
        Hidden::create(app).await;
        app.assess().await;

        for (kind, names) in [("sites", ["q", "city", "kind"]), ("licenses", ["q", "city", "facet"]), ("incidents", ["q", "city", "facet"])] {
            let whole = app.get(&format!("/export/{kind}.geojson")).await.json();
            assert_eq!(whole["features"].as_array().map(Vec::len), Some(1), "{kind}");
            for name in names {
                for text in INJECTIONS {
                    let query = form_urlencoded::Serializer::new(String::new()).append_pair(name, text).finish();
                    let reply = app.get(&format!("/export/{kind}.geojson?{query}")).await;

                    assert_eq!(reply.status, StatusCode::OK, "{kind}?{query}");
                    assert_eq!(reply.json()["features"].as_array().map(Vec::len), Some(0), "{kind}?{query}");
                }
            }
        }
    }

    the_wildcards_of_a_search_are_taken_as_letters, async |app| {
        Hidden::create(app).await;
        let auditor = app.signed_in_as("auditor").await;
        // Something is in the log for a wildcard to find.
        auditor.get("/log").await;

        for text in ["%", "_", "%%", "_%"] {
            assert_eq!(rows(&auditor, "/log", "who", text).await, rows(&auditor, "/log", "who", NOTHING).await, "{text}");
            for kind in ["licenses", "inspections", "complaints", "incidents"] {
                let path = format!("/records/{kind}");
                assert_eq!(rows(app, &path, "q", text).await, rows(app, &path, "q", NOTHING).await, "{kind}: {text}");
            }
        }
    }
}

/// Sends a file under that name, as a browser's form does.
async fn upload(app: &TestApp, profile: &str, file_name: &str) -> Reply {
    let body = format!(
        "--xyz\r\nContent-Disposition: form-data; name=\"profile\"\r\n\r\n{profile}\r\n--xyz\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{file_name}\"\r\nContent-Type: text/csv\r\n\r\na,b\r\n1,2\r\n\r\n--xyz--\r\n"
    );
    let request = app
        .browser("POST", "/imports/new")
        .header(header::ORIGIN, "http://localhost")
        .header(header::CONTENT_TYPE, "multipart/form-data; boundary=xyz")
        .body(Body::from(body));
    app.ask(request.unwrap()).await
}

/// All files below a folder.
fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|it| it.unwrap().path());
    entries.flat_map(|it| if it.is_dir() { files(&it) } else { vec![it] }).collect()
}

both_engines! {
    the_name_of_an_upload_never_becomes_a_path, async |app| {
        let folder = tempfile::tempdir().unwrap();
        let uploads = folder.path().join("a/b/uploads");
        let there = uploads.clone();
        let tester = app.signed_in_as(people::TESTER).await.changed(serving(|it| it.uploads = Some(there)));

        let taken = upload(&tester, "address-points", "../../evil.csv").await;
        for name in ["../../../../../evil.csv", "/tmp/evil.csv", "..%2f..%2fevil.csv", "..", "../00000000-0000-0000-0000-000000000000.json"] {
            let reply = upload(&tester, "address-points", name).await;
            assert!(!reply.status.is_server_error(), "{name}: {}", reply.status);
        }

        assert_eq!(taken.status, StatusCode::SEE_OTHER, "{}", taken.text());
        let all = files(folder.path());
        assert!(!all.is_empty());
        for file in all {
            let name = file.file_name().unwrap().to_str().unwrap();
            assert_eq!(file.parent(), Some(uploads.as_path()), "{}", file.display());
            let id = Uuid::try_parse(name.split('.').next().unwrap()).unwrap();
            assert!(!id.is_nil(), "{name}");
        }
    }

    the_name_of_a_profile_never_becomes_a_path, async |app| {
        let folder = tempfile::tempdir().unwrap();
        let uploads = folder.path().to_owned();
        let tester = app.signed_in_as(people::TESTER).await.changed(serving(|it| it.uploads = Some(uploads)));
        let preview = upload(&tester, "address-points", "a.csv").await.location().to_owned();

        for profile in ["../roles", "../../etc/passwd", "/etc/passwd", "address-points/../../roles"] {
            let query = form_urlencoded::Serializer::new(String::new()).append_pair("profile", profile).finish();
            let uploaded = upload(&tester, profile, "a.csv").await;
            let previewed = tester.get(&format!("{preview}?{query}")).await;

            assert_eq!(uploaded.status, StatusCode::UNPROCESSABLE_ENTITY, "{profile}");
            assert_eq!(previewed.status, StatusCode::UNPROCESSABLE_ENTITY, "{profile}");
        }
    }

    no_address_leads_to_a_file_outside_of_the_house, async |app| {
        for path in [
            "/static/..%2f..%2fCargo.toml",
            "/static/../../Cargo.toml",
            "/static/%2e%2e/%2e%2e/Cargo.toml",
            "/static/..%5c..%5cCargo.toml",
            "/static//etc/passwd",
            "/static/%2fetc%2fpasswd",
            "/static/app.js/../../../Cargo.toml",
            "/static/..%00/Cargo.toml",
            "/static/%252e%252e%252fCargo.toml",
            "/imports/..%2f..%2fetc%2fpasswd",
            "/imports/..%2f..%2fetc%2fpasswd/rejects.csv",
            "/imports/preview/..%2f..%2fetc%2fpasswd",
            "/sites/..%2f..%2fetc%2fpasswd",
        ] {
            let reply = app.get(path).await;

            assert_eq!(reply.status, StatusCode::NOT_FOUND, "{path}");
            assert!(!reply.text().contains("[package]") && !reply.text().contains("root:x:"), "{path}");
        }
    }

    what_stands_in_the_address_of_a_link_does_not_write_headers, async |app| {
        for secret in [
            "..",
            "..%2f..%2fetc%2fpasswd",
            "x%3B%20Domain=evil.example%3B%20Max-Age=99",
            "x%0d%0aSet-Cookie:%20foca=evil",
            "x%00",
            "x%2C%20foca=evil",
            "%E2%80%AE",
        ] {
            let mut browser = Browser::of(app);

            let reply = browser.get(&format!("/link/{secret}")).await;
            let welcome = browser.get("/welcome").await;

            assert!(!reply.status.is_server_error(), "{secret}: {}", reply.status);
            let cookies: Vec<&str> =
                reply.headers.get_all(header::SET_COOKIE).iter().map(|it| it.to_str().unwrap()).collect();
            assert!(cookies.len() <= 1, "{secret}: {cookies:?}");
            assert!(cookies.iter().all(|it| it.starts_with("foca-link=")), "{secret}: {cookies:?}");
            let attributes = cookies.iter().flat_map(|it| it.split(';').skip(1)).map(str::trim);
            let strange: Vec<&str> = attributes.filter(|it| it.starts_with("Domain") || *it == "Max-Age=99").collect();
            assert!(strange.is_empty(), "{secret}: {strange:?}");
            assert_eq!(welcome.status, StatusCode::NOT_FOUND, "{secret}");
        }
    }

    a_page_of_somebody_is_in_no_cache_and_in_no_frame, async |app| {
        let rows = Hidden::create(app).await;
        let paths = ["/sites".to_owned(), "/profile".to_owned(), format!("/sites/{}", rows.site), "/export/sites.csv".to_owned()];

        for path in paths {
            let reply = app.get(&path).await;

            assert_eq!(reply.headers[header::CACHE_CONTROL], "no-store", "{path}");
            assert_eq!(reply.headers[header::X_FRAME_OPTIONS], "DENY", "{path}");
            let policy = reply.headers[header::CONTENT_SECURITY_POLICY].to_str().unwrap();
            assert!(policy.contains("frame-ancestors 'none'") && policy.contains("script-src 'self';"), "{policy}");
        }
    }
}
