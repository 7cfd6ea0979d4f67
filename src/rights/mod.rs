//! Who is looking: a [`Viewer`] goes into every function that reads, and without a right there is no row.
//!
//! What a viewer may do follows from a role of `data/roles.toml`, from the classes of `data/classes.toml`, which say of
//! each field how closely it is held, and from the area that the person answers for.

use std::sync::Arc;

use crate::db::{id, text_enum};

pub mod class;
pub mod grant;
pub mod held;
mod limit;
pub mod role;

use class::Class;
use grant::Grant;

id! {
    /// A person who may sign in.
    AccountId
}

text_enum! {
    /// What a right is about: one word for each kind of row.
    Resource {
        /// Jurisdictions and their outlines.
        Area = "area",
        /// Premises.
        Site = "site",
        /// Schools, parks, residences and the like, with their outlines.
        Place = "place",
        /// Who stands behind sites, and in which role.
        Party = "party",
        /// Licenses.
        License = "license",
        /// Inspections and their violations.
        Inspection = "inspection",
        /// Complaints, without who made them.
        Complaint = "complaint",
        /// Who made a complaint.
        Complainant = "complainant",
        /// Criminal incidents.
        Incident = "incident",
        /// Which record belongs to which site.
        Link = "link",
        /// What rules of law say of sites, what was noted for them, and what was said against them.
        Finding = "finding",
        /// Score, tier and reasons: one class, for a total betrays the tips it is made of.
        Standing = "standing",
        /// Which site goes on where another ended.
        Succession = "succession",
        /// What is applied for at the licensing desk, and what it ordered; holds on addresses.
        Application = "application",
        /// Import batches and their rejects.
        Import = "import",
        /// Places that may not enter any layer; nobody reads the list.
        DeniedPlace = "denied_place",
        /// Who looked at a site.
        Look = "look",
        /// The people who may sign in.
        Account = "account",
        /// The whole log.
        Audit = "audit",
    }
}

text_enum! {
    /// What can be done with a kind of row.
    Action {
        /// To see rows.
        See = "see",
        /// To add or change rows.
        Change = "change",
        /// To take rows out of FOCA.
        Export = "export",
    }
}

/// What a route, or an act, asks of a viewer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Permission {
    /// Nothing: health checks, static files, the way in.
    Open,
    /// To have signed in, whatever the role: one's own account, and pages that show each what they may see.
    SignedIn,
    /// To see rows of this kind.
    See(Resource),
    /// To add or change rows of this kind.
    Change(Resource),
    /// To take rows of this kind out of FOCA.
    Export(Resource),
}

/// The part of the state that a person answers for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub enum Reach {
    /// All of it.
    #[default]
    State,
    /// A county, by name.
    County(String),
    /// A city, by name.
    City(String),
}

/// Who acts, as the log names them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Actor {
    /// The account; none for the operator, a job, and who has not signed in.
    pub account: Option<AccountId>,
    /// The name.
    pub name: String,
    /// The agency that the person works for.
    pub agency: String,
    /// The session or token, by its public number.
    pub session: Option<String>,
    /// The network address of the client.
    pub address: Option<String>,
}

/// The person, or the job, on whose behalf rows are read.
#[derive(Clone, Debug)]
pub struct Viewer {
    actor: Actor,
    grant: Arc<Grant>,
    reach: Reach,
}

impl Viewer {
    /// Someone with these rights in that part of the state.
    pub fn new(actor: Actor, grant: Arc<Grant>, reach: Reach) -> Self {
        Self { actor, grant, reach }
    }

    /// The operator at the server's own keyboard.
    pub fn operator() -> Self {
        Self::named("operator", Grant::everything())
    }

    /// A job of FOCA itself; only the command line and `standing` may make one.
    pub fn system(job: &'static str) -> Self {
        Self::named(job, Grant::everything())
    }

    /// Someone who may see nothing: what every read must survive.
    pub fn nobody() -> Self {
        Self::named("nobody", Grant::default())
    }

    fn named(name: &str, grant: Grant) -> Self {
        Self::new(Actor { name: name.to_owned(), ..Actor::default() }, Arc::new(grant), Reach::State)
    }

    /// The same, but for these kinds of row.
    pub fn without(self, resources: &[Resource]) -> Self {
        let grant = Arc::new(self.grant.without(resources));
        Self { grant, ..self }
    }

    /// The same, in a part of the state only.
    pub fn within(self, reach: Reach) -> Self {
        Self { reach, ..self }
    }

