//! In which order sites are listed: the same words in the address of the list of sites and of the map.

use std::cmp::Reverse;

use super::snapshot::Snapshot;
use crate::rights::Viewer;
use crate::sites::Site;

/// The words of a URL and what people call them, for a select; the first is the order where none is named.
pub const CHOICES: [(&str, &str); 5] =
    [("-score", "Score"), ("name", "Name"), ("city", "City"), ("kind", "Kind"), ("-number", "Newest first")];

/// Sorts places of a snapshot by `score`, `name`, `kind`, `city` or `number`, with `-` downwards; what is not scored
/// comes last, equals by number. Without a word by score, the highest first; an unknown word means the name.
pub fn sort(snapshot: &Snapshot, viewer: &Viewer, found: &mut [usize], order: Option<&str>) {
    let sites = snapshot.sites(viewer);
    let points = |n: &usize| snapshot.standing(viewer, *n).and_then(|it| it.points).map(|it| it.0);
    match order.unwrap_or(CHOICES[0].0) {
        "score" => found.sort_by_key(|n| (points(n).is_none(), points(n), sites[*n].number)),
        "-score" => found.sort_by_key(|n| (Reverse(points(n)), sites[*n].number)),
        "number" => found.sort_by_key(|n| sites[*n].number),
        "-number" => found.sort_by_key(|n| Reverse(sites[*n].number)),
        other => {
            let by = other.trim_start_matches('-');
            found.sort_by_cached_key(|n| (text(&sites[*n], by), sites[*n].number));
            if other.starts_with('-') {
                found.reverse();
            }
        }
    }
}

fn text(site: &Site, by: &str) -> String {
    match by {
        "kind" => site.kind.clone(),
        "city" => {
            site.city_area.as_ref().or(site.city.as_ref()).map_or(String::new(), |it| it.to_lowercase())
        }
        _ => site.name.to_lowercase(),
    }
}
