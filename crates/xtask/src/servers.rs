//! The provider and the shop as running programs.

use std::{
    env, fs,
    fs::File,
    io::{Read, Write},
    net::{Ipv4Addr, TcpListener, TcpStream},
    os::unix::process::CommandExt,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::mpsc::{self, Receiver, RecvTimeoutError, Sender},
    thread,
    time::Duration,
};

use anyhow::{Context, Result, bail};
use rustix::process::{Pid, Signal, kill_process};
use signal_hook::{
    consts::{SIGINT, SIGTERM},
    iterator::Signals,
};

use crate::{process, project::Project};

/// How long a server may take to answer after its start, and to end after being told to.
pub const PATIENCE: Duration = Duration::from_secs(15);

/// Where the two servers listen, on loopback.
#[derive(Clone, Copy)]
pub struct Ports {
    pub shop: u16,
    pub provider: u16,
}

impl Ports {
    const USUAL: Self = Self {
        shop: 8787,
        provider: 8788,
    };

    /// The usual ones, or what `FARTHING_SHOP_PORT` and `FARTHING_PROVIDER_PORT` say.
    pub fn from_environment() -> Result<Self> {
        let read = |name: &str, usual: u16| env::var(name).map_or(Ok(usual), |value| port(name, &value));
        let Self { shop, provider } = Self::USUAL;
        Self {
            shop: read("FARTHING_SHOP_PORT", shop)?,
            provider: read("FARTHING_PROVIDER_PORT", provider)?,
        }
        .checked()
    }

    /// Two servers need two ports.
    pub fn checked(self) -> Result<Self> {
        if self.shop == self.provider {
            bail!("the shop and the provider cannot share port {}", self.shop);
        }
        Ok(self)
    }

    /// What to open in a browser.
    pub fn shop_origin(self) -> String {
        format!("http://localhost:{}", self.shop)
    }

    /// Where the frame comes from.
    pub fn provider_origin(self) -> String {
        format!("http://127.0.0.1:{}", self.provider)
    }

    /// The folder of this pair: its keys and data hold for these two origins only.
    pub fn folder(self, project: &Project) -> PathBuf {
        let folder = project.path(".farthing");
        let Self { shop, provider } = Self::USUAL;
        if (self.shop, self.provider) == (shop, provider) {
            return folder;
        }
        folder.join(format!("ports-{}-{}", self.shop, self.provider))
    }
}

/// A port from an argument or a variable called `name`.
pub fn port(name: &str, value: &str) -> Result<u16> {
    value
        .parse()
        .ok()
        .filter(|port| *port > 0)
        .with_context(|| format!("{name} is `{value}`: a port is a number from 1 to 65535"))
}

/// Fails when something else has the port, and says how to take another.
pub fn require_free(port: u16, whose: &str, how: &str) -> Result<()> {
    if TcpListener::bind((Ipv4Addr::LOCALHOST, port)).is_err() {
        bail!("port {port}, which the {whose} wants, is taken by another program. Another one: {how}");
    }
    Ok(())
}

/// Whether a server on this port says that it is well.
pub fn healthy(port: u16) -> bool {
    let ask = || -> std::io::Result<bool> {
        let mut stream =
            TcpStream::connect_timeout(&(Ipv4Addr::LOCALHOST, port).into(), Duration::from_secs(1))?;
        stream.set_read_timeout(Some(Duration::from_secs(2)))?;
        // In one piece: a server that answers early closes on the rest.
        let request = format!("GET /healthz HTTP/1.1\r\nHost: localhost:{port}\r\nConnection: close\r\n\r\n");
        stream.write_all(request.as_bytes())?;
        let mut status = [0; 12];
        stream.read_exact(&mut status)?;
        Ok(status.ends_with(b" 200"))
    };
    ask().unwrap_or(false)
}

