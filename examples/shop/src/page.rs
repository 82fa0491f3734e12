use axum::{
    extract::Path,
    http::{StatusCode, header},
    response::{Html, IntoResponse, Response},
};

use crate::order::{Item, Order, Status};

/// What is shown before anything is bought.
pub fn window(provider: &str) -> Response {
    page(provider, include_str!("../www/window.html").to_owned())
}

/// The page of one order: the checkout while it is to be paid; without script, a button that leads to the provider's own
/// page. `origin` is the shop's, where that page sends the token.
pub fn order(provider: &str, origin: &str, reference: &str, order: &Order, jwt: &str) -> Response {
    let checkout = format!(
        "<script src=\"{provider}/v1/farthing.js\" data-order=\"{jwt}\"></script>\n\
         <noscript><form method=\"post\" action=\"{provider}/v1/pay\">\
         <input type=\"hidden\" name=\"order\" value=\"{jwt}\">\
         <input type=\"hidden\" name=\"return\" value=\"{origin}/orders/{reference}/token\">\
         <button>Pay</button></form></noscript>"
    );
    let view = order.view(provider);
    let text = |name: &str| view[name].as_str().unwrap_or_default().to_owned();
    let paid = matches!(order.status, Status::Paid { .. });
    let html = include_str!("../www/order.html")
        .replace("{{item}}", order.item.label)
        .replace("{{price}}", &price(order.item))
        .replace("{{reference}}", reference)
        .replace("{{status}}", order.status.words())
        .replace("{{hidden}}", if paid { "" } else { "hidden" })
        .replace("{{goods}}", &text("goods"))
        .replace("{{receipt}}", &text("receipt"))
        .replace("{{checkout}}", if order.to_be_paid() { &checkout } else { "" });
    page(provider, html)
}

/// The files that the pages name.
pub async fn file(Path(name): Path<String>) -> Response {
    let (kind, text) = match name.as_str() {
        "shop.css" => ("text/css; charset=utf-8", include_str!("../www/shop.css")),
        "shop.js" => ("text/javascript; charset=utf-8", include_str!("../www/shop.js")),
        "wren.svg" => ("image/svg+xml", include_str!("../www/wren.svg")),
        _ => return StatusCode::NOT_FOUND.into_response(),
    };
    (
        [
            (header::CONTENT_TYPE, kind),
            (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        ],
        text,
    )
        .into_response()
}

/// The policy lets in what is the shop's own and the provider's loader and frame, and nothing else.
fn page(provider: &str, html: String) -> Response {
    let policy = format!(
        "default-src 'none'; script-src 'self' {provider}; style-src 'self'; img-src 'self'; connect-src 'self'; \
         frame-src {provider}; base-uri 'none'; form-action {provider}; frame-ancestors 'none'"
    );
    let headers = [
        (header::CONTENT_SECURITY_POLICY, policy.as_str()),
        (header::CACHE_CONTROL, "no-store"),
        (header::REFERRER_POLICY, "same-origin"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    (headers, Html(html)).into_response()
}

fn price(item: &Item) -> String {
    format!("€{}.{:02}", item.price / 100, item.price % 100)
}
