//! Sessions: a secret in a cookie, of which only the digest is kept; listed and ended by their public id.

use super::Stage;
use crate::clock::{Clock, Stamp};
use crate::db::{self, Target, Tx, id, query};
use crate::rights::AccountId;

id! {
    /// A session, by the number under which it is listed and logged.
    SessionId
}

const LIST: &str =
    "SELECT id, account_id, stage, began_at, seen_at, proved_at, ended_at, address, agent FROM session";

/// Somebody at a browser.
#[derive(Clone, Debug, PartialEq, sqlx::FromRow)]
pub struct Session {
    /// Its public id.
    pub id: SessionId,
    /// Whose it is.
    pub account_id: AccountId,
    /// How far it has come.
    pub stage: Stage,
    /// When the password was given.
    pub began_at: Stamp,
    /// The last request, to the minute.
    pub seen_at: Stamp,
    /// When the person last proved who they are.
    pub proved_at: Stamp,
    /// When it ended.
    pub ended_at: Option<Stamp>,
    /// Where it began.
    pub address: Option<String>,
    /// The browser, as it calls itself.
    pub agent: Option<String>,
}

/// From where a session is begun.
#[derive(Clone, Debug, Default)]
pub struct Origin {
    /// The network address.
    pub address: Option<String>,
    /// What the browser calls itself.
    pub agent: Option<String>,
}

/// Begins a session whose secret has that digest.
pub async fn begin(
    tx: &mut Tx,
    clock: Clock,
    account: AccountId,
    (digest, stage): (&str, Stage),
    origin: &Origin,
) -> db::Result<SessionId> {
    let (id, now) = (SessionId(clock.id()), clock.stamp());
    query("INSERT INTO session (id, hash, account_id, stage, began_at, seen_at, proved_at, address, agent) VALUES")
        .list([
            id.into(),
            digest.into(),
            account.into(),
            stage.into(),
            now.into(),
            now.into(),
            now.into(),
            origin.address.as_deref().into(),
            origin.agent.as_deref().into(),
        ])
        .execute(tx)
        .await?;
    Ok(id)
}

/// The session whose secret has that digest, unless it ended or began before `since`.
pub async fn find(on: impl Into<Target<'_>>, digest: &str, since: Stamp) -> db::Result<Option<Session>> {
    query(LIST)
        .then("WHERE ended_at IS NULL")
        .and("hash = ?", Some(digest))
        .and("began_at > ?", Some(since))
        .fetch_optional(on)
        .await
}

/// The sessions of an account that have not ended and began after `since`, the newest first.
pub async fn of(on: impl Into<Target<'_>>, account: AccountId, since: Stamp) -> db::Result<Vec<Session>> {
    query(LIST)
        .then("WHERE ended_at IS NULL")
        .and("account_id = ?", Some(account))
        .and("began_at > ?", Some(since))
        .then("ORDER BY seen_at DESC, id")
        .fetch_all(on)
        .await
}

/// Takes a session to another stage under another secret, so that whoever knew the one before has nothing.
pub async fn advance(tx: &mut Tx, id: SessionId, digest: &str, stage: Stage, now: Stamp) -> db::Result<()> {
    query("UPDATE session SET hash = $1, stage = $2, seen_at = $3, proved_at = $3 WHERE id = $4")
        .bind(digest)
        .bind(stage)
        .bind(now)
        .bind(id)
        .execute(tx)
        .await?;
    Ok(())
}

/// Notes that the person asked for something.
pub async fn seen(tx: &mut Tx, id: SessionId, now: Stamp) -> db::Result<()> {
    query("UPDATE session SET seen_at = $1 WHERE id = $2").bind(now).bind(id).execute(tx).await?;
    Ok(())
}

/// Ends one session of an account; whether there was such a one.
pub async fn end(tx: &mut Tx, account: AccountId, id: SessionId, now: Stamp) -> db::Result<bool> {
    let ended =
        query("UPDATE session SET ended_at = $1 WHERE id = $2 AND account_id = $3 AND ended_at IS NULL")
            .bind(now)
            .bind(id)
            .bind(account)
            .execute(tx)
            .await?;
    Ok(ended > 0)
}

/// Ends all sessions of an account but one; how many.
pub async fn end_all(tx: &mut Tx, account: AccountId, but: Option<SessionId>, now: Stamp) -> db::Result<u64> {
    query("UPDATE session SET ended_at = $1 WHERE account_id = $2 AND ended_at IS NULL")
        .bind(now)
        .bind(account)
        .and("id <> ?", but)
        .execute(tx)
        .await
}
