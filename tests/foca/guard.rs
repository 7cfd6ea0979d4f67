//! How much of what must not be kept the guard of free text finds, and how often it stops what may stay; and how a form
//! shows what it stopped. `cargo test guard -- --nocapture` prints the figures.

use std::collections::BTreeMap;
use std::ops::Range;

use foca::text::guard::{self, Private};

/// A text with what must be stopped in it.
struct Labeled {
    group: &'static str,
    text: String,
    private: Vec<(Private, Range<usize>)>,
}

/// What was found of what should be.
#[derive(Clone, Copy, Debug, Default)]
struct Tally {
    found: u32,
    missed: u32,
    wrong: u32,
}

impl Tally {
    fn recall(self) -> f64 {
        ratio(self.found, self.found + self.missed)
    }

    fn precision(self) -> f64 {
        ratio(self.found, self.found + self.wrong)
    }

    fn show(self, what: &str) {
        let (precision, recall) = (self.precision(), self.recall());
        let Self { found, missed, wrong } = self;
        println!(
            "{what:>24}: precision {precision:.3}, recall {recall:.3} ({found} found, {missed} missed, {wrong} wrong)"
        );
    }
}

impl std::ops::AddAssign for Tally {
    fn add_assign(&mut self, other: Self) {
        self.found += other.found;
        self.missed += other.missed;
        self.wrong += other.wrong;
    }
}

fn ratio(part: u32, whole: u32) -> f64 {
    if whole == 0 { 1.0 } else { f64::from(part) / f64::from(whole) }
}

/// The figures of one set of texts.
#[derive(Default)]
struct Measured {
    kinds: BTreeMap<Private, Tally>,
    groups: BTreeMap<&'static str, Tally>,
    /// Whole texts: stopped or not.
    texts: Tally,
    errors: Vec<String>,
}

impl Measured {
    fn all(&self) -> Tally {
        self.kinds.values().fold(Tally::default(), |mut all, it| {
            all += *it;
            all
        })
    }

    fn show(&self, title: &str) {
        println!("{title}");
        self.all().show("all");
        self.texts.show("texts stopped");
        for (kind, tally) in &self.kinds {
            tally.show(&format!("{kind:?}"));
        }
        for (group, tally) in &self.groups {
            println!(
                "{:>24}: recall {:.3} ({} names)",
                format!("names, {group}"),
                tally.recall(),
                tally.found + tally.missed
            );
        }
    }
}

fn lines(file: &'static str) -> impl Iterator<Item = &'static str> {
    file.lines().filter(|it| !it.is_empty() && !it.starts_with('#'))
}

fn labeled(file: &'static str) -> Vec<Labeled> {
    let read = |line: &'static str| {
        let (group, marked) = line.split_once('\t').unwrap();
        let (text, private) = unmark(marked);
        Labeled { group, text, private }
    };
    lines(file).map(read).collect()
}

/// "Victim {name:Mai Vang} left" is a text and what stands where in it.
fn unmark(marked: &str) -> (String, Vec<(Private, Range<usize>)>) {
    let (mut text, mut private) = (String::new(), Vec::new());
    for (at, piece) in marked.split(['{', '}']).enumerate() {
        let Some((kind, words)) = piece.split_once(':').filter(|_| at % 2 == 1) else {
            text += piece;
            continue;
        };
        let kind = match kind {
            "name" => Private::Name,
            "birth" => Private::Birth,
            "phone" => Private::Phone,
            "ssn" => Private::SocialSecurity,
            "email" => Private::Email,
            other => panic!("{other} in {marked}"),
        };
        private.push((kind, text.len()..text.len() + words.len()));
        text += words;
    }
    (text, private)
}

/// Compares span by span: found is what overlaps a mark of its kind, wrong is what overlaps none.
fn measure(set: &[Labeled]) -> Measured {
    let mut measured = Measured::default();
    for it in set {
        let found = places(&it.text);
        let overlaps = |(one, at): &(Private, Range<usize>), (other, range): &(Private, Range<usize>)| {
            one == other && at.start < range.end && range.start < at.end
        };
        for mark in &it.private {
            let is_found = found.iter().any(|it| overlaps(it, mark));
            let tally = Tally { found: u32::from(is_found), missed: u32::from(!is_found), wrong: 0 };
            *measured.kinds.entry(mark.0).or_default() += tally;
            if mark.0 == Private::Name {
                *measured.groups.entry(it.group).or_default() += tally;
            }
            if !is_found {
                measured.errors.push(format!("missed {:?}: {}", &it.text[mark.1.clone()], it.text));
            }
        }
        for wrong in found.iter().filter(|found| !it.private.iter().any(|mark| overlaps(mark, found))) {
            measured.kinds.entry(wrong.0).or_default().wrong += 1;
            measured.errors.push(format!("wrong {:?}: {}", &it.text[wrong.1.clone()], it.text));
        }
        let (is, should) = (!found.is_empty(), !it.private.is_empty());
        measured.texts += Tally {
            found: u32::from(is && should),
            missed: u32::from(!is && should),
            wrong: u32::from(is && !should),
        };
    }
    measured
}

/// What the guard finds, by where it stands.
fn places(text: &str) -> Vec<(Private, Range<usize>)> {
    let mut from = 0;
    let place = |it: guard::Found| {
        let start = from + text[from..].find(&it.words).unwrap();
        from = start + it.words.len();
        (it.what, start..from)
    };
    guard::find(text).into_iter().map(place).collect()
}

#[test]
fn the_guard_finds_nearly_all_on_the_texts_it_was_tuned_on() {
    let measured = measure(&labeled(include_str!("../data/guard/dev.tsv")));
    measured.show("dev");

    for error in &measured.errors {
        println!("{error}");
    }

    assert!(measured.all().recall() >= 0.95 && measured.all().precision() >= 0.95);
    for (kind, tally) in &measured.kinds {
        assert!(tally.recall() >= 0.95 && tally.precision() >= 0.9, "{kind:?}: {tally:?}");
    }
}

#[test]
fn the_guard_finds_most_on_texts_it_was_not_tuned_on() {
    let measured = measure(&labeled(include_str!("../data/guard/held_out.tsv")));
    measured.show("held out");

    assert!(measured.all().recall() >= 0.9 && measured.all().precision() >= 0.9);
}

/// The same sentences with names of each origin: what differs is the name alone.
#[test]
fn a_name_is_found_whatever_its_origin() {
    let templates: Vec<&str> = lines(include_str!("../data/guard/templates.txt")).collect();
    let mut groups: BTreeMap<&str, Tally> = BTreeMap::new();

    for (group, names) in
        lines(include_str!("../data/guard/origins.tsv")).filter_map(|it| it.split_once('\t'))
    {
        for (template, name) in templates.iter().flat_map(|it| names.split(", ").map(move |name| (it, name)))
        {
            let (whole, given) =
                (template.replace("{}", name), template.replace("{}", name.split(' ').next().unwrap()));
            for text in [whole, given] {
                let is_found = places(&text).iter().any(|it| it.0 == Private::Name);
                if !is_found {
                    println!("missed: {text}");
                }
                *groups.entry(group).or_default() +=
                    Tally { found: u32::from(is_found), missed: u32::from(!is_found), wrong: 0 };
            }
        }
    }

    for (group, tally) in &groups {
        tally.show(group);
    }
    let recalls = || groups.values().map(|it| it.recall());
    let (least, most) = (recalls().fold(1.0, f64::min), recalls().fold(0.0, f64::max));
    assert_eq!(groups.len(), 10);
    assert!(least >= 0.95 && most - least <= 0.05, "from {least:.3} to {most:.3}");
}
