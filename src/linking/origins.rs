//! Linking errs as often whatever the origin of a name: the same businesses, addresses and slips of the pen, with the names
//! of ten groups in turn.

use uuid::Uuid;

use super::{Entry, Index, Subject, decide};
use crate::text::address::{Address, city_key};

/// Family and given names as people of a group bear them in Minnesota; written in Latin letters, as registers do.
const GROUPS: &[(&str, &str)] = &[
    (
        "Anglo",
        "Anderson Miller Baker Cooper Hughes Parker Walker Turner Collins Murphy Bennett Foster Brooks Hayes Sutton",
    ),
    (
        "Nordic",
        "Lindqvist Halvorson Sorensen Bjork Nygaard Engstrom Dahl Thorvald Kjelstad Ostby Haugen Lund Skoglund Aas Moe",
    ),
    (
        "Latino",
        "Hernandez Morales Castillo Jimenez Fuentes Quintero Ayala Robles Zamora Salinas Nieto Ortega Paz Ruiz Ibarra",
    ),
    ("Hmong", "Vang Xiong Yang Thao Moua Lor Her Vue Khang Cha Lee Xyooj Kue Hang Yaj"),
    ("Vietnamese", "Nguyen Tran Pham Huynh Vo Dang Bui Do Ngo Duong Ly Truong Dinh Lam Mai"),
    ("Chinese", "Wang Zhang Liu Chen Huang Zhao Wu Xu Sun Zhu Gao Lin He Guo Ma"),
    ("Korean", "Kim Park Choi Jung Kang Cho Yoon Jang Lim Shin Han Seo Kwon Hwang Ahn"),
    ("Somali", "Abdi Warsame Farah Jama Hersi Guled Osman Yusuf Isse Barre Duale Gedi Nur Shire Samatar"),
    (
        "Ojibwe and Dakota",
        "Bellanger Whitefeather Morrison Beaulieu Goodbear Redcloud Strongheart Whipple Bigfoot Littlecreek Wabasha LaDuke Fairbanks Northrup Geshick",
    ),
    (
        "Slavic",
        "Kowalczyk Petrov Ivanenko Sokolov Novak Wojcik Zielinska Popov Kravchenko Dvorak Hlavac Morozova Babic Jovanovic Melnyk",
    ),
];

const TRADES: &[&str] =
    &["Massage", "Spa", "Therapeutic Massage", "Day Spa", "Bodywork", "Lounge", "Sauna", "Reflexology"];
const STREETS: &[&str] =
    &["Main St", "Oak Ave", "Elm St S", "Lake Rd", "Hill Blvd", "Park Ave N", "Mill St", "Grand Ave"];
/// Sites of one group, each with one record.
const RECORDS: usize = 3_200;
/// What the recall of two groups may differ by.
const MOST: f64 = 0.03;

/// Draws by a fixed sequence, the same for all groups.
struct Draws(u64);

impl Draws {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from((self.0 >> 33) % n as u64).unwrap()
    }

    fn chance(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }
}

/// One business, and how a clerk in another office wrote it.
struct Case {
    name: String,
    address: String,
    written: String,
    written_address: String,
}

fn cases(names: &str) -> Vec<Case> {
    let names: Vec<&str> = names.split(' ').collect();
    let mut draws = Draws(20_261_127);
    (0..RECORDS)
        .map(|_| {
            let (one, other) = (names[draws.below(names.len())], names[draws.below(names.len())]);
            let trade = TRADES[draws.below(TRADES.len())];
            let name = match draws.below(3) {
                0 => format!("{one} {trade}"),
                1 => format!("{one} & {other} {trade}"),
                _ => format!("{one}'s {trade}"),
            };
            // Few houses for many: the name must tell the tenants of one from each other.
            let house = 100 + draws.below(250);
            let street = STREETS[draws.below(STREETS.len())];
            let unit = if draws.chance(25) { format!(" Ste {}", 1 + draws.below(40)) } else { String::new() };
            let mut written = name.clone();
            if draws.chance(30) {
                written = slip(&mut draws, &written);
            }
            if draws.chance(40) {
                written = format!("{} LLC", written.to_uppercase());
            }
            let written_house = if draws.chance(8) { swapped(house) } else { house.to_string() };
            Case {
                address: format!("{house} {street}{unit}"),
                written_address: format!("{written_house} {street}"),
                name,
                written,
            }
        })
        .collect()
}

/// Two neighbors change places, where the draw says.
fn slip(draws: &mut Draws, text: &str) -> String {
    let mut letters: Vec<char> = text.chars().collect();
    let at = 1 + draws.below(1_000) % (letters.len() - 2);
    letters.swap(at, at + 1);
    letters.into_iter().collect()
}

fn swapped(house: usize) -> String {
    let mut digits: Vec<char> = house.to_string().chars().collect();
    let last = digits.len() - 1;
    digits.swap(last, last - 1);
    digits.into_iter().collect()
}

/// The share of records that link to their own site, and to another one.
fn measured(names: &str) -> (f64, f64) {
    let cases = cases(names);
    let city = city_key("Duluth");
    let index = Index::new(cases.iter().enumerate().map(|(at, case)| {
        let address = Address::parse(&case.address);
        Entry {
            id: Uuid::from_u128(at as u128),
            names: vec![case.name.clone()],
            address_key: address.key(),
            unit_key: address.unit_key(),
            city_key: city.clone(),
            city: "Duluth".to_owned(),
            address,
            ..Entry::default()
        }
    }));
    let (mut right, mut wrong) = (0_u32, 0_u32);
    for (at, case) in cases.iter().enumerate() {
        let address = Address::parse(&case.written_address);
        let names = [case.written.as_str()];
        let subject =
            Subject { names: &names, address: Some(&address), city_key: &city, ..Subject::default() };
        match decide(&subject, &index).site {
            Some(site) if site == Uuid::from_u128(at as u128) => right += 1,
            Some(_) => wrong += 1,
            None => {}
        }
    }
    let n = f64::from(u32::try_from(RECORDS).unwrap());
    (f64::from(right) / n, f64::from(wrong) / n)
}

#[test]
fn linking_errs_as_often_whatever_the_origin_of_a_name() {
    let n = f64::from(u32::try_from(RECORDS).unwrap());
    let found: Vec<(&str, f64, f64)> = GROUPS
        .iter()
        .map(|(group, names)| {
            let (recall, wrong) = measured(names);
            // The 95 % interval of a share, by the normal approximation: thousands of records.
            let interval = 1.96 * (recall * (1.0 - recall) / n).sqrt();
            println!("{group}: recall {recall:.4} ± {interval:.4}, wrong {wrong:.4}");
            (*group, recall, wrong)
        })
        .collect();

    let most = found.iter().map(|it| it.1).fold(0.0, f64::max);
    let least = found.iter().map(|it| it.1).fold(1.0, f64::min);
    println!(
        "difference {:.4} ± {:.4}",
        most - least,
        1.96 * ((most * (1.0 - most) + least * (1.0 - least)) / n).sqrt()
    );
    assert!(most - least <= MOST, "{found:?}");
    let wrong = |pick: fn(f64, f64) -> f64, start| found.iter().map(|it| it.2).fold(start, pick);
    assert!(wrong(f64::max, 0.0) - wrong(f64::min, 1.0) <= 0.01, "{found:?}");
}
