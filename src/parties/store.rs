//! Reads and saves parties and what they hold. A statement calls a party `p`, a holding `l` and its site `s`.
//!
//! A holding of a building is read once for each site that stands there.

use super::{Behind, Delivered, Filter, Holding, HoldingId, Party, PartyId, Stands};
use crate::clock::Moment;
use crate::db::{self, Query, Table, Target, Tx, Value, query};
use crate::records::SiteId;
use crate::rights::{Resource, Viewer};

const PARTIES: Table = Table {
    name: "party",
    columns: &[
        "id",
        "version",
        "recorded_at",
        "superseded_at",
        "loaded_at",
        "source",
        "source_key",
        "batch_id",
        "number",
        "kind",
        "name",
        "other_names",
        "name_key",
        "registered_number",
        "address",
        "unit",
        "city",
        "state",
        "zip",
        "building_id",
        "phone",
        "note",
        "joined_into",
    ],
};

const HOLDINGS: Table = Table {
    name: "party_role",
    columns: &[
        "id",
        "version",
        "recorded_at",
        "superseded_at",
        "loaded_at",
        "source",
        "source_key",
        "batch_id",
        "party_id",
        "site_id",
        "building_id",
        "role",
        "share",
        "from_on",
        "to_on",
        "ended_why",
    ],
};

const OF_NOW: &str = "FROM party_role l JOIN party p ON p.id = l.party_id AND p.superseded_at IS NULL \
    LEFT JOIN site s ON s.superseded_at IS NULL AND (s.id = l.site_id OR (l.site_id IS NULL AND s.building_id = l.building_id)) \
    WHERE l.superseded_at IS NULL";
const OF_ALL_TIMES: &str = "FROM party_role l JOIN party p ON p.id = l.party_id \
    JOIN site s ON s.superseded_at IS NULL AND (s.id = l.site_id OR (l.site_id IS NULL AND s.building_id = l.building_id)) \
    WHERE true";
const KNOWN_THEN: &str = "l.recorded_at <= ? AND (l.superseded_at IS NULL OR l.superseded_at > ?) \
    AND p.recorded_at <= ? AND (p.superseded_at IS NULL OR p.superseded_at > ?)";
const OF_PARTY: &str =
    "l.party_id IN (SELECT id FROM party WHERE superseded_at IS NULL AND (id = ? OR joined_into = ?))";
// What stands at the site or its building, said once more of the role itself, so that its indexes are used.
const AT_SITE: &str = "(l.site_id = ? OR (l.site_id IS NULL AND l.building_id = \
    (SELECT building_id FROM site WHERE superseded_at IS NULL AND id = ?)))";
const EXACTLY: &str =
    "(p.name_key IN (SELECT value FROM json_each(?)) OR p.registered_number = ? OR p.phone = ?)";
const ALIKE: &str = "(p.name_key IN (SELECT value FROM json_each(?)) OR p.registered_number = ? OR p.phone = ? \
    OR substr(p.name_key, 1, 6) = ?)";
const FOUND: &str = "(lower(p.name) LIKE ? ESCAPE '\\' OR lower(p.other_names) LIKE ? ESCAPE '\\' \
    OR lower(p.registered_number) LIKE ? ESCAPE '\\' OR p.phone = ? OR p.number = ?)";

/// Parties in all versions that `viewer` may see.
fn seen(viewer: &Viewer) -> Query {
    query(include_str!("party.sql"))
        .held(viewer, Resource::Party, "p.note")
        .then("FROM party p WHERE true")
        .limited(viewer, Resource::Party)
}

/// Holdings in their current version, of parties and at sites that `viewer` may see.
fn held(viewer: &Viewer) -> Query {
    query(include_str!("holding.sql"))
        .then(OF_NOW)
        .limited(viewer, Resource::Party)
        .limited(viewer, Resource::Site)
}

/// The current version of one party.
pub async fn find(on: impl Into<Target<'_>>, viewer: &Viewer, id: PartyId) -> db::Result<Option<Party>> {
    seen(viewer).and("p.id = ?", Some(id)).then("AND p.superseded_at IS NULL").fetch_optional(on).await
}

/// The party of that number, in its current version.
pub async fn by_number(on: impl Into<Target<'_>>, viewer: &Viewer, number: i64) -> db::Result<Option<Party>> {
    seen(viewer)
        .and("p.number = ?", Some(number))
        .then("AND p.superseded_at IS NULL")
        .fetch_optional(on)
        .await
}

/// Every party in its current version, joined ones too, by number.
pub async fn all(on: impl Into<Target<'_>>, viewer: &Viewer) -> db::Result<Vec<Party>> {
    seen(viewer).then("AND p.superseded_at IS NULL ORDER BY p.number").fetch_all(on).await
}

/// All versions of one party, newest first.
pub async fn versions(on: impl Into<Target<'_>>, viewer: &Viewer, id: PartyId) -> db::Result<Vec<Party>> {
    seen(viewer).and("p.id = ?", Some(id)).then("ORDER BY p.version DESC").fetch_all(on).await
}

