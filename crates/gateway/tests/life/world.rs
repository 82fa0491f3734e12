use farthing_gateway::{Answer, ChargeStore, Done, IdempotencyKey, Refusal};
use farthing_protocol::{
    Bearer, CaptureRequest, ChargeId, ChargeRequest, Code, ConsentGiven, Currency, DeclineReason,
    DisputeAnswer, DisputeReason, DisputeRequest, MethodKind, PlainToken, Quote, Reference, RefundRequest,
    TokenRequest, Words,
};
use farthing_store_postgres::Postgres;
use farthing_store_sql::{Either, SqlStore};
use farthing_store_sqlite::Writer;
use farthing_testkit::{Bank, SeededRng, SetClock, Shop, card, given, seal};

use super::acts::{Act, What};

pub type Store = SqlStore<Either<Writer, Postgres>>;
pub type Gateway = farthing_gateway::Gateway<Store, Bank, SetClock, SeededRng>;

/// A provider, two shops, a stranger among the merchants, a bank, and all that they remember.
pub struct World {
    pub shops: [Shop; 2],
    stranger: Shop,
    pub gateway: Gateway,
    pub clock: SetClock,
    pub bank: Bank,
    pub quotes: Vec<(Quote, usize)>,
    tokens: Vec<(String, Quote, usize)>,
    pub charges: Vec<(ChargeId, usize)>,
}

impl World {
    pub fn new(seed: u64, store: Store) -> Self {
        // The second shop's shoppers bear the fee; the first shop bears it itself.
        let shops = [
            crate::with_fee(Shop::number(1), Bearer::Merchant),
            crate::with_fee(Shop::number(3), Bearer::Shopper),
        ];
        let stranger = Shop::number(2);
        let all = [&shops[0], &shops[1], &stranger];
        let (gateway, clock, bank) = Shop::gateway(&all, store, seed);
        Self {
            shops,
            stranger,
            gateway,
            clock,
            bank,
            quotes: vec![],
            tokens: vec![],
            charges: vec![],
        }
    }

    pub async fn act(&mut self, act: Act) {
        match act {
            Act::Quote { order, fee } => self.quote(order, usize::from(fee)).await,
            Act::Token { quote, sealed } if !self.quotes.is_empty() => {
                let (quote, shop) = quote.get(&self.quotes).clone();
                self.token(quote, shop, sealed).await;
            }
            Act::Charge {
                token,
                amount,
                order,
                key,
                stranger,
                capture,
            } if !self.tokens.is_empty() => {
                let (token, quote, shop) = token.get(&self.tokens).clone();
                let order = order.map_or(quote.order.clone(), |n| {
                    Reference::parse(&format!("order-{n}")).unwrap()
                });
                let hash = hash(&format!("{token} {order:?} {amount} {capture}"));
                let request = ChargeRequest {
                    token: PlainToken::parse(&token).unwrap(),
                    order,
                    amount,
                    currency: Currency::parse("EUR").unwrap(),
                    capture,
                };
                let who = if stranger {
                    &self.stranger.id
                } else {
                    &self.shops[shop].id
                };
                fine(
                    self.gateway
                        .charge(who, idempotency_key(key), hash, request)
                        .await,
                );
                if let Ok(Some(charge)) = self.gateway.store().charge_of_quote(&quote.id).await
                    && !self.charges.iter().any(|(id, _)| *id == charge.id)
                {
                    self.charges.push((charge.id, shop));
                }
            }
            Act::Operate {
                charge,
                what,
                amount,
                key,
            } if !self.charges.is_empty() => {
                let (charge, shop) = charge.get(&self.charges).clone();
                let (who, key) = (&self.shops[shop].id, idempotency_key(key));
                let hash = hash(&format!("{charge} {what:?} {amount:?}"));
                fine(match what {
                    What::Capture => {
                        let request = CaptureRequest { amount };
                        self.gateway.capture(who, &charge, key, hash, request).await
                    }
                    What::Void => self.gateway.void(who, &charge, key, hash).await,
                    What::Refund => {
                        let request = RefundRequest { amount };
                        self.gateway.refund(who, &charge, key, hash, request).await
                    }
                });
            }
            Act::Dispute { charge } if !self.charges.is_empty() => {
                let (charge, shop) = charge.get(&self.charges).clone();
                self.dispute(&charge, shop).await;
            }
            Act::Answer { dispute, accept } => {
                let disputes = self.gateway.disputes(None).await.unwrap();
                if !disputes.is_empty() {
                    let dispute = dispute.get(&disputes);
                    let answer = DisputeAnswer {
                        accept,
                        words: Some(Words::parse("It was sent.").unwrap()),
                    };
                    for shop in &self.shops {
                        fine(
                            self.gateway
                                .answer_dispute(&shop.id, &dispute.id, answer.clone())
                                .await,
                        );
                    }
                }
            }
            Act::Decide {
                dispute,
                for_merchant,
            } => {
                let disputes = self.gateway.disputes(None).await.unwrap();
                if !disputes.is_empty() {
                    fine(
                        self.gateway
                            .decide_dispute(&dispute.get(&disputes).id, for_merchant)
                            .await,
                    );
                }
            }
            Act::Bank {
                pays,
                refuses,
                silent,
            } => {
                let declined = Answer::Declined(DeclineReason::CardDeclined);
                self.bank
                    .answer(Some(if pays { Answer::Approved } else { declined }), silent);
                self.bank
                    .operate_as(Some(if refuses { Done::Refused } else { Done::Done }));
            }
            Act::Resolve => drop(self.gateway.resolve().await.unwrap()),
            Act::GiveBack => drop(self.gateway.give_back_due().await.unwrap()),
            Act::Sweep => drop(self.gateway.sweep().await.unwrap()),
            Act::Pass { seconds } => self.clock.pass(seconds),
            Act::Token { .. } | Act::Charge { .. } | Act::Operate { .. } | Act::Dispute { .. } => {}
        }
    }

