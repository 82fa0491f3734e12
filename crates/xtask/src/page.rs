//! The frame's HTML as trunk leaves it.

use std::{fs, path::Path};

use anyhow::{Context, Result, bail, ensure};
use base64ct::{Base64, Encoding};
use sha2::{Digest, Sha384};

/// The file that reloads the frame after a rebuild. Development only.
pub const RELOAD: &str = include_str!("reload.js");

/// What in the page would break the frame's policy, or leave a file unchecked.
pub fn faults(html: &str) -> Vec<String> {
    let mut faults = Vec::new();
    for (tag, body) in elements(html, "script") {
        if attribute(tag, "src").is_none() || !body.trim().is_empty() {
            faults.push(format!("an inline script, which the policy forbids: {tag}"));
        }
    }
    // One the provider takes into the policy, by its hash.
    if elements(html, "style").len() > 1 || html.contains(" style=") {
        faults.push("an inline style, which the policy forbids".to_owned());
    }
    let links = elements(html, "link");
    for (rel, what) in [("modulepreload", "the glue"), ("preload", "the wasm")] {
        let found = links
            .iter()
            .filter(|(tag, _)| attribute(tag, "rel") == Some(rel))
            .collect::<Vec<_>>();
        if found.is_empty() {
            faults.push(format!(
                "no <link rel=\"{rel}\">: {what} would be asked for a round trip late"
            ));
        }
        if found
            .iter()
            .any(|(tag, _)| attribute(tag, "integrity").is_none_or(|hash| !hash.starts_with("sha")))
        {
            faults.push(format!(
                "<link rel=\"{rel}\"> without integrity: {what} would run unchecked"
            ));
        }
    }
    faults
}

/// The page with the hashes of the files as they are in `folder` now, wherever trunk wrote one.
pub fn with_hashes(html: &str, folder: &Path) -> Result<String> {
    let mut page = html.to_owned();
    for (tag, _) in elements(html, "link").into_iter().chain(elements(html, "script")) {
        let Some(old) = attribute(tag, "integrity") else {
            continue;
        };
        let address = attribute(tag, "href")
            .or_else(|| attribute(tag, "src"))
            .unwrap_or_default();
        let name = address.rsplit('/').next().unwrap_or_default();
        let file =
            fs::read(folder.join(name)).with_context(|| format!("the page has a hash for `{address}`"))?;
        page = page.replace(old, &integrity(&file));
    }
    Ok(page)
}

/// The page without what is for its readers here: comments, and how far lines are moved in.
pub fn without_comments(html: &str) -> String {
    let mut parts = html.split("<!--");
    let mut kept = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        kept.push_str(part.split_once("-->").map_or("", |(_, after)| after));
    }
    let lines = kept.lines().map(str::trim).filter(|line| !line.is_empty());
    lines.collect::<Vec<_>>().join("\n")
}

/// The page with `styles` in the place of its style sheet: before a sheet of its own is there, nothing would be drawn.
/// The provider puts their hash into the policy.
pub fn with_styles(html: &str, styles: &str) -> Result<String> {
    let sheets = elements(html, "link");
    let mut sheets = sheets
        .iter()
        .filter(|(tag, _)| attribute(tag, "rel") == Some("stylesheet"));
    let (Some((sheet, _)), None) = (sheets.next(), sheets.next()) else {
        bail!("the page has not one style sheet");
    };
    ensure!(!styles.contains("</"), "the styles would end where they say `</`");
    let styles = format!("<style>{}</style>", styles.trim());
    Ok(html.replacen(&format!("{sheet}>"), &styles, 1))
}

/// The page with the reload script, which listens to trunk on `port`; `None` when the page has no head to put it in.
pub fn with_reload(html: &str, public_url: &str, port: u16) -> Option<String> {
    let integrity = integrity(RELOAD);
    let script = format!(
        "<script defer src=\"{public_url}reload.js\" data-socket=\"ws://127.0.0.1:{port}/.well-known/trunk/ws\" \
         integrity=\"{integrity}\" crossorigin=\"anonymous\"></script>"
    );
    let (head, rest) = html.split_once("</head>")?;
    Some(format!("{head}{script}</head>{rest}"))
}

fn integrity(file: impl AsRef<[u8]>) -> String {
    format!("sha384-{}", Base64::encode_string(&Sha384::digest(file)))
}

/// The opening tags of all `name` elements, each with the text up to its closing tag.
fn elements<'a>(html: &'a str, name: &str) -> Vec<(&'a str, &'a str)> {
    let mut found = Vec::new();
    for (at, _) in html.match_indices(&format!("<{name}")) {
        let rest = html.get(at..).unwrap_or_default();
        let follows = rest.get(name.len() + 1..).and_then(|text| text.chars().next());
        if follows.is_some_and(|sign| sign.is_whitespace() || sign == '>')
            && let Some((tag, body)) = rest.split_once('>')
        {
            let end = format!("</{name}");
            found.push((tag, body.split_once(&end).map_or("", |(inside, _)| inside)));
        }
    }
    found
}

