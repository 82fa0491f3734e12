use farthing_protocol::{Code, QuoteId, limits};
use schemars::{Schema, SchemaGenerator, json_schema};
use serde_json::json;

use super::{Answer, Content::Text, OK, POST, Route, Takes, of, public::OF_A_QUOTE};

const PAGE: Answer = Answer {
    content: &[Text("text/html")],
    ..OK
};

pub const ROUTES: &[Route] = &[
    Route {
        path: "/v1/pay",
        id: "plain",
        tag: "page",
        summary: "The page that pays without script, by a form on the shop's page.",
        takes: Takes::Form(begun),
        answers: &[PAGE],
        codes: OF_A_QUOTE,
        pages: &[400, 403, 404, 409, 410, 422, 429, 503],
        ..POST
    },
    Route {
        path: "/v1/pay/{quote}",
        id: "pay",
        tag: "shopper",
        summary: "The card and the consent, by the form on that page; or a passcode, by the form after it. The answer has a \
                  button that takes the token to the shop.",
        parameters: &[("quote", of::<QuoteId>)],
        takes: Takes::Form(sent),
        same_origin: true,
        answers: &[PAGE],
        codes: &[
            Code::SealedMalformed,
            Code::SealedUnreadable,
            Code::QuoteUnknown,
            Code::QuoteExpired,
            Code::QuoteUsed,
            Code::ConsentDiffers,
            Code::DetailsInvalid,
            Code::CardExpired,
            Code::BrandUnsupported,
            Code::CardDeclined,
            Code::InsufficientFunds,
            Code::ProcessingFailed,
            Code::PriceUnknown,
            Code::PriceClosed,
            Code::ChallengeExpired,
            Code::ChallengeFailed,
            Code::OrderPaid,
            Code::OrderReserved,
            Code::OrderInFlight,
            Code::OrderExpired,
            Code::TooManyAttempts,
            Code::MerchantUnknown,
            Code::MerchantSuspended,
            Code::MerchantNotAccredited,
            Code::MerchantPaused,
            Code::MethodNotOffered,
        ],
        pages: &[400, 402, 403, 404, 409, 410, 422, 429, 503],
        ..POST
    },
];

fn begun(_: &mut SchemaGenerator) -> Schema {
    json_schema!({
        "type": "object", "additionalProperties": false, "required": ["order", "return"],
        "properties": {"order": order(), "return": address(), "locale": locale()},
    })
}

fn sent(_: &mut SchemaGenerator) -> Schema {
    let field = |most: usize, says: &str| json!({"type": "string", "maxLength": most, "description": says});
    json_schema!({
        "type": "object", "additionalProperties": false, "required": ["order", "return"],
        "properties": {
            "order": order(), "return": address(), "locale": locale(),
            "once": {
                "type": "string", "pattern": "^[A-Za-z0-9_-]{43}$",
                "description": "The form's own secret: sent twice, it asks for one token. The button that looks again has none.",
            },
            "consent": {
                "type": "string", "pattern": "^[A-Za-z0-9_-]{43}$",
                "description": "SHA-256 of the sentence that was agreed to, in base64url: the box's value, where it is ticked.",
            },
            "number": field(40, "The card's number."),
            "expiry": field(20, "Month and year."),
            "security_code": field(10, "The card's security code."),
            "name": field(100, "The name on the card."),
            "sealed": {
                "type": "string", "maxLength": limits::SEALED_BYTES,
                "description": "After a card that is to be confirmed: what was sealed of it, in place of its fields.",
            },
            "passcode": field(20, "What the bank sent."),
        },
    })
}

fn order() -> serde_json::Value {
    json!({"type": "string", "maxLength": limits::ORDER_JWT_BYTES, "description": "The signed order, or the id of a price."})
}

fn locale() -> serde_json::Value {
    json!({
        "type": "string",
        "description": "The language of the page, as BCP 47 writes it; the browser's where it is left out, or where there is no page in it.",
    })
}

fn address() -> serde_json::Value {
    json!({
        "type": "string", "maxLength": 1024,
        "pattern": "^https?://[^/?#]+/[^#]*$",
        "description": "Where the token goes, or of a price the shopper: an absolute address on an origin that is proven to be the shop's.",
    })
}
