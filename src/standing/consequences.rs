//! Reckons what each record in the review queue would move in a score if it were linked: the queue shows the most
//! consequential first, and the number itself to nobody.

use std::collections::HashMap;

use super::events::{about, license, outcome};
use crate::complaints::Category;
use crate::db::{self, Db, Value, query};
use crate::inspections::{self, Outcome};
use crate::licenses::Status;
use crate::records::decisions::{not_reckoned, reckoned};
use crate::records::{RecordId, RecordKind};
use crate::rights::{Resource, Viewer};
use crate::scoring::card::Cards;
use crate::scoring::consequence::consequence;
use crate::scoring::input::{self, Found, What};

/// Records reckoned in one transaction.
const CHUNK: u32 = 500;

/// Reckons all that is not reckoned yet.
pub(super) async fn reckon(db: &Db, cards: &Cards) -> db::Result<()> {
    loop {
        let records = not_reckoned(db, CHUNK).await?;
        if records.is_empty() {
            return Ok(());
        }
        let mut says = says(db, &records).await?;
        let mut tx = db.begin().await?;
        for record in records {
            let said = says.remove(&record).unwrap_or_default();
            // Which kind of site it would count for is what the reviewer decides: the general card is as good as any.
            reckoned(&mut tx, record, consequence(cards.of_kind(""), &said)).await?;
        }
        tx.commit().await?;
    }
}

/// What each record says, as scoring takes it.
async fn says(
    db: &Db,
    records: &[(RecordKind, RecordId)],
) -> db::Result<HashMap<(RecordKind, RecordId), Vec<What>>> {
    let viewer = Viewer::system("drain");
    let ids = |kind: RecordKind| {
        records.iter().filter(move |it| it.0 == kind).map(|it| Value::from(it.1)).collect::<Vec<_>>()
    };
    let mut says: HashMap<(RecordKind, RecordId), Vec<What>> = HashMap::new();
    let mut say = |kind, id, what| says.entry((kind, id)).or_default().push(what);
    let licenses: Vec<(RecordId, Status)> =
        query("SELECT r.id, r.status FROM license r WHERE r.superseded_at IS NULL")
            .limited(&viewer, Resource::License)
            .then("AND r.id IN")
            .list(ids(RecordKind::License))
            .fetch_all(db)
            .await?;
    for (id, status) in licenses {
        say(RecordKind::License, id, What::License { state: license(status), until: None });
    }
    let visits: Vec<(RecordId, Outcome)> =
        query("SELECT r.id, r.outcome FROM inspection r WHERE r.superseded_at IS NULL")
            .limited(&viewer, Resource::Inspection)
            .then("AND r.id IN")
            .list(ids(RecordKind::Inspection))
            .fetch_all(db)
            .await?;
    for (id, it) in visits {
        say(RecordKind::Inspection, id, What::Visit { outcome: outcome(it), reinspect_by: None });
    }
    let found: Vec<RecordId> =
        records.iter().filter(|it| it.0 == RecordKind::Inspection).map(|it| it.1).collect();
    for it in inspections::store::violations_of(db, &viewer, &found).await? {
        let what = What::Violation { severity: it.severity.into(), state: input::ViolationState::Open };
        say(RecordKind::Inspection, it.inspection_id, what);
    }
    let complaints: Vec<(RecordId, Category)> =
        query("SELECT r.id, r.category FROM complaint r WHERE r.superseded_at IS NULL")
            .limited(&viewer, Resource::Complaint)
            .then("AND r.id IN")
            .list(ids(RecordKind::Complaint))
            .fetch_all(db)
            .await?;
    for (id, category) in complaints {
        let what = What::Complaint { about: about(category), anonymous: false, found: Found::Nothing };
        say(RecordKind::Complaint, id, what);
    }
    Ok(says)
}
