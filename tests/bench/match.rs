//! Linking alone: dirty records against a register, `match SITES.csv DIRTY.csv BLOCKS.txt [BLOCKED]`. The register and what
//! the fields weigh are made ready first; inside the clock each record is read from its text, blocked, compared and weighed
//! on all cores. Prints records, pairs, seconds, records a second, and how many of the most probable are right. The blocks of
//! the first BLOCKED records go to a file, for the peer.

#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a benchmark that meets an error has no result")]

use std::fmt::Write as _;
use std::fs;
use std::time::Instant;

use foca::linking::assign;
use foca::linking::entity::{Entity, Row};
use foca::linking::model::Model;
use foca::linking::names::Vocabulary;
use foca::linking::register::Register;

type Record = [String; 7];

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let (sites, dirty) = (read(&arguments[0]), read(&arguments[1]));
    let n_blocked: usize = arguments.get(3).map_or(50_000, |it| it.parse().unwrap());
    let mut words = Vocabulary::default();
    sites.iter().for_each(|it| words.add(&row(it).names()));
    let rows = sites.iter().map(|it| Entity::new(&row(it), &words)).collect();
    let register = Register::new(rows, words);
    let sample: Vec<_> =
        dirty.iter().step_by(dirty.len() / 10_000 + 1).map(|it| (None, register.read(&row(it)))).collect();
    let model = register.learn(&sample);

    let began = Instant::now();
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let (n_pairs, n_right) = std::thread::scope(|scope| {
        let (register, model, sites) = (&register, &model, &sites);
        let parts: Vec<_> = dirty
            .chunks(dirty.len().div_ceil(threads))
            .map(|part| scope.spawn(move || compare(register, model, sites, part)))
            .collect();
        parts.into_iter().map(|it| it.join().unwrap()).fold((0, 0), |a, b| (a.0 + b.0, a.1 + b.1))
    });
    let seconds = began.elapsed().as_secs_f64();
    #[expect(clippy::cast_precision_loss, reason = "a million rows")]
    let a_second = dirty.len() as f64 / seconds;
    println!("{} {n_pairs} {seconds:.3} {a_second:.0} {n_right}", dirty.len());

    let mut text = String::new();
    let mut found = Vec::new();
    for it in dirty.iter().take(n_blocked) {
        register.blocked(&register.read(&row(it)), &mut found);
        found.iter().for_each(|at| write!(text, "{at} ").unwrap());
        text.push('\n');
    }
    fs::write(&arguments[2], text).unwrap();
}

/// How many pairs were compared, and how many records found their own site first.
fn compare(register: &Register, model: &Model, sites: &[Record], records: &[Record]) -> (usize, usize) {
    let mut found = Vec::new();
    let (mut n_pairs, mut n_right) = (0, 0);
    for record in records {
        let candidates = register.candidates(&register.read(&row(record)), model, &mut found);
        n_pairs += found.len();
        let probabilities = assign::many_to_one(&candidates);
        let best = candidates.iter().zip(probabilities).max_by(|a, b| a.1.total_cmp(&b.1));
        n_right += usize::from(best.is_some_and(|it| sites[it.0.at as usize][0] == record[6]));
    }
    (n_pairs, n_right)
}

fn read(path: &str) -> Vec<Record> {
    let mut reader = csv::Reader::from_path(path).unwrap();
    let rows = reader.records().map(|row| {
        let row = row.unwrap();
        std::array::from_fn(|at| row.get(at).unwrap_or_default().to_owned())
    });
    rows.collect()
}

fn row(it: &Record) -> Row<'_> {
    Row { name: &it[1], address: &it[2], city: &it[3], zip: &it[4], phone: &it[5], ..Row::default() }
}
