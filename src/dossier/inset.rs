//! The inset map: a drawing made on the server of the site, its ring, its neighbors and the incidents around it.

use maud::{Markup, html};

use super::score_views::mark;
use super::{Around, Neighbor};
use crate::geo::{Bounds, Point};
use crate::incidents::store::Near;
use crate::rights::{Resource, Viewer};
use crate::sites::{Site, Status};
use crate::web::{format, ui};

/// The drawing reaches so many meters east and west of the site, and to the nearest neighbors that are listed.
pub(super) const REACH_X: f64 = 300.0;
/// And so many north and south.
pub(super) const REACH_Y: f64 = 240.0;
/// The ring of the score: incidents within it are the surroundings.
const RING: f64 = 150.0;
// A degree of latitude is 110.57 to 111.69 km; for a drawing of 600 m the mean will do.
const METERS_A_DEGREE: f64 = 111_133.0;
// The drawing is 384 px wide, as the side column is.
const PX_A_METER: f64 = 384.0 / (2.0 * REACH_X);

/// The box of the drawing; none so near a pole that it is no box.
pub(super) fn bounds(center: Point) -> Option<Bounds> {
    let (dx, dy) = (REACH_X / meters_a_degree_east(center), REACH_Y / METERS_A_DEGREE);
    let (lon, lat) = (center.lon(), center.lat());
    Bounds::parse([(lon - dx).max(-180.0), lat - dy, (lon + dx).min(180.0), lat + dy]).ok()
}

fn meters_a_degree_east(center: Point) -> f64 {
    METERS_A_DEGREE * libm::cos(center.lat().to_radians()).max(0.01)
}

/// Where on the drawing, in px from its middle.
fn place(center: Point, lon: f64, lat: f64) -> (f64, f64) {
    let x = (lon - center.lon()) * meters_a_degree_east(center) * PX_A_METER;
    (x, (center.lat() - lat) * METERS_A_DEGREE * PX_A_METER)
}

/// The card: the drawing, its caption, and the neighbors as a list.
pub(super) fn card(site: &Site, around: &Around, viewer: &Viewer, own: ui::Mark) -> Markup {
    let point = site.point().and_then(|(lon, lat)| Point::parse(lon, lat).ok());
    html! {
        section.card.inset aria-label="Surroundings" {
            @match point {
                Some(center) => { (drawing(site, center, around, own)) (caption(site, around, viewer)) }
                None => {
                    h2 { "Not on the map" }
                    p { "No source, address point or person has given this site a point." }
                    p { a href={ "/sites/" (site.id) "/edit" } { "Put a pin on the map" } }
                }
            }
        }
    }
}

fn drawing(site: &Site, center: Point, around: &Around, own: ui::Mark) -> Markup {
    let (width, height) = (2.0 * REACH_X * PX_A_METER, 2.0 * REACH_Y * PX_A_METER);
    let ring = RING * PX_A_METER;
    let name = format!("{}, its ring of 150 m, its neighbors and the incidents around", site.name);
    html! {
        svg.inset-map viewBox=(format!("{} {} {width} {height}", -width / 2.0, -height / 2.0)) role="group" aria-label=(name) {
            rect x=(-width / 2.0) y=(-height / 2.0) width=(width) height=(height) fill="#f9f9f7" {}
            circle r=(ring) fill="#074b69" fill-opacity=".06" stroke="#074b69" stroke-width="1.5" stroke-dasharray="6 4" {}
            text.ring-label x="0" y=(ring + 15.0) text-anchor="middle" { "150 m" }
            (crosses(center, &around.incidents))
            @for it in around.neighbors.iter().rev() { (neighbor(center, it)) }
            (symbol(0.0, 0.0, &ui::tier_mark(own, false, site.status == Status::Closed)))
            (scale(width, height))
        }
    }
}

fn crosses(center: Point, incidents: &[Near]) -> Markup {
    let mut path = String::new();
    for it in incidents {
        let (x, y) = place(center, it.lon, it.lat);
        path.push_str(&format!("M{:.1} {:.1}h5m-2.5-2.5v5", x - 2.5, y));
    }
    html! { @if !path.is_empty() { path d=(path) stroke="#1c1d1f" stroke-width="1.2" fill="none" aria-hidden="true" {} } }
}

fn neighbor(center: Point, it: &Neighbor) -> Markup {
    let Some((lon, lat)) = it.site.point() else { return html! {} };
    let (x, y) = place(center, lon, lat);
    let closed = it.site.status == Status::Closed;
    html! {
        @if x.abs() <= REACH_X * PX_A_METER && y.abs() <= REACH_Y * PX_A_METER {
            a href={ "/sites/" (it.site.id) } aria-label=(format!("{}, {:.0} m away", it.site.name, it.meters)) {
                (symbol(x, y, &ui::tier_mark(mark(it.standing.as_ref()), false, closed)))
            }
        }
    }
}

/// A mark of 18 px with its middle there.
fn symbol(x: f64, y: f64, mark: &Markup) -> Markup {
    html! { g transform=(format!("translate({:.1} {:.1})", x - 9.0, y - 9.0)) { (mark) } }
}

fn scale(width: f64, height: f64) -> Markup {
    let length = 100.0 * PX_A_METER;
    let (x, y) = (-width / 2.0 + 12.0, height / 2.0 - 12.0);
    html! {
        path d=(format!("M{x} {}v5h{length}v-5", y - 5.0)) stroke="#3d4551" stroke-width="1.2" fill="none" aria-hidden="true" {}
        text.scale-label x=(x + length + 6.0) y=(y) { "100 m" }
    }
}

fn caption(site: &Site, around: &Around, viewer: &Viewer) -> Markup {
    let count = format::counted(around.incidents.len() as u64, "incident", "incidents");
    let meters = site.point_meters.map(|it| format!(", good to {it:.0} m")).unwrap_or_default();
    html! {
        p {
            @if viewer.may_see(Resource::Incident) {
                b { @if around.more { "More than " } (count) } " in this picture in the last 12 months (crosses)"
            } @else { "Incidents " (ui::withheld(viewer.class_of_rows(Resource::Incident))) }
        }
        p.meta { "Point " (super::words::point(site.point_method)) (meters) " · " a href={ "/map?site=" (site.id) } { "Open in map" } }
        @if around.neighbors.is_empty() {
            p.meta { "No other site within 300 m." }
        } @else {
            details.neighbors {
                summary { (format::counted(around.neighbors.len() as u64, "site", "sites")) " within 300 m" }
                ul {
                    @for it in &around.neighbors {
                        li {
                            (ui::tier_mark(mark(it.standing.as_ref()), false, it.site.status == Status::Closed)) " "
                            a href={ "/sites/" (it.site.id) } { (it.site.name) } span.meta { " " (format!("{:.0} m", it.meters)) }
                        }
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geo::distance::distance;

    #[test]
    fn a_neighbor_lies_as_far_on_the_drawing_as_on_the_ground() {
        let center = Point::parse(-93.2, 44.95).unwrap();
        let there = Point::parse(-93.1985, 44.9512).unwrap();

        let (x, y) = place(center, there.lon(), there.lat());

        let drawn = (x * x + y * y).sqrt() / PX_A_METER;
        assert!((drawn - distance(center, there).0).abs() < 1.0, "{drawn}");
        assert!(x > 0.0 && y < 0.0);
        assert!(bounds(center).unwrap().contains(there));
    }

    #[test]
    fn the_pole_has_no_inset() {
        assert!(bounds(Point::parse(0.0, 90.0).unwrap()).is_none());
        assert!(bounds(Point::parse(179.999, 0.0).unwrap()).is_some());
    }
}
