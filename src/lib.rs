//! FOCA ("Focusing on Criminal Activity"): one honest picture of every adult-oriented business in a state.
//!
//! # One way through the house
//!
//! Files and forms become records ([`imports`], or a person at a form). [`linking`] says which site a record belongs
//! to and how sure that is; what is likely and not sure waits in [`review`] for a person, whose word stands. [`scoring`], pure and as of a date, turns a site's records into points with reasons;
//! [`standing`] keeps the result fresh and ranks sites within their kind. Everything that people see, map,
//! dossier, lists and [`exports`], reads from there. What a visit finds are the next records.
//!
//! # Code map
//!
//! **Kit**, which knows no noun of the field: [`config`] every setting · [`clock`] the time, and `Moment` ·
//! [`geo`] distances, rings, polygons, coordinate systems · [`text`] addresses and names · [`db`] the seam over SQLite
//! and PostgreSQL · [`knowledge`] the files of `data/` · [`formats`] CSV, GeoJSON, NDJSON, GeoPackage, shapefiles, in and out ·
//! [`rights`] who may see what · [`web`] errors, extractors, layout.
//!
//! **Slices**, each a noun, importing only the kit and slices to its left: [`records`] (what all kinds of record
//! share) · [`audit`] what people did and saw · [`accounts`] who they are · [`areas`] · [`denied`] places that may not be
//! kept · [`sites`] · [`places`] schools, parks, residences and the like, with outlines · [`parties`] · [`licenses`] ·
//! [`inspections`] · [`complaints`] · [`incidents`] · [`linking`] · [`matching`] · [`scoring`] · [`standing`] ·
//! [`review`] · [`unlisted`] · [`successions`] · [`applications`] the licensing desk · map · [`exports`] · [`network`] · [`dossier`] · [`imports`] · demo.
//! In each: `mod.rs` types and rules, pure · `store.rs` SQL · `pages.rs` handlers · `views.rs` markup · `api.rs` JSON.
//!
//! **Edge**: [`app`] what a running FOCA holds · [`routes`] every URL, a line each · [`gate`] who may pass · [`server`] ·
//! [`cli`] · [`health`].
//!
//! # Invariants
//!
//! - A function of a store that reads takes a [`rights::Viewer`] and limits what it selects; without the right there is no
//!   row, and in a snapshot neither.
//! - Every request passes [`gate`]; what is read of protected rows, refused, changed or taken out is logged in the same
//!   transaction, or does not happen.
//! - Free text passes `text::guard`, places pass [`denied`], before anything is saved.
//! - SQL is written once, for both engines; only [`db`] names a driver.
//! - Records never change their past: a correction is a further version.
//! - Nothing here is about a victim or scores a person: there is no table and no type that could hold one.
//! - What comes from outside is a row in the reject report or a sentence on the page, never a panic.
//! - Time and randomness are arguments.
//!
//! `tests/foca/architecture.rs` holds the imports against this page.

pub mod accounts;
pub mod app;
pub mod applications;
pub mod areas;
pub mod audit;
pub mod cli;
pub mod clock;
pub mod complaints;
pub mod compliance;
pub mod config;
pub mod db;
pub mod demo;
pub mod denied;
pub mod dossier;
pub mod exports;
pub mod formats;
pub mod gate;
pub mod geo;
pub mod health;
pub mod imports;
pub mod incidents;
pub mod inspections;
pub mod knowledge;
pub mod licenses;
pub mod linking;
pub mod map;
pub mod matching;
pub mod network;
pub mod parties;
pub mod places;
pub mod records;
pub mod review;
pub mod rights;
pub mod routes;
pub mod scoring;
pub mod server;
pub mod sites;
pub mod standing;
pub mod successions;
pub mod text;
pub mod unlisted;
pub mod web;
