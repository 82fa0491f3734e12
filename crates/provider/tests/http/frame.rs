use axum::{
    body::Body,
    http::{Request, StatusCode, header},
};
use base64ct::{Base64, Encoding};
use farthing_protocol::MerchantId;
use farthing_provider::{http::Bounds, release::Frame};
use farthing_testkit::{ACCREDITOR, Accreditor, Shop};
use farthing_theme::{Colour, Colours, Radius, Scheme, Theme, Tokens};
use sha2::{Digest, Sha256};

use crate::common::{ORIGIN, Provider, frame, texts};

#[tokio::test]
async fn the_frame_has_the_headers_of_a_payment_page() {
    let provider = Provider::new();
    let answer = provider.get(&format!("/v1/frame/{}", provider.shop.id)).await;
    assert_eq!(answer.status, StatusCode::OK);
    for (name, value) in [
        (
            "content-security-policy",
            "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; connect-src 'self'; frame-src 'self'; \
             base-uri 'none'; form-action 'none'; frame-ancestors https://shop1.example; \
             require-trusted-types-for 'script'; trusted-types 'none'",
        ),
        ("integrity-policy", "blocked-destinations=(script)"),
        ("cross-origin-embedder-policy", "require-corp"),
        ("cross-origin-opener-policy", "same-origin"),
        ("cross-origin-resource-policy", "cross-origin"),
        ("referrer-policy", "no-referrer"),
        ("x-content-type-options", "nosniff"),
        ("cache-control", "no-store"),
        ("content-type", "text/html; charset=utf-8"),
        ("strict-transport-security", "max-age=63072000"),
        ("set-cookie", ""),
    ] {
        assert_eq!(answer.header(name), value, "{name}");
    }
    for feature in [
        "camera=()",
        "payment=()",
        "publickey-credentials-get=()",
        "storage-access=()",
        "usb=()",
    ] {
        assert!(answer.header("permissions-policy").contains(feature), "{feature}");
    }
    let html = answer.text();
    assert!(
        html.contains("name=\"farthing-origins\" content=\"https://shop1.example\""),
        "{html}"
    );
    assert!(
        html.contains(&format!(
            "name=\"farthing-merchant\" content=\"{}\"",
            provider.shop.id
        )),
        "{html}"
    );
}

/// The policy names the style by its hash, and nobody else's frame has it.
#[tokio::test]
async fn the_frame_wears_its_merchants_theme() {
    let colour = Colour::hex(0x0a_3d_91);
    let colours = Colours {
        accent: colour,
        on_accent: None,
        ..Scheme::Light.usual()
    };
    let theme = Theme::new(Tokens {
        radius: Radius::None,
        light: Some(colours),
        ..Tokens::default()
    })
    .unwrap();
    let provider = Provider::configured(frame(), Bounds::default(), |config| {
        config.themes = vec![(Shop::number(1).id, theme)];
    });
    let answer = provider.get(&format!("/v1/frame/{}", provider.shop.id)).await;
    let (_, rest) = answer.text().split_once("<style>").unwrap();
    let (css, _) = rest.split_once("</style>").unwrap();
    assert_eq!(css, theme.css());
    for said in [
        "--corner:0px;",
        "--accent:#0a3d91;",
        "@media screen and (prefers-color-scheme:dark)",
    ] {
        assert!(css.contains(said), "{css}");
    }
    let hash = Base64::encode_string(&Sha256::digest(css));
    let policy = answer.header("content-security-policy");
    assert!(
        policy.contains(&format!("style-src 'self' 'sha256-{hash}';")),
        "{policy}"
    );
    assert_eq!(answer.header("cache-control"), "no-store");

    let other = provider.get(&format!("/v1/frame/{}", provider.other.id)).await;
    assert!(!other.text().contains("<style>"), "{}", other.text());
    assert!(
        other
            .header("content-security-policy")
            .contains("style-src 'self';")
    );
}

