//! What the demonstration promises.

use std::collections::{BTreeMap, BTreeSet};

use super::knowledge::{Expect, Story};
use super::*;
use crate::db::query;
use crate::incidents::facets::Disposition;
use crate::knowledge::Document;
use crate::rights::Viewer;
use crate::scoring::Family;
use crate::scoring::card::{Card, Cards};
use crate::standing::assess::{Outcome, assess};

fn day() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, 23).unwrap()
}

fn registers() -> Registers {
    invent(&Knowledge::read().unwrap(), day()).unwrap()
}

fn files(registers: &Registers) -> Vec<(String, Vec<u8>)> {
    knowledge::profiles().iter().map(|(name, _)| registers.bytes(name).unwrap()).collect()
}

#[test]
fn the_same_day_gives_the_same_bytes_and_another_day_others() {
    let first = files(&registers());
    let again = files(&registers());
    let other = files(&invent(&Knowledge::read().unwrap(), day().succ_opt().unwrap()).unwrap());

    assert!(first == again && first != other);
}

#[test]
fn there_are_about_four_hundred_sites_and_most_are_massage_parlors() {
    let registers = registers();

    let mut kinds: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let of_licenses = registers.licenses.iter().map(|it| &it.of);
    for it in of_licenses.chain(&registers.premises) {
        kinds.entry(it.kind.clone()).or_default().insert(it.premises.clone());
    }

    let n_sites: usize = kinds.values().map(BTreeSet::len).sum();
    assert!((380..=460).contains(&n_sites), "{n_sites}");
    assert!(kinds["massage_parlor"].len() * 2 > n_sites);
    assert_eq!(kinds.len(), 9);
}

#[test]
fn nothing_in_the_files_looks_like_a_person() {
    let phone = |text: &str| {
        let digits: Vec<&str> = text.split(|it: char| !it.is_ascii_digit()).collect();
        digits.windows(3).any(|it| [it[0].len(), it[1].len(), it[2].len()] == [3, 3, 4])
    };

    for (name, bytes) in files(&registers()) {
        let text = String::from_utf8(bytes).unwrap();
        let first = text.lines().next().unwrap().to_lowercase();
        if name.contains("parties") {
            // Companies have telephones: only such as are kept for stories.
            assert!(text.split("555-").skip(1).all(|it| it.starts_with("01")) && text.contains("555-01"));
            continue;
        }
        for word in ["owner", "birth", "phone", "email", "officer_name", "inspector", "victim", "complainant"]
        {
            assert!(!first.contains(word), "{name} has a column {word}");
        }
        for word in ["Mr.", "Mrs.", "Ms.", "Dr. ", "Jr.", "@", "born "] {
            assert!(!text.contains(word), "{name} holds {word}");
        }
        assert!(!text.lines().any(phone), "{name} holds what looks like a phone");
    }
}

#[test]
fn most_incidents_end_as_reports_and_some_count_for_nothing() {
    let library = Library::open(None).unwrap();
    let offenses = Offenses::read(&library).unwrap();
    let incidents = registers().incidents;

    let mut ends: BTreeMap<Disposition, usize> = BTreeMap::new();
    for it in &incidents {
        assert!(offenses.has(&it.offense), "{}", it.offense);
        *ends.entry(it.disposition.parse().unwrap()).or_default() += 1;
    }

    let n_against_nobody: usize = ends.iter().filter(|it| !it.0.counts()).map(|it| it.1).sum();
    assert!(ends[&Disposition::Reported] * 2 > incidents.len());
    assert!(n_against_nobody * 100 > incidents.len() && n_against_nobody * 10 < incidents.len());
    let words = [
        "prostitution_patron",
        "prostitution_promoter",
        "prostitution_nuisance",
        "public_nuisance",
        "liquor",
    ];
    assert!(words.iter().all(|word| incidents.iter().any(|it| it.offense == *word)));
}

#[test]
fn nothing_happens_after_the_morning_of_the_day() {
    let registers = registers();

    assert!(registers.inspections.iter().all(|it| it.date < day() && it.entered <= day()));
    assert!(registers.complaints.iter().all(|it| it.received < day() && it.entered <= day()));
    assert!(registers.incidents.iter().all(|it| it.happened < day().to_string() && it.entered <= day()));
    assert!(registers.licenses.iter().all(|it| it.issued < day() && it.entered <= day()));
}

struct World {
    db: Db,
    clock: Clock,
    _folder: tempfile::TempDir,
}

