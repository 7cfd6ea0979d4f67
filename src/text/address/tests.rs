//! What is read from addresses as registers, police files and people write them.

use proptest::prelude::{any, proptest};

use super::{Address, Form, city_key, unit_key};

#[track_caller]
fn key(text: &str) -> String {
    Address::parse(text).key().unwrap_or_else(|| format!("no key: {:?}", Address::parse(text)))
}

#[track_caller]
fn same(texts: &[&str]) {
    texts.iter().for_each(|text| assert_eq!(key(text), key(texts[0]), "{text} and {}", texts[0]));
}

#[test]
fn parts_are_standardized() {
    let address = Address::parse("2417 Tollgrave Avenue South, Suite 3, St. Paul, Minnesota 55101-1234");

    assert_eq!(address.line(), "2417 TOLLGRAVE AVE S STE 3");
    assert_eq!(address.city.as_deref(), Some("ST PAUL"));
    assert_eq!(address.state.as_deref(), Some("MN"));
    assert_eq!(address.zip.as_deref(), Some("55101-1234"));
    assert_eq!(address.form, Form::Street);
}

#[test]
fn spellings_of_one_address_have_one_key() {
    same(&[
        "2417 Tollgrave Ave S",
        "2417 TOLLGRAVE AV S",
        "002417 Tollgrave Avenue South",
        "2417 S Tollgrave Ave.",
        "2417 Tollgrave Ave S #4",
    ]);
    same(&["10 1st Ave N", "10 First Avenue North", "10 N 1 Av", "10 FIRST AVE N, MPLS"]);
    same(&["7 42nd St", "7 Forty Second Street", "7 Forty-Second St", "7 42 ST"]);
    same(&["12 St Paul St", "12 Saint Paul Street"]);
    same(&["33 LaSalle St", "33 La Salle St"]);
    same(&["1420 County Road B2", "1420 Co Rd B2", "1420 COUNTY RD B2", "1420 CR B2"]);
    same(&["900 Hwy 7", "900 State Highway 7", "900 MN-7", "900 State Hwy 7", "900 Highway 7"]);
    same(&["900 US Hwy 10", "900 U.S. Highway 10", "900 US-10", "900 Hwy 10"]);
    same(&["15 CR 10", "15 County Road 10", "15 CSAH 10", "15 Co. Rd. 10"]);
    same(&["1 Main St", "One Main Street"]);
    same(&[
        "219 S Dearborn St",
        "219 South Dearborn St Second Floor",
        "219 S. Dearborn St., 2nd Fl, Chicago, IL 60604",
    ]);
    same(&["2014-2024 E 87th St", "2014 - 2024 E 87TH ST 1ST", "2014 -2024 E 87th St"]);
    same(&["3358 N Broadway", "3358 N BROADWAY 1ST", "3358 N Broadway #2"]);
    same(&["500 10th St NE", "500 10th Street, N.E.", "500 Tenth St. NE, Minneapolis, MN"]);
    same(&["300 Sand Lake Rd", "300 Sand Lake Road, Orlando, FL 32809", "300 Sand Lake Rd Orlando FL 32809"]);
    same(&["123 1/2 Oak St", "123½ Oak St", "123 1/2 Oak Street"]);
}

#[test]
fn different_premises_have_different_keys() {
    let all = [
        "2417 Oak St",
        "2417 Oak Ave",
        "2417 Oak St N",
        "2417 Oak St S",
        "2418 Oak St",
        "2417 1/2 Oak St",
        "2417 County Road 7",
        "2417 Highway 7",
        "2417 N St",
        "37-18 Oak St",
        "37 Oak St",
    ];
    let keys: std::collections::HashSet<String> = all.iter().map(|text| key(text)).collect();

    assert_eq!(keys.len(), all.len(), "{keys:?}");
}