#[tokio::test]
async fn the_frame_speaks_the_language_that_is_asked_for_or_the_browsers() {
    let provider = Provider::new();
    let path = format!("/v1/frame/{}", provider.shop.id);
    for (query, accepted, language, dir, word) in [
        ("", "", "en", "ltr", "Loading"),
        ("", "nl, de-AT;q=0.9, fr", "de", "ltr", "Lädt"),
        ("?locale=ar-EG", "de", "ar", "rtl", "يُحمَّل"),
        ("?x=1&locale=zh-CN", "de", "zh-Hans", "ltr", "Loading"),
        // Of those that nobody here speaks, the browser knows another.
        ("?locale=nl", "de", "de", "ltr", "Lädt"),
        ("?locale=%22%3E%3Cscript%3E", "", "en", "ltr", "Loading"),
    ] {
        let request = Request::get(format!("{path}{query}")).header(header::ACCEPT_LANGUAGE, accepted);
        let answer = provider.send(request.body(Body::empty()).unwrap()).await;
        let html = answer.text();
        assert!(
            html.contains(&format!("<html lang=\"{language}\" dir=\"{dir}\">")),
            "{query}: {html}"
        );
        assert!(
            html.contains(&format!("farthing-texts\" content=\"{language}\n{word}\"")),
            "{query}: {html}"
        );
        assert!(html.contains(&format!("<p>{word}</p>")), "{query}: {html}");
    }
    let Frame::Built(release) = frame() else {
        unreachable!("it is built")
    };
    let answer = provider
        .get(&format!("/v1/release/{}/de.txt", release.id()))
        .await;
    assert_eq!((answer.status, answer.text()), (StatusCode::OK, "de\nLädt"));
    assert_eq!(answer.header("content-type"), "text/plain; charset=utf-8");
    assert!(answer.header("cache-control").contains("immutable"));
}

#[tokio::test]
async fn a_shop_that_is_not_registered_gets_no_frame() {
    let provider = Provider::new();
    let unregistered = MerchantId::from_random([99; 16]);
    for merchant in [unregistered.as_str(), "mer_1", "%00", "..%2f..", "<script>"] {
        let path = format!("/v1/frame/{}", merchant.replace('<', "%3C").replace('>', "%3E"));
        let answer = provider.get(&path).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{merchant}");
        let policy = answer.header("content-security-policy");
        assert!(
            policy.starts_with("default-src 'none'") && policy.contains("frame-ancestors 'none'"),
            "{policy}"
        );
        assert!(answer.text().contains("Nothing has been charged."));
        assert!(!answer.text().contains("<script"));
    }
}

#[tokio::test]
async fn a_shop_that_cant_be_paid_gets_no_form() {
    let provider = Provider::new();
    let path = format!("/v1/frame/{}", provider.shop.id);
    let registrar = provider.app.rules.registrar();
    let form = || async { provider.get(&path).await.text().contains("boot.js") };
    let notice = || async {
        let answer = provider.get(&path).await;
        answer.status == StatusCode::FORBIDDEN
            && answer
                .header("content-security-policy")
                .contains("frame-ancestors 'none'")
            && answer.text().contains("Nothing has been charged.")
    };
    assert!(form().await);
    registrar.suspend(&provider.shop.id).await.unwrap();
    assert!(!form().await && notice().await);
    registrar.resume(&provider.shop.id).await.unwrap();
    assert!(form().await);
    let accreditor = Accreditor::number(ACCREDITOR).stored();
    registrar.distrust(&accreditor.id).await.unwrap();
    assert!(!form().await && notice().await);
    registrar.trust(accreditor).await.unwrap();
    assert!(form().await);
    registrar
        .remove_origin(&provider.shop.id, &provider.shop.origin)
        .await
        .unwrap();
    assert!(!form().await && notice().await);
}

#[tokio::test]
async fn every_file_that_the_frame_names_is_there_for_ever() {
    let provider = Provider::new();
    let html = provider.get(&format!("/v1/frame/{}", provider.shop.id)).await;
    let addresses: Vec<&str> = html
        .text()
        .split('"')
        .filter(|part| part.starts_with("/v1/release/"))
        .collect();
    assert_eq!(addresses.len(), 2, "{}", html.text());
    for address in addresses {
        let answer = provider.get(address).await;
        assert_eq!(answer.status, StatusCode::OK, "{address}");
        assert_eq!(
            answer.header("cache-control"),
            "public, max-age=31536000, immutable"
        );
        assert_eq!(answer.header("cross-origin-resource-policy"), "same-origin");
        assert_eq!(answer.header("x-content-type-options"), "nosniff");
        let another = address.replace("/v1/release/", "/v1/release/0");
        provider.get(&another).await.problem("not_found");
    }
    let (folder, _) = html.text().split_once("/boot.js").unwrap();
    let folder = folder.rsplit_once('"').unwrap().1;
    assert_eq!(
        provider
            .get(&format!("{folder}/app.wasm"))
            .await
            .header("content-type"),
        "application/wasm"
    );
    for hidden in ["index.html", "other.js", "%2e%2e", "..%2fboot.js"] {
        provider
            .get(&format!("{folder}/{hidden}"))
            .await
            .problem("not_found");
    }
}

