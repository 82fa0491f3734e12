use farthing_protocol::{
    CaptureRequest, ChargeId, Code, EventKind, MerchantId, Money, Operation, OperationId, OperationKind,
    OperationStatus, RefundRequest, limits,
};

use crate::{
    Claim, Clock, Connector, Done, Gateway, IdempotencyKey, Instruction, NewEvent, NewOperation, NoAnswer,
    OperationBegun, OperationEnd, OperationStage, Posting, PostingKind, Refusal, Rng, Stage, Store,
    StoredCharge, StoredOperation, StoredQuote, charge, entries_of_refund, entries_of_return,
    resolve::{FIRST_LOOK_S, next_look},
};

/// An operation, and whether it is the answer to an earlier request with the same key.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Operated {
    /// The operation.
    pub operation: Operation,
    /// Whether this request did nothing but ask again.
    pub replayed: bool,
}

impl<S: Store, C: Connector, T: Clock, R: Rng> Gateway<S, C, T, R> {
    /// `POST /v1/charges/{id}/capture`: takes what was authorised, whole or in part. As [`Self::charge`], it must not
    /// be dropped half-way, and so it is with [`Self::void`] and [`Self::refund`].
    pub async fn capture(
        &self,
        merchant: &MerchantId,
        charge: &ChargeId,
        key: IdempotencyKey,
        body_hash: [u8; 32],
        request: CaptureRequest,
    ) -> Result<Operated, Refusal> {
        let facts = self.own(merchant, charge).await?;
        let total = charge::total(&facts)?;
        let amount = Money::new(request.amount.unwrap_or(total.minor()), total.currency())
            .ok()
            .filter(|amount| amount.minor() <= total.minor())
            .ok_or(Code::CaptureExceedsAuthorised)?;
        let claim = key.claim(body_hash);
        self.operate(&facts, OperationKind::Capture, amount, Some(claim), None)
            .await
    }

    /// `POST /v1/charges/{id}/void`: lets what was authorised go.
    pub async fn void(
        &self,
        merchant: &MerchantId,
        charge: &ChargeId,
        key: IdempotencyKey,
        body_hash: [u8; 32],
    ) -> Result<Operated, Refusal> {
        let facts = self.own(merchant, charge).await?;
        let total = charge::total(&facts)?;
        self.operate(
            &facts,
            OperationKind::Void,
            total,
            Some(key.claim(body_hash)),
            None,
        )
        .await
    }

    /// `POST /v1/charges/{id}/refunds`: gives back what was taken, whole or in part.
    pub async fn refund(
        &self,
        merchant: &MerchantId,
        charge: &ChargeId,
        key: IdempotencyKey,
        body_hash: [u8; 32],
        request: RefundRequest,
    ) -> Result<Operated, Refusal> {
        let facts = self.own(merchant, charge).await?;
        // Where nothing is left, the store sees it too, and an earlier request with this key comes first.
        let amount = request.amount.unwrap_or(facts.left().max(1));
        let amount = Money::new(amount, facts.amount.currency()).map_err(|_| Code::RefundExceedsCaptured)?;
        let claim = key.claim(body_hash);
        self.operate(&facts, OperationKind::Refund, amount, Some(claim), None)
            .await
    }

    /// `GET /v1/operations/{id}`: an operation on a charge of `merchant`'s own.
    pub async fn operation_of(&self, merchant: &MerchantId, id: &OperationId) -> Result<Operation, Refusal> {
        let operation = self.store.operation(id).await?.ok_or(Code::OperationUnknown)?;
        match self.store.charge(&operation.charge).await? {
            Some(charge) if charge.merchant == *merchant => Ok(view(operation)),
            _ => Err(Code::OperationUnknown.into()),
        }
    }

