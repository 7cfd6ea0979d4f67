//! Ordinary sites: most are in order most of the time; some lapse, close, move, or have no license at all.

use chrono::NaiveDate;

use super::days::{Terms, before, month_end};
use super::dice::Dice;
use super::invention::{Invention, SEED, Said, Visit};
use super::knowledge::{Ending, Finding, KindNames, Names};
use super::register::{Complaint, Premises};
use super::street;
use super::town::{Spot, Town};

/// What becomes of a site.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fate {
    /// Licensed and open.
    Licensed(Ending),
    /// Closed or moved so many days ago.
    Gone { moved: bool, days: i64, revoked: bool },
    /// Found on a street survey; no register lists it.
    Unlicensed,
}

/// Adds the ordinary sites of all cities.
pub fn fill(invention: &mut Invention<'_>) {
    let mut n = 0;
    for town in invention.towns.clone() {
        let mut dice = Dice::of(SEED, &format!("sites of {}", town.city.name));
        // A third of the smaller cities has no feed of complaints.
        let complaints = town.city.sites > 5 || dice.thousandths(650);
        for _ in 0..town.city.sites {
            n += 1;
            one(invention, &town, n, complaints, &mut dice);
        }
    }
}

fn one(invention: &mut Invention<'_>, town: &Town<'_>, n: usize, complaints: bool, dice: &mut Dice) {
    let names = &invention.knowledge.names;
    let (kind, of_kind) = kind(names, dice);
    let name = name(invention, names, of_kind, dice);
    let spot = loop {
        let spot = town.any(dice);
        if invention.settle(&town.city.name, &spot) {
            break spot;
        }
    };
    let fate = fate(dice);
    let opened = dice.between(120, 5200);
    // Of 100, some have no visit since long, and a few are not in good order.
    let care = dice.between(1, 100);
    let premises = premises(invention, (kind, name, n), town, &spot, (fate, opened), dice);
    let number = format!("{}-{}", of_kind.prefix, 2000 + n);
    match fate {
        // Of a few the survey knows nothing either: only an inspection tells of them.
        Fate::Unlicensed if n.is_multiple_of(5) => {}
        Fate::Unlicensed => invention.registers.premises.push(premises.clone()),
        _ => licenses(invention, &premises, of_kind, &number, fate, dice),
    }
    visits(invention, &premises, fate, care, dice);
    if complaints {
        complain(invention, &premises, care, n, dice);
    }
    street::at_site(invention, &premises, &spot, if care < 15 || kind == "strip_club" { 7 } else { 2 }, dice);
}

fn kind<'a>(names: &'a Names, dice: &mut Dice) -> (&'a str, &'a KindNames) {
    let mut left = dice.between(0, names.kind.values().map(|it| it.share).sum::<i64>() - 1);
    for (word, kind) in &names.kind {
        left -= kind.share;
        if left < 0 {
            return (word, kind);
        }
    }
    let (word, kind) =
        names.kind.iter().next().expect("data/demo/names.toml has kinds, as a test makes sure");
    (word, kind)
}

fn name(invention: &mut Invention<'_>, names: &Names, kind: &KindNames, dice: &mut Dice) -> String {
    loop {
        let name =
            format!("{} {} {}", dice.pick(&names.first), dice.pick(&names.second), dice.pick(&kind.trade));
        if invention.claim(&name) {
            return name;
        }
    }
}

fn fate(dice: &mut Dice) -> Fate {
    let days = dice.between(30, 900);
    match dice.between(1, 100) {
        1..=6 => Fate::Unlicensed,
        7..=12 => Fate::Gone { moved: false, days, revoked: false },
        13..=14 => Fate::Gone { moved: false, days, revoked: true },
        15..=17 => Fate::Gone { moved: true, days, revoked: false },
        18..=22 => Fate::Licensed(Ending::Lapsed),
        23..=24 => Fate::Licensed(Ending::InReview),
        _ => Fate::Licensed(Ending::Current),
    }
}

