use std::{net::SocketAddr, time::Duration};

use rustls::pki_types::ServerName;
use tokio::{net::TcpStream, time::timeout};
use tokio_rustls::{TlsConnector, client::TlsStream};

use crate::Failed;

/// How many of a name's addresses are tried: a name may have thousands, and each is somebody's machine.
const ADDRESSES: usize = 8;

/// Connects to the first address that can be connected to; each may take as long as `deadline`.
pub(crate) async fn connect(addresses: &[SocketAddr], deadline: Duration) -> Result<TcpStream, Failed> {
    let mut failed = Failed::Connection;
    for address in addresses.iter().take(ADDRESSES) {
        match timeout(deadline, TcpStream::connect(address)).await {
            Ok(Ok(stream)) => return Ok(stream),
            Ok(Err(_)) => {}
            Err(_) => failed = Failed::Timeout,
        }
    }
    Err(failed)
}

/// Makes sure of who is at the other end.
pub(crate) async fn secure(
    tls: &TlsConnector,
    name: ServerName<'static>,
    stream: TcpStream,
    deadline: Duration,
) -> Result<TlsStream<TcpStream>, Failed> {
    timeout(deadline, tls.connect(name, stream))
        .await
        .map_err(|_| Failed::Timeout)?
        .map_err(|_| Failed::Tls)
}
