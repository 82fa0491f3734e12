//! Shoppers and a merchant's server, who ask when they are due.

use std::{fmt, time::Duration};

use bytes::Bytes;
use farthing_journeys::merchant::Merchant;
use farthing_protocol::{Quote, QuoteReply};
use farthing_testkit as testkit;
use futures_util::{StreamExt, future::join_all, stream};
use http::{Request, header};
use http_body_util::{BodyExt, Full};
use hyper_util::{
    client::legacy::{Client, connect::HttpConnector},
    rt::TokioExecutor,
};
use serde_json::{Value, json};
use tokio::time::{Instant, sleep_until};

/// Requests at once before the clock starts.
const AT_ONCE: usize = 32;

/// Who asks.
pub struct Load {
    kiosk: Merchant,
    client: Client<HttpConnector, Full<Bytes>>,
    orders: std::sync::atomic::AtomicU64,
}

/// A request for a token, sealed and ready to be sent.
pub struct Paper {
    order: String,
    body: Bytes,
}

/// How a rate went.
#[derive(Clone, Debug)]
pub struct Phase {
    /// Requests a second.
    pub rate: u64,
    pub p50: Duration,
    pub p99: Duration,
    /// Requests that were not done: refused because there were too many, or broken off.
    pub failed: usize,
}

impl Phase {
    /// Whether it was too slow, or not all of it was done.
    pub fn is_beyond(&self, p99: Duration) -> bool {
        self.failed > 0 || self.p99 > p99
    }
}

impl fmt::Display for Phase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            rate,
            p50,
            p99,
            failed,
        } = self;
        write!(
            f,
            "{rate}/s p50 {} ms p99 {} ms",
            crate::millis(*p50),
            crate::millis(*p99)
        )?;
        if *failed > 0 {
            write!(f, ", {failed} not done")
        } else {
            Ok(())
        }
    }
}

impl Load {
    pub fn new(kiosk: &Merchant) -> Self {
        let mut client = Client::builder(TokioExecutor::new());
        client.pool_max_idle_per_host(512);
        Self {
            kiosk: kiosk.clone(),
            client: client.build(HttpConnector::new()),
            orders: 0.into(),
        }
    }

    pub async fn pay_one(&self) {
        let papers = self.papers(1).await;
        let (_, tokens) = self.tokens(1, papers).await;
        let phase = self.charges(1, tokens).await;
        assert_eq!(phase.failed, 0);
    }

    /// Orders, quoted and sealed for.
    pub async fn papers(&self, count: u64) -> Vec<Paper> {
        stream::iter(0..count)
            .map(|_| self.paper())
            .buffer_unordered(AT_ONCE)
            .collect()
            .await
    }

    async fn paper(&self) -> Paper {
        let number = self.orders.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        let order = format!("bench-{number}");
        let lines = json!({ "currency": "EUR", "lines": [{ "label": "A test item", "amount": 250 }] });
        let asked = json!({ "reference": order, "order": lines, "expires_in_s": 3_600 });
        let (status, signed) = self
            .post("/v1/orders", Some(&order), asked.to_string().into())
            .await
            .unwrap();
        assert_eq!(status, 201, "{signed:?}");
        let signed: Value = serde_json::from_slice(&signed).unwrap();
        let asked =
            json!({ "merchant": self.kiosk.id, "order": signed["order"], "origin": self.kiosk.origin });
        let (status, quoted) = self
            .post("/v1/quotes", None, asked.to_string().into())
            .await
            .unwrap();
        assert_eq!(status, 201, "{quoted:?}");
        let QuoteReply { quote, .. } = serde_json::from_slice(&quoted).unwrap();
        Paper {
            order,
            body: sealed(&quote, number),
        }
    }

    /// Asks for tokens, `rate` a second; what came of it, and the bodies that redeem them.
    pub async fn tokens(&self, rate: u64, papers: Vec<Paper>) -> (Phase, Vec<(String, Bytes)>) {
        let asks = papers.into_iter().map(|paper| {
            let order = paper.order.clone();
            (paper.order, "/v1/tokens", paper.body, move |answer: &[u8]| {
                let reply: Value = serde_json::from_slice(answer).unwrap();
                let body =
                    json!({ "token": reply["token"], "order": order, "amount": 250, "currency": "EUR" });
                Bytes::from(body.to_string())
            })
        });
        let (phase, answers) = self.open_loop(rate, asks.collect(), None).await;
        (phase, answers)
    }

