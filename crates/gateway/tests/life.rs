//! Random histories: whatever shoppers, merchants, banks and clocks do, and in whatever order, the money
//! stays right.
#![expect(clippy::unwrap_used, reason = "a test that can't go on should stop there")]

use std::collections::{HashMap, HashSet};

use farthing_gateway::{Answer, IdempotencyKey, Store};
use farthing_protocol::{
    ChargeRequest, ChargeStatus, ConsentGiven, Currency, DeclineReason, PlainToken, Quote, Reference,
    TokenRequest,
};
use farthing_store_sqlite::SqliteStore;
use farthing_testkit::{Bank, NOW, SeededRng, SetClock, Shop, card, seal};
use proptest::prelude::*;

type Gateway = farthing_gateway::Gateway<SqliteStore, Bank, SetClock, SeededRng>;

#[derive(Clone, Debug)]
enum Act {
    Quote {
        order: u8,
    },
    Token {
        quote: prop::sample::Index,
        sealed: u8,
    },
    Charge {
        token: prop::sample::Index,
        amount: i64,
        order: Option<u8>,
        key: u8,
        stranger: bool,
    },
    Bank {
        paid: bool,
        silent: bool,
    },
    Resolve,
    Sweep,
    Pass {
        seconds: i64,
    },
}

fn act() -> impl Strategy<Value = Act> {
    let wrong_amount = prop_oneof![9 => Just(150i64), 1 => prop_oneof![Just(151), Just(149), Just(1)]];
    prop_oneof![
        3 => (0u8..3).prop_map(|order| Act::Quote { order }),
        4 => (any::<prop::sample::Index>(), 1u8..4).prop_map(|(quote, sealed)| Act::Token { quote, sealed }),
        6 => (
            any::<prop::sample::Index>(), wrong_amount, prop::option::weighted(0.1, 0u8..3), 0u8..12,
            prop::bool::weighted(0.1),
        ).prop_map(|(token, amount, order, key, stranger)| Act::Charge { token, amount, order, key, stranger }),
        2 => (any::<bool>(), prop::bool::weighted(0.3)).prop_map(|(paid, silent)| Act::Bank { paid, silent }),
        2 => Just(Act::Resolve),
        1 => Just(Act::Sweep),
        1 => prop_oneof![Just(1i64), Just(61), Just(901), Just(1_801)].prop_map(|seconds| Act::Pass { seconds }),
    ]
}

struct World {
    shop: Shop,
    stranger: Shop,
    gateway: Gateway,
    clock: SetClock,
    bank: Bank,
    quotes: Vec<Quote>,
    tokens: Vec<(String, Quote)>,
}

impl World {
    fn new(seed: u64) -> Self {
        let (shop, stranger) = (Shop::number(1), Shop::number(2));
        let (gateway, clock, bank) = Shop::gateway(&[&shop, &stranger], SqliteStore::memory().unwrap(), seed);
        Self {
            shop,
            stranger,
            gateway,
            clock,
            bank,
            quotes: vec![],
            tokens: vec![],
        }
    }

    async fn act(&mut self, act: Act) {
        match act {
            Act::Quote { order } => {
                let order = self.shop.order(&format!("order-{order}"), NOW);
                self.quotes
                    .extend(self.gateway.quote(self.shop.quote_request(order)).await);
            }
            Act::Token { quote, sealed } if !self.quotes.is_empty() => {
                let quote = quote.get(&self.quotes).clone();
                let consent = ConsentGiven {
                    version: quote.consent.version,
                    text: quote.consent.text.clone(),
                };
                let sealed = seal(&quote, &card("4242424242424242"), [sealed; 32]);
                let request = TokenRequest {
                    quote: quote.id.clone(),
                    sealed,
                    consent,
                };
                if let Ok(reply) = self.gateway.token(request).await {
                    self.tokens.push((reply.token.expose().to_owned(), quote));
                }
            }
            Act::Charge {
                token,
                amount,
                order,
                key,
                stranger,
            } if !self.tokens.is_empty() => {
                let (token, quote) = token.get(&self.tokens);
                let order = order.map_or(quote.order.clone(), |n| {
                    Reference::parse(&format!("order-{n}")).unwrap()
                });
                let body = format!("{token} {order:?} {amount}");
                let request = ChargeRequest {
                    token: PlainToken::parse(token).unwrap(),
                    order,
                    amount,
                    currency: Currency::parse("EUR").unwrap(),
                };
                let mut hash = [0; 32];
                for (index, byte) in body.bytes().enumerate() {
                    hash[index % 32] ^= byte;
                }
                let who = if stranger {
                    &self.stranger.id
                } else {
                    &self.shop.id
                };
                let key = IdempotencyKey::parse(&format!("key-{key}")).unwrap();
                let _ = self.gateway.charge(who, key, hash, request).await;
            }
            Act::Bank { paid, silent } => {
                let declined = Answer::Declined(DeclineReason::CardDeclined);
                self.bank
                    .answer(Some(if paid { Answer::Paid } else { declined }), silent);
            }
            Act::Resolve => {
                self.gateway.resolve().await.unwrap();
            }
            Act::Sweep => {
                self.gateway.sweep().await.unwrap();
            }
            Act::Pass { seconds } => self.clock.pass(seconds),
            Act::Token { .. } | Act::Charge { .. } => {}
        }
    }

