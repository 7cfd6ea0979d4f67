//! The log in words: what somebody did and when; and how people write a kept head and the days of a filter.

use chrono::{Datelike, NaiveDate, NaiveTime, TimeDelta, TimeZone, Utc};
use chrono_tz::Tz;
use serde_json::{Map, Value as Json};

use super::store::Filter;
use super::{Act, Logged, Outcome};
use crate::clock::Stamp;
use crate::rights::Resource;
use crate::web::format;

/// What was done, as a sentence without its subject: `Opened site`, `Exported incidents: 1,204 rows`,
/// `Refused: see incident`.
pub fn what(it: &Logged) -> String {
    let detail = detail(it);
    match it.outcome {
        Outcome::Done => done(it, &detail),
        Outcome::Began => format!("Began: {}", asked(it, &detail)),
        Outcome::Refused => format!("Refused: {}", asked(it, &detail)),
        Outcome::Failed => format!("Not done: {}", asked(it, &detail)),
        Outcome::BrokenOff => {
            let after = rows(&detail).map(|it| format!(", after {it}")).unwrap_or_default();
            format!("Broken off: {}{after}", asked(it, &detail))
        }
    }
}

/// The rest of an entry; what is no JSON object is its one member `detail`.
pub fn detail(it: &Logged) -> Map<String, Json> {
    match serde_json::from_str(&it.detail) {
        Ok(Json::Object(members)) => members,
        Ok(_) | Err(_) => Map::from_iter([("detail".to_owned(), Json::String(it.detail.clone()))]),
    }
}

/// `Nov 23, 2026, 14:32:07.25` in `zone`: to the hundredth of a second.
pub fn moment(at: Stamp, zone: Tz) -> String {
    let local = at.at().with_timezone(&zone);
    format!("{}.{:02}", local.format("%b %-d, %Y, %H:%M:%S"), (local.timestamp_subsec_millis() / 10).min(99))
}

/// Reads a head of the chain as it was kept: `1204:3f9a…`.
///
/// # Errors
/// It is no number with a hash; the text says what would be right.
pub fn head(text: &str) -> Result<(i64, String), String> {
    const ADVICE: &str = "Give number and hash as they were kept: NUMBER:HASH, the hash with its 64 letters.";
    let (n, hash) = text.trim().split_once(':').ok_or(ADVICE)?;
    let n = n.trim().parse::<i64>().ok().filter(|it| *it >= 0).ok_or(ADVICE)?;
    let hash = hash.trim().to_ascii_lowercase();
    let is_hash = hash.len() == 64 && hash.bytes().all(|it| it.is_ascii_hexdigit());
    if is_hash { Ok((n, hash)) } else { Err(ADVICE.to_owned()) }
}

/// Reads a day on which there can be entries.
///
/// # Errors
/// It is none; the text says what would be right.
pub fn day(text: &str) -> Result<NaiveDate, String> {
    let day = text.trim().parse::<NaiveDate>().ok().filter(|it| (1970..2200).contains(&it.year()));
    day.ok_or_else(|| "Give a day as 2026-11-23.".to_owned())
}

/// The filter with its first and its last day, both of them within it, as `zone` has its days.
pub fn between(filter: Filter, from: Option<NaiveDate>, to: Option<NaiveDate>, zone: Tz) -> Filter {
    let next = to.and_then(|it| it.succ_opt());
    Filter {
        from: from.map(|it| midnight(it, zone).to_string()),
        before: next.map(|it| midnight(it, zone).to_string()),
        ..filter
    }
}

/// The instant at which a day begins.
fn midnight(day: NaiveDate, zone: Tz) -> Stamp {
    let local = day.and_time(NaiveTime::MIN);
    // Where clocks go forward at midnight, the day begins later.
    let first = (0..3).find_map(|n| zone.from_local_datetime(&(local + TimeDelta::hours(n))).earliest());
    first.map_or_else(|| local.and_utc(), |it| it.with_timezone(&Utc)).into()
}

fn done(it: &Logged, detail: &Map<String, Json>) -> String {
    let text = |name: &str| detail.get(name).and_then(Json::as_str);
    let thing = thing(it, detail);
    match it.act {
        Act::SignIn => text("proof").map_or_else(|| "Signed in".to_owned(), |it| format!("Signed in: {it}")),
        Act::SignOut => "Signed out".to_owned(),
        Act::See => format!("Opened {thing}"),
        Act::Change if is_new(detail) => format!("Added {thing}"),
        Act::Change => format!("Changed {thing}"),
        Act::Export => match rows(detail) {
            Some(rows) => format!("Exported {thing}: {rows}"),
            None => format!("Exported {thing}"),
        },
        Act::Import => match rows(detail) {
            Some(rows) => format!("Imported a file: {rows}"),
            None => "Imported a file".to_owned(),
        },
        Act::Administer => match first_plain(detail) {
            Some(plain) => format!("Administered {thing}: {plain}"),
            None => format!("Administered {thing}"),
        },
        Act::Operate => format!("On the server: {}", text("task").unwrap_or("a task")),
    }
}

