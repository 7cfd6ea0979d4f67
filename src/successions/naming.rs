//! Names of many sites made ready for comparing: a word counts for as much as it is rare, by spelling or by sound.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::text::name;

/// All names of all sites, as numbers.
#[derive(Debug, Default)]
pub(super) struct Naming {
    /// By site: its names, each the numbers of its words.
    pub(super) names: Vec<Vec<Vec<u32>>>,
    words: Vec<Word>,
    /// How many sites bear exactly this name.
    bearers: HashMap<Vec<u32>, u32>,
    /// By sound: sites with a word that sounds so.
    sounding: Vec<Vec<u32>>,
}

#[derive(Debug)]
struct Word {
    text: String,
    sound: u32,
    /// Sites that bear it.
    sites: u32,
}

/// How far two names agree.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Shared {
    /// So many sites would be expected to share as much.
    pub(super) sites: f64,
    /// Whether some word only sounds the same.
    pub(super) by_sound: bool,
    /// Whether rare words are left over that the other name lacks.
    pub(super) leftover: bool,
}

/// Words that more than a hundredth of all sites bear tell nothing when they are left over.
const TELLING_SHARE: f64 = 0.01;
/// In a small catalog words of no more sites than this tell something.
const TELLING_SITES: f64 = 5.0;
/// Shorter words are not compared by sound.
const LEAST_SOUND: usize = 4;
/// Jaro-Winkler of two words that sound the same.
const CLOSE: f64 = 0.88;

impl Naming {
    /// Reads the names of each site.
    pub(super) fn new<'a>(sites: impl Iterator<Item = &'a [String]>) -> Self {
        let mut it = Self::default();
        let mut words: HashMap<String, u32> = HashMap::new();
        let mut sounds: HashMap<String, u32> = HashMap::new();
        for (site, written) in (0u32..).zip(sites) {
            let names: BTreeSet<Vec<u32>> = written
                .iter()
                .map(|it| name::normalize(it))
                .map(|text| it.read(&text, &mut words, &mut sounds))
                .collect();
            let names: Vec<Vec<u32>> = names.into_iter().filter(|it| !it.is_empty()).collect();
            it.count(site, &names);
            it.names.push(names);
        }
        it
    }

    fn read(
        &mut self,
        text: &str,
        words: &mut HashMap<String, u32>,
        sounds: &mut HashMap<String, u32>,
    ) -> Vec<u32> {
        let mut name = Vec::new();
        for text in text.split(' ').filter(|it| !it.is_empty()) {
            let word = *words.entry(text.to_owned()).or_insert_with(|| {
                let n = sounds.len() as u32;
                let sound = *sounds.entry(sound(text)).or_insert(n);
                self.sounding.resize(sounds.len(), Vec::new());
                self.words.push(Word { text: text.to_owned(), sound, sites: 0 });
                self.words.len() as u32 - 1
            });
            if !name.contains(&word) {
                name.push(word);
            }
        }
        name
    }

    fn count(&mut self, site: u32, names: &[Vec<u32>]) {
        let own: BTreeSet<u32> = names.iter().flatten().copied().collect();
        for word in &own {
            self.words[*word as usize].sites += 1;
        }
        let heard: BTreeSet<u32> = own.iter().map(|it| self.words[*it as usize].sound).collect();
        for sound in heard {
            self.sounding[sound as usize].push(site);
        }
        for name in names {
            *self.bearers.entry(name.clone()).or_default() += 1;
        }
    }

    /// The lists of sites that share the sound of a word with this one.
    pub(super) fn sounding_like(&self, site: u32) -> impl Iterator<Item = &[u32]> {
        let sounds: BTreeSet<u32> =
            self.names[site as usize].iter().flatten().map(|it| self.words[*it as usize].sound).collect();
        sounds.into_iter().map(|it| self.sounding[it as usize].as_slice())
    }

    /// The best agreement of any name of one with any of the other; none if they share no word.
    pub(super) fn compare(&self, one: u32, other: u32) -> Option<Shared> {
        let (ones, others) = (&self.names[one as usize], &self.names[other as usize]);
        let pairs = ones.iter().flat_map(|a| others.iter().filter_map(move |b| self.compare_names(a, b)));
        pairs.min_by(|a, b| {
            (a.leftover, a.by_sound).cmp(&(b.leftover, b.by_sound)).then(a.sites.total_cmp(&b.sites))
        })
    }

    fn compare_names(&self, one: &[u32], other: &[u32]) -> Option<Shared> {
        let total = self.names.len().max(1) as f64;
        let matched: BTreeMap<u32, (u32, bool)> = one
            .iter()
            .filter_map(|word| {
                Some((*word, other.iter().find_map(|it| self.same_word(*word, *it).map(|by| (*it, by)))?))
            })
            .collect();
        if matched.is_empty() {
            return None;
        }
        let by_sound = matched.values().any(|it| it.1);
        let chance: f64 = matched.iter().map(|(word, (_, by))| self.n_sites(*word, *by) / total).product();
        let bearers = if one == other { self.bearers.get(one).copied().unwrap_or(0) } else { 0 };
        let lacks = |words: &[u32], found: &dyn Fn(&u32) -> bool| {
            words.iter().any(|it| !found(it) && self.tells(*it))
        };
        let leftover = lacks(one, &|it| matched.contains_key(it))
            || lacks(other, &|it| matched.values().any(|(other, _)| other == it));
        Some(Shared { sites: (chance * total).max(f64::from(bearers)).max(2.0), by_sound, leftover })
    }

    /// Whether two words are the same, and if so, whether by sound only.
    fn same_word(&self, one: u32, other: u32) -> Option<bool> {
        if one == other {
            return Some(false);
        }
        let (one, other) = (&self.words[one as usize], &self.words[other as usize]);
        let long = one.text.len() >= LEAST_SOUND && other.text.len() >= LEAST_SOUND;
        (one.sound == other.sound && long && strsim::jaro_winkler(&one.text, &other.text) >= CLOSE)
            .then_some(true)
    }

    fn n_sites(&self, word: u32, by_sound: bool) -> f64 {
        let word = &self.words[word as usize];
        if name::is_trade_word(&word.text) {
            // However few of this catalog bear it.
            return self.names.len() as f64;
        }
        if by_sound { self.sounding[word.sound as usize].len() as f64 } else { f64::from(word.sites) }
    }

    fn tells(&self, word: u32) -> bool {
        let most = (self.names.len() as f64 * TELLING_SHARE).max(TELLING_SITES);
        let word = &self.words[word as usize];
        f64::from(word.sites) <= most && !name::is_trade_word(&word.text)
    }
}

