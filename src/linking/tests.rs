//! One table a rule, and the hostile cases.

use chrono::NaiveDate;
use uuid::Uuid;

use super::{Decision, Entry, Index, Method, Subject, building_id, decide};
use crate::text::address::{Address, city_key};

/// A record in few words; what is empty is absent.
#[derive(Clone, Copy, Default)]
struct Record<'a> {
    source_key: &'a str,
    license: &'a str,
    name: &'a str,
    address: &'a str,
    city: &'a str,
    day: &'a str,
}

fn day(text: &str) -> Option<NaiveDate> {
    text.parse().ok()
}

fn some(text: &str) -> Option<&str> {
    (!text.is_empty()).then_some(text)
}

fn link(record: Record<'_>, index: &Index) -> Decision {
    let address = Address::parse(record.address);
    let names: Vec<&str> = some(record.name).into_iter().collect();
    let city = city_key(if record.city.is_empty() { "Duluth" } else { record.city });
    let subject = Subject {
        source_key: some(record.source_key).map(|key| ("register", key)),
        license: some(record.license),
        names: &names,
        address: some(record.address).map(|_| &address),
        city_key: &city,
        occurred_on: day(record.day),
        ..Subject::default()
    };
    decide(&subject, index)
}

fn site(id: u128, name: &str, address: &str) -> Entry {
    let parsed = Address::parse(address);
    Entry {
        id: Uuid::from_u128(id),
        names: vec![name.to_owned()],
        address_key: parsed.key(),
        unit_key: parsed.unit_key(),
        city_key: city_key("Duluth"),
        city: "Duluth".to_owned(),
        address: parsed,
        ..Entry::default()
    }
}

fn to(id: u128) -> Option<Uuid> {
    Some(Uuid::from_u128(id))
}

fn one() -> Index {
    let entry = Entry {
        source_keys: vec![("register".to_owned(), "K-1".to_owned())],
        licenses: vec!["LIC-0042".to_owned()],
        ..site(1, "Golden Willow", "12 Main St")
    };
    Index::new([entry])
}

/// Two tenants with units, one without.
fn several() -> Index {
    Index::new([
        site(1, "Golden Willow", "12 Main St Ste 1"),
        site(2, "Silver Birch", "12 Main St #2"),
        site(3, "Blue Lantern", "12 Main St"),
    ])
}

/// One site after another at one address.
fn successive() -> Index {
    let first = Entry {
        opened_on: day("2015-01-01"),
        closed_on: day("2019-06-30"),
        ..site(1, "Golden Willow", "12 Main St")
    };
    let second = Entry { opened_on: day("2019-09-01"), ..site(2, "Silver Birch", "12 Main St") };
    Index::new([second, first])
}

#[test]
fn identifiers_link_before_anything_else() {
    let index = one();
    let cases = [
        (
            Record { source_key: "K-1", name: "Renamed", address: "99 Elm St", ..Record::default() },
            Method::SourceKey,
        ),
        (Record { license: "lic 42", ..Record::default() }, Method::Unlinked),
        (Record { license: "lic-0042", ..Record::default() }, Method::LicenseNumber),
        (Record { license: "LIC0042", address: "99 Elm St", ..Record::default() }, Method::LicenseNumber),
        (
            Record { license: "LIC-0042", address: "99 Elm St", name: "Silver Birch", ..Record::default() },
            Method::Unlinked,
        ),
        (Record { license: "LIC-0042", city: "Winona", ..Record::default() }, Method::Unlinked),
        (Record { license: "LIC-0042.0", ..Record::default() }, Method::LicenseNumber),
        (Record { license: "N/A", ..Record::default() }, Method::Unlinked),
    ];
    for (at, (record, method)) in cases.into_iter().enumerate() {
        assert_eq!(link(record, &index).method, method, "case {at}");
    }
}

#[test]
fn the_only_site_at_an_address_of_the_city_is_meant() {
    let index = one();
    let cases = [
        ("12 MAIN STREET", "Duluth", Method::Address),
        ("12 Main St, Duluth, MN", "duluth", Method::Address),
        ("12 Main St", "Winona", Method::Unlinked),
        ("14 Main St", "Duluth", Method::Unlinked),
        ("12 Main Ave", "Duluth", Method::Unlinked),
    ];
    for (address, city, method) in cases {
        assert_eq!(
            link(Record { address, city, ..Record::default() }, &index).method,
            method,
            "{address} {city}"
        );
    }
}

#[test]
fn blurred_addresses_corners_and_boxes_never_link() {
    let index = Index::new([site(1, "Golden Willow", "2900 Chicago Ave S")]);
    for address in [
        "0029XX Chicago AV S",
        "2900 block of Chicago Ave S",
        "Chicago AV S / 29 ST E",
        "PO Box 2900",
        "Chicago Ave S",
        "",
        "somewhere",
    ] {
        let decision = link(Record { address, name: "Golden Willow", ..Record::default() }, &index);

        assert_eq!(
            (decision.method, decision.site, decision.building),
            (Method::Unlinked, None, None),
            "{address}"
        );
        assert!(!decision.reason.is_empty());
    }
}

