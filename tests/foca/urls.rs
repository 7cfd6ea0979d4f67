//! Whatever is written into an address, FOCA answers with a page or a refusal and never breaks.

use axum::http::{StatusCode, header};
use foca::applications::ApplicationId;
use foca::parties::{HoldingId, PartyId, Role};
use foca::records::{RecordId, SiteId};
use foca::routes;
use uuid::Uuid;

use crate::harness::{Reply, TestApp, both_engines, naughty_strings};

/// All names of parameters that pages read; the dossier, lists, exports and the map share most of them.
const PARAMETERS: &[&str] = &[
    "q",
    "text",
    "kind",
    "tier",
    "status",
    "city",
    "county",
    "bbox",
    "bounds",
    "zoom",
    "page",
    "sort",
    "order",
    "from",
    "to",
    "facet",
    "linked",
    "site",
    "as_of",
    "kinds",
    "records",
    "lon",
    "lat",
    "center",
    "properties",
    "layers",
    "groups",
    "outcome",
    "category",
    "offense",
    "size",
    "z",
    "selected",
    "address",
    "waits",
    "procedure",
    "state",
    "holder",
    "license",
    "within",
];

/// What stands in the place of `{id}` and its like, for rows that are there.
pub(crate) struct Filled {
    site: SiteId,
    records: [(&'static str, RecordId); 4],
    party: PartyId,
    holding: HoldingId,
    application: ApplicationId,
}

impl Filled {
    /// One site with one record of each kind.
    pub(crate) async fn create(app: &TestApp) -> Self {
        let site =
            app.site("Joe's").kind("massage_parlor").address("100 Elm St, Duluth, MN 55802").at(-92.1, 46.8);
        let site = site.create().await;
        let records = [
            ("licenses", app.license("l").of(&site).create().await),
            ("inspections", app.inspection("i").of(&site).create().await),
            ("complaints", app.complaint("c").of(&site).create().await),
            ("incidents", app.incident("x").of(&site).create().await),
        ];
        let (party, holding) = app.party("Elm Holdings LLC").stands_behind(&site, Role::Owner).await;
        let application =
            app.application("Elm Massage").with(|it| it.site_id = Some(site.id)).create().await.id;
        Self { site: site.id, records, party, holding, application }
    }

    pub(crate) fn fill(&self, path: &str) -> String {
        let path =
            &path.replace("{letter}", "reminder").replace("{step}", "deny").replace("{review}", "zoning");
        if path.contains("{kind}") {
            let license = self.records[0].1.to_string();
            return path.replace("{kind}", "license").replace("{id}", &license);
        }
        let record = self.records.iter().find(|(kind, _)| path.contains(kind)).map(|(_, id)| id.to_string());
        let id = match path {
            _ if path.contains("/sites/{id}/") => None,
            _ if path.starts_with("/parties/") => Some(self.party.to_string()),
            _ if path.starts_with("/holdings/") => Some(self.holding.to_string()),
            _ if path.starts_with("/desk/{id}") => Some(self.application.to_string()),
            _ => record,
        };
        fill(path, &id.unwrap_or_else(|| self.site.to_string()))
    }
}

/// Every address that can be asked for, its parts in braces filled in.
pub(crate) fn every_get(filled: &Filled) -> Vec<String> {
    let table = routes::table();
    table.iter().filter(|it| it.method == "GET").map(|it| filled.fill(it.path)).collect()
}

both_engines! {
    every_address_answers_for_rows_that_are_there, async |app| {
        let filled = Filled::create(app).await;
        app.assess().await;

        for path in every_get(&filled) {
            let reply = app.get(&path).await;

            assert!(!reply.status.is_server_error(), "{path}: {}", reply.status);
        }
    }

    every_address_answers_in_an_empty_catalog, async |app| {
        for route in routes::table().iter().filter(|it| it.method == "GET") {
            let path = fill(route.path, &Uuid::nil().to_string());

            let reply = app.get(&path).await;

            assert!(!reply.status.is_server_error(), "{path}: {}", reply.status);
            let may_be = [StatusCode::NOT_FOUND, StatusCode::FORBIDDEN];
            assert!(!route.path.contains("{id}") || may_be.contains(&reply.status), "{path}: {}", reply.status);
        }
    }

    naughty_parameters_never_break_a_page, async |app| {
        let filled = Filled::create(app).await;
        app.assess().await;

        for (n, word) in naughty_strings().iter().enumerate() {
            // Each word goes into every parameter of one address, and each address gets its share of the words.
            let paths = every_get(&filled);
            for path in paths.iter().skip(n % 4).step_by(4) {
                let pairs = PARAMETERS.iter().map(|it| (*it, word.as_str()));
                let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish();
                check(app, &format!("{path}?{query}"), word).await;
            }
        }
    }

    one_naughty_parameter_never_breaks_a_page, async |app| {
        let filled = Filled::create(app).await;
        let words = ["'", "<script>alert(1)</script>", "NaN", "-1", "99999999999999999999", "\0", "1e999,0,0,0", "9999-99-99"];

        for path in every_get(&filled) {
            for (n, name) in PARAMETERS.iter().enumerate() {
                // Neighbors get different words, and all together each of them.
                for word in words.iter().cycle().skip(n * 3).take(3) {
                    let pair = form_urlencoded::Serializer::new(String::new()).append_pair(name, word).finish();
                    check(app, &format!("{path}?{pair}"), word).await;
                }
            }
        }
    }

    naughty_forms_never_break_a_page, async |app| {
        let filled = Filled::create(app).await;

        for route in routes::table().iter().filter(|it| it.method == "POST") {
            let path = filled.fill(route.path);
            let fields = field_names(&app.get(&path).await.text());
            for word in naughty_strings() {
                let form: Vec<(&str, &str)> = fields.iter().map(|it| (it.as_str(), word.as_str())).collect();

                let reply = app.post(&path, &form).await;

                assert!(!reply.status.is_server_error(), "{path} with {word:?}: {}", reply.status);
                let tells = word.len() >= 4 && word.contains(['<', '"']);
                assert!(!tells || !reply.text().contains(&word), "{path} shows {word:?} unescaped");
            }
        }
    }

    what_a_visitor_wrote_is_escaped_wherever_it_is_shown, async |app| {
        let filled = Filled::create(app).await;
        app.assess().await;
        let mut n_shown = 0;

        for path in every_get(&filled) {
            for name in PARAMETERS.iter().chain(&["name", "note", "show", "facet"]) {
                let pair = form_urlencoded::Serializer::new(String::new()).append_pair(name, MARKED).finish();
                n_shown += escaped(&app.get(&format!("{path}?{pair}")).await, &path);
            }
        }
        for route in routes::table().iter().filter(|it| it.method == "POST") {
            let path = filled.fill(route.path);
            let fields = field_names(&app.get(&path).await.text());
            let form: Vec<(&str, &str)> = fields.iter().map(|it| (it.as_str(), MARKED)).collect();
            n_shown += escaped(&app.post(&path, &form).await, &path);
        }

        assert!(n_shown > 20, "only {n_shown} pages showed what was written: this proves little");
    }

    naughty_paths_never_break_a_page, async |app| {
        for route in routes::table().iter().filter(|it| it.path.contains('{')) {
            for word in naughty_strings().iter().filter(|it| it.len() < 200) {
                let word: String = word.bytes().map(|it| format!("%{it:02X}")).collect();
                check(app, &fill(route.path, &word), &word).await;
            }
        }
    }
}

/// All that must not reach a page as it is, between two marks by which it is found again.
const MARKED: &str = "q7z</title><b a=\"1\" c='2'>&amp;&x;z7q";

/// How often a page shows [`MARKED`]; each time escaped.
fn escaped(reply: &Reply, path: &str) -> usize {
    assert!(!reply.status.is_server_error(), "{path}: {}", reply.status);
    if !reply.is_html() {
        return 0;
    }
    let text = reply.text();
    let shown = text.split("q7z").skip(1).filter_map(|it| it.split_once("z7q").map(|it| it.0));
    let mut n_shown = 0;
    for it in shown {
        assert!(!it.contains(['<', '>', '"']), "{path} shows {it:?}");
        assert!(!it.contains("&amp;&") && !it.contains("&x;"), "{path} shows {it:?}");
        n_shown += 1;
    }
    n_shown
}

/// Asks, and holds what must hold of every answer.
async fn check(app: &TestApp, path: &str, word: &str) {
    let reply = app.get(path).await;

    assert!(!reply.status.is_server_error(), "{path}: {}", reply.status);
    // A word of fewer letters may stand on a page by chance.
    if reply.is_html() && word.len() >= 4 && word.contains(['<', '"']) {
        assert!(!reply.text().contains(word), "{path} shows {word:?} unescaped");
    }
    assert!(reply.headers.contains_key(header::CONTENT_SECURITY_POLICY), "{path}");
}

/// The names of the fields on a page.
fn field_names(page: &str) -> Vec<String> {
    page.split(" name=\"").skip(1).map(|it| it.split('"').next().unwrap_or_default().to_owned()).collect()
}

/// `path` with `word` in the place of everything in braces.
fn fill(path: &str, word: &str) -> String {
    let mut parts = path.split('{');
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |path, part| path + word + part.split_once('}').map_or("", |it| it.1))
}
