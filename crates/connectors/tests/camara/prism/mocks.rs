//! Mock servers that are made from the specification, and a line to each.

use std::{
    fs,
    io::{BufRead, BufReader},
    net::{Ipv4Addr, TcpListener},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::{Arc, Mutex},
};

use farthing_connectors::Camara;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use crate::{line, open_at};

const PAYMENTS: &str = "carrier-billing.yaml";
const REFUNDS: &str = "carrier-billing-refund.yaml";

/// A mock server; it is gone when this is dropped.
struct Prism {
    child: Child,
    port: u16,
}

impl Prism {
    fn start(program: &Path, specification: &Path) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let port = listener.local_addr().unwrap().port();
        drop(listener);
        // Its own process, which a start through npx would leave behind.
        let mut child = Command::new("node")
            .arg(program)
            .args(["mock", "-h", "127.0.0.1", "-p", &port.to_string()])
            .arg(specification)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        assert!(
            lines.any(|line| line.unwrap().contains("is listening")),
            "prism ended"
        );
        // It goes on writing.
        std::thread::spawn(move || lines.for_each(drop));
        Self { child, port }
    }
}

impl Drop for Prism {
    fn drop(&mut self) {
        let _gone = self.child.kill();
        let _gone = self.child.wait();
    }
}

/// What the line does to one request and its answer.
#[derive(Clone, Debug)]
pub struct Wanted {
    /// Of which requests: method and the end of the path.
    pub of: (&'static str, &'static str),
    /// Which of the specification's examples answers, and with which status.
    pub example: Option<(u16, &'static str)>,
    /// Words of the answer, and what stands in their place: a mock knows no states.
    pub instead: Vec<(&'static str, String)>,
}

/// The two servers, and a line to each that asks for the answers that are wanted.
pub struct Mocks {
    _servers: [Prism; 2],
    pub ports: [u16; 2],
    wanted: Arc<Mutex<Vec<Wanted>>>,
    pub seen: Arc<Mutex<Vec<(String, u16)>>>,
    /// What breaks the specification.
    pub broken: Arc<Mutex<Vec<String>>>,
    _files: tempfile::TempDir,
}

impl Mocks {
    /// None, said so, where prism or the specification is not there.
    pub async fn start(test: &str) -> Option<Self> {
        let (Some(prism), Some(specification)) = (
            std::env::var_os("FARTHING_PRISM"),
            std::env::var_os("FARTHING_CAMARA"),
        ) else {
            eprintln!(
                "skipped: {test}: FARTHING_PRISM names no prism, or FARTHING_CAMARA no folder with CAMARA's specification; \
                 `cargo xtask test` names both where ../shared/specs/camara is there"
            );
            return None;
        };
        let (prism, specification) = (PathBuf::from(prism), PathBuf::from(specification));
        let files = tempfile::tempdir().unwrap();
        // Prism takes a body for right that is right for the general type; what we send is a partial refund, and so it is checked.
        let refunds = fs::read_to_string(specification.join(REFUNDS)).unwrap();
        let general = "$ref: \"#/components/schemas/CreateRefund\"";
        assert!(refunds.contains(general));
        let refunds = refunds.replacen(general, "$ref: \"#/components/schemas/CreatePartialRefund\"", 1);
        fs::write(files.path().join(REFUNDS), refunds).unwrap();
        let servers = [
            Prism::start(&prism, &specification.join(PAYMENTS)),
            Prism::start(&prism, &files.path().join(REFUNDS)),
        ];
        let mut mocks = Self {
            ports: [0; 2],
            wanted: Arc::default(),
            seen: Arc::default(),
            broken: Arc::default(),
            _files: files,
            _servers: servers,
        };
        for index in 0..2 {
            mocks.ports[index] = mocks.lay(mocks._servers[index].port).await;
        }
        Some(mocks)
    }

    async fn lay(&self, to: u16) -> u16 {
        let listener = tokio::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0))
            .await
            .unwrap();
        let port = listener.local_addr().unwrap().port();
        let (wanted, seen, broken) = (self.wanted.clone(), self.seen.clone(), self.broken.clone());
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                carry(client, to, &wanted, &seen, &broken).await;
            }
        });
        port
    }

    /// A connector with books of its own: to the mock every payment is one and the same.
    pub fn fresh(&self) -> (Camara, tempfile::TempDir) {
        let folder = tempfile::tempdir().unwrap();
        let camara = self.connector(folder.path());
        (camara, folder)
    }

    fn connector(&self, folder: &Path) -> Camara {
        open_at(
            &format!("http://127.0.0.1:{}", self.ports[0]),
            &format!("http://127.0.0.1:{}", self.ports[1]),
            folder,
        )
    }

    pub fn want(&self, wanted: Vec<Wanted>) {
        *self.wanted.lock().unwrap() = wanted;
    }
}

