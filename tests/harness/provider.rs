//! The provider, as it is shipped, on a database file of its own.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use crate::{
    books::Books,
    http,
    merchant::Merchant,
    process::{Running, free_port},
    project, wait,
};

/// A running provider.
pub struct Provider {
    /// Its origin, as browsers see it.
    pub origin: String,
    /// The port that it listens on.
    pub port: u16,
    /// Its database.
    pub books: Books,
    running: Running,
    command: Launch,
}

struct Launch {
    /// The address of a PostgreSQL, in the place of a file.
    database: Option<String>,
    folder: PathBuf,
    frame: Option<PathBuf>,
    listen: u16,
}

impl Provider {
    /// Makes the configuration of a provider at `origin` and of a shop at `shop_origin`, in `folder`, with
    /// `merchants` beside the shop, and starts the provider.
    ///
    /// # Panics
    /// If it does not come up.
    pub async fn start(
        folder: &Path,
        (origin, port): (&str, u16),
        shop_origin: &str,
        merchants: &[&Merchant],
        frame: Option<&Path>,
    ) -> Self {
        Self::start_themed(folder, (origin, port), shop_origin, merchants, frame, "").await
    }

    /// As [`Self::start`], with every merchant wearing `theme`: the lines of a `[[themes]]`, if any.
    ///
    /// # Panics
    /// If it does not come up.
    pub async fn start_themed(
        folder: &Path,
        (origin, port): (&str, u16),
        shop_origin: &str,
        merchants: &[&Merchant],
        frame: Option<&Path>,
        theme: &str,
    ) -> Self {
        configure(folder, origin, shop_origin, merchants);
        if !theme.is_empty() {
            wear(folder, theme);
        }
        Self::launched(
            origin,
            Launch {
                database: None,
                folder: folder.to_owned(),
                frame: frame.map(Path::to_owned),
                listen: port,
            },
        )
        .await
    }

    /// As [`Self::start`], on the PostgreSQL at `database` where that is given.
    ///
    /// # Panics
    /// If it does not come up.
    pub async fn start_on(
        folder: &Path,
        (origin, port): (&str, u16),
        shop_origin: &str,
        merchants: &[&Merchant],
        database: Option<&str>,
    ) -> Self {
        configure(folder, origin, shop_origin, merchants);
        Self::launched(
            origin,
            Launch {
                database: database.map(str::to_owned),
                folder: folder.to_owned(),
                frame: None,
                listen: port,
            },
        )
        .await
    }

    async fn launched(origin: &str, command: Launch) -> Self {
        let running = command.launch();
        let mut provider = Self {
            origin: origin.to_owned(),
            port: command.listen,
            books: Books::at(&command.folder.join("farthing.db")),
            running,
            command,
        };
        provider.must_be_up().await;
        provider
    }

    /// An address for a provider: its origin and its port.
    #[must_use]
    pub fn address() -> (String, u16) {
        let port = free_port();
        (format!("http://127.0.0.1:{port}"), port)
    }

    /// What it logged since it was last started.
    #[must_use]
    pub fn log(&self) -> String {
        self.running.log()
    }

    /// How many requests for `route` its log has.
    #[must_use]
    pub fn answered(&self, method: &str, route: &str) -> usize {
        let (method, route) = (format!("method=\"{method}\""), format!("route=\"{route}\""));
        self.log()
            .lines()
            .filter(|line| line.contains(&method) && line.contains(&route))
            .count()
    }

    /// What its operator does while it runs: `farthing <words>`, on its database. Returns what was printed.
    ///
    /// # Panics
    /// If it is refused.
    pub fn operator(&self, words: &[&str]) -> String {
        let config = self.command.folder.join("provider.toml");
        farthing(words, "--config", &config)
    }

    /// What the demo's accreditor does: `farthing accreditor <words>`. Returns what was printed.
    ///
    /// # Panics
    /// If it is refused.
    pub fn accreditor(&self, words: &[&str]) -> String {
        let folder = self.command.folder.join("accreditor");
        farthing(&[&["accreditor"], words].concat(), "--dir", &folder)
    }

