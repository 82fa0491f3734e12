use std::sync::Arc;

use axum::{
    extract::FromRequestParts,
    http::{header, request::Parts},
};
use farthing_protocol::Code;

use super::Failure;
use crate::wiring::App;

/// Says that the request is not one that a page of another origin made in a browser: the addresses that the
/// frame alone uses take none of those.
pub struct SameOrigin;

impl FromRequestParts<Arc<App>> for SameOrigin {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Failure> {
        let own = app.rules.settings().origin.as_str();
        let text = |name: &str| parts.headers.get(name).map(|value| value.to_str().unwrap_or("?"));
        // No page can write either header. `Sec-Fetch-Site` says it outright; `Origin` is for browsers without it.
        let same = match (text("sec-fetch-site"), text(header::ORIGIN.as_str())) {
            (Some(site), origin) => {
                site == "same-origin" && origin.is_none_or(|origin| origin == own || origin == "null")
            }
            (None, Some(origin)) => origin == own,
            (None, None) => true,
        };
        if same {
            Ok(Self)
        } else {
            Err(Failure::with_detail(
                Code::OriginNotRegistered,
                "this address is for the provider's own frame",
            ))
        }
    }
}
