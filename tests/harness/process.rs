//! Programs that a journey starts, and ends.

use std::{
    collections::HashMap,
    fs::{self, File},
    net::{Ipv4Addr, TcpListener},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::atomic::{AtomicU16, Ordering},
};

use rustix::process::{Pid, Signal, kill_process};

/// A program that runs until this is dropped. What it starts ends with it.
pub struct Running {
    child: Child,
    name: &'static str,
    log: PathBuf,
}

impl Running {
    /// Starts `command`; everything it prints goes to `<folder>/<name>.log`.
    ///
    /// # Panics
    /// If it can't be started.
    #[must_use]
    pub fn start(name: &'static str, command: &mut Command, folder: &Path) -> Self {
        let log = folder.join(format!("{name}.log"));
        let out = File::create(&log).unwrap();
        let child = command
            .stdin(Stdio::null())
            .stdout(out.try_clone().unwrap())
            .stderr(out)
            .spawn()
            .unwrap_or_else(|error| panic!("cannot start {command:?}: {error}"));
        Self { child, name, log }
    }

    /// What it printed so far.
    #[must_use]
    pub fn log(&self) -> String {
        String::from_utf8_lossy(&fs::read(&self.log).unwrap_or_default()).into_owned()
    }

    /// # Panics
    /// If it has ended by itself, with what it said.
    pub fn must_be_alive(&mut self) {
        if let Some(status) = self.child.try_wait().unwrap() {
            panic!("the {} ended with {status}:\n{}", self.name, self.log());
        }
    }

    /// Asks it to end, and waits until it has.
    pub fn stop(&mut self) {
        let _gone = kill_process(Pid::from_child(&self.child), Signal::TERM);
        self.child.wait().unwrap();
    }

    /// Asks it to read its configuration again (SIGHUP).
    pub fn hang_up(&self) {
        let _gone = kill_process(Pid::from_child(&self.child), Signal::HUP);
    }

    /// Ends it as a crash would: in the middle of whatever it does.
    pub fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Its process id.
    #[must_use]
    pub fn id(&self) -> u32 {
        self.child.id()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // A browser's processes outlive the driver that started them, unless they are ended too.
        let started = descendants(self.child.id());
        let _gone = self.child.kill();
        let _gone = self.child.wait();
        for id in started {
            if let Some(pid) = i32::try_from(id).ok().and_then(Pid::from_raw) {
                let _gone = kill_process(pid, Signal::KILL);
            }
        }
    }
}

/// Every process that `ancestor` started, and what those started.
#[must_use]
pub fn descendants(ancestor: u32) -> Vec<u32> {
    let mut children: HashMap<u32, Vec<u32>> = HashMap::new();
    for entry in fs::read_dir("/proc").into_iter().flatten().flatten() {
        let Some(id) = entry.file_name().to_str().and_then(|name| name.parse().ok()) else {
            continue;
        };
        if let Some(parent) = parent(id) {
            children.entry(parent).or_default().push(id);
        }
    }
    let mut found = Vec::new();
    let mut ancestors = vec![ancestor];
    while let Some(id) = ancestors.pop() {
        let started = children.remove(&id).unwrap_or_default();
        found.extend(&started);
        ancestors.extend(started);
    }
    found
}

fn parent(id: u32) -> Option<u32> {
    let stat = fs::read_to_string(format!("/proc/{id}/stat")).ok()?;
    // The name, in brackets, may hold anything; after it come the state and the parent.
    stat.rsplit_once(") ")?.1.split(' ').nth(1)?.parse().ok()
}

/// A port on loopback that nobody has, below those that the system gives out by itself: none of the many
/// connections of a browser can take it before the server that it is for.
///
/// # Panics
/// If there is none.
#[must_use]
pub fn free_port() -> u16 {
    const FIRST: u32 = 12_000;
    const COUNT: u32 = 18_000;
    static TRIED: AtomicU16 = AtomicU16::new(0);
    // Journeys run in several processes at once: each begins somewhere else.
    let begin = std::process::id().wrapping_mul(97);
    for _ in 0..1_000 {
        let tried = u32::from(TRIED.fetch_add(1, Ordering::Relaxed));
        let port = u16::try_from(FIRST + begin.wrapping_add(tried) % COUNT).unwrap();
        if TcpListener::bind((Ipv4Addr::LOCALHOST, port)).is_ok() {
            return port;
        }
    }
    panic!("no port is free");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_program_started_ends_with_it() {
        let folder = tempfile::tempdir().unwrap();
        let mut shell = Running::start(
            "sh",
            Command::new("sh").args(["-c", "sleep 600 & echo $!; wait"]),
            folder.path(),
        );
        let child = loop {
            if let Ok(id) = shell.log().trim().parse::<u32>() {
                break id;
            }
        };
        shell.must_be_alive();
        assert_eq!(descendants(shell.id()), [child]);
        drop(shell);
        // Killed; at most its remains wait for init.
        let stat = fs::read_to_string(format!("/proc/{child}/stat")).unwrap_or_default();
        assert!(
            stat.is_empty() || stat.contains(") Z") || parent(child) == Some(1),
            "{stat}"
        );
    }

    #[test]
    fn ports_differ() {
        assert_ne!(free_port(), free_port());
    }
}
