//! Who may be paid, at what cost, and with which keys: what an operator changes acts on the next request.
#![expect(clippy::unwrap_used, reason = "a test that can't go on should stop there")]

mod fees;
mod keys;
mod origins;
mod vouching;

use farthing_gateway::{IdempotencyKey, Refusal, fee};
use farthing_protocol::{
    Bearer, Charge, ChargeRequest, Code, ConsentGiven, Currency, MethodKind, PlainToken, Quote, TokenRequest,
};
use farthing_store_sqlite::SqliteStore;
use farthing_testkit::{ACCREDITOR, Accreditor, Bank, NOW, SeededRng, SetClock, Shop, card, given, seal};

type Gateway = farthing_gateway::Gateway<SqliteStore, Bank, SetClock, SeededRng>;

struct Scene {
    shop: Shop,
    gateway: Gateway,
    clock: SetClock,
    bank: Bank,
}

impl Scene {
    fn of(shop: Shop) -> Self {
        let (gateway, clock, bank) = Shop::gateway(&[&shop], farthing_store_sqlite::memory().unwrap(), 7);
        Self {
            shop,
            gateway,
            clock,
            bank,
        }
    }

    fn new() -> Self {
        Self::of(Shop::number(1))
    }

    /// The shop's accreditor, with the book that the shop's statement is in.
    fn accreditor(&self) -> Accreditor {
        let mut accreditor = Accreditor::number(ACCREDITOR);
        accreditor.vouch(&self.shop.origin, NOW);
        accreditor
    }

    /// A quote for an order of one sticker at €1.50.
    async fn quote(&self, reference: &str) -> Result<Quote, Refusal> {
        let order = self.shop.order(reference, self.gateway.now());
        let reply = self.gateway.quote(self.shop.quote_request(order)).await;
        reply.map(|reply| reply.quote)
    }

    async fn refused(&self, reference: &str) -> (Code, Option<&'static str>) {
        let refusal = self.quote(reference).await.unwrap_err();
        (refusal.code, refusal.detail)
    }

    async fn token(&self, quote: &Quote) -> Result<String, Code> {
        let offer = quote.offer(MethodKind::Card).unwrap();
        let request = TokenRequest {
            quote: quote.id.clone(),
            method: MethodKind::Card,
            sealed: seal(quote, &card("4242424242424242"), [5; 32]),
            consent: ConsentGiven {
                version: offer.consent.version,
                text: offer.consent.text.clone(),
            },
        };
        let reply = self.gateway.token(request).await;
        reply
            .map(|answer| given(answer).token.expose().to_owned())
            .map_err(|refusal| refusal.code)
    }

    /// Redeems `token`, for a sticker.
    async fn charge(&self, quote: &Quote, token: &str, capture: bool) -> Result<Charge, Code> {
        let request = ChargeRequest {
            token: PlainToken::parse(token).unwrap(),
            order: quote.order.clone(),
            amount: 150,
            currency: Currency::parse("EUR").unwrap(),
            capture,
        };
        let charged = self
            .gateway
            .charge(&self.shop.id, key(quote.order.as_str()), [1; 32], request)
            .await;
        charged
            .map(|charged| charged.charge)
            .map_err(|refusal| refusal.code)
    }
}

fn key(text: &str) -> IdempotencyKey {
    IdempotencyKey::parse(text).unwrap()
}

/// A schedule in euros.
fn euros(bearer: Bearer, fixed: i64, rate_bp: u32) -> fee::FeeSchedule {
    let terms = fee::Terms {
        method: MethodKind::Card,
        currency: Currency::parse("EUR").unwrap(),
        bearer,
        fixed,
        rate_bp,
        floor: 0,
        cap: None,
        small: None,
    };
    fee::FeeSchedule::try_from(terms).unwrap()
}
