//! Every sentence that a shopper reads, in English. One file is one language: where a sentence is missing,
//! the build fails.

use farthing_instrument::{ExpiryError, NameError, NumberError, SecurityCodeError, Validity};
use farthing_protocol::{CardBrand, Code, HostOutcome};

use crate::card::Field;

pub const LOADING: &str = "Loading the payment form…";
pub const SLOW: &str = "This takes longer than usual. Please wait a moment.";
pub const READY: &str = "The payment form is ready.";
pub const SANDBOX: &str = "Sandbox: no real money moves";
pub const ORDER: &str = "Your order";
pub const TOTAL: &str = "Total";
pub const CARD: &str = "Card details";
pub const CONSENT_MISSING: &str = "Tick the box if you agree to pay.";
pub const CANCEL: &str = "Cancel";
pub const AGAIN: &str = "Try again";
pub const START_AGAIN: &str = "Start again";
pub const CHECK_AGAIN: &str = "Check again";
pub const RECEIPT: &str = "Receipt";
pub const CONSENT_RECORD: &str = "What you agreed to";
pub const NEW_TAB: &str = " (opens in a new tab)";
pub const REFERENCE: &str = "Reference";

/// A screen that says how things stand and what to do next.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Notice {
    pub title: &'static str,
    pub body: &'static str,
}

pub const EXPIRED: Notice = Notice {
    title: "The time to pay ran out",
    body: "Nothing was charged. You can start again with the same order.",
};
pub const NO_QUOTE: Notice = Notice {
    title: "No connection",
    body: "The payment service does not answer. Nothing was charged. Check your connection, then try again.",
};
pub const NO_TOKEN: Notice = Notice {
    title: "No answer yet",
    body: "The payment service did not answer. Nothing was charged, and what you typed is still here. \
           Check your connection, then try again.",
};
pub const CANCELLED: Notice = Notice {
    title: "Payment cancelled",
    body: "Nothing was charged. You can start again, or go back to the shop.",
};

pub fn heading(payee: &str) -> String {
    format!("Pay {payee}")
}

pub fn pay(total: &str) -> String {
    format!("Pay {total}")
}

pub fn paying(total: &str) -> String {
    format!("Paying {total}…")
}

/// Who makes the payment, and whom to ask.
pub fn imprint(provider: &str, payee: &str, contact: &str) -> String {
    format!("Payment by {provider}. {}", self::contact(payee, contact))
}

/// Whom to ask.
pub fn contact(payee: &str, contact: &str) -> String {
    format!("Questions about the order? Ask {payee}: {contact}")
}

pub fn waiting_title(payee: &str) -> String {
    format!("Waiting for {payee}")
}

pub fn waiting(payee: &str, total: &str, brand: CardBrand, last_four: &str) -> String {
    let brand = brand.name();
    format!(
        "You agreed to pay {total} with {brand} ending in {last_four}. {payee} is completing the payment."
    )
}

/// What to do while the shop charges. `time` is when the token ends.
pub fn waiting_next(time: &str) -> String {
    format!(
        "Keep this page open, and don't pay again. If it is not completed by {time}, nothing will be charged."
    )
}

/// The shop gave up, and may still charge until the shopper begins again.
pub fn not_charged_so_far(payee: &str) -> String {
    format!("Nothing was charged so far. You can try again, or ask {payee}.")
}

/// What the shop's page said, as its word and no more.
pub fn host_said(payee: &str, provider: &str, outcome: HostOutcome) -> String {
    let word = match outcome {
        HostOutcome::Paid => "the payment went through",
        HostOutcome::Failed => "the payment did not go through",
        HostOutcome::Unknown => "it is not sure how the payment ended",
    };
    format!("{payee} says that {word}. {provider} is checking.")
}

pub fn paid_title(total: &str) -> String {
    format!("{total} paid")
}

pub fn paid(payee: &str) -> String {
    format!("Your payment to {payee} went through. You can go on in the shop.")
}

pub const UNKNOWN_TITLE: &str = "Don't pay again yet";

pub fn unknown(payee: &str, total: &str) -> String {
    format!("{payee} asked for {total}, and the answer has not arrived. It may or may not have been charged.")
}

