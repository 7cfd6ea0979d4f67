//! Rules that records answer: licenses, visits, incidents.

use chrono::{NaiveDate, TimeDelta};

use super::Judged;
use crate::compliance::facts;
use crate::compliance::finding::Evidence;
use crate::compliance::kind::{Holder, IncidentClass, Kind, Least, Scope};
use crate::compliance::known::{Incident, Known, License};
use crate::compliance::pack::Rule;
use crate::licenses::Status;
use crate::records::RecordKind;

/// A year of a rule that counts visits.
const YEAR: TimeDelta = TimeDelta::days(365);

pub(super) fn judge(rule: &Rule, known: &Known<'_>) -> Judged {
    match &rule.kind {
        Kind::LicenseRequired { holder: Holder::Business } => business(known),
        Kind::LicenseRequired { holder: Holder::Person } => persons(known),
        Kind::LicenseLapsed => lapsed(known),
        Kind::DecisionDue { days } => decision(known, *days),
        Kind::InspectionsPerYear { n } => per_year(known, *n),
        Kind::Reinspection { days } => reinspection(known, *days),
        Kind::CorrectionOverdue => correction(known),
        Kind::Incidents { window_days, scope, at_least, charged_only, classes } => {
            let counts = Counts {
                window: TimeDelta::days(*window_days),
                scope: *scope,
                at_least: *at_least,
                charged_only: *charged_only,
            };
            incidents(known, &counts, classes)
        }
        _ => Judged::not_applicable("No record answers this."),
    }
}

/// Whether a license is in force on a day.
fn is_valid(license: &License, on: NaiveDate) -> bool {
    license.status == Status::Active
        && license.starts_on.is_none_or(|it| it <= on)
        && license.expires_on.is_none_or(|it| it >= on)
}

fn evidence(license: &License, text: &str) -> Evidence {
    Evidence::of(RecordKind::License, license.id, license.on, format!("License {} {text}", license.number))
}

fn business(known: &Known<'_>) -> Judged {
    if let Some(valid) = known.licenses.iter().find(|it| is_valid(it, known.on)) {
        return Judged::kept("The business holds a license that is in force.")
            .with([evidence(valid, "is in force")]);
    }
    if !known.watched && known.licenses.is_empty() {
        return Judged::unknown(
            "No register of such licenses in this city has been imported.",
            "the license register of the city",
        );
    }
    if known
        .licenses
        .iter()
        .any(|it| it.status == Status::Unknown && it.expires_on.is_none_or(|day| day >= known.on))
    {
        return Judged::unknown(
            "The register does not say whether the license is in force.",
            "the status of the license",
        );
    }
    let ended = known.licenses.iter().filter_map(|it| it.expires_on).max();
    let list = known.licenses.iter().map(|it| evidence(it, it.status.as_str()));
    let says = if known.licenses.is_empty() {
        "No license for the business is on record."
    } else {
        "No license on record is in force."
    };
    Judged::broken(says).since(ended.and_then(|it| it.succ_opt())).with(list)
}

fn persons(known: &Known<'_>) -> Judged {
    match known.is_noted(facts::PRACTITIONERS) {
        Some(all) => {
            let says = if all {
                "All who practice were found licensed."
            } else {
                "Not all who practice were found licensed."
            };
            let seen = known.fact(facts::PRACTITIONERS).map(|it| it.observed_on);
            Judged::by(!all, says).since(seen).with([Evidence::plain("Seen on site", seen)])
        }
        None => Judged::unknown(
            "Whether each person who practices holds a license has not been looked at.",
            "a visit that looks at the licenses of those who practice",
        ),
    }
}

fn lapsed(known: &Known<'_>) -> Judged {
    if let Some(valid) = known.licenses.iter().find(|it| is_valid(it, known.on)) {
        return Judged::kept("The license is in its term.").with([evidence(valid, "is in its term")]);
    }
    let last = known.licenses.iter().filter(|it| it.expires_on.is_some_and(|day| day < known.on));
    match last.max_by_key(|it| it.expires_on) {
        Some(last) => {
            let since = last.expires_on.and_then(|it| it.succ_opt());
            let text = format!("ended on {}", last.expires_on.map(|it| it.to_string()).unwrap_or_default());
            let says = "The term of the last license has ended and none is in force.";
            Judged::broken(says).since(since).with([evidence(last, &text)])
        }
        None if known.licenses.is_empty() => Judged::not_applicable("No license of the site is on record."),
        None => {
            Judged::unknown("The register gives no end of the license's term.", "the term of the license")
        }
    }
}

