use farthing_protocol::Code;

use crate::{
    NoticeKey,
    frame::{self, Frame},
};

/// What a refusal means for the shopper: what happened, whether money moved, what to do next. The frame says it, and so do
/// the provider's pages.
#[must_use]
pub const fn refusal(code: Code) -> NoticeKey<Frame> {
    match code {
        // The card, or the account.
        Code::CardDeclined => frame::CARD_DECLINED,
        Code::InsufficientFunds => frame::INSUFFICIENT_FUNDS,
        Code::ProcessingFailed => frame::PROCESSING_FAILED,
        Code::DetailsInvalid => frame::DETAILS_INVALID,
        Code::CardExpired => frame::CARD_EXPIRED,
        Code::BrandUnsupported => frame::BRAND_UNSUPPORTED,

        // The confirmation.
        Code::ChallengeExpired => frame::CHALLENGE_EXPIRED,
        Code::ChallengeFailed => frame::CHALLENGE_FAILED,

        // The phone bill.
        Code::PhoneLimitReached => frame::PHONE_LIMIT,
        Code::PhoneNotAllowed => frame::PHONE_NOT_ALLOWED,

        // The order: only the shop can mend these.
        Code::OrderPaid => frame::ORDER_PAID,
        Code::OrderReserved => frame::ORDER_RESERVED,
        Code::OrderInFlight => frame::ORDER_IN_FLIGHT,
        Code::OrderExpired => frame::ORDER_EXPIRED,
        Code::PriceClosed => frame::PRICE_CLOSED,
        Code::TooManyAttempts => frame::TOO_MANY_ATTEMPTS,
        Code::TooManyRequests => frame::TOO_MANY_REQUESTS,
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
        | Code::OrderChanged
        | Code::PriceUnknown => frame::ORDER_WRONG,
        Code::MerchantUnknown | Code::OriginNotRegistered => frame::SHOP_UNREGISTERED,
        Code::MerchantNotAccredited => frame::SHOP_UNACCREDITED,
        Code::MerchantSuspended => frame::SHOP_SUSPENDED,
        Code::MerchantPaused => frame::SHOP_PAUSED,

        // The way to the provider.
        Code::QuoteUnknown | Code::QuoteExpired | Code::QuoteUsed | Code::QuoteLapsed => frame::EXPIRED,
        Code::SealedMalformed | Code::SealedUnreadable => frame::SEALED_LOST,
        Code::ConsentDiffers => frame::OFFER_CHANGED,
        Code::MethodNotOffered => frame::METHOD_NOT_OFFERED,
        Code::Busy => frame::BUSY,
        Code::RequestTimeout => frame::TIMEOUT,
        Code::FrameCovered => frame::COVERED,
        Code::ProviderUnreachable => frame::NO_QUOTE,
        Code::HostMissing => frame::HOST_MISSING,
        Code::Internal => frame::INTERNAL,

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
        | Code::KeyNotAllowed
        | Code::TokenUnknown
        | Code::TokenExpired
        | Code::TokenUsed
        | Code::TokenMerchantDiffers
        | Code::TokenOrderDiffers
        | Code::TokenAmountDiffers
        | Code::TokenCurrencyDiffers
        | Code::ChargeUnknown
        | Code::ChargeNotAuthorised
        | Code::ChargeNotPaid
        | Code::CaptureExceedsAuthorised
        | Code::RefundExceedsCaptured
        | Code::TooManyOperations
        | Code::OperationInFlight
        | Code::OperationUnknown
        | Code::ReceiptUnknown
        | Code::ConsentUnknown
        | Code::DisputeUnknown
        | Code::DisputeExists
        | Code::DisputeTooLate
        | Code::DisputeNothingLeft
        | Code::DisputeClosed
        | Code::DisputeWordsMissing
        | Code::WordsHoldNumber
        | Code::FrameUnreachable
        | Code::FrameFailed => frame::STUCK,
    }
}
