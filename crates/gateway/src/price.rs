//! Selling without a server: the merchant registers a price, and the provider makes the orders of it, charges them,
//! and proves it to the merchant's page.

use base64ct::{Base64UrlUnpadded, Encoding};
use farthing_protocol::{
    ChargeId, Code, MerchantId, Money, OrderBody, OrderClaims, PriceId, Purchase, Quote, QuoteId,
    QuoteOutcome, ReceiptId, Reference, UnixSeconds, limits,
};

use crate::{
    Claim, Clock, Connector, Gateway, Merchant, NewCharge, Refusal, Rng, Store, StoredQuote, order::Order,
    token,
};

const PURCHASE_TYP: &str = "farthing-purchase+jws";

/// What a merchant sells to whoever comes, as often as they come. It never changes: what costs something else is
/// another price.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Price {
    /// Its name, which the merchant's page writes down.
    pub id: PriceId,
    /// Whose it is.
    pub merchant: MerchantId,
    /// What is sold.
    pub order: OrderBody,
    /// When it was registered.
    pub created_at: UnixSeconds,
    /// Since when nothing is sold at it any more.
    pub closed_at: Option<UnixSeconds>,
}

impl<S: Store, C: Connector, T: Clock, R: Rng> Gateway<S, C, T, R> {
    /// A price, closed or not: for `GET /v1/frame/{price}`, which needs to know whose it is.
    pub async fn price(&self, id: &PriceId) -> Result<Price, Refusal> {
        let found = self.store.price(id).await?;
        found.ok_or_else(|| Code::PriceUnknown.into())
    }

    /// `POST /v1/quotes/{id}/charge`: charges what the shopper agreed to, for the quote of a price, and says how the
    /// payment stands. There is one charge however often it is asked for: the quote is the idempotency key. Like
    /// [`Self::charge`] it must not be dropped half-way.
    ///
    /// Nobody but the frame and the provider knows the quote, and no token is made before the shopper agreed.
    pub async fn purchase(&self, id: &QuoteId) -> Result<QuoteOutcome, Refusal> {
        let StoredQuote { quote, token, .. } = self.store.quote(id).await?.ok_or(Code::QuoteUnknown)?;
        if quote.price.is_none() {
            return Err(Refusal::with_detail(
                Code::PriceUnknown,
                "the quote is of an order, which the merchant's server charges",
            ));
        }
        if let Some(token) = token
            && self.store.charge_of_quote(id).await?.is_none()
        {
            let (merchant, now) = (&quote.payee.id, self.clock.now());
            let new = NewCharge {
                id: ChargeId::from_random(self.random()),
                merchant: merchant.clone(),
                claim: claim(id),
                token_hash: token.hash,
                order: quote.order.clone(),
                amount: amount(&quote)?,
                capture: true,
                paused: self.is_paused(merchant, now).await?,
                now,
            };
            match self.charge_new(new).await {
                Ok(_) => {}
                Err(refusal) if refusal.code.status() >= 500 => return Err(refusal),
                // Another request came first, the token's time is over, or its challenge is not met: the books say it.
                Err(_) => {}
            }
        }
        self.outcome(id).await
    }

    /// An order of the price that `text` names, under a reference of its own that says which price it is.
    pub(crate) async fn order_of_price(
        &self,
        text: &str,
        merchant: &Merchant,
        now: UnixSeconds,
    ) -> Result<Order, Refusal> {
        let id = PriceId::parse(text).map_err(|_| Code::PriceUnknown)?;
        let found = self.store.price(&id).await?;
        let price = found.filter(|price| price.merchant == *merchant.id());
        let price = price.ok_or(Code::PriceUnknown)?;
        if price.closed_at.is_some() {
            return Err(Code::PriceClosed.into());
        }
        let own = Base64UrlUnpadded::encode_string(&self.random::<16>());
        let claims = OrderClaims {
            iss: price.merchant,
            aud: self.settings.origin.clone(),
            jti: Reference::parse(&format!("{id}.{own}"))
                .map_err(|_| Refusal::internal("an order of a price has no reference"))?,
            iat: now,
            exp: now.plus(limits::ORDER_LIFETIME_S),
            order: price.order,
        };
        Order::of(claims, Some(id))
    }

    /// The proof of a purchase, for the merchant's page: the same text each time, as long as the key is the same.
    pub(crate) async fn proof(&self, quote: &Quote, receipt: &ReceiptId) -> Result<Option<String>, Refusal> {
        let Some(price) = &quote.price else {
            return Ok(None);
        };
        let stored = self.store.receipt(receipt).await?;
        let receipt = stored
            .ok_or_else(|| Refusal::internal("a paid charge has no receipt"))?
            .receipt;
        let purchase = Purchase {
            iss: receipt.iss,
            provider: receipt.provider,
            sandbox: receipt.sandbox,
            payee: receipt.payee,
            price: price.clone(),
            order: receipt.order,
            lines: receipt.lines,
            total: receipt.total,
            receipt: receipt.id,
            paid_at: receipt.paid_at,
        };
        self.sign(PURCHASE_TYP, &purchase).map(Some)
    }
}

/// No merchant's key: a blank is in none of those.
fn claim(quote: &QuoteId) -> Claim {
    Claim {
        key: format!("purchase {quote}"),
        body_hash: token::hash_of(quote.as_str()),
    }
}

fn amount(quote: &Quote) -> Result<Money, Refusal> {
    let beyond = || Refusal::internal("a quote's lines are out of bounds");
    let currency = quote.methods.first().ok_or_else(beyond)?.total.currency();
    Money::sum(currency, quote.lines.iter().map(|line| line.amount)).map_err(|_| beyond())
}
