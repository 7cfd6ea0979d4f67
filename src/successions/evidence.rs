//! What a closed site and one that opened have in common, and what that weighs: kept with each proposal, so that a person
//! can read why.

use std::fmt::{self, Display, Formatter, Write as _};
use std::str::FromStr;

use crate::db::text_enum;

text_enum! {
    /// What was compared.
    Reason {
        /// A licensee, owner or operator of both.
        Principal = "principal",
        /// A manager of both.
        Manager = "manager",
        /// A phone number of both.
        Phone = "phone",
        /// Names that agree in rare words.
        Name = "name",
        /// Names that sound alike.
        LookAlike = "look_alike",
        /// The landlord of both.
        Landlord = "landlord",
        /// The same building and unit.
        SamePremises = "same_premises",
        /// Another unit of the same building.
        SameBuilding = "same_building",
        /// At most 50 m away.
        NextDoor = "next_door",
        /// The time between the two.
        Days = "days",
        /// Another kind of the same group.
        OtherKind = "other_kind",
        /// How the first one ended.
        Ending = "ending",
    }
}

/// One reason, weighed.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Weighed {
    /// Which.
    pub reason: Reason,
    /// What it weighs, in hundredths of a bit; less than nothing counts against.
    pub weight: i32,
    /// How many sites share it, these two among them; 0 where nothing is shared.
    pub sites: u32,
}

/// All reasons of one pair. As text: `principal+690/2 days+200/0`.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Evidence(pub Vec<Weighed>);

/// A text that is no evidence.
#[derive(Debug, thiserror::Error)]
#[error("no evidence of a succession: {0:?}")]
pub struct Unreadable(String);

/// Lighter reasons than this do not count as a reason of their own, in hundredths of a bit.
const COUNTS: i32 = 150;
/// A principal of both is enough by itself from this weight on.
const STRONG: i32 = 300;
/// A phone number that hardly any other site has is, too, from this weight on, if the time fits: a number goes on with
/// whoever answers it. Nothing tells such a number from one that was given out again but the days between.
const STRONG_PHONE: i32 = 600;

impl Evidence {
    /// The weight of all reasons, in hundredths of a bit.
    pub fn weight(&self) -> i32 {
        self.0.iter().map(|it| it.weight).sum()
    }

    /// Whether it may be proposed at all, however likely: one strong reason and the same kind, or two that do not follow
    /// from each other. A new tenant, a landlord, or a name that many bear is never enough.
    pub fn is_enough(&self) -> bool {
        let of = |reasons: &[Reason]| {
            self.0.iter().filter(|it| reasons.contains(&it.reason)).map(|it| it.weight).max().unwrap_or(0)
        };
        let same_kind = !self.0.iter().any(|it| it.reason == Reason::OtherKind);
        let phone = of(&[Reason::Phone]) >= STRONG_PHONE && of(&[Reason::Days]) > 0;
        if same_kind && (phone || of(&[Reason::Principal]) >= STRONG) {
            return true;
        }
        // Landlord and place stand in one group: who takes the rooms next door has the same landlord without meaning it.
        let groups: [&[Reason]; 5] = [
            &[Reason::Principal],
            &[Reason::Manager],
            &[Reason::Phone],
            &[Reason::Name, Reason::LookAlike],
            &[Reason::Landlord, Reason::SamePremises, Reason::SameBuilding, Reason::NextDoor],
        ];
        groups.iter().filter(|it| of(it) >= COUNTS).count() >= 2
    }

    /// Why, as people read it, one clause a reason, without any weight.
    pub fn sentences(&self) -> Vec<String> {
        self.0.iter().filter_map(Weighed::sentence).collect()
    }
}

impl Weighed {
    /// One clause; none for what only shades the rest.
    fn sentence(&self) -> Option<String> {
        let shared = match self.sites {
            0..=2 => "no other site has it".to_owned(),
            n => format!("{n} sites have it"),
        };
        Some(match self.reason {
            Reason::Principal => format!("the same licensee, owner or operator ({})", behind(self.sites)),
            Reason::Manager => format!("the same manager ({})", behind(self.sites)),
            Reason::Phone => format!("the same phone number ({shared})"),
            Reason::Name => "names that agree in rare words".to_owned(),
            Reason::LookAlike => "names that look or sound alike".to_owned(),
            Reason::Landlord => format!("the same landlord ({})", behind(self.sites)),
            Reason::SamePremises => "the same premises".to_owned(),
            Reason::SameBuilding => "another unit of the same building".to_owned(),
            Reason::NextDoor => "within 50 m".to_owned(),
            Reason::OtherKind => "of a related kind, not the same".to_owned(),
            Reason::Days if self.weight < 0 => "but the time between them speaks against it".to_owned(),
            Reason::Days | Reason::Ending => return None,
        })
    }
}

