use std::{
    net::{IpAddr, Ipv6Addr, SocketAddr},
    sync::Arc,
};

use axum::{
    extract::{Request, State},
    http::{Extensions, HeaderMap},
    middleware::Next,
    response::{IntoResponse, Response},
};
use farthing_protocol::{Code, MerchantId};

use super::{Failure, Pace};
use crate::wiring::App;

const FORWARDED_FOR: &str = "x-forwarded-for";

/// Who is at the other end of the connection. The server puts it with each request.
#[derive(Clone, Copy)]
pub struct Peer(pub SocketAddr);

/// How often anybody may ask.
pub struct Paces {
    /// Each client's address, where shoppers ask; and wherever somebody comes with a wrong key.
    pub address: Pace<IpAddr>,
    /// Each merchant, whatever the key.
    pub merchant: Pace<MerchantId>,
    /// Whether a proxy stands in front, which adds the client's address to `X-Forwarded-For`.
    pub behind_proxy: bool,
}

/// Lets requests through as often as one address may ask.
pub async fn paced(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    if app.admits_client(request.extensions(), request.headers()) {
        next.run(request).await
    } else {
        Failure::from(Code::TooManyRequests).into_response()
    }
}

impl App {
    /// Whether the client of a request may ask once more. One whose address nobody knows may.
    pub(super) fn admits_client(&self, extensions: &Extensions, headers: &HeaderMap) -> bool {
        let peer = extensions.get::<Peer>().map(|Peer(address)| address.ip());
        let client = peer.and_then(|peer| client(peer, headers, self.paces.behind_proxy));
        client.is_none_or(|client| self.paces.address.admits(client, self.rules.now()))
    }
}

/// The client's address, or the network of an IPv6 address, of which one client has as many as it likes. None for this
/// machine: a proxy on it that hides its clients would have them all stopped for one.
fn client(peer: IpAddr, headers: &HeaderMap, behind_proxy: bool) -> Option<IpAddr> {
    // The last one is what the proxy added; what stands before it anybody may have written.
    let forwarded = || {
        let last = headers.get_all(FORWARDED_FOR).iter().next_back()?;
        let address = last.to_str().ok()?.rsplit(',').next()?.trim();
        address.parse().ok()
    };
    let named = if behind_proxy { forwarded() } else { None };
    match named.unwrap_or(peer).to_canonical() {
        address if named.is_none() && address.is_loopback() => None,
        IpAddr::V6(address) => {
            let network = address.to_bits() >> 64 << 64;
            Some(IpAddr::V6(Ipv6Addr::from_bits(network)))
        }
        address => Some(address),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(peer: &str, forwarded: &[&str], behind_proxy: bool) -> Option<String> {
        let mut headers = HeaderMap::new();
        for value in forwarded {
            headers.append(FORWARDED_FOR, value.parse().unwrap());
        }
        client(peer.parse().unwrap(), &headers, behind_proxy).map(|address| address.to_string())
    }

    fn some(text: &str) -> Option<String> {
        Some(text.to_owned())
    }

    #[test]
    fn without_a_proxy_nobody_can_say_who_they_are() {
        assert_eq!(of("203.0.113.9", &["198.51.100.1"], false), some("203.0.113.9"));
        assert_eq!(of("127.0.0.1", &["198.51.100.1"], false), None);
        assert_eq!(of("::1", &[], false), None);
    }

    #[test]
    fn behind_a_proxy_its_own_word_counts_and_nothing_before_it() {
        assert_eq!(of("127.0.0.1", &["198.51.100.1"], true), some("198.51.100.1"));
        assert_eq!(
            of("10.0.0.1", &["9.9.9.9, 198.51.100.1"], true),
            some("198.51.100.1")
        );
        assert_eq!(
            of("10.0.0.1", &["9.9.9.9", "198.51.100.1"], true),
            some("198.51.100.1")
        );
        assert_eq!(of("127.0.0.1", &["127.0.0.1"], true), some("127.0.0.1"));
        for silent in [&[] as &[&str], &["unknown"], &["198.51.100.1, "]] {
            assert_eq!(of("10.0.0.1", silent, true), some("10.0.0.1"));
            assert_eq!(of("127.0.0.1", silent, true), None);
        }
    }

    #[test]
    fn an_ipv6_client_is_its_network() {
        assert_eq!(of("2001:db8:1:2:3:4:5:6", &[], false), some("2001:db8:1:2::"));
        assert_eq!(of("::ffff:203.0.113.9", &[], false), some("203.0.113.9"));
    }
}
