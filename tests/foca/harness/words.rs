//! Texts that have broken other programs, and the folder of data beside the checkout.

use std::path::{Path, PathBuf};

/// A file of the folder `shared` beside the checkout; none, with one clear line, when it is absent. In continuous
/// integration (`CI` is set) its absence is a failure.
pub(crate) fn shared(path: &str) -> Option<PathBuf> {
    let found = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared").join(path);
    if found.exists() {
        return Some(found);
    }
    assert!(!super::database::in_ci(), "../shared/{path} is absent, and CI is set");
    println!("skipped: ../shared is absent");
    None
}

/// The Big List of Naughty Strings where it is at hand, and always our own short one; none holds a zero byte.
pub(crate) fn naughty_strings() -> Vec<String> {
    let own = [
        "",
        "'",
        "\"; DROP TABLE site; --",
        "<script>alert(1)</script>",
        "\\N",
        "a\tb\nc\\d\re",
        "\u{feff}bom",
        "\u{202e}right to left",
        "Zoë's 🧖 Spa",
        "%00",
        "../../etc/passwd",
        "1e999",
        "NaN",
        "-1",
        "99999999999999999999",
        "{{7*7}}",
        "$1 ?2 ?",
        "\u{1f}\u{7f}",
    ];
    let mut words: Vec<String> = own.map(str::to_owned).into();
    let list = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data/bad_input/blns/blns.json");
    if let Ok(text) = std::fs::read_to_string(list) {
        let more: Vec<String> = serde_json::from_str(&text).unwrap();
        words.extend(more.into_iter().filter(|it| !it.contains('\0')));
    }
    words
}
