//! A line to the acquirer that loses, holds back, doubles, and breaks where it is told to.

use std::{
    collections::HashMap,
    net::Ipv4Addr,
    sync::{Arc, Mutex},
};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::Notify,
};

/// What happens to one request.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Fate {
    /// It goes and its answer comes.
    Pass,
    /// It never arrives.
    LoseRequest,
    /// It arrives, and its answer never comes.
    LoseAnswer,
    /// It arrives twice. As Stripe does, the line gives the second the answer of the first where both have one key, for
    /// localstripe does not look at keys.
    Double,
    /// It arrives when the next such one comes, or when it is let go: whoever asked has given up long before.
    Late,
}

/// What happens to each request, by its number and its first line.
type Fates = Box<dyn FnMut(usize, &str) -> Fate + Send>;

/// The line.
#[derive(Clone)]
pub struct Line(Arc<Inner>);

struct Inner {
    to: u16,
    fates: Mutex<Fates>,
    requests: Mutex<usize>,
    answers: Mutex<HashMap<String, Vec<u8>>>,
    late: Mutex<Vec<Vec<u8>>>,
    /// Whether one whose request does not just pass hears nothing for ever, and not that the line is broken.
    hold: bool,
    /// Told at each request that does not just pass.
    pub struck: Notify,
}

impl Line {
    /// Lays a line to the port `to`: answers its own. `fate` is asked for each request, by its number and its first line.
    pub async fn lay(to: u16, fate: impl FnMut(usize, &str) -> Fate + Send + 'static) -> (Self, u16) {
        Self::laid(to, false, fate).await
    }

    /// The same, but whoever is struck hears nothing more: not even that the line is broken.
    pub async fn lay_silent(to: u16, fate: impl FnMut(usize, &str) -> Fate + Send + 'static) -> (Self, u16) {
        Self::laid(to, true, fate).await
    }

    async fn laid(
        to: u16,
        hold: bool,
        fate: impl FnMut(usize, &str) -> Fate + Send + 'static,
    ) -> (Self, u16) {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let line = Self(Arc::new(Inner {
            to,
            fates: Mutex::new(Box::new(fate)),
            requests: Mutex::new(0),
            answers: Mutex::default(),
            late: Mutex::default(),
            hold,
            struck: Notify::new(),
        }));
        let serving = line.clone();
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let line = serving.clone();
                tokio::spawn(async move { line.carry(client).await });
            }
        });
        (line, port)
    }

    /// How many requests came.
    pub fn requests(&self) -> usize {
        *self.0.requests.lock().unwrap()
    }

    /// Waits for the next request that does not just pass.
    pub async fn struck(&self) {
        self.0.struck.notified().await;
    }

    /// Delivers what was held back.
    pub async fn let_go(&self) {
        let held = std::mem::take(&mut *self.0.late.lock().unwrap());
        for request in held {
            let _nobody_waits = self.deliver(&request).await;
        }
    }

    async fn carry(&self, mut client: TcpStream) {
        let Some(request) = read(&mut client).await else {
            return;
        };
        let head = String::from_utf8_lossy(&request)
            .lines()
            .next()
            .unwrap_or_default()
            .to_owned();
        let number = {
            let mut requests = self.0.requests.lock().unwrap();
            *requests += 1;
            *requests
        };
        let fate = (self.0.fates.lock().unwrap())(number, &head);
        match fate {
            Fate::Pass => {
                let answer = self.deliver(&request).await;
                let _ = client.write_all(&answer).await;
            }
            Fate::LoseRequest => {}
            Fate::LoseAnswer => {
                let _ = self.deliver(&request).await;
            }
            Fate::Double => {
                let answer = self.deliver(&request).await;
                let _ = self.deliver(&request).await;
                let _ = client.write_all(&answer).await;
            }
            Fate::Late => {
                // What was held before arrives now: in another order than it was sent in.
                self.let_go().await;
                self.0.late.lock().unwrap().push(request);
            }
        }
        if fate != Fate::Pass {
            self.0.struck.notify_one();
            if self.0.hold {
                // Whoever asked waits until it ends itself, and asks nothing else in the meantime.
                std::future::pending::<()>().await;
            }
        }
    }

    /// Takes a request to its end, and brings the answer.
    async fn deliver(&self, request: &[u8]) -> Vec<u8> {
        let text = String::from_utf8_lossy(request).into_owned();
        let key = text
            .lines()
            .find_map(|line| line.strip_prefix("idempotency-key: ").map(str::to_owned));
        if let Some(known) = key
            .as_ref()
            .and_then(|key| self.0.answers.lock().unwrap().get(key).cloned())
        {
            return known;
        }
        let mut server = TcpStream::connect((Ipv4Addr::LOCALHOST, self.0.to))
            .await
            .unwrap();
        server.write_all(request).await.unwrap();
        let mut answer = Vec::new();
        let _ = server.read_to_end(&mut answer).await;
        if let Some(key) = key {
            self.0.answers.lock().unwrap().insert(key, answer.clone());
        }
        answer
    }
}

/// One request: its head, and as much as its head says.
pub async fn read(client: &mut TcpStream) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    loop {
        let mut part = [0; 4096];
        let length = client.read(&mut part).await.ok()?;
        if length == 0 {
            return None;
        }
        bytes.extend_from_slice(&part[..length]);
        let Some(end) = bytes.windows(4).position(|end| end == b"\r\n\r\n") else {
            continue;
        };
        let head = String::from_utf8_lossy(&bytes[..end]).to_ascii_lowercase();
        let body = head
            .lines()
            .find_map(|line| line.strip_prefix("content-length: ")?.parse::<usize>().ok());
        if bytes.len() >= end + 4 + body.unwrap_or(0) {
            return Some(bytes);
        }
    }
}