/// How a word sounds, roughly: the first letter, then consonants of one kind as one sign, without vowels. It groups "lotus"
/// with "lotos" and "orchid" with "orkid"; words with digits or in other scripts stand for themselves.
fn sound(word: &str) -> String {
    if word.len() < LEAST_SOUND || !word.bytes().all(|it| it.is_ascii_lowercase()) {
        return word.to_owned();
    }
    let word = word.strip_suffix('s').unwrap_or(word);
    let word = word.replace("ph", "f").replace("ck", "k").replace("ch", "k");
    let mut heard = String::new();
    for (at, letter) in word.bytes().enumerate() {
        let sign = match letter {
            b'a' | b'e' | b'i' | b'o' | b'u' | b'y' | b'h' | b'w' => {
                if at > 0 {
                    continue;
                }
                letter
            }
            b'c' | b'k' | b'q' | b'g' => b'k',
            b's' | b'z' | b'x' => b's',
            b'd' | b't' => b't',
            b'b' | b'p' => b'p',
            b'f' | b'v' => b'f',
            b'm' | b'n' => b'n',
            other => other,
        };
        if !heard.ends_with(char::from(sign)) {
            heard.push(char::from(sign));
        }
    }
    heard
}

#[cfg(test)]
mod tests {
    use super::{Naming, sound};

    fn naming(names: &[&str]) -> Naming {
        let names: Vec<Vec<String>> = names.iter().map(|it| vec![(*it).to_owned()]).collect();
        Naming::new(names.iter().map(Vec::as_slice))
    }

    #[test]
    fn words_that_sound_alike_have_one_sound() {
        for (one, other) in
            [("lotus", "lotos"), ("orchid", "orkid"), ("jasmine", "jazmin"), ("lily", "lilly")]
        {
            assert_eq!(sound(one), sound(other), "{one} {other}");
        }
        assert_ne!(sound("lotus"), sound("lemon"));
        assert_eq!(sound("7th"), "7th");
        assert_eq!(sound("東京東京"), "東京東京");
    }

    #[test]
    fn the_more_sites_bear_a_word_the_less_it_says() {
        let mut names = vec!["Violet Spa", "Violet Massage"];
        names.extend(std::iter::repeat_n("Asian Massage", 50));
        let naming = naming(&names);

        let rare = naming.compare(0, 1).unwrap();
        let common = naming.compare(2, 3).unwrap();

        assert_eq!((rare.sites, rare.leftover), (2.0, false));
        assert!(common.sites >= 49.0);
    }

    #[test]
    fn names_in_any_script_or_none_are_compared_without_harm() {
        let naming = naming(&["", "!!!", "Спа Лотос", "спа лотос", "a"]);

        assert!(naming.compare(0, 1).is_none() && naming.compare(0, 4).is_none());
        assert_eq!(naming.compare(2, 3).unwrap().sites, 2.0);
    }
}
