//! Accounts in the database, with their failures, recovery codes and links.

use super::{Account, Purpose, State};
use crate::clock::Stamp;
use crate::db::{self, Table, Target, Tx, Value, query};
use crate::rights::{AccountId, Resource, Viewer};

const LIST: &str = "SELECT id, sign_in, full_name, agency, role, area, state, state_why, state_at, password_at, \
    second_factor IS NOT NULL AS has_second_factor, made_at, made_by, used_at FROM account WHERE true";

const TABLE: Table = Table {
    name: "account",
    columns: &[
        "id",
        "sign_in",
        "full_name",
        "agency",
        "role",
        "area",
        "state",
        "state_why",
        "state_at",
        "second_factor_step",
        "made_at",
        "made_by",
    ],
};

/// What proves who somebody is.
#[derive(Clone, Default, sqlx::FromRow)]
pub struct Credentials {
    /// Argon2id, as a PHC string.
    pub password: Option<String>,
    /// The secret of the authenticator app.
    pub second_factor: Option<String>,
    /// The step of the last code that was used.
    pub second_factor_step: i64,
}

impl std::fmt::Debug for Credentials {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Credentials(..)")
    }
}

/// One account.
pub async fn find(on: impl Into<Target<'_>>, viewer: &Viewer, id: AccountId) -> db::Result<Option<Account>> {
    query(LIST).limited(viewer, Resource::Account).and("id = ?", Some(id)).fetch_optional(on).await
}

/// All accounts, by name.
pub async fn list(on: impl Into<Target<'_>>, viewer: &Viewer) -> db::Result<Vec<Account>> {
    query(LIST)
        .limited(viewer, Resource::Account)
        .then("ORDER BY lower(full_name), sign_in")
        .fetch_all(on)
        .await
}

/// The account of who wants to sign in, before anybody has.
pub async fn at_the_door(on: impl Into<Target<'_>>, sign_in: &str) -> db::Result<Option<Account>> {
    query(LIST).and("sign_in = ?", Some(sign_in)).fetch_optional(on).await
}

/// The account of a session or a token that was shown.
pub async fn of_bearer(on: impl Into<Target<'_>>, id: AccountId) -> db::Result<Option<Account>> {
    query(LIST).and("id = ?", Some(id)).fetch_optional(on).await
}

/// What proves who that is; never shown to anybody.
pub async fn credentials(on: impl Into<Target<'_>>, id: AccountId) -> db::Result<Option<Credentials>> {
    query("SELECT password, second_factor, second_factor_step FROM account WHERE id = $1")
        .bind(id)
        .fetch_optional(on)
        .await
}

/// How many accounts there are.
pub async fn count(on: impl Into<Target<'_>>) -> db::Result<i64> {
    query("SELECT count(*) FROM account").fetch_scalar(on).await
}

/// Adds an account that has no password yet.
///
/// # Errors
/// The sign-in name is taken, also by an account that is disabled.
pub async fn add(tx: &mut Tx, it: &Account) -> db::Result<()> {
    let row = vec![
        it.id.into(),
        (&it.sign_in).into(),
        (&it.full_name).into(),
        (&it.agency).into(),
        (&it.role).into(),
        (&it.area).into(),
        it.state.into(),
        it.state_why.as_ref().map_or(Value::Text(None), Value::from),
        it.state_at.into(),
        0_i64.into(),
        it.made_at.into(),
        (&it.made_by).into(),
    ];
    tx.insert(&TABLE, [row]).await?;
    Ok(())
}

/// Changes what a person is: name, agency, role and area.
pub async fn change(tx: &mut Tx, it: &Account) -> db::Result<()> {
    query("UPDATE account SET full_name = $1, agency = $2, role = $3, area = $4 WHERE id = $5")
        .bind(&it.full_name)
        .bind(&it.agency)
        .bind(&it.role)
        .bind(&it.area)
        .bind(it.id)
        .execute(tx)
        .await?;
    Ok(())
}

/// Says whether an account may be used, and why not.
pub async fn set_state(
    tx: &mut Tx,
    id: AccountId,
    state: State,
    why: Option<&str>,
    at: Stamp,
) -> db::Result<()> {
    query("UPDATE account SET state = $1, state_why = $2, state_at = $3 WHERE id = $4")
        .bind(state)
        .bind(why)
        .bind(at)
        .bind(id)
        .execute(tx)
        .await?;
    Ok(())
}

/// Gives an account another password, as the PHC string of its hash.
pub async fn set_password(tx: &mut Tx, id: AccountId, password: &str, at: Stamp) -> db::Result<()> {
    query("UPDATE account SET password = $1, password_at = $2 WHERE id = $3")
        .bind(password)
        .bind(at)
        .bind(id)
        .execute(tx)
        .await?;
    Ok(())
}

/// Gives an account a second factor, or takes it away with its recovery codes.
pub async fn set_second_factor(
    tx: &mut Tx,
    id: AccountId,
    secret: Option<&str>,
    step: i64,
) -> db::Result<()> {
    query("UPDATE account SET second_factor = $1, second_factor_step = $2 WHERE id = $3")
        .bind(secret)
        .bind(step)
        .bind(id)
        .execute(&mut *tx)
        .await?;
    set_recovery_codes(tx, id, &[]).await
}

