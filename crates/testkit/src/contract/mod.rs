//! What every store must do, whatever it is made of: one suite, run against each.
//!
//! `tests/contract.rs` of a store calls [`all`] with a function that makes an empty one.

mod charges;
mod made;
mod quotes;
mod registry;

use farthing_gateway::{Begun, QuoteInserted, Store, TokenInserted};

use made::{charge, quote, token};

/// Runs the whole suite; each part on a store of its own.
pub async fn all<S: Store, F: Future<Output = S>>(empty: impl Fn() -> F) {
    registry::all(&empty).await;
    quotes::one_reference_is_one_content(empty().await).await;
    quotes::quotes_of_an_order_are_limited(empty().await).await;
    quotes::a_quote_makes_one_token(empty().await).await;
    quotes::a_lost_token_is_made_anew(empty().await).await;
    quotes::a_new_quote_ends_earlier_tokens(empty().await).await;
    quotes::tokens_of_an_order_are_limited(empty().await).await;
    charges::a_token_is_taken_only_as_it_was_agreed(empty().await).await;
    charges::a_key_used_again_is_answered_with_its_charge(empty().await).await;
    charges::an_order_has_one_live_charge(empty().await).await;
    charges::a_declined_order_can_be_tried_again(empty().await).await;
    charges::a_charge_ends_once(empty().await).await;
    charges::unbalanced_entries_take_everything_with_them(empty().await).await;
    charges::charges_without_end_are_found(empty().await).await;
    charges::what_has_expired_is_erased(empty().await).await;
    charges::one_token_under_64_hands(empty().await).await;
    charges::one_order_under_32_tokens(empty().await).await;
}

async fn make<S: Store>(store: &S, n: u8, order: &str) {
    assert_eq!(
        store.insert_quote(quote(n, order, [1; 32])).await.unwrap(),
        QuoteInserted::Inserted
    );
    assert_eq!(
        store.insert_token(token(n, order)).await.unwrap(),
        TokenInserted::Inserted
    );
}

async fn begin<S: Store>(store: &S, n: u8, token: u8, order: &str) -> Begun {
    store.begin_charge(charge(n, token, order)).await.unwrap()
}
