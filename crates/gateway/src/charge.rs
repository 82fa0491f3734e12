use farthing_instrument::{CardNumber, CardholderName, Expiry, YearMonth};
use farthing_protocol::{
    Charge, ChargeId, ChargeRequest, ChargeStatus, Code, DeclineReason, MerchantId, Money, Quote, Receipt,
    ReceiptId, limits,
};

use crate::{
    Answer, Authorisation, Begun, ChargeEnd, Clock, Connector, Gateway, Merchant, NewCharge, NoAnswer,
    Refusal, Rng, Stage, Store, StoredCharge, Taken, TokenFacts, ledger, quote,
    token::{self, AtRest},
};

const RECEIPT_TYP: &str = "farthing-receipt+jws";

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
    /// A charge that the card's side declined is no refusal: it is a charge whose status says so.
    pub async fn charge(
        &self,
        merchant: &MerchantId,
        key: IdempotencyKey,
        body_hash: [u8; 32],
        request: ChargeRequest,
    ) -> Result<Charged, Refusal> {
        let merchant = self.merchants.by_id(merchant).ok_or(Code::MerchantUnknown)?;
        let total = Money::new(request.amount, request.currency)
            .map_err(|_| Refusal::with_detail(Code::OrderAmountInvalid, "amount"))?;
        let new = NewCharge {
            id: ChargeId::from_random(self.random()),
            merchant: merchant.id().clone(),
            key: key.0,
            body_hash,
            token_hash: token::hash_of(request.token.expose()),
            order: request.order,
            total,
            now: self.clock.now(),
        };
        let (id, created_at, order) = (new.id.clone(), new.now, new.order.clone());
        let facts = Asked {
            merchant: merchant.id().clone(),
            order: new.order.clone(),
            total,
        };
        match self.store.begin_charge(new).await? {
            Begun::Taken(taken) => {
                let Taken { quote, details, hint } = *taken;
                let charge = StoredCharge {
                    id,
                    merchant: merchant.id().clone(),
                    stage: Stage::Asking,
                    quote: quote.id.clone(),
                    order,
                    total,
                    hint,
                    created_at,
                };
                let answer = self.ask(merchant, &charge, &details).await?;
                let charge = self.settle(charge, &quote, answer).await?;
                Ok(Charged {
                    charge: view(charge),
                    replayed: false,
                })
            }
            Begun::Replay {
                body_hash: earlier, ..
            } if earlier != body_hash => Err(Code::IdempotencyKeyReused.into()),
            Begun::Replay { charge, .. } if charge.stage == Stage::Asking => Err(Refusal {
                charge: Some(charge.id),
                ..Code::RequestInFlight.into()
            }),
            Begun::Replay { charge, .. } => Ok(Charged {
                charge: view(*charge),
                replayed: true,
            }),
            Begun::NotTaken { token, order } => {
                Err(why_not_taken(&facts, token.as_deref(), order.as_ref(), created_at).into())
            }
        }
    }

    /// `GET /v1/charges/{id}`: a charge of `merchant`'s own.
    pub async fn charge_of(&self, merchant: &MerchantId, id: &ChargeId) -> Result<Charge, Refusal> {
        match self.store.charge(id).await? {
            Some(charge) if charge.merchant == *merchant => Ok(view(charge)),
            _ => Err(Code::ChargeUnknown.into()),
        }
    }

    async fn ask(
        &self,
        merchant: &Merchant,
        charge: &StoredCharge,
        details: &[u8],
    ) -> Result<Result<Answer, NoAnswer>, Refusal> {
        let plain = self
            .keys
            .data
            .open(&token::details_place(&charge.quote), details)
            .ok_or_else(|| Refusal::internal("details at rest do not open"))?;
        let at_rest: AtRest<'_> = serde_json::from_slice(&plain)
            .map_err(|_| Refusal::internal("details at rest are not readable"))?;
        let security_code = self.codes.take(&charge.quote);
        let today = YearMonth::at(charge.created_at);
        let card = (
            CardNumber::from_digits(&at_rest.number),
            Expiry::new(at_rest.expiry_month, at_rest.expiry_year, today),
            CardholderName::parse(&at_rest.name),
        );
        // The month may have ended between token and charge: the issuer would decline.
        let (Ok(number), Ok(expiry), Ok(name)) = card else {
            return Ok(Ok(Answer::Declined(DeclineReason::CardDeclined)));
        };
        Ok(self
            .connector
            .authorise(Authorisation {
                charge: &charge.id,
                total: charge.total,
                payee: merchant.name(),
                number: &number,
                expiry: &expiry,
                name: &name,
                security_code: security_code.as_ref(),
            })
            .await)
    }

    /// Books what the connector said. Whoever comes first ends the charge; whoever comes second reads how
    /// it ended.
    pub(crate) async fn settle(
        &self,
        mut charge: StoredCharge,
        quote: &Quote,
        answer: Result<Answer, NoAnswer>,
    ) -> Result<StoredCharge, Refusal> {
        let (stage, end) = match answer {
            Ok(Answer::Paid) => {
                let receipt = self.receipt(&charge, quote).await?;
                let jws = self
                    .keys
                    .signing
                    .sign(RECEIPT_TYP, &receipt)
                    .map_err(|error| Refusal::internal(format!("signing a receipt: {error}")))?;
                let entries = ledger::entries_of_payment(&charge.id, &charge.merchant, charge.total);
                let stage = Stage::Paid(receipt.id.clone());
                (
                    stage,
                    ChargeEnd::Paid {
                        entries,
                        receipt: Box::new(receipt),
                        jws,
                    },
                )
            }
            Ok(Answer::Declined(reason)) => (Stage::Declined(reason), ChargeEnd::Declined(reason)),
            Err(NoAnswer) => (Stage::Unknown, ChargeEnd::Unknown),
        };
        if self.store.end_charge(&charge.id, end).await? {
            charge.stage = stage;
            return Ok(charge);
        }
        let ended = self.store.charge(&charge.id).await?;
        ended.ok_or_else(|| Refusal::internal("a charge is gone"))
    }

    async fn receipt(&self, charge: &StoredCharge, quote: &Quote) -> Result<Receipt, Refusal> {
        let stored = self.store.quote(&quote.id).await?;
        let consent = stored
            .and_then(|stored| stored.token)
            .map(|token| token.consent)
            .ok_or_else(|| Refusal::internal("a charge without a consent"))?;
        Ok(Receipt {
            id: ReceiptId::from_random(self.random()),
            iss: self.settings.origin.clone(),
            provider: self.settings.name.clone(),
            sandbox: self.settings.sandbox,
            charge: charge.id.clone(),
            order: charge.order.clone(),
            payee: quote.payee.clone(),
            lines: quote.lines.clone(),
            total: charge.total,
            hint: charge.hint.clone(),
            consent,
            paid_at: self.clock.now(),
        })
    }
}

