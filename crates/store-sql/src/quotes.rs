use crate::db::{Connection, named_params};
use farthing_gateway::{NewQuote, QuoteInserted, Stage, StoreError, StoredQuote, TokenOfQuote};
use farthing_protocol::{ConsentId, MerchantId, QuoteId, Reference, UnixSeconds};

use crate::rows::{change_any, change_one, column, count, first, from_json, json, parsed, stage};

pub(crate) fn insert(db: &Connection<'_>, new: &NewQuote) -> Result<QuoteInserted, StoreError> {
    let quote = &new.quote;
    let (merchant, reference) = (&quote.payee.id, &quote.order);
    change_any(
        db,
        "INSERT INTO orders (merchant, reference, digest) VALUES (:merchant, :reference, :digest)
         ON CONFLICT DO NOTHING",
        named_params! {
            ":merchant": merchant.as_str(), ":reference": reference.as_str(), ":digest": new.order_digest,
        },
    )?;
    let digest: Option<[u8; 32]> = first(
        db,
        "SELECT digest FROM orders WHERE merchant = :merchant AND reference = :reference",
        named_params! { ":merchant": merchant.as_str(), ":reference": reference.as_str() },
        |row| column(row, "digest"),
    )?;
    if digest != Some(new.order_digest) {
        return Ok(QuoteInserted::OrderDiffers);
    }
    if let Some(stage) = live_charge(db, merchant, reference)? {
        return Ok(QuoteInserted::OrderTaken(stage));
    }
    let quotes = count(
        db,
        "SELECT count(*) FROM quotes WHERE merchant = :merchant AND reference = :reference",
        named_params! { ":merchant": merchant.as_str(), ":reference": reference.as_str() },
    )?;
    if quotes >= new.limit {
        return Ok(QuoteInserted::TooMany);
    }
    // Who asks for a new quote has let go of what came before: a token nobody redeemed ends here, so that
    // “nothing was charged” stays true once it was said.
    change_any(
        db,
        "UPDATE tokens SET expires_at = :now, details = NULL
         WHERE merchant = :merchant AND reference = :reference AND charge IS NULL AND expires_at > :now",
        named_params! {
            ":merchant": merchant.as_str(), ":reference": reference.as_str(), ":now": quote.quoted_at.0,
        },
    )?;
    change_one(
        db,
        "INSERT INTO quotes (id, merchant, reference, body, jws, terms, vault_secret, expires_at)
         VALUES (:id, :merchant, :reference, :body, :jws, :terms, :vault_secret, :expires_at)",
        named_params! {
            ":id": quote.id.as_str(),
            ":merchant": merchant.as_str(),
            ":reference": reference.as_str(),
            ":body": json(quote)?,
            ":jws": new.jws,
            ":terms": json(&new.terms)?,
            ":vault_secret": new.vault_secret,
            ":expires_at": quote.expires_at.0,
        },
    )?;
    Ok(QuoteInserted::Inserted)
}

pub(crate) fn read(db: &Connection<'_>, id: &QuoteId) -> Result<Option<StoredQuote>, StoreError> {
    let token = first(
        db,
        "SELECT hash, sealed_hash, hint, expires_at, consent,
                CASE WHEN EXISTS (SELECT 1 FROM challenges WHERE challenges.quote = tokens.quote)
                     THEN 1 ELSE 0 END AS challenged
         FROM tokens WHERE quote = :quote",
        named_params! { ":quote": id.as_str() },
        |row| {
            Ok(TokenOfQuote {
                hash: column(row, "hash")?,
                sealed_hash: column(row, "sealed_hash")?,
                hint: from_json(row, "hint")?,
                expires_at: UnixSeconds(column(row, "expires_at")?),
                consent: parsed(row, "consent", ConsentId::parse)?,
                challenged: column(row, "challenged")?,
            })
        },
    )?;
    first(
        db,
        "SELECT body, terms, vault_secret FROM quotes WHERE id = :id",
        named_params! { ":id": id.as_str() },
        |row| {
            Ok(StoredQuote {
                quote: from_json(row, "body")?,
                terms: from_json(row, "terms")?,
                vault_secret: column(row, "vault_secret")?,
                token,
            })
        },
    )
}

/// The order's charge that is paid or can still be: there is one at the most.
pub(crate) fn live_charge(
    db: &Connection<'_>,
    merchant: &MerchantId,
    reference: &Reference,
) -> Result<Option<Stage>, StoreError> {
    first(
        db,
        "SELECT stage, reason, receipt, expires_at FROM charges
         WHERE merchant = :merchant AND reference = :reference
           AND stage NOT IN ('declined', 'voided', 'expired')",
        named_params! { ":merchant": merchant.as_str(), ":reference": reference.as_str() },
        stage,
    )
}
