use farthing_instrument::CardNumber;
use farthing_protocol::{
    Code, Dispute, DisputeAnswer, DisputeId, DisputeReason, DisputeRequest, DisputeStatus, EventKind,
    MerchantId, Money, OperationKind, ReceiptDispute, ReceiptId, UnixSeconds, limits,
};

use crate::{
    Clock, Connector, Contest, DisputeOpened, Gateway, NewDispute, NewEvent, Posting, PostingKind, Refusal,
    Rejection, Rng, Store, StoredCharge, StoredDispute, entries_of_hold, entries_of_release,
    resolve::REFUSED_S,
};

/// How many disputes one look lists, and one round gives back.
const ROUND: u32 = 100;
/// How often opening is tried while refunds change what is left.
const TRIES: usize = 5;

impl<S: Store, C: Connector, T: Clock, R: Rng> Gateway<S, C, T, R> {
    /// `POST /v1/receipts/{id}/disputes`: the shopper objects. All that is left of the payment is held until it ends;
    /// a small amount goes back at once. As [`Self::charge`], it must not be dropped half-way.
    pub async fn open_dispute(
        &self,
        receipt: &ReceiptId,
        request: DisputeRequest,
    ) -> Result<ReceiptDispute, Refusal> {
        let now = self.clock.now();
        let stored = self.store.receipt(receipt).await?.ok_or(Code::ReceiptUnknown)?;
        if stored.receipt.objection.until <= now {
            return Err(Code::DisputeTooLate.into());
        }
        match &request.words {
            None if request.reason == DisputeReason::Other => return Err(Code::DisputeWordsMissing.into()),
            Some(words) if holds_number(words.as_str()) => return Err(Code::WordsHoldNumber.into()),
            _ => {}
        }
        let charge = self.store.charge(&stored.receipt.charge).await?;
        let mut charge = charge.ok_or_else(|| Refusal::internal("a receipt without a charge"))?;
        for _ in 0..TRIES {
            // Where there is a dispute, it holds what is left: it comes first.
            if charge.dispute.is_some() {
                return Err(Code::DisputeExists.into());
            }
            let amount =
                Money::new(charge.left(), charge.amount.currency()).map_err(|_| Code::DisputeNothingLeft)?;
            let answer_by = self.answer_by(amount);
            let dispute = StoredDispute {
                id: DisputeId::from_random(self.random()),
                charge: charge.id.clone(),
                merchant: charge.merchant.clone(),
                order: charge.order.clone(),
                reason: request.reason,
                words: request.words.clone(),
                amount,
                opened_at: now,
                status: DisputeStatus::Open { answer_by },
            };
            let new = NewDispute {
                id: dispute.id.clone(),
                charge: charge.id.clone(),
                merchant: charge.merchant.clone(),
                reason: request.reason,
                words: request.words.clone(),
                amount,
                now,
                answer_by,
                posting: Posting {
                    entries: entries_of_hold(&charge.merchant, amount.minor()),
                    ..posting(PostingKind::Hold, &dispute, now)
                },
                event: self.event_of_dispute(EventKind::DisputeOpened, &dispute)?,
            };
            match self.store.open_dispute(new).await? {
                DisputeOpened::Opened if answer_by <= now => {
                    return Ok(on_receipt(self.give_back(dispute).await?));
                }
                DisputeOpened::Opened => return Ok(on_receipt(dispute)),
                DisputeOpened::Exists(_) => return Err(Code::DisputeExists.into()),
                DisputeOpened::Changed(now) => charge = *now,
            }
        }
        Err(Code::Busy.into())
    }

