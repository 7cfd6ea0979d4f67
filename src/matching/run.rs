//! Runs a matching: reads the register, learns from a sample, compares chunk by chunk on all cores, writes the pairs.
//!
//! Memory holds the register, the ids of both files and the few candidates of each row; the rows of the left file pass by.

use std::collections::HashMap;
use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::Path;

use anyhow::Context;

use super::read::{Next, Rows, Written};
use super::{Columns, Flaw, Options, Order, Summary};
use crate::formats::csv_out::CsvWriter;
use crate::formats::field::Field;
use crate::linking::assign;
use crate::linking::entity::Entity;
use crate::linking::model::Model;
use crate::linking::names::Vocabulary;
use crate::linking::register::{Candidate, Register};

/// How far it is.
#[derive(Clone, Copy, Debug)]
pub enum Step {
    /// Reading the register.
    Register,
    /// Learning what the fields weigh.
    Learning,
    /// So many rows of the left file are compared, and so many of its bytes read, of how many if that is known.
    Comparing(usize, u64, Option<u64>),
    /// Writing the pairs.
    Writing,
}

/// Rows from which the model learns, evenly from the whole file.
const SAMPLE: usize = 20_000;
/// Rows read and compared at a time.
const CHUNK: usize = 8_192;

/// Matches as ordered; `tell` hears how far it is, `flawed` of each row that is not used as it stands.
///
/// # Errors
/// A file cannot be read or lacks a column, or the pairs cannot be written.
pub fn run(
    order: &Order,
    mut tell: impl FnMut(Step),
    mut flawed: impl FnMut(&Flaw),
) -> anyhow::Result<Summary> {
    let mut summary = Summary::default();
    tell(Step::Register);
    let right_columns = order.config.right.as_ref().unwrap_or(&order.config.left);
    let (path, columns) = match &order.right {
        Some(path) => (path, right_columns),
        None => (&order.left, &order.config.left),
    };
    let (register, right_ids) = register(path, columns, &mut |flaw| {
        summary.n_unread += 1;
        flawed(flaw);
    })?;
    summary.n_right = register.len();
    tell(Step::Learning);
    let doubles = order.right.is_none();
    let model = register.learn(&sample(order, &register, doubles)?);

    let mut matching = Matching { order, register, model, doubles, left_ids: Vec::new(), pairs: Vec::new() };
    matching.compare(&mut summary, &mut tell, &mut |flaw| {
        // Of one file the flaws were told already.
        if !doubles {
            flawed(flaw);
        }
    })?;
    tell(Step::Writing);
    matching.write(&right_ids, &mut summary)?;
    Ok(summary)
}

/// A register read twice: once for how common its words are.
fn register(
    path: &Path,
    columns: &Columns,
    flawed: &mut impl FnMut(&Flaw),
) -> anyhow::Result<(Register, Vec<String>)> {
    let mut words = Vocabulary::default();
    each(path, columns, &mut |_| {}, |row| {
        row.with(|row| words.add(&row.names()));
        Ok(())
    })?;
    let (mut rows, mut ids) = (Vec::new(), Vec::new());
    let mut seen: HashMap<String, u64> = HashMap::new();
    let mut doubles = Vec::new();
    each(path, columns, flawed, |row| {
        if let Some(first) = seen.insert(row.id.clone(), row.line) {
            let what = format!("{} stands in line {first} already; both are matched", row.id);
            doubles.push(Flaw { file: path.display().to_string(), line: row.line, what });
        }
        rows.push(row.with(|row| Entity::new(row, &words)));
        ids.push(row.id);
        Ok(())
    })?;
    doubles.iter().for_each(flawed);
    anyhow::ensure!(!rows.is_empty(), "{} has no row that can be matched", path.display());
    Ok((Register::new(rows, words), ids))
}

/// Reads a file to its end.
fn each(
    path: &Path,
    columns: &Columns,
    flawed: &mut impl FnMut(&Flaw),
    mut row: impl FnMut(Written) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    let mut rows = Rows::open(path, columns)?;
    while let Some(next) = rows.next()? {
        match next {
            Next::Row(it) => row(it)?,
            Next::Flawed(flaw) => flawed(&flaw),
            Next::Partly(it, flaw) => {
                flawed(&flaw);
                row(it)?;
            }
        }
    }
    Ok(())
}

/// Every so many rows of the left file, with their places where it is the register itself.
fn sample(order: &Order, register: &Register, doubles: bool) -> anyhow::Result<Vec<(Option<u32>, Entity)>> {
    let mut kept: Vec<(u32, Written)> = Vec::new();
    let (mut every, mut at) = (1, 0_u32);
    each(&order.left, &order.config.left, &mut |_| {}, |row| {
        if at % every == 0 {
            kept.push((at, row));
        }
        if kept.len() >= 2 * SAMPLE {
            every *= 2;
            kept.retain(|it| it.0 % every == 0);
        }
        at += 1;
        Ok(())
    })?;
    let read = |(at, row): (u32, Written)| (doubles.then_some(at), row.with(|row| register.read(row)));
    Ok(kept.into_iter().map(read).collect())
}

/// A matching under way.
struct Matching<'a> {
    order: &'a Order,
    register: Register,
    model: Model,
    /// Whether the left file is the register itself.
    doubles: bool,
    left_ids: Vec<String>,
    pairs: Vec<Vec<Candidate>>,
}

