use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use farthing_instrument::SecurityCode;
use farthing_protocol::{
    ChallengeId, Code, ConsentId, ConsentRecord, Offer, PlainToken, Quote, QuoteId, TokenAnswer, TokenReply,
    TokenRequest, UnixSeconds, limits,
};
use sha2::{Digest, Sha256};

use crate::{
    Clock, Connector, Gateway, NewToken, Refusal, Renewal, Rng, Store, StoredQuote, TokenInserted,
    TokenOfQuote, details::Details, jose, quote, standing,
};

const CONSENT_TYP: &str = "farthing-consent+jws";

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
    ///
    /// Where the card's side may want to know that it is the shopper, nobody is given the token that is made: there is a
    /// challenge in its place, and the same request again gives the token once it is met.
    pub async fn token(&self, request: TokenRequest) -> Result<TokenAnswer, Refusal> {
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
        // A challenge has a time of its own.
        if quote.expires_at <= now && !token.as_ref().is_some_and(|token| token.challenged) {
            return Err(Code::QuoteExpired.into());
        }
        standing::not_suspended(&self.merchant(&quote.payee.id).await?)?;
        let sealed_hash = hash_of(&request.sealed);
        match (vault_secret, token) {
            (Some(secret), _) => {
                let details = self.open_details(&quote, &offer, &secret, &request.sealed, now)?;
                let challenge = self.may_be_challenged(&details);
                let challenged = challenge.is_some();
                let token = self
                    .new_token(&quote, &offer, details, sealed_hash, challenge, now)
                    .await?;
                if challenged {
                    // Nobody sees the token that was made: meeting the challenge makes another in its place.
                    drop(token);
                    self.challenged(&quote, offer.total, sealed_hash, now).await
                } else {
                    Ok(TokenAnswer::Token(token))
                }
            }
            (None, Some(earlier)) if earlier.sealed_hash == sealed_hash && earlier.challenged => {
                self.challenged(&quote, offer.total, sealed_hash, now).await
            }
            (None, Some(earlier)) if earlier.sealed_hash == sealed_hash => self
                .renew_token(&quote.id, &earlier, now)
                .await
                .map(TokenAnswer::Token),
            (None, _) => Err(Code::QuoteUsed.into()),
        }
    }

    fn open_details(
        &self,
        quote: &Quote,
        offer: &Offer,
        vault_secret: &[u8],
        sealed: &str,
        now: UnixSeconds,
    ) -> Result<Details, Refusal> {
        let scalar = self
            .keys()
            .data
            .open(&quote::vault_place(&quote.id), vault_secret)
            .ok_or_else(|| Refusal::internal("a vault key does not open"))?;
        let vault_key =
            p256::SecretKey::from_slice(&scalar).map_err(|_| Refusal::internal("a vault key is no key"))?;
        let plain = jose::open(sealed, &vault_key).map_err(|error| match error {
            jose::JweError::Malformed => Code::SealedMalformed,
            jose::JweError::Unreadable => Code::SealedUnreadable,
        })?;
        Details::from_sealed(&plain, &offer.method, now)
    }

    async fn new_token(
        &self,
        quote: &Quote,
        offer: &Offer,
        details: Details,
        sealed_hash: [u8; 32],
        challenge: Option<ChallengeId>,
        now: UnixSeconds,
    ) -> Result<TokenReply, Refusal> {
        let token = PlainToken::from_random(self.random());
        let expires_at = now.plus(limits::TOKEN_LIFETIME_S);
        let hint = details.hint()?;
        let (consent, consent_jws) = self.consent_record(quote, offer, now)?;
        let at_rest = self.seal_at_rest(&quote.id, &details)?;
        let fingerprint = self.keys().data.fingerprint(details.identity());
        let instrument_limit = match details {
            Details::PhoneBill(..) => limits::TOKENS_PER_PHONE,
            Details::Card(_) | Details::BankAccount(_) => limits::TOKENS_PER_INSTRUMENT,
        };
        let quote_id = quote.id.clone();

        if let Some(security_code) = details.into_security_code() {
            self.codes
                .keep(quote_id.clone(), security_code, now, expires_at)?;
        }
        let inserted = self
            .store
            .insert_token(NewToken {
                quote: quote_id.clone(),
                hash: hash_of(token.expose()),
                sealed_hash,
                details: at_rest,
                hint: hint.clone(),
                fingerprint,
                now,
                expires_at,
                consent,
                consent_jws,
                challenge: challenge.map(|id| (id, now.plus(limits::CHALLENGE_LIFETIME_S))),
                limit: limits::TOKENS_PER_ORDER,
                instrument_limit,
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

    pub(crate) async fn renew_token(
        &self,
        quote: &QuoteId,
        earlier: &TokenOfQuote,
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
                hint: earlier.hint.clone(),
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

    fn seal_at_rest(&self, quote: &QuoteId, details: &Details) -> Result<Vec<u8>, Refusal> {
        let plain = details.at_rest();
        plain
            .and_then(|plain| self.keys().data.seal(&self.rng, &details_place(quote), &plain))
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
pub(crate) struct CodeKeeper(Mutex<HashMap<QuoteId, (Arc<SecurityCode>, UnixSeconds)>>);

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
        held.entry(quote).or_insert((Arc::new(code), expires_at));
        Ok(())
    }

    /// Gives up the code of `quote`.
    pub(crate) fn take(&self, quote: &QuoteId) -> Option<Arc<SecurityCode>> {
        self.lock().remove(quote).map(|(code, _)| code)
    }

    /// The code of `quote`, which stays where it is for the charge.
    pub(crate) fn look(&self, quote: &QuoteId) -> Option<Arc<SecurityCode>> {
        self.lock().get(quote).map(|(code, _)| Arc::clone(code))
    }

    /// Wipes the codes whose tokens have expired.
    pub(crate) fn sweep(&self, now: UnixSeconds) {
        self.lock().retain(|_, (_, until)| *until > now);
    }

    /// A panic elsewhere leaves the map whole: every change is a single call on it.
    fn lock(&self) -> MutexGuard<'_, HashMap<QuoteId, (Arc<SecurityCode>, UnixSeconds)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
