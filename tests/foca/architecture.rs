//! The shape of the house, enforced: who may import whom, where the environment is read, what lies at the top.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use clap::CommandFactory;
use foca::cli::Cli;

use crate::imports::imports;

/// The kit: each module and the modules it may import.
const KIT: &[(&str, &[&str])] = &[
    ("clock", &[]),
    ("config", &[]),
    ("db", &[]),
    ("geo", &[]),
    ("knowledge", &[]),
    ("text", &[]),
    ("formats", &["clock", "db", "geo", "text"]),
    ("rights", &["db", "knowledge"]),
    ("web", &["clock", "config", "db", "geo", "rights", "text"]),
    ("health", &["db", "web"]),
];
/// The slices: each may import the kit and those named before it.
const SLICES: &[&str] = &[
    "records",
    "audit",
    "accounts",
    "areas",
    "denied",
    "sites",
    "places",
    "parties",
    "licenses",
    "inspections",
    "complaints",
    "incidents",
    "linking",
    "matching",
    "compliance",
    "scoring",
    "standing",
    "review",
    "unlisted",
    "successions",
    "applications",
    "map",
    "exports",
    "network",
    "dossier",
    "imports",
    "demo",
];
/// Right of all slices, each knowing those before it; only they know `app`.
const TOP: &[&str] = &["app", "gate", "routes", "server", "cli", "main", "lib"];
/// The files of a slice that only it and `routes` may import.
const EDGE: &[&str] = &["pages", "views", "api"];
/// How a type becomes a value or is filled from a row, on whichever engine; all else of the driver stays in `db`.
const OF_DRIVER: &[&str] = &["Database", "Decode", "Encode", "FromRow", "Type", "encode", "error"];
/// All that may lie at the top of the repository.
const AT_TOP: &[&str] = &[
    ".cargo",
    ".ci",
    ".clippy.toml",
    ".gitignore",
    ".rustfmt.toml",
    "CHANGELOG.md",
    "Cargo.lock",
    "Cargo.toml",
    "LICENSE",
    "NOTICE",
    "README.md",
    "benches",
    "build.rs",
    "data",
    "docs",
    "migrations",
    "scripts",
    "src",
    "tests",
];

#[test]
fn modules_import_only_what_the_rule_allows() {
    let mut broken = Vec::new();
    for (file, imports) in every_import() {
        for import in imports {
            if let Some(why) = refusal(&file, &import) {
                broken.push(format!("{}: {}: {why}", file.display(), import.join("::")));
            }
        }
    }
    assert!(broken.is_empty(), "\n{}\n", broken.join("\n"));
}

#[test]
fn every_module_has_its_place_in_the_rule() {
    let modules: BTreeSet<String> = every_import().keys().map(|it| module(it).to_owned()).collect();
    let known = |it: &str| KIT.iter().any(|(kit, _)| *kit == it) || SLICES.contains(&it) || TOP.contains(&it);

    let unknown: Vec<_> = modules.iter().filter(|it| !known(it)).collect();

    assert!(unknown.is_empty(), "add to KIT or SLICES: {unknown:?}");
}

#[test]
fn files_form_no_circle() {
    let all = every_import();
    let files: BTreeMap<Vec<String>, &PathBuf> = all.keys().map(|it| (module_path(it), it)).collect();
    let mut edges: BTreeMap<&PathBuf, BTreeSet<&PathBuf>> = BTreeMap::new();
    for (file, imports) in &all {
        for path in imports.iter().filter(|it| it[0] == "crate").map(|it| &it[1..]) {
            let target = (1..=path.len()).rev().find_map(|n| files.get(&path[..n]));
            // A folder's root and its files belong together: it is the face of what they hold.
            if let Some(to) = target.filter(|to| !is_face(file, to)) {
                edges.entry(file).or_default().insert(to);
            }
        }
    }

    let circles: Vec<_> = all.keys().filter(|it| reaches(&edges, it, it)).collect();

    assert!(circles.is_empty(), "these import themselves in a circle: {circles:?}");
}

#[test]
fn the_environment_is_read_by_config_alone() {
    for (file, imports) in every_import() {
        let reads = imports.iter().find(|it| it.join("::").starts_with("std::env::var"));
        assert!(reads.is_none() || module(&file) == "config", "{}: reads the environment", file.display());
        let text = fs::read_to_string(source().join(&file)).unwrap();
        assert!(
            !text.contains("env = \"") || module(&file) == "config",
            "{}: names a variable",
            file.display()
        );
    }
}

#[test]
fn the_top_of_the_repository_stays_small() {
    let ignored = |it: &str| [".git", "target"].contains(&it) || it.starts_with("foca.db");
    let names = fs::read_dir(env!("CARGO_MANIFEST_DIR")).unwrap();
    let names = names.map(|it| it.unwrap().file_name().into_string().unwrap());

    let strange: Vec<String> = names.filter(|it| !AT_TOP.contains(&it.as_str()) && !ignored(it)).collect();

    assert!(strange.is_empty(), "{strange:?}");
}

