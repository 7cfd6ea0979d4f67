//! `foca user`: invites, lists, disables and releases people from the server's own keyboard. Each act is logged as the
//! operator's.

use std::io::Write;
use std::sync::Arc;

use anyhow::Context;

use crate::accounts::door::Door;
use crate::accounts::people::{self, Told};
use crate::accounts::{Account, State, links, sign_in, store};
use crate::app::App;
use crate::audit::{self, Act, Entry};
use crate::rights::{Reach, Resource, Viewer};
use crate::web::format;

#[derive(Debug, clap::Subcommand)]
pub(super) enum User {
    /// Invite a person: prints a link that works once, on which the person chooses a password.
    Add(Add),
    /// List the people who may sign in.
    List,
    /// Disable an account: its sessions and tokens end, and nobody signs in with it any more.
    Disable {
        /// The work email with which the person signs in.
        name: String,
        /// Why, for who reads it later.
        #[arg(long, value_name = "REASON")]
        why: String,
    },
    /// Release an account that is locked after too many failures.
    Unlock {
        /// The work email with which the person signs in.
        name: String,
    },
    /// Print a link that works once, on which the person chooses another password.
    Reset {
        /// The work email with which the person signs in.
        name: String,
        /// Take the second factor off as well, for who has lost the phone.
        #[arg(long)]
        second_factor: bool,
    },
}

#[derive(Debug, clap::Args)]
pub(super) struct Add {
    /// The work email with which the person signs in.
    #[arg(long, value_name = "EMAIL", value_parser = people::sign_in_name)]
    sign_in: String,
    /// The name as people say it.
    #[arg(long, value_parser = filled)]
    name: String,
    /// The agency that the person works for.
    #[arg(long, value_parser = filled)]
    agency: String,
    /// The word of a role in data/roles.toml, such as investigator or administrator.
    #[arg(long)]
    role: String,
    /// The part of the state: state, county:NAME or city:NAME.
    #[arg(long, default_value = "state", value_parser = Reach::parse)]
    area: Reach,
}

fn filled(text: &str) -> Result<String, &'static str> {
    let text = text.trim();
    if text.is_empty() || text.contains(char::is_control) {
        Err("it cannot be empty")
    } else {
        Ok(text.to_owned())
    }
}

/// Runs one of the subcommands.
///
/// # Errors
/// There is no such account or role, the account is not in a state for it, or the database does not answer.
pub(super) async fn run(app: &App, command: &User) -> anyhow::Result<()> {
    let serve = Arc::clone(&app.serve);
    let door = Door::inside(app.db.clone(), app.clock, app.accounts.clone(), serve, app.frame.demo);
    match command {
        User::Add(add) => invite(&door, add).await,
        User::List => list(app, &door).await,
        User::Disable { name, why } => disable(&door, name, why).await,
        User::Unlock { name } => unlock(&door, name).await,
        User::Reset { name, second_factor } => reset(&door, name, *second_factor).await,
    }
}

async fn invite(door: &Door, add: &Add) -> anyhow::Result<()> {
    let roles = door.accounts.roles();
    if roles.get(&add.role).is_none() {
        let words: Vec<&str> = roles.all().map(|it| it.0).collect();
        anyhow::bail!("there is no role {}; there are: {}", add.role, words.join(", "));
    }
    let told = Told {
        full_name: add.name.clone(),
        agency: add.agency.clone(),
        role: add.role.clone(),
        area: add.area.clone(),
    };
    let made = people::invite(door, &Viewer::operator(), Act::Operate, &add.sign_in, told).await?;
    let (account, secret) = made.with_context(|| {
        format!(
            "there is an account {} already; a name is never given again, see foca user list",
            add.sign_in
        )
    })?;
    writeln!(std::io::stdout(), "{} is invited as {}", account.sign_in, account.role)?;
    tell_link(door, &secret)
}

async fn list(app: &App, door: &Door) -> anyhow::Result<()> {
    let accounts = store::list(&door.db, &Viewer::operator()).await?;
    let head = ["SIGN-IN", "NAME", "ROLE", "AREA", "STATE", "LAST USED"].map(str::to_owned);
    let last_used = |it: &Account| it.used_at.map(|at| format::day_and_time(at.at(), &app.frame.zone));
    let row = |it: &Account| {
        let used = last_used(it).unwrap_or_else(|| "never".to_owned());
        [
            it.sign_in.clone(),
            it.full_name.clone(),
            it.role.clone(),
            it.area.clone(),
            it.state.to_string(),
            used,
        ]
    };
    let rows: Vec<[String; 6]> = std::iter::once(head).chain(accounts.iter().map(row)).collect();
    let mut out = std::io::stdout();
    for line in aligned(&rows) {
        writeln!(out, "{line}")?;
    }
    Ok(())
}