    /// Lets a reservation go whose time is over. Returns whether it did, and not somebody else.
    pub(crate) async fn expire(&self, charge: &StoredCharge) -> Result<bool, Refusal> {
        let total = charge::total(charge)?;
        match self
            .operate(charge, OperationKind::Expire, total, None, None)
            .await
        {
            Ok(operated) => Ok(operated.operation.status == OperationStatus::Done {}),
            Err(refusal) if refusal.code == Code::ChargeNotAuthorised => Ok(false),
            Err(refusal) if refusal.code == Code::OperationInFlight => Ok(false),
            Err(refusal) => Err(refusal),
        }
    }

    /// Asks the connector again for what it gave no answer to, and books the answer.
    pub(crate) async fn instruct_again(
        &self,
        operation: StoredOperation,
    ) -> Result<StoredOperation, Refusal> {
        let charge = self.store.charge(&operation.charge).await?;
        let charge = charge.ok_or_else(|| Refusal::internal("an operation without a charge"))?;
        let answer = self.instruct(&operation).await;
        if answer.is_err() && operation.stage == OperationStage::Unknown {
            let at = next_look(operation.created_at, self.clock.now());
            self.store.ask_again(&operation.id, at).await?;
            return Ok(operation);
        }
        self.settle_operation(&charge, operation, answer).await
    }

    pub(crate) async fn operate(
        &self,
        facts: &StoredCharge,
        kind: OperationKind,
        amount: Money,
        claim: Option<Claim>,
        event: Option<NewEvent>,
    ) -> Result<Operated, Refusal> {
        let claimed = claim.as_ref().map(|claim| claim.body_hash);
        let new = NewOperation {
            id: OperationId::from_random(self.random()),
            charge: facts.id.clone(),
            merchant: facts.merchant.clone(),
            kind,
            amount,
            claim,
            limit: limit(kind),
            now: self.clock.now(),
            event,
        };
        match self.store.begin_operation(new).await? {
            OperationBegun::Begun { charge, operation } => {
                let working = self.at_work.begin(operation.id.as_str());
                let answer = self.instruct(&operation).await;
                let operation = self.settle_operation(&charge, *operation, answer).await?;
                working.done();
                Ok(Operated {
                    operation: view(operation),
                    replayed: false,
                })
            }
            OperationBegun::Replay {
                body_hash,
                operation: Some(operation),
            } if Some(body_hash) == claimed => Ok(Operated {
                operation: view(self.resume_operation(*operation).await?),
                replayed: true,
            }),
            OperationBegun::Replay { .. } => Err(Code::IdempotencyKeyReused.into()),
            OperationBegun::NotBegun { charge, taken, count } => {
                Err(why_not_begun(kind, charge.as_deref(), taken, count).into())
            }
        }
    }

    async fn resume_operation(&self, operation: StoredOperation) -> Result<StoredOperation, Refusal> {
        if operation.stage != OperationStage::Asking {
            return Ok(operation);
        }
        self.must_be_let_go(operation.id.as_str(), operation.created_at, &operation.charge)?;
        self.instruct_again(operation).await
    }

    async fn instruct(&self, operation: &StoredOperation) -> Result<Done, NoAnswer> {
        self.connector
            .operate(Instruction {
                id: &operation.id,
                charge: &operation.charge,
                kind: operation.kind,
                amount: operation.amount,
            })
            .await
    }

    async fn settle_operation(
        &self,
        charge: &StoredCharge,
        mut operation: StoredOperation,
        answer: Result<Done, NoAnswer>,
    ) -> Result<StoredOperation, Refusal> {
        let now = self.clock.now();
        let end = match answer {
            Err(NoAnswer) => {
                operation.stage = OperationStage::Unknown;
                OperationEnd::Unknown {
                    ask_at: now.plus(FIRST_LOOK_S),
                }
            }
            Ok(Done::Refused) => {
                operation.stage = OperationStage::Failed(now);
                let event =
                    self.event_of_operation(EventKind::OperationFailed, &charge.merchant, &operation)?;
                OperationEnd::Failed {
                    at: now,
                    events: vec![event],
                }
            }
            Ok(Done::Done) => {
                operation.stage = OperationStage::Done(now);
                self.end_of(charge, &operation).await?
            }
        };
        if self.store.end_operation(&operation.id, end).await? {
            return Ok(operation);
        }
        let ended = self.store.operation(&operation.id).await?;
        ended.ok_or_else(|| Refusal::internal("an operation is gone"))
    }

