//! A provider's books, made by a life of every kind of payment.

use std::path::Path;

use farthing_gateway::fee::{FeeSchedule, Terms};
use farthing_gateway::{Answer, IdempotencyKey};
use farthing_protocol::{
    Bearer, CaptureRequest, Charge, ChargeRequest, ChargeStatus, ConsentGiven, Currency, DeclineReason,
    DisputeAnswer, DisputeReason, DisputeRequest, Language, MethodKind, RefundRequest, TokenRequest, Words,
};
use farthing_store_sqlite::SqliteStore;
use farthing_testkit::{Bank, NOW, SeededRng, SetClock, Shop, account, card, free, given, seal};

type Gateway = farthing_gateway::Gateway<SqliteStore, Bank, SetClock, SeededRng>;

/// A provider that runs.
pub struct Life {
    shop: Shop,
    gateway: Gateway,
    clock: SetClock,
    bank: Bank,
    keys: u32,
    language: Language,
    method: MethodKind,
}

impl Life {
    /// On a new file. Payments in EUR cost the shop, payments in CHF the shopper.
    pub fn begin(path: &Path) -> Self {
        let mut shop = Shop::number(1);
        shop.country = farthing_gateway::fee::Country::parse("BR").unwrap();
        for fees in &mut shop.fees {
            let terms = *fees.terms();
            let bearer = match terms.currency.as_str() {
                "EUR" => Bearer::Merchant,
                "CHF" => Bearer::Shopper,
                _ => continue,
            };
            assert_eq!(terms.method, MethodKind::Card);
            let terms = Terms {
                bearer,
                fixed: 5,
                rate_bp: 147,
                ..terms
            };
            *fees = FeeSchedule::try_from(terms).unwrap();
        }
        let debits = Terms {
            fixed: 9,
            ..*free(MethodKind::BankAccount, "EUR").terms()
        };
        shop.fees.push(FeeSchedule::try_from(debits).unwrap());
        let (gateway, clock, bank) = Shop::gateway(&[&shop], farthing_store_sqlite::open(path).unwrap(), 7);
        Self {
            shop,
            gateway,
            clock,
            bank,
            keys: 0,
            language: Language::En,
            method: MethodKind::Card,
        }
    }

    /// Everything once.
    pub async fn live(&mut self) {
        let hook = self.shop.origin.as_str().to_owned() + "/hook";
        self.gateway
            .add_endpoint(&self.shop.id, hook)
            .await
            .unwrap()
            .unwrap();
        self.pay("paid", "EUR", 150, true).await;
        for (language, order) in [
            (Language::De, "large"),
            (Language::Fr, "larger"),
            (Language::Ar, "largest"),
        ] {
            self.language = language;
            self.pay(order, "EUR", 123_456, true).await;
        }
        self.pay("yen", "JPY", 1_500, true).await;
        self.language = Language::En;
        self.method = MethodKind::BankAccount;
        let debited = self.pay("debited", "EUR", 400, true).await;
        self.refund(&debited, Some(100)).await;
        self.method = MethodKind::Card;

        let refunded = self.pay("refunded", "CHF", 1_000, true).await;
        self.refund(&refunded, Some(300)).await;
        self.refund(&refunded, None).await;
        let partly = self.pay("partly", "EUR", 400, true).await;
        self.refund(&partly, Some(100)).await;

        let later = self.pay("later", "CHF", 2_000, false).await;
        self.capture(&later, Some(1_500)).await;
        let void = self.pay("void", "EUR", 2_000, false).await;
        let (key, hash) = self.key();
        self.gateway
            .void(&self.shop.id, &void.id, key, hash)
            .await
            .unwrap();
        self.pay("waits", "EUR", 700, false).await;

        self.bank
            .answer(Some(Answer::Declined(DeclineReason::CardDeclined)), false);
        self.pay("declined", "EUR", 150, true).await;
        self.bank.answer(None, true);
        self.pay("unknown", "EUR", 150, true).await;
        self.bank.answer(None, false);

        for (name, end) in [
            ("returned", Some(false)),
            ("rejected", Some(true)),
            ("disputed", None),
        ] {
            let charge = self.pay(name, "EUR", 900, true).await;
            self.dispute(&charge, end).await;
        }
        // One that nobody redeems.
        self.token("left", "EUR", 150).await;
    }

