use std::{
    sync::{
        Arc, Mutex, PoisonError,
        mpsc::{Receiver, SyncSender, sync_channel},
    },
    thread::JoinHandle,
};

use farthing_gateway::StoreError;
use farthing_store_sql::{Engine, Watch, db};

use crate::{
    commits::{Commits, read},
    connect::{OpenError, check, config, connect},
    link::{self, driver},
    migrate::up_to_date,
    queue::{self, Job},
};

/// Operations that may wait at once; one more is told that the store is busy.
const QUEUE: usize = 4_096;
/// Threads that read. One that writes waits for the disk most of the time; these wait for the network alone.
const READERS: usize = 2;

/// One thread that writes, and some that read, each with a connection of its own.
pub struct Postgres {
    writes: Option<SyncSender<Box<dyn Job>>>,
    reads: Option<SyncSender<Box<dyn Job>>>,
    threads: Vec<JoinHandle<()>>,
    watch: Watch,
}

impl Postgres {
    pub(crate) fn start(url: &str) -> Result<Self, OpenError> {
        let config = config(url)?;
        let driver = driver()?;
        let link = connect(&config, &driver)?;
        check(&link)?;
        up_to_date(&link)?;
        let (writes, to_write) = sync_channel(QUEUE);
        let (reads, to_read) = sync_channel(QUEUE);
        let commits = Commits::on(config.clone(), driver, link)?;
        let watch = Watch::default();
        let told = watch.clone();
        let mut threads = vec![
            std::thread::Builder::new()
                .name("store".to_owned())
                .spawn(move || commits.work(&to_write, &told))?,
        ];
        let to_read: Arc<Mutex<Receiver<Box<dyn Job>>>> = Arc::new(Mutex::new(to_read));
        for _ in 0..READERS {
            let (config, driver, to_read) = (config.clone(), link::driver()?, Arc::clone(&to_read));
            let reader = std::thread::Builder::new()
                .name("store-read".to_owned())
                .spawn(move || {
                    let next = || to_read.lock().unwrap_or_else(PoisonError::into_inner).recv().ok();
                    read(&config, &driver, next);
                })?;
            threads.push(reader);
        }
        Ok(Self {
            writes: Some(writes),
            reads: Some(reads),
            threads,
            watch,
        })
    }
}

impl Engine for Postgres {
    async fn run<T: Send + 'static>(
        &self,
        operation: impl Fn(&db::Connection<'_>) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        queue::wait(self.writes.as_ref(), operation).await
    }

    async fn read<T: Send + 'static>(
        &self,
        operation: impl Fn(&db::Connection<'_>) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        queue::wait(self.reads.as_ref(), operation).await
    }

    fn watch(&self) -> &Watch {
        &self.watch
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        self.writes = None;
        self.reads = None;
        for thread in self.threads.drain(..) {
            // A thread that panicked has nothing more to commit.
            let _ = thread.join();
        }
    }
}
