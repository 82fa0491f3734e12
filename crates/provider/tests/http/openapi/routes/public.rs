//! What browsers and shoppers speak to, and anyone.

use farthing_protocol::{
    Code, ConsentId, DisputeRequest, PurchaseRequest, QuoteId, QuoteOutcome, QuoteReply, QuoteRequest,
    ReceiptDispute, ReceiptId, ReceiptReply, TokenAnswer, TokenRequest,
};

use super::{
    Answer, CREATED,
    Content::{Bytes, Json, Text},
    GET, OK, POST, Route, Schemed, Takes, of,
    schemas::{anything, consent, hash, jwks, manifest, sri, text, whose},
};

const RECEIPT: (&str, Schemed) = ("receipt", of::<ReceiptId>);
const HTML: &str = "text/html";

/// What a quote is refused with.
pub(super) const OF_A_QUOTE: &[Code] = &[
    Code::MerchantUnknown,
    Code::MerchantSuspended,
    Code::MerchantNotAccredited,
    Code::MerchantPaused,
    Code::OriginNotRegistered,
    Code::OrderMalformed,
    Code::OrderAlgorithmUnsupported,
    Code::OrderKeyUnknown,
    Code::OrderSignatureInvalid,
    Code::OrderAudienceWrong,
    Code::OrderMerchantWrong,
    Code::OrderExpired,
    Code::OrderNotYetValid,
    Code::OrderLifetimeTooLong,
    Code::OrderLinesInvalid,
    Code::OrderAmountInvalid,
    Code::CurrencyUnknown,
    Code::OrderPaid,
    Code::OrderChanged,
    Code::OrderReserved,
    Code::OrderInFlight,
    Code::TooManyAttempts,
    Code::PriceUnknown,
    Code::PriceClosed,
    Code::MethodNotOffered,
];