fn behind(sites: u32) -> String {
    match sites {
        0..=2 => "behind these two sites only".to_owned(),
        n => format!("behind {n} sites"),
    }
}

impl Display for Evidence {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        self.0.iter().enumerate().try_for_each(|(at, it)| {
            if at > 0 {
                f.write_char(' ')?;
            }
            write!(f, "{}{:+}/{}", it.reason.as_str(), it.weight, it.sites)
        })
    }
}

impl FromStr for Evidence {
    type Err = Unreadable;

    fn from_str(text: &str) -> Result<Self, Unreadable> {
        let one = |word: &str| {
            let (reason, rest) = word.split_at(word.find(['+', '-'])?);
            let (weight, sites) = rest.split_once('/')?;
            Some(Weighed {
                reason: reason.parse().ok()?,
                weight: weight.parse().ok()?,
                sites: sites.parse().ok()?,
            })
        };
        let words = text.split_whitespace().map(one);
        words.collect::<Option<Vec<_>>>().map(Self).ok_or_else(|| Unreadable(text.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::{Evidence, Reason, Weighed};

    fn evidence(reasons: &[(Reason, i32)]) -> Evidence {
        Evidence(reasons.iter().map(|&(reason, weight)| Weighed { reason, weight, sites: 2 }).collect())
    }

    #[test]
    fn evidence_survives_being_written() {
        let sample = evidence(&[(Reason::SamePremises, 180), (Reason::Phone, 700), (Reason::Days, -250)]);

        assert_eq!(sample.to_string(), "same_premises+180/2 phone+700/2 days-250/2");
        assert_eq!(sample.to_string().parse::<Evidence>().unwrap(), sample);
        for wrong in ["phone", "phone+7", "telephone+7/2", "phone+x/2"] {
            assert!(wrong.parse::<Evidence>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn one_thing_in_common_is_never_enough_but_for_whose_business_it_is_or_who_answers_in_time() {
        let late = (Reason::Days, 0);
        for alone in [
            Reason::Name,
            Reason::LookAlike,
            Reason::Phone,
            Reason::Landlord,
            Reason::SamePremises,
            Reason::NextDoor,
            Reason::Manager,
        ] {
            assert!(!evidence(&[(alone, 2_000), late]).is_enough(), "{alone}");
        }
        assert!(!evidence(&[(Reason::SamePremises, 2_000), (Reason::Days, 200)]).is_enough());
        assert!(evidence(&[(Reason::Phone, 750), (Reason::Days, 200)]).is_enough());
        assert!(!evidence(&[(Reason::Phone, 400), (Reason::Days, 200)]).is_enough(), "a number of many");
        assert!(evidence(&[(Reason::Principal, 700)]).is_enough());
        assert!(!evidence(&[(Reason::Principal, 700), (Reason::OtherKind, -100)]).is_enough());
        assert!(!evidence(&[(Reason::Principal, 200)]).is_enough(), "behind many sites");
    }

    #[test]
    fn two_that_follow_from_each_other_are_one() {
        assert!(!evidence(&[(Reason::SamePremises, 200), (Reason::Landlord, 300)]).is_enough());
        assert!(!evidence(&[(Reason::Name, 600), (Reason::LookAlike, 500)]).is_enough());
        assert!(evidence(&[(Reason::SamePremises, 200), (Reason::Name, 600)]).is_enough());
        assert!(!evidence(&[(Reason::SamePremises, 200), (Reason::Name, 100)]).is_enough(), "a common name");
    }

    #[test]
    fn reasons_read_as_clauses_without_weights() {
        let told =
            evidence(&[(Reason::Phone, 700), (Reason::Days, 200), (Reason::NextDoor, 150)]).sentences();

        assert_eq!(told, ["the same phone number (no other site has it)", "within 50 m"]);
    }
}
