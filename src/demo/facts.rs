//! What invented visits noted at some sites: opening hours, postings, papers, so that rules that ask for them have answers.

use chrono::NaiveDate;

use super::dice::Dice;
use super::invention::SEED;
use crate::clock::{Clock, Moment};
use crate::compliance::facts_store::{self, Noted};
use crate::db::{self, Db, query};
use crate::rights::Viewer;
use crate::sites::{self, Site, Status};

/// Facts with the values that are mostly seen and, in so many of a thousand cases, others.
const NOTED: &[(&str, &str, &str, i64)] = &[
    ("license_posted", "yes", "no", 90),
    ("manager_named", "yes", "no", 60),
    ("practitioners_licensed", "yes", "no", 70),
    ("insurance", "1000000", "500000", 150),
    ("youngest_staff", "21", "19", 200),
    ("owners_disclosed", "yes", "no", 80),
];
/// Opening hours: within what every shipped rule allows, and later than some do.
const HOURS: &[&str] = &["Mon-Sat 10:00-21:00; Sun closed", "daily 10:00-20:00", "daily 11:00-23:00"];

/// Notes facts at two of three open sites, once.
pub(super) async fn note(db: &Db, clock: Clock, today: NaiveDate) -> db::Result<()> {
    let n_noted: i64 = query("SELECT count(*) FROM site_fact").fetch_scalar(db).await?;
    if n_noted > 0 {
        return Ok(());
    }
    let sites = sites::store::all(db, &Viewer::system("demonstration")).await?;
    let mut tx = db.begin().await?;
    for site in sites.iter().filter(|it| it.status == Status::Open) {
        let noted = of_site(site, today);
        facts_store::save(&mut tx, site.id, &noted, Moment::from(clock.now())).await?;
    }
    tx.commit().await
}

fn of_site(site: &Site, today: NaiveDate) -> Vec<Noted> {
    let mut dice = Dice::of(SEED, &format!("facts of {}", site.source_key));
    if !dice.thousandths(667) {
        return Vec::new();
    }
    let seen = Moment::Day(super::days::before(today, dice.between(5, 300)));
    let hours = *dice.pick(HOURS);
    let mut noted = vec![fact("opening_hours", hours, seen)];
    for (word, common, rare, share) in NOTED {
        noted.push(fact(word, if dice.thousandths(*share) { rare } else { common }, seen));
    }
    noted
}

fn fact(word: &str, value: &str, observed_on: Moment) -> Noted {
    Noted {
        fact: word.to_owned(),
        version: 1,
        value: Some(value.to_owned()),
        observed_on,
        noted_by: "demonstration".to_owned(),
    }
}
