//! The line between merchant and provider: it loses, doubles, delays and reorders.

use std::{
    net::Ipv4Addr,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};

use axum::{Router, extract::Request, response::Response};
use bytes::Bytes;
use farthing_journeys::{
    http::{Answer, send},
    wire::{handed_on, readdressed},
};
use http_body_util::Full;
use tokio::{net::TcpListener, sync::watch, task::JoinHandle};

use crate::chance::Chance;

/// How many requests overtake one that is held, at the most.
const OVERTAKEN_BY: u64 = 40;

/// What becomes of a request.
#[derive(Clone, Copy, Debug)]
enum Fate {
    /// It arrives, and so does its answer.
    Passes,
    /// It never arrives.
    Lost,
    /// It arrives, and its answer does not.
    Unheard,
    /// It arrives twice at once; whichever answer comes first is handed on.
    Twice,
    /// It arrives, is answered, and arrives again, after others.
    Again,
    /// It arrives after others, whether or not anybody still waits for it.
    Late,
    /// It arrives, and its answer comes after those of others.
    LateAnswer,
}

/// Of ten requests, so many have each fate.
const FATES: [Fate; 10] = [
    Fate::Passes,
    Fate::Passes,
    Fate::Passes,
    Fate::Passes,
    Fate::Lost,
    Fate::Unheard,
    Fate::Twice,
    Fate::Again,
    Fate::Late,
    Fate::LateAnswer,
];

/// A line with faults. Clones are the same line.
#[derive(Clone)]
pub struct Line(Arc<Inner>);

struct Inner {
    to: u16,
    chance: Mutex<Chance>,
    /// How many requests came by.
    passed: watch::Sender<u64>,
    /// How many are still on their way.
    under_way: watch::Sender<usize>,
    met: [AtomicU64; FATES.len()],
}

impl Line {
    /// A line from `port` to the provider on `to`, with the faults that `chance` has.
    pub async fn lay(port: u16, to: u16, chance: Chance) -> (Self, JoinHandle<()>) {
        let line = Self(Arc::new(Inner {
            to,
            chance: Mutex::new(chance),
            passed: watch::Sender::new(0),
            under_way: watch::Sender::new(0),
            met: Default::default(),
        }));
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await.unwrap();
        let shared = line.clone();
        let router = Router::new().fallback(move |request: Request| shared.clone().carry(request));
        let task = tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        (line, task)
    }

    /// Lets everything that is held go, and waits until it has arrived.
    ///
    /// # Panics
    /// If a fate was nobody's.
    pub async fn clear(&self) {
        self.0.passed.send_modify(|passed| *passed += OVERTAKEN_BY);
        let mut under_way = self.0.under_way.subscribe();
        under_way.wait_for(|count| *count == 0).await.unwrap();
        for (fate, met) in FATES.iter().zip(&self.0.met) {
            assert!(met.load(Ordering::Relaxed) > 0, "no request was {fate:?}");
        }
    }

    async fn carry(self, request: Request) -> Response {
        let request = readdressed(request, self.0.to).await;
        let (fate, others) = self.draw();
        self.0.under_way.send_modify(|count| *count += 1);
        // A task of its own: it goes on when nobody waits for the answer any more.
        let carried = tokio::spawn(async move {
            let answer = self.deliver(request, fate, others).await;
            self.0.under_way.send_modify(|count| *count -= 1);
            answer
        });
        handed_on(carried.await.unwrap())
    }

    async fn deliver(&self, request: http::Request<Full<Bytes>>, fate: Fate, others: u64) -> Option<Answer> {
        match fate {
            Fate::Passes => send(request).await,
            Fate::Lost => None,
            Fate::Unheard => {
                send(request).await;
                None
            }
            Fate::Twice => {
                let (first, second) = tokio::join!(send(request.clone()), send(request));
                second.or(first)
            }
            Fate::Again => {
                let (line, again) = (self.clone(), request.clone());
                line.0.under_way.send_modify(|count| *count += 1);
                let answer = send(request).await;
                tokio::spawn(async move {
                    line.let_pass(others).await;
                    send(again).await;
                    line.0.under_way.send_modify(|count| *count -= 1);
                });
                answer
            }
            Fate::Late => {
                self.let_pass(others).await;
                send(request).await
            }
            Fate::LateAnswer => {
                let answer = send(request).await;
                self.let_pass(others).await;
                answer
            }
        }
    }

    /// Waits until so many `others` came by.
    async fn let_pass(&self, others: u64) {
        let mut passed = self.0.passed.subscribe();
        let last = *passed.borrow_and_update() + others;
        passed.wait_for(|passed| *passed >= last).await.unwrap();
    }

    fn draw(&self) -> (Fate, u64) {
        let mut chance = self.0.chance.lock().unwrap_or_else(PoisonError::into_inner);
        let place = usize::try_from(chance.below(10)).unwrap();
        self.0.passed.send_modify(|passed| *passed += 1);
        self.0.met[place].fetch_add(1, Ordering::Relaxed);
        (FATES[place], 1 + chance.below(OVERTAKEN_BY))
    }
}
