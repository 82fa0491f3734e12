//! What the merchant's server speaks to.

use farthing_protocol::{
    CaptureRequest, Charge, ChargeId, ChargeRequest, Code, Dispute, DisputeAnswer, DisputeId, Operation,
    OperationId, OrderReply, OrderRequest, RefundRequest, VoidRequest,
};

use super::{
    Answer, CREATED,
    Content::Json,
    GET, Key, OK, POST, Route, Schemed, Takes, of,
    schemas::{disputes, fees},
};

/// What moves money says where the result is, and whether it was asked before.
const LOCATED: &[&str] = &["location", "idempotency-replayed"];
const CHARGE: (&str, Schemed) = ("charge", of::<ChargeId>);
const DISPUTE: (&str, Schemed) = ("dispute", of::<DisputeId>);
const OPERATED: &[Answer] = &[
    Answer {
        says: "It is done, or it failed and had no effect.",
        content: &[Json(of::<Operation>)],
        headers: LOCATED,
        ..CREATED
    },
    Answer {
        status: 202,
        says: "Not known yet: the bank has not answered.",
        content: &[Json(of::<Operation>)],
        headers: LOCATED,
    },
];

pub const ROUTES: &[Route] = &[
    Route {
        path: "/v1/orders",
        id: "order",
        tag: "merchant",
        summary: "Signs an order.",
        takes: Takes::Body(of::<OrderRequest>, None),
        key: Key::Secret("orders"),
        answers: &[Answer {
            content: &[Json(of::<OrderReply>)],
            ..CREATED
        }],
        codes: &[
            Code::OrderLifetimeTooLong,
            Code::OrderLinesInvalid,
            Code::OrderAmountInvalid,
            Code::CurrencyUnknown,
        ],
        ..POST
    },
    Route {
        path: "/v1/charges",
        id: "charge",
        tag: "merchant",
        summary: "Redeems a token.",
        takes: Takes::Body(of::<ChargeRequest>, None),
        key: Key::Secret("charges"),
        idempotent: true,
        answers: &[
            Answer {
                says: "Paid or reserved.",
                content: &[Json(of::<Charge>)],
                headers: LOCATED,
                ..CREATED
            },
            Answer {
                status: 202,
                says: "Not known yet: the bank has not answered.",
                content: &[Json(of::<Charge>)],
                headers: LOCATED,
            },
        ],
        codes: &[
            Code::OrderAmountInvalid,
            Code::TokenUnknown,
            Code::TokenExpired,
            Code::TokenUsed,
            Code::TokenMerchantDiffers,
            Code::TokenOrderDiffers,
            Code::TokenAmountDiffers,
            Code::TokenCurrencyDiffers,
            Code::CardDeclined,
            Code::InsufficientFunds,
            Code::ProcessingFailed,
            Code::OrderPaid,
            Code::OrderReserved,
            Code::OrderInFlight,
            Code::MerchantPaused,
        ],
        ..POST
    },
    Route {
        path: "/v1/charges/{charge}",
        id: "charge_of",
        tag: "merchant",
        summary: "A charge, as it stands.",
        parameters: &[CHARGE],
        key: Key::Secret("read"),
        answers: &[Answer {
            content: &[Json(of::<Charge>)],
            ..OK
        }],
        codes: &[Code::ChargeUnknown],
        ..GET
    },
    Route {
        path: "/v1/charges/{charge}/capture",
        id: "capture",
        tag: "merchant",
        summary: "Takes what was reserved.",
        parameters: &[CHARGE],
        takes: Takes::Body(of::<CaptureRequest>, None),
        key: Key::Secret("charges"),
        idempotent: true,
        answers: OPERATED,
        codes: &[
            Code::ChargeUnknown,
            Code::ChargeNotAuthorised,
            Code::OperationInFlight,
            Code::CaptureExceedsAuthorised,
            Code::TooManyOperations,
        ],
        ..POST
    },
    Route {
        path: "/v1/charges/{charge}/void",
        id: "void",
        tag: "merchant",
        summary: "Lets go what was reserved.",
        parameters: &[CHARGE],
        takes: Takes::Body(of::<VoidRequest>, None),
        key: Key::Secret("charges"),
        idempotent: true,
        answers: OPERATED,
        codes: &[
            Code::ChargeUnknown,
            Code::ChargeNotAuthorised,
            Code::OperationInFlight,
            Code::TooManyOperations,
        ],
        ..POST
    },
    Route {
        path: "/v1/charges/{charge}/refunds",
        id: "refund",
        tag: "merchant",
        summary: "Gives money back.",
        parameters: &[CHARGE],
        takes: Takes::Body(of::<RefundRequest>, None),
        key: Key::Secret("refunds"),
        idempotent: true,
        answers: OPERATED,
        codes: &[
            Code::ChargeUnknown,
            Code::ChargeNotPaid,
            Code::OperationInFlight,
            Code::RefundExceedsCaptured,
            Code::TooManyOperations,
        ],
        ..POST
    },
    Route {
        path: "/v1/operations/{operation}",
        id: "operation_of",
        tag: "merchant",
        summary: "An operation, as it stands.",
        parameters: &[("operation", of::<OperationId>)],
        key: Key::Secret("read"),
        answers: &[Answer {
            content: &[Json(of::<Operation>)],
            ..OK
        }],
        codes: &[Code::OperationUnknown],
        ..GET
    },
    Route {
        path: "/v1/disputes",
        id: "disputes",
        tag: "merchant",
        summary: "The hundred newest disputes.",
        key: Key::Secret("read"),
        answers: &[Answer {
            content: &[Json(disputes)],
            ..OK
        }],
        ..GET
    },
    Route {
        path: "/v1/disputes/{dispute}",
        id: "dispute_of",
        tag: "merchant",
        summary: "A dispute, as it stands.",
        parameters: &[DISPUTE],
        key: Key::Secret("read"),
        answers: &[Answer {
            content: &[Json(of::<Dispute>)],
            ..OK
        }],
        codes: &[Code::DisputeUnknown],
        ..GET
    },
    Route {
        path: "/v1/disputes/{dispute}/answer",
        id: "answer",
        tag: "merchant",
        summary: "Accepts, or says why not.",
        parameters: &[DISPUTE],
        takes: Takes::Body(of::<DisputeAnswer>, None),
        key: Key::Secret("disputes"),
        answers: &[Answer {
            content: &[Json(of::<Dispute>)],
            ..OK
        }],
        codes: &[
            Code::DisputeUnknown,
            Code::DisputeClosed,
            Code::DisputeWordsMissing,
            Code::WordsHoldNumber,
        ],
        ..POST
    },
    Route {
        path: "/v1/fees",
        id: "fees",
        tag: "merchant",
        summary: "What payments to the merchant cost.",
        key: Key::Public,
        answers: &[Answer {
            content: &[Json(fees)],
            ..OK
        }],
        ..GET
    },
];
