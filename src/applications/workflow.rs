//! The workflow of the desk as data, and the state machine that it is: which steps lead on from where, what each asks,
//! and what it does to the license. Pure.

use std::collections::BTreeMap;

use super::letters::Letter;
use super::{Holder, Waits};
use crate::db::text_enum;
use crate::licenses::Status;

text_enum! {
    /// What a step does to the license.
    Effect {
        /// Nothing.
        None = "none",
        /// Gives it, for a term.
        Issue = "issue",
        /// Refuses it: of what was applied for nothing comes.
        Deny = "deny",
        /// Notes that nobody asks for it any more.
        Cancel = "cancel",
        /// Gives it a further term.
        Renew = "renew",
        /// Writes the name of the business anew.
        Amend = "amend",
        /// Gives it to another holder.
        Transfer = "transfer",
        /// Sets it aside for a time.
        Suspend = "suspend",
        /// Puts it in force again.
        Reinstate = "reinstate",
        /// Takes it away.
        Revoke = "revoke",
    }
}

text_enum! {
    /// When a step asks for a reason.
    Asks {
        /// Never.
        Never = "never",
        /// Always.
        Always = "asked",
        /// When the time for an appeal is over.
        IfLate = "if_late",
    }
}

text_enum! {
    /// What must be there before a step.
    Need {
        /// Every review passed, or not needed.
        Reviews = "reviews",
        /// The fee paid, or waived.
        Fee = "fee",
        /// No hold on the address.
        NoHold = "no_hold",
    }
}

text_enum! {
    /// What a step does to the agency's clock.
    Clock {
        /// It runs on, or stands still, as the state says.
        Goes = "goes",
        /// It begins anew.
        Restart = "restart",
        /// It runs once more as long.
        Extend = "extend",
    }
}

/// The agency that letters come from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Agency {
    /// Its name.
    pub name: String,
    /// Its address, a line each.
    pub lines: Vec<String>,
    /// Who signs.
    pub signed: String,
}

/// The agency's own clock.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ClockRule {
    /// Days from receipt.
    pub days: i64,
    /// So many days before the end it warns, the earliest first.
    pub warnings: Vec<i64>,
    /// The pack and rule of law that it follows.
    pub rule: (String, String),
}

/// Terms of licenses.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Terms {
    /// The type that a license of a business shows.
    pub business_type: String,
    /// The type that a license of a practitioner shows.
    pub practitioner_type: String,
    /// Months of a term of a business.
    pub business_months: u32,
    /// Months of a term of a practitioner.
    pub practitioner_months: u32,
    /// Days ahead at which the list of expiring licenses looks, the fewest first.
    pub reminders: Vec<i64>,
    /// Days for an appeal.
    pub appeal_days: i64,
}

/// A review that an application can need.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReviewKind {
    /// What people call it.
    pub label: String,
    /// Whose it is, unless somebody says otherwise.
    pub owner: String,
    /// Days from receipt.
    pub days: i64,
}

/// A state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct State {
    /// What people call it.
    pub label: String,
    /// For whom it waits.
    pub waits: Waits,
    /// Whether the agency's clock runs in it.
    pub clock: bool,
}

/// A step from one state to another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Transition {
    /// Its word, unique in its procedure.
    pub word: String,
    /// The states that it leads on from.
    pub from: Vec<String>,
    /// The state that it leads to.
    pub to: String,
    /// The words on its button.
    pub label: String,
    /// When it asks for a reason.
    pub reason: Asks,
    /// Only these roles may take it; none: whoever may change applications.
    pub roles: Vec<String>,
    /// What it does to the license.
    pub effect: Effect,
    /// Whether it puts a hold on the address.
    pub hold: bool,
    /// What must be there first.
    pub needs: Vec<Need>,
    /// Whether the time for an appeal begins.
    pub appeal: bool,
    /// Whether it asks for a last day.
    pub ends: bool,
    /// What it does to the agency's clock.
    pub clock: Clock,
    /// The letter that goes out.
    pub letter: Option<String>,
}

/// A procedure: what can be applied for, or ordered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Procedure {
    /// What people call it.
    pub label: String,
    /// Its place in lists.
    pub order: i64,
    /// Whose licenses it is for.
    pub holders: Vec<Holder>,
    /// The states of a license that it can begin from; none where it asks for a new one.
    pub of: Vec<Status>,
    /// The state that it begins in.
    pub begin: String,
    /// The reviews that it needs.
    pub reviews: Vec<String>,
    /// The same for a practitioner.
    pub practitioner_reviews: Vec<String>,
    /// Its steps.
    pub steps: Vec<Transition>,
}

