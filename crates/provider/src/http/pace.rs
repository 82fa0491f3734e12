use std::{
    collections::HashMap,
    hash::Hash,
    sync::{Mutex, PoisonError},
};

use farthing_protocol::UnixSeconds;

const MINUTE_US: i64 = 60_000_000;
/// How many are told apart at once. Those beyond share one allowance until others have been quiet for a minute.
const TOLD_APART: usize = 65_536;

/// How often each of many may ask: so many times a minute, all of which may come at once. (The generic cell rate
/// algorithm of ITU-T I.371: what is kept is one time for each, and who has been quiet for a minute needs none.)
pub struct Pace<K> {
    interval_us: i64,
    told_apart: usize,
    book: Mutex<Book<K>>,
}

struct Book<K> {
    /// When each has its whole allowance again.
    whole_at_us: HashMap<K, i64>,
    /// The same for all whom there is no room for.
    others_us: i64,
    swept_us: i64,
}

impl<K: Eq + Hash> Pace<K> {
    /// `per_minute` is at least 1.
    #[must_use]
    pub fn new(per_minute: u32) -> Self {
        Self::among(per_minute, TOLD_APART)
    }

    fn among(per_minute: u32, told_apart: usize) -> Self {
        Self {
            interval_us: MINUTE_US / i64::from(per_minute.max(1)),
            told_apart,
            book: Mutex::new(Book {
                whole_at_us: HashMap::new(),
                others_us: 0,
                swept_us: i64::MIN,
            }),
        }
    }

    /// Whether `who` may ask once more. One who may not is not counted for it.
    pub fn admits(&self, who: K, now: UnixSeconds) -> bool {
        let now_us = now.0.saturating_mul(1_000_000);
        let mut book = self.book.lock().unwrap_or_else(PoisonError::into_inner);
        if book.whole_at_us.len() >= self.told_apart && book.swept_us < now_us {
            book.swept_us = now_us;
            book.whole_at_us.retain(|_, whole_at| *whole_at > now_us);
        }
        let full = book.whole_at_us.len() >= self.told_apart;
        let known = book.whole_at_us.get(&who).copied();
        let whole_at = match known {
            Some(at) => at,
            None if full => book.others_us,
            None => now_us,
        };
        // More than a minute ahead is none but one that a clock wrote which has been set back since.
        let ahead = whole_at.saturating_sub(now_us).max(0);
        let ahead = if ahead > MINUTE_US { 0 } else { ahead } + self.interval_us;
        let whole_at = now_us.saturating_add(ahead);
        if ahead > MINUTE_US {
            return false;
        }
        if known.is_none() && full {
            book.others_us = whole_at;
        } else {
            book.whole_at_us.insert(who, whole_at);
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: UnixSeconds = UnixSeconds(1_800_000_000);

    fn admitted(pace: &Pace<u32>, who: u32, now: UnixSeconds) -> usize {
        (0..10_000).take_while(|_| pace.admits(who, now)).count()
    }

    #[test]
    fn a_minutes_worth_may_come_at_once_and_comes_back_within_a_minute() {
        let pace = Pace::new(60);
        assert_eq!(admitted(&pace, 1, NOW), 60);
        assert_eq!(admitted(&pace, 2, NOW), 60, "another has an allowance of its own");
        assert_eq!(admitted(&pace, 1, NOW.plus(1)), 1);
        assert_eq!(admitted(&pace, 1, NOW.plus(31)), 30);
        assert_eq!(admitted(&pace, 1, NOW.plus(3_600)), 60, "and no more than that");
    }

    #[test]
    fn over_any_time_nobody_gets_more_than_the_pace() {
        for per_minute in [1, 7, 59, 300, 100_000] {
            let pace = Pace::new(per_minute);
            let mut admitted = 0u32;
            for second in 0..600 {
                for _ in 0..per_minute.div_ceil(20) {
                    admitted += u32::from(pace.admits(1, NOW.plus(second)));
                }
            }
            assert!(admitted <= per_minute * 11, "{per_minute}: {admitted}");
            assert!(admitted >= per_minute * 10, "{per_minute}: {admitted}");
        }
    }

    #[test]
    fn those_beyond_the_bound_share_one_allowance_and_keep_nobody_out() {
        let pace = Pace::among(10, 3);
        for who in 0..3 {
            assert_eq!(admitted(&pace, who, NOW), 10);
        }
        let strangers: usize = (100..200).map(|who| admitted(&pace, who, NOW)).sum();
        assert_eq!(strangers, 10);
        assert_eq!(admitted(&pace, 0, NOW), 0, "nobody was forgotten for them");
        let book = pace.book.lock().unwrap().whole_at_us.len();
        assert_eq!(book, 3);
        // Once those are quiet there is room.
        assert_eq!(admitted(&pace, 100, NOW.plus(60)), 10);
        assert_eq!(admitted(&pace, 101, NOW.plus(60)), 10);
    }

    #[test]
    fn a_clock_that_was_set_back_locks_nobody_out() {
        let pace = Pace::new(10);
        assert_eq!(admitted(&pace, 1, NOW.plus(86_400)), 10);
        assert_eq!(admitted(&pace, 1, NOW), 10);
        assert_eq!(admitted(&pace, 1, NOW), 0);
    }
}