/// The agency's own clock: an application that waits.
fn decision(known: &Known<'_>, days: i64) -> Judged {
    let waiting = known.licenses.iter().filter(|it| it.status == Status::Pending);
    let Some(first) = waiting.min_by_key(|it| it.on) else {
        return Judged::not_applicable("No application waits for a decision.");
    };
    let due = first.on + TimeDelta::days(days);
    let says = if due < known.on {
        format!("The decision was due on {due}, and the application still waits.")
    } else {
        format!("The decision is due on {due}.")
    };
    let late = due < known.on;
    Judged::by(late, says)
        .since(late.then_some(due).and_then(|it| it.succ_opt()))
        .with([evidence(first, "was applied for")])
}

fn per_year(known: &Known<'_>, n: usize) -> Judged {
    let from = known.on - YEAR;
    let recent: Vec<_> = known.visits.iter().filter(|it| it.on > from && it.on <= known.on).collect();
    let list = recent.iter().map(|it| Evidence::of(RecordKind::Inspection, it.id, it.on, "Visit"));
    let says = format!("{} of {n} visits were made within 12 months.", recent.len());
    let began = known.established().or(known.visits.first().map(|it| it.on));
    match began {
        _ if recent.len() >= n => Judged::kept(says).with(list),
        Some(began) if began <= from => Judged::broken(says).with(list),
        Some(_) => Judged::kept(format!("{says} The site is not yet known for a year.")).with(list),
        None => Judged::unknown(says, "since when the site has been in business, or its visits").with(list),
    }
}

fn reinspection(known: &Known<'_>, days: i64) -> Judged {
    let Some(failed) = known.visits.iter().rfind(|it| it.passed == Some(false)) else {
        return Judged::not_applicable("No visit was left unpassed.");
    };
    let evidence = Evidence::of(RecordKind::Inspection, failed.id, failed.on, "Visit not passed");
    if known.visits.iter().any(|it| it.on > failed.on && it.passed.is_some()) {
        return Judged::kept("The site was visited again.").with([evidence]);
    }
    let due = failed.on + TimeDelta::days(days);
    let late = due < known.on;
    let says = format!("A further visit {} due on {due}.", if late { "was" } else { "is" });
    Judged::by(late, says).since(late.then_some(due)).with([evidence])
}

fn correction(known: &Known<'_>) -> Judged {
    let overdue: Vec<_> =
        known.open.iter().filter(|it| it.due_on.is_some_and(|due| due < known.on)).collect();
    let since = overdue.iter().filter_map(|it| it.due_on).min();
    let list = overdue.iter().map(|it| Evidence {
        text: it.title.clone(),
        on: it.due_on,
        record: Some((RecordKind::Inspection, it.inspection)),
    });
    match overdue.len() {
        0 if known.open.is_empty() => Judged::kept("Nothing that was ordered is open."),
        0 => Judged::kept("What was ordered is not due yet, or has no day."),
        n => Judged::broken(format!("{n} corrections are past their day.")).since(since).with(list),
    }
}

/// How incidents are counted.
struct Counts {
    window: TimeDelta,
    scope: Scope,
    at_least: Least,
    charged_only: bool,
}

impl Counts {
    fn takes(&self, it: &Incident, on: NaiveDate) -> bool {
        let in_time = it.on > on - self.window && it.on <= on;
        in_time && it.counts && (self.scope == Scope::Building || it.at_site)
    }

    fn is_proven(&self, it: &Incident) -> bool {
        let graded = self.at_least.is_met_by(it.reliability.as_deref(), it.credibility.as_deref());
        graded && (it.charged || !self.charged_only)
    }
}

/// Thresholds are held one by one; incidents of two classes are never added up.
fn incidents(known: &Known<'_>, counts: &Counts, classes: &[IncidentClass]) -> Judged {
    let mut unproven = 0;
    for class in classes {
        let of_class = |it: &&Incident| class.offenses.contains(&it.offense) && counts.takes(it, known.on);
        let all: Vec<&Incident> = known.incidents.iter().filter(of_class).collect();
        let mut proven: Vec<&Incident> = all.iter().copied().filter(|it| counts.is_proven(it)).collect();
        unproven += all.len() - proven.len();
        if proven.len() < class.count {
            continue;
        }
        proven.sort_by_key(|it| (it.on, it.id));
        let clause = class.clause.as_deref().map(|it| format!(" {it}")).unwrap_or_default();
        let says = format!(
            "Threshold{clause} met on recorded incidents: {} where {} are enough, within {} days. Attorney review.",
            proven.len(),
            class.count,
            counts.window.num_days(),
        );
        let since = proven.get(class.count - 1).map(|it| it.on);
        let list = proven
            .iter()
            .map(|it| Evidence::of(RecordKind::Incident, it.id, it.on, it.offense.replace('_', " ")));
        return Judged::broken(says).since(since).with(list);
    }
    if unproven > 0 {
        let says = format!(
            "{unproven} incidents are recorded, but not with the source grade or the charge that the rule asks for."
        );
        return Judged::unknown(says, "source grade, and whether anybody was charged, of those incidents");
    }
    Judged::kept("No threshold is met by recorded incidents.")
}