/// What to do while an answer is looked for, or when the looking has ended.
pub fn unknown_next(provider: &str, payee: &str, looking: bool) -> String {
    if looking {
        format!("{provider} keeps looking. The result will appear here.")
    } else {
        format!("It takes longer than usual. Check again later, or ask {payee} and give this reference:")
    }
}

pub fn label(field: Field) -> &'static str {
    match field {
        Field::Number => "Card number",
        Field::Expiry => "Expiry date",
        Field::SecurityCode => "Security code",
        Field::Name => "Name on card",
    }
}

/// What is expected in a field; none where the label says it all.
pub fn hint(field: Field, brand: Option<CardBrand>) -> &'static str {
    match (field, brand) {
        (Field::Expiry, _) => "Month / year",
        (Field::SecurityCode, Some(CardBrand::Amex)) => "4 digits, front",
        (Field::SecurityCode, _) => "3 digits, back",
        (Field::Number | Field::Name, _) => "",
    }
}

pub fn number_error(validity: Validity<NumberError>) -> Option<&'static str> {
    match validity {
        Validity::Complete => None,
        Validity::Empty => Some("Enter the card number"),
        Validity::Incomplete => Some("Some digits are missing"),
        Validity::Wrong(NumberError::Character) => Some("Enter digits only"),
        Validity::Wrong(NumberError::TooLong) => Some("There are too many digits"),
        Validity::Wrong(NumberError::Checksum) => Some("Check the number: a digit is wrong"),
    }
}

pub const BRAND_ERROR: &str = "This kind of card is not taken here";

pub fn expiry_error(validity: Validity<ExpiryError>) -> Option<&'static str> {
    match validity {
        Validity::Complete => None,
        Validity::Empty => Some("Enter the date"),
        Validity::Incomplete => Some("Not complete yet"),
        Validity::Wrong(ExpiryError::Character) => Some("Enter digits only"),
        Validity::Wrong(ExpiryError::Month) => Some("No such month"),
        Validity::Wrong(ExpiryError::TooLong) => Some("Too many digits"),
        Validity::Wrong(ExpiryError::Past) => Some("Card has expired"),
        Validity::Wrong(ExpiryError::TooFar) => Some("Check the year"),
    }
}

pub fn security_code_error(validity: Validity<SecurityCodeError>) -> Option<&'static str> {
    match validity {
        Validity::Complete => None,
        Validity::Empty => Some("Enter the code"),
        Validity::Incomplete => Some("Digits are missing"),
        Validity::Wrong(SecurityCodeError::Character) => Some("Enter digits only"),
        Validity::Wrong(SecurityCodeError::TooLong) => Some("Too many digits"),
    }
}

pub fn name_error(validity: Validity<NameError>) -> Option<&'static str> {
    match validity {
        Validity::Complete => None,
        Validity::Empty => Some("Enter the name on the card"),
        Validity::Incomplete | Validity::Wrong(NameError::NoLetter) => Some("Enter the name on the card"),
        Validity::Wrong(NameError::CardNumber) => Some("This looks like a card number"),
        Validity::Wrong(NameError::TooLong) => Some("The name is too long"),
        Validity::Wrong(NameError::Forbidden) => Some("Leave out special characters"),
    }
}