    /// `POST /v1/disputes/{id}/answer`: the merchant gives the money back, or says why not. The same answer again is
    /// answered as the first; another one is too late.
    pub async fn answer_dispute(
        &self,
        merchant: &MerchantId,
        id: &DisputeId,
        answer: DisputeAnswer,
    ) -> Result<Dispute, Refusal> {
        let mut dispute = self.own_dispute(merchant, id).await?;
        match (&dispute.status, answer) {
            (DisputeStatus::Open { .. }, DisputeAnswer { accept: true, .. }) => {
                Ok(view(self.give_back(dispute).await?))
            }
            (
                DisputeStatus::Returning {} | DisputeStatus::Returned { .. },
                DisputeAnswer { accept: true, .. },
            ) => Ok(view(dispute)),
            (
                DisputeStatus::Open { .. },
                DisputeAnswer {
                    words: Some(words), ..
                },
            ) => {
                if holds_number(words.as_str()) {
                    return Err(Code::WordsHoldNumber.into());
                }
                let at = self.clock.now();
                dispute.status = DisputeStatus::Contested {
                    answer: words.clone(),
                    answered_at: at,
                };
                let event = self.event_of_dispute(EventKind::DisputeContested, &dispute)?;
                let contest = Contest {
                    answer: words,
                    at,
                    event,
                };
                if self.store.contest_dispute(id, contest).await? {
                    Ok(view(dispute))
                } else {
                    Err(Code::DisputeClosed.into())
                }
            }
            (DisputeStatus::Open { .. }, DisputeAnswer { words: None, .. }) => {
                Err(Code::DisputeWordsMissing.into())
            }
            (DisputeStatus::Contested { answer, .. }, DisputeAnswer { accept: false, words })
                if words.as_ref() == Some(answer) =>
            {
                Ok(view(dispute))
            }
            _ => Err(Code::DisputeClosed.into()),
        }
    }

    /// The provider decides a dispute that the merchant contested: for the merchant, or for the shopper.
    pub async fn decide_dispute(&self, id: &DisputeId, for_merchant: bool) -> Result<Dispute, Refusal> {
        let mut dispute = self.store.dispute(id).await?.ok_or(Code::DisputeUnknown)?;
        if !matches!(dispute.status, DisputeStatus::Contested { .. }) {
            return Err(Code::DisputeClosed.into());
        }
        if !for_merchant {
            return Ok(view(self.give_back(dispute).await?));
        }
        let at = self.clock.now();
        dispute.status = DisputeStatus::Rejected { at };
        let rejection = Rejection {
            at,
            posting: Posting {
                entries: entries_of_release(&dispute.merchant, dispute.amount.minor()),
                ..posting(PostingKind::Release, &dispute, at)
            },
            event: self.event_of_dispute(EventKind::DisputeRejected, &dispute)?,
        };
        if self.store.reject_dispute(id, rejection).await? {
            Ok(view(dispute))
        } else {
            Err(Code::DisputeClosed.into())
        }
    }

    /// `GET /v1/disputes/{id}`: a dispute about a charge of `merchant`'s own.
    pub async fn dispute_for(&self, merchant: &MerchantId, id: &DisputeId) -> Result<Dispute, Refusal> {
        Ok(view(self.own_dispute(merchant, id).await?))
    }

    /// `GET /v1/disputes`: the merchant's hundred newest; everybody's, for the provider.
    pub async fn disputes(&self, merchant: Option<&MerchantId>) -> Result<Vec<Dispute>, Refusal> {
        let disputes = self.store.disputes(merchant, ROUND).await?;
        Ok(disputes.into_iter().map(view).collect())
    }

    /// Gives back what nobody answered in time, and what could not be given back before; at most a hundred. Returns
    /// how many are at their end. The provider calls it again and again.
    pub async fn give_back_due(&self) -> Result<u64, Refusal> {
        let now = self.clock.now();
        let (mut ended, mut failed) = (0, None);
        for dispute in self.store.disputes_due(now, now.plus(-REFUSED_S), ROUND).await? {
            match self.give_back(dispute).await {
                Ok(dispute) => ended += u64::from(matches!(dispute.status, DisputeStatus::Returned { .. })),
                Err(refusal) => failed = failed.or(Some(refusal)),
            }
        }
        failed.map_or(Ok(ended), Err)
    }

    /// Tells the merchant that the dispute about `charge` has brought the money back.
    pub(crate) async fn dispute_returned(
        &self,
        charge: &StoredCharge,
        at: UnixSeconds,
    ) -> Result<NewEvent, Refusal> {
        let dispute = self.store.dispute_of(&charge.id).await?;
        let mut dispute = dispute.ok_or_else(|| Refusal::internal("a return without a dispute"))?;
        dispute.status = DisputeStatus::Returned { at };
        self.event_of_dispute(EventKind::DisputeReturned, &dispute)
    }

    pub(crate) fn event_of_dispute(
        &self,
        kind: EventKind,
        dispute: &StoredDispute,
    ) -> Result<NewEvent, Refusal> {
        let data = view(dispute.clone());
        self.event(kind, &dispute.merchant, self.clock.now(), &data)
    }

