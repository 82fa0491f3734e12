//! Every size, count and time that crosses a boundary has its bound here, unit last in the name.

/// An order JWT, in its compact form, as text.
pub const ORDER_JWT_BYTES: usize = 8 * 1024;
/// Lines in one order.
pub const ORDER_LINES: usize = 20;
/// A line's label, the payee's name, and other text that a shopper reads.
pub const LABEL_CHARS: usize = 80;
/// A merchant's own order reference (`jti`).
pub const REFERENCE_BYTES: usize = 64;
/// One amount and one total, in minor units. Farthing is for small payments; the bound keeps every sum
/// of [`ORDER_LINES`] amounts far inside `i64`, and inside the integers that JavaScript holds exactly.
pub const AMOUNT_MINOR: i64 = 100_000_000;
/// An origin in its ASCII form.
pub const ORIGIN_BYTES: usize = 255;
/// A message from the merchant's page to the frame, as JSON text.
pub const HOST_MESSAGE_CHARS: usize = 10 * 1024;
/// A message from the frame to the merchant's page, as JSON text: the longest has a proof of purchase in it.
pub const FRAME_MESSAGE_CHARS: usize = 12 * 1024;
/// Details sealed to a quote's vault key: a JWE in its compact form.
pub const SEALED_BYTES: usize = 4 * 1024;
/// What a shopper or a merchant writes in a dispute.
pub const WORDS_CHARS: usize = 500;
/// The consent text, as shown.
pub const CONSENT_TEXT_CHARS: usize = 1_000;
/// Any request body.
pub const BODY_BYTES: usize = 16 * 1024;
/// An `Idempotency-Key`.
pub const IDEMPOTENCY_KEY_BYTES: usize = 255;
/// How long an order may be valid: `exp − iat`.
pub const ORDER_LIFETIME_S: i64 = 7 * 24 * 60 * 60;
/// How far a merchant's clock may differ from the provider's.
pub const CLOCK_SKEW_S: i64 = 60;
/// How long a quote can be paid with.
pub const QUOTE_LIFETIME_S: i64 = 30 * 60;
/// How long a challenge can be met: the shopper has to find a phone.
pub const CHALLENGE_LIFETIME_S: i64 = 5 * 60;
/// How often a passcode may be tried.
pub const PASSCODE_TRIES: u8 = 3;
/// How long a token can be redeemed.
pub const TOKEN_LIFETIME_S: i64 = 15 * 60;
/// Quotes for one order: attempts are limited, so that an order is no licence to test cards.
pub const QUOTES_PER_ORDER: i64 = 50;
/// Tokens for one order.
pub const TOKENS_PER_ORDER: i64 = 10;
/// Tokens for one instrument, at all merchants together, within [`INSTRUMENT_WINDOW_S`].
pub const TOKENS_PER_INSTRUMENT: i64 = 60;
/// The same, where it is a phone number: for each, its carrier sends a passcode to whoever has it.
pub const TOKENS_PER_PHONE: i64 = 10;
/// See [`TOKENS_PER_INSTRUMENT`].
pub const INSTRUMENT_WINDOW_S: i64 = 60 * 60;
/// How long an authorisation waits for its capture; then it expires and the money is released.
pub const AUTHORISATION_LIFETIME_S: i64 = 7 * 24 * 60 * 60;
/// Captures of one charge, and voids, and refunds, with those that failed.
pub const OPERATIONS_PER_CHARGE: i64 = 50;
/// How far back a merchant's payments are looked at for declines, and so how long a pause lasts at most.
pub const DECLINES_WINDOW_S: i64 = 10 * 60;
/// How many of them at most: the latest.
pub const DECLINES_OF: u32 = 100;
/// How many of them it takes, at the least, to pause a merchant.
pub const DECLINES_FROM: u32 = 20;
/// How many percent of them the card's side declined when it does.
pub const DECLINES_PERCENT: u32 = 80;
/// Addresses that one merchant's webhooks go to.
pub const ENDPOINTS_PER_MERCHANT: i64 = 5;
/// How long after a payment a dispute can be opened.
pub const DISPUTE_OPEN_S: i64 = 120 * 24 * 60 * 60;
/// How long the merchant has to answer a dispute; with no answer the money goes back.
pub const DISPUTE_ANSWER_S: i64 = 7 * 24 * 60 * 60;
