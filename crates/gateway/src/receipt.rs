use farthing_protocol::{
    Bearer, Code, ConsentId, Money, Objection, OperationId, OperationKind, Quote, Receipt, ReceiptFee,
    ReceiptId, ReceiptReply, Refunded, limits,
};

use crate::{
    Clock, Connector, Gateway, OperationStage, Paid, Posting, PostingKind, Refusal, Rng, Store, StoredCharge,
    StoredConsent, StoredOperation, Terms, charge, dispute, entries_of_capture,
};

const RECEIPT_TYP: &str = "farthing-receipt+jws";

impl<S: Store, C: Connector, T: Clock, R: Rng> Gateway<S, C, T, R> {
    /// `GET /v1/receipts/{id}`: the receipt as it was signed, and what the books say came after it.
    pub async fn receipt_of(&self, id: &ReceiptId) -> Result<ReceiptReply, Refusal> {
        let stored = self.store.receipt(id).await?.ok_or(Code::ReceiptUnknown)?;
        let operations = self.store.operations_of(&stored.receipt.charge).await?;
        let dispute = self.store.dispute_of(&stored.receipt.charge).await?;
        Ok(ReceiptReply {
            receipt: stored.receipt,
            jws: stored.jws,
            refunds: operations.iter().filter_map(refunded).collect(),
            dispute: dispute.map(dispute::on_receipt),
        })
    }

    /// `GET /v1/consents/{id}`.
    pub async fn consent_of(&self, id: &ConsentId) -> Result<StoredConsent, Refusal> {
        self.store
            .consent(id)
            .await?
            .ok_or_else(|| Code::ConsentUnknown.into())
    }

    /// What is booked when `taken` of a charge's total is taken: by the charge itself, or by a later capture.
    pub(crate) fn paid(
        &self,
        charge: &StoredCharge,
        quote: &Quote,
        terms: &Terms,
        taken: Money,
        operation: Option<&OperationId>,
    ) -> Result<Paid, Refusal> {
        let (fee, remainder) = fee_of(charge, terms, taken)?;
        let offer = quote
            .methods
            .first()
            .ok_or_else(|| Refusal::internal("a quote without a method"))?;
        let (id, now) = (ReceiptId::from_random(self.random()), self.clock.now());
        let receipt = Receipt {
            iss: self.settings.origin.clone(),
            provider: self.settings.name.clone(),
            sandbox: self.settings.sandbox,
            charge: charge.id.clone(),
            order: charge.order.clone(),
            payee: quote.payee.clone(),
            accreditation: quote.accreditation.clone(),
            lines: quote.lines.clone(),
            fee,
            total: taken,
            method: offer.method.kind(),
            hint: charge.hint.clone(),
            consent: charge.consent.clone(),
            paid_at: now,
            objection: Objection {
                address: format!("{}/v1/receipts/{id}", self.settings.origin),
                until: now.plus(limits::DISPUTE_OPEN_S),
            },
            id,
        };
        Ok(Paid {
            posting: Posting {
                kind: PostingKind::Capture,
                charge: charge.id.clone(),
                operation: operation.cloned(),
                at: now,
                currency: taken.currency(),
                remainder,
                entries: entries_of_capture(&charge.merchant, taken.minor(), fee.amount),
            },
            jws: self.sign(RECEIPT_TYP, &receipt)?,
            receipt,
        })
    }
}

/// What the provider keeps of `taken`, and what rounding left, in ten-thousandths of a minor unit.
fn fee_of(charge: &StoredCharge, _terms: &Terms, taken: Money) -> Result<(ReceiptFee, i64), Refusal> {
    let total = i128::from(charge::total(charge)?.minor());
    // The shopper's fee goes with what is taken, rounded down: never more than was agreed to.
    let share = i128::from(charge.fee) * i128::from(taken.minor());
    let amount = i64::try_from(share / total).map_err(|_| Refusal::internal("a fee out of bounds"))?;
    let remainder = share % total * 10_000 / total;
    let remainder = i64::try_from(remainder).map_err(|_| Refusal::internal("a remainder out of bounds"))?;
    let fee = ReceiptFee {
        amount,
        bearer: if charge.fee > 0 {
            Bearer::Shopper
        } else {
            Bearer::Merchant
        },
    };
    Ok((fee, remainder))
}

fn refunded(operation: &StoredOperation) -> Option<Refunded> {
    let OperationStage::Done(at) = operation.stage else {
        return None;
    };
    let by_dispute = match operation.kind {
        OperationKind::Refund => false,
        OperationKind::Return => true,
        OperationKind::Capture | OperationKind::Void | OperationKind::Expire => return None,
    };
    Some(Refunded {
        id: operation.id.clone(),
        amount: operation.amount,
        at,
        by_dispute,
    })
}
