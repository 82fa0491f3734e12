use farthing_protocol::{
    Bearer, Code, ConsentId, MethodKind, Money, Objection, OperationId, OperationKind, Quote, Receipt,
    ReceiptFee, ReceiptId, ReceiptReply, Refunded, limits,
};

use crate::{
    Clock, Connector, Gateway, OperationStage, Paid, Posting, PostingKind, Refusal, Rng, Store, StoredCharge,
    StoredConsent, StoredOperation, Terms, charge, dispute, entries_of_capture, fee::Remainder,
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
        let method = charge.hint.method();
        let (fee, remainder) = fee_of(charge, method, terms, taken)?;
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
            method,
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
fn fee_of(
    charge: &StoredCharge,
    method: MethodKind,
    terms: &Terms,
    taken: Money,
) -> Result<(ReceiptFee, i64), Refusal> {
    let beyond = || Refusal::internal("a fee out of bounds");
    let Some(schedule) = terms.fee(method, taken.currency()) else {
        let (amount, bearer) = (0, Bearer::Merchant);
        return Ok((ReceiptFee { amount, bearer }, 0));
    };
    let bearer = schedule.terms().bearer;
    match bearer {
        Bearer::Merchant => {
            let fee = schedule.fee(taken).map_err(|_| beyond())?;
            let (amount, Remainder(remainder)) = (fee.amount, fee.remainder);
            Ok((ReceiptFee { amount, bearer }, remainder))
        }
        Bearer::Shopper => {
            // It goes with what is taken, rounded down: never more than was agreed to.
            let Remainder(rounded) = schedule.fee(charge.amount).map_err(|_| beyond())?.remainder;
            let [part, total] = [taken, charge::total(charge)?].map(|money| i128::from(money.minor()));
            let amount = i128::from(charge.fee) * part / total;
            let exact = (i128::from(charge.fee) * 10_000 + i128::from(rounded)) * part;
            let remainder = exact.div_euclid(total) - amount * 10_000;
            let [amount, remainder] = [amount, remainder].map(i64::try_from);
            let (amount, remainder) = (amount.map_err(|_| beyond())?, remainder.map_err(|_| beyond())?);
            Ok((ReceiptFee { amount, bearer }, remainder))
        }
    }
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
