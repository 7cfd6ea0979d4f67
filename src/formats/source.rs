//! What a file is, as the `[file]` table of an import profile says it.

use serde::Deserialize;

/// The `[file]` table of an import profile: the format of the file and how to find its rows.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Source {
    /// `"csv"`, `"ndjson"` (one JSON object a line), `"geojson"`, `"geopackage"` or `"shapefile"`. Each
    /// may be gzipped, but for a shapefile, which is a zip file or a .shp beside its .dbf.
    pub format: Format,
    /// CSV only: the one character between fields. Default `","`; `"\t"` for tabs.
    #[serde(default)]
    pub delimiter: Delimiter,
    /// CSV only: the one character around fields that hold delimiters or line ends. Default `"\""`; `""` if the
    /// file has no quoting.
    #[serde(default)]
    pub quote: Quote,
    /// The text encoding, by any label of the WHATWG Encoding Standard, such as `"windows-1252"` or
    /// `"utf-16le"`. Default: UTF-8, or what the byte order mark says; for a shapefile
    /// what its .cpg says, else Windows-1252. Not for a GeoPackage.
    #[serde(default)]
    pub encoding: Option<Encoding>,
    /// CSV only: names of columns that mark the header row; rows before it are skipped. Default: the first row
    /// is the header.
    #[serde(default)]
    pub header: Vec<String>,
    /// GeoPackage and shapefile only: the name of the layer (the table, or the .shp without its extension). Default:
    /// the only one there is.
    #[serde(default)]
    pub layer: Option<String>,
    /// NDJSON and GeoJSON only: path to a list, such as `"Inspections.Violations"`; each of its items becomes a
    /// row that still sees the fields around it. Default: one row an object.
    #[serde(default)]
    pub each: Option<String>,
    /// NDJSON and GeoJSON only: columns that most rows lack. Any other column that the profile names must occur in
    /// the first rows, so that a slip of the pen is refused.
    #[serde(default)]
    pub sparse: Vec<String>,
}

/// The formats that FOCA reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Format {
    /// Delimited text with a header row.
    Csv,
    /// One JSON object a line.
    Ndjson,
    /// RFC 7946: a FeatureCollection, one Feature, several in a row, or a bare geometry.
    Geojson,
    /// A layer of an OGC GeoPackage.
    Geopackage,
    /// A layer of an ESRI shapefile.
    Shapefile,
}

/// The byte between CSV fields: ASCII, neither a line end nor a quote.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Delimiter(u8);

/// The byte around CSV fields, if the file has quoting.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Quote(Option<u8>);

/// A text encoding of the WHATWG Encoding Standard.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Encoding(&'static encoding_rs::Encoding);

/// A key of the `[file]` table that cannot be used as it stands.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct SourceError(String);

impl Source {
    /// A source of this format with every other key at its default.
    pub fn new(format: Format) -> Self {
        Self {
            format,
            delimiter: Delimiter::default(),
            quote: Quote::default(),
            encoding: None,
            header: Vec::new(),
            layer: None,
            each: None,
            sparse: Vec::new(),
        }
    }

    /// Refuses keys that do not belong to the format, so that a slip in a profile is not silently ignored.
    pub fn check(&self) -> Result<(), SourceError> {
        let csv = self.format == Format::Csv;
        let json = matches!(self.format, Format::Ndjson | Format::Geojson);
        let geopackage = self.format == Format::Geopackage;
        let layers = geopackage || self.format == Format::Shapefile;
        let keys = [
            ("delimiter", self.delimiter != Delimiter::default(), csv, "csv"),
            ("quote", self.quote != Quote::default(), csv, "csv"),
            ("header", !self.header.is_empty(), csv, "csv"),
            ("encoding", self.encoding.is_some(), !geopackage, "csv, ndjson, geojson and shapefile"),
            ("layer", self.layer.is_some(), layers, "geopackage and shapefile"),
            ("each", self.each.is_some(), json, "ndjson and geojson"),
            ("sparse", !self.sparse.is_empty(), json, "ndjson and geojson"),
        ];
        for (key, given, allowed, formats) in keys {
            if given && !allowed {
                let format = self.format.name();
                return Err(SourceError(format!("`{key}` is for {formats}, and the format is {format}")));
            }
        }
        Ok(())
    }
}

