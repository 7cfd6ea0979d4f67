//! The exhibit of a finding: a drawing to scale of what was measured, from what to what, with the limit around the site and
//! all that a reader needs to check it. Pure: the same finding gives the same picture.

use std::fmt::Write;

use maud::{Markup, PreEscaped, html};

use super::exhibit_plane::{Plane, ring};
use super::finding::Measurement;
use super::measuring::{Distance, End};
use crate::geo::Point;
use crate::geo::distance::{Feet, Meters};
use crate::geo::shape::Shape;
use crate::web::format;

/// Places drawn at most.
pub const MOST: usize = 5;
/// The drawing is so wide and high, in px; the caption stands below it.
const SIZE: (f64, f64) = (720.0, 520.0);
/// So much stays free around what is drawn.
const MARGIN: f64 = 56.0;
/// The drawing never shows less ground than that, in feet.
const LEAST_ACROSS: f64 = 100.0;
/// Characters of a line of the caption, and the height of one.
const LINE: usize = 100;
const LINE_HEIGHT: f64 = 18.0;
/// The height of a plate with a number.
const PLATE: f64 = 24.0;

/// A place or other site that was measured to.
#[derive(Clone, Copy, Debug)]
pub struct To<'a> {
    /// What was measured.
    pub measurement: &'a Measurement,
    /// Its outline or point, where it is still on record.
    pub shape: Option<&'a Shape>,
}

/// What is drawn.
#[derive(Clone, Debug)]
pub struct Exhibit<'a> {
    /// The name of the site.
    pub site: &'a str,
    /// Its point.
    pub point: Point,
    /// How far off that may be.
    pub error: Meters,
    /// The outline of its building.
    pub building: Option<&'a Shape>,
    /// The outline of its lot.
    pub lot: Option<&'a Shape>,
    /// Nearest first.
    pub to: Vec<To<'a>>,
    /// Sentences below the drawing.
    pub caption: Vec<String>,
}

/// Maps feet east and north to px.
#[derive(Clone, Copy, Debug)]
struct Frame {
    plane: Plane,
    middle: (f64, f64),
    px_per_foot: f64,
}

/// The exhibit as an SVG element; none when nothing was measured.
pub fn svg(it: &Exhibit<'_>) -> Option<Markup> {
    let first = it.to.first()?.measurement;
    let nearest = first.distances.first()?;
    let rings = rings(it, first);
    let frame = frame(it, &rings);
    let caption = lines(it);
    let height = SIZE.1 + 20.0 + LINE_HEIGHT * caption.len() as f64;
    let title = format!("{} to {}: {}", it.site, first.name, number(nearest, it.error));
    Some(html! {
        svg.exhibit xmlns="http://www.w3.org/2000/svg" viewBox={ "0 0 " (SIZE.0) " " (height) }
            width=(SIZE.0) height=(height) role="img" aria-labelledby="exhibit-title exhibit-desc" font-family="Public Sans, Arial, sans-serif" {
            title id="exhibit-title" { (title) }
            desc id="exhibit-desc" { (it.caption.join(" ")) }
            defs { clipPath id="exhibit-frame" { rect width=(SIZE.0) height=(SIZE.1) {} } }
            rect width=(SIZE.0) height=(height) fill="#fff" {}
            rect width=(SIZE.0) height=(SIZE.1) fill="#f9f9f7" {}
            g clip-path="url(#exhibit-frame)" {
                @for line in &rings { path d=(frame.path(std::slice::from_ref(line), true)) fill="#074b69" fill-opacity=".06" stroke="#074b69" stroke-width="1.5" stroke-dasharray="6 4" {} }
                @for to in it.to.iter().take(MOST) { @if let Some(shape) = to.shape { (frame.outline(shape, "#c4e4e0", "#376462")) } }
                @if let Some(lot) = it.lot { (frame.outline(lot, "none", "#71767a")) }
                @if let Some(building) = it.building { (frame.outline(building, "#dfe1e2", "#3d4551")) }
                @for to in it.to.iter().take(MOST).skip(1) { @for distance in &to.measurement.distances { (frame.line(distance, 0.9)) } }
                @for distance in &first.distances { (frame.line(distance, 1.8)) }
                (frame.point(it.point))
            }
            (frame.labels(it, first))
            (frame.scale())
            (north())
            rect x=".5" y=".5" width=(SIZE.0 - 1.0) height=(SIZE.1 - 1.0) fill="none" stroke="#71767a" {}
            g font-size="13" fill="#1c1d1f" {
                @for (n, line) in caption.iter().enumerate() { text x="4" y=(SIZE.1 + 22.0 + LINE_HEIGHT * n as f64) { (line) } }
            }
        }
    })
}

