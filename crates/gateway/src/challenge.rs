//! Step-up: the card's side wants to know that it is the shopper, before there is a token. Of a phone bill it is the carrier
//! that does, of every one: agreeing to the amount and entering the passcode are two acts.

use farthing_protocol::{
    Challenge, ChallengeId, Code, Hint, Label, Language, MerchantId, Money, Passcode, Quote, TokenAnswer,
    UnixSeconds,
};

use crate::{
    Allowance, Authenticated, Authentication, Bar, ChallengeState, Clock, Connector, Gateway, NoAnswer,
    Proof, Refusal, Rng, Store, StoredChallenge, StoredQuote, Tried, Way,
    details::{Details, Kept},
    token,
};

/// How many challenges in vain are let go of at a time.
const IN_VAIN: u32 = 100;

/// A challenge as its page shows it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Challenged {
    /// Who will be paid.
    pub payee: Label,
    /// What will be paid.
    pub total: Money,
    /// The language of the sentence that was agreed to.
    pub language: Language,
    /// How the shopper meets it; none once there is nothing to do any more.
    pub way: Option<Way>,
    /// Whether it was met.
    pub met: bool,
    /// From when on it can't be met any more.
    pub expires_at: UnixSeconds,
    /// The carrier that asks, where it is not a bank.
    pub carrier: Option<Label>,
    /// What the phone bill's limit has left, while there is something to do, if the carrier told.
    pub allowance: Option<Allowance>,
}

/// What a passcode came to.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Answered {
    /// It is over: [`Challenged`] says how.
    Over,
    /// It was the wrong one, and another may be tried so often.
    Wrong(u8),
}

impl<S: Store, C: Connector, T: Clock, R: Rng> Gateway<S, C, T, R> {
    /// A challenge, for its page, and whose payment it is about.
    pub async fn challenge(&self, id: &ChallengeId) -> Result<(Challenged, MerchantId), Refusal> {
        let (StoredQuote { quote, token, .. }, challenge) = self.known(id).await?;
        let over = challenge.expires_at <= self.clock.now();
        // The quote has a total for each way to pay: the consent says which was agreed to.
        let consent = match token {
            Some(token) => self.store.consent(&token.consent).await?,
            None => None,
        };
        let consent = consent.ok_or_else(|| Refusal::internal("a challenge without a consent"))?;
        let met = challenge.state == ChallengeState::Met;
        let way = match challenge.state {
            ChallengeState::Open(way) if !over => Some(way),
            _ => None,
        };
        let carrier = match challenge.hint {
            Hint::PhoneBill { carrier } => Some(carrier),
            Hint::Card { .. } | Hint::BankAccount { .. } => None,
        };
        let allowance = match (&way, &carrier) {
            // What can't be told is not told; the carrier refuses what is beyond it all the same.
            (Some(_), Some(_)) => self.connector.allowance(&quote.id).await.unwrap_or_default(),
            _ => None,
        };
        let challenged = Challenged {
            payee: quote.payee.name,
            total: consent.record.total,
            language: consent.record.version.language,
            met,
            way,
            expires_at: challenge.expires_at,
            carrier,
            allowance,
        };
        Ok((challenged, quote.payee.id))
    }

    /// Passes on what the shopper typed on the challenge's page.
    pub async fn answer_challenge(&self, id: &ChallengeId, passcode: &Passcode) -> Result<Answered, Refusal> {
        let (StoredQuote { quote, .. }, challenge) = self.known(id).await?;
        if challenge.state != ChallengeState::Open(Way::Passcode) || challenge.expires_at <= self.clock.now()
        {
            return Ok(Answered::Over);
        }
        let to = match self.connector.try_passcode(&quote.id, passcode).await {
            Ok(Tried::Wrong(left)) => return Ok(Answered::Wrong(left)),
            Ok(Tried::Met) => ChallengeState::Met,
            Ok(Tried::Failed) => ChallengeState::Failed(Code::ChallengeFailed),
            Err(NoAnswer) => return Err(Code::Busy.into()),
        };
        self.store.move_challenge(&quote.id, to).await?;
        Ok(Answered::Over)
    }

    /// Lets the connector let go of what was begun for payments that will not be. Returns how many they were.
    pub async fn abandon_challenges(&self) -> Result<u64, Refusal> {
        let in_vain = self.store.challenges_in_vain(self.clock.now(), IN_VAIN).await?;
        let mut abandoned = 0;
        for quote in in_vain {
            // One that can't be reached is asked again at the next sweep.
            if self.connector.abandon(&quote).await.is_ok() {
                self.store.forget_challenge(&quote).await?;
                abandoned += 1;
            }
        }
        Ok(abandoned)
    }

