//! Phone numbers between the first step and the second: in memory alone.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use farthing_instrument::PhoneNumber;
use farthing_protocol::QuoteId;

/// How many are held at once, at the most: about 20 MB. They go when the payment is taken or given up. Of one that is not
/// held, what was prepared is not cancelled: the carrier discards it.
const NUMBERS: usize = 100_000;

#[derive(Default)]
pub(super) struct Numbers(Mutex<HashMap<QuoteId, Arc<PhoneNumber>>>);

impl Numbers {
    pub(super) fn keep(&self, quote: &QuoteId, number: &PhoneNumber) {
        let mut held = self.lock();
        if held.len() < NUMBERS
            && !held.contains_key(quote)
            && let Some(number) = PhoneNumber::from_kept(number.expose())
        {
            held.insert(quote.clone(), Arc::new(number));
        }
    }

    pub(super) fn of(&self, quote: &QuoteId) -> Option<Arc<PhoneNumber>> {
        self.lock().get(quote).map(Arc::clone)
    }

    pub(super) fn forget(&self, quote: &QuoteId) {
        self.lock().remove(quote);
    }

    /// A panic elsewhere leaves the map whole: every change is a single call on it.
    fn lock(&self) -> MutexGuard<'_, HashMap<QuoteId, Arc<PhoneNumber>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
