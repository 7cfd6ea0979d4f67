//! Marks a database as the demonstration's.

use chrono::NaiveDate;

use crate::db::{self, Db, Tx, query};

const DAY: &str = "demonstration_day";
const DONE: &str = "demonstration_done";

/// The day that the state in the database was invented for, if there is one.
pub async fn day(db: &Db) -> db::Result<Option<NaiveDate>> {
    let day: Option<(String,)> =
        query("SELECT value FROM meta WHERE name = $1").bind(DAY).fetch_optional(db).await?;
    Ok(day.and_then(|it| it.0.parse().ok()))
}

/// Whether all of it is there.
pub async fn is_done(db: &Db) -> db::Result<bool> {
    let n: i64 = query("SELECT count(*) FROM meta WHERE name = $1").bind(DONE).fetch_scalar(db).await?;
    Ok(n > 0)
}

/// Marks an empty database before the first row comes in, so that no row is ever taken for a real one.
pub async fn begin(tx: &mut Tx, day: NaiveDate) -> db::Result<()> {
    set(tx, "data_status", "demonstration").await?;
    set(tx, DAY, &day.to_string()).await
}

/// Notes that all of it is there.
pub async fn end(tx: &mut Tx) -> db::Result<()> {
    set(tx, DONE, "yes").await
}

async fn set(tx: &mut Tx, name: &str, value: &str) -> db::Result<()> {
    query("INSERT INTO meta (name, value) VALUES ($1, $2)").bind(name).bind(value).execute(tx).await?;
    Ok(())
}