    /// Lets the time run out for what waits.
    pub async fn end(&mut self) {
        self.clock.pass(8 * 86_400);
        self.gateway.resolve().await.unwrap();
        self.gateway.sweep().await.unwrap();
    }

    fn key(&mut self) -> (IdempotencyKey, [u8; 32]) {
        self.keys += 1;
        let key = IdempotencyKey::parse(&format!("key-{}", self.keys)).unwrap();
        (key, [u8::try_from(self.keys).unwrap(); 32])
    }

    async fn token(&self, order: &str, currency: &str, amount: i64) -> String {
        let claims = self
            .shop
            .claims(order, currency, &[("A", amount - 1), ("B", 1)], NOW);
        let mut request = self.shop.quote_request(self.shop.sign(&claims));
        request.language = self.language;
        let quote = self.gateway.quote(request).await.unwrap().quote;
        let consent = &quote.offer(self.method).unwrap().consent;
        let details = match self.method {
            MethodKind::BankAccount => account("DE89370400440532013000"),
            _ => card("4242424242424242"),
        };
        let request = TokenRequest {
            quote: quote.id.clone(),
            method: self.method,
            sealed: seal(&quote, &details, [9; 32]),
            consent: ConsentGiven {
                version: consent.version,
                text: consent.text.clone(),
            },
        };
        let token = given(self.gateway.token(request).await.unwrap());
        token.token.expose().to_owned()
    }

    async fn pay(&mut self, order: &str, currency: &str, amount: i64, capture: bool) -> Charge {
        let token = self.token(order, currency, amount).await;
        let request = ChargeRequest {
            token: farthing_protocol::PlainToken::parse(&token).unwrap(),
            order: farthing_protocol::Reference::parse(order).unwrap(),
            amount,
            currency: Currency::parse(currency).unwrap(),
            capture,
        };
        let (key, hash) = self.key();
        self.gateway
            .charge(&self.shop.id, key, hash, request)
            .await
            .unwrap()
            .charge
    }

    async fn refund(&mut self, charge: &Charge, amount: Option<i64>) {
        let (key, hash) = self.key();
        let request = RefundRequest { amount };
        self.gateway
            .refund(&self.shop.id, &charge.id, key, hash, request)
            .await
            .unwrap();
    }

    async fn capture(&mut self, charge: &Charge, amount: Option<i64>) {
        let (key, hash) = self.key();
        let request = CaptureRequest { amount };
        self.gateway
            .capture(&self.shop.id, &charge.id, key, hash, request)
            .await
            .unwrap();
    }

    async fn dispute(&self, charge: &Charge, for_merchant: Option<bool>) {
        let ChargeStatus::Paid { receipt } = &charge.status else {
            panic!()
        };
        let request = DisputeRequest {
            reason: DisputeReason::NotReceived,
            words: None,
        };
        self.gateway.open_dispute(receipt, request).await.unwrap();
        let Some(for_merchant) = for_merchant else { return };
        let all = self.gateway.disputes(None).await.unwrap();
        let id = &all.iter().find(|dispute| dispute.charge == charge.id).unwrap().id;
        let words = Some(Words::parse("It was delivered.").unwrap());
        let answer = DisputeAnswer { accept: false, words };
        self.gateway
            .answer_dispute(&self.shop.id, id, answer)
            .await
            .unwrap();
        self.gateway.decide_dispute(id, for_merchant).await.unwrap();
    }

    /// What `/.well-known/jwks.json` says.
    pub fn jwks(&self) -> String {
        let key = serde_json::to_value(self.gateway.keys().signing.jwk()).unwrap();
        serde_json::json!({ "keys": [key] }).to_string()
    }
}
