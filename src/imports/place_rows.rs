//! What becomes of the rows of a file of places.

use super::bodies::Body;
use super::mapping::Draft;
use super::rehearsal::content_of;
use super::writer::Writer;
use crate::db::Tx;
use crate::places::{Place, PlaceId, store};
use crate::records::store::Saved;
use crate::sites;

impl Writer {
    /// Saves places. From the first new one on every site is assessed again: their distances may have changed.
    pub(super) async fn places(&mut self, tx: &mut Tx, drafts: Vec<Draft>) -> anyhow::Result<()> {
        let places: Vec<Place> = drafts.into_iter().filter_map(place_of).collect();
        let mut contents = Vec::new();
        if self.rehearsal.is_some() {
            contents.extend(places.iter().map(|it| (it.id.0, content_of(it))));
        }
        let mut saved = store::save(tx, places, self.now).await?;
        if let Some(rehearsal) = &mut self.rehearsal {
            for ((id, content), saved) in contents.into_iter().zip(&mut saved) {
                *saved = rehearsal.taken_back.judge(id, content, *saved);
            }
        }
        let moved = saved.iter().any(|it| *it != Saved::Unchanged);
        saved.into_iter().for_each(|it| self.count(it));
        if moved {
            sites::store::touch(tx, &[sites::store::ALL_SITES], self.now).await?;
        }
        Ok(())
    }
}

fn place_of(draft: Draft) -> Option<Place> {
    let Body::Place(it) = draft.body else { return None };
    let address = address_of(draft.place.address, it.city.as_deref());
    let place = Place {
        id: PlaceId::of_source(&draft.head.source, &draft.head.source_key),
        version: 1,
        recorded_at: draft.head.recorded_at,
        source: draft.head.source,
        source_key: draft.head.source_key,
        batch_id: draft.head.batch_id,
        class: it.class,
        part: it.part,
        name: it.name,
        address,
        opened_on: it.opened_on,
        closed_on: it.closed_on,
        outline: Vec::new(),
        west: 0.0,
        south: 0.0,
        east: 0.0,
        north: 0.0,
    };
    Some(place.with_outline(&it.outline))
}

/// The address in one line, with the city where a column of its own has it.
fn address_of(address: Option<String>, city: Option<&str>) -> Option<String> {
    let address = address?;
    let Some(city) = city else { return Some(address) };
    let said = address.to_lowercase().contains(&city.to_lowercase());
    Some(if said { address } else { format!("{address}, {city}") })
}