    /// DESIGN's list of what must never happen, as far as the gateway can break it.
    async fn check(&self, paid_before: &mut HashSet<String>) {
        let moved: HashMap<_, _> = self.bank.moved().into_iter().collect();
        let ledger = self.gateway.store().ledger().await.unwrap();
        let sum: i64 = ledger.iter().map(|entry| entry.amount).sum();
        assert_eq!(sum, 0, "the ledger does not sum to zero");
        let mut paid_orders = HashSet::new();
        let mut settled = HashSet::new();
        for quote in &self.quotes {
            let Some(charge) = self.gateway.store().charge_of_quote(&quote.id).await.unwrap() else {
                continue;
            };
            assert_eq!(charge.total, quote.total, "charged is not agreed");
            assert_eq!(charge.merchant, self.shop.id, "a stranger charged");
            let view = self.gateway.charge_of(&self.shop.id, &charge.id).await.unwrap();
            let booked: i64 = ledger
                .iter()
                .filter(|e| e.charge == charge.id && e.amount > 0)
                .map(|e| e.amount)
                .sum();
            match view.status {
                ChargeStatus::Paid { receipt } => {
                    assert!(
                        paid_orders.insert(charge.order.clone()),
                        "an order was paid twice"
                    );
                    assert_eq!(
                        moved.get(&charge.id),
                        Some(&charge.total),
                        "a failure told as a success"
                    );
                    assert_eq!(booked, charge.total.minor());
                    let receipt = self.gateway.receipt_of(&receipt).await.unwrap().receipt;
                    assert_eq!(receipt.total, quote.total);
                    paid_before.insert(charge.id.to_string());
                    settled.insert(charge.id);
                }
                ChargeStatus::Declined { .. } => {
                    assert!(!moved.contains_key(&charge.id), "a success told as a failure");
                    assert_eq!(booked, 0);
                    assert!(!paid_before.contains(charge.id.as_str()), "an end was undone");
                }
                ChargeStatus::Unknown {} => {
                    assert_eq!(booked, 0);
                    assert!(!paid_before.contains(charge.id.as_str()), "an end was undone");
                }
            }
        }
        // The bank may have moved money of which we do not know yet; but for one order never twice.
        let mut orders_moved = HashSet::new();
        for id in moved.keys() {
            let charge = self.gateway.store().charge(id).await.unwrap().unwrap();
            assert!(
                orders_moved.insert(charge.order),
                "the bank moved an order's money twice"
            );
        }
        assert_eq!(ledger.len(), settled.len() * 2, "something else was booked");
    }
}

fn cases() -> u32 {
    std::env::var("FARTHING_HISTORIES")
        .ok()
        .and_then(|n| n.parse().ok())
        .unwrap_or(200)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(cases()))]

    #[test]
    fn the_money_stays_right(seed: u64, acts in prop::collection::vec(act(), 1..60)) {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(async {
            let mut world = World::new(seed);
            let mut paid = HashSet::new();
            for act in acts {
                world.act(act).await;
                world.check(&mut paid).await;
            }
            // When the bank answers again, nothing stays unknown.
            world.bank.answer(Some(Answer::Paid), false);
            world.clock.pass(61);
            world.gateway.resolve().await.unwrap();
            world.check(&mut paid).await;
            let left = world.gateway.store().unresolved(NOW.plus(1_000_000), 100).await.unwrap();
            assert!(left.is_empty(), "an outcome stayed unknown");
        });
    }
}
