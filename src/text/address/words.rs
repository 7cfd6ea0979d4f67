//! The words of an address: the tables of USPS Publication 28 (directions, appendix B states, C1 suffixes, C2 units) with
//! the misspellings that real registers hold, as one lexicon with one lookup a word.

use std::collections::HashMap;
use std::sync::LazyLock;

use self::places::STATES;
use self::suffixes::SUFFIXES;

mod places;
mod suffixes;

pub(super) use places::{directed_city, saint, state_code, two_word_state};

/// What one word may mean in an address; most words mean nothing, some several things ("ST", "NE", "CT", "FL").
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Word {
    /// The standard abbreviation of a street suffix.
    pub suffix: Option<&'static str>,
    /// A suffix that seldom is part of a name ("AVE"), unlike "PARK" or "LAKE".
    pub strong: bool,
    /// One of N S E W NE NW SE SW.
    pub direction: Option<&'static str>,
    /// The standard abbreviation of a secondary unit ("STE").
    pub unit: Option<&'static str>,
    /// The unit stands alone ("BSMT", "REAR"): no identifier follows.
    pub alone: bool,
    /// The unit is a building or such like, within which there may be further units.
    pub outer: bool,
    /// The two-letter code of a state, for a code or a one-word name.
    pub state: Option<&'static str>,
    /// The value of a number word: "FIRST" is 1, "ONE" is 1.
    pub ordinal: Option<u8>,
    pub cardinal: Option<u8>,
    /// Part of a numbered route.
    pub route: Option<Route>,
}

/// The parts of a numbered route: "COUNTY ROAD 10" is a qualifier and a kind; "CR 10" says both in one word.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Route {
    Qualifier(&'static str),
    Kind(&'static str),
    Both(&'static str),
}

/// All meanings of an uppercase word without its outer punctuation.
pub(super) fn look_up(word: &str) -> Word {
    if word.len() > LONGEST || word.is_empty() {
        return Word::default();
    }
    LEXICON.get(word).copied().unwrap_or_default()
}

const LONGEST: usize = 14;

static LEXICON: LazyLock<HashMap<&'static str, Word>> = LazyLock::new(|| {
    let mut words: HashMap<&'static str, Word> = HashMap::with_capacity(1_000);
    each(SUFFIXES, |word, abbr, starred| {
        let entry = words.entry(word).or_default();
        entry.suffix = Some(abbr);
        entry.strong = starred;
    });
    each(DIRECTIONS, |word, abbr, _| words.entry(word).or_default().direction = Some(abbr));
    each(UNITS, |word, abbr, _| words.entry(word).or_default().unit = Some(abbr));
    each(OUTER_UNITS, |word, abbr, _| {
        let entry = words.entry(word).or_default();
        entry.unit = Some(abbr);
        entry.outer = true;
    });
    each(UNITS_ALONE, |word, abbr, _| {
        let entry = words.entry(word).or_default();
        entry.unit = Some(abbr);
        entry.alone = true;
    });
    each(STATES, |word, abbr, _| words.entry(word).or_default().state = Some(abbr));
    for (value, word) in (1..).zip(ORDINALS.split_whitespace()) {
        words.entry(word).or_default().ordinal = Some(value);
    }
    for (value, word) in (1..).zip(CARDINALS.split_whitespace()) {
        words.entry(word).or_default().cardinal = Some(value);
    }
    for (tens, word) in (2..).zip(TENS.split_whitespace()) {
        words.entry(word).or_default().cardinal = Some(tens * 10);
    }
    for (tens, word) in (2..).zip(TENTHS.split_whitespace()) {
        words.entry(word).or_default().ordinal = Some(tens * 10);
    }
    each(ROUTE_QUALIFIERS, |word, name, _| {
        words.entry(word).or_default().route = Some(Route::Qualifier(name));
    });
    each(ROUTE_KINDS, |word, name, _| words.entry(word).or_default().route = Some(Route::Kind(name)));
    for line in ROUTES.lines() {
        if let Some((word, name)) = line.split_once(' ') {
            words.entry(word).or_default().route = Some(Route::Both(name));
        }
    }
    words
});

