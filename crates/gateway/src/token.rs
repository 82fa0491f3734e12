use std::{
    borrow::Cow,
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

use farthing_instrument::{CardDetails, ExpiryError, SealedCard, SecurityCode, Validity, YearMonth};
use farthing_protocol::{
    Code, ConsentId, ConsentRecord, Hint, Offer, PlainToken, Quote, QuoteId, TokenReply, TokenRequest,
    UnixSeconds, limits,
};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use crate::{
    Clock, Connector, Gateway, NewToken, Refusal, Renewal, Rng, Store, StoredQuote, TokenInserted,
    TokenOfQuote, jose, quote,
};

const CONSENT_TYP: &str = "farthing-consent+jws";

/// What the frame seals: JSON, exactly these members.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Sealed<'a> {
    #[serde(borrow)]
    number: &'a str,
    expiry_month: u8,
    expiry_year: u16,
    #[serde(borrow)]
    security_code: &'a str,
    #[serde(borrow)]
    name: Cow<'a, str>,
}

/// What is encrypted at rest until the charge: everything but the security code.
#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct AtRest<'a> {
    #[serde(borrow)]
    pub number: Cow<'a, str>,
    pub expiry_month: u8,
    pub expiry_year: u16,
    #[serde(borrow)]
    pub name: Cow<'a, str>,
}

/// What a token's details are bound to where they are kept.
pub(crate) fn details_place(quote: &QuoteId) -> String {
    format!("details:{quote}")
}

pub(crate) fn hash_of(text: &str) -> [u8; 32] {
    Sha256::digest(text.as_bytes()).into()
}

impl<S: Store, C: Connector, T: Clock, R: Rng> Gateway<S, C, T, R> {
    /// `POST /v1/tokens`: opens the sealed details, keeps them encrypted, and gives a one-time token.
    ///
    /// The same sealed text again means that the answer was lost: the token is made anew, and the earlier
    /// one, which nobody has, stops working. Nothing here says whether a card exists or has money.
    pub async fn token(&self, request: TokenRequest) -> Result<TokenReply, Refusal> {
        let now = self.clock.now();
        if request.sealed.len() > limits::SEALED_BYTES {
            return Err(Refusal::with_detail(Code::SealedMalformed, "longer than 4 KiB"));
        }
        let sealed_for = jose::read_header(&request.sealed).map_err(|_| Code::SealedMalformed)?;
        if sealed_for != request.quote {
            return Err(Refusal::with_detail(
                Code::SealedMalformed,
                "sealed for another quote",
            ));
        }
        let StoredQuote {
            quote,
            vault_secret,
            token,
            ..
        } = self
            .store
            .quote(&request.quote)
            .await?
            .ok_or(Code::QuoteUnknown)?;
        let given = &request.consent;
        let offer = quote.offer(request.method).ok_or(Code::MethodNotOffered)?.clone();
        if given.version != offer.consent.version || given.text != offer.consent.text {
            return Err(Code::ConsentDiffers.into());
        }
        if quote.expires_at <= now {
            return Err(Code::QuoteExpired.into());
        }
        let sealed_hash = hash_of(&request.sealed);
        match (vault_secret, token) {
            (Some(secret), _) => {
                let card = self.open_details(&quote, &secret, &request.sealed, now)?;
                self.new_token(quote, &offer, card, sealed_hash, now).await
            }
            (None, Some(earlier)) if earlier.sealed_hash == sealed_hash => {
                self.renew_token(&quote.id, earlier, now).await
            }
            (None, _) => Err(Code::QuoteUsed.into()),
        }
    }

    fn open_details(
        &self,
        quote: &Quote,
        vault_secret: &[u8],
        sealed: &str,
        now: UnixSeconds,
    ) -> Result<CardDetails, Refusal> {
        let scalar = self
            .keys
            .data
            .open(&quote::vault_place(&quote.id), vault_secret)
            .ok_or_else(|| Refusal::internal("a vault key does not open"))?;
        let vault_key =
            p256::SecretKey::from_slice(&scalar).map_err(|_| Refusal::internal("a vault key is no key"))?;
        let plain = jose::open(sealed, &vault_key).map_err(|error| match error {
            jose::JweError::Malformed => Code::SealedMalformed,
            jose::JweError::Unreadable => Code::SealedUnreadable,
        })?;
        // The parser's own words could quote the details: they are dropped here.
        let sealed: Sealed<'_> = jose::object(&plain).ok_or(Code::DetailsInvalid)?;
        let card = SealedCard {
            number: sealed.number,
            expiry_month: sealed.expiry_month,
            expiry_year: sealed.expiry_year,
            security_code: sealed.security_code,
            name: &sealed.name,
        };
        let today = YearMonth::at(now);
        let card = CardDetails::from_sealed(&card, today).map_err(|errors| match errors.expiry {
            Validity::Wrong(ExpiryError::Past) => Code::CardExpired,
            _ => Code::DetailsInvalid,
        })?;
        match card.number().brand() {
            Some(brand) if quote::BRANDS.contains(&brand) => Ok(card),
            _ => Err(Code::BrandUnsupported.into()),
        }
    }