pub const ROUTES: &[Route] = &[
    Route {
        path: "/v1/farthing.js",
        id: "loader",
        tag: "page",
        summary: "The loader, for a merchant's page.",
        answers: &[
            Answer {
                says: "The script.",
                content: &[Text("text/javascript")],
                headers: &["etag", "access-control-allow-origin"],
                ..OK
            },
            Answer {
                status: 304,
                says: "It is the one that `If-None-Match` names.",
                headers: &["etag"],
                ..OK
            },
        ],
        ..GET
    },
    Route {
        path: "/v1/loader/{release}/farthing.js",
        id: "pinned",
        tag: "page",
        summary: "The loader of one release, by its hash.",
        parameters: &[("release", hash)],
        answers: &[Answer {
            says: "The script, which never changes.",
            content: &[Text("text/javascript")],
            headers: &["access-control-allow-origin"],
            ..OK
        }],
        codes: &[Code::NotFound],
        ..GET
    },
    Route {
        path: "/v1/sri.json",
        id: "sri",
        tag: "page",
        summary: "What a page writes that loads the newest loader and no other.",
        answers: &[Answer {
            content: &[Json(sri)],
            headers: &["access-control-allow-origin"],
            ..OK
        }],
        ..GET
    },
    Route {
        path: "/v1/manifest.json",
        id: "manifest",
        tag: "anyone",
        summary: "The files of the newest release.",
        answers: &[Answer {
            content: &[Json(manifest)],
            headers: &["access-control-allow-origin"],
            ..OK
        }],
        ..GET
    },
    Route {
        path: "/v1/frame/{merchant}",
        id: "frame",
        tag: "page",
        summary: "The frame, for that merchant's pages; or of the merchant whose price is named.",
        parameters: &[("merchant", whose)],
        locale: true,
        answers: &[Answer {
            says: "The page.",
            content: &[Text(HTML)],
            ..OK
        }],
        codes: &[
            Code::MerchantUnknown,
            Code::PriceUnknown,
            Code::MerchantSuspended,
            Code::MerchantNotAccredited,
        ],
        pages: &[403, 404],
        ..GET
    },
    Route {
        path: "/v1/release/{release}/{file}",
        id: "asset",
        tag: "page",
        summary: "A file of the frame.",
        parameters: &[("release", text), ("file", text)],
        answers: &[Answer {
            says: "The file.",
            content: &[Bytes],
            ..OK
        }],
        codes: &[Code::NotFound],
        ..GET
    },
    Route {
        path: "/v1/quotes",
        id: "quote",
        tag: "frame",
        summary: "What an order costs, and how it can be paid.",
        takes: Takes::Body(of::<QuoteRequest>, None),
        same_origin: true,
        answers: &[Answer {
            content: &[Json(of::<QuoteReply>)],
            ..CREATED
        }],
        codes: OF_A_QUOTE,
        ..POST
    },
    Route {
        path: "/v1/quotes/{quote}/outcome",
        id: "outcome",
        tag: "frame",
        summary: "How a quote's payment stands.",
        parameters: &[("quote", of::<QuoteId>)],
        answers: &[Answer {
            content: &[Json(of::<QuoteOutcome>)],
            ..OK
        }],
        codes: &[Code::QuoteUnknown],
        ..GET
    },
    Route {
        path: "/v1/quotes/{quote}/charge",
        id: "purchase",
        tag: "frame",
        summary: "Charges what was agreed to at a price, once, and says how the payment stands.",
        parameters: &[("quote", of::<QuoteId>)],
        takes: Takes::Body(of::<PurchaseRequest>, None),
        same_origin: true,
        answers: &[Answer {
            content: &[Json(of::<QuoteOutcome>)],
            ..OK
        }],
        codes: &[Code::QuoteUnknown, Code::PriceUnknown, Code::MerchantPaused],
        ..POST
    },
    Route {
        path: "/v1/tokens",
        id: "token",
        tag: "frame",
        summary: "A one-time token for sealed details and a consent.",
        takes: Takes::Body(of::<TokenRequest>, None),
        same_origin: true,
        answers: &[
            Answer {
                content: &[Json(of::<TokenAnswer>)],
                ..CREATED
            },
            Answer {
                status: 202,
                says: "Something is to be met first; the same request again gives the token then.",
                content: &[Json(of::<TokenAnswer>)],
                ..OK
            },
        ],
        codes: &[
            Code::SealedMalformed,
            Code::SealedUnreadable,
            Code::QuoteUnknown,
            Code::QuoteExpired,
            Code::QuoteUsed,
            Code::MethodNotOffered,
            Code::ConsentDiffers,
            Code::DetailsInvalid,
            Code::CardExpired,
            Code::BrandUnsupported,
            Code::ChallengeExpired,
            Code::ChallengeFailed,
            Code::PhoneLimitReached,
            Code::PhoneNotAllowed,
            Code::TooManyAttempts,
            Code::OrderPaid,
            Code::OrderReserved,
            Code::OrderInFlight,
            Code::MerchantUnknown,
            Code::MerchantSuspended,
            Code::MerchantNotAccredited,
            Code::MerchantPaused,
            Code::OriginNotRegistered,
        ],
        ..POST
    },
    Route {
        path: "/v1/receipts/{receipt}",
        id: "receipt",
        tag: "shopper",
        summary: "A receipt: JSON for programs, a page for people.",
        parameters: &[RECEIPT],
        locale: true,
        answers: &[Answer {
            content: &[Json(of::<ReceiptReply>), Text(HTML)],
            ..OK
        }],
        codes: &[Code::ReceiptUnknown],
        pages: &[404],
        ..GET
    },
    Route {
        path: "/v1/receipts/{receipt}/disputes",
        id: "object",
        tag: "shopper",
        summary: "The shopper objects to a payment.",
        parameters: &[RECEIPT],
        locale: true,
        takes: Takes::Body(of::<DisputeRequest>, Some(of::<DisputeRequest>)),
        same_origin: true,
        answers: &[
            Answer {
                content: &[Json(of::<ReceiptDispute>)],
                ..CREATED
            },
            Answer {
                status: 303,
                says: "To the form: back to the receipt.",
                headers: &["location"],
                ..OK
            },
        ],
        codes: &[
            Code::ReceiptUnknown,
            Code::DisputeExists,
            Code::DisputeTooLate,
            Code::DisputeNothingLeft,
            Code::DisputeWordsMissing,
            Code::WordsHoldNumber,
        ],
        pages: &[400, 409, 410, 422, 503],
        ..POST
    },
    Route {
        path: "/v1/consents/{consent}",
        id: "consent",
        tag: "shopper",
        summary: "What the shopper agreed to, as a file to keep.",
        parameters: &[("consent", of::<ConsentId>)],
        answers: &[Answer {
            content: &[Json(consent)],
            headers: &["content-disposition"],
            ..OK
        }],
        codes: &[Code::ConsentUnknown],
        ..GET
    },
    Route {
        path: "/v1/page.css",
        id: "style",
        tag: "page",
        summary: "The style of receipts and notices.",
        answers: &[Answer {
            content: &[Text("text/css")],
            ..OK
        }],
        ..GET
    },
    Route {
        path: "/v1/openapi.json",
        id: "openapi",
        tag: "anyone",
        summary: "This document.",
        answers: &[Answer {
            content: &[Json(anything)],
            headers: &["access-control-allow-origin"],
            ..OK
        }],
        ..GET
    },
    Route {
        path: "/.well-known/jwks.json",
        id: "jwks",
        tag: "anyone",
        summary: "The keys of the provider's signatures (RFC 7517).",
        answers: &[Answer {
            content: &[Json(jwks)],
            headers: &["access-control-allow-origin"],
            ..OK
        }],
        ..GET
    },
    Route {
        path: "/docs/problems",
        id: "problems",
        tag: "anyone",
        summary: "The error codes, where a problem's type points.",
        answers: &[Answer {
            content: &[Text(HTML)],
            ..OK
        }],
        ..GET
    },
    Route {
        path: "/healthz",
        id: "health",
        tag: "anyone",
        summary: "Whether the provider is there.",
        answers: &[Answer {
            content: &[Text("text/plain")],
            ..OK
        }],
        ..GET
    },
    Route {
        path: "/readyz",
        id: "ready",
        tag: "anyone",
        summary: "Whether the provider's store answers. `detail` says what does not: `store`, `store_writing` or \
                  `store_reading`.",
        answers: &[Answer {
            content: &[Text("text/plain")],
            ..OK
        }],
        ..GET
    },
];
