use axum::{
    body::Body,
    http::{Request, StatusCode, header},
};
use farthing_gateway::{Permission, Scope, registrar::NewKey};
use farthing_protocol::{ChargeId, DisputeId, OperationId};
use serde_json::{Value, json};

use crate::common::{Answer, Provider, json_post};

impl Provider {
    async fn key(&self, scope: Scope) -> String {
        let new = NewKey {
            merchant: self.shop.id.clone(),
            scope,
            label: None,
        };
        let made = self.app.rules.registrar().create_key(new).await;
        made.unwrap().1.expose().to_owned()
    }

    async fn send_with(&self, mut request: Request<Body>, key: &str) -> Answer {
        let headers = request.headers_mut();
        headers.insert(header::AUTHORIZATION, format!("Bearer {key}").parse().unwrap());
        headers.insert("idempotency-key", "k".parse().unwrap());
        self.send(request).await
    }
}

fn get(path: &str) -> Request<Body> {
    Request::get(path).body(Body::empty()).unwrap()
}

/// Every address that a merchant's server speaks to, with the permission that it takes.
fn addresses() -> Vec<(Permission, Request<Body>)> {
    let charge = ChargeId::from_random([1; 16]);
    let operation = OperationId::from_random([1; 16]);
    let dispute = DisputeId::from_random([1; 16]);
    let nothing = json!({});
    vec![
        (Permission::Orders, json_post("/v1/orders", &nothing)),
        (Permission::Charges, json_post("/v1/charges", &nothing)),
        (Permission::Read, get(&format!("/v1/charges/{charge}"))),
        (
            Permission::Charges,
            json_post(&format!("/v1/charges/{charge}/capture"), &nothing),
        ),
        (
            Permission::Charges,
            json_post(&format!("/v1/charges/{charge}/void"), &nothing),
        ),
        (
            Permission::Refunds,
            json_post(&format!("/v1/charges/{charge}/refunds"), &nothing),
        ),
        (Permission::Read, get(&format!("/v1/operations/{operation}"))),
        (Permission::Read, get("/v1/disputes")),
        (Permission::Read, get(&format!("/v1/disputes/{dispute}"))),
        (
            Permission::Disputes,
            json_post(
                &format!("/v1/disputes/{dispute}/answer"),
                &json!({"answer": "no"}),
            ),
        ),
    ]
}

#[tokio::test]
async fn a_restricted_key_does_what_it_is_for_and_nothing_else() {
    let provider = Provider::new();
    for permission in Permission::ALL {
        let key = provider.key(Scope::Restricted(vec![permission])).await;
        for (needed, request) in addresses() {
            let path = request.uri().path().to_owned();
            let answer = provider.send_with(request, &key).await;
            if needed == permission {
                // Nothing of it exists, or it is malformed: but the key was good for it.
                assert_ne!(answer.status, StatusCode::FORBIDDEN, "{path}");
                assert_ne!(answer.status, StatusCode::UNAUTHORIZED, "{path}");
            } else {
                let problem = answer.problem("key_not_allowed");
                assert_eq!(problem.detail.as_deref(), Some(needed.as_str()), "{path}");
            }
        }
    }
    let public = provider.key(Scope::Public).await;
    for (_, request) in addresses() {
        provider
            .send_with(request, &public)
            .await
            .problem("key_not_allowed");
    }
}

#[tokio::test]
async fn a_key_that_was_revoked_or_has_expired_is_not_known() {
    let provider = Provider::new();
    let registrar = provider.app.rules.registrar();
    let key = provider.shop.secret_key.clone();
    let id = provider.app.rules.authenticate(&key).await.unwrap().key;
    let (_, new) = registrar.rotate_key(&id, 1).await.unwrap();
    assert_eq!(
        provider.send_with(get("/v1/disputes"), &key).await.status,
        StatusCode::OK
    );
    provider.clock.pass(3_600);
    provider
        .send_with(get("/v1/disputes"), &key)
        .await
        .problem("key_unknown");
    let new_one = provider.send_with(get("/v1/disputes"), new.expose()).await;
    assert_eq!(new_one.status, StatusCode::OK);
    let id = provider.app.rules.authenticate(new.expose()).await.unwrap().key;
    registrar.revoke_key(&id).await.unwrap();
    let answer = provider.send_with(get("/v1/disputes"), new.expose()).await;
    answer.problem("key_unknown");
    assert_eq!(answer.header("www-authenticate"), "Bearer");
}

#[tokio::test]
async fn the_fees_are_published_to_whoever_may_read() {
    let provider = Provider::new();
    let fees = json!([
        {"method": "card", "currency": "EUR", "bearer": "merchant", "fixed": 5, "rate_bp": 140},
        {"method": "card", "currency": "USD", "bearer": "merchant", "fixed": 0, "rate_bp": 0},
    ]);
    let fees = serde_json::from_value(fees).unwrap();
    let registrar = provider.app.rules.registrar();
    registrar.set_fees(&provider.shop.id, fees).await.unwrap();
    let read = Scope::Restricted(vec![Permission::Read]);
    for scope in [Scope::Secret, Scope::Public, read] {
        let key = provider.key(scope).await;
        let answer: Value = provider
            .send_with(get("/v1/fees"), &key)
            .await
            .json(StatusCode::OK);
        let fee = &answer["fees"][0];
        assert_eq!((&fee["currency"], &fee["rate_bp"]), (&json!("EUR"), &json!(140)));
        assert_eq!(fee["text"], "€0.05 + 1.4 %. Paid by the shop.");
        assert_eq!(answer["fees"][1]["text"], "No fee.");
    }
    let other = provider.key(Scope::Restricted(vec![Permission::Charges])).await;
    provider
        .send_with(get("/v1/fees"), &other)
        .await
        .problem("key_not_allowed");
    provider.get("/v1/fees").await.problem("key_missing");
}
