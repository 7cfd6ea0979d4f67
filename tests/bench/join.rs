//! The join alone, as a peer's query would do it: incidents of a CSV file to every site within 150 m, counted for each
//! site in all and in the last twelve months of the file. Prints the number of pairs: `join SITES.csv INCIDENTS.csv
//! OUT.csv`.

#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a benchmark that meets an error has no result")]

use std::fs;

use foca::geo::Point;
use foca::geo::distance::Meters;
use foca::geo::grid::Grid;

const REACH: Meters = Meters(150.0);

/// For each site how many in all, and since [`SINCE`].
type Counts = Vec<[u32; 2]>;

/// Twelve months before the last incident that the generator makes.
const SINCE: &[u8] = b"2025-01-01";

fn main() {
    let [sites, incidents, out] = std::env::args().skip(1).collect::<Vec<_>>().try_into().unwrap();
    let (ids, points) = read_sites(&sites);
    let grid = Grid::build(&points, REACH);
    let file = fs::read(incidents).unwrap();
    let counts = count(&file, &grid, points.len());
    let mut table = csv::Writer::from_path(out).unwrap();
    for (id, [all, year]) in ids.iter().zip(&counts) {
        table.write_record([id, &all.to_string(), &year.to_string()]).unwrap();
    }
    table.flush().unwrap();
    println!("{}", counts.iter().map(|it| u64::from(it[0])).sum::<u64>());
}

fn read_sites(path: &str) -> (Vec<String>, Vec<Point>) {
    let mut reader = csv::Reader::from_path(path).unwrap();
    let [id, lon, lat] = ["id", "lon", "lat"].map(|name| place(reader.byte_headers().unwrap(), name));
    let rows = reader.byte_records().map(|row| {
        let row = row.unwrap();
        (String::from_utf8_lossy(&row[id]).into_owned(), point(&row[lon], &row[lat]).unwrap())
    });
    rows.unzip()
}

fn place(header: &csv::ByteRecord, name: &str) -> usize {
    header.iter().position(|it| it == name.as_bytes()).unwrap()
}

fn point(lon: &[u8], lat: &[u8]) -> Option<Point> {
    let number = |it: &[u8]| std::str::from_utf8(it).ok()?.parse::<f64>().ok();
    Point::parse(number(lon)?, number(lat)?).ok()
}

/// Counts on every core, a share of the file's lines on each.
fn count(file: &[u8], grid: &Grid, n_sites: usize) -> Counts {
    let n_threads = std::thread::available_parallelism().map_or(1, usize::from);
    let end_of_header = file.iter().position(|it| *it == b'\n').unwrap() + 1;
    let header = csv::Reader::from_reader(&file[..end_of_header]).byte_headers().unwrap().clone();
    let shares = shares(&file[end_of_header..], n_threads);
    std::thread::scope(|scope| {
        let header = &header;
        let work = |share| scope.spawn(move || count_share(share, header, grid, n_sites));
        let running: Vec<_> = shares.into_iter().map(work).collect();
        let mut counts = vec![[0; 2]; n_sites];
        for share in running {
            for (sum, part) in counts.iter_mut().zip(share.join().unwrap()) {
                *sum = [sum[0] + part[0], sum[1] + part[1]];
            }
        }
        counts
    })
}

/// The generator writes no line breaks inside of quotes, so a line is a row.
fn shares(mut lines: &[u8], n: usize) -> Vec<&[u8]> {
    let mut shares = Vec::new();
    for left in (1..=n).rev() {
        let about = lines.len() / left;
        let end = lines[about..].iter().position(|it| *it == b'\n').map_or(lines.len(), |it| about + it + 1);
        let (share, rest) = lines.split_at(end);
        shares.push(share);
        lines = rest;
    }
    shares
}

fn count_share(share: &[u8], header: &csv::ByteRecord, grid: &Grid, n_sites: usize) -> Counts {
    let [at, lon, lat] = ["occurred_at", "lon", "lat"].map(|name| place(header, name));
    let mut counts = vec![[0; 2]; n_sites];
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(share);
    let mut row = csv::ByteRecord::new();
    while reader.read_byte_record(&mut row).unwrap() {
        let Some(point) = point(&row[lon], &row[lat]) else { continue };
        let lately = u32::from(&row[at] >= SINCE);
        grid.within(point, REACH, |site, _| {
            let [all, year] = &mut counts[site as usize];
            *all += 1;
            *year += lately;
        });
    }
    counts
}
