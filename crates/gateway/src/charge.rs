use farthing_protocol::{
    Charge, ChargeId, ChargeRequest, ChargeStatus, Code, DeclineReason, EventKind, MerchantId, Money, Quote,
    Reference, UnixSeconds, limits,
};

use crate::{
    Answer, Authorisation, Begun, ChargeEnd, Claim, Clock, Connector, Gateway, NewCharge, NoAnswer, Refusal,
    Rng, Stage, Store, StoredCharge, Taken, Terms, TokenFacts, details::Kept, quote, resolve::FIRST_LOOK_S,
    token,
};

/// An `Idempotency-Key`: 1 to 255 visible ASCII characters, the merchant's own.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct IdempotencyKey(String);

impl IdempotencyKey {
    /// Accepts `text` as it stands.
    pub fn parse(text: &str) -> Result<Self, Code> {
        let fits = (1..=limits::IDEMPOTENCY_KEY_BYTES).contains(&text.len());
        if fits && text.bytes().all(|b| b.is_ascii_graphic()) {
            Ok(Self(text.to_owned()))
        } else {
            Err(Code::IdempotencyKeyMalformed)
        }
    }

    /// The key together with what it is used for.
    pub(crate) fn claim(self, body_hash: [u8; 32]) -> Claim {
        Claim {
            key: self.0,
            body_hash,
        }
    }
}

/// A charge, and whether it is the answer to an earlier request with the same key.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Charged {
    /// The charge.
    pub charge: Charge,
    /// Whether this request did nothing but ask again.
    pub replayed: bool,
}

impl<S: Store, C: Connector, T: Clock, R: Rng> Gateway<S, C, T, R> {
    /// `POST /v1/charges`: takes the token, asks the connector, books the answer. Once begun it must not be
    /// dropped half-way: the caller runs it as a task of its own. If the process ends, [`Self::resolve`]
    /// finds out what became of it.
    ///
    /// `body_hash` is SHA-256 of the request, its address and its body. A charge that the card's side declined is
    /// no refusal: it is a charge whose status says so.
    pub async fn charge(
        &self,
        merchant: &MerchantId,
        key: IdempotencyKey,
        body_hash: [u8; 32],
        request: ChargeRequest,
    ) -> Result<Charged, Refusal> {
        let amount = Money::new(request.amount, request.currency)
            .map_err(|_| Refusal::with_detail(Code::OrderAmountInvalid, "amount"))?;
        let now = self.clock.now();
        let new = NewCharge {
            id: ChargeId::from_random(self.random()),
            merchant: merchant.clone(),
            claim: key.claim(body_hash),
            token_hash: token::hash_of(request.token.expose()),
            order: request.order,
            amount,
            capture: request.capture,
            paused: self.is_paused(merchant, now).await?,
            now,
        };
        self.charge_new(new).await
    }

    /// Begins `new`, asks the connector, and books its answer.
    pub(crate) async fn charge_new(&self, new: NewCharge) -> Result<Charged, Refusal> {
        let (asked, body_hash) = (Asked::of(&new), new.claim.body_hash);
        match self.store.begin_charge(new).await? {
            Begun::Taken(taken) => {
                let Taken {
                    charge,
                    quote,
                    terms,
                    details,
                } = *taken;
                let working = self.at_work.begin(charge.id.as_str());
                let answer = self.ask(&quote, &charge, &details).await?;
                let charge = self.settle(charge, &quote, &terms, answer).await?;
                working.done();
                Ok(Charged {
                    charge: view(charge)?,
                    replayed: false,
                })
            }
            Begun::Replay {
                body_hash: earlier, ..
            } if earlier != body_hash => Err(Code::IdempotencyKeyReused.into()),
            Begun::Replay { charge: None, .. } => Err(Code::IdempotencyKeyReused.into()),
            Begun::Replay {
                charge: Some(charge), ..
            } => {
                let charge = self.resume(*charge).await?;
                Ok(Charged {
                    charge: view(charge)?,
                    replayed: true,
                })
            }
            Begun::Paused => Err(Code::MerchantPaused.into()),
            Begun::NotTaken { token, order } => {
                Err(asked.why_not_taken(token.as_deref(), order.as_ref()).into())
            }
        }
    }

    /// `GET /v1/charges/{id}`: a charge of `merchant`'s own.
    pub async fn charge_of(&self, merchant: &MerchantId, id: &ChargeId) -> Result<Charge, Refusal> {
        view(self.own(merchant, id).await?)
    }

    /// A charge of `merchant`'s own; another's is as unknown as one that is not there.
    pub(crate) async fn own(&self, merchant: &MerchantId, id: &ChargeId) -> Result<StoredCharge, Refusal> {
        match self.store.charge(id).await? {
            Some(charge) if charge.merchant == *merchant => Ok(charge),
            _ => Err(Code::ChargeUnknown.into()),
        }
    }

    /// The charge of an earlier request as it stands. Where that request broke off half-way, this one goes on where
    /// it stopped, and both have the one true outcome.
    async fn resume(&self, charge: StoredCharge) -> Result<StoredCharge, Refusal> {
        if charge.stage != Stage::Asking {
            return Ok(charge);
        }
        self.must_be_let_go(charge.id.as_str(), charge.created_at, &charge.id)?;
        self.look_into(charge).await
    }

