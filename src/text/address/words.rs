//! The words of an address: the tables of USPS Publication 28 (directions, appendix B states, C1 suffixes, C2 units) with
//! the misspellings that real registers hold, as one lexicon with one lookup a word.

use std::collections::HashMap;
use std::sync::LazyLock;

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
APT APARTMENT APPT APMT
DEPT DEPARTMENT
FL FLOOR FLR FLOR
HNGR HANGAR HANGER
KEY
LOT
OFC OFFICE
PH PENTHOUSE
PIER
RM ROOM
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
LEVEL
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

const STATES: &str = "\
AL ALABAMA
AK ALASKA
AZ ARIZONA
AR ARKANSAS
CA CALIFORNIA CALIF
CO COLORADO
CT CONNECTICUT
DC
DE DELAWARE
FL FLORIDA
GA GEORGIA
GU GUAM
HI HAWAII
IA IOWA
ID IDAHO
IL ILLINOIS ILL
IN INDIANA
KS KANSAS
KY KENTUCKY
LA LOUISIANA
MA MASSACHUSETTS
MD MARYLAND
ME MAINE
MI MICHIGAN MICH
MN MINNESOTA MINN
MO MISSOURI
MS MISSISSIPPI
MT MONTANA
NC
ND
NE NEBRASKA
NH
NJ
NM
NV NEVADA
NY
OH OHIO
OK OKLAHOMA
OR OREGON
PA PENNSYLVANIA PENNA
PR
RI
SC
SD
TN TENNESSEE TENN
TX TEXAS TEX
UT UTAH
VA VIRGINIA
VI
VT VERMONT
WA WASHINGTON
WI WISCONSIN WISC
WV
WY WYOMING";

/// The two-letter code of a state whose name is two words ("NEW YORK", "N DAKOTA").
pub(super) fn two_word_state(first: &str, second: &str) -> Option<&'static str> {
    Some(match (first, second) {
        ("NEW", "YORK") | ("N", "Y") => "NY",
        ("NEW", "JERSEY") | ("N", "J") => "NJ",
        ("NEW", "MEXICO") => "NM",
        ("NEW", "HAMPSHIRE") => "NH",
        ("RHODE", "ISLAND") => "RI",
        ("PUERTO", "RICO") => "PR",
        ("NORTH" | "N" | "NO", "CAROLINA" | "C") => "NC",
        ("SOUTH" | "S" | "SO", "CAROLINA" | "C") => "SC",
        ("NORTH" | "N" | "NO", "DAKOTA") => "ND",
        ("SOUTH" | "S" | "SO", "DAKOTA") => "SD",
        ("WEST" | "W", "VIRGINIA") => "WV",
        ("D", "C") => "DC",
        _ => return None,
    })
}

/// The standard abbreviation of a state given as code or name, in any case; `None` when it is not one.
pub(super) fn state_code(folded: &str) -> Option<&'static str> {
    look_up(folded).state.or_else(|| folded.split_once(' ').and_then(|(a, b)| two_word_state(a, b)))
}

/// City names that start with a word which otherwise ends a street: "ST PAUL", "NORTH BRANCH", "LA CRESCENT".
pub(super) fn saint(follower: &str) -> bool {
    matches!(
        follower,
        "LOUIS"
            | "PAUL"
            | "PETER"
            | "PETERS"
            | "JOSEPH"
            | "PETERSBURG"
            | "CLOUD"
            | "CHARLES"
            | "AUGUSTINE"
            | "ALBANS"
            | "ANTHONY"
            | "MICHAEL"
            | "FRANCIS"
            | "BONIFACIUS"
            | "CLAIR"
            | "CLAIRE"
            | "GEORGE"
            | "HELENA"
            | "HELENS"
            | "JAMES"
            | "JOHNS"
            | "JOHN"
            | "JOHNSBURY"
            | "MARYS"
            | "MARY"
            | "MARTIN"
            | "MARTINVILLE"
            | "SIMONS"
            | "THOMAS"
            | "BONAVENTURE"
            | "STEPHEN"
            | "HILAIRE"
            | "LEO"
            | "ROSA"
            | "VINCENT"
            | "CROIX"
            | "IGNACE"
            | "JOE"
            | "LOUISVILLE"
    )
}

