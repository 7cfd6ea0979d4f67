//! Which paths a Rust file names: `use` trees with groups and renames, paths in code, and paths inside macros,
//! each resolved to where it begins: `crate`, `std` or another crate.

use std::collections::HashMap;

use syn::visit::{self, Visit};
use syn::{Attribute, ItemMod, ItemUse, Macro, UseTree};

/// A path that a file names, in parts, resolved: `crate`, `sites`, `store`, `find`.
pub(crate) type Path = Vec<String>;

/// All that `text`, the file of `module`, names outside of its tests.
pub(crate) fn imports(module: &[String], text: &str) -> Vec<Path> {
    let file = syn::parse_file(text).unwrap();
    let mut reader = Reader { module: module.to_vec(), renamed: HashMap::new(), found: Vec::new() };
    for item in &file.items {
        if let syn::Item::Use(it) = item {
            reader.visit_item_use(it);
        }
    }
    reader.visit_file(&file);
    reader.found
}

struct Reader {
    module: Vec<String>,
    /// What a name of this file stands for.
    renamed: HashMap<String, Path>,
    found: Vec<Path>,
}

impl Reader {
    fn note(&mut self, path: &[String]) {
        let path = self.resolved(path);
        if path.len() > 1 {
            self.found.push(path);
        }
    }

    fn resolved(&self, path: &[String]) -> Path {
        let above = path.iter().take_while(|it| *it == "super").count();
        let relative = above > 0 || path[0] == "self";
        let rest = &path[if above > 0 { above } else { usize::from(path[0] == "self") }..];
        if relative {
            let kept = self.module.len().saturating_sub(above);
            let start = std::iter::once("crate".to_owned()).chain(self.module[..kept].to_vec());
            return start.chain(rest.to_vec()).collect();
        }
        match self.renamed.get(&path[0]) {
            Some(stands_for) => stands_for.iter().chain(&path[1..]).cloned().collect(),
            None => path.to_vec(),
        }
    }

    fn tree(&mut self, before: &[String], tree: &UseTree) {
        let with = |name: String| [before, &[name]].concat();
        match tree {
            UseTree::Path(it) => self.tree(&with(it.ident.to_string()), &it.tree),
            UseTree::Group(it) => it.items.iter().for_each(|it| self.tree(before, it)),
            UseTree::Name(it) => self.leaf(before, &it.ident.to_string(), &it.ident.to_string()),
            UseTree::Rename(it) => self.leaf(before, &it.ident.to_string(), &it.rename.to_string()),
            UseTree::Glob(_) => self.note(before),
        }
    }

    fn leaf(&mut self, before: &[String], name: &str, rename: &str) {
        let mut path = before.to_vec();
        if name != "self" {
            path.push(name.to_owned());
        }
        let known =
            if rename == "self" { before.last().cloned().unwrap_or_default() } else { rename.to_owned() };
        let resolved = self.resolved(&path);
        self.note(&path);
        self.renamed.insert(known, resolved);
    }
}

impl<'ast> Visit<'ast> for Reader {
    fn visit_item_use(&mut self, it: &'ast ItemUse) {
        self.tree(&[], &it.tree);
    }

    fn visit_item_mod(&mut self, it: &'ast ItemMod) {
        if is_for_tests(&it.attrs) {
            return;
        }
        self.module.push(it.ident.to_string());
        visit::visit_item_mod(self, it);
        self.module.pop();
    }

    fn visit_path(&mut self, it: &'ast syn::Path) {
        let names: Vec<String> = it.segments.iter().map(|it| it.ident.to_string()).collect();
        self.note(&names);
        visit::visit_path(self, it);
    }

    fn visit_macro(&mut self, it: &'ast Macro) {
        let text = it.tokens.to_string().replace(" :: ", "::");
        for path in text.split(|c: char| !c.is_alphanumeric() && c != '_' && c != ':') {
            let names: Vec<String> = path.split("::").map(str::to_owned).collect();
            if names.len() > 1 && names.iter().all(|it| !it.is_empty() && !it.contains(':')) {
                self.note(&names);
            }
        }
    }
}

fn is_for_tests(attributes: &[Attribute]) -> bool {
    attributes
        .iter()
        .any(|it| it.path().is_ident("cfg") && it.meta.require_list().unwrap().tokens.to_string() == "test")
}

#[test]
fn paths_are_resolved_however_they_are_written() {
    let module = ["sites", "store"].map(str::to_owned);
    let text = "
        use super::Site as Premises;
        use crate::{db::{self, Db}, rights::*};
        fn f(_: Premises, _: self::inner::X) { db::query(super::super::app::App::new()); }
        fn g() -> Markup { html! { (crate::web::ui::tag(db::Error)) } }
        #[cfg(test)] mod tests { use crate::demo; }
    ";

    let found: Vec<String> = imports(&module, text).iter().map(|it| it.join("::")).collect();

    for path in [
        "crate::sites::Site",
        "crate::db",
        "crate::db::Db",
        "crate::rights",
        "crate::sites::store::inner::X",
        "crate::db::query",
        "crate::app::App::new",
        "crate::web::ui::tag",
        "crate::db::Error",
    ] {
        assert!(found.iter().any(|it| it == path), "{path} is not among {found:?}");
    }
    assert!(!found.iter().any(|it| it.contains("demo")));
}
