//! A program that asks until it is told, as every careful client does.

use std::{sync::Arc, time::Duration};

use bytes::Bytes;
use farthing_journeys::{http::Answer, wait};
use http::{Method, Request, header};
use http_body_util::{BodyExt, Full};
use hyper_util::{
    client::legacy::{Client as Pool, connect::HttpConnector},
    rt::TokioExecutor,
};
use serde_json::Value;
use tokio::sync::watch;

/// How long it asks the same in vain.
const PATIENCE: Duration = Duration::from_secs(120);

/// A request that can be sent again.
#[derive(Clone, Debug)]
pub struct Ask {
    /// Where to.
    pub path: String,
    /// The idempotency key and the body; without them it is a `GET`.
    pub post: Option<(String, Value)>,
}

/// What comes of asking.
#[derive(Debug)]
pub enum Heard {
    /// The answer.
    Answer(Answer),
    /// An earlier request with this key is at work, or was when its process ended.
    InFlight,
}

/// One that asks at an address. Clones share their connections.
#[derive(Clone)]
pub struct Client {
    base: String,
    key: Option<String>,
    /// How long it waits for one answer.
    deadline: Duration,
    pool: Pool<HttpConnector, Full<Bytes>>,
    beats: Arc<watch::Sender<u64>>,
}

impl Ask {
    /// `POST path`.
    pub fn post(path: impl Into<String>, key: &str, body: Value) -> Self {
        Self {
            path: path.into(),
            post: Some((key.to_owned(), body)),
        }
    }

    /// `GET path`.
    pub fn get(path: impl Into<String>) -> Self {
        Self {
            path: path.into(),
            post: None,
        }
    }
}

impl Client {
    /// One that asks at `base`, with the API key `key` if there is one.
    pub fn new(base: &str, key: Option<&str>, deadline: Duration) -> Self {
        let mut pool = Pool::builder(TokioExecutor::new());
        // What it sends twice it sends twice itself.
        pool.retry_canceled_requests(false);
        Self {
            base: base.to_owned(),
            key: key.map(str::to_owned),
            deadline,
            pool: pool.build(HttpConnector::new()),
            beats: Arc::new(watch::Sender::new(0)),
        }
    }

    /// The same at the same address, with another key.
    pub fn with_key(&self, key: Option<&str>) -> Self {
        Self {
            key: key.map(str::to_owned),
            ..self.clone()
        }
    }

    /// Counts what is sent and what is answered.
    pub fn beats(&self) -> watch::Receiver<u64> {
        self.beats.subscribe()
    }

    /// Asks until there is an answer that says something: no broken connection, nothing that asks to come again.
    ///
    /// # Panics
    /// If there is none in time; or if the provider fails in itself, for which nothing here is a reason.
    pub async fn ask(&self, ask: &Ask) -> Heard {
        let what = format!("an answer to {ask:?}");
        wait::until_within(PATIENCE, &what, async || {
            let answer = self.send(ask).await?;
            match answer.status {
                409 if answer.verdict().1 == "request_in_flight" => Some(Heard::InFlight),
                429 | 503 => None,
                500.. => panic!("{answer:?} to {ask:?}"),
                _ => Some(Heard::Answer(answer)),
            }
        })
        .await
    }

    /// Asks until there is an answer, and nothing is in flight.
    ///
    /// # Panics
    /// As [`Self::ask`].
    pub async fn ask_on(&self, ask: &Ask) -> Answer {
        let what = format!("an end of {ask:?}");
        wait::until_within(PATIENCE, &what, async || match self.ask(ask).await {
            Heard::Answer(answer) => Some(answer),
            Heard::InFlight => None,
        })
        .await
    }

    async fn send(&self, ask: &Ask) -> Option<Answer> {
        let mut request = Request::builder().uri(format!("{}{}", self.base, ask.path));
        if let Some(key) = &self.key {
            request = request.header(header::AUTHORIZATION, format!("Bearer {key}"));
        }
        let body = match &ask.post {
            Some((key, body)) => {
                request = request
                    .method(Method::POST)
                    .header(header::CONTENT_TYPE, "application/json")
                    .header("idempotency-key", key);
                Full::from(body.to_string())
            }
            None => Full::default(),
        };
        let request = request.body(body).unwrap();
        self.beat();
        let answer = tokio::time::timeout(self.deadline, async {
            let (head, body) = self.pool.request(request).await.ok()?.into_parts();
            Some(Answer {
                status: head.status.as_u16(),
                headers: head.headers,
                body: body.collect().await.ok()?.to_bytes(),
            })
        })
        .await
        .ok()
        .flatten();
        if answer.is_some() {
            self.beat();
        }
        answer
    }

    fn beat(&self) {
        self.beats.send_modify(|beats| *beats += 1);
    }
}
