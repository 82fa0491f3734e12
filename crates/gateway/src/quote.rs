use farthing_protocol::{
    CardBrand, Code, ConsentText, ConsentVersion, Method, Quote, QuoteId, QuoteOutcome, QuoteRequest,
    VaultKey, limits,
};

use crate::{
    Clock, Connector, Gateway, Merchant, NewQuote, QuoteInserted, Refusal, Rng, Stage, Store, currency,
    jose::Jwk, order,
};

/// The brands that the sandbox takes, and with it every merchant for now.
pub(crate) const BRANDS: [CardBrand; 8] = [
    CardBrand::Visa,
    CardBrand::Mastercard,
    CardBrand::Amex,
    CardBrand::Discover,
    CardBrand::Diners,
    CardBrand::Jcb,
    CardBrand::Unionpay,
    CardBrand::Maestro,
];

/// What a quote's vault key is bound to where it is kept.
pub(crate) fn vault_place(quote: &QuoteId) -> String {
    format!("vault:{quote}")
}

impl<S: Store, C: Connector, T: Clock, R: Rng> Gateway<S, C, T, R> {
    /// `POST /v1/quotes`: checks the merchant, the embedding origin and the order, and says what it costs.
    pub async fn quote(&self, request: QuoteRequest) -> Result<Quote, Refusal> {
        let now = self.clock.now();
        let merchant = self
            .merchants
            .by_id(&request.merchant)
            .ok_or(Code::MerchantUnknown)?;
        if !merchant.origins.contains(&request.origin) {
            return Err(Code::OriginNotRegistered.into());
        }
        let order = order::read(&request.order, merchant, &self.keys.signing, &self.settings, now)?;

        let id = QuoteId::from_random(self.random());
        let (vault_key, vault_secret) = self.vault_key(&id)?;
        let quote = Quote {
            consent: self.consent_text(merchant, &order),
            id,
            order: order.claims.jti,
            payee: merchant.payee.clone(),
            provider: self.settings.name.clone(),
            sandbox: self.settings.sandbox,
            lines: order.claims.order.lines,
            total: order.total,
            decimals: order.decimals,
            methods: vec![Method::Card {
                brands: BRANDS.to_vec(),
            }],
            vault_key,
            quoted_at: now,
            expires_at: now.plus(limits::QUOTE_LIFETIME_S).min(order.claims.exp),
        };
        let inserted = self
            .store
            .insert_quote(NewQuote {
                quote: quote.clone(),
                order_digest: order.digest,
                vault_secret,
                limit: limits::QUOTES_PER_ORDER,
            })
            .await?;
        match inserted {
            QuoteInserted::Inserted => Ok(quote),
            QuoteInserted::OrderDiffers => Err(Code::OrderChanged.into()),
            QuoteInserted::OrderTaken(stage) => Err(order_taken(&stage).into()),
            QuoteInserted::TooMany => Err(Code::TooManyAttempts.into()),
        }
    }

    /// `GET /v1/quotes/{id}/outcome`: how the payment stands, by the books.
    pub async fn outcome(&self, id: &QuoteId) -> Result<QuoteOutcome, Refusal> {
        let stored = self.store.quote(id).await?.ok_or(Code::QuoteUnknown)?;
        let now = self.clock.now();
        let Some(charge) = self.store.charge_of_quote(id).await? else {
            let until = stored
                .token
                .map_or(stored.quote.expires_at, |token| token.expires_at);
            return Ok(if now < until {
                QuoteOutcome::Open { until }
            } else {
                QuoteOutcome::Lapsed {}
            });
        };
        Ok(match charge.stage {
            Stage::Asking | Stage::Unknown => QuoteOutcome::Unknown { charge: charge.id },
            Stage::Declined(reason) => QuoteOutcome::Declined { reason },
            Stage::Paid(receipt) => {
                let token = stored
                    .token
                    .ok_or_else(|| Refusal::internal("a charge without a token"))?;
                QuoteOutcome::Paid {
                    receipt,
                    consent: token.consent,
                    total: charge.total,
                }
            }
        })
    }

    fn consent_text(&self, merchant: &Merchant, order: &order::Order) -> ConsentText {
        let version = ConsentVersion::CardOnce1En;
        let amount = currency::in_english(order.total, order.decimals);
        ConsentText {
            version,
            text: version.text(merchant.name().as_str(), self.settings.name.as_str(), &amount),
        }
    }

    /// A fresh key on P-256: the public half for the quote, the private half encrypted for the store.
    fn vault_key(&self, quote: &QuoteId) -> Result<(VaultKey, Vec<u8>), Refusal> {
        // A random scalar is no key once in 2^32 draws; eight misses in a row are a broken source.
        let secret = (0..8)
            .find_map(|_| {
                let scalar = zeroize::Zeroizing::new(self.random::<32>());
                p256::SecretKey::from_slice(scalar.as_slice()).ok()
            })
            .ok_or_else(|| Refusal::internal("the random source gives no scalar"))?;
        let Jwk::EC { x, y, .. } = Jwk::of_p256(&secret.public_key()) else {
            return Err(Refusal::internal("a P-256 key is an EC key"));
        };
        let scalar = zeroize::Zeroizing::new(<[u8; 32]>::from(secret.to_bytes()));
        let sealed = self
            .keys
            .data
            .seal(&self.rng, &vault_place(quote), scalar.as_slice())
            .ok_or_else(|| Refusal::internal("sealing a vault key"))?;
        Ok((VaultKey { x, y }, sealed))
    }
}

/// Why an order that has a charge can't have another.
pub(crate) fn order_taken(stage: &Stage) -> Code {
    match stage {
        Stage::Paid(_) => Code::OrderPaid,
        Stage::Asking | Stage::Unknown | Stage::Declined(_) => Code::OrderInFlight,
    }
}
