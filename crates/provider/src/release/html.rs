//! The frame's page, as far as the provider writes in it.

use std::ops::Range;

use base64ct::{Base64, Encoding};
use farthing_protocol::Language;
use sha2::{Digest, Sha256};

use super::{
    ReleaseError, Texts,
    tags::{Tag, tags},
};
use crate::page::escape;

const MERCHANT: &str = "farthing-merchant";
const ORIGINS: &str = "farthing-origins";
const TEXTS: &str = "farthing-texts";

/// The frame's page, with places that differ from merchant to merchant, and from language to language.
pub struct Page {
    html: String,
    /// Where a theme goes: it has precedence over other styles wherever it stands.
    theme: usize,
    merchant: Range<usize>,
    origins: Range<usize>,
    texts: Range<usize>,
    /// The language, and the side from which it is read.
    document: [Range<usize>; 2],
    /// The sentences that stand in it, with their place among the lines of a language.
    said: Vec<(Range<usize>, usize)>,
    reload_socket: Option<String>,
    styles: Option<String>,
}

impl Page {
    /// The page, if it has all places.
    pub(super) fn new(html: String, texts: &Texts) -> Result<Self, ReleaseError> {
        let tags = tags(&html);
        let meta = |name| {
            let mut tags = tags.iter();
            tags.find(|tag| tag.name == "meta" && tag.value("name", &html) == Some(name))
        };
        let place = |name| {
            let content = meta(name).and_then(|meta| meta.place("content"));
            content.ok_or(ReleaseError::NoMeta(name))
        };
        let theme = meta(MERCHANT).map_or(0, |meta| meta.after_name - "<meta".len());
        let (merchant, origins, of_texts) = (place(MERCHANT)?, place(ORIGINS)?, place(TEXTS)?);
        let root = tags.iter().find(|tag| tag.name == "html");
        let of_root = |name| {
            root.and_then(|root| root.place(name))
                .ok_or(ReleaseError::NoLanguage)
        };
        let document = [of_root("lang")?, of_root("dir")?];
        let said = said(&html, &tags, texts);
        let reload_socket = tags
            .iter()
            .find_map(|tag| tag.value("data-socket", &html))
            .and_then(local_socket);
        Ok(Self {
            theme,
            merchant,
            origins,
            texts: of_texts,
            document,
            said,
            reload_socket,
            styles: inline_styles(&html).map(sha256_source),
            html,
        })
    }

    /// The page for one merchant, in one language. Ids and origins hold no character that means something in HTML, and `theme`
    /// is an element.
    #[must_use]
    pub fn fill(
        &self,
        (merchant, origins): (&str, &str),
        theme: &str,
        language: Language,
        texts: &Texts,
    ) -> String {
        let [lang, dir] = self.document.clone();
        let lines = texts.of(language);
        let mut edits = vec![
            (self.theme..self.theme, theme.to_owned()),
            (self.merchant.clone(), merchant.to_owned()),
            (self.origins.clone(), origins.to_owned()),
            (lang, language.as_str().to_owned()),
            (dir, if language.is_rtl() { "rtl" } else { "ltr" }.to_owned()),
            (self.texts.clone(), escape(lines)),
        ];
        let lines: Vec<&str> = lines.split('\n').collect();
        edits.extend(self.said.iter().map(|(place, line)| {
            (
                place.clone(),
                escape(lines.get(*line).copied().unwrap_or_default()),
            )
        }));
        edited(&self.html, edits)
    }

    /// The hash of the styles that are in the page itself, as a policy names it.
    #[must_use]
    pub fn styles(&self) -> Option<&str> {
        self.styles.as_deref()
    }

    /// Where trunk's reload script connects to; only a page that `trunk serve` built has one.
    #[must_use]
    pub fn reload_socket(&self) -> Option<&str> {
        self.reload_socket.as_deref()
    }
}

