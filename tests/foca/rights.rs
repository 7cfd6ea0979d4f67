//! No viewer, no row: whatever reads rows is given a viewer, and one without rights gets nothing.

use std::fs;
use std::path::Path;

use foca::complaints::Complaint;
use foca::db::{Db, Table, Value};
use foca::dossier::{self, Scope};
use foca::formats::row::RowError;
use foca::geo::Bounds;
use foca::imports::{Batch, BatchState, Counts};
use foca::incidents::Incident;
use foca::inspections::Inspection;
use foca::licenses::License;
use foca::records::recorded::Recorded;
use foca::records::{BatchId, BuildingId, Filter, RecordId, RecordKind, SiteId, store};
use foca::rights::Viewer;
use foca::{areas, imports, incidents, inspections, licenses, map, sites, standing};
use futures_util::StreamExt;

use crate::harness::{TestApp, both_engines};

/// Reading functions that tell no row: counters, and what a job asks before it begins.
const TELL_NO_ROW: &[&str] = &[
    "sites::store::n_versions",
    "sites::store::revision",
    "standing::store::revision",
    "standing::store::import_running",
    "imports::store::is_first_of_source",
];

const POINT: Table = Table {
    name: "address_point",
    columns: &["id", "building_id", "lon", "lat", "source", "source_key", "row_hash"],
};

/// A row of each kind, and what names them.
struct Catalog {
    site: SiteId,
    building: BuildingId,
    license: RecordId,
    inspection: RecordId,
    complaint: RecordId,
    incident: RecordId,
}

both_engines! {
    who_may_see_nothing_reads_nothing, async |app| {
        let catalog = catalog(app).await;

        let all = reads(&app.db, &Viewer::operator(), &catalog).await;
        let none = reads(&app.db, &Viewer::nobody(), &catalog).await;

        for (name, n_rows) in all {
            assert!(n_rows > 0, "{name} finds nothing to hide");
        }
        for (name, n_rows) in none {
            assert_eq!(n_rows, 0, "{name}");
        }
    }

    the_snapshot_shows_nothing_to_nobody, async |app| {
        catalog(app).await;
        let snapshot = app.app.snapshots.current();
        let (operator, nobody) = (Viewer::operator(), Viewer::nobody());
        let any = standing::filter::Filter::default();

        assert_eq!(snapshot.matching(&operator, &any).len(), 1);
        assert!(snapshot.standing(&operator, 0).is_some());
        assert!(snapshot.sites(&nobody).is_empty());
        assert!(snapshot.matching(&nobody, &any).is_empty());
        assert!(snapshot.standing(&nobody, 0).is_none());
        assert!(snapshot.tier(&nobody, 0).is_none());
        assert!(snapshot.tiers(&nobody, &any).is_empty());
        assert!(snapshot.cities(&nobody).is_empty() && snapshot.kinds(&nobody).is_empty());
    }
}

#[test]
fn every_function_that_reads_rows_takes_a_viewer_and_is_tried_here() {
    let here =
        fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/foca/rights.rs")).unwrap();

    for (name, takes_viewer) in reading_functions() {
        assert!(takes_viewer || TELL_NO_ROW.contains(&name.as_str()), "{name} takes no viewer");
        assert!(here.contains(&format!("\"{name}\"")), "{name} is not tried in tests/foca/rights.rs");
    }
}

