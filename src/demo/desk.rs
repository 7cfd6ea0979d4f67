//! What lies at the invented licensing desk: applications in every state, reviews late and in time, a license revoked and
//! its address on hold, practitioners whose licenses end soon.

use chrono::NaiveDate;

use super::days::before;
use crate::applications::acts::{Desk, Said};
use crate::applications::license_store::{self, Span};
use crate::applications::parts::{Condition, ConditionId, Review, ReviewState, StepId};
use crate::applications::workflow::Workflow;
use crate::applications::{Application, ApplicationId, Fee, Holder, Waits, desk, holders, part_store};
use crate::areas::{self, snapshot::Snapshot};
use crate::clock::{Clock, Moment};
use crate::db::{Db, Tx, query};
use crate::knowledge::Library;
use crate::records::{Place, RecordId, SiteId};
use crate::rights::Viewer;
use crate::sites::form::{blank, read_location};
use crate::sites::{self, Kinds, Site, Status};
use crate::web::extract::Params;
use crate::web::filled::Filled;

/// What is done with an application: a word of the workflow, how many days ago, and why.
type Act = (&'static str, i64, &'static str);
/// Reviews that passed, and how many days ago.
type Passed = &'static [(&'static str, i64)];

/// An application of a business that is not open yet.
struct New {
    kind: &'static str,
    business: &'static str,
    applicant: &'static str,
    at: (&'static str, &'static str),
    received: i64,
    fee: Fee,
    passed: Passed,
    acts: &'static [Act],
}

const NEW: &[New] = &[
    New {
        kind: "massage_parlor",
        business: "Amber Thicket Massage",
        applicant: "Amber Thicket LLC",
        at: ("412 Lantern Mill Rd", "Rochester"),
        received: 3,
        fee: Fee::Due,
        passed: &[],
        acts: &[],
    },
    New {
        kind: "massage_parlor",
        business: "Slate Harbor Bodywork",
        applicant: "Slate Harbor Services LLC",
        at: ("1904 Coppergate Ave", "Duluth"),
        received: 12,
        fee: Fee::Paid,
        passed: &[("documents", 6)],
        acts: &[("review", 10, "")],
    },
    New {
        kind: "sauna_spa",
        business: "Juniper Step Sauna",
        applicant: "Juniper Step LLC",
        at: ("77 Old Quarry Trl", "Eagan"),
        received: 44,
        fee: Fee::Paid,
        passed: &[("documents", 40), ("fire", 21)],
        acts: &[("review", 42, "")],
    },
    New {
        kind: "massage_parlor",
        business: "Gray Willow Massage",
        applicant: "Gray Willow Partners LLC",
        at: ("2210 Harrow Bend", "Bloomington"),
        received: 66,
        fee: Fee::Paid,
        passed: &[("documents", 58), ("background", 40)],
        acts: &[("review", 63, "")],
    },
    New {
        kind: "strip_club",
        business: "The Marigold Room",
        applicant: "Marigold Entertainment LLC",
        at: ("900 Foundry Row", "St. Paul"),
        received: 51,
        fee: Fee::Paid,
        passed: &[("documents", 45), ("fire", 35), ("background", 30), ("zoning", 9)],
        acts: &[("review", 49, "")],
    },
    New {
        kind: "massage_parlor",
        business: "Thistle Lane Massage",
        applicant: "Thistle Lane LLC",
        at: ("15 Thistle Ln", "Mankato"),
        received: 25,
        fee: Fee::Due,
        passed: &[],
        acts: &[("review", 23, ""), ("ask", 20, "The floor plan and the lease are missing.")],
    },
    New {
        kind: "lingerie_modeling",
        business: "Velvet Sparrow",
        applicant: "Velvet Sparrow LLC",
        at: ("640 Granary Loop Rd", "St. Cloud"),
        received: 120,
        fee: Fee::Paid,
        passed: &[("documents", 110), ("background", 95)],
        acts: &[
            ("review", 118, ""),
            ("deny", 70, "The premises lie within the distance that the ordinance keeps from schools."),
        ],
    },
    New {
        kind: "massage_parlor",
        business: "Second Fern Massage",
        applicant: "Second Fern LLC",
        at: ("3308 Tollgrave Ave S", "Minneapolis"),
        received: 95,
        fee: Fee::Paid,
        passed: &[("documents", 88)],
        acts: &[
            ("review", 92, ""),
            ("deny", 24, "The filed plan shows rooms that the inspection did not find."),
            ("appeal", 9, ""),
        ],
    },
    New {
        kind: "adult_bookstore",
        business: "Paper Otter Books",
        applicant: "Paper Otter LLC",
        at: ("51 Ferry Cut", "Winona"),
        received: 80,
        fee: Fee::Waived,
        passed: &[],
        acts: &[("review", 78, ""), ("withdraw", 60, "The applicant found other premises.")],
    },
    New {
        kind: "massage_parlor",
        business: "Clear Alder Massage",
        applicant: "Clear Alder LLC",
        at: ("8 Alder Court", "Edina"),
        received: 100,
        fee: Fee::Paid,
        passed: &[("documents", 90), ("fire", 80), ("background", 75), ("zoning", 78)],
        acts: &[("review", 98, ""), ("issue", 60, "")],
    },
    New {
        kind: "sauna_spa",
        business: "North Ember Spa",
        applicant: "North Ember LLC",
        at: ("2750 Lakeshore Cut", "Duluth"),
        received: 150,
        fee: Fee::Paid,
        passed: &[("documents", 140), ("fire", 130), ("background", 125), ("zoning", 128)],
        acts: &[("review", 148, ""), ("issue", 96, "")],
    },
];

