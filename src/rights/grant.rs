//! What one viewer may do: the actions on each kind of row, and the fields that are withheld all the same.

use std::collections::BTreeMap;

use super::class::Class;
use super::{Action, Permission, Resource};

/// The rights of a viewer. The default allows nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Grant {
    /// The word of the role that it came from; empty for the operator and jobs.
    pub role: String,
    /// The role as people call it.
    pub title: String,
    // A bit for each resource, for each action.
    allowed: [u32; Action::ALL.len()],
    withheld: BTreeMap<(Resource, String), Class>,
    rows: BTreeMap<Resource, Class>,
}

impl Grant {
    /// All of it.
    pub fn everything() -> Self {
        Self { allowed: [u32::MAX; Action::ALL.len()], ..Self::default() }
    }

    /// One that allows nothing yet, from the role of that word and title.
    pub(super) fn named(role: &str, title: &str) -> Self {
        Self { role: role.to_owned(), title: title.to_owned(), ..Self::default() }
    }

    /// Allows one thing more.
    pub(super) fn allow(&mut self, action: Action, resource: Resource) {
        self.allowed[action as usize] |= bit(resource);
    }

    /// Withholds a field of visible rows.
    pub(super) fn withhold(&mut self, resource: Resource, field: &str, class: Class) {
        self.withheld.insert((resource, field.to_owned()), class);
    }

    /// Notes of which class rows are.
    pub(super) fn classify(&mut self, resource: Resource, class: Class) {
        self.rows.insert(resource, class);
    }

    /// The same, but nothing of these.
    pub fn without(&self, resources: &[Resource]) -> Self {
        let closed = resources.iter().fold(0, |bits, it| bits | bit(*it));
        Self { allowed: self.allowed.map(|it| it & !closed), ..self.clone() }
    }

    /// The same, but of all that it allows only these.
    pub fn only(&self, permissions: &[Permission]) -> Self {
        let mut some = Self { allowed: [0; Action::ALL.len()], ..self.clone() };
        for permission in permissions {
            let (action, resource) = match permission {
                Permission::See(it) => (Action::See, *it),
                Permission::Change(it) => (Action::Change, *it),
                Permission::Export(it) => (Action::Export, *it),
                Permission::Open | Permission::SignedIn => continue,
            };
            some.allowed[action as usize] |= bit(resource) & self.allowed[action as usize];
        }
        some
    }

    /// The same, with these fields withheld as well.
    pub fn withholding(&self, fields: &[(Resource, &'static str, Class)]) -> Self {
        let mut grant = self.clone();
        grant
            .withheld
            .extend(fields.iter().map(|(resource, field, class)| ((*resource, (*field).to_owned()), *class)));
        grant
    }

    /// Whether it allows that.
    pub fn allows(&self, action: Action, resource: Resource) -> bool {
        self.allowed[action as usize] & bit(resource) != 0
    }

    /// Whether it allows anything.
    pub fn is_anybody(&self) -> bool {
        !self.role.is_empty() || self.allowed != [0; Action::ALL.len()]
    }

    /// The class of rows, as a page tells it to who may not see them.
    pub fn class_of_rows(&self, resource: Resource) -> Class {
        self.rows.get(&resource).copied().unwrap_or(Class::Confidential)
    }

    /// The class for which a field of a visible row is withheld.
    pub fn withheld(&self, resource: Resource, field: &str) -> Option<Class> {
        if self.withheld.is_empty() {
            return None;
        }
        self.withheld.get(&(resource, field.to_owned())).copied()
    }
}

fn bit(resource: Resource) -> u32 {
    1 << resource as u32
}
