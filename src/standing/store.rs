//! Reads and saves runs and standings.

use super::{Run, Standing};
use crate::db::{self, Table, Target, Tx, Value, query};
use crate::records::{self, SiteId};
use crate::rights::{Reach, Resource, Viewer};
use crate::scoring::card::Cards;
use crate::scoring::score::Score;

const LIST: &str = "SELECT site_id, run_id, as_of, points, low, high, coverage, tier, place, borderline, headline \
    FROM standing l WHERE true";

const RUN: &str = "SELECT id, as_of, finished_at, manifest, population, n_sites, n_events, n_backfilled \
    FROM standing_run WHERE true";

const TABLE: Table = Table {
    name: "standing",
    columns: &[
        "site_id",
        "run_id",
        "as_of",
        "points",
        "low",
        "high",
        "coverage",
        "tier",
        "place",
        "borderline",
        "headline",
        "explanation",
    ],
};

const RUN_TABLE: Table = Table {
    name: "standing_run",
    columns: &["id", "as_of", "finished_at", "manifest", "population", "n_sites", "n_events", "n_backfilled"],
};

/// Every site's standing, without the explanations.
pub async fn all(on: impl Into<Target<'_>>, viewer: &Viewer) -> db::Result<Vec<Standing>> {
    query(LIST).limited(viewer, Resource::Standing).then("ORDER BY site_id").fetch_all(on).await
}

/// One site's standing.
pub async fn find(on: impl Into<Target<'_>>, viewer: &Viewer, site: SiteId) -> db::Result<Option<Standing>> {
    query(LIST).limited(viewer, Resource::Standing).and("site_id = ?", Some(site)).fetch_optional(on).await
}

/// What led to one site's standing: each family, each reason with its record, and what is not known.
pub async fn explanation(
    on: impl Into<Target<'_>>,
    viewer: &Viewer,
    site: SiteId,
) -> db::Result<Option<Score>> {
    let found: Option<(db::Json<Score>,)> = query("SELECT explanation FROM standing l WHERE true")
        .limited(viewer, Resource::Standing)
        .and("site_id = ?", Some(site))
        .fetch_optional(on)
        .await?;
    Ok(found.map(|it| it.0.0))
}

/// The last full run as of the present.
pub async fn last_run(on: impl Into<Target<'_>>, viewer: &Viewer) -> db::Result<Option<Run>> {
    // A run is of the whole state.
    query(RUN)
        .limited(&viewer.clone().within(Reach::State), Resource::Standing)
        .then("ORDER BY as_of DESC, id DESC LIMIT 1")
        .fetch_optional(on)
        .await
}

/// Keeps a run, and the text of the cards that it used.
pub async fn save_run(tx: &mut Tx, run: &Run, cards: &Cards) -> db::Result<()> {
    for card in cards.iter() {
        let file = (format!("models/{}.toml", card.id), card.text.as_str());
        records::store::keep_text(tx, &card.hash, file, run.finished_at).await?;
    }
    let json = |it: serde_json::Result<String>| it.expect("a run is plain data with words as keys");
    let row = vec![
        run.id.into(),
        run.as_of.into(),
        run.finished_at.into(),
        json(serde_json::to_string(&run.manifest)).into(),
        json(serde_json::to_string(&run.basis)).into(),
        run.n_sites.into(),
        run.n_events.into(),
        run.n_backfilled.into(),
    ];
    tx.insert(&RUN_TABLE, vec![row]).await?;
    Ok(())
}

/// Puts standings, each with what led to it, in the place of those that the sites had.
pub async fn save(tx: &mut Tx, standings: Vec<(Standing, &Score)>) -> db::Result<()> {
    query("DELETE FROM standing WHERE site_id IN")
        .list(standings.iter().map(|it| Value::from(it.0.site_id)))
        .execute(&mut *tx)
        .await?;
    tx.insert(&TABLE, standings.into_iter().map(row)).await?;
    Ok(())
}

/// Says that standings have changed: moves the revision.
pub async fn moved(tx: &mut Tx) -> db::Result<()> {
    query("UPDATE revision SET n = n + 1 WHERE name = 'standing'").execute(tx).await?;
    Ok(())
}

/// The revision of the standings.
pub async fn revision(on: impl Into<Target<'_>>) -> db::Result<i64> {
    query("SELECT n FROM revision WHERE name = 'standing'").fetch_scalar(on).await
}

fn row((it, score): (Standing, &Score)) -> Vec<Value> {
    let explanation = serde_json::to_string(score).expect("a score is plain data with words as keys");
    vec![
        it.site_id.into(),
        it.run_id.into(),
        it.as_of.into(),
        it.points.into(),
        it.low.into(),
        it.high.into(),
        it.coverage.into(),
        it.tier.into(),
        it.place.into(),
        it.borderline.into(),
        it.headline.into(),
        explanation.into(),
    ]
}
