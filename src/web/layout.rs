//! The page around every fragment: head, skip link, top bar, strip, the way back, main, footer, the phone's tabs.

use maud::{DOCTYPE, Markup, PreEscaped, html};

use super::assets;
use super::ui::{Icon, STANDING_SENTENCE, crumbs, icon, standing_sentence};

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

/// Part, address, words, icon; in the order of the bar.
const PARTS: [(Nav, &str, &str, Icon); 4] = [
    (Nav::Map, "/map", "Map", Icon::Pin),
    (Nav::Sites, "/sites", "Sites", Icon::Site),
    (Nav::Records, "/records", "Records", Icon::Records),
    (Nav::Imports, "/imports", "Imports", Icon::Upload),
];

/// A ring, a point and a measured line.
const MARK: &str = r##"<svg viewBox="0 0 26 26" fill="none" aria-hidden="true"><circle cx="13" cy="13" r="10.5" stroke="#59b9de" stroke-width="2" stroke-dasharray="3.3 2.2"/><path d="M13 13 20.4 5.6" stroke="#fff" stroke-width="2" stroke-linecap="round"/><path d="M13 8.8 17.2 13 13 17.2 8.8 13z" fill="#fff"/></svg>"##;

/// A page on its way to becoming markup.
#[derive(Clone, Debug)]
pub struct Page {
    title: String,
    demo: bool,
    nav: Option<Nav>,
    scores: bool,
    full: bool,
    crumbs: Vec<(String, String)>,
    modules: Vec<&'static str>,
    styles: Vec<&'static str>,
    printed: Vec<String>,
}

impl Page {
    /// A page with a title; `demo` when the data are invented.
    pub fn new(title: &str, demo: bool) -> Self {
        Self {
            title: title.to_owned(),
            demo,
            nav: None,
            scores: false,
            full: false,
            crumbs: Vec::new(),
            modules: Vec::new(),
            styles: Vec::new(),
            printed: Vec::new(),
        }
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

    /// An ES module that this page loads beside `app.js`, such as `map/page.js`.
    pub fn module(mut self, name: &'static str) -> Self {
        self.modules.push(name);
        self
    }

    /// A style sheet that this page loads before ours, such as `maplibre-gl.css`.
    pub fn style(mut self, name: &'static str) -> Self {
        self.styles.push(name);
        self
    }

    /// Who has the page, and of when it is: stands at the foot of each sheet of paper.
    pub fn printed(mut self, who: &str, when: &str) -> Self {
        self.printed = vec![format!("Printed by {who}"), when.to_owned()];
        self
    }

    /// The foot of each sheet. Only a rule of the style sheet reaches it, and what it says must stand in the rule.
    fn paper(&self) -> String {
        let mut words = self.printed.clone();
        words.extend(self.scores.then(|| STANDING_SENTENCE.to_owned()));
        words.extend(self.demo.then(|| "Demonstration data".to_owned()));
        let words = words.join(" · ").replace(['"', '\\', '<', '\n'], " ");
        format!("@page {{ @bottom-left {{ content: \"{words}\"; font: 8pt \"Public Sans\", sans-serif; }} }}")
    }

    /// The whole page around `fragment`.
    #[expect(clippy::needless_pass_by_value, reason = "a page is built and shown in one expression")]
    pub fn show(&self, fragment: Markup) -> Markup {
        html! {
            (DOCTYPE)
            html lang="en" {
                (self.head())
                body.full[self.full] {
                    a.usa-skipnav href="#main" { "Skip to the content" }
                    (self.bar())
                    (self.strip())
                    @if self.full {
                        main.full #main tabindex="-1" { (fragment) }
                    } @else {
                        main.page #main tabindex="-1" { (crumbs(&self.crumbs)) (fragment) }
                        (footer())
                    }
                    (self.tabs())
                    (keys())
                }
            }
        }
    }

    fn head(&self) -> Markup {
        html! {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light";
                title { (self.title) " · FOCA" }
                link rel="icon" href="data:,";
                @for name in &self.styles { link rel="stylesheet" href=(assets::url(name)); }
                @if !assets::missing() { link rel="stylesheet" href=(assets::url("foca.css")); }
                script type="module" src=(assets::url("app.js")) {}
                style media="print" { (PreEscaped(self.paper())) }
                @for name in &self.modules { script type="module" src=(assets::url(name)) {} }
            }
        }
    }

