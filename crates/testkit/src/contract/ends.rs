//! Ready-made ends of the charges and operations in `made`, each with what goes with it.

use std::sync::atomic::{AtomicU64, Ordering};

use farthing_gateway::{
    ChargeEnd, NewEvent, OperationEnd, Paid, Posting, PostingKind, entries_of_capture, entries_of_refund,
    entries_of_return,
};
use farthing_protocol::{
    Bearer, ConsentId, DeclineReason, EventId, EventKind, MethodKind, Money, Objection, Origin, Receipt,
    ReceiptFee, UnixSeconds,
};

use super::made::{
    FEE, NOW, accreditation, amount, charge_id, eur, hint, label, lines, merchant, operation_id, order,
    payee, receipt_id, total,
};

/// An event that nobody was told of before.
pub(super) fn event(kind: EventKind) -> NewEvent {
    static EVENTS: AtomicU64 = AtomicU64::new(1);
    let n = EVENTS.fetch_add(1, Ordering::Relaxed);
    NewEvent {
        id: EventId::from_random(u128::from(n).to_be_bytes()),
        merchant: merchant(),
        kind,
        at: NOW,
        body: "{}".to_owned(),
    }
}

/// A posting about charge number `n` without its entries.
pub(super) fn posting(kind: PostingKind, n: u8, operation: Option<u8>) -> Posting {
    Posting {
        kind,
        charge: charge_id(n),
        operation: operation.map(operation_id),
        at: NOW,
        currency: amount().currency(),
        remainder: 0,
        entries: Vec::new(),
    }
}

/// What goes with taking `taken` for charge `n`: by the charge itself, or by operation number `operation`.
pub(super) fn money_taken(n: u8, reference: &str, taken: Money, operation: Option<u8>) -> Paid {
    let receipt = Receipt {
        id: receipt_id(n),
        iss: Origin::parse("https://pay.example").unwrap(),
        provider: label("Farthing"),
        sandbox: true,
        charge: charge_id(n),
        order: order(reference),
        payee: payee(),
        accreditation: accreditation(),
        lines: lines(),
        fee: ReceiptFee {
            amount: FEE,
            bearer: Bearer::Shopper,
        },
        total: taken,
        method: MethodKind::Card,
        hint: hint(),
        consent: ConsentId::from_random([n; 16]),
        paid_at: NOW,
        objection: Objection {
            address: "https://pay.example/v1/receipts/1".to_owned(),
            until: NOW.plus(86_400),
        },
    };
    Paid {
        posting: Posting {
            remainder: 7,
            entries: entries_of_capture(&merchant(), taken.minor(), FEE),
            ..posting(PostingKind::Capture, n, operation)
        },
        receipt,
        jws: "receipt.jws".to_owned(),
    }
}

pub(super) fn paid(n: u8, reference: &str) -> ChargeEnd {
    ChargeEnd::Paid {
        paid: Box::new(money_taken(n, reference, total(), None)),
        event: event(EventKind::ChargePaid),
    }
}

pub(super) fn declined(reason: DeclineReason) -> ChargeEnd {
    ChargeEnd::Declined {
        reason,
        event: event(EventKind::ChargeDeclined),
    }
}

pub(super) fn unknown(look_at: UnixSeconds) -> ChargeEnd {
    ChargeEnd::Unknown {
        look_at,
        event: event(EventKind::ChargeUnknown),
    }
}

pub(super) fn authorised(expires_at: UnixSeconds) -> ChargeEnd {
    ChargeEnd::Authorised {
        expires_at,
        event: event(EventKind::ChargeAuthorised),
    }
}

/// How a capture by operation number `n` ends.
pub(super) fn captured(n: u8, minor: i64) -> OperationEnd {
    OperationEnd::Captured {
        paid: Box::new(money_taken(1, "order", eur(minor), Some(n))),
        events: vec![event(EventKind::OperationDone), event(EventKind::ChargePaid)],
    }
}

pub(super) fn released() -> OperationEnd {
    OperationEnd::Released {
        at: NOW,
        events: vec![event(EventKind::OperationDone), event(EventKind::ChargeVoided)],
    }
}

/// How a refund by operation number `n` ends.
pub(super) fn given_back(n: u8, minor: i64) -> OperationEnd {
    OperationEnd::GivenBack {
        posting: Posting {
            entries: entries_of_refund(&merchant(), minor),
            ..posting(PostingKind::Refund, 1, Some(n))
        },
        at: NOW,
        events: vec![event(EventKind::OperationDone)],
    }
}

/// How a return by operation number `n` ends.
pub(super) fn returned(n: u8, minor: i64) -> OperationEnd {
    OperationEnd::GivenBack {
        posting: Posting {
            entries: entries_of_return(&merchant(), minor),
            ..posting(PostingKind::Return, 1, Some(n))
        },
        at: NOW,
        events: vec![event(EventKind::OperationDone), event(EventKind::DisputeReturned)],
    }
}

pub(super) fn failed() -> OperationEnd {
    OperationEnd::Failed {
        at: NOW,
        events: vec![event(EventKind::OperationFailed)],
    }
}