async fn carry(
    mut client: TcpStream,
    to: u16,
    wanted: &Mutex<Vec<Wanted>>,
    seen: &Mutex<Vec<(String, u16)>>,
    broken: &Mutex<Vec<String>>,
) {
    let Some(request) = line::read(&mut client).await else {
        return;
    };
    let text = String::from_utf8(request).unwrap();
    let (first, rest) = text.split_once("\r\n").unwrap();
    let mut words = first.split(' ');
    let (method, path) = (words.next().unwrap(), words.next().unwrap());
    let path = path.split('?').next().unwrap();
    let wish = wanted
        .lock()
        .unwrap()
        .iter()
        .find(|wanted| wanted.of.0 == method && path.ends_with(wanted.of.1))
        .cloned();
    let prefer = wish
        .as_ref()
        .and_then(|wish| wish.example)
        .map(|(code, example)| {
            let example = if example.is_empty() {
                String::new()
            } else {
                format!(", example={example}")
            };
            format!("prefer: code={code}{example}\r\n")
        });
    let request = format!("{first}\r\n{}{rest}", prefer.unwrap_or_default());
    let mut server = TcpStream::connect((Ipv4Addr::LOCALHOST, to)).await.unwrap();
    server.write_all(request.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    server.read_to_end(&mut answer).await.unwrap();
    let answer = String::from_utf8(answer).unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    let status: u16 = head.split(' ').nth(1).unwrap().parse().unwrap();
    for line in head.lines().filter(|line| line.starts_with("sl-violations")) {
        broken.lock().unwrap().push(format!("{first}: {line}"));
    }
    let path = path.rsplit('/').next().unwrap();
    seen.lock().unwrap().push((format!("{method} {path}"), status));
    let mut body = body.to_owned();
    for (from, to) in wish.iter().flat_map(|wish| &wish.instead) {
        assert!(body.contains(from), "{from}: {body}");
        body = body.replacen(from, to, 1);
    }
    let head = format!("HTTP/1.1 {status} OK\r\ncontent-type: application/json\r\nconnection: close\r\n");
    let answer = format!("{head}content-length: {}\r\n\r\n{body}", body.len());
    // Whoever asked may have gone.
    let _gone = client.write_all(answer.as_bytes()).await;
}

/// The payment stands so.
pub fn stands(status: &str) -> Wanted {
    Wanted {
        of: ("GET", "AK234rfweSBuWGFUEWFGWEVWRV"),
        example: None,
        instead: vec![(
            "\"paymentStatus\":\"processing\"",
            format!("\"paymentStatus\":\"{status}\""),
        )],
    }
}

pub fn refused(of: &'static str, status: u16, example: &'static str) -> Wanted {
    Wanted {
        of: ("POST", of),
        example: Some((status, example)),
        instead: vec![],
    }
}

/// A refund of ours, as the specification's answer would be if its example were of a partial one.
pub fn given_back(method: &'static str, id: u8, status: &str) -> Wanted {
    let correlator = crate::operation(id);
    Wanted {
        of: (method, "/refunds"),
        example: None,
        instead: vec![(
            "\"refundStatus\":\"processing\"",
            format!(
                "\"refundStatus\":\"{status}\",\"amountTransaction\":{{\"clientCorrelator\":\"{correlator}\"}}"
            ),
        )],
    }
}
