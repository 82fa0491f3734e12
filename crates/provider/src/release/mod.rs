//! One build of the frame: its page and the files that the page names, under an address that holds the hash
//! of them all, so that a file can be cached for ever and never meets a file of another build.

mod comments;
mod embedded;
mod folder;
mod html;
mod loaders;
mod manifest;
mod tags;
mod texts;

use std::{collections::BTreeMap, path::PathBuf, sync::Arc};

use base64ct::{Base64, Encoding};
use bytes::Bytes;
use farthing_protocol::Language;
use sha2::{Digest, Sha256, Sha384};

pub use comments::without_comments;
pub use html::{Page, sha256_source};
pub use loaders::{Loaders, integrity};
pub use manifest::{File, Manifest};
pub use texts::{Texts, file_name};

/// Below this address are the files of releases.
pub const PATH: &str = "/v1/release/";
/// The page, among the files that trunk makes.
pub const PAGE: &str = "index.html";
/// The loader, among the files of a folder.
pub const LOADER: &str = "farthing.js";
/// Below this address are the loaders of releases.
pub const LOADER_PATH: &str = "/v1/loader/";
/// Where the newest loader is.
pub const NEWEST_LOADER: &str = "/v1/farthing.js";

/// Where the frame comes from.
#[derive(Clone)]
pub enum Frame {
    /// A build that does not change.
    Built(Arc<Release>),
    /// A folder that trunk writes to, read again for each answer: for those who work on the frame.
    Folder(PathBuf),
}

impl Frame {
    /// The build that this program carries.
    pub fn embedded() -> Result<Self, ReleaseError> {
        embedded::release().map(|release| Self::Built(Arc::new(release)))
    }

    /// The build as it is now.
    pub async fn release(&self) -> Result<Arc<Release>, ReleaseError> {
        match self {
            Self::Built(release) => Ok(Arc::clone(release)),
            Self::Folder(folder) => {
                let folder = folder.clone();
                let read = tokio::task::spawn_blocking(move || folder::release(&folder));
                read.await.map_err(|_| ReleaseError::Unreadable)?.map(Arc::new)
            }
        }
    }

    /// Whether the frame can change while the provider runs, so that nothing of it is to be cached.
    #[must_use]
    pub fn changes(&self) -> bool {
        matches!(self, Self::Folder(_))
    }
}

