//! All that a running FOCA holds; handlers ask for the piece that they need.

use std::sync::Arc;

use axum::extract::FromRef;

use crate::accounts::Accounts;
use crate::applications::acts::Office;
use crate::applications::workflow::Workflow;
use crate::areas;
use crate::clock::Clock;
use crate::compliance::job::Rules;
use crate::compliance::packs::Packs;
use crate::compliance::what_if_spot::Desk;
use crate::config;
use crate::db::{self, Db, query};
use crate::incidents::offenses::Offenses;
use crate::knowledge::Library;
use crate::places::classes::Classes;
use crate::places::snapshot::Places;
use crate::scoring::card::{Card, Cards};
use crate::sites::Kinds;
use crate::standing::past::Pasts;
use crate::standing::watch::Snapshots;
use crate::web::assets;
use crate::web::frame::Frame;

/// The pieces. Cloning it clones handles, not data.
#[derive(Clone, Debug, FromRef)]
pub struct App {
    /// What surrounds every page.
    pub frame: Frame,
    /// The database.
    pub db: Db,
    /// The time.
    pub clock: Clock,
    /// The files of `data/`.
    pub library: Arc<Library>,
    /// The kinds of site.
    pub kinds: Arc<Kinds>,
    /// The classes of offense.
    pub offenses: Arc<Offenses>,
    /// The rules of law, and the places that they speak of.
    pub rules: Rules,
    /// The workflow of the licensing desk.
    pub workflow: Arc<Workflow>,
    /// The score cards.
    pub cards: Arc<Cards>,
    /// The catalog and the standings in memory.
    pub snapshots: Snapshots,
    /// The same as of past days, as pages ask for them.
    pub pasts: Pasts,
    /// The people who may sign in: rules and roles.
    pub accounts: Accounts,
    /// The settings of the server.
    pub serve: Arc<config::Serve>,
}

/// The areas of the present snapshot, for slices that stand left of `standing`.
impl FromRef<App> for Arc<areas::snapshot::Snapshot> {
    fn from_ref(app: &App) -> Self {
        Arc::clone(&app.snapshots.current().areas)
    }
}

/// The classes of sensitive places, for the slice that stands left of `compliance`.
impl FromRef<App> for Arc<Classes> {
    fn from_ref(app: &App) -> Self {
        Arc::clone(&app.rules.packs.classes)
    }
}

/// The sensitive places, for slices that stand left of the rules.
impl FromRef<App> for Places {
    fn from_ref(app: &App) -> Self {
        app.rules.places.clone()
    }
}

/// What a question about a spot is answered from.
impl FromRef<App> for Desk {
    fn from_ref(app: &App) -> Self {
        let snapshot = app.snapshots.current();
        Self {
            db: app.db.clone(),
            clock: app.clock,
            kinds: Arc::clone(&app.kinds),
            rules: app.rules.clone(),
            areas: Arc::clone(&snapshot.areas),
            sites: Arc::clone(&snapshot.sites),
        }
    }
}

/// What the pages of the licensing desk work with.
impl FromRef<App> for Office {
    fn from_ref(app: &App) -> Self {
        Self {
            db: app.db.clone(),
            clock: app.clock,
            workflow: Arc::clone(&app.workflow),
            areas: Arc::clone(&app.snapshots.current().areas),
            kinds: Arc::clone(&app.kinds),
            packs: Arc::clone(&app.rules.packs),
        }
    }
}

/// Whether a database holds invented or real data, as its `meta` table says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DataStatus {
    /// Nothing has been stored yet.
    Empty,
    /// The demonstration state.
    Demonstration,
    /// Anything else.
    Real,
}

impl App {
    /// Opens the database, brings its tables up to date and reads the files of `data/`. Whoever shows pages reads the
    /// first snapshot: `snapshots.refresh`.
    ///
    /// # Errors
    /// The database cannot be opened, or a file of `data/` has a flaw (named with its line).
    pub async fn open(shared: &config::Shared, clock: Clock) -> anyhow::Result<Self> {
        let library = Library::open(shared.data.as_deref())?;
        let kinds = Kinds::read(&library)?;
        let offenses = Offenses::read(&library)?;
        let packs = Packs::read(&library, &kinds, &offenses)?;
        let cards = cards(&library)?;
        let accounts = Accounts::read(&library)?;
        let workflow = Workflow::read(&library)?;
        workflow.check(&packs, &accounts)?;
        let db = Db::open(&shared.database).await?;
        if let Some(counties) = assets::get("counties.geojson") {
            areas::seed::counties(&db, clock, std::str::from_utf8(&counties)?).await?;
        }
        let demo = data_status(&db).await? == DataStatus::Demonstration;
        Ok(Self {
            frame: Frame {
                demo,
                zone: shared.zone,
                streets: None,
                viewer: None,
                idle_minutes: accounts.policy().idle_minutes.into(),
                waiting: None,
            },
            db,
            clock,
            library: Arc::new(library),
            kinds: Arc::new(kinds),
            offenses: Arc::new(offenses),
            rules: Rules::new(packs, shared.zone),
            workflow: Arc::new(workflow),
            cards: Arc::new(cards),
            snapshots: Snapshots::unread(),
            pasts: Pasts::default(),
            accounts,
            serve: Arc::new(config::Serve::preset()),
        })
    }
}

/// The score cards of `data/models/`.
///
/// # Errors
/// A card has flaws; all of them are named.
pub fn cards(library: &Library) -> anyhow::Result<Cards> {
    let read = |it: &crate::knowledge::Document| Ok(Card::parse(&it.name, &it.body)?);
    let cards = library.below("models").map(read).collect::<anyhow::Result<Vec<Card>>>()?;
    Cards::new(cards).map_err(anyhow::Error::msg)
}

/// What kind of data the database holds.
///
/// # Errors
/// The database does not answer.
pub async fn data_status(db: &Db) -> db::Result<DataStatus> {
    let status: Option<(String,)> =
        query("SELECT value FROM meta WHERE name = 'data_status'").fetch_optional(db).await?;
    if status.is_some_and(|it| it.0 == "demonstration") {
        return Ok(DataStatus::Demonstration);
    }
    let n_rows: i64 = query("SELECT (SELECT count(*) FROM site) + (SELECT count(*) FROM import_batch)")
        .fetch_scalar(db)
        .await?;
    Ok(if n_rows == 0 { DataStatus::Empty } else { DataStatus::Real })
}
