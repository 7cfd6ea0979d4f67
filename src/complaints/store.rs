//! Reads and saves who made a complaint; the complaints themselves are of [`crate::records::store`].

use super::Complainant;
use crate::clock::Moment;
use crate::db::{self, Target, Tx, query};
use crate::records::RecordId;
use crate::rights::{Resource, Viewer};

/// Who made a complaint, as far as the agency keeps it.
pub async fn complainant(
    on: impl Into<Target<'_>>,
    viewer: &Viewer,
    complaint: RecordId,
) -> db::Result<Option<Complainant>> {
    query(include_str!("complainant.sql"))
        .limited(viewer, Resource::Complainant)
        .and("c.complaint_id = ?", Some(complaint))
        .fetch_optional(on)
        .await
}

/// Keeps who made a complaint that is saved in the same transaction.
pub async fn save_complainant(
    tx: &mut Tx,
    complaint: RecordId,
    who: &Complainant,
    now: Moment,
) -> db::Result<()> {
    query("INSERT INTO complainant (complaint_id, version, recorded_at, full_name, phone, email) VALUES ($1, 1, $2, $3, $4, $5)")
        .bind(complaint)
        .bind(now)
        .bind(who.full_name.as_deref())
        .bind(who.phone.as_deref())
        .bind(who.email.as_deref())
        .execute(tx)
        .await?;
    Ok(())
}
