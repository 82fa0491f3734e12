use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use hyper::http::uri::PathAndQuery;
use rustls::pki_types::ServerName;

use crate::Guard;

/// The longest target, as text.
pub const TARGET_BYTES: usize = 2_048;

/// DNS's own limits (RFC 1035 §2.3.4), in characters as they are written.
const NAME_BYTES: usize = 253;
const LABEL_BYTES: usize = 63;

/// Why a text is no target.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub enum TargetError {
    /// Longer than [`TARGET_BYTES`].
    #[error("the address is longer than 2048 bytes")]
    TooLong,
    /// Not `https://`.
    #[error("the address begins with https://")]
    Scheme,
    /// Not the one form that is taken. Other spellings of the same host are not guessed at.
    #[error(
        "the address is https://host/path or https://host:port/path: the host in lower case and ASCII, \
         without user name, fragment, or dot at the end"
    )]
    Malformed,
    /// An address written in numbers that may not be asked.
    #[error("the address is not one on the public internet")]
    Refused,
}

/// Where a request goes, checked once. Merchants put secrets into paths, so it has no `Debug`.
#[derive(Clone, Eq, PartialEq)]
pub struct Target {
    pub(crate) secure: bool,
    pub(crate) host: Host,
    pub(crate) port: u16,
    /// Host and port as they were written, for the `host` header.
    pub(crate) authority: String,
    pub(crate) path: PathAndQuery,
}

#[derive(Clone, Eq, PartialEq)]
pub(crate) enum Host {
    Name(String),
    Address(IpAddr),
}

impl Target {
    /// Accepts `text` if `guard` allows it. A name's addresses are checked when it is asked, not here.
    pub fn parse(text: &str, guard: Guard) -> Result<Self, TargetError> {
        if text.len() > TARGET_BYTES {
            return Err(TargetError::TooLong);
        }
        let (secure, rest) = if let Some(rest) = text.strip_prefix("https://") {
            (true, rest)
        } else if let Some(rest) = text.strip_prefix("http://").filter(|_| guard == Guard::Sandbox) {
            (false, rest)
        } else {
            return Err(TargetError::Scheme);
        };
        // The fragment is looked for here because hyper drops it without a word.
        if rest.contains(['#', '\\']) || !rest.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(TargetError::Malformed);
        }
        let (authority, path) = rest.split_at(rest.find(['/', '?']).unwrap_or(rest.len()));
        let (host, port) = split_port(authority).ok_or(TargetError::Malformed)?;
        let host = Host::parse(host).ok_or(TargetError::Malformed)?;
        if matches!(host, Host::Address(address) if !guard.allows(address)) {
            return Err(TargetError::Refused);
        }
        Ok(Self {
            secure,
            host,
            port: port.unwrap_or(if secure { 443 } else { 80 }),
            authority: authority.to_owned(),
            path: parse_path(path).ok_or(TargetError::Malformed)?,
        })
    }
}

impl Host {
    fn parse(text: &str) -> Option<Self> {
        if let Some(inner) = text.strip_prefix('[') {
            let address: Ipv6Addr = inner.strip_suffix(']')?.parse().ok()?;
            return Some(Self::Address(address.into()));
        }
        // A browser takes each host that ends in a number for IPv4, in any of its old spellings; here it is four
        // decimal numbers, or nothing.
        let last = text.rsplit('.').next()?;
        if last.starts_with(|sign: char| sign.is_ascii_digit()) {
            let address: Ipv4Addr = text.parse().ok()?;
            return Some(Self::Address(address.into()));
        }
        let name = text.len() <= NAME_BYTES && text.split('.').all(is_label);
        name.then(|| Self::Name(text.to_owned()))
    }

    /// Whom the certificate must be for.
    pub(crate) fn server_name(&self) -> Option<ServerName<'static>> {
        match self {
            Self::Name(name) => ServerName::try_from(name.clone()).ok(),
            Self::Address(address) => Some((*address).into()),
        }
    }
}

