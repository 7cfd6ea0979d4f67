//! What the taxonomy promises.

use proptest::prelude::*;

use super::*;

/// The words that were stored before there was a taxonomy; they stay.
const EARLIER: [&str; 17] = [
    "trafficking",
    "commercial_sex",
    "sexual_assault",
    "homicide",
    "assault",
    "robbery",
    "weapon",
    "drug",
    "burglary",
    "theft",
    "motor_vehicle_theft",
    "fraud",
    "arson",
    "vandalism",
    "disorderly",
    "dui",
    "other",
];

fn shipped() -> Offenses {
    let body = include_str!("../../../data/offenses.toml");
    Offenses::parse(&Document::new(FILE, body.to_owned())).unwrap()
}

fn flaw(body: &str) -> String {
    Offenses::parse(&Document::new(FILE, body.to_owned())).unwrap_err().to_string()
}

/// A file that is right but for what stands in `class`, from line 5 on.
fn with(class: &str) -> String {
    format!("[offenses.other]\nlabel = \"Other\"\norder = 9\n\n{class}\n")
}

#[test]
fn every_word_that_was_stored_before_is_a_word_still() {
    let offenses = shipped();

    assert!(EARLIER.iter().all(|it| offenses.has(it)));
    assert_eq!(offenses.in_order().len(), 39);
}

#[test]
fn a_code_finds_the_classes_that_are_reported_under_it() {
    let offenses = shipped();

    assert_eq!(offenses.by_nibrs("64A"), ["sex_trafficking", "prostitution_promoter", "child_abuse_sexual"]);
    assert_eq!(offenses.by_nibrs(" 40c "), ["prostitution_patron"]);
    assert_eq!(offenses.by_nibrs("9A"), ["homicide"], "spreadsheets drop the zero");
    assert_eq!(offenses.by_nibrs("99Z"), Vec::<&str>::new());
    assert_eq!(offenses.nibrs("40A").unwrap().name, "Prostitution");
    assert_eq!(offenses.nibrs_as_of(), "2026-11");
}

#[test]
fn a_statute_finds_the_class_of_its_longest_part() {
    let offenses = shipped();

    assert_eq!(offenses.by_statute("609.324"), ["commercial_sex"]);
    assert_eq!(offenses.by_statute("609.324 subd. 2"), ["prostitution_patron"]);
    assert_eq!(offenses.by_statute("609.324.2(a)"), ["prostitution_patron"]);
    assert_eq!(offenses.by_statute("609.324 subd. 1a"), ["commercial_sex"], "not subdivision 1");
    assert_eq!(offenses.by_statute("Minn. Stat. 152.023"), ["drug"]);
    assert_eq!(offenses.by_statute("609.342"), ["sexual_assault", "child_abuse_sexual"]);
    assert_eq!(offenses.by_statute("169A.20"), Vec::<&str>::new());
}

#[test]
fn an_ambiguous_code_becomes_the_unspecific_word_of_its_group() {
    let offenses = shipped();
    let nibrs = |code| offenses.by_code(Codes::Nibrs, code);
    let statute = |text| offenses.by_code(Codes::Minnesota, text);

    assert_eq!(nibrs("11A"), Some("sexual_assault"));
    assert_eq!(nibrs("13B"), Some("assault"));
    assert_eq!(nibrs("64A"), Some("trafficking"));
    assert_eq!(nibrs("90Z"), Some("other"));
    assert_eq!(nibrs("64B"), Some("labor_trafficking"));
    assert_eq!(statute("609.344 subd. 1(b)"), Some("sexual_assault"));
    assert_eq!(statute("617.246"), Some("child_abuse_sexual"));
    assert_eq!((nibrs("XYZ"), statute("THEFT")), (None, None));
}

#[test]
fn every_code_and_every_statute_of_the_file_comes_to_one_word() {
    let offenses = shipped();

    for (word, category) in &offenses.categories {
        for code in &category.nibrs {
            let came_to = offenses.by_code(Codes::Nibrs, code);
            assert!(came_to.is_some_and(|it| offenses.has(it)), "{word} {code}");
        }
        for statute in &category.statutes {
            let came_to = offenses.by_code(Codes::Minnesota, &statute.to_string());
            assert!(came_to.is_some_and(|it| offenses.has(it)), "{word} {statute}");
        }
    }
}