impl Format {
    /// The name as a profile writes it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Ndjson => "ndjson",
            Self::Geojson => "geojson",
            Self::Geopackage => "geopackage",
            Self::Shapefile => "shapefile",
        }
    }
}

impl Delimiter {
    /// The byte itself.
    pub fn byte(self) -> u8 {
        self.0
    }
}

impl Default for Delimiter {
    fn default() -> Self {
        Self(b',')
    }
}

impl TryFrom<String> for Delimiter {
    type Error = SourceError;

    fn try_from(text: String) -> Result<Self, SourceError> {
        match single_byte(&text) {
            Some(byte) if byte != b'"' => Ok(Self(byte)),
            _ => Err(SourceError(format!(
                "{text:?} is not one ASCII character such as \",\", \";\" or \"\\t\""
            ))),
        }
    }
}

impl Quote {
    /// The byte itself, or none if the file has no quoting.
    pub fn byte(self) -> Option<u8> {
        self.0
    }
}

impl Default for Quote {
    fn default() -> Self {
        Self(Some(b'"'))
    }
}

impl TryFrom<String> for Quote {
    type Error = SourceError;

    fn try_from(text: String) -> Result<Self, SourceError> {
        if text.is_empty() {
            return Ok(Self(None));
        }
        match single_byte(&text) {
            Some(byte) => Ok(Self(Some(byte))),
            None => {
                Err(SourceError(format!("{text:?} is not one ASCII character, nor empty for \"no quoting\"")))
            }
        }
    }
}

/// The only byte of a text, if it is one ASCII character and no line end.
fn single_byte(text: &str) -> Option<u8> {
    match text.as_bytes() {
        [byte] if byte.is_ascii() && !matches!(byte, b'\r' | b'\n' | 0) => Some(*byte),
        _ => None,
    }
}

impl Encoding {
    /// The encoding itself.
    pub fn inner(self) -> &'static encoding_rs::Encoding {
        self.0
    }
}

impl TryFrom<String> for Encoding {
    type Error = SourceError;

    fn try_from(label: String) -> Result<Self, SourceError> {
        encoding_rs::Encoding::for_label(label.as_bytes()).map(Self).ok_or_else(|| {
            SourceError(format!(
                "`{label}` is no encoding label of the WHATWG Encoding Standard; usual ones are utf-8, \
                 windows-1252, utf-16le"
            ))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(toml: &str) -> Result<Source, String> {
        toml::from_str::<Source>(toml).map_err(|error| error.to_string())
    }

    #[test]
    fn a_profile_says_what_the_file_is() {
        let source =
            parse("format = \"csv\"\ndelimiter = \"\\t\"\nencoding = \"latin1\"\nheader = [\"A\"]").unwrap();

        assert_eq!(source.delimiter.byte(), b'\t');
        assert_eq!(source.encoding.unwrap().inner(), encoding_rs::WINDOWS_1252);
        assert_eq!(source.header, ["A"]);
        assert_eq!(source.check(), Ok(()));
    }

    #[test]
    fn a_wrong_value_is_refused_with_what_would_be_right() {
        assert!(parse("format = \"xls\"").unwrap_err().contains("geopackage"));
        assert!(parse("format = \"csv\"\nencoding = \"ebcdic\"").unwrap_err().contains("windows-1252"));
        assert!(parse("format = \"csv\"\ndelimiter = \"||\"").unwrap_err().contains("one ASCII character"));
        assert!(parse("format = \"csv\"\ndelimeter = \",\"").unwrap_err().contains("delimeter"));
    }

    #[test]
    fn a_key_of_another_format_is_refused() {
        let source = parse("format = \"geojson\"\nlayer = \"x\"").unwrap();

        assert_eq!(
            source.check().unwrap_err().to_string(),
            "`layer` is for geopackage and shapefile, and the format is geojson"
        );
    }
}
