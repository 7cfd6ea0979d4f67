//! The way in, a step at a time: password, second factor, banner. Each step that succeeds gives the session another secret,
//! and each one, whatever its end, is logged. A wrong password and a wrong code count alike: too many lock the account.

use super::door::Door;
use super::policy::{Policy, SecondFactor};
use super::sessions::{self, Session, SessionId};
use super::{Account, Stage, State, password, second_factor, secret, store};
use crate::audit::{self, Act, Entry, Outcome};
use crate::clock::Stamp;
use crate::db::{self, Tx};
use crate::rights::{AccountId, Resource, Viewer};

/// A session and whose it is.
#[derive(Clone, Debug)]
pub struct Visit {
    /// The session.
    pub session: Session,
    /// Its person.
    pub account: Account,
}

/// What a person on the way in is asked next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// The code of the authenticator app.
    Code,
    /// To set up a second factor.
    SetUp,
    /// To acknowledge the banner.
    Banner,
    /// To choose another password, for this one has grown old.
    Renew,
}

impl Step {
    /// The page that asks.
    pub fn path(self) -> &'static str {
        match self {
            Self::Code => "/sign-in/code",
            Self::SetUp => "/sign-in/set-up",
            Self::Banner => "/sign-in/banner",
            Self::Renew => "/sign-in/renew",
        }
    }
}

impl Visit {
    /// What is asked next; none when the person is in.
    pub fn step(&self, policy: &Policy, demo: bool, now: Stamp) -> Option<Step> {
        match self.session.stage {
            Stage::Password if self.account.has_second_factor => Some(Step::Code),
            Stage::Password => Some(Step::SetUp),
            Stage::Proved => Some(Step::Banner),
            Stage::Open => {
                let chosen = self.account.password_at.unwrap_or(self.account.made_at);
                (!demo && chosen.age(now) > policy.password_age()).then_some(Step::Renew)
            }
        }
    }
}

/// What became of an attempt.
#[derive(Debug)]
pub enum Attempt {
    /// It succeeded: the session's new secret.
    Passed(String),
    /// It did not; more is not said.
    Refused,
}

/// Why an attempt with that account cannot succeed, for the log.
fn closed(account: &Account, now: Stamp, policy: &Policy) -> Option<&'static str> {
    match account.state {
        State::Active if account.is_unused(now, policy) => Some("unused for too long"),
        State::Active => None,
        State::Invited => Some("not begun"),
        State::Locked => Some("locked"),
        State::Disabled => Some("disabled"),
    }
}

/// A sign-in name as it is kept: in lower case, without what cannot be typed.
pub fn tidied(name: &str) -> String {
    name.trim().to_lowercase().chars().filter(|it| !it.is_control()).take(300).collect()
}

/// The first step. Its work is the same whether or not there is such an account, and whether or not it may be used.
///
/// # Errors
/// The database does not answer, or the system gives no randomness.
pub async fn with_password(door: &Door, name: &str, typed: String) -> anyhow::Result<Attempt> {
    let policy = door.accounts.policy();
    let found = store::at_the_door(&door.db, &tidied(name)).await?;
    let kept = match &found {
        Some(account) if closed(account, door.now(), policy).is_none() => {
            store::credentials(&door.db, account.id).await?.and_then(|it| it.password)
        }
        _ => None,
    };
    let fits = password::verify(typed, kept).await?;
    let mut tx = door.db.begin().await?;
    tx.one_at_a_time("sign in").await?;
    // Read again: others may have failed at the same time.
    let account = match found {
        Some(it) => store::of_bearer(&mut tx, it.id).await?,
        None => None,
    };
    let Some(account) = account else {
        let entry = Entry::new(Act::SignIn).outcome(Outcome::Refused).with("why", "no such account");
        audit::store::commit(tx, door.clock, &door.stranger(), &entry).await?;
        return Ok(Attempt::Refused);
    };
    if let Some(why) = closed(&account, door.now(), policy) {
        return refuse_closed(door, tx, &account, why).await;
    }
    if !fits {
        return fail(door, tx, &account, None, "password").await;
    }
    let needs_more =
        account.has_second_factor || (policy.second_factor == SecondFactor::Required && !door.demo);
    let stage = if needs_more { Stage::Password } else { Stage::Proved };
    let secret = secret::token()?;
    let digest = secret::digest(&secret);
    let session = sessions::begin(&mut tx, door.clock, account.id, (&digest, stage), &door.origin).await?;
    let entry = entry(&account, "password");
    audit::store::commit(tx, door.clock, &door.visitor(&account, Some(session)), &entry).await?;
    Ok(Attempt::Passed(secret))
}

