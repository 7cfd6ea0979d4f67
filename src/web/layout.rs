//! The page around every fragment: head, skip link, top bar, strip, the way back, main, footer, the phone's tabs.

use maud::{DOCTYPE, Markup, PreEscaped, html};

use super::assets;
use super::ui::{Icon, STANDING_SENTENCE, crumbs, icon, standing_sentence};
use crate::rights::{Permission, Resource, Viewer};

use Permission::{Change, See};

/// Which part of FOCA a page belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Nav {
    /// The map.
    Map,
    /// Sites.
    Sites,
    /// Who stands behind sites.
    Parties,
    /// Findings, and the rules of law that make them.
    Findings,
    /// The licensing desk.
    Desk,
    /// Licenses, inspections, complaints, incidents.
    Records,
    /// Links of which no model is sure.
    Review,
    /// Imports.
    Imports,
    /// The people who may sign in.
    People,
    /// The log of what people did.
    Log,
    /// One's own account.
    Profile,
}

/// A part of FOCA in the bar.
#[derive(Debug)]
struct Part {
    nav: Nav,
    href: &'static str,
    words: &'static str,
    sign: Icon,
    /// Who may do this sees the part.
    needs: Permission,
}

/// In the order of the bar.
const PARTS: [Part; 10] = [
    part(Nav::Map, "/map", "Map", Icon::Pin, See(Resource::Site)),
    part(Nav::Sites, "/sites", "Sites", Icon::Site, See(Resource::Site)),
    part(Nav::Parties, "/parties", "Parties", Icon::People, See(Resource::Party)),
    part(Nav::Findings, "/findings", "Findings", Icon::Scales, See(Resource::Finding)),
    // Who only sees applications finds them at the license.
    part(Nav::Desk, "/desk", "Desk", Icon::License, Change(Resource::Application)),
    part(Nav::Records, "/records", "Records", Icon::Records, See(Resource::License)),
    // Who only sees links finds them at the records; here is work for who may change them.
    part(Nav::Review, "/review", "Review", Icon::Link, Change(Resource::Link)),
    part(Nav::Imports, "/imports", "Imports", Icon::Upload, See(Resource::Import)),
    part(Nav::People, "/people", "People", Icon::People, See(Resource::Account)),
    part(Nav::Log, "/log", "Log", Icon::Lock, See(Resource::Audit)),
];

const fn part(nav: Nav, href: &'static str, words: &'static str, sign: Icon, needs: Permission) -> Part {
    Part { nav, href, words, sign, needs }
}

/// The address at which a viewer begins: the first part of the bar, or else the own account.
pub fn home_of(viewer: &Viewer) -> &'static str {
    parts_of(viewer).next().map_or("/profile", |it| it.href)
}

fn parts_of(viewer: &Viewer) -> impl Iterator<Item = &'static Part> {
    PARTS.iter().filter(|it| viewer.is_permitted(it.needs))
}

/// A ring, a point and a measured line.
const MARK: &str = r##"<svg viewBox="0 0 26 26" fill="none" aria-hidden="true"><circle cx="13" cy="13" r="10.5" stroke="#59b9de" stroke-width="2" stroke-dasharray="3.3 2.2"/><path d="M13 13 20.4 5.6" stroke="currentColor" stroke-width="2" stroke-linecap="round"/><path d="M13 8.8 17.2 13 13 17.2 8.8 13z" fill="currentColor"/></svg>"##;

