//! The engine on registers whose pairs are known, and on files that are not as they should be.

use std::collections::{HashMap, HashSet};
use std::fs;
use std::path::{Path, PathBuf};

use super::run::run;
use super::{Config, Flaw, Order, Summary};

/// What a matching found: (left, right, probability, band, reasons).
type Pairs = Vec<(String, String, f64, String, String)>;

fn matched(config: &str, left: &Path, right: Option<&Path>) -> anyhow::Result<(Summary, Pairs, Vec<Flaw>)> {
    let folder = tempfile::tempdir()?;
    let out = folder.path().join("pairs.csv");
    let order = Order {
        left: left.to_owned(),
        right: right.map(Path::to_owned),
        config: Config::parse(config)?,
        out: out.clone(),
    };
    let mut flaws = Vec::new();
    let summary = run(&order, |_| {}, |flaw| flaws.push(flaw.clone()))?;
    let mut table = csv::Reader::from_path(out)?;
    let pairs = table.records().map(|row| {
        let row = row.unwrap();
        (row[0].to_owned(), row[1].to_owned(), row[2].parse().unwrap(), row[3].to_owned(), row[4].to_owned())
    });
    let pairs = pairs.collect();
    Ok((summary, pairs, flaws))
}

fn public(file: &str) -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data/er_benchmarks").join(file);
    if !path.exists() {
        assert!(option_env!("CI").is_none(), "{} is absent, and it must not be under CI", path.display());
        println!("skipped: ../shared is absent");
        return None;
    }
    Some(path)
}

/// Precision, recall and F1 of the linked band, and the share of rows whose most probable pair is right.
#[derive(Debug)]
struct Measured {
    precision: f64,
    recall: f64,
    f1: f64,
    first: f64,
}

#[expect(clippy::cast_precision_loss, reason = "a few thousand pairs")]
fn measure(pairs: &Pairs, truth: &HashSet<(String, String)>) -> Measured {
    let is_true = |it: &&(String, String, f64, String, String)| truth.contains(&(it.0.clone(), it.1.clone()));
    let linked: Vec<_> = pairs.iter().filter(|it| it.3 == "linked").collect();
    let right = linked.iter().filter(|it| is_true(it)).count() as f64;
    let mut first = HashMap::new();
    for pair in pairs {
        first.entry(&pair.0).or_insert(pair);
    }
    let first = first.values().filter(|it| is_true(it)).count() as f64;
    let (precision, recall) = (right / linked.len() as f64, right / truth.len() as f64);
    let f1 = 2.0 * precision * recall / (precision + recall);
    Measured { precision, recall, f1, first: first / truth.len() as f64 }
}

const RESTAURANTS: &str = "left = { id = 'id', name = 'name', address = 'addr', city = 'city' }\n\
     options = { one_to_one = true, labels = 'none' }";

fn restaurants(config: &str) -> Option<Measured> {
    let (left, right) = (public("restaurants/fodors.csv")?, public("restaurants/zagats.csv")?);
    let truth = csv::Reader::from_path(public("restaurants/matches_fodors_zagats.csv")?).unwrap();
    let truth = truth
        .into_records()
        .map(|row| row.unwrap())
        .map(|row| (row[0].to_owned(), row[1].to_owned()))
        .collect::<HashSet<_>>();
    let (summary, pairs, _) = matched(config, &left, Some(&right)).unwrap();
    let measured = measure(&pairs, &truth);
    println!("restaurants: {measured:.4?}, {summary:?}");
    Some(measured)
}

#[test]
fn restaurants_are_matched_by_name_and_address() {
    let Some(measured) = restaurants(RESTAURANTS) else { return };

    assert!(measured.f1 >= 0.965, "{measured:?}");
}

#[test]
fn restaurants_are_matched_better_with_their_telephone() {
    let with_phone = RESTAURANTS.replace("city = 'city'", "city = 'city', phone = 'phone'");

    let Some(measured) = restaurants(&with_phone) else { return };

    assert!(measured.f1 >= 0.98, "{measured:?}");
}

