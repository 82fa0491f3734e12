use std::{collections::HashSet, ops::Range};

use aho_corasick::AhoCorasick;
use base64ct::{Base64Unpadded, Encoding};
use memchr::memmem;
use sha2::{Digest, Sha256};

use super::{Canary, Find, views::Reading};

/// As few digits of a number as tell more than brand and last four.
const PIECE: usize = 7;
/// A piece with fewer different digits than this is not searched for: `0000000` is everywhere.
const DIFFERENT: usize = 3;
/// What is told of a find's surroundings, to each side, in bytes.
const AROUND: usize = 40;

/// What is looked for.
pub(super) struct Needles {
    pieces: HashSet<Vec<u8>>,
    /// Of the number.
    length: usize,
    texts: AhoCorasick,
    /// What the texts are, in their order.
    of_text: Vec<Text>,
    /// Encodings that no view undoes.
    bytes: Vec<(&'static str, &'static str, Vec<u8>)>,
}

#[derive(Clone, Copy)]
struct Text {
    detail: &'static str,
    /// Whether it is so short that it counts only where no letter and no digit is next to it.
    alone: bool,
}

impl Needles {
    pub(super) fn of(canary: &Canary) -> Self {
        let digits = canary.number.as_bytes();
        let mut pieces = HashSet::new();
        let short = digits.windows(PIECE).chain(digits.windows(2 * PIECE));
        let telling = short.filter(|piece| different(piece) >= DIFFERENT);
        for piece in telling.chain([digits]) {
            pieces.insert(piece.to_vec());
            pieces.insert(piece.iter().rev().copied().collect());
        }
        let Canary {
            expiry_month: month,
            expiry_year: year,
            ..
        } = canary;
        let dates = [
            format!("{month:02}{:02}", year % 100),
            format!("{month:02}/{:02}", year % 100),
            format!("{month:02} / {:02}", year % 100),
            format!("{month:02}/{year}"),
            format!("{month:02} / {year}"),
            format!("{month:02}-{year}"),
            format!("{month:02}{year}"),
            format!("{year}{month:02}"),
            format!("{year}-{month:02}"),
            format!("{year}/{month:02}"),
            format!("expiry_year\":{year}"),
            format!("expiry_year\": {year}"),
        ];
        let mut texts: Vec<(Text, String)> = Vec::new();
        for word in canary.name.split_whitespace() {
            let name = Text {
                detail: "name",
                alone: false,
            };
            texts.extend([(name, word.to_owned()), (name, word.chars().rev().collect())]);
        }
        let code = Text {
            detail: "security code",
            alone: true,
        };
        // Together, and as typed one by one: `0 7 3 9`, `["0","7","3","9"]`.
        for between in ["", " ", ",", ", ", "\",\"", "\", \"", "-"] {
            let spread: Vec<String> = canary.security_code.chars().map(String::from).collect();
            texts.push((code, spread.join(between)));
        }
        texts.extend(dates.map(|date| {
            (
                Text {
                    detail: "expiry",
                    alone: true,
                },
                date,
            )
        }));
        let (of_text, texts): (Vec<Text>, Vec<String>) = texts.into_iter().unzip();
        let texts = AhoCorasick::builder()
            .ascii_case_insensitive(true)
            .build(texts)
            .unwrap();
        Self {
            pieces,
            length: digits.len(),
            texts,
            of_text,
            bytes: encodings(canary.number),
        }
    }

    /// What no view undoes: the number as an integer or a float, and its fingerprint. Whoever has the
    /// fingerprint of a card number has the number, by trying.
    pub(super) fn in_bytes(&self, haystack: &[u8]) -> Vec<Find> {
        let mut finds = Vec::new();
        for (detail, reading, needle) in &self.bytes {
            if let Some(at) = memmem::find(haystack, needle) {
                let around = excerpt(haystack, at, needle.len());
                finds.push(Find {
                    detail,
                    reading: (*reading).to_owned(),
                    around,
                });
            }
        }
        finds
    }

    /// Detail and surroundings of everything that stands in `text`.
    pub(super) fn in_text(&self, reading: &Reading, text: &[u8]) -> Vec<(&'static str, String)> {
        let mut found = Vec::new();
        let mut start = 0;
        for run in text.split(|byte| !byte.is_ascii_digit()) {
            if let Some((at, length)) = self.piece_in(run) {
                found.push(("number", excerpt(text, start + at, length)));
                break;
            }
            start += run.len() + 1;
        }
        for hit in self.texts.find_overlapping_iter(text) {
            let Text { detail, alone } = self.of_text[hit.pattern().as_usize()];
            // What is drawn together makes short texts that never stood there, and so does noise.
            let counts = !alone
                || (reading.keeps_neighbours()
                    && stands_alone(text, hit.range())
                    && (!reading.can_be_noise() || is_among_text(text, hit.range()))
                    && !is_amid_noise(text, hit.range()));
            if counts && !found.iter().any(|(known, _)| *known == detail) {
                found.push((detail, excerpt(text, hit.start(), hit.len())));
            }
        }
        found
    }

    /// Twice as many digits as anywhere else, in a text of digits.
    pub(super) fn most_of_number(&self, digits: &str) -> Option<Find> {
        let (at, length) = self.piece_of(digits.as_bytes(), &[2 * PIECE, self.length])?;
        let around = excerpt(digits.as_bytes(), at, length);
        Some(Find {
            detail: "number",
            reading: "digits".to_owned(),
            around,
        })
    }

