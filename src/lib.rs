//! FOCA ("Focusing on Criminal Activity"): one honest picture of every adult-oriented business in a state.

pub mod accounts;
pub mod app;
pub mod areas;
pub mod cli;
pub mod clock;
pub mod complaints;
pub mod config;
pub mod db;
pub mod formats;
pub mod geo;
pub mod health;
pub mod imports;
pub mod incidents;
pub mod inspections;
pub mod knowledge;
pub mod licenses;
pub mod linking;
pub mod records;
pub mod rights;
pub mod routes;
pub mod scoring;
pub mod server;
pub mod sites;
pub mod standing;
pub mod text;
pub mod web;