/// A page on its way to becoming markup.
#[derive(Clone, Debug)]
pub struct Page {
    title: String,
    demo: bool,
    nav: Option<Nav>,
    scores: bool,
    full: bool,
    door: bool,
    crumbs: Vec<(String, String)>,
    modules: Vec<&'static str>,
    styles: Vec<&'static str>,
    printed: Vec<String>,
    viewer: Option<Viewer>,
    idle_minutes: i64,
    waiting: Option<i64>,
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
            door: false,
            crumbs: Vec::new(),
            modules: Vec::new(),
            styles: Vec::new(),
            printed: Vec::new(),
            viewer: None,
            idle_minutes: 0,
            waiting: None,
        }
    }

    /// Who looks at it: the bar offers what this viewer may open. The page hides its content after so many minutes
    /// without a key or a click.
    pub fn seen_by(mut self, viewer: Option<Viewer>, idle_minutes: i64) -> Self {
        (self.viewer, self.idle_minutes) = (viewer, idle_minutes);
        self
    }

    /// How many links wait for a person, where the viewer may decide about them.
    pub fn waiting(mut self, n: Option<i64>) -> Self {
        self.waiting = n;
        self
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

    /// The page stands before the way in: FOCA's mark over it, and no bar.
    pub fn door(mut self) -> Self {
        self.door = true;
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
                body.full[self.full].door[self.door] data-idle-minutes=[self.viewer.as_ref().map(|_| self.idle_minutes)] {
                    a.usa-skipnav href="#main" { "Skip to the content" }
                    @if !self.door { (self.bar()) }
                    (self.strip())
                    @if self.door {
                        main.at-door #main tabindex="-1" {
                            div.logo { (mark()) span { "FOCA" } }
                            (fragment)
                        }
                    } @else if self.full {
                        main.full #main tabindex="-1" { (fragment) }
                    } @else {
                        main.page #main tabindex="-1" { (crumbs(&self.crumbs)) (fragment) }
                        (footer())
                    }
                    (self.tabs())
                    (self.keys())
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
                a.brand href="/" { (mark()) span { "FOCA" } }
                @if let Some(viewer) = &self.viewer {
                    nav aria-label="Main" {
                        @for it in parts_of(viewer) {
                            a href=(it.href) aria-current=[self.current(it.nav)] { (it.words) (self.waiting_at(it.nav)) }
                        }
                    }
                    @if viewer.may_see(Resource::Site) { (search()) } @else { span.search {} }
                    a.me href="/profile" aria-current=[self.current(Nav::Profile)] {
                        (icon(Icon::Person))
                        span { (viewer.name()) span.role { (viewer.role_title()) } }
                    }
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
            @if let Some(viewer) = &self.viewer {
                nav.tabbar aria-label="Main, at the thumb" {
                    @for it in parts_of(viewer) {
                        a href=(it.href) aria-current=[self.current(it.nav)] { (icon(it.sign)) (it.words) }
                    }
                    a href="/profile" aria-current=[self.current(Nav::Profile)] { (icon(Icon::Person)) "You" }
                }
            }
        }
    }

    /// The list of keys, which `app.js` opens with `?`.
    fn keys(&self) -> Markup {
        let own: &[(&str, &str)] = if self.nav == Some(Nav::Review) { &REVIEW_KEYS } else { &[] };
        html! {
            dialog.keys #keys aria-labelledby="keys-title" {
                h2 #keys-title { "Keys" }
                dl.kv {
                    @for (key, what) in own.iter().chain(&KEYS) {
                        dt { @for one in key.split(' ') { kbd { (one) } " " } } dd { (what) }
                    }
                }
                label.usa-label for="keys-on" { input type="checkbox" id="keys-on" checked; " Single keys act outside fields" }
                form method="dialog" { button.usa-button.neutral { "Close" } }
            }
        }
    }

    /// The number beside a part; more than 99 are `99+`.
    fn waiting_at(&self, part: Nav) -> Markup {
        let n = self.waiting.filter(|n| part == Nav::Review && *n > 0);
        html! {
            @if let Some(n) = n {
                " " span.n { @if n > 99 { "99+" } @else { (n) } span.usa-sr-only { " waiting" } }
            }
        }
    }

    fn current(&self, part: Nav) -> Option<&'static str> {
        (self.nav == Some(part)).then_some("page")
    }
}

/// A ring, a point and a measured line, in the colors of the text around it.
pub fn mark() -> Markup {
    PreEscaped(MARK.to_owned())
}

fn search() -> Markup {
    html! {
        form.search role="search" aria-label="All sites" action="/sites" method="get" {
            (icon(Icon::Search))
            input type="search" name="q" id="search" aria-label="Search sites by name, address or license"
                placeholder="Name, address or license" autocomplete="off";
            kbd aria-hidden="true" { "/" }
        }
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

const KEYS: [(&str, &str); 10] = [
    ("/", "Search"),
    ("G M", "Map"),
    ("G S", "Sites"),
    ("G D", "Desk"),
    ("G R", "Records"),
    ("G V", "Review"),
    ("G I", "Imports"),
    ("G P", "People"),
    ("G L", "Log"),
    ("?", "These keys"),
];

/// The keys of the review queue.
const REVIEW_KEYS: [(&str, &str); 8] = [
    ("S", "Same site"),
    ("D", "Not this site"),
    ("N", "New site"),
    ("P", "Split the site"),
    ("L", "Decide later"),
    ("1 9", "Candidate"),
    ("J K", "Next, previous"),
    ("U", "Undo"),
];

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
        let page =
            Page::new("<script>x", true).seen_by(Some(Viewer::operator()), 30).nav(Nav::Map).scores().full();
        let page = page.show(html! {}).into_string();

        assert_eq!(
            page.matches("<script").count(),
            page.matches(r#"<script type="module" src="/static/"#).count()
        );
        assert!(page.contains(r#"aria-current="page""#));
    }

    #[test]
    fn the_bar_offers_what_the_viewer_may_open_and_nothing_at_the_door() {
        let door = Page::new("Sign in", false).show(html! {}).into_string();
        let nobody = Page::new("x", false).seen_by(Some(Viewer::nobody()), 30).show(html! {}).into_string();

        assert!(!door.contains("/imports") && !door.contains("/profile"), "{door}");
        assert!(nobody.contains("/profile") && !nobody.contains(r#"href="/map""#), "{nobody}");
        assert_eq!((home_of(&Viewer::operator()), home_of(&Viewer::nobody())), ("/map", "/profile"));
    }
}