impl Matching<'_> {
    fn compare(
        &mut self,
        summary: &mut Summary,
        tell: &mut impl FnMut(Step),
        flawed: &mut impl FnMut(&Flaw),
    ) -> anyhow::Result<()> {
        let mut rows = Rows::open(&self.order.left, &self.order.config.left)?;
        let mut chunk = Vec::with_capacity(CHUNK);
        loop {
            let next = rows.next()?;
            let ended = next.is_none();
            match next {
                Some(Next::Row(it)) => chunk.push(it),
                Some(Next::Flawed(flaw)) => {
                    summary.n_unread += usize::from(!self.doubles);
                    flawed(&flaw);
                }
                Some(Next::Partly(it, flaw)) => {
                    flawed(&flaw);
                    chunk.push(it);
                }
                None => {}
            }
            if chunk.len() == CHUNK || ended {
                summary.n_compared += self.compare_chunk(&chunk);
                self.left_ids.extend(chunk.drain(..).map(|it| it.id));
                let (read, size) = rows.progress();
                tell(Step::Comparing(self.left_ids.len(), read, size));
            }
            if ended {
                summary.n_left = self.left_ids.len();
                return Ok(());
            }
        }
    }

    /// Compares a chunk on all cores; returns how many pairs that were.
    fn compare_chunk(&mut self, chunk: &[Written]) -> usize {
        let threads = std::thread::available_parallelism().map_or(1, usize::from);
        let share = chunk.len().div_ceil(threads).max(1);
        let first = self.left_ids.len();
        let this = &*self;
        let parts: Vec<(Vec<Vec<Candidate>>, usize)> = std::thread::scope(|scope| {
            let parts: Vec<_> = chunk
                .chunks(share)
                .enumerate()
                .map(|(n, rows)| scope.spawn(move || this.compare_rows(first + n * share, rows)))
                .collect();
            parts.into_iter().map(|it| it.join().expect("comparing does not panic")).collect()
        });
        let n_compared = parts.iter().map(|it| it.1).sum();
        self.pairs.extend(parts.into_iter().flat_map(|it| it.0));
        n_compared
    }

    fn compare_rows(&self, first: usize, rows: &[Written]) -> (Vec<Vec<Candidate>>, usize) {
        let mut found = Vec::new();
        let mut n_compared = 0;
        let mut pairs = Vec::with_capacity(rows.len());
        for (at, row) in (first..).zip(rows) {
            let entity = row.with(|row| self.register.read(row));
            let mut candidates = self.register.candidates(&entity, &self.model, &mut found);
            n_compared += found.len();
            if self.doubles {
                candidates.retain(|it| it.at as usize > at);
            }
            pairs.push(candidates);
        }
        (pairs, n_compared)
    }

    /// Writes the pairs to a file that appears when it is complete.
    fn write(&self, right_ids: &[String], summary: &mut Summary) -> anyhow::Result<()> {
        let out = &self.order.out;
        let mut partial = out.as_os_str().to_owned();
        partial.push(".part");
        let partial = Path::new(&partial);
        let file = File::create(partial).with_context(|| format!("writing {}", partial.display()))?;
        let mut table =
            CsvWriter::new(BufWriter::new(file), ["left", "right", "probability", "band", "reasons"])?;
        let all = self.order.config.options.one_to_one && !self.doubles;
        let matched = all.then(|| assign::one_to_one(&self.pairs, right_ids.len()));
        for (at, row) in self.pairs.iter().enumerate() {
            let probabilities = match &matched {
                Some(matched) => matched[at].clone(),
                None if self.doubles => assign::each(row),
                None => assign::many_to_one(row),
            };
            for (candidate, probability, band) in banded(row, &probabilities, &self.order.config.options) {
                match band {
                    Band::Linked => summary.n_linked += 1,
                    Band::Review => summary.n_review += 1,
                }
                let evidence = candidate.evidence(&self.model);
                let reasons = format!("{} [{evidence}]", evidence.sentence());
                table.row([
                    Field::Text(&self.left_ids[at]),
                    Field::Text(&right_ids[candidate.at as usize]),
                    Field::Text(&format!("{probability:.4}")),
                    Field::Text(band.as_str()),
                    Field::Text(&reasons),
                ])?;
            }
        }
        table.finish()?.flush()?;
        fs::rename(partial, out).with_context(|| format!("writing {}", out.display()))
    }
}

/// What is done with a pair.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Band {
    Linked,
    Review,
}

impl Band {
    fn as_str(self) -> &'static str {
        match self {
            Self::Linked => "linked",
            Self::Review => "review",
        }
    }
}

/// The candidates that are linked or worth a look, the most probable first.
fn banded<'a>(
    row: &'a [Candidate],
    probabilities: &[f64],
    options: &Options,
) -> Vec<(&'a Candidate, f64, Band)> {
    let band = |candidate: &Candidate, probability: f64| {
        let linked = probability >= options.linked && !candidate.needs_person();
        let band = if linked { Some(Band::Linked) } else { Some(Band::Review) };
        band.filter(|_| probability >= options.review)
    };
    let mut pairs: Vec<_> =
        row.iter().zip(probabilities).filter_map(|(it, p)| Some((it, *p, band(it, *p)?))).collect();
    pairs.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.at.cmp(&b.0.at)));
    pairs
}
