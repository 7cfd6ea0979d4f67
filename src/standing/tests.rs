//! On a real SQLite file: what a run stores, what a mark leads to, and who sees it.

use std::sync::Arc;

mod world;

use world::{NOW, World, moment};

use super::assess::assess;
use super::drain::{Drained, drain};
use super::filter::Filter;
use super::store;
use super::watch::Snapshots;
use crate::clock::Clock;
use crate::db::query;
use crate::incidents::Incident;
use crate::records::{self, SiteId};
use crate::rights::{Resource, Viewer};
use crate::scoring::rank::Tier;
use crate::sites::store::ALL_SITES;
use crate::sites::{self, Site};

#[tokio::test]
async fn a_site_without_a_point_is_scored_and_one_of_which_nothing_is_known_is_not() {
    let world = World::new().await;
    let (known, unknown) = (world.site(1), world.site(2));
    world.save(vec![known.clone(), unknown.clone()]).await;
    world.not_passed("V1", &known, "2026-11-01").await;

    let outcome = world.run().await;

    let (first, second) = (&outcome.standings[0], &outcome.standings[1]);
    assert_eq!((first.tier, first.place), (Tier::First, Some(1)));
    assert_eq!(first.headline.as_deref(), Some("Critical violation, open"));
    assert_eq!((second.tier, second.points, second.place), (Tier::NotScored, None, None));
    assert_eq!((outcome.run.n_sites, outcome.run.n_events, outcome.run.n_backfilled), (2, 2, 2));
    assert_eq!(world.marks().await, 0);
    let kept: String = query("SELECT body FROM knowledge").fetch_scalar(&world.db).await.unwrap();
    assert_eq!(kept, include_str!("../../data/models/expert.toml"));
}

#[tokio::test]
async fn what_was_recorded_later_does_not_count_as_of_a_day() {
    let world = World::new().await;
    let site = world.site(1);
    world.save(vec![site.clone()]).await;
    world.not_passed("V1", &site, "2026-03-01").await;
    let before = assess(&world.db, world.clock, &world.cards, Some(moment("2026-05-01"))).await.unwrap();
    world.not_passed("V2", &site, "2026-06-01").await;

    let after = assess(&world.db, world.clock, &world.cards, Some(moment("2026-05-01"))).await.unwrap();
    let now = world.run().await;

    assert_eq!(before.scores, after.scores);
    assert_eq!(before.run.manifest, after.run.manifest);
    assert!(now.scores[0].low > after.scores[0].low);
    let long_ago = assess(&world.db, world.clock, &world.cards, Some(moment("2019-12-31"))).await.unwrap();
    assert!(long_ago.sites.is_empty());
    let n_runs: i64 = query("SELECT count(*) FROM standing_run").fetch_scalar(&world.db).await.unwrap();
    assert_eq!(n_runs, 1, "only runs as of the present are stored");
}

#[tokio::test]
async fn a_marked_site_is_recomputed_by_the_last_run_and_its_mark_vanishes() {
    let world = World::new().await;
    let (one, other) = (world.site(1), world.site(2));
    world.save(vec![one.clone(), other.clone()]).await;
    world.not_passed("V1", &one, "2026-10-01").await;
    let run = world.run().await.run.id;
    world.not_passed("V2", &other, "2026-11-01").await;

    let drained = drain(&world.db, world.clock, &world.cards).await.unwrap();

    assert_eq!(drained, Drained::Sites(1));
    assert_eq!(world.marks().await, 0);
    let standing = store::find(&world.db, &Viewer::operator(), other.id).await.unwrap().unwrap();
    assert_eq!((standing.run_id, standing.tier), (run, Tier::First));
    assert!(standing.points.is_some());
    let again = drain(&world.db, world.clock, &world.cards).await.unwrap();
    assert_eq!(again, Drained::Nothing);
}

