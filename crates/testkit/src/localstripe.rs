use std::{
    fs,
    net::{Ipv4Addr, TcpListener, TcpStream},
    path::PathBuf,
    process::{Child, Command, Stdio},
};

/// A localstripe, which is Stripe's API by somebody else, on the loopback. It is gone when this is dropped.
pub struct LocalStripe {
    child: Child,
    folder: PathBuf,
    port: u16,
}

impl LocalStripe {
    /// The localstripe of the Python that `FARTHING_PYTHON` names; where it names none, it says that the test is skipped.
    #[must_use]
    pub fn start() -> Option<Self> {
        let Some(python) = std::env::var_os("FARTHING_PYTHON") else {
            eprintln!("skipped: FARTHING_PYTHON names no Python with localstripe; `cargo xtask test` does");
            return None;
        };
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let port = listener.local_addr().unwrap().port();
        drop(listener);
        let folder = std::env::temp_dir().join(format!("farthing-localstripe-{}-{port}", std::process::id()));
        fs::create_dir(&folder).unwrap();
        let mut child = Command::new(python)
            .args(["-c", include_str!("localstripe.py")])
            .arg(port.to_string())
            // It writes down what it knows.
            .env("TMPDIR", &folder)
            .current_dir(&folder)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        while TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_err() {
            assert!(child.try_wait().unwrap().is_none(), "localstripe ended");
            std::thread::yield_now();
        }
        Some(Self { child, folder, port })
    }

    /// Where it listens, on the loopback.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.port
    }

    /// The address of its API.
    #[must_use]
    pub fn address(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }
}

impl Drop for LocalStripe {
    fn drop(&mut self) {
        let _gone = self.child.kill();
        let _gone = self.child.wait();
        let _gone = fs::remove_dir_all(&self.folder);
    }
}
