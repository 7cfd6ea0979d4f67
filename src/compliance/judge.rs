//! Holds a site against a rule, as of a day: pure, and the one place where a finding is made.

use chrono::NaiveDate;

use super::facts;
use super::finding::{Evidence, Finding, Measurement};
use super::ground::Ground;
use super::kind::Kind;
use super::known::Known;
use super::pack::{Legal, Level, Nonconforming, Override, Pack, Rule, Status};
use super::packs::Packs;

use crate::sites::Site;
use crate::text::address::city_key;
use crate::web::format::sentence;

mod asked;
mod ground;
mod records;

/// What a rule says before its standing in law is weighed.
#[derive(Debug)]
struct Judged {
    outcome: Outcome,
    since: Option<NaiveDate>,
    says: String,
    because: Vec<String>,
    missing: Vec<String>,
    evidence: Vec<Evidence>,
    measurements: Vec<Measurement>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Outcome {
    Kept,
    Broken,
    Unknown,
    NotApplicable,
}

impl Judged {
    fn new(outcome: Outcome, says: impl Into<String>) -> Self {
        Self {
            outcome,
            since: None,
            says: says.into(),
            because: Vec::new(),
            missing: Vec::new(),
            evidence: Vec::new(),
            measurements: Vec::new(),
        }
    }

    fn kept(says: impl Into<String>) -> Self {
        Self::new(Outcome::Kept, says)
    }

    fn broken(says: impl Into<String>) -> Self {
        Self::new(Outcome::Broken, says)
    }

    fn not_applicable(says: impl Into<String>) -> Self {
        Self::new(Outcome::NotApplicable, says)
    }

    /// Nothing can be said without `missing`.
    fn unknown(says: impl Into<String>, missing: impl Into<String>) -> Self {
        Self { missing: vec![missing.into()], ..Self::new(Outcome::Unknown, says) }
    }

    /// Broken or kept.
    fn by(broken: bool, says: impl Into<String>) -> Self {
        if broken { Self::broken(says) } else { Self::kept(says) }
    }

    fn since(self, since: Option<NaiveDate>) -> Self {
        Self { since, ..self }
    }

    fn with(mut self, evidence: impl IntoIterator<Item = Evidence>) -> Self {
        self.evidence.extend(evidence);
        self
    }

    fn because(mut self, why: impl Into<String>) -> Self {
        self.because.push(why.into());
        self
    }
}

/// Every finding that packs make at a site, in the order of the packs; packs that do not speak of such a site make none.
pub fn site(packs: &Packs, known: &Known<'_>, ground: &Ground<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    if !known.is_open() {
        return found;
    }
    for pack in packs.iter().filter(|it| concerns(it, known.site)) {
        let rules = pack.rules.iter().filter(|it| it.kind.finds());
        found.extend(rules.map(|rule| rule_at(packs, pack, rule, known, ground)));
    }
    found
}

/// Whether a pack speaks of sites of that kind in that place.
pub fn concerns(pack: &Pack, site: &Site) -> bool {
    let kinds = &pack.applies_to.kinds;
    (kinds.is_empty() || kinds.contains(&site.kind)) && lies_in(pack, site)
}

/// Whether the site lies where the pack is law: by the area whose outline holds its point, else by its address as written.
pub fn lies_in(pack: &Pack, site: &Site) -> bool {
    let is = |name: &Option<String>| {
        name.as_deref().is_some_and(|it| city_key(it) == city_key(&pack.jurisdiction.name))
    };
    match pack.jurisdiction.level {
        Level::City => is(if site.city_area.is_some() { &site.city_area } else { &site.city }),
        Level::County => is(&site.county),
        Level::State => match &site.state {
            Some(state) => crate::text::address::is_state(&pack.jurisdiction.name, state),
            None => true,
        },
    }
}

/// What one rule says of a site that its pack speaks of.
pub fn rule_at(packs: &Packs, pack: &Pack, rule: &Rule, known: &Known<'_>, ground: &Ground<'_>) -> Finding {
    let overridden = overriding(packs, pack, rule, known);
    let judged = match set_aside(pack, known, &overridden) {
        Some(judged) => judged,
        None => weigh(pack, known, judge(pack, rule, known, ground), &overridden),
    };
    finish(pack, rule, judged)
}

/// Whether a rule speaks at all of a site that its pack speaks of: it is law, in force, and no local law has taken its place.
pub fn applies(packs: &Packs, pack: &Pack, rule: &Rule, known: &Known<'_>) -> bool {
    let overridden = overriding(packs, pack, rule, known);
    set_aside(pack, known, &overridden).is_none_or(|it| it.outcome != Outcome::NotApplicable)
}

