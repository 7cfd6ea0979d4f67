//! The marks of a view as JSON, written as bytes: a tree of values for thousands of sites would take longer to build
//! than to send.

use std::io::Write;

use super::groups::Group;
use crate::records::SiteId;
use crate::scoring::Centipoints;
use crate::scoring::rank::Tier;

/// A response stops growing here; sites beyond it are counted in `in_view` but not listed.
const MOST_BYTES: usize = 290_000;
/// Longer names are cut: a mark shows its name on one line.
const NAME_CHARS: usize = 80;

/// A site as the map draws it.
#[derive(Clone, Copy, Debug)]
pub struct Mark<'a> {
    /// Which.
    pub id: SiteId,
    /// Degrees east.
    pub lon: f64,
    /// Degrees north.
    pub lat: f64,
    /// None for viewers without the right to see standings.
    pub tier: Option<Tier>,
    /// Whether a little more or less would change its tier.
    pub borderline: bool,
    /// Whether it is closed, or has moved away.
    pub closed: bool,
    /// The name on the door.
    pub name: &'a str,
    /// Its points, if it is scored and the viewer may see them.
    pub points: Option<Centipoints>,
}

/// How many sites there are.
#[derive(Clone, Copy, Debug)]
pub struct Counts {
    /// That fit the filter.
    pub total: usize,
    /// Of these, inside the box.
    pub in_view: usize,
    /// Of these, without a point.
    pub without_point: usize,
}

/// `{"total":…,"in_view":…,"without_point":…,"sites":[[id,lon,lat,tier,flags,name,points]],
/// "groups":[[lon,lat,count,firsts,zoom_to]]}`: tier 1, 2, 3, 0 for not scored, null for withheld; flags 1 for
/// borderline, 2 for closed; degrees; points of 100.
pub fn marks<'a>(counts: Counts, groups: &[Group], sites: impl IntoIterator<Item = Mark<'a>>) -> Vec<u8> {
    let mut out = Vec::with_capacity(64 * 1024);
    let Counts { total, in_view, without_point } = counts;
    write(
        &mut out,
        format_args!(
            "{{\"total\":{total},\"in_view\":{in_view},\"without_point\":{without_point},\"groups\":["
        ),
    );
    for (n, it) in groups.iter().enumerate() {
        let Group { lon, lat, count, firsts, zoom_to } = it;
        write(&mut out, format_args!("{}[{lon:.6},{lat:.6},{count},{firsts},{zoom_to:.2}]", comma(n)));
    }
    out.extend(b"],\"sites\":[");
    for (n, site) in sites.into_iter().enumerate() {
        if out.len() > MOST_BYTES {
            break;
        }
        out.extend(comma(n).as_bytes());
        mark(&mut out, &site);
    }
    out.extend(b"]}");
    out
}

fn mark(out: &mut Vec<u8>, it: &Mark<'_>) {
    let flags = u8::from(it.borderline) + 2 * u8::from(it.closed);
    write(out, format_args!("[\"{}\",{:.6},{:.6},{},{flags},", it.id, it.lon, it.lat, tier(it.tier)));
    let end = it.name.char_indices().nth(NAME_CHARS).map_or(it.name.len(), |(at, _)| at);
    serde_json::to_writer(&mut *out, &it.name[..end]).expect("a text can always be written to memory");
    match it.points {
        Some(points) => write(out, format_args!(",{points}]")),
        None => out.extend(b",null]"),
    }
}

/// The tier as a literal.
pub(super) fn tier(tier: Option<Tier>) -> &'static str {
    match tier {
        Some(Tier::First) => "1",
        Some(Tier::Second) => "2",
        Some(Tier::Third) => "3",
        Some(Tier::NotScored) => "0",
        None => "null",
    }
}

fn comma(n: usize) -> &'static str {
    if n == 0 { "" } else { "," }
}

fn write(out: &mut Vec<u8>, text: std::fmt::Arguments<'_>) {
    out.write_fmt(text).expect("writing to memory cannot fail");
}

#[cfg(test)]
mod tests {
    use super::*;

    const COUNTS: Counts = Counts { total: 9, in_view: 4, without_point: 1 };

    fn mark(name: &str) -> Mark<'_> {
        let id = SiteId::of_source("test", "1");
        let (tier, points) = (Some(Tier::First), Some(Centipoints(6_240)));
        Mark { id, lon: -93.1, lat: 44.95, tier, borderline: true, closed: true, name, points }
    }

    #[test]
    fn a_mark_is_read_back_as_json_whatever_its_name() {
        let withheld = Mark { tier: None, points: None, ..mark("Plain") };

        let body = marks(COUNTS, &[], [mark("\"<é>\u{1f}\\"), withheld]);

        let read: serde_json::Value = serde_json::from_slice(&body).unwrap();
        assert_eq!(
            (&read["total"], &read["in_view"], &read["without_point"]),
            (&9.into(), &4.into(), &1.into())
        );
        assert_eq!(
            read["sites"][0].as_array().unwrap()[3..],
            serde_json::json!([1, 3, "\"<é>\u{1f}\\", 62.4]).as_array().unwrap()[..]
        );
        assert_eq!(
            (&read["sites"][1][3], &read["sites"][1][6]),
            (&serde_json::Value::Null, &serde_json::Value::Null)
        );
    }

    #[test]
    fn a_view_never_takes_more_than_300_kilobytes() {
        let name = "é".repeat(900);

        let body = marks(COUNTS, &[], std::iter::repeat_n(mark(&name), 20_000));

        assert!(body.len() <= 300_000, "{}", body.len());
        serde_json::from_slice::<serde_json::Value>(&body).unwrap();
    }
}
