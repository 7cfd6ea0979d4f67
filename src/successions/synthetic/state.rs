//! An invented state: some thousand sites over forty cities, some of which go on elsewhere, and decoys that only look so.

use std::collections::BTreeMap;

use chrono::{Days, NaiveDate};

use crate::geo::Point;
use crate::successions::premises::{Ending, Premises, Tie};

/// How a pair of sites came about.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(super) enum Sort {
    /// The same owner under a new name in another city.
    OwnerElsewhere,
    /// A new company with the old phone number.
    PhoneKept,
    /// The same premises and operator, a new name.
    Renamed,
    /// A like name moved next door, by a new company.
    NextDoor,
    /// The same owner after more than a year.
    LongGap,
    /// A like name with the same (small) landlord elsewhere.
    NameAndLandlord,
    /// The manager went on, with a like name.
    Manager,
    /// Nothing on record connects them.
    Hidden,
    /// Decoy: a common name opens elsewhere soon after.
    CommonName,
    /// Decoy: a new tenant of the mall, same landlord, soon after.
    Mall,
    /// Decoy: the next tenant of the very premises.
    NewTenant,
    /// Decoy: the same large landlord.
    Landlord,
    /// Decoy: the same registered agent.
    Agent,
    /// Decoy: another of a franchise.
    Franchise,
    /// Decoy: a competitor next door.
    Competitor,
    /// Decoy: an owner of several opens one more about when another closes.
    Chain,
    /// Decoy: a phone number given out again.
    PhoneAgain,
}

impl Sort {
    pub(super) const TRUE: &'static [Self] = &[
        Self::OwnerElsewhere,
        Self::PhoneKept,
        Self::Renamed,
        Self::NextDoor,
        Self::LongGap,
        Self::NameAndLandlord,
        Self::Manager,
        Self::Hidden,
    ];
    pub(super) const DECOYS: &'static [Self] = &[
        Self::CommonName,
        Self::Mall,
        Self::NewTenant,
        Self::Landlord,
        Self::Agent,
        Self::Franchise,
        Self::Competitor,
        Self::Chain,
        Self::PhoneAgain,
    ];
    /// How many of a thousand sites that ended lead to each.
    const SHARES: &'static [(Self, u64)] = &[
        (Self::OwnerElsewhere, 70),
        (Self::PhoneKept, 50),
        (Self::Renamed, 40),
        (Self::NextDoor, 30),
        (Self::LongGap, 25),
        (Self::NameAndLandlord, 25),
        (Self::Manager, 20),
        (Self::Hidden, 20),
        (Self::CommonName, 70),
        (Self::Mall, 50),
        (Self::NewTenant, 60),
        (Self::Landlord, 40),
        (Self::Agent, 60),
        (Self::Franchise, 30),
        (Self::Competitor, 40),
        (Self::Chain, 12),
        (Self::PhoneAgain, 8),
    ];
}

/// The state, and which pairs in it came about how.
pub(super) struct State {
    pub(super) sites: Vec<Premises>,
    pub(super) pairs: BTreeMap<(usize, usize), Sort>,
}

const CITIES: u64 = 40;
const ORDINARY: usize = 3_000;
const AGENTS: [u64; 5] = [900, 901, 902, 903, 904];
const FIRST: &str = "golden lotus jade orchid royal lucky sunny pearl oriental bamboo crystal diamond eastern emerald \
    garden harmony heavenly imperial ivy jasmine lavender lily lilac magnolia maple moon morning new oasis ocean peach \
    phoenix pine plum prairie quiet rainbow red river rose ruby sakura sapphire serene seven silk silver sky spring star \
    summer sunrise tiger tranquil tulip valley velvet violet willow winter zen amber aspen autumn birch blossom breeze";
const SECOND: &str = "touch hands day lake stone leaf dream bridge gate house point place corner island flower light wind \
    water hill field grove path haven retreat palace pond creek feather cloud dragon crane swan pearl moon sun";
