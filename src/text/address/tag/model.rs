//! A second opinion on the labels of the rules, learned from addresses that people labeled: a linear chain over what the
//! words may mean and what the rules said, decoded by Viterbi. It knows nothing that at least two addresses did not show.

use std::sync::LazyLock;

use super::super::token::Token;
use super::super::words::Route;
use super::Label;

/// All labels, in the order of the weights.
pub(in crate::text::address) const LABELS: [Label; 13] = [
    Label::Number,
    Label::PreDirection,
    Label::Street,
    Label::Suffix,
    Label::PostDirection,
    Label::UnitType,
    Label::Unit,
    Label::City,
    Label::State,
    Label::Zip,
    Label::Box,
    Label::Separator,
    Label::Other,
];

/// A weight for each label; 16 wide, so that the processor adds a row in a few steps.
pub(in crate::text::address) type Row = [i32; WIDTH];
const WIDTH: usize = 16;

/// Features of one word.
pub(in crate::text::address) const FEATURES: usize = 13;

/// What the labels of the neighbors and each feature of a word speak for.
#[derive(Clone, Debug)]
pub(in crate::text::address) struct Model {
    /// How well a label (column) follows another (row).
    pub follows: [Row; WIDTH],
    slots: Vec<(u32, u32)>,
    rows: Vec<Row>,
}

static SHIPPED: LazyLock<Model> = LazyLock::new(|| Model::read(SOURCE));

/// `feature label:weight …` a line; made by `training.rs`, which says how.
pub(in crate::text::address) const SOURCE: &str = include_str!("../../../../data/address_model.txt");

