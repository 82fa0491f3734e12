//! Every sentence that a shopper reads, in the language that the frame is in; those about refusals in a file of their own.
//! They stand in `crates/text/languages`. Where one is missing in any language, the build fails.

mod refusal;

use std::cell::Cell;

use farthing_instrument::{
    ExpiryError, IbanError, NameError, NumberError, PhoneError, SecurityCodeError, Validity,
};
use farthing_protocol::{CardBrand, Hint, HostOutcome, Language, MethodKind};
use farthing_text::{NoticeKey, Plural, Words, frame, frame::Frame};

use crate::details::Field;

pub use farthing_text::Notice;
pub use farthing_text::frame::{
    AGAIN, CANCEL, CANCELLED, CHALLENGE_FRAME, CHALLENGE_TITLE, CHECK_AGAIN, CONSENT_MISSING, CONSENT_RECORD,
    EXPIRED, LANGUAGE, LOADING, NEW_TAB, NO_FEE, NO_QUOTE, NO_TOKEN, ORDER, PHONE_CHALLENGE_FRAME,
    PHONE_DECLINED, READY, RECEIPT, REFERENCE, SANDBOX, SLOW, START_AGAIN, TITLE, TOTAL, UNKNOWN_TITLE, WAYS,
};
pub use refusal::refusal;

/// A sentence that is said as it stands, in whatever language.
pub type Key = farthing_text::Key<Frame>;

// In the browser the words come with the page, before anything is drawn.
#[cfg(target_arch = "wasm32")]
thread_local! {
    static SPOKEN: Cell<(Language, Words<Frame>)> = const { Cell::new((Language::En, Words::NONE)) };
}

#[cfg(not(target_arch = "wasm32"))]
thread_local! {
    static SPOKEN: Cell<(Language, Words<Frame>)> = Cell::new((Language::En, frame::words(Language::En)));
}

/// From now on the frame speaks `language`, whose file holds `lines`. False where it is no such file, and nothing changes.
pub fn speak(language: Language, lines: String) -> bool {
    let words = Words::<Frame>::read(lines);
    words.is_some_and(|words| SPOKEN.try_with(|spoken| spoken.set((language, words))).is_ok())
}

/// What the frame speaks.
pub fn language() -> Language {
    now().0
}

fn spoken() -> Words<Frame> {
    now().1
}

/// The thread outlives all that is said, so this never fails; `get` would bring the text of a panic that is cut out.
fn now() -> (Language, Words<Frame>) {
    SPOKEN.try_with(Cell::get).unwrap_or((Language::En, Words::NONE))
}

/// A sentence.
pub fn say(key: Key) -> &'static str {
    spoken().get(key)
}

/// How things stand, and what to do next.
pub fn notice(key: NoticeKey<Frame>) -> Notice {
    spoken().notice(key)
}

pub fn heading(payee: &str) -> String {
    spoken().heading(payee)
}

/// What is to be confirmed, and by when.
pub fn challenge(payee: &str, total: &str, until: &str) -> String {
    spoken().challenge(payee, total, until)
}

/// Who vouches for the payee, where, and until when.
pub fn vouched(accreditor: &str, site: &str, day: &str) -> String {
    spoken().vouched(accreditor, day, site)
}

pub fn no_fee(payee: &str) -> String {
    spoken().adds_nothing(payee)
}

/// A way to pay.
pub fn way(method: MethodKind) -> &'static str {
    say(match method {
        MethodKind::Card => frame::WAY_CARD,
        MethodKind::BankAccount => frame::WAY_BANK,
        MethodKind::PhoneBill => frame::WAY_PHONE,
    })
}

/// What is to be known of a way to pay beside its fee: how fast it is, for how long it can be given back, and its limit.
/// `plural` knows which form a number takes.
pub fn conditions(
    arrives_days: i64,
    refundable_days: i64,
    most: Option<&str>,
    plural: fn(i64) -> Plural,
) -> String {
    let mut said = match arrives_days {
        0 => say(frame::ARRIVES_AT_ONCE).to_owned(),
        days => spoken().arrives_within(plural(days), &days.to_string()),
    };
    said += &match refundable_days {
        0 => say(frame::REFUNDABLE_NEVER).to_owned(),
        days => spoken().refundable_for(plural(days), &days.to_string()),
    };
    if let Some(most) = most {
        said += &spoken().up_to(most);
    }
    said
}

/// What a way to pay adds to the price.
pub fn adds(fee: &str) -> String {
    spoken().adds(fee)
}

