use farthing_gateway::StoreError;

use crate::{Engine, Watch, db::Connection};

/// One of two engines, chosen when the program runs.
pub enum Either<A, B> {
    /// The first.
    One(A),
    /// The other.
    Other(B),
}

impl<A: Engine, B: Engine> Engine for Either<A, B> {
    async fn run<T: Send + 'static>(
        &self,
        operation: impl Fn(&Connection<'_>) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        match self {
            Self::One(engine) => engine.run(operation).await,
            Self::Other(engine) => engine.run(operation).await,
        }
    }

    async fn read<T: Send + 'static>(
        &self,
        operation: impl Fn(&Connection<'_>) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        match self {
            Self::One(engine) => engine.read(operation).await,
            Self::Other(engine) => engine.read(operation).await,
        }
    }

    fn watch(&self) -> &Watch {
        match self {
            Self::One(engine) => engine.watch(),
            Self::Other(engine) => engine.watch(),
        }
    }
}
