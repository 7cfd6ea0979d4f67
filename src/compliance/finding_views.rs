//! How a finding is shown wherever it is shown: the tag of its status, and its row, from which every fact leads on to its
//! record, its law and its own page.

use maud::{Markup, html};

use super::finding::{Evidence, Finding};
use super::pack::{Office, Pack, Rule, Status};
use crate::records::{RecordId, RecordKind, SiteId};
use crate::web::format;
use crate::web::ui::{self, Icon};

/// So many records stand in a row, the newest; the page of the finding has them all.
const MOST: usize = 3;

/// The status as icon and word.
pub fn tag(status: Status) -> Markup {
    match status {
        Status::Violation => ui::finding_tag(ui::Finding::Violation),
        Status::Refer => ui::finding_tag(ui::Finding::Attorney),
        Status::Unknown => ui::finding_tag(ui::Finding::Unknown),
        Status::Compliant => ui::finding_tag(ui::Finding::Met),
        Status::NotApplicable => ui::tag(status.label(), "line", None),
    }
}

/// The icon of a status alone, for where its word stands beside it.
pub fn sign(status: Status) -> Option<Icon> {
    match status {
        Status::Violation => Some(Icon::Flag),
        Status::Refer => Some(Icon::Scales),
        Status::Unknown => Some(Icon::Unknown),
        Status::Compliant => Some(Icon::Check),
        Status::NotApplicable => None,
    }
}

/// A finding as an `li` of class `finding`: status, rule and citation, facts with their records, the next step and whose
/// it is. `law` is none when the rule is not among the packs in use any more.
pub fn row(finding: &Finding, law: Option<(&Pack, &Rule)>, site: SiteId, disputed: bool) -> Markup {
    row_at(finding, law, site, disputed, &html! {})
}

/// The same with what names its site, for lists of many sites.
pub fn row_at(
    finding: &Finding,
    law: Option<(&Pack, &Rule)>,
    site: SiteId,
    disputed: bool,
    named: &Markup,
) -> Markup {
    html! {
        li.finding {
            div.status { (tag(finding.status)) @if disputed { (ui::tag("Disputed", "line", None)) } }
            div.law { (named) (rule(finding, law, site)) }
            div.facts { (facts(finding)) }
            div.next { (next(finding, law.map(|it| it.1))) }
        }
    }
}

/// The address of a finding's own page.
pub fn href(site: SiteId, finding: &Finding) -> String {
    format!("/sites/{site}/findings/{}/{}", finding.pack, finding.rule)
}

fn rule(finding: &Finding, law: Option<(&Pack, &Rule)>, site: SiteId) -> Markup {
    html! {
        a.name href=(href(site, finding)) {
            @match law { Some((_, rule)) => (rule.title), None => (finding.rule) }
        }
        @match law {
            Some((pack, rule)) => a.citation href={ "/rules/" (pack.id) "#" (rule.id) } { (pack.cite(rule)) },
            None => span.citation { "No longer among the rules in use (" (finding.pack) ")" },
        }
    }
}

fn facts(it: &Finding) -> Markup {
    let mut records: Vec<&Evidence> = it.evidence.iter().filter(|it| it.record.is_some()).collect();
    records.sort_by_key(|it| std::cmp::Reverse(it.on));
    let n_more = records.len().saturating_sub(MOST);
    html! {
        p { (it.says) }
        @if !it.because.is_empty() { p.meta { (it.because.join(" ")) } }
        @if !it.missing.is_empty() { p.meta { "Not known: " (it.missing.join("; ")) } }
        @if it.since.is_some() || !records.is_empty() {
            p.meta {
                @if let Some(since) = it.since { span.since { "Since " (format::day(since)) } }
                @for piece in records.into_iter().take(MOST) { (evidence(piece)) }
                @if n_more > 0 { span.evidence { (format::count(n_more as u64)) " more" } }
            }
        }
    }
}

/// A piece of evidence with its day, as a link to its record where it has one.
pub fn evidence(it: &Evidence) -> Markup {
    let words = html! { (it.text) @if let Some(on) = it.on { " (" (format::day(on)) ")" } };
    html! {
        span.evidence {
            @match it.record {
                Some((kind, id)) => a href=(record_href(kind, id)) { (words) },
                None => (words),
            }
        }
    }
}

fn record_href(kind: RecordKind, id: RecordId) -> String {
    format!("/{}/{id}", kind.plural())
}

/// What to do next. What is missing comes before what the rule asks; where nothing is broken nothing is to be done.
fn next(it: &Finding, rule: Option<&Rule>) -> Markup {
    let step = |rule: &Rule| rule.next.clone();
    let (step, by): (Option<String>, Option<Office>) = match it.status {
        Status::Violation | Status::Refer => (rule.and_then(step), rule.map(|it| it.by)),
        Status::Unknown => (Some("Make known what is missing".to_owned()), None),
        Status::Compliant | Status::NotApplicable => (None, None),
    };
    html! {
        @if let Some(step) = step { p { (step) } }
        @if let Some(by) = by { p.meta { (by.label()) } }
    }
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;

    use super::*;

    fn finding(status: Status) -> Finding {
        let day = NaiveDate::from_ymd_opt(2026, 8, 31).unwrap();
        let id = RecordId(uuid::Uuid::from_u128(7));
        Finding {
            pack: "st-paul-massage".to_owned(),
            rule: "license".to_owned(),
            status,
            since: Some(day),
            says: "The license ended on <Aug 31>.".to_owned(),
            because: Vec::new(),
            missing: vec!["a renewal".to_owned()],
            evidence: vec![Evidence::of(RecordKind::License, id, day, "License L-7731")],
            measurements: Vec::new(),
            pack_hash: String::new(),
        }
    }

    #[test]
    fn a_row_leads_to_its_own_page_and_to_each_record() {
        let site = SiteId(uuid::Uuid::from_u128(3));
        let shown = row(&finding(Status::Violation), None, site, true).into_string();

        assert!(shown.starts_with(r#"<li class="finding">"#), "{shown}");
        assert!(shown.contains(&format!(r#"href="/sites/{site}/findings/st-paul-massage/license""#)));
        assert!(shown.contains(r#"href="/licenses/00000000-0000-0000-0000-000000000007""#), "{shown}");
        assert!(shown.contains("Disputed") && shown.contains("Since Aug 31, 2026"), "{shown}");
        assert!(shown.contains("&lt;Aug 31&gt;") && shown.contains("Not known: a renewal"), "{shown}");
    }

    #[test]
    fn a_status_is_told_by_its_word_too() {
        for status in Status::ALL {
            assert!(tag(*status).into_string().contains(status.label()));
        }
    }

    #[test]
    fn nothing_is_to_be_done_where_a_rule_is_kept() {
        assert!(next(&finding(Status::Compliant), None).into_string().is_empty());
        assert!(next(&finding(Status::Unknown), None).into_string().contains("Make known"));
    }
}