/// Notes that the code of a step was used; whether nobody was faster with it.
pub async fn use_step(tx: &mut Tx, id: AccountId, step: i64) -> db::Result<bool> {
    let used = query("UPDATE account SET second_factor_step = $1 WHERE id = $2 AND second_factor_step < $1")
        .bind(step)
        .bind(id)
        .execute(tx)
        .await?;
    Ok(used > 0)
}

/// Notes that somebody has signed in, and forgets the failures before.
pub async fn used(tx: &mut Tx, id: AccountId, at: Stamp) -> db::Result<()> {
    query("UPDATE account SET used_at = $1 WHERE id = $2").bind(at).bind(id).execute(&mut *tx).await?;
    forget_failures(tx, id).await
}

/// Notes that a token of the account was used, which keeps the account from being unused.
pub async fn seen(tx: &mut Tx, id: AccountId, at: Stamp) -> db::Result<()> {
    query("UPDATE account SET used_at = $1 WHERE id = $2").bind(at).bind(id).execute(tx).await?;
    Ok(())
}

/// Notes a failure; how many there are since `since`, with this one.
pub async fn fail(tx: &mut Tx, id: AccountId, at: Stamp, since: Stamp) -> db::Result<i64> {
    query("INSERT INTO sign_in_failure (account_id, at) VALUES ($1, $2)")
        .bind(id)
        .bind(at)
        .execute(&mut *tx)
        .await?;
    query("SELECT count(*) FROM sign_in_failure WHERE account_id = $1 AND at > $2")
        .bind(id)
        .bind(since)
        .fetch_scalar(tx)
        .await
}

/// Forgets the failures of an account.
pub async fn forget_failures(tx: &mut Tx, id: AccountId) -> db::Result<()> {
    query("DELETE FROM sign_in_failure WHERE account_id = $1").bind(id).execute(tx).await?;
    Ok(())
}

/// Puts these recovery codes, as digests, in the place of all others.
pub async fn set_recovery_codes(tx: &mut Tx, id: AccountId, digests: &[String]) -> db::Result<()> {
    query("DELETE FROM recovery_code WHERE account_id = $1").bind(id).execute(&mut *tx).await?;
    let table = Table { name: "recovery_code", columns: &["account_id", "hash"] };
    tx.insert(&table, digests.iter().map(|it| vec![id.into(), it.into()]).collect::<Vec<_>>()).await?;
    Ok(())
}

/// Uses a recovery code; whether there was such a one, unused.
pub async fn use_recovery_code(tx: &mut Tx, id: AccountId, digest: &str, at: Stamp) -> db::Result<bool> {
    let used = query(
        "UPDATE recovery_code SET used_at = $1 WHERE account_id = $2 AND hash = $3 AND used_at IS NULL",
    )
    .bind(at)
    .bind(id)
    .bind(digest)
    .execute(tx)
    .await?;
    Ok(used > 0)
}

/// How many recovery codes are left.
pub async fn n_recovery_codes(on: impl Into<Target<'_>>, id: AccountId) -> db::Result<i64> {
    query("SELECT count(*) FROM recovery_code WHERE account_id = $1 AND used_at IS NULL")
        .bind(id)
        .fetch_scalar(on)
        .await
}

/// Adds a link that works once, as its digest; those before it work no more.
pub async fn add_link(
    tx: &mut Tx,
    id: AccountId,
    digest: &str,
    purpose: Purpose,
    (at, ends_at): (Stamp, Stamp),
) -> db::Result<()> {
    query("UPDATE account_link SET used_at = $1 WHERE account_id = $2 AND used_at IS NULL")
        .bind(at)
        .bind(id)
        .execute(&mut *tx)
        .await?;
    query(
        "INSERT INTO account_link (hash, account_id, purpose, made_at, ends_at) VALUES ($1, $2, $3, $4, $5)",
    )
    .bind(digest)
    .bind(id)
    .bind(purpose)
    .bind(at)
    .bind(ends_at)
    .execute(tx)
    .await?;
    Ok(())
}

/// Whose link that is and what for, if it still works.
pub async fn link(
    on: impl Into<Target<'_>>,
    digest: &str,
    now: Stamp,
) -> db::Result<Option<(AccountId, Purpose)>> {
    query("SELECT account_id, purpose FROM account_link WHERE hash = $1 AND used_at IS NULL AND ends_at > $2")
        .bind(digest)
        .bind(now)
        .fetch_optional(on)
        .await
}

/// Uses a link; whether nobody was faster.
pub async fn use_link(tx: &mut Tx, digest: &str, now: Stamp) -> db::Result<bool> {
    let used =
        query("UPDATE account_link SET used_at = $1 WHERE hash = $2 AND used_at IS NULL AND ends_at > $1")
            .bind(now)
            .bind(digest)
            .execute(tx)
            .await?;
    Ok(used > 0)
}