/// The whole workflow.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Workflow {
    /// Whose letters these are.
    pub agency: Agency,
    /// The agency's own clock.
    pub clock: ClockRule,
    /// Terms of licenses.
    pub terms: Terms,
    /// The reviews, by word.
    pub reviews: BTreeMap<String, ReviewKind>,
    /// The states, by word.
    pub states: BTreeMap<String, State>,
    /// The procedures, by word.
    pub procedures: BTreeMap<String, Procedure>,
    /// The letters, by word.
    pub letters: BTreeMap<String, Letter>,
    /// SHA-256 of its file.
    pub hash: String,
}

impl Effect {
    /// Where a license stands after it, of where it stood before; none where there is none and none comes of it.
    pub fn follows(self, before: Option<Status>) -> Option<Status> {
        match self {
            Self::None | Self::Amend | Self::Transfer => before,
            Self::Issue | Self::Renew | Self::Reinstate => Some(Status::Active),
            Self::Deny => Some(Status::Denied),
            Self::Cancel => Some(Status::Canceled),
            Self::Suspend => Some(Status::Suspended),
            Self::Revoke => Some(Status::Revoked),
        }
    }

    /// Whether it is about a license that is still to come.
    pub fn is_of_new(self) -> bool {
        matches!(self, Self::Issue | Self::Deny | Self::Cancel)
    }
}

impl Procedure {
    /// Whether it asks for a license that does not exist yet.
    pub fn is_new(&self) -> bool {
        self.of.is_empty()
    }

    /// Whether the desk itself begins it: nobody applies and nobody reviews.
    pub fn is_order(&self) -> bool {
        !self.is_new() && self.reviews.is_empty()
    }

    /// The reviews that an application of such a holder needs.
    pub fn reviews_of(&self, holder: Holder) -> &[String] {
        match holder {
            Holder::Business => &self.reviews,
            Holder::Practitioner => &self.practitioner_reviews,
        }
    }

    /// The steps that lead on from a state, in the order of the file.
    pub fn steps_from<'a>(&'a self, state: &'a str) -> impl Iterator<Item = &'a Transition> {
        self.steps.iter().filter(move |it| it.from.iter().any(|from| from == state))
    }

    /// The step of that word, if it leads on from that state.
    pub fn step(&self, state: &str, word: &str) -> Option<&Transition> {
        self.steps.iter().find(|it| it.word == word && it.from.iter().any(|from| from == state))
    }
}

impl Transition {
    /// Whether someone in that role may take it; the operator and jobs have none.
    pub fn is_open_to(&self, role: &str) -> bool {
        self.roles.is_empty() || role.is_empty() || self.roles.iter().any(|it| it == role)
    }
}

impl Workflow {
    /// What people call a state; the word itself where it is none any more.
    pub fn state_label<'a>(&'a self, word: &'a str) -> &'a str {
        self.states.get(word).map_or(word, |it| &it.label)
    }

    /// What people call a procedure.
    pub fn procedure_label<'a>(&'a self, word: &'a str) -> &'a str {
        self.procedures.get(word).map_or(word, |it| &it.label)
    }

    /// What people call a review.
    pub fn review_label<'a>(&'a self, word: &'a str) -> &'a str {
        self.reviews.get(word).map_or(word, |it| &it.label)
    }

    /// What people call a step of a procedure: the words of its button.
    pub fn step_label<'a>(&'a self, procedure: &str, word: &'a str) -> &'a str {
        let step = self.procedures.get(procedure).and_then(|it| it.steps.iter().find(|it| it.word == word));
        step.map_or(word, |it| &it.label)
    }

    /// The procedures in the order of lists.
    pub fn in_order(&self) -> Vec<(&str, &Procedure)> {
        let mut all: Vec<_> = self.procedures.iter().map(|(word, it)| (word.as_str(), it)).collect();
        all.sort_by_key(|it| it.1.order);
        all
    }

