//! CSV: quoting, line ends, encodings, bad rows, headers, gzip, and the csv-spectrum set.

use proptest::prelude::*;

use super::*;
use crate::formats::MAX_FIELD_BYTES;

#[test]
fn rows_know_the_line_they_begin_on() {
    let text = "a,b\r\n1,\"x\r\ny\"\r\n\r\n2,z\r\n";

    for text in [text.to_owned(), text.replace("\r\n", "\n"), text.replace("\r\n", "\r")] {
        let outcome = read(&text, &csv());

        assert_eq!(outcome.lines(), [2, 5], "{text:?}");
        assert_eq!(outcome.texts()[1], ["2", "z"]);
        assert!(outcome.errors.is_empty());
    }
}

#[test]
fn a_column_is_found_by_name_or_once_for_the_file() {
    let mut reader = Reader::from_read("f", "a,b,a,\n1,2,3,4\n".as_bytes(), None, &csv()).unwrap();
    let column = reader.column("b").unwrap();
    let row = reader.next().unwrap().unwrap().unwrap();

    assert_eq!(reader.columns(), ["a", "b", "a (2)", "column 4"]);
    assert_eq!(row.get(&column).unwrap(), "2");
    assert_eq!(row.text("a (2)").unwrap(), "3");
    assert_eq!(row.text("c"), None);
    assert_eq!(reader.column("c"), None);
}

#[test]
fn the_header_is_found_below_a_preamble_and_skipped_when_it_comes_again() {
    let text = "Report of 2024\n\nprinted,by,hand,today\nName,City\nA,B\nName,City\nC,D\n";
    let outcome = read(text, &source("format = 'csv'\nheader = ['City', 'Name']"));

    assert_eq!(outcome.texts(), [["A", "B"], ["C", "D"]]);
    assert_eq!(outcome.lines(), [5, 7]);
    assert_eq!(outcome.repeated_headers, 1);
}

#[test]
fn a_missing_header_says_what_was_looked_for_and_found() {
    let outcome =
        read("x;y\nName;Town\n", &source("format = 'csv'\ndelimiter = ';'\nheader = ['Name', 'City']"));

    let fault = outcome.fault();
    assert!(
        fault.contains("`Name`, `City`. The closest is line 2 with `Name`, `Town`; it lacks `City`"),
        "{fault}"
    );
}

#[test]
fn ragged_rows_are_rejected_and_the_rest_is_read() {
    let outcome = read("a,b\n1\n1,2,3\n1,2,,\n   \n3,4\n", &csv());

    assert_eq!(outcome.texts(), [["1", "2"], ["3", "4"]]);
    let reasons = [
        (2, "The row has 1 field where the header has 2"),
        (3, "The row has 3 fields where the header has 2"),
    ];
    assert_eq!(outcome.reasons(), reasons);
}

#[test]
fn bytes_that_are_not_text_reject_their_row_only() {
    let outcome = read(b"a,b\n1,caf\xe9\n2,nul\0\n\xc3,\xa9\n3,caf\xc3\xa9\n", &csv());

    assert_eq!(outcome.texts(), [["3", "café"]]);
    assert_eq!(outcome.errors[0].column.as_deref(), Some("b"));
    assert_eq!(outcome.errors[0].value, "caf\u{fffd}");
    assert!(outcome.errors[0].reason.starts_with("Bytes that are not UTF-8"));
    assert_eq!(outcome.errors[1].reason, "A zero byte in the text");
    assert_eq!(outcome.errors[2].line, 4);
}

#[test]
fn encodings_are_declared_or_marked() {
    let latin = source("format = 'csv'\nencoding = 'windows-1252'");
    let utf16: Vec<u8> = "\u{feff}a,b\n1,Zoë\n".encode_utf16().flat_map(u16::to_le_bytes).collect();

    assert_eq!(read(b"a,b\n1,Zo\xeb\n", &latin).texts(), [["1", "Zoë"]]);
    assert_eq!(read(&utf16, &csv()).texts(), [["1", "Zoë"]]);
    assert_eq!(read(&utf16, &latin).texts(), [["1", "Zoë"]]);
    assert_eq!(read("\u{feff}a,b\n1,Zoë\n", &csv()).columns, ["a", "b"]);
}

#[test]
fn a_wrong_encoding_rejects_the_rows_it_garbles() {
    let outcome = read(b"a,b\n1,\x82\xa0\n2,\x82\xff\n", &source("format = 'csv'\nencoding = 'shift_jis'"));

    assert_eq!(outcome.texts(), [["1", "あ"]]);
    assert!(outcome.errors[0].reason.contains("not valid in the encoding"));
}

#[test]
fn a_field_of_ten_megabytes_is_rejected_and_the_rest_is_read() {
    let long = "x".repeat(10 << 20);
    let quoted = format!("a,b\n1,{long}\n2,\"{long}\"\n3,ok\n");
    let limit = format!("a\n{}\n{}x\n", &long[..MAX_FIELD_BYTES], &long[..MAX_FIELD_BYTES]);

    let outcome = read(quoted, &csv());
    assert_eq!(outcome.texts(), [["3", "ok"]]);
    assert_eq!(outcome.reasons().len(), 2);
    assert_eq!(outcome.errors[1].column.as_deref(), Some("b"));
    assert!(outcome.errors[1].value.len() < 200);

    let outcome = read(limit, &csv());
    assert_eq!((outcome.rows.len(), outcome.errors.len()), (1, 1));
}

#[test]
fn a_quote_never_closed_costs_one_line() {
    let outcome = read("a,b\n1,2\n3,\"4\n5,6\n7,8", &csv());

    assert_eq!(outcome.texts(), [["1", "2"], ["5", "6"], ["7", "8"]]);
    assert_eq!(outcome.lines(), [2, 4, 5]);
    assert_eq!((outcome.errors[0].line, outcome.errors[0].column.as_deref()), (3, Some("b")));
    assert!(outcome.errors[0].reason.contains("never closed"));
}

