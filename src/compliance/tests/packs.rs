//! Packs as files: the shipped ones can be used, and every mistake is named with its line and what would be right.

use super::*;

#[test]
fn the_shipped_packs_can_be_used_and_each_worked_example_comes_out() {
    let words = Vocabulary::new();

    let packs = Packs::read(&words.library, &words.kinds, &words.offenses).unwrap();

    assert!(packs.iter().count() >= 20);
    let examples = packs.rules().filter(|(_, rule)| rule.kind.finds() && rule.example.is_some()).count();
    assert_eq!(
        examples,
        packs.rules().filter(|(_, rule)| rule.kind.finds()).count(),
        "every rule has an example"
    );
    assert!(packs.rules().all(|(pack, _)| pack.sources.is_empty() != (pack.id != "mn-15-99")));
    assert!(classes().has("school"));
}

#[test]
fn each_mistake_is_named_with_file_line_and_what_would_be_right() {
    let good = pack(&rule("r", "kind = \"setback\"\nto = [\"school\"]\nfeet = 500\nmeasure = \"lot\""));
    let table = [
        (
            "kind = \"setback\"",
            "kind = \"vibes\"",
            "`rules[0].kind` = \"vibes\" is none of: setback, separation",
        ),
        ("feet = 500", "feet = 500\nmiles = 1", "stands beside `feet`; a distance is given in one unit"),
        ("feet = 500", "", "is missing; give the distance as `feet` or `miles`"),
        ("feet = 500", "feet = \"500 m\"", "must be a number from 1 to 528000"),
        ("feet = 500", "feet = -3", "must be a number from 1 to 528000"),
        ("feet = 500", "feet = nan", "must be a number from 1 to 528000"),
        (
            "verified_on = \"2026-11-01\"",
            "verified_on = \"2026-02-30\"",
            "is no day of the calendar; write it as",
        ),
        (
            "verified_on = \"2026-11-01\"",
            "verified_on = 2026-11-01\neffective_from = 2026-02-01\neffective_to = 2026-01-01",
            "comes before `effective_from`",
        ),
        ("verified_on = \"2026-11-01\"", "", "`verified_on` is missing"),
        (
            "status = \"in_force\"",
            "status = \"certain\"",
            "is none of: in_force, contested, superseded_locally, proposed",
        ),
        ("measure = \"lot\"", "measure = \"walking\"", "is none of: building, lot, door, unspecified"),
        ("to = [\"school\"]", "to = [\"casino\"]", "names \"casino\", which is not in data/places.toml"),
        ("to = [\"school\"]", "to = \"school\"", "must be a list of words"),
        (
            "kinds = [\"massage_parlor\"]",
            "kinds = [\"bakery\"]",
            "names \"bakery\", which is not in data/kinds.toml",
        ),
        ("title = \"T\"", "titel = \"T\"", "`rules[0].titel` is not known; known here: id, title"),
        ("id = \"elm\"", "id = \"oak\"\nx = 1", "`x` is not known"),
        ("level = \"city\"", "level = \"galaxy\"", "is none of: state, county, city"),
        (
            "[jurisdiction]",
            "overrides = [\"mn#hours\"]\n[jurisdiction]",
            "names the pack \"mn\", which is not there",
        ),
        (
            "by = \"zoning\"",
            "by = \"zoning\"\nexample = { text = \"near\", value = 900, finding = \"violation\" }",
            "says \"violation\", but by the rule",
        ),
        (
            "by = \"zoning\"",
            "by = \"zoning\"\nexample = { text = \"near\", value = \"yes\", finding = \"violation\" }",
            "has no `value` that this kind of rule can be asked with",
        ),
        ("title = \"Massage in Elm\"", "title ", "is not TOML"),
    ];
    let words = Vocabulary::new();
    for (from, to, expected) in table {
        assert!(good.contains(from), "{from}");
        let text = good.replacen(from, to, 1);

        let found = words.problems(&[Document::new("rules/elm.toml", text)]);

        let one =
            found.lines().find(|it| it.contains(expected)).unwrap_or_else(|| panic!("{expected}: {found}"));
        assert!(one.starts_with("rules/elm.toml, line "), "{one}");
    }
}

#[test]
fn the_line_is_that_of_the_mistake() {
    let text = pack(&rule("r", "kind = \"setback\"\nto = [\"school\"]\nfeet = 0\nmeasure = \"lot\""));
    let line = text.lines().position(|it| it == "feet = 0").unwrap() + 1;

    let found = Vocabulary::new().problems(&[Document::new("rules/elm.toml", text)]);

    assert!(found.starts_with(&format!("rules/elm.toml, line {line}: `rules[0].feet`")), "{found}");
}

#[test]
fn all_mistakes_of_all_files_are_told_at_once() {
    let broken =
        |id: &str| Document::new(&format!("rules/{id}.toml"), format!("id = \"{id}\"\nfoo = 1\nbar = 2"));

    let found = Vocabulary::new().problems(&[broken("a"), broken("b")]);

    for file in ["rules/a.toml", "rules/b.toml"] {
        assert!(found.lines().filter(|it| it.starts_with(file)).count() > 5, "{found}");
    }
}

#[test]
fn precedence_that_runs_in_a_circle_is_refused() {
    let local = |id: &str, over: &str| {
        let text = pack(&rule("r", "kind = \"license_lapsed\""))
            .replace("id = \"elm\"", &format!("id = \"{id}\""))
            .replace("[jurisdiction]", &format!("overrides = [\"{over}\"]\n[jurisdiction]"));
        Document::new(&format!("rules/{id}.toml"), text)
    };

    let found = Vocabulary::new().problems(&[local("a", "b"), local("b", "c"), local("c", "a")]);

    assert!(found.contains("rules/a.toml, line"), "{found}");
    assert!(found.contains("run in a circle: a over b over c over a; take one of them out"), "{found}");
    assert!(Vocabulary::new().problems(&[local("a", "a")]).contains("a over a"));
}

#[test]
fn the_states_law_that_goes_first_cannot_be_overridden() {
    let state = pack(&rule("r", "kind = \"license_lapsed\""))
        .replace("id = \"elm\"", "id = \"mn\"\nprecedence = \"state_over_local\"")
        .replace("level = \"city\"\nname = \"Elm\"", "level = \"state\"\nname = \"Minnesota\"");
    let local = pack(&rule("r", "kind = \"license_lapsed\""))
        .replace("[jurisdiction]", "overrides = [\"mn\"]\n[jurisdiction]");
    let documents = [Document::new("rules/mn.toml", state), Document::new("rules/elm.toml", local)];

    assert!(Vocabulary::new().problems(&documents).contains("goes before local law"));
}

#[test]
fn safe_harbor_is_a_rule_about_what_is_held_and_makes_no_finding() {
    let words = Vocabulary::new();
    let packs = Packs::read(&words.library, &words.kinds, &words.offenses).unwrap();

    let pack = packs.get("mn-safe-harbor").unwrap();

    assert!(!pack.rules.is_empty() && pack.rules.iter().all(|it| !it.kind.finds()));
}