/// What the merchant believed to charge.
struct Asked {
    merchant: MerchantId,
    order: farthing_protocol::Reference,
    total: Money,
}

/// Which refusal the facts amount to. Whose token it is comes first, so that a stranger learns nothing else.
fn why_not_taken(
    asked: &Asked,
    token: Option<&TokenFacts>,
    order: Option<&Stage>,
    now: farthing_protocol::UnixSeconds,
) -> Code {
    let Some(token) = token else {
        return Code::TokenUnknown;
    };
    if token.merchant != asked.merchant {
        Code::TokenMerchantDiffers
    } else if token.taken {
        Code::TokenUsed
    } else if token.expires_at <= now {
        Code::TokenExpired
    } else if token.order != asked.order {
        Code::TokenOrderDiffers
    } else if token.total.currency() != asked.total.currency() {
        Code::TokenCurrencyDiffers
    } else if token.total != asked.total {
        Code::TokenAmountDiffers
    } else {
        order.map_or(Code::Internal, quote::order_taken)
    }
}

pub(crate) fn view(charge: StoredCharge) -> Charge {
    let status = match charge.stage {
        Stage::Asking | Stage::Unknown => ChargeStatus::Unknown {},
        Stage::Paid(receipt) => ChargeStatus::Paid { receipt },
        Stage::Declined(reason) => ChargeStatus::Declined { reason },
    };
    Charge {
        id: charge.id,
        status,
        order: charge.order,
        total: charge.total,
        hint: charge.hint,
        created_at: charge.created_at,
    }
}
