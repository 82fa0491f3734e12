use crate::db::{Connection, Row, named_params};
use farthing_gateway::{ChallengeState, StoreError, StoredChallenge, Way};
use farthing_protocol::{ChallengeId, Code, QuoteId, UnixSeconds};

use crate::rows::{
    all, change, change_any, change_one, column, first, from_json, one_of, parsed, unreadable,
};

pub(crate) fn insert(
    db: &Connection<'_>,
    quote: &QuoteId,
    id: &ChallengeId,
    expires_at: UnixSeconds,
) -> Result<(), StoreError> {
    change_one(
        db,
        "INSERT INTO challenges (quote, id, state, expires_at) VALUES (:quote, :id, 'asking', :expires_at)",
        named_params! { ":quote": quote.as_str(), ":id": id.as_str(), ":expires_at": expires_at.0 },
    )
}

pub(crate) fn of_quote(db: &Connection<'_>, quote: &QuoteId) -> Result<Option<StoredChallenge>, StoreError> {
    first(
        db,
        "SELECT challenges.id AS id, state, page, reason, challenges.expires_at AS expires_at, details, hint
         FROM challenges JOIN tokens ON tokens.quote = challenges.quote WHERE challenges.quote = :quote",
        named_params! { ":quote": quote.as_str() },
        |row| {
            Ok(StoredChallenge {
                id: parsed(row, "id", ChallengeId::parse)?,
                state: state(row)?,
                expires_at: UnixSeconds(column(row, "expires_at")?),
                details: column(row, "details")?,
                hint: from_json(row, "hint")?,
            })
        },
    )
}

pub(crate) fn quote_of(db: &Connection<'_>, id: &ChallengeId) -> Result<Option<QuoteId>, StoreError> {
    first(
        db,
        "SELECT quote FROM challenges WHERE id = :id",
        named_params! { ":id": id.as_str() },
        |row| parsed(row, "quote", QuoteId::parse),
    )
}

/// The row's condition lets one through of all who try.
pub(crate) fn advance(db: &Connection<'_>, quote: &QuoteId, to: &ChallengeState) -> Result<bool, StoreError> {
    let (state, page, reason) = match to {
        ChallengeState::Asking => return Ok(false),
        ChallengeState::Open(Way::Passcode) => ("open", None, None),
        ChallengeState::Open(Way::Page(page)) => ("open", Some(page.as_str()), None),
        ChallengeState::Met => ("met", None, None),
        ChallengeState::Failed(code) => ("failed", None, Some(code.as_str())),
    };
    let moved = change(
        db,
        "UPDATE challenges SET state = :state, page = :page, reason = :reason
         WHERE quote = :quote AND (state = 'asking' OR (state = 'open' AND :state <> 'open'))",
        named_params! { ":state": state, ":page": page, ":reason": reason, ":quote": quote.as_str() },
    )?;
    Ok(moved == 1)
}

pub(crate) fn in_vain(db: &Connection<'_>, now: UnixSeconds, limit: u32) -> Result<Vec<QuoteId>, StoreError> {
    all(
        db,
        "SELECT quote FROM challenges
         WHERE EXISTS (SELECT 1 FROM tokens WHERE tokens.quote = challenges.quote AND tokens.charge IS NULL
                                              AND tokens.expires_at <= :now)
         LIMIT :limit",
        named_params! { ":now": now.0, ":limit": limit },
        |row| parsed(row, "quote", QuoteId::parse),
    )
}

pub(crate) fn forget(db: &Connection<'_>, quote: &QuoteId) -> Result<(), StoreError> {
    change_any(
        db,
        "DELETE FROM challenges WHERE quote = :quote",
        named_params! { ":quote": quote.as_str() },
    )
}

fn state(row: &Row<'_>) -> Result<ChallengeState, StoreError> {
    let state: String = column(row, "state")?;
    let page: Option<String> = column(row, "page")?;
    match state.as_str() {
        "asking" => Ok(ChallengeState::Asking),
        "open" => Ok(ChallengeState::Open(page.map_or(Way::Passcode, Way::Page))),
        "met" => Ok(ChallengeState::Met),
        "failed" => Ok(ChallengeState::Failed(one_of(
            row,
            "reason",
            Code::ALL,
            Code::as_str,
        )?)),
        _ => Err(unreadable("state")),
    }
}