    /// The same, with these fields withheld.
    pub fn withholding(self, fields: &[(Resource, &'static str, Class)]) -> Self {
        let grant = Arc::new(self.grant.withholding(fields));
        Self { grant, ..self }
    }

    /// Who acts.
    pub fn actor(&self) -> &Actor {
        &self.actor
    }

    /// The name under which acts of this viewer are recorded.
    pub fn name(&self) -> &str {
        &self.actor.name
    }

    /// The word of the role; empty for the operator and jobs.
    pub fn role(&self) -> &str {
        &self.grant.role
    }

    /// The role as people call it.
    pub fn role_title(&self) -> &str {
        &self.grant.title
    }

    /// The part of the state that this viewer sees.
    pub fn reach(&self) -> &Reach {
        &self.reach
    }

    /// Whether rows of `resource` may be seen at all.
    pub fn may_see(&self, resource: Resource) -> bool {
        self.grant.allows(Action::See, resource)
    }

    /// Whether the viewer may do that.
    pub fn is_permitted(&self, permission: Permission) -> bool {
        match permission {
            Permission::Open => true,
            Permission::SignedIn => self.grant.is_anybody(),
            Permission::See(it) => self.grant.allows(Action::See, it),
            Permission::Change(it) => self.grant.allows(Action::Change, it),
            Permission::Export(it) => self.grant.allows(Action::Export, it),
        }
    }

    /// The class for which rows are withheld from who may not see them.
    pub fn class_of_rows(&self, resource: Resource) -> Class {
        self.grant.class_of_rows(resource)
    }

    /// The class for which a field of a visible row is withheld; none when it is shown.
    pub fn withheld(&self, resource: Resource, field: &str) -> Option<Class> {
        self.grant.withheld(resource, field)
    }

    /// Whether a place, by the names of its city and county, lies in the viewer's part of the state.
    pub fn covers(&self, city: Option<&str>, county: Option<&str>) -> bool {
        self.reach.covers(city, county)
    }
}

impl std::fmt::Display for Permission {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Open => f.write_str("open"),
            Self::SignedIn => f.write_str("signed in"),
            Self::See(it) => write!(f, "see {it}"),
            Self::Change(it) => write!(f, "change {it}"),
            Self::Export(it) => write!(f, "export {it}"),
        }
    }
}

impl Reach {
    /// Whether a place, by the names of its city and county, lies in it; an unknown place lies in the state alone.
    pub fn covers(&self, city: Option<&str>, county: Option<&str>) -> bool {
        let is = |name: &str, it: Option<&str>| it.is_some_and(|it| it.eq_ignore_ascii_case(name));
        match self {
            Self::State => true,
            Self::County(name) => is(name, county),
            Self::City(name) => is(name, city),
        }
    }

    /// Reads `state`, `county:Hennepin` or `city:Duluth`.
    ///
    /// # Errors
    /// It is none of these; the text says what would be right.
    pub fn parse(text: &str) -> Result<Self, String> {
        match text.split_once(':').map(|(class, name)| (class.trim(), name.trim())) {
            None if text.trim() == "state" => Ok(Self::State),
            Some(("county", name)) if !name.is_empty() => Ok(Self::County(name.to_owned())),
            Some(("city", name)) if !name.is_empty() => Ok(Self::City(name.to_owned())),
            _ => Err(format!("`{text}` is no area; give state, county:NAME or city:NAME")),
        }
    }
}

impl std::fmt::Display for Reach {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::State => f.write_str("state"),
            Self::County(name) => write!(f, "county:{name}"),
            Self::City(name) => write!(f, "city:{name}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_area_goes_into_text_and_comes_back() {
        for reach in [Reach::State, Reach::County("St. Louis".to_owned()), Reach::City("Duluth".to_owned())] {
            assert_eq!(Reach::parse(&reach.to_string()).unwrap(), reach);
        }
        assert!(Reach::parse("county:").unwrap_err().contains("county:NAME"));
        assert!(Reach::parse("everywhere").is_err());
    }

    #[test]
    fn a_place_is_covered_by_name_in_any_case_and_an_unknown_one_only_by_the_state() {
        let county = Viewer::operator().within(Reach::County("Hennepin".to_owned()));
        let city = Viewer::operator().within(Reach::City("Duluth".to_owned()));

        assert!(county.covers(Some("Edina"), Some("HENNEPIN")) && !county.covers(Some("Hennepin"), None));
        assert!(city.covers(Some("duluth"), None) && !city.covers(None, Some("Duluth")));
        assert!(Viewer::operator().covers(None, None));
    }

    #[test]
    fn nobody_may_do_anything_but_what_is_open() {
        let nobody = Viewer::nobody();

        assert!(nobody.is_permitted(Permission::Open));
        assert!(!nobody.is_permitted(Permission::SignedIn));
        assert!(Resource::ALL.iter().all(|it| !nobody.may_see(*it)));
    }
}
