//! A rule pack: one piece of law as data, with its jurisdiction, its standing in law, how sure we are of it, and its rules.

use chrono::NaiveDate;

use super::kind::Kind;
use crate::db::text_enum;
use crate::inspections::Severity;

text_enum! {
    /// Where a piece of law stands.
    Legal {
        /// In force.
        InForce = "in_force",
        /// In force on paper, and challenged in court.
        Contested = "contested",
        /// A local ordinance has taken its place wherever it would apply.
        SupersededLocally = "superseded_locally",
        /// Introduced or drafted, and not law.
        Proposed = "proposed",
    }
}

text_enum! {
    /// How sure we are that the law says so.
    Confidence {
        /// Read in the text of the law itself.
        Verified = "verified",
        /// Told by another source: press, a summary, a beginning only.
        Reported = "reported",
        /// From memory; nobody has checked it.
        Unverified = "unverified",
    }
}

text_enum! {
    /// Whose law it is.
    Level {
        /// The state's.
        State = "state",
        /// A county's.
        County = "county",
        /// A city's.
        City = "city",
    }
}

text_enum! {
    /// Which law goes first where the state's and a local one meet.
    Precedence {
        /// The local one takes the state's place.
        LocalOverState = "local_over_state",
        /// The state's stands whatever the city says.
        StateOverLocal = "state_over_local",
    }
}

text_enum! {
    /// What a lawful nonconforming use (grandfathered) means for a pack.
    Nonconforming {
        /// The pack does not apply to it.
        Exempt = "exempt",
        /// The pack applies to it as to any other.
        Applies = "applies",
        /// An attorney must say.
        Ask = "ask",
    }
}

text_enum! {
    /// Whose move it is.
    Office {
        /// The zoning office.
        Zoning = "zoning",
        /// The licensing desk.
        Licensing = "licensing",
        /// Police.
        Police = "police",
        /// The fire marshal.
        Fire = "fire",
        /// Public health.
        Health = "health",
        /// The city or county attorney.
        Attorney = "attorney",
        /// The agency that decides, itself.
        Agency = "agency",
    }
}

text_enum! {
    /// What holds of a rule at a site.
    Status {
        /// Broken, by law in force that was read at its source.
        Violation = "violation",
        /// Broken, but the law is contested or unverified, or a fact decides that an attorney must weigh.
        Refer = "refer_to_attorney",
        /// A datum is missing without which nothing can be said.
        Unknown = "unknown",
        /// Kept.
        Compliant = "compliant",
        /// The rule does not speak of this site.
        NotApplicable = "not_applicable",
    }
}

/// Whose law it is, by name: its polygon says where it holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Jurisdiction {
    /// State, county or city.
    pub level: Level,
    /// Its name, as the register of areas has it.
    pub name: String,
}

/// A pack, or one of its rules, whose place a local pack takes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Override {
    /// The pack.
    pub pack: String,
    /// One rule of it; all of them when none is named.
    pub rule: Option<String>,
    /// Why an attorney must say whether it does.
    pub doubt: Option<String>,
}

/// Of which sites a pack speaks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AppliesTo {
    /// Words of `data/kinds.toml`; empty means every kind.
    pub kinds: Vec<String>,
    /// Only sites in business before that day.
    pub established_before: Option<NaiveDate>,
    /// Only sites in business from that day on.
    pub established_from: Option<NaiveDate>,
    /// What it means for a lawful nonconforming use.
    pub nonconforming: Nonconforming,
}

/// A case with its result, which the reader of the pack checks against the rule.
#[derive(Clone, Debug, PartialEq)]
pub struct Example {
    /// The case in words.
    pub text: String,
    /// The measured value, in the unit of the rule's kind; none where there is nothing to measure.
    pub value: Option<Value>,
    /// What the rule finds.
    pub finding: Status,
}

/// A measured value of an example.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// Feet, days, years, a count.
    Number(f64),
    /// `yes`, `no`, or an hour such as `22:30`.
    Word(String),
}

/// One rule.
#[derive(Clone, Debug, PartialEq)]
pub struct Rule {
    /// Unique in its pack.
    pub id: String,
    /// A few words.
    pub title: String,
    /// The rule in plain words.
    pub words: String,
    /// The place within the pack's citation.
    pub citation: String,
    /// How grave a breach is.
    pub severity: Severity,
    /// How sure we are of it.
    pub confidence: Confidence,
    /// What an attorney should know.
    pub doubts: Vec<String>,
    /// What it asks.
    pub kind: Kind,
    /// The next step when it is broken.
    pub next: Option<String>,
    /// Whose step that is.
    pub by: Office,
    /// A worked example.
    pub example: Option<Example>,
    /// The line of the file at which it stands.
    pub line: usize,
}

