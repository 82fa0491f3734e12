//! All sites of the internet, as far as this benchmark's browser knows it: HTTP/2 over TLS, each host with a certificate
//! of its own, behind one line.

use std::{
    collections::HashMap,
    convert::Infallible,
    fmt,
    net::Ipv4Addr,
    sync::{Arc, Mutex, PoisonError},
    time::{SystemTime, UNIX_EPOCH},
};

use base64ct::{Base64, Encoding};
use brotli::CompressorWriter;
use bytes::Bytes;
use farthing_journeys::http as upstream;
use http::{HeaderMap, HeaderValue, Request, Response, StatusCode, header};
use http_body_util::{BodyExt, Full};
use hyper::{body::Incoming, server::conn::http2, service::service_fn};
use hyper_util::rt::{TokioExecutor, TokioIo};
use rcgen::{CertificateParams, KeyPair, PublicKeyData};
use rustls::{
    ServerConfig,
    crypto::aws_lc_rs::{self, sign::any_ecdsa_type},
    pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer},
    server::{ClientHello, ResolvesServerCert},
    sign::CertifiedKey,
};
use sha2::{Digest, Sha256};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::TcpListener,
    task::JoinHandle,
};
use tokio_rustls::TlsAcceptor;

use crate::line::Line;

/// What a server keeps ready for the line: more would leave in the order in which it was written, whatever is asked for
/// meanwhile.
const BUFFER: usize = 16 * 1024;

/// What the peers' pages with a field in them are called.
const FIELDS: [&str; 2] = ["securedFields", "hosted-fields-frame"];

/// What the sites serve, by host and path without query.
#[derive(Default)]
pub struct Sites {
    files: HashMap<(String, String), File>,
    /// Hosts whose other paths are stand-ins: the least that can be there.
    stand_ins: Vec<String>,
    /// A host whose other paths are those of the server at this address.
    behind: Option<(String, String)>,
}

struct File {
    kind: &'static str,
    plain: Bytes,
    brotli: Bytes,
}

/// An answer that was given.
#[derive(Clone)]
pub struct Given {
    /// When it was asked for: milliseconds since 1970.
    pub at: f64,
    /// The host and the path.
    pub what: String,
    /// Bytes of its body, as they were sent.
    pub bytes: usize,
}

/// The running servers; they end when this is dropped.
pub struct Servers {
    /// Where all of them listen.
    pub port: u16,
    /// What the browser is to trust: the hash of their key.
    pub key_hash: String,
    shared: Arc<Shared>,
    task: JoinHandle<()>,
}

struct Shared {
    sites: Sites,
    given: Mutex<Vec<Given>>,
}

impl Sites {
    /// A page, a script or a style sheet.
    pub fn put(&mut self, host: &str, path: &str, text: impl Into<Bytes>) {
        let kind = match path.rsplit_once('.') {
            Some((_, "js")) => "text/javascript; charset=utf-8",
            Some((_, "css")) => "text/css; charset=utf-8",
            Some((_, "json")) => "application/json",
            _ => "text/html; charset=utf-8",
        };
        let plain: Bytes = text.into();
        let mut writer = CompressorWriter::new(Vec::new(), 64 * 1024, 11, 22);
        std::io::Write::write_all(&mut writer, &plain).unwrap();
        let file = File {
            kind,
            brotli: writer.into_inner().into(),
            plain,
        };
        self.files.insert((host.to_owned(), path.to_owned()), file);
    }

    /// What stands behind a host: a server that speaks plain HTTP.
    pub fn put_behind(&mut self, host: &str, address: &str) {
        self.behind = Some((host.to_owned(), address.to_owned()));
    }

    /// Hosts below this one have empty stand-ins.
    pub fn stand_in(&mut self, domain: &str) {
        self.stand_ins.push(domain.to_owned());
    }

    fn stands_in(&self, host: &str) -> bool {
        self.stand_ins
            .iter()
            .any(|domain| host.ends_with(domain.as_str()))
    }
}

impl Servers {
    /// Starts them behind `line`, or behind none.
    pub async fn start(sites: Sites, line: Option<Line>) -> Self {
        let key = KeyPair::generate().unwrap();
        let key_hash = Base64::encode_string(&Sha256::digest(key.subject_public_key_info()));
        let mut config = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_cert_resolver(Arc::new(Certificates(key)));
        config.alpn_protocols = vec![b"h2".to_vec()];
        let acceptor = TlsAcceptor::from(Arc::new(config));
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let shared = Arc::new(Shared {
            sites,
            given: Mutex::default(),
        });
        let shared_by_all = Arc::clone(&shared);
        let task = tokio::spawn(async move {
            loop {
                let (browser, _) = listener.accept().await.unwrap();
                browser.set_nodelay(true).unwrap();
                let (acceptor, shared) = (acceptor.clone(), Arc::clone(&shared_by_all));
                match line.clone() {
                    None => drop(tokio::spawn(serve(browser, acceptor, shared))),
                    Some(line) => {
                        let (far, near) = tokio::io::duplex(BUFFER);
                        tokio::spawn(serve(near, acceptor, shared));
                        tokio::spawn(async move { line.carry(browser, far).await });
                    }
                }
            }
        });
        Self {
            port,
            key_hash,
            shared,
            task,
        }
    }

    /// What was given since this was asked last.
    pub fn given(&self) -> Vec<Given> {
        let mut given = self.shared.given.lock().unwrap_or_else(PoisonError::into_inner);
        std::mem::take(&mut *given)
    }
}

