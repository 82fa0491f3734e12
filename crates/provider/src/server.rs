//! Connections: how many, how long, and how they end. HTTP/1.1 in the clear, for a proxy with TLS in front.

use std::{io, net::SocketAddr, sync::Arc, time::Duration};

use axum::Extension;
use hyper::server::conn::http1;
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    server::graceful::GracefulShutdown,
    service::TowerToHyperService,
};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::Semaphore,
    time::timeout,
};
use tokio_util::sync::CancellationToken;
use tower_layer::Layer;

use crate::{
    http::{Bounds, Peer},
    router,
    wiring::App,
    workers,
};

/// Connections at once. One more waits in the system's queue until another ends.
const CONNECTIONS: usize = 1024;
/// How long a request's head may take to arrive, and so how long a connection may be idle: longer than the 60
/// seconds that proxies keep one open, or a request would meet a connection that has just been closed.
const HEAD: Duration = Duration::from_secs(75);
/// How much of a request is held at once for a connection: no head is longer, and bodies are read piece by piece.
const BUFFER: usize = 64 * 1024;
/// How long a shutdown waits for requests, and then for charges.
const LAST: Duration = Duration::from_secs(30);
/// How long to wait when no connection can be taken: too many files are open.
const AFTER_A_REFUSAL: Duration = Duration::from_millis(100);

/// Serves until `stop`, then ends what was begun: no new connection, the requests under way answered, the
/// charges under way booked, each within 30 seconds.
pub async fn serve(listener: TcpListener, app: Arc<App>, stop: CancellationToken) {
    let workers = workers::start(&app, &stop);
    let router = router(&app, Bounds::default());
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new())
        .header_read_timeout(HEAD)
        .max_buf_size(BUFFER);
    let (graceful, connections) = (GracefulShutdown::new(), Arc::new(Semaphore::new(CONNECTIONS)));

    while let Some(taken) = stop.run_until_cancelled(listener.accept()).await {
        let Some((stream, peer)) = usable(taken) else {
            let _ = timeout(AFTER_A_REFUSAL, stop.cancelled()).await;
            continue;
        };
        let service = TowerToHyperService::new(Extension(Peer(peer)).layer(router.clone()));
        let connection = graceful.watch(http.serve_connection(TokioIo::new(stream), service));
        let permit = stop
            .run_until_cancelled(Arc::clone(&connections).acquire_owned())
            .await;
        tokio::spawn(async move {
            // How a connection breaks says nothing that anyone could act on.
            let _ = connection.await;
            drop(permit);
        });
    }

    drop(listener);
    tracing::info!("stopping: no new connections, waiting for those that are open");
    if timeout(LAST, graceful.shutdown()).await.is_err() {
        tracing::warn!("some requests were still not answered and are dropped");
    }
    app.tasks.close();
    if timeout(LAST, app.tasks.wait()).await.is_err() {
        tracing::warn!("some charges have no end yet; they are looked into after the next start");
    }
    workers.await;
}

fn usable(taken: io::Result<(TcpStream, SocketAddr)>) -> Option<(TcpStream, SocketAddr)> {
    let refused = match taken {
        Ok((stream, peer)) => match stream.set_nodelay(true) {
            Ok(()) => return Some((stream, peer)),
            Err(error) => error,
        },
        Err(error) => error,
    };
    tracing::warn!(error = %refused, "a connection could not be taken");
    None
}
