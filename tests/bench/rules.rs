//! Every site of a database held against the rules, from nothing and once more, then single sites after an edit of each.
//! Prints seconds, and milliseconds of the edits' median and slowest hundredth: `FOCA_DATA=FOLDER rules DATABASE`.

#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a benchmark that meets an error has no result")]

use std::time::{Duration, Instant};

use clap::Parser;
use foca::app::App;
use foca::clock::{Clock, Moment};
use foca::compliance::job;
use foca::config::Shared;
use foca::rights::Viewer;
use foca::sites::{self, Site};

const EDITS: usize = 400;

/// The settings of the program itself, from its environment.
#[derive(Parser)]
struct Bench {
    #[command(flatten)]
    shared: Shared,
}

#[tokio::main]
async fn main() {
    let shared = Bench::parse().shared;
    let app = App::open(&shared, Clock::System).await.unwrap();
    let packs = &app.rules.packs;
    println!("{} packs, {} rules", packs.iter().count(), packs.rules().count());
    for _ in 0..2 {
        let begun = Instant::now();
        let found = job::find_all(&app.db, app.clock, &app.rules).await.unwrap();
        println!(
            "{:.2} s for {} sites: {} findings changed",
            begun.elapsed().as_secs_f64(),
            found.n_sites,
            found.n_changed
        );
    }
    let sites = sites::store::all(&app.db, &Viewer::operator()).await.unwrap();
    let mut times = Vec::new();
    for site in sites.iter().step_by((sites.len() / EDITS).max(1)) {
        edit(&app, site).await;
        let begun = Instant::now();
        job::drain_marked(&app.db, app.clock, &app.rules).await.unwrap();
        times.push(begun.elapsed());
    }
    times.sort_unstable();
    let ms = |it: Duration| it.as_secs_f64() * 1e3;
    let (median, slow) = (times[times.len() / 2], times[times.len() * 99 / 100]);
    println!("{} edits, each held anew: median {:.1} ms, p99 {:.1} ms", times.len(), ms(median), ms(slow));
}

/// A new version with another kind: a strip club becomes a massage parlor, anything else a strip club.
async fn edit(app: &App, site: &Site) {
    let now = Moment::from(app.clock.now());
    let mut site = site.clone();
    site.kind = if site.kind == "strip_club" { "massage_parlor" } else { "strip_club" }.to_owned();
    (site.version, site.recorded_at) = (site.version + 1, now);
    let mut tx = app.db.begin().await.unwrap();
    sites::store::save(&mut tx, vec![site], now).await.unwrap();
    tx.commit().await.unwrap();
}