#[test]
fn each_setting_is_in_the_help_with_its_variable() {
    let file = syn::parse_file(&fs::read_to_string(source().join("config.rs")).unwrap()).unwrap();
    let structs =
        file.items.iter().filter_map(|it| if let syn::Item::Struct(it) = it { Some(it) } else { None });
    let settings: Vec<String> =
        structs.flat_map(|it| &it.fields).map(|it| it.ident.as_ref().unwrap().to_string()).collect();
    let mut help = String::new();
    for command in Cli::command().get_subcommands_mut() {
        help += &command.render_long_help().to_string();
    }
    help += &Cli::command().render_long_help().to_string();

    let readme = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md")).unwrap();

    assert!(settings.len() > 5);
    for name in settings {
        let (flag, variable) = (name.replace('_', "-"), name.to_uppercase());
        assert!(help.contains(&format!("--{flag}")), "--{flag} is not in --help");
        assert!(help.contains(&format!("[env: FOCA_{variable}")), "FOCA_{variable} is not in --help");
        assert!(readme.contains(&format!("`FOCA_{variable}`")), "FOCA_{variable} is not in README.md");
        assert!(readme.contains(&format!("`--{flag}`")), "--{flag} is not in README.md");
    }
}

/// Why a file may not import that, if so.
fn refusal(file: &Path, import: &[String]) -> Option<&'static str> {
    let (module, stem) = (module(file), file.file_stem().unwrap().to_str().unwrap());
    let path: Vec<&str> = import.iter().map(String::as_str).collect();
    let (used, part) = match path[..] {
        ["crate", used] => (used, ""),
        ["crate", used, part, ..] => (used, part),
        ["sqlx", part, ..] if module != "db" && !OF_DRIVER.contains(&part) => {
            return Some("the driver stays in db");
        }
        _ => return None,
    };
    if stem.ends_with("views") && (part == "store" || ["db", "app"].contains(&used)) {
        return Some("views only see values");
    }
    if module == used {
        return None;
    }
    if let Some(place) = TOP.iter().position(|it| *it == module) {
        let later = TOP[place..].contains(&used);
        return later.then_some("it stands to the right");
    }
    if TOP.contains(&used) {
        return Some("only app, routes, server, cli and main know App");
    }
    if EDGE.contains(&part) {
        return Some("only its own slice and routes may");
    }
    if let Some((_, kit)) = KIT.iter().find(|(name, _)| *name == module) {
        return (!kit.contains(&used)).then_some("the kit imports less");
    }
    let place = |name: &str| SLICES.iter().position(|it| *it == name);
    let left = KIT.iter().any(|(kit, _)| *kit == used) || place(used) < place(module);
    (!left).then_some("it stands to the right")
}

fn reaches(edges: &BTreeMap<&PathBuf, BTreeSet<&PathBuf>>, from: &PathBuf, to: &PathBuf) -> bool {
    let mut seen = BTreeSet::new();
    let mut next: Vec<&PathBuf> = edges.get(from).into_iter().flatten().copied().collect();
    while let Some(file) = next.pop() {
        if file == to {
            return true;
        }
        if seen.insert(file) {
            next.extend(edges.get(file).into_iter().flatten());
        }
    }
    false
}

/// Whether one of the two is the root of the folder in which the other lies.
fn is_face(one: &Path, other: &Path) -> bool {
    let (one, other) = (module_path(one), module_path(other));
    one.starts_with(&other) || other.starts_with(&one)
}

/// The imports of each file below `src`, named by its path there.
fn every_import() -> BTreeMap<PathBuf, Vec<Vec<String>>> {
    let files = rust_files(&source());
    let read = |it: PathBuf| {
        let path = it.strip_prefix(source()).unwrap().to_owned();
        let found = imports(&module_path(&path), &fs::read_to_string(&it).unwrap());
        (path, found)
    };
    let all: BTreeMap<_, _> = files.into_iter().map(read).filter(|(it, _)| !is_test(it)).collect();
    assert!(all.len() > 50, "only {} files were found", all.len());
    all
}

/// Files that exist in tests only: they may import what they please.
fn is_test(file: &Path) -> bool {
    let stems = ["tests", "evaluation", "laws"];
    file.with_extension("").iter().any(|it| stems.iter().any(|stem| it == *stem))
}

/// `web/ui/mark.rs` is `web::ui::mark`, and `web/mod.rs` is `web`.
fn module_path(file: &Path) -> Vec<String> {
    let names = file.with_extension("");
    let names = names.iter().map(|it| it.to_str().unwrap().to_owned());
    names.filter(|it| !["mod", "lib", "main"].contains(&it.as_str())).collect()
}

fn module(file: &Path) -> &str {
    file.iter().next().unwrap().to_str().unwrap().trim_end_matches(".rs")
}

fn source() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|it| it.unwrap().path());
    entries
        .flat_map(|it| if it.is_dir() { rust_files(&it) } else { vec![it] })
        .filter(|it| it.extension().is_some_and(|it| it == "rs"))
        .collect()
}
