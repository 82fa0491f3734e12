use axum::{http::HeaderMap, response::Response};
use farthing_protocol::{Code, Language};

use super::{Reader, escape, page};

/// Every error code, each at the place where a problem's `type` points. For those who program, in English.
pub fn problems(request: &HeaderMap) -> Response {
    let codes: String = Code::ALL
        .iter()
        .map(|code| {
            let name = code.as_str();
            let status = match code.status() {
                0 => String::new(),
                status => format!(" ({status})"),
            };
            format!(
                "<div id=\"{name}\"><dt><code>{name}</code>{status}</dt><dd>{}</dd></div>\n",
                escape(code.title())
            )
        })
        .collect();
    let main = format!("<h1>Error codes</h1>\n<dl class=\"codes\">\n{codes}</dl>");
    page("Error codes", &main, Reader::new(Language::En, request))
}
