//! Whether a measured value breaks a rule: the one comparison that judging and worked examples share.

use super::hours;
use super::kind::Kind;
use super::pack::{Legal, Pack, Rule, Status, Value};

/// What a rule says of a measured value, by itself and its pack's standing; none when it cannot be asked with such a value.
pub fn example(pack: &Pack, rule: &Rule, value: Option<&Value>) -> Option<Status> {
    let broken = breaks(&rule.kind, value)?;
    if matches!(pack.status, Legal::Proposed | Legal::SupersededLocally) {
        return Some(Status::NotApplicable);
    }
    Some(if broken { pack.breach(rule) } else { Status::Compliant })
}

/// Whether a measured value, in the unit of the kind, breaks a rule.
pub fn breaks(kind: &Kind, value: Option<&Value>) -> Option<bool> {
    let number = match value {
        Some(Value::Number(it)) => Some(*it),
        _ => None,
    };
    let word = match value {
        Some(Value::Word(it)) => Some(it.as_str()),
        _ => None,
    };
    let yes = || match word? {
        "yes" => Some(true),
        "no" => Some(false),
        _ => None,
    };
    Some(match kind {
        Kind::Setback { feet, .. } | Kind::Separation { feet, .. } => number? <= feet.0,
        Kind::Cap { most, .. } => number? > *most as f64,
        Kind::LicenseRequired { .. } => number? < 1.0,
        Kind::LicenseLapsed | Kind::CorrectionOverdue => number? > 0.0,
        Kind::DecisionDue { days } | Kind::Reinspection { days } => number? > *days as f64,
        Kind::Hours { closed } => closed.covers(hours::minute(word?)?),
        Kind::NoticeLead { days } => number? < *days as f64,
        Kind::InspectionsPerYear { n } => number? < *n as f64,
        Kind::Checklist { .. } | Kind::Posting { .. } | Kind::OwnershipDisclosure { .. } => !yes()?,
        Kind::Credential { hours } => number? < *hours,
        Kind::Insurance { dollars } => number? < *dollars,
        Kind::Age { years, .. } => number? < *years,
        Kind::Measure { at_least, at_most, .. } => {
            let number = number?;
            at_least.is_some_and(|it| number < it) || at_most.is_some_and(|it| number > it)
        }
        Kind::Incidents { classes, .. } => number? >= classes.first()?.count as f64,
        Kind::PersonDisqualifier { .. } => true,
        Kind::Data { .. } => return None,
    })
}
