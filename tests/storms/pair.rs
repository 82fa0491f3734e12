//! Two providers, as they are shipped, on one PostgreSQL; and one address, behind which each request goes to one of them.

use std::{
    cell::{Cell, RefCell},
    fs,
    net::Ipv4Addr,
    path::PathBuf,
    process::Command,
    sync::Arc,
};

use farthing_journeys::{
    books::Books,
    http,
    merchant::Merchant,
    process::{Running, free_port},
    project,
    provider::{Provider, configure},
    wait,
};
use farthing_testkit::PostgresServer;
use rusqlite::Connection;
use serde_json::Value;
use tokio::net::{TcpListener, TcpStream};

/// Two providers and their database.
pub struct Pair {
    /// The database.
    pub server: RefCell<PostgresServer>,
    /// Its address.
    pub url: String,
    /// Who is paid.
    pub kiosk: Merchant,
    /// All that is left behind.
    pub folder: PathBuf,
    ports: [u16; 2],
    running: [RefCell<Option<Running>>; 2],
    starts: Cell<u32>,
}

/// Runs `steps` where there is a PostgreSQL.
pub fn on_postgres(name: &str, steps: impl AsyncFnOnce(&Pair)) {
    let Some(server) = PostgresServer::start() else {
        return;
    };
    let folder = project::empty_folder(&format!("storms.{name}"));
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async {
        let (origin, port) = Provider::address();
        let kiosk = Merchant::new(2, &format!("http://localhost:{}", free_port()), &origin);
        configure(
            &folder,
            &origin,
            &format!("http://localhost:{}", free_port()),
            &[&kiosk],
        );
        let pair = Pair {
            url: server.schema(),
            server: RefCell::new(server),
            kiosk,
            folder: folder.clone(),
            ports: [free_port(), free_port()],
            running: [RefCell::new(None), RefCell::new(None)],
            starts: Cell::new(0),
        };
        // At once: one of them makes the tables, and the other waits for it.
        tokio::join!(pair.start(0), pair.start(1));
        let front = lay_front(port, pair.ports).await;
        steps(&pair).await;
        front.abort();
    });
    fs::remove_dir_all(folder).unwrap();
}

impl Pair {
    /// Starts one of the two.
    pub async fn start(&self, which: usize) {
        let mut command = Command::new(project::program("FARTHING_BIN", "farthing"));
        command
            .args(["serve", "--config"])
            .arg(self.folder.join("provider.toml"));
        command.env("DATABASE_URL", &self.url);
        command.env("FARTHING_LISTEN", format!("127.0.0.1:{}", self.ports[which]));
        self.starts.set(self.starts.get() + 1);
        let folder = self.folder.join(format!("start-{}", self.starts.get()));
        fs::create_dir(&folder).unwrap();
        let mut running = Running::start("provider", &mut command, &folder);
        let health = format!("http://127.0.0.1:{}/healthz", self.ports[which]);
        wait::until("the provider is up", async || {
            running.must_be_alive();
            http::get(&health).await.filter(|answer| answer.status == 200)
        })
        .await;
        self.running[which].replace(Some(running));
    }

    /// Ends one of the two in the middle of whatever it does.
    pub fn kill(&self, which: usize) {
        self.running[which].take().unwrap().kill();
    }

    /// What one of the two answers for the frame of the kiosk, which it has to read from the database.
    pub async fn frame_of(&self, which: usize) -> http::Answer {
        self.get(which, &format!("/v1/frame/{}", self.kiosk.id)).await
    }

    /// What one of the two answers.
    pub async fn get(&self, which: usize, path: &str) -> http::Answer {
        let url = format!("http://127.0.0.1:{}{path}", self.ports[which]);
        http::get(&url).await.unwrap()
    }

    /// The one number that `sql` finds.
    pub fn number(&self, sql: &str) -> i64 {
        self.server.borrow().tell(&self.url, sql).parse().unwrap()
    }

    /// As [`Books::make_a_quarter_of_an_hour_pass`].
    pub fn make_a_quarter_of_an_hour_pass(&self) {
        let _nothing = self.server.borrow().tell(
            &self.url,
            "UPDATE charges SET created_at = created_at - 900, look_at = look_at - 900
             WHERE stage IN ('asking', 'unknown');
             UPDATE operations SET created_at = created_at - 900, ask_at = ask_at - 900
             WHERE stage IN ('asking', 'unknown')",
        );
    }

