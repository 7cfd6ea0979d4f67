//! `data/sign_in.toml`: how long sessions last, what a password must be, what is said before access.

use chrono::TimeDelta;
use serde::Deserialize;

use crate::db::text_enum;
use crate::knowledge::Library;

text_enum! {
    /// Whether people need a second factor.
    SecondFactor {
        /// Nobody comes in without.
        Required = "required",
        /// Who sets one up is asked for it.
        Offered = "offered",
    }
}

/// The rules of signing in; the file says what each means.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Policy {
    /// Content is hidden after so many minutes without a request.
    pub idle_minutes: u16,
    disconnect_minutes: u16,
    session_hours: u16,
    confirm_minutes: u16,
    /// So many failures lock an account.
    pub failures: u16,
    failure_minutes: u16,
    /// So many attempts within the same time may come from one address.
    pub attempts_per_address: std::num::NonZeroU32,
    unused_days: u16,
    link_hours: u16,
    /// The fewest characters of a password.
    pub password_min: usize,
    /// The most characters of a password.
    pub password_max: usize,
    password_days: u16,
    /// Words that no password may be made of.
    pub blocked: Vec<String>,
    /// Whether people need a second factor.
    pub second_factor: SecondFactor,
    /// The longest life of a token, in days.
    pub token_days: u16,
    /// What is said before access.
    pub banner: Banner,
}

/// What is said before access, and acknowledged.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Banner {
    /// Its heading.
    pub title: String,
    /// Its paragraphs.
    pub text: Vec<String>,
}

impl Policy {
    /// Reads `sign_in.toml`.
    ///
    /// # Errors
    /// The file is absent or does not fit, or a number in it would lock everybody out or let anybody in.
    pub fn read(library: &Library) -> anyhow::Result<Self> {
        let policy: Self = library.parse("sign_in.toml")?;
        let times = [
            policy.idle_minutes,
            policy.disconnect_minutes,
            policy.session_hours,
            policy.confirm_minutes,
            policy.failures,
        ];
        let more = [
            policy.failure_minutes,
            policy.unused_days,
            policy.link_hours,
            policy.password_days,
            policy.token_days,
        ];
        anyhow::ensure!(
            times.iter().chain(&more).all(|it| *it > 0),
            "data/sign_in.toml: each number must be at least 1"
        );
        anyhow::ensure!(
            policy.password_min >= 8 && policy.password_max >= 64,
            "data/sign_in.toml: password_min must be at least 8 and password_max at least 64 (NIST SP 800-63B)"
        );
        Ok(policy)
    }

    /// Content is hidden after so long without a request.
    pub fn idle(&self) -> TimeDelta {
        TimeDelta::minutes(self.idle_minutes.into())
    }

    /// A session whose content is hidden ends after so long without a request.
    pub fn disconnect(&self) -> TimeDelta {
        TimeDelta::minutes(self.disconnect_minutes.into())
    }

    /// A session ends for good after so long.
    pub fn session(&self) -> TimeDelta {
        TimeDelta::hours(self.session_hours.into())
    }

    /// So long the password counts as just given.
    pub fn confirmed(&self) -> TimeDelta {
        TimeDelta::minutes(self.confirm_minutes.into())
    }

    /// Failures are counted over so long.
    pub fn failure_window(&self) -> TimeDelta {
        TimeDelta::minutes(self.failure_minutes.into())
    }

    /// An account unused for so long is disabled.
    pub fn unused(&self) -> TimeDelta {
        TimeDelta::days(self.unused_days.into())
    }

    /// A link works for so long.
    pub fn link(&self) -> TimeDelta {
        TimeDelta::hours(self.link_hours.into())
    }

    /// A password is to be changed after so long.
    pub fn password_age(&self) -> TimeDelta {
        TimeDelta::days(self.password_days.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_built_in_rules_are_those_of_the_security_policy() {
        let policy = Policy::read(&Library::open(None).unwrap()).unwrap();

        assert_eq!(policy.idle(), TimeDelta::minutes(30));
        assert_eq!(policy.session(), TimeDelta::hours(12));
        assert_eq!((policy.failures, policy.failure_window()), (5, TimeDelta::minutes(15)));
        assert_eq!(policy.unused(), TimeDelta::days(90));
        assert_eq!(policy.password_min, 8);
        assert_eq!(policy.second_factor, SecondFactor::Required);
        assert_eq!(policy.banner.text.len(), 4);
    }
}
