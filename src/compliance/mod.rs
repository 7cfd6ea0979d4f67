//! Compliance: which rules each site breaks, since when, by which measure, with the citation.
//!
//! [`packs`] reads law as data ([`pack`], [`kind`]) → [`read`] gathers what is known of sites on a day ([`known`]) and
//! [`ground`] what surrounds them → [`judge`], pure, makes a [`finding::Finding`] of each rule → [`store`] keeps findings
//! with their history. A rule whose law is contested or unverified never yields a violation: see [`pack::Pack::breach`].

pub mod dispute;
pub mod dispute_pages;
pub mod dispute_store;
pub mod example_picture;
pub mod exhibit;
pub mod exhibit_plane;
pub mod facts;
pub mod facts_pages;
pub mod facts_store;
pub mod facts_views;
pub mod filter;
pub mod finding;
pub mod finding_page_views;
pub mod finding_pages;
pub mod finding_views;
pub mod ground;
pub mod hours;
pub mod job;
pub mod judge;
pub mod kind;
mod kind_file;
pub mod known;
pub mod law_list_views;
pub mod law_pages;
pub mod law_views;
pub mod law_words;
pub mod list_pages;
pub mod list_views;
pub mod measuring;
pub mod neighbors;
pub mod pack;
mod pack_file;
pub mod packs;
pub mod read;
mod spreading;
pub mod store;
pub mod threshold;
pub mod what_if;
pub mod what_if_pages;
pub mod what_if_picture;
pub mod what_if_spot;
pub mod what_if_views;

#[cfg(test)]
mod tests;
