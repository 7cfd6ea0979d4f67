//! The hash of all that a run read, in a fixed order: two runs with the same hash and cards give the same bytes.

use sha2::{Digest, Sha256};

use super::events::Events;
use super::feeds::Feeds;
use super::site;
use crate::scoring::input::Event;
use crate::sites::Site;

/// What a run read.
pub(super) struct Inputs;

impl Inputs {
    /// SHA-256, in hex, of the sites by id and of each site's events by record; nothing but what scoring takes.
    pub(super) fn hash(sites: &[Site], feeds: &Feeds, events: &Events) -> String {
        let mut sites: Vec<&Site> = sites.iter().collect();
        sites.sort_unstable_by_key(|it| it.id);
        let mut hash = Sha256::new();
        for it in sites {
            let input = site::input(it, feeds);
            hash.update(format!("{} {} {} {:?}\n", it.id, it.kind, input.open, input.watched));
            let mut events: Vec<&Event> = events.of(it.id).iter().collect();
            events.sort_unstable_by_key(|it| it.record);
            for it in events {
                hash.update(line(it));
            }
        }
        hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

fn line(it: &Event) -> String {
    let record = it.record;
    format!(
        "{} {} {} {} {} {} {} {:?} {:?} {} {}\n",
        record.kind,
        record.id,
        record.part,
        it.version,
        it.source.0,
        it.occurred,
        it.recorded,
        it.what,
        it.grade,
        it.origin,
        it.link.0
    )
}
