//! Folding: one spelling for text that people write in many, so that plain equality finds what a reader would.

use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

/// Lowercase, without accents, zero-width or control characters; runs of white space become one space. For text search:
/// fold the query and the searched text alike. Other scripts stay as they are.
pub fn fold(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in plain(text) {
        push_spaced(&mut out, c, char::to_lowercase);
    }
    trim_end(out)
}

/// As [`fold`] but uppercase, as addresses are kept; a line break becomes a comma, because it parts an address the same way.
pub(crate) fn fold_upper(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    if text.is_ascii() {
        text.bytes().for_each(|b| push_ascii_upper(&mut out, b));
        return trim_end(out);
    }
    for c in text.chars().flat_map(line_break_to_comma).flat_map(part_fraction) {
        for c in plain_char(c) {
            push_spaced(&mut out, c, char::to_uppercase);
        }
    }
    trim_end(out)
}

fn push_ascii_upper(out: &mut String, byte: u8) {
    match byte {
        b'\n' | b'\r' => out.push(','),
        b'\t' | b' ' => {
            if !out.is_empty() && !out.ends_with(' ') {
                out.push(' ');
            }
        }
        0..=31 | 127 => {}
        _ => out.push(char::from(byte.to_ascii_uppercase())),
    }
}

fn push_spaced<I: Iterator<Item = char>>(out: &mut String, c: char, case: impl Fn(char) -> I) {
    if c.is_whitespace() {
        if !out.is_empty() && !out.ends_with(' ') {
            out.push(' ');
        }
    } else {
        out.extend(case(c));
    }
}

fn trim_end(mut out: String) -> String {
    if out.ends_with(' ') {
        out.pop();
    }
    out
}

/// Decomposed (compatibility) characters without marks, controls and formatting characters.
fn plain(text: &str) -> impl Iterator<Item = char> {
    text.chars().flat_map(plain_char)
}

/// One character at a time: a hostile run of ten million combining marks then costs no buffer.
fn plain_char(c: char) -> impl Iterator<Item = char> {
    std::iter::once(c).nfkd().filter(|c| !is_combining_mark(*c) && !is_invisible(*c)).map(|c| match c {
        '\u{2044}' => '/',
        '\u{2010}'..='\u{2015}' | '\u{2212}' => '-',
        '\u{2018}' | '\u{2019}' | '\u{02BC}' => '\'',
        other => other,
    })
}

fn is_invisible(c: char) -> bool {
    (c.is_control() && !c.is_whitespace())
        || matches!(c, '\u{00AD}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2064}' | '\u{FEFF}')
}

fn line_break_to_comma(c: char) -> impl Iterator<Item = char> {
    std::iter::once(if matches!(c, '\n' | '\r' | '\u{2028}' | '\u{2029}') { ',' } else { c })
}

/// "123½" is house 123 1/2, not 1231/2.
fn part_fraction(c: char) -> impl Iterator<Item = char> {
    let space = matches!(c, '\u{BC}'..='\u{BE}' | '\u{2150}'..='\u{215E}').then_some(' ');
    space.into_iter().chain(std::iter::once(c))
}

#[cfg(test)]
mod tests {
    use super::{fold, fold_upper};

    #[test]
    fn accents_case_and_invisible_characters_do_not_matter_to_a_search() {
        assert_eq!(fold("  Café\u{a0}\u{200b}ZOË\0 "), "cafe zoe");
        assert_eq!(fold("東京 Спа"), "東京 спа");
    }

    #[test]
    fn a_line_break_parts_like_a_comma_and_a_fraction_stands_alone() {
        assert_eq!(fold_upper("12½ Elm\u{a0}St\nDuluth é"), "12 1/2 ELM ST,DULUTH E");
    }
}
