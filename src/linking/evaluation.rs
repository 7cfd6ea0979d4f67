//! How well the rules link real inspections to real licenses by address and name alone: Chicago, 5,636 pairs known by
//! license number (which the rules do not see here).

use std::collections::HashMap;
use std::path::Path;

use uuid::Uuid;

use super::{Entry, Index, Subject, decide};
use crate::text::address::{Address, city_key};

fn rows(file: &str) -> Option<Vec<csv::StringRecord>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data/er_benchmarks/chicago_licences");
    let Ok(mut reader) = csv::Reader::from_path(folder.join(file)) else {
        assert!(option_env!("CI").is_none(), "{} is absent, and it must not be under CI", folder.display());
        println!("skipped: ../shared is absent");
        return None;
    };
    Some(reader.records().map(Result::unwrap).collect())
}

fn entry(at: usize, license: &csv::StringRecord) -> Entry {
    let address = Address::parse(&license[2]);
    Entry {
        id: Uuid::from_u128(at as u128),
        names: vec![license[1].to_owned()],
        address_key: address.key(),
        unit_key: address.unit_key(),
        city_key: city_key("Chicago"),
        city: "Chicago".to_owned(),
        address,
        ..Entry::default()
    }
}

#[test]
fn inspections_link_to_the_licensed_premises_and_hardly_ever_to_others() {
    let (Some(licenses), Some(inspections)) = (rows("licences.csv"), rows("inspections.csv")) else { return };
    let index = Index::new(licenses.iter().enumerate().map(|(at, license)| entry(at, license)));
    let truth: HashMap<&str, Uuid> =
        licenses.iter().enumerate().map(|(at, license)| (&license[0], Uuid::from_u128(at as u128))).collect();

    let (mut right, mut wrong) = (0.0, 0.0);
    for inspection in &inspections {
        let address = Address::parse(&inspection[3]);
        let names = [&inspection[1], &inspection[2]];
        let subject =
            Subject { names: &names, address: Some(&address), city_key: "chicago", ..Subject::default() };
        match decide(&subject, &index).site {
            Some(site) if Some(&site) == truth.get(&inspection[0]) => right += 1.0,
            Some(_) => wrong += 1.0,
            None => {}
        }
    }

    let (precision, recall) =
        (right / (right + wrong), right / f64::from(u32::try_from(inspections.len()).unwrap()));
    println!("Chicago: precision {precision:.4}, recall {recall:.4}");
    assert!(precision >= 0.995, "{precision}");
    assert!(recall >= 0.91, "{recall}");
}
