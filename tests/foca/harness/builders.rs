//! Builders state only what matters to a test and write through the stores.

use foca::applications::{self, Application, ApplicationId};
use foca::clock::Moment;
use foca::complaints::{self, Complaint};
use foca::incidents::facets::{Disposition, Roles};
use foca::incidents::{self, Incident};
use foca::inspections::{self, Inspection};
use foca::licenses::{self, License};
use foca::parties::{self, Holding, HoldingId, Party, PartyId, Role};
use foca::places::{self, PlaceId};
use foca::records::links::{NewLink, save_links};
use foca::records::recorded::Recorded;
use foca::records::{BuildingId, Draft, Head, Linked, Place, PointMethod, RecordId, SiteId, store};
use foca::rights::held::Held;
use foca::sites::{self, Site};
use foca::text::address::Address;

use super::{TestApp, now};

impl TestApp {
    /// A site of that name: open, of kind `other`, without a point, until said otherwise.
    pub(crate) fn site(&self, name: &str) -> SiteBuilder<'_> {
        SiteBuilder { app: self, site: blank_site(name) }
    }

    /// An inspection that passed.
    pub(crate) fn inspection(&self, key: &str) -> RecordBuilder<'_, Inspection> {
        let blank = |head, place| Inspection {
            head,
            place,
            name: "Joe's".to_owned(),
            reason: None,
            outcome: inspections::Outcome::Compliant,
            outcome_as_written: None,
            points: None,
            due_on: None,
            note: Held::Empty,
            linked: Linked::none(),
        };
        RecordBuilder::new(self, key, blank)
    }

    /// An open complaint about nuisance.
    pub(crate) fn complaint(&self, key: &str) -> RecordBuilder<'_, Complaint> {
        let blank = |head, place| Complaint {
            head,
            place,
            name: "Joe's".to_owned(),
            category: complaints::Category::Nuisance,
            category_as_written: None,
            reliability: "C".into(),
            credibility: "3".into(),
            anonymous: false,
            state: complaints::State::Open,
            summary: Held::Empty,
            linked: Linked::none(),
        };
        RecordBuilder::new(self, key, blank)
    }

    /// An active license.
    pub(crate) fn license(&self, key: &str) -> RecordBuilder<'_, License> {
        let blank = |head, place| License {
            head,
            place,
            number: "L-1".to_owned(),
            kind: "other".to_owned(),
            type_as_written: "Adult".to_owned(),
            name: "Joe's".to_owned(),
            status: licenses::Status::Active,
            status_as_written: None,
            issued_on: None,
            starts_on: None,
            expires_on: None,
            phone: None,
            licensee: None,
            linked: Linked::none(),
        };
        RecordBuilder::new(self, key, blank)
    }

    /// An incident that citizens called in.
    pub(crate) fn incident(&self, key: &str) -> RecordBuilder<'_, Incident> {
        let blank = |head, place| Incident {
            head,
            place,
            offense: "nuisance".to_owned(),
            offense_code: "N1".to_owned(),
            offense_as_written: None,
            origin: incidents::Origin::Citizen,
            cell: None,
            disposition: Disposition::Unknown,
            reliability: None,
            credibility: None,
            roles: Roles::default(),
            linked: Linked::none(),
        };
        RecordBuilder::new(self, key, blank)
    }
}

/// A site on its way into the catalog.
#[derive(Debug)]
pub(crate) struct SiteBuilder<'a> {
    app: &'a TestApp,
    site: Site,
}

impl SiteBuilder<'_> {
    /// A word of `data/kinds.toml`.
    pub(crate) fn kind(mut self, word: &str) -> Self {
        self.site.kind = word.to_owned();
        self
    }

    /// Its point, in degrees.
    pub(crate) fn at(mut self, lon: f64, lat: f64) -> Self {
        (self.site.lon, self.site.lat, self.site.point_method) = (Some(lon), Some(lat), PointMethod::Source);
        self
    }

    /// Its address in one line, such as `100 Main St, Duluth, MN 55802`.
    pub(crate) fn address(mut self, line: &str) -> Self {
        let address = Address::parse(line);
        self.site.building_id = BuildingId::of(&address);
        line.clone_into(&mut self.site.address);
        (self.site.city, self.site.state, self.site.zip) = (address.city, address.state, address.zip);
        self
    }

    /// Closed for good.
    pub(crate) fn closed(mut self) -> Self {
        self.site.status = sites::Status::Closed;
        self
    }

    /// Anything else.
    pub(crate) fn with(mut self, change: impl FnOnce(&mut Site)) -> Self {
        change(&mut self.site);
        self
    }

    /// The site as it is, stored nowhere.
    pub(crate) fn blank(self) -> Site {
        self.site
    }

    /// Stores it.
    pub(crate) async fn create(mut self) -> Site {
        let mut tx = self.app.db.begin().await.unwrap();
        tx.one_at_a_time("site numbers").await.unwrap();
        self.site.number = sites::store::next_number(&mut tx).await.unwrap();
        sites::store::save(&mut tx, vec![self.site.clone()], Moment::Instant(now())).await.unwrap();
        tx.commit().await.unwrap();
        self.app.take_up().await;
        self.site
    }
}

