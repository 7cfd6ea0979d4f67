//! From an [`Address`] to the keys under which one premises, unit or city is found however it was
//! typed.

use super::assemble::{present, set_unit};
use super::token::{LONGEST, ordinal_stem, squeeze};
use super::{Address, Form, words};

pub(super) fn key(address: &Address) -> Option<String> {
    let (Form::Street, Some(number), Some(street)) = (address.form, &address.number, &address.street) else {
        return None;
    };
    let mut out = String::with_capacity(40);
    out.push_str(lowest(number));
    out.push(' ');
    match (&address.suffix, own_suffix(street)) {
        (None, Some((name, suffix))) => {
            push_street_key(&mut out, name);
            out.push(' ');
            out.push_str(suffix);
        }
        _ => push_street_key(&mut out, street),
    }
    // No city has both "S Oak Ave" and "Oak Ave S": so the side on which a direction stands does not matter.
    for part in [&address.suffix, &address.pre_direction, &address.post_direction].into_iter().flatten() {
        out.push(' ');
        out.push_str(part);
    }
    Some(out)
}

pub(super) fn street_key(address: &Address) -> Option<String> {
    let (Form::Street | Form::Block, Some(street)) = (address.form, &address.street) else { return None };
    let name = own_suffix(street).filter(|_| address.suffix.is_none()).map_or(street.as_str(), |it| it.0);
    let mut out = String::with_capacity(street.len());
    push_street_key(&mut out, name);
    Some(out)
}

/// The suffix that a street bears as the last word of its name: "NICOLLET MALL" is one street, however its words are read.
fn own_suffix(street: &str) -> Option<(&str, &'static str)> {
    let (name, last) = street.rsplit_once(' ')?;
    words::look_up(last).suffix.map(|suffix| (name, suffix))
}

/// The first number of a range "9208-9214" or "1234-36"; a hyphenated number of Queens ("37-18") is one number.
pub(super) fn lowest(number: &str) -> &str {
    range(number).map_or(number, |it| it.0)
}

/// The last number of a range, written in full.
pub(super) fn highest(number: &str) -> Option<u32> {
    let (low, high) = range(number)?;
    let stem = &low[..low.len() - high.len()];
    format!("{stem}{high}").parse().ok()
}

fn range(number: &str) -> Option<(&str, &str)> {
    let (low, high) = number.split_once('-')?;
    let high = high.trim_start_matches('0');
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let range = digits(low)
        && digits(high)
        && (low.len() >= 3 && high.len() == low.len() && high > low
            || low.len() >= 4 && high.len() < low.len() && high > &low[low.len() - high.len()..]);
    range.then_some((low, high))
}

/// Words without spaces, in standard abbreviations; an ordinal without its ending.
fn push_street_key(out: &mut String, street: &str) {
    if let Some(stem) = ordinal_stem(street) {
        out.push_str(stem);
        return;
    }
    let skip_qualifier = street.starts_with("STATE HIGHWAY ") || street.starts_with("US HIGHWAY ");
    for (at, word) in street.split([' ', '-']).enumerate() {
        if at == 0 && skip_qualifier {
            continue;
        }
        let known = words::look_up(word);
        let short = known.suffix.or(known.direction).unwrap_or(word);
        out.extend(short.chars().filter(|c| c.is_alphanumeric() || *c == '/'));
    }
}

/// A city in one spelling, lowercase letters and digits: "MPLS", "Minneapolis" and "City of Minneapolis" are one, so are "St. Paul"
/// and "Saint Paul". Empty for a text without letters.
pub fn city_key(city: &str) -> String {
    let bounded = city.get(..city.len().min(LONGEST)).unwrap_or_default();
    let text = squeeze(bounded);
    let text = text.split(',').next().unwrap_or_default();
    let text = ["CITY OF ", "TOWN OF ", "VILLAGE OF "]
        .iter()
        .find_map(|prefix| text.strip_prefix(prefix))
        .unwrap_or(text);
    match text {
        "MPLS" | "MLPS" | "MINNEAPLIS" | "MINNEAPOLIS MN" => return "minneapolis".to_owned(),
        "STP" | "ST P" => return "stpaul".to_owned(),
        _ => {}
    }
    let mut out = String::with_capacity(text.len());
    for word in text.split([' ', '|', '-']) {
        let short = match word {
            "SAINT" | "STE" | "SAINTE" => "ST",
            "MOUNT" => "MT",
            "FORT" => "FT",
            "NORTH" | "NO" => "N",
            "SOUTH" | "SO" => "S",
            "EAST" => "E",
            "WEST" => "W",
            "HEIGHTS" => "HTS",
            other => other,
        };
        out.extend(short.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase));
    }
    out
}

/// Whether an address that says `written` (two letters, or the name) lies in the state of that name.
pub fn is_state(name: &str, written: &str) -> bool {
    let short = |text: &str| {
        let text = squeeze(text.get(..text.len().min(LONGEST)).unwrap_or_default());
        words::look_up(&text).state.map_or(text, str::to_owned)
    };
    short(name) == short(written)
}

/// A unit in one spelling, whatever its kind: "3" for "STE 3", "# 3", "Unit 03"; `None` when the text holds none.
pub fn unit_key(unit: &str) -> Option<String> {
    let mut address = Address::default();
    set_unit(&mut address, present(Some(unit))?);
    unit_key_of(&address)
}

pub(super) fn unit_key_of(address: &Address) -> Option<String> {
    let own = match (&address.unit, &address.unit_type) {
        (Some(unit), kind) => {
            // A bare "1ST" is a floor, as "FL 1" is.
            let stem = ordinal_stem(unit);
            let floor = kind.as_deref() == Some("FL") || kind.is_none() && stem.is_some();
            let plain = plain_unit(stem.unwrap_or(unit));
            let plain = plain.trim_start_matches('0').trim_matches(',');
            (!plain.is_empty()).then(|| if floor { format!("FL{plain}") } else { plain.to_owned() })
        }
        (None, kind) => kind.clone(),
    };
    match (&address.building, own) {
        (Some(building), Some(own)) => Some(format!("{building} {own}")),
        (Some(building), None) => Some(building.clone()),
        (None, own) => own,
    }
}

/// Letters and digits, and what makes several units of one text: "1-300" is not unit 1300, nor is "1,300"; "3-B" is "3B".
fn plain_unit(unit: &str) -> String {
    let digit = |at: Option<usize>| at.and_then(|at| unit.as_bytes().get(at)).is_some_and(u8::is_ascii_digit);
    let parts = |at: usize, c: char| c == ',' || c == '-' && digit(at.checked_sub(1)) && digit(Some(at + 1));
    unit.char_indices().filter(|(at, c)| c.is_alphanumeric() || parts(*at, *c)).map(|(_, c)| c).collect()
}
