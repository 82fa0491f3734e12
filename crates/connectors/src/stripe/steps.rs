//! One step each: what is asked of Stripe, and how its answer is read.

use farthing_gateway::{Done, Instruction, Instrument, NoAnswer};
use farthing_protocol::{DeclineReason, Money, OperationKind};
use serde_json::Value;
use zeroize::Zeroizing;

use super::{
    Stripe, TRIES,
    api::{NoReply, Reply},
};

/// The longest address of a bank's page.
const PAGE_BYTES: usize = 2_048;

/// How an intent stands.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Verdict {
    /// Not confirmed.
    Open,
    /// The bank wants to ask the shopper.
    Action,
    /// Confirmed, and not decided.
    Pending,
    /// Reserved.
    Approved,
    /// Taken.
    Captured,
    /// Nothing will move.
    Cancelled,
    /// Refused by the card's side.
    Declined(DeclineReason),
}

/// A payment intent to make.
pub(super) struct Intent<'a> {
    /// What it is of: our id.
    pub of: &'a str,
    /// What that is the id of.
    pub kind: &'static str,
    /// How much.
    pub total: Money,
    /// Whether confirming it takes the money; otherwise it is reserved.
    pub at_once: bool,
    /// What pays.
    pub instrument: &'a Instrument<'a>,
}

impl Stripe {
    /// Makes a payment intent for a card. `None` where the card is refused as it stands, or is none.
    pub(super) async fn intend(&self, intent: &Intent<'_>) -> Result<Option<String>, NoAnswer> {
        let Instrument::Card {
            number,
            expiry,
            name,
            security_code,
        } = intent.instrument
        else {
            return Ok(None);
        };
        let id = intent.of;
        let (month, year) = (expiry.month().to_string(), expiry.year().to_string());
        let code = security_code.map(|code| Zeroizing::new(code.expose().to_owned()));
        let mut card = vec![
            ("type", "card"),
            ("card[number]", number.expose()),
            ("card[exp_month]", &month),
            ("card[exp_year]", &year),
            ("billing_details[name]", name.expose()),
        ];
        if let Some(code) = &code {
            card.push(("card[cvc]", code));
        }
        let Some(method) = self
            .make("/v1/payment_methods", &format!("{id}-method"), &card)
            .await?
        else {
            return Ok(None);
        };
        let amount = intent.total.minor().to_string();
        let currency = intent.total.currency().as_str().to_ascii_lowercase();
        let metadata = format!("metadata[{}]", intent.kind);
        let form = [
            ("amount", amount.as_str()),
            ("currency", &currency),
            ("payment_method", &method),
            (
                "capture_method",
                if intent.at_once { "automatic" } else { "manual" },
            ),
            (metadata.as_str(), id),
        ];
        self.make("/v1/payment_intents", &format!("{id}-intent"), &form)
            .await
    }

    /// Makes something that moves no money: the id of one that was made, if it was not refused.
    async fn make(&self, path: &str, key: &str, form: &[(&str, &str)]) -> Result<Option<String>, NoAnswer> {
        for _ in 0..TRIES {
            match self.api.post(path, key, form).await {
                Ok(Reply::Object(made)) => {
                    return made["id"].as_str().map(|id| Some(id.to_owned())).ok_or(NoAnswer);
                }
                Ok(Reply::Refused { .. }) => return Ok(None),
                Err(NoReply) => {}
            }
        }
        Err(NoAnswer)
    }

    /// Confirms an intent. Where the answer is lost, Stripe is asked how it stands before it is confirmed again.
    pub(super) async fn confirm(
        &self,
        id: &str,
        intent: &str,
        total: Money,
        form: &[(&str, &str)],
    ) -> Result<Verdict, NoAnswer> {
        let path = format!("/v1/payment_intents/{intent}/confirm");
        let mut verdict = Verdict::Open;
        for _ in 0..TRIES {
            verdict = match self.api.post(&path, &format!("{id}-confirm"), form).await {
                Ok(Reply::Object(found)) => judge(&found, total)?,
                Ok(Reply::Refused { code, decline_code }) if !code.is_empty() => {
                    // Of a declined card the intent says no more than this does.
                    return Ok(Verdict::Declined(reason(&code, &decline_code)));
                }
                Ok(Reply::Refused { .. }) | Err(NoReply) => self.look(intent, total).await?,
            };
            if verdict != Verdict::Open {
                break;
            }
        }
        Ok(verdict)
    }

    pub(super) async fn look(&self, intent: &str, total: Money) -> Result<Verdict, NoAnswer> {
        match self.api.get(&format!("/v1/payment_intents/{intent}")).await {
            Ok(Reply::Object(found)) => judge(&found, total),
            Ok(Reply::Refused { .. }) | Err(NoReply) => Err(NoAnswer),
        }
    }

