//! Who is looking: a [`Viewer`] goes into every function that reads, and without a right there is no row.
//!
//! Until accounts exist there are four viewers; each resource is either open to one or closed.

use crate::db::{Query, text_enum};

text_enum! {
    /// What a right is about: one word for each kind of row.
    Resource {
        /// Jurisdictions and their outlines.
        Area = "area",
        /// Premises.
        Site = "site",
        /// Licenses.
        License = "license",
        /// Inspections and their violations.
        Inspection = "inspection",
        /// Complaints, without who made them.
        Complaint = "complaint",
        /// Criminal incidents.
        Incident = "incident",
        /// Which record belongs to which site.
        Link = "link",
        /// Score, tier and reasons: one class, for a total betrays the tips it is made of.
        Standing = "standing",
        /// Import batches and their rejects.
        Import = "import",
    }
}

/// The person, or the job, on whose behalf rows are read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Viewer {
    name: &'static str,
    reach: Reach,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Reach {
    Everything,
    AllBut(Vec<Resource>),
    Nothing,
}

impl Viewer {
    /// A visitor of the demonstration, who may see all that is invented.
    pub fn demo() -> Self {
        Self { name: "demonstration", reach: Reach::Everything }
    }

    /// The operator at the server's own keyboard.
    pub fn operator() -> Self {
        Self { name: "operator", reach: Reach::Everything }
    }

    /// A job of FOCA itself; only the command line and `standing` may make one.
    pub fn system(job: &'static str) -> Self {
        Self { name: job, reach: Reach::Everything }
    }

    /// Someone who may see nothing: what every read must survive.
    pub fn nobody() -> Self {
        Self { name: "nobody", reach: Reach::Nothing }
    }

    /// Someone who may see all but these.
    pub fn without(mut self, resources: &[Resource]) -> Self {
        self.reach = Reach::AllBut(resources.to_vec());
        self
    }

    /// The name under which acts of this viewer are recorded.
    pub fn name(&self) -> &str {
        self.name
    }

    /// Whether rows of `resource` may be seen at all.
    pub fn may_see(&self, resource: Resource) -> bool {
        match &self.reach {
            Reach::Everything => true,
            Reach::AllBut(closed) => !closed.contains(&resource),
            Reach::Nothing => false,
        }
    }
}

impl Query {
    /// Appends what `viewer` may see of `resource`; without the right, `AND false`. The statement so far must end
    /// in a `WHERE` clause, if only `WHERE true`.
    pub fn limited(self, viewer: &Viewer, resource: Resource) -> Self {
        if viewer.may_see(resource) { self } else { self.then("AND false") }
    }
}

/// What a route, or an act, asks of a viewer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Permission {
    /// Nothing: health checks and static files.
    Open,
    /// To see rows of this kind.
    See(Resource),
    /// To add or change rows of this kind.
    Change(Resource),
    /// To take rows of this kind out of FOCA.
    Export(Resource),
}

impl Viewer {
    /// Whether the viewer may do that.
    pub fn is_permitted(&self, permission: Permission) -> bool {
        match permission {
            Permission::Open => true,
            Permission::See(it) | Permission::Change(it) | Permission::Export(it) => self.may_see(it),
        }
    }
}
