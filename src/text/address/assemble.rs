//! From labeled words to an [`Address`] in standard forms, and to its line.

use super::tag::Label;
use super::token::{Token, ordinal_stem, squeeze, tokens};
use super::words::{self, Route};
use super::{Address, Form};

pub(super) fn assemble(tokens: &[Token<'_>], labels: &[Label]) -> Address {
    if labels.contains(&Label::Separator) {
        return intersection(tokens, labels);
    }
    let mut address = Address::default();
    put_street(&mut address, tokens, labels);
    put_units(&mut address, tokens, labels);
    put_place(&mut address, tokens, labels);
    address.form = form(&mut address, tokens, labels);
    address
}

fn form(address: &mut Address, tokens: &[Token<'_>], labels: &[Label]) -> Form {
    if address.street.is_none() {
        return if labels.contains(&Label::Box) { Form::PoBox } else { Form::Unparsed };
    }
    let block_word = tokens
        .iter()
        .zip(labels)
        .any(|(token, label)| *label == Label::Number && matches!(token.text, "BLOCK" | "BLK"));
    let masked = address.number.as_deref().and_then(unmask);
    if let Some(lowest) = masked {
        address.number = Some(lowest);
        return Form::Block;
    }
    if block_word { Form::Block } else { Form::Street }
}

/// "0029XX" is the block from 2900; `None` for a plain number.
fn unmask(number: &str) -> Option<String> {
    let digits = number.trim_end_matches('X');
    let masked = number.len() - digits.len();
    let whole = masked > 0 && masked <= 3 && !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit());
    // One X behind digits is a house number with a letter; a block hides two digits or more.
    (whole && masked >= 2).then(|| format!("{}{}", digits.trim_start_matches('0'), "0".repeat(masked)))
}

fn put_street(address: &mut Address, tokens: &[Token<'_>], labels: &[Label]) {
    address.number = number(tokens, labels);
    address.pre_direction = direction(tokens, labels, Label::PreDirection);
    address.post_direction = direction(tokens, labels, Label::PostDirection);
    address.suffix = tokens
        .iter()
        .zip(labels)
        .find(|(_, label)| **label == Label::Suffix)
        .map(|(token, _)| token.word.suffix.unwrap_or(token.text).into());
    address.street = street(tokens, labels, address.suffix.is_some());
}

fn number(tokens: &[Token<'_>], labels: &[Label]) -> Option<String> {
    let mut out = String::new();
    let first = labels.iter().position(|label| *label == Label::Number)?;
    // A second number further on is of another address or a unit.
    let run = labels[first..].iter().take_while(|label| **label == Label::Number).count();
    for token in &tokens[first..first + run] {
        if matches!(token.text, "BLOCK" | "BLK" | "OF" | "#") {
            continue;
        }
        if out.is_empty() {
            match token.word.cardinal {
                Some(value) => out.push_str(&value.to_string()),
                None => out.push_str(without_zeros(token.text)),
            }
        } else {
            if token.starts_with_digit() {
                // A fraction stands apart, a letter and the second half of a grid number do not.
                out.push(' ');
            }
            out.push_str(token.text);
        }
    }
    (!out.is_empty()).then_some(out)
}

fn without_zeros(text: &str) -> &str {
    let rest = text.trim_start_matches('0');
    if rest.starts_with(|c: char| c.is_ascii_digit()) {
        rest
    } else {
        &text[text.len() - rest.len() - usize::from(rest.len() < text.len())..]
    }
}

fn direction(tokens: &[Token<'_>], labels: &[Label], which: Label) -> Option<String> {
    let mut out = String::new();
    for (token, _) in tokens.iter().zip(labels).filter(|(_, label)| **label == which) {
        out.push_str(token.word.direction.unwrap_or(token.text));
    }
    (!out.is_empty()).then_some(out)
}

fn street(tokens: &[Token<'_>], labels: &[Label], has_suffix: bool) -> Option<String> {
    let first = labels.iter().position(|label| *label == Label::Street)?;
    let length = labels[first..].iter().take_while(|label| **label == Label::Street).count();
    let name = &tokens[first..first + length];
    if let Some(value) = ordinal(name, has_suffix) {
        return Some(value);
    }
    if let [qualifier, id] = name
        && let Some(Route::Qualifier(of)) = qualifier.word.route
        && id.starts_with_digit()
    {
        return Some(format!("{} HIGHWAY {}", if of == "MN" { "STATE" } else { of }, id.text));
    }
    // "COUNTY STATE AID HIGHWAY 10", whose short form "CSAH 10" is a county road.
    if let [.., aid, kind, id] = name
        && aid.text == "AID"
        && is_route_kind(kind)
    {
        return Some(format!("COUNTY ROAD {}", id.text));
    }
    let is_route =
        length > 1 && name[length - 1].text.len() <= 4 && name.iter().any(|token| is_route_kind(token));
    let mut out = String::with_capacity(24);
    for (at, token) in name.iter().enumerate() {
        if is_route && matches!(token.text, "#" | "NO" | "NUMBER") {
            continue;
        }
        if at > 0 {
            out.push(' ');
        }
        out.push_str(street_word(token, at, is_route && at + 1 < length));
    }
    Some(out)
}

fn is_route_kind(token: &Token<'_>) -> bool {
    matches!(token.word.route, Some(Route::Kind(_) | Route::Both(_)))
}

fn street_word<'a>(token: &Token<'a>, at: usize, in_route: bool) -> &'a str {
    match token.word.route {
        Some(Route::Kind(name) | Route::Both(name)) if in_route => name,
        Some(Route::Qualifier(name)) if in_route => match name {
            "STATE" | "MN" | "TRUNK" => "STATE",
            other => other,
        },
        _ if at == 0 && token.text == "SAINT" => "ST",
        _ => token.text,
    }
}

/// A street that is a number: "FIRST", "1ST" and, with a suffix, plain "1" are "1ST".
fn ordinal(name: &[Token<'_>], has_suffix: bool) -> Option<String> {
    let value = match name {
        [one] if one.is_number() && has_suffix => one.text.trim_start_matches('0').parse::<u32>().ok()?,
        [one] => match ordinal_stem(one.text) {
            Some(stem) => stem.parse::<u32>().ok()?,
            None => match one.text.split_once('-') {
                Some((tens, unit)) => {
                    u32::from(tens_of(words::look_up(tens).cardinal)?)
                        + u32::from(words::look_up(unit).ordinal?)
                }
                None => u32::from(one.word.ordinal?),
            },
        },
        [tens, unit] => {
            u32::from(tens_of(tens.word.cardinal)?)
                + u32::from(unit.word.ordinal.filter(|value| *value < 10)?)
        }
        _ => return None,
    };
    Some(with_ending(value))
}

fn tens_of(value: Option<u8>) -> Option<u8> {
    value.filter(|value| *value >= 20)
}

fn with_ending(value: u32) -> String {
    let ending = match (value % 10, value % 100) {
        (_, 11..=13) => "TH",
        (1, _) => "ST",
        (2, _) => "ND",
        (3, _) => "RD",
        _ => "TH",
    };
    format!("{value}{ending}")
}

fn put_units(address: &mut Address, tokens: &[Token<'_>], labels: &[Label]) {
    let mut at = 0;
    while at < labels.len() {
        match labels[at] {
            Label::UnitType => {
                let mut id = at + 1;
                if labels.get(id) == Some(&Label::UnitType) && tokens[id].text == "#" {
                    id += 1;
                }
                let to = unit_end(labels, id);
                put_unit(address, Some(&tokens[at]), unit_text(&tokens[id..to]).as_deref());
                at = to;
            }
            Label::Unit if labels.get(at + 1) == Some(&Label::UnitType) && tokens[at + 1].text != "#" => {
                put_level(address, &tokens[at], &tokens[at + 1]);
                at += 2;
            }
            Label::Unit => {
                let to = unit_end(labels, at);
                put_unit(address, None, unit_text(&tokens[at..to]).as_deref());
                at = to;
            }
            _ => at += 1,
        }
    }
}

/// Where the identifier ends that begins at `from`: "13 C" has two words. What a kind follows is of that kind.
fn unit_end(labels: &[Label], from: usize) -> usize {
    let rest = labels.get(from..).unwrap_or_default();
    let length = rest.iter().take_while(|label| **label == Label::Unit).count();
    let of_next = length > 1 && rest.get(length) == Some(&Label::UnitType);
    from + length - usize::from(of_next)
}

/// Its words as one, "13 C", and those of a list as "103,105" or "1-300"; none if there are none.
fn unit_text(words: &[Token<'_>]) -> Option<String> {
    let marks = words.iter().take_while(|token| matches!(token.text, "#" | "NO" | "NUMBER")).count();
    let (mut out, mut between) = (String::new(), "");
    for token in &words[marks..] {
        match token.text {
            "&" | "AND" => between = ",",
            "THRU" | "THROUGH" | "TO" => between = "-",
            text => {
                out.push_str(between);
                out.push_str(text);
                between = if token.gap { "," } else { " " };
            }
        }
    }
    (!out.is_empty()).then_some(out)
}

/// "SECOND FLOOR", "2ND FL", "LOWER LEVEL".
fn put_level(address: &mut Address, id: &Token<'_>, kind: &Token<'_>) {
    if id.word.alone {
        address.unit_type = id.word.unit.map(Into::into);
        return;
    }
    let value = id.word.ordinal.map(|value| value.to_string());
    put_unit(address, Some(kind), Some(value.as_deref().or(ordinal_stem(id.text)).unwrap_or(id.text)));
}

fn put_unit(address: &mut Address, kind: Option<&Token<'_>>, id: Option<&str>) {
    let abbr = kind.and_then(|kind| kind.word.unit);
    if kind.is_some_and(|kind| kind.word.outer) {
        let mut building = abbr.unwrap_or_default().to_owned();
        if let Some(id) = id {
            building.push(' ');
            building.push_str(id);
        }
        address.building = Some(building);
        return;
    }
    // A floor says less than a suite on it.
    if abbr == Some("FL") && (address.unit.is_some() || address.unit_type.is_some()) {
        return;
    }
    address.unit_type = abbr.map(Into::into);
    address.unit = id.map(Into::into);
}

fn put_place(address: &mut Address, tokens: &[Token<'_>], labels: &[Label]) {
    address.city = joined(tokens, labels, Label::City);
    address.state =
        joined(tokens, labels, Label::State).and_then(|text| words::state_code(&text).map(Into::into));
    address.zip = joined(tokens, labels, Label::Zip).map(|text| zip(&text));
}

fn joined(tokens: &[Token<'_>], labels: &[Label], which: Label) -> Option<String> {
    let mut out = String::new();
    for (token, _) in tokens.iter().zip(labels).filter(|(_, label)| **label == which) {
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(token.text);
    }
    (!out.is_empty()).then_some(out)
}

fn zip(text: &str) -> String {
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    if digits.len() == 9 && !digits.ends_with("0000") {
        format!("{}-{}", &digits[..5], &digits[5..])
    } else {
        digits.chars().take(5).collect()
    }
}

fn intersection(tokens: &[Token<'_>], labels: &[Label]) -> Address {
    let at = labels.iter().position(|label| *label == Label::Separator).unwrap_or(labels.len());
    let mut sides = Vec::with_capacity(2);
    for range in [0..at, at + 1..labels.len()] {
        let mut side = Address::default();
        put_street(&mut side, &tokens[range.clone()], &labels[range]);
        sides.push(line(&side));
    }
    let mut address =
        Address { street: Some(sides.join(" / ")), form: Form::Intersection, ..Address::default() };
    put_place(&mut address, tokens, labels);
    address
}

pub(super) fn set_columns(
    address: &mut Address,
    unit: Option<&str>,
    city: Option<&str>,
    state: Option<&str>,
    zip_code: Option<&str>,
) {
    if let Some(unit) = present(unit) {
        set_unit(address, unit);
    }
    if let Some(city) = present(city) {
        address.city = Some(squeeze(city));
    }
    if let Some(state) = present(state) {
        address.state = Some(words::state_code(&squeeze(state)).map_or_else(|| squeeze(state), Into::into));
    }
    if let Some(code) = present(zip_code) {
        address.zip = Some(zip(code)).filter(|code| code.len() >= 5).or_else(|| Some(squeeze(code)));
    }
}

/// A column longer than any address is no part of one.
pub(super) fn present(column: Option<&str>) -> Option<&str> {
    column.map(str::trim).filter(|text| !text.is_empty() && text.len() <= super::token::LONGEST)
}

pub(super) fn set_unit(address: &mut Address, column: &str) {
    let text = squeeze(column);
    let words = tokens(&text);
    address.unit_type = None;
    address.unit = None;
    let kind = words.iter().find(|token| token.word.unit.is_some());
    let id = words.iter().find(|token| token.word.unit.is_none());
    match (kind, id) {
        (Some(kind), Some(id)) => {
            put_unit(address, Some(kind), Some(ordinal_stem(id.text).unwrap_or(id.text)));
        }
        (Some(kind), None) => put_unit(address, Some(kind), None),
        (None, _) => put_unit(address, None, Some(&text)),
    }
}

pub(super) fn line(address: &Address) -> String {
    let parts = [
        &address.number,
        &address.pre_direction,
        &address.street,
        &address.suffix,
        &address.post_direction,
        &address.building,
        &address.unit_type,
        &address.unit,
    ];
    let mut out = String::with_capacity(40);
    for part in parts.into_iter().flatten() {
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(part);
    }
    out
}
