use std::sync::Arc;

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use rustls::{
    RootCertStore, ServerConfig,
    crypto::aws_lc_rs,
    pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer},
};
use tokio::io::AsyncWriteExt;
use tokio_rustls::TlsAcceptor;

use super::{Here, Server, answering, in_time, read_request, serve, target};
use crate::{Answer, Failed, Guard, Outbound, client::DEADLINES};

const NAME: &str = "shop.example";

/// An authority, and a client that trusts it alone.
struct Authority(CertifiedIssuer<'static, KeyPair>);

impl Authority {
    fn new() -> Self {
        let mut params = CertificateParams::new([]).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        Self(CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap())
    }

    fn vouch(&self, params: &CertificateParams) -> Identity {
        let key = KeyPair::generate().unwrap();
        let certificate = params.signed_by(&key, &self.0).unwrap();
        Identity(certificate.der().clone(), key)
    }

    async fn ask(&self, server: &Server<Option<String>>, host: &str) -> Result<Answer, Failed> {
        let mut roots = RootCertStore::empty();
        roots.add(self.0.der().clone()).unwrap();
        let client = Outbound::with(Guard::Sandbox, Here, roots, DEADLINES).unwrap();
        let target = target(&format!("https://{host}:{}/", server.port));
        in_time(client.get(&target, 100)).await
    }
}

struct Identity(CertificateDer<'static>, KeyPair);

fn named(name: &str) -> CertificateParams {
    CertificateParams::new([name.to_owned()]).unwrap()
}

/// A server with this identity; it tells the request, or nothing when there was no handshake.
async fn secure(
    identity: Identity,
    versions: &[&'static rustls::SupportedProtocolVersion],
) -> Server<Option<String>> {
    let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(identity.1.serialize_der()));
    let config = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_protocol_versions(versions)
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![identity.0], key)
        .unwrap();
    let acceptor = TlsAcceptor::from(Arc::new(config));
    serve(move |stream| {
        let acceptor = acceptor.clone();
        async move {
            let mut stream = acceptor.accept(stream).await.ok()?;
            let asked = read_request(&mut stream).await;
            stream
                .write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok")
                .await
                .ok()?;
            stream.shutdown().await.ok()?;
            Some(asked)
        }
    })
    .await
}

#[tokio::test]
async fn a_certificate_of_a_trusted_authority_is_accepted() {
    let authority = Authority::new();
    for version in [&rustls::version::TLS12, &rustls::version::TLS13] {
        let mut server = secure(authority.vouch(&named(NAME)), &[version]).await;
        let got = authority.ask(&server, NAME).await.unwrap();
        assert_eq!((got.status, got.body.as_slice()), (200, &b"ok"[..]));
        assert!(
            server
                .told()
                .await
                .unwrap()
                .starts_with("GET / HTTP/1.1\r\nhost: shop.example:")
        );
    }
    let server = secure(authority.vouch(&named("127.0.0.1")), rustls::ALL_VERSIONS).await;
    assert_eq!(authority.ask(&server, "127.0.0.1").await.unwrap().status, 200);
}

/// In each case the request, which is what must not reach anyone else, is not sent.
#[tokio::test]
async fn any_other_certificate_is_refused() {
    let authority = Authority::new();
    let key = KeyPair::generate().unwrap();
    let self_signed = Identity(named(NAME).self_signed(&key).unwrap().der().clone(), key);
    let mut expired = named(NAME);
    expired.not_before = rcgen::date_time_ymd(2020, 1, 1);
    expired.not_after = rcgen::date_time_ymd(2021, 1, 1);
    let mut early = named(NAME);
    early.not_before = rcgen::date_time_ymd(2999, 1, 1);
    for (what, identity) in [
        ("self-signed", self_signed),
        ("of another authority", Authority::new().vouch(&named(NAME))),
        (
            "for another name",
            authority.vouch(&named("shop.example.evil.example")),
        ),
        ("for a name above", authority.vouch(&named("example"))),
        ("expired", authority.vouch(&expired)),
        ("not yet valid", authority.vouch(&early)),
    ] {
        let mut server = secure(identity, rustls::ALL_VERSIONS).await;
        assert_eq!(authority.ask(&server, NAME).await, Err(Failed::Tls), "{what}");
        assert_eq!(server.told().await, None, "{what}");
    }
    let server = secure(authority.vouch(&named(NAME)), rustls::ALL_VERSIONS).await;
    assert_eq!(authority.ask(&server, "127.0.0.1").await, Err(Failed::Tls));
}

#[tokio::test]
async fn a_server_without_tls_is_refused() {
    let server = serve(|mut stream| async move {
        let _ = stream
            .write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok")
            .await;
        None
    })
    .await;
    assert_eq!(Authority::new().ask(&server, NAME).await, Err(Failed::Tls));
}

#[tokio::test]
async fn this_machine_trusts_nobody_that_it_should_not() {
    let key = KeyPair::generate().unwrap();
    let self_signed = Identity(named(NAME).self_signed(&key).unwrap().der().clone(), key);
    let server = secure(self_signed, rustls::ALL_VERSIONS).await;
    let client = Outbound::with_resolver(Guard::Sandbox, Here).unwrap();
    let got = in_time(client.get(&target(&format!("https://{NAME}:{}/", server.port)), 100)).await;
    assert_eq!(got, Err(Failed::Tls));
    let plain = answering("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n").await;
    let got = in_time(client.get(&super::http(plain.port), 100)).await;
    assert_eq!(got.map(|answer| answer.status), Ok(200));
}
