//! For the page without script: what a frame does in the shopper's browser, done here by the same rules.

use farthing_instrument::{CardDetails, FieldErrors, YearMonth};
use farthing_protocol::{
    Code, Language, MerchantId, Origin, PriceId, Quote, QuoteId, QuoteReply, QuoteRequest,
};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::{Clock, Connector, Gateway, Refusal, Rng, Store, jose};

/// What a shopper typed into a card's four fields, as it came.
pub struct TypedCard<'a> {
    /// The number.
    pub number: &'a str,
    /// The expiry date.
    pub expiry: &'a str,
    /// The security code.
    pub security_code: &'a str,
    /// The cardholder's name.
    pub name: &'a str,
}

/// What is sealed, member by member as a frame does it.
#[derive(Serialize)]
struct Sealed<'a> {
    number: &'a str,
    expiry_month: u8,
    expiry_year: u16,
    security_code: &'a str,
    name: &'a str,
}

/// Whose order it is. No other claim is looked at before the signature is checked.
#[derive(Deserialize)]
struct Issuer {
    iss: MerchantId,
}

impl<S: Store, C: Connector, T: Clock, R: Rng> Gateway<S, C, T, R> {
    /// A quote for `order`, or for the price that it names. The merchant is read from an order without trust: it only picks whose key has to fit. `origin`
    /// stands for the embedding page's: it is where the token will go.
    pub async fn quote_for_page(
        &self,
        order: &str,
        origin: Origin,
        language: Language,
    ) -> Result<QuoteReply, Refusal> {
        let merchant = if let Ok(price) = PriceId::parse(order) {
            self.price(&price).await?.merchant
        } else {
            let payload = order.split('.').nth(1).and_then(jose::decode);
            let issuer: Option<Issuer> = payload.and_then(|bytes| serde_json::from_slice(&bytes).ok());
            issuer.ok_or(Code::OrderMalformed)?.iss
        };
        self.quote(QuoteRequest {
            merchant,
            order: order.to_owned(),
            origin,
            language,
        })
        .await
    }

    /// A quote that was made, whatever became of it.
    pub async fn quoted(&self, id: &QuoteId) -> Result<Quote, Refusal> {
        let stored = self.store.quote(id).await?.ok_or(Code::QuoteUnknown)?;
        Ok(stored.quote)
    }

    /// Reads what was typed and seals it to `quote`'s vault key, for [`Gateway::token`]. `once` was made for one form: sent
    /// twice, the form seals the same text, and so asks for one token.
    ///
    /// The inner error says how each field stands.
    pub fn seal_card(
        &self,
        quote: &Quote,
        typed: &TypedCard<'_>,
        once: &[u8; 32],
    ) -> Result<Result<String, FieldErrors>, Refusal> {
        let today = YearMonth::at(self.clock.now());
        let card = CardDetails::parse(typed.number, typed.expiry, typed.security_code, typed.name, today);
        let card = match card {
            Ok(card) => card,
            Err(errors) => return Ok(Err(errors)),
        };
        let plain = serde_json::to_vec(&Sealed {
            number: card.number().expose(),
            expiry_month: card.expiry().month(),
            expiry_year: card.expiry().year(),
            security_code: card.security_code().expose(),
            name: card.name().expose(),
        });
        let plain = Zeroizing::new(plain.map_err(|_| Refusal::internal("a card is no JSON"))?);
        let sealed = jose::seal(&plain, &quote.id, &quote.vault_key, once);
        let sealed = sealed.ok_or_else(|| Refusal::internal("a quote's vault key takes nothing"))?;
        Ok(Ok(sealed))
    }
}