/// How many rows each reading function of the stores gives that viewer.
async fn reads(db: &Db, viewer: &Viewer, of: &Catalog) -> Vec<(&'static str, usize)> {
    let batch = BatchId::of_source("test", "1");
    let (of_old, later) = ("2026-01-01".parse().unwrap(), "2026-12-01".parse().unwrap());
    let around = Bounds::parse([-93.0, 46.0, -92.0, 47.0]).unwrap();
    let (scope, show) = (Scope::Site(of.site), RecordKind::ALL);
    let mut all = vec![
        ("areas::store::all", areas::store::all(db, viewer).await.unwrap().len()),
        ("sites::store::find", sites::store::find(db, viewer, of.site).await.unwrap().iter().count()),
        ("sites::store::all", sites::store::all(db, viewer).await.unwrap().len()),
        ("sites::store::some", sites::store::some(db, viewer, &[of.site]).await.unwrap().len()),
        ("sites::store::all_as_of", sites::store::all_as_of(db, viewer, later).await.unwrap().len()),
        ("sites::store::versions", sites::store::versions(db, viewer, of.site).await.unwrap().len()),
        ("sites::store::corrected", sites::store::corrected(db, viewer, "test").await.unwrap().len()),
        ("sites::store::names", sites::store::names(db, viewer, [of.site]).await.unwrap().len()),
        (
            "sites::store::in_buildings",
            sites::store::in_buildings(db, viewer, &[of.building]).await.unwrap().len(),
        ),
        (
            "sites::store::address_point",
            sites::store::address_point(db, viewer, of.building, None).await.unwrap().iter().count(),
        ),
        ("licenses::store::numbers", licenses::store::numbers(db, viewer).await.unwrap().len()),
        (
            "inspections::store::violations_of",
            inspections::store::violations_of(db, viewer, &[of.inspection]).await.unwrap().len(),
        ),
        (
            "incidents::store::near",
            incidents::store::near(db, viewer, around, of_old, 9).await.unwrap().len(),
        ),
        ("map::store::unlinked", unlinked(db, viewer, around).await),
        ("dossier::store::links", dossier::store::links(db, viewer, of.site).await.unwrap().len()),
        ("dossier::store::terms", dossier::store::terms(db, viewer, of.site).await.unwrap().len()),
        (
            "dossier::store::entries",
            dossier::store::entries(db, viewer, scope, show, (0, 9)).await.unwrap().len(),
        ),
        (
            "dossier::store::counts_of_building",
            dossier::store::counts_of_building(db, viewer, of.building).await.unwrap().len(),
        ),
        (
            "dossier::store::open_violations",
            dossier::store::open_violations(db, viewer, of.site, 9).await.unwrap().len(),
        ),
        ("dossier::store::deliveries", dossier::store::deliveries(db, viewer).await.unwrap().len()),
        ("standing::store::all", standing::store::all(db, viewer).await.unwrap().len()),
        ("standing::store::find", standing::store::find(db, viewer, of.site).await.unwrap().iter().count()),
        (
            "standing::store::explanation",
            standing::store::explanation(db, viewer, of.site).await.unwrap().iter().count(),
        ),
        ("standing::store::last_run", standing::store::last_run(db, viewer).await.unwrap().iter().count()),
        ("imports::store::find", imports::store::find(db, viewer, batch).await.unwrap().iter().count()),
        ("imports::store::list", imports::store::list(db, viewer, (0, 9)).await.unwrap().len()),
        ("imports::store::count", size(imports::store::count(db, viewer).await.unwrap())),
        (
            "imports::store::last_delivery",
            imports::store::last_delivery(db, viewer, "test", "").await.unwrap().iter().count(),
        ),
        ("imports::store::rejects", imports::store::rejects(db, viewer, batch, 9).await.unwrap().len()),
    ];
    all.extend(reads_of::<License>(db, viewer, of.license).await);
    all.extend(reads_of::<Inspection>(db, viewer, of.inspection).await);
    all.extend(reads_of::<Complaint>(db, viewer, of.complaint).await);
    all.extend(reads_of::<Incident>(db, viewer, of.incident).await);
    all
}

