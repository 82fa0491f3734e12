use farthing_protocol::Code;

use super::{Notice, notice};

/// What a refusal means for the shopper: what happened, whether money moved, what to do next.
pub fn refusal(code: Code) -> Notice {
    notice(farthing_text::refusal(code))
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