/// Someone who practices: name, city, days since receipt, since the license began, and what was done.
struct Practices {
    name: &'static str,
    city: &'static str,
    received: i64,
    began: i64,
    passed: Passed,
    acts: &'static [Act],
}

const PRACTITIONERS: &[Practices] = &[
    Practices {
        name: "Wren Alder",
        city: "Minneapolis",
        received: 380,
        began: 350,
        passed: &[("documents", 370), ("background", 360)],
        acts: &[("review", 375, ""), ("issue", 352, "")],
    },
    Practices {
        name: "Linden Marsh",
        city: "St. Paul",
        received: 345,
        began: 320,
        passed: &[("documents", 340), ("background", 330)],
        acts: &[("review", 341, ""), ("issue", 322, "")],
    },
    Practices {
        name: "Sorrel Reed",
        city: "Duluth",
        received: 420,
        began: 384,
        passed: &[("documents", 410), ("background", 400)],
        acts: &[("review", 415, ""), ("issue", 386, "")],
    },
    Practices {
        name: "Juniper Vale",
        city: "Rochester",
        received: 37,
        began: 0,
        passed: &[("documents", 30)],
        acts: &[("review", 35, "")],
    },
    Practices { name: "Aspen Lowry", city: "Edina", received: 5, began: 0, passed: &[], acts: &[] },
];

/// Fills the desk, once.
pub(super) async fn fill(db: &Db, clock: Clock, today: NaiveDate) -> anyhow::Result<()> {
    let n: i64 = query("SELECT count(*) FROM application").fetch_scalar(db).await?;
    if n > 0 {
        return Ok(());
    }
    let viewer = Viewer::system("demonstration");
    let workflow = Workflow::read(&Library::open(None)?)?;
    let areas = Snapshot::new(areas::store::all(db, &viewer).await?);
    let sites = sites::store::all(db, &viewer).await?;
    let ending =
        license_store::expiring(db, &viewer, Span::Within(90), Some(Holder::Business), today).await?;
    let mut tx = db.begin().await?;
    tx.one_at_a_time("import").await?;
    let mut invented =
        Invented { tx: &mut tx, workflow: &workflow, areas: &areas, viewer: &viewer, clock, today };
    for it in NEW {
        invented.new_business(it).await?;
    }
    for it in PRACTITIONERS {
        invented.practitioner(it).await?;
    }
    let renewals: [(i64, &[Act]); 4] = [
        (2, &[]),
        (9, &[("review", 7, "")]),
        (20, &[("ask", 15, "The proof of insurance is missing.")]),
        (28, &[("renew", 4, "")]),
    ];
    for (license, (received, acts)) in ending.iter().rev().zip(renewals) {
        let of = (license.id, license.site_id, license.licensee.clone().unwrap_or_default());
        let passed: Passed = if acts.iter().any(|it| it.0 == "renew") { &[("documents", 6)] } else { &[] };
        invented.about("renewal", (of, &license.name), received, passed, acts).await?;
    }
    invented.orders(&sites).await?;
    tx.commit().await?;
    Ok(())
}

