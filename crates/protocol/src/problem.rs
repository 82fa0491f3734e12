//! What can go wrong, as one closed list: codes are stable, and every screen, log and client can rely on
//! them. An answer with an error is `application/problem+json` (RFC 9457).

use serde::{Deserialize, Serialize};

use crate::ChargeId;

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident = $text:literal, $status:literal, $title:literal;)*) => {
        /// A stable code for what went wrong.
        #[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, PartialEq, Serialize)]
        pub enum Code {
            $(
                #[doc = $title]
                #[serde(rename = $text)]
                $name,
            )*
        }

        impl Code {
            /// Every code.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            /// The code as it is written, `order_expired`.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $text),* }
            }

            /// The HTTP status that goes with it; 0 where it never crosses HTTP.
            #[must_use]
            pub const fn status(self) -> u16 {
                match self { $(Self::$name => $status),* }
            }

            /// A sentence for the developer who reads it: what is wrong and what to do.
            #[must_use]
            pub const fn title(self) -> &'static str {
                match self { $(Self::$name => $title),* }
            }
        }
    };
}

codes! {
    // The request itself.
    NotFound = "not_found", 404, "There is nothing at this address; see docs/PROTOCOL.md for the addresses.";
    MethodNotAllowed = "method_not_allowed", 405, "This address does not take this method; the Allow header says which it takes.";
    BodyTooLarge = "body_too_large", 413, "The body is larger than 16 KiB; send less.";
    BodyMalformed = "body_malformed", 400, "The body is not the JSON that this address takes; the detail says where.";
    ContentTypeUnsupported = "content_type_unsupported", 415, "Send the body as application/json.";
    RequestTimeout = "request_timeout", 408, "The request took too long to arrive; send it again.";
    KeyMissing = "key_missing", 401, "Send your secret key: Authorization: Bearer sk_….";
    KeyUnknown = "key_unknown", 401, "The secret key is not known here; check that it belongs to this provider.";
    IdempotencyKeyMissing = "idempotency_key_missing", 400, "Send an Idempotency-Key header, the same one when you try again.";
    IdempotencyKeyMalformed = "idempotency_key_malformed", 400, "An Idempotency-Key is 1 to 255 visible ASCII characters.";
    IdempotencyKeyReused = "idempotency_key_reused", 422, "This Idempotency-Key was used with another body; use a new key for a new charge.";
    RequestInFlight = "request_in_flight", 409, "A request with this Idempotency-Key is still under way; ask again after Retry-After seconds.";
    KeyNotAllowed = "key_not_allowed", 403, "This key is not allowed to do this; use a key with the permission that the detail names.";
    TooManyRequests = "too_many_requests", 429, "Too many requests came from here; ask again after Retry-After seconds.";

    // The order.
    OrderMalformed = "order_malformed", 400, "The order is not a JWT with the claims iss, aud, jti, iat, exp and order, and no others.";
    OrderAlgorithmUnsupported = "order_algorithm_unsupported", 400, "Sign the order with ES256 or EdDSA.";
    OrderKeyUnknown = "order_key_unknown", 403, "The order's kid names no key that is registered for this merchant.";
    OrderSignatureInvalid = "order_signature_invalid", 403, "The order's signature does not match: it was changed, or signed with another key.";
    OrderAudienceWrong = "order_audience_wrong", 403, "The order's aud is not this provider.";
    OrderMerchantWrong = "order_merchant_wrong", 403, "The order's iss is not the merchant of this frame or key.";
    OrderExpired = "order_expired", 410, "The order's exp has passed; sign a new one.";
    OrderNotYetValid = "order_not_yet_valid", 403, "The order's iat lies in the future; check the clock of the server that signs.";
    OrderLifetimeTooLong = "order_lifetime_too_long", 422, "An order is valid for at most seven days, and ends after it begins.";
    OrderLinesInvalid = "order_lines_invalid", 422, "An order has 1 to 20 lines, each with a label of 1 to 80 visible characters.";
    OrderAmountInvalid = "order_amount_invalid", 422, "Amounts are whole minor units, at least 1, and at most 100,000,000 in all.";
    CurrencyUnknown = "currency_unknown", 422, "The currency is not one in force in ISO 4217.";
    OrderPaid = "order_paid", 409, "This order is paid already; nothing more was charged.";
    OrderChanged = "order_changed", 409, "This reference stands for another order already; use a new reference for a new order.";
    OrderReserved = "order_reserved", 409, "This order's payment is authorised, and waits to be captured or voided; nothing more was charged.";
    OrderInFlight = "order_in_flight", 409, "A payment of this order is under way; ask for its outcome before you try again.";
    TooManyAttempts = "too_many_attempts", 429, "This order was tried too often; sign a new one.";
    PriceUnknown = "price_unknown", 404, "This merchant has registered no such price.";
    PriceClosed = "price_closed", 410, "The merchant sells nothing at this price any more.";

    // The merchant.
    MerchantUnknown = "merchant_unknown", 404, "No such merchant is registered here.";
    OriginNotRegistered = "origin_not_registered", 403, "The page's origin is not registered for this merchant.";
    MerchantSuspended = "merchant_suspended", 403, "This merchant can't be paid at present; ask the provider.";
    MerchantNotAccredited = "merchant_not_accredited", 403, "Nobody vouches for this merchant at this origin at present; ask the accreditor for a statement that holds.";
    MerchantPaused = "merchant_paused", 503, "Too many of this merchant's payments were declined; wait for Retry-After seconds.";

    // The quote and the token.
    QuoteUnknown = "quote_unknown", 404, "There is no such quote.";
    QuoteExpired = "quote_expired", 410, "The quote has expired; ask for a new one.";
    QuoteUsed = "quote_used", 409, "A token was made from this quote already; ask for a new quote.";
    SealedMalformed = "sealed_malformed", 400, "The sealed details are not the JWE that docs/PROTOCOL.md describes.";
    SealedUnreadable = "sealed_unreadable", 400, "The sealed details can't be opened with this quote's vault key.";
    DetailsInvalid = "details_invalid", 422, "The card details are not complete or not well-formed.";
    CardExpired = "card_expired", 422, "The card's expiry date has passed.";
    BrandUnsupported = "brand_unsupported", 422, "Cards of this brand are not taken here.";
    ConsentDiffers = "consent_differs", 422, "The consent is not the text of this quote, to the letter.";
    MethodNotOffered = "method_not_offered", 422, "This way to pay is not on offer for this order.";
    ChallengeExpired = "challenge_expired", 410, "The time to confirm has passed; nothing was charged. Ask for a new quote.";
    ChallengeFailed = "challenge_failed", 402, "The payment was not confirmed, and nothing was charged; ask for a new quote.";
    PhoneLimitReached = "phone_limit_reached", 402, "The amount is beyond what is left of the phone bill's limit; nothing was charged. Ask for a new quote to pay in another way.";
    PhoneNotAllowed = "phone_not_allowed", 402, "The carrier does not let this number pay; nothing was charged. Ask for a new quote to pay in another way.";


    // The charge.
    TokenUnknown = "token_unknown", 404, "There is no such token.";
    TokenExpired = "token_expired", 410, "The token has expired; the shopper has to agree again.";
    TokenUsed = "token_used", 409, "The token was redeemed already; a token pays once.";
    TokenMerchantDiffers = "token_merchant_differs", 403, "The token was made for another merchant.";
    TokenOrderDiffers = "token_order_differs", 422, "The token was made for another order.";
    TokenAmountDiffers = "token_amount_differs", 422, "The token was made for another amount; nothing was charged.";
    TokenCurrencyDiffers = "token_currency_differs", 422, "The token was made for another currency; nothing was charged.";
    CardDeclined = "card_declined", 402, "The card's issuer declined; nothing was charged.";
    InsufficientFunds = "insufficient_funds", 402, "The issuer reports insufficient funds; nothing was charged.";
    ProcessingFailed = "processing_failed", 402, "The payment failed on the way to the issuer; nothing was charged.";
    ChargeUnknown = "charge_unknown", 404, "There is no such charge.";
    ChargeNotAuthorised = "charge_not_authorised", 409, "The charge holds no reservation: only one that is authorised and not yet taken or let go can be captured or voided.";
    ChargeNotPaid = "charge_not_paid", 409, "No money was taken by this charge, so none can be given back.";
    CaptureExceedsAuthorised = "capture_exceeds_authorised", 422, "A capture takes at least 1 and at most what was authorised; nothing was taken.";
    RefundExceedsCaptured = "refund_exceeds_captured", 422, "A refund gives back at least 1 and at most what is left of what was taken, less what a dispute holds; nothing was given back.";
    TooManyOperations = "too_many_operations", 422, "A charge has at most 50 captures, 50 voids and 50 refunds, with those that failed; nothing was done.";
    OperationInFlight = "operation_in_flight", 409, "Something else is being done with this charge; ask again after Retry-After seconds.";
    OperationUnknown = "operation_unknown", 404, "There is no such operation.";
    ReceiptUnknown = "receipt_unknown", 404, "There is no such receipt.";
    ConsentUnknown = "consent_unknown", 404, "There is no such consent record.";

    // The dispute.
    DisputeUnknown = "dispute_unknown", 404, "There is no such dispute.";
    DisputeExists = "dispute_exists", 409, "There is a dispute about this payment already; the receipt shows how it stands.";
    DisputeTooLate = "dispute_too_late", 410, "The time to object to this payment has passed; ask the merchant.";
    DisputeNothingLeft = "dispute_nothing_left", 409, "All of this payment has gone back already; there is nothing to object to.";
    DisputeClosed = "dispute_closed", 409, "This dispute is answered already; the answer stands.";
    DisputeWordsMissing = "dispute_words_missing", 422, "Say why in words.";
    WordsHoldNumber = "words_hold_number", 422, "The text holds what looks like a card number; leave it out.";

    // The provider.
    Busy = "busy", 503, "The provider is at its limit; try again after Retry-After seconds.";
    Internal = "internal", 500, "Something failed here; nothing about the payment was lost. Try again, or ask with the request id.";

    // The frame and the loader.
    FrameUnreachable = "frame_unreachable", 0, "The frame did not load: the provider can't be reached, or this page's origin is not registered.";
    FrameFailed = "frame_failed", 0, "The frame's application could not start, or stopped.";
    FrameCovered = "frame_covered", 0, "Something lay over the form, or it had just come into sight, when Pay was pressed; the form is still there.";
    ProviderUnreachable = "provider_unreachable", 0, "The provider did not answer in time; nothing was charged.";
    HostMissing = "host_missing", 0, "The frame was opened without a shop's page around it.";
    QuoteLapsed = "quote_lapsed", 0, "The shopper's time ran out before the token was redeemed; nothing was charged.";
}

