use farthing_protocol::{Code, ConsentId, DeclineReason, ReceiptId};

use crate::{
    Answer, Clock, Connector, Found, Gateway, NoAnswer, Refusal, Rng, Stage, Store, StoredCharge,
    StoredConsent, StoredReceipt,
};

/// After how long a charge that was begun and never heard of again is looked into: longer than any
/// connector's own deadline, so that nobody is asked about a charge that is still being made.
const ASKING_S: i64 = 60;
/// How many charges one round looks into.
const ROUND: u32 = 100;

impl<S: Store, C: Connector, T: Clock, R: Rng> Gateway<S, C, T, R> {
    /// Looks into charges without an end, at most a hundred; returns how many have ended by it. The provider
    /// calls it again and again.
    pub async fn resolve(&self) -> Result<u64, Refusal> {
        let begun_before = self.clock.now().plus(-ASKING_S);
        let mut ended = 0;
        for charge in self.store.unresolved(begun_before, ROUND).await? {
            ended += u64::from(self.resolve_one(charge).await?);
        }
        Ok(ended)
    }

    /// Erases what nobody can use any more, here and in the store. Returns how much it erased there.
    pub async fn sweep(&self) -> Result<u64, Refusal> {
        let now = self.clock.now();
        self.codes.sweep(now);
        Ok(self.store.sweep(now).await?)
    }

    /// `GET /v1/receipts/{id}`.
    pub async fn receipt_of(&self, id: &ReceiptId) -> Result<StoredReceipt, Refusal> {
        self.store
            .receipt(id)
            .await?
            .ok_or_else(|| Code::ReceiptUnknown.into())
    }

    /// `GET /v1/consents/{id}`.
    pub async fn consent_of(&self, id: &ConsentId) -> Result<StoredConsent, Refusal> {
        self.store
            .consent(id)
            .await?
            .ok_or_else(|| Code::ConsentUnknown.into())
    }

    async fn resolve_one(&self, charge: StoredCharge) -> Result<bool, Refusal> {
        let answer = match self.connector.look_up(&charge.id).await {
            Ok(Found::Ended(answer)) => Ok(answer),
            Ok(Found::Never) => Ok(Answer::Declined(DeclineReason::ProcessingFailed)),
            Ok(Found::Pending) | Err(NoAnswer) if charge.stage == Stage::Unknown => return Ok(false),
            Ok(Found::Pending) | Err(NoAnswer) => Err(NoAnswer),
        };
        let stored = self.store.quote(&charge.quote).await?;
        let quote = stored
            .ok_or_else(|| Refusal::internal("a charge without a quote"))?
            .quote;
        let charge = self.settle(charge, &quote, answer).await?;
        Ok(!matches!(charge.stage, Stage::Asking | Stage::Unknown))
    }
}