pub fn fee_for(method: MethodKind) -> &'static str {
    say(match method {
        MethodKind::Card => frame::FEE_CARD,
        MethodKind::BankAccount => frame::FEE_BANK,
        MethodKind::PhoneBill => frame::FEE_PHONE,
    })
}

pub fn pay(total: &str) -> String {
    spoken().pay(total)
}

pub fn paying(total: &str) -> String {
    spoken().paying(total)
}

/// Who makes the payment, and whom to ask.
pub fn imprint(provider: &str, payee: &str, contact: &str) -> String {
    spoken().imprint(provider, &self::contact(payee, contact))
}

/// Whom to ask.
pub fn contact(payee: &str, contact: &str) -> String {
    spoken().contact(contact, payee)
}

pub fn waiting_title(payee: &str) -> String {
    spoken().waiting_title(payee)
}

pub fn waiting(payee: &str, total: &str, hint: &Hint) -> String {
    let words = spoken();
    match hint {
        Hint::Card { brand, last_four } => {
            words.waiting_card(brand.name(), &last_four.to_string(), payee, total)
        }
        Hint::BankAccount { country, last_four } => {
            words.waiting_bank(country.as_str(), &last_four.to_string(), payee, total)
        }
        Hint::PhoneBill { carrier } => words.waiting_phone(carrier.as_str(), payee, total),
    }
}

/// What to do while the shop charges. `time` is when the token ends.
pub fn waiting_next(time: &str) -> String {
    spoken().waiting_next(time)
}

/// The shop gave up, and may still charge until the shopper begins again.
pub fn not_charged_so_far(payee: &str) -> String {
    spoken().not_charged_so_far(payee)
}

/// What the shop's page said, as its word and no more.
pub fn host_said(payee: &str, provider: &str, outcome: HostOutcome) -> String {
    let words = spoken();
    match outcome {
        HostOutcome::Paid => words.host_said_paid(payee, provider),
        HostOutcome::Failed => words.host_said_failed(payee, provider),
        HostOutcome::Unknown => words.host_said_unknown(payee, provider),
    }
}

pub fn completed_title(total: &str, paid: bool) -> String {
    if paid {
        spoken().paid_title(total)
    } else {
        spoken().reserved_title(total)
    }
}

/// What has become of the money, or will.
pub fn completed(payee: &str, paid: bool) -> String {
    if paid {
        spoken().paid(payee)
    } else {
        spoken().reserved(payee)
    }
}

pub fn unknown(payee: &str, total: &str) -> String {
    spoken().unknown(payee, total)
}

/// What to do while an answer is looked for, or when the looking has ended.
pub fn unknown_next(provider: &str, payee: &str, looking: bool) -> String {
    if looking {
        spoken().unknown_looking(provider)
    } else {
        spoken().unknown_later(payee)
    }
}

pub fn label(field: Field) -> Key {
    match field {
        Field::Number => frame::LABEL_NUMBER,
        Field::Expiry => frame::LABEL_EXPIRY,
        Field::SecurityCode => frame::LABEL_CODE,
        Field::Name => frame::LABEL_NAME,
        Field::Iban => frame::LABEL_IBAN,
        Field::Holder => frame::LABEL_HOLDER,
        Field::Carrier => frame::LABEL_CARRIER,
        Field::Phone => frame::LABEL_PHONE,
    }
}

/// What is expected in a field; none where the label says it all.
pub fn hint(field: Field, brand: Option<CardBrand>) -> Option<Key> {
    let hint = match (field, brand) {
        (Field::Expiry, _) => frame::HINT_EXPIRY,
        (Field::SecurityCode, Some(CardBrand::Amex)) => frame::HINT_CODE_AMEX,
        (Field::SecurityCode, _) => frame::HINT_CODE,
        (Field::Iban, _) => frame::HINT_IBAN,
        (Field::Phone, _) => frame::HINT_PHONE,
        (Field::Number | Field::Name | Field::Holder | Field::Carrier, _) => return None,
    };
    Some(hint)
}

pub fn number_error(validity: Validity<NumberError>) -> Option<Key> {
    match validity {
        Validity::Complete => None,
        Validity::Empty => Some(frame::WRONG_NUMBER_EMPTY),
        Validity::Incomplete => Some(frame::WRONG_NUMBER_SHORT),
        Validity::Wrong(NumberError::Character) => Some(frame::WRONG_DIGITS_ONLY),
        Validity::Wrong(NumberError::TooLong) => Some(frame::WRONG_NUMBER_LONG),
        Validity::Wrong(NumberError::Checksum) => Some(frame::WRONG_NUMBER),
    }
}

