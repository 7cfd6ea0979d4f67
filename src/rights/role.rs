//! The roles of `data/roles.toml`: what each may see, change and take out, and which classes of data it is cleared for.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Deserialize;

use super::class::{Class, Classes, ROW, WITHHOLDABLE};
use super::grant::Grant;
use super::{Action, Resource};
use crate::knowledge::{Document, Flaw, Library};

/// A role as the file has it.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Role {
    /// What people call it.
    pub title: String,
    /// What it is for, in a sentence.
    pub purpose: String,
    /// The kinds of row that it may see.
    #[serde(default)]
    pub see: Vec<Resource>,
    /// Those that it may add to or change.
    #[serde(default)]
    pub change: Vec<Resource>,
    /// Those that it may take out.
    #[serde(default)]
    pub export: Vec<Resource>,
    /// The classes of data that it may see.
    pub cleared_for: Vec<Class>,
}

impl Role {
    /// Whether it may see data of that class.
    pub fn is_cleared_for(&self, class: Class) -> bool {
        self.cleared_for.contains(&class)
    }

    /// What it allows: rows of classes that it is cleared for; of visible rows the fields that it is cleared for.
    fn grant(&self, word: &str, classes: &Classes) -> Grant {
        let mut grant = Grant::named(word, &self.title);
        for resource in Resource::ALL {
            let class = classes.of_row(*resource);
            grant.classify(*resource, class);
            for (action, among) in
                [(Action::See, &self.see), (Action::Change, &self.change), (Action::Export, &self.export)]
            {
                if among.contains(resource) && self.is_cleared_for(class) {
                    grant.allow(action, *resource);
                }
            }
            if grant.allows(Action::See, *resource) {
                let above = classes
                    .fields(*resource)
                    .filter(|(name, it)| *name != ROW && !self.is_cleared_for(it.class));
                above.for_each(|(name, it)| grant.withhold(*resource, name, it.class));
            }
        }
        grant
    }
}

/// Every role, with what it allows.
#[derive(Clone, Debug, Default)]
pub struct Roles {
    roles: BTreeMap<String, (Role, Arc<Grant>)>,
}

impl Roles {
    /// The file's name below `data/`.
    pub const FILE: &str = "roles.toml";

    /// Reads `roles.toml`; `classes` say what each role is not cleared for.
    ///
    /// # Errors
    /// The file is absent or does not fit, duties that must be separate meet in one role, or a field would have to be
    /// withheld from rows that cannot do without it.
    pub fn read(library: &Library, classes: &Classes) -> anyhow::Result<Self> {
        let document =
            library.get(Self::FILE).ok_or_else(|| anyhow::anyhow!("data/roles.toml is missing"))?;
        Ok(Self::parse(document, classes)?)
    }

    fn parse(document: &Document, classes: &Classes) -> Result<Self, Flaw> {
        let mut roles = BTreeMap::new();
        for (word, role) in document.parse::<BTreeMap<String, Role>>()? {
            let grant = role.grant(&word, classes);
            check(&word, &grant, classes)
                .map_err(|reason| document.flaw(section(document, &word), reason))?;
            roles.insert(word, (role, Arc::new(grant)));
        }
        Ok(Self { roles })
    }

    /// The role of that word.
    pub fn get(&self, word: &str) -> Option<&Role> {
        self.roles.get(word).map(|it| &it.0)
    }

    /// What the role of that word allows; nothing for a word that is no role.
    pub fn grant(&self, word: &str) -> Arc<Grant> {
        self.roles.get(word).map(|it| Arc::clone(&it.1)).unwrap_or_default()
    }

    /// Words and roles, by word.
    pub fn all(&self) -> impl Iterator<Item = (&str, &Role)> {
        self.roles.iter().map(|(word, it)| (word.as_str(), &it.0))
    }
}

fn section(document: &Document, word: &str) -> usize {
    document.body.find(&format!("[{word}]")).unwrap_or_default()
}

