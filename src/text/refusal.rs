use farthing_protocol::Code;

use farthing_text::frame;

use super::{Notice, notice};

/// What a refusal means for the shopper: what happened, whether money moved, what to do next.
pub fn refusal(code: Code) -> Notice {
    notice(match code {
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
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_pays_from_an_account_is_not_told_of_a_card() {
        let before_the_choice = [
            Code::MerchantUnknown,
            Code::OriginNotRegistered,
            Code::MerchantNotAccredited,
        ];
        let of_cards = [Code::CardExpired, Code::BrandUnsupported];
        for code in Code::ALL {
            let Notice { title, body } = refusal(*code);
            let card = [title, body].concat().contains("card");
            let may = before_the_choice.contains(code) || of_cards.contains(code);
            assert_eq!(card, may, "{code:?}: {title}. {body}");
        }
    }

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
        for code in [Code::OrderPaid, Code::OrderReserved, Code::OrderInFlight] {
            assert!(
                refusal(code).body.contains("Nothing more was charged"),
                "{code:?}"
            );
        }
    }
}