fn premises(
    invention: &Invention<'_>,
    (kind, name, n): (&str, String, usize),
    town: &Town<'_>,
    spot: &Spot,
    (fate, opened): (Fate, i64),
    dice: &mut Dice,
) -> Premises {
    let gone = if let Fate::Gone { days, .. } = fate { Some(days) } else { None };
    // One in sixteen has no point: the register has its address only.
    let point = (!dice.thousandths(60)).then_some((spot.lon, spot.lat));
    Premises {
        premises: format!("P-{n:04}"),
        name,
        kind: kind.to_owned(),
        address: format!("{} {}", spot.number, spot.street),
        unit: dice.thousandths(220).then(|| format!("Ste {}", dice.between(1, 12))),
        city: town.city.name.clone(),
        zip: town.city.zip.clone(),
        lon: point.map(|it| it.0),
        lat: point.map(|it| it.1),
        premises_status: match fate {
            Fate::Gone { moved: true, .. } => "Moved",
            Fate::Gone { .. } => "Closed",
            Fate::Unlicensed if dice.thousandths(300) => "Unknown",
            _ => "Open",
        },
        opened: (fate != Fate::Unlicensed).then(|| invention.ago(opened.max(gone.unwrap_or(0) + 400))),
        closed: gone.map(|it| invention.ago(it)),
    }
}

fn licenses(
    invention: &mut Invention<'_>,
    premises: &Premises,
    kind: &KindNames,
    number: &str,
    fate: Fate,
    dice: &mut Dice,
) {
    let (end, until) = match fate {
        Fate::Gone { revoked, .. } => {
            let until = month_end(premises.closed.unwrap_or(invention.today), dice.between(1, 10));
            (if revoked { Ending::Revoked } else { Ending::GivenUp }, until)
        }
        Fate::Licensed(end @ (Ending::Lapsed | Ending::InReview)) => {
            (end, month_end(invention.today, -dice.between(1, 9)))
        }
        _ => (Ending::Current, month_end(invention.today, dice.between(1, 11))),
    };
    let opened = premises.opened.unwrap_or(invention.today);
    let terms = Terms {
        today: invention.today,
        number,
        type_as_written: &kind.license,
        until,
        end,
        noted_after: dice.between(2, 20),
        opened,
        closed: premises.closed,
    };
    let rows = terms.rows(premises);
    invention.registers.licenses.extend(rows);
}

/// Routine visits about once a year for four years, with what came of them.
fn visits(invention: &mut Invention<'_>, premises: &Premises, fate: Fate, care: i64, dice: &mut Dice) {
    if fate == Fate::Unlicensed && dice.thousandths(700) {
        return;
    }
    let first = premises.opened.unwrap_or_else(|| invention.ago(400));
    let until = premises.closed.unwrap_or(invention.today);
    let mut days = dice.between(20, 420);
    for _ in 0..4 {
        let day = invention.ago(days);
        days += dice.between(280, 460);
        if day >= until || day <= first || dice.thousandths(120) {
            continue;
        }
        visit(invention, premises, day, care, dice);
    }
}

fn visit(invention: &mut Invention<'_>, premises: &Premises, day: NaiveDate, care: i64, dice: &mut Dice) {
    let bad = if care < 15 { 480 } else { 140 };
    let outcome = match dice.between(0, 999) {
        n if n < bad / 2 => "not_passed",
        n if n < bad => "correct_by",
        n if n < bad + 6 => "refused",
        n if n < bad + 50 => "no_entry",
        _ => "compliant",
    };
    let found = matches!(outcome, "not_passed" | "correct_by");
    // What was found is put right in nine of ten cases, by the day that was set.
    let open = dice.thousandths(if care < 15 { 250 } else { 40 });
    let due = found.then(|| before(day, -dice.between(14, 30)));
    let mended =
        due.map(|it| (invention.today - it).num_days() + dice.between(0, 5)).filter(|it| !open && *it > 0);
    let n_findings = if found { dice.between(1, if outcome == "not_passed" { 3 } else { 2 }) } else { 0 };
    let findings = findings(invention, premises, n_findings, mended, dice);
    let visit = |n: usize, day, outcome: &str, reason: &str, due| Visit {
        key: format!("I-{}", 30_000 + n),
        day,
        outcome: outcome.to_owned(),
        reason: reason.to_owned(),
        due,
    };
    let n = invention.registers.inspections.len();
    invention.visit(premises, visit(n, day, outcome, "Routine", due), &findings);
    if let Some(days) = mended {
        invention.visit(premises, visit(n + 1, invention.ago(days), "compliant", "Reinspection", None), &[]);
    }
}