#[test]
fn of_several_sites_unit_or_name_must_pick_one() {
    let index = several();
    let cases = [
        ("12 Main St Suite 1", "", Method::AddressUnit, to(1)),
        ("12 Main St Apt 2", "", Method::AddressUnit, to(2)),
        ("12 Main St", "Silver Birch LLC", Method::AddressName, to(2)),
        ("12 Main St #1", "Golden Wilow", Method::AddressName, to(1)),
        ("12 Main St", "", Method::Building, None),
        ("12 Main St #1", "Silver Birch", Method::Building, None),
        ("12 Main St #1", "Red Fox Tavern", Method::Building, None),
        ("12 Main St", "Red Fox Tavern", Method::Building, None),
        ("12 Main St #9", "Blue Lantern", Method::AddressName, to(3)),
    ];
    for (address, name, method, expected) in cases {
        let decision = link(Record { address, name, ..Record::default() }, &index);

        assert_eq!((decision.method, decision.site), (method, expected), "{address} {name}");
    }
}

#[test]
fn a_name_that_plainly_disagrees_never_links_on_the_address_alone() {
    let index = one();
    let cases = [
        ("Golden Willow Spa", Method::AddressName),
        ("GOLDEN WILOW", Method::AddressName),
        ("Silver Birch", Method::Building),
        ("Massage", Method::Address),
        ("", Method::Address),
    ];
    for (name, method) in cases {
        assert_eq!(
            link(Record { name, address: "12 Main St", ..Record::default() }, &index).method,
            method,
            "{name}"
        );
    }
}

#[test]
fn a_sole_site_in_another_unit_is_not_meant() {
    let index = Index::new([site(1, "Golden Willow", "12 Main St Ste 1")]);

    assert_eq!(
        link(Record { address: "12 Main St Ste 2", ..Record::default() }, &index).method,
        Method::Building
    );
    assert_eq!(link(Record { address: "12 Main St", ..Record::default() }, &index).method, Method::Address);
}

#[test]
fn a_record_belongs_to_the_site_that_stood_there_on_its_day() {
    let index = successive();
    let cases = [
        ("2018-03-03", "", Method::Address, to(1)),
        ("2020-03-03", "", Method::Address, to(2)),
        ("2019-07-15", "", Method::Building, None),
        ("", "", Method::Building, None),
        ("2020-03-03", "Golden Willow", Method::AddressName, to(1)),
        ("2020-03-03", "Red Fox Tavern", Method::Building, None),
    ];
    for (day, name, method, expected) in cases {
        let decision = link(Record { address: "12 Main St", day, name, ..Record::default() }, &index);

        assert_eq!((decision.method, decision.site), (method, expected), "{day} {name}");
    }
}

#[test]
fn a_closed_site_that_stood_alone_still_counts_but_is_less_certain() {
    let closed = Entry { closed_on: day("2019-06-30"), ..site(1, "Golden Willow", "12 Main St") };
    let index = Index::new([closed]);
    let on = |day| link(Record { address: "12 Main St", day, ..Record::default() }, &index);

    assert_eq!(on("2021-01-01").site, to(1));
    assert!(on("2021-01-01").certainty < on("2018-01-01").certainty);
}

#[test]
fn the_building_is_the_given_row_or_the_same_id_everywhere() {
    let expected = building_id(&city_key("Duluth"), "12 MAIN ST");
    let decision = link(Record { address: "12 Main St", ..Record::default() }, &several());
    let given =
        Index::new([site(1, "A", "12 Main St"), Entry { building: to(77), ..site(2, "B", "12 Main St") }]);

    assert_eq!(decision.building, Some(expected));
    assert_eq!(link(Record { address: "12 Main St", ..Record::default() }, &given).building, to(77));
}

#[test]
fn a_source_key_claimed_twice_identifies_nobody() {
    let keyed = |id| Entry {
        source_keys: vec![("register".to_owned(), "K".to_owned())],
        ..site(id, "A", "12 Main St")
    };
    let index = Index::new([keyed(1), keyed(2), keyed(3)]);

    assert_eq!(link(Record { source_key: "K", ..Record::default() }, &index).method, Method::Unlinked);
}

#[test]
fn ten_thousand_records_at_an_address_of_ten_thousand_sites_are_told_by_unit_and_name() {
    let index =
        Index::new((1..=10_000).map(|n| site(n, &format!("Zebra{n}"), &format!("12 Main St Unit {n}"))));
    for n in 1..=10_000_u32 {
        let address = format!("12 Main St # {n}");
        let name = format!("ZEBRA{n} LLC");

        assert_eq!(link(Record { address: &address, ..Record::default() }, &index).site, to(n.into()));
        assert_eq!(
            link(Record { address: "12 Main St", name: &name, ..Record::default() }, &index).site,
            to(n.into())
        );
        assert_eq!(
            link(Record { address: "12 Main St", ..Record::default() }, &index).method,
            Method::Building
        );
    }
}