/// The value of a quoted attribute.
fn attribute<'a>(tag: &'a str, name: &str) -> Option<&'a str> {
    let opening = format!("{name}=\"");
    let (at, _) = tag.match_indices(&opening).find(|(at, _)| {
        tag.get(..*at)
            .is_some_and(|text| text.ends_with(char::is_whitespace))
    })?;
    let (value, _) = tag.get(at + opening.len()..)?.split_once('"')?;
    Some(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = r#"<!doctype html><html><head>
        <link rel="stylesheet" href="/v1/release/RELEASE/frame.css" integrity="sha384-AAAA"/>
        <script type="module" src="/v1/release/RELEASE/boot.js"></script>
        <link rel="modulepreload" href="a.js" crossorigin="anonymous" integrity="sha384-BBBB">
        <link rel="preload" href="a.wasm" crossorigin="anonymous" integrity="sha384-CCCC" as="fetch">
        </head><body></body></html>"#;

    #[test]
    fn a_good_page_has_no_faults() {
        assert_eq!(faults(GOOD), Vec::<String>::new());
    }

    #[test]
    fn each_fault_is_found() {
        for (seed, with) in [
            ("</head>", "<script>go()</script></head>"),
            (
                "</head>",
                "<script type=\"module\">\nimport x from 'y';\n</script></head>",
            ),
            ("</head>", "<style>p {}</style><style>a {}</style></head>"),
            ("<body>", "<body style=\"margin: 0\">"),
            ("rel=\"modulepreload\"", "rel=\"prefetch\""),
            ("rel=\"preload\"", "rel=\"prefetch\""),
            ("integrity=\"sha384-BBBB\"", ""),
            ("integrity=\"sha384-CCCC\"", "integrity=\"\""),
        ] {
            assert_eq!(faults(&GOOD.replacen(seed, with, 1)).len(), 1, "{with}");
        }
    }

    #[test]
    fn hashes_are_those_of_the_files() {
        let folder = std::env::temp_dir().join(format!("farthing-page-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        for name in ["frame.css", "a.js", "a.wasm"] {
            fs::write(folder.join(name), name).unwrap();
        }
        let page = with_hashes(GOOD, &folder);
        fs::remove_file(folder.join("a.wasm")).unwrap();
        let missing = with_hashes(GOOD, &folder);
        fs::remove_dir_all(&folder).unwrap();
        let expected = [("AAAA", "frame.css"), ("BBBB", "a.js"), ("CCCC", "a.wasm")]
            .iter()
            .fold(GOOD.to_owned(), |html, (old, name)| {
                html.replace(&format!("sha384-{old}"), &integrity(name))
            });
        assert_eq!(page.unwrap(), expected);
        assert!(missing.unwrap_err().to_string().contains("a.wasm"));
    }

    #[test]
    fn comments_stay_here() {
        assert_eq!(
            without_comments("<p>\n  <!-- a\n b -->\n  <i><!-- c --></i>\n"),
            "<p>\n<i></i>"
        );
        assert_eq!(without_comments("<p>"), "<p>");
    }

    #[test]
    fn styles_take_the_place_of_the_sheet() {
        let page = with_styles(GOOD, "p{color:red}\n").unwrap();
        assert!(
            page.contains("<head>\n        <style>p{color:red}</style>\n"),
            "{page}"
        );
        assert!(!page.contains("stylesheet"), "{page}");
        assert_eq!(faults(&page), Vec::<String>::new());
        assert!(with_styles(&page, "p{}").is_err(), "there is no sheet any more");
        assert!(with_styles(GOOD, "p::after{content:'</style>'}").is_err());
    }

    #[test]
    fn the_reload_script_is_a_file_with_integrity() {
        let page = with_reload(GOOD, "/v1/release/RELEASE/", 8081).unwrap();
        assert_eq!(faults(&page), Vec::<String>::new());
        let script = elements(&page, "script").pop().unwrap().0;
        assert_eq!(attribute(script, "src"), Some("/v1/release/RELEASE/reload.js"));
        assert_eq!(
            attribute(script, "data-socket"),
            Some("ws://127.0.0.1:8081/.well-known/trunk/ws")
        );
        let integrity = attribute(script, "integrity").unwrap();
        assert_eq!(integrity.len(), "sha384-".len() + 64);
        assert!(with_reload("no head", "/", 1).is_none());
    }
}
