//! The servers of `examples/servers`, each in its own language: an order that they signed is taken, and a token that
//! they redeem is paid.

use std::{
    env, fs,
    io::Write,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use farthing_journeys::{
    http::{Answer, send},
    process::free_port,
    project,
    provider::Provider,
};
use farthing_protocol::QuoteReply;
use farthing_testkit as testkit;
use http::{Request, header};
use http_body_util::Full;
use serde_json::{Value, json};

/// So many lines at most, imports and comments aside.
const LINES: usize = 40;

/// In which language, in which file, and what runs it.
const SERVERS: [(&str, &str, &[&str]); 6] = [
    ("Node.js", "node.mjs", &["node"]),
    ("Python", "python.py", &["python"]),
    ("PHP", "php.php", &["php"]),
    ("Ruby", "ruby.rb", &["ruby"]),
    ("Go", "go.go", &["go", "run"]),
    ("Rust", "server.rs", &[]),
];

#[test]
fn each_server_signs_an_order_and_redeems_its_token() {
    let folder = project::empty_folder("servers");
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async {
        let (origin, port) = Provider::address();
        let page = format!("http://localhost:{}", free_port());
        let provider = Provider::start(&folder, (&origin, port), &page, &[], None).await;
        let shop = Shop::configured(&folder, &origin, &page);
        for (ephemeral, (language, file, with)) in (1..).zip(SERVERS) {
            println!("{language}");
            let order = shop.run(file, with, &["order", language, "250"], "");
            let token = shop.token(&order, "4242424242424242", ephemeral).await;
            // Another amount than the one that was agreed to; then the right one, and it again.
            for (cents, outcome) in [("249", "failed"), ("250", "paid"), ("250", "paid")] {
                let said = shop.run(file, with, &["charge", language, cents], &token);
                assert_eq!(said, outcome, "{language}, {cents}");
            }
            assert_eq!(provider.books.paid(language), 1, "{language}");

            let declined = format!("{language}-declined");
            let order = shop.run(file, with, &["order", &declined, "250"], "");
            let token = shop.token(&order, "4000000000000002", ephemeral + 100).await;
            let said = shop.run(file, with, &["charge", &declined, "250"], &token);
            assert_eq!(said, "failed", "{language}");

            // No answer is no end.
            let away = Shop {
                provider: format!("http://127.0.0.1:{}", free_port()),
                ..shop.clone()
            };
            let said = away.run(file, with, &["charge", &declined, "250"], &token);
            assert_eq!(said, "unknown", "{language}");
        }
        provider.books.must_balance();
    });
    fs::remove_dir_all(folder).unwrap();
}

#[test]
fn each_server_is_short() {
    for (_, file, _) in SERVERS {
        let text = fs::read_to_string(servers().join(file)).unwrap();
        let lines = lines_of_code(&text);
        assert!((10..LINES).contains(&lines), "{file} has {lines} lines");
    }
}

/// Without empty lines, comments, imports, and brackets that stand alone.
fn lines_of_code(text: &str) -> usize {
    let mut importing = false;
    let counts = |line: &&str| {
        let line = line.trim();
        importing |= line == "import (";
        let imported = importing;
        importing &= line != ")";
        let aside = [
            "//", "#", "/**", "\"\"\"", "import ", "use ", "from ", "require ", "package ",
        ];
        let bracket = line.chars().all(|sign| "(){}[],;".contains(sign));
        !imported && !bracket && !aside.iter().any(|start| line.starts_with(start))
    };
    text.lines().filter(counts).count()
}

/// A merchant's server, as its operator configures it.
#[derive(Clone)]
struct Shop {
    provider: String,
    page: String,
    merchant: String,
    secret: String,
    key_id: String,
    key_file: PathBuf,
}

impl Shop {
    /// The shop that `farthing init` made in `folder`.
    fn configured(folder: &Path, provider: &str, page: &str) -> Self {
        let config = fs::read_to_string(folder.join("shop.toml")).unwrap();
        let value = |name: &str| {
            let (_, rest) = config.split_once(&format!("\n{name} = \"")).unwrap();
            rest.split('"').next().unwrap().to_owned()
        };
        let (_, pem) = config.split_once("\"\"\"\n").unwrap();
        let key_file = folder.join("order-key.pem");
        fs::write(&key_file, pem.split("\"\"\"").next().unwrap()).unwrap();
        Self {
            provider: provider.to_owned(),
            page: page.to_owned(),
            merchant: value("merchant"),
            secret: value("secret_key"),
            key_id: value("id"),
            key_file,
        }
    }

    /// What the server in `file` prints.
    fn run(&self, file: &str, with: &[&str], words: &[&str], input: &str) -> String {
        let python = env::var_os("FARTHING_PYTHON");
        let mut command = match with {
            [] => Command::new(project::program("FARTHING_SERVER_BIN", "farthing-server")),
            ["python"] if python.is_some() => Command::new(python.unwrap_or_default()),
            [program, ..] => Command::new(program),
        };
        command.args(with.iter().skip(1));
        if !with.is_empty() {
            command.arg(servers().join(file));
        }
        let mut running = command
            .args(words)
            .env("FARTHING_PROVIDER", &self.provider)
            .env("FARTHING_MERCHANT", &self.merchant)
            .env("FARTHING_SECRET_KEY", &self.secret)
            .env("FARTHING_ORDER_KEY_FILE", &self.key_file)
            .env("FARTHING_ORDER_KEY_ID", &self.key_id)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap_or_else(|error| panic!("{file}: {error}; `cargo xtask test journeys` installs it"));
        let mut stdin = running.stdin.take().unwrap();
        // A server that is asked for an order does not read.
        let _unread = stdin.write_all(input.as_bytes());
        drop(stdin);
        let done = running.wait_with_output().unwrap();
        assert!(done.status.success(), "{file} {words:?}");
        String::from_utf8(done.stdout).unwrap().trim().to_owned()
    }

    /// The token of a shopper who agreed to pay `order` with `card`.
    async fn token(&self, order: &str, card: &str, ephemeral: u8) -> String {
        let body = json!({ "merchant": self.merchant, "order": order, "origin": self.page });
        let answer = self.ask("/v1/quotes", &body).await;
        assert_eq!(answer.status, 201, "{answer:?}");
        let QuoteReply { quote, .. } = serde_json::from_slice(&answer.body).unwrap();
        let body = json!({
            "quote": quote.id, "method": "card", "consent": quote.methods[0].consent,
            "sealed": testkit::seal(&quote, &testkit::card(card), [ephemeral; 32]),
        });
        let answer = self.ask("/v1/tokens", &body).await;
        assert_eq!(answer.status, 201, "{answer:?}");
        answer.json()["token"].as_str().unwrap().to_owned()
    }

    /// As the frame asks.
    async fn ask(&self, path: &str, body: &Value) -> Answer {
        let request = Request::post(format!("{}{path}", self.provider))
            .header(header::CONTENT_TYPE, "application/json")
            .header(header::ORIGIN, &self.provider)
            .header("sec-fetch-site", "same-origin")
            .body(Full::from(body.to_string()))
            .unwrap();
        send(request).await.unwrap()
    }
}

fn servers() -> PathBuf {
    project::root().join("examples/servers")
}
