//! What every store must do, whatever it is made of: one suite, run against each.
//!
//! `tests/contract.rs` of a store calls [`all`] with a function that makes an empty one.

mod backlog;
mod charges;
mod disputes;
mod ends;
mod events;
mod ledger;
mod made;
mod open;
mod operations;
mod prices;
mod quotes;
mod races;
mod refunds;
mod registry;
mod reservations;
mod vouching;
mod webhooks;

use farthing_gateway::{
    Begun, NewCharge, NewOperation, OperationBegun, QuoteInserted, Store, StoredCharge, StoredOperation,
    TokenInserted,
};
use farthing_protocol::UnixSeconds;

use ends::{authorised, paid};
use made::{charge, charge_id, quote, token};

/// Runs the whole suite; each part on a store of its own.
pub async fn all<S: Store, F: Future<Output = S>>(empty: impl Fn() -> F) {
    registry::all(&empty).await;
    quotes::one_reference_is_one_content(empty().await).await;
    quotes::quotes_of_an_order_are_limited(empty().await).await;
    quotes::a_quote_makes_one_token(empty().await).await;
    quotes::a_lost_token_is_made_anew(empty().await).await;
    quotes::a_token_waits_for_its_challenge(empty().await).await;
    quotes::a_new_quote_ends_earlier_tokens(empty().await).await;
    quotes::tokens_of_an_order_are_limited(empty().await).await;
    quotes::tokens_of_an_instrument_are_limited(empty().await).await;
    quotes::what_has_expired_is_erased(empty().await).await;
    charges::a_token_is_taken_only_as_it_was_agreed(empty().await).await;
    charges::a_key_used_again_is_answered_with_its_charge(empty().await).await;
    charges::an_order_has_one_live_charge(empty().await).await;
    charges::a_declined_order_can_be_tried_again(empty().await).await;
    charges::a_charge_ends_once(empty().await).await;
    charges::a_charge_ends_as_it_was_asked(empty().await).await;
    charges::charges_without_end_are_found(empty().await).await;
    charges::verdicts_are_of_the_latest_answers(empty().await).await;
    charges::a_paused_merchant_begins_nothing_new(empty().await).await;
    reservations::a_reservation_is_taken_once(empty().await).await;
    reservations::what_is_no_reservation_is_not_taken(empty().await).await;
    reservations::a_void_lets_the_order_go(empty().await).await;
    reservations::a_reservation_expires_when_it_is_due(empty().await).await;
    refunds::refunds_are_never_more_than_is_left(empty().await).await;
    refunds::a_failed_refund_frees_its_amount(empty().await).await;
    refunds::refunds_are_limited(empty().await).await;
    operations::a_key_stands_for_one_request(empty().await).await;
    operations::an_operation_ends_once(empty().await).await;
    operations::an_operation_ends_by_its_kind(empty().await).await;
    operations::operations_without_end_are_found(empty().await).await;
    disputes::a_dispute_holds_what_is_left(empty().await).await;
    disputes::a_return_is_what_a_dispute_holds(empty().await).await;
    disputes::a_rejected_dispute_holds_nothing(empty().await).await;
    disputes::disputes_that_are_due_are_found(empty().await).await;
    events::each_end_is_due_at_its_merchants_endpoints(empty().await).await;
    events::an_event_that_is_not_kept_takes_everything_with_it(empty().await).await;
    webhooks::a_delivery_is_taken_by_one_at_a_time(empty().await).await;
    webhooks::a_delivery_is_tried_until_it_is_taken_or_given_up(empty().await).await;
    webhooks::what_is_given_up_can_be_told_again(empty().await).await;
    webhooks::a_removed_endpoint_is_told_nothing(empty().await).await;
    webhooks::a_merchants_endpoints_are_limited(empty().await).await;
    ledger::postings_are_chained(empty().await).await;
    ledger::an_unbalanced_posting_takes_everything_with_it(empty().await).await;
    backlog::what_waits_is_counted(empty().await).await;
    races::one_token_under_64_hands(empty().await).await;
    races::one_order_under_32_tokens(empty().await).await;
    races::one_reservation_under_32_hands(empty().await).await;
    races::one_balance_under_64_refunds(empty().await).await;
    races::one_balance_under_refunds_and_a_dispute(empty().await).await;
    races::one_ledger_under_32_charges(empty().await).await;
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

/// Charge number 1, of the order `order`, is paid.
async fn pay<S: Store>(store: &S) {
    make(store, 1, "order").await;
    assert!(matches!(begin(store, 1, 1, "order").await, Begun::Taken(_)));
    assert!(store.end_charge(&charge_id(1), paid(1, "order")).await.unwrap());
}

/// Charge number 1, of the order `order`, has its money reserved until then.
async fn reserve<S: Store>(store: &S, expires_at: UnixSeconds) {
    make(store, 1, "order").await;
    let new = NewCharge {
        capture: false,
        ..charge(1, 1, "order")
    };
    assert!(matches!(store.begin_charge(new).await.unwrap(), Begun::Taken(_)));
    assert!(
        store
            .end_charge(&charge_id(1), authorised(expires_at))
            .await
            .unwrap()
    );
}

/// Charge number 1 as it stands.
async fn first<S: Store>(store: &S) -> StoredCharge {
    store.charge(&charge_id(1)).await.unwrap().unwrap()
}

/// Begins an operation that must begin; the charge and the operation as they are then.
async fn begun<S: Store>(store: &S, new: NewOperation) -> (StoredCharge, StoredOperation) {
    match store.begin_operation(new).await.unwrap() {
        OperationBegun::Begun { charge, operation } => (*charge, *operation),
        _ => panic!("the operation did not begin"),
    }
}

/// Tries an operation that must not begin; what the store saw: whether one of its kind is there, and how many.
async fn not_begun<S: Store>(store: &S, new: NewOperation) -> (bool, i64) {
    let (id, of) = (new.id.clone(), new.charge.clone());
    match store.begin_operation(new).await.unwrap() {
        OperationBegun::NotBegun { charge, taken, count } => {
            assert_eq!(charge.map(|charge| *charge), store.charge(&of).await.unwrap());
            assert!(store.operation(&id).await.unwrap().is_none());
            (taken, count)
        }
        _ => panic!("the operation began"),
    }
}
