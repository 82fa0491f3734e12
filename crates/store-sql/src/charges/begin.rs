use crate::db::{Connection, Row, named_params};
use farthing_gateway::{Begun, NewCharge, StoreError, Taken, TokenFacts};
use farthing_protocol::{MerchantId, QuoteId, Reference, UnixSeconds};

use super::by_id;
use crate::{
    quotes,
    requests::{self, Made},
    rows::{change, change_one, column, first, money, parsed},
};

pub(crate) fn begin(db: &Connection<'_>, new: &NewCharge) -> Result<Begun, StoreError> {
    if let Some(earlier) = requests::earlier(db, &new.merchant, &new.claim)? {
        let charge = match earlier.made {
            Made::Charge(id) => by_id(db, &id)?.map(Box::new),
            Made::Operation(_) => None,
        };
        return Ok(Begun::Replay {
            body_hash: earlier.body_hash,
            charge,
        });
    }
    if new.paused {
        return Ok(Begun::Paused);
    }
    let token = first(
        db,
        "SELECT quote, details, hint, consent, merchant, reference, amount, fee, currency, expires_at, charge
         FROM tokens WHERE hash = :hash",
        named_params! { ":hash": new.token_hash },
        token,
    )?;
    let order = quotes::live_charge(db, &new.merchant, &new.order)?;
    let Some(token) = token else {
        return Ok(Begun::NotTaken { token: None, order });
    };
    if order.is_some() || take(db, new)? == 0 {
        return Ok(Begun::NotTaken {
            token: Some(Box::new(token.facts)),
            order,
        });
    }
    open(db, new, &token)?;
    let made = Made::Charge(new.id.clone());
    requests::keep(db, &new.merchant, &new.claim, &made, new.now)?;
    let charge = by_id(db, &new.id)?;
    let quote = quotes::read(db, &token.quote)?;
    let (Some(charge), Some(quote), Some(details)) = (charge, quote, token.details) else {
        return Err(StoreError::Failed(
            "a token without its quote or its details".to_owned(),
        ));
    };
    Ok(Begun::Taken(Box::new(Taken {
        charge,
        quote: quote.quote,
        terms: quote.terms,
        details,
    })))
}

/// The one statement that takes a token. Of all who try, the row's condition lets one through, and with it
/// the encrypted details leave the store.
fn take(db: &Connection<'_>, new: &NewCharge) -> Result<usize, StoreError> {
    change(
        db,
        "UPDATE tokens SET charge = :charge, details = NULL
         WHERE hash = :hash AND charge IS NULL AND details IS NOT NULL AND expires_at > :now
           AND merchant = :merchant AND reference = :reference AND amount = :amount AND currency = :currency
           AND NOT EXISTS (SELECT 1 FROM challenges WHERE challenges.quote = tokens.quote AND state <> 'met')",
        named_params! {
            ":charge": new.id.as_str(),
            ":hash": new.token_hash,
            ":now": new.now.0,
            ":merchant": new.merchant.as_str(),
            ":reference": new.order.as_str(),
            ":amount": new.amount.minor(),
            ":currency": new.amount.currency().as_str(),
        },
    )
}

/// The schema holds what is charged here against the token's row.
fn open(db: &Connection<'_>, new: &NewCharge, token: &Token) -> Result<(), StoreError> {
    change_one(
        db,
        "INSERT INTO charges (id, merchant, reference, quote, consent, amount, fee, currency, hint, at_once, stage,
                              created_at)
         VALUES (:id, :merchant, :reference, :quote, :consent, :amount, :fee, :currency, :hint, :at_once, 'asking',
                 :now)",
        named_params! {
            ":id": new.id.as_str(),
            ":merchant": new.merchant.as_str(),
            ":reference": new.order.as_str(),
            ":quote": token.quote.as_str(),
            ":consent": token.consent,
            ":amount": new.amount.minor(),
            ":fee": token.fee,
            ":currency": new.amount.currency().as_str(),
            ":hint": token.hint,
            ":at_once": new.capture,
            ":now": new.now.0,
        },
    )
}

struct Token {
    quote: QuoteId,
    consent: String,
    fee: i64,
    hint: String,
    details: Option<Vec<u8>>,
    facts: TokenFacts,
}

fn token(row: &Row<'_>) -> Result<Token, StoreError> {
    Ok(Token {
        quote: parsed(row, "quote", QuoteId::parse)?,
        consent: column(row, "consent")?,
        fee: column(row, "fee")?,
        hint: column(row, "hint")?,
        details: column(row, "details")?,
        facts: TokenFacts {
            merchant: parsed(row, "merchant", MerchantId::parse)?,
            order: parsed(row, "reference", Reference::parse)?,
            amount: money(row)?,
            expires_at: UnixSeconds(column(row, "expires_at")?),
            taken: column::<Option<String>>(row, "charge")?.is_some(),
        },
    })
}