/// What a refusal means for the shopper: what happened, whether money moved, what to do next.
pub fn refusal(code: Code) -> Notice {
    let (title, body) = match code {
        // The card.
        Code::CardDeclined => (
            "The card was declined",
            "The card's bank said no, without a reason. Nothing was charged. Try another card, or ask your bank.",
        ),
        Code::InsufficientFunds => (
            "Not enough money on the card",
            "The card's bank says that the money is not there. Nothing was charged. Try another card.",
        ),
        Code::ProcessingFailed => (
            "The payment did not go through",
            "It failed on the way to the card's bank. Nothing was charged. Try again, or use another card.",
        ),
        Code::DetailsInvalid => (
            "Please check the card details",
            "They were not accepted as they are. Nothing was charged.",
        ),
        Code::CardExpired => (
            "The card has expired",
            "Nothing was charged. Check the expiry date, or use another card.",
        ),
        Code::BrandUnsupported => (
            "This kind of card is not taken here",
            "Nothing was charged. Please use another card.",
        ),

        // The order: only the shop can mend these.
        Code::OrderPaid => (
            "This order is already paid",
            "Nothing more was charged. You can go back to the shop.",
        ),
        Code::OrderInFlight => (
            "A payment is already under way",
            "This order is being paid in another place. Nothing more was charged here. \
             Wait a minute before you try again.",
        ),
        Code::OrderExpired | Code::TokenExpired => (
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
            "This order can't be paid",
            "The shop's order is not valid, so there is nothing to pay. Nothing was charged. \
             Please tell the shop.",
        ),
        Code::MerchantUnknown | Code::OriginNotRegistered => (
            "This shop can't take payments here",
            "It is not registered for this page. Nothing was charged. Don't enter card details here.",
        ),

        // The way to the provider.
        Code::QuoteUnknown | Code::QuoteExpired | Code::QuoteUsed | Code::QuoteLapsed => {
            (EXPIRED.title, EXPIRED.body)
        }
        Code::SealedMalformed | Code::SealedUnreadable => (
            "The card details did not arrive",
            "They could not be protected on their way, so they were not used. Nothing was charged. Try again.",
        ),
        Code::ConsentDiffers => (
            "The offer has changed",
            "What you agreed to is no longer what is offered. Nothing was charged. \
             Try again and check the amount.",
        ),
        Code::Busy => (
            "The payment service is busy",
            "Nothing was charged. Wait a moment, then try again.",
        ),
        Code::RequestTimeout => (
            "That took too long",
            "Nothing was charged. Check your connection, then try again.",
        ),
        Code::ProviderUnreachable => (NO_QUOTE.title, NO_QUOTE.body),
        Code::HostMissing => (
            "Nothing to pay here",
            "This page works only inside a shop. Go back to the shop to pay.",
        ),
        Code::Internal => (
            "Something went wrong",
            "The payment service had a fault. Nothing was charged. Try again in a moment.",
        ),

        // Between the shop's server and the provider, or between the loader and the page: no shopper meets
        // them, and if one does, this is true.
        Code::NotFound
        | Code::MethodNotAllowed
        | Code::BodyTooLarge
        | Code::BodyMalformed
        | Code::ContentTypeUnsupported
        | Code::KeyMissing
        | Code::KeyUnknown
        | Code::IdempotencyKeyMissing
        | Code::IdempotencyKeyMalformed
        | Code::IdempotencyKeyReused
        | Code::RequestInFlight
        | Code::TokenUnknown
        | Code::TokenUsed
        | Code::TokenMerchantDiffers
        | Code::TokenOrderDiffers
        | Code::TokenAmountDiffers
        | Code::TokenCurrencyDiffers
        | Code::ChargeUnknown
        | Code::ReceiptUnknown
        | Code::ConsentUnknown
        | Code::FrameUnreachable
        | Code::FrameFailed => (
            "This payment can't go on",
            "Something does not fit together between the shop and the payment service. \
             Ask the shop before you try again.",
        ),
    };
    Notice { title, body }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_says_what_happened_and_what_it_cost() {
        for code in Code::ALL {
            let Notice { title, body } = refusal(*code);
            assert!(!title.is_empty() && !title.ends_with('.'), "{code:?}: {title}");
            assert!(body.ends_with('.'), "{code:?}: {body}");
            // Where the shopper can do something about it, or was about to pay, the first question is this.
            let charged =
                body.contains("charged") || body.contains("Ask the shop") || body.contains("Go back");
            assert!(charged, "{code:?}: {body}");
        }
    }

    #[test]
    fn no_sentence_speaks_of_codes_or_of_machines() {
        for code in Code::ALL {
            let Notice { title, body } = refusal(*code);
            let said = [title, body].concat();
            for word in ["JWT", "token", "HTTP", "error", "invalid", "_"] {
                assert!(!said.contains(word), "{code:?}: {said}");
            }
        }
    }

    #[test]
    fn a_paid_order_is_never_told_as_unpaid() {
        let said = refusal(Code::OrderPaid);
        assert!(said.title.contains("paid") && !said.body.contains("Nothing was charged"));
        for code in [Code::OrderPaid, Code::OrderInFlight] {
            assert!(
                refusal(code).body.contains("Nothing more was charged"),
                "{code:?}"
            );
        }
    }
}
