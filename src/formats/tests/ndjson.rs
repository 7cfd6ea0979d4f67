//! NDJSON: nested lists, bad lines, long lines, naughty strings, and San Mateo's inspections.

use super::csv::naughty_strings;
use super::*;

fn ndjson() -> Source {
    Source::new(Format::Ndjson)
}

#[test]
fn bad_lines_are_errors_and_the_rest_is_read() {
    let text = "\u{feff}{\"a\":1}\n\n[1]\r\n{\"a\":2,\"a\":3}\n{\"a\":\"\\u0000\"}\n{\"a\":\n\u{1e}{\"a\":\"\\\\u0000\"}";
    let outcome = read(text, &ndjson());

    assert_eq!(outcome.texts(), [["1"], ["\\u0000"]]);
    assert_eq!(outcome.lines(), [1, 7]);
    assert_eq!(outcome.errors.iter().map(|error| error.line).collect::<Vec<_>>(), [3, 4, 5, 6]);
    assert!(outcome.errors[1].reason.contains("`a` is given twice"));
    assert_eq!(outcome.errors[2].reason, "A zero byte in the text");
}

#[test]
fn a_line_that_is_too_long_or_too_deep_is_rejected() {
    let long = format!("{{\"a\":\"{}\"}}", "x".repeat(20 << 20));
    let deep = format!("{{\"a\":{}{}}}", "[".repeat(100_000), "]".repeat(100_000));

    let outcome = read(format!("{long}\n{deep}\n{{\"a\":1}}\n"), &ndjson());

    assert_eq!(outcome.texts(), [["1"]]);
    assert_eq!(outcome.lines(), [3]);
    assert_eq!(outcome.reasons()[0], (1, "A line of more than 16 MiB"));
    assert!(outcome.reasons()[1].1.contains("recursion limit"));
}

#[test]
fn a_profile_splits_lists_into_rows() {
    let text = "{\"Id\":1,\"In\":[{\"D\":\"x\"},{\"D\":\"y\"}]}\n{\"Id\":2,\"In\":[]}\n{\"Id\":3,\"In\":[{\"D\":\"z\"}]}";
    let outcome = read(text, &source("format = 'ndjson'\neach = 'In'"));

    let pairs: Vec<_> =
        outcome.rows.iter().map(|row| (row.text("Id").unwrap(), row.text("In.D").unwrap())).collect();
    assert_eq!(pairs, [("1".into(), "x".into()), ("1".into(), "y".into()), ("3".into(), "z".into())]);
}

#[test]
fn naughty_strings_come_through_byte_for_byte() {
    let strings = naughty_strings();
    let lines: String =
        strings.iter().map(|text| format!("{}\n", serde_json::json!({ "a": text }))).collect();
    if strings.is_empty() {
        return;
    }

    let outcome = read(lines, &ndjson());

    assert!(outcome.errors.is_empty(), "{:?}", outcome.errors);
    assert!(outcome.texts().iter().map(|row| &row[0]).eq(&strings));
}

#[test]
fn the_inspections_of_san_mateo_are_counted_as_its_source_counts_them() {
    let Some(path) = shared("data/insp_san_mateo/smc_inspections.ndjson.gz") else { return };
    let count = |each: &str| {
        let mut source = ndjson();
        source.each = (!each.is_empty()).then(|| each.to_owned());
        let mut reader = Reader::open(&path, &source).unwrap();
        let mut rows = 0;
        while let Some(row) = reader.next().unwrap() {
            row.unwrap();
            rows += 1;
        }
        assert_eq!(reader.meter().read(), reader.meter().size().unwrap());
        rows
    };

    assert_eq!([count(""), count("Inspections"), count("Inspections.Violations")], [5979, 33_108, 45_891]);
}
