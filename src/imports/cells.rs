//! A draft as the cells of its record's table.

use super::bodies::{Body, Complaint, Inspection, License};
use super::incident_bodies::Incident;
use super::mapping::Draft;
use crate::db::Value;
use crate::inspections::Violation;
use crate::records::{self, Head, Linked, Place};
use crate::{complaints, incidents, inspections, licenses};

/// The record's own cells; for an inspection also its violations.
pub fn cells(draft: Draft) -> (records::Draft, Option<Vec<Violation>>) {
    let Draft { head, place, body, .. } = draft;
    let later = match body {
        Body::License(_) => licenses::N_LATER,
        Body::Incident(_) => incidents::N_LATER,
        _ => 0,
    };
    let (cells, violations) = match body {
        Body::License(it) => (license(&head, place, it), None),
        Body::Inspection(it) => inspection(&head, place, it),
        Body::Complaint(it) => (complaint(&head, place, it), None),
        Body::Incident(it) => (incident(&head, place, *it), None),
        Body::Site
        | Body::Party(_)
        | Body::Violation(_)
        | Body::Area(_)
        | Body::Place(_)
        | Body::AddressPoint => (Vec::new(), None),
    };
    (records::Draft { later, ..records::Draft::new(head, cells) }, violations)
}

fn license(head: &Head, place: Place, it: License) -> Vec<Value> {
    licenses::License {
        head: head.clone(),
        number: it.number,
        kind: it.kind,
        type_as_written: it.type_as_written,
        name: it.name,
        place,
        status: it.status,
        status_as_written: it.status_as_written,
        issued_on: it.issued_on,
        starts_on: it.starts_on,
        expires_on: it.expires_on,
        phone: it.phone,
        licensee: it.licensee,
        linked: Linked::none(),
    }
    .cells()
}

fn inspection(head: &Head, place: Place, it: Inspection) -> (Vec<Value>, Option<Vec<Violation>>) {
    let of_it = |(n, violation): (i64, Violation)| Violation { inspection_id: head.id, n, ..violation };
    let violations = it.violations.map(|it| (0..).zip(it).map(of_it).collect());
    let cells = inspections::Inspection {
        head: head.clone(),
        name: it.name,
        place,
        reason: it.reason,
        outcome: it.outcome,
        outcome_as_written: it.outcome_as_written,
        points: it.points,
        due_on: it.due_on,
        note: it.note.into(),
        linked: Linked::none(),
    }
    .cells();
    (cells, violations)
}

fn complaint(head: &Head, place: Place, it: Complaint) -> Vec<Value> {
    complaints::Complaint {
        head: head.clone(),
        name: it.name,
        place,
        category: it.category,
        category_as_written: it.category_as_written,
        reliability: it.reliability.into(),
        credibility: it.credibility.into(),
        anonymous: it.anonymous,
        state: it.state,
        summary: it.summary.into(),
        linked: Linked::none(),
    }
    .cells()
}

fn incident(head: &Head, place: Place, it: Incident) -> Vec<Value> {
    let cell = incidents::cell_of(&place);
    incidents::Incident {
        head: head.clone(),
        offense: it.offense,
        offense_code: it.offense_code,
        offense_as_written: it.offense_as_written,
        origin: it.origin,
        place,
        cell,
        disposition: it.disposition,
        reliability: it.reliability,
        credibility: it.credibility,
        roles: it.roles,
        linked: Linked::none(),
    }
    .cells()
}
