//! Turns the stories of `data/demo/stories.toml` into rows of the registers.

use super::days::{Terms, last};
use super::dice::Dice;
use super::invention::{Invention, Offense, SEED, Said, Scene, Visit};
use super::knowledge::{City, Ring, StorySite};
use super::register::Premises;
use super::town::{Spot, Town};

/// Adds the sites of the stories.
///
/// # Errors
/// A story's city or kind is not among the demonstration's.
pub fn tell(invention: &mut Invention<'_>) -> anyhow::Result<()> {
    for (n, site) in invention.knowledge.stories.site.iter().enumerate() {
        let mut dice = Dice::of(SEED, &site.name);
        let town = invention.towns.iter().find(|it| it.city.name == site.city).cloned();
        let town = town.ok_or_else(|| anyhow::anyhow!("stories.toml: no city {}", site.city))?;
        let spot = town.spot(site.number, &site.street);
        invention.claim(&site.name);
        invention.settle(&site.city, &spot);
        let premises = premises(invention, site, town.city, &spot, n);
        licenses(invention, site, &premises)?;
        visits(invention, site, &premises);
        complaints(invention, site, &premises);
        for it in &site.incidents {
            let what = Offense {
                offense: it.offense.clone(),
                origin: it.origin.clone(),
                disposition: it.disposition.clone(),
                buyers: it.buyers,
                sold: it.sold,
            };
            let unit = premises.unit.clone().filter(|_| it.unit);
            let place = Scene {
                address: premises.address.clone(),
                unit,
                city: premises.city.clone(),
                point: Some((spot.lon, spot.lat)),
            };
            invention.incident(it.ago, what, place, &mut dice);
        }
        if let Some(ring) = site.ring {
            around(invention, &town, &spot, ring, &mut dice);
        }
    }
    Ok(())
}

fn premises(invention: &Invention<'_>, site: &StorySite, city: &City, spot: &Spot, n: usize) -> Premises {
    Premises {
        premises: format!("P-{:04}", 9001 + n),
        name: site.name.clone(),
        kind: site.kind.clone(),
        address: format!("{} {}", site.number, site.street),
        unit: site.unit.clone(),
        city: site.city.clone(),
        zip: city.zip.clone(),
        lon: Some(spot.lon),
        lat: Some(spot.lat),
        premises_status: if site.closed.is_some() { "Closed" } else { "Open" },
        opened: Some(invention.ago(site.opened)),
        closed: site.closed.map(|it| invention.ago(it)),
    }
}

fn licenses(invention: &mut Invention<'_>, site: &StorySite, premises: &Premises) -> anyhow::Result<()> {
    use super::knowledge::Ending;
    let kind = invention.knowledge.names.kind.get(&site.kind);
    let kind = kind.ok_or_else(|| anyhow::anyhow!("stories.toml: no kind {}", site.kind))?;
    let ended = last(premises.closed.unwrap_or(invention.today), &site.license.until);
    // A term in force, or one that was cut short, ends a year after the last such day.
    let until = if site.license.end == Ending::Lapsed { ended } else { super::days::before(ended, -365) };
    let terms = Terms {
        today: invention.today,
        number: &site.license.number,
        type_as_written: &kind.license,
        until,
        end: site.license.end,
        noted_after: site.license.noted_after.unwrap_or(3),
        opened: invention.ago(site.opened),
        closed: premises.closed,
    };
    let rows = terms.rows(premises);
    invention.registers.licenses.extend(rows);
    Ok(())
}

fn visits(invention: &mut Invention<'_>, site: &StorySite, premises: &Premises) {
    for it in &site.inspections {
        let visit = Visit {
            key: it.key.clone(),
            day: invention.ago(it.ago),
            outcome: it.outcome.clone(),
            reason: it.reason.clone(),
            due: it.due.map(|days| invention.ago(days)),
        };
        invention.visit(premises, visit, &it.violations);
    }
}

fn complaints(invention: &mut Invention<'_>, site: &StorySite, premises: &Premises) {
    for it in &site.complaints {
        let heard =
            it.heard.as_ref().map(|name| Premises { name: name.clone(), unit: None, ..premises.clone() });
        let premises = heard.as_ref().unwrap_or(premises);
        for n in 0..it.repeat {
            let key = if it.repeat > 1 { format!("{}-{:02}", it.key, n + 1) } else { it.key.clone() };
            let said = Said {
                about: it.category.clone(),
                anonymous: it.anonymous,
                grade: None,
                state: it.state.clone(),
            };
            invention.complaint(premises, key, (it.ago - n * it.every).max(1), said);
        }
    }
}

/// Incidents of the street on the blocks around, none of them at the site's own address.
fn around(invention: &mut Invention<'_>, town: &Town<'_>, spot: &Spot, ring: Ring, dice: &mut Dice) {
    for _ in 0..ring.n {
        let there = town.near(spot, 130.0, dice);
        let days = dice.between(2, ring.years * 365);
        let offense =
            *dice.pick(&["theft", "theft", "disorderly", "assault", "vandalism", "drug", "robbery"]);
        let what =
            Offense { offense: offense.to_owned(), origin: "citizen".to_owned(), ..Offense::default() };
        super::street::record(invention, town, &there, days, what, dice);
    }
}
