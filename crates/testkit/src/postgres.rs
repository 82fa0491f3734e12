//! A PostgreSQL of a test's own, which can be stopped and started again.

use std::{
    fs,
    net::{Ipv4Addr, TcpListener, TcpStream},
    os::unix::{fs::chown, process::CommandExt},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::atomic::{AtomicU32, Ordering},
};

/// Who runs it where the test is run by root, for whom it does not run.
const NOBODY: u32 = 65_534;

/// A server on the loopback, with its files in a folder of its own. Both are gone when it is dropped.
pub struct PostgresServer {
    programs: PathBuf,
    folder: PathBuf,
    port: u16,
    running: Option<Child>,
    schemas: AtomicU32,
}

impl PostgresServer {
    /// Makes a server with the programs in the folder that `FARTHING_POSTGRES_BIN` names, as `cargo xtask test` does.
    /// Where it names none, it says that the test is skipped.
    #[must_use]
    pub fn start() -> Option<Self> {
        let Some(programs) = std::env::var_os("FARTHING_POSTGRES_BIN") else {
            eprintln!("skipped: FARTHING_POSTGRES_BIN names no PostgreSQL; `cargo xtask test` does");
            return None;
        };
        // Not in the target folder, which root may have made where nobody else can go.
        let folder = std::env::temp_dir().join(format!(
            "farthing-postgres-{}-{}",
            std::process::id(),
            free_port()
        ));
        fs::create_dir(&folder).unwrap();
        if is_root(&folder) {
            chown(&folder, Some(NOBODY), Some(NOBODY)).unwrap();
        }
        let mut server = Self {
            programs: programs.into(),
            folder,
            port: free_port(),
            running: None,
            schemas: AtomicU32::new(0),
        };
        let made = server
            .program("initdb")
            .args([
                "--username=farthing",
                "--auth=trust",
                "--encoding=UTF8",
                "--locale=C",
                "--pgdata",
            ])
            .arg(server.folder.join("data"))
            .output()
            .unwrap();
        assert!(made.status.success(), "{made:?}");
        server.start_again();
        Some(server)
    }

    /// Where it listens, on the loopback.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Starts it again, on the same files.
    pub fn start_again(&mut self) {
        let log = fs::File::create(self.folder.join("log")).unwrap();
        let mut command = self.program("postgres");
        command.arg("-D").arg(self.folder.join("data"));
        for setting in [
            "listen_addresses=127.0.0.1",
            &format!("port={}", self.port),
            "unix_socket_directories=",
            "max_connections=200",
            // What fails on purpose need not be repeated in a log.
            "log_min_messages=fatal",
        ] {
            command.args(["-c", setting]);
        }
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(log);
        self.running = Some(command.spawn().unwrap());
        while !self.answers() {
            let ended = self.running.as_mut().and_then(|child| child.try_wait().unwrap());
            let log = || fs::read_to_string(self.folder.join("log")).unwrap_or_default();
            assert!(ended.is_none(), "the server ended with {ended:?}: {}", log());
            std::thread::yield_now();
        }
    }

    /// Ends it in the middle of everything, as a crash would.
    pub fn kill(&mut self) {
        if let Some(mut child) = self.running.take() {
            // Its own way of being killed: its other processes end with it.
            let stopped = self
                .program("pg_ctl")
                .args(["stop", "--mode=immediate", "--pgdata"])
                .arg(self.folder.join("data"))
                .output()
                .unwrap();
            assert!(stopped.status.success(), "{stopped:?}");
            child.wait().unwrap();
        }
    }

    /// The address of a schema that nobody else uses, and that is empty.
    #[must_use]
    pub fn schema(&self) -> String {
        let schema = format!("farthing_{}", self.schemas.fetch_add(1, Ordering::Relaxed));
        let made = self.ask(&format!("CREATE SCHEMA {schema}"));
        assert!(made, "the schema {schema} could not be made");
        format!(
            "postgres://farthing@127.0.0.1:{}/postgres?options=-csearch_path%3D{schema}",
            self.port
        )
    }

    /// What `sql` says at the address that [`Self::schema`] gave: one row a line.
    #[must_use]
    pub fn tell(&self, url: &str, sql: &str) -> String {
        let mut command = Command::new(self.programs.join("psql"));
        let told = command.args(["-qtAX", "-d", url, "-c", sql]).output().unwrap();
        assert!(told.status.success(), "{told:?}");
        String::from_utf8(told.stdout).unwrap().trim().to_owned()
    }

    fn answers(&self) -> bool {
        let there = TcpStream::connect((Ipv4Addr::LOCALHOST, self.port));
        there.is_ok() && self.ask("SELECT 1")
    }

    fn ask(&self, sql: &str) -> bool {
        let mut command = Command::new(self.programs.join("psql"));
        command.args([
            "-q",
            "-h",
            "127.0.0.1",
            "-U",
            "farthing",
            "-d",
            "postgres",
            "-c",
            sql,
        ]);
        command.args(["-p", &self.port.to_string()]);
        command.stdout(Stdio::null()).stderr(Stdio::null());
        command.status().unwrap().success()
    }

    fn program(&self, name: &str) -> Command {
        let mut command = Command::new(self.programs.join(name));
        command.current_dir(&self.folder);
        let owner = std::os::unix::fs::MetadataExt::uid(&fs::metadata(&self.folder).unwrap());
        if owner == NOBODY {
            command.uid(NOBODY).gid(NOBODY);
        }
        command
    }
}

impl Drop for PostgresServer {
    fn drop(&mut self) {
        self.kill();
        let removed = fs::remove_dir_all(&self.folder);
        assert!(removed.is_ok() || std::thread::panicking(), "{removed:?}");
    }
}

/// Whether what this process makes is root's.
fn is_root(made: &Path) -> bool {
    std::os::unix::fs::MetadataExt::uid(&fs::metadata(made).unwrap()) == 0
}

fn free_port() -> u16 {
    TcpListener::bind((Ipv4Addr::LOCALHOST, 0))
        .unwrap()
        .local_addr()
        .unwrap()
        .port()
}