/// A record on its way into its table.
#[derive(Debug)]
pub(crate) struct RecordBuilder<'a, T> {
    app: &'a TestApp,
    record: T,
}

/// What a builder changes in a record of any kind.
pub(crate) trait Record: Recorded {
    fn parts(&mut self) -> (&mut Head, &mut Place, &mut Linked);
}

macro_rules! record {
    ($($name:ident),*) => {$(
        impl Record for $name {
            fn parts(&mut self) -> (&mut Head, &mut Place, &mut Linked) {
                (&mut self.head, &mut self.place, &mut self.linked)
            }
        }
    )*};
}
record!(License, Inspection, Complaint, Incident);

impl<'a, T: Record> RecordBuilder<'a, T> {
    fn new(app: &'a TestApp, key: &str, blank: impl FnOnce(Head, Place) -> T) -> Self {
        let day = "2026-05-01".parse().unwrap();
        let head = Head {
            id: RecordId::of_source("test", key),
            version: 1,
            occurred_at: day,
            recorded_at: day,
            backfilled: false,
            source: "test".to_owned(),
            source_key: key.to_owned(),
            batch_id: None,
        };
        Self { app, record: blank(head, Place::unknown()) }
    }

    /// Links it to a site, where it also takes place.
    pub(crate) fn of(mut self, site: &Site) -> Self {
        let (_, place, linked) = self.record.parts();
        linked.site_id = Some(site.id);
        (place.address, place.building_id) = (Some(site.address.clone()), site.building_id);
        (place.lon, place.lat, place.point_method) = (site.lon, site.lat, site.point_method);
        self
    }

    /// When it happened and became known: `2026-05-01` or an instant.
    pub(crate) fn on(mut self, moment: &str) -> Self {
        let moment = moment.parse().unwrap();
        let (head, _, _) = self.record.parts();
        (head.occurred_at, head.recorded_at) = (moment, moment);
        self
    }

    /// Anything else.
    pub(crate) fn with(mut self, change: impl FnOnce(&mut T)) -> Self {
        change(&mut self.record);
        self
    }

    /// Stores it with its link, and marks the site stale.
    pub(crate) async fn create(mut self) -> RecordId {
        let (head, place, linked) = self.record.parts();
        let (head, building_id) = (head.clone(), place.building_id);
        let link = linked.site_id.map(|site| NewLink {
            kind: T::KIND,
            record_id: head.id,
            recorded_at: head.recorded_at,
            site_id: Some(site),
            building_id,
            method: "source_key",
            certainty: 1_000,
            model: "test",
            evidence: None,
            cause: None,
        });
        let mut tx = self.app.db.begin().await.unwrap();
        store::save::<T>(&mut tx, vec![Draft::of(self.record)], Moment::Instant(now())).await.unwrap();
        if let Some(site) = link.as_ref().and_then(|it| it.site_id) {
            sites::store::touch(&mut tx, &[site], Moment::Instant(now())).await.unwrap();
        }
        save_links(&mut tx, link.into_iter().collect()).await.unwrap();
        tx.commit().await.unwrap();
        self.app.take_up().await;
        head.id
    }
}

/// A party on its way into the database.
#[derive(Debug)]
pub(crate) struct PartyBuilder<'a> {
    app: &'a TestApp,
    party: Party,
}

impl TestApp {
    /// An organization of that name.
    pub(crate) fn party(&self, name: &str) -> PartyBuilder<'_> {
        let known = "2026-01-01".parse().unwrap();
        let mut party = parties::form::blank(PartyId::of_source("test", name), 0, known);
        (party.source, party.source_key) = ("test".to_owned(), name.to_owned());
        party.name = name.to_owned();
        PartyBuilder { app: self, party }
    }
}

impl PartyBuilder<'_> {
    /// With something changed.
    pub(crate) fn with(mut self, change: impl FnOnce(&mut Party)) -> Self {
        change(&mut self.party);
        self
    }

    /// Saves it in that role at a site; both ids.
    pub(crate) async fn stands_behind(self, site: &Site, role: Role) -> (PartyId, HoldingId) {
        let holding = Holding {
            id: HoldingId::of_source("test", &format!("{} {} {role}", self.party.id, site.id)),
            version: 1,
            recorded_at: "2026-01-01".parse().unwrap(),
            source: "test".to_owned(),
            source_key: self.party.name.clone(),
            batch_id: None,
            party_id: self.party.id,
            site_id: Some(site.id),
            building_id: None,
            role,
            share: None,
            from_on: None,
            to_on: None,
            ended_why: None,
        };
        let (mut party, ids) = (self.party, (holding.party_id, holding.id));
        party.name_key = parties::names::key(&party.name, party.kind);
        let mut tx = self.app.db.begin().await.unwrap();
        let operator = foca::rights::Viewer::operator();
        if parties::store::find(&mut tx, &operator, party.id).await.unwrap().is_none() {
            party.number = parties::store::next_number(&mut tx).await.unwrap();
            parties::store::save(&mut tx, vec![party], Moment::Instant(now())).await.unwrap();
        }
        parties::store::save_holdings(&mut tx, vec![holding], Moment::Instant(now())).await.unwrap();
        tx.commit().await.unwrap();
        ids
    }
}