/// The rows as lines, each column as wide as its longest value.
fn aligned<const N: usize>(rows: &[[String; N]]) -> Vec<String> {
    let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or_default();
    let widths: [usize; N] = std::array::from_fn(width);
    let line = |row: &[String; N]| {
        let cells: Vec<String> = row.iter().zip(widths).map(|(it, width)| format!("{it:<width$}")).collect();
        cells.join("  ").trim_end().to_owned()
    };
    rows.iter().map(line).collect()
}

async fn disable(door: &Door, name: &str, why: &str) -> anyhow::Result<()> {
    let account = find(door, name).await?;
    anyhow::ensure!(account.state != State::Disabled, "{} is disabled already", account.sign_in);
    let mut tx = door.db.begin().await?;
    sign_in::disable(&mut tx, account.id, why, door.now()).await?;
    let entry = entry(&account).with("disabled", why).with("before", account.state);
    audit::store::commit(tx, door.clock, &Viewer::operator(), &entry).await?;
    writeln!(std::io::stdout(), "{} is disabled; its sessions and tokens have ended", account.sign_in)?;
    Ok(())
}

async fn unlock(door: &Door, name: &str) -> anyhow::Result<()> {
    let account = find(door, name).await?;
    anyhow::ensure!(
        account.state != State::Disabled,
        "{} is disabled, not locked: an administrator enables it on the page People; where none can sign in, invite one \
         with foca user add",
        account.sign_in
    );
    let is_locked = account.state == State::Locked;
    let mut tx = door.db.begin().await?;
    if is_locked {
        store::set_state(&mut tx, account.id, State::Active, None, door.now()).await?;
    }
    store::forget_failures(&mut tx, account.id).await?;
    let entry = entry(&account).with("unlocked", is_locked);
    audit::store::commit(tx, door.clock, &Viewer::operator(), &entry).await?;
    let said = if is_locked { "is released" } else { "was not locked; its failures so far are forgotten" };
    writeln!(std::io::stdout(), "{} {said}", account.sign_in)?;
    Ok(())
}

async fn reset(door: &Door, name: &str, second_factor: bool) -> anyhow::Result<()> {
    let account = find(door, name).await?;
    anyhow::ensure!(
        account.state != State::Disabled,
        "{} is disabled: an administrator enables it first, on the page People",
        account.sign_in
    );
    let operator = Viewer::operator();
    let (_, secret) = people::make_link(door, &operator, Act::Operate, &account, second_factor).await?;
    if second_factor {
        writeln!(std::io::stdout(), "the second factor of {} is off", account.sign_in)?;
    }
    tell_link(door, &secret)
}

async fn find(door: &Door, name: &str) -> anyhow::Result<Account> {
    let found = store::at_the_door(&door.db, &sign_in::tidied(name)).await?;
    found.with_context(|| format!("there is no account {name}; see foca user list"))
}

fn entry(account: &Account) -> Entry {
    Entry::new(Act::Operate).on(Resource::Account).about(account.id.0)
}

fn tell_link(door: &Door, secret: &str) -> anyhow::Result<()> {
    let (address, path) = (door.serve.address(), links::path(secret));
    let hours = door.accounts.policy().link().num_hours();
    writeln!(std::io::stdout(), "hand this over in person or by phone; it works once, for {hours} hours:")?;
    writeln!(std::io::stdout(), "{address}{path}")?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_stand_below_each_other() {
        let rows = [["NAME", "ROLE"], ["Zoë Å.", "analyst"], ["K. Novak-Lindqvist", ""]];

        let lines = aligned(&rows.map(|row| row.map(str::to_owned)));

        assert_eq!(lines, ["NAME                ROLE", "Zoë Å.              analyst", "K. Novak-Lindqvist"]);
    }

    #[test]
    fn a_name_is_not_empty() {
        assert_eq!(filled(" A. Velden "), Ok("A. Velden".to_owned()));
        assert!(filled("  ").is_err() && filled("a\nb").is_err());
    }
}
