//! Seeded chance: SplitMix64 (Steele, Lea and Flood 2014), so that the same seed always invents the same state.

/// A stream of numbers that look random.
#[derive(Clone, Debug)]
pub struct Dice(u64);

impl Dice {
    /// The stream of a seed and a name; streams of different names have nothing in common.
    pub fn of(seed: u64, name: &str) -> Self {
        // FNV-1a: the name only has to lead to a place of its own.
        let hash = name
            .bytes()
            .fold(0xcbf2_9ce4_8422_2325, |sum: u64, it| (sum ^ u64::from(it)).wrapping_mul(0x0100_0000_01b3));
        Self(seed ^ hash)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut it = self.0;
        it = (it ^ (it >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        it = (it ^ (it >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        it ^ (it >> 31)
    }

    /// From `least` to `most`, both included.
    pub fn between(&mut self, least: i64, most: i64) -> i64 {
        let n = u64::try_from(most - least).unwrap_or_default() + 1;
        least + i64::try_from(self.next() % n).unwrap_or_default()
    }

    /// Yes in so many of a thousand cases.
    pub fn thousandths(&mut self, share: i64) -> bool {
        self.between(0, 999) < share
    }

    /// One of `list`, which is not empty.
    pub fn pick<'a, T>(&mut self, list: &'a [T]) -> &'a T {
        &list[self.next() as usize % list.len()]
    }

    /// The list in another order.
    pub fn shuffled<T>(&mut self, mut list: Vec<T>) -> Vec<T> {
        for n in (1..list.len()).rev() {
            list.swap(n, self.next() as usize % (n + 1));
        }
        list
    }
}
