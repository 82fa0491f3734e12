use std::fmt;

use serde::{Deserialize, Serialize, de};

use crate::limits;

/// Why a text is no origin that Farthing works with.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum OriginError {
    /// Neither `https://` nor `http://`.
    Scheme,
    /// `http://` is for the loopback alone: `localhost`, `127.0.0.1`, `[::1]`.
    Insecure,
    /// Not the form in which a browser writes an origin: lower case, ASCII, no path, no default port.
    Malformed,
}

impl OriginError {
    /// A sentence for whoever wrote the origin.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Scheme => "an origin begins with https:// (or http:// on the loopback)",
            Self::Insecure => "http:// is for localhost, 127.0.0.1 and [::1] only; use https://",
            Self::Malformed => "an origin is scheme://host or scheme://host:port, lower case, without a path",
        }
    }
}

impl fmt::Display for OriginError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A web origin in the one form that browsers write (RFC 6454 §6.2), so that equal origins are equal texts.
#[derive(Clone, Debug, Eq, Hash, PartialEq, Serialize)]
#[serde(transparent)]
pub struct Origin(String);

impl Origin {
    /// Accepts an origin that a page in a secure context can have.
    pub fn parse(text: &str) -> Result<Self, OriginError> {
        if text.len() > limits::ORIGIN_BYTES {
            return Err(OriginError::Malformed);
        }
        let (secure, rest) = if let Some(rest) = text.strip_prefix("https://") {
            (true, rest)
        } else if let Some(rest) = text.strip_prefix("http://") {
            (false, rest)
        } else {
            return Err(OriginError::Scheme);
        };
        let (host, port) = split_port(rest)?;
        if !is_host(host) {
            return Err(OriginError::Malformed);
        }
        if port == Some(if secure { 443 } else { 80 }) {
            return Err(OriginError::Malformed);
        }
        if !secure && !matches!(host, "localhost" | "127.0.0.1" | "[::1]") {
            return Err(OriginError::Insecure);
        }
        Ok(Self(text.to_owned()))
    }

    /// The origin as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Origin {
    fn deserialize<D: de::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).map_err(|error| de::Error::custom(error.as_str()))
    }
}

fn split_port(rest: &str) -> Result<(&str, Option<u16>), OriginError> {
    let after_host = rest.rfind(']').map_or(0, |end| end + 1);
    let Some(colon) = rest[after_host..].find(':') else {
        return Ok((rest, None));
    };
    let (host, port) = (&rest[..after_host + colon], &rest[after_host + colon + 1..]);
    let plain = !port.is_empty() && !port.starts_with('0') && port.bytes().all(|b| b.is_ascii_digit());
    match port.parse() {
        Ok(number) if plain => Ok((host, Some(number))),
        _ => Err(OriginError::Malformed),
    }
}

fn is_host(host: &str) -> bool {
    if let Some(inner) = host.strip_prefix('[').and_then(|h| h.strip_suffix(']')) {
        return inner.contains(':')
            && inner
                .bytes()
                .all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f' | b':'));
    }
    !host.is_empty()
        && host.split('.').all(|label| {
            !label.is_empty()
                && !label.starts_with('-')
                && !label.ends_with('-')
                && label
                    .bytes()
                    .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
        })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn accepts_what_browsers_write() {
        for good in [
            "https://shop.example",
            "https://shop.example:8443",
            "https://xn--bcher-kva.example",
            "http://localhost:8787",
            "http://127.0.0.1:8788",
            "http://[::1]:8788",
        ] {
            assert!(Origin::parse(good).is_ok(), "{good}");
        }
    }

    #[test]
    fn refuses_everything_else() {
        use OriginError::{Insecure, Malformed, Scheme};
        for (bad, why) in [
            ("", Scheme),
            ("null", Scheme),
            ("ftp://shop.example", Scheme),
            ("HTTPS://shop.example", Scheme),
            ("http://shop.example", Insecure),
            ("http://localhost.evil.example", Insecure),
            ("https://", Malformed),
            ("https://Shop.example", Malformed),
            ("https://shop.example/", Malformed),
            ("https://shop.example:443", Malformed),
            ("https://shop.example:0443", Malformed),
            ("https://shop.example:99999", Malformed),
            ("https://shop.example:", Malformed),
            ("https://shop..example", Malformed),
            ("https://user@shop.example", Malformed),
            ("https://shop.example https://evil.example", Malformed),
            ("https://shop.example;script-src", Malformed),
            ("https://*.example", Malformed),
            ("https://bücher.example", Malformed),
        ] {
            assert_eq!(Origin::parse(bad), Err(why), "{bad}");
        }
    }

    proptest! {
        #[test]
        fn no_text_panics(text in "\\PC{0,40}") {
            let _ = Origin::parse(&text);
            let _ = Origin::parse(&format!("https://{text}"));
        }

        /// Origins are written into the `frame-ancestors` header: none may carry a separator.
        #[test]
        fn an_accepted_origin_is_one_header_word(text in "[a-z0-9:/ ;,.\\[\\]-]{0,40}") {
            if let Ok(origin) = Origin::parse(&format!("https://{text}")) {
                prop_assert!(!origin.as_str().contains([' ', ';', ',', '\n']));
            }
        }
    }
}