/// The body of an error (RFC 9457), `application/problem+json`.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Problem {
    /// Where the code is documented.
    #[serde(rename = "type")]
    pub kind: String,
    /// The stable code.
    pub code: Code,
    /// What is wrong and what to do, the same for every problem with this code.
    pub title: String,
    /// The HTTP status.
    #[cfg_attr(feature = "schema", schemars(range(min = 400, max = 599)))]
    pub status: u16,
    /// What is particular to this one: a field's name, never a value that came in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
    /// The charge that this is about, where there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub charge: Option<ChargeId>,
    /// The request's id, for asking about it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request: Option<String>,
}

impl Problem {
    /// The problem that `code` stands for.
    #[must_use]
    pub fn new(code: Code) -> Self {
        Self {
            kind: format!("/docs/problems#{}", code.as_str()),
            code,
            title: code.title().to_owned(),
            status: code.status(),
            detail: None,
            charge: None,
            request: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn codes_are_distinct_and_read_back() {
        let texts: HashSet<_> = Code::ALL.iter().map(|code| code.as_str()).collect();
        assert_eq!(texts.len(), Code::ALL.len());
        for code in Code::ALL {
            let json = serde_json::to_string(code).unwrap();
            assert_eq!(json, format!("\"{}\"", code.as_str()));
            assert_eq!(serde_json::from_str::<Code>(&json).unwrap(), *code);
            assert!(code.status() == 0 || (400..=599).contains(&code.status()));
            assert!(code.title().ends_with('.'), "{code:?} has no whole sentence");
        }
    }
}
