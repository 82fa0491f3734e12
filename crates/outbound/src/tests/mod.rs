//! Against real servers on the loopback, most of them bad ones.

mod addresses;
mod answers;
mod certificates;
mod deadlines;

use std::{
    collections::VecDeque,
    future::Future,
    io,
    net::{IpAddr, Ipv4Addr},
    sync::{
        Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use rustls::RootCertStore;
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::mpsc,
    time::timeout,
};

use crate::{
    Guard, Outbound, Resolve, Target,
    client::{DEADLINES, Deadlines},
};

const LOOPBACK: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);

/// A server, and what it has to say to the test.
struct Server<T> {
    port: u16,
    told: mpsc::UnboundedReceiver<T>,
}

impl<T> Server<T> {
    /// What the next connection's handler returned.
    async fn told(&mut self) -> T {
        in_time(self.told.recv()).await.unwrap()
    }
}

/// Handles one connection after the other.
async fn serve<T, H>(mut handle: impl FnMut(TcpStream) -> H + Send + 'static) -> Server<T>
where
    T: Send + 'static,
    H: Future<Output = T> + Send,
{
    let listener = TcpListener::bind((LOOPBACK, 0)).await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let (tell, told) = mpsc::unbounded_channel();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            if tell.send(handle(stream).await).is_err() {
                return;
            }
        }
    });
    Server { port, told }
}

/// A server that gives everyone the same answer and tells what it was asked.
async fn answering(answer: &'static str) -> Server<String> {
    serve(move |mut stream| async move {
        let asked = read_request(&mut stream).await;
        stream.write_all(answer.as_bytes()).await.unwrap();
        asked
    })
    .await
}

/// A server that begins its answer, goes on and on with it, and tells when it was cut off.
async fn endless(beginning: &'static str, more: &'static str) -> Server<()> {
    serve(move |mut stream| async move {
        read_request(&mut stream).await;
        stream.write_all(beginning.as_bytes()).await.unwrap();
        while stream.write_all(more.as_bytes()).await.is_ok() {}
    })
    .await
}

/// One request: its head, and as much of a body as it announces.
async fn read_request(stream: &mut (impl AsyncRead + AsyncWrite + Unpin)) -> String {
    let mut text = String::new();
    loop {
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length = head
                .lines()
                .find_map(|line| line.strip_prefix("content-length: "))
                .map_or(0, |length| length.parse().unwrap());
            if body.len() >= length {
                return text;
            }
        }
        let mut some = [0; 1024];
        let count = stream.read(&mut some).await.unwrap();
        assert_ne!(count, 0, "the request ended early: {text}");
        text.push_str(std::str::from_utf8(&some[..count]).unwrap());
    }
}

/// Gives one answer after the other, and the last one from then on.
struct Script {
    answers: Mutex<VecDeque<Vec<IpAddr>>>,
    asked: AtomicUsize,
}

impl Script {
    fn new(answers: &[&[&str]]) -> Self {
        let parsed = answers
            .iter()
            .map(|answer| answer.iter().map(|text| text.parse().unwrap()).collect());
        Self {
            answers: Mutex::new(parsed.collect()),
            asked: AtomicUsize::new(0),
        }
    }

    fn asked(&self) -> usize {
        self.asked.load(Ordering::SeqCst)
    }
}

impl Resolve for &Script {
    async fn addresses(&self, _: &str) -> io::Result<Vec<IpAddr>> {
        self.asked.fetch_add(1, Ordering::SeqCst);
        let mut answers = self.answers.lock().unwrap();
        let answer = answers.pop_front().unwrap();
        if answers.is_empty() {
            answers.push_back(answer.clone());
        }
        Ok(answer)
    }
}

/// Every name is this machine.
struct Here;

impl Resolve for Here {
    async fn addresses(&self, _: &str) -> io::Result<Vec<IpAddr>> {
        Ok(vec![LOOPBACK])
    }
}

fn sandbox<R: Resolve>(resolver: R) -> Outbound<R> {
    with(Guard::Sandbox, resolver, DEADLINES)
}

fn with<R: Resolve>(guard: Guard, resolver: R, deadlines: Deadlines) -> Outbound<R> {
    Outbound::with(guard, resolver, RootCertStore::empty(), deadlines).unwrap()
}

fn http(port: u16) -> Target {
    target(&format!("http://shop.example:{port}/hook"))
}

fn target(text: &str) -> Target {
    Target::parse(text, Guard::Sandbox).unwrap_or_else(|error| panic!("{text}: {error}"))
}

/// A test that would hang fails instead.
async fn in_time<T>(future: impl Future<Output = T>) -> T {
    timeout(Duration::from_secs(60), future).await.expect("it hangs")
}