/// Writes configuration with fresh keys, once for each pair of ports.
pub fn init(project: &Project, ports: Ports, farthing: &Path) -> Result<()> {
    let folder = ports.folder(project);
    if folder.join("provider.toml").exists() {
        return vouch_on(project, &folder, farthing);
    }
    println!("==> Making keys and configuration in {}", folder.display());
    fs::create_dir_all(&folder)?;
    process::run(
        process::program(project, farthing)
            .arg("init")
            .arg("--dir")
            .arg(&folder)
            .args([
                "--shop-origin",
                &ports.shop_origin(),
                "--provider-origin",
                &ports.provider_origin(),
            ]),
    )
}

/// The demo's accreditor says anew how its statement stands: a status list ends after a month, and with it the form.
fn vouch_on(project: &Project, folder: &Path, farthing: &Path) -> Result<()> {
    let desk = folder.join("accreditor");
    let mut signs = process::program(project, farthing);
    signs
        .args(["accreditor", "status-list", "--days", "31", "--dir"])
        .arg(&desk);
    let list = signs.output().context("farthing accreditor status-list")?;
    if !list.status.success() {
        bail!(
            "{} is of an earlier version: remove it, and it is made anew",
            folder.display()
        );
    }
    let path = folder.join("status-list.jwt");
    fs::write(&path, list.stdout)?;
    process::run(
        process::program(project, farthing)
            .args(["accreditor", "import-status"])
            .arg(&path)
            .arg("--config")
            .arg(folder.join("provider.toml")),
    )
}

/// What happens while servers run.
pub enum Event {
    /// This process is to end.
    Signal,
    /// A server has ended by itself.
    Ended(String),
    /// Nothing for as long as was asked.
    Quiet,
}

/// Servers that were started here, and are stopped with [`Servers::stop`].
pub struct Servers {
    running: Vec<(String, Pid)>,
    events: Receiver<Event>,
    send: Sender<Event>,
}

impl Servers {
    /// None yet; signals to end are caught from now on.
    pub fn new() -> Result<Self> {
        let (send, events) = mpsc::channel();
        let mut signals = Signals::new([SIGINT, SIGTERM])?;
        let sender = send.clone();
        thread::spawn(move || {
            for _ in signals.forever() {
                let _gone = sender.send(Event::Signal);
            }
        });
        Ok(Self {
            running: Vec::new(),
            events,
            send,
        })
    }

    /// Starts the provider configured in `folder`; with the frame in `frame` in place of the one that it carries.
    pub fn start_provider(
        &mut self,
        project: &Project,
        program: &Path,
        folder: &Path,
        frame: Option<&Path>,
    ) -> Result<()> {
        let mut command = process::program(project, program);
        command
            .args(["serve", "--config"])
            .arg(folder.join("provider.toml"));
        if let Some(frame) = frame {
            command.arg("--frame-dir").arg(frame);
        }
        self.start("provider", &mut command, &folder.join("provider.log"))
    }

    /// Starts the shop configured in `folder`.
    pub fn start_shop(&mut self, project: &Project, program: &Path, folder: &Path) -> Result<()> {
        let mut command = process::program(project, program);
        self.start(
            "shop",
            command.arg("--config").arg(folder.join("shop.toml")),
            &folder.join("shop.log"),
        )
    }

    /// Starts a server whose output goes to `log`.
    fn start(&mut self, name: &str, command: &mut Command, log: &Path) -> Result<()> {
        let out = File::create(log).with_context(|| format!("cannot write {}", log.display()))?;
        let mut child = command
            .stdin(Stdio::null())
            .stdout(out.try_clone()?)
            .stderr(out)
            // Ctrl-C at the terminal is for us: the servers then end in our order, once.
            .process_group(0)
            .spawn()
            .with_context(|| format!("cannot start the {name}"))?;
        self.running.push((name.to_owned(), Pid::from_child(&child)));
        let (send, name) = (self.send.clone(), name.to_owned());
        thread::spawn(move || {
            let _status = child.wait();
            let _gone = send.send(Event::Ended(name));
        });
        Ok(())
    }

    /// The next event, or [`Event::Quiet`] after `limit`.
    pub fn wait(&mut self, limit: Duration) -> Event {
        let event = match self.events.recv_timeout(limit) {
            Ok(event) => event,
            Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => Event::Quiet,
        };
        if let Event::Ended(ended) = &event {
            self.running.retain(|(name, _)| name != ended);
        }
        event
    }

