use farthing_protocol::{DeclineReason, UnixSeconds};

use crate::{
    Answer, Clock, Connector, Found, Gateway, NoAnswer, Refusal, Rng, Stage, Store, StoredCharge, StoredQuote,
};

/// After how long what was begun and never heard of again is looked into: longer than any connector's own deadline,
/// so that nobody is asked about something that is still being done.
pub(crate) const ASKING_S: i64 = 60;
/// How soon after an answer stayed out it is looked for.
pub(crate) const FIRST_LOOK_S: i64 = 1;
/// How long it is left alone between two looks, at the most.
const LAST_LOOK_S: i64 = 15 * 60;
/// How long what the bank refused is left alone before it is tried again.
pub(crate) const REFUSED_S: i64 = 60 * 60;
/// How many one round looks into.
const ROUND: u32 = 100;

impl<S: Store, C: Connector, T: Clock, R: Rng> Gateway<S, C, T, R> {
    /// Looks into what has no end yet, at most a hundred charges and a hundred operations, and lets reservations go
    /// whose time is over. Returns how many have ended by it. The provider calls it again and again.
    ///
    /// One that can't be looked into keeps none of the others from it: the first such failure is returned at the end.
    pub async fn resolve(&self) -> Result<u64, Refusal> {
        let now = self.clock.now();
        let begun_before = now.plus(-ASKING_S);
        let (mut ended, mut failed) = (0, None);
        let mut count = |result: Result<bool, Refusal>| match result {
            Ok(end) => ended += u64::from(end),
            Err(refusal) => failed = failed.take().or(Some(refusal)),
        };
        for charge in self.store.unresolved(now, begun_before, ROUND).await? {
            let after = self.look_into(charge).await;
            count(after.map(|charge| !charge.stage.is_open()));
        }
        for operation in self.store.unresolved_operations(now, begun_before, ROUND).await? {
            let after = self.instruct_again(operation).await;
            count(after.map(|operation| !operation.stage.is_open()));
        }
        let refused_before = now.plus(-REFUSED_S);
        let expired = self.store.expired_authorisations(now, refused_before, ROUND);
        for charge in expired.await? {
            count(self.expire(&charge).await);
        }
        failed.map_or(Ok(ended), Err)
    }

    /// Erases what nobody can use any more, here and in the store, and lets go of it at the connector. Returns how much it
    /// erased there.
    pub async fn sweep(&self) -> Result<u64, Refusal> {
        let now = self.clock.now();
        self.codes.sweep(now);
        let abandoned = self.abandon_challenges().await?;
        Ok(self.store.sweep(now).await? + abandoned)
    }

    /// Asks the connector how an open charge ended, and books it.
    pub(crate) async fn look_into(&self, charge: StoredCharge) -> Result<StoredCharge, Refusal> {
        let answer = match self.connector.look_up(&charge.id).await {
            Ok(Found::Ended(answer)) => Ok(answer),
            Ok(Found::Never) => Ok(Answer::Declined(DeclineReason::ProcessingFailed)),
            Ok(Found::Pending) | Err(NoAnswer) if charge.stage == Stage::Unknown => {
                let at = next_look(charge.created_at, self.clock.now());
                self.store.look_again(&charge.id, at).await?;
                return Ok(charge);
            }
            Ok(Found::Pending) | Err(NoAnswer) => Err(NoAnswer),
        };
        let StoredQuote { quote, terms, .. } = self.quote_of(&charge).await?;
        self.settle(charge, &quote, &terms, answer).await
    }

    pub(crate) async fn quote_of(&self, charge: &StoredCharge) -> Result<StoredQuote, Refusal> {
        let stored = self.store.quote(&charge.quote).await?;
        stored.ok_or_else(|| Refusal::internal("a charge without a quote"))
    }
}

/// When to look next: soon at first, and ever more rarely the longer it takes.
pub(crate) fn next_look(begun_at: UnixSeconds, now: UnixSeconds) -> UnixSeconds {
    now.plus((now.since(begun_at) / 4).clamp(FIRST_LOOK_S, LAST_LOOK_S))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn looks_become_rare_and_never_end() {
        let begun = UnixSeconds(1_800_000_000);
        let wait = |age: i64| next_look(begun, begun.plus(age)).since(begun.plus(age));
        assert_eq!((wait(0), wait(3), wait(40)), (1, 1, 10));
        assert_eq!((wait(86_400), wait(i64::MAX / 2)), (900, 900));
        assert_eq!(wait(-100), 1, "a clock that was set back");
    }
}
