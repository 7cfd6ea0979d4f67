//! The ring of a site: incidents 30 to 150 m around it, without its own building, counted by class and month.
//!
//! Pairs are never kept: a [`RingCounter`] holds one number for each (site, class, month of occurrence, month of
//! recording), so that a ring can be read as of any month. Corrections are counted as a retraction and an
//! addition in the month in which they were recorded.

use chrono::{Datelike, NaiveDate};
use uuid::Uuid;

use super::Point;
use super::distance::{self, Meters};
use super::grid::Grid;

/// The ring's inner edge, included.
pub const INNER: Meters = Meters(30.0);
/// The ring's outer edge, included.
pub const OUTER: Meters = Meters(150.0);

/// A building (premises at one normalized street address within a city), as a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Building(u64);

/// From a building's id, which is a hash: two buildings of a state get the same number once in 10^9 states.
impl From<Uuid> for Building {
    fn from(id: Uuid) -> Self {
        let (high, low) = id.as_u64_pair();
        Self(high ^ low.rotate_left(32))
    }
}

/// Where a site or an incident is.
#[derive(Clone, Copy, Debug)]
pub struct Place {
    /// Where it lies.
    pub point: Point,
    /// The building it belongs to, if known.
    pub building: Option<Building>,
}

impl Place {
    fn shares_building(&self, other: &Self) -> bool {
        self.building.is_some() && self.building == other.building
    }
}

/// A calendar month since January 1600; months before and after 8,192 months (August 2282) are those edges.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Month(u16);

const MONTH_BITS: u32 = 13;
const CLASS_BITS: u32 = 10;
const FIRST_YEAR: i32 = 1600;

impl Month {
    /// The month of a day.
    pub fn of(day: NaiveDate) -> Self {
        let month = (day.year() - FIRST_YEAR) * 12 + day.month0() as i32;
        Self(month.clamp(0, (1 << MONTH_BITS) - 1) as u16)
    }

    /// Months since January of year 0, as stored.
    pub fn number(self) -> i64 {
        i64::from(FIRST_YEAR) * 12 + i64::from(self.0)
    }

    /// The month's first day.
    pub fn first_day(self) -> NaiveDate {
        let (year, month) = (FIRST_YEAR + i32::from(self.0) / 12, u32::from(self.0) % 12 + 1);
        NaiveDate::from_ymd_opt(year, month, 1).expect("chrono knows the years 1600 to 2282")
    }
}

/// A class of incident, 0 to 1,023; what the numbers mean is the caller's offense taxonomy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Class(u16);

impl Class {
    /// The class of this number; none from 1,024 on.
    pub fn new(number: u16) -> Option<Self> {
        (number < 1 << CLASS_BITS).then_some(Self(number))
    }

    /// Its number.
    pub fn number(self) -> u16 {
        self.0
    }
}

/// An incident, or an earlier version of one.
#[derive(Clone, Copy, Debug)]
pub struct Incident {
    /// Where it happened.
    pub place: Place,
    /// What it was.
    pub class: Class,
    /// The month in which it happened.
    pub occurred: Month,
    /// The month in which this version could first be known.
    pub recorded: Month,
}

/// The number of incidents in one site's ring, of one class and month: positive, or negative where more were
/// retracted than added in that month of recording.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct RingCount {
    /// The site's place in the slice that the rings were built from.
    pub site: u32,
    /// The incidents' class.
    pub class: Class,
    /// The month in which they happened.
    pub occurred: Month,
    /// The month in which they became known.
    pub recorded: Month,
    /// How many.
    pub count: i32,
}

/// The rings of all sites; shared by the threads that count.
#[derive(Debug)]
pub struct Rings {
    sites: Vec<Place>,
    grid: Grid,
}

/// Sites beyond this many have no ring.
pub const MOST_SITES: usize = 1 << (63 - CLASS_BITS - 2 * MONTH_BITS - 1);

impl Rings {
    /// The rings of `sites` (the first [`MOST_SITES`], 67 million).
    pub fn build(sites: Vec<Place>) -> Self {
        let points: Vec<Point> = sites.iter().take(MOST_SITES).map(|it| it.point).collect();
        Self { grid: Grid::build(&points, OUTER), sites }
    }

    /// Calls `found` with each site in whose ring the place lies, in a fixed order.
    pub fn around(&self, place: &Place, mut found: impl FnMut(u32)) {
        self.grid.within(place.point, OUTER, |site, meters| {
            let own = &self.sites[site as usize];
            let beyond = if (meters.0 - INNER.0).abs() < distance::DOUBT.0 {
                distance::exact(own.point, place.point).0 >= INNER.0
            } else {
                meters.0 > INNER.0
            };
            if beyond && !own.shares_building(place) {
                found(site);
            }
        });
    }

