use farthing_protocol::{ChargeId, Currency, MerchantId, Money};

/// One line of the ledger. An account that receives has a positive amount; the entries of one charge sum
/// to zero in its currency.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Entry {
    /// The charge that it belongs to.
    pub charge: ChargeId,
    /// The account: `acquirer` for what the connector owes the provider, `merchant:mer_…` for what the
    /// provider owes a merchant.
    pub account: String,
    /// Minor units, signed.
    pub amount: i64,
    /// Of which currency.
    pub currency: Currency,
}

/// What a payment books: the acquirer owes the total, and the provider owes it on to the merchant.
#[must_use]
pub fn entries_of_payment(charge: &ChargeId, merchant: &MerchantId, total: Money) -> Vec<Entry> {
    let entry = |account: String, amount: i64| Entry {
        charge: charge.clone(),
        account,
        amount,
        currency: total.currency(),
    };
    vec![
        entry("acquirer".to_owned(), -total.minor()),
        entry(format!("merchant:{merchant}"), total.minor()),
    ]
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_payment_sums_to_zero(minor in 1i64..=100_000_000) {
            let total = Money::new(minor, Currency::parse("EUR").unwrap()).unwrap();
            let entries = entries_of_payment(
                &ChargeId::from_random([1; 16]), &MerchantId::from_random([2; 16]), total,
            );
            prop_assert_eq!(entries.iter().map(|e| e.amount).sum::<i64>(), 0);
            prop_assert!(entries.iter().any(|e| e.amount == minor));
        }
    }
}
