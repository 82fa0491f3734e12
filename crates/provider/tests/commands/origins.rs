use farthing_provider::{
    commands::{CommandError, merchant::Command},
    wiring::{AnyClock, AnyRng, Desk, SystemRng},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
};

use super::{Demo, config, local};

/// Answers each request with the next of `answers`.
async fn serve(listener: TcpListener, answers: Vec<String>) {
    for answer in answers {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut request = [0; 2048];
        let read = stream.read(&mut request).await.unwrap();
        let request = String::from_utf8_lossy(&request[..read]).into_owned();
        assert!(
            request.starts_with("GET /.well-known/farthing-merchant HTTP/1.1\r\n"),
            "{request}"
        );
        stream.write_all(answer.as_bytes()).await.unwrap();
        stream.shutdown().await.unwrap();
    }
}

fn answer(status: &str, headers: &str, body: &str) -> String {
    let length = body.len();
    format!("HTTP/1.1 {status}\r\ncontent-length: {length}\r\nconnection: close\r\n{headers}\r\n{body}")
}

#[tokio::test]
async fn an_origin_is_proven_by_what_it_serves_and_counts_at_once() {
    let demo = Demo::new().await;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let origin = local(listener.local_addr().unwrap());
    let id = || demo.merchant.clone();
    let said = demo
        .merchant(Command::OriginAdd(id(), origin.clone()))
        .await
        .unwrap();
    let challenge = said
        .lines()
        .find(|line| line.starts_with("mer_"))
        .unwrap()
        .to_owned();
    let elsewhere = format!("location: {origin}/other\r\n");
    let server = tokio::spawn(serve(
        listener,
        vec![
            answer("302 Found", &elsewhere, &challenge),
            answer("404 Not Found", "", &challenge),
            answer("200 OK", "", &format!("{challenge}\nand more")),
            answer("200 OK", "", &"x".repeat(513)),
            answer("200 OK", "", &format!("{challenge}\n")),
        ],
    ));
    let prove = async || demo.merchant(Command::OriginProve(id(), origin.clone())).await;
    for said in [
        "leads elsewhere",
        "answered 404",
        "does not serve the challenge",
        "too large",
    ] {
        let error = prove().await.unwrap_err().to_string();
        assert!(error.contains(said), "{error}");
        assert_eq!(demo.framing().await, Ok(1));
    }
    prove().await.unwrap();
    server.await.unwrap();
    assert_eq!(demo.framing().await, Ok(2), "the provider knows it at once");
    let listed = demo.merchant(Command::OriginList(id())).await.unwrap();
    assert!(listed.contains(&format!("{origin}  proven")), "{listed}");
    demo.merchant(Command::OriginRemove(id(), origin)).await.unwrap();
    assert_eq!(demo.framing().await, Ok(1));
}

/// Where real money moves, a merchant can't make the provider ask a machine beside it.
#[tokio::test]
async fn outside_the_sandbox_only_the_public_internet_is_asked() {
    let demo = Demo::new().await;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let mut config = config(&demo.path());
    config.settings.sandbox = false;
    let clock = AnyClock::new(demo.clock.clone());
    let desk = Desk::open(config, clock, AnyRng::new(SystemRng)).await.unwrap();
    for text in [
        format!("http://{address}"),
        format!("https://{address}"),
        "https://10.0.0.1".to_owned(),
    ] {
        let origin = super::origin(&text);
        let add = Command::OriginAdd(demo.merchant.clone(), origin.clone());
        farthing_provider::commands::merchant::run(add, &desk)
            .await
            .unwrap();
        let prove = Command::OriginProve(demo.merchant.clone(), origin);
        let refused = farthing_provider::commands::merchant::run(prove, &desk).await;
        assert!(
            matches!(refused, Err(CommandError::Origin { .. })),
            "{text}: {refused:?}"
        );
    }
    let listener = listener.into_std().unwrap();
    assert!(listener.accept().is_err(), "somebody has knocked");
}