    /// The procedures that can begin from a license of that holder in that state.
    pub fn open_to(&self, holder: Holder, status: Status) -> Vec<(&str, &Procedure)> {
        let fits = |it: &Procedure| it.holders.contains(&holder) && it.of.contains(&status);
        self.in_order().into_iter().filter(|it| fits(it.1)).collect()
    }

    /// For whom a state waits; a state that is none any more waits for us.
    pub fn waits(&self, state: &str) -> Waits {
        self.states.get(state).map_or(Waits::Agency, |it| it.waits)
    }

    /// Whether the agency's clock runs in a state.
    pub fn clock_runs(&self, state: &str) -> bool {
        self.states.get(state).is_some_and(|it| it.clock)
    }

    /// Months of a term.
    pub fn months(&self, holder: Holder) -> u32 {
        match holder {
            Holder::Business => self.terms.business_months,
            Holder::Practitioner => self.terms.practitioner_months,
        }
    }

    /// The type that a license shows.
    pub fn license_type(&self, holder: Holder) -> &str {
        match holder {
            Holder::Business => &self.terms.business_type,
            Holder::Practitioner => &self.terms.practitioner_type,
        }
    }

    /// The letter that goes out with a step of a procedure.
    pub fn letter_of(&self, procedure: &str, step: &str) -> Option<&str> {
        let step = self.procedures.get(procedure)?.steps.iter().find(|it| it.word == step)?;
        step.letter.as_deref()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::knowledge::Library;

    fn shipped() -> Workflow {
        Workflow::read(&Library::open(None).unwrap()).unwrap()
    }

    #[test]
    fn a_step_is_there_only_from_its_states() {
        let workflow = shipped();
        let application = &workflow.procedures["application"];

        assert!(application.step("in_review", "issue").is_some());
        assert!(application.step("received", "issue").is_none(), "nothing is issued without a review");
        assert!(application.step("withdrawn", "appeal").is_none());
        assert_eq!(
            application.steps_from("denied").map(|it| it.word.as_str()).collect::<Vec<_>>(),
            ["appeal"]
        );
    }

    #[test]
    fn some_steps_are_for_some_roles_only() {
        let workflow = shipped();
        let revoke = workflow.procedures["revocation"].step("proposed", "revoke").unwrap();

        assert!(revoke.is_open_to("supervisor") && revoke.is_open_to("") && !revoke.is_open_to("licensing"));
        assert!(revoke.hold && revoke.appeal);
    }

    #[test]
    fn what_can_begin_follows_from_where_the_license_stands() {
        let workflow = shipped();
        let words = |holder, status| {
            workflow.open_to(holder, status).into_iter().map(|it| it.0.to_owned()).collect::<Vec<_>>()
        };

        assert_eq!(words(Holder::Business, Status::Revoked), Vec::<String>::new());
        assert_eq!(words(Holder::Business, Status::Expired), ["renewal", "revocation", "emergency_closure"]);
        assert!(!words(Holder::Practitioner, Status::Active).contains(&"emergency_closure".to_owned()));
    }

    proptest! {
        /// No sequence of permitted steps leaves the states, and where the license stands always follows from the last
        /// effect upon it.
        #[test]
        fn steps_never_leave_the_states_and_the_license_follows(
            which in 0_usize..7,
            choices in proptest::collection::vec(0_usize..16, 0..40),
        ) {
            let workflow = shipped();
            let (_, procedure) = workflow.in_order()[which];
            let (mut state, mut status) = (procedure.begin.clone(), procedure.of.first().copied());
            for choice in choices {
                let steps: Vec<_> = procedure.steps_from(&state).collect();
                if steps.is_empty() {
                    prop_assert_eq!(workflow.waits(&state), Waits::Nobody, "{} waits and has no way out", state);
                    break;
                }
                let step = steps[choice % steps.len()].clone();
                let before = status;
                state.clone_from(&step.to);
                status = step.effect.follows(status);
                prop_assert!(workflow.states.contains_key(&state));
                prop_assert_eq!(status == before || step.effect != Effect::None, true);
                if state == "issued" || state == "granted" || state == "lifted" || state == "set_aside" {
                    prop_assert_eq!(status, Some(Status::Active));
                }
                if state == "suspended" || state == "closed" {
                    prop_assert_eq!(status, Some(Status::Suspended));
                }
                if state == "revoked" {
                    prop_assert_eq!(status, Some(Status::Revoked));
                }
            }
        }
    }
}
