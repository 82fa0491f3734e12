//! A browser of its own for each journey, driven over WebDriver.

use std::{
    fs,
    path::{Path, PathBuf},
};

use fantoccini::{
    Client, ClientBuilder,
    actions::{InputSource, KeyAction, KeyActions},
    elements::Element,
    key::Key,
    wd::WebDriverCompatibleCommand,
};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};

use crate::{driver::Driver, engine::Engine, wait};

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
    /// The language that the person reads, as browsers send it.
    pub language: &'static str,
    /// Whether frames share the page's process. Chromium emulates media in that one alone: in a frame from elsewhere, which has
    /// a process of its own, nothing of it is seen.
    pub one_process: bool,
}

impl Look {
    /// A wide window, in the light, of somebody who reads English.
    pub const USUAL: Self = Self {
        width: 1280,
        height: 1000,
        dark: false,
        keep_network_bytes: false,
        language: "en-US",
        one_process: false,
    };
}

impl Default for Look {
    fn default() -> Self {
        Self::USUAL
    }
}

/// A running browser with one window.
pub struct Browser {
    /// The WebDriver session.
    pub client: Client,
    /// What it is.
    pub engine: Engine,
    driver: Driver,
    folder: PathBuf,
}

impl Browser {
    /// Starts one, with a profile of its own; all it leaves behind is in `folder`.
    ///
    /// # Panics
    /// If it can't be started.
    pub async fn start(engine: Engine, look: Look, folder: &Path) -> Self {
        let driver = Driver::start(engine, look, folder).await;
        let client = ClientBuilder::new(HttpConnector::new())
            .capabilities(driver.capabilities.clone())
            .connect(&driver.address)
            .await
            .unwrap_or_else(|error| panic!("no browser: {error}\n{}", driver.running.log()));
        let height = match engine {
            Engine::Chromium | Engine::Firefox => look.height,
            // Its driver does not scroll the page to what it clicks in a frame: all of it is to be seen.
            Engine::WebKit => look.height.max(1_800),
        };
        if engine != Engine::Chromium {
            client.set_window_size(look.width, height).await.unwrap();
        }
        Self {
            client,
            engine,
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
        self.driver.running.stop();
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

    /// Types `text` behind what is in `field`, as a person does: a click, a look where the cursor is, and keys. What
    /// WebDriver's own way of typing does is not what a keyboard does, and WebKit has none for a frame of another origin.
    ///
    /// # Panics
    /// If it can't be typed there.
    pub async fn type_into(&self, field: &Element, text: &str) {
        // A page that just grew has moved what was to be clicked, and a click goes to a place.
        wait::until("the field has the focus", async || {
            field.click().await.ok()?;
            let there = "return document.activeElement === arguments[0]";
            let field = serde_json::to_value(field).ok()?;
            (self.client.execute(there, vec![field]).await.ok()? == true).then_some(())
        })
        .await;
        let keys = KeyActions::new("keyboard".to_owned());
        let keys = [Key::End.into()]
            .into_iter()
            .chain(text.chars())
            .fold(keys, |keys, value| {
                keys.then(KeyAction::Down { value }).then(KeyAction::Up { value })
            });
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

    /// Goes to a tab, as a person does who sees it then: keys go to the one in front.
    ///
    /// # Panics
    /// If it is not there.
    pub async fn to_tab(&self, tab: fantoccini::wd::WindowHandle) {
        self.client.switch_to_window(tab).await.unwrap();
        if self.engine.has(crate::engine::Capability::DevTools) {
            self.devtools("Page.bringToFront", json!({})).await;
        }
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
