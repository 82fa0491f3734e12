//! The line between the browser and the provider, with its faults.

use std::{
    net::Ipv4Addr,
    pin::Pin,
    sync::{Arc, PoisonError, RwLock},
    task::{Context, Poll},
};

use axum::{
    Router,
    body::{Body, HttpBody},
    extract::Request,
    response::Response,
};
use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::body::Frame;
use tokio::{net::TcpListener, sync::watch, task::JoinHandle};

use crate::http::{Answer, send};

/// What becomes of an answer on its way. `None`: it is lost, and the connection with it.
pub type Fault = dyn Fn(&str, Answer) -> Option<Answer> + Send + Sync;

/// The end of no path.
const NOTHING: &str = " ";

/// A line that carries everything to the provider behind it, until it is dropped.
pub struct Wire {
    fault: Arc<RwLock<Arc<Fault>>>,
    /// What is held back now: the end of the paths.
    held: watch::Sender<&'static str>,
    task: JoinHandle<()>,
}

impl Wire {
    /// A faultless line from `port` to the provider on `to`.
    ///
    /// # Panics
    /// If the port is taken.
    pub async fn lay(port: u16, to: u16) -> Self {
        let fault: Arc<RwLock<Arc<Fault>>> = Arc::new(RwLock::new(Arc::new(|_: &str, answer| Some(answer))));
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await.unwrap();
        let shared = Arc::clone(&fault);
        let (held, holding) = watch::channel(NOTHING);
        let router = Router::new().fallback(move |request: Request| {
            let fault = Arc::clone(&shared.read().unwrap_or_else(PoisonError::into_inner));
            let mut holding = holding.clone();
            async move {
                let path = request.uri().path().to_owned();
                drop(holding.wait_for(|held| !path.ends_with(held)).await);
                carry(request, to, fault).await
            }
        });
        let task = tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self { fault, held, task }
    }

    /// From now on requests whose path ends so wait, until [`Self::let_go`].
    pub fn hold(&self, end_of_path: &'static str) {
        self.held.send_replace(end_of_path);
    }

    /// What was held back goes on.
    pub fn let_go(&self) {
        self.held.send_replace(NOTHING);
    }

    /// From now on every answer goes through `fault`, which is told the request: `POST /v1/tokens`.
    pub fn has(&self, fault: impl Fn(&str, Answer) -> Option<Answer> + Send + Sync + 'static) {
        *self.fault.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(fault);
    }
}

impl Drop for Wire {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn carry(request: Request, to: u16, fault: Arc<Fault>) -> Response {
    let what = format!("{} {}", request.method(), request.uri().path());
    let answer = send(readdressed(request, to).await).await.unwrap();
    handed_on(fault(&what, answer))
}

/// `request`, read whole, for whoever listens on `to`.
///
/// # Panics
/// If it breaks off.
pub async fn readdressed(request: Request, to: u16) -> http::Request<Full<Bytes>> {
    let (mut head, body) = request.into_parts();
    let path = head.uri.path_and_query().map_or("/", |path| path.as_str());
    head.uri = format!("http://127.0.0.1:{to}{path}").parse().unwrap();
    let body: Bytes = body.collect().await.unwrap().to_bytes();
    http::Request::from_parts(head, Full::new(body))
}

/// `answer` for whoever asked. Without one the connection breaks before a byte of it.
///
/// # Panics
/// If its status is none.
#[must_use]
pub fn handed_on(answer: Option<Answer>) -> Response {
    let Some(Answer {
        status,
        headers,
        body,
    }) = answer
    else {
        return Response::new(Body::new(Lost));
    };
    let mut response = Response::new(body.into());
    *response.status_mut() = http::StatusCode::from_u16(status).unwrap();
    *response.headers_mut() = headers;
    // Said anew for what is sent now.
    response.headers_mut().remove(http::header::TRANSFER_ENCODING);
    response.headers_mut().remove(http::header::CONTENT_LENGTH);
    response
}

/// A body that breaks before it begins: the server closes the connection without a byte of the answer.
struct Lost;

impl HttpBody for Lost {
    type Data = Bytes;
    type Error = std::io::Error;

    fn poll_frame(
        self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        Poll::Ready(Some(Err(std::io::ErrorKind::ConnectionReset.into())))
    }
}
