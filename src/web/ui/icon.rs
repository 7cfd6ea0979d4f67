//! Line icons, 16 by 16, in the color of the text around them.

use maud::{Markup, PreEscaped, html};

macro_rules! icons {
    ($($(#[doc = $doc:literal])+ $name:ident => $body:literal,)+) => {
        /// What an icon shows. It always stands beside its word, so it is hidden from screen readers.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Icon {
            $($(#[doc = $doc])+ $name,)+
        }

        impl Icon {
            fn body(self) -> &'static str {
                match self {
                    $(Self::$name => $body,)+
                }
            }
        }
    };
}

icons! {
    /// Search.
    Search => r#"<circle cx="7" cy="7" r="4.5"/><path d="M10.5 10.5 14 14"/>"#,
    /// Information.
    Info => r#"<circle cx="8" cy="8" r="6"/><path d="M8 7.4v3.6M8 5v.1"/>"#,
    /// Scales: what is for lawyers to weigh, and the standing sentence.
    Scales => r#"<path d="M8 2v12M4.8 14h6.4M3 4.2h10M3 4.2 1.2 9h3.6zM13 4.2 11.2 9h3.6zM1.2 9a1.9 1.9 0 0 0 3.6 0M11.2 9a1.9 1.9 0 0 0 3.6 0"/>"#,
    /// A triangle: something to mend.
    Warning => r#"<path d="M8 2 14.6 13.6H1.4zM8 6.4v3.4M8 11.7v.1"/>"#,
    /// A check.
    Check => r#"<path d="m3 8.5 3.2 3.2L13 5"/>"#,
    /// A cross: take away or close.
    Close => r#"<path d="m4 4 8 8M12 4l-8 8"/>"#,
    /// Plus: add.
    Add => r#"<path d="M8 3v10M3 8h10"/>"#,
    /// An arrow into a tray: download.
    Download => r#"<path d="M8 2v8M4.8 7 8 10.2 11.2 7M2.5 13.5h11"/>"#,
    /// An arrow to a line: import.
    Upload => r#"<path d="M8 14V5M4.5 8 8 4.5 11.5 8M3 2h10"/>"#,
    /// A pin: map or place.
    Pin => r#"<path d="M8 14.3s4.6-4.2 4.6-7.8a4.6 4.6 0 0 0-9.2 0c0 3.6 4.6 7.8 4.6 7.8z"/><circle cx="8" cy="6.4" r="1.6"/>"#,
    /// A building: sites.
    Site => r#"<path d="M3 14V3.6L9.4 2v12M9.4 6H13v8M1.6 14h12.8M5.4 5.4h1.6M5.4 8h1.6M5.4 10.6h1.6"/>"#,
    /// Sheets: records.
    Records => r#"<path d="M5.4 4V1.8h8V12H11M2.6 4H11v10.2H2.6zM5 7.4h3.6M5 10.2h3.6"/>"#,
    /// A license: a sheet with lines.
    License => r#"<path d="M4 1.8h5.5L12.5 5v9.2h-8.5z"/><path d="M9.3 2v3.2h3M6 8h4.5M6 10.7h4.5"/>"#,
    /// An inspection: a clipboard.
    Inspection => r#"<rect x="3" y="3" width="10" height="11.3" rx="1"/><path d="M6 3V1.7h4V3M5.7 8.6l1.6 1.7 3-3.4"/>"#,
    /// A complaint: a speech bubble.
    Complaint => r#"<path d="M2 3h12v8H8l-3.2 2.8V11H2z"/><path d="M5 6h6M5 8.3h4"/>"#,
    /// An incident: a shield.
    Incident => r#"<path d="M8 1.7 13 3.5v4c0 3.4-2.2 5.6-5 6.8-2.8-1.2-5-3.4-5-6.8v-4z"/>"#,
    /// A clock: due, or as of.
    Clock => r#"<circle cx="8" cy="8" r="6"/><path d="M8 4.6V8l2.3 1.6"/>"#,
    /// A calendar.
    Calendar => r#"<rect x="2.2" y="3" width="11.6" height="11" rx="1"/><path d="M2.2 6.4h11.6M5.3 1.6v2.6M10.7 1.6v2.6"/>"#,
    /// A flag: a violation.
    Flag => r#"<path d="M4 14.5v-12h8l-1.8 3L12 8.7H4"/>"#,
    /// A question mark: not known.
    Unknown => r#"<path d="M5.6 6a2.4 2.4 0 1 1 3.5 2.1C8.3 8.6 8 9 8 9.8"/><path d="M8 12.4v.1"/>"#,
    /// A lock: withheld.
    Lock => r#"<rect x="3.2" y="7" width="9.6" height="7" rx="1"/><path d="M5.3 7V4.8a2.7 2.7 0 0 1 5.4 0V7"/>"#,
    /// A person: one's own account.
    Person => r#"<circle cx="8" cy="5.2" r="2.9"/><path d="M2.4 14.2c.5-3.2 2.7-4.8 5.6-4.8s5.1 1.6 5.6 4.8"/>"#,
    /// Two persons: the people who may sign in.
    People => r#"<circle cx="5.8" cy="5.6" r="2.5"/><path d="M1 13.8c.4-2.9 2.2-4.3 4.8-4.3s4.4 1.4 4.8 4.3M10.4 3.3a2.4 2.4 0 0 1 0 4.7M12 9.8c1.7.5 2.7 1.8 3 4"/>"#,
    /// A chain: link.
    Link => r#"<path d="M6.8 9.2a2.6 2.6 0 0 0 3.8.2l2.2-2.2a2.7 2.7 0 0 0-3.8-3.8l-.9.9M9.2 6.8a2.6 2.6 0 0 0-3.8-.2L3.2 8.8A2.7 2.7 0 0 0 7 12.6l.9-.9"/>"#,
    /// A pencil: edit.
    Edit => r#"<path d="M2.6 13.4 3.4 10l7.4-7.4 2.6 2.6L6 12.6zM9.2 4.2l2.6 2.6"/>"#,
    /// A die: drawn by lottery.
    Lottery => r#"<rect x="2.4" y="2.4" width="11.2" height="11.2" rx="2"/><path d="M5.6 5.6h.1M10.3 5.6h.1M8 8h.1M5.6 10.4h.1M10.3 10.4h.1" stroke-width="2"/>"#,
    /// Layers of the map.
    Layers => r#"<path d="M8 2 14.2 5.2 8 8.4 1.8 5.2zM2.4 8.2 8 11l5.6-2.8M2.4 11 8 13.8 13.6 11"/>"#,
    /// A ring with a cross: where I am.
    Locate => r#"<circle cx="8" cy="8" r="3.6"/><path d="M8 1.5v2.6M8 11.9v2.6M1.5 8h2.6M11.9 8h2.6"/>"#,
    /// Up: sorted ascending.
    Up => r#"<path d="M8 13V3.4M4.4 7 8 3.4 11.6 7"/>"#,
    /// Down: sorted descending.
    Down => r#"<path d="M8 3v9.6M4.4 9 8 12.6 11.6 9"/>"#,
    /// Back: the previous page.
    Previous => r#"<path d="m10 4-4 4 4 4"/>"#,
    /// On: the next page.
    Next => r#"<path d="m6 4 4 4-4 4"/>"#,
}

/// The icon as SVG; hidden from screen readers.
pub fn icon(icon: Icon) -> Markup {
    html! {
        svg.i viewBox="0 0 16 16" aria-hidden="true" focusable="false" { (PreEscaped(icon.body())) }
    }
}
