//! Trains the model of `tag/model.rs` on the two labeled corpora, by the averaged perceptron (Collins 2002), and measures it
//! on addresses that it was not trained on. All in whole numbers, so every machine makes the same file.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::fmt::Write as _;

use super::evaluation::{Labeled, corpus, score, share};
use super::tag::model::{FEATURES, LABELS, Model, SOURCE, features};
use super::tag::{Label, by_rules};
use super::token::{squeeze, tokens};

const ROUNDS: usize = 10;
/// What a feature needs: so many addresses that show it. What one address alone shows would be learned by heart.
const SEEN: usize = 2;
/// How many mistakes it takes to doubt a rule.
const TRUST: i32 = 6;
/// Steps of a weight in the file.
const SCALE: i64 = 16;

/// One address to learn from.
struct Example {
    words: Vec<[u32; FEATURES]>,
    right: Vec<usize>,
}

fn place(label: Label) -> usize {
    LABELS.iter().position(|it| *it == label).expect("all labels are listed")
}

fn example(text: &str, label_of: impl Fn(usize) -> Option<Label>) -> Example {
    let squeezed = squeeze(text);
    let tokens = tokens(&squeezed);
    let rules = by_rules(&tokens);
    let right = tokens.iter().enumerate().map(|(at, token)| {
        let whole = tokens.get(at + 1).is_none_or(|next| next.source != token.source);
        let mark = token.text == "#" && rules[at] == Label::UnitType;
        let given = label_of(usize::from(token.source)).filter(|_| whole && !mark);
        place(given.unwrap_or(rules[at]))
    });
    Example { right: right.collect(), words: features(&tokens, &rules) }
}

fn of_corpus(address: &[Labeled]) -> Example {
    let text = address.iter().map(|word| word.text.as_str()).collect::<Vec<_>>().join(" ");
    example(&text, |source| address.get(source).map(|word| word.label))
}

/// Forms that the corpora lack and the rules read rightly; thrice, as they stand for many.
fn of_forms() -> impl Iterator<Item = Example> {
    (0..3).flat_map(|_| FORMS.lines().map(|form| example(form, |_| None)))
}

/// Weights by feature, or by the label before, with what their mean needs.
#[derive(Default)]
struct Sums {
    weights: HashMap<(u32, usize), (i64, i64)>,
    step: i64,
}

impl Sums {
    fn add(&mut self, feature: u32, label: usize, by: i64) {
        let (weight, moment) = self.weights.entry((feature, label)).or_default();
        *weight += by;
        *moment += by * self.step;
    }

    /// The mean over all steps.
    fn mean(&self) -> BTreeMap<u32, BTreeMap<usize, i64>> {
        let mut out: BTreeMap<u32, BTreeMap<usize, i64>> = BTreeMap::new();
        for (&(feature, label), (weight, moment)) in &self.weights {
            let mean = (weight * self.step - moment) * SCALE / self.step;
            if mean != 0 {
                out.entry(feature).or_default().insert(label, mean);
            }
        }
        out
    }
}

fn train(examples: &[Example]) -> String {
    let mut learner = Learner::of(known(examples));
    let mut order: Vec<usize> = (0..examples.len()).collect();
    let mut seed = 7_u64;
    for _ in 0..ROUNDS {
        shuffle(&mut order, &mut seed);
        order.iter().for_each(|&at| learner.learn(&examples[at]));
    }
    text(&learner.sums, &learner.follows)
}

struct Learner {
    known: HashSet<u32>,
    model: Model,
    sums: Sums,
    follows: Sums,
}

impl Learner {
    /// Knows at first only to trust the rules.
    fn of(known: HashSet<u32>) -> Self {
        let model = Model::with_room(known.len() + LABELS.len());
        let mut learner = Self { known, model, sums: Sums::default(), follows: Sums::default() };
        LABELS.iter().for_each(|label| learner.add(feature_of_rule(*label), place(*label), TRUST));
        learner
    }

    fn add(&mut self, feature: u32, label: usize, by: i32) {
        self.sums.add(feature, label, i64::from(by));
        self.model.row_mut(feature)[label] += by;
    }

    fn learn(&mut self, example: &Example) {
        self.sums.step += 1;
        self.follows.step += 1;
        let got = self.model.decode(&example.words);
        for word in (0..got.len()).filter(|word| got[*word] != example.right[*word]) {
            for feature in example.words[word] {
                if self.known.contains(&feature) {
                    self.add(feature, example.right[word], 1);
                    self.add(feature, got[word], -1);
                }
            }
        }
        for (labels, by) in [(&example.right, 1), (&got, -1)] {
            labels.windows(2).for_each(|pair| self.add_pair(pair[0], pair[1], by));
        }
    }

    fn add_pair(&mut self, before: usize, label: usize, by: i32) {
        self.follows.add(u32::try_from(before).expect("thirteen labels"), label, i64::from(by));
        self.model.follows[before][label] += by;
    }
}

fn feature_of_rule(label: Label) -> u32 {
    let squeezed = squeeze("X");
    features(&tokens(&squeezed), &[label])[0][0]
}

fn known(examples: &[Example]) -> HashSet<u32> {
    let mut seen: HashMap<u32, usize> = HashMap::new();
    for example in examples {
        let own: HashSet<u32> = example.words.iter().flatten().copied().collect();
        own.into_iter().for_each(|feature| *seen.entry(feature).or_default() += 1);
    }
    seen.into_iter().filter(|(_, count)| *count >= SEEN).map(|(feature, _)| feature).collect()
}

