//! Deliveries: a file and the profile that explains it, imported as an operator would.

use std::path::PathBuf;
use std::sync::Arc;

use foca::imports::engine::{self, ImportError, Job, Summary};
use foca::imports::profile::Profile;
use foca::incidents::offenses::Offenses;
use foca::knowledge::{Document, Library};
use foca::rights::Viewer;

use super::{TestApp, clock};

/// The profile of a small register of visits, each of which may open its site.
pub(crate) const VISITS: &str = r#"
title = "Visits"
source = "test"
record = "inspection"
opens_site = true

[file]
format = "csv"

[key]
columns = ["id"]

[position]
x = "lon"
y = "lat"
bounds = [-97.5, 43.0, -89.0, 49.5]

[fields]
name = "name"
address = "street"
city = { constant = "Duluth" }
state = { constant = "MN" }
occurred_at = { column = "day", formats = ["%Y-%m-%d"] }
outcome = { column = "result", map = { ok = "compliant", bad = "not_passed" } }
"#;

/// The head of its files.
pub(crate) const VISITS_HEADER: &str = "id,name,street,day,result,lon,lat\n";

/// Imports a file by a profile of the library.
pub(crate) async fn deliver_file(app: &TestApp, profile: &str, path: PathBuf) -> Summary {
    let document = app.app.library.get(&format!("profiles/{profile}.toml")).unwrap().clone();
    engine::import(&app.db, clock(), &Viewer::operator(), &job(profile, document, path), |_| {})
        .await
        .unwrap()
}

/// The import of a file by a profile.
pub(crate) fn job(name: &str, document: Document, path: PathBuf) -> Job {
    let profile = Profile::read(&document).unwrap();
    let file_name = path.file_name().unwrap().to_string_lossy().into_owned();
    let offenses = Arc::new(Offenses::read(&Library::open(None).unwrap()).unwrap());
    Job { path, file_name, profile_name: name.to_owned(), document, profile, offenses }
}

/// Imports bytes by the text of a profile.
pub(crate) async fn deliver(app: &TestApp, toml: &str, bytes: &[u8]) -> Result<Summary, ImportError> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("delivery");
    std::fs::write(&path, bytes).unwrap();
    let document = Document::new("profiles/test.toml", toml.to_owned());
    engine::import(&app.db, clock(), &Viewer::operator(), &job("test", document, path), |_| {}).await
}
