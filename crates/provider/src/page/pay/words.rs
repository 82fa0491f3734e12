//! What the page says about a field, and about a refusal. The frame says the same in the same words, but for what is another
//! matter on a page of its own.

use farthing_instrument::{ExpiryError, NameError, NumberError, SecurityCodeError, Validity};
use farthing_protocol::Code;
use farthing_text::{
    Key, Notice,
    frame::{self, Frame},
    pages, refusal as as_frame,
};

use super::Reader;

pub(super) fn number(validity: Validity<NumberError>) -> Option<Key<Frame>> {
    match validity {
        Validity::Complete => None,
        Validity::Empty => Some(frame::WRONG_NUMBER_EMPTY),
        Validity::Incomplete => Some(frame::WRONG_NUMBER_SHORT),
        Validity::Wrong(NumberError::Character) => Some(frame::WRONG_DIGITS_ONLY),
        Validity::Wrong(NumberError::TooLong) => Some(frame::WRONG_NUMBER_LONG),
        Validity::Wrong(NumberError::Checksum) => Some(frame::WRONG_NUMBER),
    }
}

pub(super) fn expiry(validity: Validity<ExpiryError>) -> Option<Key<Frame>> {
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

pub(super) fn security_code(validity: Validity<SecurityCodeError>) -> Option<Key<Frame>> {
    match validity {
        Validity::Complete => None,
        Validity::Empty => Some(frame::WRONG_CODE_EMPTY),
        Validity::Incomplete => Some(frame::WRONG_CODE_SHORT),
        Validity::Wrong(SecurityCodeError::Character) => Some(frame::WRONG_DIGITS_ONLY),
        Validity::Wrong(SecurityCodeError::TooLong) => Some(frame::WRONG_TOO_MANY),
    }
}

pub(super) fn name(validity: Validity<NameError>) -> Option<Key<Frame>> {
    match validity {
        Validity::Complete => None,
        Validity::Empty | Validity::Incomplete | Validity::Wrong(NameError::NoLetter) => {
            Some(frame::WRONG_NAME_EMPTY)
        }
        Validity::Wrong(NameError::CardNumber) => Some(frame::WRONG_NAME_NUMBER),
        Validity::Wrong(NameError::TooLong) => Some(frame::WRONG_NAME_LONG),
        Validity::Wrong(NameError::Forbidden) => Some(frame::WRONG_NAME_SIGN),
    }
}

/// Why there is nothing to pay here: a title, and what to do. None for what is no shopper's matter.
pub(super) fn refusal(code: Code, reader: Reader<'_>) -> Option<Notice> {
    Some(match code {
        // Nothing on this page will say how the other payment ends.
        Code::OrderInFlight => reader.notice(pages::IN_FLIGHT),
        // The page takes cards alone.
        Code::MethodNotOffered => reader.notice(pages::NO_CARD),
        Code::PriceUnknown => reader.frame().notice(frame::PRICE_CLOSED),
        Code::OrderPaid
        | Code::OrderReserved
        | Code::OrderExpired
        | Code::TooManyAttempts
        | Code::OrderNotYetValid
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
        | Code::MerchantUnknown
        | Code::OriginNotRegistered
        | Code::MerchantNotAccredited
        | Code::MerchantSuspended
        | Code::MerchantPaused
        | Code::PriceClosed
        | Code::Busy => reader.frame().notice(as_frame(code)),
        _ => return None,
    })
}

/// Why the form is there anew, with a quote of its own.
pub(super) fn anew(code: Code, reader: Reader<'_>) -> Option<Notice> {
    Some(match code {
        Code::QuoteUsed => reader.notice(pages::FORM_USED),
        Code::QuoteExpired
        | Code::QuoteUnknown
        | Code::ConsentDiffers
        | Code::CardDeclined
        | Code::InsufficientFunds
        | Code::ProcessingFailed
        | Code::ChallengeExpired
        | Code::ChallengeFailed => reader.frame().notice(as_frame(code)),
        _ => return None,
    })
}

/// What is wrong with the whole of a form that is shown again.
pub(super) fn whole(code: Code, reader: Reader<'_>) -> Option<Notice> {
    match code {
        Code::BrandUnsupported | Code::DetailsInvalid => Some(reader.frame().notice(as_frame(code))),
        _ => anew(code, reader),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use axum::http::HeaderMap;
    use farthing_protocol::Language;
    use serde_json::Value;

    use super::*;

    /// Of what this page can be refused with, all has its sentence but what no form of ours sends, and what is refused before
    /// anybody knows which page it is.
    #[test]
    fn every_code_that_can_reach_the_page_has_its_sentence() {
        let document: Value = serde_json::from_str(include_str!("../../../../../docs/openapi.json")).unwrap();
        let mut codes = BTreeSet::new();
        for path in ["/v1/pay", "/v1/pay/{quote}"] {
            let answers = document["paths"][path]["post"]["responses"].as_object().unwrap();
            for answer in answers.values() {
                let problem = &answer["content"]["application/problem+json"]["schema"]["properties"]["code"];
                let listed = problem["enum"].as_array().into_iter().flatten();
                codes.extend(listed.map(|code| code.as_str().unwrap()));
            }
        }
        assert!(codes.len() > 30, "{codes:?}");
        let request = HeaderMap::new();
        let reader = Reader::new(Language::Ar, &request);
        let silent: Vec<&str> = codes
            .into_iter()
            .filter(|name| {
                let code = Code::ALL.iter().find(|code| code.as_str() == *name);
                let code = *code.unwrap();
                let marked = code == Code::CardExpired;
                refusal(code, reader).is_none() && whole(code, reader).is_none() && !marked
            })
            .collect();
        assert_eq!(
            silent,
            [
                "body_malformed",
                "sealed_malformed",
                "sealed_unreadable",
                "too_many_requests"
            ]
        );
    }
}