    /// Where the bank asks the shopper; none where it does so in a way that only Stripe's own script can show.
    pub(super) async fn page(&self, intent: &str, total: Money) -> Result<Option<String>, NoAnswer> {
        let Ok(Reply::Object(found)) = self.api.get(&format!("/v1/payment_intents/{intent}")).await else {
            return Err(NoAnswer);
        };
        judge(&found, total)?;
        let page = found["next_action"]["redirect_to_url"]["url"].as_str();
        let page = page.filter(|page| page.len() <= PAGE_BYTES && self.api.may_lead_to(page));
        Ok(page.map(ToOwned::to_owned))
    }

    pub(super) async fn cancel(&self, intent: &str) -> Result<(), NoAnswer> {
        let path = format!("/v1/payment_intents/{intent}/cancel");
        self.api
            .post(&path, &format!("{intent}-cancel"), &[])
            .await
            .map(drop)
            .map_err(|_| NoAnswer)
    }

    /// Cancels an intent that was not confirmed: how it stands then, which is confirmed where that came first.
    pub(super) async fn give_up(&self, intent: &str, total: Money) -> Result<Verdict, NoAnswer> {
        self.cancel(intent).await?;
        self.look(intent, total).await
    }

    /// Whether an operation whose answer is not known was done: `None` where it was not, and still can be.
    pub(super) async fn done(
        &self,
        instruction: &Instruction<'_>,
        intent: &str,
    ) -> Result<Option<Done>, NoAnswer> {
        let path = match instruction.kind {
            OperationKind::Refund | OperationKind::Return => {
                format!("/v1/refunds?payment_intent={intent}&limit=100")
            }
            _ => format!("/v1/payment_intents/{intent}"),
        };
        let Ok(Reply::Object(found)) = self.api.get(&path).await else {
            return Err(NoAnswer);
        };
        let status = found["status"].as_str().unwrap_or_default();
        Ok(match instruction.kind {
            OperationKind::Capture => match status {
                "succeeded" => Some(Done::Done),
                "requires_capture" => None,
                _ => Some(Done::Refused),
            },
            OperationKind::Void | OperationKind::Expire => match status {
                "canceled" => Some(Done::Done),
                "requires_capture" => None,
                _ => Some(Done::Refused),
            },
            OperationKind::Refund | OperationKind::Return => found["data"]
                .as_array()
                .into_iter()
                .flatten()
                .find(|refund| refund["metadata"]["operation"] == instruction.id.as_str())
                .map(|refund| {
                    if is_done(instruction.kind, refund) {
                        Done::Done
                    } else {
                        Done::Refused
                    }
                }),
        })
    }
}

/// Whether what Stripe made of an operation is its effect.
pub(super) fn is_done(kind: OperationKind, made: &Value) -> bool {
    let status = made["status"].as_str().unwrap_or_default();
    match kind {
        OperationKind::Capture => status == "succeeded",
        OperationKind::Void | OperationKind::Expire => status == "canceled",
        // One that is pending is on its way.
        OperationKind::Refund | OperationKind::Return => matches!(status, "succeeded" | "pending"),
    }
}

/// Reads an intent. One over another amount than ours is not ours to believe.
fn judge(intent: &Value, total: Money) -> Result<Verdict, NoAnswer> {
    let ours = intent["amount"] == total.minor()
        && intent["currency"]
            .as_str()
            .is_some_and(|currency| currency.eq_ignore_ascii_case(total.currency().as_str()));
    if !ours {
        tracing::error!("the acquirer's intent is over another amount");
        return Err(NoAnswer);
    }
    let error = &intent["last_payment_error"];
    match intent["status"].as_str().unwrap_or_default() {
        "requires_confirmation" => Ok(Verdict::Open),
        "requires_action" => Ok(Verdict::Action),
        "processing" => Ok(Verdict::Pending),
        "requires_capture" => Ok(Verdict::Approved),
        "succeeded" => Ok(Verdict::Captured),
        "canceled" => Ok(Verdict::Cancelled),
        "requires_payment_method" => {
            let text = |name: &str| error[name].as_str().unwrap_or_default();
            Ok(Verdict::Declined(reason(text("code"), text("decline_code"))))
        }
        _ => Err(NoAnswer),
    }
}

/// Stripe's codes (docs.stripe.com/declines/codes) as the gateway tells them.
fn reason(code: &str, decline_code: &str) -> DeclineReason {
    match (code, decline_code) {
        ("processing_error", _) | (_, "processing_error" | "try_again_later" | "issuer_not_available") => {
            DeclineReason::ProcessingFailed
        }
        ("insufficient_funds", _) | (_, "insufficient_funds") => DeclineReason::InsufficientFunds,
        _ => DeclineReason::CardDeclined,
    }
}