    /// Waits until both ports answer; the error carries the log of a server that ended instead.
    pub fn wait_until_healthy(&mut self, ports: Ports, folder: &Path) -> Result<()> {
        let pause = Duration::from_millis(50);
        for _ in 0..PATIENCE.as_millis() / pause.as_millis() {
            if healthy(ports.provider) && healthy(ports.shop) {
                return Ok(());
            }
            match self.wait(pause) {
                Event::Quiet => {}
                Event::Signal => bail!("stopped"),
                Event::Ended(name) => bail!(
                    "the {name} ended at once. {}",
                    tail(&folder.join(format!("{name}.log")))
                ),
            }
        }
        bail!(
            "no answer within {} seconds; see {}/*.log",
            PATIENCE.as_secs(),
            folder.display()
        )
    }

    /// Asks every server to end, and ends those that do not.
    pub fn stop(&mut self) {
        for signal in [Signal::TERM, Signal::KILL] {
            for (_, pid) in &self.running {
                let _gone = kill_process(*pid, signal);
            }
            while !self.running.is_empty() {
                if matches!(self.wait(PATIENCE), Event::Quiet) {
                    break;
                }
            }
        }
    }
}

impl Drop for Servers {
    fn drop(&mut self) {
        self.stop();
    }
}

/// The last lines of a log, with its name.
pub fn tail(log: &Path) -> String {
    let text = fs::read_to_string(log).unwrap_or_default();
    let lines: Vec<&str> = text.lines().collect();
    let last = lines.get(lines.len().saturating_sub(15)..).unwrap_or_default();
    format!("The end of {}:\n{}", log.display(), last.join("\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_pair_of_ports_has_a_folder_of_its_own() {
        let project = Project::at(Path::new("/p"));
        assert_eq!(Ports::USUAL.folder(&project), Path::new("/p/.farthing"));
        let other = Ports {
            shop: 9001,
            ..Ports::USUAL
        };
        assert_eq!(other.folder(&project), Path::new("/p/.farthing/ports-9001-8788"));
    }

    #[test]
    fn a_taken_port_is_named_with_the_way_out() {
        let taken = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let port = taken.local_addr().unwrap().port();
        let error = require_free(port, "shop", "--shop-port N")
            .unwrap_err()
            .to_string();
        assert!(
            error.contains(&port.to_string()) && error.contains("--shop-port"),
            "{error}"
        );
        drop(taken);
        assert!(require_free(port, "shop", "").is_ok());
    }

    #[test]
    fn health_is_a_200_and_nothing_else() {
        for (answer, well) in [
            ("HTTP/1.1 200 OK\r\n\r\n", true),
            ("HTTP/1.1 503 No\r\n\r\n", false),
            ("SSH-2.0", false),
        ] {
            let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
            let port = listener.local_addr().unwrap().port();
            let server = thread::spawn(move || {
                let (mut stream, _) = listener.accept().unwrap();
                let mut request = [0; 1024];
                let _read = stream.read(&mut request).unwrap();
                stream.write_all(answer.as_bytes()).unwrap();
            });
            assert_eq!(healthy(port), well, "{answer}");
            server.join().unwrap();
        }
    }

    #[test]
    fn servers_are_told_to_end_and_their_own_end_is_heard() {
        let folder = env::temp_dir().join(format!("farthing-servers-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        let mut servers = Servers::new().unwrap();
        let log = folder.join("a.log");
        servers
            .start("a", Command::new("sh").args(["-c", "echo bye; exit 1"]), &log)
            .unwrap();
        assert!(matches!(servers.wait(PATIENCE), Event::Ended(name) if name == "a"));
        assert!(tail(&log).ends_with("bye"));
        servers
            .start("b", Command::new("sleep").arg("600"), &folder.join("b.log"))
            .unwrap();
        let pid = servers.running.first().unwrap().1;
        servers.stop();
        assert!(rustix::process::test_kill_process(pid).is_err(), "still there");
        fs::remove_dir_all(&folder).unwrap();
    }
}
