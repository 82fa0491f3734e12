use std::fmt::Write;

use serde_json::{Map, Value};

/// A row: what is missing reads as empty or 0, and then does not fit.
pub(crate) struct Row(Map<String, Value>);

impl Row {
    pub fn new(values: Map<String, Value>) -> Self {
        Self(values)
    }

    pub fn into_inner(self) -> Map<String, Value> {
        self.0
    }

    pub fn text(&self, name: &str) -> String {
        self.maybe(name).unwrap_or_default()
    }

    pub fn maybe(&self, name: &str) -> Option<String> {
        self.0.get(name)?.as_str().map(str::to_owned)
    }

    pub fn number(&self, name: &str) -> i64 {
        self.0.get(name).and_then(Value::as_i64).unwrap_or_default()
    }

    pub fn flag(&self, name: &str) -> bool {
        self.number(name) != 0
    }

    /// A column that holds JSON; null where it is none.
    pub fn json(&self, name: &str) -> Value {
        serde_json::from_str(&self.text(name)).unwrap_or_default()
    }
}

/// Bytes in lower-case hex.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        // Writing to a text can't fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}