const TRADE: &str = "massage spa bodywork therapy wellness foot-spa health-center massage-spa";
const COMMON: &str =
    "asian-massage oriental-massage relax-spa healthy-massage body-massage chinese-massage thai-massage";

impl State {
    /// The state of this seed.
    pub(super) fn invent(seed: u64) -> Self {
        let mut it = Maker { dice: Dice::of(seed), sites: Vec::new(), next: 10_000 };
        let chains: Vec<u128> = (0..80).map(|_| it.fresh()).collect();
        for _ in 0..ORDINARY {
            let site = it.ordinary(&chains);
            it.sites.push(site);
        }
        let mut pairs = BTreeMap::new();
        for from in 0..ORDINARY {
            if it.sites[from].ending.is_none() {
                continue;
            }
            let Some(sort) = it.sort() else { continue };
            if let Some(site) = it.follow(from, sort, &chains) {
                pairs.insert((from, it.sites.len()), sort);
                it.sites.push(site);
            }
        }
        Self { sites: it.sites, pairs }
    }
}

struct Maker {
    dice: Dice,
    sites: Vec<Premises>,
    next: u128,
}

impl Maker {
    fn fresh(&mut self) -> u128 {
        self.next += 1;
        self.next
    }

    fn sort(&mut self) -> Option<Sort> {
        let mut thrown = self.dice.below(1_000);
        for (sort, share) in Sort::SHARES {
            if thrown < *share {
                return Some(*sort);
            }
            thrown -= share;
        }
        None
    }

    fn word(&mut self, list: &str) -> String {
        let words: Vec<&str> = list.split_whitespace().collect();
        // The first words of a list are the common ones.
        let at = self.dice.below(words.len() as u64).min(self.dice.below(words.len() as u64));
        words[at as usize].replace('-', " ")
    }

    fn name(&mut self) -> String {
        let trade = self.word(TRADE);
        match self.dice.below(10) {
            0..=1 => self.word(COMMON),
            2..=4 => format!("{} {trade}", self.word(FIRST)),
            _ => format!("{} {} {trade}", self.word(FIRST), self.word(SECOND)),
        }
    }

    fn phone(&mut self) -> Vec<String> {
        if self.dice.one_in(7) {
            return Vec::new();
        }
        // Some write the number of their bookkeeper.
        if self.dice.one_in(60) {
            return vec![format!("612555{:04}", self.dice.below(4))];
        }
        vec![format!("{}", 6_510_000_000 + self.fresh() as u64)]
    }

    fn day(&mut self) -> NaiveDate {
        NaiveDate::from_ymd_opt(2012, 1, 1).unwrap() + Days::new(self.dice.below(4_700))
    }

    /// A building of a city, with its point and landlord: some are malls of a dozen units.
    fn place(&mut self, site: &mut Premises) {
        let city = self.dice.below(CITIES);
        let mall = self.dice.one_in(5);
        let lot = if mall { self.dice.below(3) } else { 10 + self.dice.below(4_000) };
        self.put(site, city, lot);
        site.unit = mall.then(|| self.dice.below(14).to_string());
    }

    fn put(&mut self, site: &mut Premises, city: u64, lot: u64) {
        site.building = Some(u128::from(city * 10_000 + lot) + 1);
        let (lon, lat) = (-96.0 + 0.15 * (city % 8) as f64, 44.0 + 0.5 * (city / 8) as f64);
        let (east, north) = ((lot % 64) as f64 * 0.0009, (lot / 64) as f64 * 0.0007);
        site.point = Point::parse(lon + east, lat + north).ok();
        site.unit = None;
        site.parties.retain(|it| it.1 != Tie::Landlord);
        if !self.dice.one_in(4) {
            let landlord = match lot {
                0..10 => 1_000 + u128::from(city * 10 + lot),
                // A few landlords have hundreds of sites, most have some.
                _ if lot.is_multiple_of(9) => 2_000 + u128::from(lot % 4),
                _ => 3_000 + u128::from((city * 10_000 + lot) % 1_500),
            };
            site.parties.push((landlord, Tie::Landlord));
        }
    }