    /// What an operation that is done books and tells.
    async fn end_of(
        &self,
        charge: &StoredCharge,
        operation: &StoredOperation,
    ) -> Result<OperationEnd, Refusal> {
        let now = self.clock.now();
        let done = self.event_of_operation(EventKind::OperationDone, &charge.merchant, operation)?;
        let mut after = charge.clone();
        let amount = operation.amount.minor();
        let posting = |kind, entries| Posting {
            kind,
            charge: charge.id.clone(),
            operation: Some(operation.id.clone()),
            at: now,
            currency: operation.amount.currency(),
            remainder: 0,
            entries,
        };
        Ok(match operation.kind {
            OperationKind::Capture => {
                let StoredQuote { quote, terms, .. } = self.quote_of(charge).await?;
                let paid = self.paid(charge, &quote, &terms, operation.amount, Some(&operation.id))?;
                after.stage = Stage::Paid(paid.receipt.id.clone());
                after.captured = amount;
                OperationEnd::Captured {
                    paid: Box::new(paid),
                    events: vec![done, self.event_of_charge(EventKind::ChargePaid, &after)?],
                }
            }
            OperationKind::Void => {
                after.stage = Stage::Voided;
                OperationEnd::Released {
                    at: now,
                    events: vec![done, self.event_of_charge(EventKind::ChargeVoided, &after)?],
                }
            }
            OperationKind::Expire => {
                after.stage = Stage::Expired;
                OperationEnd::Released {
                    at: now,
                    events: vec![self.event_of_charge(EventKind::ChargeExpired, &after)?],
                }
            }
            OperationKind::Refund => OperationEnd::GivenBack {
                posting: posting(PostingKind::Refund, entries_of_refund(&charge.merchant, amount)),
                at: now,
                events: vec![done],
            },
            OperationKind::Return => OperationEnd::GivenBack {
                posting: posting(PostingKind::Return, entries_of_return(&charge.merchant, amount)),
                at: now,
                events: vec![done, self.dispute_returned(charge, now).await?],
            },
        })
    }
}

/// Which refusal the facts amount to.
fn why_not_begun(kind: OperationKind, charge: Option<&StoredCharge>, taken: bool, count: i64) -> Code {
    let Some(charge) = charge else {
        return Code::ChargeUnknown;
    };
    if count >= limit(kind) {
        return Code::TooManyOperations;
    }
    match kind {
        OperationKind::Capture | OperationKind::Void | OperationKind::Expire => {
            if taken && matches!(charge.stage, Stage::Authorised { .. }) {
                Code::OperationInFlight
            } else {
                Code::ChargeNotAuthorised
            }
        }
        OperationKind::Refund | OperationKind::Return => {
            if !matches!(charge.stage, Stage::Paid(_)) {
                Code::ChargeNotPaid
            } else if kind == OperationKind::Return {
                Code::OperationInFlight
            } else {
                Code::RefundExceedsCaptured
            }
        }
    }
}

/// How many of a kind a charge may have. What the provider does by itself goes on until it is done.
fn limit(kind: OperationKind) -> i64 {
    match kind {
        OperationKind::Capture | OperationKind::Void | OperationKind::Refund => limits::OPERATIONS_PER_CHARGE,
        OperationKind::Expire | OperationKind::Return => i64::MAX,
    }
}

pub(crate) fn view(operation: StoredOperation) -> Operation {
    Operation {
        id: operation.id,
        kind: operation.kind,
        charge: operation.charge,
        amount: operation.amount,
        status: match operation.stage {
            OperationStage::Asking | OperationStage::Unknown => OperationStatus::Unknown {},
            OperationStage::Done(_) => OperationStatus::Done {},
            OperationStage::Failed(_) => OperationStatus::Failed {},
        },
        created_at: operation.created_at,
    }
}