/// The parties that were joined into this one, by number.
pub async fn joined_into(on: impl Into<Target<'_>>, viewer: &Viewer, id: PartyId) -> db::Result<Vec<Party>> {
    seen(viewer)
        .and("p.joined_into = ?", Some(id))
        .then("AND p.superseded_at IS NULL ORDER BY p.number")
        .fetch_all(on)
        .await
}

/// One page of the parties that fit `filter`, organizations first and then by name; joined ones are left out. `page` is
/// its number from 0 and its size.
pub async fn list(
    on: impl Into<Target<'_>>,
    viewer: &Viewer,
    filter: &Filter,
    page: (u32, u32),
) -> db::Result<Vec<Party>> {
    fitting(seen(viewer), filter)
        .then("ORDER BY p.kind, lower(p.name), p.number LIMIT")
        .value(page.1)
        .then("OFFSET")
        .value(page.0.saturating_mul(page.1))
        .fetch_all(on)
        .await
}

/// How many parties fit `filter`.
pub async fn count(on: impl Into<Target<'_>>, viewer: &Viewer, filter: &Filter) -> db::Result<i64> {
    let all = query("SELECT count(*) FROM party p WHERE true").limited(viewer, Resource::Party);
    fitting(all, filter).fetch_scalar(on).await
}

/// Parties in their current version that one of these could be the same as: by the key of a name, a state's number, a
/// telephone; at most 50, joined ones left out.
pub async fn alike(
    on: impl Into<Target<'_>>,
    viewer: &Viewer,
    name_keys: &[String],
    (number, phone): (Option<&str>, Option<&str>),
) -> db::Result<Vec<Party>> {
    let keys = serde_json::Value::from(name_keys.to_vec()).to_string();
    // A name that begins the same is looked at too: a word may have been left out, or mistyped, at its end.
    let begins: String = name_keys.first().map(|it| it.chars().take(6).collect()).unwrap_or_default();
    let begins = if begins.chars().count() < 4 { "\u{1}".to_owned() } else { begins };
    let exact: [Value; 3] = [keys.into(), number.into(), phone.into()];
    seen(viewer)
        .then("AND p.superseded_at IS NULL AND p.joined_into IS NULL")
        .and_all(ALIKE, exact.clone().into_iter().chain([begins.into()]))
        .then("ORDER BY CASE WHEN true")
        .and_all(EXACTLY, exact)
        .then("THEN 0 ELSE 1 END, p.name, p.number LIMIT 50")
        .fetch_all(on)
        .await
}

/// Other parties with the telephone, the premises or the state's number of this one; at most 50, joined ones left out.
pub async fn sharing(on: impl Into<Target<'_>>, viewer: &Viewer, with: &Party) -> db::Result<Vec<Party>> {
    let premises = "(p.building_id = ? AND coalesce(p.unit, '') = ?)";
    let unit = with.unit.clone().unwrap_or_default();
    seen(viewer)
        .and("p.id <> ?", Some(with.id))
        .then("AND p.superseded_at IS NULL AND p.joined_into IS NULL AND (p.phone =")
        .value(with.phone.clone())
        .then("OR p.registered_number =")
        .value(with.registered_number.clone())
        .then("OR (true")
        .and_all(premises, [with.building_id.into(), unit.into()])
        .then(")) ORDER BY p.name, p.number LIMIT 50")
        .fetch_all(on)
        .await
}

/// What a party holds and held, with those joined into it; by role, then city and site.
pub async fn of_party(on: impl Into<Target<'_>>, viewer: &Viewer, id: PartyId) -> db::Result<Vec<Stands>> {
    held(viewer)
        .and(OF_PARTY, Some(id))
        .then("ORDER BY l.role, s.city, s.name, l.from_on, l.id")
        .fetch_all(on)
        .await
}

/// Who stands and stood behind a site, by role and name; who holds its building is among them.
pub async fn of_site(on: impl Into<Target<'_>>, viewer: &Viewer, site: SiteId) -> db::Result<Vec<Stands>> {
    held(viewer)
        .and("s.id = ?", Some(site))
        .and(AT_SITE, Some(site))
        .then("ORDER BY l.role, p.name, l.from_on, l.id")
        .fetch_all(on)
        .await
}

/// One holding in its current version; of a building, as read for one of its sites.
pub async fn holding(
    on: impl Into<Target<'_>>,
    viewer: &Viewer,
    id: HoldingId,
) -> db::Result<Option<Stands>> {
    held(viewer).and("l.id = ?", Some(id)).fetch_optional(on).await
}

/// What a source last delivered of who stands behind sites, in no order.
pub async fn delivered(
    on: impl Into<Target<'_>>,
    viewer: &Viewer,
    source: &str,
) -> db::Result<Vec<Delivered>> {
    query(include_str!("delivered.sql"))
        .limited(viewer, Resource::Party)
        .and("l.source = ?", Some(source))
        .fetch_all(on)
        .await
}

