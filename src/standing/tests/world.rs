//! A small catalog on a real SQLite file, and what tests ask of it.

use crate::clock::{Clock, Moment};
use crate::db::{Db, query};
use crate::incidents::Incident;
use crate::incidents::facets::{Disposition, Roles};
use crate::inspections::{self, Inspection, Outcome, Severity, Violation, ViolationState};
use crate::records::links::{NewLink, save_links};
use crate::records::{self, BuildingId, Head, Linked, Place, PointMethod, RecordId, RecordKind, SiteId};
use crate::rights::Viewer;
use crate::scoring::card::{Card, Cards};
use crate::sites::{self, Site, Status};
use crate::standing::assess::assess;
use crate::standing::store;

pub(super) const NOW: &str = "2026-11-23T12:00:00Z";

pub(super) struct World {
    pub(super) db: Db,
    pub(super) clock: Clock,
    pub(super) cards: Cards,
    _folder: tempfile::TempDir,
}

pub(super) fn moment(text: &str) -> Moment {
    text.parse().unwrap()
}

impl World {
    pub(super) async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let db = Db::open(folder.path().join("foca.db").to_str().unwrap()).await.unwrap();
        let card = Card::parse("expert.toml", include_str!("../../../data/models/expert.toml")).unwrap();
        let clock = Clock::Fixed(NOW.parse().unwrap());
        Self { db, clock, cards: Cards::new(vec![card]).unwrap(), _folder: folder }
    }

    /// An open site known since 2020, without a point.
    pub(super) fn site(&self, number: i64) -> Site {
        let key = format!("K{number}");
        Site {
            id: SiteId::of_source("register", &key),
            version: 1,
            recorded_at: moment("2020-01-01"),
            source: "register".to_owned(),
            source_key: key,
            batch_id: None,
            number,
            kind: "massage_parlor".to_owned(),
            name: format!("House {number}"),
            other_names: Vec::new(),
            address: format!("{number} Example St"),
            house_number: Some(number.to_string()),
            pre_direction: None,
            street: Some("EXAMPLE".to_owned()),
            suffix: Some("ST".to_owned()),
            post_direction: None,
            unit_type: None,
            unit: None,
            city: Some("Duluth".to_owned()),
            state: Some("MN".to_owned()),
            zip: None,
            building_id: Some(BuildingId::of_source("duluth", &number.to_string())),
            lon: None,
            lat: None,
            point_method: PointMethod::None,
            point_meters: None,
            city_area: None,
            county: Some("St. Louis".to_owned()),
            status: Status::Open,
            status_on: None,
            opened_on: None,
            closed_on: None,
            moved_to: None,
            phone: None,
            note: crate::rights::held::Held::Empty,
        }
    }

    pub(super) async fn save(&self, sites: Vec<Site>) {
        let mut tx = self.db.begin().await.unwrap();
        sites::store::save(&mut tx, sites, moment(NOW)).await.unwrap();
        tx.commit().await.unwrap();
    }

    /// A visit that was not passed, with one open critical violation, recorded on a day; marks the site.
    pub(super) async fn not_passed(&self, key: &str, site: &Site, day: &str) {
        let id = RecordId::of_source("visits", key);
        let visit = Inspection {
            head: Head {
                id,
                version: 1,
                occurred_at: moment(day),
                recorded_at: moment(day),
                backfilled: true,
                source: "visits".to_owned(),
                source_key: key.to_owned(),
                batch_id: None,
            },
            name: site.name.clone(),
            place: Place::unknown(),
            reason: None,
            outcome: Outcome::NotPassed,
            outcome_as_written: None,
            points: None,
            due_on: None,
            note: crate::rights::held::Held::Empty,
            linked: Linked::none(),
        };
        let violation = Violation {
            inspection_id: id,
            n: 7,
            code: None,
            title: "Locked exit".to_owned(),
            severity: Severity::Critical,
            state: ViolationState::Open,
            closed_on: None,
            due_on: None,
        };
        let link = NewLink {
            kind: RecordKind::Inspection,
            record_id: id,
            recorded_at: moment(day),
            site_id: Some(site.id),
            building_id: site.building_id,
            method: "address",
            certainty: 1000,
            model: "rules-1",
            evidence: None,
            cause: None,
        };
        let mut tx = self.db.begin().await.unwrap();
        let draft = records::Draft::of(visit);
        records::store::save::<Inspection>(&mut tx, vec![draft], moment(NOW)).await.unwrap();
        inspections::store::save_violations(&mut tx, 1, moment(day), vec![violation]).await.unwrap();
        save_links(&mut tx, vec![link]).await.unwrap();
        sites::store::touch(&mut tx, &[site.id], moment(NOW)).await.unwrap();
        tx.commit().await.unwrap();
    }

    pub(super) async fn run(&self) -> crate::standing::assess::Outcome {
        assess(&self.db, self.clock, &self.cards, None).await.unwrap()
    }

    pub(super) async fn marks(&self) -> i64 {
        query("SELECT count(*) FROM stale_site").fetch_scalar(&self.db).await.unwrap()
    }

    pub(super) async fn points(&self, site: SiteId) -> Option<i64> {
        let found = store::find(&self.db, &Viewer::operator(), site).await.unwrap();
        found.unwrap().points.map(|it| it.0)
    }

    /// An incident at the site's address, imported before anybody knew of a site there: linked to nothing.
    pub(super) async fn incident(&self, key: &str, site: &Site, point: Option<(f64, f64)>) -> RecordId {
        let head = Head {
            id: RecordId::of_source("police", key),
            version: 1,
            occurred_at: moment("2026-05-04T22:10:00Z"),
            recorded_at: moment("2026-05-05"),
            backfilled: false,
            source: "police".to_owned(),
            source_key: key.to_owned(),
            batch_id: None,
        };
        let place = Place {
            address: Some(site.address.clone()),
            city: site.city.clone(),
            building_id: site.building_id,
            lon: point.map(|it| it.0),
            lat: point.map(|it| it.1),
            ..Place::unknown()
        };
        let id = head.id;
        let cell = crate::incidents::cell_of(&place);
        let incident = Incident {
            head: head.clone(),
            offense: "assault".to_owned(),
            offense_code: "13A".to_owned(),
            offense_as_written: None,
            origin: crate::incidents::Origin::Citizen,
            place,
            cell,
            disposition: Disposition::Unknown,
            reliability: None,
            credibility: None,
            roles: Roles::default(),
            linked: Linked::none(),
        };
        let mut tx = self.db.begin().await.unwrap();
        let draft = records::Draft::of(incident);
        records::store::save::<Incident>(&mut tx, vec![draft], moment(NOW)).await.unwrap();
        tx.commit().await.unwrap();
        id
    }

    pub(super) async fn ring(&self, site: &Site) -> i64 {
        crate::standing::rings::of(&self.db, &Viewer::operator(), site.id).await.unwrap().n_incidents()
    }
}
