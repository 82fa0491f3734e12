use std::time::Duration;

use axum::{
    body::Body,
    extract::{FromRequest, Request},
    http::{HeaderMap, HeaderValue, header},
    response::{IntoResponse, Response},
};
use bytes::Bytes;
use farthing_protocol::{Code, limits};
use http_body_util::{BodyExt, LengthLimitError, Limited};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::error::Category;
use sha2::{Digest, Sha256};

use super::Failure;

/// How long a body may take to arrive.
const ARRIVAL: Duration = Duration::from_secs(10);

/// A request's body: JSON of at most 16 KiB, of exactly the form of `T`.
pub struct JsonBody<T> {
    /// What it says.
    pub value: T,
    /// SHA-256 of the request: its path, a line's end, and the body, byte for byte. An idempotency key that comes
    /// with another address or another body is seen by it.
    pub sha256: [u8; 32],
}

impl<S: Sync, T: DeserializeOwned> FromRequest<S> for JsonBody<T> {
    type Rejection = Failure;

    async fn from_request(request: Request, _state: &S) -> Result<Self, Failure> {
        if !is_json(request.headers()) {
            return Err(Code::ContentTypeUnsupported.into());
        }
        let digest = Sha256::new()
            .chain_update(request.uri().path())
            .chain_update("\n");
        let bytes = collect(request.into_body()).await?;
        Ok(Self {
            value: parse(&bytes)?,
            sha256: digest.chain_update(&bytes).finalize().into(),
        })
    }
}

/// A form's body, as a page without script sends it: at most 16 KiB of names and values.
pub struct FormBody(pub Vec<(String, String)>);

impl<S: Sync> FromRequest<S> for FormBody {
    type Rejection = Failure;

    async fn from_request(request: Request, _state: &S) -> Result<Self, Failure> {
        let bytes = collect(request.into_body()).await?;
        Ok(Self(form_urlencoded::parse(&bytes).into_owned().collect()))
    }
}

/// Whether a form comes with the request, and not JSON.
pub fn is_form(headers: &HeaderMap) -> bool {
    headers
        .get(header::CONTENT_TYPE)
        .is_some_and(|value| value.as_bytes().starts_with(b"application/x-www-form-urlencoded"))
}

fn is_json(headers: &HeaderMap) -> bool {
    let text = headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    let mut parts = text.split(';').map(str::trim);
    parts
        .next()
        .is_some_and(|kind| kind.eq_ignore_ascii_case("application/json"))
        && parts.all(|part| part.eq_ignore_ascii_case("charset=utf-8"))
}

async fn collect(body: Body) -> Result<Bytes, Failure> {
    let whole = Limited::new(body, limits::BODY_BYTES).collect();
    match tokio::time::timeout(ARRIVAL, whole).await {
        Ok(Ok(body)) => Ok(body.to_bytes()),
        Ok(Err(error)) if error.is::<LengthLimitError>() => Err(Code::BodyTooLarge.into()),
        Ok(Err(_)) => Err(Failure::with_detail(Code::BodyMalformed, "it ended too early")),
        Err(_) => Err(Code::RequestTimeout.into()),
    }
}

fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Failure> {
    // serde would take a list for a struct as well, member by member.
    if bytes.trim_ascii_start().first() == Some(&b'[') {
        return Err(Failure::with_detail(
            Code::BodyMalformed,
            "an object is taken here, and no list",
        ));
    }
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    let value = serde_path_to_error::deserialize(&mut reader).map_err(|error| {
        let path = error.path().to_string();
        malformed(&path, error.inner())
    })?;
    reader.end().map_err(|error| malformed(".", &error))?;
    Ok(value)
}

/// Says where it is wrong. The parser's own words could repeat what came in, so they are dropped.
fn malformed(path: &str, error: &serde_json::Error) -> Failure {
    let what = match error.classify() {
        Category::Data => "not what is taken there, or missing, or one field too many",
        Category::Syntax | Category::Eof | Category::Io => "not JSON",
    };
    let place = format!("line {}, column {}", error.line(), error.column());
    // Names in the path are foreign too; those of this protocol are short, in lower case, without digits.
    let is_name = |c: char| c.is_ascii_lowercase() || "_.".contains(c);
    let own = path.split(['[', ']']).enumerate().all(|(part, text)| {
        if part % 2 == 0 {
            text.len() <= 40 && text.chars().all(is_name)
        } else {
            text.len() <= 4
        }
    });
    let detail = if own && path != "." {
        format!("{path} ({place}): {what}")
    } else {
        format!("{place}: {what}")
    };
    Failure::with_detail(Code::BodyMalformed, detail)
}

/// An answer's body.
pub struct Json<T>(pub T);

impl<T: Serialize> IntoResponse for Json<T> {
    fn into_response(self) -> Response {
        match serde_json::to_vec(&self.0) {
            Ok(bytes) => {
                let json = HeaderValue::from_static("application/json");
                ([(header::CONTENT_TYPE, json)], bytes).into_response()
            }
            Err(error) => Failure::internal(format!("writing an answer: {error}")).into_response(),
        }
    }
}

#[cfg(test)]
mod tests {
    use farthing_protocol::ChargeRequest;
    use serde_json::json;

    use super::*;

    fn detail(body: &str) -> String {
        parse::<ChargeRequest>(body.as_bytes())
            .err()
            .and_then(|failure| failure.detail)
            .unwrap_or_default()
    }

    #[test]
    fn details_say_where_and_repeat_nothing() {
        let token = farthing_protocol::PlainToken::from_random([7; 16]);
        let good = json!({"token": token.expose(), "order": "A-1", "amount": 150, "currency": "EUR"});
        assert!(parse::<ChargeRequest>(good.to_string().as_bytes()).is_ok());
        for (field, value, at) in [
            ("amount", json!("4242424242424242"), "amount (line 1"),
            ("currency", json!("4242"), "currency (line 1"),
            ("token", json!("tok_4242"), "token (line 1"),
            ("order", json!(["4242"]), "order (line 1"),
            ("4242424242424242", json!(1), "line 1"),
        ] {
            let mut bad = good.clone();
            bad[field] = value;
            let detail = detail(&bad.to_string());
            assert!(
                detail.starts_with(at) && !detail.contains("4242"),
                "{field}: {detail}"
            );
        }
        for bad in [
            "",
            "{",
            "4242",
            "[4242]",
            "\"4242\"",
            "{\"token\":4242",
            "null",
            "{} 4242",
        ] {
            let detail = detail(bad);
            assert!(!detail.is_empty() && !detail.contains("4242"), "{bad}: {detail}");
        }
    }

    #[test]
    fn only_json_is_json() {
        let is = |text: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::CONTENT_TYPE, HeaderValue::from_str(text).unwrap());
            is_json(&headers)
        };
        for good in [
            "application/json",
            "Application/JSON; charset=UTF-8",
            "application/json;charset=utf-8",
        ] {
            assert!(is(good), "{good}");
        }
        for bad in [
            "",
            "text/plain",
            "application/json; charset=latin1",
            "application/jsonp",
            "application/ld+json",
        ] {
            assert!(!is(bad), "{bad}");
        }
        assert!(!is_json(&HeaderMap::new()));
    }
}
