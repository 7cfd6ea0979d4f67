//! "Do no harm", 3, 4 and 7 of the design; 1 and 2 are tested on the schema, in `migrations`.

use std::fs;
use std::path::Path;

use syn::visit::{self, Visit};

use crate::harness::both_engines;
use crate::urls::{Filled, every_get};

/// What every page with a score says.
const SENTENCE: &str = "not evidence, not probable cause";

both_engines! {
    every_page_with_a_score_says_what_it_is_not, async |app| {
        let filled = Filled::create(app).await;
        app.assess().await;

        for path in every_get(&filled) {
            let page = app.get(&path).await;

            // A part of a page is shown within one, and the page has the sentence.
            if page.is_html() && page.text().contains("<html") && shows_a_score(&page.text()) {
                assert!(page.text().contains(SENTENCE), "{path} shows a score without its sentence");
                let text = page.text().to_lowercase();
                assert!(text.contains("coverage") || text.contains("known"), "{path} shows a score without coverage");
            }
        }
    }

    demonstration_data_say_so_on_every_page_and_in_every_export, async |app| {
        let filled = Filled::create(app).await;
        app.assess().await;
        let app = app.as_demonstration().await;
        let mut n_pages = 0;

        for path in every_get(&filled) {
            let reply = app.get(&path).await;
            let text = reply.text();

            // A part of a page is shown within one, and the page has the strip.
            if reply.is_html() && text.contains("<html") {
                assert!(text.contains("Demonstration data"), "{path}");
                n_pages += 1;
            } else if path.starts_with("/export/") && reply.status.is_success() {
                let says = if path.contains(".csv") { "data_status" } else { "\"notice\":\"Demonstration data" };
                assert!(text.contains(says), "{path}: {text}");
                n_pages += 1;
            }
        }
        assert!(n_pages > 5);
        app.db.close().await;
    }

    real_data_are_not_called_a_demonstration, async |app| {
        let filled = Filled::create(app).await;

        for path in every_get(&filled) {
            let reply = app.get(&path).await;

            assert!(!reply.text().contains("Demonstration data."), "{path}");
        }
    }
}

#[test]
fn the_input_of_a_score_cannot_hold_a_name_or_a_text() {
    struct Texts(Vec<String>);
    impl<'ast> Visit<'ast> for Texts {
        fn visit_field(&mut self, it: &'ast syn::Field) {
            self.visit_type(&it.ty);
        }
        fn visit_type_path(&mut self, it: &'ast syn::TypePath) {
            let name = it.path.segments.last().unwrap().ident.to_string();
            if ["String", "str", "Cow", "Value", "OsString", "PathBuf", "char"].contains(&name.as_str()) {
                self.0.push(name);
            }
            visit::visit_type_path(self, it);
        }
        fn visit_signature(&mut self, _: &'ast syn::Signature) {}
        fn visit_block(&mut self, _: &'ast syn::Block) {}
    }
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/scoring/input.rs");
    let file = syn::parse_file(&fs::read_to_string(path).unwrap()).unwrap();
    let mut texts = Texts(Vec::new());

    texts.visit_file(&file);

    assert!(texts.0.is_empty(), "{:?}", texts.0);
}

/// Whether a page tells the score or the tier of a site.
fn shows_a_score(page: &str) -> bool {
    ["class=\"score", "class=\"mini\"", "class=\"gauge\"", "class=\"tag first\"", "class=\"tag next\""]
        .iter()
        .any(|it| page.contains(it))
}
