//! Chromium, driven over its own protocol through two pipes: WebDriver reaches one target at a time, and a frame of
//! another site is one of its own, which has to be made slow before it begins.

use std::{
    collections::HashMap,
    env,
    fs::{File, OpenOptions},
    io::{BufRead, BufReader, Write},
    path::Path,
    process::Command,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use crate::subjects::DOMAINS;
use farthing_journeys::process::Running;
use serde_json::{Value, json};
use tokio::{
    sync::{mpsc, oneshot},
    time::timeout,
};

/// How long the browser may take for one command.
const PATIENCE: Duration = Duration::from_secs(30);

type Waiting = Arc<Mutex<HashMap<u64, oneshot::Sender<Value>>>>;

/// A browser of its own for one look at a page; it ends when this is dropped.
pub struct Browser {
    commands: Mutex<File>,
    waiting: Waiting,
    number: AtomicU64,
    _running: Running,
}

/// Something that happened in a target.
pub struct Event {
    /// `Target.attachedToTarget` and the like.
    pub what: String,
    /// What is said about it.
    pub about: Value,
}

impl Browser {
    /// Starts one that finds every host at `port`, and trusts the key of this hash. What happens comes out of the other
    /// half.
    pub fn start(folder: &Path, port: u16, key_hash: &str) -> (Self, mpsc::UnboundedReceiver<Event>) {
        let pipe = |name: &str| {
            let path = folder.join(name);
            let made = Command::new("mkfifo").arg(&path).status().unwrap();
            assert!(made.success(), "no pipe at {}", path.display());
            let file = OpenOptions::new().read(true).write(true).open(&path).unwrap();
            (path, file)
        };
        let ((input, commands), (output, events)) = (pipe("commands"), pipe("events"));
        // Chromium reads commands from descriptor 3 and writes to 4: a shell can put them there without unsafe code.
        let mut shell = Command::new("sh");
        shell
            .args(["-c", r#"in=$1 out=$2; shift 2; exec "$@" 3<"$in" 4>"$out""#, "sh"])
            .args([input, output])
            .arg(env::var_os("CHROME").unwrap_or_else(|| "/usr/bin/chromium".into()))
            .args([
                "--remote-debugging-pipe",
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-quic",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--disable-extensions",
                "--disable-dev-shm-usage",
                "--site-per-process",
                // A process that waits to be used would be counted, and would make some frames sooner than others.
                "--disable-features=AutofillServerCommunication,SpareRendererForSitePerProcess,OptimizationHints",
                "--lang=en-US",
                "--window-size=412,915",
            ])
            .arg(format!("--user-data-dir={}", folder.join("profile").display()))
            .arg(format!("--host-resolver-rules={}", resolver_rules(port)))
            .arg(format!("--ignore-certificate-errors-spki-list={key_hash}"))
            .arg("about:blank");
        let running = Running::start("browser", &mut shell, folder);
        let waiting = Waiting::default();
        let (tell, told) = mpsc::unbounded_channel();
        let answered = Arc::clone(&waiting);
        // It ends with the process: the pipe stays open, and nobody listens any more.
        std::thread::spawn(move || read(events, &answered, &tell));
        let browser = Self {
            commands: Mutex::new(commands),
            waiting,
            number: AtomicU64::new(1),
            _running: running,
        };
        (browser, told)
    }

    /// Sends a command to a session, or to the browser itself, and waits for its answer.
    ///
    /// # Panics
    /// If it is refused, or not answered in time.
    pub async fn ask(&self, session: &str, method: &str, parameters: &Value) -> Value {
        let answer = timeout(PATIENCE, self.send(session, method, parameters));
        let answer = answer
            .await
            .unwrap_or_else(|_| panic!("{method}: no answer"))
            .unwrap();
        assert!(answer.get("error").is_none(), "{method}: {answer}");
        answer["result"].clone()
    }

    /// Sends a command, whose answer may be waited for. The order of commands is that of these calls.
    pub fn send(&self, session: &str, method: &str, parameters: &Value) -> oneshot::Receiver<Value> {
        let id = self.number.fetch_add(1, Ordering::Relaxed);
        let mut command = json!({ "id": id, "method": method, "params": parameters });
        if !session.is_empty() {
            command["sessionId"] = session.into();
        }
        let (answer, answered) = oneshot::channel();
        lock(&self.waiting).insert(id, answer);
        let mut text = command.to_string().into_bytes();
        text.push(0);
        lock(&self.commands).write_all(&text).unwrap();
        answered
    }

    /// What `script` comes to in a session's document.
    pub async fn evaluate(&self, session: &str, script: &str) -> Value {
        let asked = json!({ "expression": script, "returnByValue": true, "awaitPromise": true });
        let answer = self.ask(session, "Runtime.evaluate", &asked).await;
        answer["result"]["value"].clone()
    }
}

/// The sites of the subjects are here, and no other is anywhere: the browser has errands of its own.
fn resolver_rules(port: u16) -> String {
    let ours = DOMAINS.map(|domain| format!("MAP *{domain} 127.0.0.1:{port}, "));
    ours.concat() + "MAP * ~NOTFOUND"
}

fn read(events: File, waiting: &Waiting, tell: &mpsc::UnboundedSender<Event>) {
    let mut events = BufReader::new(events);
    let mut text = Vec::new();
    while !tell.is_closed() {
        text.clear();
        if !matches!(events.read_until(0, &mut text), Ok(1..)) {
            return;
        }
        text.pop();
        let Ok(mut said) = serde_json::from_slice::<Value>(&text) else {
            continue;
        };
        if let Some(id) = said["id"].as_u64() {
            if let Some(answer) = lock(waiting).remove(&id) {
                let _unheard = answer.send(said);
            }
            continue;
        }
        let event = Event {
            what: said["method"].as_str().unwrap_or_default().to_owned(),
            about: said["params"].take(),
        };
        let _unheard = tell.send(event);
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
