//! The lines as a small picture, drawn where the sites stand; the table beside it says the same in words.

use maud::{Markup, html};

use super::{Network, Sharing};
use crate::sites::Site;

const WIDTH: f64 = 960.0;
const HEIGHT: f64 = 360.0;
const EDGE: f64 = 40.0;

/// Where a point lies in the picture.
struct Frame {
    west: f64,
    north: f64,
    scale: f64,
    narrow: f64,
    /// What is left of the width and the height, halved.
    spare: (f64, f64),
}

impl Frame {
    /// The frame around all points; none where fewer than two differ.
    fn around(points: &[(f64, f64)]) -> Option<Self> {
        let bound = |of: fn(&(f64, f64)) -> f64| {
            points
                .iter()
                .map(of)
                .fold((f64::INFINITY, f64::NEG_INFINITY), |(a, b), it| (a.min(it), b.max(it)))
        };
        let ((west, east), (south, north)) = (bound(|it| it.0), bound(|it| it.1));
        // A degree of longitude is shorter than one of latitude.
        let narrow = libm::cos(0.5 * (south + north) * std::f64::consts::PI / 180.0);
        let (wide, high) = ((east - west) * narrow, north - south);
        let scale = ((WIDTH - 2.0 * EDGE) / wide).min((HEIGHT - 2.0 * EDGE) / high);
        let spare = (0.5 * (WIDTH - wide * scale), 0.5 * (HEIGHT - high * scale));
        scale.is_finite().then_some(Self { west, north, scale, narrow, spare })
    }

    fn place(&self, (lon, lat): (f64, f64)) -> (String, String) {
        let x = self.spare.0 + (lon - self.west) * self.narrow * self.scale;
        let y = self.spare.1 + (self.north - lat) * self.scale;
        (format!("{x:.1}"), format!("{y:.1}"))
    }
}

/// The picture; nothing where no line has two points that differ.
pub(super) fn picture(network: &Network) -> Markup {
    let drawn: Vec<_> = network
        .lines
        .iter()
        .filter(|it| it.is_followed)
        .filter_map(|it| Some((it, network.ends(it)?)))
        .collect();
    let points: Vec<(f64, f64)> = drawn.iter().flat_map(|it| it.1).collect();
    let Some(frame) = Frame::around(&points) else { return html! {} };
    let mut sites: Vec<&Site> =
        drawn.iter().flat_map(|(it, _)| [network.from(it), network.to(it)]).flatten().collect();
    sites.sort_by_key(|it| it.number);
    sites.dedup_by_key(|it| it.number);
    html! {
        svg.network viewBox={ "0 0 " (WIDTH) " " (HEIGHT) } width="100%" role="img" aria-label="Lines between sites that share something; the table says the same in words" {
            @for (line, [from, to]) in &drawn {
                @let ((x1, y1), (x2, y2)) = (frame.place(*from), frame.place(*to));
                line x1=(x1) y1=(y1) x2=(x2) y2=(y2) stroke="#074b69" stroke-width=(width(line.what))
                    stroke-opacity=(if line.step == 1 { "0.9" } else { "0.4" })
                    stroke-dasharray=[(line.what != Sharing::Succession).then_some("4 3")] {}
            }
            @for it in sites { (mark(it, network, &frame)) }
        }
    }
}

fn width(what: Sharing) -> &'static str {
    if what == Sharing::Succession { "2.5" } else { "1.5" }
}

fn mark(site: &Site, network: &Network, frame: &Frame) -> Markup {
    let Some(point) = site.point() else { return html! {} };
    let (x, y) = frame.place(point);
    let own = site.id == network.center.id;
    html! {
        circle cx=(x) cy=(y) r=(if own { "7" } else { "4.5" }) fill=(if own { "#074b69" } else { "#ffffff" }) stroke="#1b1b1b" stroke-width="1.5" {
            title { (site.name) @if let Some(city) = &site.city { ", " (city) } }
        }
        @if own || network.is_named(site.id) { text x=(x) y=(y) dx="9" dy="4" { (site.name) } }
    }
}