    fn ordinary(&mut self, chains: &[u128]) -> Premises {
        let kind =
            ["massage_parlor", "massage_parlor", "massage_parlor", "sauna_spa", "strip_club", "lodging"];
        let kind = kind[self.dice.below(6) as usize];
        let mut site = Premises {
            names: vec![self.name()],
            kind: kind.to_owned(),
            group: ["massage_parlor", "sauna_spa"].contains(&kind).then(|| "touch".to_owned()),
            phones: self.phone(),
            ..Premises::default()
        };
        self.behind(&mut site, chains);
        self.place(&mut site);
        if self.dice.one_in(12) {
            site.names = vec![format!(
                "{} {}",
                ["serenity stop", "knead zone", "blue heron"][self.dice.below(3) as usize],
                self.word(TRADE)
            )];
        }
        let opened = self.day();
        site.opened_on = (!self.dice.one_in(10)).then_some(opened);
        if self.dice.below(100) < 55 {
            let closed = opened + Days::new(60 + self.dice.below(2_000));
            self.end(&mut site, closed);
        }
        site
    }

    fn end(&mut self, site: &mut Premises, closed: NaiveDate) {
        site.closed_on = Some(closed);
        site.ending = Some(
            [Ending::Closed, Ending::Lapsed, Ending::Closed, Ending::Revoked][self.dice.below(4) as usize],
        );
    }

    /// Owners of their own, of chains now and then; an agent for half, a manager for some; for some nobody is on record.
    fn behind(&mut self, site: &mut Premises, chains: &[u128]) {
        site.parties.retain(|it| it.1 == Tie::Landlord);
        if self.dice.one_in(6) {
            return;
        }
        let owner = if self.dice.one_in(9) { chains[self.dice.below(80) as usize] } else { self.fresh() };
        site.parties.push((owner, Tie::Principal));
        if self.dice.one_in(2) {
            site.parties
                .push((u128::from(AGENTS[self.dice.below(2).min(self.dice.below(5)) as usize]), Tie::Agent));
        }
        if self.dice.one_in(4) {
            let manager = self.fresh();
            site.parties.push((manager, Tie::Manager));
        }
    }

    fn gap(&mut self, from: &Premises, least: i64, most: i64) -> Option<NaiveDate> {
        let days = least + self.dice.below((most - least) as u64) as i64;
        from.closed_on.map(|it| it + chrono::Duration::days(days))
    }

    /// A like name: another trade word, a letter changed, a word before it.
    fn vary(&mut self, name: &str) -> String {
        let mut words: Vec<String> = name.split(' ').map(str::to_owned).collect();
        let trade = self.word(TRADE);
        match self.dice.below(4) {
            0 if words.len() > 1 => *words.last_mut().unwrap() = trade,
            1 => words[0] = words[0].replacen('o', "a", 1).replacen('i', "y", 1),
            2 => words.insert(0, "new".to_owned()),
            _ => words.push(["2", "plus", "llc"][self.dice.below(3) as usize].to_owned()),
        }
        words.join(" ")
    }