    async fn new_token(
        &self,
        quote: Quote,
        offer: &Offer,
        card: CardDetails,
        sealed_hash: [u8; 32],
        now: UnixSeconds,
    ) -> Result<TokenReply, Refusal> {
        let token = PlainToken::from_random(self.random());
        let expires_at = now.plus(limits::TOKEN_LIFETIME_S);
        let brand = card.number().brand().ok_or(Code::BrandUnsupported)?;
        let hint = Hint {
            brand,
            last_four: card.number().last_four(),
        };
        let (consent, consent_jws) = self.consent_record(&quote, offer, now)?;
        let details = self.seal_at_rest(&quote.id, &card)?;
        let fingerprint = self.keys.data.fingerprint(card.number().expose());
        let (.., security_code, _) = card.into_parts();
        let quote_id = quote.id;

        self.codes
            .keep(quote_id.clone(), security_code, now, expires_at)?;
        let inserted = self
            .store
            .insert_token(NewToken {
                quote: quote_id.clone(),
                hash: hash_of(token.expose()),
                sealed_hash,
                details,
                hint: hint.clone(),
                fingerprint,
                now,
                expires_at,
                consent,
                consent_jws,
                limit: limits::TOKENS_PER_ORDER,
                instrument_limit: limits::TOKENS_PER_INSTRUMENT,
                instrument_since: now.plus(-limits::INSTRUMENT_WINDOW_S),
            })
            .await?;
        let code = match inserted {
            TokenInserted::Inserted => {
                return Ok(TokenReply {
                    token,
                    expires_at,
                    hint,
                });
            }
            // Another request with this quote came first; its code is the one that is kept.
            TokenInserted::QuoteUsed => return Err(Code::QuoteUsed.into()),
            TokenInserted::OrderTaken(stage) => quote::order_taken(&stage),
            // One word for both: which it is would say that the number was seen before.
            TokenInserted::TooMany | TokenInserted::InstrumentTooOften => Code::TooManyAttempts,
        };
        drop(self.codes.take(&quote_id));
        Err(code.into())
    }

    async fn renew_token(
        &self,
        quote: &QuoteId,
        earlier: TokenOfQuote,
        now: UnixSeconds,
    ) -> Result<TokenReply, Refusal> {
        let token = PlainToken::from_random(self.random());
        let renewed = self
            .store
            .renew_token(Renewal {
                quote: quote.clone(),
                sealed_hash: earlier.sealed_hash,
                hash: hash_of(token.expose()),
                now,
            })
            .await?;
        if renewed {
            Ok(TokenReply {
                token,
                expires_at: earlier.expires_at,
                hint: earlier.hint,
            })
        } else {
            Err(Code::QuoteUsed.into())
        }
    }

    fn consent_record(
        &self,
        quote: &Quote,
        offer: &Offer,
        now: UnixSeconds,
    ) -> Result<(ConsentRecord, String), Refusal> {
        let record = ConsentRecord {
            id: ConsentId::from_random(self.random()),
            quote: quote.id.clone(),
            order: quote.order.clone(),
            payee: quote.payee.clone(),
            lines: quote.lines.clone(),
            accreditation: quote.accreditation.clone(),
            method: offer.method.kind(),
            fee: offer.fee,
            total: offer.total,
            version: offer.consent.version,
            text: offer.consent.text.clone(),
            text_sha256: hex(&hash_of(&offer.consent.text)),
            given_at: now,
        };
        let jws = self.sign(CONSENT_TYP, &record)?;
        Ok((record, jws))
    }

    fn seal_at_rest(&self, quote: &QuoteId, card: &CardDetails) -> Result<Vec<u8>, Refusal> {
        let at_rest = AtRest {
            number: card.number().expose().into(),
            expiry_month: card.expiry().month(),
            expiry_year: card.expiry().year(),
            name: card.name().expose().into(),
        };
        let plain = serde_json::to_vec(&at_rest).map(Zeroizing::new).ok();
        plain
            .and_then(|plain| self.keys.data.seal(&self.rng, &details_place(quote), &plain))
            .ok_or_else(|| Refusal::internal("sealing details at rest"))
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes
        .iter()
        .flat_map(|byte| [byte >> 4, byte & 15])
        .filter_map(|n| char::from_digit(n.into(), 16))
        .collect()
}

/// How many security codes are held at once, at the most: about 20 MB.
const CODES: usize = 100_000;

/// Holds security codes between token and charge: in memory alone, never longer than the token lives.
#[derive(Default)]
pub(crate) struct CodeKeeper(Mutex<HashMap<QuoteId, (SecurityCode, UnixSeconds)>>);

impl CodeKeeper {
    /// Holds `code` until `expires_at`; refuses when too many are held. The first code of a quote stays.
    fn keep(
        &self,
        quote: QuoteId,
        code: SecurityCode,
        now: UnixSeconds,
        expires_at: UnixSeconds,
    ) -> Result<(), Refusal> {
        let mut held = self.lock();
        if held.len() >= CODES {
            held.retain(|_, (_, until)| *until > now);
        }
        if held.len() >= CODES {
            return Err(Code::Busy.into());
        }
        held.entry(quote).or_insert((code, expires_at));
        Ok(())
    }

    /// Gives up the code of `quote`.
    pub(crate) fn take(&self, quote: &QuoteId) -> Option<SecurityCode> {
        self.lock().remove(quote).map(|(code, _)| code)
    }

    /// Wipes the codes whose tokens have expired.
    pub(crate) fn sweep(&self, now: UnixSeconds) {
        self.lock().retain(|_, (_, until)| *until > now);
    }

    /// A panic elsewhere leaves the map whole: every change is a single call on it.
    fn lock(&self) -> MutexGuard<'_, HashMap<QuoteId, (SecurityCode, UnixSeconds)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