#[tokio::test]
async fn a_single_recompute_gives_the_points_of_a_full_run() {
    let world = World::new().await;
    let site = world.site(1);
    world.save(vec![site.clone()]).await;
    world.not_passed("V1", &site, "2026-10-01").await;
    world.run().await;
    let full = world.points(site.id).await;
    let mut tx = world.db.begin().await.unwrap();
    sites::store::touch(&mut tx, &[site.id], moment(NOW)).await.unwrap();
    tx.commit().await.unwrap();

    drain(&world.db, world.clock, &world.cards).await.unwrap();

    assert_eq!(world.points(site.id).await, full);
    let explained = store::explanation(&world.db, &Viewer::operator(), site.id).await.unwrap().unwrap();
    assert_eq!(explained.reasons.len(), 2);
    assert_eq!(Some(explained.points.0), full);
}

#[tokio::test]
async fn the_mark_for_all_waits_for_a_running_import() {
    let world = World::new().await;
    world.save(vec![world.site(1)]).await;
    world.run().await;
    let import = "INSERT INTO import_batch (id, number, profile, profile_hash, source, record_kind, file_name, \
        file_bytes, state, started_at) VALUES ($1, 1, 'p', 'h', 's', 'license', 'f', 1, 'running', $2)";
    let mut tx = world.db.begin().await.unwrap();
    query(import).bind(world.clock.id()).bind(moment("2026-11-23T11:55:00Z")).execute(&mut tx).await.unwrap();
    sites::store::touch(&mut tx, &[ALL_SITES], moment(NOW)).await.unwrap();
    tx.commit().await.unwrap();

    let while_it_runs = drain(&world.db, world.clock, &world.cards).await.unwrap();
    let marks = world.marks().await;
    let much_later = Clock::Fixed("2026-11-23T12:05:01Z".parse().unwrap());
    let after_ten_minutes = drain(&world.db, much_later, &world.cards).await.unwrap();

    assert_eq!((while_it_runs, marks), (Drained::Nothing, 1));
    assert_eq!(after_ten_minutes, Drained::All);
    assert_eq!(world.marks().await, 0);
}

#[tokio::test]
async fn a_drain_that_breaks_off_leaves_the_marks() {
    let world = World::new().await;
    let site = world.site(1);
    world.save(vec![site.clone()]).await;
    world.run().await;
    world.not_passed("V1", &site, "2026-11-01").await;
    let mut tx = world.db.begin().await.unwrap();
    query("ALTER TABLE standing RENAME TO hidden").execute(&mut tx).await.unwrap();
    tx.commit().await.unwrap();

    let broken = drain(&world.db, world.clock, &world.cards).await;
    let full = assess(&world.db, world.clock, &world.cards, None).await;

    assert!(broken.is_err() && full.is_err());
    let marks: Vec<(SiteId,)> = query("SELECT site_id FROM stale_site").fetch_all(&world.db).await.unwrap();
    assert_eq!(marks, [(ALL_SITES,)], "the full run took the site's mark over and gave back one for all");
    let mut tx = world.db.begin().await.unwrap();
    query("ALTER TABLE hidden RENAME TO standing").execute(&mut tx).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(drain(&world.db, world.clock, &world.cards).await.unwrap(), Drained::All);
    assert!(world.points(site.id).await.is_some());
}

#[tokio::test]
async fn a_full_run_that_crashed_is_made_again_after_its_lease() {
    let world = World::new().await;
    world.save(vec![world.site(1)]).await;
    world.run().await;
    super::marks::take_all(&world.db, world.clock).await.unwrap();

    let at_once = drain(&world.db, world.clock, &world.cards).await.unwrap();
    let later = Clock::Fixed("2026-11-23T12:03:00Z".parse().unwrap());
    let after_the_lease = drain(&world.db, later, &world.cards).await.unwrap();

    assert_eq!((at_once, after_the_lease), (Drained::Nothing, Drained::All));
    assert_eq!(world.marks().await, 0);
}

