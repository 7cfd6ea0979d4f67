//! Cuts the text of JSON values out of a stream, bounded in length and depth, and parses single objects.
//! The structure around them is checked here; what is within is left to serde_json.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Deserialize, Deserializer, Error as _, MapAccess, Visitor};
use serde_json::value::RawValue;
use serde_json::{Map, Value};

use crate::formats::MAX_DEPTH;
use crate::formats::fault::Fault;
use crate::formats::input::Input;

/// A stream of JSON and the place in it.
pub(super) struct Scanner {
    input: Input,
    line: u64,
    byte: u64,
}

/// Where a value being cut out stands.
#[derive(Default)]
struct Nesting {
    /// The brackets that are open, to MAX_DEPTH; deeper ones are only counted.
    open: Vec<u8>,
    deeper: u64,
    in_string: bool,
    escaped: bool,
    scalar: bool,
    too_deep: bool,
}

/// How a value was cut out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Cut {
    Whole,
    TooLong,
    TooDeep,
}

impl Scanner {
    pub(super) fn new(input: Input) -> Self {
        Self { input, line: 1, byte: 0 }
    }

    pub(super) fn bytes_read(&self) -> u64 {
        self.byte
    }

    /// An error at the present place.
    pub(super) fn fault(&self, reason: impl Into<String>) -> Fault {
        Fault::Json { line: self.line, byte: self.byte, reason: reason.into() }
    }

    /// The next byte that is not white space, left in place; none at the end.
    pub(super) fn peek(&mut self) -> Result<Option<u8>, Fault> {
        loop {
            let text = self.input.fill()?;
            // The record separator of RFC 8142 counts as white space.
            let blank = |byte: &u8| matches!(byte, b' ' | b'\t' | b'\r' | b'\n' | 0x1e);
            let skipped = text.iter().take_while(|byte| blank(byte)).count();
            let (found, end) = (text.get(skipped).copied(), text.is_empty());
            self.pass(skipped)?;
            if found.is_some() || end {
                return Ok(found);
            }
        }
    }

    /// Passes over this byte, and white space before it.
    pub(super) fn expect(&mut self, wanted: u8) -> Result<(), Fault> {
        match self.peek()? {
            Some(found) if found == wanted => self.pass(1),
            found => Err(self.fault(format!("expected {}, found {}", shown(Some(wanted)), shown(found)))),
        }
    }

    /// Reads the name of a member and the colon after it.
    pub(super) fn member_name(&mut self) -> Result<String, Fault> {
        if self.peek()? != Some(b'"') {
            let found = self.peek()?;
            return Err(self.fault(format!("expected the name of a member, found {}", shown(found))));
        }
        let mut text = Vec::new();
        self.cut(&mut text, 1 << 16)?;
        let name = serde_json::from_slice(&text);
        let name = name.map_err(|_| self.fault("the name of a member is no JSON string"))?;
        self.expect(b':')?;
        Ok(name)
    }

    /// Moves the next value into `into`, of which at most `limit` bytes are kept.
    pub(super) fn cut(&mut self, into: &mut Vec<u8>, limit: usize) -> Result<Cut, Fault> {
        into.clear();
        let (line, mut whole) = (self.line, true);
        self.peek()?;
        let mut nesting = Nesting::default();
        loop {
            let text = self.input.fill()?;
            if text.is_empty() && nesting.scalar {
                break;
            }
            if text.is_empty() {
                return Err(self.fault(format!("the file ends within the value that begins on line {line}")));
            }
            let (taken, state) = nesting.pass(text);
            whole &= into.len() + taken <= limit;
            if whole {
                into.extend_from_slice(&text[..taken]);
            }
            self.pass(taken)?;
            match state {
                State::Within => {}
                State::Done => break,
                State::Wrong(wanted, found) => {
                    let (wanted, found) = (shown(wanted), shown(Some(found)));
                    return Err(self.fault(format!("expected {wanted}, found {found}")));
                }
            }
        }
        Ok(match (whole, nesting.too_deep) {
            (false, _) => Cut::TooLong,
            (true, true) => Cut::TooDeep,
            (true, false) => Cut::Whole,
        })
    }

    fn pass(&mut self, bytes: usize) -> Result<(), Fault> {
        let text = &self.input.fill()?[..bytes];
        self.line += text.iter().filter(|byte| **byte == b'\n').count() as u64;
        self.byte += bytes as u64;
        self.input.consume(bytes);
        Ok(())
    }
}

enum State {
    Within,
    Done,
    Wrong(Option<u8>, u8),
}