    /// Refuses to take up what somebody is still working on: `id` names it, `charge` is the one that it is about.
    pub(crate) fn must_be_let_go(
        &self,
        id: &str,
        begun_at: UnixSeconds,
        charge: &ChargeId,
    ) -> Result<(), Refusal> {
        if self.at_work.is_let_go(id, begun_at, self.clock.now()) {
            return Ok(());
        }
        Err(Refusal {
            charge: Some(charge.clone()),
            ..Code::RequestInFlight.into()
        })
    }

    async fn ask(
        &self,
        quote: &Quote,
        charge: &StoredCharge,
        details: &[u8],
    ) -> Result<Result<Answer, NoAnswer>, Refusal> {
        let plain = self
            .keys()
            .data
            .open(&token::details_place(&charge.quote), details)
            .ok_or_else(|| Refusal::internal("details at rest do not open"))?;
        let security_code = self.codes.take(&charge.quote);
        let Some(kept) = Kept::read(&plain, &charge.hint, security_code, charge.created_at)? else {
            return Ok(Ok(Answer::Declined(DeclineReason::CardDeclined)));
        };
        Ok(self
            .connector
            .authorise(Authorisation {
                charge: &charge.id,
                quote: &charge.quote,
                total: total(charge)?,
                capture: charge.capture,
                payee: &quote.payee.name,
                instrument: kept.instrument(),
            })
            .await)
    }

    /// Books what the connector said. Whoever comes first ends the charge; whoever comes second reads how
    /// it ended.
    pub(crate) async fn settle(
        &self,
        charge: StoredCharge,
        quote: &Quote,
        terms: &Terms,
        answer: Result<Answer, NoAnswer>,
    ) -> Result<StoredCharge, Refusal> {
        let now = self.clock.now();
        let mut after = charge.clone();
        let end = match answer {
            Ok(Answer::Approved) if charge.capture => {
                let paid = self.paid(&charge, quote, terms, total(&charge)?, None)?;
                after.stage = Stage::Paid(paid.receipt.id.clone());
                after.captured = paid.receipt.total.minor();
                ChargeEnd::Paid {
                    paid: Box::new(paid),
                    event: self.event_of_charge(EventKind::ChargePaid, &after)?,
                }
            }
            Ok(Answer::Approved) => {
                let expires_at = now.plus(limits::AUTHORISATION_LIFETIME_S);
                after.stage = Stage::Authorised { expires_at };
                ChargeEnd::Authorised {
                    expires_at,
                    event: self.event_of_charge(EventKind::ChargeAuthorised, &after)?,
                }
            }
            Ok(Answer::Declined(reason)) => {
                after.stage = Stage::Declined(reason);
                ChargeEnd::Declined {
                    reason,
                    event: self.event_of_charge(EventKind::ChargeDeclined, &after)?,
                }
            }
            Err(NoAnswer) => {
                after.stage = Stage::Unknown;
                ChargeEnd::Unknown {
                    look_at: now.plus(FIRST_LOOK_S),
                    event: self.event_of_charge(EventKind::ChargeUnknown, &after)?,
                }
            }
        };
        if self.store.end_charge(&charge.id, end).await? {
            return Ok(after);
        }
        let ended = self.store.charge(&charge.id).await?;
        ended.ok_or_else(|| Refusal::internal("a charge is gone"))
    }
}

/// What the merchant believed to charge.
struct Asked {
    merchant: MerchantId,
    order: Reference,
    amount: Money,
    now: UnixSeconds,
}

impl Asked {
    fn of(new: &NewCharge) -> Self {
        Self {
            merchant: new.merchant.clone(),
            order: new.order.clone(),
            amount: new.amount,
            now: new.now,
        }
    }

    /// Which refusal the facts amount to. Whose token it is comes first, so that a stranger learns nothing else.
    fn why_not_taken(&self, token: Option<&TokenFacts>, order: Option<&Stage>) -> Code {
        let Some(token) = token else {
            return Code::TokenUnknown;
        };
        if token.merchant != self.merchant {
            Code::TokenMerchantDiffers
        } else if token.taken {
            Code::TokenUsed
        } else if token.expires_at <= self.now {
            Code::TokenExpired
        } else if token.order != self.order {
            Code::TokenOrderDiffers
        } else if token.amount.currency() != self.amount.currency() {
            Code::TokenCurrencyDiffers
        } else if token.amount != self.amount {
            Code::TokenAmountDiffers
        } else {
            // Its details are gone: a clock that was set back must not bring it to life again.
            order.map_or(Code::TokenExpired, quote::order_taken)
        }
    }
}

/// What the shopper agreed to. It was within its bound when the token was made.
pub(crate) fn total(charge: &StoredCharge) -> Result<Money, Refusal> {
    charge
        .total()
        .map_err(|_| Refusal::internal("a charge's total is out of bounds"))
}

pub(crate) fn view(charge: StoredCharge) -> Result<Charge, Refusal> {
    let total = total(&charge)?;
    let status = match charge.stage {
        Stage::Asking | Stage::Unknown => ChargeStatus::Unknown {},
        Stage::Authorised { expires_at } => ChargeStatus::Authorised { expires_at },
        Stage::Paid(receipt) => ChargeStatus::Paid { receipt },
        Stage::Declined(reason) => ChargeStatus::Declined { reason },
        Stage::Voided => ChargeStatus::Voided {},
        Stage::Expired => ChargeStatus::Expired {},
    };
    Ok(Charge {
        id: charge.id,
        status,
        order: charge.order,
        total,
        fee: charge.fee,
        captured: charge.captured,
        refunded: charge.refunded,
        dispute: charge.dispute,
        hint: charge.hint,
        created_at: charge.created_at,
    })
}
