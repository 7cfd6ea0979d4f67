//! The demonstration: an invented state of about 400 sites in real cities, made as register files and imported the
//! way every other file is. Nothing in it is real but the names of cities and counties.
//!
//! The day and the seed decide every byte, so two demonstrations of one day are alike.

use std::sync::Arc;

use chrono::NaiveDate;

use crate::clock::Clock;
use crate::db::Db;
use crate::imports::engine::{self, Job, Summary};
use crate::imports::profile::Profile;
use crate::incidents::offenses::Offenses;
use crate::knowledge::Library;
use crate::rights::Viewer;

mod days;
mod desk;
mod dice;
mod facts;
mod invention;
pub mod knowledge;
mod ordinary;
mod parties;
mod places;
pub mod register;
pub mod store;
mod street;
mod telling;
#[cfg(test)]
mod tests;
mod town;

use invention::Invention;
use knowledge::Knowledge;
use register::Registers;

/// Invents all registers as they stand on the morning of `today`.
///
/// # Errors
/// A file of `data/demo/` has a flaw.
pub fn invent(knowledge: &Knowledge, today: NaiveDate) -> anyhow::Result<Registers> {
    let mut invention = Invention::new(today, knowledge);
    telling::tell(&mut invention)?;
    ordinary::fill(&mut invention);
    street::fill(&mut invention);
    parties::fill(&mut invention);
    places::fill(&mut invention);
    let mut registers = invention.registers;
    registers.sort();
    Ok(registers)
}

/// Fills an empty database, or goes on where a broken-off run stopped; the caller assesses the sites afterwards and
/// then calls [`finish`]. `tell` hears of each register when it is in.
///
/// # Errors
/// The database or the system's folder for temporary files refuses; what was stored stays marked as demonstration.
pub async fn make(db: &Db, clock: Clock, mut tell: impl FnMut(&str, &Summary)) -> anyhow::Result<()> {
    let today = match store::day(db).await? {
        Some(day) => day,
        None => {
            let today = clock.now().with_timezone(&chrono_tz::America::Chicago).date_naive();
            let mut tx = db.begin().await?;
            store::begin(&mut tx, today).await?;
            tx.commit().await?;
            today
        }
    };
    let registers = invent(&Knowledge::read()?, today)?;
    let folder = std::env::temp_dir().join(format!("foca-demo-{}", clock.id()));
    std::fs::create_dir(&folder)?;
    let stored = import_all(db, clock, &registers, &folder, &mut tell).await;
    std::fs::remove_dir_all(&folder)?;
    stored?;
    facts::note(db, clock, today).await?;
    desk::fill(db, clock, today).await
}

/// Notes that the demonstration is complete.
///
/// # Errors
/// The database refuses.
pub async fn finish(db: &Db) -> anyhow::Result<()> {
    let mut tx = db.begin().await?;
    store::end(&mut tx).await?;
    tx.commit().await?;
    Ok(())
}

async fn import_all(
    db: &Db,
    clock: Clock,
    registers: &Registers,
    folder: &std::path::Path,
    tell: &mut impl FnMut(&str, &Summary),
) -> anyhow::Result<()> {
    let offenses = Arc::new(Offenses::read(&Library::open(None)?)?);
    for (name, document) in knowledge::profiles() {
        let path = registers.write(name, folder)?;
        let job = Job {
            file_name: path.file_name().unwrap_or_default().to_string_lossy().into_owned(),
            path,
            profile_name: format!("demonstration-{name}"),
            profile: Profile::read(&document)?,
            document,
            offenses: Arc::clone(&offenses),
        };
        let summary = engine::import(db, clock, &Viewer::system("demonstration"), &job, |_| ()).await?;
        tell(&job.file_name, &summary);
    }
    Ok(())
}