#[test]
fn a_direction_can_be_the_name_of_a_street() {
    let address = Address::parse("12 North St");

    assert_eq!(
        (address.pre_direction, address.street.as_deref(), address.suffix.as_deref()),
        (None, Some("NORTH"), Some("ST"))
    );
    assert_eq!(Address::parse("12 W North Ave").line(), "12 W NORTH AVE");
    assert_eq!(Address::parse("12 West Ave N").line(), "12 WEST AVE N");
}

#[test]
fn units_are_read_wherever_they_stand() {
    let cases = [
        ("12 Main St # 3", "STE?", "3"),
        ("12 Main St #3", "", "3"),
        ("12 Main St Ste 3", "", "3"),
        ("12 Main St, Suite 3", "", "3"),
        ("Unit 3, 12 Main St", "", "3"),
        ("12 Main St, 3", "", "3"),
        ("12 Main St STE# 3", "", "3"),
        ("12 Main St Apt. 03", "", "3"),
        ("12 Main St 3B", "", "3B"),
        ("12 Main St, 3B, Duluth, MN", "", "3B"),
        ("12 Main St Unit A", "", "A"),
        ("12 Main St, Trlr 9", "", "9"),
        ("12 Main St Bsmt", "", "BSMT"),
        ("12 Main St 2nd Floor", "", "FL2"),
        ("12 Main St, Second Fl", "", "FL2"),
        ("12 Main St Fl 2", "", "FL2"),
        ("12 Main St Bldg 4 Apt 2", "", "BLDG 4 2"),
        ("12 Main St Lot 7", "", "7"),
        ("12 Main St RM 101", "", "101"),
        ("12 Main St Apt 13 C", "", "13C"),
        ("12 Main St # 23 SE", "", "23SE"),
        ("12 Main St Ground Floor", "", "FLGROUND"),
        ("12 Main St, North Tower, Ste. 700", "", "TOWER NORTH 700"),
    ];
    for (text, _, unit) in cases {
        let address = Address::parse(text);

        assert_eq!(address.unit_key().as_deref(), Some(unit), "{text}: {address:?}");
        assert_eq!(address.key().as_deref(), Some("12 MAIN ST"), "{text}: {address:?}");
    }
}

#[test]
fn a_street_ends_where_another_name_begins() {
    let read = |text: &str| {
        let address = Address::parse(text);
        (address.line(), address.city.unwrap_or_default())
    };
    let cases = [
        ("1840 Ashbourne Rd Lynnewood Gardens, Elkins Park, PA 19027", "1840 ASHBOURNE RD", "ELKINS PARK"),
        ("1350 NW 55th Fort Lauderdale, FL 33309", "1350 NW 55TH", "FORT LAUDERDALE"),
        ("100 Park Circle East Rd, Duluth, MN 55802", "100 PARK CIRCLE EAST RD", "DULUTH"),
        ("904 Marquette Ave, Sault Ste. Marie, MI 49783", "904 MARQUETTE AVE", "SAULT STE MARIE"),
        ("718 Dorchester Pl NE Unit Cedar Rapids IA 52402", "718 DORCHESTER PL NE UNIT", "CEDAR RAPIDS"),
        ("12 Avenue of the Arts, Duluth, MN 55802", "12 AVENUE OF THE ARTS", "DULUTH"),
        ("4400 East West Highway, Bethesda, MD 20814", "4400 EAST WEST HWY", "BETHESDA"),
        ("3665 Anderson County Rd 312", "3665 ANDERSON COUNTY ROAD 312", ""),
        ("12 Oak St, Duluth, MN 5580", "12 OAK ST", "DULUTH"),
    ];
    for (text, line, city) in cases {
        assert_eq!(read(text), (line.to_owned(), city.to_owned()), "{text}");
    }
    assert_eq!(Address::parse("duluth minnesota").city.as_deref(), Some("DULUTH"));
}

