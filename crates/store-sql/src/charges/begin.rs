use crate::db::{Connection, Row, named_params};
use farthing_gateway::{Begun, NewCharge, Stage, StoreError, StoredCharge, Taken, Terms, TokenFacts};
use farthing_protocol::{ConsentId, Hint, MerchantId, Quote, QuoteId, Reference, UnixSeconds};

use super::by_id;
use crate::{
    quotes,
    requests::{self, Made},
    rows::{change, change_one, column, first, from_json, json, money, parsed},
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
        // With its quote: over a network, a second question would be a second journey.
        "SELECT tokens.quote, details, hint, consent, tokens.merchant, tokens.reference, amount, fee, currency,
                tokens.expires_at, charge, quotes.body, quotes.terms
         FROM tokens JOIN quotes ON quotes.id = tokens.quote WHERE tokens.hash = :hash",
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
    let Some(details) = token.details else {
        return Err(StoreError::Failed("a token without its details".to_owned()));
    };
    Ok(Begun::Taken(Box::new(Taken {
        // As it stands there now.
        charge: StoredCharge {
            id: new.id.clone(),
            merchant: new.merchant.clone(),
            stage: Stage::Asking,
            quote: token.quote,
            consent: token.consent,
            order: new.order.clone(),
            amount: new.amount,
            fee: token.fee,
            capture: new.capture,
            captured: 0,
            refunded: 0,
            refunding: 0,
            held: 0,
            dispute: None,
            hint: token.hint,
            created_at: new.now,
        },
        quote: token.agreed,
        terms: token.terms,
        details,
    })))
}

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
            ":consent": token.consent.as_str(),
            ":amount": new.amount.minor(),
            ":fee": token.fee,
            ":currency": new.amount.currency().as_str(),
            ":hint": json(&token.hint)?,
            ":at_once": new.capture,
            ":now": new.now.0,
        },
    )
}

struct Token {
    quote: QuoteId,
    consent: ConsentId,
    fee: i64,
    hint: Hint,
    agreed: Quote,
    terms: Terms,
    details: Option<Vec<u8>>,
    facts: TokenFacts,
}

fn token(row: &Row<'_>) -> Result<Token, StoreError> {
    Ok(Token {
        quote: parsed(row, "quote", QuoteId::parse)?,
        consent: parsed(row, "consent", ConsentId::parse)?,
        fee: column(row, "fee")?,
        hint: from_json(row, "hint")?,
        agreed: from_json(row, "body")?,
        terms: from_json(row, "terms")?,
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
