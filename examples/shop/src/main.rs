//! The Corner Press: a merchant that takes payments with Farthing. What there is to do for a merchant:
//!
//! 1. sign the order and put it into the page ([`order`], `www/order.html`);
//! 2. redeem the token that the page is handed, once, whatever happens on the way ([`charge`], `www/shop.js`);
//! 3. give out what was bought when the provider says `paid`, and never before.

mod charge;
mod config;
mod order;
mod page;

use std::{
    collections::HashMap,
    process::ExitCode,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use axum::{
    Form, Json, Router,
    extract::{Path, State},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Redirect, Response},
    routing::{get, post},
};
use serde::Deserialize;
use tokio::sync::oneshot;
use uuid::Uuid;

use crate::{
    config::Config,
    order::{ITEMS, Item, Order, Status},
};

/// Orders kept in memory: a real shop has a database.
const ORDERS: usize = 10_000;
/// How long a shopper waits for the answer. The charge itself goes on.
const PATIENCE: Duration = Duration::from_secs(20);

/// The shop at work.
struct Shop {
    config: Config,
    http: reqwest::Client,
    orders: Mutex<HashMap<String, Order>>,
}

#[tokio::main]
async fn main() -> ExitCode {
    match run().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("farthing-shop: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn run() -> Result<(), Box<dyn std::error::Error>> {
    let config = Config::load()?;
    let listener = tokio::net::TcpListener::bind(&config.listen)
        .await
        .map_err(|error| format!("can't listen on {}: {error}", config.listen))?;
    let http = reqwest::Client::builder()
        .timeout(Duration::from_secs(15))
        .build()?;
    println!("listening on {}, paid through {}", config.listen, config.provider);
    let shop = Arc::new(Shop {
        config,
        http,
        orders: Mutex::default(),
    });
    let routes = Router::new()
        .route("/", get(window))
        .route("/buy/{item}", get(buy))
        .route("/orders/{reference}", get(show))
        .route("/orders/{reference}/token", post(take))
        .route("/redeem", post(redeem))
        .route("/{file}", get(page::file))
        .route("/healthz", get(async || "ok\n"))
        .with_state(shop);
    Ok(axum::serve(listener, routes).await?)
}

async fn window(State(shop): State<Arc<Shop>>) -> Response {
    page::window(&shop.config.provider)
}

/// Begins an order and leads to its page, which can be reloaded without beginning another.
async fn buy(State(shop): State<Arc<Shop>>, Path(name): Path<String>) -> Response {
    let Some(item) = ITEMS.iter().find(|item| item.name == name) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let reference = format!("{name}-{}", Uuid::new_v4());
    shop.with_orders(|orders| {
        if orders.len() >= ORDERS {
            orders.retain(|_, order| order.status != Status::Open);
        }
        let status = Status::Open;
        orders.insert(reference.clone(), Order { item, status });
    });
    Redirect::to(&format!("/orders/{reference}")).into_response()
}

/// The order's page; or, for the page's script, how the order stands.
async fn show(State(shop): State<Arc<Shop>>, Path(reference): Path<String>, headers: HeaderMap) -> Response {
    let Some(order) = shop.order(&reference) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    if headers
        .get(header::ACCEPT)
        .is_some_and(|accept| accept == "application/json")
    {
        return shop.view(&reference);
    }
    match order::sign(&shop.config, &reference, order.item) {
        Ok(jwt) => page::order(&shop.config.provider, &origin(&headers), &reference, &order, &jwt),
        Err(error) => {
            eprintln!("{reference}: signing failed: {error}");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Redemption {
    order: String,
    token: String,
}

/// The page was handed a token. It is redeemed in a task of its own, so that a shopper who leaves the page
/// does not leave a charge half done.
async fn redeem(State(shop): State<Arc<Shop>>, Json(asked): Json<Redemption>) -> Response {
    shop.redeem(&asked.order, asked.token).await;
    // What the books say, whoever wrote it there.
    shop.view(&asked.order)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Handed {
    #[serde(rename = "farthing-token")]
    token: String,
}

/// The provider's page without script sent the shopper back, with a token. It leads on to the order's page, which can be
/// loaded again without sending anything again.
async fn take(
    State(shop): State<Arc<Shop>>,
    Path(reference): Path<String>,
    Form(handed): Form<Handed>,
) -> Response {
    shop.redeem(&reference, handed.token).await;
    Redirect::to(&format!("/orders/{reference}")).into_response()
}

/// Where this shop is, as its shopper sees it. A real one has it in its configuration.
fn origin(headers: &HeaderMap) -> String {
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok());
    format!("http://{}", host.unwrap_or_default())
}

impl Shop {
    /// Redeems a token for an order that is to be paid, and waits for how that ended for as long as a shopper does.
    async fn redeem(self: &Arc<Self>, reference: &str, token: String) {
        let Some(item) = self.claim(reference) else {
            return;
        };
        let (answered, answer) = oneshot::channel();
        tokio::spawn(charge::redeem(
            Arc::clone(self),
            reference.to_owned(),
            item,
            token,
            answered,
        ));
        let _ = tokio::time::timeout(PATIENCE, answer).await;
    }

    fn order(&self, reference: &str) -> Option<Order> {
        self.with_orders(|orders| orders.get(reference).cloned())
    }

    /// How an order stands, for the page's script.
    fn view(&self, reference: &str) -> Response {
        let Some(order) = self.order(reference) else {
            return StatusCode::NOT_FOUND.into_response();
        };
        let view = Json(order.view(&self.config.provider));
        ([(header::CACHE_CONTROL, "no-store")], view).into_response()
    }

    /// Takes an order that is to be paid for one redemption: of two at once, one gets it.
    fn claim(&self, reference: &str) -> Option<&'static Item> {
        self.with_orders(|orders| {
            let order = orders.get_mut(reference).filter(|order| order.to_be_paid())?;
            order.status = Status::Checking;
            Some(order.item)
        })
    }

    /// Writes down how an order ended.
    fn settle(&self, reference: &str, status: Status) {
        match &status {
            Status::Failed { code } => println!("{reference}: failed, {code}"),
            _ => println!("{reference}: {}", status.name()),
        }
        self.with_orders(|orders| {
            if let Some(order) = orders.get_mut(reference) {
                order.status = status;
            }
        });
    }

    fn with_orders<T>(&self, work: impl FnOnce(&mut HashMap<String, Order>) -> T) -> T {
        work(&mut self.orders.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