/// The second factor: six digits of the app, or a recovery code.
///
/// # Errors
/// See [`with_password`].
pub async fn with_code(door: &Door, visit: &Visit, typed: &str) -> anyhow::Result<Attempt> {
    let now = door.now();
    let mut tx = door.db.begin().await?;
    tx.one_at_a_time("sign in").await?;
    let id = visit.account.id;
    let Some(kept) = store::credentials(&mut tx, id).await? else { return Ok(Attempt::Refused) };
    let step = kept.second_factor.as_ref().and_then(|secret| {
        second_factor::step_of(secret, typed, now.at().timestamp(), kept.second_factor_step)
    });
    let proof = match step {
        Some(step) if store::use_step(&mut tx, id, step).await? => Some("code"),
        Some(_) => None,
        None => {
            let digest = secret::digest(&secret::tidied(typed));
            store::use_recovery_code(&mut tx, id, &digest, now).await?.then_some("recovery code")
        }
    };
    match proof {
        Some(proof) => pass(door, tx, visit, Stage::Proved, proof).await,
        None => fail(door, tx, &visit.account, Some(visit.session.id), "code").await,
    }
}

/// Sets up the second factor if `typed` is a code of `kept`; the recovery codes that go with it, shown once.
///
/// # Errors
/// See [`with_password`].
pub async fn set_up(
    door: &Door,
    visit: &Visit,
    kept: &str,
    typed: &str,
) -> anyhow::Result<Option<(String, Vec<String>)>> {
    let now = door.now();
    let fits = second_factor::is_secret(kept);
    let step = second_factor::step_of(kept, typed, now.at().timestamp(), 0).filter(|_| fits);
    let Some(step) = step else { return Ok(None) };
    let codes = (0..RECOVERY_CODES).map(|_| secret::code()).collect::<anyhow::Result<Vec<String>>>()?;
    let digests: Vec<String> = codes.iter().map(|it| secret::digest(it)).collect();
    let mut tx = door.db.begin().await?;
    store::set_second_factor(&mut tx, visit.account.id, Some(kept), step).await?;
    store::set_recovery_codes(&mut tx, visit.account.id, &digests).await?;
    let entry = Entry::new(Act::Administer)
        .on(Resource::Account)
        .about(visit.account.id.0)
        .with("second_factor", "set up");
    audit::store::append(&mut tx, door.clock, &door.visitor(&visit.account, Some(visit.session.id)), &entry)
        .await?;
    let stage = if visit.session.stage == Stage::Password { Stage::Proved } else { visit.session.stage };
    match pass(door, tx, visit, stage, "second factor set up").await? {
        Attempt::Passed(secret) => Ok(Some((secret, codes))),
        Attempt::Refused => Ok(None),
    }
}

/// So many codes to write down, each good for one sign-in without the app.
pub const RECOVERY_CODES: usize = 10;

/// The banner was acknowledged: the person is in.
///
/// # Errors
/// See [`with_password`].
pub async fn acknowledge(door: &Door, visit: &Visit) -> anyhow::Result<Attempt> {
    let mut tx = door.db.begin().await?;
    store::used(&mut tx, visit.account.id, door.now()).await?;
    pass(door, tx, visit, Stage::Open, "banner acknowledged").await
}

/// The password once more, after a rest: the session gets another secret.
///
/// # Errors
/// See [`with_password`].
pub async fn again(door: &Door, visit: &Visit, typed: String) -> anyhow::Result<Attempt> {
    if !prove(door, visit, typed).await? {
        return Ok(Attempt::Refused);
    }
    pass(door, door.db.begin().await?, visit, visit.session.stage, "password again").await
}

