use std::sync::Arc;

use axum::{
    extract::{Path, RawQuery, State},
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
};
use farthing_gateway::Refusal;
use farthing_protocol::{Code, MerchantId, Origin, PriceId};
use farthing_text::pages;

use super::{Answer, release};
use crate::{
    http,
    http::Failure,
    page::{self, Reader},
    release::Page,
    theme::Worn,
    wiring::App,
};

/// The headers of a page that people type card numbers into, but for the policy that depends on the merchant.
const HEADERS: [(&str, &str); 6] = [
    // A merchant's page may be cross-origin isolated.
    ("cross-origin-embedder-policy", "require-corp"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "cross-origin"),
    // No script without a hash (https://w3c.github.io/webappsec-subresource-integrity/).
    ("integrity-policy", "blocked-destinations=(script)"),
    ("origin-agent-cluster", "?1"),
    ("permissions-policy", page::PERMISSIONS),
];

/// `GET /v1/frame/{merchant}`: the frame, which that merchant's proven pages may open, and no others. A merchant for
/// whom nobody vouches gets no form. A price says whose it is: `GET /v1/frame/{price}` is the same frame. It speaks the
/// language that comes nearest to the `locale` asked for, else to the browser's, and wears the merchant's theme.
pub async fn get(
    State(app): State<Arc<App>>,
    Path(whose): Path<String>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Answer {
    let (merchant, origins) = match framing(&app, &whose).await {
        Ok(framing) => framing,
        Err(refusal) => return notice(refusal, Reader::asking(query.as_deref(), None, &headers)),
    };
    let release = release(&app).await?;
    let origins = origins.iter().map(Origin::as_str).collect::<Vec<_>>().join(" ");
    let Reader { language, .. } = Reader::asking(query.as_deref(), None, &headers);
    let theme = app.themes.of(&merchant);
    let worn = theme.map(Worn::element).unwrap_or_default();
    let html = release.page_for((merchant.as_str(), &origins), worn, language);
    let mut response = http::html(html, &headers);
    let answer = response.headers_mut();
    for (name, value) in HEADERS {
        answer.insert(HeaderName::from_static(name), HeaderValue::from_static(value));
    }
    let policy = policy(&origins, release.page(), theme);
    let policy =
        HeaderValue::from_str(&policy).map_err(|_| Failure::internal("an origin is no header text"))?;
    answer.insert(header::CONTENT_SECURITY_POLICY, policy);
    Ok(response)
}

async fn framing(app: &App, whose: &str) -> Result<(MerchantId, Vec<Origin>), Refusal> {
    let merchant = match PriceId::parse(whose) {
        Ok(price) => app.rules.price(&price).await?.merchant,
        Err(_) => MerchantId::parse(whose).map_err(|_| Code::MerchantUnknown)?,
    };
    let origins = app.rules.framing(&merchant).await?;
    Ok((merchant, origins))
}

/// For the shopper. Whose fault it is, the shop can ask the provider.
fn notice(refusal: Refusal, reader: Reader<'_>) -> Answer {
    let said = match refusal.code {
        Code::MerchantUnknown | Code::PriceUnknown => pages::SHOP_UNKNOWN,
        Code::MerchantSuspended | Code::MerchantNotAccredited => pages::SHOP_CLOSED,
        _ => return Err(refusal.into()),
    };
    let status = StatusCode::from_u16(refusal.code.status()).unwrap_or(StatusCode::FORBIDDEN);
    Ok(page::notice(status, said, reader))
}

fn policy(origins: &str, page: &Page, theme: Option<&Worn>) -> String {
    let connect = page
        .reload_socket()
        .map(|socket| format!(" {socket}"))
        .unwrap_or_default();
    let styles = page.styles().into_iter().chain(theme.map(Worn::source));
    let styles: String = styles.map(|hash| format!(" '{hash}'")).collect();
    format!(
        "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'{styles}; connect-src 'self'{connect}; frame-src 'self'; \
         base-uri 'none'; form-action 'none'; frame-ancestors {origins}; require-trusted-types-for 'script'; \
         trusted-types 'none'"
    )
}