/// Where a sentence of the English stands between two tags, or names an element for those who can't see it.
fn said(html: &str, tags: &[Tag<'_>], texts: &Texts) -> Vec<(Range<usize>, usize)> {
    let english: Vec<&str> = texts.of(Language::En).split('\n').collect();
    let line = |text: &str| english.iter().position(|line| !text.is_empty() && *line == text);
    let mut said = Vec::new();
    let mut at = 0;
    while let Some(start) = html[at..].find('>').map(|found| at + found + 1) {
        let end = html[start..]
            .find('<')
            .map_or(html.len(), |length| start + length);
        said.extend(line(&html[start..end]).map(|line| (start..end, line)));
        at = end;
    }
    let labels = tags.iter().filter_map(|tag| tag.place("aria-label"));
    said.extend(labels.filter_map(|place| Some((place.clone(), line(&html[place])?))));
    said
}

/// The text of the page's own style element.
fn inline_styles(html: &str) -> Option<&str> {
    let (_, rest) = html.split_once("<style>")?;
    Some(rest.split_once("</style>")?.0)
}

/// A text within the page, as a policy names it.
pub fn sha256_source(text: &str) -> String {
    format!("sha256-{}", Base64::encode_string(&Sha256::digest(text)))
}

/// Adds `integrity` and `crossorigin` where a script, a style sheet or a preload has none. `of` knows the
/// hash of the release's own files.
pub(super) fn with_integrity(html: &str, of: impl Fn(&str) -> Option<String>) -> String {
    let mut additions = Vec::new();
    for tag in tags(html) {
        let address = match tag.name {
            "script" => tag.value("src", html),
            "link" => tag.value("href", html),
            _ => None,
        };
        let Some(integrity) = address.and_then(&of) else {
            continue;
        };
        let mut text = String::new();
        if tag.value("integrity", html).is_none_or(str::is_empty) {
            text.push_str(&format!(" integrity=\"{integrity}\""));
        }
        // Integrity-Policy looks at requests in CORS mode alone.
        if tag.place("crossorigin").is_none() {
            text.push_str(" crossorigin=\"anonymous\"");
        }
        additions.push((tag.after_name..tag.after_name, text));
    }
    edited(html, additions)
}

/// Puts each text in its place; the places are in any order and don't overlap.
fn edited(html: &str, mut edits: Vec<(Range<usize>, impl AsRef<str>)>) -> String {
    edits.sort_by_key(|(place, _)| place.start);
    let mut text = String::with_capacity(html.len() + 1024);
    let mut done = 0;
    for (place, new) in edits {
        text.push_str(&html[done..place.start]);
        text.push_str(new.as_ref());
        done = place.end;
    }
    text.push_str(&html[done..]);
    text
}

/// `ws://127.0.0.1:8080` out of an address below it, and nothing that is not on the loopback.
fn local_socket(address: &str) -> Option<String> {
    let rest = address.strip_prefix("ws://")?;
    let (host, port) = rest.split('/').next()?.split_once(':')?;
    let port: u16 = port.parse().ok()?;
    matches!(host, "127.0.0.1" | "localhost").then(|| format!("ws://{host}:{port}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &str = "<html lang=en dir=ltr><!-- <meta name=\"farthing-merchant\" content=\"no\"> --><meta name=\"farthing-merchant\" \
                        content=\"\"/><meta content='old' name=farthing-origins>\
                        <meta name=farthing-texts content=''><p>Two < one</p><p aria-label='Two'>Three</p>";

    fn texts() -> Texts {
        let lines = |language| match language {
            Language::En => "One\nTwo\nThree".to_owned(),
            Language::Ar => "1\n2 & \"<\n3".to_owned(),
            other => format!("{other:?}\n\n3"),
        };
        Texts::new(|language| Some(lines(language).into())).unwrap()
    }

    #[test]
    fn merchant_and_origins_are_written_into_their_places_alone() {
        let page = Page::new(HEAD.to_owned(), &texts()).unwrap();
        let html = page.fill(
            ("mer_1", "https://a.example https://b.example"),
            "",
            Language::En,
            &texts(),
        );
        let filled = HEAD
            .replace("content=\"\"", "content=\"mer_1\"")
            .replace("content='old'", "content='https://a.example https://b.example'");
        assert_eq!(html, filled.replace("content=''", "content='One\nTwo\nThree'"));
        let html = page.fill(
            ("mer_1", "https://a.example https://b.example"),
            "<style>x</style>",
            Language::Ar,
            &texts(),
        );
        // Outside of the comment that has the same tag in it.
        let filled = filled.replacen("--><meta", "--><style>x</style><meta", 1);
        let filled = filled
            .replace("lang=en dir=ltr", "lang=ar dir=rtl")
            .replace(">Three<", ">3<");
        let filled = filled.replace("'Two'", "'2 &amp; &quot;&lt;'");
        assert_eq!(
            html,
            filled.replace("content=''", "content='1\n2 &amp; &quot;&lt;\n3'")
        );
        assert_eq!(
            Page::new(HEAD.replace("-origins", "-x"), &texts()).err(),
            Some(ReleaseError::NoMeta(ORIGINS))
        );
        assert_eq!(
            Page::new(String::new(), &texts()).err(),
            Some(ReleaseError::NoMeta(MERCHANT))
        );
        assert_eq!(
            Page::new(HEAD.replace(" dir=ltr", ""), &texts()).err(),
            Some(ReleaseError::NoLanguage)
        );
    }

    #[test]
    fn integrity_is_added_where_it_is_missing() {
        let of = |address: &str| (address == "/a.js").then(|| "sha384-A".to_owned());
        let hashed = " integrity=\"sha384-A\" crossorigin=\"anonymous\"";
        for (html, expected) in [
            (
                "<script src=\"/a.js\">",
                format!("<script{hashed} src=\"/a.js\">"),
            ),
            (
                "<link rel=x href='/a.js' />",
                format!("<link{hashed} rel=x href='/a.js' />"),
            ),
            ("<script src=\"/b.js\">", "<script src=\"/b.js\">".to_owned()),
            (
                "<script src=\"/a.js\" integrity=\"sha384-B\" crossorigin>",
                "<script src=\"/a.js\" integrity=\"sha384-B\" crossorigin>".to_owned(),
            ),
            (
                "<script src=\"/a.js\" integrity=\"\" crossorigin=\"anonymous\">",
                "<script integrity=\"sha384-A\" src=\"/a.js\" integrity=\"\" crossorigin=\"anonymous\">"
                    .to_owned(),
            ),
        ] {
            assert_eq!(with_integrity(html, of), expected);
        }
    }

    #[test]
    fn styles_in_the_page_are_known_by_their_hash() {
        let page = |styles: &str| Page::new(format!("{HEAD}{styles}"), &texts()).unwrap();
        // As `openssl dgst -sha256 -binary | base64` has it.
        let expected = "sha256-X1RutGBrXCt9KkSaXMK7tHftWiRscFHOhxsS8tv8hBk=";
        assert_eq!(page("<style>a{}</style><p>").styles(), Some(expected));
        assert_eq!(page("").styles(), None);
    }

    #[test]
    fn the_reload_socket_is_on_the_loopback_or_not_taken() {
        let socket = |address: &str| {
            let html = format!("{HEAD}<script src=reload.js data-socket=\"{address}\"></script>");
            Page::new(html, &texts())
                .unwrap()
                .reload_socket()
                .map(str::to_owned)
        };
        assert_eq!(
            socket("ws://127.0.0.1:8081/x/ws").as_deref(),
            Some("ws://127.0.0.1:8081")
        );
        assert_eq!(socket("ws://localhost:1/ws").as_deref(), Some("ws://localhost:1"));
        for other in [
            "wss://127.0.0.1:8081/",
            "ws://evil.example:80/",
            "ws://127.0.0.1:x/",
            "ws://127.0.0.1",
            "",
        ] {
            assert_eq!(socket(other), None, "{other}");
        }
    }

    #[test]
    fn no_text_makes_the_reader_panic() {
        for html in [
            "<",
            "<a",
            "<a ",
            "<a b",
            "<a b=",
            "<a b=\"",
            "<a b='é",
            "<!--",
            "<é>",
            "<a/>é",
            "<a =\"é\">",
            "<a '>",
        ] {
            let _ = tags(html);
            let _ = with_integrity(html, |_| Some(String::new()));
        }
    }
}
