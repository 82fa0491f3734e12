use std::sync::Arc;

use axum::{
    extract::{Path, RawQuery, State},
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
};
use farthing_gateway::Refusal;
use farthing_protocol::{Code, Language, MerchantId, Origin, PriceId};

use super::{Answer, release};
use crate::{http, http::Failure, page, release::Page, theme::Worn, wiring::App};

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
        Err(refusal) => return notice(refusal, &headers),
    };
    let release = release(&app).await?;
    let origins = origins.iter().map(Origin::as_str).collect::<Vec<_>>().join(" ");
    let language = locale(query.as_deref()).unwrap_or_else(|| http::language(&headers));
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

/// A language tag has no character that an address would have to escape.
fn locale(query: Option<&str>) -> Option<Language> {
    let locale = query?.split('&').find_map(|pair| pair.strip_prefix("locale="))?;
    Language::nearest(locale)
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
fn notice(refusal: Refusal, headers: &HeaderMap) -> Answer {
    let title = match refusal.code {
        Code::MerchantUnknown | Code::PriceUnknown => "This shop is not known here",
        Code::MerchantSuspended | Code::MerchantNotAccredited => "This shop can’t be paid here at present",
        _ => return Err(refusal.into()),
    };
    let status = StatusCode::from_u16(refusal.code.status()).unwrap_or(StatusCode::FORBIDDEN);
    let words = "Nothing has been charged. Please tell the shop that sent you here.";
    Ok(page::notice(status, title, words, headers))
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
