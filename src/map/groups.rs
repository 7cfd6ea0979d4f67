//! Groups of sites that would stand on each other's marks: by distance in Web Mercator pixels, always the same for
//! the same sites.

use std::collections::HashMap;
use std::f64::consts::PI;

/// A site on its way to a mark.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Spot {
    /// Its place in the snapshot.
    pub index: usize,
    /// Degrees east.
    pub lon: f64,
    /// Degrees north.
    pub lat: f64,
    /// Whether it is of the first tier, as far as the viewer may know.
    pub first: bool,
}

/// Several sites as one disc.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Group {
    /// The middle of its sites, degrees east.
    pub lon: f64,
    /// The middle of its sites, degrees north.
    pub lat: f64,
    /// How many.
    pub count: usize,
    /// How many of them are of the first tier.
    pub firsts: usize,
    /// The zoom at which its sites lie well apart.
    pub zoom_to: f64,
}

/// What the map draws.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Grouped {
    /// The sites that keep their own marks, by their place in the snapshot, in the order given.
    pub sites: Vec<usize>,
    /// The groups, the largest first.
    pub groups: Vec<Group>,
}

/// How closely sites are drawn together.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rule {
    /// Sites within so many pixels of the one that begins a group belong to it.
    pub pixels: f64,
    /// Fewer stay marks of their own.
    pub least: usize,
}

/// The most marks of single sites in one picture; with more, they are grouped at every zoom. At about 100 bytes each
/// they leave room for long names in the 300 kB that a picture may take.
pub const MOST_SITES: usize = 2_000;
/// Two discs, or a disc and a mark, closer than this would cover each other.
const CLEAR_PIXELS: f64 = 26.0;
/// A group opens until its sites are spread over this many pixels.
const SPREAD_PIXELS: f64 = 360.0;
/// Beyond this zoom there is nothing left to part: sites at one address.
const DEEPEST: f64 = 17.0;

impl Rule {
    /// The rule for so many sites in view, at any zoom; none where they are few enough for marks of their own.
    pub fn of_many(n_sites: usize) -> Option<Self> {
        (n_sites > MOST_SITES).then_some(Self { pixels: 60.0, least: 2 })
    }

    /// The rule at a zoom; none where all keep their marks, as they do when groups are not wanted.
    pub fn at(zoom: f64, wanted: bool) -> Option<Self> {
        match zoom {
            _ if !wanted => None,
            ..10.0 => Some(Self { pixels: 30.0, least: 2 }),
            // Near streets a pair is two marks side by side, and only a crowd is one.
            ..14.0 => Some(Self { pixels: 24.0, least: 4 }),
            _ => None,
        }
    }
}

/// Draws very many sites together, as closely as it takes to leave no more than [`MOST_SITES`] of them by themselves.
pub fn crowd(spots: &[Spot], zoom: f64, rule: Rule) -> Grouped {
    let mut at = zoom;
    loop {
        let mut found = group(spots, at, rule);
        if found.sites.len() <= MOST_SITES || at < 1.0 {
            found.groups.iter_mut().for_each(|it| it.zoom_to = it.zoom_to.max(zoom + 1.0));
            return found;
        }
        at -= 1.0;
    }
}

/// Draws together what is too close at `zoom`.
pub fn group(spots: &[Spot], zoom: f64, rule: Rule) -> Grouped {
    let points: Vec<[f64; 2]> = spots.iter().map(|it| project(it.lon, it.lat, zoom)).collect();
    let gathered = gather(&points, rule);
    let mut taken = vec![false; spots.len()];
    let mut members: Vec<Vec<usize>> = Vec::new();
    for found in gathered {
        found.iter().for_each(|n| taken[*n] = true);
        members.push(found);
    }
    clear(&points, &mut members, &mut taken);
    let mut groups: Vec<Group> = members.iter().map(|it| describe(spots, &points, it, zoom)).collect();
    groups.sort_by(|a, b| b.count.cmp(&a.count).then(a.lon.total_cmp(&b.lon)).then(a.lat.total_cmp(&b.lat)));
    let sites = spots.iter().zip(taken).filter(|(_, taken)| !taken).map(|(spot, _)| spot.index).collect();
    Grouped { sites, groups }
}

/// In the order given, each site that is still free draws its free neighbors to itself.
fn gather(points: &[[f64; 2]], rule: Rule) -> Vec<Vec<usize>> {
    let cell = |[x, y]: [f64; 2]| ((x / rule.pixels).floor() as i64, (y / rule.pixels).floor() as i64);
    let mut free: HashMap<(i64, i64), Vec<usize>> = HashMap::new();
    for (n, point) in points.iter().enumerate() {
        free.entry(cell(*point)).or_default().push(n);
    }
    let mut done = vec![false; points.len()];
    let mut found = Vec::new();
    for (n, point) in points.iter().enumerate() {
        if done[n] {
            continue;
        }
        done[n] = true;
        let (column, row) = cell(*point);
        let around = [-1, 0, 1].map(|x| [-1, 0, 1].map(|y| (column + x, row + y))).concat();
        let cells = around.iter().filter_map(|it| free.get(it));
        let near = |other: &usize| !done[*other] && distance(*point, points[*other]) <= rule.pixels;
        let mut members: Vec<usize> = cells.flatten().copied().filter(near).collect();
        if members.len() + 1 < rule.least {
            continue;
        }
        members.iter().for_each(|it| done[*it] = true);
        members.push(n);
        members.sort_unstable();
        // What is taken need not be looked at again: it keeps dense places fast.
        for it in around {
            if let Some(list) = free.get_mut(&it) {
                list.retain(|it| !done[*it]);
            }
        }
        found.push(members);
    }
    found
}