    async fn quote(&mut self, order: u8, shop: usize) {
        let order = self.shops[shop].order(&format!("order-{order}"), self.gateway.now());
        let quoted = self.gateway.quote(self.shops[shop].quote_request(order)).await;
        self.quotes.extend(quoted.ok().map(|reply| (reply.quote, shop)));
    }

    async fn token(&mut self, quote: Quote, shop: usize, sealed: u8) {
        let consent = quote.offer(MethodKind::Card).unwrap().consent.clone();
        let request = TokenRequest {
            quote: quote.id.clone(),
            method: MethodKind::Card,
            sealed: seal(&quote, &card("4242424242424242"), [sealed; 32]),
            consent: ConsentGiven {
                version: consent.version,
                text: consent.text,
            },
        };
        if let Ok(answer) = self.gateway.token(request).await {
            self.tokens
                .push((given(answer).token.expose().to_owned(), quote, shop));
        }
    }

    async fn dispute(&self, charge: &ChargeId, shop: usize) {
        let charge = self
            .gateway
            .charge_of(&self.shops[shop].id, charge)
            .await
            .unwrap();
        if let farthing_protocol::ChargeStatus::Paid { receipt } = charge.status {
            let request = DisputeRequest {
                reason: DisputeReason::NotReceived,
                words: None,
            };
            let until = self
                .gateway
                .receipt_of(&receipt)
                .await
                .unwrap()
                .receipt
                .objection
                .until;
            let before = self.gateway.store().charge(&charge.id).await.unwrap().unwrap();
            let opened = self.gateway.open_dispute(&receipt, request).await;
            let may = until > self.gateway.now();
            let right = match opened.as_ref().map_err(|refusal| refusal.code) {
                Ok(_) => may && before.dispute.is_none() && before.left() > 0,
                Err(Code::DisputeTooLate) => !may,
                Err(Code::DisputeExists) => before.dispute.is_some(),
                // A refund on its way may be all that there was.
                Err(Code::DisputeNothingLeft) => before.left() == 0,
                Err(_) => false,
            };
            assert!(
                right,
                "a shopper can't object, or objects where nothing is left: {opened:?}"
            );
        }
    }

    /// Time passes, and the provider's workers run.
    pub async fn pass(&self, seconds: i64) {
        self.clock.pass(seconds);
        self.gateway.resolve().await.unwrap();
        self.gateway.give_back_due().await.unwrap();
    }
}

/// A refusal is an answer. A failure is not: what the schema alone keeps from happening was tried.
fn fine<T>(answer: Result<T, Refusal>) {
    if let Err(refusal) = answer {
        assert_ne!(refusal.code, Code::Internal, "{refusal:?}");
    }
}

fn idempotency_key(n: u8) -> IdempotencyKey {
    IdempotencyKey::parse(&format!("key-{n}")).unwrap()
}

fn hash(body: &str) -> [u8; 32] {
    let mut hash = [0; 32];
    for (index, byte) in body.bytes().enumerate() {
        hash[index % 32] ^= byte.rotate_left(u32::try_from(index / 32).unwrap());
    }
    hash
}