    /// The site that comes after `from`, if one of such a sort can.
    fn follow(&mut self, from: usize, sort: Sort, chains: &[u128]) -> Option<Premises> {
        let old = self.sites[from].clone();
        let mut site = self.ordinary(chains);
        (site.kind, site.group) = (old.kind.clone(), old.group.clone());
        let place = (old.building, old.unit.clone(), old.point);
        let landlords: Vec<_> = old.parties.iter().copied().filter(|it| it.1 == Tie::Landlord).collect();
        let principals: Vec<_> = old.parties.iter().copied().filter(|it| it.1 == Tie::Principal).collect();
        let settle = |site: &mut Premises| {
            (site.building, site.unit, site.point) = place.clone();
            site.parties.retain(|it| it.1 != Tie::Landlord);
            site.parties.extend(&landlords);
        };
        let own = |site: &mut Premises| {
            site.parties.retain(|it| it.1 != Tie::Principal);
            site.parties.extend(&principals);
            !principals.is_empty()
        };
        let next_door = old.point.and_then(|it| Point::parse(it.lon() + 0.0003, it.lat()).ok());
        let mut span = (-20, 150);
        let possible = match sort {
            Sort::OwnerElsewhere => own(&mut site),
            Sort::PhoneKept => {
                site.phones.clone_from(&old.phones);
                if self.dice.one_in(3) {
                    site.names = vec![self.vary(&old.names[0])];
                }
                !old.phones.is_empty()
            }
            Sort::Renamed => {
                settle(&mut site);
                span = (-5, 60);
                own(&mut site)
            }
            Sort::NextDoor => {
                site.point = next_door;
                site.building = old.building.map(|it| it + 1_000_000);
                site.names = vec![self.vary(&old.names[0])];
                if self.dice.one_in(3) {
                    site.phones.clone_from(&old.phones);
                }
                true
            }
            Sort::LongGap => {
                span = (400, 800);
                own(&mut site)
            }
            Sort::NameAndLandlord => {
                site.names = vec![self.vary(&old.names[0])];
                site.parties.retain(|it| it.1 != Tie::Landlord);
                site.parties.extend(&landlords);
                !landlords.is_empty()
            }
            Sort::Manager => {
                site.names = vec![self.vary(&old.names[0])];
                let managers: Vec<_> =
                    old.parties.iter().copied().filter(|it| it.1 == Tie::Manager).collect();
                site.parties.extend(&managers);
                !managers.is_empty()
            }
            Sort::Hidden => true,
            Sort::CommonName => {
                site.names = vec![self.word(COMMON)];
                self.sites[from].names = site.names.clone();
                true
            }
            Sort::Mall | Sort::NewTenant => {
                settle(&mut site);
                if sort == Sort::Mall {
                    site.unit = Some(self.dice.below(14).to_string());
                }
                true
            }
            Sort::Landlord => {
                site.parties.retain(|it| it.1 != Tie::Landlord);
                let large = [(2_000 + u128::from(self.dice.below(4)), Tie::Landlord)];
                site.parties.extend(large);
                self.sites[from].parties.retain(|it| it.1 != Tie::Landlord);
                self.sites[from].parties.extend(large);
                true
            }
            Sort::Agent => {
                for parties in [&mut site.parties, &mut self.sites[from].parties] {
                    parties.retain(|it| it.1 != Tie::Agent);
                    parties.push((900, Tie::Agent));
                }
                true
            }
            Sort::Franchise => {
                site.names = vec!["serenity stop massage".to_owned()];
                self.sites[from].names = site.names.clone();
                true
            }
            Sort::Competitor => {
                site.point = next_door;
                true
            }
            Sort::Chain => {
                span = (-400, 200);
                own(&mut site)
            }
            Sort::PhoneAgain => {
                span = (100, 700);
                site.phones.clone_from(&old.phones);
                !old.phones.is_empty()
            }
        };
        let opened = self.gap(&old, span.0, span.1)?;
        site.opened_on = (!self.dice.one_in(20)).then_some(opened);
        site.closed_on = None;
        site.ending = None;
        possible.then_some(site)
    }
}

/// SplitMix64.
struct Dice(u64);

impl Dice {
    /// Seeds are spread out: the streams of neighbors would otherwise be one, a step apart.
    fn of(seed: u64) -> Self {
        let mut it = Self(seed.wrapping_mul(0xd134_2543_de82_ef95) ^ 0x6a09_e667_f3bc_c908);
        Self(it.below(u64::MAX))
    }

    fn below(&mut self, n: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut it = self.0;
        it = (it ^ (it >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        it = (it ^ (it >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (it ^ (it >> 31)) % n
    }

    fn one_in(&mut self, n: u64) -> bool {
        self.below(n) == 0
    }
}