    /// How many charges and operations have no end yet.
    pub fn without_end(&self) -> i64 {
        self.number(
            "SELECT (SELECT count(*) FROM charges WHERE stage IN ('asking', 'unknown'))
                  + (SELECT count(*) FROM operations WHERE stage IN ('asking', 'unknown'))",
        )
    }

    /// What `farthing <words>` prints, on this database.
    ///
    /// # Panics
    /// If it is refused.
    pub fn operator(&self, words: &[&str]) -> String {
        let mut command = Command::new(project::program("FARTHING_BIN", "farthing"));
        command
            .args(words)
            .arg("--config")
            .arg(self.folder.join("provider.toml"));
        let done = command.env("DATABASE_URL", &self.url).output().unwrap();
        assert!(done.status.success(), "{words:?}: {done:?}");
        String::from_utf8(done.stdout).unwrap()
    }

    /// What the audit counts.
    ///
    /// # Panics
    /// If it finds anything wrong, in the database or in its export; or if the sandbox's bank has other books.
    pub async fn audit(&self) -> Value {
        let (jwks, export) = (self.folder.join("jwks.json"), self.folder.join("books.jsonl"));
        let keys = format!("{}/.well-known/jwks.json", self.kiosk.provider);
        fs::write(&jwks, http::get(&keys).await.unwrap().body).unwrap();
        let _ = fs::remove_file(&export);
        self.operator(&["audit", "export", export.to_str().unwrap()]);
        let said = self.operator(&["audit", "--json", "--jwks", jwks.to_str().unwrap()]);
        self.books_of(&export).must_agree_with_the_bank();
        serde_json::from_str(&said).unwrap()
    }

    /// Charges and operations of an export, beside the bank's file, which is SQLite's whatever the provider's is.
    fn books_of(&self, export: &std::path::Path) -> Books {
        let path = self.folder.join("farthing.db");
        let _ = fs::remove_file(&path);
        let db = Connection::open(&path).unwrap();
        db.execute_batch(
            "BEGIN;
             CREATE TABLE charges (id TEXT, stage TEXT, amount, fee, currency TEXT, captured, refunded);
             CREATE TABLE operations (id TEXT, charge TEXT, kind TEXT, amount, stage TEXT);",
        )
        .unwrap();
        for line in fs::read_to_string(export).unwrap().lines() {
            let line: Value = serde_json::from_str(line).unwrap();
            let row = line["row"].to_string();
            let sql = match line["table"].as_str().unwrap() {
                "charges" => {
                    "INSERT INTO charges SELECT ?1 ->> 'id', ?1 ->> 'stage', ?1 ->> 'amount', ?1 ->> 'fee',
                     ?1 ->> 'currency', ?1 ->> 'captured', ?1 ->> 'refunded'"
                }
                "operations" => {
                    "INSERT INTO operations SELECT ?1 ->> 'id', ?1 ->> 'charge', ?1 ->> 'kind', ?1 ->> 'amount',
                     ?1 ->> 'stage'"
                }
                _ => continue,
            };
            db.execute(sql, [row]).unwrap();
        }
        db.execute_batch("COMMIT").unwrap();
        Books::at(&path)
    }
}

/// Each connection goes to the other of the two than the one before it; to the one that is there, where one is not.
async fn lay_front(port: u16, to: [u16; 2]) -> tokio::task::JoinHandle<()> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await.unwrap();
    let turn = Arc::new(std::sync::atomic::AtomicUsize::new(0));
    tokio::spawn(async move {
        while let Ok((mut from, _)) = listener.accept().await {
            let first = turn.fetch_add(1, std::sync::atomic::Ordering::Relaxed) % 2;
            tokio::spawn(async move {
                for which in [first, 1 - first] {
                    if let Ok(mut to) = TcpStream::connect((Ipv4Addr::LOCALHOST, to[which])).await {
                        // Whoever breaks off breaks off for both.
                        let _ = tokio::io::copy_bidirectional(&mut from, &mut to).await;
                        return;
                    }
                }
            });
        }
    })
}
