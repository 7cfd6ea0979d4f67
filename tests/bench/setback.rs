//! Setbacks as a licensing clerk checks them all at once: every site to every place within 2,800 ft, exact and geodesic.
//! Prints the number of pairs, the seconds of the join alone, and those of reading, indexing and joining by itself:
//! `setback SITES.csv PLACES.csv OUT.csv`.

#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a benchmark that meets an error has no result")]

use std::time::Instant;

use foca::geo::Point;
use foca::geo::distance::{Feet, Meters};
use foca::geo::near::Near;
use foca::geo::shape::Shape;

const LIMIT: Feet = Feet(2_800.0);

fn main() {
    let [sites, places, out] = std::env::args().skip(1).collect::<Vec<_>>().try_into().unwrap();
    let start = Instant::now();
    let ((ids, sites), (_, places)) = (read(&sites), read(&places));
    let read = start.elapsed().as_secs_f64();

    let start = Instant::now();
    let near = Near::build(&places, LIMIT.into());
    let built = start.elapsed().as_secs_f64();

    let start = Instant::now();
    let counts = join(&near, &sites);
    let joined = start.elapsed().as_secs_f64();

    let mut table = csv::Writer::from_path(out).unwrap();
    for (id, (n, nearest)) in ids.iter().zip(&counts) {
        table.write_record([id, &n.to_string(), &nearest.to_string()]).unwrap();
    }
    table.flush().unwrap();
    let pairs: u64 = counts.iter().map(|it| it.0).sum();
    println!("{pairs} {:.3} (read {read:.3} s, index {built:.3} s, pairs {joined:.3} s)", built + joined);
}

fn read(path: &str) -> (Vec<String>, Vec<Shape>) {
    let mut reader = csv::Reader::from_path(path).unwrap();
    let header = reader.byte_headers().unwrap().clone();
    let [id, lon, lat] =
        ["id", "lon", "lat"].map(|name| header.iter().position(|it| it == name.as_bytes()).unwrap());
    let rows = reader.byte_records().map(|row| {
        let row = row.unwrap();
        let number = |it: &[u8]| std::str::from_utf8(it).unwrap().parse::<f64>().unwrap();
        let point = Point::parse(number(&row[lon]), number(&row[lat])).unwrap();
        (String::from_utf8_lossy(&row[id]).into_owned(), Shape::from(point))
    });
    rows.unzip()
}

/// For each site how many places, and the meters to the nearest; on every core, a share of the sites on each.
fn join(near: &Near, sites: &[Shape]) -> Vec<(u64, f64)> {
    let n_threads = std::thread::available_parallelism().map_or(1, usize::from);
    let share = sites.len().div_ceil(n_threads).max(1);
    let limit = Meters::from(LIMIT);
    let count = |site: &Shape| {
        let (mut n, mut nearest) = (0, f64::INFINITY);
        near.within(site, limit, |_, it| {
            n += 1;
            nearest = nearest.min(it.meters.0);
        });
        (n, nearest)
    };
    std::thread::scope(|scope| {
        let work = |part: &'_ [Shape]| part.iter().map(count).collect::<Vec<_>>();
        let running: Vec<_> = sites.chunks(share).map(|it| scope.spawn(move || work(it))).collect();
        running.into_iter().flat_map(|it| it.join().unwrap()).collect()
    })
}
