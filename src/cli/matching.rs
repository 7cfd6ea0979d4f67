//! `foca match`: two files matched, or one with itself, without a database.

use std::io::Write;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use anyhow::Context;
use indicatif::{ProgressBar, ProgressStyle};

use crate::matching::run::{Step, run as match_files};
use crate::matching::{Config, Flaw, Order};

/// Flaws told one by one; the others are counted.
const FLAWS_TOLD: usize = 20;
/// Without a terminal a line is written each time that so many more rows were compared.
const ROWS_A_LINE: usize = 100_000;

#[derive(Debug, clap::Args)]
pub(super) struct Match {
    /// The file whose rows look for their counterparts: CSV, NDJSON, GeoJSON or GeoPackage, also gzipped, or a
    /// zipped shapefile.
    #[arg(value_name = "LEFT")]
    left: PathBuf,
    /// The register in which they are looked for; without it LEFT is searched for its own doubles.
    #[arg(value_name = "RIGHT")]
    right: Option<PathBuf>,
    /// Which column means what, in TOML: tables `left` and `right` with id, name, other_names, address, city, zip, phone,
    /// lat, lon; a table `options` with one_to_one, linked, review.
    #[arg(long, value_name = "FILE.toml")]
    config: PathBuf,
    /// The file of pairs: left, right, probability, band (linked or review), reasons. It appears when it is complete.
    #[arg(long, value_name = "FILE.csv")]
    out: PathBuf,
}

/// Matches, and says what came out.
///
/// # Errors
/// The configuration, a file, or a column in it.
pub(super) fn run(order: &Match) -> anyhow::Result<()> {
    let text = std::fs::read_to_string(&order.config)
        .with_context(|| format!("reading {}", order.config.display()))?;
    let config = Config::parse(&text).with_context(|| format!("reading {}", order.config.display()))?;
    let order =
        Order { left: order.left.clone(), right: order.right.clone(), config, out: order.out.clone() };
    let began = Instant::now();
    let bar = ProgressBar::no_length().with_style(style());
    bar.enable_steady_tick(Duration::from_millis(200));
    let mut told = 0;
    let mut flaws: Vec<Flaw> = Vec::new();
    let mut n_flaws = 0;
    let summary = match_files(
        &order,
        |step| show(&bar, step, &mut told),
        |flaw| {
            n_flaws += 1;
            if flaws.len() < FLAWS_TOLD {
                flaws.push(flaw.clone());
            }
        },
    );
    bar.finish_and_clear();
    let mut said = std::io::stderr();
    for Flaw { file, line, what } in &flaws {
        writeln!(said, "{file}, line {line}: {what}")?;
    }
    if n_flaws > flaws.len() {
        writeln!(said, "and {} lines more with such flaws", n_flaws - flaws.len())?;
    }
    let it = summary?;
    writeln!(
        std::io::stdout(),
        "{} rows against {}: {} pairs linked, {} for a person to look at; {} compared, {} rows left out, {:.1} s",
        it.n_left,
        it.n_right,
        it.n_linked,
        it.n_review,
        it.n_compared,
        it.n_unread,
        began.elapsed().as_secs_f64(),
    )?;
    Ok(())
}

fn show(bar: &ProgressBar, step: Step, told: &mut usize) {
    let message = match step {
        Step::Register => "reading the register".to_owned(),
        Step::Learning => "learning what the fields weigh".to_owned(),
        Step::Writing => "writing the pairs".to_owned(),
        Step::Comparing(n_rows, read, size) => {
            bar.set_length(size.unwrap_or(read));
            bar.set_position(read);
            if bar.is_hidden() && n_rows >= *told + ROWS_A_LINE {
                *told = n_rows;
                let _ = writeln!(std::io::stderr(), "{n_rows} rows compared");
            }
            format!("{n_rows} rows compared")
        }
    };
    bar.set_message(message);
}

fn style() -> ProgressStyle {
    ProgressStyle::with_template("{bar:30} {bytes} of {total_bytes}, {eta} left: {msg}")
        .unwrap_or_else(|_| ProgressStyle::default_bar())
}