fn split_port(authority: &str) -> Option<(&str, Option<u16>)> {
    let after_host = authority.rfind(']').map_or(0, |end| end + 1);
    let (_, rest) = authority.split_at_checked(after_host)?;
    let Some(colon) = rest.find(':') else {
        return Some((authority, None));
    };
    let (host, port) = authority.split_at_checked(after_host + colon)?;
    let port = port.strip_prefix(':')?;
    let plain = !port.starts_with('0') && port.bytes().all(|byte| byte.is_ascii_digit());
    match port.parse() {
        Ok(number) if plain => Some((host, Some(number))),
        _ => None,
    }
}

fn is_label(label: &str) -> bool {
    (1..=LABEL_BYTES).contains(&label.len())
        && !label.starts_with('-')
        && !label.ends_with('-')
        && label
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
}

fn parse_path(path: &str) -> Option<PathAndQuery> {
    if path.starts_with('/') {
        path.parse().ok()
    } else {
        format!("/{path}").parse().ok()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn public(text: &str) -> Result<Target, TargetError> {
        Target::parse(text, Guard::Public)
    }

    fn refusal(text: &str) -> Option<TargetError> {
        public(text).err()
    }

    #[test]
    fn reads_what_is_asked_for() {
        for (text, port, authority, path) in [
            ("https://shop.example", 443, "shop.example", "/"),
            ("https://shop.example/", 443, "shop.example", "/"),
            (
                "https://shop.example:8443/hook?a=%20b&c",
                8443,
                "shop.example:8443",
                "/hook?a=%20b&c",
            ),
            ("https://shop.example?a", 443, "shop.example", "/?a"),
            (
                "https://xn--bcher-kva.example/b",
                443,
                "xn--bcher-kva.example",
                "/b",
            ),
            (
                "https://1password.example/@me:1",
                443,
                "1password.example",
                "/@me:1",
            ),
            ("https://1.1.1.1/", 443, "1.1.1.1", "/"),
            (
                "https://[2606:4700::1111]:444/",
                444,
                "[2606:4700::1111]:444",
                "/",
            ),
        ] {
            let target = public(text).ok().unwrap();
            let read = (target.port, target.authority.as_str(), target.path.as_str());
            assert_eq!(read, (port, authority, path), "{text}");
            assert!(target.host.server_name().is_some(), "{text}");
        }
    }

    #[test]
    fn only_the_sandbox_speaks_http_and_to_itself() {
        for text in ["http://shop.example/", "http://localhost:8787/"] {
            assert_eq!(refusal(text), Some(TargetError::Scheme), "{text}");
            assert!(Target::parse(text, Guard::Sandbox).is_ok(), "{text}");
        }
        for text in ["https://127.0.0.1/", "https://[::1]/", "https://10.0.0.1:8443/"] {
            assert_eq!(refusal(text), Some(TargetError::Refused), "{text}");
            assert!(Target::parse(text, Guard::Sandbox).is_ok(), "{text}");
        }
    }

    #[test]
    fn other_schemes_are_refused() {
        for text in [
            "",
            "shop.example",
            "//shop.example/",
            "HTTPS://shop.example/",
            " https://shop.example/",
            "https:/shop.example/",
            "https:shop.example",
            "ftp://shop.example/",
            "file:///etc/passwd",
            "gopher://127.0.0.1:6379/_",
        ] {
            assert_eq!(refusal(text), Some(TargetError::Scheme), "{text}");
        }
    }

    /// Spellings that some reader somewhere takes for an address of this machine, or for another host than the eye.
    #[test]
    fn tricks_are_refused() {
        for text in [
            "https://",
            "https:///path",
            "https://2130706433/",
            "https://0x7f.1/",
            "https://0x7f000001/",
            "https://0177.0.0.1/",
            "https://127.1/",
            "https://127.0.0.1./",
            "https://127.0.0.01/",
            "https://1.2.3.4.5/",
            "https://shop.example.0/",
            "https://shop.example.0x1/",
            "https://localhost./",
            "https://shop.example./",
            "https://.shop.example/",
            "https://shop..example/",
            "https://shop.example@127.0.0.1/",
            "https://127.0.0.1@shop.example/",
            "https://user:pass@shop.example/",
            "https://@shop.example/",
            "https://shop.example:443@127.0.0.1/",
            "https://shop.example\\@127.0.0.1/",
            "https://shop.example#@127.0.0.1/",
            "https://shop.example/#fragment",
            "https://shop.example:/",
            "https://shop.example:0/",
            "https://shop.example:00443/",
            "https://shop.example:65536/",
            "https://shop.example:+443/",
            "https://shop.example:443:444/",
            "https://[::1/",
            "https://::1/",
            "https://[::1]]/",
            "https://[fe80::1%25eth0]/",
            "https://[fe80::1%eth0]/",
            "https://[::1]x/",
            "https://[127.0.0.1]/",
            "https://[v1.a]/",
            "https://%31%32%37.0.0.1/",
            "https://127%2e0.0.1/",
            "https://shop%00.example/",
            "https://Shop.example/",
            "https://b\u{fc}cher.example/",
            "https://\u{2460}\u{2461}\u{2466}.0.0.1/",
            "https://127\u{3002}0.0.1/",
            "https://-shop.example/",
            "https://shop-.example/",
            "https://shop_1.example/",
            "https://shop.example /",
            "https://shop.example/a b",
            "https://shop.example/\r\nx: y",
            "https://shop.example/\t",
            "https://shop.example/\u{7f}",
            "https://shop.example/\u{e9}",
        ] {
            assert_eq!(refusal(text), Some(TargetError::Malformed), "{text:?}");
        }
        for text in [
            "https://[::ffff:127.0.0.1]/",
            "https://[::127.0.0.1]/",
            "https://[64:ff9b::7f00:1]/",
            "https://[2002:7f00:1::]/",
            "https://[fe80::1]/",
            "https://0.0.0.0/",
            "https://169.254.169.254/latest/meta-data",
        ] {
            assert_eq!(refusal(text), Some(TargetError::Refused), "{text}");
        }
    }

    #[test]
    fn lengths_are_bounded() {
        let of = |length: usize| format!("https://shop.example/{}", "a".repeat(length - 21));
        assert!(public(&of(TARGET_BYTES)).is_ok());
        assert_eq!(refusal(&of(TARGET_BYTES + 1)), Some(TargetError::TooLong));
        let label = "a".repeat(LABEL_BYTES);
        let name = [label.as_str(); 4].join(".");
        assert!(public(&format!("https://{}/", &name[..NAME_BYTES])).is_ok());
        assert_eq!(refusal(&format!("https://{name}/")), Some(TargetError::Malformed));
        assert_eq!(
            refusal(&format!("https://{label}a.example/")),
            Some(TargetError::Malformed)
        );
    }

    proptest! {
        #[test]
        fn no_text_panics(text in "\\PC{0,60}") {
            for guard in [Guard::Public, Guard::Sandbox] {
                let _ = Target::parse(&text, guard);
                let _ = Target::parse(&format!("https://{text}"), guard);
            }
        }

        /// The authority and the path are written into the head of a request: neither may carry a separator.
        #[test]
        fn what_is_accepted_is_one_word(text in "[a-z0-9:/ ?@%\\r\\n.\\[\\]-]{0,40}") {
            if let Ok(target) = public(&format!("https://{text}")) {
                for part in [target.authority.as_str(), target.path.as_str()] {
                    prop_assert!(part.bytes().all(|byte| byte.is_ascii_graphic()), "{part:?}");
                }
                prop_assert!(!target.authority.contains(['@', '/', '?', '%']));
            }
        }

        /// However the numbers are spelled, only the plain spelling is taken, and only of a public address.
        #[test]
        fn numbers_are_read_in_one_way(address: u32, spelling in 0usize..5) {
            let plain = Ipv4Addr::from_bits(address);
            let [a, b, c, d] = plain.octets();
            let text = match spelling {
                0 => format!("{address}"),
                1 => format!("0x{address:x}"),
                2 => format!("0{a:o}.{b}.{c}.{d}"),
                3 => format!("{a}.{b}.{}", u16::from_be_bytes([c, d])),
                _ => format!("0x{a:x}.{b}.{c}.{d}"),
            };
            prop_assert_eq!(refusal(&format!("https://{text}/")), Some(TargetError::Malformed));
            let whole = refusal(&format!("https://{plain}/"));
            prop_assert_eq!(whole.is_none(), Guard::Public.allows(plain.into()));
        }
    }
}
