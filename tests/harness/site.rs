//! A web site of the test's own: pages that no honest merchant would serve.

use std::{
    collections::HashMap,
    net::Ipv4Addr,
    sync::{Arc, PoisonError, RwLock},
};

use axum::{
    Router,
    http::{StatusCode, Uri, header},
    response::{IntoResponse, Response},
};
use tokio::{net::TcpListener, task::JoinHandle};

type Pages = Arc<RwLock<HashMap<String, String>>>;

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
        let router = Router::new().fallback(move |uri: Uri| {
            let answer = page(&shared, uri.path());
            async move { answer }
        });
        let task = tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self { pages, task }
    }

    /// From now on `text` is what is at `path`: a script if that ends in `.js`, else a page.
    pub fn put(&self, path: &str, text: impl Into<String>) {
        let mut pages = self.pages.write().unwrap_or_else(PoisonError::into_inner);
        pages.insert(path.to_owned(), text.into());
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        self.task.abort();
    }
}

fn page(pages: &Pages, path: &str) -> Response {
    let pages = pages.read().unwrap_or_else(PoisonError::into_inner);
    match pages.get(path) {
        Some(text) => {
            let kind = if path.ends_with(".js") {
                "text/javascript"
            } else {
                "text/html"
            };
            (
                [(header::CONTENT_TYPE, format!("{kind}; charset=utf-8"))],
                text.clone(),
            )
                .into_response()
        }
        None => StatusCode::NOT_FOUND.into_response(),
    }
}
