//! States by code and name, and the cities whose names begin with a word that elsewhere ends a street.

use super::look_up;

/// A line is a code and the words for it.
pub(super) const STATES: &str = "\
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
pub(in crate::text::address) fn two_word_state(first: &str, second: &str) -> Option<&'static str> {
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
pub(in crate::text::address) fn state_code(folded: &str) -> Option<&'static str> {
    look_up(folded).state.or_else(|| folded.split_once(' ').and_then(|(a, b)| two_word_state(a, b)))
}

/// The words behind "ST" in the names of cities.
const SAINTS: &str = "LOUIS PAUL PETER PETERS JOSEPH PETERSBURG CLOUD CHARLES AUGUSTINE ALBANS ANTHONY \
    MICHAEL FRANCIS BONIFACIUS CLAIR CLAIRE GEORGE HELENA HELENS JAMES JOHNS JOHN \
    JOHNSBURY MARYS MARY MARTIN MARTINVILLE SIMONS THOMAS BONAVENTURE STEPHEN HILAIRE LEO \
    ROSA VINCENT CROIX IGNACE JOE LOUISVILLE";

/// The words behind a spelled direction in the names of cities.
const DIRECTED: [(&str, &str); 4] = [
    (
        "NORTH",
        "BRANCH MANKATO OAKS ST SAINT HOLLYWOOD LITTLE BEND CHICAGO BERGEN HAVEN LAS CHARLESTON MIAMI \
         RICHLAND RIVERSIDE PLATTE AUGUSTA KANSAS BRUNSWICK CANTON READING BROOKFIELD AURORA PROVIDENCE \
         ATTLEBORO ADAMS ANDOVER",
    ),
    (
        "SOUTH",
        "ST SAINT BEND HAVEN SAN GATE JORDAN SALT BOSTON PORTLAND ORANGE HOLLAND PLAINFIELD PASADENA LYON \
         ELGIN MIAMI BURLINGTON CHARLESTON EUCLID PADRE",
    ),
    (
        "EAST",
        "BETHEL GRAND GULL LANSING ORANGE CHICAGO HARTFORD POINT PEORIA MOLINE PALO ST SAINT HAMPTON \
         BRUNSWICK PROVIDENCE STROUDSBURG RUTHERFORD CLEVELAND",
    ),
    (
        "WEST",
        "ST SAINT CONCORD PALM CHESTER FARGO BEND ALLIS COVINA JORDAN VALLEY HOLLYWOOD HARTFORD HAVEN ORANGE \
         LAFAYETTE DES SACRAMENTO UNION PLAINS MEMPHIS MIFFLIN MONROE SPRINGFIELD NEW ISLIP BABYLON NYACK \
         WARWICK BLOOMFIELD COLUMBIA",
    ),
];

/// City names that start with a word which otherwise ends a street: "ST PAUL", "NORTH BRANCH", "LA CRESCENT".
pub(in crate::text::address) fn saint(follower: &str) -> bool {
    SAINTS.split(' ').any(|it| it == follower)
}

/// A city follows a direction with one of these: "WEST ST PAUL", "NORTH BRANCH", "W PALM BEACH". Of "AVE W ST PAUL" nobody
/// can say whether the letter is the street's; it mostly is.
pub(in crate::text::address) fn directed_city(direction: &str, follower: &str) -> bool {
    let short = direction.len() == 1;
    if short && matches!(follower, "ST" | "SAINT") {
        return false;
    }
    let cities = DIRECTED.iter().filter(|it| it.0 == direction || short && it.0.starts_with(direction));
    cities.flat_map(|it| it.1.split(' ')).any(|it| it == follower)
}
