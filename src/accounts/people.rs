//! What administrators and the operator do with accounts alike: invite a person, make a link.

use serde_json::json;

use super::door::Door;
use super::{Account, Purpose, State, links, sign_in, store};
use crate::audit::{self, Act, Entry};
use crate::rights::{AccountId, Reach, Resource, Viewer};

/// The longest name with which somebody signs in.
const LONGEST_SIGN_IN: usize = 200;

/// A person as a form or the command line names one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    /// As people say it.
    pub full_name: String,
    /// The agency that the person works for.
    pub agency: String,
    /// The word of a role.
    pub role: String,
    /// The part of the state.
    pub area: Reach,
}

impl Told {
    /// The account of that person.
    pub(super) fn apply(self, account: Account) -> Account {
        let area = self.area.to_string();
        Account { full_name: self.full_name, agency: self.agency, role: self.role, area, ..account }
    }
}

/// A sign-in name as it is kept.
///
/// # Errors
/// It is no name to sign in with; the text says what would be right.
pub fn sign_in_name(typed: &str) -> Result<String, &'static str> {
    let name = sign_in::tidied(typed);
    let (before, after) = name.split_once('@').unwrap_or_default();
    if before.is_empty() || after.is_empty() || name.contains(char::is_whitespace) {
        return Err("Give an email address, such as a.velden@agency.gov.");
    }
    if name.chars().count() > LONGEST_SIGN_IN {
        return Err("Give an email address of at most 200 characters.");
    }
    Ok(name)
}

/// Adds a person who has no password yet: the account, and the secret of the link on which one is chosen. None when there
/// is an account of that name, if only a disabled one.
///
/// # Errors
/// The database does not answer, or the system gives no randomness.
pub async fn invite(
    door: &Door,
    viewer: &Viewer,
    act: Act,
    sign_in: &str,
    told: Told,
) -> anyhow::Result<Option<(Account, String)>> {
    let now = door.now();
    let blank = Account {
        id: AccountId(door.clock.id()),
        sign_in: sign_in.to_owned(),
        full_name: String::new(),
        agency: String::new(),
        role: String::new(),
        area: String::new(),
        state: State::Invited,
        state_why: None,
        state_at: now,
        password_at: None,
        has_second_factor: false,
        made_at: now,
        made_by: viewer.name().to_owned(),
        used_at: None,
    };
    let account = told.apply(blank);
    let mut tx = door.db.begin().await?;
    tx.one_at_a_time("account").await?;
    if store::at_the_door(&mut tx, &account.sign_in).await?.is_some() {
        return Ok(None);
    }
    store::add(&mut tx, &account).await?;
    let secret = links::make(&mut tx, door, &account, Purpose::Invitation).await?;
    let entry = Entry::new(act).on(Resource::Account).about(account.id.0).with("invited", stated(&account));
    audit::store::commit(tx, door.clock, viewer, &entry).await?;
    Ok(Some((account, secret)))
}

/// Makes another link, to accept an invitation or to choose another password, and takes the second factor off if that
/// is asked for: what the link is for, and its secret.
///
/// # Errors
/// The database does not answer, or the system gives no randomness.
pub async fn make_link(
    door: &Door,
    viewer: &Viewer,
    act: Act,
    account: &Account,
    second_factor_off: bool,
) -> anyhow::Result<(Purpose, String)> {
    let purpose = if account.state == State::Invited { Purpose::Invitation } else { Purpose::Reset };
    let mut tx = door.db.begin().await?;
    let secret = links::make(&mut tx, door, account, purpose).await?;
    let mut entry = Entry::new(act).on(Resource::Account).about(account.id.0).with("link", purpose);
    if second_factor_off {
        store::set_second_factor(&mut tx, account.id, None, 0).await?;
        entry = entry.with("second_factor", "taken off");
    }
    audit::store::commit(tx, door.clock, viewer, &entry).await?;
    Ok((purpose, secret))
}

/// What the log keeps of who somebody is.
pub(super) fn stated(it: &Account) -> serde_json::Value {
    json!({
        "sign_in": it.sign_in, "full_name": it.full_name, "agency": it.agency, "role": it.role, "area": it.area,
    })
}
