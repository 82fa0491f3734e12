//! One step each: what is asked of the carrier, and how its answer is read.

use farthing_gateway::{Authentication, Bar, Done, Instruction, NoAnswer, Tried};
use farthing_instrument::PhoneNumber;
use farthing_protocol::{ChargeId, Money, Passcode, QuoteId};
use serde_json::{Value, json};

use super::{
    Camara, TRIES,
    api::{self, NoReply, Reply},
    books::Prepared,
    charges::Ended,
};

/// The longest name of the carrier's own for anything, and the longest address of its page.
const NAME_BYTES: usize = 256;
const PAGE_BYTES: usize = 2_048;
/// How many pages of a payment's refunds are looked through, at the most, and how many there are on one.
const PAGES: usize = 20;
const PER_PAGE: usize = 100;

/// What preparing a payment came to.
pub(super) enum Asked {
    For(Prepared),
    Barred(Bar),
    /// It reserved the money without asking the shopper.
    Nothing(String),
    /// There was one of this name before, of which no more is known: it is prepared anew, under another.
    Twice,
}

/// How a payment stands.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Stands {
    Open,
    Reserved,
    Taken,
    Denied,
    Cancelled,
}

impl Camara {
    /// Has a payment prepared, under a name that the carrier knows it by when it is asked again.
    pub(super) async fn ask_to_prepare(
        &self,
        request: &Authentication<'_>,
        number: &PhoneNumber,
        attempt: u32,
    ) -> Result<Asked, NoAnswer> {
        let id = request.quote.as_str();
        let payee = request.payee.as_str();
        let body = json!({ "amountTransaction": {
            "phoneNumber": number.expose(),
            "clientCorrelator": format!("{id}-{attempt}"),
            "referenceCode": id,
            "paymentAmount": {
                "chargingInformation": charging(request.total, payee)?,
                "chargingMetaData": { "merchantName": payee, "channel": "web" },
            },
        }});
        for _ in 0..TRIES {
            match self.api.payments("POST", "/prepare", id, Some(&body)).await {
                Ok(Reply::Done(made)) => return self.asked(&made, request.total, number),
                Ok(Reply::Refused(status, code)) => {
                    return match (status, code.as_str()) {
                        (409, _) => Ok(Asked::Twice),
                        (
                            422,
                            "CARRIER_BILLING.USER_AMOUNT_THRESHOLD_OVERPASSED"
                            | "CARRIER_BILLING.UNAUTHORIZED_AMOUNT",
                        ) => Ok(Asked::Barred(Bar::LimitReached)),
                        (403, "CARRIER_BILLING.PAYMENT_DENIED")
                        | (404, "IDENTIFIER_NOT_FOUND")
                        | (422, "SERVICE_NOT_APPLICABLE") => Ok(Asked::Barred(Bar::NotAllowed)),
                        // Our own fault, or our right to ask: not the number's.
                        _ => Err(NoAnswer),
                    };
                }
                Err(NoReply) => {}
            }
        }
        Err(NoAnswer)
    }

    fn asked(&self, made: &Value, total: Money, number: &PhoneNumber) -> Result<Asked, NoAnswer> {
        if !is_ours(made, total) {
            return Err(NoAnswer);
        }
        let payment = name(&made["paymentId"], number).ok_or(NoAnswer)?;
        let info = &made["validationInfo"];
        let status = made["paymentStatus"].as_str().unwrap_or_default();
        match (status, info["action"].as_str()) {
            ("pending_validation" | "processing", Some("validate")) => {
                let proof = info["authorizationId"].as_str();
                let proof = proof.filter(|proof| proof.len() <= NAME_BYTES && !tells(proof, number));
                Ok(Asked::For(Prepared {
                    payment,
                    proof: Some(proof.ok_or(NoAnswer)?.to_owned()),
                    page: None,
                }))
            }
            ("pending_validation" | "processing", Some("open")) => {
                let page = info["validationURL"].as_str();
                let page = page.filter(|page| {
                    page.len() <= PAGE_BYTES && self.api.may_lead_to(page) && !tells(page, number)
                });
                Ok(Asked::For(Prepared {
                    payment,
                    proof: None,
                    page: Some(page.ok_or(NoAnswer)?.to_owned()),
                }))
            }
            ("denied" | "cancelled", _) => Ok(Asked::Barred(Bar::NotAllowed)),
            _ => Ok(Asked::Nothing(payment)),
        }
    }

