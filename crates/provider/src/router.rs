use std::sync::Arc;

use axum::{
    Router,
    middleware::from_fn_with_state,
    routing::{get, post},
};
use farthing_protocol::Code;
use tower_http::catch_panic::CatchPanicLayer;

use crate::{
    http::{Bounds, Failure, bounded, finish, paced, panicked},
    routes,
    wiring::App,
};

/// Every address of the provider.
pub fn router(app: &Arc<App>, bounds: Bounds) -> Router {
    let shoppers = Router::new()
        // The frame speaks to these.
        .route("/v1/quotes", post(routes::quotes::post))
        .route("/v1/quotes/{quote}/outcome", get(routes::outcome::get))
        .route("/v1/quotes/{quote}/charge", post(routes::purchase::post))
        .route("/v1/tokens", post(routes::tokens::post))
        // The frame shows these within itself.
        .route("/v1/challenges/{challenge}", get(routes::challenge::get))
        .route("/v1/challenges/{challenge}", post(routes::challenge::post))
        .route("/v1/challenges/{challenge}/back", get(routes::challenge::back))
        // A page without script leads to these.
        .route("/v1/pay", post(routes::pay::begin))
        .route("/v1/pay/{quote}", post(routes::pay::pay))
        // The shopper keeps these.
        .route("/v1/receipts/{receipt}", get(routes::receipt::get))
        .route("/v1/receipts/{receipt}/disputes", post(routes::disputes::post))
        .route("/v1/consents/{consent}", get(routes::consent::get))
        .route_layer(from_fn_with_state(Arc::clone(app), paced));
    let routes = Router::new()
        .merge(shoppers)
        // The page of a merchant loads these.
        .route("/v1/farthing.js", get(routes::loader::newest))
        .route("/v1/loader/{release}/farthing.js", get(routes::loader::pinned))
        .route("/v1/frame/{merchant}", get(routes::frame::get))
        .route("/v1/release/{release}/{file}", get(routes::asset::get))
        // The merchant's server speaks to these.
        .route("/v1/orders", post(routes::orders::post))
        .route("/v1/charges", post(routes::charges::post))
        .route("/v1/charges/{charge}", get(routes::charge::get))
        .route("/v1/charges/{charge}/capture", post(routes::operations::capture))
        .route("/v1/charges/{charge}/void", post(routes::operations::void))
        .route("/v1/charges/{charge}/refunds", post(routes::operations::refund))
        .route("/v1/operations/{operation}", get(routes::operation::get))
        .route("/v1/disputes", get(routes::disputes::get))
        .route("/v1/disputes/{dispute}", get(routes::dispute::get))
        .route("/v1/disputes/{dispute}/answer", post(routes::dispute::answer))
        .route("/v1/fees", get(routes::fees::get))
        .route("/v1/page.css", get(routes::page_files::css))
        .route("/v1/challenge.js", get(routes::page_files::js))
        // Whoever checks a receipt needs this.
        .route("/.well-known/jwks.json", get(routes::jwks::get))
        // Whoever checks what is served needs these.
        .route("/v1/sri.json", get(routes::loader::sri))
        .route("/v1/manifest.json", get(routes::loader::manifest))
        // Whoever writes a client reads this.
        .route("/v1/openapi.json", get(routes::openapi::get))
        // A problem's type points here.
        .route("/docs/problems", get(routes::problems::get))
        .layer(from_fn_with_state(bounds, bounded))
        // Beside the bounds: a provider at its limit is well.
        .route("/healthz", get(routes::healthz::get))
        .route("/readyz", get(routes::readyz::get))
        .fallback(async || Failure::from(Code::NotFound))
        .method_not_allowed_fallback(async || Failure::from(Code::MethodNotAllowed));
    routes
        .layer(CatchPanicLayer::custom(panicked))
        .layer(from_fn_with_state(Arc::clone(app), finish))
        .with_state(Arc::clone(app))
}