/// A city follows a spelled direction with one of these: "WEST ST PAUL", "NORTH BRANCH", "EAST GRAND FORKS".
pub(super) fn directed_city(direction: &str, follower: &str) -> bool {
    match direction {
        "NORTH" => matches!(
            follower,
            "BRANCH"
                | "MANKATO"
                | "OAKS"
                | "ST"
                | "SAINT"
                | "HOLLYWOOD"
                | "LITTLE"
                | "BEND"
                | "CHICAGO"
                | "BERGEN"
                | "HAVEN"
                | "LAS"
                | "CHARLESTON"
                | "MIAMI"
                | "RICHLAND"
                | "RIVERSIDE"
                | "PLATTE"
                | "AUGUSTA"
                | "KANSAS"
                | "BRUNSWICK"
                | "CANTON"
                | "READING"
                | "BROOKFIELD"
                | "AURORA"
                | "PROVIDENCE"
                | "ATTLEBORO"
                | "ADAMS"
                | "ANDOVER"
        ),
        "SOUTH" => matches!(
            follower,
            "ST" | "SAINT"
                | "BEND"
                | "HAVEN"
                | "SAN"
                | "GATE"
                | "JORDAN"
                | "SALT"
                | "BOSTON"
                | "PORTLAND"
                | "ORANGE"
                | "HOLLAND"
                | "PLAINFIELD"
                | "PASADENA"
                | "LYON"
                | "ELGIN"
                | "MIAMI"
                | "BURLINGTON"
                | "CHARLESTON"
                | "EUCLID"
                | "PADRE"
        ),
        "EAST" => matches!(
            follower,
            "BETHEL"
                | "GRAND"
                | "GULL"
                | "LANSING"
                | "ORANGE"
                | "CHICAGO"
                | "HARTFORD"
                | "POINT"
                | "PEORIA"
                | "MOLINE"
                | "PALO"
                | "ST"
                | "SAINT"
                | "HAMPTON"
                | "BRUNSWICK"
                | "PROVIDENCE"
                | "STROUDSBURG"
                | "RUTHERFORD"
                | "CLEVELAND"
        ),
        "WEST" => matches!(
            follower,
            "ST" | "SAINT"
                | "CONCORD"
                | "PALM"
                | "CHESTER"
                | "FARGO"
                | "BEND"
                | "ALLIS"
                | "COVINA"
                | "JORDAN"
                | "VALLEY"
                | "HOLLYWOOD"
                | "HARTFORD"
                | "HAVEN"
                | "ORANGE"
                | "LAFAYETTE"
                | "DES"
                | "SACRAMENTO"
                | "UNION"
                | "PLAINS"
                | "MEMPHIS"
                | "MIFFLIN"
                | "MONROE"
                | "SPRINGFIELD"
                | "NEW"
                | "ISLIP"
                | "BABYLON"
                | "NYACK"
                | "WARWICK"
                | "BLOOMFIELD"
                | "COLUMBIA"
        ),
        _ => false,
    }
}

