//! What is done without anyone asking: finding out how unknown charges ended, giving disputed money back, telling
//! merchants, and erasing.

pub mod webhooks;

use std::{future::Future, sync::Arc, time::Duration};

use farthing_gateway::Refusal;
use tokio::time::{MissedTickBehavior, interval};
use tokio_util::sync::CancellationToken;

use crate::wiring::App;

const RESOLVE: Duration = Duration::from_secs(1);
const SWEEP: Duration = Duration::from_secs(30);

/// Starts them. The future ends once they have: at `stop`, and not in the middle of anything.
pub(crate) fn start(app: &Arc<App>, stop: &CancellationToken) -> impl Future<Output = ()> + use<> {
    let resolver = tokio::spawn(resolve(Arc::clone(app), stop.clone()));
    let sweeper = tokio::spawn(sweep(Arc::clone(app), stop.clone()));
    let messenger = tokio::spawn(webhooks::deliver(Arc::clone(app), stop.clone()));
    async move {
        let _ = tokio::join!(resolver, sweeper, messenger);
    }
}

async fn resolve(app: Arc<App>, stop: CancellationToken) {
    let mut ticks = interval(RESOLVE);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    while stop.run_until_cancelled(ticks.tick()).await.is_some() {
        tell("resolve", app.rules.resolve().await);
        tell("give back", app.rules.give_back_due().await);
    }
}

async fn sweep(app: Arc<App>, stop: CancellationToken) {
    let mut ticks = interval(SWEEP);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    while stop.run_until_cancelled(ticks.tick()).await.is_some() {
        tell("sweep", app.rules.sweep().await);
    }
}

fn tell(worker: &'static str, done: Result<u64, Refusal>) {
    match done {
        Ok(0) => {}
        Ok(count) => tracing::info!(worker, count, "done"),
        Err(refusal) => {
            tracing::error!(
                worker,
                code = refusal.code.as_str(),
                cause = refusal.cause.as_deref(),
                "failed"
            );
        }
    }
}
