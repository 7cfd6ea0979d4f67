//! Puts the limits of a viewer into a statement. A statement calls a site `s`, a party `p`, a record `r`, a link or
//! standing `l` and an application `a`.

use super::held::MARK;
use super::{Reach, Resource, Viewer};
use crate::db::Query;

// A record lies where the site lies that it counts for; one that counts for none lies in the city that it names.
macro_rules! record_within {
    ($table:literal, $site:literal, $own:literal) => {
        concat!(
            "(EXISTS (SELECT 1 FROM link within_l JOIN site within_s ON within_s.id = within_l.site_id ",
            "AND within_s.superseded_at IS NULL WHERE within_l.record_id = r.id AND within_l.record_kind = '",
            $table,
            "' AND within_l.superseded_at IS NULL AND ",
            $site,
            ") OR (",
            $own,
            " AND NOT EXISTS (SELECT 1 FROM link ",
            "within_l WHERE within_l.record_id = r.id AND within_l.record_kind = '",
            $table,
            "' AND within_l.superseded_at IS NULL AND within_l.site_id IS NOT NULL)))"
        )
    };
}

macro_rules! record_fragments {
    ($table:literal) => {
        Fragments {
            county: record_within!(
                $table,
                "lower(within_s.county) = ?",
                "lower(r.city) IN (SELECT lower(name) FROM area WHERE class = 'city' AND lower(county) = ?)"
            ),
            city: record_within!(
                $table,
                "lower(coalesce(within_s.city_area, within_s.city)) = ?",
                "lower(r.city) = ?"
            ),
        }
    };
}

/// What limits the rows of a resource to a county or a city; each `?` is its name in lower case.
struct Fragments {
    county: &'static str,
    city: &'static str,
}

const SITE: Fragments =
    Fragments { county: "lower(s.county) = ?", city: "lower(coalesce(s.city_area, s.city)) = ?" };

const OF_SITE: Fragments = Fragments {
    county: "l.site_id IN (SELECT id FROM site WHERE superseded_at IS NULL AND lower(county) = ?)",
    city: "l.site_id IN (SELECT id FROM site WHERE superseded_at IS NULL AND lower(coalesce(city_area, city)) = ?)",
};

// A party is seen through the sites that it, or a party joined into it, stands or stood behind.
macro_rules! party_within {
    ($site:literal) => {
        concat!(
            "EXISTS (SELECT 1 FROM party_role within_h JOIN site within_s ON within_s.superseded_at IS NULL ",
            "AND (within_s.id = within_h.site_id ",
            "OR (within_h.site_id IS NULL AND within_s.building_id = within_h.building_id)) ",
            "WHERE within_h.superseded_at IS NULL AND (within_h.party_id = p.id OR within_h.party_id IN ",
            "(SELECT id FROM party WHERE superseded_at IS NULL AND joined_into = p.id)) AND ",
            $site,
            ")"
        )
    };
}

const PARTY: Fragments = Fragments {
    county: party_within!("lower(within_s.county) = ?"),
    city: party_within!("lower(coalesce(within_s.city_area, within_s.city)) = ?"),
};

// Both ends must lie in it: what is known of a site outside is not told by way of one inside.
macro_rules! both_ends_within {
    ($site:literal) => {
        concat!(
            "(EXISTS (SELECT 1 FROM site within_s WHERE within_s.id = l.from_site AND within_s.superseded_at IS NULL AND ",
            $site,
            ") AND EXISTS (SELECT 1 FROM site within_s WHERE within_s.id = l.to_site AND within_s.superseded_at IS NULL AND ",
            $site,
            "))"
        )
    };
}

const SUCCESSION: Fragments = Fragments {
    county: both_ends_within!("lower(within_s.county) = ?"),
    city: both_ends_within!("lower(coalesce(within_s.city_area, within_s.city)) = ?"),
};

// An application lies where its site lies; one without a site lies in the city that it names.
const APPLICATION: Fragments = Fragments {
    county: "(a.site_id IN (SELECT id FROM site WHERE superseded_at IS NULL AND lower(county) = ?) OR (a.site_id IS NULL \
        AND lower(a.city) IN (SELECT lower(name) FROM area WHERE class = 'city' AND lower(county) = ?)))",
    city: "(a.site_id IN (SELECT id FROM site WHERE superseded_at IS NULL AND lower(coalesce(city_area, city)) = ?) \
        OR (a.site_id IS NULL AND lower(a.city) = ?))",
};

impl Query {
    /// Appends what `viewer` may see of `resource`: without the right `AND false`, else the viewer's part of the state.
    /// The statement so far must end in a `WHERE` clause, if only `WHERE true`.
    pub fn limited(self, viewer: &Viewer, resource: Resource) -> Self {
        if !viewer.may_see(resource) {
            return self.then("AND false");
        }
        let fragments = match resource {
            Resource::Site => SITE,
            Resource::Party => PARTY,
            Resource::License => record_fragments!("license"),
            Resource::Inspection => record_fragments!("inspection"),
            Resource::Complaint | Resource::Complainant => record_fragments!("complaint"),
            Resource::Incident => record_fragments!("incident"),
            Resource::Link | Resource::Finding | Resource::Standing => OF_SITE,
            Resource::Succession => SUCCESSION,
            Resource::Application => APPLICATION,
            // These belong to no place.
            Resource::Area
            | Resource::Place
            | Resource::Import
            | Resource::DeniedPlace
            | Resource::Look
            | Resource::Account
            | Resource::Audit => return self,
        };
        match viewer.reach() {
            Reach::State => self,
            Reach::County(name) => self.and(fragments.county, Some(name.to_ascii_lowercase())),
            Reach::City(name) => self.and(fragments.city, Some(name.to_ascii_lowercase())),
        }
    }

    /// Appends `column` (`r.note`, or an expression with its name at the end), or in its place the class for which it is withheld from `viewer`.
    pub fn held(self, viewer: &Viewer, resource: Resource, column: &'static str) -> Self {
        let field = column.rsplit(['.', ' ']).next().unwrap_or(column);
        match viewer.withheld(resource, field) {
            Some(class) => self.value(format!("{MARK}{class}")).then("AS").then(field),
            None => self.then(column),
        }
    }
}
