use std::{net::SocketAddr, time::Duration};

use bytes::Bytes;
use http_body_util::Full;
use hyper::{
    Request,
    header::{CONNECTION, HOST, USER_AGENT},
    http::request::Builder,
};
use rustls::RootCertStore;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;

use crate::{Failed, Guard, NoTls, Resolve, System, Target, dial, exchange, target::Host, tls};

/// The most of a body that [`Outbound::get`] reads, whatever it is asked for.
pub const ANSWER_BYTES: usize = 1024 * 1024;
/// What [`Outbound::post`] reads of a body: enough to see what a server complains about.
const COMPLAINT_BYTES: usize = 4 * 1024;

/// How long each part may take. The whole contains the others, and the name's resolution.
#[derive(Clone, Copy)]
pub(crate) struct Deadlines {
    /// One attempt to connect to one address.
    pub(crate) connect: Duration,
    pub(crate) tls: Duration,
    pub(crate) whole: Duration,
}

pub(crate) const DEADLINES: Deadlines = Deadlines {
    connect: Duration::from_secs(3),
    tls: Duration::from_secs(5),
    whole: Duration::from_secs(15),
};

/// What a server answered.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Answer {
    /// The status, 3xx included: no redirect is followed.
    pub status: u16,
    /// For how many seconds it asked to be left alone (RFC 9110 §10.2.3, in seconds alone).
    pub retry_after_s: Option<u32>,
    /// The body, as far as it was read.
    pub body: Vec<u8>,
}

/// The client. It keeps no connection, no cookie and no cache, and reads no proxy from the environment. How many
/// requests are under way at once is the caller's to bound.
pub struct Outbound<R = System> {
    guard: Guard,
    resolver: R,
    tls: TlsConnector,
    deadlines: Deadlines,
}

impl Outbound {
    /// A client with this machine's resolver and root certificates. The sandbox does without the latter.
    pub fn new(guard: Guard) -> Result<Self, NoTls> {
        Self::with_resolver(guard, System)
    }
}

impl<R: Resolve> Outbound<R> {
    /// As [`Outbound::new`], with a resolver that says what names resolve to.
    pub fn with_resolver(guard: Guard, resolver: R) -> Result<Self, NoTls> {
        let roots = tls::roots_of_this_machine();
        if roots.is_empty() && guard == Guard::Public {
            return Err(NoTls::NoRoots);
        }
        Self::with(guard, resolver, roots, DEADLINES)
    }

    /// Posts `body`. Once the server has given a status, that is the answer, however its own body goes on: it is
    /// read for at most 4 KiB, and an end too early or too late is no failure.
    ///
    /// `headers` are in addition to `host`, `user-agent`, `connection` and `content-length`.
    pub async fn post(
        &self,
        target: &Target,
        headers: &[(&str, &str)],
        body: Bytes,
    ) -> Result<Answer, Failed> {
        let request = headers
            .iter()
            .fold(request(target).method("POST"), |request, (name, value)| {
                request.header(*name, *value)
            });
        let mut answer = None;
        let ended = self
            .exchange(target, request, body, COMPLAINT_BYTES, &mut answer)
            .await;
        match (answer, ended) {
            (Some(answer), _) => Ok(answer),
            (None, Err(failed)) => Err(failed),
            (None, Ok(())) => Err(Failed::Connection),
        }
    }

    /// Asks, and hears the whole answer, whose body is at most `max_bytes` long (never more than [`ANSWER_BYTES`]).
    ///
    /// `headers` are as with [`Self::post`].
    pub async fn ask(
        &self,
        method: &str,
        target: &Target,
        headers: &[(&str, &str)],
        body: Bytes,
        max_bytes: usize,
    ) -> Result<Answer, Failed> {
        let request = headers
            .iter()
            .fold(request(target).method(method), |request, (name, value)| {
                request.header(*name, *value)
            });
        let mut answer = None;
        let max_bytes = max_bytes.min(ANSWER_BYTES);
        self.exchange(target, request, body, max_bytes, &mut answer)
            .await?;
        answer.ok_or(Failed::Connection)
    }

    /// Gets what is there: the whole body of at most `max_bytes` (never more than [`ANSWER_BYTES`]), or a failure.
    pub async fn get(&self, target: &Target, max_bytes: usize) -> Result<Answer, Failed> {
        let mut answer = None;
        self.exchange(
            target,
            request(target).method("GET"),
            Bytes::new(),
            max_bytes.min(ANSWER_BYTES),
            &mut answer,
        )
        .await?;
        answer.ok_or(Failed::Connection)
    }

    pub(crate) fn with(
        guard: Guard,
        resolver: R,
        roots: RootCertStore,
        deadlines: Deadlines,
    ) -> Result<Self, NoTls> {
        Ok(Self {
            guard,
            resolver,
            tls: tls::connector(roots)?,
            deadlines,
        })
    }

    /// Fills `answer` as it comes in, so that the part of it that is there outlives a failure.
    async fn exchange(
        &self,
        target: &Target,
        request: Builder,
        body: Bytes,
        max_bytes: usize,
        answer: &mut Option<Answer>,
    ) -> Result<(), Failed> {
        let request = request.body(Full::new(body)).map_err(|_| Failed::Malformed)?;
        let exchange = async {
            let addresses = self.checked(target).await?;
            let stream = dial::connect(&addresses, self.deadlines.connect).await?;
            if target.secure {
                let name = target.host.server_name().ok_or(Failed::Tls)?;
                let stream = dial::secure(&self.tls, name, stream, self.deadlines.tls).await?;
                exchange::over(stream, request, max_bytes, answer).await
            } else {
                exchange::over(stream, request, max_bytes, answer).await
            }
        };
        timeout(self.deadlines.whole, exchange)
            .await
            .unwrap_or(Err(Failed::Timeout))
    }

    /// The addresses to connect to. This is the one time that a name is resolved: what is connected to is what was
    /// checked. One address that is refused refuses them all, for no honest name has such a one beside others.
    pub(crate) async fn checked(&self, target: &Target) -> Result<Vec<SocketAddr>, Failed> {
        if !target.secure && self.guard != Guard::Sandbox {
            return Err(Failed::Refused);
        }
        let addresses = match &target.host {
            Host::Address(address) => vec![*address],
            Host::Name(name) => self
                .resolver
                .addresses(name)
                .await
                .map_err(|_| Failed::NameNotFound)?,
        };
        if addresses.is_empty() {
            return Err(Failed::NameNotFound);
        }
        if !addresses.iter().all(|address| self.guard.allows(*address)) {
            return Err(Failed::Refused);
        }
        Ok(addresses
            .into_iter()
            .map(|address| SocketAddr::new(address, target.port))
            .collect())
    }
}

fn request(target: &Target) -> Builder {
    Request::builder()
        .uri(target.path.as_str())
        .header(HOST, &target.authority)
        .header(USER_AGENT, "farthing")
        .header(CONNECTION, "close")
}
