//! The page around every fragment: head, top bar, strip, landmarks.

use maud::{DOCTYPE, Markup, html};

/// Which part of FOCA a page belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Nav {
    /// The map.
    Map,
    /// Sites.
    Sites,
    /// Licenses, inspections, complaints, incidents.
    Records,
    /// Imports.
    Imports,
}

/// A page on its way to becoming markup.
#[derive(Clone, Debug)]
pub struct Page {
    title: String,
    demo: bool,
    nav: Option<Nav>,
    scores: bool,
    full: bool,
    crumbs: Vec<(String, String)>,
}

impl Page {
    /// A page with a title; `demo` when the data are invented.
    pub fn new(title: &str, demo: bool) -> Self {
        Self { title: title.to_owned(), demo, nav: None, scores: false, full: false, crumbs: Vec::new() }
    }

    /// Marks the part that the page belongs to.
    pub fn nav(mut self, nav: Nav) -> Self {
        self.nav = Some(nav);
        self
    }

    /// The page shows scores: the standing sentence stands over it.
    pub fn scores(mut self) -> Self {
        self.scores = true;
        self
    }

    /// The fragment takes the whole window, as the map does.
    pub fn full(mut self) -> Self {
        self.full = true;
        self
    }

    /// The way back: label and address of each page above this one.
    pub fn crumbs(mut self, crumbs: Vec<(String, String)>) -> Self {
        self.crumbs = crumbs;
        self
    }

    /// The whole page around `fragment`.
    pub fn show(&self, fragment: Markup) -> Markup {
        html! {
            (DOCTYPE)
            html lang="en" {
                head {
                    meta charset="utf-8";
                    meta name="viewport" content="width=device-width, initial-scale=1";
                    title { (self.title) " · FOCA" }
                }
                body {
                    @if self.demo {
                        p { "Demonstration data. Every business, person and event shown here is invented." }
                    }
                    main { (fragment) }
                }
            }
        }
    }
}
