//! serde takes a list for a struct, member by member. What crosses a boundary is written in one way.

use std::{fmt, marker::PhantomData};

use serde::{
    Deserialize, Deserializer,
    de::{MapAccess, Visitor, value::MapAccessDeserializer},
};

/// Reads a struct within another: an object, and no list. For `#[serde(deserialize_with)]`; the outermost is for
/// the reader of the whole text to look at.
pub fn object<'de, D: Deserializer<'de>, T: Deserialize<'de>>(deserializer: D) -> Result<T, D::Error> {
    deserializer.deserialize_map(Object(PhantomData))
}

/// The same for a list of structs.
pub(crate) fn objects<'de, D: Deserializer<'de>, T: Deserialize<'de>>(
    deserializer: D,
) -> Result<Vec<T>, D::Error> {
    let each = Vec::<Each<T>>::deserialize(deserializer)?;
    Ok(each.into_iter().map(|Each(one)| one).collect())
}

struct Each<T>(T);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Each<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        object(deserializer).map(Self)
    }
}

struct Object<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for Object<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, members: A) -> Result<T, A::Error> {
        T::deserialize(MapAccessDeserializer::new(members))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::{OrderBody, OrderRequest, TokenRequest};

    #[test]
    fn a_list_is_no_object() {
        let line = json!({"label": "Sticker", "amount": 150});
        let order = json!({"currency": "EUR", "lines": [line]});
        let request = |order| json!({"reference": "o-1", "order": order, "expires_in_s": 60});
        assert!(serde_json::from_value::<OrderRequest>(request(order)).is_ok());
        let order = json!({"currency": "EUR", "lines": [["Sticker", 150]]});
        assert!(serde_json::from_value::<OrderBody>(order).is_err());
        let order = json!(["EUR", [line]]);
        assert!(serde_json::from_value::<OrderRequest>(request(order)).is_err());

        let quote = "quo_0v5x1netvzjekvqkz3yw5hyct7g1av";
        let request = |consent| json!({"quote": quote, "method": "card", "sealed": "", "consent": consent});
        let consent = json!({"version": "card-once-1/en", "text": "I agree."});
        assert!(serde_json::from_value::<TokenRequest>(request(consent)).is_ok());
        let consent = json!(["card-once-1/en", "I agree."]);
        assert!(serde_json::from_value::<TokenRequest>(request(consent)).is_err());
    }
}