    /// How much memory it has had at the most, in megabytes.
    ///
    /// # Panics
    /// Where the system does not say.
    #[must_use]
    pub fn memory_mb(&self) -> u64 {
        let status = fs::read_to_string(format!("/proc/{}/status", self.running.id())).unwrap();
        let line = status
            .lines()
            .find_map(|line| line.strip_prefix("VmHWM:"))
            .unwrap();
        line.trim().trim_end_matches(" kB").parse::<u64>().unwrap() / 1024
    }

    /// Asks it to end, and waits for it.
    pub fn stop(&mut self) {
        self.running.stop();
    }

    /// Asks it to read its keys again.
    pub fn hang_up(&self) {
        self.running.hang_up();
    }

    /// Ends it in the middle of whatever it does (SIGKILL).
    pub fn kill(&mut self) {
        self.running.kill();
    }

    /// Starts it again, on the same database.
    ///
    /// # Panics
    /// If it does not come up.
    pub async fn start_again(&mut self) {
        let log = self.log();
        self.running = self.command.launch();
        self.must_be_up().await;
        // Nothing that was logged gets lost.
        let earlier = self.command.folder.join("provider-earlier.log");
        fs::write(earlier, log).unwrap();
    }

    async fn must_be_up(&mut self) {
        let health = format!("http://127.0.0.1:{}/healthz", self.port);
        wait::until("the provider is up", async || {
            self.running.must_be_alive();
            http::get(&health).await.filter(|answer| answer.status == 200)
        })
        .await;
    }
}

/// Makes the configuration of a provider at `origin` and of a shop at `shop_origin`, in `folder`, with `merchants` beside
/// the shop.
///
/// # Panics
/// If it can't be made.
pub fn configure(folder: &Path, origin: &str, shop_origin: &str, merchants: &[&Merchant]) {
    let status = Command::new(project::program("FARTHING_BIN", "farthing"))
        .args([
            "init",
            "--shop-origin",
            shop_origin,
            "--provider-origin",
            origin,
            "--dir",
        ])
        .arg(folder)
        .output()
        .unwrap();
    assert!(status.status.success(), "{status:?}");
    let path = folder.join("provider.toml");
    let mut config = fs::read_to_string(&path).unwrap();
    // Storms ask more often than any merchant does.
    let usual = "merchant_per_minute = 6000";
    assert!(config.contains(usual), "{config}");
    config = config.replace(usual, "merchant_per_minute = 10000000");
    for merchant in merchants {
        let statement = vouch(folder, &merchant.origin);
        config.push_str(&merchant.entry(&statement));
    }
    fs::write(path, config).unwrap();
}

/// Has every merchant that the configuration in `folder` names wear `theme`.
fn wear(folder: &Path, theme: &str) {
    let path = folder.join("provider.toml");
    let mut config = fs::read_to_string(&path).unwrap();
    let ids = config.lines().filter_map(|line| line.strip_prefix("id = "));
    let ids: Vec<String> = ids
        .filter(|id| id.starts_with("\"mer_"))
        .map(str::to_owned)
        .collect();
    assert!(!ids.is_empty(), "{config}");
    for id in ids {
        config += &format!("\n[[themes]]\nmerchant = {id}\n{theme}\n");
    }
    fs::write(path, config).unwrap();
}

/// What the demo's accreditor in `folder` says about `origin`.
fn vouch(folder: &Path, origin: &str) -> String {
    let folder = folder.join("accreditor");
    let issued = farthing(&["accreditor", "issue", "--origin", origin], "--dir", &folder);
    issued.trim().to_owned()
}

fn farthing(words: &[&str], option: &str, value: &Path) -> String {
    let mut command = Command::new(project::program("FARTHING_BIN", "farthing"));
    let done = command.args(words).arg(option).arg(value).output().unwrap();
    assert!(done.status.success(), "{words:?}: {done:?}");
    String::from_utf8(done.stdout).unwrap()
}

impl Launch {
    fn launch(&self) -> Running {
        let mut command = Command::new(project::program("FARTHING_BIN", "farthing"));
        command
            .args(["serve", "--config"])
            .arg(self.folder.join("provider.toml"));
        if let Some(url) = &self.database {
            command.env("DATABASE_URL", url);
        }
        command.env("FARTHING_LISTEN", format!("127.0.0.1:{}", self.listen));
        if let Some(frame) = &self.frame {
            command.arg("--frame-dir").arg(frame);
        }
        Running::start("provider", &mut command, &self.folder)
    }
}
