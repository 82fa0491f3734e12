use std::{collections::BTreeMap, path::Path};

use axum::{
    body::{Body, to_bytes},
    extract::Request,
    middleware::{Next, from_fn},
    response::Response,
};
use farthing_protocol::Origin;
use farthing_provider::{
    commands::{
        audit::Said,
        verify::{Verify, run},
    },
    http::Bounds,
    release::{Asset, Frame, Release},
};
use farthing_testkit::Shop;
use farthing_theme::{Scheme, Theme, Tokens};
use tokio::net::TcpListener;

use crate::common::{Provider, texts};

const FILES: [(&str, &str); 3] = [
    (
        "index.html",
        "<html lang=\"en\" dir=\"ltr\"><meta name=\"farthing-merchant\" content=\"\">\
         <meta name=\"farthing-origins\" content=\"\"><meta name=\"farthing-texts\" content=\"\">\
         <script type=module src=/v1/release/RELEASE/boot.js></script>",
    ),
    ("boot.js", "go()"),
    ("app.wasm", "\0asm"),
];

#[tokio::test]
async fn what_is_served_is_what_was_built() {
    let said = verified(None, |_| {}).await;
    assert!(said.clean, "{}", said.text);
    assert!(
        said.text.contains("46 things are as they should be"),
        "{}",
        said.text
    );
}

#[tokio::test]
async fn a_changed_byte_is_found_wherever_it_is() {
    let release = release().id().to_owned();
    for path in [
        "/v1/farthing.js".to_owned(),
        format!("/v1/loader/{}/farthing.js", release_loader()),
        format!("/v1/release/{release}/boot.js"),
        format!("/v1/release/{release}/app.wasm"),
        "/v1/frame/".to_owned(),
        "/v1/sri.json".to_owned(),
    ] {
        let said = verified(Some(path.clone()), |_| {}).await;
        assert!(!said.clean, "{path}");
        assert!(said.text.contains(&path), "{path}: {}", said.text);
    }
}

#[tokio::test]
async fn a_build_that_differs_is_found() {
    for (name, text, expected) in [
        ("dist/boot.js", "go( )", "boot.js of the build: 5 bytes"),
        (
            "dist/index.html",
            "<html lang=en dir=ltr><meta name=farthing-merchant content=''><meta name=farthing-origins content=''>\
             <meta name=farthing-texts content=''>",
            "index.html of the build: ",
        ),
        (
            "dist/more.js",
            "more()",
            "more.js of the build: is not in the manifest",
        ),
        ("www/farthing.js", "load( )", "the loader of the build: 7 bytes"),
    ] {
        let said = verified(None, |folder| std::fs::write(folder.join(name), text).unwrap()).await;
        assert!(
            !said.clean && said.text.contains(expected),
            "{name}: {}",
            said.text
        );
    }
    let gone = |folder: &Path| std::fs::remove_file(folder.join("dist/boot.js")).unwrap();
    assert!(
        verified(None, gone)
            .await
            .text
            .contains("boot.js of the build: is not there")
    );
}

/// A theme differs from merchant to merchant, and so is in no build: what stands in its place has to be one.
#[tokio::test]
async fn a_theme_is_one_to_the_letter_or_it_is_found() {
    let themed = || {
        Provider::configured(Frame::Built(release().into()), Bounds::default(), |config| {
            let light = Some(Scheme::Light.usual());
            let theme = Theme::new(Tokens {
                light,
                ..Tokens::default()
            })
            .unwrap();
            config.themes = vec![(Shop::number(1).id, theme)];
        })
    };
    let frame = || Some("/v1/frame/".to_owned());
    let said = judged(themed(), None, unchanged, |_| {}).await;
    assert!(said.clean, "{}", said.text);
    for spoil in [
        (|html: String| html.replacen("<style>", "<style>@import url(//x);", 1)) as fn(String) -> String,
        |html| {
            html.replacen(
                "}}</style>",
                "}}input[value^='4']{background:url(//x)}</style>",
                1,
            )
        },
        |html| html.replacen("--corner:8px", "--corner:9px", 1),
        |html| html.replacen("--ink:#15201a", "--ink:#ffffff", 1),
    ] {
        let said = judged(themed(), frame(), spoil, |_| {}).await;
        assert!(
            !said.clean && said.text.contains("is not the page of the build"),
            "{}",
            said.text
        );
    }
}

/// What is said of a provider that changes the last byte of what is below `at`, beside a build that `change` changed.
async fn verified(at: Option<String>, change: impl FnOnce(&Path)) -> Said {
    let provider = Provider::made(Frame::Built(release().into()), Bounds::default());
    judged(provider, at, last_byte_changed, change).await
}

/// The same of `provider`, which changes what is below `at` as `spoil` says.
async fn judged(
    provider: Provider,
    at: Option<String>,
    spoil: fn(String) -> String,
    change: impl FnOnce(&Path),
) -> Said {
    let router = provider
        .router
        .clone()
        .layer(from_fn(move |request: Request, next: Next| {
            let hit = at
                .as_ref()
                .is_some_and(|at| request.uri().path().starts_with(at.as_str()));
            async move {
                let response = next.run(request).await;
                if hit {
                    changed(response, spoil).await
                } else {
                    response
                }
            }
        }));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });

    let folder = tempfile::tempdir().unwrap();
    for name in ["dist", "www"] {
        std::fs::create_dir(folder.path().join(name)).unwrap();
    }
    for (name, text) in FILES {
        std::fs::write(folder.path().join("dist").join(name), text).unwrap();
    }
    for (name, asset) in texts() {
        std::fs::write(folder.path().join("dist").join(name), asset.bytes).unwrap();
    }
    std::fs::write(folder.path().join("www/farthing.js"), "load()").unwrap();
    change(folder.path());
    let verify = Verify {
        provider: Origin::parse(&format!("http://{address}")).unwrap(),
        build: Some(folder.path().to_owned()),
        merchant: Some(provider.shop.id.clone()),
    };
    run(&verify).await.unwrap()
}

async fn changed(response: Response, spoil: fn(String) -> String) -> Response {
    let (mut parts, body) = response.into_parts();
    let bytes = to_bytes(body, usize::MAX).await.unwrap();
    let spoilt = spoil(String::from_utf8(bytes.to_vec()).unwrap());
    parts.headers.remove("content-length");
    Response::from_parts(parts, Body::from(spoilt))
}

fn unchanged(text: String) -> String {
    text
}

fn last_byte_changed(text: String) -> String {
    let mut bytes = text.into_bytes();
    // The last that means something: JSON ends with a quote and a brace.
    let last = bytes.iter().rposition(|byte| !b"\"}>".contains(byte)).unwrap();
    bytes[last] ^= 1;
    String::from_utf8(bytes).unwrap()
}

fn release() -> Release {
    let file = |name: &str, text: &'static str| (name.to_owned(), Asset::new(name, text.into(), None));
    let files: BTreeMap<_, _> = FILES
        .map(|(name, text)| file(name, text))
        .into_iter()
        .chain(texts())
        .collect();
    let (_, loader) = file("farthing.js", "load()");
    Release::new(files, loader).unwrap()
}

fn release_loader() -> String {
    release().loader().sha256()
}
