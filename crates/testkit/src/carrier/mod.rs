//! A phone carrier of a test's own: CAMARA's Carrier Billing and Refund APIs on the loopback, with books to look into.

mod books;

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::{Ipv4Addr, TcpListener, TcpStream},
    sync::{Arc, Mutex, MutexGuard},
};

use serde_json::json;

use books::State;

/// The passcode that is right.
const CODE: &str = "352673";

/// A carrier. What it does depends on the number alone.
#[derive(Clone)]
pub struct PhoneCarrier {
    port: u16,
    state: Arc<Mutex<State>>,
}

/// What the carrier does beside the standard.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct CarrierManner {
    /// A correlator that it knows is answered with the payment that it has, and not with 409.
    pub repeats: bool,
    /// It gives back whatever it is asked to, as often as it is asked to.
    pub careless: bool,
    /// How refunds stand.
    pub refunds: RefundStands,
    /// It answers no more.
    pub gone: bool,
}

/// How a refund stands.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
#[expect(missing_docs, reason = "CAMARA's own words")]
pub enum RefundStands {
    #[default]
    Succeeded,
    Processing,
    Denied,
}

/// What the carrier has under one reference: a quote's.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct BillAccount {
    /// Payments that were prepared.
    pub prepared: usize,
    /// Those that are reserved, or that a passcode is asked for.
    pub held: usize,
    /// How much is on the bill.
    pub charged: i64,
    /// How much of that went back.
    pub refunded: i64,
}

impl PhoneCarrier {
    /// Pays.
    pub const PAYS: &str = "+491713920000";
    /// Is declined when it is charged.
    pub const DECLINED: &str = "+491713920002";
    /// Pays no more than one euro.
    pub const LOW: &str = "+491713920050";
    /// May not pay so.
    pub const BARRED: &str = "+491713920001";
    /// The carrier takes its time when it is charged, until it is told to settle.
    pub const SLOW: &str = "+491713920087";
    /// Is asked on a page of the carrier's.
    pub const PAGE: &str = "+491713920077";
    /// Is not asked at all.
    pub const UNASKED: &str = "+491713920088";
    /// The passcode that is right.
    pub const PASSCODE: &str = CODE;

    /// Starts one.
    #[must_use]
    pub fn start() -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let carrier = Self {
            port: listener.local_addr().unwrap().port(),
            state: Arc::default(),
        };
        let serving = carrier.clone();
        std::thread::spawn(move || {
            for client in listener.incoming().flatten() {
                let serving = serving.clone();
                std::thread::spawn(move || serving.answer(&client));
            }
        });
        carrier
    }

    /// Where it listens, on the loopback: `/cb` and `/cbr` are the two APIs.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Changes what it does.
    pub fn manner(&self, manner: CarrierManner) {
        self.state().manner = manner;
    }

    /// Its account of a quote.
    #[must_use]
    pub fn account(&self, quote: &str) -> BillAccount {
        let state = self.state();
        let mut account = BillAccount::default();
        for (index, payment) in state.payments.iter().enumerate() {
            if payment.reference != quote {
                continue;
            }
            account.prepared += 1;
            account.held += usize::from(matches!(payment.status, "reserved" | "pending_validation"));
            if payment.status == "succeeded" {
                account.charged += payment.minor;
                account.refunded += state.refunded(index);
            }
        }
        account
    }

    /// How many requests came, by the last word of their path.
    #[must_use]
    pub fn requests(&self, word: &str) -> usize {
        self.state().requests.get(word).copied().unwrap_or_default()
    }

    /// Ends what takes its time; refunds as the manner says.
    pub fn settle(&self) {
        let mut state = self.state();
        let to = state.manner.refunds;
        for refund in &mut state.refunds {
            if refund.status == RefundStands::Processing {
                refund.status = to;
            }
        }
        for payment in &mut state.payments {
            if payment.status == "reserved" && payment.accepted {
                payment.status = "succeeded";
            }
        }
    }

    /// Discards what was prepared and not confirmed.
    pub fn discard(&self) {
        for payment in &mut self.state().payments {
            if matches!(payment.status, "reserved" | "pending_validation") && !payment.accepted {
                payment.status = "cancelled";
            }
        }
    }

    /// The shopper answers on the carrier's page for a quote.
    pub fn answer_page(&self, quote: &str, it_is: bool) {
        for payment in &mut self.state().payments {
            if payment.reference == quote && payment.status == "pending_validation" {
                payment.status = if it_is { "reserved" } else { "denied" };
            }
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }

    fn answer(&self, mut client: &TcpStream) {
        let Some((head, body)) = read(client) else { return };
        let mut words = head[0].split(' ');
        let (method, path) = (words.next().unwrap(), words.next().unwrap());
        let (path, query) = path.split_once('?').unwrap_or((path, ""));
        let mut state = self.state();
        if state.manner.gone {
            return;
        }
        let word = path.rsplit('/').next().unwrap().to_owned();
        *state.requests.entry(word).or_default() += 1;
        let said = if head.iter().any(|line| line == "authorization: Bearer letmein") {
            let body = serde_json::from_slice(&body).unwrap_or_default();
            state.said(method, &path.split('/').skip(2).collect::<Vec<_>>(), query, &body)
        } else {
            Err((401, "UNAUTHENTICATED"))
        };
        let (status, body) = said.unwrap_or_else(|(status, code)| {
            // A carrier may say more than it should.
            let message = String::from_utf8_lossy(&body).into_owned();
            (
                status,
                json!({ "status": status, "code": code, "message": message }),
            )
        });
        let body = if body.is_null() {
            String::new()
        } else {
            body.to_string()
        };
        let head = format!(
            "HTTP/1.1 {status} OK\r\nconnection: close\r\ncontent-length: {}\r\n\r\n",
            body.len()
        );
        // Whoever asked may have gone.
        let _gone = client.write_all((head + &body).as_bytes());
    }
}

/// One request: the lines of its head, with their names in lower case, and its body.
fn read(client: &TcpStream) -> Option<(Vec<String>, Vec<u8>)> {
    let mut reader = BufReader::new(client);
    let mut head = Vec::new();
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line).ok()? == 0 {
            return None;
        }
        let line = line.trim_end();
        if line.is_empty() {
            break;
        }
        let line = match line.split_once(": ") {
            Some((name, value)) => format!("{}: {value}", name.to_ascii_lowercase()),
            None => line.to_owned(),
        };
        head.push(line);
    }
    let length = head
        .iter()
        .find_map(|line| line.strip_prefix("content-length: ")?.parse().ok());
    let mut body = vec![0; length.unwrap_or(0)];
    reader.read_exact(&mut body).ok()?;
    (!head.is_empty()).then_some((head, body))
}
