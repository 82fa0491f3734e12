use farthing_protocol::Code;

use super::{EXPIRED, NO_QUOTE, Notice};

/// What a refusal means for the shopper: what happened, whether money moved, what to do next.
pub fn refusal(code: Code) -> Notice {
    let (title, body) = match code {
        // The card, or the account.
        Code::CardDeclined => (
            "The payment was declined",
            "Your bank said no, without a reason. Nothing was charged. Try to pay in another way, or ask your bank.",
        ),
        Code::InsufficientFunds => (
            "Not enough money",
            "Your bank says that the money is not there. Nothing was charged. Try to pay in another way.",
        ),
        Code::ProcessingFailed => (
            "The payment did not go through",
            "It failed on the way to your bank. Nothing was charged. Try again, or pay in another way.",
        ),
        Code::DetailsInvalid => (
            "Please check the details",
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

        // The confirmation.
        Code::ChallengeExpired => (
            "The time to confirm ran out",
            "Nothing was charged. You can start again with the same order.",
        ),
        Code::ChallengeFailed => (
            "The payment was not confirmed",
            "Nothing was charged. Try again, or pay in another way.",
        ),

        // The phone bill.
        Code::PhoneLimitReached => (
            "This is beyond your phone bill’s limit",
            "Your phone company takes no more than that in a month. Nothing was charged. Pay in another way.",
        ),
        Code::PhoneNotAllowed => (
            "This number can't pay here",
            "Your phone company does not let it pay by phone bill. Nothing was charged. Pay in another way.",
        ),

        // The order: only the shop can mend these.
        Code::OrderPaid => (
            "This order is already paid",
            "Nothing more was charged. You can go back to the shop.",
        ),
        Code::OrderReserved => (
            "This order is already agreed",
            "The amount is set aside for the shop, which has yet to take it. Nothing more was charged. \
             You can go back to the shop.",
        ),
        Code::OrderInFlight => (
            "A payment is already under way",
            "This order is being paid in another place. Nothing more was charged here. \
             Wait a minute before you try again.",
        ),
        Code::OrderExpired => (
            "This order has expired",
            "Nothing was charged. Go back to the shop and order again.",
        ),
        Code::PriceClosed => (
            "This is no longer sold",
            "Nothing was charged. Go back to the shop to see what it sells now.",
        ),
        Code::TooManyAttempts => (
            "Too many attempts",
            "Nothing was charged. Go back to the shop and order again.",
        ),
        Code::TooManyRequests => (
            "Too many attempts",
            "Nothing was charged. Wait a moment, then try again.",
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
        | Code::OrderChanged
        | Code::PriceUnknown => (
            "This order can't be paid",
            "The shop's order is not valid, so there is nothing to pay. Nothing was charged. \
             Please tell the shop.",
        ),
        Code::MerchantUnknown | Code::OriginNotRegistered => (
            "This shop can't take payments here",
            "It is not registered for this page. Nothing was charged. Don't enter card details here.",
        ),
        Code::MerchantNotAccredited => (
            "This shop can't take payments here",
            "Nobody vouches for it at present. Nothing was charged. Don't enter card details here.",
        ),
        Code::MerchantSuspended => (
            "This shop can't take payments",
            "The payment service has stopped them. Nothing was charged. Please tell the shop.",
        ),
        Code::MerchantPaused => (
            "This shop's payments are paused",
            "Too many of them were declined. Nothing was charged. Wait a few minutes, then try again.",
        ),

        // The way to the provider.
        Code::QuoteUnknown | Code::QuoteExpired | Code::QuoteUsed | Code::QuoteLapsed => {
            (EXPIRED.title, EXPIRED.body)
        }
        Code::SealedMalformed | Code::SealedUnreadable => (
            "The details did not arrive",
            "They could not be protected on their way, so they were not used. Nothing was charged. Try again.",
        ),
        Code::ConsentDiffers => (
            "The offer has changed",
            "What you agreed to is no longer what is offered. Nothing was charged. \
             Try again and check the amount.",
        ),
        Code::MethodNotOffered => (
            "This way to pay is not offered",
            "Nothing was charged. Try again to see how you can pay.",
        ),
        Code::Busy => (
            "The payment service is busy",
            "Nothing was charged. Wait a moment, then try again.",
        ),
        Code::RequestTimeout => (
            "That took too long",
            "Nothing was charged. Check your connection, then try again.",
        ),
        Code::FrameCovered => (
            "Something may cover this form",
            "Nothing was charged. Close what lies over it, check the amount, and pay again.",
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