    /// Redeems them, `rate` a second, each with a key of its own.
    pub async fn charges(&self, rate: u64, tokens: Vec<(String, Bytes)>) -> Phase {
        let asks = tokens.into_iter().map(|(order, body)| {
            (order, "/v1/charges", body, |answer: &[u8]| {
                Bytes::copy_from_slice(answer)
            })
        });
        self.open_loop(rate, asks.collect(), Some(())).await.0
    }

    async fn open_loop<F: Fn(&[u8]) -> Bytes>(
        &self,
        rate: u64,
        asks: Vec<(String, &'static str, Bytes, F)>,
        keyed: Option<()>,
    ) -> (Phase, Vec<(String, Bytes)>) {
        let pause = Duration::from_nanos(1_000_000_000 / rate);
        let begin = Instant::now() + Duration::from_millis(50);
        let sent = asks
            .into_iter()
            .zip(0_u32..)
            .map(|((order, path, body, read), number)| async move {
                let due = begin + pause * number;
                sleep_until(due).await;
                let answer = self.post(path, keyed.map(|()| order.as_str()), body).await;
                let took = due.elapsed();
                match answer {
                    Some((201, answer)) => Ok((took, order, read(&answer))),
                    _ => Err(took),
                }
            });
        // On this one task they would wait for each other to be polled; there are few enough for that not to matter, and what
        // it costs is in the figures.
        let results = join_all(sent).await;
        let mut took: Vec<Duration> = results
            .iter()
            .map(|result| result.as_ref().map_or_else(|took| *took, |done| done.0))
            .collect();
        took.sort_unstable();
        let failed = results.iter().filter(|result| result.is_err()).count();
        let at = |percent: usize| took[(took.len() * percent / 100).min(took.len() - 1)];
        let phase = Phase {
            rate,
            p50: at(50),
            p99: at(99),
            failed,
        };
        (
            phase,
            results
                .into_iter()
                .flatten()
                .map(|(_, order, answer)| (order, answer))
                .collect(),
        )
    }

    async fn post(&self, path: &str, key: Option<&str>, body: Bytes) -> Option<(u16, Bytes)> {
        let mut request = Request::post(format!("{}{path}", self.kiosk.provider))
            .header(header::CONTENT_TYPE, "application/json");
        if let Some(key) = key {
            request = request
                .header(header::AUTHORIZATION, format!("Bearer {}", self.kiosk.key))
                .header("idempotency-key", key);
        }
        let request = request.body(Full::new(body)).unwrap();
        let (head, body) = self.client.request(request).await.ok()?.into_parts();
        Some((head.status.as_u16(), body.collect().await.ok()?.to_bytes()))
    }
}

fn sealed(quote: &Quote, number: u64) -> Bytes {
    let mut scalar = [7; 32];
    scalar[..8].copy_from_slice(&number.to_be_bytes());
    // Each its own card, as with as many shoppers: one card is taken sixty times an hour.
    let card = testkit::card(&card_number(number));
    let body = json!({
        "quote": quote.id, "method": "card", "consent": quote.methods[0].consent,
        "sealed": testkit::seal(quote, &card, scalar),
    });
    Bytes::from(body.to_string())
}

/// A Visa number whose check digit is right (ISO/IEC 7812).
fn card_number(number: u64) -> String {
    let body = format!("411111{number:09}");
    let sum: u32 = body
        .bytes()
        .rev()
        .enumerate()
        .map(|(index, digit)| {
            let digit = u32::from(digit - b'0');
            match (index % 2, digit * 2) {
                (0, doubled @ 10..) => doubled - 9,
                (0, doubled) => doubled,
                _ => digit,
            }
        })
        .sum();
    format!("{body}{}", (10 - sum % 10) % 10)
}
