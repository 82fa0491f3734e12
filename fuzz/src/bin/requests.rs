//! Bodies of HTTP requests, through the whole provider. The first byte says which address.
#![no_main]

use axum::{
    body::Body,
    http::{Request, StatusCode, header},
};
use farthing_fuzz::{Scene, read, read_or, scene};
use farthing_gateway::jose::Jws;
use farthing_protocol::{
    ChargeRequest, OrderClaims, OrderReply, OrderRequest, Problem, QuoteReply, QuoteRequest, TokenRequest,
    limits,
};
use farthing_testkit::NOW;
use http_body_util::BodyExt;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let Some((address, body)) = bytes.split_first() else {
        return;
    };
    scene(|scene| match address {
        b'o' => {
            let request = read::<OrderRequest>(body);
            if let Some(answer) = answer(scene, "/v1/orders", body, request.is_some()) {
                let reply: OrderReply = serde_json::from_slice(&answer).unwrap();
                assert!(reply.order.len() <= limits::ORDER_JWT_BYTES);
                // What is signed is what was asked for.
                let key = scene.app.rules.keys().signing.verifying_key();
                let claims: OrderClaims = Jws::parse(&reply.order).unwrap().verify(&key).unwrap();
                let request = request.unwrap();
                assert_eq!((claims.jti, claims.order), (request.reference, request.order));
                assert_eq!((claims.iat, claims.exp), (NOW, reply.expires_at));
                assert_eq!(reply.expires_at.since(NOW), request.expires_in_s);
            }
        }
        b'q' => {
            let taken = read_or::<QuoteRequest>(body, &[("language", "en")]).is_some();
            if let Some(answer) = answer(scene, "/v1/quotes", body, taken) {
                assert!(read::<QuoteReply>(&answer).is_some());
            }
        }
        b't' => {
            let taken = read::<TokenRequest>(body).is_some();
            assert!(
                answer(scene, "/v1/tokens", body, taken).is_none(),
                "no quote was made"
            );
        }
        b'c' => {
            // It brings a token in, so it can't be written again.
            let is_object = body.trim_ascii_start().starts_with(b"{");
            let taken = is_object && serde_json::from_slice::<ChargeRequest>(body).is_ok();
            assert!(
                answer(scene, "/v1/charges", body, taken).is_none(),
                "no token was made"
            );
        }
        _ => {}
    });
});

/// The body of an answer that is no problem. A problem is one of the closed list, no fault of the provider's, says that
/// the body is malformed exactly where it is not `taken`, and repeats nothing that could be a detail of a card.
fn answer(scene: &Scene, address: &str, body: &[u8], taken: bool) -> Option<Vec<u8>> {
    let request = Request::post(address)
        .header(header::CONTENT_TYPE, "application/json")
        .header(header::AUTHORIZATION, format!("Bearer {}", scene.shop.secret_key))
        .header("idempotency-key", scene.reference())
        .body(Body::from(body.to_vec()))
        .unwrap();
    let response = scene.send(request);
    let status = response.status();
    let answer = scene.wait(response.into_body().collect()).unwrap().to_bytes();
    if status == StatusCode::CREATED {
        assert!(taken && body.len() <= limits::BODY_BYTES);
        return Some(answer.to_vec());
    }
    assert!(status.is_client_error(), "{status}");
    let problem: Problem = serde_json::from_slice(&answer).unwrap();
    assert_eq!(problem.status, status.as_u16());
    let code = problem.code.as_str();
    assert_eq!(
        code == "body_too_large",
        body.len() > limits::BODY_BYTES,
        "{code}"
    );
    assert!(
        code == "body_too_large" || (code == "body_malformed") != taken,
        "{code}"
    );
    let detail = problem.detail.unwrap_or_default();
    let long = |run: &str| run.len() >= 6;
    assert!(!detail.split(|c: char| !c.is_ascii_digit()).any(long), "{detail}");
    None
}