/// Duties that must be separate (CJIS Security Policy AC-5), and what cannot be withheld.
fn check(word: &str, grant: &Grant, classes: &Classes) -> Result<(), String> {
    let any_of = |resources: &[Resource]| {
        resources.iter().any(|it| Action::ALL.iter().any(|action| grant.allows(*action, *it)))
    };
    let records = [
        Resource::Site,
        Resource::Place,
        Resource::Finding,
        Resource::Party,
        Resource::License,
        Resource::Inspection,
        Resource::Complaint,
        Resource::Complainant,
        Resource::Incident,
        Resource::Link,
        Resource::Standing,
        Resource::Application,
        Resource::Import,
    ];
    if grant.allows(Action::Change, Resource::Account) && any_of(&records) {
        return Err(format!("`{word}` administers accounts: it must not reach records as well"));
    }
    if any_of(&[Resource::Audit]) && (any_of(&records) || any_of(&[Resource::Account])) {
        return Err(format!("`{word}` reads the log: it must reach neither records nor accounts"));
    }
    let linked = [Resource::License, Resource::Inspection, Resource::Complaint, Resource::Incident];
    if linked.iter().any(|it| grant.allows(Action::See, *it)) && !grant.allows(Action::See, Resource::Link) {
        return Err(format!(
            "`{word}` sees records: it needs to see `link` as well, for each record says where it counts"
        ));
    }
    if grant.allows(Action::Change, Resource::Audit) {
        return Err(format!("`{word}`: nobody changes the log"));
    }
    for resource in Resource::ALL.iter().filter(|it| grant.allows(Action::See, **it)) {
        for (field, it) in classes.fields(*resource) {
            // Records are only ever added to by hand; a site, a party and an application are read, changed and saved whole.
            let whole = [Resource::Site, Resource::Party, Resource::Application].contains(resource);
            let saved_over = whole && grant.allows(Action::Change, *resource);
            if saved_over && grant.withheld(*resource, field).is_some() {
                return Err(format!(
                    "`{word}` changes rows of `{resource}` but is not cleared for `{field}` ({}): it would save over what \
                     it does not see",
                    it.class.words()
                ));
            }
            if grant.withheld(*resource, field).is_some() && !WITHHOLDABLE.contains(&(*resource, field)) {
                return Err(format!(
                    "`{word}` sees rows of `{resource}` but is not cleared for `{field}` ({}), which cannot be withheld \
                     alone; give the row that class in classes.toml, or clear the role for it",
                    it.class.words()
                ));
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const CLASSES: &str = "[[site]]\nfields = [\"row\", \"name\"]\nclass = \"public\"\nbasis = \"b\"\n\
        [[site]]\nfields = [\"note\"]\nclass = \"protected_nonpublic\"\nbasis = \"b\"\n";

    fn parse(text: &str) -> Result<Roles, String> {
        let mut library = Library::default();
        library.add(Document::new(Classes::FILE, CLASSES.to_owned()));
        let classes = Classes::read(&library).unwrap();
        Roles::parse(&Document::new(Roles::FILE, text.to_owned()), &classes).map_err(|it| it.to_string())
    }

    #[test]
    fn a_role_sees_rows_that_it_is_cleared_for_and_not_the_fields_above() {
        let text = "[clerk]\ntitle = \"Clerk\"\npurpose = \"p\"\nsee = [\"site\", \"standing\"]\ncleared_for = [\"public\"]";

        let grant = parse(text).unwrap().grant("clerk");

        assert!(grant.allows(Action::See, Resource::Site));
        assert!(!grant.allows(Action::See, Resource::Standing), "what has no class is confidential");
        assert!(!grant.allows(Action::Change, Resource::Site));
        assert_eq!(grant.withheld(Resource::Site, "note"), Some(Class::ProtectedNonpublic));
        assert_eq!(grant.withheld(Resource::Site, "name"), None);
    }

    #[test]
    fn a_word_that_is_no_role_allows_nothing() {
        assert_eq!(*parse("").unwrap().grant("king"), Grant::default());
    }

    #[test]
    fn duties_that_must_be_separate_cannot_meet() {
        let role = |rights: &str| {
            parse(&format!(
                "\n[both]\ntitle = \"B\"\npurpose = \"p\"\ncleared_for = [\"public\", \"confidential\"]\n{rights}"
            ))
        };

        let administers = role("see = [\"site\"]\nchange = [\"account\"]").unwrap_err();
        let reads = role("see = [\"site\", \"audit\"]").unwrap_err();

        assert!(administers.starts_with("roles.toml:2: `both` administers accounts"), "{administers}");
        assert!(reads.contains("reads the log"), "{reads}");
        assert!(role("change = [\"audit\"]").unwrap_err().contains("nobody changes the log"));
    }
}