#[test]
fn chicago_inspections_find_their_license_and_hardly_ever_another() {
    let (Some(left), Some(right)) =
        (public("chicago_licences/inspections.csv"), public("chicago_licences/licences.csv"))
    else {
        return;
    };
    let config = "options = { one_to_one = true, labels = 'none' }\n\
        [left]\nid = 'License'\nname = 'DBA_Name'\nother_names = 'AKA_Name'\naddress = 'Address'\nzip = 'Zip'\n\
        lat = 'Latitude'\nlon = 'Longitude'\n\
        [right]\nid = 'LICENSE_NUMBER'\nname = 'DOING_BUSINESS_AS_NAME'\naddress = 'ADDRESS'\nzip = 'ZIP_CODE'\n\
        lat = 'LATITUDE'\nlon = 'LONGITUDE'\n";
    let ids = csv::Reader::from_path(&left).unwrap();
    let ids = ids.into_records().map(|row| row.unwrap()[0].to_owned());
    let truth = ids.map(|id| (id.clone(), id)).collect();

    let (summary, pairs, _) = matched(config, &left, Some(&right)).unwrap();
    let measured = measure(&pairs, &truth);

    println!("Chicago: {measured:.4?}, {summary:?}");
    assert!(measured.precision >= 0.995, "{measured:?}");
    assert!(measured.recall >= 0.91, "{measured:?}");
    assert!(measured.first >= 0.955, "{measured:?}");
}

/// A folder with files that are given by their text.
fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        fs::write(folder.path().join(name), text).unwrap();
    }
    folder
}

const PLAIN: &str =
    "left = { id = 'id', name = 'name', address = 'address', city = 'city', phone = 'phone' }";
const HEADER: &str = "id,name,address,city,phone\n";

/// A register of shops on many streets, so that there is something to learn from.
fn shops(n: usize, prefix: &str) -> String {
    let words =
        ["Golden", "Silver", "Velvet", "Copper", "Amber", "Cedar", "Maple", "Harbor", "Prairie", "Lantern"];
    let others = [
        "Willow", "Birch", "Heron", "Otter", "Finch", "Meadow", "Canyon", "Summit", "River", "Garden",
        "Anvil",
    ];
    let mut text = HEADER.to_owned();
    for at in 0..n {
        let name = format!("{} {} {}", words[at % 10], others[at % 11], words[at / 110 % 10]);
        text.push_str(&format!(
            "{prefix}{at},{name} Massage,{} {} Ave S,Duluth,\n",
            100 + at,
            others[at % 11]
        ));
    }
    text
}

#[test]
fn the_same_files_give_the_same_pairs_byte_for_byte() {
    let folder = folder(&[("a.csv", &shops(300, "a")), ("b.csv", &shops(300, "b"))]);
    let path = |name: &str| folder.path().join(name);

    let one = matched(PLAIN, &path("a.csv"), Some(&path("b.csv"))).unwrap();
    let other = matched(PLAIN, &path("a.csv"), Some(&path("b.csv"))).unwrap();

    assert_eq!(one.1, other.1);
    assert_eq!(one.0.n_linked, 300);
    assert!(one.1.iter().all(|it| it.0[1..] == it.1[1..]), "{:?}", one.1);
    assert!(
        one.1[0].4.starts_with("Name, number, street and city are the same. [name=same+"),
        "{}",
        one.1[0].4
    );
}

#[test]
fn a_register_delivered_twice_under_other_ids_is_found_out() {
    let twice = shops(200, "a") + &shops(200, "x")[HEADER.len()..];
    let folder = folder(&[("a.csv", &twice)]);

    let (summary, pairs, _) = matched(PLAIN, &folder.path().join("a.csv"), None).unwrap();

    assert_eq!(summary.n_linked, 200);
    assert!(pairs.iter().filter(|it| it.3 == "linked").all(|it| it.0[1..] == it.1[1..] && it.0 != it.1));
}

#[test]
fn the_same_address_is_not_the_same_business() {
    let right = shops(200, "b") + "b900,Red Fox Tavern,950 Elm St,Duluth,\n";
    let left = shops(200, "a") + "a900,Blue Lantern Books,950 Elm St,Duluth,\n";
    let folder = folder(&[("a.csv", &left), ("b.csv", &right)]);

    let (_, pairs, _) =
        matched(PLAIN, &folder.path().join("a.csv"), Some(&folder.path().join("b.csv"))).unwrap();

    assert!(pairs.iter().filter(|it| it.0 == "a900").all(|it| it.3 == "review"), "{pairs:?}");
}