#[test]
fn the_mark_of_a_route_is_no_unit() {
    same(&["254 US Highway No. 202", "254 US Highway 202", "254 U.S. Hwy #202"]);
    assert_eq!(Address::parse("Customer # 55, PO Box 9, Duluth, MN 55802").unit_key(), None);
    assert_eq!(Address::parse("Lock Box 427, Duluth, MN 55802").form, Form::PoBox);
}

#[test]
fn blocks_intersections_and_boxes_have_no_key() {
    let cases = [
        ("0029XX Chicago AV S", Form::Block),
        ("2900 BLOCK OF OAK ST", Form::Block),
        ("29XX Oak St", Form::Block),
        ("2900 blk Oak St", Form::Block),
        ("Franklin AV E / Park AV S", Form::Intersection),
        ("Main St & Oak Ave", Form::Intersection),
        ("5TH ST AND 3RD AVE", Form::Intersection),
        ("38 ST / 4 AV", Form::Intersection),
        ("Corner of Elm & Oak Sts", Form::Intersection),
        ("Hennepin Av @ Lake St W, Minneapolis, MN", Form::Intersection),
        ("PO Box 12", Form::PoBox),
        ("P.O. Box 12345, Duluth, MN 55802", Form::PoBox),
        ("P O BOX 9", Form::PoBox),
        ("Duluth", Form::Unparsed),
        ("RR 2 Box 15, Ely, MN", Form::PoBox),
        ("", Form::Unparsed),
        ("unknown", Form::Unparsed),
        ("東京都", Form::Unparsed),
        ("---", Form::Unparsed),
    ];
    for (text, form) in cases {
        let address = Address::parse(text);

        assert_eq!(address.form, form, "{text}: {address:?}");
        assert_eq!(address.key(), None, "{text}");
    }
    assert_eq!(Address::parse("0029XX Chicago AV S").line(), "2900 CHICAGO AVE S");
}

#[test]
fn numbers_keep_their_meaning() {
    assert_eq!(key("N6W23001 Bluemound Rd"), "N6W23001 BLUEMOUND RD");
    assert_eq!(key("37-18 Northern Blvd"), "37-18 NORTHERN BLVD");
    assert_eq!(key("9208-9214 S Cottage Grove Ave"), "9208 COTTAGEGRV AVE S");
    assert_eq!(key("1234-36 N Clark St"), "1234 CLARK ST N");
    assert_eq!(key("500 South 300 East"), "500 300 S E");
}

#[test]
fn columns_win_over_the_street_line() {
    let address = Address::of_parts(
        "12 Main St Apt 9",
        Some("Ste 4"),
        Some("Saint Cloud"),
        Some("minnesota"),
        Some("56301"),
    );

    assert_eq!(address.unit_key().as_deref(), Some("4"));
    assert_eq!((address.state.as_deref(), address.zip.as_deref()), (Some("MN"), Some("56301")));
    assert_eq!(city_key(address.city.as_deref().unwrap()), city_key("ST. CLOUD"));
}

#[test]
fn cities_and_units_have_one_spelling() {
    assert_eq!(city_key("MPLS"), city_key("Minneapolis"));
    assert_eq!(city_key("City of Saint Paul"), city_key("ST. PAUL "));
    assert_eq!(city_key("West St Paul"), city_key("W. Saint Paul"));
    assert_ne!(city_key("West St Paul"), city_key("St Paul"));
    assert_eq!(unit_key("Suite 03"), unit_key("# 3"));
    assert_eq!(unit_key("  "), None);
}

#[test]
fn hostile_text_is_bounded_and_never_parsed() {
    for text in
        ["12 Main St ".repeat(1_000_000), "\0".repeat(100_000), "#".repeat(10_000_000), "½".repeat(5_000_000)]
    {
        assert_eq!(Address::parse(&text).form, Form::Unparsed);
    }
    assert_eq!(key("12\u{a0}Main\u{200b} St\0"), "12 MAIN ST");
}

