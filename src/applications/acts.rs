//! What a step at the desk is taken with: by whom, when, by which workflow, and what was said.

use std::sync::Arc;

use chrono::NaiveDate;
use chrono_tz::Tz;

use super::Application;
use super::parts::StepId;
use super::workflow::Workflow;
use crate::accounts::Accounts;
use crate::areas;
use crate::clock::{Clock, Moment};
use crate::compliance::kind::Kind;
use crate::compliance::packs::Packs;
use crate::db::{self, Db};
use crate::licenses::License;
use crate::records;
use crate::rights::Viewer;
use crate::sites::Kinds;

/// Who acts, when, and by which workflow.
#[derive(Clone, Copy, Debug)]
pub struct Desk<'a> {
    /// The workflow.
    pub workflow: &'a Workflow,
    /// Which city and county a point lies in.
    pub areas: &'a areas::snapshot::Snapshot,
    /// Who acts.
    pub viewer: &'a Viewer,
    /// Where ids come from.
    pub clock: Clock,
    /// When it becomes known.
    pub now: Moment,
    /// The day of it, in the agency's zone.
    pub today: NaiveDate,
}

/// What the pages of the desk work with.
#[derive(Clone, Debug)]
pub struct Office {
    /// The database.
    pub db: Db,
    /// The time.
    pub clock: Clock,
    /// The workflow.
    pub workflow: Arc<Workflow>,
    /// Which city and county a point lies in.
    pub areas: Arc<areas::snapshot::Snapshot>,
    /// The kinds of site.
    pub kinds: Arc<Kinds>,
    /// The rules of law, of which the agency's clock follows one.
    pub packs: Arc<Packs>,
}

impl Office {
    /// The license that an application is about, where the viewer may see it.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn license(&self, viewer: &Viewer, it: &Application) -> db::Result<Option<License>> {
        match it.license_id {
            Some(id) => records::store::find(&self.db, viewer, id).await,
            None => Ok(None),
        }
    }
}

impl Workflow {
    /// Holds what it names in other files against them: the rule of its clock, and the roles of its steps.
    ///
    /// # Errors
    /// The rule is not there or asks for other days, or a role is none.
    pub fn check(&self, packs: &Packs, accounts: &Accounts) -> anyhow::Result<()> {
        let (pack, rule) = &self.clock.rule;
        let days = packs.rule(pack, rule).and_then(|it| match it.1.kind {
            Kind::DecisionDue { days } => Some(days),
            _ => None,
        });
        match days {
            Some(days) => anyhow::ensure!(
                days == self.clock.days,
                "data/{}: `clock.days` = {} and the rule {pack}/{rule} asks for {days}; give both the same",
                Self::FILE,
                self.clock.days
            ),
            None => anyhow::bail!(
                "data/{}: `clock.rule` = \"{pack}/{rule}\" is no rule of the kind decision_due in data/rules/",
                Self::FILE
            ),
        }
        for (word, procedure) in &self.procedures {
            for step in &procedure.steps {
                let strange = step.roles.iter().find(|it| accounts.roles().get(it).is_none());
                if let Some(role) = strange {
                    anyhow::bail!(
                        "data/{}: `procedures.{word}.steps.{}` is for \"{role}\", which is no role of data/roles.toml",
                        Self::FILE,
                        step.word
                    );
                }
            }
        }
        Ok(())
    }
}

impl Office {
    /// The day on which it is now.
    pub fn today(&self, zone: Tz) -> NaiveDate {
        Moment::from(self.clock.now()).day_in(&zone)
    }

    /// What a step is taken with, now.
    pub fn desk<'a>(&'a self, viewer: &'a Viewer, zone: Tz) -> Desk<'a> {
        let (workflow, areas, clock) = (&*self.workflow, &*self.areas, self.clock);
        Desk { workflow, areas, viewer, clock, now: Moment::from(clock.now()), today: self.today(zone) }
    }
}

/// What somebody said with a step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    /// The step's id, given when its form was shown: sending it twice means the same step.
    pub id: StepId,
    /// Why.
    pub reason: Option<String>,
    /// The first day of a term.
    pub starts_on: Option<NaiveDate>,
    /// The last day of a term.
    pub expires_on: Option<NaiveDate>,
    /// The last day of a suspension or a closure.
    pub ends_on: Option<NaiveDate>,
}

impl Said {
    /// A step without anything said.
    pub fn nothing(id: StepId) -> Self {
        Self { id, reason: None, starts_on: None, expires_on: None, ends_on: None }
    }
}
