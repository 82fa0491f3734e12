//! CAMARA's Carrier Billing and Carrier Billing Refund APIs, as far as they are used: JSON, a bearer token that somebody else
//! renews, and an `x-correlator` for whoever looks into a request later.

use std::path::{Path, PathBuf};

use bytes::Bytes;
use farthing_gateway::decimals;
use farthing_outbound::{Guard, NoTls, Outbound, Target, TargetError};
use farthing_protocol::Money;
use serde_json::{Number, Value};
use zeroize::Zeroizing;

/// How much of an answer is read.
const ANSWER_BYTES: usize = 64 * 1024;
/// The longest access token.
const TOKEN_BYTES: u64 = 8 * 1024;
/// The longest code of an error.
const CODE_BYTES: usize = 80;

/// Why there is no connector.
#[derive(Debug, thiserror::Error)]
pub enum CamaraApiError {
    /// An address.
    #[error("the API's address: {0}")]
    Address(#[from] TargetError),
    /// The token.
    #[error("{}: holds no access token: it is visible ASCII on one line, at most {TOKEN_BYTES} bytes", .0.display())]
    Token(PathBuf),
    /// The way out.
    #[error(transparent)]
    Tls(#[from] NoTls),
}

/// Where the two APIs are, with their versions: `https://carrier.example/carrier-billing/v0.5`.
#[derive(Clone, Debug)]
pub struct CamaraAddresses {
    /// Carrier Billing.
    pub payments: String,
    /// Carrier Billing Refund.
    pub refunds: String,
    /// A file that holds the access token. It is read for every request, so that whatever renews the token writes it there.
    pub token: PathBuf,
}

pub(super) struct Api {
    payments: String,
    refunds: String,
    token: PathBuf,
    outbound: Outbound,
    guard: Guard,
}

/// What the carrier says.
#[derive(Debug)]
pub(super) enum Reply {
    /// It was done, or is known: the object, or nothing where there is none.
    Done(Value),
    /// It was not done: the status, and the `code` of CAMARA's error.
    Refused(u16, String),
}

/// Nobody knows whether it was done.
#[derive(Clone, Copy, Debug)]
pub(super) struct NoReply;

impl Api {
    /// On the loopback, as in tests, it may do without TLS.
    pub(super) fn new(addresses: CamaraAddresses) -> Result<Self, CamaraApiError> {
        let CamaraAddresses {
            payments,
            refunds,
            token,
        } = addresses;
        let guard = if payments.starts_with("http://") {
            Guard::Sandbox
        } else {
            Guard::Public
        };
        for address in [&payments, &refunds] {
            Target::parse(address, guard)?;
        }
        if authorization(&token).is_none() {
            return Err(CamaraApiError::Token(token));
        }
        Ok(Self {
            payments: payments.trim_end_matches('/').to_owned(),
            refunds: refunds.trim_end_matches('/').to_owned(),
            token,
            outbound: Outbound::new(guard)?,
            guard,
        })
    }

    /// Whether a shopper's browser may be sent to `page`.
    pub(super) fn may_lead_to(&self, page: &str) -> bool {
        crate::may_lead_to(self.guard, page)
    }

    /// Of payments; `correlator` is for whoever looks into it.
    pub(super) async fn payments(
        &self,
        method: &str,
        path: &str,
        correlator: &str,
        body: Option<&Value>,
    ) -> Result<Reply, NoReply> {
        let address = format!("{}/payments{path}", self.payments);
        self.ask(method, &address, correlator, body).await
    }

    /// Of the refunds of payments.
    pub(super) async fn refunds(
        &self,
        method: &str,
        path: &str,
        correlator: &str,
        body: Option<&Value>,
    ) -> Result<Reply, NoReply> {
        let address = format!("{}/payments{path}", self.refunds);
        self.ask(method, &address, correlator, body).await
    }

    async fn ask(
        &self,
        method: &str,
        address: &str,
        correlator: &str,
        body: Option<&Value>,
    ) -> Result<Reply, NoReply> {
        let target = Target::parse(address, self.guard).map_err(|_| NoReply)?;
        let Some(authorization) = authorization(&self.token) else {
            tracing::error!("the file of the carrier's access token holds none");
            return Err(NoReply);
        };
        let mut headers = vec![
            ("authorization", authorization.as_str()),
            ("x-correlator", correlator),
        ];
        if body.is_some() {
            headers.push(("content-type", "application/json"));
        }
        let body = body.map(|body| Bytes::from(body.to_string())).unwrap_or_default();
        let answer = self
            .outbound
            .ask(method, &target, &headers, body, ANSWER_BYTES)
            .await;
        let answer = answer.map_err(|failed| {
            tracing::warn!(method, failed = failed.code(), "no answer from the carrier");
            NoReply
        })?;
        let read: Value = serde_json::from_slice(&answer.body).unwrap_or_default();
        match answer.status {
            200..=299 => Ok(Reply::Done(read)),
            // Our token is not taken, or there were too many: it was not done, and may be later.
            401 | 429 => Err(NoReply),
            400..=499 => {
                let code = code(&read);
                tracing::warn!(method, status = answer.status, code, "the carrier refused");
                Ok(Reply::Refused(answer.status, code.to_owned()))
            }
            status => {
                tracing::warn!(method, status, "the carrier failed");
                Err(NoReply)
            }
        }
    }
}

/// An error's code, if it is written as CAMARA's are: whatever else may stand there does not get into a log.
fn code(error: &Value) -> &str {
    let sound = |code: &&str| {
        code.len() <= CODE_BYTES
            && code
                .bytes()
                .all(|byte| byte.is_ascii_uppercase() || matches!(byte, b'_' | b'.'))
    };
    error["code"].as_str().filter(sound).unwrap_or_default()
}

fn authorization(path: &Path) -> Option<Zeroizing<String>> {
    let fits = std::fs::metadata(path).ok()?.len() <= TOKEN_BYTES;
    let token = Zeroizing::new(fits.then(|| std::fs::read_to_string(path).ok())??);
    let token = token.trim();
    let sound = !token.is_empty() && token.bytes().all(|byte| byte.is_ascii_graphic());
    sound.then(|| Zeroizing::new(format!("Bearer {token}")))
}

/// An amount as CAMARA writes it: 150 minor units of the euro are the number 1.50. `None` beyond its three decimals.
pub(super) fn written(money: Money) -> Option<Number> {
    let decimals = usize::from(decimals(money.currency()).filter(|decimals| *decimals <= 3)?);
    let digits = format!("{:0width$}", money.minor(), width = decimals + 1);
    let (whole, part) = digits.split_at_checked(digits.len().checked_sub(decimals)?)?;
    let text = if part.is_empty() {
        whole.to_owned()
    } else {
        format!("{whole}.{part}")
    };
    text.parse().ok()
}

/// Whether what CAMARA wrote (`chargingInformation`) is that amount. It may be written as 1.5, 1.50 or, of ten, as 10.
pub(super) fn is(charging: &Value, money: Money) -> bool {
    // Amounts have far fewer digits than a double holds, so each has a double of its own.
    let bits = |number: &Number| number.as_f64().map(f64::to_bits);
    let ours = written(money).as_ref().and_then(bits);
    let theirs = charging["amount"].as_number().and_then(bits);
    charging["currency"] == money.currency().as_str() && ours.is_some() && ours == theirs
}

#[cfg(test)]
mod tests {
    use farthing_protocol::{Currency, limits};
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn money(minor: i64, currency: &str) -> Money {
        Money::new(minor, Currency::parse(currency).unwrap()).unwrap()
    }

    #[test]
    fn amounts_are_decimal_numbers() {
        for (minor, currency, text) in [
            (1, "EUR", "0.01"),
            (150, "EUR", "1.5"),
            (10_000, "EUR", "100.0"),
            (500, "JPY", "500"),
            (1_234, "KWD", "1.234"),
        ] {
            assert_eq!(written(money(minor, currency)).unwrap().to_string(), text);
        }
        // No currency with minor units, and one with more decimals than CAMARA has.
        for currency in ["XXX", "CLF"] {
            assert_eq!(written(money(150, currency)), None, "{currency}");
        }
    }

    proptest! {
        /// What is written is read as itself in whatever way a carrier writes it, and as nothing else.
        #[test]
        fn an_amount_is_itself_and_no_other(
            minor in 1..limits::AMOUNT_MINOR,
            other in 1..limits::AMOUNT_MINOR,
            currency in prop::sample::select(vec!["EUR", "JPY", "KWD"]),
        ) {
            let ours = money(minor, currency);
            let decimals = usize::from(decimals(ours.currency()).unwrap());
            let digits = format!("{minor:04}");
            let (whole, part) = digits.split_at(digits.len() - decimals);
            let (whole, zeros) = (whole.trim_start_matches('0'), "0".repeat(3 - decimals));
            let whole = if whole.is_empty() { "0" } else { whole };
            let theirs: Value = serde_json::from_str(&format!(
                "{{\"amount\": {whole}.{part}{zeros}, \"currency\": \"{currency}\"}}"
            )).unwrap();
            prop_assert!(is(&theirs, ours), "{theirs}");
            prop_assert_eq!(is(&theirs, money(other, currency)), other == minor);
            prop_assert!(!is(&theirs, money(minor, "USD")));
            let text = json!({ "amount": minor.to_string(), "currency": currency });
            prop_assert!(!is(&text, ours));
        }
    }
}