#[test]
fn a_quote_within_a_field_is_text() {
    assert_eq!(read("a,b\n5\" pipe,x\n6\" pipe,y", &csv()).texts(), [["5\" pipe", "x"], ["6\" pipe", "y"]]);
    assert_eq!(read("a,b\n\"x,y\n", &source("format = 'csv'\nquote = ''")).texts(), [["\"x", "y"]]);
}

#[test]
fn a_row_of_too_many_fields_is_rejected() {
    let outcome = read(format!("a,b\n{}\n1,2\n", "x,".repeat(10_000)), &csv());

    assert_eq!(outcome.texts(), [["1", "2"]]);
    assert_eq!(outcome.reasons(), [(2, "A row of more than 4096 fields")]);
}

#[test]
fn an_empty_file_is_an_error_and_a_header_alone_is_not() {
    assert_eq!(read("", &csv()).fault(), "the file: it is empty");
    assert_eq!(read("\u{feff}\n\n", &csv()).fault(), "the file: it is empty");
    assert_eq!(read("a,b", &csv()).fault(), "");
}

#[test]
fn gzip_is_recognized_also_in_several_members() {
    let mut bytes = gzip(b"a,b\n1,2\n");
    bytes.extend(gzip(b"3,4\n"));

    assert_eq!(read(bytes, &csv()).texts(), [["1", "2"], ["3", "4"]]);
}

#[test]
fn a_truncated_gzip_file_gives_its_rows_and_then_an_error() {
    let text: String = (0..100_000).map(|n| format!("{n},{}\n", n * 7919 % 10_007)).collect();
    let whole = gzip(format!("a,b\n{text}").as_bytes());
    let mut damaged = whole.clone();
    damaged[whole.len() / 2..whole.len() / 2 + 8].fill(0xff);

    let outcome = read(&whole[..whole.len() / 2], &csv());
    assert!(outcome.rows.len() > 1000 && outcome.errors.is_empty());
    assert!(outcome.fault().contains("cut off"), "{}", outcome.fault());

    assert!(read(damaged, &csv()).fault().contains("gzip"));
    assert!(read(&whole[..5], &csv()).fault().contains("cut off"));
}

#[test]
fn the_csv_spectrum_reads_as_its_authors_expect() {
    let files = unpack("data/csv_torture/csv_spectrum.tar.gz");
    // The expectation for location_coordinates is of another file, in its version 2.0.0.
    let sound = |name: &str| name.starts_with("csvs/") && name != "csvs/location_coordinates.csv";
    for (name, content) in files.iter().filter(|(name, _)| sound(name)) {
        let expected = name.replace("csvs/", "json/").replace(".csv", ".json");
        let (_, expected) = files.iter().find(|(name, _)| *name == expected).unwrap();
        let expected: Vec<serde_json::Map<String, serde_json::Value>> =
            serde_json::from_slice(expected).unwrap();

        let outcome = read(content, &csv());

        assert!(outcome.errors.is_empty() && outcome.fault.is_none(), "{name}: {outcome:?}");
        assert_eq!(outcome.rows.len(), expected.len(), "{name}");
        for (row, expected) in outcome.rows.iter().zip(expected) {
            for (column, value) in expected {
                assert_eq!(row.text(&column).unwrap(), value.as_str().unwrap(), "{name}: {column}");
            }
        }
    }
}

/// The Big List of Naughty Strings.
pub(super) fn naughty_strings() -> Vec<String> {
    let Some(path) = shared("data/bad_input/blns/blns.json") else { return Vec::new() };
    serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap()
}

#[test]
fn naughty_strings_come_through_byte_for_byte() {
    let mut writer = ::csv::Writer::from_writer(Vec::new());
    writer.write_record(["n", "naughty"]).unwrap();
    let strings = naughty_strings();
    for (n, text) in strings.iter().enumerate() {
        writer.write_record([&n.to_string(), text]).unwrap();
    }

    let outcome = read(writer.into_inner().unwrap(), &csv());

    assert!(outcome.errors.is_empty(), "{:?}", outcome.errors);
    assert!(outcome.texts().iter().map(|row| &row[1]).eq(&strings));
}

proptest! {
    #[test]
    fn any_bytes_are_read_without_a_panic(bytes: Vec<u8>, mark in 0..4usize) {
        let mut file = [&b"a,b\n"[..], b"\xff\xfe", b"\x1f\x8b\x08\0", b"\xef\xbb\xbfa\n"][mark].to_vec();
        file.extend(bytes);
        read(file, &csv());
    }

    #[test]
    fn texts_of_quotes_and_line_ends_are_read_without_a_panic(text in "[a\",\r\n\0é]{0,60}") {
        let outcome = read(format!("a,b\n{text}"), &csv());
        prop_assert!(outcome.fault.is_none());
    }

    #[test]
    fn what_the_csv_crate_writes_is_read_back(rows in proptest::collection::vec([".{0,20}", "[\",\r\n x]{0,9}"], 0..20)) {
        let mut writer = ::csv::Writer::from_writer(Vec::new());
        writer.write_record(["a", "b"]).unwrap();
        let rows: Vec<[String; 2]> = rows.into_iter().map(|row| row.map(|text| text.replace('\0', ""))).collect();
        for row in &rows {
            writer.write_record(row).unwrap();
        }
        let outcome = read(writer.into_inner().unwrap(), &csv());
        prop_assert!(outcome.errors.is_empty());
        prop_assert_eq!(outcome.texts(), rows);
    }
}