    /// Passes a passcode on; `left` says how many may be tried after it.
    pub(super) async fn validate(
        &self,
        quote: &QuoteId,
        prepared: &Prepared,
        passcode: &Passcode,
        total: Money,
        left: u8,
    ) -> Result<Tried, NoAnswer> {
        let proof = prepared.proof.as_ref().ok_or(NoAnswer)?;
        let path = format!("/{}/validate", prepared.payment);
        let body = json!({ "authorizationId": proof, "code": passcode.expose() });
        let reply = self
            .api
            .payments("POST", &path, quote.as_str(), Some(&body))
            .await;
        match reply {
            Ok(Reply::Done(_)) => return Ok(Tried::Met),
            Ok(Reply::Refused(400, code)) => match code.as_str() {
                // Some say so of a code that is too short.
                "CARRIER_BILLING.INVALID_CODE" | "INVALID_ARGUMENT" => {
                    return Ok(if left == 0 {
                        Tried::Failed
                    } else {
                        Tried::Wrong(left)
                    });
                }
                "CARRIER_BILLING.VALIDATION_FAILED" => return Ok(Tried::Failed),
                _ => {}
            },
            Ok(Reply::Refused(..)) | Err(NoReply) => {}
        }
        // Somebody was faster, or it is over, or the answer was lost: the payment says which.
        match self.look(&prepared.payment, total).await? {
            Stands::Reserved => Ok(Tried::Met),
            Stands::Open => Err(NoAnswer),
            Stands::Taken | Stands::Denied | Stands::Cancelled => Ok(Tried::Failed),
        }
    }

    /// Takes what is reserved. Where the answer is lost, the carrier is asked how it stands before it is asked again.
    pub(super) async fn confirm(
        &self,
        id: &ChargeId,
        payment: &str,
        number: &PhoneNumber,
        total: Money,
    ) -> Result<Ended, NoAnswer> {
        let path = format!("/{payment}/confirm");
        let body = json!({ "phoneNumber": number.expose() });
        for _ in 0..TRIES {
            let reply = self.api.payments("POST", &path, id.as_str(), Some(&body)).await;
            let accepted = match reply {
                Ok(Reply::Done(_)) => true,
                Ok(Reply::Refused(409, code)) => code == "CARRIER_BILLING.PAYMENT_CONFIRMED",
                Ok(Reply::Refused(403, code)) if code == "CARRIER_BILLING.PAYMENT_DENIED" => {
                    return Ok(Ended::Declined);
                }
                Ok(Reply::Refused(..)) | Err(NoReply) => false,
            };
            if accepted {
                self.books.accepted(id)?;
            }
            match self.look(payment, total).await? {
                Stands::Taken => return Ok(Ended::Approved),
                Stands::Denied => return Ok(Ended::Declined),
                Stands::Cancelled => return Ok(Ended::Never),
                // The carrier takes its time: whoever looks later is told.
                Stands::Open | Stands::Reserved if accepted => return Err(NoAnswer),
                Stands::Open | Stands::Reserved => {}
            }
        }
        Err(NoAnswer)
    }

    /// Has what was prepared cancelled. Where that is refused, it is over already, or was taken, which is for whoever looks to
    /// find out.
    pub(super) async fn cancel(
        &self,
        correlator: &str,
        payment: &str,
        number: &PhoneNumber,
    ) -> Result<(), NoAnswer> {
        let path = format!("/{payment}/cancel");
        let body = json!({ "phoneNumber": number.expose() });
        let reply = self.api.payments("POST", &path, correlator, Some(&body)).await;
        reply.map(drop).map_err(|NoReply| NoAnswer)
    }

    /// How a payment stands.
    pub(super) async fn look(&self, payment: &str, total: Money) -> Result<Stands, NoAnswer> {
        let reply = self
            .api
            .payments("GET", &format!("/{payment}"), payment, None)
            .await;
        match reply {
            Ok(Reply::Done(found)) => stands(&found, total),
            Ok(Reply::Refused(..)) | Err(NoReply) => Err(NoAnswer),
        }
    }

