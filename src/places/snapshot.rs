//! All places in memory: which of them lie near a shape, and which lot or building holds a point.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, PoisonError, RwLock};

use geo::Area;
use tokio::sync::Mutex;

use super::{Part, Place, PlaceId, store};
use crate::db::{self, Db};
use crate::geo::Point;
use crate::geo::distance::Meters;
use crate::geo::measure::Measured;
use crate::geo::near::Near;
use crate::geo::shape::Shape;
use crate::rights::{Resource, Viewer};

/// The cell of the indexes: most laws ask for 500 to 1,000 feet.
const CELL: Meters = Meters(300.0);
/// The revision of a snapshot that was never read; real ones count from 0.
const UNREAD: i64 = -1;

/// The places as they were at one revision. Shared, never changed: a new one takes its place.
#[derive(Debug)]
pub struct Snapshot {
    /// The revision that it was read at.
    pub revision: i64,
    places: Vec<Place>,
    shapes: Vec<Shape>,
    by_id: HashMap<PlaceId, u32>,
    by_class: BTreeMap<String, Indexed>,
    lots: Indexed,
    buildings: Indexed,
}

/// Some of the places, by their numbers, with an index over them.
#[derive(Debug)]
struct Indexed {
    numbers: Vec<u32>,
    near: Near,
}

impl Snapshot {
    /// Takes in all `places`, by class, name and id; one whose outline cannot be read is left out, with a warning in the
    /// log.
    pub fn new(revision: i64, mut places: Vec<Place>) -> Arc<Self> {
        places.sort_by(|a, b| (&a.class, &a.name, a.id).cmp(&(&b.class, &b.name, b.id)));
        let mut shapes = Vec::with_capacity(places.len());
        places.retain_mut(|place| match Shape::from_wkb(&std::mem::take(&mut place.outline)) {
            Ok(shape) => {
                shapes.push(shape);
                true
            }
            Err(error) => {
                tracing::warn!(place.id = %place.id, "the outline of place {} cannot be read: {error}", place.id);
                false
            }
        });
        let mut by_class: BTreeMap<String, Vec<u32>> = BTreeMap::new();
        let mut of_part: HashMap<Part, Vec<u32>> = HashMap::new();
        for (place, n) in places.iter().zip(0..) {
            by_class.entry(place.class.clone()).or_default().push(n);
            of_part.entry(place.part).or_default().push(n);
        }
        let mut part = |it: Part| Indexed::of(of_part.remove(&it).unwrap_or_default(), &shapes);
        let (lots, buildings) = (part(Part::Lot), part(Part::Building));
        let by_class = by_class.into_iter().map(|(class, it)| (class, Indexed::of(it, &shapes))).collect();
        let by_id = places.iter().zip(0..).map(|(it, n)| (it.id, n)).collect();
        Arc::new(Self { revision, places, shapes, by_id, by_class, lots, buildings })
    }

    /// All places that `viewer` may see, closed ones too, by class, name and id; without their outlines.
    pub fn places(&self, viewer: &Viewer) -> &[Place] {
        if viewer.may_see(Resource::Place) { &self.places } else { &[] }
    }

    /// One place with its outline.
    pub fn find(&self, viewer: &Viewer, id: PlaceId) -> Option<(&Place, &Shape)> {
        let n = *self.by_id.get(&id).filter(|_| viewer.may_see(Resource::Place))?;
        Some(self.at(n))
    }

    /// The places of a class, closed ones too, that lie at most `limit` from a shape, the limit included; in the order of
    /// [`Snapshot::places`].
    pub fn within(
        &self,
        viewer: &Viewer,
        class: &str,
        from: &Shape,
        limit: Meters,
        mut found: impl FnMut(&Place, &Shape, Measured),
    ) {
        let Some(those) = self.by_class.get(class).filter(|_| viewer.may_see(Resource::Place)) else {
            return;
        };
        for (n, measured) in those.within(from, limit) {
            let (place, shape) = self.at(n);
            found(place, shape, measured);
        }
    }

    /// The smallest lot, of any class, that holds the point.
    pub fn lot_at(&self, viewer: &Viewer, point: Point) -> Option<(&Place, &Shape)> {
        self.smallest(viewer, &self.lots, point)
    }

    /// The smallest building, of any class, that holds the point.
    pub fn building_at(&self, viewer: &Viewer, point: Point) -> Option<(&Place, &Shape)> {
        self.smallest(viewer, &self.buildings, point)
    }

    fn smallest(&self, viewer: &Viewer, among: &Indexed, point: Point) -> Option<(&Place, &Shape)> {
        if !viewer.may_see(Resource::Place) {
            return None;
        }
        let holding = among.within(&point.into(), Meters(0.0)).into_iter().map(|(n, _)| self.at(n));
        // Those that hold one point lie at one latitude: square degrees are compared as well as square meters.
        let size = |it: &(&Place, &Shape)| it.1.geometry().unsigned_area();
        holding.filter(|it| it.1.contains(point)).min_by(|a, b| size(a).total_cmp(&size(b)))
    }

    fn at(&self, n: u32) -> (&Place, &Shape) {
        (&self.places[n as usize], &self.shapes[n as usize])
    }
}

impl Indexed {
    fn of(numbers: Vec<u32>, shapes: &[Shape]) -> Self {
        let near = Near::build(numbers.iter().map(|n| &shapes[*n as usize]), CELL);
        Self { numbers, near }
    }

    fn within(&self, from: &Shape, limit: Meters) -> Vec<(u32, Measured)> {
        let mut found = Vec::new();
        self.near.within(from, limit, |n, measured| found.push((self.numbers[n as usize], measured)));
        found.sort_unstable_by_key(|it| it.0);
        found
    }
}

/// A handle on the present snapshot of the places; cloning it clones the handle.
#[derive(Clone, Debug)]
pub struct Places(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    current: RwLock<Arc<Snapshot>>,
    // One reads, others wait and find it done.
    refreshing: Mutex<()>,
}

impl Places {
    /// Holds nothing until the first [`Places::refresh`].
    pub fn unread() -> Self {
        let nothing = Snapshot::new(UNREAD, Vec::new());
        Self(Arc::new(Inner { current: RwLock::new(nothing), refreshing: Mutex::default() }))
    }

    /// Reads the first snapshot.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn load(db: &Db) -> db::Result<Self> {
        let places = Self::unread();
        places.refresh(db).await?;
        Ok(places)
    }

    /// The present snapshot; hold it for as long as one answer takes.
    pub fn current(&self) -> Arc<Snapshot> {
        Arc::clone(&self.0.current.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Makes a new snapshot if a place has been added or changed, also by another process; whether one had.
    ///
    /// # Errors
    /// The database does not answer; the snapshot stays as it is.
    pub async fn refresh(&self, db: &Db) -> db::Result<bool> {
        let _one = self.0.refreshing.lock().await;
        // The revision first: what changes while the rows are read makes the next look read again.
        let revision = store::revision(db).await?;
        if revision == self.current().revision {
            return Ok(false);
        }
        let next = Snapshot::new(revision, store::all(db, &Viewer::system("places")).await?);
        *self.0.current.write().unwrap_or_else(PoisonError::into_inner) = next;
        Ok(true)
    }
}
