//! What the page says about a field, and about a refusal. The frame says the same (`src/text`).

use farthing_instrument::{ExpiryError, NameError, NumberError, SecurityCodeError, Validity};
use farthing_protocol::Code;

pub(super) fn number(validity: Validity<NumberError>) -> Option<&'static str> {
    match validity {
        Validity::Complete => None,
        Validity::Empty => Some("Enter the card number"),
        Validity::Incomplete => Some("The number is not complete"),
        Validity::Wrong(NumberError::Character) => Some("Enter digits only"),
        Validity::Wrong(NumberError::TooLong) => Some("There are too many digits"),
        Validity::Wrong(NumberError::Checksum) => Some("Check the number: a digit is wrong"),
    }
}

pub(super) fn expiry(validity: Validity<ExpiryError>) -> Option<&'static str> {
    match validity {
        Validity::Complete => None,
        Validity::Empty | Validity::Incomplete => Some("Enter month and year"),
        Validity::Wrong(ExpiryError::Character) => Some("Enter digits only"),
        Validity::Wrong(ExpiryError::Month) => Some("No such month"),
        Validity::Wrong(ExpiryError::TooLong) => Some("Too many digits"),
        Validity::Wrong(ExpiryError::Past) => Some("Card has expired"),
        Validity::Wrong(ExpiryError::TooFar) => Some("Check the year"),
    }
}

pub(super) fn security_code(validity: Validity<SecurityCodeError>) -> Option<&'static str> {
    match validity {
        Validity::Complete => None,
        Validity::Empty => Some("Enter the code"),
        Validity::Incomplete => Some("Not complete"),
        Validity::Wrong(SecurityCodeError::Character) => Some("Enter digits only"),
        Validity::Wrong(SecurityCodeError::TooLong) => Some("Too many digits"),
    }
}

pub(super) fn name(validity: Validity<NameError>) -> Option<&'static str> {
    match validity {
        Validity::Complete => None,
        Validity::Empty | Validity::Incomplete | Validity::Wrong(NameError::NoLetter) => {
            Some("Enter the name on the card")
        }
        Validity::Wrong(NameError::CardNumber) => Some("This looks like a card number"),
        Validity::Wrong(NameError::TooLong) => Some("The name is too long"),
        Validity::Wrong(NameError::Forbidden) => Some("Leave out special characters"),
    }
}

/// Why there is nothing to pay here: a title, and what to do. None for what is no shopper's matter.
pub(super) fn refusal(code: Code) -> Option<(&'static str, &'static str)> {
    Some(match code {
        Code::OrderPaid => (
            "This order is already paid",
            "Nothing more was charged. You can go back to the shop.",
        ),
        Code::OrderReserved => (
            "This order is already agreed",
            "The amount is set aside for the shop. Nothing more was charged. You can go back to the shop.",
        ),
        Code::OrderInFlight => (
            "A payment is already under way",
            "Nothing more was charged here. Do not pay again: ask the shop how it ended.",
        ),
        Code::OrderExpired => (
            "This order has expired",
            "Nothing was charged. Go back to the shop and order again.",
        ),
        Code::TooManyAttempts => (
            "Too many attempts",
            "Nothing was charged. Go back to the shop and order again.",
        ),
        Code::OrderNotYetValid
        | Code::OrderMalformed
        | Code::OrderAlgorithmUnsupported
        | Code::OrderKeyUnknown
        | Code::OrderSignatureInvalid
        | Code::OrderAudienceWrong
        | Code::OrderMerchantWrong
        | Code::OrderLifetimeTooLong
        | Code::OrderLinesInvalid
        | Code::OrderAmountInvalid
        | Code::CurrencyUnknown
        | Code::OrderChanged => (
            "This order can’t be paid",
            "The shop’s order is not valid, so there is nothing to pay. Nothing was charged. Please tell the shop.",
        ),
        Code::MerchantUnknown | Code::OriginNotRegistered => (
            "This shop can’t take payments here",
            "It is not registered for the page that sent you. Nothing was charged.",
        ),
        Code::MerchantNotAccredited => (
            "This shop can’t take payments here",
            "Nobody vouches for it at present. Nothing was charged.",
        ),
        Code::MerchantSuspended => (
            "This shop can’t take payments",
            "The payment service has stopped them. Nothing was charged. Please tell the shop.",
        ),
        Code::MerchantPaused => (
            "This shop’s payments are paused",
            "Too many of them were declined. Nothing was charged. Wait a few minutes, then try again.",
        ),
        Code::MethodNotOffered => (
            "This order can’t be paid here",
            "This page takes cards alone, and this order none. Nothing was charged. Go back to the shop.",
        ),
        Code::Busy => (
            "The payment service is busy",
            "Nothing was charged. Wait a moment, then load this page again.",
        ),
        Code::PriceUnknown | Code::PriceClosed => (
            "This is no longer sold",
            "Nothing was charged. Go back to the shop to see what it sells now.",
        ),
        _ => return None,
    })
}

/// Why the form is there anew, with a quote of its own.
pub(super) fn anew(code: Code) -> Option<&'static str> {
    Some(match code {
        Code::QuoteExpired | Code::QuoteUnknown => {
            "The form was open for too long. Nothing was charged. Check the amount, and enter the card again."
        }
        Code::QuoteUsed => "This form was sent already. Nothing was charged. To pay, enter the card again.",
        Code::ConsentDiffers => {
            "What you agreed to is not what is offered. Nothing was charged. Check the amount, and enter the card again."
        }
        Code::CardDeclined | Code::InsufficientFunds | Code::ProcessingFailed => {
            "The payment was declined. Nothing was charged. Use another card, or ask your bank."
        }
        Code::ChallengeExpired => "The time to confirm ran out. Nothing was charged. You can start again.",
        Code::ChallengeFailed => {
            "The payment was not confirmed. Nothing was charged. Try again, or use another card."
        }
        _ => return None,
    })
}
