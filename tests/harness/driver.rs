//! How each engine's driver is started, and what it is told of the browser that it starts.

use std::{
    env,
    ffi::OsString,
    path::{Path, PathBuf},
    process::Command,
};

use serde_json::{Map, Value, json};

use crate::{
    browser::Look,
    engine::Engine,
    http,
    process::{Running, free_port},
    wait,
};

/// A running driver; what it starts ends with it.
pub struct Driver {
    /// The driver itself.
    pub running: Running,
    /// Where it listens.
    pub address: String,
    /// What it is to be asked for.
    pub capabilities: Map<String, Value>,
    /// The screen that a browser without a headless mode draws on.
    _screen: Option<Running>,
}

impl Driver {
    /// Starts the driver of `engine`, for a browser that leaves all that it leaves behind in `folder`.
    ///
    /// # Panics
    /// If it does not come up.
    pub async fn start(engine: Engine, look: Look, folder: &Path) -> Self {
        let screen = match engine {
            Engine::Chromium | Engine::Firefox => None,
            Engine::WebKit => Some(Screen::start(folder).await),
        };
        let port = free_port();
        let mut command = match engine {
            Engine::Chromium => Command::new(program("CHROMEDRIVER", "/usr/bin/chromedriver")),
            Engine::Firefox => geckodriver(folder),
            Engine::WebKit => webkit_driver(look, folder),
        };
        if let Some(screen) = &screen {
            command.env("DISPLAY", &screen.name);
        }
        command.arg(format!("--port={port}"));
        let mut running = Running::start("driver", &mut command, folder);
        let address = format!("http://127.0.0.1:{port}");
        wait::until("the driver is up", async || {
            running.must_be_alive();
            let answer = http::get(&format!("{address}/status")).await?;
            (answer.status == 200).then_some(())
        })
        .await;
        Self {
            running,
            address,
            capabilities: match engine {
                Engine::Chromium => chromium(look, folder),
                Engine::Firefox => firefox(look),
                Engine::WebKit => webkit(),
            },
            _screen: screen.map(|screen| screen.running),
        }
    }
}

fn chromium(look: Look, folder: &Path) -> Map<String, Value> {
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
        // Nothing of the browser's own leaves the machine either.
        "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1".to_owned(),
        // A container's /dev/shm can be too small for a page.
        "--disable-dev-shm-usage".to_owned(),
        format!("--lang={}", look.language),
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
    let mut without = "--disable-features=AutofillServerCommunication".to_owned();
    if look.one_process {
        without += ",IsolateOrigins,site-per-process";
        arguments.push("--disable-site-isolation-trials".to_owned());
    }
    arguments.push(without);
    if look.dark {
        arguments.push("--blink-settings=preferredColorScheme=0".to_owned());
    }
    object(json!({
        "goog:chromeOptions": {
            "binary": text("CHROME", "/usr/bin/chromium"),
            "args": arguments,
            "prefs": { "intl.accept_languages": look.language },
        },
    }))
}

fn geckodriver(folder: &Path) -> Command {
    let mut command = Command::new(program("GECKODRIVER", "geckodriver"));
    command
        .env("HOME", folder)
        .arg("--profile-root")
        .arg(folder)
        // Else all of them want the same one.
        .args(["--websocket-port", "0"]);
    command
}

fn firefox(look: Look) -> Map<String, Value> {
    object(json!({ "moz:firefoxOptions": {
        "binary": text("FIREFOX", "/usr/bin/firefox-esr"),
        "args": ["-headless", format!("--width={}", look.width), format!("--height={}", look.height)],
        "prefs": {
            "intl.accept_languages": look.language,
            "layout.css.prefers-color-scheme.content-override": if look.dark { 0 } else { 1 },
            // Nothing of the browser's own leaves the machine.
            "network.proxy.type": 1,
            "network.proxy.http": "127.0.0.1",
            "network.proxy.http_port": 9,
            "network.proxy.ssl": "127.0.0.1",
            "network.proxy.ssl_port": 9,
            "network.proxy.no_proxies_on": "localhost, 127.0.0.1",
        },
    }}))
}

fn webkit_driver(look: Look, folder: &Path) -> Command {
    let mut command = Command::new(program("WEBKITDRIVER", "/usr/bin/WebKitWebDriver"));
    command
        .env("HOME", folder)
        .env("GTK_THEME", if look.dark { "Adwaita:dark" } else { "Adwaita" })
        // A container has no user namespaces, and what these pages show is our own.
        .env("WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS", "1");
    command
}

fn webkit() -> Map<String, Value> {
    let usual = "/usr/lib/x86_64-linux-gnu/webkit2gtk-4.1/MiniBrowser";
    object(json!({
        "webkitgtk:browserOptions": { "binary": text("MINIBROWSER", usual), "args": ["--automation", "--enable-write-console-messages-to-stdout=true"] },
    }))
}

/// A screen in memory.
struct Screen {
    running: Running,
    name: String,
}

impl Screen {
    async fn start(folder: &Path) -> Self {
        let mut command = Command::new(program("XVFB", "/usr/bin/Xvfb"));
        // It takes a number that is free, and says which.
        command.args([
            "-displayfd",
            "1",
            "-screen",
            "0",
            "1600x2000x24",
            "-nolisten",
            "tcp",
        ]);
        let mut running = Running::start("screen", &mut command, folder);
        let name = wait::until("the screen says its number", async || {
            running.must_be_alive();
            let log = running.log();
            let number = log.lines().find_map(|line| line.parse::<u32>().ok())?;
            log.ends_with('\n').then(|| format!(":{number}"))
        })
        .await;
        Self { running, name }
    }
}

fn program(variable: &str, usual: &str) -> OsString {
    env::var_os(variable).unwrap_or_else(|| PathBuf::from(usual).into())
}

fn text(variable: &str, usual: &str) -> String {
    env::var(variable).unwrap_or_else(|_| usual.to_owned())
}

fn object(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(map) => map,
        _ => Map::new(),
    }
}
