use std::{convert::Infallible, sync::Arc, time::Duration};

use axum::{
    Router,
    body::{Body, Bytes},
    http::{Request, StatusCode, header},
    middleware::from_fn_with_state,
    routing::get,
};
use farthing_provider::http::{Bounds, bounded, finish, panicked};
use http_body_util::channel::Channel;
use tower::ServiceExt;
use tower_http::catch_panic::CatchPanicLayer;

use crate::common::Provider;

#[tokio::test]
async fn one_request_too_many_is_told_to_come_again() {
    let provider = Provider::within(Bounds::new(1, Duration::from_secs(30)));
    // A body that stays away holds the only place.
    let (_sender, body) = Channel::<Bytes, Infallible>::new(1);
    let slow = Request::post("/v1/quotes")
        .header(header::CONTENT_TYPE, "application/json")
        .body(Body::new(body));
    let mut slow = Box::pin(provider.router.clone().oneshot(slow.unwrap()));
    assert!(
        std::future::poll_fn(|cx| std::task::Poll::Ready(slow.as_mut().poll(cx)))
            .await
            .is_pending()
    );

    let shed = provider.get("/v1/farthing.js").await;
    shed.problem("busy");
    assert_eq!(
        (shed.status, shed.header("retry-after")),
        (StatusCode::SERVICE_UNAVAILABLE, "1")
    );
    for path in ["/healthz", "/readyz"] {
        let answer = provider.get(path).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}: at its limit, and well");
    }
    drop(slow);
    assert_eq!(provider.get("/v1/farthing.js").await.status, StatusCode::OK);
}

#[tokio::test(start_paused = true)]
async fn a_body_that_does_not_arrive_is_not_waited_for() {
    let provider = Provider::new();
    let (_sender, body) = Channel::<Bytes, Infallible>::new(1);
    let slow = Request::post("/v1/quotes")
        .header(header::CONTENT_TYPE, "application/json")
        .body(Body::new(body));
    provider.send(slow.unwrap()).await.problem("request_timeout");
}

#[tokio::test(start_paused = true)]
async fn a_request_is_not_at_work_for_ever() {
    let provider = Provider::within(Bounds::new(1, Duration::from_secs(5)));
    let (_sender, body) = Channel::<Bytes, Infallible>::new(1);
    let slow = Request::post("/v1/quotes")
        .header(header::CONTENT_TYPE, "application/json")
        .body(Body::new(body));
    provider.send(slow.unwrap()).await.problem("busy");
}

#[tokio::test]
async fn a_panic_is_an_internal_problem_without_its_words() {
    let mut provider = Provider::new();
    async fn fails() -> &'static str {
        panic!("4242424242424242")
    }
    // The same layers as the router's, around a route that panics.
    provider.router = Router::new()
        .route("/fails", get(fails))
        .layer(from_fn_with_state(Bounds::default(), bounded))
        .layer(CatchPanicLayer::custom(panicked))
        .layer(from_fn_with_state(Arc::clone(&provider.app), finish));
    let answer = provider.get("/fails").await;
    answer.problem("internal");
    assert!(!answer.text().contains("4242"));
}