/// One piece of law.
#[derive(Clone, Debug, PartialEq)]
pub struct Pack {
    /// The name of its file, without the ending.
    pub id: String,
    /// What it is about.
    pub title: String,
    /// As lawyers cite it.
    pub citation: String,
    /// Whose law.
    pub jurisdiction: Jurisdiction,
    /// Where it stands.
    pub status: Legal,
    /// The first day on which it is in force; none: not known, and taken as always.
    pub effective_from: Option<NaiveDate>,
    /// The last day on which it is in force.
    pub effective_to: Option<NaiveDate>,
    /// When it was last held against its source.
    pub verified_on: NaiveDate,
    /// By whom.
    pub verified_by: String,
    /// Which law goes first; only for packs of the state.
    pub precedence: Precedence,
    /// Whose place it takes; only for local packs.
    pub overrides: Vec<Override>,
    /// The locality has opted out of what it overrides.
    pub opt_out: bool,
    /// What an attorney should know.
    pub doubts: Vec<String>,
    /// Where it was read.
    pub sources: Vec<String>,
    /// Of which sites it speaks.
    pub applies_to: AppliesTo,
    /// What it asks.
    pub rules: Vec<Rule>,
    /// SHA-256 of its file.
    pub hash: String,
    /// Its text.
    pub text: String,
}

impl Pack {
    /// Whether it is in force on that day, as far as its dates say.
    pub fn holds_on(&self, day: NaiveDate) -> bool {
        self.effective_from.is_none_or(|it| it <= day) && self.effective_to.is_none_or(|it| it >= day)
    }

    /// Its rule of that id.
    pub fn rule(&self, id: &str) -> Option<&Rule> {
        self.rules.iter().find(|it| it.id == id)
    }

    /// What a broken rule of it may be called: a violation only by law that is in force and was read at its source.
    pub fn breach(&self, rule: &Rule) -> Status {
        if self.why_referred(rule).is_empty() { Status::Violation } else { Status::Refer }
    }

    /// Why a broken rule of it is for an attorney and no violation, as parts of a sentence; empty where it is a violation.
    pub fn why_referred(&self, rule: &Rule) -> Vec<&'static str> {
        let standing = match self.status {
            Legal::InForce => None,
            Legal::Contested => Some("the law is contested in court"),
            Legal::SupersededLocally => Some("a local ordinance has taken its place"),
            Legal::Proposed => Some("it is not law"),
        };
        let source = match rule.confidence {
            Confidence::Verified => None,
            Confidence::Reported => Some("its text was not read at its source"),
            Confidence::Unverified => Some("nobody has verified it"),
        };
        let review = rule.kind.needs_review().then_some("a person must weigh each case");
        [standing, source, review].into_iter().flatten().collect()
    }

    /// Its citation and the rule's place in it.
    pub fn cite(&self, rule: &Rule) -> String {
        if rule.citation.is_empty() || self.citation.ends_with(&rule.citation) {
            return self.citation.clone();
        }
        format!("{}, {}", self.citation, rule.citation)
    }
}

impl Status {
    /// How people say it: see LOOK.md, finding row.
    pub fn label(self) -> &'static str {
        match self {
            Self::Violation => "Violation",
            Self::Refer => "Refer to attorney",
            Self::Unknown => "Unknown",
            Self::Compliant => "Met",
            Self::NotApplicable => "Does not apply",
        }
    }
}

impl Legal {
    /// How people say it.
    pub fn label(self) -> &'static str {
        match self {
            Self::InForce => "In force",
            Self::Contested => "Contested",
            Self::SupersededLocally => "Superseded locally",
            Self::Proposed => "Proposed, not law",
        }
    }
}

impl Confidence {
    /// How people say it.
    pub fn label(self) -> &'static str {
        match self {
            Self::Verified => "Read at its source",
            Self::Reported => "Told by another source",
            Self::Unverified => "Unverified",
        }
    }
}

impl Office {
    /// How people say it.
    pub fn label(self) -> &'static str {
        match self {
            Self::Zoning => "Zoning",
            Self::Licensing => "Licensing",
            Self::Police => "Police",
            Self::Fire => "Fire marshal",
            Self::Health => "Public health",
            Self::Attorney => "Attorney",
            Self::Agency => "The agency itself",
        }
    }
}
