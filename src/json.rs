//! Writes JSON: the requests and messages of `protocol`, which are made of objects, texts, whole numbers and
//! names. A writer of our own for the sake of size, as the reader is (`browser/json.rs`).

use std::fmt;

use serde::ser::{self, Impossible, Serialize, SerializeStruct, Serializer};

/// Writes `value`; `None` where it holds something that no message holds.
pub fn write<T: Serialize>(value: &T) -> Option<String> {
    let mut text = String::new();
    value.serialize(Writer(&mut text)).ok()?;
    Some(text)
}

/// There is no way to write this.
#[derive(Debug)]
pub struct Unwritable;

impl fmt::Display for Unwritable {
    fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
        Ok(())
    }
}

impl std::error::Error for Unwritable {}

impl ser::Error for Unwritable {
    fn custom<T: fmt::Display>(_: T) -> Self {
        Self
    }
}

struct Writer<'a>(&'a mut String);

struct Fields<'a> {
    text: &'a mut String,
    before: char,
}

macro_rules! unwritable {
    ($($method:ident($($arg:ty),*) $(-> $ok:ident)?;)*) => {$(
        fn $method(self, $(_: $arg),*) -> Result<unwritable!(@ $($ok)?), Unwritable> {
            Err(Unwritable)
        }
    )*};
    (@) => { () };
    (@ $ok:ident) => { Self::$ok };
}

macro_rules! whole_numbers {
    ($($method:ident($number:ty);)*) => {$(
        fn $method(self, number: $number) -> Result<(), Unwritable> {
            self.0.push_str(&number.to_string());
            Ok(())
        }
    )*};
}

impl<'a> Serializer for Writer<'a> {
    type Ok = ();
    type Error = Unwritable;
    type SerializeStruct = Fields<'a>;
    type SerializeSeq = Impossible<(), Unwritable>;
    type SerializeTuple = Impossible<(), Unwritable>;
    type SerializeTupleStruct = Impossible<(), Unwritable>;
    type SerializeTupleVariant = Impossible<(), Unwritable>;
    type SerializeMap = Impossible<(), Unwritable>;
    type SerializeStructVariant = Impossible<(), Unwritable>;

    fn serialize_str(self, text: &str) -> Result<(), Unwritable> {
        push_text(self.0, text);
        Ok(())
    }

    fn serialize_unit_variant(self, _: &'static str, _: u32, name: &'static str) -> Result<(), Unwritable> {
        self.serialize_str(name)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(self, _: &'static str, value: &T) -> Result<(), Unwritable> {
        value.serialize(self)
    }

    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Fields<'a>, Unwritable> {
        Ok(Fields { text: self.0, before: '{' })
    }

    whole_numbers! { serialize_i64(i64); serialize_u16(u16); }

    unwritable! {
        serialize_bool(bool); serialize_char(char); serialize_bytes(&[u8]);
        serialize_i8(i8); serialize_i16(i16); serialize_i32(i32);
        serialize_u8(u8); serialize_u32(u32); serialize_u64(u64);
        serialize_f32(f32); serialize_f64(f64);
        serialize_none(); serialize_unit(); serialize_unit_struct(&'static str);
        serialize_seq(Option<usize>) -> SerializeSeq;
        serialize_tuple(usize) -> SerializeTuple;
        serialize_tuple_struct(&'static str, usize) -> SerializeTupleStruct;
        serialize_tuple_variant(&'static str, u32, &'static str, usize) -> SerializeTupleVariant;
        serialize_map(Option<usize>) -> SerializeMap;
        serialize_struct_variant(&'static str, u32, &'static str, usize) -> SerializeStructVariant;
    }

    fn serialize_some<T: Serialize + ?Sized>(self, _: &T) -> Result<(), Unwritable> {
        Err(Unwritable)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: &T,
    ) -> Result<(), Unwritable> {
        Err(Unwritable)
    }
}

impl SerializeStruct for Fields<'_> {
    type Ok = ();
    type Error = Unwritable;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, name: &'static str, value: &T) -> Result<(), Unwritable> {
        self.text.push(std::mem::replace(&mut self.before, ','));
        push_text(self.text, name);
        self.text.push(':');
        value.serialize(Writer(self.text))
    }

    fn end(self) -> Result<(), Unwritable> {
        if self.before == '{' {
            self.text.push('{');
        }
        self.text.push('}');
        Ok(())
    }
}

/// A JSON string (RFC 8259 §7): quotes, backslashes and controls are escaped.
fn push_text(into: &mut String, text: &str) {
    const HEX: [char; 16] = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'];
    into.push('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => into.extend(['\\', c]),
            '\0'..='\x1f' => {
                into.push_str("\\u00");
                into.extend([HEX[c as usize >> 4], HEX[c as usize & 15]]);
            }
            c => into.push(c),
        }
    }
    into.push('"');
}

#[cfg(test)]
mod tests {
    use farthing_protocol::{
        CardBrand, Code, ConsentGiven, ConsentVersion, FrameMessage, Hint, LastFour, MerchantId, Origin, PlainToken,
        QuoteId, QuoteRequest, TokenRequest, UnixSeconds,
    };
    use proptest::prelude::*;

    use super::*;

    fn same<T: Serialize>(value: &T) {
        let ours: serde_json::Value = serde_json::from_str(&write(value).unwrap()).unwrap();
        assert_eq!(ours, serde_json::to_value(value).unwrap());
    }

    #[test]
    fn every_message_to_the_page_is_written() {
        let hint = Hint { brand: CardBrand::Visa, last_four: LastFour::of("4242").unwrap() };
        let token = PlainToken::from_random([7; 16]);
        same(&FrameMessage::Hello {});
        same(&FrameMessage::Ready {});
        same(&FrameMessage::Resize { height: 640 });
        same(&FrameMessage::Token { token, expires_at: UnixSeconds(1_795_000_000), hint });
        same(&FrameMessage::Cancelled {});
        same(&FrameMessage::Fatal { code: Code::FrameFailed });
        for code in Code::ALL {
            same(&FrameMessage::Failed { code: *code });
        }
    }

    #[test]
    fn what_no_message_holds_is_refused() {
        assert!(write(&1.5).is_none() && write(&vec![1]).is_none() && write(&Some("a")).is_none());
    }

    proptest! {
        #[test]
        fn every_request_is_written(order in "\\PC*", text in any::<String>()) {
            let origin = Origin::parse("https://shop.example").unwrap();
            same(&QuoteRequest { merchant: MerchantId::from_random([1; 16]), order: order.clone(), origin });
            let consent = ConsentGiven { version: ConsentVersion::CardOnce1En, text };
            same(&TokenRequest { quote: QuoteId::from_random([2; 16]), sealed: order, consent });
        }
    }
}
