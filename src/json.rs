//! JSON as a tree, as far as the messages of `protocol` need it: texts, whole numbers, lists, objects.

/// A JSON value.
#[derive(Clone, Debug, PartialEq)]
pub enum Json {
    Null,
    Bool(bool),
    Number(i64),
    Text(String),
    List(Vec<Self>),
    Object(Fields),
}

/// The fields of an object, to be taken out one by one.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Fields(Vec<(String, Json)>);

impl Fields {
    pub fn push(&mut self, name: &str, value: Json) {
        self.0.push((name.to_owned(), value));
    }

    /// This object with one more field.
    pub fn with(mut self, name: &str, value: impl Into<Json>) -> Self {
        self.push(name, value.into());
        self
    }

    pub fn take(&mut self, name: &str) -> Option<Json> {
        let place = self.0.iter().position(|(field, _)| field == name)?;
        Some(self.0.swap_remove(place).1)
    }

    pub fn text(&mut self, name: &str) -> Option<String> {
        match self.take(name)? {
            Json::Text(text) => Some(text),
            _ => None,
        }
    }

    pub fn number(&mut self, name: &str) -> Option<i64> {
        match self.take(name)? {
            Json::Number(number) => Some(number),
            _ => None,
        }
    }

    pub fn bool(&mut self, name: &str) -> Option<bool> {
        match self.take(name)? {
            Json::Bool(is) => Some(is),
            _ => None,
        }
    }

    /// Each item of a list, by `read`.
    pub fn list<T>(&mut self, name: &str, read: impl Fn(Json) -> Option<T>) -> Option<Vec<T>> {
        let Json::List(items) = self.take(name)? else {
            return None;
        };
        let mut list = Vec::with_capacity(items.len());
        for item in items {
            list.push(read(item)?);
        }
        Some(list)
    }

    pub fn object(&mut self, name: &str) -> Option<Self> {
        self.take(name)?.object()
    }

    /// Nothing is left: an unknown field makes the whole unknown.
    pub fn end(self) -> Option<()> {
        self.0.is_empty().then_some(())
    }
}

impl Json {
    pub fn object(self) -> Option<Fields> {
        match self {
            Self::Object(fields) => Some(fields),
            _ => None,
        }
    }

    /// The value as JSON text.
    pub fn write(&self) -> String {
        let mut text = String::new();
        self.push_to(&mut text);
        text
    }

    fn push_to(&self, text: &mut String) {
        match self {
            Self::Null => text.push_str("null"),
            Self::Bool(true) => text.push_str("true"),
            Self::Bool(false) => text.push_str("false"),
            Self::Number(number) => text.push_str(&number.to_string()),
            Self::Text(value) => push_text(text, value),
            Self::List(items) => {
                let mut before = '[';
                for item in items {
                    text.push(std::mem::replace(&mut before, ','));
                    item.push_to(text);
                }
                text.push_str(if items.is_empty() { "[]" } else { "]" });
            }
            Self::Object(Fields(fields)) => {
                let mut before = '{';
                for (name, value) in fields {
                    text.push(std::mem::replace(&mut before, ','));
                    push_text(text, name);
                    text.push(':');
                    value.push_to(text);
                }
                text.push_str(if fields.is_empty() { "{}" } else { "}" });
            }
        }
    }
}

impl From<&str> for Json {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<i64> for Json {
    fn from(number: i64) -> Self {
        Self::Number(number)
    }
}

impl From<Fields> for Json {
    fn from(fields: Fields) -> Self {
        Self::Object(fields)
    }
}

/// A JSON string (RFC 8259 §7): quotes, backslashes and controls are escaped.
fn push_text(into: &mut String, text: &str) {
    const HEX: &[u8; 16] = b"0123456789abcdef";
    into.push('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => {
                into.push('\\');
                into.push(c);
            }
            '\0'..='\x1f' => {
                into.push_str(if c < '\x10' { "\\u000" } else { "\\u001" });
                into.push(char::from(HEX[c as usize & 15]));
            }
            c => into.push(c),
        }
    }
    into.push('"');
}

#[cfg(test)]
pub mod tests {
    use proptest::prelude::*;

    use super::*;

    /// What another parser makes of a text.
    pub fn parse(text: &str) -> Option<Json> {
        serde_json::from_str(text).ok().and_then(from_serde)
    }

    pub fn from_serde(value: serde_json::Value) -> Option<Json> {
        use serde_json::Value;
        Some(match value {
            Value::Null => Json::Null,
            Value::Bool(is) => Json::Bool(is),
            Value::Number(number) => Json::Number(number.as_i64()?),
            Value::String(text) => Json::Text(text),
            Value::Array(items) => Json::List(items.into_iter().map(from_serde).collect::<Option<_>>()?),
            Value::Object(fields) => Json::Object(Fields(
                fields
                    .into_iter()
                    .map(|(name, value)| Some((name, from_serde(value)?)))
                    .collect::<Option<_>>()?,
            )),
        })
    }

    fn any_json() -> impl Strategy<Value = Json> {
        let leaf = prop_oneof![
            Just(Json::Null),
            any::<bool>().prop_map(Json::Bool),
            any::<i64>().prop_map(Json::Number),
            any::<String>().prop_map(Json::Text),
        ];
        leaf.prop_recursive(3, 20, 5, |inner| {
            prop_oneof![
                proptest::collection::vec(inner.clone(), 0..5).prop_map(Json::List),
                proptest::collection::btree_map(any::<String>(), inner, 0..5)
                    .prop_map(|fields| Json::Object(Fields(fields.into_iter().collect()))),
            ]
        })
    }

    proptest! {
        #[test]
        fn what_is_written_reads_back(json in any_json()) {
            prop_assert_eq!(parse(&json.write()), Some(json));
        }
    }
}
