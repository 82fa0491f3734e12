use crate::db::{Connection, named_params};
use farthing_gateway::{NewToken, Renewal, StoreError, StoredConsent, TokenInserted};
use farthing_protocol::{ConsentId, UnixSeconds};

use crate::{
    challenges, quotes,
    rows::{change, change_one, column, count, first, from_json, json},
};

pub(crate) fn insert(db: &Connection<'_>, new: &NewToken) -> Result<TokenInserted, StoreError> {
    let (merchant, order) = (&new.consent.payee.id, &new.consent.order);
    if let Some(stage) = quotes::live_charge(db, merchant, order)? {
        return Ok(TokenInserted::OrderTaken(stage));
    }
    let of_order = count(
        db,
        "SELECT count(*) FROM tokens WHERE merchant = :merchant AND reference = :reference",
        named_params! { ":merchant": merchant.as_str(), ":reference": order.as_str() },
    )?;
    if of_order >= new.limit {
        return Ok(TokenInserted::TooMany);
    }
    let of_instrument = count(
        db,
        "SELECT count(*) FROM tokens WHERE fingerprint = :fingerprint AND made_at >= :since",
        named_params! { ":fingerprint": new.fingerprint, ":since": new.instrument_since.0 },
    )?;
    if of_instrument >= new.instrument_limit {
        return Ok(TokenInserted::InstrumentTooOften);
    }
    // The vault key serves one token: who destroys it makes it.
    let destroyed = change(
        db,
        "UPDATE quotes SET vault_secret = NULL
         WHERE id = :quote AND vault_secret IS NOT NULL AND expires_at > :now",
        named_params! { ":quote": new.quote.as_str(), ":now": new.now.0 },
    )?;
    if destroyed == 0 {
        return Ok(TokenInserted::QuoteUsed);
    }
    change_one(
        db,
        "INSERT INTO consents (id, quote, body, jws) VALUES (:id, :quote, :body, :jws)",
        named_params! {
            ":id": new.consent.id.as_str(),
            ":quote": new.quote.as_str(),
            ":body": json(&new.consent)?,
            ":jws": new.consent_jws,
        },
    )?;
    change_one(
        db,
        "INSERT INTO tokens (quote, hash, sealed_hash, details, fingerprint, hint, merchant, reference, amount, fee,
                             currency, made_at, expires_at, consent)
         VALUES (:quote, :hash, :sealed_hash, :details, :fingerprint, :hint, :merchant, :reference, :amount, :fee,
                 :currency, :made_at, :expires_at, :consent)",
        named_params! {
            ":quote": new.quote.as_str(),
            ":hash": new.hash,
            ":sealed_hash": new.sealed_hash,
            ":details": new.details,
            ":fingerprint": new.fingerprint,
            ":hint": json(&new.hint)?,
            ":merchant": merchant.as_str(),
            ":reference": order.as_str(),
            ":amount": new.consent.total.minor() - new.consent.fee,
            ":fee": new.consent.fee,
            ":currency": new.consent.total.currency().as_str(),
            ":made_at": new.now.0,
            ":expires_at": new.expires_at.0,
            ":consent": new.consent.id.as_str(),
        },
    )?;
    if let Some((id, expires_at)) = &new.challenge {
        challenges::insert(db, &new.quote, id, *expires_at)?;
    }
    Ok(TokenInserted::Inserted)
}

pub(crate) fn renew(db: &Connection<'_>, renewal: &Renewal) -> Result<bool, StoreError> {
    let renewed = change(
        db,
        "UPDATE tokens SET hash = :hash
         WHERE quote = :quote AND sealed_hash = :sealed_hash AND charge IS NULL AND expires_at > :now
           AND NOT EXISTS (SELECT 1 FROM challenges WHERE challenges.quote = tokens.quote AND state <> 'met')",
        named_params! {
            ":hash": renewal.hash,
            ":quote": renewal.quote.as_str(),
            ":sealed_hash": renewal.sealed_hash,
            ":now": renewal.now.0,
        },
    )?;
    Ok(renewed == 1)
}

pub(crate) fn consent(db: &Connection<'_>, id: &ConsentId) -> Result<Option<StoredConsent>, StoreError> {
    first(
        db,
        "SELECT body, jws FROM consents WHERE id = :id",
        named_params! { ":id": id.as_str() },
        |row| {
            Ok(StoredConsent {
                record: from_json(row, "body")?,
                jws: column(row, "jws")?,
            })
        },
    )
}

pub(crate) fn sweep(db: &Connection<'_>, now: UnixSeconds) -> Result<u64, StoreError> {
    let now = named_params! { ":now": now.0 };
    let details = change(
        db,
        "UPDATE tokens SET details = NULL WHERE details IS NOT NULL AND expires_at <= :now",
        now,
    )?;
    let keys = change(
        db,
        "UPDATE quotes SET vault_secret = NULL WHERE vault_secret IS NOT NULL AND expires_at <= :now",
        now,
    )?;
    Ok(u64::try_from(details + keys).unwrap_or(u64::MAX))
}
