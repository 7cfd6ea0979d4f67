//! The people who may sign in: accounts, sessions, tokens, and the way in.
//!
//! A session begins with the right password and reaches the records in steps ([`Stage`]): the second factor, then the
//! banner. Passkeys would be a further way through [`second_factor`]; single sign-on a further way to [`sessions::begin`].

use std::num::NonZeroU32;
use std::sync::Arc;

use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};

use crate::clock::Stamp;
use crate::db::text_enum;
use crate::knowledge::Library;
use crate::rights::class::Classes;
use crate::rights::role::Roles;
use crate::rights::{AccountId, Reach};

pub mod demo;
pub mod door;
pub mod extract;
pub mod links;
pub mod pages;
pub mod password;
pub mod people;
pub mod people_pages;
pub mod people_views;
pub mod policy;
pub mod profile_pages;
pub mod profile_views;
pub mod second_factor;
pub mod secret;
pub mod sessions;
pub mod sign_in;
pub mod store;
pub mod tokens;
pub mod views;

use policy::Policy;

text_enum! {
    /// Whether an account may be used.
    State {
        /// Its person has not chosen a password yet.
        Invited = "invited",
        /// In use.
        Active = "active",
        /// After too many failures; an administrator releases it.
        Locked = "locked",
        /// Not to be used any more, or not for now.
        Disabled = "disabled",
    }
}

text_enum! {
    /// How far a session has come.
    Stage {
        /// The password was right.
        Password = "password",
        /// So was the second factor, where there is one.
        Proved = "proved",
        /// The banner was acknowledged: the session reaches what its role allows.
        Open = "open",
    }
}

text_enum! {
    /// What a link is for.
    Purpose {
        /// To choose the first password.
        Invitation = "invitation",
        /// To choose another password.
        Reset = "reset",
    }
}

/// A person who may sign in, without anything secret.
#[derive(Clone, Debug, PartialEq, serde::Serialize, sqlx::FromRow)]
pub struct Account {
    /// Never given to anybody else.
    pub id: AccountId,
    /// What the person types to sign in, in lower case: a work e-mail address. Never given to anybody else, either.
    pub sign_in: String,
    /// As people say it.
    pub full_name: String,
    /// The agency that the person works for.
    pub agency: String,
    /// The word of a role.
    pub role: String,
    /// The part of the state: `state`, `county:NAME`, `city:NAME`.
    pub area: String,
    /// Whether it may be used.
    pub state: State,
    /// Why it may not.
    pub state_why: Option<String>,
    /// Since when.
    pub state_at: Stamp,
    /// When the password was chosen.
    pub password_at: Option<Stamp>,
    /// Whether a second factor is set up.
    pub has_second_factor: bool,
    /// When it was made.
    pub made_at: Stamp,
    /// By whom.
    pub made_by: String,
    /// When it was last used to sign in.
    pub used_at: Option<Stamp>,
}

impl Account {
    /// The part of the state; one that cannot be read is a city that does not exist, where nobody sees anything.
    pub fn reach(&self) -> Reach {
        Reach::parse(&self.area).unwrap_or_else(|_| Reach::City(String::new()))
    }

    /// Whether nobody has used it for longer than the rules allow.
    pub fn is_unused(&self, now: Stamp, policy: &Policy) -> bool {
        let last = self.used_at.unwrap_or(self.made_at).max(self.state_at);
        self.state == State::Active && last.age(now) > policy.unused()
    }
}

/// What signing in rests on: the rules, the roles, and the count of attempts from each address.
#[derive(Clone, Debug)]
pub struct Accounts(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    policy: Policy,
    roles: Roles,
    classes: Classes,
    attempts: DefaultKeyedRateLimiter<String>,
}

impl Accounts {
    /// Reads the rules and the roles.
    ///
    /// # Errors
    /// A file of `data/` has a flaw, named with its line.
    pub fn read(library: &Library) -> anyhow::Result<Self> {
        let classes = Classes::read(library)?;
        let (policy, roles) = (Policy::read(library)?, Roles::read(library, &classes)?);
        let period = policy.failure_window().to_std()?;
        let each = period / policy.attempts_per_address.get();
        let quota = Quota::with_period(each).unwrap_or(Quota::per_minute(NonZeroU32::MIN));
        let attempts = RateLimiter::keyed(quota.allow_burst(policy.attempts_per_address));
        Ok(Self(Arc::new(Inner { policy, roles, classes, attempts })))
    }

    /// The rules of signing in.
    pub fn policy(&self) -> &Policy {
        &self.0.policy
    }

    /// The roles.
    pub fn roles(&self) -> &Roles {
        &self.0.roles
    }

    /// The class of each field.
    pub fn classes(&self) -> &Classes {
        &self.0.classes
    }

    /// Counts an attempt from that address; whether it may be made.
    pub fn may_try(&self, address: Option<&str>) -> bool {
        // What has fallen out of every window need not be remembered.
        if self.0.attempts.len() > 10_000 {
            self.0.attempts.retain_recent();
        }
        self.0.attempts.check_key(&address.unwrap_or_default().to_owned()).is_ok()
    }
}