impl Drop for Servers {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn serve(
    stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
    acceptor: TlsAcceptor,
    shared: Arc<Shared>,
) {
    let Ok(stream) = acceptor.accept(stream).await else {
        return;
    };
    let service = service_fn(move |request| {
        let shared = Arc::clone(&shared);
        async move { Ok::<_, Infallible>(shared.answer(request).await) }
    });
    // A browser that ends leaves its connections as they are.
    let _gone = http2::Builder::new(TokioExecutor::new())
        .serve_connection(TokioIo::new(stream), service)
        .await;
}

impl Shared {
    async fn answer(&self, request: Request<Incoming>) -> Response<Full<Bytes>> {
        let at = now();
        let host = request
            .uri()
            .authority()
            .map(|authority| authority.host().to_owned())
            .unwrap_or_default();
        let path = request.uri().path().to_owned();
        let answer = self.find(&host, request).await;
        let given = Given {
            at,
            what: format!("{host}{path}"),
            bytes: usize::try_from(hyper::body::Body::size_hint(answer.body()).lower()).unwrap_or(0),
        };
        self.given
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(given);
        answer
    }

    async fn find(&self, host: &str, request: Request<Incoming>) -> Response<Full<Bytes>> {
        let sites = &self.sites;
        let place = (host.to_owned(), request.uri().path().to_owned());
        if let Some(file) = sites.files.get(&place) {
            return file.answer(request.headers());
        }
        match &sites.behind {
            Some((behind, address)) if behind == host => pass(address, request).await,
            _ if sites.stands_in(host) => stand_in(&request),
            _ => status(StatusCode::NOT_FOUND),
        }
    }
}

impl File {
    fn answer(&self, asked: &HeaderMap) -> Response<Full<Bytes>> {
        let takes_brotli = asked
            .get(header::ACCEPT_ENCODING)
            .and_then(|value| value.to_str().ok())
            .is_some_and(|value| value.contains("br"));
        let mut answer = Response::new(Full::new(if takes_brotli {
            self.brotli.clone()
        } else {
            self.plain.clone()
        }));
        let headers = answer.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(self.kind));
        for name in [
            header::ACCESS_CONTROL_ALLOW_ORIGIN,
            header::ACCESS_CONTROL_ALLOW_HEADERS,
        ] {
            headers.insert(name, HeaderValue::from_static("*"));
        }
        if takes_brotli {
            headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static("br"));
        }
        answer
    }
}

/// The server behind answers.
async fn pass(address: &str, request: Request<Incoming>) -> Response<Full<Bytes>> {
    let (head, body) = request.into_parts();
    let Ok(body) = body.collect().await else {
        return status(StatusCode::BAD_REQUEST);
    };
    let path = head.uri.path_and_query().map_or("/", |path| path.as_str());
    let mut asked = Request::new(Full::new(body.to_bytes()));
    *asked.method_mut() = head.method;
    *asked.uri_mut() = format!("{address}{path}").parse().unwrap();
    *asked.headers_mut() = head.headers;
    // It knows itself by its own address, and answers no frame from elsewhere.
    if let Some(origin) = asked.headers_mut().get_mut(header::ORIGIN) {
        *origin = address.parse().unwrap();
    }
    let Some(given) = upstream::send(asked).await else {
        return status(StatusCode::BAD_GATEWAY);
    };
    let mut answer = Response::new(Full::new(given.body));
    *answer.status_mut() = StatusCode::from_u16(given.status).unwrap();
    *answer.headers_mut() = given.headers;
    // These are of one connection, and HTTP/2 has none of them.
    for of_connection in [
        header::CONNECTION,
        header::TRANSFER_ENCODING,
        header::CONTENT_LENGTH,
    ] {
        answer.headers_mut().remove(of_connection);
    }
    answer
}

/// Less than any frame is: one field, if it is a frame for one. Whatever else is asked for is empty.
fn stand_in(request: &Request<Incoming>) -> Response<Full<Bytes>> {
    let framed = request
        .headers()
        .get("sec-fetch-dest")
        .is_some_and(|kind| kind == "iframe");
    let path = request.uri().path();
    let (kind, body) = match framed {
        true if FIELDS.iter().any(|name| path.contains(name)) => {
            ("text/html", "<!doctype html><title>.</title><input>")
        }
        true => ("text/html", "<!doctype html><title>.</title>"),
        false => ("application/json", "{}"),
    };
    let mut answer = Response::new(Full::new(Bytes::from_static(body.as_bytes())));
    let origin = request.headers().get(header::ORIGIN).cloned();
    let headers = answer.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    // One page serves several frames.
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("max-age=600"));
    if let Some(origin) = origin {
        headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
        for (name, value) in [
            ("access-control-allow-headers", "content-type, x-clientkey"),
            ("access-control-allow-credentials", "true"),
        ] {
            headers.insert(name, HeaderValue::from_static(value));
        }
    }
    answer
}

fn status(status: StatusCode) -> Response<Full<Bytes>> {
    let mut answer = Response::new(Full::default());
    *answer.status_mut() = status;
    answer
}

/// One key, and a certificate of its own for each host: a browser takes one connection for hosts that share one.
struct Certificates(KeyPair);

impl fmt::Debug for Certificates {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Certificates")
    }
}

impl ResolvesServerCert for Certificates {
    fn resolve(&self, hello: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        let host = hello.server_name()?.to_owned();
        let certificate = CertificateParams::new([host]).ok()?.self_signed(&self.0).ok()?;
        let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(self.0.serialize_der()));
        let key = any_ecdsa_type(&key).ok()?;
        Some(Arc::new(CertifiedKey::new(vec![certificate.der().clone()], key)))
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "the browser's clock, which is this machine's"
)]
fn now() -> f64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default()
        .as_secs_f64()
        * 1_000.0
}
