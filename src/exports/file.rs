//! Exports to a file on the server: whole or not at all.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;

use anyhow::Context;
use futures_util::StreamExt;

use super::records::{self, Exported};
use super::{Format, Subject, Writer, sites};
use crate::audit::Outcome;
use crate::audit::taken::{Hashed, Taken};
use crate::clock::Clock;
use crate::complaints::Complaint;
use crate::db::Db;
use crate::incidents::Incident;
use crate::inspections::Inspection;
use crate::licenses::License;
use crate::records::Filter;
use crate::rights::Viewer;
use crate::standing;
use crate::standing::snapshot::Snapshot;
use crate::web::extract::Params;

/// What to export, and where to.
#[derive(Clone, Debug)]
pub struct Order<'a> {
    /// Which rows.
    pub subject: Subject,
    /// In which format.
    pub format: Format,
    /// Whether the data are invented.
    pub demo: bool,
    /// The filters, by the names they have in a URL.
    pub params: Params,
    /// The file.
    pub out: &'a Path,
}

/// Writes the file and says how many rows it has. It appears under its name when it is complete.
///
/// # Errors
/// A filter cannot be read, the database does not answer, or the file cannot be written.
pub async fn write(db: &Db, clock: Clock, viewer: &Viewer, order: &Order<'_>) -> anyhow::Result<u64> {
    let taken = Taken::begin(db, clock, viewer, order.subject.entry(order.format, &order.params)).await?;
    let mut partial = order.out.as_os_str().to_owned();
    partial.push(".part");
    let partial = Path::new(&partial);
    let file = File::create(partial).with_context(|| format!("writing {}", partial.display()))?;
    let file = Hashed::new(BufWriter::with_capacity(1 << 18, file));
    let written = match order.subject {
        Subject::Sites => of_sites(db, viewer, order, file).await,
        Subject::Licenses => of_records::<License>(db, viewer, order, file).await,
        Subject::Inspections => of_records::<Inspection>(db, viewer, order, file).await,
        Subject::Complaints => of_records::<Complaint>(db, viewer, order, file).await,
        Subject::Incidents => of_records::<Incident>(db, viewer, order, file).await,
    };
    let (n_rows, hash) = match written {
        Ok(written) => written,
        Err(error) => {
            // What is left of a file that could not be finished is of no use to anyone.
            let _ = std::fs::remove_file(partial);
            taken.end(Outcome::BrokenOff, 0, "").await?;
            return Err(error);
        }
    };
    taken.end(Outcome::Done, n_rows, &hash).await?;
    std::fs::rename(partial, order.out).with_context(|| format!("writing {}", order.out.display()))?;
    Ok(n_rows)
}

async fn of_sites(
    db: &Db,
    viewer: &Viewer,
    order: &Order<'_>,
    out: Hashed<impl Write>,
) -> anyhow::Result<(u64, String)> {
    let filter = standing::filter::Filter::parse(&order.params).map_err(said)?;
    let properties = sites::properties(&order.params, viewer).map_err(said)?;
    let snapshot = std::sync::Arc::new(Snapshot::read(db).await?);
    let mut writer = Writer::new(order.format, out, order.demo, properties.iter().copied())?;
    let n_rows = sites::write(&mut writer, &snapshot, viewer, &filter, &properties)?;
    finished(writer, n_rows)
}

async fn of_records<T: Exported>(
    db: &Db,
    viewer: &Viewer,
    order: &Order<'_>,
    out: Hashed<impl Write>,
) -> anyhow::Result<(u64, String)> {
    let filter = Filter::parse(&order.params).map_err(said)?;
    let properties = records::properties::<T>(&order.params, viewer).map_err(said)?;
    let mut writer = Writer::new(order.format, out, order.demo, records::names(&properties))?;
    let mut rows = records::rows::<T>(db, viewer, &filter, &properties);
    let mut n_rows = 0;
    while let Some(row) = rows.next().await {
        records::write(&mut writer, &properties, &row?)?;
        n_rows += 1;
    }
    finished(writer, n_rows)
}

/// The count of the rows, and the hash of the bytes.
fn finished(writer: Writer<Hashed<impl Write>>, n_rows: u64) -> anyhow::Result<(u64, String)> {
    let (mut sink, hash) = writer.finish()?.finish();
    sink.flush()?;
    Ok((n_rows, hash))
}

/// A refused filter as a sentence for the command line.
fn said(error: crate::web::Error) -> anyhow::Error {
    match error {
        crate::web::Error::Invalid(fields) => {
            let list: Vec<String> = fields.iter().map(|(name, reason)| format!("{name}: {reason}")).collect();
            anyhow::anyhow!("{}", list.join(" "))
        }
        other => anyhow::Error::new(other),
    }
}
