use std::fmt::Debug;

use farthing_protocol::UnixSeconds;

use super::made::NOW;

/// What has no end is found when it is time, and not before. Of four that were begun a second apart the second is
/// unknown until ten seconds after [`NOW`], and the third has ended; `again` says to look at one twenty seconds after.
pub(super) async fn found_in_time<I: Clone + Debug + PartialEq>(
    [one, two, four]: [I; 3],
    found: impl AsyncFn(UnixSeconds, UnixSeconds, u32) -> Vec<I>,
    again: impl AsyncFn(&I),
) {
    assert_eq!(
        found(NOW.plus(9), NOW.plus(1), 10).await,
        [],
        "the others are fresh"
    );
    assert_eq!(
        found(NOW.plus(9), NOW.plus(9), 10).await,
        [one.clone(), four.clone()]
    );
    assert_eq!(
        found(NOW.plus(10), NOW.plus(2), 10).await,
        [one.clone(), two.clone()]
    );
    assert_eq!(found(NOW.plus(10), NOW.plus(9), 2).await.len(), 2);
    again(&two).await;
    again(&four).await;
    assert_eq!(
        found(NOW.plus(19), NOW.plus(9), 10).await,
        [one, four],
        "the fourth is no unknown one"
    );
    assert_eq!(found(NOW.plus(20), NOW, 10).await, [two]);
}