/// The same as it was asked for.
fn asked(it: &Logged, detail: &Map<String, Json>) -> String {
    let text = |name: &str| detail.get(name).and_then(Json::as_str);
    let thing = thing(it, detail);
    match it.act {
        Act::SignIn => match text("proof").or(text("why")) {
            Some(proof) => format!("sign in, {proof}"),
            None => "sign in".to_owned(),
        },
        Act::SignOut => "sign out".to_owned(),
        Act::See => format!("see {thing}"),
        Act::Change => format!("change {thing}"),
        Act::Export => format!("export {thing}"),
        Act::Import => "import a file".to_owned(),
        Act::Administer => format!("administer {thing}"),
        Act::Operate => text("task").unwrap_or("a task on the server").to_owned(),
    }
}

/// What it was about: one row, or rows in the plural.
fn thing(it: &Logged, detail: &Map<String, Json>) -> &'static str {
    match detail.get("page").and_then(Json::as_str) {
        Some("/buildings/{id}") => return "building",
        Some("/map/panel/{id}") => return "site on the map",
        Some("/map") => return "the map",
        Some("/log/check") => return "the proof of the log",
        _ => {}
    }
    let (one, many) = nouns(it.resource);
    if it.object_id.is_some() { one } else { many }
}

fn nouns(resource: Option<Resource>) -> (&'static str, &'static str) {
    let Some(resource) = resource else { return ("page", "page") };
    match resource {
        Resource::Area => ("area", "areas"),
        Resource::Site => ("site", "sites"),
        Resource::Place => ("sensitive place", "sensitive places"),
        Resource::Finding => ("finding", "findings"),
        Resource::Party => ("party", "parties"),
        Resource::License => ("license", "licenses"),
        Resource::Inspection => ("inspection", "inspections"),
        Resource::Complaint => ("complaint", "complaints"),
        Resource::Complainant => ("complainant", "complainants"),
        Resource::Incident => ("incident", "incidents"),
        Resource::Link => ("link", "links"),
        Resource::Succession => ("reopening", "reopenings"),
        Resource::Application => ("application", "applications"),
        Resource::Standing => ("standing", "standings"),
        Resource::Import => ("import", "imports"),
        Resource::DeniedPlace => ("protected place", "protected places"),
        Resource::Look => ("who looked at the site", "who looked at sites"),
        Resource::Account => ("account", "accounts"),
        Resource::Audit => ("entry of the log", "the log"),
    }
}

/// Whether a change added the row.
fn is_new(detail: &Map<String, Json>) -> bool {
    detail.contains_key("recorded_for") || detail.get("version").and_then(Json::as_i64) == Some(1)
}

fn rows(detail: &Map<String, Json>) -> Option<String> {
    detail.get("n_rows").and_then(Json::as_i64).map(|it| format::counted(it, "row", "rows"))
}

/// The first member that is a plain value, in words: `password chosen`.
fn first_plain(detail: &Map<String, Json>) -> Option<String> {
    detail.iter().find_map(|(name, value)| {
        let name = name.replace('_', " ");
        match value {
            Json::String(text) => Some(format!("{name} {text}")),
            Json::Bool(true) => Some(name),
            _ => None,
        }
    })
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::audit::Entry;
    use crate::rights::Actor;

    fn told(entry: &Entry) -> String {
        let at = "2026-11-23T18:00:00.250Z".parse().unwrap();
        what(&Logged::next(None, at, &Actor::default(), "supervisor", entry))
    }

    #[test]
    fn an_entry_is_told_in_words() {
        let see = || Entry::new(Act::See).on(Resource::Incident);
        let export = || Entry::new(Act::Export).on(Resource::Incident).with("n_rows", 1_204);

        assert_eq!(told(&see()), "Opened incidents");
        assert_eq!(told(&see().about(Uuid::nil())), "Opened incident");
        assert_eq!(told(&see().about(Uuid::nil()).outcome(Outcome::Refused)), "Refused: see incident");
        assert_eq!(told(&export()), "Exported incidents: 1,204 rows");
        assert_eq!(
            told(&export().outcome(Outcome::BrokenOff)),
            "Broken off: export incidents, after 1,204 rows"
        );
        assert_eq!(told(&Entry::new(Act::SignIn).with("proof", "password")), "Signed in: password");
        let chosen =
            Entry::new(Act::Administer).on(Resource::Account).about(Uuid::nil()).with("password", "chosen");
        assert_eq!(told(&chosen), "Administered account: password chosen");
    }

    #[test]
    fn a_moment_is_told_to_the_hundredth_of_a_second() {
        let at = "2026-11-23T18:00:07.258Z".parse().unwrap();

        assert_eq!(moment(at, chrono_tz::America::Chicago), "Nov 23, 2026, 12:00:07.25");
    }

    #[test]
    fn a_day_reaches_from_midnight_to_midnight_where_people_are() {
        let day = day("2026-11-01").ok();

        let filter = between(Filter::default(), day, day, chrono_tz::America::Chicago);

        // On that day clocks go back.
        assert_eq!(filter.from.as_deref(), Some("2026-11-01T05:00:00.000Z"));
        assert_eq!(filter.before.as_deref(), Some("2026-11-02T06:00:00.000Z"));
    }

    #[test]
    fn a_kept_head_is_read_back_and_nothing_else() {
        let hash = "a".repeat(64);

        assert_eq!(head(&format!(" 12:{} ", hash.to_uppercase())), Ok((12, hash.clone())));
        for text in
            ["12".to_owned(), "12:abc".to_owned(), format!("-1:{hash}"), format!(":{hash}"), String::new()]
        {
            assert!(head(&text).is_err(), "{text:?}");
        }
    }
}