#[test]
fn one_word_is_no_premises() {
    for text in ["Broadway", "1008", "1008-1010", "MN", "55401", "Ste", "#4", "N", "Street", "½"] {
        let address = Address::parse(text);

        assert_eq!((address.key(), address.form), (None, Form::Unparsed), "{text}: {address:?}");
    }
}

#[test]
fn other_scripts_and_names_of_all_languages_are_kept() {
    for text in ["улица Ленина 5", "北京市朝阳区建国路88号", "شارع الملك فهد ١٢", "Спа", "서울특별시 1"]
    {
        assert_eq!(Address::parse(text).key(), None, "{text}");
    }
    assert_eq!(key("12 Ленина St"), "12 ЛЕНИНА ST");
    assert_eq!(key("12 Paj Ntaub Ave, St. Paul, MN 55103"), "12 PAJNTAUB AVE");
    assert_eq!(key("12 Xuseen Maxamed St, Minneapolis, MN"), "12 XUSEENMAXAMED ST");
    assert_eq!(key("12 Bde Maka Ska Pkwy W"), "12 BDEMAKASKA PKWY W");
    same(&["12 Peña Blvd", "12 PENA BOULEVARD"]);
}

#[test]
fn three_hundred_units_are_one_premises_and_no_single_unit() {
    let list = (1..=300).map(|unit| unit.to_string()).collect::<Vec<_>>().join(", ");
    for (text, unit) in [
        ("12 Main St STE 1-300", "1-300"),
        ("12 Main St APTS 1 THRU 300", "1-300"),
        ("12 Main St Apts 1 through 300, Duluth, MN 55802", "1-300"),
        ("12 Main St Rooms 103 & 105, Duluth MN 55802", "103,105"),
        ("12 Main St STE 1, 2, 3", "1,2,3"),
        (&format!("12 Main St APT {list}, Duluth, MN 55802"), &list.replace(", ", ",")),
    ] {
        let address = Address::parse(text);

        assert_eq!(address.key().as_deref(), Some("12 MAIN ST"), "{text}");
        assert_eq!(address.unit_key().as_deref(), Some(unit), "{text}");
    }
    assert_ne!(unit_key("STE 1-300"), unit_key("STE 1300"));
    assert_eq!(unit_key("APT 3-B"), unit_key("APT 3B"));
    assert_eq!(key("STE 300, 100 Nicollet Mall, Minneapolis, MN"), key("100 Nicollet Mall Ste 300"));
}

#[test]
fn a_box_beside_a_street_leaves_the_premises() {
    same(&[
        "100 Main St W",
        "100 Main St W, PO Box 12, Duluth, MN 55802",
        "PO Box 12, 100 Main St W, Duluth, MN 55802",
        "100 Main St W P.O. Box 12",
    ]);
    let boxed = Address::parse("PO Box 12, Duluth, MN 55802");
    assert_eq!((boxed.form, boxed.key(), boxed.city.as_deref()), (Form::PoBox, None, Some("DULUTH")));
}

#[test]
fn corners_are_intersections_of_both_streets() {
    for (text, street) in [
        ("Franklin & Park", "FRANKLIN / PARK"),
        ("Franklin Ave at Park Ave S", "FRANKLIN AVE / PARK AVE S"),
        ("NE corner of Franklin Ave and Park Ave S", "FRANKLIN AVE / PARK AVE S"),
        ("Northeast corner of Franklin Ave & Park Ave S, Minneapolis, MN", "FRANKLIN AVE / PARK AVE S"),
        ("21ST ST E / CEDAR AVE S", "21ST ST E / CEDAR AVE S"),
        ("1st Ave N @ 5th St N", "1ST AVE N / 5TH ST N"),
    ] {
        let address = Address::parse(text);

        assert_eq!((address.form, address.street.as_deref()), (Form::Intersection, Some(street)), "{text}");
        assert_eq!(address.key(), None, "{text}");
    }
}

