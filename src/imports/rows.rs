//! Which rows of a file count, and into how many each one splits.

use super::field::tidy;
use super::profile::Rows;
use crate::formats::reader::Reader;
use crate::formats::row::{Column, Row};

/// The profile's row filters bound to one file.
#[derive(Debug)]
pub struct RowFilter {
    keep: Vec<Test>,
    drop: Vec<Test>,
    split: Option<(Column, String)>,
}

#[derive(Debug)]
struct Test {
    column: Column,
    is: Vec<String>,
    contains: Vec<String>,
}

impl RowFilter {
    /// Binds `rows`; columns that the file lacks have been refused before.
    pub fn bind(rows: &Rows, reader: &Reader) -> Self {
        let lower = |list: &[String]| list.iter().map(|it| it.trim().to_lowercase()).collect();
        let tests = |list: &[super::profile::Condition]| {
            list.iter()
                .filter_map(|it| {
                    Some(Test {
                        column: reader.column(&it.column)?,
                        is: lower(&it.is),
                        contains: lower(&it.contains),
                    })
                })
                .collect()
        };
        Self {
            keep: tests(&rows.keep),
            drop: tests(&rows.drop),
            split: rows.split.as_ref().and_then(|it| Some((reader.column(&it.column)?, it.by.clone()))),
        }
    }

    /// Whether the row counts.
    pub fn keeps(&self, row: &Row) -> bool {
        self.keep.iter().all(|it| it.fits(row)) && !self.drop.iter().any(|it| it.fits(row))
    }

    /// The items into which the row splits; none when the profile does not split.
    pub fn items(&self, row: &Row) -> Option<Vec<String>> {
        let (column, by) = self.split.as_ref()?;
        let text = row.get(column).unwrap_or_default();
        let items = text.split(by.as_str()).map(str::trim).filter(|it| !it.is_empty());
        Some(items.map(str::to_owned).collect())
    }
}

impl Test {
    fn fits(&self, row: &Row) -> bool {
        let value = row.get(&self.column).and_then(tidy).unwrap_or_default().to_lowercase();
        self.is.contains(&value) || self.contains.iter().any(|it| value.contains(it))
    }
}