#[test]
fn only_whoever_is_sold_and_children_are_kept_apart() {
    let offenses = shipped();
    let marked = |is: fn(&Category) -> bool| -> Vec<&str> {
        offenses.categories.iter().filter(|it| is(it.1)).map(|it| it.0.as_str()).collect()
    };

    assert_eq!(marked(|it| it.person_sold), ["prostitution_person"]);
    assert_eq!(marked(|it| it.minors_sealed), ["child_abuse_sexual"]);
    assert_eq!(marked(|it| it.confidence == Confidence::Verified), ["prostitution_nuisance"]);
}

#[test]
fn no_label_judges_a_person() {
    for (_, label) in shipped().in_order() {
        let label = label.to_lowercase();
        for word in ["suspect", "offender", "target", "hot spot", "prostitute", "criminal", "illegal"] {
            assert!(!label.contains(word), "{label}");
        }
    }
}

#[test]
fn a_flaw_is_named_with_its_line_and_what_would_be_right() {
    let cases = [
        (with("[offenses.a]\norder = 1"), "offenses.toml:5: `a` needs a `label`"),
        (with("[offenses.a]\nlabel = \"A\""), "offenses.toml:5: `a` needs an `order`"),
        (
            with("[offenses.a]\nlabel = \"A\"\norder = 1\nstatute = []"),
            "offenses.toml:8: unknown field `statute`",
        ),
        (
            with("[offenses.a]\nlabel = \"A\"\norder = 1\nnibrs = [\"11A\"]"),
            "offenses.toml:8: the code `11A` of `a`",
        ),
        (
            with("[offenses.a]\nlabel = \"A\"\norder = 1\nstatutes = [\"609.33\", \"§ 609.33\"]"),
            "offenses.toml:8: `§ 609.33` is no statute of Minnesota",
        ),
        (with("[offenses.a]\nlabel = \"A\"\norder = 9"), "share the order 9"),
        (with("[offenses.a]\nlabel = \"A\"\norder = 1\ngroup = \"b\""), "offenses.toml:8: the group of `a`"),
        (
            with("[offenses.a]\nlabel = \"A\"\norder = 1\nconfidence = \"sure\""),
            "offenses.toml:8: unknown variant `sure`",
        ),
        (
            with("[nibrs]\nas_of = \"soon\"\ncodes = { 11A = { name = \"Rape\" } }"),
            "offenses.toml:6: the codes need",
        ),
        (
            with("[nibrs]\nas_of = \"2026-11\"\n[nibrs.codes]\n11a = { name = \"Rape\" }"),
            "offenses.toml:8: `11a` is no",
        ),
        (with("[crimes]"), "unknown field `crimes`"),
        (
            "[offenses.a]\nlabel = \"A\"\norder = 1\n".to_owned(),
            "offenses.toml:1: the word `other` must be there",
        ),
    ];

    for (body, reason) in cases {
        let said = flaw(&body);

        assert!(said.contains(reason), "{said}\ninstead of\n{reason}");
    }
}

#[test]
fn a_file_with_labels_alone_is_a_taxonomy() {
    let body = "[offenses]\nspitting = { label = \"Spitting\", order = 1 }\nother = { label = \"Other\", order = 2 }\n";

    let offenses = Offenses::parse(&Document::new(FILE, body.to_owned())).unwrap();

    assert_eq!(offenses.label("spitting"), "Spitting");
    assert_eq!(offenses.category("spitting").unwrap().group, "spitting");
    assert!(offenses.by_nibrs("11A").is_empty());
}

proptest! {
    #[test]
    fn no_code_breaks_it_and_what_comes_is_a_word(code in "\\PC{0,16}|[0-9.a-zA-Z() ]{0,16}") {
        let offenses = shipped();
        for codes in Codes::ALL {
            let word = offenses.by_code(*codes, &code);
            prop_assert!(word.is_none_or(|it| offenses.has(it)), "{code}: {word:?}");
        }
    }
}