    /// An empty counter over these rings; make one for each thread and [`RingCounter::merge`] them.
    pub fn counter(&self) -> RingCounter<'_> {
        RingCounter { rings: self, buffer: Vec::new(), keys: Vec::new(), counts: Vec::new() }
    }

    /// Counts a batch on `threads` threads; the result does not depend on how many.
    pub fn count(&self, incidents: &[Incident], threads: usize) -> RingCounter<'_> {
        let share = incidents.len().div_ceil(threads.max(1)).max(1);
        let mut parts: Vec<RingCounter<'_>> = std::thread::scope(|scope| {
            let part = |batch: &'_ [Incident]| {
                let mut counter = self.counter();
                batch.iter().for_each(|it| counter.add(it));
                counter
            };
            let running: Vec<_> =
                incidents.chunks(share).map(|batch| scope.spawn(move || part(batch))).collect();
            running.into_iter().map(|it| it.join().expect("counting does not panic")).collect()
        });
        let mut all = parts.pop().unwrap_or_else(|| self.counter());
        parts.into_iter().for_each(|it| all.merge(it));
        all
    }
}

/// Counts incidents in rings. Holds 12 bytes a distinct (site, class, month, month), and a buffer of as much or
/// [`BUFFER`] more: drain it by [`RingCounter::finish`] between batches where even that is too much.
#[derive(Clone, Debug)]
pub struct RingCounter<'a> {
    rings: &'a Rings,
    /// Keys not yet sorted in; the lowest bit marks a retraction.
    buffer: Vec<u64>,
    /// Distinct keys, ascending, and the count of each.
    keys: Vec<u64>,
    counts: Vec<i32>,
}

/// Entries of eight bytes that are buffered before they are sorted in.
pub const BUFFER: usize = 1 << 19;

impl RingCounter<'_> {
    /// Counts an incident in every ring it lies in.
    pub fn add(&mut self, incident: &Incident) {
        self.push(incident, 0);
    }

    /// Takes an incident out of the count again: an earlier version that `incident.recorded` corrected or removed.
    pub fn retract(&mut self, incident: &Incident) {
        self.push(incident, 1);
    }

    /// Adds another counter's numbers; the order of merging does not matter.
    pub fn merge(&mut self, other: Self) {
        self.flush();
        let mut other = other;
        other.flush();
        self.join(other.keys.into_iter().zip(other.counts).collect());
    }

    /// The counts, sorted by site, class, month of occurrence, month of recording; none is zero.
    pub fn finish(mut self) -> Vec<RingCount> {
        self.flush();
        self.keys.iter().zip(&self.counts).map(|(key, count)| unpack(*key, *count)).collect()
    }

    fn push(&mut self, incident: &Incident, retraction: u64) {
        let rings = self.rings;
        rings.around(&incident.place, |site| self.buffer.push(pack(site, incident) | retraction));
        if self.buffer.len() >= BUFFER.max(self.keys.len()) {
            self.flush();
        }
    }

    fn flush(&mut self) {
        let mut buffer = std::mem::take(&mut self.buffer);
        buffer.sort_unstable();
        let mut sums: Vec<(u64, i32)> = Vec::new();
        for key in &buffer {
            let sign = if key & 1 == 0 { 1 } else { -1 };
            match sums.last_mut() {
                Some((last, sum)) if *last == key >> 1 => *sum += sign,
                _ => sums.push((key >> 1, sign)),
            }
        }
        buffer.clear();
        self.buffer = buffer;
        self.join(sums);
    }

    /// Merges sorted sums into the sorted keys.
    fn join(&mut self, sums: Vec<(u64, i32)>) {
        if sums.is_empty() {
            return;
        }
        let old = std::mem::take(&mut self.keys).into_iter().zip(std::mem::take(&mut self.counts));
        let (mut old, mut new) = (old.peekable(), sums.into_iter().peekable());
        loop {
            let (key, count) = match (old.peek(), new.peek()) {
                (None, None) => break,
                (Some(a), Some(b)) if a.0 == b.0 => (a.0, a.1 + b.1),
                (Some(a), Some(b)) if a.0 < b.0 => *a,
                (Some(a), None) => *a,
                (_, Some(b)) => *b,
            };
            old.next_if(|it| it.0 == key);
            new.next_if(|it| it.0 == key);
            if count != 0 {
                self.keys.push(key);
                self.counts.push(count);
            }
        }
    }
}

/// Site, class, month of occurrence, month of recording, and a free lowest bit for the sign.
fn pack(site: u32, incident: &Incident) -> u64 {
    let key = u64::from(site) << CLASS_BITS | u64::from(incident.class.0);
    let key = key << MONTH_BITS | u64::from(incident.occurred.0);
    (key << MONTH_BITS | u64::from(incident.recorded.0)) << 1
}

