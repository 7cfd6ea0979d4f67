//! What rules of law say of the site: violations, what is for an attorney and what is unknown as rows, the rest folded.

use maud::{Markup, html};

use super::Dossier;
use crate::compliance::finding::Stored;
use crate::compliance::finding_views::row;
use crate::compliance::pack::Status;
use crate::compliance::packs::Packs;
use crate::rights::{Permission, Resource, Viewer};
use crate::web::{format, ui};

/// The card; nothing for who may not see findings.
pub fn card(dossier: &Dossier, packs: &Packs, viewer: &Viewer) -> Markup {
    if !viewer.may_see(Resource::Finding) {
        return html! {};
    }
    let of = |statuses: &[Status]| -> Vec<&Stored> {
        let mut found: Vec<_> =
            dossier.law.iter().filter(|it| statuses.contains(&it.finding.status)).collect();
        found.sort_by_key(|it| statuses.iter().position(|status| *status == it.finding.status));
        found
    };
    let open = of(&[Status::Violation, Status::Refer, Status::Unknown]);
    let folded = of(&[Status::Compliant, Status::NotApplicable]);
    let beside =
        html! { span.meta { (format::counted(open.len() as i64, "rule to look at", "rules to look at")) } };
    ui::card_with(
        "Findings by rule of law",
        &beside,
        &html! {
            @if open.is_empty() { p { "No rule in use finds anything to look at here." } }
            @else { (rows(&open, dossier, packs)) }
            @if !folded.is_empty() {
                details {
                    summary { "Met or does not apply (" (folded.len()) ")" }
                    (rows(&folded, dossier, packs))
                }
            }
            @if viewer.is_permitted(Permission::Change(Resource::Finding)) {
                p { a href={ "/sites/" (dossier.site.id) "/facts" } { "Note what rules ask for" } }
            }
        },
    )
}

fn rows(all: &[&Stored], dossier: &Dossier, packs: &Packs) -> Markup {
    let is_disputed = |it: &Stored| {
        dossier.disputes.iter().any(|of| of.pack == it.finding.pack && of.rule == it.finding.rule)
    };
    html! {
        ul.findings {
            @for it in all {
                (row(&it.finding, packs.rule(&it.finding.pack, &it.finding.rule), it.site_id, is_disputed(it)))
            }
        }
    }
}
