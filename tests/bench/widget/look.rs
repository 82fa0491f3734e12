//! One look at one page: a new browser, nothing cached, until the form works and for a few keys after.

use std::{fs, path::Path, time::Duration};

use serde_json::{Value, json};
use tokio::{
    sync::mpsc,
    time::{Instant, timeout_at},
};

use crate::{
    browser::{Browser, Event},
    server::{Given, Servers},
    subjects::{SHOP, Subject},
};

const PROBE: &str = include_str!("probe.js");
/// How long a form may take.
const PATIENCE: Duration = Duration::from_secs(60);
/// What is typed: a card's number and date.
const KEYS: &str = "42424242424242421299";

/// What was seen.
#[derive(Default)]
pub struct Seen {
    /// Until a field can be focused, from when the shop's page was asked for; milliseconds.
    pub focusable: f64,
    /// Until the form works.
    pub ready: f64,
    /// Bodies that were asked for until then, as they were sent.
    pub bytes: f64,
    /// Requests until a field could be focused, the shop's own page among them.
    pub requests_before: f64,
    /// Requests until the form worked.
    pub requests: f64,
    /// Milliseconds of script, in all documents.
    pub script: f64,
    /// Milliseconds of the main threads of all documents.
    pub main_thread: f64,
    /// Milliseconds of the longest task.
    pub longest: f64,
    /// Megabytes that the pages' processes have for themselves.
    pub memory: f64,
    /// Layout shift, of all documents together.
    pub shift: f64,
    /// Milliseconds from key to what it draws, for each key.
    pub typed: Vec<f64>,
}

struct Looking<'a> {
    browser: &'a Browser,
    events: mpsc::UnboundedReceiver<Event>,
    page: String,
    slower: u32,
    /// The sessions of all documents, the page's first.
    sessions: Vec<String>,
}

/// Looks at `subject` with a processor that is `slower` times slower.
pub async fn look(subject: Subject, servers: &Servers, slower: u32, folder: &Path) -> Seen {
    servers.given();
    let (browser, events) = Browser::start(folder, servers.port, &servers.key_hash);
    let targets = browser.ask("", "Target.getTargets", &json!({})).await;
    let page = targets["targetInfos"]
        .as_array()
        .unwrap()
        .iter()
        .find(|target| target["type"] == "page")
        .unwrap();
    let attach = json!({ "targetId": page["targetId"], "flatten": true });
    let attached = browser.ask("", "Target.attachToTarget", &attach).await;
    let page = attached["sessionId"].as_str().unwrap().to_owned();
    let mut looking = Looking {
        browser: &browser,
        events,
        page: page.clone(),
        slower,
        sessions: Vec::new(),
    };
    looking.prepare(page).await;
    let mut seen = looking.until_it_works(subject).await;
    let (since, given) = (looking.began().await, servers.given());
    let until = |at: f64| given.iter().filter(move |one| one.at < since + at);
    seen.requests_before = count(until(seen.focusable).count());
    seen.requests = count(until(seen.ready).count());
    seen.bytes = count(until(seen.ready).map(|one: &Given| one.bytes).sum());
    if std::env::var_os("FARTHING_BENCH_LOG").is_some() {
        for one in &given {
            println!("      {:>7.0} ms {:>7} {}", one.at - since, one.bytes, one.what);
        }
    }
    looking.measure(&mut seen).await;
    if let Some(field) = subject.field() {
        seen.typed = looking.typed(field).await;
    }
    seen
}