/// The exhibit as a file of its own.
pub fn file(it: &Exhibit<'_>) -> Option<String> {
    svg(it).map(|svg| format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n{}", svg.into_string()))
}

/// The number of a measurement: one, or the least and the most where an outline is not known, ± where the point is inexact.
pub fn number(it: &Distance, error: Meters) -> String {
    let error = if it.from == End::Point { Feet::from(error).0 } else { 0.0 };
    let inexact = if error >= 0.5 { format!(" ± {error:.0} ft") } else { String::new() };
    // What the inexact point leaves open is said by ±, the rest by a range.
    let least = (it.least_feet + error).min(it.feet);
    let number = if it.feet - least < 1.0 {
        format::feet(it.feet)
    } else {
        format!("{} to {}", format::feet(least).trim_end_matches(" ft"), format::feet(it.feet))
    };
    number + &inexact
}

/// The outline or point of the site that a distance was measured from.
fn anchor(it: &Exhibit<'_>, from: End) -> Shape {
    let found = match from {
        End::Lot => it.lot,
        End::Building => it.building,
        End::Point => None,
    };
    found.cloned().unwrap_or_else(|| it.point.into())
}

/// A ring around each thing that was measured from.
fn rings(it: &Exhibit<'_>, first: &Measurement) -> Vec<Vec<(f64, f64)>> {
    let mut from: Vec<End> = Vec::new();
    for distance in &first.distances {
        if !from.contains(&distance.from) {
            from.push(distance.from);
        }
    }
    let limit = Feet(first.limit_feet);
    if limit.0 <= 0.0 {
        return Vec::new();
    }
    from.into_iter().map(|end| ring(&anchor(it, end), limit)).collect()
}

fn frame(it: &Exhibit<'_>, rings: &[Vec<(f64, f64)>]) -> Frame {
    let plane = Plane::around(it.point);
    let distances = it.to.iter().take(MOST).flat_map(|it| &it.measurement.distances);
    let ends = distances.flat_map(|it| [it.from_at, it.to_at]);
    let shown = rings.iter().flatten().copied().chain(ends).map(|it| plane.feet(it));
    let (mut low, mut high) = ((0.0f64, 0.0f64), (0.0f64, 0.0f64));
    for (x, y) in shown {
        low = (low.0.min(x), low.1.min(y));
        high = (high.0.max(x), high.1.max(y));
    }
    let (across, up) = ((high.0 - low.0).max(LEAST_ACROSS), (high.1 - low.1).max(LEAST_ACROSS));
    let px_per_foot = ((SIZE.0 - 2.0 * MARGIN) / across).min((SIZE.1 - 2.0 * MARGIN) / up);
    Frame { plane, middle: (f64::midpoint(low.0, high.0), f64::midpoint(low.1, high.1)), px_per_foot }
}

impl Frame {
    fn px(&self, (east, north): (f64, f64)) -> (f64, f64) {
        let x = SIZE.0 / 2.0 + (east - self.middle.0) * self.px_per_foot;
        let y = SIZE.1 / 2.0 - (north - self.middle.1) * self.px_per_foot;
        (round(x), round(y))
    }

    fn at(&self, degrees: (f64, f64)) -> (f64, f64) {
        self.px(self.plane.feet(degrees))
    }

    /// `lines` are degrees.
    fn path(&self, lines: &[Vec<(f64, f64)>], closed: bool) -> String {
        let feet: Vec<Vec<_>> =
            lines.iter().map(|line| line.iter().map(|it| self.plane.feet(*it)).collect()).collect();
        self.path_of_feet(&feet, closed)
    }

    fn path_of_feet(&self, lines: &[Vec<(f64, f64)>], closed: bool) -> String {
        let mut path = String::new();
        for line in lines {
            for (n, at) in line.iter().enumerate() {
                let (x, y) = self.px(*at);
                let _ = write!(path, "{}{x} {y}", if n == 0 { 'M' } else { 'L' });
            }
            path.push_str(if closed { "Z" } else { "" });
        }
        path
    }

    fn outline(&self, shape: &Shape, fill: &str, edge: &str) -> Markup {
        let (lines, is_area) = self.plane.lines(shape);
        if let [line] = lines.as_slice()
            && let [point] = line.as_slice()
        {
            let (x, y) = self.px(*point);
            return html! { circle cx=(x) cy=(y) r="7" fill=(fill) stroke=(edge) stroke-width="1.5" {} };
        }
        let fill = if is_area { fill } else { "none" };
        html! { path d=(self.path_of_feet(&lines, is_area)) fill=(fill) fill-rule="evenodd" stroke=(edge) stroke-width="1.5" {} }
    }

    fn point(&self, at: Point) -> Markup {
        let (x, y) = self.at((at.lon(), at.lat()));
        html! { circle cx=(x) cy=(y) r="4.5" fill="#1c1d1f" stroke="#fff" stroke-width="1.5" {} }
    }

    /// The measured line on white, with a tick across each end.
    fn line(&self, it: &Distance, width: f64) -> Markup {
        let (from, to) = (self.at(it.from_at), self.at(it.to_at));
        let (dx, dy) = (to.0 - from.0, to.1 - from.1);
        let long = dx.hypot(dy);
        if long < 1.0 {
            return html! {};
        }
        let (x, y) = (-dy / long * 5.0, dx / long * 5.0);
        let tick = |at: (f64, f64)| {
            format!("M{} {}L{} {}", round(at.0 - x), round(at.1 - y), round(at.0 + x), round(at.1 + y))
        };
        let path = format!("M{} {}L{} {}{}{}", from.0, from.1, to.0, to.1, tick(from), tick(to));
        html! {
            path d=(path) fill="none" stroke="#fff" stroke-width=(width + 3.2) {}
            path d=(path) fill="none" stroke="#1c1d1f" stroke-width=(width) {}
        }
    }

    /// A plate for each number of the nearest, and the key of each place; names stand in the caption only.
    fn labels(&self, it: &Exhibit<'_>, first: &Measurement) -> Markup {
        let many = it.to.len() > 1;
        html! {
            @for (n, distance) in first.distances.iter().enumerate() {
                (self.plate(distance, &number(distance, it.error), (n, first.distances.len())))
            }
            @if many {
                @for (n, to) in it.to.iter().take(MOST).enumerate() {
                    @if let Some(distance) = to.measurement.distances.first() {
                        @let (x, y) = self.at(distance.to_at);
                        circle cx=(x) cy=(y - 15.0) r="9" fill="#fff" stroke="#376462" {}
                        text x=(x) y=(y - 10.5) text-anchor="middle" font-size="12" font-weight="700" fill="#1c1d1f" { (n + 1) }
                    }
                }
            }
        }
    }

    /// Plates of several numbers stand one under the other, so that none covers another.
    fn plate(&self, distance: &Distance, number: &str, (n, of): (usize, usize)) -> Markup {
        let (from, to) = (self.at(distance.from_at), self.at(distance.to_at));
        let words = if of > 1 { format!("{number}, {}", distance.method.label()) } else { number.to_owned() };
        let wide = 7.6 * words.chars().count() as f64 + 16.0;
        let down = (n as f64 - (of as f64 - 1.0) / 2.0) * (PLATE + 4.0);
        // Beside a steep line and below a flat one, so that neither the line nor its ends are covered.
        let is_steep = (to.1 - from.1).abs() > (to.0 - from.0).abs();
        let (right, lower) = if is_steep { (wide / 2.0 + 16.0, -PLATE / 2.0) } else { (0.0, 22.0) };
        let x = f64::midpoint(from.0, to.0) - wide / 2.0 + right;
        let x = x.clamp(4.0, (SIZE.0 - wide - 4.0).max(4.0));
        let y = (f64::midpoint(from.1, to.1) + lower + down).clamp(4.0, SIZE.1 - PLATE - 44.0);
        html! {
            rect x=(round(x)) y=(round(y)) width=(round(wide)) height=(PLATE) rx="3" fill="#fff" stroke="#1c1d1f" {}
            text x=(round(x + wide / 2.0)) y=(round(y + 16.5)) text-anchor="middle" font-size="14" font-weight="650" fill="#1c1d1f" { (words) }
        }
    }

    /// A bar of a round number of feet, between a tenth and a quarter of the width.
    fn scale(&self) -> Markup {
        let most = SIZE.0 / 4.0 / self.px_per_foot;
        let feet = format::round_length(most);
        let wide = round(feet * self.px_per_foot);
        let y = SIZE.1 - 16.0;
        html! {
            rect x="10" y=(y - 24.0) width=(wide + 16.0) height="34" fill="#fff" fill-opacity=".85" {}
            path d={ "M18 " (y - 6.0) "V" (y) "H" (wide + 18.0) "V" (y - 6.0) } fill="none" stroke="#1c1d1f" stroke-width="1.5" {}
            text x="18" y=(y - 9.0) font-size="12" fill="#1c1d1f" { (format::count(feet.round() as i64)) " ft" }
        }
    }
}

fn north() -> Markup {
    let x = SIZE.0 - 26.0;
    html! {
        path d={ "M" (x) " 12L" (x + 7.0) " 34L" (x) " 29L" (x - 7.0) " 34Z" } fill="#1c1d1f" stroke="#fff" {}
        text x=(x) y="48" text-anchor="middle" font-size="13" font-weight="700" fill="#1c1d1f" { (PreEscaped("N")) }
    }
}

/// The caption in lines, after the keys of the places where several are drawn.
fn lines(it: &Exhibit<'_>) -> Vec<String> {
    let several = it.to.len() > 1;
    let key = |(n, to): (usize, &To<'_>)| {
        let number = to.measurement.distances.first().map(|of| number(of, it.error)).unwrap_or_default();
        format!("{} {}: {number}", n + 1, to.measurement.name)
    };
    let keys = it.to.iter().take(MOST).enumerate().filter(|_| several).map(key);
    keys.chain(it.caption.iter().cloned()).flat_map(|it| wrapped(&it)).collect()
}

/// Lines of at most [`LINE`] characters; a word longer than that is broken.
fn wrapped(text: &str) -> Vec<String> {
    let (mut lines, mut line, mut long) = (Vec::new(), String::new(), 0);
    for word in text.split_whitespace() {
        let chars: Vec<char> = word.chars().collect();
        for part in chars.chunks(LINE) {
            if long > 0 && long + 1 + part.len() > LINE {
                lines.push(std::mem::take(&mut line));
                long = 0;
            }
            if long > 0 {
                line.push(' ');
                long += 1;
            }
            line.extend(part);
            long += part.len();
        }
    }
    lines.extend((long > 0).then_some(line));
    lines
}

fn round(px: f64) -> f64 {
    (px * 10.0).round() / 10.0
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compliance::kind::Method;
    use crate::compliance::measuring::Within;

    fn distance(method: Method, feet: f64, to_at: (f64, f64)) -> Distance {
        let from_at = (-93.27, 44.98);
        Distance {
            method,
            feet,
            least_feet: feet,
            from: End::Point,
            to: End::Point,
            from_at,
            to_at,
            within: Within::Yes,
        }
    }

    fn measurement(name: &str, distances: Vec<Distance>) -> Measurement {
        Measurement {
            name: name.to_owned(),
            class: "school".to_owned(),
            place: None,
            site: None,
            distances,
            limit_feet: 500.0,
        }
    }

    fn drawn(all: &[Measurement]) -> String {
        let to = all.iter().map(|measurement| To { measurement, shape: None }).collect();
        let point = Point::parse(-93.27, 44.98).unwrap();
        let caption = vec!["A measurement, not a survey.".to_owned()];
        let it =
            Exhibit { site: "<Joe's>", point, error: Meters(0.0), building: None, lot: None, to, caption };
        file(&it).unwrap()
    }

    #[test]
    fn a_number_says_what_is_open() {
        let exactly = distance(Method::Lot, 462.0, (-93.269, 44.98));
        let open = Distance { least_feet: 440.0, from: End::Lot, ..exactly };

        assert_eq!(number(&exactly, Meters(0.0)), "462 ft");
        assert_eq!(number(&open, Meters(0.0)), "440 to 462 ft");
        let inexact = Distance { least_feet: 452.0, ..exactly };
        assert_eq!(number(&inexact, Feet(10.0).into()), "462 ft ± 10 ft");
    }

    #[test]
    fn a_picture_has_words_for_those_who_do_not_see_it() {
        let svg = drawn(&[measurement("School", vec![distance(Method::Lot, 260.0, (-93.269, 44.98))])]);

        assert!(svg.contains("role=\"img\"") && svg.contains("&lt;Joe's&gt; to School: 260 ft"), "{svg}");
        assert!(svg.contains("stroke-dasharray=\"6 4\"") && svg.contains("not a survey"), "{svg}");
    }

    #[test]
    fn both_numbers_stand_where_the_law_names_no_method() {
        let at = (-93.269, 44.98);
        let both = vec![distance(Method::Building, 260.0, at), distance(Method::Lot, 240.0, at)];
        let svg = drawn(&[measurement("School", both)]);

        assert!(svg.contains("260 ft, building to building") && svg.contains("240 ft, lot to lot"), "{svg}");
    }

    #[test]
    fn what_touches_and_what_is_50_miles_off_gives_a_picture() {
        for (feet, at) in [(0.0, (-93.27, 44.98)), (264_000.0, (-93.27, 45.704))] {
            let svg = drawn(&[measurement("Park", vec![distance(Method::Lot, feet, at)])]);

            assert!(!svg.contains("NaN") && !svg.contains("inf"), "{svg}");
            assert!(svg.contains(&format::feet(feet)), "{svg}");
        }
    }

    #[test]
    fn a_name_of_300_characters_stands_in_lines_below_the_drawing() {
        let name = "x".repeat(300);

        assert!(wrapped(&name).iter().all(|it| it.chars().count() <= LINE));
        assert_eq!(wrapped(&name).len(), 3);
        assert_eq!(wrapped("a b"), ["a b"]);
    }
}
