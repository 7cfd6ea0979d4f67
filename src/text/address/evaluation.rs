//! How well the parser labels addresses that people labeled: the usaddress corpora (datamade/usaddress, MIT), on which the
//! rules were developed and the model was trained. So these shares flatter; `training.rs` measures on addresses unseen.
//! Of the mistakes in the smaller corpus most are its own: "697 North Dupont Boulevard" has "North" as a name there, and
//! as a direction in the larger one. The parser keeps to the direction, as one premises must have one key.

use std::path::Path;

use super::tag::{Label, tag};
use super::token::{Token, squeeze, tokens};

/// One white-space word of the corpus with the label that a person gave it, in our terms.
pub(super) struct Labeled {
    pub text: String,
    pub label: Label,
}

fn ours(tag: &str) -> Label {
    match tag {
        "AddressNumber" | "AddressNumberPrefix" | "AddressNumberSuffix" => Label::Number,
        "StreetNamePreDirectional" => Label::PreDirection,
        "StreetName" | "StreetNamePreType" | "StreetNamePreModifier" | "StreetNamePostModifier" => {
            Label::Street
        }
        "StreetNamePostType" => Label::Suffix,
        "StreetNamePostDirectional" | "suffix" => Label::PostDirection,
        "OccupancyType" | "SubaddressType" => Label::UnitType,
        "OccupancyIdentifier" | "SubaddressIdentifier" => Label::Unit,
        "PlaceName" => Label::City,
        "StateName" => Label::State,
        "ZipCode" | "ZipPlus4" => Label::Zip,
        "USPSBoxType" | "USPSBoxID" | "USPSBoxGroupType" | "USPSBoxGroupID" => Label::Box,
        "IntersectionSeparator" => Label::Separator,
        _ => Label::Other,
    }
}

/// The corpus is regular enough to be cut by hand: `<Tag>text</Tag>` within `<AddressString>`.
fn read(path: &Path) -> Option<Vec<Vec<Labeled>>> {
    let xml = std::fs::read_to_string(path).ok()?;
    let addresses = xml.split("<AddressString>").skip(1);
    Some(
        addresses
            .map(|address| words(address.split("</AddressString>").next().unwrap_or_default()))
            .collect(),
    )
}

fn words(address: &str) -> Vec<Labeled> {
    let mut out = Vec::new();
    for part in address.split("</").filter_map(|part| part.rsplit_once('<').map(|(_, element)| element)) {
        let Some((tag, text)) = part.split_once('>') else { continue };
        let text = text.replace("&amp;", "&").replace("&#160;", " ");
        let label = ours(tag);
        out.extend(text.split_whitespace().map(|word| Labeled { text: word.to_owned(), label }));
    }
    out
}

/// Right and all words, and the addresses with a mistake, each word as `text/expected/got`.
pub(super) fn score(
    addresses: &[&Vec<Labeled>],
    tag: impl Fn(&[Token<'_>]) -> Vec<Label>,
) -> (usize, usize, Vec<String>) {
    let (mut right, mut all, mut wrong) = (0, 0, Vec::new());
    for address in addresses {
        let text = address.iter().map(|word| word.text.as_str()).collect::<Vec<_>>().join(" ");
        let squeezed = squeeze(&text);
        let tokens = tokens(&squeezed);
        let labels = tag(&tokens);
        let got = |source: usize| {
            tokens.iter().rposition(|token| usize::from(token.source) == source).map(|at| labels[at])
        };
        // The corpus takes a lone "#" for part of the identifier, we for its type; either is right.
        let agrees = |at: usize, word: &Labeled| {
            got(at) == Some(word.label) || word.text == "#" && got(at) == Some(Label::UnitType)
        };
        let hits = address.iter().enumerate().filter(|(at, word)| agrees(*at, word)).count();
        right += hits;
        all += address.len();
        if hits < address.len() {
            let show = |(at, word): (usize, &Labeled)| match got(at) {
                _ if agrees(at, word) => word.text.clone(),
                label => format!("{}[{:?} not {:?}]", word.text, word.label, label),
            };
            wrong.push(address.iter().enumerate().map(show).collect::<Vec<_>>().join(" "));
        }
    }
    (right, all, wrong)
}

/// A corpus; `None` where the shared folder is absent, which it must not be under CI.
pub(super) fn corpus(file: &str) -> Option<Vec<Vec<Labeled>>> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data/address_corpora").join(file);
    let addresses = read(&path);
    if addresses.is_none() {
        assert!(option_env!("CI").is_none(), "{} is absent, and it must not be under CI", path.display());
        println!("skipped: ../shared is absent");
    }
    addresses
}

fn measured(file: &str) -> Option<f64> {
    let addresses = corpus(file)?;
    let (right, all, wrong) = score(&addresses.iter().collect::<Vec<_>>(), tag);
    wrong.iter().for_each(|line| println!("{line}"));
    let share = share(right, all);
    println!(
        "{file}: {right} of {all} words ({share:.4}), {} of {} addresses with a mistake",
        wrong.len(),
        addresses.len()
    );
    Some(share)
}

#[expect(clippy::cast_precision_loss, reason = "a few thousand words")]
pub(super) fn share(right: usize, all: usize) -> f64 {
    right as f64 / all as f64
}

#[test]
fn the_words_of_the_labeled_corpus_get_the_labels_people_gave_them() {
    let Some(share) = measured("labeled.xml") else { return };

    assert!(share >= 0.98, "{share}");
}

#[test]
fn the_words_of_the_smaller_corpus_get_their_labels_too() {
    let Some(share) = measured("us50_train_tagged.xml") else { return };

    assert!(share >= 0.92, "{share}");
}
