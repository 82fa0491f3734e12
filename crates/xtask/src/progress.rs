//! What people see while they wait.
#![expect(
    clippy::disallowed_methods,
    reason = "a command for people: it tells how long things take, and waits for programs that are not its children"
)]

use std::time::{Duration, Instant};

/// Says what begins; [`Step::done`] says how long it took.
pub fn begin(what: &str) -> Step {
    println!("==> {what}");
    Step {
        since: Instant::now(),
    }
}

/// Something that is being waited for.
pub struct Step {
    since: Instant,
}

impl Step {
    /// The end of it, with its time.
    pub fn done(self) {
        println!("    done in {}", human(self.since.elapsed()));
    }

    /// The time so far.
    pub fn elapsed(&self) -> Duration {
        self.since.elapsed()
    }
}

/// Waits until `ready` holds; false when `limit` has passed without it.
///
/// For what gives no other sign: a port, a file, a process that is not our child.
pub fn wait_until(limit: Duration, mut ready: impl FnMut() -> bool) -> bool {
    let since = Instant::now();
    loop {
        if ready() {
            return true;
        }
        if since.elapsed() >= limit {
            return false;
        }
        std::thread::sleep(Duration::from_millis(50));
    }
}

/// `4.2 s`, or `3 min 07 s`.
pub fn human(time: Duration) -> String {
    let seconds = time.as_secs();
    if seconds < 60 {
        return format!("{seconds}.{} s", time.subsec_millis() / 100);
    }
    format!("{} min {:02} s", seconds / 60, seconds % 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_told_as_people_say_them() {
        assert_eq!(human(Duration::from_millis(4_270)), "4.2 s");
        assert_eq!(human(Duration::from_millis(187_900)), "3 min 07 s");
    }

    #[test]
    fn waiting_ends_at_the_thing_or_at_the_limit() {
        let mut looks = 0;
        assert!(wait_until(Duration::from_secs(60), || {
            looks += 1;
            looks == 2
        }));
        assert!(!wait_until(Duration::ZERO, || false));
    }
}