/// The same for what the four kinds of record share.
async fn reads_of<R: Recorded>(db: &Db, viewer: &Viewer, id: RecordId) -> [(&'static str, usize); 5] {
    let any = Filter::default();
    let found: Option<R> = store::find(db, viewer, id).await.unwrap();
    [
        ("records::store::find", found.iter().count()),
        ("records::store::with_ids", store::with_ids::<R>(db, viewer, &[id]).await.unwrap().len()),
        ("records::store::list", store::list::<R>(db, viewer, &any, (0, 9)).await.unwrap().len()),
        ("records::store::stream", store::stream::<R>(db, viewer, &any, &["r.id"]).count().await),
        ("records::store::count", size(store::count::<R>(db, viewer, &any).await.unwrap())),
    ]
}

async fn catalog(app: &TestApp) -> Catalog {
    let site = app.site("Joe's").address("100 Elm St, Duluth, MN 55802").at(-92.1, 46.8).create().await;
    let inspection = app.inspection("i").of(&site).create().await;
    let found = inspections::Violation {
        inspection_id: inspection,
        n: 0,
        code: None,
        title: "No license on display".to_owned(),
        severity: inspections::Severity::Minor,
        state: inspections::ViolationState::Open,
        closed_on: None,
        due_on: None,
    };
    let mut tx = app.db.begin().await.unwrap();
    let corrected = sites::Site { version: 2, name: "Joe's Spa".to_owned(), ..site.clone() };
    sites::store::save(&mut tx, vec![corrected], "2026-05-01".parse().unwrap()).await.unwrap();
    areas::store::save(&mut tx, vec![area()]).await.unwrap();
    imports::store::begin(&mut tx, &batch()).await.unwrap();
    let ended = "2026-05-01".parse().unwrap();
    imports::store::end(&mut tx, batch().id, BatchState::Done, ended, None).await.unwrap();
    let reject = RowError { line: 2, column: None, value: String::new(), reason: "no date".to_owned() };
    imports::store::reject(&mut tx, batch().id, 0, &[reject]).await.unwrap();
    tx.insert(&POINT, vec![point(site.building_id.unwrap())]).await.unwrap();
    inspections::store::save_violations(&mut tx, 1, "2026-05-01".parse().unwrap(), vec![found])
        .await
        .unwrap();
    tx.commit().await.unwrap();
    let catalog = Catalog {
        site: site.id,
        building: site.building_id.unwrap(),
        license: app
            .license("l")
            .of(&site)
            .with(|it| it.expires_on = "2027-01-01".parse().ok())
            .create()
            .await,
        inspection,
        complaint: app.complaint("c").of(&site).create().await,
        incident: app
            .incident("x")
            .of(&site)
            .with(|it| it.cell = incidents::cell_of(&it.place))
            .create()
            .await,
    };
    let loose = app.incident("loose").with(|it| {
        (it.place.lon, it.place.lat) = (Some(-92.2), Some(46.8));
        it.cell = incidents::cell_of(&it.place);
    });
    loose.create().await;
    app.assess().await;
    catalog
}

/// How many incidents that link to nothing the map draws for that viewer.
async fn unlinked(db: &Db, viewer: &Viewer, around: Bounds) -> usize {
    let year = ("2026-01-01".parse().unwrap(), "2026-12-01".parse().unwrap());
    map::store::unlinked(db, viewer, around, year, 9).await.unwrap().len()
}

fn point(building: BuildingId) -> Vec<Value> {
    let id = uuid::Uuid::from_u128(1);
    vec![id.into(), building.into(), (-92.1).into(), 46.8.into(), "test".into(), "1".into(), 1_i64.into()]
}

fn batch() -> Batch {
    Batch {
        id: BatchId::of_source("test", "1"),
        number: 1,
        profile: "test".to_owned(),
        profile_hash: String::new(),
        source: "test".to_owned(),
        record_kind: "license".to_owned(),
        file_name: "licenses.csv".to_owned(),
        file_hash: None,
        file_bytes: 1,
        state: BatchState::Done,
        started_at: "2026-05-01".parse().unwrap(),
        finished_at: None,
        counts: Counts::default(),
        unmapped: imports::Unmapped::default(),
        message: None,
    }
}

fn area() -> areas::Area {
    areas::Area::new(("test", "Duluth"), areas::CITY, "Duluth")
}

fn size(n: i64) -> usize {
    n.try_into().unwrap()
}

/// Each public function of a slice's store that reads: its name, and whether it takes a viewer.
fn reading_functions() -> Vec<(String, bool)> {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = Vec::new();
    for slice in fs::read_dir(&source).unwrap().map(|it| it.unwrap().path()) {
        let Ok(text) = fs::read_to_string(slice.join("store.rs")) else { continue };
        let slice = slice.file_name().unwrap().to_str().unwrap().to_owned();
        for function in
            text.split("\npub ").skip(1).filter(|it| it.starts_with("fn ") || it.starts_with("async fn "))
        {
            let signature = function.split('{').next().unwrap();
            let name = signature.trim_start_matches("async ").trim_start_matches("fn ");
            let name = name.split(['(', '<']).next().unwrap();
            if signature.contains("Into<Target") {
                found.push((format!("{slice}::store::{name}"), signature.contains("viewer: &Viewer")));
            }
        }
    }
    found
}
