//! Links that work once, shown to an administrator who hands them on: to accept an invitation, or to choose another
//! password; and the form on which a password is chosen.

use super::door::Door;
use super::sign_in::{self, Visit};
use super::{Account, Purpose, Stage, State, password, secret, sessions, store, tokens};
use crate::audit::{self, Act, Entry};
use crate::db::{self, Tx};
use crate::rights::Resource;
use crate::web::extract::Params;
use crate::web::filled::Flaws;

/// Makes a link for an account; those before it work no more. Its secret, which is kept nowhere.
///
/// # Errors
/// The system gives no randomness, or the database does not answer.
pub async fn make(tx: &mut Tx, door: &Door, account: &Account, purpose: Purpose) -> anyhow::Result<String> {
    let (secret, now) = (secret::token()?, door.now());
    let ends_at = now.plus(door.accounts.policy().link());
    store::add_link(tx, account.id, &secret::digest(&secret), purpose, (now, ends_at)).await?;
    Ok(secret)
}

/// The path of the link with that secret.
pub fn path(secret: &str) -> String {
    format!("/link/{secret}")
}

/// Whose link that is, and what for, if it still works.
///
/// # Errors
/// The database does not answer.
pub async fn find(door: &Door, secret: &str) -> db::Result<Option<(Account, Purpose)>> {
    let Some((id, purpose)) = store::link(&door.db, &secret::digest(secret), door.now()).await? else {
        return Ok(None);
    };
    let account = store::of_bearer(&door.db, id).await?;
    Ok(account.filter(|it| it.state != State::Disabled).map(|it| (it, purpose)))
}

/// Takes the password that the owner of a link has typed twice: the account is active, and nothing that was open before
/// works any more.
///
/// # Errors
/// The database does not answer. What is to be mended stands in the inner error.
pub async fn choose(
    door: &Door,
    account: &Account,
    purpose: Purpose,
    secret: &str,
    params: &Params,
) -> anyhow::Result<Result<(), Flaws>> {
    let hash = match chosen(door, account, params).await? {
        Ok(hash) => hash,
        Err(flaws) => return Ok(Err(flaws)),
    };
    let now = door.now();
    let mut tx = door.db.begin().await?;
    if !store::use_link(&mut tx, &secret::digest(secret), now).await? {
        let mut flaws = Flaws::default();
        flaws.add("password", "The link was used meanwhile. Ask for a new one.");
        return Ok(Err(flaws));
    }
    store::set_password(&mut tx, account.id, &hash, now).await?;
    store::set_state(&mut tx, account.id, State::Active, None, now).await?;
    store::forget_failures(&mut tx, account.id).await?;
    sessions::end_all(&mut tx, account.id, None, now).await?;
    tokens::end_all(&mut tx, account.id, now).await?;
    let entry =
        Entry::new(Act::Administer).on(Resource::Account).about(account.id.0).with("password", "chosen");
    let entry = entry.with("by", purpose.as_str());
    audit::store::commit(tx, door.clock, &door.visitor(account, None), &entry).await?;
    Ok(Ok(()))
}

/// Takes another password from who has signed in and types the one so far; other sessions end. The new secret of this one.
///
/// # Errors
/// As [`choose`].
pub async fn renew(door: &Door, visit: &Visit, params: &Params) -> anyhow::Result<Result<String, Flaws>> {
    let typed = params.raw("current").unwrap_or_default();
    let mut flaws = Flaws::default();
    if params.raw("password") == Some(typed) {
        flaws.add("password", "That is your password already. Choose another.");
    } else if !sign_in::prove(door, visit, typed.to_owned()).await? {
        flaws.add("current", "This is not your password. Type it anew.");
    }
    if !flaws.is_empty() {
        return Ok(Err(flaws));
    }
    let hash = match chosen(door, &visit.account, params).await? {
        Ok(hash) => hash,
        Err(flaws) => return Ok(Err(flaws)),
    };
    let now = door.now();
    let mut tx = door.db.begin().await?;
    store::set_password(&mut tx, visit.account.id, &hash, now).await?;
    sessions::end_all(&mut tx, visit.account.id, Some(visit.session.id), now).await?;
    let secret = secret::token()?;
    sessions::advance(&mut tx, visit.session.id, &secret::digest(&secret), Stage::Open, now).await?;
    let entry = Entry::new(Act::Administer)
        .on(Resource::Account)
        .about(visit.account.id.0)
        .with("password", "changed");
    audit::store::commit(tx, door.clock, &door.visitor(&visit.account, Some(visit.session.id)), &entry)
        .await?;
    Ok(Ok(secret))
}

/// The hash of the password that was typed twice, or what is to be mended.
async fn chosen(door: &Door, account: &Account, params: &Params) -> anyhow::Result<Result<String, Flaws>> {
    let typed = params.raw("password").unwrap_or_default();
    let about = [account.sign_in.as_str(), account.full_name.as_str(), account.agency.as_str()];
    let mut flaws = Flaws::default();
    if let Err(reason) = password::check(typed, &about, door.accounts.policy()) {
        flaws.add("password", reason);
    } else if params.raw("repeated") != Some(typed) {
        flaws.add("repeated", "The two are not the same. Type the password again here.");
    }
    if !flaws.is_empty() {
        return Ok(Err(flaws));
    }
    Ok(Ok(password::hash(typed.to_owned()).await?))
}
