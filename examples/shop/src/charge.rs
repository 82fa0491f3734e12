use std::{sync::Arc, time::Duration};

use reqwest::{RequestBuilder, StatusCode};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use tokio::{sync::oneshot, time::interval};

use crate::{
    Shop,
    order::{Item, Status},
};

/// How often the provider is asked, every two seconds, until it is left to a person.
const TRIES: usize = 150;

/// What the provider said to one request.
enum Answer {
    /// How it ended.
    Ended(Status),
    /// The charge is there, and has no end yet.
    Pending { charge: String },
    /// No answer, or none that says anything. The money may have moved: only asking again can tell.
    None,
}

/// Redeems `token` for the order, and goes on asking until the provider says how that ended. `answered` is
/// told once there is something to show.
pub async fn redeem(
    shop: Arc<Shop>,
    reference: String,
    item: &'static Item,
    token: String,
    answered: oneshot::Sender<()>,
) {
    let (mut charge, mut answered) = (None, Some(answered));
    let mut ticks = interval(Duration::from_secs(2));
    for _ in 0..TRIES {
        ticks.tick().await;
        let request = match &charge {
            None => shop.charge(&reference, item, &token),
            Some(charge) => shop.at_provider(reqwest::Method::GET, &format!("/v1/charges/{charge}")),
        };
        match ask(request).await {
            Answer::Ended(status) => return shop.settle(&reference, status),
            Answer::Pending { charge: found } => charge = Some(found),
            Answer::None => continue,
        }
        answered.take().map(|answered| answered.send(()));
    }
    eprintln!("{reference}: still not known; ask the provider about {charge:?}");
}

impl Shop {
    /// The charge. Its key comes out of the token, so that every try is the same charge and not another one.
    fn charge(&self, reference: &str, item: &Item, token: &str) -> RequestBuilder {
        let key: String = Sha256::digest(token)
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect();
        self.at_provider(reqwest::Method::POST, "/v1/charges")
            .header("idempotency-key", key)
            .json(&json!({"token": token, "order": reference, "amount": item.price, "currency": "EUR"}))
    }

    fn at_provider(&self, method: reqwest::Method, path: &str) -> RequestBuilder {
        let request = self
            .http
            .request(method, format!("{}{path}", self.config.provider));
        request.bearer_auth(&self.config.secret_key)
    }
}

async fn ask(request: RequestBuilder) -> Answer {
    let Ok(response) = request.send().await else {
        return Answer::None;
    };
    let status = response.status();
    response
        .json()
        .await
        .map_or(Answer::None, |body| read(status, &body))
}

fn read(status: StatusCode, body: &Value) -> Answer {
    let text = |name: &str| body[name].as_str().unwrap_or_default().to_owned();
    let code = text("code");
    match (status.as_u16(), body["status"].as_str(), code.as_str()) {
        (200 | 201, Some("paid"), _) => Answer::Ended(Status::Paid {
            receipt: text("receipt"),
        }),
        (200, Some("declined"), _) => Answer::Ended(Status::Failed { code: text("reason") }),
        (200 | 202, Some("unknown"), _) => Answer::Pending { charge: text("id") },
        (409, _, "request_in_flight") => Answer::Pending {
            charge: text("charge"),
        },
        // Another charge of this order is there: it, and not this one, says whether it is paid.
        (409, _, "order_paid" | "order_in_flight") => Answer::None,
        // 408 and 429 say: ask again. Every other 4xx is a definite no: nothing was charged.
        (408 | 429, ..) => Answer::None,
        (400..=499, ..) => Answer::Ended(Status::Failed { code }),
        _ => Answer::None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_definite_answer_ends_an_order() {
        let told = |status, body: &Value| match read(StatusCode::from_u16(status).unwrap(), body) {
            Answer::Ended(status) => format!("{status:?}"),
            Answer::Pending { charge } => charge,
            Answer::None => String::new(),
        };
        let paid = "Paid { receipt: \"rcp_1\" }";
        for (status, body, expected) in [
            (201, json!({"status": "paid", "receipt": "rcp_1"}), paid),
            (200, json!({"status": "paid", "receipt": "rcp_1"}), paid),
            (
                200,
                json!({"status": "declined", "reason": "x"}),
                "Failed { code: \"x\" }",
            ),
            (402, json!({"status": 402, "code": "x"}), "Failed { code: \"x\" }"),
            (410, json!({"status": 410, "code": "x"}), "Failed { code: \"x\" }"),
            (202, json!({"status": "unknown", "id": "chg_1"}), "chg_1"),
            (
                409,
                json!({"status": 409, "code": "request_in_flight", "charge": "chg_1"}),
                "chg_1",
            ),
            (409, json!({"status": 409, "code": "order_paid"}), ""),
            (408, json!({"status": 408, "code": "request_timeout"}), ""),
            (503, json!({"status": 503, "code": "busy"}), ""),
            (200, json!({}), ""),
            (502, json!(null), ""),
        ] {
            assert_eq!(told(status, &body), expected, "{status} {body}");
        }
    }
}