/// The local packs that take a rule's place at the site, in force on that day.
fn overriding<'a>(
    packs: &'a Packs,
    pack: &Pack,
    rule: &Rule,
    known: &Known<'_>,
) -> Vec<(&'a Pack, &'a Override)> {
    let mut found = Vec::new();
    for local in packs.iter() {
        let is_over = |it: &&Override| it.pack == pack.id && it.rule.as_ref().is_none_or(|it| *it == rule.id);
        let Some(over) = local.overrides.iter().find(is_over) else { continue };
        let speaks = || local.opt_out && lies_in(local, known.site) || concerns(local, known.site);
        if local.status == Legal::InForce && local.holds_on(known.on) && speaks() {
            found.push((local, over));
        }
    }
    found
}

/// Why a rule does not speak of the site, though its pack is of its place and kind.
fn set_aside(pack: &Pack, known: &Known<'_>, overridden: &[(&Pack, &Override)]) -> Option<Judged> {
    if !pack.holds_on(known.on) {
        return Some(Judged::not_applicable("The law is not in force on that day."));
    }
    match pack.status {
        Legal::Proposed => return Some(Judged::not_applicable("This is a proposal, not law.")),
        Legal::SupersededLocally => {
            return Some(Judged::not_applicable("A local ordinance has taken the place of this law."));
        }
        Legal::InForce | Legal::Contested => {}
    }
    if let Some((local, _)) = overridden.iter().find(|it| it.1.doubt.is_none()) {
        let how = if local.opt_out { "has opted out of it" } else { "goes before it here" };
        return Some(Judged::not_applicable(format!("{} ({}) {how}.", local.title, local.citation)));
    }
    if pack.applies_to.nonconforming == Nonconforming::Exempt
        && known.is_noted(facts::NONCONFORMING) == Some(true)
    {
        return Some(Judged::not_applicable(
            "The site is a lawful nonconforming use, which this law leaves alone.",
        ));
    }
    established(pack, known)
}

fn established(pack: &Pack, known: &Known<'_>) -> Option<Judged> {
    let (from, before) = (pack.applies_to.established_from, pack.applies_to.established_before);
    if from.is_none() && before.is_none() {
        return None;
    }
    let Some(day) = known.established() else {
        let says = "The law speaks of sites by the day on which they were established.";
        return Some(Judged::unknown(says, "since when the site has been in business"));
    };
    let outside = from.is_some_and(|it| day < it) || before.is_some_and(|it| day >= it);
    outside.then(|| {
        Judged::not_applicable(format!(
            "The site was established on {day}, and the law does not speak of such."
        ))
    })
}

fn judge(pack: &Pack, rule: &Rule, known: &Known<'_>, ground: &Ground<'_>) -> Judged {
    match &rule.kind {
        Kind::Setback { .. } | Kind::Separation { .. } | Kind::Cap { .. } => {
            ground::judge(pack, rule, known, ground)
        }
        Kind::LicenseRequired { .. }
        | Kind::LicenseLapsed
        | Kind::DecisionDue { .. }
        | Kind::InspectionsPerYear { .. }
        | Kind::Reinspection { .. }
        | Kind::CorrectionOverdue
        | Kind::Incidents { .. } => records::judge(rule, known),
        _ => asked::judge(rule, known, ground.facts),
    }
}

/// Adds why an attorney is asked, where something was found broken.
fn weigh(pack: &Pack, known: &Known<'_>, mut judged: Judged, overridden: &[(&Pack, &Override)]) -> Judged {
    if judged.outcome != Outcome::Broken {
        return judged;
    }
    for (local, over) in overridden {
        let doubt = over.doubt.as_deref().unwrap_or_default();
        judged =
            judged.because(format!("{} ({}) may go before it here: {doubt}", local.title, local.citation));
    }
    if pack.applies_to.nonconforming == Nonconforming::Ask
        && known.is_noted(facts::NONCONFORMING) == Some(true)
    {
        judged = judged.because("The site is noted as a lawful nonconforming use.");
    }
    if pack.jurisdiction.level == Level::City && known.site.city_area.is_none() {
        judged = judged
            .because("Its city is taken from its address as written; no outline of a city holds its point.");
    }
    judged
}

/// Gives the status that the law's standing allows: a violation only where nothing is in doubt.
fn finish(pack: &Pack, rule: &Rule, mut judged: Judged) -> Finding {
    let doubtful = !judged.because.is_empty();
    let status = match judged.outcome {
        Outcome::Kept => Status::Compliant,
        Outcome::Unknown => Status::Unknown,
        Outcome::NotApplicable => Status::NotApplicable,
        Outcome::Broken if doubtful => Status::Refer,
        Outcome::Broken => pack.breach(rule),
    };
    if judged.outcome == Outcome::Broken {
        judged.because.extend(pack.why_referred(rule).into_iter().map(sentence));
    }
    Finding {
        pack: pack.id.clone(),
        rule: rule.id.clone(),
        status,
        since: judged.since.max(pack.effective_from.filter(|_| judged.since.is_some())),
        says: judged.says,
        because: judged.because,
        missing: judged.missing,
        evidence: judged.evidence,
        measurements: judged.measurements,
        pack_hash: pack.hash.clone(),
    }
}
