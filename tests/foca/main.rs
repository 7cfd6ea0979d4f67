//! Drives FOCA as its users do, on both engines; a file per slice, and `architecture` for the shape of the house.

mod architecture;
#[allow(dead_code, reason = "the harness offers what a test of any slice may need")]
mod harness;
mod migrations;
mod seam;
