//! A text read in every encoding that people use for text.

use std::fmt;

/// How many encodings, one within the other, are undone.
const DEPTH: usize = 2;

/// How a view came about: which encodings were undone, outermost first.
#[derive(Clone, Default)]
pub(super) struct Reading {
    undone: Vec<&'static str>,
    drawn_together: bool,
}

impl Reading {
    /// Whether what stands side by side in the view stood side by side in the text.
    pub(super) fn keeps_neighbours(&self) -> bool {
        !self.drawn_together
    }

    /// Whether the view can be noise through and through: what is read as base64 and was none.
    pub(super) fn can_be_noise(&self) -> bool {
        self.undone.iter().any(|encoding| *encoding != UTF_16)
    }

    fn and(&self, encoding: &'static str) -> Self {
        let mut reading = self.clone();
        reading.undone.push(encoding);
        reading
    }

    fn drawn_together(&self, how: &'static str) -> Self {
        Self {
            drawn_together: true,
            ..self.and(how)
        }
    }
}

impl fmt::Display for Reading {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.undone.is_empty() {
            f.write_str("plain")
        } else {
            f.write_str(&self.undone.join(" of "))
        }
    }
}

/// Hands every view of `text` to `see`; views that show nothing new are left out.
pub(super) fn each(text: &[u8], mut see: impl FnMut(&Reading, &[u8])) {
    visit(text, &Reading::default(), &mut see);
}

fn visit(text: &[u8], reading: &Reading, see: &mut impl FnMut(&Reading, &[u8])) {
    see(reading, text);
    see(
        &reading.drawn_together("without separators"),
        &letters_and_digits(text),
    );
    if let Some(values) = without_keys(text) {
        see(
            &reading.drawn_together("values one by one"),
            &letters_and_digits(&values),
        );
    }
    if reading.undone.len() == DEPTH {
        return;
    }
    for (encoding, undo) in ENCODINGS {
        for view in undo(text) {
            visit(&view, &reading.and(encoding), see);
        }
    }
}

const UTF_16: &str = "UTF-16";

type Undo = fn(&[u8]) -> Vec<Vec<u8>>;

const ENCODINGS: [(&str, Undo); 9] = [
    (UTF_16, utf_16),
    ("percent encoding", |text| changed(text, b'%', percent)),
    ("backslash escapes", |text| changed(text, b'\\', backslash)),
    ("HTML entities", |text| changed(text, b'&', entities)),
    ("full-width digits", |text| changed(text, 0xEF, full_width)),
    ("base64", |text| base64(text, b'+', b'/')),
    ("base64url", |text| base64(text, b'-', b'_')),
    ("hex", hex),
    ("character codes", |text| vec![character_codes(text)]),
];

/// The whole text with every escape undone, if it has any.
fn changed(text: &[u8], sign: u8, at: fn(&[u8]) -> Option<(u32, usize)>) -> Vec<Vec<u8>> {
    let mut view = Vec::new();
    let (mut rest, mut any) = (text, false);
    while let Some((first, after)) = rest.split_first() {
        match (*first == sign).then(|| at(rest)).flatten() {
            Some((code, length)) => {
                any = true;
                match (u8::try_from(code), char::from_u32(code)) {
                    // Bytes stay bytes: UTF-8 may come in escaped bytes.
                    (Ok(byte), _) => view.push(byte),
                    (_, Some(c)) => view.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes()),
                    _ => {}
                }
                rest = rest.get(length..).unwrap_or_default();
            }
            None => {
                view.push(*first);
                rest = after;
            }
        }
    }
    if any { vec![view] } else { Vec::new() }
}

fn percent(text: &[u8]) -> Option<(u32, usize)> {
    Some((number(text.get(1..3)?, 16)?, 3))
}

/// `\u0034`, `\u{34}`, `\x34`, `\"`, `\\`.
fn backslash(text: &[u8]) -> Option<(u32, usize)> {
    match text.get(1)? {
        b'u' if text.get(2) == Some(&b'{') => {
            let end = text.iter().take(10).position(|byte| *byte == b'}')?;
            Some((number(text.get(3..end)?, 16)?, end + 1))
        }
        b'u' => Some((number(text.get(2..6)?, 16)?, 6)),
        b'x' => Some((number(text.get(2..4)?, 16)?, 4)),
        sign @ (b'"' | b'\\' | b'/') => Some((u32::from(*sign), 2)),
        _ => None,
    }
}

/// `&#52;`, `&#x34;`.
fn entities(text: &[u8]) -> Option<(u32, usize)> {
    let end = text.iter().take(10).position(|byte| *byte == b';')?;
    let code = match text.get(1..3)? {
        b"#x" | b"#X" => number(text.get(3..end)?, 16)?,
        [b'#', _] => number(text.get(2..end)?, 10)?,
        _ => return None,
    };
    Some((code, end + 1))
}