/// Fisher and Yates with a linear congruence: the same order everywhere.
fn shuffle(order: &mut [usize], seed: &mut u64) {
    for at in (1..order.len()).rev() {
        *seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let other = usize::try_from((*seed >> 33) % (at as u64 + 1)).expect("below the length");
        order.swap(at, other);
    }
}

fn text(sums: &Sums, follows: &Sums) -> String {
    let mut out = SOURCE
        .lines()
        .take_while(|line| line.starts_with('#'))
        .fold(String::new(), |all, line| all + line + "\n");
    let mut line = |name: String, row: &BTreeMap<usize, i64>| {
        out.push_str(&name);
        row.iter().for_each(|(label, weight)| write!(out, " {label}:{weight}").expect("a string takes all"));
        out.push('\n');
    };
    follows.mean().iter().for_each(|(label, row)| line(format!("after-{label}"), row));
    sums.mean().iter().for_each(|(feature, row)| line(format!("{feature:x}"), row));
    out
}

fn both() -> Option<Vec<Vec<Labeled>>> {
    let mut all = corpus("labeled.xml")?;
    all.extend(corpus("us50_train_tagged.xml")?);
    Some(all)
}

fn judge(model: &Model, addresses: &[&Vec<Labeled>]) -> (usize, usize) {
    let (right, all, _) = score(addresses, |tokens| model.amend(tokens, by_rules(tokens)));
    (right, all)
}

#[test]
fn the_shipped_model_is_what_the_training_makes() {
    let Some(all) = both() else { return };
    let examples: Vec<Example> = all.iter().map(|it| of_corpus(it)).chain(of_forms()).collect();

    let made = train(&examples);

    if made != SOURCE {
        let path = std::env::temp_dir().join("address_model.txt");
        std::fs::write(&path, &made).unwrap();
        panic!("the rules or the corpora have changed: copy {} to data/address_model.txt", path.display());
    }
}

#[test]
fn words_of_addresses_it_was_not_trained_on_get_their_labels() {
    let Some(all) = both() else { return };

    let (mut right, mut words) = (0, 0);
    for fold in 0..10 {
        let (test, learn): (Vec<_>, Vec<_>) = all.iter().enumerate().partition(|(at, _)| at % 10 == fold);
        let examples: Vec<Example> = learn.iter().map(|it| of_corpus(it.1)).chain(of_forms()).collect();
        let model = Model::read(&train(&examples));
        let (hits, all) = judge(&model, &test.iter().map(|it| it.1).collect::<Vec<_>>());
        right += hits;
        words += all;
    }
    println!("cross-validated: {right} of {words} ({:.4})", share(right, words));

    // The rules were made with sight of all addresses, so even this flatters them, and the model above them.
    let (ruled, _, _) = score(&all.iter().collect::<Vec<_>>(), by_rules);
    println!("by rules alone: {ruled} of {words} ({:.4})", share(ruled, words));
    let us50 = corpus("us50_train_tagged.xml").unwrap();
    let labeled = corpus("labeled.xml").unwrap();
    let model =
        Model::read(&train(&labeled.iter().map(|it| of_corpus(it)).chain(of_forms()).collect::<Vec<_>>()));
    println!("us50 unseen: {:?}", judge(&model, &us50.iter().collect::<Vec<_>>()));

    assert!(share(right, words) >= 0.955, "{right} of {words}");
}

const FORMS: &str = "\
0029XX Chicago AV S
29XX Oak St
2900 BLOCK OF OAK ST
2900 blk Oak St
1420 County Road B2
1420 Co Rd B2 W
15 CR 10
15 CSAH 10
12345 State Hwy 55
900 MN-7
900 US-10
900 US Hwy 10
900 Highway 7
8100 County Hwy 81
N6W23001 Bluemound Rd
37-18 Northern Blvd
500 South 300 East
12 North St
12 W North Ave
12 West Ave N
500 10th St NE, Minneapolis, MN
2417 Tollgrave Avenue South, Suite 3, St. Paul, Minnesota 55101-1234
Franklin AV E / Park AV S
38 ST / 4 AV
Hennepin Av @ Lake St W, Minneapolis, MN
12 Main St, North Tower, Ste. 700
100 Park Circle East Rd, Duluth, MN 55802
4400 East West Highway, Bethesda, MD 20814
7 Forty Second Street
123 1/2 Oak St
1000 11th St W
10487 165th St W
100 Kirkwood St E
0010XX 21ST ST E
1st Ave NW
First Avenue Northwest
Chicago Ave S
NE Broadway St
21ST ST E / CEDAR AVE S
Lake St W & Hennepin Ave S
12345 State Hwy 55 NW
1420 County Road B W
200 CO RD C E
PO BOX 12, 100 Main St, Duluth, MN 55802
100 Main St, PO BOX 12, Duluth, MN 55802
100 Main St W PO Box 12
Hwy 61 N
County Rd 10 and Hwy 65
100 Broadway
100 Broadway NE
100 N Broadway
100 E Main
100 The Strand
17000 Lake St Extension
Oakdale Mall, Duluth, MN 55802
Miller Hill Mall, Duluth, MN 55811
Cedar Shopping Center, Duluth, MN 55802
12 Main St Rooms 103 & 105
12 Main St Apts 1 thru 300, Duluth MN 55802";
