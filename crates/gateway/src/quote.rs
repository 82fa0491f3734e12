use farthing_protocol::{
    Bearer, Code, ConsentText, ConsentVersion, Currency, Language, Method, MethodKind, Money, Offer, PriceId,
    Quote, QuoteId, QuoteOutcome, QuoteReply, QuoteRequest, VaultKey, Wording, limits,
};

use crate::{
    Clock, Connector, Gateway, Merchant, NewQuote, Offered, QuoteInserted, Refusal, Rng, Stage, Store, Terms,
    charge, currency,
    fee::{FeeSchedule, FeeSchedules},
    jose::Jwk,
    order,
};

const QUOTE_TYP: &str = "farthing-quote+jws";

/// What a quote's vault key is bound to where it is kept.
pub(crate) fn vault_place(quote: &QuoteId) -> String {
    format!("vault:{quote}")
}

impl<S: Store, C: Connector, T: Clock, R: Rng> Gateway<S, C, T, R> {
    /// `POST /v1/quotes`: checks the merchant, the embedding origin and the order or the price, and says what it costs.
    pub async fn quote(&self, request: QuoteRequest) -> Result<QuoteReply, Refusal> {
        let now = self.clock.now();
        let registration = self.registration(&request.merchant).await?;
        let merchant = &registration.merchant;
        let accreditation = registration.accredited(&request.origin, now)?;
        let order = if request.order.starts_with(PriceId::PREFIX) {
            self.order_of_price(&request.order, merchant, now).await?
        } else {
            order::read(&request.order, merchant, &self.keys(), &self.settings, now)?
        };
        if self.is_paused(&merchant.payee.id, now).await? {
            return Err(Code::MerchantPaused.into());
        }
        let (methods, fees) = self.offers(merchant, &order, request.language)?;

        let id = QuoteId::from_random(self.random());
        let (vault_key, vault_secret) = self.vault_key(&id)?;
        let quote = Quote {
            methods,
            id,
            order: order.claims.jti,
            price: order.price,
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
                terms: Terms { fees },
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
                proof: self.proof(&stored.quote, &receipt).await?,
                receipt,
                consent: charge.consent,
                total: Money::new(charge.captured, charge.amount.currency())
                    .map_err(|_| Refusal::internal("a paid charge took nothing"))?,
            },
        })
    }

    /// What this order can be paid with, and the schedules of that. A way that is not possible keeps no other from being
    /// offered; where none is, the first says why.
    fn offers(
        &self,
        merchant: &Merchant,
        order: &order::Order,
        language: Language,
    ) -> Result<(Vec<Offer>, Vec<FeeSchedule>), Refusal> {
        let (mut offers, mut schedules, mut why_not) = (vec![], vec![], None);
        for offered in self.connector.offers(order.total.currency()) {
            match self.offer(offered, merchant, order, language) {
                Ok((offer, schedule)) => {
                    offers.push(offer);
                    schedules.push(schedule);
                }
                Err(refusal) => why_not = why_not.or(Some(refusal)),
            }
        }
        if offers.is_empty() {
            let none = Refusal::with_detail(Code::MethodNotOffered, "nothing takes this currency");
            return Err(why_not.unwrap_or(none));
        }
        Ok((offers, schedules))
    }

    fn offer(
        &self,
        Offered { method, conditions }: Offered,
        merchant: &Merchant,
        order: &order::Order,
        language: Language,
    ) -> Result<(Offer, FeeSchedule), Refusal> {
        let (kind, currency) = (method.kind(), order.total.currency());
        let schedule = schedule_of(merchant, kind, currency)?;
        let fee = added_fee(&schedule, order.total)?;
        let shown = |money| currency::shown(money, order.decimals, language);
        let (total, fee_text) = if fee == 0 {
            (order.total, String::new())
        } else {
            let beyond = |_| Refusal::with_detail(Code::OrderAmountInvalid, "the total with its fee");
            let of_fee = Money::new(fee, currency).map_err(beyond)?;
            let total = Money::sum(currency, [order.total.minor(), fee]).map_err(beyond)?;
            (total, shown(of_fee))
        };
        if conditions.most > 0 && total.minor() > conditions.most {
            return Err(Refusal::with_detail(
                Code::MethodNotOffered,
                "the total is more than what can be paid so",
            ));
        }
        let creditor = match &method {
            Method::BankAccount { creditor } => creditor.as_str(),
            Method::Card { .. } | Method::PhoneBill { .. } => "",
        };
        let version = ConsentVersion::new(Wording::once(kind, fee != 0), language);
        let (payee, provider) = (merchant.name().as_str(), self.settings.name.as_str());
        let text = version.text(payee, provider, &shown(total), &fee_text, creditor);
        let offer = Offer {
            fee,
            total,
            conditions,
            consent: ConsentText { version, text },
            method,
        };
        Ok((offer, schedule))
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
            .keys()
            .data
            .seal(&self.rng, &vault_place(quote), scalar.as_slice())
            .ok_or_else(|| Refusal::internal("sealing a vault key"))?;
        Ok((VaultKey { x, y }, sealed))
    }
}

/// What paying by `method` in `currency` costs. Where there is no schedule for it, it is not on offer; nor where what was
/// lawful when the schedule was put in is not any more.
fn schedule_of(merchant: &Merchant, method: MethodKind, currency: Currency) -> Result<FeeSchedule, Refusal> {
    // A SEPA direct debit is in euro, whatever a connector or a schedule says.
    if method == MethodKind::BankAccount && currency.as_str() != "EUR" {
        return Err(Refusal::with_detail(
            Code::MethodNotOffered,
            "bank accounts pay in EUR alone",
        ));
    }
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