#[tokio::test]
async fn files_are_sent_compressed_to_those_who_take_it() {
    let provider = Provider::new();
    for path in ["/v1/farthing.js", &format!("/v1/frame/{}", provider.shop.id)] {
        for (accept, encoding) in [("gzip, br", "br"), ("gzip", "")] {
            let request = Request::get(path)
                .header(header::ACCEPT_ENCODING, accept)
                .body(Body::empty());
            let answer = provider.send(request.unwrap()).await;
            assert_eq!(answer.header("content-encoding"), encoding, "{path}");
            assert_eq!(answer.header("vary"), "Accept-Encoding", "{path}");
        }
    }
}

#[tokio::test]
async fn any_page_may_load_the_loader() {
    let provider = Provider::new();
    let answer = provider.get("/v1/farthing.js").await;
    assert_eq!(answer.text(), "load()");
    for (name, value) in [
        ("access-control-allow-origin", "*"),
        ("cache-control", "public, max-age=300"),
        ("content-type", "text/javascript; charset=utf-8"),
        ("cross-origin-resource-policy", "cross-origin"),
    ] {
        assert_eq!(answer.header(name), value, "{name}");
    }
    let known = answer.header("etag").to_owned();
    for (etag, status) in [
        (known.as_str(), StatusCode::NOT_MODIFIED),
        ("\"other\"", StatusCode::OK),
    ] {
        let request = Request::get("/v1/farthing.js")
            .header(header::IF_NONE_MATCH, etag)
            .body(Body::empty());
        let answer = provider.send(request.unwrap()).await;
        assert_eq!(answer.status, status);
        assert_eq!(answer.body.is_empty(), status == StatusCode::NOT_MODIFIED);
    }
}

#[tokio::test]
async fn a_folder_is_read_anew_and_never_cached() {
    let folder = tempfile::tempdir().unwrap();
    let provider = Provider::made(Frame::Folder(folder.path().to_owned()), Bounds::default());
    let address = format!("/v1/frame/{}", provider.shop.id);
    let early = provider.get(&address).await;
    early.problem("busy");
    assert_eq!(early.header("retry-after"), "1");

    let html = "<html lang=en dir=ltr><meta name=farthing-merchant content=''><meta name=farthing-origins content=''>\
                <meta name=farthing-texts content=''>\
                <script src='/v1/release/RELEASE/reload.js' data-socket='ws://127.0.0.1:8081/.well-known/trunk/ws'></script>";
    for (name, text) in [
        ("index.html", html),
        ("reload.js", "again()"),
        ("farthing.js", "load2()"),
    ] {
        std::fs::write(folder.path().join(name), text).unwrap();
    }
    for (name, asset) in texts() {
        std::fs::write(folder.path().join(name), asset.bytes).unwrap();
    }
    let answer = provider.get(&address).await;
    assert_eq!(answer.status, StatusCode::OK);
    assert!(
        answer
            .header("content-security-policy")
            .contains("connect-src 'self' ws://127.0.0.1:8081;")
    );
    for (path, text) in [
        ("/v1/release/dev/reload.js", "again()"),
        ("/v1/farthing.js", "load2()"),
    ] {
        let answer = provider.get(path).await;
        assert_eq!(
            (answer.text(), answer.header("cache-control")),
            (text, "no-store"),
            "{path}"
        );
    }
    std::fs::write(folder.path().join("reload.js"), "and again()").unwrap();
    assert_eq!(
        provider.get("/v1/release/dev/reload.js").await.text(),
        "and again()"
    );
}

#[tokio::test]
async fn the_addresses_of_the_frame_take_nothing_from_other_pages() {
    let provider = Provider::new();
    for path in ["/v1/quotes", "/v1/tokens"] {
        for (headers, refused) in [
            (vec![("origin", "https://shop1.example")], true),
            (vec![("origin", "null")], true),
            (vec![("sec-fetch-site", "cross-site")], true),
            (vec![("sec-fetch-site", "same-site")], true),
            (vec![("sec-fetch-site", "none")], true),
            (vec![("origin", ORIGIN), ("sec-fetch-site", "cross-site")], true),
            (
                vec![
                    ("origin", "https://evil.example"),
                    ("sec-fetch-site", "same-origin"),
                ],
                true,
            ),
            (vec![("origin", ORIGIN)], false),
            (vec![("origin", ORIGIN), ("sec-fetch-site", "same-origin")], false),
            // What a browser sends with `mode: same-origin` under `Referrer-Policy: no-referrer`.
            (vec![("origin", "null"), ("sec-fetch-site", "same-origin")], false),
            (vec![], false),
        ] {
            let mut request = Request::post(path).header(header::CONTENT_TYPE, "application/json");
            for (name, value) in &headers {
                request = request.header(*name, *value);
            }
            let answer = provider.send(request.body(Body::from("{}")).unwrap()).await;
            answer.problem(if refused {
                "origin_not_registered"
            } else {
                "body_malformed"
            });
            assert_eq!(answer.header("access-control-allow-origin"), "");
        }
    }
}