impl World {
    async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let db = Db::open(folder.path().join("foca.db").to_str().unwrap()).await.unwrap();
        Self { db, clock: Clock::Fixed("2026-11-23T15:00:00Z".parse().unwrap()), _folder: folder }
    }

    async fn assess(&self) -> Outcome {
        let card = Card::parse("expert.toml", include_str!("../../data/models/expert.toml")).unwrap();
        assess(&self.db, self.clock, &Cards::new(vec![card]).unwrap(), None).await.unwrap()
    }

    /// The story of the shop that reopened in the next city is proposed, and nothing that only looks like one.
    async fn look_for_reopenings(&self, outcome: &Outcome) {
        let (operator, library) = (Viewer::operator(), Library::open(None).unwrap());
        let kinds = crate::sites::Kinds::read(&library).unwrap();
        crate::successions::job::look(&self.db, self.clock, &operator, &kinds).await.unwrap();
        let state = crate::successions::State::Proposed;
        let found = crate::successions::store::list(&self.db, &operator, state, None, 999).await.unwrap();
        let name = |id| outcome.sites.iter().find(|it| it.id == id).map(|it| it.name.as_str());
        let pairs: Vec<_> = found.iter().map(|it| (name(it.from_site), name(it.to_site))).collect();
        assert!(
            pairs.contains(&(Some("Nine Birch Massage Studio"), Some("Nine Birch Massage"))),
            "{pairs:?}"
        );
        assert!(pairs.len() <= 40, "{pairs:?}");
    }

    async fn count(&self, sql: &'static str, id: crate::db::Value) -> i64 {
        query(sql).bind(id).fetch_scalar(&self.db).await.unwrap()
    }

    async fn check(&self, story: &Story, outcome: &Outcome) {
        let id = &story.id;
        let n = outcome.sites.iter().position(|it| it.name == story.site).expect(id);
        let (site, standing, score) = (&outcome.sites[n], &outcome.standings[n], &outcome.scores[n]);
        let Expect { tier, points_at_most, complaints_at_least, complaints_at_most, records, .. } =
            &story.expect;
        let complaints = score.families.iter().find(|it| it.family == Family::Complaints).unwrap().points.0;
        let n_complaints =
            score.reasons.iter().filter(|it| it.feature.family() == Family::Complaints).count();

        assert!(tier.as_ref().is_none_or(|it| *it == standing.tier.to_string()), "{id}: {standing:?}");
        assert!(points_at_most.is_none_or(|it| standing.points.unwrap().0 <= it * 100), "{id}: {standing:?}");
        assert!(complaints_at_least.is_none_or(|it| complaints >= it * 100), "{id}: {complaints}");
        assert!(complaints_at_most.is_none_or(|it| complaints <= it * 100), "{id}: {complaints}");
        assert!(records.is_none_or(|it| n_complaints == it), "{id}: {n_complaints} records");
        let features: Vec<String> = score.reasons.iter().map(|it| it.feature.to_string()).collect();
        assert!(story.expect.reason.as_ref().is_none_or(|it| features.contains(it)), "{id}: {features:?}");
        let ring = crate::standing::rings::of(&self.db, &Viewer::operator(), site.id).await.unwrap();
        let n_ring = ring.n_incidents();
        assert!(story.expect.ring_at_least.is_none_or(|it| n_ring >= it), "{id}: {n_ring} in the ring");
        let building =
            "SELECT count(*) FROM link WHERE building_id = $1 AND site_id IS NULL AND superseded_at IS NULL";
        let n_building = self.count(building, site.building_id.into()).await;
        assert!(
            story.expect.building_incidents_at_least.is_none_or(|it| n_building >= it),
            "{id}: {n_building}"
        );
    }
}

#[tokio::test]
async fn every_row_goes_in_and_each_story_holds_in_the_real_assessment() {
    let world = World::new().await;
    let mut numbers: Vec<(String, i64, bool)> = Vec::new();

    make(&world.db, world.clock, |file, it| {
        numbers.push((file.to_owned(), it.counts.rejected + it.counts.duplicate, it.unmapped.is_empty()));
    })
    .await
    .unwrap();
    let outcome = world.assess().await;

    assert_eq!(numbers.len(), knowledge::profiles().len());
    assert!(numbers.iter().all(|(_, n_lost, mapped)| *n_lost == 0 && *mapped), "{numbers:?}");
    for story in &Knowledge::read().unwrap().stories.story {
        world.check(story, &outcome).await;
    }
    let parties = crate::parties::store::all(&world.db, &Viewer::operator()).await.unwrap();
    let named = |name: &str| parties.iter().filter(|it| it.name == name).collect::<Vec<_>>();
    let operator = named("Ochre Kettle Management LLC");
    let behind =
        crate::parties::store::of_party(&world.db, &Viewer::operator(), operator[0].id).await.unwrap();
    let cities: BTreeSet<_> = behind.iter().filter_map(|it| it.city.clone()).collect();
    assert_eq!((operator.len(), cities.len()), (1, 3), "one operator behind three cities");
    assert_eq!(named("Robin Plover").len(), 2, "two people of one name stay two");
    let nine_birch = outcome.sites.iter().filter(|it| it.name.starts_with("Nine Birch"));
    assert_eq!(nine_birch.map(|it| it.status.to_string()).collect::<BTreeSet<_>>().len(), 2);
    world.look_for_reopenings(&outcome).await;
    assert!(
        outcome.sites.iter().any(|it| it.lon.is_none()) && outcome.sites.iter().all(|it| it.city.is_some())
    );
}

#[tokio::test]
async fn invented_and_real_records_never_mix() {
    let world = World::new().await;
    let folder = tempfile::tempdir().unwrap();
    let invented = knowledge::profiles().into_iter().find(|it| it.0 == "premises").unwrap().1;
    let real = Document::new("real.toml", invented.body.replace("demonstration-survey", "city-survey"));
    let path = registers().write("premises", folder.path()).unwrap();
    let job = |document: &Document| Job {
        path: path.clone(),
        file_name: "survey.csv".to_owned(),
        profile_name: "survey".to_owned(),
        profile: Profile::read(document).unwrap(),
        document: document.clone(),
        offenses: Arc::new(Offenses::read(&Library::open(None).unwrap()).unwrap()),
    };

    let invented_into_real =
        engine::import(&world.db, world.clock, &Viewer::operator(), &job(&invented), |_| ()).await;
    let mut tx = world.db.begin().await.unwrap();
    store::begin(&mut tx, day()).await.unwrap();
    tx.commit().await.unwrap();
    let real_into_invented =
        engine::import(&world.db, world.clock, &Viewer::operator(), &job(&real), |_| ()).await;

    assert!(matches!(invented_into_real, Err(engine::ImportError::Mixed(_))));
    assert!(matches!(real_into_invented, Err(engine::ImportError::Mixed(_))));
    let viewer = Viewer::system("test");
    assert!(crate::sites::store::all(&world.db, &viewer).await.unwrap().is_empty());
}
