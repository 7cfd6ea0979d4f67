//! Standings on both engines: a full run, a site recomputed after a write, rings, records linked to a later site.

use foca::inspections::Outcome;
use foca::rights::{Resource, Viewer};
use foca::scoring::rank::Tier;
use foca::standing::assess::assess;
use foca::standing::drain::{Drained, drain};
use foca::standing::store;

use crate::harness::{TestApp, both_engines};

async fn run_drain(app: &TestApp) -> Drained {
    drain(&app.db, app.app.clock, &app.app.cards).await.unwrap()
}

both_engines! { a_full_run_and_then_a_single_site_give_standings_with_reasons, async |app| {
    let first = app.site("Joe's").kind("massage_parlor").at(-92.1, 46.8).create().await;
    let other = app.site("Moe's").kind("massage_parlor").at(-92.2, 46.8).create().await;
    app.inspection("V1").of(&first).with(|it| it.outcome = Outcome::NotPassed).create().await;
    let drained = run_drain(app).await;
    app.inspection("V2").of(&other).with(|it| it.outcome = Outcome::Refused).create().await;

    let then = run_drain(app).await;

    assert_eq!((drained, then), (Drained::All, Drained::Sites(1)));
    let viewer = Viewer::operator();
    let standing = store::find(&app.db, &viewer, other.id).await.unwrap().unwrap();
    assert_eq!((standing.tier, standing.headline.as_deref()), (Tier::First, Some("Entry refused; review offered")));
    let explained = store::explanation(&app.db, &viewer, first.id).await.unwrap().unwrap();
    assert_eq!(explained.reasons.len(), 1);
    assert_eq!(store::all(&app.db, &viewer).await.unwrap().len(), 2);
    assert!(store::all(&app.db, &viewer.without(&[Resource::Standing])).await.unwrap().is_empty());
    assert_eq!(run_drain(app).await, Drained::Nothing);
}}

both_engines! { a_site_to_which_no_record_gave_points_is_in_no_tier_even_where_there_is_room, async |app| {
    let found = app.site("Joe's").kind("strip_club").create().await;
    let clean = app.site("Moe's").kind("strip_club").create().await;
    app.inspection("V1").of(&found).with(|it| it.outcome = Outcome::NotPassed).create().await;
    app.inspection("V2").of(&clean).create().await;
    app.assess().await;
    let tier = async |id| store::find(&app.db, &Viewer::operator(), id).await.unwrap().unwrap().tier;

    let run = (tier(found.id).await, tier(clean.id).await);
    app.inspection("V3").of(&clean).create().await;
    let recomputed = (run_drain(app).await, tier(clean.id).await);
    app.inspection("V4").of(&clean).on("2026-05-02").with(|it| it.outcome = Outcome::NotPassed).create().await;
    run_drain(app).await;

    assert_eq!(run, (Tier::First, Tier::Third));
    assert_eq!(recomputed, (Drained::Sites(1), Tier::Third));
    assert_eq!(tier(clean.id).await, Tier::First);
}}

both_engines! { as_of_a_day_before_the_record_it_does_not_count, async |app| {
    let site = app.site("Joe's").with(|it| it.recorded_at = "2020-01-01".parse().unwrap()).create().await;
    app.inspection("V1").of(&site).on("2026-05-01").with(|it| it.outcome = Outcome::NotPassed).create().await;
    let as_of = |day: &str| Some(day.parse().unwrap());

    let before = assess(&app.db, app.app.clock, &app.app.cards, as_of("2026-04-30")).await.unwrap();
    let on_the_day = assess(&app.db, app.app.clock, &app.app.cards, as_of("2026-05-01")).await.unwrap();

    assert_eq!((before.run.n_events, before.scores[0].scored), (0, false));
    assert_eq!((on_the_day.run.n_events, on_the_day.scores[0].scored), (1, true));
}}

both_engines! { an_incident_that_came_first_links_to_the_site_that_comes_later, async |app| {
    let elsewhere = app.site("Moe's").address("7 Lake Ave, Duluth, MN 55802").at(-92.1, 46.8).create().await;
    let address = "100 Main St, Duluth, MN 55802";
    let building = foca::records::BuildingId::of(&foca::text::address::Address::parse(address));
    let incident = app
        .incident("I1")
        .with(|it| {
            (it.place.address, it.place.city) = (Some(address.to_owned()), Some("Duluth".to_owned()));
            it.place.building_id = building;
            (it.place.lon, it.place.lat) = (Some(-92.1), Some(46.8008));
        })
        .create()
        .await;
    run_drain(app).await;
    let site = app.site("Joe's").address(address).create().await;

    run_drain(app).await;

    let found = foca::records::store::find::<foca::incidents::Incident>(&app.db, &Viewer::operator(), incident).await.unwrap().unwrap();
    assert_eq!(found.linked.site_id, Some(site.id));
    let ring = foca::standing::rings::of(&app.db, &Viewer::operator(), elsewhere.id).await.unwrap();
    assert_eq!(ring.n_incidents(), 1);
}}