/// Why there is no frame to serve.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub enum ReleaseError {
    /// The program was built without `dist/`.
    #[error(
        "no frame is built into this program: run `cargo xtask frame`, then build the provider again \
         (or give `--frame-dir`, as `trunk serve` does)"
    )]
    NotEmbedded,
    /// The folder is not there, or not whole: trunk may be at work on it.
    #[error("the frame's folder can't be read: has trunk finished its first build?")]
    Unreadable,
    /// `www/frame.html` has no place for what the provider writes into it.
    #[error("the frame's page has no <meta name=\"{0}\" content=\"\">")]
    NoMeta(&'static str),
    /// `www/frame.html` has no place for the language.
    #[error("the frame's page has no <html lang=\"en\" dir=\"ltr\">")]
    NoLanguage,
    /// A language's file is not there, or has not as many lines as the others: the build was not finished.
    #[error("the frame has no whole file of the language {0}: build it with `cargo xtask frame`")]
    NoTexts(&'static str),
}

/// A file as it is sent.
#[derive(Clone)]
pub struct Asset {
    /// As it is.
    pub bytes: Bytes,
    /// The same, compressed.
    pub brotli: Option<Bytes>,
    /// Its media type.
    pub content_type: &'static str,
}

impl Asset {
    /// A file called `name`.
    #[must_use]
    pub fn new(name: &str, bytes: Bytes, brotli: Option<Bytes>) -> Self {
        let content_type = match name.rsplit_once('.').map_or("", |(_, extension)| extension) {
            "css" => "text/css; charset=utf-8",
            "html" => "text/html; charset=utf-8",
            "js" => "text/javascript; charset=utf-8",
            "json" => "application/json",
            "txt" => "text/plain; charset=utf-8",
            "svg" => "image/svg+xml",
            "wasm" => "application/wasm",
            _ => "application/octet-stream",
        };
        Self {
            bytes,
            brotli,
            content_type,
        }
    }

    /// What `integrity` attributes hold (SRI).
    fn integrity(&self) -> String {
        format!("sha384-{}", Base64::encode_string(&Sha384::digest(&self.bytes)))
    }

    /// SHA-256 of the content, in hex. A release of the loader is called so: the name says what is to come.
    #[must_use]
    pub fn sha256(&self) -> String {
        hex(&Sha256::digest(&self.bytes))
    }

    /// Names this content for `ETag` (RFC 9110 §8.8.3).
    #[must_use]
    pub fn etag(&self) -> String {
        format!("\"{}\"", hex(&Sha256::digest(&self.bytes)[..16]))
    }
}

/// One build of the frame, and the loader that goes with it.
pub struct Release {
    id: String,
    page: Page,
    texts: Texts,
    assets: BTreeMap<String, Asset>,
    loader: Asset,
    manifest: Manifest,
}

impl Release {
    /// The release made of `files` (the page among them), named by the hash of them all.
    pub fn new(files: BTreeMap<String, Asset>, loader: Asset) -> Result<Self, ReleaseError> {
        let id = Manifest::id_of(&manifest::files(&files)).unwrap_or_default();
        Self::named(id, files, loader)
    }

    fn named(id: String, mut files: BTreeMap<String, Asset>, loader: Asset) -> Result<Self, ReleaseError> {
        let manifest = Manifest {
            release: id.clone(),
            loader: File::of(LOADER, &loader),
            files: manifest::files(&files),
        };
        let page = files.remove(PAGE).ok_or(ReleaseError::Unreadable)?;
        let html = std::str::from_utf8(&page.bytes).map_err(|_| ReleaseError::Unreadable)?;
        let base = format!("{PATH}{id}/");
        let html = html.replace(&format!("{PATH}RELEASE/"), &base);
        let html = html::with_integrity(&html, |address| {
            address
                .strip_prefix(&base)
                .and_then(|name| files.get(name))
                .map(Asset::integrity)
        });
        let texts = Texts::new(|language| files.get(&file_name(language)).map(|asset| asset.bytes.clone()))?;
        Ok(Self {
            id,
            page: Page::new(html, &texts)?,
            texts,
            assets: files,
            loader,
            manifest,
        })
    }

    /// The hash that stands in the addresses of this release's files.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The frame's page.
    #[must_use]
    pub fn page(&self) -> &Page {
        &self.page
    }

    /// The frame's page for one merchant, whose proven pages are `origins`, in one language. `theme` is the element with its
    /// styles, or empty.
    #[must_use]
    pub fn page_for(&self, (merchant, origins): (&str, &str), theme: &str, language: Language) -> String {
        self.page.fill((merchant, origins), theme, language, &self.texts)
    }

    /// The file called `name`, other than the page.
    #[must_use]
    pub fn asset(&self, name: &str) -> Option<&Asset> {
        self.assets.get(name)
    }

    /// The loader.
    #[must_use]
    pub fn loader(&self) -> &Asset {
        &self.loader
    }

    /// What it is made of.
    #[must_use]
    pub fn manifest(&self) -> &Manifest {
        &self.manifest
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const HTML: &str = r#"<!doctype html><html lang="en" dir="ltr"><head><meta name="farthing-merchant" content="">
        <meta name="farthing-origins" content=""><meta name="farthing-texts" content=""><link rel="stylesheet" href="/v1/release/RELEASE/frame.css">
        <script type="module" src="/v1/release/RELEASE/boot.js"></script></head></html>"#;

    fn files(css: &'static str) -> BTreeMap<String, Asset> {
        [("index.html", HTML), ("boot.js", "go()"), ("frame.css", css)]
            .map(|(name, text)| {
                (
                    name.to_owned(),
                    Asset::new(name, Bytes::from_static(text.as_bytes()), None),
                )
            })
            .into_iter()
            .chain(Language::ALL.map(|language| {
                let name = file_name(language);
                let asset = Asset::new(&name, Bytes::from_static(b"Payment"), None);
                (name, asset)
            }))
            .collect()
    }

    fn release(css: &'static str) -> Release {
        Release::new(files(css), Asset::new(LOADER, Bytes::new(), None)).unwrap()
    }

    #[test]
    fn any_change_of_any_file_is_another_release() {
        assert_eq!(release("a {}").id(), release("a {}").id());
        assert_ne!(release("a {}").id(), release("b {}").id());
        let mut renamed = files("a {}");
        let css = renamed.remove("frame.css").unwrap();
        renamed.insert("other.css".to_owned(), css);
        let id = |files| Manifest::id_of(&manifest::files(files));
        assert_ne!(id(&renamed), id(&files("a {}")));
    }

    #[test]
    fn every_file_that_the_page_names_has_its_hash_there() {
        let release = release("a {}");
        let html = release.page_for(("mer_x", "https://a.example"), "", Language::En);
        assert!(!html.contains("RELEASE"), "{html}");
        for name in ["boot.js", "frame.css"] {
            let integrity = release.asset(name).unwrap().integrity();
            assert!(html.contains(&format!("integrity=\"{integrity}\"")), "{html}");
        }
        assert_eq!(
            release.asset("boot.js").unwrap().content_type,
            "text/javascript; charset=utf-8"
        );
        assert!(release.asset("index.html").is_none());
    }
}
