//! The form in which a person decides. Pure.

use super::{State, Succession};
use crate::clock::Moment;
use crate::db::text_enum;
use crate::rights::Viewer;
use crate::web::extract::Params;
use crate::web::filled::{Filled, Flaws};

text_enum! {
    /// What a person decides.
    Decision {
        /// It is a succession.
        Confirm = "confirm",
        /// It is none.
        Reject = "reject",
        /// The decision before was wrong, or too early.
        TakeBack = "take_back",
    }
}

/// A decision and its reason.
#[derive(Clone, Debug, PartialEq)]
pub struct Decided {
    /// Which.
    pub decision: Decision,
    /// Why.
    pub why: String,
}

impl Decision {
    /// Those that can be made now.
    pub fn open_to(it: &Succession) -> &'static [Self] {
        match it.state {
            // The catalog itself says it: the site is what must be corrected.
            State::Confirmed if it.model == super::MOVED => &[],
            State::Proposed => &[Self::Confirm, Self::Reject],
            State::Confirmed | State::Rejected => &[Self::TakeBack],
        }
    }

    /// How people say it.
    pub fn label(self) -> &'static str {
        match self {
            Self::Confirm => "Confirm: it is the same business that goes on",
            Self::Reject => "Reject: it is another business",
            Self::TakeBack => "Take the decision back",
        }
    }

    fn state(self) -> State {
        match self {
            Self::Confirm => State::Confirmed,
            Self::Reject => State::Rejected,
            Self::TakeBack => State::Proposed,
        }
    }
}

/// What was decided of `it`.
///
/// # Errors
/// All that is to be mended.
pub fn read(params: &Params, it: &Succession) -> Result<Decided, Flaws> {
    let mut form = Filled::new(params);
    let decision = form.chosen::<Decision>("decision", "Choose what you decide.");
    if decision.is_some_and(|decision| !Decision::open_to(it).contains(&decision)) {
        form.flaws.add("decision", "This cannot be decided now; see below what can.");
    }
    let before = form.flaws.pairs().len();
    let why = form.free_text("why");
    if why.is_none() && form.flaws.pairs().len() == before {
        form.flaws.add("why", "Say why, in a sentence: others will rely on it.");
    }
    match decision.zip(why) {
        Some((decision, why)) if form.flaws.is_empty() => Ok(Decided { decision, why }),
        _ => Err(form.flaws),
    }
}

impl Decided {
    /// The next version.
    pub fn apply(self, it: &Succession, viewer: &Viewer, now: Moment) -> Succession {
        Succession {
            version: it.version + 1,
            recorded_at: now,
            state: self.decision.state(),
            decided_by: viewer.actor().account,
            decided_name: Some(viewer.name().to_owned()),
            decided_at: Some(now),
            why: self.why.into(),
            ..it.clone()
        }
    }
}
