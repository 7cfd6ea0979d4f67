//! The worked example of a rule about distance as a small drawing: the site, its ring with the limit written on it, the
//! other place, the measured line and its number.

use maud::{Markup, html};

use super::kind::Kind;
use super::pack::{Example, Value};
use crate::web::format;

/// The drawing is so wide and high, in px.
const SIZE: (f64, f64) = (340.0, 208.0);
/// Where the site stands.
const SITE: (f64, f64) = (112.0, 98.0);
/// The ring is never larger, and the place never farther off.
const RING: f64 = 84.0;
const FAR: f64 = 196.0;
/// Below that many px from the site two marks would lie on one another.
const NEAR: f64 = 30.0;

/// What is drawn, all in feet.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Drawn {
    limit: f64,
    measured: f64,
    to_place: bool,
}

/// The drawing; none where a rule measures no distance or its example gives none.
pub fn picture(kind: &Kind, example: &Example) -> Option<Markup> {
    let Some(Value::Number(measured)) = example.value else { return None };
    let drawn = match kind {
        Kind::Setback { feet, .. } => Drawn { limit: feet.0, measured, to_place: true },
        Kind::Separation { feet, .. } => Drawn { limit: feet.0, measured, to_place: false },
        _ => return None,
    };
    (drawn.limit > 0.0 && measured >= 0.0).then(|| draw(drawn, &example.text))
}

/// The radius of the ring, and how far off the place is drawn: true to scale, unless they would leave the picture.
fn scaled(it: Drawn) -> (f64, f64) {
    let a_foot = (RING / it.limit).min(FAR / it.measured.max(1.0));
    (a_foot * it.limit, (a_foot * it.measured).max(NEAR))
}

fn draw(it: Drawn, text: &str) -> Markup {
    let (ring, off) = scaled(it);
    let (x, y) = SITE;
    let limit = format::feet(it.limit);
    let number = format::feet(it.measured);
    let title = format!("{text}: {number}; the limit is {limit}");
    html! {
        svg.example-picture viewBox=(format!("0 0 {} {}", SIZE.0, SIZE.1)) role="img" aria-label=(title) {
            rect width=(SIZE.0) height=(SIZE.1) fill="#f9f9f7" {}
            circle cx=(x) cy=(y) r=(format!("{ring:.1}")) fill="#074b69" fill-opacity=".06" stroke="#074b69"
                stroke-width="1.5" stroke-dasharray="6 4" {}
            text x=(x) y=(format!("{:.1}", y + ring + 16.0)) text-anchor="middle" fill="#074b69" { (limit) }
            (other(x + off, y, it.to_place))
            (line(x, y, off))
            circle cx=(x) cy=(y) r="6" fill="#1c1d1f" stroke="#fff" stroke-width="2" {}
            (plate(x + off / 2.0, y - 18.0, &number))
        }
    }
}

/// The place as an outline, the other site as a point.
fn other(x: f64, y: f64, to_place: bool) -> Markup {
    html! {
        @if to_place {
            rect x=(format!("{x:.1}")) y=(y - 15.0) width="30" height="30" fill="#c4e4e0" stroke="#376462"
                stroke-width="1.5" {}
            text x=(format!("{:.1}", x + 15.0)) y=(y + 31.0) text-anchor="middle" fill="#376462" { "place" }
        } @else {
            circle cx=(format!("{x:.1}")) cy=(y) r="6" fill="#dfe1e2" stroke="#3d4551" stroke-width="1.5" {}
            text x=(format!("{x:.1}")) y=(y + 24.0) text-anchor="middle" fill="#3d4551" { "other site" }
        }
    }
}

fn line(x: f64, y: f64, off: f64) -> Markup {
    let path = format!("M{x} {y}h{off:.1}M{x} {:.1}v10M{:.1} {:.1}v10", y - 5.0, x + off, y - 5.0);
    html! {
        path d=(path) stroke="#fff" stroke-width="5" fill="none" {}
        path d=(path) stroke="#1c1d1f" stroke-width="1.8" fill="none" {}
    }
}

fn plate(x: f64, y: f64, number: &str) -> Markup {
    // Numerals of 13 px are about 7.4 px wide.
    let width = number.chars().count() as f64 * 7.4 + 14.0;
    html! {
        rect x=(format!("{:.1}", x - width / 2.0)) y=(y - 13.0) width=(format!("{width:.1}")) height="20" rx="3"
            fill="#fff" stroke="#1c1d1f" stroke-width="1" {}
        text.number x=(format!("{x:.1}")) y=(y + 2.0) text-anchor="middle" fill="#1c1d1f" { (number) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compliance::kind::Method;
    use crate::compliance::pack::Status;
    use crate::geo::distance::Feet;

    fn setback(feet: f64) -> Kind {
        Kind::Setback { to: Vec::new(), feet: Feet(feet), measure: Method::Lot, later_counts: false }
    }

    fn example(value: Option<f64>) -> Example {
        Example {
            text: "A club near a school".to_owned(),
            value: value.map(Value::Number),
            finding: Status::Refer,
        }
    }

    #[test]
    fn a_distance_is_drawn_with_its_number_and_its_limit() {
        let shown = picture(&setback(500.0), &example(Some(320.0))).unwrap().into_string();

        assert!(shown.contains(">320 ft<") && shown.contains(">500 ft<"), "{shown}");
        assert!(shown.contains(r#"aria-label="A club near a school: 320 ft; the limit is 500 ft""#));
    }

    #[test]
    fn the_drawing_is_true_to_scale_and_stays_in_its_frame() {
        for (limit, measured) in [(500.0, 320.0), (500.0, 5_000.0), (264_000.0, 211_200.0), (1.0, 0.0)] {
            let (ring, off) = scaled(Drawn { limit, measured, to_place: true });

            assert!(ring <= RING && off <= FAR, "{ring} {off}");
            assert!(off <= NEAR || (off / ring - measured / limit).abs() < 1e-9, "{ring} {off}");
        }
    }

    #[test]
    fn what_measures_nothing_has_no_drawing() {
        assert!(picture(&setback(500.0), &example(None)).is_none());
        assert!(picture(&Kind::LicenseLapsed, &example(Some(30.0))).is_none());
    }
}