impl Nesting {
    /// Goes over the text as far as the value reaches; how many bytes that is, and how it stands then.
    fn pass(&mut self, text: &[u8]) -> (usize, State) {
        for (at, byte) in text.iter().enumerate() {
            if self.in_string {
                match byte {
                    _ if self.escaped => self.escaped = false,
                    b'\\' => self.escaped = true,
                    b'"' => self.in_string = false,
                    _ => continue,
                }
                if !self.in_string && self.open.is_empty() {
                    return (at + 1, State::Done);
                }
                continue;
            }
            match byte {
                b'"' if !self.scalar => self.in_string = true,
                b'{' | b'[' if !self.scalar => self.open(*byte),
                b'}' | b']' if !self.open.is_empty() => match self.close(*byte) {
                    Some(wanted) => return (at, State::Wrong(Some(wanted), *byte)),
                    None if self.open.is_empty() => return (at + 1, State::Done),
                    None => {}
                },
                b',' | b'}' | b']' | b':' | b' ' | b'\t' | b'\r' | b'\n' if self.open.is_empty() => {
                    return if self.scalar { (at, State::Done) } else { (at, State::Wrong(None, *byte)) };
                }
                _ if self.open.is_empty() => self.scalar = true,
                _ => {}
            }
        }
        (text.len(), State::Within)
    }

    fn open(&mut self, byte: u8) {
        if self.open.len() < MAX_DEPTH {
            self.open.push(byte);
        } else {
            self.deeper += 1;
            self.too_deep = true;
        }
    }

    /// Closes a bracket; the one that was expected, if this is the wrong one.
    fn close(&mut self, byte: u8) -> Option<u8> {
        if self.deeper > 0 {
            self.deeper -= 1;
            return None;
        }
        let wanted = if self.open.pop() == Some(b'{') { b'}' } else { b']' };
        (wanted != byte).then_some(wanted)
    }
}

fn shown(byte: Option<u8>) -> String {
    match byte {
        Some(byte) if byte.is_ascii_graphic() => format!("`{}`", char::from(byte)),
        Some(byte) => format!("the byte 0x{byte:02x}"),
        None => "a value".to_owned(),
    }
}

/// The members of an object, its values still text; refuses a member given twice.
pub(super) struct Members<'a>(Vec<(Cow<'a, str>, &'a RawValue)>);

impl<'a> Members<'a> {
    /// The text of a member.
    pub(super) fn get(&self, name: &str) -> Option<&'a str> {
        self.0.iter().find(|(known, _)| known == name).map(|(_, value)| value.get())
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Members<'a> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Of;
        impl<'de> Visitor<'de> for Of {
            type Value = Vec<(Cow<'de, str>, &'de RawValue)>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut members: Self::Value = Vec::new();
                while let Some((name, value)) = map.next_entry::<Cow<'de, str>, &'de RawValue>()? {
                    if members.iter().any(|(known, _)| *known == name) {
                        return Err(A::Error::custom(format!("`{name}` is given twice")));
                    }
                    members.push((name, value));
                }
                Ok(members)
            }
        }
        from.deserialize_map(Of).map(Members)
    }
}

/// A whole object; refuses a member given twice.
struct Object(Map<String, Value>);

impl<'de> Deserialize<'de> for Object {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Of;
        impl<'de> Visitor<'de> for Of {
            type Value = Map<String, Value>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut members = Map::new();
                while let Some((name, value)) = map.next_entry::<String, Value>()? {
                    if members.contains_key(&name) {
                        return Err(A::Error::custom(format!("`{name}` is given twice")));
                    }
                    members.insert(name, value);
                }
                Ok(members)
            }
        }
        from.deserialize_map(Of).map(Object)
    }
}

/// Parses one object; the error is a reason for a reject report.
pub(super) fn parse(bytes: &[u8]) -> Result<Map<String, Value>, String> {
    let text = std::str::from_utf8(bytes).map_err(|_| "Bytes that are not UTF-8".to_owned())?;
    let Object(object) =
        serde_json::from_str(text).map_err(|error| format!("This is no JSON object: {error}"))?;
    // The escape may itself be escaped, so its presence in the text is only a hint.
    if text.contains("\\u0000") && object.values().any(holds_zero) {
        return Err("A zero byte in the text".to_owned());
    }
    Ok(object)
}

fn holds_zero(value: &Value) -> bool {
    match value {
        Value::String(text) => text.contains('\0'),
        Value::Array(values) => values.iter().any(holds_zero),
        Value::Object(members) => {
            members.iter().any(|(name, value)| name.contains('\0') || holds_zero(value))
        }
        _ => false,
    }
}
