//! A merchant of the test's own, beside the real shop: for pages and requests that no honest shop would make.

use std::sync::atomic::{AtomicU32, Ordering};

use farthing_protocol::MerchantId;
use http::{Request, header};
use http_body_util::Full;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::http::{Answer, send};

/// What the kiosk takes; paying by card costs nobody anything.
const CURRENCIES: &str = "AFN AUD BHD BRL CAD CHF CLF CNY COP EUR GBP HKD HUF IDR ILS INR IQD ISK JPY KRW KWD MXN NZD \
                          PHP PLN SEK TRY TWD UGX USD VND XAF XCD XOF XPF";

/// A merchant, as the provider's configuration knows it.
#[derive(Clone, Debug)]
pub struct Merchant {
    /// Its id.
    pub id: MerchantId,
    /// Its secret key.
    pub key: String,
    /// Its registered origin.
    pub origin: String,
    /// The provider's address.
    pub provider: String,
}

/// A redemption, as the merchant's server would send it.
#[derive(Clone, Debug)]
pub struct Redemption {
    /// The token.
    pub token: String,
    /// The order's reference.
    pub order: String,
    /// Minor units.
    pub amount: i64,
    /// ISO 4217.
    pub currency: String,
    /// The idempotency key.
    pub key: String,
}

impl Merchant {
    /// Merchant number `n`, whose pages are at `origin`.
    #[must_use]
    pub fn new(n: u8, origin: &str, provider: &str) -> Self {
        Self {
            id: MerchantId::from_random([n; 16]),
            key: format!("sk_test_merchant_{n}_{n}{n}{n}{n}{n}{n}{n}{n}"),
            origin: origin.to_owned(),
            provider: provider.to_owned(),
        }
    }

    /// Its entry in the provider's configuration, with what an accreditor said about its origin. It is registered
    /// where a shopper may be made to bear a fee.
    #[must_use]
    pub fn entry(&self, statement: &str) -> String {
        let Self { id, key, origin, .. } = self;
        let hash: String = Sha256::digest(key)
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect();
        let mut entry = format!(
            "\n[[merchants]]\nid = \"{id}\"\nname = \"Test Kiosk\"\ncontact = \"kiosk@example.com\"\n\
             country = \"NZ\"\norigins = [\"{origin}\"]\nsecret_key_sha256 = \"{hash}\"\n\
             statements = [\"{statement}\"]\n"
        );
        for currency in CURRENCIES.split(' ') {
            entry += &format!(
                "[[merchants.fees]]\nmethod = \"card\"\ncurrency = \"{currency}\"\nbearer = \"merchant\"\n\
                 fixed = 0\nrate_bp = 0\n"
            );
        }
        entry
    }

    /// A signed order of one line over €2.50, and its reference.
    ///
    /// # Panics
    /// If the provider makes none.
    pub async fn order(&self) -> (String, String) {
        let reference = new_reference();
        (self.order_over(&reference, 250, 3600).await, reference)
    }

    /// A signed order over `amount` euro cents, good for `seconds`.
    ///
    /// # Panics
    /// If the provider makes none.
    pub async fn order_over(&self, reference: &str, amount: i64, seconds: i64) -> String {
        self.order_of(
            reference,
            json!({ "currency": "EUR", "lines": [{ "label": "A test item", "amount": amount }] }),
            seconds,
        )
        .await
    }

    /// A signed order of `order`, currency and lines, good for `seconds`.
    ///
    /// # Panics
    /// If the provider makes none.
    pub async fn order_of(&self, reference: &str, order: Value, seconds: i64) -> String {
        let body = json!({ "reference": reference, "order": order, "expires_in_s": seconds });
        let answer = self.post("/v1/orders", &new_reference(), &body).await;
        match answer.json()["order"].as_str() {
            Some(order) => order.to_owned(),
            None => panic!("no order: {answer:?}"),
        }
    }

    /// What redeeming `token` for the order `reference` of [`Self::order`] takes.
    #[must_use]
    pub fn redemption(&self, token: &str, reference: &str) -> Redemption {
        Redemption {
            token: token.to_owned(),
            order: reference.to_owned(),
            amount: 250,
            currency: "EUR".to_owned(),
            key: new_reference(),
        }
    }

    /// `POST /v1/charges`.
    ///
    /// # Panics
    /// If nobody answers.
    pub async fn redeem(&self, redemption: &Redemption) -> Answer {
        let Redemption {
            token,
            order,
            amount,
            currency,
            key,
        } = redemption;
        let body = json!({ "token": token, "order": order, "amount": amount, "currency": currency });
        self.post("/v1/charges", key, &body).await
    }

    /// `POST /v1/charges/{charge}/refunds`, over `amount` minor units.
    ///
    /// # Panics
    /// If nobody answers.
    pub async fn refund(&self, charge: &str, amount: i64) -> Answer {
        let path = format!("/v1/charges/{charge}/refunds");
        self.post(&path, &new_reference(), &json!({ "amount": amount }))
            .await
    }

    /// `POST /v1/disputes/{dispute}/answer`: does not agree, and says why.
    ///
    /// # Panics
    /// If nobody answers.
    pub async fn contest(&self, dispute: &str, words: &str) -> Answer {
        let path = format!("/v1/disputes/{dispute}/answer");
        let body = json!({ "accept": false, "words": words });
        self.post(&path, &new_reference(), &body).await
    }

    /// `GET` with the secret key.
    ///
    /// # Panics
    /// If nobody answers.
    pub async fn get(&self, path: &str) -> Answer {
        let request = Request::get(format!("{}{path}", self.provider))
            .header(header::AUTHORIZATION, format!("Bearer {}", self.key))
            .body(Full::default())
            .unwrap();
        send(request).await.unwrap()
    }

    async fn post(&self, path: &str, idempotency_key: &str, body: &Value) -> Answer {
        let request = Request::post(format!("{}{path}", self.provider))
            .header(header::AUTHORIZATION, format!("Bearer {}", self.key))
            .header(header::CONTENT_TYPE, "application/json")
            .header("idempotency-key", idempotency_key)
            .body(Full::from(body.to_string()))
            .unwrap();
        send(request).await.unwrap()
    }
}

/// A reference that was never used before in this process.
#[must_use]
pub fn new_reference() -> String {
    static MADE: AtomicU32 = AtomicU32::new(1);
    format!("test-{}", MADE.fetch_add(1, Ordering::Relaxed))
}
