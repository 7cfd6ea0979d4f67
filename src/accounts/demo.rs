//! The invented people of the demonstration: one for each role, with a password that everybody may know.

use super::door::Door;
use super::{Account, State, password, store};
use crate::audit::{self, Act, Entry};
use crate::rights::{AccountId, Resource, Viewer};

/// The password of all of them.
pub const PASSWORD: &str = "demonstration only";

/// An invented person.
#[derive(Clone, Copy, Debug)]
pub struct Person {
    /// The word of the role.
    pub role: &'static str,
    /// What is typed to sign in.
    pub sign_in: &'static str,
    /// As people say it.
    pub full_name: &'static str,
    /// The agency.
    pub agency: &'static str,
}

/// One for each role.
pub const PEOPLE: [Person; 7] = [
    Person {
        role: "investigator",
        sign_in: "m.okafor@demo.example",
        full_name: "M. Okafor",
        agency: "State Task Force",
    },
    Person {
        role: "licensing",
        sign_in: "j.lindqvist@demo.example",
        full_name: "J. Lindqvist",
        agency: "Licensing Office",
    },
    Person {
        role: "analyst",
        sign_in: "t.yang@demo.example",
        full_name: "T. Yang",
        agency: "State Task Force",
    },
    Person {
        role: "supervisor",
        sign_in: "a.velden@demo.example",
        full_name: "A. Velden",
        agency: "State Task Force",
    },
    Person {
        role: "partner",
        sign_in: "r.castillo@demo.example",
        full_name: "R. Castillo",
        agency: "Advocates' Network",
    },
    Person {
        role: "auditor",
        sign_in: "s.warsame@demo.example",
        full_name: "S. Warsame",
        agency: "State Auditor",
    },
    Person {
        role: "administrator",
        sign_in: "k.novak@demo.example",
        full_name: "K. Novak",
        agency: "State Task Force",
    },
];

/// The invented person of a role.
pub fn person_of(role: &str) -> Option<&'static Person> {
    PEOPLE.iter().find(|it| it.role == role)
}

/// Adds those who are not there yet; how many.
///
/// # Errors
/// The database does not answer.
pub async fn make(door: &Door) -> anyhow::Result<usize> {
    let hash = password::hash(PASSWORD.to_owned()).await?;
    let (viewer, now) = (Viewer::system("demonstration"), door.now());
    let mut n_made = 0;
    for it in PEOPLE {
        if store::at_the_door(&door.db, it.sign_in).await?.is_some() {
            continue;
        }
        let account = Account {
            id: AccountId(door.clock.id()),
            sign_in: it.sign_in.to_owned(),
            full_name: it.full_name.to_owned(),
            agency: it.agency.to_owned(),
            role: it.role.to_owned(),
            area: "state".to_owned(),
            state: State::Active,
            state_why: None,
            state_at: now,
            password_at: None,
            has_second_factor: false,
            made_at: now,
            made_by: "demonstration".to_owned(),
            used_at: None,
        };
        let mut tx = door.db.begin().await?;
        store::add(&mut tx, &account).await?;
        store::set_password(&mut tx, account.id, &hash, now).await?;
        let entry =
            Entry::new(Act::Administer).on(Resource::Account).about(account.id.0).with("invented", it.role);
        audit::store::commit(tx, door.clock, &viewer, &entry).await?;
        n_made += 1;
    }
    Ok(n_made)
}
