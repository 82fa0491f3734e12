//! A web site of the test's own: pages that no honest merchant would serve.

use std::{
    collections::HashMap,
    net::Ipv4Addr,
    sync::{Arc, PoisonError, RwLock},
};

use axum::{
    Router,
    body::to_bytes,
    extract::Request,
    http::{HeaderName, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use futures_util::{FutureExt, future::BoxFuture};
use serde_json::Value;
use tokio::{net::TcpListener, task::JoinHandle};

/// More than any page of a test sends.
const BODY_BYTES: usize = 64 * 1024;

type Pages = Arc<RwLock<HashMap<String, Page>>>;
type Answering = dyn Fn(Value) -> BoxFuture<'static, Value> + Send + Sync;

#[derive(Clone)]
enum Page {
    Text(String, Vec<(HeaderName, HeaderValue)>),
    Answer(Arc<Answering>),
}

/// A site that serves what was put there, until it is dropped.
pub struct Site {
    pages: Pages,
    task: JoinHandle<()>,
}

impl Site {
    /// An empty site on `port`.
    ///
    /// # Panics
    /// If the port is taken.
    pub async fn serve(port: u16) -> Self {
        let pages = Pages::default();
        let shared = Arc::clone(&pages);
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await.unwrap();
        let router = Router::new().fallback(move |request: Request| {
            let found = {
                let pages = shared.read().unwrap_or_else(PoisonError::into_inner);
                pages.get(request.uri().path()).cloned()
            };
            async move {
                match found {
                    Some(page) => page.answer(request).await,
                    None => StatusCode::NOT_FOUND.into_response(),
                }
            }
        });
        let task = tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self { pages, task }
    }

    /// From now on `text` is what is at `path`: a script or a style sheet if that ends so, else a page.
    pub fn put(&self, path: &str, text: impl Into<String>) {
        self.put_with(path, text, &[]);
    }

    /// As [`Self::put`], with these headers.
    ///
    /// # Panics
    /// If they are none.
    pub fn put_with(&self, path: &str, text: impl Into<String>, headers: &[(&str, &str)]) {
        let headers = headers
            .iter()
            .map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap()));
        self.set(path, Page::Text(text.into(), headers.collect()));
    }

    /// From now on `answer` is asked at `path`, with the JSON that was sent, or null.
    pub fn answer<F: Future<Output = Value> + Send + 'static>(
        &self,
        path: &str,
        answer: impl Fn(Value) -> F + Send + Sync + 'static,
    ) {
        self.set(path, Page::Answer(Arc::new(move |asked| answer(asked).boxed())));
    }

    fn set(&self, path: &str, page: Page) {
        let mut pages = self.pages.write().unwrap_or_else(PoisonError::into_inner);
        pages.insert(path.to_owned(), page);
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Page {
    async fn answer(self, request: Request) -> Response {
        match self {
            Self::Text(text, headers) => {
                let path = request.uri().path();
                let kind = match path.rsplit_once('.') {
                    Some((_, "js")) => "text/javascript",
                    Some((_, "css")) => "text/css",
                    _ => "text/html",
                };
                let mut response =
                    ([(header::CONTENT_TYPE, format!("{kind}; charset=utf-8"))], text).into_response();
                response.headers_mut().extend(headers);
                response
            }
            Self::Answer(answer) => {
                let body = to_bytes(request.into_body(), BODY_BYTES)
                    .await
                    .unwrap_or_default();
                let asked = serde_json::from_slice(&body).unwrap_or_default();
                let kind = [(header::CONTENT_TYPE, "application/json")];
                (kind, answer(asked).await.to_string()).into_response()
            }
        }
    }
}
