//! Streams CSV, newline-delimited JSON, GeoJSON, GeoPackage and shapefiles in, and GeoJSON and CSV out, in flat memory.
//!
//! [`reader::Reader`] opens a file as [`source::Source`] describes it and hands out one [`row::Row`] after
//! another; a bad row is a [`row::RowError`] and the reader goes on, a bad file is a [`reader::FileError`].
//!
//! | limit | value | why |
//! |---|---|---|
//! | [`MAX_FIELD_BYTES`] | 1 MiB | a longer CSV field is a stray quote or an attack, not a value |
//! | [`MAX_ROW_BYTES`] | 16 MiB | bounds the memory of one CSV row or one NDJSON line |
//! | [`MAX_FEATURE_BYTES`] | 64 MiB | a state boundary with a million vertices takes about 40 MB of GeoJSON, 16 MB of a shapefile |
//! | [`MAX_COLUMNS`] | 4,096 | far above any register; bounds the row index |
//! | [`MAX_PREAMBLE_ROWS`] | 1,000 | how far the header row is looked for before the file is refused |
//! | [`MAX_DEPTH`] | 100 | nesting of JSON; serde_json itself stops at 128 |
//! | [`MAX_SHOWN_CHARACTERS`] | 120 | how much of an offending value a reject report repeats |

pub mod csv_in;
pub mod csv_out;
mod csv_records;
mod dbf;
pub mod fault;
pub mod field;
pub mod gathered;
pub mod geojson_in;
pub mod geojson_out;
pub mod geopackage_in;
pub mod gpkg_geometry;
pub mod input;
mod json_scan;
pub mod ndjson_in;
pub mod pmtiles;
pub mod reader;
pub mod row;
pub mod shapefile_in;
pub mod shp_shape;
pub mod source;
mod zipped;

/// The longest CSV field, in bytes.
pub const MAX_FIELD_BYTES: usize = 1 << 20;
/// The longest CSV row or NDJSON line, in bytes.
pub const MAX_ROW_BYTES: usize = 16 << 20;
/// The longest GeoJSON feature, in bytes of text, and the longest shape of a shapefile.
pub const MAX_FEATURE_BYTES: usize = 64 << 20;
/// The most columns of a CSV file.
pub const MAX_COLUMNS: usize = 4096;
/// The most rows before the header row.
pub const MAX_PREAMBLE_ROWS: u64 = 1000;
/// The deepest nesting of JSON.
pub const MAX_DEPTH: usize = 100;
/// The most characters of an offending value that an error repeats.
pub const MAX_SHOWN_CHARACTERS: usize = 120;

/// What demonstration data say of themselves, in every export.
pub const NOTICE: &str = "Demonstration data. Every business, person and event in this file is invented.";
/// The same in one word, as a property and a column.
pub const DEMONSTRATION: &str = "demonstration";

#[cfg(test)]
mod tests;
