//! Every sentence that a shopper reads, in English; those about refusals in a file of their own. Where a sentence is
//! missing, the build fails.

mod refusal;

use farthing_instrument::{
    ExpiryError, IbanError, NameError, NumberError, PhoneError, SecurityCodeError, Validity,
};
use farthing_protocol::{CardBrand, Hint, HostOutcome, MethodKind};

use crate::details::Field;

pub use refusal::refusal;

pub const LOADING: &str = "Loading the payment form…";
pub const SLOW: &str = "This takes longer than usual. Please wait a moment.";
pub const READY: &str = "The payment form is ready.";
pub const SANDBOX: &str = "Sandbox: no real money moves";
pub const ORDER: &str = "Your order";
pub const TOTAL: &str = "Total";
pub const WAYS: &str = "How to pay";
pub const NO_FEE: &str = "no fee";
pub const CONSENT_MISSING: &str = "Tick the box if you agree to pay.";
pub const CANCEL: &str = "Cancel";
pub const AGAIN: &str = "Try again";
pub const START_AGAIN: &str = "Start again";
pub const CHECK_AGAIN: &str = "Check again";
pub const RECEIPT: &str = "Receipt";
pub const CONSENT_RECORD: &str = "What you agreed to";
pub const NEW_TAB: &str = " (opens in a new tab)";
pub const CHALLENGE_TITLE: &str = "Please confirm";
pub const CHALLENGE_FRAME: &str = "Your bank’s question";
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

/// What is to be confirmed, and by when.
pub fn challenge(payee: &str, total: &str, until: &str) -> String {
    format!(
        "Your bank wants to know that it is you. Confirm {total} to {payee} below by {until}. \
         Nothing is charged until you do."
    )
}

/// Who vouches for the payee, where, and until when.
pub fn vouched(accreditor: &str, site: &str, day: &str) -> String {
    format!("Verified by {accreditor} for {site} until {day}")
}

pub fn no_fee(payee: &str) -> String {
    format!("{payee} adds nothing to this price.")
}

/// A way to pay.
pub fn way(method: MethodKind) -> &'static str {
    match method {
        MethodKind::Card => "Card",
        MethodKind::BankAccount => "Bank account",
        MethodKind::PhoneBill => "Phone bill",
    }
}

/// What is to be known of a way to pay beside its fee: how fast it is, for how long it can be given back, and its limit.
pub fn conditions(arrives_days: i64, refundable_days: i64, most: Option<&str>) -> String {
    let mut said = "Arrives ".to_owned();
    said += &match arrives_days {
        0 => "at once".to_owned(),
        days => count("within ", days, " working day"),
    };
    said += &match refundable_days {
        0 => ", can't be refunded".to_owned(),
        days => count(", can be refunded for ", days, " day"),
    };
    if let Some(most) = most {
        said += ", up to ";
        said += most;
    }
    said
}

fn count(before: &str, days: i64, after: &str) -> String {
    let s = if days == 1 { "" } else { "s" };
    [before, &days.to_string(), after, s].concat()
}

/// What a way to pay adds to the price.
pub fn adds(fee: &str) -> String {
    format!("+ {fee} fee")
}

pub fn fee_for(method: MethodKind) -> &'static str {
    match method {
        MethodKind::Card => "Fee for paying by card",
        MethodKind::BankAccount => "Fee for paying from a bank account",
        MethodKind::PhoneBill => "Fee for paying by phone bill",
    }
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

pub fn waiting(payee: &str, total: &str, hint: &Hint) -> String {
    let with = match hint {
        Hint::Card { brand, last_four } => format!("with {} ending in {last_four}", brand.name()),
        Hint::BankAccount { country, last_four } => {
            format!("from the account {} … ending in {last_four}", country.as_str())
        }
        Hint::PhoneBill { carrier } => format!("with the phone bill of {}", carrier.as_str()),
    };
    format!("You agreed to pay {total} {with}. {payee} is completing the payment.")
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

pub fn completed_title(total: &str, paid: bool) -> String {
    let how = if paid { "paid" } else { "reserved" };
    [total, how].join(" ")
}

/// What has become of the money, or will.
pub fn completed(payee: &str, paid: bool) -> String {
    if paid {
        format!("Your payment to {payee} went through. You can go on in the shop.")
    } else {
        format!(
            "Nothing is taken yet. {payee} takes it when your order is ready, or lets it go within 7 days. \
             You pay nothing more."
        )
    }
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
        Field::Iban => "IBAN",
        Field::Holder => "Account holder",
        Field::Carrier => "Phone company",
        Field::Phone => "Phone number",
    }
}

/// What is expected in a field; none where the label says it all.
pub fn hint(field: Field, brand: Option<CardBrand>) -> &'static str {
    match (field, brand) {
        (Field::Expiry, _) => "Month / year",
        (Field::SecurityCode, Some(CardBrand::Amex)) => "4 digits, front",
        (Field::SecurityCode, _) => "3 digits, back",
        (Field::Iban, _) => "On your bank card or statement",
        (Field::Phone, _) => "With or without the country code",
        (Field::Number | Field::Name | Field::Holder | Field::Carrier, _) => "",
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

pub fn iban_error(validity: Validity<IbanError>) -> Option<&'static str> {
    match validity {
        Validity::Complete => None,
        Validity::Empty => Some("Enter the IBAN"),
        Validity::Incomplete => Some("Some characters are missing"),
        Validity::Wrong(IbanError::Character) => Some("Enter letters and digits only"),
        Validity::Wrong(IbanError::Country) => Some("No IBAN begins like this"),
        Validity::Wrong(IbanError::TooLong) => Some("There are too many characters"),
        Validity::Wrong(IbanError::Structure | IbanError::Checksum) => {
            Some("Check the IBAN: a character is wrong")
        }
    }
}

pub const SEPA_ERROR: &str = "Accounts in this country can't be debited";

pub fn holder_error(validity: Validity<NameError>) -> Option<&'static str> {
    match validity {
        Validity::Empty | Validity::Incomplete | Validity::Wrong(NameError::NoLetter) => {
            Some("Enter the account holder's name")
        }
        Validity::Wrong(NameError::CardNumber) => Some("This looks like an account number"),
        other => name_error(other),
    }
}

// Of the phone bill.

pub const CARRIER_ERROR: &str = "Choose your phone company";

pub fn phone_error(validity: Validity<PhoneError>) -> Option<&'static str> {
    match validity {
        Validity::Complete => None,
        Validity::Empty => Some("Enter the phone number"),
        Validity::Incomplete => Some("Some digits are missing"),
        Validity::Wrong(PhoneError::Character) => Some("Enter digits only"),
        Validity::Wrong(PhoneError::Beginning) => Some("No number of this company begins like this"),
        Validity::Wrong(PhoneError::TooLong) => Some("There are too many digits"),
    }
}

pub const PHONE_CHALLENGE_FRAME: &str = "Your phone company’s question";

/// What is to be confirmed with a passcode of the phone company's, and by when.
pub fn phone_challenge(payee: &str, total: &str, until: &str) -> String {
    format!(
        "Your phone company sends a code to your phone. Confirm {total} to {payee} below by {until}. \
         Nothing is charged until you do."
    )
}

/// A phone company is no bank, and of its reasons no more is known than that.
pub const PHONE_DECLINED: Notice = Notice {
    title: "The payment was declined",
    body: "Your phone company did not make it. Nothing was charged. Try to pay in another way.",
};
