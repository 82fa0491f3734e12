//! A browser of its own for each journey, driven over WebDriver.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::Command,
};

use fantoccini::{
    Client, ClientBuilder,
    actions::{InputSource, KeyAction, KeyActions},
    wd::WebDriverCompatibleCommand,
};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Map, Value, json};

use crate::{process::Running, wait};

/// A browser engine. Firefox and WebKitGTK come here: what differs between them is in this file alone.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Engine {
    /// Chromium, through chromedriver.
    Chromium,
}

/// How the browser is to look at pages.
#[derive(Clone, Copy, Debug)]
pub struct Look {
    /// CSS pixels.
    pub width: u32,
    /// CSS pixels.
    pub height: u32,
    /// Whether the person prefers dark.
    pub dark: bool,
    /// Whether the log of the network has every byte, and not only every request.
    pub keep_network_bytes: bool,
}

impl Default for Look {
    fn default() -> Self {
        Self {
            width: 1280,
            height: 1000,
            dark: false,
            keep_network_bytes: false,
        }
    }
}

/// A running browser with one window.
pub struct Browser {
    /// The WebDriver session.
    pub client: Client,
    driver: Running,
    folder: PathBuf,
}

impl Browser {
    /// Starts one, with a profile of its own; all it leaves behind is in `folder`.
    ///
    /// # Panics
    /// If it can't be started.
    pub async fn start(engine: Engine, look: Look, folder: &Path) -> Self {
        let Engine::Chromium = engine;
        let program = env::var_os("CHROMEDRIVER").unwrap_or_else(|| "/usr/bin/chromedriver".into());
        let mut driver = Running::start("driver", Command::new(program).arg("--port=0"), folder);
        let address = wait::until("the driver says its port", async || {
            driver.must_be_alive();
            let log = driver.log();
            let port = log
                .split_once("started successfully on port ")?
                .1
                .split_once('.')?
                .0
                .to_owned();
            Some(format!("http://127.0.0.1:{port}"))
        })
        .await;
        let client = ClientBuilder::new(HttpConnector::new())
            .capabilities(chromium(look, folder))
            .connect(&address)
            .await
            .unwrap_or_else(|error| panic!("no browser: {error}\n{}", driver.log()));
        Self {
            client,
            driver,
            folder: folder.to_owned(),
        }
    }

    /// What the consoles of all pages and frames said.
    #[must_use]
    pub fn console(&self) -> Vec<String> {
        let log = fs::read(self.folder.join("profile/chrome_debug.log")).unwrap_or_default();
        let log = String::from_utf8_lossy(&log);
        log.lines()
            .filter(|line| line.contains(":CONSOLE"))
            .map(str::to_owned)
            .collect()
    }

    /// Ends the browser, whose log of the network is whole only then. Returns every request that it made, and
    /// who asked for it.
    ///
    /// # Panics
    /// If the log can't be read.
    pub async fn end(&mut self) -> Vec<Request> {
        self.client.clone().close().await.unwrap();
        self.driver.stop();
        requests(&self.network_log())
    }

    /// The log of the network, as the browser writes it: with [`Look::keep_network_bytes`] every byte that
    /// was sent or received, in base64.
    ///
    /// # Panics
    /// If it can't be read.
    #[must_use]
    pub fn network_log(&self) -> String {
        fs::read_to_string(self.folder.join("network.json")).unwrap()
    }