/// Whether that is the person's password. A wrong one counts as a failure.
///
/// # Errors
/// See [`with_password`].
pub async fn prove(door: &Door, visit: &Visit, typed: String) -> anyhow::Result<bool> {
    let kept = store::credentials(&door.db, visit.account.id).await?.and_then(|it| it.password);
    let fits = password::verify(typed, kept).await?;
    let mut tx = door.db.begin().await?;
    tx.one_at_a_time("sign in").await?;
    if fits {
        store::forget_failures(&mut tx, visit.account.id).await?;
        tx.commit().await?;
    } else {
        fail(door, tx, &visit.account, Some(visit.session.id), "password").await?;
    }
    Ok(fits)
}

/// Ends a session.
///
/// # Errors
/// The database does not answer.
pub async fn out(door: &Door, visit: &Visit) -> db::Result<()> {
    let mut tx = door.db.begin().await?;
    sessions::end(&mut tx, visit.account.id, visit.session.id, door.now()).await?;
    let entry = Entry::new(Act::SignOut).on(Resource::Account).about(visit.account.id.0);
    audit::store::commit(tx, door.clock, &door.visitor(&visit.account, Some(visit.session.id)), &entry).await
}

/// Disables every account that nobody has used for too long; how many.
///
/// # Errors
/// The database does not answer.
pub async fn sweep(door: &Door) -> db::Result<usize> {
    let job = Viewer::system("unused accounts");
    let (now, policy) = (door.now(), door.accounts.policy());
    let unused: Vec<Account> =
        store::list(&door.db, &job).await?.into_iter().filter(|it| it.is_unused(now, policy)).collect();
    for account in &unused {
        let mut tx = door.db.begin().await?;
        disable(&mut tx, account.id, "unused for too long", now).await?;
        let entry = Entry::new(Act::Administer).on(Resource::Account).about(account.id.0);
        audit::store::commit(tx, door.clock, &job, &entry.with("disabled", "unused for too long")).await?;
    }
    Ok(unused.len())
}

/// Disables an account: no session and no token of it works any more.
///
/// # Errors
/// The database does not answer.
pub async fn disable(tx: &mut Tx, id: AccountId, why: &str, now: Stamp) -> db::Result<()> {
    store::set_state(tx, id, State::Disabled, Some(why), now).await?;
    sessions::end_all(tx, id, None, now).await?;
    super::tokens::end_all(tx, id, now).await?;
    Ok(())
}

fn entry(account: &Account, proof: &str) -> Entry {
    Entry::new(Act::SignIn).on(Resource::Account).about(account.id.0).with("proof", proof)
}

/// Gives the session another secret and takes it to `stage`.
async fn pass(door: &Door, mut tx: Tx, visit: &Visit, stage: Stage, proof: &str) -> anyhow::Result<Attempt> {
    let secret = secret::token()?;
    sessions::advance(&mut tx, visit.session.id, &secret::digest(&secret), stage, door.now()).await?;
    let viewer = door.visitor(&visit.account, Some(visit.session.id));
    audit::store::commit(tx, door.clock, &viewer, &entry(&visit.account, proof)).await?;
    Ok(Attempt::Passed(secret))
}

/// Counts a failure, and locks the account at the last that is allowed.
async fn fail(
    door: &Door,
    mut tx: Tx,
    account: &Account,
    session: Option<SessionId>,
    proof: &str,
) -> anyhow::Result<Attempt> {
    let (now, policy) = (door.now(), door.accounts.policy());
    let since = now.plus(-policy.failure_window());
    let n_failures = store::fail(&mut tx, account.id, now, since).await?;
    let mut entry = entry(account, proof).outcome(Outcome::Refused).with("failures", n_failures);
    if n_failures >= i64::from(policy.failures) {
        store::set_state(&mut tx, account.id, State::Locked, Some("too many failures"), now).await?;
        sessions::end_all(&mut tx, account.id, None, now).await?;
        entry = entry.with("locked", true);
    }
    audit::store::commit(tx, door.clock, &door.visitor(account, session), &entry).await?;
    Ok(Attempt::Refused)
}

/// Refuses an account that may not be used, and disables it where it was only found to be unused.
async fn refuse_closed(door: &Door, mut tx: Tx, account: &Account, why: &str) -> anyhow::Result<Attempt> {
    if account.state == State::Active {
        disable(&mut tx, account.id, why, door.now()).await?;
    }
    let entry = entry(account, "password").outcome(Outcome::Refused).with("why", why);
    audit::store::commit(tx, door.clock, &door.visitor(account, None), &entry).await?;
    Ok(Attempt::Refused)
}
