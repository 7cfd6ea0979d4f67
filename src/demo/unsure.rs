//! Puts into the review queue what the demonstration's registers leave unsure: records at an address that several
//! businesses share.

use crate::clock::{Clock, Moment};
use crate::db::{self, Db, Tx};
use crate::inspections::Inspection;
use crate::licenses::License;
use crate::linking::evidence::{Compared, Evidence, Field, Level};
use crate::records::decisions::{Candidate, Waiting, wait};
use crate::records::recorded::Recorded;
use crate::records::{Filter, LinkState, store};
use crate::review::Subject;
use crate::rights::Viewer;
use crate::sites::{self, Site};
use crate::text::name::{Agreement, Name};
use crate::{complaints::Complaint, incidents::Incident};

/// So many of each kind wait.
const OF_EACH: u32 = 6;

/// Puts them in, as of now.
pub(super) async fn fill(db: &Db, tx: &mut Tx, clock: Clock) -> db::Result<()> {
    let now = Moment::from(clock.now());
    let mut rows = of_kind::<Complaint>(db, now, 700).await?;
    rows.extend(of_kind::<Inspection>(db, now, 600).await?);
    rows.extend(of_kind::<License>(db, now, 1_000).await?);
    rows.extend(of_kind::<Incident>(db, now, 0).await?);
    wait(tx, rows).await
}

async fn of_kind<R: Recorded + Into<Subject>>(
    db: &Db,
    now: Moment,
    consequence: i64,
) -> db::Result<Vec<Waiting>> {
    let viewer = Viewer::system("demonstration");
    let filter = Filter { linked: Some(LinkState::Building), ..Filter::default() };
    let mut rows = Vec::new();
    for record in store::list::<R>(db, &viewer, &filter, (0, OF_EACH)).await? {
        let it: Subject = record.into();
        let Some(building) = it.place.building_id else { continue };
        let tenants = sites::store::in_buildings(db, &viewer, &[building]).await?;
        let mut candidates: Vec<Candidate> = tenants.iter().map(|site| candidate(&it, site)).collect();
        candidates.sort_by_key(|it| -it.probability);
        rows.push(Waiting {
            kind: it.kind,
            record_id: it.head.id,
            recorded_at: now,
            building_id: Some(building),
            candidates,
            model: "demonstration".to_owned(),
            consequence,
        });
    }
    Ok(rows)
}

fn candidate(it: &Subject, site: &Site) -> Candidate {
    let agreement = Name::new(&it.name).compare(&Name::new(&site.name));
    let (level, weight, probability) = match agreement {
        Agreement::Same => (Level::Same, 620, 930),
        Agreement::Alike => (Level::Close, 510, 880),
        Agreement::Unclear => (Level::Partly, 40, 520),
        Agreement::Different => (Level::Differs, -310, 110),
    };
    let level = if it.name.is_empty() { Level::Missing } else { level };
    let compared = |field, level, weight| Compared { field, level, weight };
    let evidence = Evidence(vec![
        compared(Field::Name, level, weight),
        compared(Field::Number, Level::Same, 740),
        compared(Field::Street, Level::Same, 310),
        compared(Field::City, Level::Same, 120),
    ]);
    Candidate { site: site.id, probability, evidence: evidence.to_string() }
}
