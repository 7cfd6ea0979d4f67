//! Personal access tokens, for scripts and GIS programs: they take out what they are scoped to, and change nothing.

use super::{Account, secret};
use crate::clock::{Clock, Stamp};
use crate::db::{self, Json, Target, Tx, id, query};
use crate::rights::{AccountId, Permission, Resource, Viewer};

id! {
    /// A token, by the number under which it is listed and logged.
    TokenId
}

/// What every token begins with, so that a scanner for leaked secrets knows it.
pub const PREFIX: &str = "foca_pat_";

const LIST: &str =
    "SELECT id, account_id, label, scopes, made_at, ends_at, used_at, used_from, ended_at FROM access_token";

/// A token without its secret.
#[derive(Clone, Debug, PartialEq, sqlx::FromRow)]
pub struct Token {
    /// Its public id.
    pub id: TokenId,
    /// Whose it is.
    pub account_id: AccountId,
    /// What the person calls it.
    pub label: String,
    /// What it may take out, such as `site`.
    #[sqlx(try_from = "Json<Vec<String>>")]
    pub scopes: Vec<String>,
    /// When it was made.
    pub made_at: Stamp,
    /// When it ends by itself.
    pub ends_at: Stamp,
    /// When it was last used, to the minute.
    pub used_at: Option<Stamp>,
    /// From where.
    pub used_from: Option<String>,
    /// When it was ended.
    pub ended_at: Option<Stamp>,
}

impl Token {
    /// What it permits, if its person is still permitted it: to take out rows of these kinds, and the links that say where
    /// they count.
    pub fn permissions(&self) -> Vec<Permission> {
        let scopes = self.scopes.iter().filter_map(|it| it.parse::<Resource>().ok());
        let of = |it| [Permission::See(it), Permission::Export(it)];
        scopes.flat_map(of).chain([Permission::See(Resource::Link)]).collect()
    }
}

/// The kinds of row that a viewer may take out, and so the viewer's tokens; standings go with the sites.
pub fn scopes(viewer: &Viewer) -> Vec<Resource> {
    let tables =
        [Resource::Site, Resource::License, Resource::Inspection, Resource::Complaint, Resource::Incident];
    let mut scopes: Vec<Resource> =
        tables.into_iter().filter(|it| viewer.is_permitted(Permission::Export(*it))).collect();
    if scopes.contains(&Resource::Site) && viewer.may_see(Resource::Standing) {
        scopes.insert(1, Resource::Standing);
    }
    scopes
}

/// Makes a token; the secret is shown once and not kept.
///
/// # Errors
/// The system gives no randomness, or the database does not answer.
pub async fn make(
    tx: &mut Tx,
    clock: Clock,
    account: &Account,
    (label, scopes): (&str, &[Resource]),
    ends_at: Stamp,
) -> anyhow::Result<(TokenId, String)> {
    let (id, secret) = (TokenId(clock.id()), format!("{PREFIX}{}", secret::token()?));
    let scopes: Vec<&str> = scopes.iter().map(|it| it.as_str()).collect();
    query("INSERT INTO access_token (id, hash, account_id, label, scopes, made_at, ends_at) VALUES")
        .list([
            id.into(),
            secret::digest(&secret).into(),
            account.id.into(),
            label.into(),
            serde_json::Value::from(scopes).to_string().into(),
            clock.stamp().into(),
            ends_at.into(),
        ])
        .execute(tx)
        .await?;
    Ok((id, secret))
}

/// The token whose secret has that digest, if it still works.
pub async fn find(on: impl Into<Target<'_>>, digest: &str, now: Stamp) -> db::Result<Option<Token>> {
    query(LIST)
        .then("WHERE ended_at IS NULL")
        .and("hash = ?", Some(digest))
        .and("ends_at > ?", Some(now))
        .fetch_optional(on)
        .await
}

/// The tokens of an account that still work, the newest first.
pub async fn of(on: impl Into<Target<'_>>, account: AccountId, now: Stamp) -> db::Result<Vec<Token>> {
    query(LIST)
        .then("WHERE ended_at IS NULL")
        .and("account_id = ?", Some(account))
        .and("ends_at > ?", Some(now))
        .then("ORDER BY made_at DESC, id")
        .fetch_all(on)
        .await
}

/// Notes a use.
pub async fn used(tx: &mut Tx, id: TokenId, at: Stamp, from: Option<&str>) -> db::Result<()> {
    query("UPDATE access_token SET used_at = $1, used_from = $2 WHERE id = $3")
        .bind(at)
        .bind(from)
        .bind(id)
        .execute(tx)
        .await?;
    Ok(())
}

/// Ends a token of an account; whether there was such a one.
pub async fn end(tx: &mut Tx, account: AccountId, id: TokenId, now: Stamp) -> db::Result<bool> {
    let ended =
        query("UPDATE access_token SET ended_at = $1 WHERE id = $2 AND account_id = $3 AND ended_at IS NULL")
            .bind(now)
            .bind(id)
            .bind(account)
            .execute(tx)
            .await?;
    Ok(ended > 0)
}

/// Ends all tokens of an account; how many.
pub async fn end_all(tx: &mut Tx, account: AccountId, now: Stamp) -> db::Result<u64> {
    query("UPDATE access_token SET ended_at = $1 WHERE account_id = $2 AND ended_at IS NULL")
        .bind(now)
        .bind(account)
        .execute(tx)
        .await
}