fn findings(
    invention: &Invention<'_>,
    premises: &Premises,
    n: i64,
    mended: Option<i64>,
    dice: &mut Dice,
) -> Vec<Finding> {
    let all = &invention.knowledge.names.violation;
    let fitting: Vec<&Finding> =
        all.iter().filter(|it| it.kinds.is_empty() || it.kinds.contains(&premises.kind)).collect();
    let mut found: Vec<Finding> = Vec::new();
    for _ in 0..n {
        let one = dice.pick(&fitting);
        if !found.iter().any(|it| it.code == one.code) {
            found.push(Finding { closed: mended, ..(*one).clone() });
        }
    }
    found
}

fn complain(invention: &mut Invention<'_>, premises: &Premises, care: i64, n: usize, dice: &mut Dice) {
    let share = if care < 15 { 800 } else { 180 };
    if !dice.thousandths(share) {
        return;
    }
    let last = premises.closed.map_or(5, |it| (invention.today - it).num_days() + 5);
    for k in 1..=dice.between(1, if care < 15 { 5 } else { 2 }) {
        let anonymous = dice.thousandths(450);
        let about = *dice.pick(&[
            "nuisance",
            "nuisance",
            "hours",
            "unlicensed",
            "safety",
            "commercial_sex",
            "trafficking",
            "other",
        ]);
        let state = *dice.pick(&["closed", "closed", "unfounded", "open", "substantiated"]);
        let known = *dice.pick(&["A2", "B2", "B3", "C3", "C2", "D4"]);
        let said = Said {
            about: about.to_owned(),
            anonymous,
            grade: (!anonymous && dice.thousandths(600)).then_some(known),
            state: state.to_owned(),
        };
        invention.complaint(
            premises,
            format!("C-{}", 20_000 + n * 10 + k as usize),
            last + dice.between(0, 800),
            said,
        );
        if let Some(complaint) = invention.registers.complaints.last_mut() {
            as_heard(complaint, &mut Dice::of(n as u64 * 10 + k.unsigned_abs(), "as heard"));
        }
    }
}

/// Who complains by telephone has the name wrong, or by half, or swaps two digits of the house; so some complaints wait for a person.
fn as_heard(complaint: &mut Complaint, dice: &mut Dice) {
    if dice.thousandths(70) {
        let first = dice.pick(&["Silver", "Corner", "Palm", "Harbor"]);
        complaint.name = format!("{first} {}", dice.pick(&["Palace", "Garden", "House", "Room"]));
    } else if dice.thousandths(60) {
        complaint.name = (*dice.pick(&["Massage place", "Massage spa", "Relaxation center"])).to_owned();
        complaint.unit = None;
    } else if dice.thousandths(60) {
        complaint.address = swapped(&complaint.address);
    }
}

/// An address with the last two digits of its house number exchanged.
fn swapped(address: &str) -> String {
    let end = address.find(|it: char| !it.is_ascii_digit()).unwrap_or(0);
    if end < 3 {
        return address.to_owned();
    }
    let (first, last) = (&address[end - 2..end - 1], &address[end - 1..end]);
    format!("{}{last}{first}{}", &address[..end - 2], &address[end..])
}
