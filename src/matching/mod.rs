//! Two files of businesses, matched: which row of one is which row of the other, how probably, and why.
//!
//! It runs the engine of [`crate::linking`] on any two files, or on one for its doubles: what the fields weigh is learned
//! from the files themselves, without labels, and the same files always give the same pairs.

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde::Deserialize;

mod read;
pub mod run;
#[cfg(test)]
mod tests;

/// What is to be matched, and where to.
#[derive(Clone, Debug)]
pub struct Order {
    /// The file whose rows look for their counterparts.
    pub left: PathBuf,
    /// The register in which they are looked for; none to look for doubles within `left`.
    pub right: Option<PathBuf>,
    /// Which column means what.
    pub config: Config,
    /// The file of pairs; it appears when it is complete.
    pub out: PathBuf,
}

/// The configuration, a TOML file.
#[derive(Clone, Debug, Deserialize, PartialEq)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// The columns of the left file.
    pub left: Columns,
    /// The columns of the right file; without it those of the left.
    pub right: Option<Columns>,
    /// How to match.
    #[serde(default)]
    pub options: Options,
}

/// Which column means what. All but `id` may be absent, but there must be a name, an address or a telephone number.
#[derive(Clone, Debug, Deserialize, PartialEq)]
#[serde(deny_unknown_fields)]
pub struct Columns {
    /// What tells the rows apart.
    pub id: String,
    /// The name of the business.
    pub name: Option<String>,
    /// Further names: one column or a list of columns.
    #[serde(default)]
    pub other_names: OneOrMany,
    /// Street address, in one line.
    pub address: Option<String>,
    /// City.
    pub city: Option<String>,
    /// ZIP code.
    pub zip: Option<String>,
    /// Telephone number.
    pub phone: Option<String>,
    /// Latitude, in degrees.
    pub lat: Option<String>,
    /// Longitude, in degrees.
    pub lon: Option<String>,
    /// The character between fields; a comma where nothing is said.
    pub delimiter: Option<String>,
    /// The encoding; UTF-8 where nothing is said.
    pub encoding: Option<String>,
}

/// One column, or several.
#[derive(Clone, Debug, Default, Deserialize, PartialEq)]
#[serde(untagged)]
pub enum OneOrMany {
    /// None.
    #[default]
    None,
    /// One.
    One(String),
    /// Several.
    Many(Vec<String>),
}

/// How to match.
#[derive(Clone, Debug, Deserialize, PartialEq)]
#[serde(deny_unknown_fields, default)]
pub struct Options {
    /// Whether both files are registers in which a business stands once.
    pub one_to_one: bool,
    /// Where labels come from: `"none"` is all that there is.
    pub labels: Labels,
    /// The least probability of a link that needs no person.
    pub linked: f64,
    /// The least probability of a pair worth a person's look.
    pub review: f64,
}

/// Where labels come from.
#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq)]
#[serde(rename_all = "lowercase")]
pub enum Labels {
    /// Nowhere: what fields weigh is learned without.
    #[default]
    None,
}

impl Default for Options {
    fn default() -> Self {
        Self { one_to_one: false, labels: Labels::None, linked: LINKED, review: REVIEW }
    }
}

/// From this probability a pair is linked without a person.
pub const LINKED: f64 = 0.95;
/// From this probability a pair is worth a person's look.
pub const REVIEW: f64 = 0.1;

/// What came out.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Summary {
    /// Rows of the left file.
    pub n_left: usize,
    /// Rows of the right file.
    pub n_right: usize,
    /// Rows that could not be read, of both.
    pub n_unread: usize,
    /// Pairs that were compared.
    pub n_compared: usize,
    /// Pairs that are linked.
    pub n_linked: usize,
    /// Pairs for a person to look at.
    pub n_review: usize,
}

/// Rows of a file that could not be used as they stand, for people to mend.
#[derive(Clone, Debug, PartialEq)]
pub struct Flaw {
    /// The file.
    pub file: String,
    /// The line.
    pub line: u64,
    /// What is wrong, and what was done.
    pub what: String,
}

impl Config {
    /// Reads a configuration.
    ///
    /// # Errors
    /// It is no TOML, names what there is not, or its numbers make no sense; the message names the line.
    pub fn parse(text: &str) -> anyhow::Result<Self> {
        let config: Self = toml::from_str(text)?;
        let Options { linked, review, .. } = config.options;
        anyhow::ensure!(
            0.0 < review && review <= linked && linked <= 1.0,
            "options: `review` ({review}) and `linked` ({linked}) are probabilities, and review is not above linked"
        );
        for (side, columns) in config.sides() {
            let known = [&columns.name, &columns.address, &columns.phone].into_iter().any(Option::is_some);
            anyhow::ensure!(known, "{side}: name at least one of the columns name, address, phone");
            anyhow::ensure!(
                columns.lat.is_some() == columns.lon.is_some(),
                "{side}: lat and lon go together; one of them is missing"
            );
        }
        Ok(config)
    }

    fn sides(&self) -> BTreeMap<&'static str, &Columns> {
        let right = self.right.as_ref().map(|it| ("right", it));
        [("left", &self.left)].into_iter().chain(right).collect()
    }
}