/// U+FF10 to U+FF19.
fn full_width(text: &[u8]) -> Option<(u32, usize)> {
    match text.get(..3)? {
        [0xEF, 0xBC, last @ 0x90..=0x99] => Some((u32::from(last - 0x90 + b'0'), 3)),
        _ => None,
    }
}

/// Either end first: what is searched for is ASCII, so the other half of every unit is zero.
fn utf_16(text: &[u8]) -> Vec<Vec<u8>> {
    if !text.contains(&0) {
        return Vec::new();
    }
    vec![text.iter().copied().filter(|byte| *byte != 0).collect()]
}

fn number(digits: &[u8], radix: u32) -> Option<u32> {
    u32::from_str_radix(std::str::from_utf8(digits).ok()?, radix).ok()
}

/// All runs of base64 characters, decoded at each of the four places where a group may begin: the encoded
/// text may stand in the middle of more. Line breaks within a run are no end of it (MIME).
fn base64(text: &[u8], sixty_two: u8, sixty_three: u8) -> Vec<Vec<u8>> {
    let value = |byte: u8| match byte {
        b'A'..=b'Z' => Some(byte - b'A'),
        b'a'..=b'z' => Some(byte - b'a' + 26),
        b'0'..=b'9' => Some(byte - b'0' + 52),
        _ if byte == sixty_two => Some(62),
        _ if byte == sixty_three => Some(63),
        _ => None,
    };
    const SHORTEST: usize = 6;
    let mut views = vec![Vec::new(); 4];
    let mut run = Vec::new();
    for byte in text.iter().copied().chain([0]) {
        match value(byte) {
            Some(value) => run.push(value),
            None if matches!(byte, b'\r' | b'\n') => {}
            None => {
                if run.len() >= SHORTEST {
                    for (start, view) in views.iter_mut().enumerate() {
                        view.extend(run.get(start..).unwrap_or_default().chunks(4).flat_map(group));
                        view.push(b'\n');
                    }
                }
                run.clear();
            }
        }
    }
    views
}

/// Up to four values of six bits as up to three bytes.
fn group(values: &[u8]) -> impl Iterator<Item = u8> {
    let bits = values
        .iter()
        .fold(0u32, |bits, value| bits << 6 | u32::from(*value))
        << (6 * (4 - values.len()));
    let [_, bytes @ ..] = bits.to_be_bytes();
    bytes.into_iter().take(values.len() * 3 / 4)
}

/// Runs of hex digits, in both places where a byte may begin; and bytes one by one: `34 30`, `0x34,0x30`.
fn hex(text: &[u8]) -> Vec<Vec<u8>> {
    const SHORTEST: usize = 8;
    let mut views = vec![Vec::new(); 3];
    for run in text
        .split(|byte| !byte.is_ascii_hexdigit())
        .filter(|run| run.len() >= SHORTEST)
    {
        for (start, view) in views.iter_mut().take(2).enumerate() {
            view.extend(
                run.get(start..)
                    .unwrap_or_default()
                    .chunks_exact(2)
                    .filter_map(hex_byte),
            );
            view.push(b'\n');
        }
    }
    let mut single = Vec::new();
    for word in text.split(|byte| !byte.is_ascii_alphanumeric()) {
        let word = word.strip_prefix(b"0x").unwrap_or(word);
        if word.len() == 2 && word.iter().all(u8::is_ascii_hexdigit) {
            single.extend(hex_byte(word));
        } else if !word.is_empty() {
            single.push(b'\n');
        }
    }
    views.push(single);
    views
}

fn hex_byte(pair: &[u8]) -> Option<u8> {
    u8::try_from(number(pair, 16)?).ok()
}

/// Every number that is the code of a visible character: `[52, 48]`, `{"0":52,"1":48}`.
fn character_codes(text: &[u8]) -> Vec<u8> {
    let stripped = without_keys(text);
    let text = stripped.as_deref().unwrap_or(text);
    text.split(|byte| !byte.is_ascii_digit())
        .filter(|run| matches!(run.len(), 2 | 3))
        .filter_map(|run| u8::try_from(number(run, 10)?).ok())
        .filter(u8::is_ascii_graphic)
        .collect()
}

fn letters_and_digits(text: &[u8]) -> Vec<u8> {
    text.iter().copied().filter(u8::is_ascii_alphanumeric).collect()
}

/// The text without keys that are numbers, as a stringified typed array has them: `"0":`.
fn without_keys(text: &[u8]) -> Option<Vec<u8>> {
    let mut kept = Vec::new();
    let mut any = false;
    let mut parts = text.split(|byte| *byte == b'"').peekable();
    while let Some(part) = parts.next() {
        let is_key = !part.is_empty()
            && part.iter().all(u8::is_ascii_digit)
            && parts
                .peek()
                .is_some_and(|next| next.trim_ascii_start().starts_with(b":"));
        if is_key {
            any = true;
        } else {
            kept.extend_from_slice(part);
            kept.push(b'"');
        }
    }
    any.then_some(kept)
}