/// Joins discs that would cover each other, and takes in marks that a disc would cover.
fn clear(points: &[[f64; 2]], groups: &mut Vec<Vec<usize>>, taken: &mut [bool]) {
    groups.sort_by(|a, b| b.len().cmp(&a.len()).then(a.cmp(b)));
    let mut kept: Vec<(Vec<usize>, [f64; 2])> = Vec::new();
    for members in groups.drain(..) {
        let middle = middle(points, &members);
        match kept.iter_mut().find(|it| distance(it.1, middle) < CLEAR_PIXELS * 1.5) {
            Some(larger) => larger.0.extend(members),
            None => kept.push((members, middle)),
        }
    }
    let alone: Vec<usize> = (0..points.len()).filter(|n| !taken[*n]).collect();
    for n in alone {
        if let Some(group) = kept.iter_mut().find(|it| distance(it.1, points[n]) < CLEAR_PIXELS) {
            group.0.push(n);
            taken[n] = true;
        }
    }
    groups.extend(kept.into_iter().map(|it| it.0));
}

fn describe(spots: &[Spot], points: &[[f64; 2]], members: &[usize], zoom: f64) -> Group {
    let edge = |axis: usize| {
        let values = || members.iter().map(|n| points[*n][axis]);
        values().fold(f64::MIN, f64::max) - values().fold(f64::MAX, f64::min)
    };
    let extent = edge(0).max(edge(1));
    let deeper = if extent > 0.0 { libm::log2(SPREAD_PIXELS / extent).max(1.0) } else { DEEPEST };
    let (lon, lat) = unproject(middle(points, members), zoom);
    Group {
        lon,
        lat,
        count: members.len(),
        firsts: members.iter().filter(|n| spots[**n].first).count(),
        zoom_to: (zoom + deeper).min(DEEPEST.max(zoom + 1.0)),
    }
}

fn middle(points: &[[f64; 2]], members: &[usize]) -> [f64; 2] {
    let count = members.len() as f64;
    let sum = members.iter().fold([0.0, 0.0], |sum, n| [sum[0] + points[*n][0], sum[1] + points[*n][1]]);
    [sum[0] / count, sum[1] / count]
}

fn distance(a: [f64; 2], b: [f64; 2]) -> f64 {
    libm::hypot(a[0] - b[0], a[1] - b[1])
}

fn world(zoom: f64) -> f64 {
    512.0 * libm::exp2(zoom)
}

/// Web Mercator, in pixels from the upper left corner of the world.
fn project(lon: f64, lat: f64, zoom: f64) -> [f64; 2] {
    // Mercator ends here: the poles lie infinitely far.
    let phi = lat.clamp(-85.0511, 85.0511).to_radians();
    let y = 0.5 - libm::log(libm::tan(PI / 4.0 + phi / 2.0)) / (2.0 * PI);
    [(lon / 360.0 + 0.5) * world(zoom), y * world(zoom)]
}

fn unproject([x, y]: [f64; 2], zoom: f64) -> (f64, f64) {
    let (x, y) = (x / world(zoom), y / world(zoom));
    let lat = 2.0 * libm::atan(libm::exp((0.5 - y) * 2.0 * PI)) - PI / 2.0;
    ((x - 0.5) * 360.0, lat.to_degrees())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn spots(places: &[(f64, f64)]) -> Vec<Spot> {
        let spot = |(index, (lon, lat)): (usize, &(f64, f64))| Spot {
            index,
            lon: *lon,
            lat: *lat,
            first: index == 0,
        };
        places.iter().enumerate().map(spot).collect()
    }

    fn rule(zoom: f64) -> Rule {
        Rule::at(zoom, true).unwrap()
    }

    #[test]
    fn a_site_far_from_all_others_keeps_its_mark() {
        let spots = spots(&[(-93.265, 44.977), (-93.264, 44.978), (-92.1, 46.78)]);

        let drawn = group(&spots, 7.0, rule(7.0));

        assert_eq!(drawn.sites, [2]);
        assert_eq!(drawn.groups.len(), 1);
        assert_eq!((drawn.groups[0].count, drawn.groups[0].firsts), (2, 1));
        assert!(
            (drawn.groups[0].lon - -93.2645).abs() < 1e-6 && (drawn.groups[0].lat - 44.9775).abs() < 1e-6
        );
        assert!(drawn.groups[0].zoom_to > 12.0);
    }

    #[test]
    fn near_streets_every_site_keeps_its_mark_unless_there_are_too_many() {
        assert_eq!(Rule::at(14.0, true), None);
        assert_eq!(Rule::at(6.0, false), None);
        assert_eq!(Rule::of_many(MOST_SITES), None);
        assert!(Rule::of_many(MOST_SITES + 1).is_some());
    }

    #[test]
    fn sites_at_one_address_open_no_deeper_than_there_is_something_to_see() {
        let spots = spots(&[(-93.0, 45.0), (-93.0, 45.0)]);

        let drawn = group(&spots, 6.0, rule(6.0));

        assert_eq!(drawn.groups[0].zoom_to, DEEPEST);
    }

    proptest! {
        #[test]
        fn no_site_is_lost_or_drawn_twice(
            places in prop::collection::vec((-97.0..-89.0, 43.0..49.5), 0..120),
            zoom in 4.0..14.0,
        ) {
            let spots = spots(&places);

            let drawn = group(&spots, zoom, Rule::at(zoom, true).unwrap());

            let grouped: usize = drawn.groups.iter().map(|it| it.count).sum();
            prop_assert_eq!(grouped + drawn.sites.len(), spots.len());
            prop_assert!(drawn.groups.iter().all(|it| it.zoom_to > zoom && it.lon.is_finite() && it.lat.is_finite()));
            prop_assert_eq!(group(&spots, zoom, Rule::at(zoom, true).unwrap()), drawn);
        }
    }
}
