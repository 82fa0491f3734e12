//! JSON Schemas (2020-12) of what is parsed by hand here; the others are derived from their types. For
//! `docs/openapi.json` alone: the feature `schema` is off in everything that is shipped.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::Serialize;

use crate::{
    ChallengeId, ChargeId, Code, ConsentId, Currency, DisputeId, Label, LastFour, MerchantId, OperationId,
    Origin, PlainToken, PriceId, QuoteId, ReceiptId, Reference, UnixSeconds, Words, limits,
};

/// What no text holds that a shopper reads; [`Words`] may have line breaks.
const HIDDEN: &str = r"\u0000-\u001F\u007F-\u009F\u200B-\u200F\u2028-\u202E\u2060-\u2069\uFEFF";
const HIDDEN_BUT_LINE_BREAKS: &str =
    r"\u0000-\u0009\u000B\u000C\u000E-\u001F\u007F-\u009F\u200B-\u200F\u2028-\u202E\u2060-\u2069\uFEFF";

const ORIGIN: &str = r"^(https://([a-z0-9]([a-z0-9.-]*[a-z0-9])?|\[[0-9a-f:]+\])|http://(localhost|127\.0\.0\.1|\[::1\]))(:[1-9][0-9]{0,4})?$";

macro_rules! schemas {
    ($($name:ident: $schema:expr;)*) => {$(
        impl JsonSchema for $name {
            fn schema_name() -> Cow<'static, str> {
                stringify!($name).into()
            }

            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                $schema
            }
        }
    )*};
}

schemas! {
    ChallengeId: id(Self::PREFIX);
    ChargeId: id(Self::PREFIX);
    ConsentId: id(Self::PREFIX);
    DisputeId: id(Self::PREFIX);
    MerchantId: id(Self::PREFIX);
    OperationId: id(Self::PREFIX);
    PlainToken: id(Self::PREFIX);
    PriceId: id(Self::PREFIX);
    QuoteId: id(Self::PREFIX);
    ReceiptId: id(Self::PREFIX);
    Code: one_of(Code::ALL.iter().filter(|code| code.status() > 0));
    Currency: json_schema!({
        "description": "A currency of ISO 4217.", "type": "string", "pattern": "^[A-Z]{3}$",
    });
    Label: json_schema!({
        "description": "One line of visible text.", "type": "string",
        "minLength": 1, "maxLength": limits::LABEL_CHARS, "pattern": visible(HIDDEN),
    });
    LastFour: json_schema!({
        "description": "The last four characters of a number.", "type": "string", "pattern": "^[0-9]{4}$",
    });
    Origin: json_schema!({
        "description": "A web origin as browsers write it (RFC 6454 §6.2).", "type": "string",
        "maxLength": limits::ORIGIN_BYTES, "pattern": ORIGIN,
    });
    Reference: json_schema!({
        "description": "A merchant's own name for an order.", "type": "string",
        "pattern": format!("^[A-Za-z0-9._:-]{{1,{}}}$", limits::REFERENCE_BYTES),
    });
    UnixSeconds: json_schema!({
        "description": "Seconds since 1970-01-01T00:00:00Z.", "type": "integer", "format": "int64", "minimum": 0,
    });
    Words: json_schema!({
        "description": "Visible text, with line breaks. No card number.", "type": "string",
        "minLength": 1, "maxLength": limits::WORDS_CHARS, "pattern": visible(HIDDEN_BUT_LINE_BREAKS),
    });
}

/// The format says that a checksum holds as well, which no pattern can.
fn id(prefix: &str) -> Schema {
    let pattern = format!("^{prefix}[0-9a-hjkmnp-tv-z]{{30}}$");
    json_schema!({"type": "string", "format": format!("{prefix}id"), "pattern": pattern})
}

fn visible(hidden: &str) -> String {
    format!(r"^[^{hidden}]*[^{hidden}\s][^{hidden}]*$")
}

fn one_of(values: impl Iterator<Item = impl Serialize>) -> Schema {
    let values: Vec<_> = values.collect();
    json_schema!({"type": "string", "enum": values})
}