/// The labels of the rules, amended where the model is sure enough.
pub(super) fn amend(tokens: &[Token<'_>], labels: Vec<Label>) -> Vec<Label> {
    SHIPPED.amend(tokens, labels)
}

/// Whether the rules found premises which the model would make a building or an intersection: "250 SOUTHDALE CENTER" is the
/// address of a shop, and a case must find it, though the corpora take such for a name.
fn loses_premises(rules: &[Label], amended: &[Label]) -> bool {
    let has = |labels: &[Label], label| labels.contains(&label);
    let premises = |labels: &[Label]| {
        has(labels, Label::Number) && has(labels, Label::Street) && !has(labels, Label::Separator)
    };
    // "STONY ISLAND" may be all name; the center of "SOUTHDALE CENTER" may not fall out of the address.
    let dropped = || {
        let fell =
            rules.iter().zip(amended).any(|(rule, label)| *rule == Label::Suffix && !is_of_street(*label));
        fell && !has(amended, Label::Suffix)
    };
    premises(rules) && (!premises(amended) || dropped())
}

fn is_of_street(label: Label) -> bool {
    matches!(label, Label::PreDirection | Label::Street | Label::Suffix | Label::PostDirection)
}

/// Whether the rules read an address as plain as most are, which needs no second opinion: a number, a name of at most three
/// words and a suffix, or a numbered route; directions, units of a known kind, and the place behind a comma. One word,
/// crossings and bare places are left to the rules, too.
fn is_plain(tokens: &[Token<'_>], labels: &[Label]) -> bool {
    let place = |label: &Label| matches!(label, Label::City | Label::State | Label::Zip);
    let crossing = |label: &Label| *label == Label::Separator || is_of_street(*label) || place(label);
    let corner = tokens.iter().take(2).any(|token| token.text == "CORNER");
    if tokens.len() < 2
        || labels.iter().all(place)
        || labels.contains(&Label::Separator) && (corner || labels.iter().all(crossing))
    {
        return true;
    }
    let mut so_far = Plain::default();
    let mut each = tokens.iter().zip(labels).enumerate();
    let fits = each.all(|(at, (token, label))| so_far.takes(at > 0 && tokens[at - 1].gap, token, *label));
    fits && so_far.ended() && tokens[0].starts_with_digit()
}

/// The words of a plain address, from the left.
struct Plain {
    before: Label,
    names: usize,
    suffixes: usize,
    /// Whether the name has a word of routes, and whether a number stood behind it.
    route: bool,
    routed: bool,
}

impl Default for Plain {
    fn default() -> Self {
        Self { before: Label::Number, names: 0, suffixes: 0, route: false, routed: false }
    }
}

impl Plain {
    fn ended(&self) -> bool {
        self.routed || self.suffixes == 1 && self.names <= 3
    }

    fn takes(&mut self, gap: bool, token: &Token<'_>, label: Label) -> bool {
        let before = self.before;
        let fits = match label {
            Label::Number => before == Label::Number && !gap,
            Label::PreDirection => matches!(before, Label::Number | Label::PreDirection) && !gap,
            Label::Street => matches!(before, Label::Number | Label::PreDirection | Label::Street) && !gap,
            Label::Suffix => {
                let named = matches!(before, Label::Street | Label::PostDirection);
                named && self.suffixes == 0 && !gap && token.word.strong
            }
            Label::PostDirection => matches!(before, Label::Street | Label::Suffix | Label::PostDirection),
            Label::UnitType => self.ended() && before != Label::City,
            Label::Unit => matches!(before, Label::UnitType | Label::Unit),
            Label::City => self.ended() && (gap || before == Label::City),
            Label::State => before == Label::City,
            Label::Zip => matches!(before, Label::City | Label::State | Label::Zip),
            Label::Box | Label::Separator | Label::Other => false,
        };
        if label == Label::Street {
            self.names += 1;
            self.routed = self.route && (token.starts_with_digit() || token.text.len() <= 2);
            self.route |= matches!(token.word.route, Some(Route::Kind(_) | Route::Both(_)));
        }
        self.suffixes += usize::from(label == Label::Suffix);
        self.before = label;
        fits
    }
}

impl Model {
    /// The labels of the rules, amended unless they read a plain address.
    pub fn amend(&self, tokens: &[Token<'_>], labels: Vec<Label>) -> Vec<Label> {
        if is_plain(tokens, &labels) {
            return labels;
        }
        let amended: Vec<Label> =
            self.decode(&features(tokens, &labels)).into_iter().map(|at| LABELS[at]).collect();
        if loses_premises(&labels, &amended) { labels } else { amended }
    }

    /// A model with room for so many features, none known yet.
    pub fn with_room(features: usize) -> Self {
        let slots = (features * 2).next_power_of_two().max(16);
        Self { follows: [[0; WIDTH]; WIDTH], slots: vec![(0, 0); slots], rows: vec![[0; WIDTH]] }
    }

    /// Reads what the training writes; what is no number counts as nothing.
    pub fn read(source: &str) -> Self {
        let lines = || source.lines().filter(|line| !line.starts_with('#'));
        let mut model = Self::with_room(lines().count());
        for line in lines() {
            let mut words = line.split(' ');
            let Some(name) = words.next() else { continue };
            let row = match name.strip_prefix("after-") {
                Some(label) => label.parse().ok().and_then(|at: usize| model.follows.get_mut(at)),
                None => u32::from_str_radix(name, 16).ok().map(|feature| model.row_mut(feature)),
            };
            let Some(row) = row else { continue };
            for (label, weight) in words.filter_map(|word| word.split_once(':')) {
                if let (Ok(label), Ok(weight)) = (label.parse::<usize>(), weight.parse())
                    && let Some(cell) = row.get_mut(label)
                {
                    *cell = weight;
                }
            }
        }
        model
    }

    /// The place of a feature's weights, made if need be. The caller gave room enough.
    pub fn row_mut(&mut self, feature: u32) -> &mut Row {
        let slot = self.slot(feature);
        if self.slots[slot].1 == 0 {
            self.slots[slot] = (feature, u32::try_from(self.rows.len()).unwrap_or_default());
            self.rows.push([0; WIDTH]);
        }
        &mut self.rows[self.slots[slot].1 as usize]
    }

    fn row(&self, feature: u32) -> &Row {
        &self.rows[self.slots[self.slot(feature)].1 as usize]
    }

    /// Where the feature is or would be. Half of the slots are free, so the search ends soon.
    fn slot(&self, feature: u32) -> usize {
        let mask = self.slots.len() - 1;
        let mut at = feature as usize & mask;
        while self.slots[at].1 != 0 && self.slots[at].0 != feature {
            at = (at + 1) & mask;
        }
        at
    }

    /// The best labels for the words, as places in [`LABELS`].
    pub fn decode(&self, words: &[[u32; FEATURES]]) -> Vec<usize> {
        let mut from = Vec::with_capacity(words.len());
        let mut best: Row = [0; WIDTH];
        for (at, features) in words.iter().enumerate() {
            let mut came = [0_u8; WIDTH];
            if at > 0 {
                (best, came) = self.step(&best);
            }
            for feature in features {
                let row = self.row(*feature);
                best.iter_mut().zip(row).for_each(|(sum, weight)| *sum += weight);
            }
            from.push(came);
        }
        let mut label = (0..LABELS.len()).rev().max_by_key(|label| best[*label]).unwrap_or_default();
        let mut out = vec![0; words.len()];
        for (at, came) in from.iter().enumerate().rev() {
            out[at] = label;
            label = usize::from(came[label]);
        }
        out
    }

    fn step(&self, before: &Row) -> (Row, [u8; WIDTH]) {
        let mut best = [i32::MIN / 2; WIDTH];
        let mut came = [0_u8; WIDTH];
        for (label, follows) in (0_u8..).zip(&self.follows[..LABELS.len()]) {
            let sum = before[usize::from(label)];
            for to in 0..WIDTH {
                let via = sum + follows[to];
                if via > best[to] {
                    best[to] = via;
                    came[to] = label;
                }
            }
        }
        (best, came)
    }
}

/// What is looked at in one word before features are made of it.
#[derive(Clone, Copy, Default)]
struct View {
    /// What the word may mean, and its shape.
    class: u32,
    /// The word itself; digits are all alike.
    word: u32,
    rule: u32,
    gap: u32,
}

const NOWHERE: View = View { class: 0xFFFF, word: 1, rule: 15, gap: 1 };

/// The features of all words, given the labels of the rules.
pub(in crate::text::address) fn features(tokens: &[Token<'_>], labels: &[Label]) -> Vec<[u32; FEATURES]> {
    let mut views = Vec::with_capacity(tokens.len() + 4);
    views.extend([NOWHERE; 2]);
    views.extend(tokens.iter().zip(labels).map(|(token, label)| view(token, *label)));
    views.extend([NOWHERE; 2]);
    let ahead = ahead(tokens);
    let mut number_before = 0;
    (0..tokens.len())
        .map(|at| {
            let around = [views[at], views[at + 1], views[at + 2], views[at + 3], views[at + 4]];
            let out = of_word(around, ahead[at] << 1 | number_before);
            if labels[at] == Label::Number {
                number_before = 1;
            }
            out
        })
        .collect()
}

/// For each word, how far off the next plain suffix of its part is (0 to 3), and whether a number follows anywhere.
fn ahead(tokens: &[Token<'_>]) -> Vec<u32> {
    let (mut suffix, mut number) = (3, 0);
    let mut out = vec![0; tokens.len()];
    for (at, token) in tokens.iter().enumerate().rev() {
        suffix = if token.gap { 3 } else { suffix };
        out[at] = suffix << 1 | number;
        suffix = if token.word.strong && token.word.suffix.is_some() { 0 } else { (suffix + 1).min(3) };
        let house = token.is_number() && token.text.len() < 5 && tokens.get(at + 1).is_some();
        number |= u32::from(house);
    }
    out
}

fn of_word([far_left, left, word, right, far_right]: [View; 5], place: u32) -> [u32; FEATURES] {
    let rule = word.rule;
    let last = u32::from(right.class == NOWHERE.class);
    let first = u32::from(left.class == NOWHERE.class);
    let edges = left.gap | word.gap << 1 | first << 2 | last << 3;
    [
        mix(0, rule, 0, 0),
        mix(1, left.rule << 8 | rule << 4 | right.rule, 0, 0),
        mix(2, word.class, rule, 0),
        mix(3, word.word, rule, 0),
        mix(4, left.word, rule, 0),
        mix(5, right.word, rule, 0),
        mix(6, word.class, right.class, rule),
        mix(7, edges, rule, word.class),
        mix(8, far_left.rule << 8 | left.rule << 4 | rule, edges, 0),
        mix(9, rule << 8 | right.rule << 4 | far_right.rule, edges, 0),
        mix(10, right.class, rule, edges),
        mix(11, word.word, right.word, 0),
        mix(12, place, rule, edges),
    ]
}

fn view(token: &Token<'_>, label: Label) -> View {
    let word = token.word;
    let route = match word.route {
        None => 0,
        Some(Route::Qualifier(_)) => 1,
        Some(Route::Kind(_)) => 2,
        Some(Route::Both(_)) => 3,
    };
    let means = [
        word.suffix.is_some(),
        word.strong,
        word.direction.is_some(),
        word.unit.is_some(),
        word.alone,
        word.outer,
        word.state.is_some(),
        word.ordinal.is_some() || word.cardinal.is_some(),
    ];
    let bits = means.iter().fold(0, |bits, is| bits << 1 | u32::from(*is));
    let digits = token.text.bytes().any(|b| b.is_ascii_digit());
    View {
        class: bits << 6 | route << 4 | shape(token, digits),
        word: if digits { 2 } else { hash(token.text) },
        rule: LABELS.iter().zip(0..).find(|(it, _)| **it == label).map_or(15, |(_, at)| at),
        gap: u32::from(token.gap),
    }
}

fn shape(token: &Token<'_>, digits: bool) -> u32 {
    match token.text.len() {
        1 if !digits => 1 + u32::from(!token.is_letter()),
        _ if !digits => 0,
        length if token.is_number() => 3 + u32::try_from(length.min(6)).unwrap_or_default(),
        _ if token.is_ordinal() => 10,
        _ if token.text.contains('-') => 11,
        _ if token.starts_with_digit() => 12,
        _ => 13,
    }
}

/// FNV-1a.
fn hash(text: &str) -> u32 {
    text.bytes().fold(0x811C_9DC5, |sum, byte| (sum ^ u32::from(byte)).wrapping_mul(0x0100_0193))
}

fn mix(template: u32, a: u32, b: u32, c: u32) -> u32 {
    let sum = (template + 1).wrapping_mul(0x9E37_79B1) ^ a.wrapping_mul(0x85EB_CA77);
    let sum = (sum.rotate_left(13) ^ b.wrapping_mul(0xC2B2_AE3D)).wrapping_mul(0x27D4_EB2F);
    let sum = (sum.rotate_left(15) ^ c.wrapping_mul(0x1656_67B1)).wrapping_mul(0x9E37_79B1);
    sum ^ sum >> 15
}
