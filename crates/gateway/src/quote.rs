use farthing_protocol::{
    Bearer, CardBrand, Code, ConsentText, ConsentVersion, Currency, Method, MethodKind, Money, Offer, Quote,
    QuoteId, QuoteOutcome, QuoteReply, QuoteRequest, VaultKey, limits,
};

use crate::{
    Clock, Connector, Gateway, Merchant, NewQuote, QuoteInserted, Refusal, Rng, Stage, Store, Terms, charge,
    currency,
    fee::{FeeSchedule, FeeSchedules},
    jose::Jwk,
    order,
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

const QUOTE_TYP: &str = "farthing-quote+jws";

/// What a quote's vault key is bound to where it is kept.
pub(crate) fn vault_place(quote: &QuoteId) -> String {
    format!("vault:{quote}")
}

impl<S: Store, C: Connector, T: Clock, R: Rng> Gateway<S, C, T, R> {
    /// `POST /v1/quotes`: checks the merchant, the embedding origin and the order, and says what it costs.
    pub async fn quote(&self, request: QuoteRequest) -> Result<QuoteReply, Refusal> {
        let now = self.clock.now();
        let registration = self.registration(&request.merchant).await?;
        let merchant = &registration.merchant;
        let accreditation = registration.accredited(&request.origin, now)?;
        let order = order::read(&request.order, merchant, &self.keys, &self.settings, now)?;
        if self.is_paused(&merchant.payee.id, now).await? {
            return Err(Code::MerchantPaused.into());
        }
        let schedule = schedule_of(merchant, MethodKind::Card, order.total.currency())?;

        let id = QuoteId::from_random(self.random());
        let (vault_key, vault_secret) = self.vault_key(&id)?;
        let quote = Quote {
            methods: vec![self.card_offer(merchant, &order, added_fee(&schedule, order.total)?)?],
            id,
            order: order.claims.jti,
            payee: merchant.payee.clone(),
            provider: self.settings.name.clone(),
            sandbox: self.settings.sandbox,
            lines: order.claims.order.lines,
            decimals: order.decimals,
            vault_key,
            quoted_at: now,
            expires_at: now
                .plus(limits::QUOTE_LIFETIME_S)
                .min(order.claims.exp)
                .min(accreditation.until),
            accreditation,
        };
        let jws = self.sign(QUOTE_TYP, &quote)?;
        let inserted = self
            .store
            .insert_quote(NewQuote {
                quote: quote.clone(),
                jws: jws.clone(),
                terms: Terms { fees: vec![schedule] },
                order_digest: order.digest,
                vault_secret,
                limit: limits::QUOTES_PER_ORDER,
            })
            .await?;
        match inserted {
            QuoteInserted::Inserted => Ok(QuoteReply { quote, jws }),
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
            Stage::Voided | Stage::Expired => QuoteOutcome::Lapsed {},
            Stage::Authorised { .. } => QuoteOutcome::Authorised {
                total: charge::total(&charge)?,
                consent: charge.consent,
            },
            Stage::Paid(receipt) => QuoteOutcome::Paid {
                receipt,
                consent: charge.consent,
                total: Money::new(charge.captured, charge.amount.currency())
                    .map_err(|_| Refusal::internal("a paid charge took nothing"))?,
            },
        })
    }

    /// Paying by card, where that adds `fee` to the lines.
    fn card_offer(&self, merchant: &Merchant, order: &order::Order, fee: i64) -> Result<Offer, Refusal> {
        let currency = order.total.currency();
        let shown = |money| currency::in_english(money, order.decimals);
        let (total, version, fee_text) = if fee == 0 {
            (order.total, ConsentVersion::CardOnce1En, String::new())
        } else {
            let beyond = |_| Refusal::with_detail(Code::OrderAmountInvalid, "the total with its fee");
            let of_fee = Money::new(fee, currency).map_err(beyond)?;
            let total = Money::sum(currency, [order.total.minor(), fee]).map_err(beyond)?;
            (total, ConsentVersion::CardOnceFee1En, shown(of_fee))
        };
        let (payee, provider) = (merchant.name().as_str(), self.settings.name.as_str());
        Ok(Offer {
            method: Method::Card {
                brands: BRANDS.to_vec(),
            },
            fee,
            total,
            consent: ConsentText {
                version,
                text: version.text(payee, provider, &shown(total), &fee_text),
            },
        })
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

/// What paying by `method` in `currency` costs. Where there is no schedule for it, it is not on offer; nor where what was
/// lawful when the schedule was put in is not any more.
fn schedule_of(merchant: &Merchant, method: MethodKind, currency: Currency) -> Result<FeeSchedule, Refusal> {
    let lawful = FeeSchedules::new(merchant.fees.clone(), Some(merchant.country)).ok();
    let found = lawful.and_then(|schedules| schedules.find(method, currency).copied());
    found.ok_or_else(|| Refusal::with_detail(Code::MethodNotOffered, "no fee schedule in this currency"))
}

/// What the fee adds to what the shopper pays.
fn added_fee(schedule: &FeeSchedule, subtotal: Money) -> Result<i64, Refusal> {
    let fee = schedule.fee(subtotal).map_err(|_| Code::OrderAmountInvalid)?;
    Ok(match fee.bearer {
        Bearer::Merchant => 0,
        Bearer::Shopper => fee.amount,
    })
}

/// Why an order that has a charge can't have another.
pub(crate) fn order_taken(stage: &Stage) -> Code {
    match stage {
        Stage::Paid(_) => Code::OrderPaid,
        // None of the ended ones keeps an order from being paid.
        Stage::Authorised { .. } => Code::OrderReserved,
        Stage::Asking | Stage::Unknown | Stage::Declined(_) | Stage::Voided | Stage::Expired => {
            Code::OrderInFlight
        }
    }
}
