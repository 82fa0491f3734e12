use axum::http::StatusCode;
use farthing_provider::{
    config::Database,
    http::Bounds,
    release::{Asset, Frame, Release},
};
use serde_json::Value;

use crate::common::{ORIGIN, Provider, frame, texts};

/// SHA-256 of `load()`, the loader of these tests, as OpenSSL has it.
const RELEASE: &str = "427e505584f3aacc678f48a59b697e590654df4d589b054192c103a1967f15b9";

#[tokio::test]
async fn the_newest_loader_is_named_by_its_hash_for_ever() {
    let provider = Provider::new();
    let answer = provider.get("/v1/sri.json").await;
    assert_eq!(answer.header("access-control-allow-origin"), "*");
    assert_eq!(answer.header("cache-control"), "public, max-age=300");
    let sri: Value = answer.json(StatusCode::OK);
    let path = format!("/v1/loader/{RELEASE}/farthing.js");
    assert_eq!(sri["release"], RELEASE);
    assert_eq!(sri["src"], format!("{ORIGIN}{path}"));
    assert_eq!(
        sri["integrity"],
        "sha256-Qn5QVYTzqsxnj0ilm2l+WQZU301YmwVBksEDoZZ/Fbk="
    );
    let answer = provider.get(&path).await;
    assert_eq!((answer.status, answer.text()), (StatusCode::OK, "load()"));
    // With `integrity` it is fetched in CORS mode; an isolated page asks for CORP.
    for (name, value) in [
        ("cache-control", "public, max-age=31536000, immutable"),
        ("access-control-allow-origin", "*"),
        ("cross-origin-resource-policy", "cross-origin"),
        ("content-type", "text/javascript; charset=utf-8"),
    ] {
        assert_eq!(answer.header(name), value, "{name}");
    }
    for none in ["0", "..%2f..", &"0".repeat(64), &RELEASE.to_uppercase()] {
        let path = format!("/v1/loader/{none}/farthing.js");
        provider.get(&path).await.problem("not_found");
    }
}

#[tokio::test]
async fn an_earlier_loader_is_served_after_a_newer_one_has_come() {
    let folder = tempfile::tempdir().unwrap();
    let start = |frame| {
        Provider::configured(frame, Bounds::default(), |config| {
            config.database = Database::Memory;
            config.loaders = Some(folder.path().join("loaders"));
        })
    };
    start(frame());
    let file = |name: &str, text: &'static str| (name.to_owned(), Asset::new(name, text.into(), None));
    let html = "<html lang=en dir=ltr><meta name=farthing-merchant content=''><meta name=farthing-origins content=''>\
                <meta name=farthing-texts content=''>";
    let (_, newer) = file("farthing.js", "loadBetter()");
    let files = [file("index.html", html)].into_iter().chain(texts()).collect();
    let release = Release::new(files, newer).unwrap();
    let provider = start(Frame::Built(release.into()));
    assert_eq!(provider.get("/v1/farthing.js").await.text(), "loadBetter()");
    let earlier = format!("/v1/loader/{RELEASE}/farthing.js");
    let answer = provider.get(&earlier).await;
    assert_eq!((answer.status, answer.text()), (StatusCode::OK, "load()"));
    // Who writes on the disk can take it away, and not put another in its place.
    let kept = folder.path().join(format!("loaders/{RELEASE}.js"));
    std::fs::write(kept, "steal()").unwrap();
    provider.get(&earlier).await.problem("not_found");
}
