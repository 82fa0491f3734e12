//! Bad input: each kind has its own code, and nothing is booked or lost by it.
#![expect(clippy::unwrap_used, reason = "a test that can't go on should stop there")]

mod orders;
mod tokens;

use farthing_store_sqlite::SqliteStore;
use farthing_testkit::{Bank, SeededRng, SetClock, Shop};

type Gateway = farthing_gateway::Gateway<SqliteStore, Bank, SetClock, SeededRng>;

fn start(shops: &[&Shop]) -> (Gateway, SetClock) {
    let (gateway, clock, _) = Shop::gateway(shops, farthing_store_sqlite::memory().unwrap(), 1);
    (gateway, clock)
}