/// Every party in every version, party by party, oldest first.
pub async fn every_version(on: impl Into<Target<'_>>, viewer: &Viewer) -> db::Result<Vec<Party>> {
    seen(viewer).then("ORDER BY p.id, p.version").fetch_all(on).await
}

/// How many versions of parties and of what they hold there are: it moves whenever somebody adds or changes one.
pub async fn n_versions(on: impl Into<Target<'_>>) -> db::Result<i64> {
    query("SELECT (SELECT count(*) FROM party) + (SELECT count(*) FROM party_role)").fetch_scalar(on).await
}

/// Who stood behind which site, as it was known at `as_of`: by site, role and party.
pub async fn behind(on: impl Into<Target<'_>>, viewer: &Viewer, as_of: Moment) -> db::Result<Vec<Behind>> {
    query("SELECT s.id AS site_id, coalesce(p.joined_into, p.id) AS party_id, l.role, l.from_on, l.to_on")
        .then(OF_ALL_TIMES)
        .limited(viewer, Resource::Party)
        .limited(viewer, Resource::Site)
        .and_all(KNOWN_THEN, [as_of, as_of, as_of, as_of].map(Value::from))
        .then("ORDER BY 1, 3, 2")
        .fetch_all(on)
        .await
}

/// The number that the next new party gets. Call it inside [`Tx::one_at_a_time`].
pub async fn next_number(tx: &mut Tx) -> db::Result<i64> {
    query("SELECT coalesce(max(number), 0) + 1 FROM party").fetch_scalar(tx).await
}

/// Saves each party as the version that its `version` says: 1 is new, a higher one supersedes the one before.
pub async fn save(tx: &mut Tx, parties: Vec<Party>, loaded_at: Moment) -> db::Result<()> {
    for it in parties.iter().filter(|it| it.version > 1) {
        query("UPDATE party SET superseded_at = $1 WHERE id = $2 AND superseded_at IS NULL")
            .bind(it.recorded_at)
            .bind(it.id)
            .execute(&mut *tx)
            .await?;
    }
    tx.insert(&PARTIES, parties.into_iter().map(|it| party_row(it, loaded_at))).await?;
    Ok(())
}

/// Saves holdings in the same way. No site becomes stale by it: who stands behind one counts for no score.
pub async fn save_holdings(tx: &mut Tx, holdings: Vec<Holding>, loaded_at: Moment) -> db::Result<()> {
    for it in holdings.iter().filter(|it| it.version > 1) {
        query("UPDATE party_role SET superseded_at = $1 WHERE id = $2 AND superseded_at IS NULL")
            .bind(it.recorded_at)
            .bind(it.id)
            .execute(&mut *tx)
            .await?;
    }
    tx.insert(&HOLDINGS, holdings.into_iter().map(|it| holding_row(it, loaded_at))).await?;
    Ok(())
}

/// Appends what `filter` asks of a party.
fn fitting(query: Query, filter: &Filter) -> Query {
    let query =
        query.then("AND p.superseded_at IS NULL AND p.joined_into IS NULL").and("p.kind = ?", filter.kind);
    let Some(text) = filter.text.as_deref() else { return query };
    let like = db::like(text);
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    let number =
        text.trim().trim_start_matches(['P', 'p']).trim_start_matches('-').parse::<i64>().unwrap_or(-1);
    let values = [like.clone().into(), like.clone().into(), like.into(), digits.into(), number.into()];
    query.and_all(FOUND, values)
}

fn party_row(it: Party, loaded_at: Moment) -> Vec<Value> {
    let names = serde_json::Value::from(it.other_names).to_string();
    let mut row = head((it.id.into(), it.version), it.recorded_at, loaded_at, (it.source, it.source_key));
    row.extend([it.batch_id.into(), it.number.into(), it.kind.into(), it.name.into(), names.into()]);
    row.extend([it.name_key.into(), it.registered_number.into()]);
    row.extend([it.address, it.unit, it.city, it.state, it.zip].map(Value::from));
    row.extend([it.building_id.into(), it.phone.into(), it.note.into(), it.joined_into.into()]);
    row
}

fn holding_row(it: Holding, loaded_at: Moment) -> Vec<Value> {
    let mut row = head((it.id.into(), it.version), it.recorded_at, loaded_at, (it.source, it.source_key));
    row.extend([it.batch_id.into(), it.party_id.into(), it.site_id.into(), it.building_id.into()]);
    row.extend([it.role.into(), it.share.into(), it.from_on.into(), it.to_on.into(), it.ended_why.into()]);
    row
}

/// The cells that both tables begin with.
fn head(
    (id, version): (Value, i64),
    recorded_at: Moment,
    loaded_at: Moment,
    (source, source_key): (String, String),
) -> Vec<Value> {
    vec![
        id,
        version.into(),
        recorded_at.into(),
        Value::Text(None),
        loaded_at.into(),
        source.into(),
        source_key.into(),
    ]
}
