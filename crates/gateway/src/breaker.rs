use farthing_protocol::{MerchantId, UnixSeconds, limits};

use crate::{Clock, Connector, Gateway, Refusal, Rng, Store};

/// What the card's side said of a merchant's latest payments.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Verdicts {
    /// How many it approved or declined.
    pub answered: u32,
    /// How many of them it declined.
    pub declined: u32,
}

impl Verdicts {
    /// Whether these are no shop's customers: somebody tries cards here.
    fn tell_of_card_testing(self) -> bool {
        self.answered >= limits::DECLINES_FROM
            && u64::from(self.declined) * 100
                >= u64::from(self.answered) * u64::from(limits::DECLINES_PERCENT)
    }
}

impl<S: Store, C: Connector, T: Clock, R: Rng> Gateway<S, C, T, R> {
    /// Whether most of the merchant's latest payments were declined. Nothing has to end the pause: as there are no
    /// new payments, those that caused it grow old, and a few may try whether it is over.
    pub(crate) async fn is_paused(&self, merchant: &MerchantId, now: UnixSeconds) -> Result<bool, Refusal> {
        let since = now.plus(-limits::DECLINES_WINDOW_S);
        let verdicts = self.store.verdicts(merchant, since, limits::DECLINES_OF).await?;
        Ok(verdicts.tell_of_card_testing())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_takes_many_and_most_of_them_declined() {
        let paused = |answered, declined| Verdicts { answered, declined }.tell_of_card_testing();
        assert!(!paused(0, 0) && !paused(19, 19), "too few to tell");
        assert!(paused(20, 16) && !paused(20, 15));
        assert!(paused(100, 80) && !paused(100, 79) && paused(u32::MAX, u32::MAX));
    }
}