    /// A challenge for a token that is about to be made, where the card's side may want one.
    pub(crate) fn may_be_challenged(&self, details: &Details) -> Option<ChallengeId> {
        // Whatever a connector thinks of it: no phone bill is charged by the number alone.
        let asks = matches!(details, Details::PhoneBill(..)) || self.connector.may_ask(&details.instrument());
        asks.then(|| ChallengeId::from_random(self.random()))
    }

    /// How it stands with the challenge of `quote`: the token once it is met, and what is to be met until then.
    pub(crate) async fn challenged(
        &self,
        quote: &Quote,
        total: Money,
        sealed_hash: [u8; 32],
        now: UnixSeconds,
    ) -> Result<TokenAnswer, Refusal> {
        let challenge = self.stored(quote).await?;
        let to = match &challenge.state {
            ChallengeState::Asking => self.ask_for_challenge(quote, total, &challenge, now).await?,
            ChallengeState::Open(_) if challenge.expires_at <= now => {
                Some(ChallengeState::Failed(Code::ChallengeExpired))
            }
            ChallengeState::Open(Way::Page(_)) => match self.connector.authentication(&quote.id).await {
                Ok(Proof::Met) => Some(ChallengeState::Met),
                Ok(Proof::Failed) => Some(ChallengeState::Failed(Code::ChallengeFailed)),
                Ok(Proof::Pending) | Err(NoAnswer) => None,
            },
            _ => None,
        };
        let challenge = match to {
            // Whoever comes first moves it; all read where it was moved to.
            Some(to) => {
                self.store.move_challenge(&quote.id, to).await?;
                self.stored(quote).await?
            }
            None => challenge,
        };
        match challenge.state {
            ChallengeState::Open(_) => Ok(TokenAnswer::Challenged {
                challenge: Challenge {
                    id: challenge.id,
                    expires_at: challenge.expires_at,
                },
            }),
            ChallengeState::Met => {
                let token = self.store.quote(&quote.id).await?.and_then(|stored| stored.token);
                let token = token.filter(|token| token.sealed_hash == sealed_hash);
                let token = token.ok_or(Code::QuoteUsed)?;
                self.renew_token(&quote.id, &token, now)
                    .await
                    .map(TokenAnswer::Token)
            }
            ChallengeState::Failed(code) => Err(code.into()),
            ChallengeState::Asking => Err(Refusal::internal("a challenge that was asked for is not there")),
        }
    }

    /// Asks the connector whether there is anything to meet, and how.
    async fn ask_for_challenge(
        &self,
        quote: &Quote,
        total: Money,
        challenge: &StoredChallenge,
        now: UnixSeconds,
    ) -> Result<Option<ChallengeState>, Refusal> {
        let details = challenge.details.as_ref().ok_or(Code::QuoteUsed)?;
        let plain = self
            .keys()
            .data
            .open(&token::details_place(&quote.id), details)
            .ok_or_else(|| Refusal::internal("details at rest do not open"))?;
        let code = self.codes.look(&quote.id);
        let kept = Kept::read(&plain, &challenge.hint, code, now)?.ok_or(Code::CardExpired)?;
        let back = format!("{}/v1/challenges/{}/back", self.settings.origin, challenge.id);
        let request = Authentication {
            quote: &quote.id,
            total,
            payee: &quote.payee.name,
            instrument: kept.instrument(),
            back: &back,
        };
        Ok(Some(match self.connector.authenticate(request).await {
            Ok(Authenticated::Unneeded) => match challenge.hint {
                Hint::PhoneBill { .. } => ChallengeState::Failed(Code::ChallengeFailed),
                Hint::Card { .. } | Hint::BankAccount { .. } => ChallengeState::Met,
            },
            Ok(Authenticated::Needed(way)) => ChallengeState::Open(way),
            Ok(Authenticated::Barred(Bar::LimitReached)) => ChallengeState::Failed(Code::PhoneLimitReached),
            Ok(Authenticated::Barred(Bar::NotAllowed)) => ChallengeState::Failed(Code::PhoneNotAllowed),
            // The same request again asks again, with the same effect.
            Err(NoAnswer) => return Err(Code::Busy.into()),
        }))
    }

    async fn known(&self, id: &ChallengeId) -> Result<(StoredQuote, StoredChallenge), Refusal> {
        let quote = self.store.challenged_quote(id).await?.ok_or(Code::NotFound)?;
        let stored = self.store.quote(&quote).await?;
        let stored = stored.ok_or_else(|| Refusal::internal("a challenge without a quote"))?;
        let challenge = self.stored(&stored.quote).await?;
        Ok((stored, challenge))
    }

    async fn stored(&self, quote: &Quote) -> Result<StoredChallenge, Refusal> {
        let found = self.store.challenge_of(&quote.id).await?;
        Ok(found.ok_or(Code::QuoteUsed)?)
    }
}
