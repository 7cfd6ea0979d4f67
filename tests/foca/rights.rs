//! No viewer, no row: whatever reads rows is given a viewer, and one without rights gets nothing.

use std::fs;
use std::path::Path;

use foca::complaints::Complaint;
use foca::db::{Db, Table, Value, query};
use foca::dossier::{self, Scope};
use foca::formats::row::RowError;
use foca::geo::Bounds;
use foca::imports::{Batch, BatchState, Counts};
use foca::incidents::Incident;
use foca::inspections::Inspection;
use foca::licenses::License;
use foca::records::decisions::{Candidate, DecisionId, Waiting, wait};
use foca::records::recorded::Recorded;
use foca::records::{BatchId, BuildingId, Filter, RecordId, RecordKind, SiteId, store};
use foca::rights::{Reach, Viewer};
use foca::{
    accounts, applications, areas, audit, complaints, compliance, imports, incidents, inspections, licenses,
    map, parties, places, review, rights, sites, standing, successions, unlisted,
};
use futures_util::StreamExt;

use crate::harness::{TestApp, both_engines, people};

/// Reading functions without a viewer, each with its reason.
const WITHOUT_VIEWER: &[(&str, &str)] = &[
    ("sites::store::n_versions", "counts versions, tells no row"),
    ("sites::store::revision", "a number"),
    ("standing::store::revision", "a number"),
    ("places::store::revision", "a number"),
    ("compliance::store::revision", "a number"),
    ("records::store::import_running", "whether a job may begin"),
    ("imports::store::is_first_of_source", "what an import asks before it begins"),
    ("accounts::store::at_the_door", "who signs in is no viewer yet"),
    ("accounts::store::of_bearer", "whose session or token was shown: makes the viewer"),
    ("accounts::store::credentials", "is compared at the door and shown to nobody"),
    ("accounts::store::count", "a number"),
    ("accounts::store::n_recovery_codes", "a number, of the own account"),
    ("accounts::store::link", "who has the secret of a link is no viewer yet"),
    ("audit::store::own", "what the viewer did, by the viewer's own account"),
    ("audit::store::head", "the chain's number and hash, told to whoever keeps it"),
    ("denied::store::count", "a number"),
    ("parties::store::n_versions", "counts versions, tells no row"),
];

/// A rule that speaks of every site of Minnesota.
/// West, south, east and north of everything.
const WORLD: [f64; 4] = [-180.0, -90.0, 180.0, 90.0];
const FOUND: (&str, &str) = ("mn-617-81", "prostitution");

const POINT: Table = Table {
    name: "address_point",
    columns: &["id", "building_id", "lon", "lat", "source", "source_key", "row_hash"],
};

/// A row of each kind, and what names them.
struct Catalog {
    site: SiteId,
    place: places::PlaceId,
    /// One that was merged into `site`.
    merged: SiteId,
    building: BuildingId,
    license: RecordId,
    inspection: RecordId,
    complaint: RecordId,
    incident: RecordId,
    account: rights::AccountId,
    succession: successions::SuccessionId,
    party: parties::PartyId,
    holding: parties::HoldingId,
    decision: DecisionId,
    application: applications::ApplicationId,
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

    sql_and_snapshot_show_a_viewer_the_same_sites, async |app| {
        app.site("Joe's").address("100 Elm St, Duluth, MN 55802").with(|it| it.county = Some("St. Louis".to_owned())).create().await;
        app.site("Moe's").address("7 Oak St, Edina, MN 55424").with(|it| it.county = Some("Hennepin".to_owned())).create().await;
        app.site("Nowhere").address("1 Elm St").with(|it| it.city = None).create().await;
        app.assess().await;
        let operator = Viewer::operator();
        let viewers = [
            (operator.clone(), 3),
            (Viewer::nobody(), 0),
            (operator.clone().without(&[rights::Resource::Site]), 0),
            (operator.clone().without(&[rights::Resource::Standing]), 3),
            (operator.clone().within(Reach::County("hennepin".to_owned())), 1),
            (operator.clone().within(Reach::City("Duluth".to_owned())), 1),
            (operator.clone().within(Reach::City("Nowhere".to_owned())), 0),
        ];

        for (viewer, n_sites) in viewers {
            let stored = sites::store::all(&app.db, &viewer).await.unwrap();
            let standings = standing::store::all(&app.db, &viewer).await.unwrap();
            let snapshot = app.app.snapshots.seen_by(&viewer);

            let names = |sites: &[sites::Site]| sites.iter().map(|it| it.name.clone()).collect::<Vec<_>>();
            assert_eq!(names(&stored), names(snapshot.sites(&viewer)), "{viewer:?}");
            assert_eq!(stored.len(), n_sites, "{viewer:?}");
            let shown = (0..n_sites).filter_map(|n| snapshot.standing(&viewer, n)).count();
            assert!(shown == standings.len() || !viewer.may_see(rights::Resource::Site), "{viewer:?}");
            let whole = app.app.snapshots.current();
            let may_see_all = *viewer.reach() == Reach::State;
            assert!(may_see_all || whole.sites(&viewer).is_empty(), "the whole snapshot opens to {viewer:?}");
        }
    }

