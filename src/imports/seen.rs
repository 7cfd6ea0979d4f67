//! Remembers which ids an import has met, in memory that does not grow with the file.

use crate::records::RecordId;

/// Bits of a Bloom filter: 16 MiB, filled only as ids come. At ten million ids one in a hundred is looked up in vain.
const BITS: usize = 1 << 27;

/// The ids met so far. An id that was met is always known; one that was not is, rarely, taken for met.
#[derive(Debug)]
pub(super) struct Seen(Vec<u64>);

impl Seen {
    pub(super) fn nothing() -> Self {
        Self(vec![0; BITS / 64])
    }

    /// Whether the id may have been met before; from now on it has.
    pub(super) fn meet(&mut self, id: RecordId) -> bool {
        // The id is a hash already: three parts of it, clear of the bits that a UUID fixes, are three hashes.
        let [a, b, c, d, e, f, _, _, _, g, h, i, j, k, l, _] = *id.0.as_bytes();
        let mut met = true;
        for part in [[a, b, c, d], [g, h, i, j], [e, f, k, l]] {
            let bit = u32::from_le_bytes(part) as usize % BITS;
            let word = &mut self.0[bit / 64];
            met &= *word >> (bit % 64) & 1 == 1;
            *word |= 1 << (bit % 64);
        }
        met
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_that_was_met_is_known_and_few_others_are() {
        let id = |n: u32| RecordId(uuid::Uuid::new_v5(&uuid::Uuid::nil(), &n.to_le_bytes()));
        let mut seen = Seen::nothing();

        let early = (0..100_000).filter(|n| seen.meet(id(*n))).count();
        let again = (0..100_000).filter(|n| seen.meet(id(*n))).count();

        assert!(early < 10, "{early} taken for met");
        assert_eq!(again, 100_000);
    }
}