/// Calls `put(word, abbreviation, starred)` for the first word of each line, which is the abbreviation, and for its variants.
fn each(table: &'static str, mut put: impl FnMut(&'static str, &'static str, bool)) {
    for line in table.lines() {
        let (line, starred) = line.strip_prefix('*').map_or((line, false), |rest| (rest, true));
        let Some(abbr) = line.split(' ').next() else { continue };
        line.split(' ').filter(|word| !word.is_empty()).for_each(|word| put(word, abbr, starred));
    }
}

const DIRECTIONS: &str = "\
N NORTH NO NTH
S SOUTH SO STH
E EAST
W WEST
NE NORTHEAST NORTH-EAST
NW NORTHWEST NORTH-WEST
SE SOUTHEAST SOUTH-EAST
SW SOUTHWEST SOUTH-WEST";

const UNITS: &str = "\
APT APARTMENT APPT APMT APTS APARTMENTS
DEPT DEPARTMENT
FL FLOOR FLR FLOR
HNGR HANGAR HANGER
KEY
LOT
OFC OFFICE
PH PENTHOUSE
PIER
RM ROOM ROOMS RMS
SLIP
SPC SPACE
STE SUITE SUTE SUIT STES SUITES
STOP
TRLR TRAILER
UNIT UNITS UN
# NO NUM NUMBER
PMB PBM
MSC
MC
FILE
DRAWER
LEVEL LVL
FLAT
CONDO
STALL
BOOTH
KIOSK
MAILBOX
BIN
CODE
MS
ACCT";

const OUTER_UNITS: &str = "\
BLDG BUILDING BLG BLD
TOWER TWR
WING";

const UNITS_ALONE: &str = "\
BSMT BASEMENT BSMNT
FRNT FRONT
LBBY LOBBY
LOWR LOWER
REAR
SIDE
UPPR UPPER
UPSTAIRS
DOWNSTAIRS
MEZZ MEZZANINE";

const ORDINALS: &str = "FIRST SECOND THIRD FOURTH FIFTH SIXTH SEVENTH EIGHTH NINTH TENTH ELEVENTH TWELFTH THIRTEENTH \
FOURTEENTH FIFTEENTH SIXTEENTH SEVENTEENTH EIGHTEENTH NINETEENTH";
const CARDINALS: &str = "ONE TWO THREE FOUR FIVE SIX SEVEN EIGHT NINE TEN ELEVEN TWELVE THIRTEEN FOURTEEN FIFTEEN SIXTEEN \
SEVENTEEN EIGHTEEN NINETEEN";
const TENS: &str = "TWENTY THIRTY FORTY FIFTY SIXTY SEVENTY EIGHTY NINETY";
const TENTHS: &str = "TWENTIETH THIRTIETH FORTIETH FIFTIETH SIXTIETH SEVENTIETH EIGHTIETH NINETIETH";

const ROUTE_QUALIFIERS: &str = "\
US
STATE ST
COUNTY CO CNTY COUNTRY CTY
INTERSTATE
FEDERAL
TRUNK
MN MINN MINNESOTA
TOWNSHIP TWP";

const ROUTE_KINDS: &str = "\
HIGHWAY HWY HIWAY HIGHWY HWAY HGWY HIWY HGHWY
ROAD RD
ROUTE RTE RT RTES RTS
AVENUE AVE AV
LOOP
SPUR";

const ROUTES: &str = "\
CR COUNTY ROAD
CSAH COUNTY ROAD
CTH COUNTY HIGHWAY
COHWY COUNTY HIGHWAY
SR STATE ROAD
SH STATE HIGHWAY
TH STATE HIGHWAY
MNTH STATE HIGHWAY
FM FM
I INTERSTATE
USH US HIGHWAY";
