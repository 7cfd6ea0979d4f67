//! How closely each field is held: the classes of the Minnesota Government Data Practices Act (Minn. Stat. 13.02), and
//! `data/classes.toml`, which gives each field of each record its class.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::Resource;
use crate::db::text_enum;
use crate::knowledge::{Document, Flaw, Library};

text_enum! {
    /// A class of data: on individuals public, private or confidential; on all else public, nonpublic or protected
    /// nonpublic.
    Class {
        /// Anyone may have it.
        Public = "public",
        /// On an individual; the subject may see it.
        Private = "private",
        /// On an individual; the subject may not see it.
        Confidential = "confidential",
        /// Not on an individual; the subject may see it.
        Nonpublic = "nonpublic",
        /// Not on an individual; the subject may not see it.
        ProtectedNonpublic = "protected_nonpublic",
    }
}

impl Class {
    /// How people write it.
    pub fn words(self) -> &'static str {
        match self {
            Self::ProtectedNonpublic => "protected nonpublic",
            other => other.as_str(),
        }
    }
}

/// The field that stands for the row itself: who is not cleared for its class sees no row.
pub const ROW: &str = "row";

/// Fields that a visible row can do without: they are read as texts, and nothing is searched, sorted or filtered by them.
/// Any other field is as open as its row.
pub const WITHHOLDABLE: &[(Resource, &str)] = &[
    (Resource::Site, "note"),
    (Resource::Party, "note"),
    (Resource::Application, "note"),
    (Resource::Application, "reason"),
    (Resource::Inspection, "note"),
    (Resource::Complaint, "summary"),
    (Resource::Complaint, "reliability"),
    (Resource::Complaint, "credibility"),
    (Resource::Incident, "n_buyers"),
    (Resource::Incident, "n_facilitators"),
    (Resource::Incident, "n_traffickers"),
    (Resource::Incident, "n_people_sold"),
    (Resource::Incident, "n_minors"),
];

/// The class of a field, why, and for how long.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Classified {
    /// The class.
    pub class: Class,
    /// The statute, or what else it rests on.
    pub basis: String,
    /// What ends it, where something does.
    pub until: Option<String>,
}

/// The class of every field.
#[derive(Clone, Debug, Default)]
pub struct Classes(BTreeMap<(Resource, String), Classified>);

/// Fields of one class, as the file has them.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Group {
    fields: Vec<String>,
    class: Class,
    basis: String,
    until: Option<String>,
}

impl Classes {
    /// The file's name below `data/`.
    pub const FILE: &str = "classes.toml";

    /// Reads `classes.toml`.
    ///
    /// # Errors
    /// The file is absent or does not fit, a field stands twice, or a row has no class.
    pub fn read(library: &Library) -> anyhow::Result<Self> {
        let document =
            library.get(Self::FILE).ok_or_else(|| anyhow::anyhow!("data/classes.toml is missing"))?;
        Ok(Self::parse(document)?)
    }

    fn parse(document: &Document) -> Result<Self, Flaw> {
        let groups: BTreeMap<Resource, Vec<Group>> = document.parse()?;
        let mut classes = BTreeMap::new();
        for (resource, groups) in groups {
            for group in groups {
                let Group { fields, class, basis, until } = group;
                for field in fields {
                    let classified = Classified { class, basis: basis.clone(), until: until.clone() };
                    if classes.insert((resource, field.clone()), classified).is_some() {
                        return Err(
                            document.flaw_at_key("fields", format!("`{resource}.{field}` stands twice"))
                        );
                    }
                }
            }
            if !classes.contains_key(&(resource, ROW.to_owned())) {
                let reason = format!("`{resource}` needs a class for its `{ROW}`: list it among some fields");
                return Err(document.flaw_at_key("fields", reason));
            }
        }
        Ok(Self(classes))
    }

    /// The class of a field; none for what the file does not name.
    pub fn of(&self, resource: Resource, field: &str) -> Option<&Classified> {
        self.0.get(&(resource, field.to_owned()))
    }

    /// The class of a row; what is not named is held as closely as can be.
    pub fn of_row(&self, resource: Resource) -> Class {
        self.of(resource, ROW).map_or(Class::Confidential, |it| it.class)
    }

    /// Every field of a kind of row, with its class.
    pub fn fields(&self, resource: Resource) -> impl Iterator<Item = (&str, &Classified)> {
        self.0.iter().filter(move |(key, _)| key.0 == resource).map(|(key, it)| (key.1.as_str(), it))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<Classes, Flaw> {
        Classes::parse(&Document::new(Classes::FILE, text.to_owned()))
    }

    #[test]
    fn a_field_has_its_class_and_what_is_not_named_is_confidential() {
        let text = "[[site]]\nfields = [\"row\", \"name\"]\nclass = \"public\"\nbasis = \"13.03\"\n";

        let classes = parse(text).unwrap();

        assert_eq!(classes.of(Resource::Site, "name").unwrap().class, Class::Public);
        assert_eq!(classes.of_row(Resource::Site), Class::Public);
        assert_eq!(classes.of_row(Resource::Standing), Class::Confidential);
    }

    #[test]
    fn a_field_in_two_classes_and_a_row_without_one_are_flaws() {
        let twice = "[[site]]\nfields = [\"row\", \"row\"]\nclass = \"public\"\nbasis = \"b\"\n";
        let none = "[[site]]\nfields = [\"name\"]\nclass = \"public\"\nbasis = \"b\"\n";

        assert!(parse(twice).unwrap_err().to_string().contains("`site.row` stands twice"));
        assert!(parse(none).unwrap_err().to_string().contains("classes.toml:2: `site` needs a class"));
        assert!(parse("[[site]]\nfields = []\nclass = \"secret\"\nbasis = \"b\"\n").is_err());
    }
}