/// Reverses [`pack`] for a key without its sign bit.
fn unpack(key: u64, count: i32) -> RingCount {
    let bits = |shift: u32, width: u32| (key >> shift & ((1 << width) - 1)) as u16;
    RingCount {
        site: (key >> (2 * MONTH_BITS + CLASS_BITS)) as u32,
        class: Class(bits(2 * MONTH_BITS, CLASS_BITS)),
        occurred: Month(bits(MONTH_BITS, MONTH_BITS)),
        recorded: Month(bits(0, MONTH_BITS)),
        count,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn place(east: f64, north: f64) -> Place {
        // About meters around Minneapolis.
        let point = Point::parse(-93.27 + east / 78_850.0, 44.98 + north / 111_130.0).unwrap();
        Place { point, building: None }
    }

    fn incident(place: Place) -> Incident {
        let month = |text: &str| Month::of(text.parse().unwrap());
        let class = Class::new(7).unwrap();
        Incident { place, class, occurred: month("2026-01-31"), recorded: month("2026-02-01") }
    }

    fn sites_around(rings: &Rings, place: Place) -> Vec<u32> {
        let mut sites = Vec::new();
        rings.around(&place, |it| sites.push(it));
        sites
    }

    #[test]
    fn the_ring_begins_at_30_and_ends_at_150_meters() {
        let rings = Rings::build(vec![place(0.0, 0.0)]);

        assert!(sites_around(&rings, place(20.0, 20.0)).is_empty());
        assert_eq!(sites_around(&rings, place(25.0, 25.0)), [0]);
        assert_eq!(sites_around(&rings, place(0.0, -149.0)), [0]);
        assert!(sites_around(&rings, place(0.0, -151.0)).is_empty());
    }

    #[test]
    fn what_happened_in_the_sites_own_building_is_not_in_its_ring() {
        let building = Some(Building::from(Uuid::from_u128(7)));
        let mall = Place { building, ..place(0.0, 0.0) };
        let rings = Rings::build(vec![mall, place(100.0, 0.0)]);

        let far_end_of_the_mall = Place { building, ..place(50.0, 0.0) };

        assert_eq!(sites_around(&rings, place(50.0, 0.0)), [0, 1]);
        assert_eq!(sites_around(&rings, far_end_of_the_mall), [1]);
    }

    #[test]
    fn a_retraction_in_the_same_month_leaves_nothing() {
        let rings = Rings::build(vec![place(0.0, 0.0)]);
        let mut counter = rings.counter();
        let seen = incident(place(100.0, 0.0));

        counter.add(&seen);
        counter.add(&Incident { class: Class::new(8).unwrap(), ..seen });
        counter.retract(&seen);

        let counts = counter.finish();
        assert_eq!(counts.len(), 1);
        assert_eq!((counts[0].class.number(), counts[0].count), (8, 1));
        assert_eq!(counts[0].recorded.first_day().to_string(), "2026-02-01");
    }

    #[test]
    fn months_far_off_stay_at_the_edge() {
        let month = |text: &str| Month::of(text.parse().unwrap()).first_day().to_string();

        assert_eq!(month("0001-01-01"), "1600-01-01");
        assert_eq!(month("9999-12-31"), "2282-08-01");
        assert_eq!(Month::of("2026-11-23".parse().unwrap()).number(), 2026 * 12 + 10);
        assert_eq!(Class::new(1024), None);
    }

    proptest! {
        #[test]
        fn threads_and_batches_do_not_change_the_counts(
            sites in prop::collection::vec((-200.0..200.0f64, -200.0..200.0f64), 1..20),
            incidents in prop::collection::vec((-200.0..200.0f64, -200.0..200.0f64, 0u16..3), 0..200),
            threads in 1usize..5, cut in 0usize..200
        ) {
            let rings = Rings::build(sites.iter().map(|(x, y)| place(*x, *y)).collect());
            let incidents: Vec<Incident> = incidents
                .iter()
                .map(|(x, y, class)| Incident { class: Class::new(*class).unwrap(), ..incident(place(*x, *y)) })
                .collect();
            let (first, second) = incidents.split_at(cut.min(incidents.len()));
            let mut merged = rings.count(second, 1);
            merged.merge(rings.count(first, 1));

            let counts = rings.count(&incidents, threads).finish();

            prop_assert_eq!(&merged.finish(), &counts);
            prop_assert!(counts.is_sorted());
            let mut pairs = 0;
            incidents.iter().for_each(|it| rings.around(&it.place, |_| pairs += 1));
            prop_assert_eq!(counts.iter().map(|it| it.count).sum::<i32>(), pairs);
        }
    }
}