#[test]
fn blocks_are_read_to_their_lowest_number() {
    for (text, line) in [
        ("0029XX Chicago AV S", "2900 CHICAGO AVE S"),
        ("0010XX 21ST ST E", "1000 21ST ST E"),
        ("29XX Oak St", "2900 OAK ST"),
        ("2900 block of 1st Ave NW", "2900 1ST AVE NW"),
        ("2900 BLK Hennepin Ave", "2900 HENNEPIN AVE"),
    ] {
        let address = Address::parse(text);

        assert_eq!((address.form, address.line().as_str()), (Form::Block, line), "{text}: {address:?}");
    }
}

#[test]
fn the_forms_of_minnesota_have_one_key() {
    same(&["15 CSAH 10", "15 County Road 10", "15 Co Rd 10", "15 County State Aid Highway 10"]);
    same(&["1420 Co Rd B2 W", "1420 County Road B2 West", "1420 W County Rd B2"]);
    same(&["8100 County Hwy 81", "8100 County Highway 81", "8100 Co Hwy 81"]);
    same(&["12345 State Hwy 55", "12345 MN-55", "12345 Highway 55", "12345 MN Hwy 55", "12345 Trunk Hwy 55"]);
    same(&["10 1st Ave NW", "10 First Avenue Northwest", "10 1ST AV N.W.", "10 NW 1st Ave"]);
    same(&["651 Nicollet Mall", "651 Nicollet Mall Suite 135", "651 NICOLLET MALL, MINNEAPOLIS MN 55402"]);
    same(&["250 Southdale Center", "250 Southdale Ctr, Edina, MN 55435"]);
    same(&["1000 11th St W", "1000 W 11th Street", "1000 11TH ST W, Hastings, MN 55033"]);
}

#[test]
fn swapped_digits_are_other_premises() {
    assert_ne!(key("2417 Oak St"), key("2471 Oak St"));
    assert_ne!(key("12 42nd St"), key("12 24th St"));
    assert_ne!(key("15 CSAH 10"), key("15 CSAH 01"));
    assert_ne!(unit_key("Ste 12"), unit_key("Ste 21"));
}

proptest! {
    #[test]
    fn nothing_makes_the_parser_panic(text in any::<String>(), unit in any::<String>()) {
        let address = Address::of_parts(&text, Some(&unit), Some(&text), Some(&unit), Some(&text));
        let _ = (address.key(), address.unit_key(), address.line(), city_key(&text), unit_key(&unit));
    }

    #[test]
    fn words_of_addresses_in_any_order_are_read_without_panic_and_keys_are_stable(
        words in proptest::collection::vec(proptest::sample::select(WORDS), 0..12)
    ) {
        let address = Address::parse(&words.join(" "));

        if let Some(key) = address.key() {
            assert!(!key.is_empty());
        }
        assert_eq!(Address::parse(&words.join("  ")), address);
    }

    #[test]
    fn a_plain_address_and_its_own_line_have_one_key(number in 1..99_999u32, street in "[A-Z]{4,9}Q", suffix in 0..SUFFIXES.len()) {
        let address = Address::parse(&format!("{number} {street} {}", SUFFIXES[suffix]));

        assert_eq!(Address::parse(&address.line()).key(), address.key());
        assert!(address.key().is_some());
    }
}

const SUFFIXES: &[&str] = &["Ave", "STREET", "blvd.", "Rd", "Ln", "Court", "Pkwy", "Way", "Trail"];
const WORDS: &[&str] = &[
    "12", "#", "STE", "N", "NORTH", "ST", "PAUL", "AVE,", "/", "&", "BLOCK", "OF", "PO", "BOX", "MN",
    "55401", "1/2", "HWY", "COUNTY", "ROAD", "B2", "FL", "2ND", "SECOND", "ONE", "-", ",", "0029XX", "CT",
    "LA", "é", "½", "SAINT", "NEW", "YORK", "I-94",
];
