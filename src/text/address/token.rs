//! Cuts an address into words and remembers where commas and line breaks stood. One pass, no allocation a word.

use super::words::{self, Route, Word};

/// Longer than any address; what is longer is some other text and is not read as one (it also bounds all work here).
pub(super) const LONGEST: usize = 2_000;

/// One word of an address.
#[derive(Clone, Copy, Debug)]
pub(super) struct Token<'a> {
    /// Uppercase, without outer punctuation and without the dots of initials.
    pub text: &'a str,
    /// What the word may mean.
    pub word: Word,
    /// A comma, semicolon or line break follows.
    pub gap: bool,
    /// Which white-space word of the text this came from; only the evaluation asks.
    #[cfg_attr(not(test), expect(dead_code, reason = "only the evaluation asks"))]
    pub source: u16,
    pub first: u8,
}

impl Token<'_> {
    pub fn starts_with_digit(&self) -> bool {
        self.first.is_ascii_digit()
    }

    pub fn is_number(&self) -> bool {
        !self.text.is_empty() && self.text.bytes().all(|b| b.is_ascii_digit())
    }

    pub fn is_letter(&self) -> bool {
        self.text.len() == 1 && self.first.is_ascii_alphabetic()
    }

    /// "1ST", "22ND", "103RD": digits and an ordinal ending.
    pub fn is_ordinal(&self) -> bool {
        ordinal_stem(self.text).is_some()
    }
}

/// The digits of "22ND"; `None` when the word is not an ordinal in digits.
pub(super) fn ordinal_stem(text: &str) -> Option<&str> {
    let split = text.len().checked_sub(2).filter(|at| *at > 0 && text.is_char_boundary(*at))?;
    let (stem, ending) = text.split_at(split);
    (matches!(ending, "ST" | "ND" | "RD" | "TH") && stem.bytes().all(|b| b.is_ascii_digit())).then_some(stem)
}

/// Uppercase text without the dots of abbreviations: "U.S. Hwy" is "US HWY", "St.Paul" two words (parted by a bar).
pub(super) fn squeeze(text: &str) -> String {
    let mut folded = crate::text::fold::fold_upper(text);
    if folded.contains(" -") || folded.contains("- ") {
        folded = close_ranges(&folded);
    }
    if !folded.contains('.') {
        return folded;
    }
    let mut out = String::with_capacity(folded.len());
    let mut run = 0;
    let mut rest = folded.chars().peekable();
    while let Some(c) = rest.next() {
        let parts = c == '.' && run != 1 && rest.peek().is_some_and(|next| next.is_alphanumeric());
        match c {
            '.' if parts => out.push('|'),
            '.' => {}
            _ => out.push(c),
        }
        run = if c.is_alphanumeric() { run + 1 } else { 0 };
    }
    out
}

/// "2014 - 2024" is the range "2014-2024".
fn close_ranges(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for (at, part) in text.split('-').enumerate() {
        let open = part.trim_start();
        let digits = out.trim_end().ends_with(|c: char| c.is_ascii_digit())
            && open.starts_with(|c: char| c.is_ascii_digit());
        if at > 0 && digits {
            out.truncate(out.trim_end().len());
        }
        if at > 0 {
            out.push('-');
        }
        out.push_str(if digits { open } else { part });
    }
    out
}

/// Cuts text made by [`squeeze`]. `#` is a word of its own ("#3" is two), so are "/", "&" and "@".
pub(super) fn tokens(text: &str) -> Vec<Token<'_>> {
    let mut out: Vec<Token<'_>> = Vec::with_capacity(16);
    for (source, chunk) in text.split(' ').filter(|chunk| !chunk.is_empty()).enumerate() {
        cut_chunk(&mut out, chunk, u16::try_from(source).unwrap_or(u16::MAX));
    }
    out
}

fn cut_chunk<'a>(out: &mut Vec<Token<'a>>, chunk: &'a str, source: u16) {
    let mut start = 0;
    for (at, byte) in chunk.bytes().enumerate() {
        if !is_cut(byte) || (byte == b'/' && between_digits(chunk, at)) {
            continue;
        }
        push_word(out, &chunk[start..at], source);
        match byte {
            b',' | b';' => mark_gap(out),
            b'#' | b'&' | b'@' | b'/' => push(out, &chunk[at..=at], source),
            _ => {}
        }
        start = at + 1;
    }
    push_word(out, &chunk[start..], source);
}

/// Adds a word, cut once more where a unit or a route is glued to its number: "STE200", "I-94", "CR10".
fn push_word<'a>(out: &mut Vec<Token<'a>>, word: &'a str, source: u16) {
    let word =
        word.trim_matches(|c: char| matches!(c, '-' | '\'' | '`' | '!' | '?' | '+' | '_' | '=' | '<' | '>'));
    let bytes = word.as_bytes();
    let (Some(first), Some(last)) = (bytes.first(), bytes.last()) else { return };
    if first.is_ascii_alphabetic() && last.is_ascii_digit() {
        let stem = bytes.iter().take_while(|b| b.is_ascii_alphabetic()).count();
        let number = word[stem..].trim_start_matches('-');
        if number.starts_with(|c: char| c.is_ascii_digit()) && takes_number(&word[..stem]) {
            push(out, &word[..stem], source);
            push(out, number, source);
            return;
        }
    }
    push(out, word, source);
}

fn takes_number(stem: &str) -> bool {
    let word = words::look_up(stem);
    let route = match word.route {
        Some(Route::Both(_) | Route::Kind(_)) => true,
        Some(Route::Qualifier(_)) => matches!(stem, "US" | "MN"),
        None => false,
    };
    route || matches!(stem, "BOX" | "RR" | "HC") || (word.unit.is_some() && !word.alone && stem.len() > 1)
}

fn push<'a>(out: &mut Vec<Token<'a>>, text: &'a str, source: u16) {
    let first = text.as_bytes().first().copied().unwrap_or_default();
    let word = if first.is_ascii_digit() { Word::default() } else { words::look_up(text) };
    out.push(Token { text, word, gap: false, source, first });
}

fn is_cut(byte: u8) -> bool {
    matches!(
        byte,
        b',' | b';'
            | b'#'
            | b'&'
            | b'@'
            | b'/'
            | b'('
            | b')'
            | b'"'
            | b'*'
            | b'['
            | b']'
            | b'|'
            | b'~'
            | b':'
    )
}

fn between_digits(text: &str, at: usize) -> bool {
    let bytes = text.as_bytes();
    at > 0 && bytes[at - 1].is_ascii_digit() && bytes.get(at + 1).is_some_and(u8::is_ascii_digit)
}

fn mark_gap(out: &mut [Token<'_>]) {
    if let Some(last) = out.last_mut() {
        last.gap = true;
    }
}