pub const BRAND_ERROR: Key = frame::WRONG_BRAND;

pub fn expiry_error(validity: Validity<ExpiryError>) -> Option<Key> {
    match validity {
        Validity::Complete => None,
        Validity::Empty => Some(frame::WRONG_EXPIRY_EMPTY),
        Validity::Incomplete => Some(frame::WRONG_EXPIRY_SHORT),
        Validity::Wrong(ExpiryError::Character) => Some(frame::WRONG_DIGITS_ONLY),
        Validity::Wrong(ExpiryError::Month) => Some(frame::WRONG_MONTH),
        Validity::Wrong(ExpiryError::TooLong) => Some(frame::WRONG_TOO_MANY),
        Validity::Wrong(ExpiryError::Past) => Some(frame::WRONG_PAST),
        Validity::Wrong(ExpiryError::TooFar) => Some(frame::WRONG_YEAR),
    }
}

pub fn security_code_error(validity: Validity<SecurityCodeError>) -> Option<Key> {
    match validity {
        Validity::Complete => None,
        Validity::Empty => Some(frame::WRONG_CODE_EMPTY),
        Validity::Incomplete => Some(frame::WRONG_CODE_SHORT),
        Validity::Wrong(SecurityCodeError::Character) => Some(frame::WRONG_DIGITS_ONLY),
        Validity::Wrong(SecurityCodeError::TooLong) => Some(frame::WRONG_TOO_MANY),
    }
}

pub fn name_error(validity: Validity<NameError>) -> Option<Key> {
    match validity {
        Validity::Complete => None,
        Validity::Empty => Some(frame::WRONG_NAME_EMPTY),
        Validity::Incomplete | Validity::Wrong(NameError::NoLetter) => Some(frame::WRONG_NAME_EMPTY),
        Validity::Wrong(NameError::CardNumber) => Some(frame::WRONG_NAME_NUMBER),
        Validity::Wrong(NameError::TooLong) => Some(frame::WRONG_NAME_LONG),
        Validity::Wrong(NameError::Forbidden) => Some(frame::WRONG_NAME_SIGN),
    }
}

pub fn iban_error(validity: Validity<IbanError>) -> Option<Key> {
    match validity {
        Validity::Complete => None,
        Validity::Empty => Some(frame::WRONG_IBAN_EMPTY),
        Validity::Incomplete => Some(frame::WRONG_IBAN_SHORT),
        Validity::Wrong(IbanError::Character) => Some(frame::WRONG_IBAN_SIGN),
        Validity::Wrong(IbanError::Country) => Some(frame::WRONG_IBAN_COUNTRY),
        Validity::Wrong(IbanError::TooLong) => Some(frame::WRONG_IBAN_LONG),
        Validity::Wrong(IbanError::Structure | IbanError::Checksum) => Some(frame::WRONG_IBAN),
    }
}

pub const SEPA_ERROR: Key = frame::WRONG_SEPA;

pub fn holder_error(validity: Validity<NameError>) -> Option<Key> {
    match validity {
        Validity::Empty | Validity::Incomplete | Validity::Wrong(NameError::NoLetter) => {
            Some(frame::WRONG_HOLDER_EMPTY)
        }
        Validity::Wrong(NameError::CardNumber) => Some(frame::WRONG_HOLDER_NUMBER),
        other => name_error(other),
    }
}

// Of the phone bill.

pub const CARRIER_ERROR: Key = frame::WRONG_CARRIER;

pub fn phone_error(validity: Validity<PhoneError>) -> Option<Key> {
    match validity {
        Validity::Complete => None,
        Validity::Empty => Some(frame::WRONG_PHONE_EMPTY),
        Validity::Incomplete => Some(frame::WRONG_NUMBER_SHORT),
        Validity::Wrong(PhoneError::Character) => Some(frame::WRONG_DIGITS_ONLY),
        Validity::Wrong(PhoneError::Beginning) => Some(frame::WRONG_PHONE),
        Validity::Wrong(PhoneError::TooLong) => Some(frame::WRONG_NUMBER_LONG),
    }
}

/// What is to be confirmed with a passcode of the phone company's, and by when.
pub fn phone_challenge(payee: &str, total: &str, until: &str) -> String {
    spoken().phone_challenge(payee, total, until)
}