impl Looking<'_> {
    /// Makes a document's process slow and its probe heard, before it begins.
    async fn prepare(&mut self, session: String) {
        let attach = json!({ "autoAttach": true, "waitForDebuggerOnStart": true, "flatten": true });
        let probe = json!({ "source": PROBE, "runImmediately": true });
        let commands = [
            ("Runtime.enable", json!({})),
            ("Runtime.addBinding", json!({ "name": "farthingBench" })),
            ("Page.enable", json!({})),
            ("Page.addScriptToEvaluateOnNewDocument", probe),
            ("Performance.enable", json!({})),
            ("Emulation.setCPUThrottlingRate", json!({ "rate": self.slower })),
            ("Target.setAutoAttach", attach),
            ("Runtime.runIfWaitingForDebugger", json!({})),
        ];
        // All at once: a document that waits answers some of them only when it has gone on.
        let answers = commands.map(|(method, about)| (method, self.browser.send(&session, method, &about)));
        self.sessions.push(session);
        for (method, answer) in answers {
            let answer = answer.await.unwrap();
            assert!(answer.get("error").is_none(), "{method}: {answer}");
        }
    }

    /// When the page was asked for, in milliseconds since 1970.
    async fn began(&self) -> f64 {
        let origin = self.browser.evaluate(&self.page, "performance.timeOrigin").await;
        origin.as_f64().unwrap()
    }

    async fn until_it_works(&mut self, subject: Subject) -> Seen {
        let url = format!("https://{SHOP}{}", subject.path());
        let _seen_by_what_it_shows = self
            .browser
            .send(&self.page, "Page.navigate", &json!({ "url": url }));
        let (mut first, mut ready) = (None, None);
        let patience = now() + PATIENCE;
        while first.is_none() || ready.is_none() {
            let event = timeout_at(patience, self.events.recv()).await;
            let event = event.unwrap_or_else(|_| panic!("{subject:?} did not come to work"));
            let event = event.expect("the browser goes on");
            match event.what.as_str() {
                "Target.attachedToTarget" => {
                    let session = event.about["sessionId"].as_str().unwrap().to_owned();
                    if event.about["targetInfo"]["type"] == "iframe" {
                        self.prepare(session).await;
                    } else {
                        drop(
                            self.browser
                                .send(&session, "Runtime.runIfWaitingForDebugger", &json!({})),
                        );
                    }
                }
                "Runtime.bindingCalled" => {
                    let told = event.about["payload"].as_str().unwrap_or_default();
                    let told: Value = serde_json::from_str(told).unwrap();
                    let at = told["at"].as_f64().unwrap();
                    if told["what"] == "focusable" {
                        first.get_or_insert(at);
                        if !matches!(subject, Subject::Farthing | Subject::InMarkup) {
                            ready.get_or_insert(at);
                        }
                    } else if matches!(subject, Subject::Farthing | Subject::InMarkup) {
                        ready = Some(at);
                    }
                }
                _ => {}
            }
        }
        let began = self.began().await;
        Seen {
            focusable: first.unwrap() - began,
            ready: ready.unwrap() - began,
            ..Seen::default()
        }
    }

    async fn measure(&self, seen: &mut Seen) {
        for session in &self.sessions {
            // What is still to be drawn is drawn then.
            let drawn = "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(farthingFigures))))";
            let figures = self.browser.evaluate(session, drawn).await;
            seen.shift += figures["shift"].as_f64().unwrap_or_default();
            seen.longest = seen.longest.max(figures["longest"].as_f64().unwrap_or_default());
            let metrics = self
                .browser
                .ask(session, "Performance.getMetrics", &json!({}))
                .await;
            let of = |name: &str| {
                let found = metrics["metrics"]
                    .as_array()?
                    .iter()
                    .find(|one| one["name"] == name)?;
                found["value"].as_f64()
            };
            seen.script += of("ScriptDuration").unwrap_or_default() * 1_000.0;
            seen.main_thread += of("TaskDuration").unwrap_or_default() * 1_000.0;
        }
        let processes = self
            .browser
            .ask("", "SystemInfo.getProcessInfo", &json!({}))
            .await;
        let renderers = processes["processInfo"].as_array().unwrap().iter();
        seen.memory = renderers
            .filter(|process| process["type"] == "renderer")
            .map(|process| private_mb(&process["id"]))
            .sum();
    }

    /// Types into the field as a person does, and answers how long each key took.
    async fn typed(&self, field: &str) -> Vec<f64> {
        let Some(frame) = self.sessions.get(1) else {
            return Vec::new();
        };
        let around = "(document.querySelector('farthing-checkout')?.shadowRoot?.querySelector('iframe') \
                       ?? document.querySelector('iframe'))";
        let field = format!("document.getElementById('{field}')");
        let place = async |session: &str, element: &str| {
            let script = format!(
                "(({{ x, y, width, height }}) => [x, y, width, height])({element}.getBoundingClientRect())"
            );
            let found = self.browser.evaluate(session, &script).await;
            [0, 1, 2, 3].map(|at| found[at].as_f64().unwrap())
        };
        let [left, top, ..] = place(&self.page, around).await;
        let [x, y, width, height] = place(frame, &field).await;
        for kind in ["mousePressed", "mouseReleased"] {
            let click = json!({ "type": kind, "x": left + x + width / 2.0, "y": top + y + height / 2.0,
                "button": "left", "clickCount": 1 });
            self.browser
                .ask(&self.page, "Input.dispatchMouseEvent", &click)
                .await;
        }
        for (at, key) in KEYS.chars().enumerate() {
            if at == 16 {
                self.key(json!({ "key": "Tab", "code": "Tab", "windowsVirtualKeyCode": 9 }))
                    .await;
            }
            self.key(json!({ "key": key.to_string(), "text": key.to_string() }))
                .await;
        }
        let typed = "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(farthingFigures.typed))))";
        let typed = self.browser.evaluate(frame, typed).await;
        typed
            .as_array()
            .unwrap()
            .iter()
            .filter_map(Value::as_f64)
            .collect()
    }

    async fn key(&self, key: Value) {
        for kind in ["keyDown", "keyUp"] {
            let mut pressed = key.clone();
            pressed["type"] = kind.into();
            self.browser
                .ask(&self.page, "Input.dispatchKeyEvent", &pressed)
                .await;
        }
    }
}

/// What a process shares with no other, in megabytes.
fn private_mb(process: &Value) -> f64 {
    let id = process.as_u64().unwrap();
    let memory = fs::read_to_string(format!("/proc/{id}/smaps_rollup")).unwrap_or_default();
    let kilobytes = memory
        .lines()
        .filter(|line| line.starts_with("Private_"))
        .filter_map(|line| line.split_whitespace().nth(1)?.parse::<f64>().ok());
    kilobytes.sum::<f64>() / 1_024.0
}

#[expect(clippy::cast_precision_loss, reason = "far below 2^52")]
fn count(number: usize) -> f64 {
    number as f64
}

fn now() -> Instant {
    Instant::now()
}
