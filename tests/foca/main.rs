//! Drives FOCA as its users do, on both engines; a file per slice, and `architecture` for the shape of the house.

#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "in a test a panic is the report")]

mod applications;
mod architecture;
mod attacks;
mod audit;
mod backup;
mod compliance;
mod compliance_pages;
mod denied;
mod dossier;
mod exports;
mod findings;
mod forms;
mod full;
mod gate;
mod guard;
mod guarded;
mod harm;
#[allow(dead_code, reason = "the harness offers what a test of any slice may need")]
mod harness;
mod imports;
mod killed;
mod map;
mod merging;
mod migrations;
mod naughty;
mod offenses;
mod parties;
mod places;
mod profiles;
mod registers;
mod review;
mod rights;
mod seam;
mod shapefiles;
mod sign_in;
mod standing;
mod streets;
mod successions;
mod transport;
mod unlisted;
mod uploads;
mod urls;
mod what_if;
