use std::{
    sync::{Arc, OnceLock},
    time::{Duration, Instant},
};

use farthing_gateway::StoreError;

type Observer = Box<dyn Fn(Duration, usize) + Send + Sync>;

/// Where an engine says how long its commits take. Clones say it to the same observer, once there is one.
#[derive(Clone, Default)]
pub struct Watch(Arc<OnceLock<Observer>>);

impl Watch {
    /// From now on `observer` is told of each commit that was made: how long it took, and how many operations shared it.
    /// It is called on the thread that commits, which waits for it. There is one observer: a second is not told.
    pub fn tell(&self, observer: impl Fn(Duration, usize) + Send + Sync + 'static) {
        let _ = self.0.set(Box::new(observer));
    }

    /// Runs `commit`, which `operations` share.
    #[expect(
        clippy::disallowed_methods,
        reason = "how long a commit takes is measured, and decides nothing"
    )]
    pub fn commit(
        &self,
        operations: usize,
        commit: impl FnOnce() -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        let began = Instant::now();
        let committed = commit();
        if let (Ok(()), Some(observer)) = (&committed, self.0.get()) {
            observer(began.elapsed(), operations);
        }
        committed
    }
}
