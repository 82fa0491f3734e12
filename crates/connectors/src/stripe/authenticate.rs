//! 3-D Secure: an intent is confirmed before there is a token, for reserving alone. Stripe decides whether the bank asks; it
//! asks on a page of its own. What was reserved is taken, or kept reserved, when the merchant charges, and let go where
//! nobody does.

use farthing_gateway::{Answer, Authenticated, Authentication, Authorisation, NoAnswer, Proof, Way};
use farthing_protocol::{ChargeId, Currency, DeclineReason, Money, QuoteId};

use super::{
    Stripe, TRIES,
    api::{NoReply, Reply},
    authentications::Stand,
    steps::{Intent, Verdict},
    told,
};

impl Stripe {
    pub(super) async fn begin_authentication(
        &self,
        request: &Authentication<'_>,
    ) -> Result<Authenticated, NoAnswer> {
        let (quote, total) = (request.quote, request.total);
        let mut stand = self.books.begin_authentication(quote, total)?;
        if stand == Stand::Begun {
            let intent = Intent {
                of: quote.as_str(),
                kind: "quote",
                total,
                at_once: false,
                instrument: &request.instrument,
            };
            let to = match self.intend(&intent).await? {
                Some(intent) => Stand::Intended(intent),
                None => Stand::Refused(DeclineReason::CardDeclined),
            };
            self.books.move_authentication(quote, "begun", &to)?;
            stand = self.stand(quote)?;
        }
        if let Stand::Intended(intent) = stand {
            self.books
                .move_authentication(quote, "intended", &Stand::Confirming(intent))?;
            stand = self.stand(quote)?;
        }
        if let Stand::Confirming(intent) = stand {
            // Whoever comes second finds how it stands: an intent is confirmed once.
            let form = [("return_url", request.back)];
            let verdict = self.confirm(quote.as_str(), &intent, total, &form).await?;
            let to = self.stands(&intent, verdict, total).await?;
            self.books.move_authentication(quote, "confirming", &to)?;
            stand = self.stand(quote)?;
        }
        match stand {
            Stand::Open { page, .. } => Ok(Authenticated::Needed(Way::Page(page))),
            // A card that does not pay is declined when it is charged.
            Stand::Met(_) | Stand::Refused(_) => Ok(Authenticated::Unneeded),
            _ => Err(NoAnswer),
        }
    }

    pub(super) async fn find_out_authentication(&self, quote: &QuoteId) -> Result<Proof, NoAnswer> {
        let ((amount, currency), mut stand) = self.books.authentication(quote)?.ok_or(NoAnswer)?;
        if let Stand::Open { intent, .. } = &stand {
            let total = money(amount, &currency)?;
            let verdict = self.look(intent, total).await?;
            if verdict == Verdict::Action {
                return Ok(Proof::Pending);
            }
            let to = self.stands(intent, verdict, total).await?;
            self.books.move_authentication(quote, "open", &to)?;
            stand = self.stand(quote)?;
        }
        Ok(match stand {
            Stand::Met(_) => Proof::Met,
            Stand::Refused(_) | Stand::Over => Proof::Failed,
            _ => Proof::Pending,
        })
    }

    /// Lets go of what was reserved for a quote, unless it was charged.
    pub(super) async fn let_go(&self, quote: &QuoteId) -> Result<(), NoAnswer> {
        let Some(((amount, currency), stand)) = self.books.authentication(quote)? else {
            return Ok(());
        };
        if matches!(stand, Stand::Refused(_) | Stand::Over) {
            return Ok(());
        }
        if let Some(intent) = stand.intent() {
            if self.books.is_charged(intent)? {
                return Ok(());
            }
            match self.give_up(intent, money(amount, &currency)?).await? {
                Verdict::Cancelled | Verdict::Declined(_) => {}
                _ => return Err(NoAnswer),
            }
        }
        self.books.move_authentication(quote, stand.step(), &Stand::Over)
    }

    /// The intent in which the money of `request` is reserved already, if it is; or why it never will be.
    pub(super) fn reserved(
        &self,
        request: &Authorisation<'_>,
    ) -> Result<Option<Result<String, DeclineReason>>, NoAnswer> {
        let known = self.books.authentication(request.quote)?;
        let total = (
            request.total.minor(),
            request.total.currency().as_str().to_owned(),
        );
        Ok(match known {
            Some((of, Stand::Met(intent))) if of == total => Some(Ok(intent)),
            Some((of, Stand::Refused(reason))) if of == total => Some(Err(reason)),
            _ => None,
        })
    }

    /// Charges what is reserved in `intent`.
    pub(super) async fn charge_reserved(
        &self,
        request: &Authorisation<'_>,
        intent: &str,
    ) -> Result<Answer, NoAnswer> {
        let (id, total) = (request.charge, request.total);
        if let Some(known) = self.books.begin_reserved(id, total, request.capture, intent)? {
            return known.ended().map(told).ok_or(NoAnswer);
        }
        let verdict = if request.capture {
            self.take(id, intent, total).await?
        } else {
            self.look(intent, total).await?
        };
        self.settle(id, intent, verdict).await
    }

    /// Takes all that is reserved in `intent`. How it stands then; no answer where it is still only reserved.
    pub(super) async fn take(&self, id: &ChargeId, intent: &str, total: Money) -> Result<Verdict, NoAnswer> {
        let path = format!("/v1/payment_intents/{intent}/capture");
        for _ in 0..TRIES {
            match self.api.post(&path, &format!("{id}-take"), &[]).await {
                Ok(Reply::Object(_) | Reply::Refused { .. }) | Err(NoReply) => {
                    let verdict = self.look(intent, total).await?;
                    if verdict != Verdict::Approved {
                        return Ok(verdict);
                    }
                }
            }
        }
        Err(NoAnswer)
    }

    async fn stands(&self, intent: &str, verdict: Verdict, total: Money) -> Result<Stand, NoAnswer> {
        let intent = intent.to_owned();
        match verdict {
            Verdict::Action => {
                let page = self.page(&intent, total).await?;
                Ok(match page {
                    Some(page) => Stand::Open { intent, page },
                    // It asks in a way that only its own script can show.
                    None => {
                        self.give_up(&intent, total).await?;
                        Stand::Refused(DeclineReason::ProcessingFailed)
                    }
                })
            }
            Verdict::Approved => Ok(Stand::Met(intent)),
            Verdict::Declined(reason) => Ok(Stand::Refused(reason)),
            Verdict::Cancelled => Ok(Stand::Refused(DeclineReason::ProcessingFailed)),
            // Nothing is captured here; whoever did that is not us.
            Verdict::Captured | Verdict::Open | Verdict::Pending => Err(NoAnswer),
        }
    }

    fn stand(&self, quote: &QuoteId) -> Result<Stand, NoAnswer> {
        let known = self.books.authentication(quote)?;
        known.map(|(_, stand)| stand).ok_or(NoAnswer)
    }
}

fn money(amount: i64, currency: &str) -> Result<Money, NoAnswer> {
    Currency::parse(currency)
        .and_then(|currency| Money::new(amount, currency))
        .map_err(|_| NoAnswer)
}
