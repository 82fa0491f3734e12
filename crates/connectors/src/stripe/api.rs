//! Stripe's API, as far as it is used: form posts, JSON answers, idempotency keys.

use bytes::Bytes;
use farthing_outbound::{Guard, NoTls, Outbound, Target, TargetError};
use serde_json::Value;
use zeroize::Zeroizing;

/// The version of the API that this was written for (docs.stripe.com/api/versioning).
const VERSION: &str = "2024-06-20";
/// How much of an answer is read.
const ANSWER_BYTES: usize = 64 * 1024;

/// Why there is no connector.
#[derive(Debug, thiserror::Error)]
pub enum ApiError {
    /// The address.
    #[error("the API's address: {0}")]
    Address(#[from] TargetError),
    /// The key.
    #[error("the API's key begins with sk_ or rk_, and is visible ASCII")]
    Key,
    /// The way out.
    #[error(transparent)]
    Tls(#[from] NoTls),
}

/// A secret key of Stripe's: no `Debug`, no `Clone`, no `Serialize`; wiped on drop.
pub struct ApiKey(Zeroizing<String>);

impl ApiKey {
    /// Accepts what looks like one.
    pub fn parse(text: &str) -> Result<Self, ApiError> {
        let begins = text.starts_with("sk_") || text.starts_with("rk_");
        if begins && text.len() <= 255 && text.bytes().all(|byte| byte.is_ascii_graphic()) {
            Ok(Self(Zeroizing::new(text.to_owned())))
        } else {
            Err(ApiError::Key)
        }
    }

    /// Whether no real money moves with it.
    #[must_use]
    pub fn is_test(&self) -> bool {
        self.0.starts_with("sk_test_") || self.0.starts_with("rk_test_")
    }
}

pub(super) struct Api {
    base: String,
    authorization: Zeroizing<String>,
    outbound: Outbound,
    guard: Guard,
}

/// What Stripe says.
#[derive(Debug)]
pub(super) enum Reply {
    /// The object that was asked for or made.
    Object(Value),
    /// It was not done: 4xx, with the error's `code` and `decline_code`.
    Refused { code: String, decline_code: String },
}

/// Nobody knows whether it was done.
#[derive(Clone, Copy, Debug)]
pub(super) struct NoReply;

impl Api {
    /// `address` is where the API is. On the loopback, as in tests, it may do without TLS.
    pub(super) fn new(address: &str, key: &ApiKey) -> Result<Self, ApiError> {
        let guard = if address.starts_with("http://") {
            Guard::Sandbox
        } else {
            Guard::Public
        };
        Target::parse(address, guard)?;
        Ok(Self {
            base: address.trim_end_matches('/').to_owned(),
            authorization: Zeroizing::new(format!("Bearer {}", *key.0)),
            outbound: Outbound::new(guard)?,
            guard,
        })
    }

    /// Whether a shopper's browser may be sent to `page`.
    pub(super) fn may_lead_to(&self, page: &str) -> bool {
        crate::may_lead_to(self.guard, page)
    }

    pub(super) async fn get(&self, path: &str) -> Result<Reply, NoReply> {
        self.ask("GET", path, None, Bytes::new()).await
    }

    /// `key` stands for this one act, whenever it is asked for: Stripe does it once.
    pub(super) async fn post(&self, path: &str, key: &str, form: &[(&str, &str)]) -> Result<Reply, NoReply> {
        let body = form_urlencoded::Serializer::new(String::new())
            .extend_pairs(form)
            .finish();
        self.ask("POST", path, Some(key), body.into()).await
    }

    async fn ask(&self, method: &str, path: &str, key: Option<&str>, body: Bytes) -> Result<Reply, NoReply> {
        let target = Target::parse(&format!("{}{path}", self.base), self.guard).map_err(|_| NoReply)?;
        let mut headers = vec![
            ("authorization", self.authorization.as_str()),
            ("stripe-version", VERSION),
        ];
        if let Some(key) = key {
            headers.extend([
                ("idempotency-key", key),
                ("content-type", "application/x-www-form-urlencoded"),
            ]);
        }
        let answer = self
            .outbound
            .ask(method, &target, &headers, body, ANSWER_BYTES)
            .await;
        let answer = answer.map_err(|failed| {
            tracing::warn!(method, failed = failed.code(), "no answer from the acquirer");
            NoReply
        })?;
        let read: Value = serde_json::from_slice(&answer.body).unwrap_or_default();
        match answer.status {
            200..=299 if read.is_object() => Ok(Reply::Object(read)),
            // Another request with this key is at work, there were too many, or our API key is not taken: it was not done.
            401 | 403 | 409 | 429 => Err(NoReply),
            400..=499 => {
                let text = |name: &str| read["error"][name].as_str().unwrap_or_default().to_owned();
                let (code, decline_code) = (text("code"), text("decline_code"));
                tracing::warn!(
                    method,
                    status = answer.status,
                    code,
                    decline_code,
                    "the acquirer refused"
                );
                Ok(Reply::Refused { code, decline_code })
            }
            status => {
                tracing::warn!(method, status, "the acquirer failed");
                Err(NoReply)
            }
        }
    }
}