/// An application on its way into the database.
#[derive(Debug)]
pub(crate) struct ApplicationBuilder<'a> {
    app: &'a TestApp,
    application: Application,
}

impl TestApp {
    /// An application of a business of that name in Duluth, received on November 1 and in review.
    pub(crate) fn application(&self, business: &str) -> ApplicationBuilder<'_> {
        let day: Moment = "2026-11-01".parse().unwrap();
        let application = Application {
            id: ApplicationId::of_source("test", business),
            version: 1,
            recorded_at: day,
            number: 0,
            procedure: "application".to_owned(),
            holder: applications::Holder::Business,
            kind: "massage_parlor".to_owned(),
            business: business.to_owned(),
            applicant: format!("{business} LLC"),
            party_id: None,
            site_id: None,
            place: Place { city: Some("Duluth".to_owned()), ..Place::unknown() },
            license_id: None,
            received_on: day,
            state: "in_review".to_owned(),
            state_on: day,
            waits: applications::Waits::Agency,
            decide_by: "2026-12-31".parse().ok(),
            decided_on: None,
            appeal_by: None,
            ends_on: None,
            fee: applications::Fee::Paid,
            noted_by: "test".to_owned(),
            note: Held::Empty,
            reason: Held::Empty,
        };
        ApplicationBuilder { app: self, application }
    }
}

impl ApplicationBuilder<'_> {
    /// With something changed.
    pub(crate) fn with(mut self, change: impl FnOnce(&mut Application)) -> Self {
        change(&mut self.application);
        self
    }

    /// Saves it.
    pub(crate) async fn create(mut self) -> Application {
        let mut tx = self.app.db.begin().await.unwrap();
        self.application.number = applications::store::next_number(&mut tx).await.unwrap();
        applications::store::save(&mut tx, self.application.clone()).await.unwrap();
        tx.commit().await.unwrap();
        self.application
    }
}

fn blank_site(name: &str) -> Site {
    Site {
        id: SiteId::of_source("test", name),
        version: 1,
        recorded_at: "2026-01-01".parse().unwrap(),
        source: "test".to_owned(),
        source_key: name.to_owned(),
        batch_id: None,
        number: 0,
        kind: sites::Kinds::OTHER.to_owned(),
        name: name.to_owned(),
        other_names: Vec::new(),
        address: String::new(),
        house_number: None,
        pre_direction: None,
        street: None,
        suffix: None,
        post_direction: None,
        unit_type: None,
        unit: None,
        city: None,
        state: None,
        zip: None,
        building_id: None,
        lon: None,
        lat: None,
        point_method: PointMethod::None,
        point_meters: None,
        city_area: None,
        county: None,
        status: sites::Status::Open,
        status_on: None,
        opened_on: None,
        closed_on: None,
        moved_to: None,
        phone: None,
        note: Held::Empty,
    }
}

/// A place on its way into the database.
#[derive(Debug)]
pub(crate) struct PlaceBuilder<'a> {
    app: &'a TestApp,
    place: places::Place,
}

impl TestApp {
    /// A school of that name, at a point in Duluth until said otherwise.
    pub(crate) fn place(&self, name: &str) -> PlaceBuilder<'_> {
        let known = "2026-01-01".parse().unwrap();
        let mut place = places::form::blank(PlaceId::of_source("test", name), known);
        (place.source, place.source_key) = ("test".to_owned(), name.to_owned());
        (place.class, place.name) = ("school".to_owned(), name.to_owned());
        PlaceBuilder { app: self, place }.outline("-92.1, 46.8")
    }
}

impl PlaceBuilder<'_> {
    /// With that outline, as a form takes it.
    pub(crate) fn outline(mut self, text: &str) -> Self {
        let shape = places::outline::read(text).unwrap();
        self.place.part = places::Part::of(&shape);
        self.place = self.place.with_outline(&shape);
        self
    }

    /// With something changed.
    pub(crate) fn with(mut self, change: impl FnOnce(&mut places::Place)) -> Self {
        change(&mut self.place);
        self
    }

    /// Saves it, as a further version where it is known.
    pub(crate) async fn create(self) -> PlaceId {
        let id = self.place.id;
        let mut tx = self.app.db.begin().await.unwrap();
        places::store::save_one(&mut tx, self.place, Moment::Instant(now())).await.unwrap();
        tx.commit().await.unwrap();
        id
    }
}
