use axum::{
    http::{HeaderMap, HeaderName, HeaderValue, header},
    response::{IntoResponse, Response},
};
use bytes::Bytes;

use crate::release::Asset;

/// Good for a few KB at each request: the higher levels take ten times as long for 2 % less.
const QUALITY: i32 = 9;

/// A file that is ready to be sent, compressed where the browser takes that.
pub fn asset(asset: &Asset, request: &HeaderMap) -> Response {
    let vary = (header::VARY, HeaderValue::from_static("Accept-Encoding"));
    let kind = (header::CONTENT_TYPE, HeaderValue::from_static(asset.content_type));
    match &asset.brotli {
        Some(brotli) if weight(request, &header::ACCEPT_ENCODING, "br") > 0 => {
            let encoding = (header::CONTENT_ENCODING, HeaderValue::from_static("br"));
            ([vary, kind, encoding], brotli.clone()).into_response()
        }
        Some(_) => ([vary, kind], asset.bytes.clone()).into_response(),
        None => ([kind], asset.bytes.clone()).into_response(),
    }
}

/// A page that was written for this request.
pub fn html(html: String, request: &HeaderMap) -> Response {
    let brotli = compress(html.as_bytes());
    asset(&Asset::new("page.html", Bytes::from(html), brotli), request)
}

fn compress(bytes: &[u8]) -> Option<Bytes> {
    let mut compressed = Vec::new();
    let params = brotli::enc::BrotliEncoderParams {
        quality: QUALITY,
        size_hint: bytes.len(),
        ..Default::default()
    };
    brotli::BrotliCompress(&mut &*bytes, &mut compressed, &params).ok()?;
    Some(compressed.into())
}

/// Whether a person reads the answer, rather than a program: `text/html` is asked for before JSON.
pub fn prefers_html(request: &HeaderMap) -> bool {
    weight(request, &header::ACCEPT, "text/html") > weight(request, &header::ACCEPT, "application/json")
}

/// The weight of `token` in a list like that of `Accept`, in thousandths; 0 where it is not named (RFC 9110 §12.4.2).
fn weight(request: &HeaderMap, name: &HeaderName, token: &str) -> u32 {
    let values = request
        .get_all(name)
        .iter()
        .filter_map(|value| value.to_str().ok());
    let mut items = values
        .flat_map(|value| value.split(','))
        .map(|item| item.split(';').map(str::trim));
    let found = items.find_map(|mut parts| {
        parts
            .next()
            .is_some_and(|name| name.eq_ignore_ascii_case(token))
            .then_some(parts)
    });
    let Some(mut parameters) = found else { return 0 };
    parameters
        .find_map(|parameter| parameter.strip_prefix("q="))
        .map_or(1000, thousandths)
}

fn thousandths(q: &str) -> u32 {
    let (whole, fraction) = q.split_once('.').unwrap_or((q, ""));
    let fraction: String = fraction.chars().chain("000".chars()).take(3).collect();
    match (whole, fraction.parse::<u32>()) {
        ("0", Ok(thousandths)) => thousandths,
        ("1", Ok(0)) => 1000,
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(name: HeaderName, value: &str) -> HeaderMap {
        HeaderMap::from_iter([(name, HeaderValue::from_str(value).unwrap())])
    }

    #[test]
    fn people_get_pages_and_programs_get_json() {
        for (accept, html) in [
            (
                "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
                true,
            ),
            ("application/json", false),
            ("*/*", false),
            ("", false),
            ("application/json, text/html;q=0.9", false),
            ("application/json;q=0.5, text/html;q=0.875", true),
            ("text/html;q=0", false),
            ("text/html;q=nonsense", false),
        ] {
            assert_eq!(prefers_html(&headers(header::ACCEPT, accept)), html, "{accept}");
        }
        assert!(!prefers_html(&HeaderMap::new()));
    }

    #[test]
    fn brotli_is_sent_to_those_who_take_it() {
        for (accept, encoded) in [
            ("gzip, deflate, br, zstd", true),
            ("br;q=0", false),
            ("gzip", false),
            ("brr", false),
        ] {
            let response = html("a".repeat(1000), &headers(header::ACCEPT_ENCODING, accept));
            let encoding = response.headers().get(header::CONTENT_ENCODING);
            assert_eq!(
                encoding.is_some_and(|encoding| encoding == "br"),
                encoded,
                "{accept}"
            );
            assert_eq!(response.headers()[header::VARY], "Accept-Encoding");
        }
    }
}
