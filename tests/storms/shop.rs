//! A merchant's server and its shoppers, as programs: no page, no browser.

use std::time::Duration;

use farthing_journeys::merchant::Merchant;
use farthing_protocol::{Quote, QuoteReply};
use farthing_testkit as testkit;
use serde_json::{Value, json};

use crate::{
    chance::Chance,
    client::{Ask, Client},
};

/// How long a request may take before it is sent again.
const DEADLINE: Duration = Duration::from_secs(10);

/// Who asks what.
#[derive(Clone)]
pub struct Shop {
    /// Who is paid.
    pub kiosk: Merchant,
    /// Its server.
    pub merchant: Client,
    /// The shoppers' frames.
    pub shopper: Client,
}

/// What a payment begins with.
pub struct Paper {
    /// The quote's id.
    pub quote: String,
    /// The token.
    pub token: String,
}

impl Shop {
    /// A shop at the provider itself.
    pub fn new(kiosk: &Merchant) -> Self {
        let shopper = Client::new(&kiosk.provider, None, DEADLINE);
        Self {
            kiosk: kiosk.clone(),
            merchant: shopper.with_key(Some(&kiosk.key)),
            shopper,
        }
    }

    /// The same, whose server comes with another API key.
    pub fn with_key(&self, key: &str) -> Self {
        let kiosk = Merchant {
            key: key.to_owned(),
            ..self.kiosk.clone()
        };
        Self {
            kiosk,
            merchant: self.merchant.with_key(Some(key)),
            shopper: self.shopper.clone(),
        }
    }

    /// The same, its server behind a line of its own.
    pub fn behind(kiosk: &Merchant, line: u16, deadline: Duration) -> Self {
        let merchant = Client::new(&format!("http://127.0.0.1:{line}"), Some(&kiosk.key), deadline);
        Self {
            merchant,
            ..Self::new(kiosk)
        }
    }

    /// A quote for the order `reference` over `amount` euro cents, and the token of a shopper who agreed to it.
    ///
    /// # Panics
    /// If either is refused.
    pub async fn paper(&self, reference: &str, amount: i64, card: &str, chance: &mut Chance) -> Paper {
        self.paper_of(reference, amount, &testkit::card(card), chance)
            .await
    }

    /// The same, of a card with these details.
    ///
    /// # Panics
    /// If either is refused.
    pub async fn paper_of(&self, reference: &str, amount: i64, card: &Value, chance: &mut Chance) -> Paper {
        let order = json!({ "currency": "EUR", "lines": [{ "label": "A test item", "amount": amount }] });
        let order = json!({ "reference": reference, "order": order, "expires_in_s": 3_600 });
        let orders = Client::with_key(&self.shopper, Some(&self.kiosk.key));
        let answer = orders.ask_on(&Ask::post("/v1/orders", reference, order)).await;
        assert_eq!(answer.status, 201, "{answer:?}");
        let body = json!({ "merchant": self.kiosk.id, "order": answer.json()["order"],
                           "origin": self.kiosk.origin });
        let answer = self
            .shopper
            .ask_on(&Ask::post("/v1/quotes", reference, body))
            .await;
        assert_eq!(answer.status, 201, "{answer:?}");
        let QuoteReply { quote, .. } = serde_json::from_slice(&answer.body).unwrap();
        Paper {
            token: self.token(&quote, card, chance).await,
            quote: quote.id.to_string(),
        }
    }

    async fn token(&self, quote: &Quote, card: &Value, chance: &mut Chance) -> String {
        let body = json!({
            "quote": quote.id, "method": "card", "consent": quote.methods[0].consent,
            "sealed": testkit::seal(quote, card, chance.bytes()),
        });
        let answer = self
            .shopper
            .ask_on(&Ask::post("/v1/tokens", quote.id.as_str(), body))
            .await;
        assert_eq!(answer.status, 201, "{answer:?}");
        answer.json()["token"].as_str().unwrap().to_owned()
    }
}
