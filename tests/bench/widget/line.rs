//! The line between browser and servers: so many bits a second in each direction for all connections together, and so
//! long from one end to the other.

use std::{sync::Arc, time::Duration};

use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt},
    sync::{Mutex, mpsc},
    time::{Instant, sleep_until},
};

/// What one packet carries.
const PACKET: usize = 1_448;
/// How many packets may be on their way in one connection; more than the line holds.
const UNDER_WAY: usize = 64;

/// How fast a line is.
#[derive(Clone, Copy)]
pub struct Speed {
    /// Bits a second to the browser.
    pub down: u32,
    /// Bits a second from the browser.
    pub up: u32,
    /// There and back.
    pub round_trip: Duration,
}

/// A line that all connections share.
#[derive(Clone)]
pub struct Line {
    down: Direction,
    up: Direction,
    round_trip: Duration,
}

#[derive(Clone)]
struct Direction {
    /// When the last packet is through. Who holds it sends; the others wait for their turn, in order.
    free: Arc<Mutex<Instant>>,
    bits_per_second: u32,
    /// From one end to the other.
    takes: Duration,
}

impl Line {
    /// A quiet line.
    pub fn new(speed: Speed) -> Self {
        let direction = |bits_per_second| Direction {
            free: Arc::new(Mutex::new(now())),
            bits_per_second,
            takes: speed.round_trip / 2,
        };
        Self {
            down: direction(speed.down),
            up: direction(speed.up),
            round_trip: speed.round_trip,
        }
    }

    /// Carries one connection until either end closes it.
    pub async fn carry(
        &self,
        browser: impl AsyncRead + AsyncWrite + Send + 'static,
        server: impl AsyncRead + AsyncWrite + Send + 'static,
    ) {
        // On loopback a connection is there at once; on a line it takes a round trip before the first byte leaves.
        sleep_until(now() + self.round_trip).await;
        let (from_browser, to_browser) = tokio::io::split(browser);
        let (from_server, to_server) = tokio::io::split(server);
        tokio::join!(
            self.up.carry(from_browser, to_server),
            self.down.carry(from_server, to_browser)
        );
    }
}

impl Direction {
    async fn carry(&self, mut from: impl AsyncRead + Unpin, mut to: impl AsyncWrite + Unpin) {
        let (send, mut receive) = mpsc::channel::<(Instant, Vec<u8>)>(UNDER_WAY);
        let sending = async move {
            let mut packet = vec![0; PACKET];
            while let Ok(length @ 1..) = from.read(&mut packet).await {
                self.transmit(length).await;
                let arrives = now() + self.takes;
                if send.send((arrives, packet[..length].to_vec())).await.is_err() {
                    break;
                }
            }
        };
        let arriving = async move {
            while let Some((arrives, packet)) = receive.recv().await {
                sleep_until(arrives).await;
                if to.write_all(&packet).await.is_err() {
                    break;
                }
            }
            let _gone = to.shutdown().await;
        };
        tokio::join!(sending, arriving);
    }

    async fn transmit(&self, bytes: usize) {
        let bits = u64::try_from(bytes).unwrap() * 8;
        let takes = Duration::from_nanos(bits * 1_000_000_000 / u64::from(self.bits_per_second));
        let mut free = self.free.lock().await;
        *free = (*free).max(now()) + takes;
        sleep_until(*free).await;
    }
}

fn now() -> Instant {
    Instant::now()
}