    /// Until when the merchant may answer: not at all where the amount is so small that an argument costs more.
    fn answer_by(&self, amount: Money) -> UnixSeconds {
        let below = self.settings.return_below.get(&amount.currency());
        let small = below.is_some_and(|below| amount.minor() < *below);
        let time = if small { 0 } else { limits::DISPUTE_ANSWER_S };
        self.clock.now().plus(time)
    }

    async fn own_dispute(&self, merchant: &MerchantId, id: &DisputeId) -> Result<StoredDispute, Refusal> {
        match self.store.dispute(id).await? {
            Some(dispute) if dispute.merchant == *merchant => Ok(dispute),
            _ => Err(Code::DisputeUnknown.into()),
        }
    }

    /// Begins to give back what a dispute holds, and answers how it stands then. Where somebody else came first, that
    /// is how.
    async fn give_back(&self, mut dispute: StoredDispute) -> Result<StoredDispute, Refusal> {
        let charge = self.store.charge(&dispute.charge).await?;
        let charge = charge.ok_or_else(|| Refusal::internal("a dispute without a charge"))?;
        // A return that was refused is tried again, and has been told already.
        let event = if dispute.status == (DisputeStatus::Returning {}) {
            None
        } else {
            dispute.status = DisputeStatus::Returning {};
            Some(self.event_of_dispute(EventKind::DisputeReturning, &dispute)?)
        };
        let amount = dispute.amount;
        match self
            .operate(&charge, OperationKind::Return, amount, None, event)
            .await
        {
            Ok(_) => {}
            Err(refusal) if refusal.code == Code::OperationInFlight => {}
            Err(refusal) => return Err(refusal),
        }
        let after = self.store.dispute(&dispute.id).await?;
        after.ok_or_else(|| Refusal::internal("a dispute is gone"))
    }
}

/// A dispute's posting, still without entries.
fn posting(kind: PostingKind, dispute: &StoredDispute, at: UnixSeconds) -> Posting {
    Posting {
        kind,
        charge: dispute.charge.clone(),
        operation: None,
        at,
        currency: dispute.amount.currency(),
        remainder: 0,
        entries: Vec::new(),
    }
}

/// Whether somebody wrote a card's number into a text, with whatever between its digits: it would be kept in the
/// clear, and the merchant would read it.
fn holds_number(text: &str) -> bool {
    let digits: Vec<(usize, char)> = text.char_indices().filter(|(_, c)| c.is_numeric()).collect();
    let parses = |from: usize, count: usize| {
        let run = digits.get(from..from + count)?;
        let (first, last) = (run.first()?, run.last()?);
        let between = text.get(first.0..last.0 + last.1.len_utf8())?;
        // What stands between digits of one number is one sign, not a word.
        let apart = run.windows(2).all(|pair| {
            text.get(pair[0].0..pair[1].0)
                .is_some_and(|gap| gap.chars().count() <= 2)
        });
        (apart && CardNumber::parse(between).is_ok()).then_some(())
    };
    (0..digits.len()).any(|from| (12..=19).any(|count| parses(from, count).is_some()))
}

pub(crate) fn on_receipt(dispute: StoredDispute) -> ReceiptDispute {
    ReceiptDispute {
        reason: dispute.reason,
        amount: dispute.amount,
        opened_at: dispute.opened_at,
        status: dispute.status,
    }
}

fn view(dispute: StoredDispute) -> Dispute {
    Dispute {
        id: dispute.id,
        charge: dispute.charge,
        order: dispute.order,
        reason: dispute.reason,
        words: dispute.words,
        amount: dispute.amount,
        opened_at: dispute.opened_at,
        status: dispute.status,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_card_number_in_words_is_seen_however_it_is_written() {
        for text in [
            "4242424242424242",
            "my card 4242 4242 4242 4242, 12/30, 123",
            "4242-4242-4242-4242",
            "card no.4242.4242.4242.4242!",
            "1 4242424242424242",
            "378282246310005",
        ] {
            assert!(holds_number(text), "{text}");
        }
        for text in [
            "Order 2026-11-0042 of 23 November never came.",
            "I paid 15.00 twice, at 10:15 and 10:16",
            "call 555 0100",
            "",
        ] {
            assert!(!holds_number(text), "{text}");
        }
    }
}