#[test]
fn methods_are_stored_as_text_and_read_back() {
    for method in [
        Method::SourceKey,
        Method::LicenseNumber,
        Method::Address,
        Method::AddressUnit,
        Method::AddressName,
        Method::Building,
        Method::Manual,
        Method::Unlinked,
    ] {
        assert_eq!(Method::from_text(method.as_str()), Some(method));
    }
    assert_eq!(Method::from_text("distance"), None);
}

/// A catalog in which some names are rare and some are not.
fn catalog() -> Index {
    let words =
        ["Amber", "Cedar", "Maple", "Harbor", "Prairie", "Lantern", "Willow", "Orchid", "Jade", "Lotus"];
    let streets = ["Oak St", "Elm Ave", "Lake Rd", "Hill Blvd", "Park Ave N"];
    let others = (10..510_u128).map(|n| {
        let at = usize::try_from(n).unwrap();
        let name = format!("{} {} Massage", words[at % 10], words[at / 10 % 10]);
        site(n, &name, &format!("{} {}", 100 + 7 * at, streets[at % 5]))
    });
    let known =
        Entry { phone: "(218) 555-0142".to_owned(), ..site(1, "Quartz Heron Therapy", "4521 Tollgrave Ave") };
    Index::new(others.chain([known]))
}

#[test]
fn a_slip_of_the_pen_in_one_field_does_not_part_a_record_from_its_site() {
    let index = catalog();
    for (name, address, city) in [
        ("Quartz Heron Therapy LLC", "4251 Tollgrave Ave", "Duluth"),
        ("Quartz Heron Therapy", "4521 Tolgrave Ave", "Duluth"),
        ("Quartz Heron Therapy", "4521 Tollgrave Avenue", "Hermantown"),
        ("QUARTZ HERRON", "4521 Tollgrave", "Duluth"),
    ] {
        let decision = link(Record { name, address, city, ..Record::default() }, &index);

        let first = decision.site.or(decision.candidates.first().map(|it| it.site));
        assert_eq!(first, to(1), "{name}, {address}, {city}: {decision:?}");
    }
}

#[test]
fn a_link_by_weight_says_why_and_how_sure_it_is() {
    let decision = link(
        Record { name: "Quartz Heron Therapy", address: "4521 Tolgrave Ave", ..Record::default() },
        &catalog(),
    );

    assert_eq!((decision.method, decision.site), (Method::Fields, to(1)));
    assert!(decision.certainty >= 950, "{decision:?}");
    assert_eq!(decision.evidence.sentence(), "Name, number and city are the same; street is close.");
}

#[test]
fn a_site_that_a_person_ruled_out_is_neither_linked_nor_proposed() {
    let index = catalog();
    let address = Address::parse("4521 Tollgrave Ave");
    let (names, excluded) = (["Quartz Heron Therapy"], [Uuid::from_u128(1)]);
    let subject = Subject {
        names: &names,
        address: Some(&address),
        city_key: &city_key("Duluth"),
        excluded: &excluded,
        ..Subject::default()
    };

    let decision = decide(&subject, &index);

    assert_eq!(decision.site, None);
    assert!(decision.candidates.iter().all(|it| it.site != excluded[0]), "{decision:?}");
}

#[test]
fn the_same_telephone_and_name_at_another_address_wait_for_a_person_or_link_but_a_name_alone_never() {
    let index = catalog();
    let names = ["Quartz Heron Therapy"];
    let elsewhere = Address::parse("77 Birch Ct");
    let subject =
        Subject { names: &names, address: Some(&elsewhere), city_key: "winona", ..Subject::default() };

    let by_name = decide(&subject, &index);
    let by_phone = decide(&Subject { phone: Some("218-555-0142"), ..subject }, &index);

    assert_eq!(by_name.site, None, "{by_name:?}");
    let first = by_phone.site.or(by_phone.candidates.first().map(|it| it.site));
    assert_eq!(first, to(1), "{by_phone:?}");
}

#[test]
fn distance_alone_never_links() {
    let index = Index::new([Entry {
        point: crate::geo::Point::parse(-92.1, 46.8).ok(),
        ..site(1, "Golden Willow", "12 Main St")
    }]);
    for names in [&["Silver Birch"][..], &[]] {
        let point = crate::geo::Point::parse(-92.1, 46.8).ok();
        let decision = decide(&Subject { names, point, city_key: "duluth", ..Subject::default() }, &index);

        assert_eq!((decision.site, decision.candidates.len()), (None, 0), "{names:?}");
    }
}

#[test]
fn the_shipped_model_reads_and_a_flawed_one_says_what_is_wrong() {
    let text = include_str!("../../data/linking.toml");
    assert!(super::Model::parse(text, 100).is_ok());
    for (from, to, told) in [
        ("matched = 0.6", "matched = 1.6", "matched: a share between 0 and 1"),
        (
            "0.905,  0.07,   0.0248, 0.0002",
            "0.905,  0.07,   0.0348, 0.0002",
            "[m] name: the levels add up to 1.01",
        ),
        ("phone    = [0.90", "fax    = [0.90", "fax"),
    ] {
        let error = format!("{:#}", super::Model::parse(&text.replacen(from, to, 1), 100).unwrap_err());
        assert!(error.contains(told), "{error}");
    }
}
