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
        let command = Launch {
            folder: folder.to_owned(),
            frame: frame.map(Path::to_owned),
            listen: port,
        };
        let running = command.launch();
        let books = Books::at(&folder.join("farthing.db"));
        let mut provider = Self {
            origin: origin.to_owned(),
            port,
            books,
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

    /// Asks it to end, and waits for it.
    pub fn stop(&mut self) {
        self.running.stop();
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
        command.env("FARTHING_LISTEN", format!("127.0.0.1:{}", self.listen));
        if let Some(frame) = &self.frame {
            command.arg("--frame-dir").arg(frame);
        }
        Running::start("provider", &mut command, &self.folder)
    }
}