    fn bar(&self) -> Markup {
        html! {
            header.bar {
                a.brand href="/map" { (PreEscaped(MARK)) span { "FOCA" } }
                nav aria-label="Main" {
                    @for (part, href, words, _) in PARTS { a href=(href) aria-current=[self.current(part)] { (words) } }
                }
                form.search role="search" aria-label="All sites" action="/sites" method="get" {
                    (icon(Icon::Search))
                    input type="search" name="q" id="search" aria-label="Search sites by name, address or license"
                        placeholder="Name, address or license" autocomplete="off";
                    kbd aria-hidden="true" { "/" }
                }
            }
        }
    }

    fn strip(&self) -> Markup {
        html! {
            @if self.demo || self.scores {
                aside.strip.plain[!self.demo] aria-label="About these data" {
                    @if self.demo {
                        (icon(Icon::Info))
                        span {
                            b { "Demonstration data." }
                            span.more { " Every business, person and event shown here is invented." }
                        }
                        span.short { "all invented" }
                    }
                    @if self.scores { (standing_sentence()) }
                }
            }
        }
    }

    fn tabs(&self) -> Markup {
        html! {
            nav.tabbar aria-label="Main, at the thumb" {
                @for (part, href, words, sign) in PARTS {
                    a href=(href) aria-current=[self.current(part)] { (icon(sign)) (words) }
                }
            }
        }
    }

    fn current(&self, part: Nav) -> Option<&'static str> {
        (self.nav == Some(part)).then_some("page")
    }
}

fn footer() -> Markup {
    html! {
        footer.foot {
            span { "FOCA " (env!("CARGO_PKG_VERSION")) }
            span { "Counties: U.S. Census Bureau · Places: GeoNames, CC BY 4.0" }
        }
    }
}

/// The list of keys, which `app.js` opens with `?`.
fn keys() -> Markup {
    const KEYS: [(&str, &str); 6] = [
        ("/", "Search"),
        ("G M", "Map"),
        ("G S", "Sites"),
        ("G R", "Records"),
        ("G I", "Imports"),
        ("?", "These keys"),
    ];
    html! {
        dialog.keys #keys aria-labelledby="keys-title" {
            h2 #keys-title { "Keys" }
            dl.kv {
                @for (key, what) in KEYS { dt { @for one in key.split(' ') { kbd { (one) } " " } } dd { (what) } }
            }
            label.usa-label for="keys-on" { input type="checkbox" id="keys-on" checked; " Single keys act outside fields" }
            form method="dialog" { button.usa-button.neutral { "Close" } }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SENTENCE: &str = "Triage aid: not evidence, not probable cause";

    #[test]
    fn every_page_of_the_demonstration_says_so() {
        let page = Page::new("Sites", true).show(html! { p { "412 sites" } }).into_string();

        assert!(page.contains("<b>Demonstration data.</b>"));
        assert!(page.contains(" Every business, person and event shown here is invented."));
        assert!(!Page::new("Sites", false).show(html! {}).into_string().contains("Demonstration"));
    }

    #[test]
    fn a_page_with_scores_carries_the_standing_sentence() {
        let page = |page: Page| page.show(html! {}).into_string();

        assert!(page(Page::new("Map", false).scores()).contains(SENTENCE));
        assert!(!page(Page::new("Imports", false)).contains(SENTENCE));
    }

    #[test]
    fn nothing_on_a_page_is_inline_script() {
        let page = Page::new("<script>x", true).nav(Nav::Map).scores().full().show(html! {}).into_string();

        assert_eq!(
            page.matches("<script").count(),
            page.matches(r#"<script type="module" src="/static/"#).count()
        );
        assert!(page.contains(r#"aria-current="page""#));
    }
}