struct Invented<'a> {
    tx: &'a mut Tx,
    workflow: &'a Workflow,
    areas: &'a Snapshot,
    viewer: &'a Viewer,
    clock: Clock,
    today: NaiveDate,
}

impl<'a> Invented<'a> {
    /// The desk as it was so many days ago, in the afternoon.
    fn desk(&self, ago: i64) -> Desk<'a> {
        let today = before(self.today, ago);
        let now = today.and_hms_opt(20, 0, 0).map_or(Moment::Day(today), |it| Moment::from(it.and_utc()));
        let (workflow, areas, viewer) = (self.workflow, self.areas, self.viewer);
        Desk { workflow, areas, viewer, clock: self.clock, now, today }
    }

    fn blank(&self, procedure: &str, received: i64) -> Application {
        let desk = self.desk(received);
        Application {
            id: ApplicationId(self.clock.id()),
            version: 1,
            recorded_at: desk.now,
            number: 0,
            procedure: procedure.to_owned(),
            holder: Holder::Business,
            kind: Kinds::OTHER.to_owned(),
            business: String::new(),
            applicant: String::new(),
            party_id: None,
            site_id: None,
            place: Place::unknown(),
            license_id: None,
            received_on: Moment::Day(desk.today),
            state: String::new(),
            state_on: Moment::Day(desk.today),
            waits: Waits::Agency,
            decide_by: None,
            decided_on: None,
            appeal_by: None,
            ends_on: None,
            fee: Fee::Paid,
            noted_by: self.viewer.name().to_owned(),
            note: None.into(),
            reason: None.into(),
        }
    }

    async fn new_business(&mut self, of: &New) -> anyhow::Result<()> {
        let mut it = self.blank("application", of.received);
        (it.kind, it.business) = (of.kind.to_owned(), of.business.to_owned());
        (it.applicant, it.fee) = (of.applicant.to_owned(), of.fee);
        let values =
            [("address", of.at.0.to_owned()), ("city", of.at.1.to_owned()), ("state", "MN".to_owned())];
        let values: Params = values.into_iter().collect();
        let location = read_location(&mut Filled::new(&values));
        let desk = self.desk(of.received);
        let site = blank(SiteId(self.clock.id()), 0, desk.now);
        match holders::placed(self.tx, &desk, location, site).await {
            Ok(Ok(site)) => it.place = holders::place_of(&site),
            Ok(Err(flaws)) => anyhow::bail!("{}: {:?}", of.business, flaws.pairs()),
            Err(error) => anyhow::bail!("{}: {error:?}", of.business),
        }
        self.run(it, (of.received, 0), of.passed, of.acts).await?;
        Ok(())
    }

    async fn practitioner(&mut self, of: &Practices) -> anyhow::Result<()> {
        let mut it = self.blank("application", of.received);
        it.holder = Holder::Practitioner;
        it.applicant = of.name.to_owned();
        it.place = Place { city: Some(of.city.to_owned()), ..Place::unknown() };
        self.run(it, (of.received, of.began), of.passed, of.acts).await?;
        Ok(())
    }

    /// A procedure about a license.
    async fn about(
        &mut self,
        procedure: &str,
        ((license, site, holder), business): ((RecordId, Option<SiteId>, String), &str),
        received: i64,
        passed: Passed,
        acts: &[Act],
    ) -> anyhow::Result<Application> {
        let mut it = self.blank(procedure, received);
        it.license_id = Some(license);
        (it.business, it.applicant) = (business.to_owned(), holder);
        if it.applicant.is_empty() {
            it.applicant = format!("{business} LLC");
        }
        if let Some(id) = site {
            let found = sites::store::find(&mut *self.tx, self.viewer, id).await?;
            if let Some(site) = found {
                (it.site_id, it.place, it.kind) = (Some(id), holders::place_of(&site), site.kind);
            }
        }
        self.run(it, (received, 0), passed, acts).await
    }

    /// Receives an application, notes its reviews and takes its steps, each on its day.
    async fn run(
        &mut self,
        it: Application,
        (received, began): (i64, i64),
        passed: Passed,
        acts: &[Act],
    ) -> anyhow::Result<Application> {
        let at = self.desk(received);
        let mut it = desk::receive(self.tx, &at, it).await?;
        for review in part_store::reviews_of(&mut *self.tx, self.viewer, it.id).await? {
            let Some((_, ago)) = passed.iter().find(|(word, _)| *word == review.review) else { continue };
            let desk = self.desk(*ago);
            let done = Review {
                version: review.version + 1,
                recorded_at: desk.now,
                review_state: ReviewState::Passed,
                done_on: Some(Moment::Day(desk.today)),
                ..review
            };
            part_store::save_reviews(self.tx, vec![done]).await?;
        }
        for (word, ago, why) in acts {
            let desk = self.desk(*ago);
            let step = self.workflow.procedures.get(&it.procedure).and_then(|all| all.step(&it.state, word));
            let step =
                step.ok_or_else(|| anyhow::anyhow!("{}: no step {word} from {}", it.business, it.state))?;
            let mut said = Said::nothing(StepId(self.clock.id()));
            said.reason = (!why.is_empty()).then(|| (*why).to_owned());
            said.starts_on = (began > 0).then(|| before(self.today, began));
            it = match desk::take(self.tx, &desk, &it, step, said).await {
                Ok(Ok(next)) => next,
                Ok(Err(flaws)) => anyhow::bail!("{}: {word}: {:?}", it.business, flaws.pairs()),
                Err(error) => anyhow::bail!("{}: {word}: {error:?}", it.business),
            };
        }
        Ok(it)
    }

    /// A license revoked, one suspended, one proposed for it; and somebody who asks for the address on hold.
    async fn orders(&mut self, sites: &[Site]) -> anyhow::Result<()> {
        let orders: [(&str, i64, &[Act]); 4] = [
            (
                "revocation",
                40,
                &[("revoke", 18, "Three visits found the same violations, and none was put right.")],
            ),
            ("suspension", 30, &[("suspend", 12, "The insurance lapsed, and no new proof was filed.")]),
            ("suspension", 4, &[]),
            ("amendment", 6, &[]),
        ];
        // Of the stories of the demonstration none is touched.
        let ordinary = sites.iter().filter(|it| {
            it.status == Status::Open && it.kind == "lodging" && !it.source_key.starts_with("P-9")
        });
        let mut orders = orders.into_iter();
        for site in ordinary {
            let Some((license, name, holder)) = self.active(site.id).await? else { continue };
            let Some((procedure, received, acts)) = orders.next() else { break };
            let of = (license, Some(site.id), holder);
            let order = self.about(procedure, (of, &name), received, &[], acts).await?;
            match procedure {
                "revocation" => self.asks_again(&order).await?,
                "amendment" => self.condition(license).await?,
                _ => {}
            }
        }
        Ok(())
    }

    /// The license in force of a site: its id, the name on it and its holder.
    async fn active(&mut self, site: SiteId) -> anyhow::Result<Option<(RecordId, String, String)>> {
        let found: Option<(RecordId, String, Option<String>)> = query("SELECT r.id, r.name, r.licensee FROM license r JOIN link l ON l.record_id = r.id AND l.record_kind = 'license' AND l.superseded_at IS NULL WHERE r.superseded_at IS NULL AND r.status = 'active' AND r.expires_on >=")
            .value(Moment::Day(self.today))
            .and("l.site_id = ?", Some(site))
            .then("ORDER BY r.id LIMIT 1")
            .fetch_optional(&mut *self.tx)
            .await?;
        Ok(found.map(|(id, name, holder)| (id, name, holder.unwrap_or_default())))
    }

    /// Another business asks for a license where one was revoked: all is reviewed, and the hold stops it.
    async fn asks_again(&mut self, order: &Application) -> anyhow::Result<()> {
        let mut it = self.blank("application", 15);
        (it.site_id, it.place, it.kind) = (None, order.place.clone(), order.kind.clone());
        (it.business, it.applicant) =
            ("Larch Gate Lodge".to_owned(), "Larch Gate Hospitality LLC".to_owned());
        let passed: Passed = &[("documents", 11), ("fire", 5), ("zoning", 4), ("background", 2)];
        self.run(it, (15, 0), passed, &[("review", 14, "")]).await?;
        Ok(())
    }

    async fn condition(&mut self, license_id: RecordId) -> anyhow::Result<()> {
        let day = before(self.today, 200);
        let condition = Condition {
            id: ConditionId(self.clock.id()),
            version: 1,
            recorded_at: Moment::Day(day),
            license_id,
            words: "The registry of guests is shown on request.".to_owned(),
            from_on: Moment::Day(day),
            to_on: None,
            noted_by: self.viewer.name().to_owned(),
        };
        Ok(part_store::save_condition(self.tx, condition).await?)
    }
}
