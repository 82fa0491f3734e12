//! What an entry says: the texts of statements that come up in its segment for the first time, and then the statements in
//! the order in which they ran, each as the number of its text and its parameters.

use std::collections::HashMap;

use farthing_store_sql::db::Value;
use rusqlite::{Connection, types::Null};

use super::LogError;

/// A statement that wrote something.
pub(crate) struct Written {
    sql: &'static str,
    count: u32,
    params: Vec<u8>,
}

/// The texts of a segment, each with its number.
#[derive(Default)]
pub(super) struct Texts {
    numbers: HashMap<String, u32>,
}

impl Written {
    pub(crate) fn new(sql: &'static str) -> Self {
        Self {
            sql,
            count: 0,
            params: Vec::new(),
        }
    }

    /// The value of the parameter at `index`.
    pub(crate) fn bind(&mut self, index: usize, value: &Value<'_>) -> Result<(), LogError> {
        let number;
        let (kind, bytes): (u8, &[u8]) = match value {
            Value::Int(None) | Value::Text(None) | Value::Bytes(None) => (0, &[]),
            Value::Int(Some(value)) => {
                number = value.to_be_bytes();
                (1, &number)
            }
            Value::Text(Some(text)) => (2, text.as_bytes()),
            Value::Bytes(Some(bytes)) => (3, bytes),
        };
        self.count += 1;
        put_length(&mut self.params, index)?;
        self.params.push(kind);
        put(&mut self.params, bytes)
    }
}

impl Texts {
    /// The entry that says `written`. The second is what has to be learned once it is on the disk.
    pub(super) fn encode(&self, written: &[Written]) -> Result<(Vec<u8>, Vec<&'static str>), LogError> {
        let (mut statements, mut new) = (Vec::new(), Vec::new());
        let mut numbers = HashMap::new();
        for Written { sql, count, params } in written {
            let number = match self.numbers.get(*sql).or_else(|| numbers.get(sql)) {
                Some(number) => *number,
                None => {
                    let number = length(self.numbers.len() + new.len())?;
                    numbers.insert(*sql, number);
                    new.push(*sql);
                    number
                }
            };
            statements.extend(number.to_be_bytes());
            statements.extend(count.to_be_bytes());
            statements.extend(params);
        }
        let mut body = Vec::with_capacity(statements.len() + 4);
        put_length(&mut body, new.len())?;
        for text in &new {
            put(&mut body, text.as_bytes())?;
        }
        body.extend(statements);
        Ok((body, new))
    }

    pub(super) fn learn<'a>(&mut self, new: impl IntoIterator<Item = &'a str>) {
        for text in new {
            let number = u32::try_from(self.numbers.len()).unwrap_or(u32::MAX);
            self.numbers.insert(text.to_owned(), number);
        }
    }
}

/// Runs the statements of the entry `body` on `db`; `known` are the texts before it in its segment, and those in it after.
pub(super) fn run(db: &Connection, known: &mut Vec<String>, body: &[u8]) -> Result<(), String> {
    const CUT: &str = "it ends too early";
    let (new, mut rest) = texts(body).ok_or(CUT)?;
    known.extend(new.into_iter().map(str::to_owned));
    while !rest.is_empty() {
        let number = take_length(&mut rest).ok_or(CUT)?;
        let sql = known.get(number).ok_or("a statement's text is missing")?;
        let mut statement = db.prepare_cached(sql).map_err(|error| error.to_string())?;
        for _ in 0..take_length(&mut rest).ok_or(CUT)? {
            let index = take_length(&mut rest).ok_or(CUT)?;
            let kind = take_bytes(&mut rest, 1).ok_or(CUT)?;
            let bytes = take(&mut rest).ok_or(CUT)?;
            match (kind, bytes) {
                ([0], _) => statement.raw_bind_parameter(index, Null),
                ([1], bytes) => {
                    let bytes = bytes.try_into().map_err(|_| "a number is none")?;
                    statement.raw_bind_parameter(index, i64::from_be_bytes(bytes))
                }
                ([2], text) => {
                    let text = std::str::from_utf8(text).map_err(|_| "a text is none")?;
                    statement.raw_bind_parameter(index, text)
                }
                (_, bytes) => statement.raw_bind_parameter(index, bytes),
            }
            .map_err(|error| error.to_string())?;
        }
        // What it returned was of use to whoever ran it first.
        let mut rows = statement.raw_query();
        while rows.next().map_err(|error| error.to_string())?.is_some() {}
    }
    Ok(())
}

/// The texts at the beginning of an entry, and what follows them.
pub(super) fn texts(mut body: &[u8]) -> Option<(Vec<&str>, &[u8])> {
    let count = take_length(&mut body)?;
    let mut texts = Vec::new();
    for _ in 0..count {
        texts.push(std::str::from_utf8(take(&mut body)?).ok()?);
    }
    Some((texts, body))
}

fn length(number: usize) -> Result<u32, LogError> {
    u32::try_from(number).map_err(|_| LogError::TooLarge)
}

fn put_length(to: &mut Vec<u8>, number: usize) -> Result<(), LogError> {
    to.extend(length(number)?.to_be_bytes());
    Ok(())
}

fn put(to: &mut Vec<u8>, bytes: &[u8]) -> Result<(), LogError> {
    put_length(to, bytes.len())?;
    to.extend(bytes);
    Ok(())
}

fn take_bytes<'a>(from: &mut &'a [u8], length: usize) -> Option<&'a [u8]> {
    let (bytes, rest) = from.split_at_checked(length)?;
    *from = rest;
    Some(bytes)
}

fn take_length(from: &mut &[u8]) -> Option<usize> {
    let bytes = take_bytes(from, 4)?.try_into().ok()?;
    usize::try_from(u32::from_be_bytes(bytes)).ok()
}

fn take<'a>(from: &mut &'a [u8]) -> Option<&'a [u8]> {
    let length = take_length(from)?;
    take_bytes(from, length)
}
