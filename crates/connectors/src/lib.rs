//! What moves the money, each behind `gateway::Connector`. There is the sandbox; real ones come beside it.

mod sandbox;

pub use sandbox::{BooksError, CARDS, Sandbox, SandboxCard};
