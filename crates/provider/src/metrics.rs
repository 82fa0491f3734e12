//! What a provider measures of itself, as Prometheus reads it (OpenMetrics 1.0 text). No label says who paid whom: routes
//! are patterns, and everything else is a closed set.

use std::{future::IntoFuture, pin::pin, sync::Arc, time::Duration};

use axum::{
    Router,
    extract::State,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
    routing::get,
};
use farthing_gateway::{Backlog, ChargeStore};
use farthing_store_sql::Watch;
use prometheus_client::{
    encoding::{EncodeLabelSet, text::encode},
    metrics::{counter::Counter, family::Family, gauge::Gauge, histogram::Histogram},
    registry::Registry,
};
use tokio::{net::TcpListener, time::timeout};
use tokio_util::sync::CancellationToken;

use crate::wiring::App;

/// Upper bounds in seconds of a commit: from a disk that is quick to one that is about to fail.
const COMMIT_SECONDS: [f64; 10] = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 5.0];

const TEXT: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";
/// Upper bounds in seconds: what is quick, what is slow, and what a request may take at the most.
const SECONDS: [f64; 10] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 5.0, 30.0];

/// How long the end waits for those who are reading.
const LAST: Duration = Duration::from_secs(1);

#[derive(Clone, Debug, EncodeLabelSet, Eq, Hash, PartialEq)]
struct Answered {
    method: &'static str,
    route: String,
    status: u16,
}

#[derive(Clone, Debug, EncodeLabelSet, Eq, Hash, PartialEq)]
struct Route {
    route: String,
}

#[derive(Clone, Debug, EncodeLabelSet, Eq, Hash, PartialEq)]
struct Waiting {
    what: &'static str,
}

/// The measures.
pub struct Metrics {
    registry: Registry,
    answered: Family<Answered, Counter>,
    seconds: Family<Route, Histogram>,
    waiting: Family<Waiting, Gauge>,
}

impl Metrics {
    /// The measures of a provider whose store commits under `watch`.
    pub(crate) fn of(watch: &Watch) -> Self {
        let answered = Family::default();
        let seconds = Family::new_with_constructor((|| Histogram::new(SECONDS)) as fn() -> Histogram);
        let waiting = Family::default();
        let mut registry = Registry::with_prefix("farthing");
        registry.register(
            "requests",
            "Requests, by what they were answered",
            answered.clone(),
        );
        registry.register("request_seconds", "How long an answer took", seconds.clone());
        registry.register(
            "waiting",
            "What has no end yet, or was given up; counted to ten thousand",
            waiting.clone(),
        );
        let (commits, committed) = (Histogram::new(COMMIT_SECONDS), Counter::<u64>::default());
        registry.register("commit_seconds", "How long a commit took", commits.clone());
        registry.register(
            "committed_operations",
            "Operations of the store that were committed, several with one commit",
            committed.clone(),
        );
        watch.tell(move |took, operations| {
            commits.observe(took.as_secs_f64());
            committed.inc_by(operations.try_into().unwrap_or(u64::MAX));
        });
        Self {
            registry,
            answered,
            seconds,
            waiting,
        }
    }

    /// A request was answered. `route` is a pattern of the router's, and none of what came in.
    pub(crate) fn answered(&self, method: &'static str, route: &str, status: u16, took: Duration) {
        let route = route.to_owned();
        self.seconds
            .get_or_create(&Route { route: route.clone() })
            .observe(took.as_secs_f64());
        self.answered
            .get_or_create(&Answered {
                method,
                route,
                status,
            })
            .inc();
    }

    fn waits(&self, backlog: Backlog) {
        for (what, count) in [
            ("charge_without_end", backlog.charges),
            ("operation_without_end", backlog.operations),
            ("dispute_to_answer", backlog.disputes),
            ("webhook_due", backlog.webhooks_due),
            ("webhook_dead", backlog.webhooks_dead),
        ] {
            self.waiting.get_or_create(&Waiting { what }).set(count.into());
        }
    }
}

/// Serves `GET /metrics` on `listener`, an address that is the operator's alone, until `stop`.
pub async fn serve(listener: TcpListener, app: Arc<App>, stop: CancellationToken) {
    let router = Router::new().route("/metrics", get(metrics)).with_state(app);
    let serving = axum::serve(listener, router).with_graceful_shutdown(stop.clone().cancelled_owned());
    let mut serving = pin!(serving.into_future());
    let ended = match stop.run_until_cancelled(serving.as_mut()).await {
        Some(ended) => ended,
        // Whoever is in the middle of a request must not keep the provider from ending.
        None => timeout(LAST, serving).await.unwrap_or(Ok(())),
    };
    if let Err(error) = ended {
        tracing::error!(%error, "metrics are not served any more");
    }
}

async fn metrics(State(app): State<Arc<App>>) -> Result<Response, StatusCode> {
    let backlog = app.rules.store().backlog().await.map_err(|error| {
        tracing::error!(%error, "the backlog can't be counted");
        StatusCode::SERVICE_UNAVAILABLE
    })?;
    app.metrics.waits(backlog);
    let mut text = String::new();
    encode(&mut text, &app.metrics.registry).map_err(|_| StatusCode::INTERNAL_SERVER_ERROR)?;
    let kind = (header::CONTENT_TYPE, HeaderValue::from_static(TEXT));
    Ok(([kind], text).into_response())
}
