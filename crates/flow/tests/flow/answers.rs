//! What the provider answers.

use farthing_protocol::{
    Challenge, ChallengeId, ChargeId, ConsentId, DeclineReason, QuoteOutcome, ReceiptId, UnixSeconds,
};

use crate::words::books_total;

/// The provider's word that `text` names.
pub fn outcome(text: &str) -> QuoteOutcome {
    match text {
        "open" => QuoteOutcome::Open {
            until: UnixSeconds(2_000),
        },
        "lapsed" => QuoteOutcome::Lapsed {},
        "unknown" => QuoteOutcome::Unknown {
            charge: ChargeId::from_random([1; 16]),
        },
        "authorised" => QuoteOutcome::Authorised {
            consent: ConsentId::from_random([3; 16]),
            total: books_total(),
        },
        "paid" => QuoteOutcome::Paid {
            receipt: ReceiptId::from_random([2; 16]),
            consent: ConsentId::from_random([3; 16]),
            total: books_total(),
            proof: None,
        },
        "declined" => QuoteOutcome::Declined {
            reason: DeclineReason::InsufficientFunds,
        },
        _ => panic!("no outcome: {text}"),
    }
}

/// A price is paid: there is a proof of it.
pub fn charged() -> QuoteOutcome {
    QuoteOutcome::Paid {
        receipt: ReceiptId::from_random([2; 16]),
        consent: ConsentId::from_random([3; 16]),
        total: books_total(),
        proof: Some("pro.of.it".to_owned()),
    }
}

/// What is to be met before there is a token.
pub fn challenge() -> Challenge {
    Challenge {
        id: ChallengeId::from_random([6; 16]),
        expires_at: UnixSeconds(1_900),
    }
}