const SUFFIXES: &str = "\
*ALY ALLEE ALLEY ALLY
ANX ANEX ANNEX ANNX
ARC ARCADE
*AVE AV AVEN AVENU AVENUE AVN AVNUE AVES AVENUES AEV
BYU BAYOO BAYOU
BCH BEACH
BND BEND
BLF BLUF BLUFF
BLFS BLUFFS
BTM BOT BOTTM BOTTOM
*BLVD BOUL BOULEVARD BOULV BLVDS BVD BLV BOULEVAR BL
BR BRNCH BRANCH
BRG BRDGE BRIDGE
BRK BROOK
BRKS BROOKS
BYP BYPA BYPAS BYPASS BYPS
CP CAMP CMP
CYN CANYN CANYON CNYN
CPE CAPE
*CSWY CAUSEWAY CAUSWA CAUSEWY
CTR CEN CENT CENTER CENTR CENTRE CNTER CNTR
*CIR CIRC CIRCL CIRCLE CRCL CRCLE CR CIRCLES
CLF CLIFF
CLFS CLIFFS
CLB CLUB
CMN COMMON
CMNS COMMONS
COR CORNER
CORS CORNERS
CRSE COURSE
*CT COURT CRT
CTS COURTS
*CV COVE
CVS COVES
CRK CREEK
*CRES CRESCENT CRSENT CRSNT
CRST CREST
*XING CROSSING CRSSNG
XRD CROSSROAD
CURV CURVE
DL DALE
DM DAM
DV DIV DIVIDE DVD
*DR DRIV DRIVE DRV DRIVES DRS
EST ESTATE
ESTS ESTATES
*EXPY EXP EXPR EXPRESS EXPRESSWAY EXPW EXPWY
EXT EXTENSION EXTN EXTNSN
FALL
FLS FALLS
FRY FERRY FRRY
FLD FIELD
FLDS FIELDS
FLT
FLTS FLATS
FRD FORD
FRST FOREST FORESTS
FRG FORG FORGE
FRK FORK
FRKS FORKS
FT FORT FRT
*FWY FREEWAY FREEWY FRWAY FRWY
GDN GARDEN GARDN GRDEN GRDN
GDNS GARDENS GRDNS
GTWY GATEWAY GATEWY GATWAY GTWAY
GLN GLEN
GRN GREEN
GRV GROV GROVE
HBR HARB HARBOR HARBR HRBOR
HVN HAVEN
HTS HT HEIGHTS HGTS
*HWY HIGHWAY HIGHWY HIWAY HIWY HWAY HGWY HGHWY
HL HILL
HLS HILLS
HOLW HLLW HOLLOW HOLLOWS HOLWS
INLT INLET
ISLAND
ISLANDS
ISLE ISLES
JCT JCTION JCTN JUNCTION JUNCTN JUNCTON
KY
KYS KEYS
KNL KNOL KNOLL
KNLS KNOLLS
LK LAKE
LKS LAKES
LAND
LNDG LANDING LNDNG
*LN LANE LANES
LGT LIGHT
LF LOAF
LCK LOCK
LCKS LOCKS
LDG LDGE LODG LODGE
*LOOP LOOPS LP
MALL
MNR MANOR
MNRS MANORS
MDW MEADOW
MDWS MEADOWS MEDOWS
MEWS
ML MILL
MLS MILLS
MSN MISSN MISSION MSSN
MTWY MOTORWAY
MT MNT MOUNT
MTN MNTAIN MNTN MOUNTAIN MOUNTIN MTIN
NCK NECK
ORCH ORCHARD ORCHRD
OVAL OVL
OPAS OVERPASS
PARK PRK PARKS PK
*PKWY PARKWAY PARKWY PKWAY PKY PARKWAYS PKWYS PKY PY PAKWAY
PASS
PSGE PASSAGE
*PATH PATHS
*PIKE PIKES
PNE PINE
PNES PINES
*PL PLACE PLC
PLN PLAIN
PLNS PLAINS
*PLZ PLAZA PLZA
PT POINT
PTS POINTS
PRT PORT
PR PRAIRIE PRR
*PROM PROMENADE
RADL RADIAL RADIEL
RAMP
RNCH RANCH RANCHES RNCHS
RPD RAPID
RPDS RAPIDS
RST REST
RDG RDGE RIDGE
RDGS RIDGES
RIV RIVER RIVR
*RD ROAD RDS ROADS
*RTE ROUTE RT
*ROW
RUE
*RUN
SHL SHOAL
SHLS SHOALS
SHR SHOAR SHORE
SHRS SHOARS SHORES
*SKWY SKYWAY
SPG SPNG SPRING SPRNG
SPGS SPNGS SPRINGS SPRNGS
SPUR SPURS
*SQ SQR SQRE SQU SQUARE SQS
STA STATION STATN STN
STRA STRAV STRAVEN STRAVENUE
STRM STREAM STREME
*ST STR STREET STRT STREETS STS STREE STEET STRET STRRET
SMT SUMMIT SUMIT SUMITT
*TER TERR TERRACE
*TRWY THROUGHWAY THRUWAY
*TRCE TRACE TRACES
TRAK TRACK TRK TRKS
TRFY TRAFFICWAY
*TRL TRAIL TRAILS TRLS TR
TUNL TUNEL TUNNEL
*TPKE TRNPK TURNPIKE TURNPK TPK
UPAS UNDERPASS
UN UNION
VLY VALLEY VALLY VLLY
VIA VDCT VIADUCT VIADCT
VW VIEW
VWS VIEWS
VLG VILL VILLAG VILLAGE VILLG
VL VILLE
VIS VIST VISTA VST
*WALK WALKS WK
WALL
*WAY WY WAYS
WL WELL
WLS WELLS
OVERLOOK
GRADE
GATE
GULCH
GLADE
CONCOURSE
TURN
BAY
WOODS";
