//! The cards that the sandbox knows, and what a shopper types of them.

/// What is typed into the form.
#[derive(Clone, Copy, Debug)]
pub struct Card {
    /// Digits.
    pub number: &'static str,
    /// As on the card: `MM/YY`.
    pub expiry: &'static str,
    /// Three digits, or four.
    pub security_code: &'static str,
    /// As on the card.
    pub name: &'static str,
}

const fn card(number: &'static str) -> Card {
    Card {
        number,
        expiry: "12/34",
        security_code: "123",
        name: "Ada Lovelace",
    }
}

/// Pays.
pub const PAYS: Card = card("4242424242424242");
/// The issuer declines.
pub const DECLINED: Card = card("4000000000000002");
/// No funds.
pub const NO_FUNDS: Card = card("4000000000009995");
/// Fails in processing.
pub const FAILS: Card = card("4000000000000119");
/// No answer comes; later it turns out as paid.
pub const SILENT_THEN_PAID: Card = card("4000000000004087");
/// No answer comes; later it turns out as declined.
pub const SILENT_THEN_DECLINED: Card = card("4000000000005043");

/// The bank asks for a passcode: `123456` is the right one.
pub const ASKS: Card = card("4000002500003155");
/// The bank asks for a passcode, and none is right.
pub const TAKES_NO_PASSCODE: Card = card("4000000000003063");
/// The bank could ask, and knows the shopper anyway.
pub const KNOWN_TO_THE_BANK: Card = card("4000000000003055");

/// Cards of other brands, with the name of the brand; all pay.
pub const BRANDS: [(&str, Card); 5] = [
    ("Mastercard", card("5555555555554444")),
    (
        "American Express",
        Card {
            security_code: "1234",
            ..card("378282246310005")
        },
    ),
    ("Discover", card("6011111111111117")),
    ("JCB", card("3566002020360505")),
    ("Diners Club", card("36227206271667")),
];