    fn piece_in(&self, digits: &[u8]) -> Option<(usize, usize)> {
        self.piece_of(digits, &[PIECE, 2 * PIECE, self.length])
    }

    fn piece_of(&self, digits: &[u8], lengths: &[usize]) -> Option<(usize, usize)> {
        lengths.iter().find_map(|length| {
            let at = digits
                .windows(*length)
                .position(|window| self.pieces.contains(window))?;
            Some((at, *length))
        })
    }
}

fn different(piece: &[u8]) -> usize {
    piece.iter().collect::<HashSet<_>>().len()
}

fn encodings(number: &str) -> Vec<(&'static str, &'static str, Vec<u8>)> {
    let mut all = Vec::new();
    let mut add = |reading, bytes: Vec<u8>| all.push(("number", reading, bytes));
    if let Ok(integer) = number.parse::<u64>() {
        let big = integer.to_be_bytes();
        // SQLite stores integers of this size in 8 bytes, big end first, or in 6 when they fit.
        add(
            "integer, big end first",
            big.iter().copied().skip_while(|byte| *byte == 0).collect(),
        );
        add("integer, little end first", integer.to_le_bytes().to_vec());
        add("integer in hex", format!("{integer:x}").into_bytes());
        add("integer in base 36", base36(integer).into_bytes());
    }
    if let Ok(float) = number.parse::<f64>() {
        add("float, big end first", float.to_be_bytes().to_vec());
        add("float, little end first", float.to_le_bytes().to_vec());
    }
    let fingerprint = Sha256::digest(number.as_bytes());
    let hex: String = fingerprint.iter().map(|byte| format!("{byte:02x}")).collect();
    add("fingerprint", fingerprint.to_vec());
    add("fingerprint in hex", hex.clone().into_bytes());
    add("fingerprint in hex", hex.to_uppercase().into_bytes());
    add(
        "fingerprint in base64",
        Base64Unpadded::encode_string(&fingerprint).into_bytes(),
    );
    let values: Vec<u8> = number.bytes().map(|digit| digit - b'0').collect();
    for packed in [values.as_slice(), values.get(1..).unwrap_or_default()] {
        add(
            "packed digits",
            packed
                .chunks_exact(2)
                .map(|pair| pair.iter().fold(0, |byte, digit| byte << 4 | digit))
                .collect(),
        );
    }
    add("digits as bytes", values);
    // As with the pieces: a row of zeros is everywhere.
    all.retain(|(_, _, bytes)| different(bytes) >= DIFFERENT);
    all
}

fn base36(mut integer: u64) -> String {
    let mut digits = Vec::new();
    while integer > 0 {
        digits.extend(char::from_digit((integer % 36) as u32, 36));
        integer /= 36;
    }
    digits.iter().rev().collect()
}

/// Whether no letter and no digit is next to it, and it is no part of a number or a time: `17.073`, `07:39`.
fn stands_alone(text: &[u8], place: Range<usize>) -> bool {
    let is = |byte: Option<&u8>, kind: fn(&u8) -> bool| byte.is_some_and(kind);
    let free = |next: Option<&u8>, beyond: Option<&u8>| {
        let joined = is(next, |byte| matches!(byte, b'.' | b':')) && is(beyond, u8::is_ascii_digit);
        !is(next, u8::is_ascii_alphanumeric) && !joined
    };
    let before = |far: usize| place.start.checked_sub(far).and_then(|at| text.get(at));
    free(before(1), before(2)) && free(text.get(place.end), text.get(place.end + 1))
}

/// Whether what is near it, on its line, is text as well.
fn is_among_text(text: &[u8], place: Range<usize>) -> bool {
    const NEAR: usize = 4;
    let (before, after) = (text.get(..place.start), text.get(place.end..));
    let before = before.unwrap_or_default().iter().rev();
    let after = after.unwrap_or_default().iter();
    let is_text = |byte: &u8| byte.is_ascii_graphic() || matches!(byte, b' ' | b'\t' | b'\r');
    let on_line = |byte: &&u8| **byte != b'\n';
    before.take_while(on_line).take(NEAR).all(is_text) && after.take_while(on_line).take(NEAR).all(is_text)
}

/// Whether what is on both sides of it is compressed, encrypted or compiled: three digits stand alone somewhere in thirty
/// megabytes of that, and a browser's profile holds the frame's wasm, as it was sent and as it was compiled. What is text in any
/// language, or a record with lengths and zeros around its texts, is not.
fn is_amid_noise(text: &[u8], place: Range<usize>) -> bool {
    const NEAR: usize = 16;
    const FEW: usize = 4;
    let before = text.get(place.start.saturating_sub(NEAR)..place.start);
    let after = text.get(place.end..(place.end + NEAR).min(text.len()));
    [before, after].into_iter().flatten().all(|side| {
        let unreadable = String::from_utf8_lossy(side);
        unreadable.matches(char::REPLACEMENT_CHARACTER).count() >= FEW
    })
}

fn excerpt(text: &[u8], at: usize, length: usize) -> String {
    let from = at.saturating_sub(AROUND);
    let to = (at + length + AROUND).min(text.len());
    text.get(from..to).unwrap_or_default().escape_ascii().to_string()
}
