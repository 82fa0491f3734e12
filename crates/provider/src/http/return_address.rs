use farthing_protocol::Origin;

/// The longest address.
const BYTES: usize = 1024;

/// Where a page leads back to: an address on an origin that a merchant's page can have, without a fragment, which no form
/// sends.
pub struct ReturnAddress {
    text: String,
    origin: Origin,
}

impl ReturnAddress {
    /// Reads an absolute address, with a path, as browsers write it.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let plain = |byte: u8| byte.is_ascii_graphic() && !b"\"#<>\\^`{|}".contains(&byte);
        if text.len() > BYTES || !text.bytes().all(plain) {
            return None;
        }
        let (scheme, rest) = text.split_once("://")?;
        let (authority, _) = rest.split_once('/')?;
        let origin = Origin::parse(&format!("{scheme}://{authority}")).ok()?;
        Some(Self {
            text: text.to_owned(),
            origin,
        })
    }

    /// The address.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Its origin.
    #[must_use]
    pub fn origin(&self) -> &Origin {
        &self.origin
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_on_the_origin_that_it_shows() {
        for (text, origin) in [
            ("https://shop.example/", "https://shop.example"),
            ("https://shop.example/paid?order=A-1", "https://shop.example"),
            ("https://shop.example:8443/a/@b:c//d", "https://shop.example:8443"),
            ("http://127.0.0.1:8788/orders/1/token", "http://127.0.0.1:8788"),
        ] {
            let address = ReturnAddress::parse(text).unwrap();
            assert_eq!((address.as_str(), address.origin().as_str()), (text, origin));
        }
        for text in [
            "",
            "/paid",
            "//shop.example/",
            "https://shop.example",
            "https://shop.example?x=/",
            "https://shop.example#/",
            "https://shop.example/#token",
            "https://shop.example@evil.example/",
            "https://evil.example\\@shop.example/",
            "https://shop.example/\n",
            "https://shop.example/a b",
            "https://SHOP.example/",
            "http://shop.example/",
            "javascript://shop.example/%0aalert(1)",
        ] {
            assert!(ReturnAddress::parse(text).is_none(), "{text}");
        }
    }
}
