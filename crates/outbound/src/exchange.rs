use std::{io, pin::pin};

use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::{HeaderMap, Request, body::Incoming, client::conn::http1, header::RETRY_AFTER};
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite};

use crate::{Answer, Failed};

/// An answer's status line and headers, and what hyper holds of a body before it is taken.
const HEAD_BYTES: usize = 16 * 1024;
const HEADERS: usize = 64;

/// One request and its answer over `stream`, which ends with it.
pub(crate) async fn over(
    stream: impl AsyncRead + AsyncWrite + Unpin,
    request: Request<Full<Bytes>>,
    max_bytes: usize,
    answer: &mut Option<Answer>,
) -> Result<(), Failed> {
    let (mut sender, connection) = http1::Builder::new()
        .max_buf_size(HEAD_BYTES)
        .max_headers(HEADERS)
        .handshake(TokioIo::new(stream))
        .await
        .map_err(|error| why(&error))?;
    let mut exchange = pin!(async {
        let response = sender.send_request(request).await.map_err(|error| why(&error))?;
        let answer = answer.insert(Answer {
            status: response.status().as_u16(),
            retry_after_s: retry_after(response.headers()),
            body: Vec::new(),
        });
        read(response.into_body(), max_bytes, &mut answer.body).await
    });
    // The connection may end before all that it brought has been read.
    tokio::select! {
        biased;
        ended = &mut exchange => ended,
        _ = connection => exchange.await,
    }
}

fn retry_after(headers: &HeaderMap) -> Option<u32> {
    headers.get(RETRY_AFTER)?.to_str().ok()?.parse().ok()
}

/// Reads to the end, or until it is too large; `into` has what was read either way.
async fn read(mut body: Incoming, max_bytes: usize, into: &mut Vec<u8>) -> Result<(), Failed> {
    while let Some(frame) = body.frame().await {
        let Ok(data) = frame.map_err(|error| why(&error))?.into_data() else {
            continue;
        };
        let room = max_bytes - into.len();
        into.extend(data.iter().take(room));
        if data.len() > room {
            return Err(Failed::TooLarge);
        }
    }
    Ok(())
}

fn why(error: &hyper::Error) -> Failed {
    let source = std::error::Error::source(error).and_then(|source| source.downcast_ref::<io::Error>());
    let kind = source.map(io::Error::kind);
    if error.is_parse_too_large() {
        Failed::TooLarge
    } else if error.is_parse()
        || error.is_user()
        // What hyper says of a chunk that is none.
        || matches!(kind, Some(io::ErrorKind::InvalidData | io::ErrorKind::InvalidInput))
    {
        Failed::Malformed
    } else {
        Failed::Connection
    }
}
