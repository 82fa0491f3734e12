//! The few pages that are no part of the frame: usable without a script, readable at 320 px, on paper and by ear, and in
//! every language that the frame speaks.

mod challenge;
mod complaint;
pub(crate) mod date;
pub mod pay;
mod problems;
mod reader;
mod receipt;

use axum::{
    http::{HeaderValue, StatusCode, header},
    response::Response,
};
use farthing_protocol::Language;
use farthing_text::{Notice, NoticeKey, pages::Pages};

use crate::http;

pub use challenge::{Problem, challenge, goes_on};
pub use complaint::complaint_refused;
pub use problems::problems;
pub use reader::Reader;
pub use receipt::receipt;

/// The style of every page here.
pub const CSS: &str = include_str!("page.css");

/// What the page of a challenge runs.
pub const CHALLENGE_JS: &str = include_str!("challenge.js");

const POLICY: &str =
    "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

/// Nothing that a device can do is of use on a page that takes card numbers.
pub const PERMISSIONS: &str = "accelerometer=(), autoplay=(), bluetooth=(), camera=(), clipboard-read=(), clipboard-write=(), \
    display-capture=(), encrypted-media=(), fullscreen=(), gamepad=(), geolocation=(), gyroscope=(), hid=(), \
    idle-detection=(), local-fonts=(), magnetometer=(), microphone=(), midi=(), payment=(), picture-in-picture=(), \
    publickey-credentials-create=(), publickey-credentials-get=(), screen-wake-lock=(), serial=(), storage-access=(), \
    usb=(), web-share=(), window-management=(), xr-spatial-tracking=()";

/// A page that says one thing.
pub fn notice(status: StatusCode, key: NoticeKey<Pages>, reader: Reader<'_>) -> Response {
    notice_with(status, reader.notice(key), "", reader)
}

/// The same, with HTML below it.
fn notice_with(status: StatusCode, said: Notice, below: &str, reader: Reader<'_>) -> Response {
    let main = format!("<h1>{}</h1>\n<p>{}</p>\n{below}", said.title, said.body);
    let mut response = page(said.title, &main, reader);
    *response.status_mut() = status;
    response
}

/// `title` is text. `main` is HTML; whatever in it came from elsewhere went through [`escape`].
fn page(title: &str, main: &str, reader: Reader<'_>) -> Response {
    let language = reader.language;
    let html = format!(
        "<!doctype html>\n<html lang=\"{lang}\" dir=\"{dir}\">\n<head>\n<meta charset=\"utf-8\">\n<title>{title}</title>\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n<meta name=\"robots\" content=\"noindex\">\n\
         <link rel=\"stylesheet\" href=\"/v1/page.css\">\n</head>\n\
         <body>\n<main>\n{main}\n</main>\n</body>\n</html>\n",
        lang = language.as_str(),
        dir = direction(language),
        title = escape(title),
    );
    let mut response = http::html(html, reader.request);
    response
        .headers_mut()
        .insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    response
}

/// What `dir` says of text in this language.
fn direction(language: Language) -> &'static str {
    if language.is_rtl() { "rtl" } else { "ltr" }
}

/// Text as it is written between tags and in quoted attributes.
pub(crate) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            _ => escaped.push(c),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_of_what_is_escaped_is_markup() {
        assert_eq!(
            escape("<b a=\"1\" c='2'>&é"),
            "&lt;b a=&quot;1&quot; c=&#39;2&#39;&gt;&amp;é"
        );
    }
}