#[tokio::test]
async fn who_may_not_see_standings_gets_no_tier_anywhere() {
    let world = World::new().await;
    let site = world.site(1);
    world.save(vec![site.clone(), world.site(2)]).await;
    world.not_passed("V1", &site, "2026-11-01").await;
    world.run().await;
    let snapshots = Snapshots::load(&world.db).await.unwrap();
    let snapshot = snapshots.current();
    let first = Filter { tiers: vec![Tier::First], ..Filter::default() };
    let (operator, inspector) = (Viewer::operator(), Viewer::operator().without(&[Resource::Standing]));

    assert_eq!(snapshot.matching(&operator, &first), [0]);
    assert_eq!(snapshot.tiers(&operator, &first)[0], (Tier::First, 1));
    assert_eq!(snapshot.standing(&operator, 0).unwrap().place, Some(1));

    assert_eq!(snapshot.matching(&inspector, &first), [0, 1], "the tier filter must not tell the tiers");
    assert!(snapshot.tiers(&inspector, &first).is_empty());
    assert!(snapshot.standing(&inspector, 0).is_none() && snapshot.tier(&inspector, 0).is_none());
    assert!(store::all(&world.db, &inspector).await.unwrap().is_empty());
    assert!(store::explanation(&world.db, &inspector, site.id).await.unwrap().is_none());
    assert!(snapshot.matching(&Viewer::nobody(), &first).is_empty());
}

#[tokio::test]
async fn a_snapshot_shows_what_was_written_after_it_settles() {
    let world = World::new().await;
    let site = world.site(1);
    world.save(vec![site.clone()]).await;
    let snapshots = Snapshots::load(&world.db).await.unwrap();
    snapshots.settle(&world.db, world.clock, &world.cards).await.unwrap();
    let before = snapshots.current();
    world.not_passed("V1", &site, "2026-11-01").await;

    snapshots.settle(&world.db, world.clock, &world.cards).await.unwrap();

    let after = snapshots.current();
    let viewer = Viewer::operator();
    assert_eq!(before.tier(&viewer, 0), Some(Tier::NotScored));
    assert_eq!(after.tier(&viewer, 0), Some(Tier::First));
    assert!(Arc::ptr_eq(&after, &snapshots.current()));
    assert!(!snapshots.refresh(&world.db).await.unwrap());
}

#[tokio::test]
async fn a_record_that_came_before_its_site_links_when_the_site_is_added() {
    let world = World::new().await;
    world.save(vec![world.site(1)]).await;
    world.run().await;
    let late = world.site(2);
    let id = world.incident("I1", &late, None).await;
    world.save(vec![late.clone()]).await;

    drain(&world.db, world.clock, &world.cards).await.unwrap();

    let found = records::store::find::<Incident>(&world.db, &Viewer::operator(), id).await;
    let found = found.unwrap().unwrap();
    assert_eq!(found.linked.site_id, Some(late.id));
    assert_eq!(found.linked.link_method.as_deref(), Some("address"));
    assert_eq!(world.marks().await, 0);
}

#[tokio::test]
async fn the_ring_counts_what_lies_around_and_follows_a_site_that_moves() {
    let world = World::new().await;
    let elsewhere = world.site(9);
    let mut site = world.site(1);
    (site.lon, site.lat) = (Some(-92.1), Some(46.8));
    world.save(vec![site.clone()]).await;
    // 90 m north: in the ring; 10 km north: not.
    world.incident("I1", &elsewhere, Some((-92.1, 46.8008))).await;
    world.incident("I2", &elsewhere, Some((-92.1, 46.9))).await;
    world.incident("I3", &elsewhere, Some((-92.1, 46.9001))).await;

    world.run().await;
    let before = world.ring(&site).await;
    let moved = Site { version: 2, lat: Some(46.8992), ..site.clone() };
    world.save(vec![moved]).await;
    drain(&world.db, world.clock, &world.cards).await.unwrap();

    assert_eq!((before, world.ring(&site).await), (1, 2));
}
