//! What an error of the database means.

use farthing_gateway::StoreError;
use tokio_postgres::{Error, error::SqlState};

use crate::connect::said;

/// What an error says about its transaction.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Verdict {
    /// It is over, nothing of it was done, and it may be run again.
    Clashed,
    /// Said of a commit: it may have been made.
    Unknown,
    /// Whatever else is wrong.
    Other,
}

impl Verdict {
    pub(crate) fn of(error: &Error) -> Self {
        // Without a code, the connection is gone.
        let Some(code) = error.code() else {
            return Self::Unknown;
        };
        let clashes = [
            SqlState::T_R_SERIALIZATION_FAILURE,
            SqlState::T_R_DEADLOCK_DETECTED,
        ];
        if clashes.contains(code) {
            Self::Clashed
        } else if *code == SqlState::T_R_STATEMENT_COMPLETION_UNKNOWN || code.code().starts_with("08") {
            Self::Unknown
        } else {
            Self::Other
        }
    }

    /// Learns of one more error of the same transaction. After one that clashed, all that follows says only that it is over.
    pub(crate) fn learn(&mut self, error: &Error) -> StoreError {
        if *self != Self::Clashed {
            *self = Self::of(error);
        }
        failed(error)
    }
}

/// What a database that is not there, or ends what it is doing, answers is no fault of what was asked: it was not done,
/// and the same may work a moment later.
pub(crate) fn failed(error: &Error) -> StoreError {
    let again = [
        SqlState::T_R_SERIALIZATION_FAILURE,
        SqlState::T_R_DEADLOCK_DETECTED,
        SqlState::LOCK_NOT_AVAILABLE,
        SqlState::QUERY_CANCELED,
        SqlState::ADMIN_SHUTDOWN,
        SqlState::CRASH_SHUTDOWN,
        SqlState::CANNOT_CONNECT_NOW,
        SqlState::TOO_MANY_CONNECTIONS,
        SqlState::IDLE_IN_TRANSACTION_SESSION_TIMEOUT,
        SqlState::READ_ONLY_SQL_TRANSACTION,
    ];
    match error.code() {
        // The connection is gone.
        None => StoreError::Busy,
        Some(code) if again.contains(code) => StoreError::Busy,
        Some(_) => StoreError::Failed(said(error)),
    }
}