    /// Gives back, as often as it is not known whether it was done.
    pub(super) async fn give_back(
        &self,
        instruction: &Instruction<'_>,
        payment: &str,
        first: bool,
    ) -> Result<Done, NoAnswer> {
        let id = instruction.id.as_str();
        let path = format!("/{payment}/refunds");
        let body = json!({ "type": "partial", "amountTransaction": {
            "clientCorrelator": id,
            "referenceCode": id,
            "refundAmount": { "chargingInformation": charging(instruction.amount, "Refund")? },
        }});
        let mut known = first;
        for _ in 0..TRIES {
            // Before it is asked for again, it is looked for.
            if !known && let Some(done) = self.refunded(payment, id).await? {
                return Ok(done);
            }
            match self.api.refunds("POST", &path, id, Some(&body)).await {
                Ok(Reply::Done(made)) => return done(&made),
                // Refused, perhaps because it was done by a request whose answer was lost.
                Ok(Reply::Refused(..)) => {
                    return Ok(self.refunded(payment, id).await?.unwrap_or(Done::Refused));
                }
                Err(NoReply) => known = false,
            }
        }
        self.refunded(payment, id).await?.ok_or(NoAnswer)
    }

    /// What became of a refund; none where the carrier does not know it. A carrier may put fewer on a page than it was asked for.
    async fn refunded(&self, payment: &str, id: &str) -> Result<Option<Done>, NoAnswer> {
        for page in 1..=PAGES {
            let path = format!("/{payment}/refunds?page={page}&perPage={PER_PAGE}");
            let Ok(Reply::Done(Value::Array(refunds))) = self.api.refunds("GET", &path, id, None).await
            else {
                return Err(NoAnswer);
            };
            if refunds.is_empty() {
                return Ok(None);
            }
            let ours = |refund: &&Value| refund["amountTransaction"]["clientCorrelator"] == id;
            if let Some(ours) = refunds.iter().find(ours) {
                return done(ours).map(Some);
            }
        }
        Err(NoAnswer)
    }
}

/// An amount, and what the shopper reads on the bill.
fn charging(amount: Money, description: &str) -> Result<Value, NoAnswer> {
    Ok(json!({
        "amount": api::written(amount).ok_or(NoAnswer)?,
        "currency": amount.currency().as_str(),
        "description": description,
        "isTaxIncluded": true,
    }))
}

/// Of one that is on its way it is not known yet whether it will be denied.
fn done(refund: &Value) -> Result<Done, NoAnswer> {
    match refund["refundStatus"].as_str() {
        Some("succeeded") => Ok(Done::Done),
        Some("denied") => Ok(Done::Refused),
        _ => Err(NoAnswer),
    }
}

fn stands(payment: &Value, total: Money) -> Result<Stands, NoAnswer> {
    if !is_ours(payment, total) {
        return Err(NoAnswer);
    }
    match payment["paymentStatus"].as_str().unwrap_or_default() {
        "processing" | "pending_validation" => Ok(Stands::Open),
        "reserved" => Ok(Stands::Reserved),
        "succeeded" => Ok(Stands::Taken),
        "denied" => Ok(Stands::Denied),
        "cancelled" => Ok(Stands::Cancelled),
        _ => Err(NoAnswer),
    }
}

/// One over another amount is not ours to believe.
fn is_ours(payment: &Value, total: Money) -> bool {
    let ours = api::is(
        &payment["amountTransaction"]["paymentAmount"]["chargingInformation"],
        total,
    );
    if !ours {
        tracing::error!("the carrier's payment is over another amount");
    }
    ours
}

/// The carrier's own name for something, where it can stand in a path and does not tell the number.
fn name(value: &Value, number: &PhoneNumber) -> Option<String> {
    let text = value.as_str()?;
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'~' | b':');
    let fits = text.len() <= NAME_BYTES
        && text.bytes().all(plain)
        && text.bytes().any(|byte| byte.is_ascii_alphanumeric());
    (fits && !tells(text, number)).then(|| text.to_owned())
}

/// Whether a text of the carrier's has the number in it: such a one is not written down.
fn tells(text: &str, number: &PhoneNumber) -> bool {
    let tells = text.contains(number.expose().trim_start_matches('+'));
    if tells {
        tracing::error!("the carrier's own name for a payment has the phone number in it");
    }
    tells
}