    a_field_above_the_clearance_says_that_it_is_withheld, async |app| {
        let site = app.site("Joe's").with(|it| it.note = "the back door is watched".into()).create().await;
        let complaint = app.complaint("c").of(&site).with(|it| it.summary = "seen by a neighbor".into()).create().await;

        let partner = app.signed_in_as("partner").await.get(&format!("/sites/{}", site.id)).await.text();
        let licensing = app.signed_in_as("licensing").await.get(&format!("/complaints/{complaint}")).await.text();
        let investigator = app.signed_in_as("investigator").await.get(&format!("/complaints/{complaint}")).await.text();

        assert!(partner.contains("Withheld (protected nonpublic)") && !partner.contains("back door"), "{partner}");
        assert!(licensing.contains("Withheld (confidential)") && !licensing.contains("neighbor"), "{licensing}");
        assert!(investigator.contains("seen by a neighbor"));
        let csv = app.signed_in_as("analyst").await.get("/export/complaints.csv").await.text();
        assert!(!csv.contains("summary") && csv.contains("reliability"), "{csv}");
    }

    who_may_see_no_standings_gets_no_tier_on_the_map_and_none_in_an_export, async |app| {
        let site = app.site("Joe's").at(-92.1, 46.8).create().await;
        app.incident("x").of(&site).create().await;
        app.assess().await;
        let licensing = app.signed_in_as("licensing").await;

        let map = licensing.get("/map/sites.json?zoom=12&bbox=-93,46,-92,47").await.text();
        let csv = licensing.get("/export/sites.csv").await.text();
        let asked = licensing.get("/export/sites.csv?properties=points").await;

        assert!(map.contains("Joe's"), "{map}");
        for word in ["first", "next", "later", "points"] {
            assert!(!map.contains(word), "{map}");
        }
        assert!(!csv.contains("tier") && !csv.contains("points") && csv.contains("Joe's"), "{csv}");
        assert_eq!(asked.status, axum::http::StatusCode::UNPROCESSABLE_ENTITY);
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

    for (name, limited) in reading_functions() {
        let excused = WITHOUT_VIEWER.iter().any(|it| it.0 == name);
        assert!(
            limited || excused,
            "{name} returns rows and neither takes a viewer nor limits what it selects"
        );
        assert!(here.contains(&format!("\"{name}\"")), "{name} is not tried in tests/foca/rights.rs");
    }
}

/// An open dispute of a finding at the site.
fn dispute(site: SiteId) -> compliance::dispute::Dispute {
    compliance::dispute::Dispute {
        id: compliance::dispute::DisputeId(uuid::Uuid::from_u128(91)),
        version: 1,
        recorded_at: "2026-05-01".parse().unwrap(),
        site_id: site,
        pack: FOUND.0.to_owned(),
        rule: FOUND.1.to_owned(),
        raised_by: compliance::dispute::RaisedBy::Business,
        raised_on: "2026-05-01".parse().unwrap(),
        outcome: compliance::dispute::Outcome::Open,
        noted_by: "test".to_owned(),
        note: None,
    }
}

/// How many rows each reading function of the stores gives that viewer.
async fn reads(db: &Db, viewer: &Viewer, of: &Catalog) -> Vec<(&'static str, usize)> {
    let batch = BatchId::of_source("test", "1");
    let (of_old, later) = ("2026-01-01".parse().unwrap(), "2026-12-01".parse().unwrap());
    let around = Bounds::parse([-93.0, 46.0, -92.0, 47.0]).unwrap();
    let (scope, show) = (Scope::Site(of.site), RecordKind::ALL);
    let kinds = ["other", "massage_parlor"].map(str::to_owned);
    let every = audit::store::Filter::default();
    let mut all = vec![
        ("areas::store::all", areas::store::all(db, viewer).await.unwrap().len()),
        (
            "compliance::store::of_site",
            compliance::store::of_site(db, viewer, of.site, None).await.unwrap().len(),
        ),
        (
            "compliance::store::history",
            compliance::store::history(db, viewer, of.site, FOUND).await.unwrap().len(),
        ),
        (
            "compliance::store::list",
            compliance::store::list(db, viewer, &compliance::filter::Filter::default(), (0, 9))
                .await
                .unwrap()
                .len(),
        ),
        (
            "compliance::store::counts",
            compliance::store::counts(db, viewer, &compliance::filter::Filter::default())
                .await
                .unwrap()
                .len(),
        ),
        (
            "compliance::store::counts_by_rule",
            compliance::store::counts_by_rule(db, viewer).await.unwrap().len(),
        ),
        (
            "compliance::store::stream",
            compliance::store::stream(db, viewer, &compliance::filter::Filter::default()).count().await,
        ),
        (
            "compliance::facts_store::of_site",
            compliance::facts_store::of_site(db, viewer, of.site).await.unwrap().len(),
        ),
        (
            "compliance::dispute_store::of_finding",
            compliance::dispute_store::of_finding(db, viewer, of.site, FOUND).await.unwrap().len(),
        ),
        (
            "compliance::dispute_store::open_at",
            compliance::dispute_store::open_at(db, viewer, of.site).await.unwrap().len(),
        ),
        (
            "compliance::dispute_store::find",
            compliance::dispute_store::find(db, viewer, dispute(of.site).id).await.unwrap().iter().count(),
        ),
        ("licenses::store::listed", licenses::store::listed(db, viewer, later).await.unwrap().len()),
        ("sites::store::of_kinds", sites::store::of_kinds(db, viewer, &kinds).await.unwrap().len()),
        ("sites::store::in_box", sites::store::in_box(db, viewer, &kinds, WORLD).await.unwrap().len()),
        (
            "sites::store::ids_in_box",
            sites::store::ids_in_box(db, viewer, &kinds, WORLD).await.unwrap().len(),
        ),
        ("places::store::all", places::store::all(db, viewer).await.unwrap().len()),
        ("places::store::all_as_of", places::store::all_as_of(db, viewer, later).await.unwrap().len()),
        ("places::store::find", places::store::find(db, viewer, of.place).await.unwrap().iter().count()),
        ("places::store::history", places::store::history(db, viewer, of.place).await.unwrap().len()),
        (
            "places::store::list",
            places::store::list(db, viewer, &places::Filter::default(), (0, 9)).await.unwrap().len(),
        ),
        (
            "places::store::count",
            size(places::store::count(db, viewer, &places::Filter::default()).await.unwrap()),
        ),
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
        (
            "successions::store::find",
            successions::store::find(db, viewer, of.succession).await.unwrap().iter().count(),
        ),
        ("successions::store::all", successions::store::all(db, viewer).await.unwrap().len()),
        (
            "successions::store::versions",
            successions::store::versions(db, viewer, of.succession).await.unwrap().len(),
        ),
        (
            "successions::store::list",
            successions::store::list(db, viewer, successions::State::Confirmed, None, 9).await.unwrap().len(),
        ),
        (
            "successions::store::of_site",
            successions::store::of_site(db, viewer, of.site, None).await.unwrap().len(),
        ),
        ("successions::store::terms", successions::store::terms(db, viewer).await.unwrap().len()),
        ("successions::store::moved", successions::store::moved(db, viewer).await.unwrap().len()),
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
        (
            "complaints::store::complainant",
            complaints::store::complainant(db, viewer, of.complaint).await.unwrap().iter().count(),
        ),
        (
            "dossier::looks_store::linked_ids",
            dossier::looks_store::linked_ids(db, viewer, of.site).await.unwrap().len(),
        ),
        ("review::store::queue", review::store::queue(db, viewer, later, 9).await.unwrap().len()),
        ("review::store::waiting", size(review::store::waiting(db, viewer).await.unwrap().n)),
        ("review::store::count", size(review::store::count(db, viewer, 9).await.unwrap())),
        ("review::store::tally", size(review::store::tally(db, viewer, of_old).await.unwrap().n_decided)),
        (
            "review::store::subject",
            review::store::subject(db, viewer, RecordKind::License, of.license).await.unwrap().iter().count(),
        ),
        (
            "review::store::queued",
            review::store::queued(db, viewer, RecordKind::License, of.license).await.unwrap().iter().count(),
        ),
        (
            "review::store::link",
            review::store::link(db, viewer, RecordKind::License, of.license).await.unwrap().iter().count(),
        ),
        (
            "review::store::decisions",
            review::store::decisions(db, viewer, RecordKind::License, of.license).await.unwrap().len(),
        ),
        (
            "review::store::decision",
            review::store::decision(db, viewer, of.decision).await.unwrap().iter().count(),
        ),
        ("review::store::parts", review::store::parts(db, viewer, of.decision).await.unwrap().len()),
        ("review::store::last_own", last_own(db, viewer, of).await),
        ("review::store::known", review::store::known(db, viewer, &[of.site]).await.unwrap().len()),
        ("review::store::companions", review::store::companions(db, viewer, of.site, 9).await.unwrap().len()),
        ("accounts::store::list", accounts::store::list(db, viewer).await.unwrap().len()),
        (
            "accounts::store::find",
            accounts::store::find(db, viewer, of.account).await.unwrap().iter().count(),
        ),
        ("audit::store::list", audit::store::list(db, viewer, &every, (0, 9)).await.unwrap().len()),
        ("audit::store::count", size(audit::store::count(db, viewer, &every).await.unwrap())),
        ("audit::store::stream", audit::store::stream(db, viewer, &every).count().await),
        ("audit::store::own", own(db, viewer, of).await),
        ("audit::store::looks", audit::store::looks(db, viewer, &[of.site.0].into(), 9).await.unwrap().len()),
    ];
    all.extend(reads_of_parties(db, viewer, of).await);
    all.extend(reads_of_premises(db, viewer, of).await);
    all.extend(reads_of_the_desk(db, viewer, of).await);
    all.extend(reads_of::<License>(db, viewer, of.license).await);
    all.extend(reads_of::<Inspection>(db, viewer, of.inspection).await);
    all.extend(reads_of::<Complaint>(db, viewer, of.complaint).await);
    all.extend(reads_of::<Incident>(db, viewer, of.incident).await);
    all
}

/// The same for merged sites, and for premises that nobody listed.
async fn reads_of_premises(db: &Db, viewer: &Viewer, of: &Catalog) -> Vec<(&'static str, usize)> {
    use sites::merging_store;
    let found = sites::store::by_code(db, viewer, "S-00001").await.unwrap();
    vec![
        ("sites::store::by_code", found.iter().count()),
        ("sites::store::merged", sites::store::merged(db, viewer).await.unwrap().len()),
        ("sites::merging_store::of", merging_store::of(db, viewer, of.merged).await.unwrap().iter().count()),
        ("sites::merging_store::around", merging_store::around(db, viewer, of.site).await.unwrap().len()),
        ("unlisted::store::loose", unlisted::store::loose(db, viewer).await.unwrap().len()),
        ("unlisted::store::dismissed", unlisted::store::dismissed(db, viewer).await.unwrap().len()),
        (
            "unlisted::store::sites_in",
            unlisted::store::sites_in(db, viewer, &[of.building]).await.unwrap().len(),
        ),
    ]
}

/// The same for the licensing desk.
async fn reads_of_the_desk(db: &Db, viewer: &Viewer, of: &Catalog) -> Vec<(&'static str, usize)> {
    use applications::license_store::Span;
    use applications::{filter, hold_store, license_store, part_store, store};
    let (any, id) = (filter::Filter::default(), of.application);
    let today = "2026-11-23".parse().unwrap();
    let days = (today, today);
    let whole = store::find(db, &Viewer::operator(), id).await.unwrap().unwrap();
    let other =
        applications::Application { id: applications::ApplicationId::of_source("test", "x"), ..whole };
    let part = uuid::Uuid::from_u128(121);
    let (step, condition, hold) = (
        applications::parts::StepId(part),
        applications::parts::ConditionId(part),
        applications::hold::HoldId(part),
    );
    let expiring = license_store::expiring(db, viewer, Span::Within(90), None, today).await.unwrap();
    vec![
        ("applications::store::find", store::find(db, viewer, id).await.unwrap().iter().count()),
        ("applications::store::versions", store::versions(db, viewer, id).await.unwrap().len()),
        ("applications::store::of_site", store::of_site(db, viewer, of.site).await.unwrap().len()),
        ("applications::store::list", store::list(db, viewer, &any, days, (0, 9)).await.unwrap().len()),
        ("applications::store::stream", store::stream(db, viewer, &any, days).count().await),
        ("applications::store::counts", store::counts(db, viewer, &any, days).await.unwrap().len()),
        ("applications::store::due_reviews", store::due_reviews(db, viewer, today).await.unwrap().len()),
        ("applications::store::waiting", store::waiting(db, viewer).await.unwrap().len()),
        ("applications::part_store::reviews_of", part_store::reviews_of(db, viewer, id).await.unwrap().len()),
        (
            "applications::part_store::review",
            part_store::review(db, viewer, id, "zoning").await.unwrap().iter().count(),
        ),
        ("applications::part_store::steps_of", part_store::steps_of(db, viewer, id).await.unwrap().len()),
        ("applications::part_store::step", part_store::step(db, viewer, step).await.unwrap().iter().count()),
        ("applications::part_store::letters_of", part_store::letters_of(db, viewer, id).await.unwrap().len()),
        (
            "applications::part_store::letters_about",
            part_store::letters_about(db, viewer, of.license).await.unwrap().len(),
        ),
        (
            "applications::part_store::conditions_of",
            part_store::conditions_of(db, viewer, of.license).await.unwrap().len(),
        ),
        (
            "applications::part_store::condition",
            part_store::condition(db, viewer, condition).await.unwrap().iter().count(),
        ),
        ("applications::hold_store::list", hold_store::list(db, viewer, None).await.unwrap().len()),
        ("applications::hold_store::find", hold_store::find(db, viewer, hold).await.unwrap().iter().count()),
        ("applications::hold_store::stopping", hold_store::stopping(db, viewer, &other).await.unwrap().len()),
        ("applications::license_store::expiring", expiring.len()),
        ("applications::license_store::overruled", license_store::overruled(db, viewer).await.unwrap().len()),
    ]
}

/// An application with a part of each kind, and a license of which the register says otherwise than the desk.
async fn at_the_desk(app: &TestApp, site: SiteId, license: RecordId) -> applications::ApplicationId {
    use applications::{hold, hold_store, part_store, parts};
    use foca::rights::held::Held;
    let it = app.application("Elm Massage").with(|it| it.site_id = Some(site)).create().await;
    let (part, day) = (uuid::Uuid::from_u128(121), "2026-11-01".parse().unwrap());
    let by = || "test".to_owned();
    let review = parts::Review {
        application_id: it.id,
        review: "zoning".to_owned(),
        version: 1,
        recorded_at: day,
        owner: "Planning".to_owned(),
        due_on: "2026-11-10".parse().unwrap(),
        review_state: parts::ReviewState::Waiting,
        done_on: None,
        noted_by: by(),
        note: Held::Empty,
    };
    let step = parts::Step {
        id: parts::StepId(part),
        application_id: it.id,
        recorded_at: day,
        step: "review".to_owned(),
        from_state: "received".to_owned(),
        to_state: "in_review".to_owned(),
        noted_by: by(),
        reason: Held::Empty,
    };
    let sent = parts::Sent {
        id: parts::LetterId(part),
        application_id: Some(it.id),
        license_id: Some(license),
        recorded_at: day,
        letter: "reminder".to_owned(),
        sent_on: day,
        noted_by: by(),
    };
    let condition = parts::Condition {
        id: parts::ConditionId(part),
        version: 1,
        recorded_at: day,
        license_id: license,
        words: "Closed after ten.".to_owned(),
        from_on: day,
        to_on: None,
        noted_by: by(),
    };
    let hold = hold::Hold {
        id: hold::HoldId(part),
        version: 1,
        recorded_at: day,
        application_id: it.id,
        license_id: Some(license),
        site_id: Some(site),
        building_id: None,
        address: "100 Elm St".to_owned(),
        city: None,
        business: "Elm Massage".to_owned(),
        since: day,
        hold_state: hold::HoldState::Open,
        decided_on: None,
        noted_by: by(),
        reason: Held::Empty,
    };
    let mut tx = app.db.begin().await.unwrap();
    part_store::save_reviews(&mut tx, vec![review]).await.unwrap();
    part_store::save_step(&mut tx, step).await.unwrap();
    part_store::save_letters(&mut tx, vec![sent]).await.unwrap();
    part_store::save_condition(&mut tx, condition).await.unwrap();
    hold_store::save(&mut tx, hold).await.unwrap();
    tx.commit().await.unwrap();
    for (status, by) in [("active", None), ("suspended", None), ("expired", Some(batch().id))] {
        let told =
            app.license("told").with(|it| (it.status, it.head.batch_id) = (status.parse().unwrap(), by));
        told.create().await;
    }
    it.id
}

/// The same for parties and what they hold.
async fn reads_of_parties(db: &Db, viewer: &Viewer, of: &Catalog) -> Vec<(&'static str, usize)> {
    use parties::store;
    let (any, id) = (parties::Filter::default(), of.party);
    let later = "2026-12-01".parse().unwrap();
    let operator = Viewer::operator();
    let known = store::find(db, &operator, id).await.unwrap().unwrap();
    let keys = [known.name_key.clone()];
    vec![
        ("parties::store::find", store::find(db, viewer, id).await.unwrap().iter().count()),
        ("parties::store::by_number", store::by_number(db, viewer, 1).await.unwrap().iter().count()),
        ("parties::store::all", store::all(db, viewer).await.unwrap().len()),
        ("parties::store::versions", store::versions(db, viewer, id).await.unwrap().len()),
        ("parties::store::joined_into", store::joined_into(db, viewer, id).await.unwrap().len()),
        ("parties::store::list", store::list(db, viewer, &any, (0, 9)).await.unwrap().len()),
        ("parties::store::count", size(store::count(db, viewer, &any).await.unwrap())),
        ("parties::store::alike", store::alike(db, viewer, &keys, (None, None)).await.unwrap().len()),
        ("parties::store::sharing", store::sharing(db, viewer, &known).await.unwrap().len()),
        ("parties::store::of_party", store::of_party(db, viewer, id).await.unwrap().len()),
        ("parties::store::of_site", store::of_site(db, viewer, of.site).await.unwrap().len()),
        ("parties::store::holding", store::holding(db, viewer, of.holding).await.unwrap().iter().count()),
        ("parties::store::delivered", store::delivered(db, viewer, "test").await.unwrap().len()),
        ("parties::store::every_version", store::every_version(db, viewer).await.unwrap().len()),
        ("parties::store::behind", store::behind(db, viewer, later).await.unwrap().len()),
    ]
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
    let moved_to = Some(SiteId::of_source("test", "elsewhere"));
    let corrected = sites::Site { version: 2, name: "Joe's Spa".to_owned(), moved_to, ..site.clone() };
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
    successions::job::note_moves(&app.db, app.app.clock).await.unwrap();
    let account = people::account(&app.app, people::TESTER, "state").await.id;
    let calls = |it: &mut parties::Party| it.phone = Some("6125550142".to_owned());
    let (party, holding) =
        app.party("Elm Holdings LLC").with(calls).stands_behind(&site, parties::Role::Owner).await;
    app.party("Oak Holdings LLC").with(calls).stands_behind(&site, parties::Role::Manager).await;
    let joined = app.party("Elm Holding").with(|it| it.joined_into = Some(party));
    joined.stands_behind(&site, parties::Role::Operator).await;
    let mut tx = app.db.begin().await.unwrap();
    query("UPDATE party_role SET batch_id = $1").bind(batch().id).execute(&mut tx).await.unwrap();
    tx.commit().await.unwrap();
    let mut catalog = Catalog {
        application: applications::ApplicationId::of_source("test", "Elm Massage"),
        succession: successions::SuccessionId::of(site.id, SiteId::of_source("test", "elsewhere")),
        account,
        party,
        holding,
        decision: DecisionId::of_source("test", "1"),
        site: site.id,
        place: app.place("Elm School").create().await,
        merged: merged(app, &site).await,
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
    decided(app, &catalog).await;
    let loose = app.incident("loose").with(|it| {
        (it.place.lon, it.place.lat) = (Some(-92.2), Some(46.8));
        it.cell = incidents::cell_of(&it.place);
    });
    loose.create().await;
    let opened = compliance::facts_store::Noted {
        fact: "established_on".to_owned(),
        version: 1,
        value: Some("2020-01-01".to_owned()),
        observed_on: "2026-05-01".parse().unwrap(),
        noted_by: "test".to_owned(),
    };
    let mut tx = app.db.begin().await.unwrap();
    compliance::facts_store::save(&mut tx, site.id, &[opened], "2026-05-01".parse().unwrap()).await.unwrap();
    compliance::dispute_store::save(&mut tx, &dispute(site.id)).await.unwrap();
    query("UPDATE license SET batch_id = $1, city = 'Duluth'")
        .bind(batch().id)
        .execute(&mut tx)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    catalog.application = at_the_desk(app, catalog.site, catalog.license).await;
    compliance::job::find_all(&app.db, app.app.clock, &app.app.rules).await.unwrap();
    app.assess().await;
    let mut tx = app.db.begin().await.unwrap();
    let who = complaints::Complainant { full_name: Some("A. Neighbor".to_owned()), phone: None, email: None };
    complaints::store::save_complainant(&mut tx, catalog.complaint, &who, "2026-05-01".parse().unwrap())
        .await
        .unwrap();
    tx.commit().await.unwrap();
    let entry = audit::Entry::new(audit::Act::See).on(rights::Resource::Site).about(site.id.0);
    let person =
        people::door(&app.app).visitor(&people::account(&app.app, people::TESTER, "state").await, None);
    audit::store::record(&app.db, app.app.clock, &person, &entry).await.unwrap();
    catalog
}

/// A site merged into `site`, a license that no site stands for, and premises that were dismissed.
async fn merged(app: &TestApp, site: &sites::Site) -> SiteId {
    let from = app.site("Joes").address("100 Elm St, Duluth, MN 55802").create().await;
    let loose = app.license("loose").with(|it| {
        (it.name, it.kind) = ("Golden Willow".to_owned(), "massage_parlor".to_owned());
        it.place.building_id = site.building_id;
    });
    loose.create().await;
    let now = "2026-05-02".parse().unwrap();
    let merge = sites::merging::Merge {
        id: sites::merging::MergeId::of_source("test", "1"),
        from_site: from.id,
        into_site: site.id,
        merged_at: now,
        merged_name: "The tester".to_owned(),
        why: "One door".to_owned(),
        split_at: None,
        split_name: None,
        split_why: None,
    };
    let dismissal = unlisted::Dismissal {
        id: unlisted::DismissalId::of_source("test", "1"),
        building_id: site.building_id.unwrap(),
        name_key: "mailbox".to_owned(),
        name: "Mailbox".to_owned(),
        city: Some("Duluth".to_owned()),
        dismissed_at: app.app.clock.stamp(),
        dismissed_name: "The tester".to_owned(),
        why: "A mailbox store".to_owned(),
    };
    let mut tx = app.db.begin().await.unwrap();
    sites::merging_store::merge(&mut tx, &merge, &from, &Viewer::operator()).await.unwrap();
    unlisted::store::dismiss(&mut tx, &dismissal, &Viewer::operator()).await.unwrap();
    tx.commit().await.unwrap();
    from.id
}

/// A decision about the license that took the inspection along, and the license in the queue all the same.
async fn decided(app: &TestApp, of: &Catalog) {
    const DECISION: Table = Table {
        name: "link_decision",
        columns: &[
            "id",
            "record_kind",
            "record_id",
            "verdict",
            "part_of",
            "decided_at",
            "decided_by",
            "decided_name",
        ],
    };
    let row = |id: DecisionId, kind: RecordKind, record: RecordId, part_of: Option<DecisionId>| {
        let (at, by) = ("2026-06-01".into(), of.account.into());
        vec![
            id.into(),
            kind.into(),
            record.into(),
            "link".into(),
            part_of.into(),
            at,
            by,
            "The tester".into(),
        ]
    };
    let row_of_queue = Waiting {
        kind: RecordKind::License,
        record_id: of.license,
        recorded_at: "2026-05-01".parse().unwrap(),
        building_id: None,
        candidates: vec![Candidate { site: of.site, probability: 800, evidence: String::new() }],
        model: "test".to_owned(),
        consequence: 0,
    };
    let mut tx = app.db.begin().await.unwrap();
    wait(&mut tx, vec![row_of_queue]).await.unwrap();
    let part = DecisionId::of_source("test", "2");
    let rows = [
        row(of.decision, RecordKind::License, of.license, None),
        row(part, RecordKind::Inspection, of.inspection, Some(of.decision)),
    ];
    tx.insert(&DECISION, rows).await.unwrap();
    tx.commit().await.unwrap();
}

/// The last decision of the catalog's account, with the viewer's rights.
async fn last_own(db: &Db, viewer: &Viewer, of: &Catalog) -> usize {
    let actor = rights::Actor { account: Some(of.account), ..rights::Actor::default() };
    let everything = std::sync::Arc::new(rights::grant::Grant::everything());
    let grant = if viewer.name() == "nobody" { std::sync::Arc::default() } else { everything };
    let person = Viewer::new(actor, grant, Reach::State);
    review::store::last_own(db, &person, "2026-01-01".parse().unwrap()).await.unwrap().iter().count()
}

/// How much of the log a viewer finds who is the person of the catalog's account and has the viewer's rights: everybody
/// may see what they did themselves, and only that.
async fn own(db: &Db, viewer: &Viewer, of: &Catalog) -> usize {
    let actor = rights::Actor {
        account: (viewer.name() != "nobody").then_some(of.account),
        ..rights::Actor::default()
    };
    let person = Viewer::new(actor, std::sync::Arc::default(), Reach::State);
    audit::store::own(db, &person, 9).await.unwrap().len()
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

/// Each public function of a slice's stores that reads: its name, and whether it takes a viewer and limits what it
/// selects, by itself or through a function of its file or of another store that it hands the viewer to.
fn reading_functions() -> Vec<(String, bool)> {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = Vec::new();
    for slice in fs::read_dir(&source).unwrap().map(|it| it.unwrap().path()).filter(|it| it.is_dir()) {
        let name_of_slice = slice.file_name().unwrap().to_str().unwrap().to_owned();
        for file in fs::read_dir(&slice).unwrap().map(|it| it.unwrap().path()) {
            let stem = file.file_stem().unwrap().to_str().unwrap().to_owned();
            if stem == "store" || stem.ends_with("_store") {
                let functions = functions(&fs::read_to_string(&file).unwrap());
                found.extend(
                    functions.iter().filter(|it| it.is_public && it.text.contains("Into<Target")).map(|it| {
                        let limited = it.text.contains("viewer: &Viewer") && it.limits(&functions, 0);
                        (format!("{name_of_slice}::{stem}::{}", it.name), limited)
                    }),
                );
            }
        }
    }
    found
}

/// A function of a file, as text.
struct Function {
    name: String,
    is_public: bool,
    text: String,
}

impl Function {
    fn limits(&self, others: &[Self], depth: usize) -> bool {
        let body = self.text.split_once('{').map_or("", |it| it.1);
        let calls = |name: &str| body.contains(&format!("{name}(")) || body.contains(&format!("{name}::<"));
        body.contains("limited(")
            || (body.contains("store::") && body.contains("viewer"))
            || depth < 4
                && others
                    .iter()
                    .any(|it| it.name != self.name && calls(&it.name) && it.limits(others, depth + 1))
    }
}

fn functions(text: &str) -> Vec<Function> {
    let starts = ["\npub async fn ", "\npub fn ", "\nasync fn ", "\nfn "];
    let mut found = Vec::new();
    for start in starts {
        for part in text.split(start).skip(1) {
            let end = part.find("\n}\n").map_or(part.len(), |it| it + 2);
            let name = part.split(['(', '<']).next().unwrap().to_owned();
            found.push(Function { name, is_public: start.contains("pub"), text: part[..end].to_owned() });
        }
    }
    found
}