#[test]
fn flawed_rows_are_told_with_file_and_line_and_the_others_are_matched() {
    let config = PLAIN.replace("phone = 'phone'", "phone = 'phone', lat = 'lat', lon = 'lon'");
    let header = "id,name,address,city,phone,lat,lon\n";
    let good = "1,Golden Willow,12 Main St,Duluth,,46.8,-92.1\n";
    let bad = ",No Id,12 Main St,Duluth,,46.8,-92.1\n2,Silver Birch,14 Main St,Duluth,,north,-92.1\n\
        3,Blue Lantern,16 Main St,Duluth,,246.8,-92.1\n1,Golden Willow,12 Main St,Duluth,,46.8,-92.1\n4,Short\n";
    let folder = folder(&[("a.csv", &format!("{header}{good}{bad}"))]);
    let path = folder.path().join("a.csv");

    let (summary, pairs, flaws) = matched(&config, &path, Some(&path)).unwrap();

    let told: Vec<(u64, &str)> = flaws.iter().map(|it| (it.line, it.what.as_str())).collect();
    assert!(told.iter().any(|it| it.0 == 3 && it.1.contains("no id")), "{told:?}");
    assert!(told.iter().any(|it| it.0 == 4 && it.1.contains("no pair of numbers")), "{told:?}");
    assert!(told.iter().any(|it| it.0 == 5 && it.1.contains("246.8")), "{told:?}");
    assert!(told.iter().any(|it| it.0 == 6 && it.1.contains("stands in line 2 already")), "{told:?}");
    assert!(summary.n_right >= 4 && !pairs.is_empty(), "{summary:?}");
}

#[test]
fn a_configuration_that_makes_no_sense_is_refused_with_what_would() {
    for (text, told) in [
        ("left = { id = 'id' }", "at least one of the columns name, address, phone"),
        ("left = { id = 'id', name = 'n', lat = 'y' }", "lat and lon go together"),
        ("left = { id = 'id', nmae = 'n' }", "unknown field `nmae`"),
        ("left = { id = 'id', name = 'n' }\noptions = { labels = 'file.csv' }", "unknown variant"),
        (
            "left = { id = 'id', name = 'n' }\noptions = { linked = 0.2, review = 0.5 }",
            "review is not above linked",
        ),
        ("right = { id = 'id', name = 'n' }", "missing field `left`"),
    ] {
        let error = format!("{:#}", Config::parse(text).unwrap_err());
        assert!(error.contains(told), "{text}: {error}");
    }
    let folder = folder(&[("a.csv", "id,title\n1,Golden Willow\n"), ("empty.csv", HEADER)]);
    let error = |file: &str| {
        let path = folder.path().join(file);
        format!("{:#}", matched(PLAIN, &path, None).unwrap_err())
    };
    assert!(error("a.csv").contains("has no column `name`; it has: id, title"), "{}", error("a.csv"));
    assert!(error("empty.csv").contains("no row that can be matched"), "{}", error("empty.csv"));
    assert!(!error("absent.csv").is_empty());
}

#[test]
fn hostile_addresses_match_nothing_by_themselves_and_break_nothing() {
    let units = (1..=300).map(|n| n.to_string()).collect::<Vec<_>>().join(" & ");
    let hostile = [
        "Somewhere",
        "улица Ленина 5",
        "北京市朝阳区 12 号",
        "شارع الملك 7",
        "PO Box 300",
        "Franklin Ave E & Park Ave S",
        "0029XX Chicago AV S",
        "12",
        "#",
        &format!("12 Main St Ste {units}"),
        &"9".repeat(3_000),
    ];
    let mut left = shops(100, "a");
    for (at, address) in hostile.iter().enumerate() {
        left.push_str(&format!("h{at},,\"{address}\",Duluth,\n"));
    }
    let folder = folder(&[("a.csv", &left), ("b.csv", &left.replace("\na", "\nb").replace("\nh", "\nk"))]);

    let (_, pairs, _) =
        matched(PLAIN, &folder.path().join("a.csv"), Some(&folder.path().join("b.csv"))).unwrap();

    assert!(pairs.iter().all(|it| !(it.0.starts_with('h') && it.3 == "linked")), "{pairs:?}");
}

#[test]
fn points_that_contradict_an_equal_address_are_said_and_not_guessed_away() {
    let config = PLAIN.replace("phone = 'phone'", "phone = 'phone', lat = 'lat', lon = 'lon'");
    let with_points = |text: &str, odd: &str| {
        let mut out =
            text.replacen("phone\n", "phone,lat,lon\n", 1).replace(",Duluth,\n", ",Duluth,,46.80,-92.10\n");
        out.push_str(odd);
        out
    };
    let left = with_points(&shops(200, "a"), "a900,Quartz Fern,950 Elm St,Duluth,,46.80,-92.10\n");
    let right = with_points(&shops(200, "b"), "b900,Quartz Fern,950 Elm St,Duluth,,46.85,-92.10\n");
    let folder = folder(&[("a.csv", &left), ("b.csv", &right)]);

    let (_, pairs, _) =
        matched(&config, &folder.path().join("a.csv"), Some(&folder.path().join("b.csv"))).unwrap();

    let odd = pairs.iter().find(|it| it.0 == "a900").expect("it is still a pair");
    assert_eq!(odd.3, "review");
    assert!(odd.4.contains("distance differs"), "{}", odd.4);
}