    /// Every file that the browser keeps for this person: cookies, storage, cache, its memory of forms.
    ///
    /// # Panics
    /// If they can't be read.
    #[must_use]
    pub fn profile(&self) -> Vec<(String, Vec<u8>)> {
        let mut files = Vec::new();
        let mut folders = vec![self.folder.join("profile")];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                } else if path.is_file() {
                    files.push((path.display().to_string(), fs::read(path).unwrap()));
                }
            }
        }
        files
    }

    /// One key, pressed and let go, wherever the focus is.
    ///
    /// # Panics
    /// If there is no window.
    pub async fn press(&self, value: char) {
        let keys = KeyActions::new("keyboard".to_owned())
            .then(KeyAction::Down { value })
            .then(KeyAction::Up { value });
        self.client.perform_actions(keys).await.unwrap();
    }

    /// What `script` returns in the page, as text; empty where it is none.
    ///
    /// # Panics
    /// If it throws.
    pub async fn read(&self, script: &str) -> String {
        let value = self.client.execute(script, vec![]).await.unwrap();
        value.as_str().unwrap_or_default().to_owned()
    }

    /// A command of Chromium's own protocol, for the page.
    ///
    /// # Panics
    /// If it fails.
    pub async fn devtools(&self, command: &str, parameters: Value) -> Value {
        let command = DevTools(json!({ "cmd": command, "params": parameters }));
        self.client.issue_cmd(command).await.unwrap()
    }
}

fn chromium(look: Look, folder: &Path) -> Map<String, Value> {
    let program = env::var("CHROME").unwrap_or_else(|_| "/usr/bin/chromium".to_owned());
    let folder = folder.display();
    let mut arguments = vec![
        "--headless".to_owned(),
        "--no-sandbox".to_owned(),
        "--disable-gpu".to_owned(),
        "--disable-quic".to_owned(),
        "--no-first-run".to_owned(),
        "--disable-background-networking".to_owned(),
        "--disable-component-update".to_owned(),
        "--disable-sync".to_owned(),
        "--disable-features=AutofillServerCommunication".to_owned(),
        // Nothing of the browser's own leaves the machine either.
        "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1".to_owned(),
        // A container's /dev/shm can be too small for a page.
        "--disable-dev-shm-usage".to_owned(),
        "--lang=en-US".to_owned(),
        format!("--user-data-dir={folder}/profile"),
        format!("--window-size={},{}", look.width, look.height),
        // The consoles of all frames, of other origins too: WebDriver's own log has the top page alone.
        "--enable-logging".to_owned(),
        "--log-level=0".to_owned(),
        format!("--log-file={folder}/profile/chrome_debug.log"),
        format!("--log-net-log={folder}/network.json"),
        format!(
            "--net-log-capture-mode={}",
            if look.keep_network_bytes {
                "Everything"
            } else {
                "Default"
            }
        ),
    ];
    if look.dark {
        arguments.push("--blink-settings=preferredColorScheme=0".to_owned());
    }
    let options = json!({
        "goog:chromeOptions": { "binary": program, "args": arguments },
    });
    match options {
        Value::Object(map) => map,
        _ => Map::new(),
    }
}

/// A request as the browser's network log has it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Request {
    /// Where to.
    pub url: String,
    /// The origin of the document that asked, where one did.
    pub initiator: Option<String>,
}

fn requests(log: &str) -> Vec<Request> {
    let log: Value = serde_json::from_str(log).unwrap();
    let starts = &log["constants"]["logEventTypes"]["URL_REQUEST_START_JOB"];
    let mut requests = Vec::new();
    for event in log["events"].as_array().unwrap() {
        if &event["type"] == starts
            && let Some(url) = event["params"]["url"].as_str()
        {
            let initiator = event["params"]["initiator"].as_str().map(str::to_owned);
            requests.push(Request {
                url: url.to_owned(),
                initiator,
            });
        }
    }
    requests
}

#[derive(Debug)]
struct DevTools(Value);

impl WebDriverCompatibleCommand for DevTools {
    fn endpoint(&self, base: &url::Url, session: Option<&str>) -> Result<url::Url, url::ParseError> {
        base.join(&format!(
            "session/{}/goog/cdp/execute",
            session.unwrap_or_default()
        ))
    }

    fn method_and_body(&self, _: &url::Url) -> (http::Method, Option<String>) {
        (http::Method::POST, Some(self.0.to_string()))
    }
}
