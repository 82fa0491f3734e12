use base64ct::{Base64UrlUnpadded, Encoding};
use farthing_protocol::{Label, MerchantId, Origin, Payee};

use super::{ORDER_KEYS, ORIGINS, Registrar, RegistryError};
use crate::{
    Added, Clock, Merchant, MerchantOrigin, NewMerchant, Registration, RegistryStore, Rng,
    fee::{Country, FeeSchedule, FeeSchedules},
    jose::Jwk,
};

/// A merchant to register, with nothing that belongs to it yet.
#[derive(Clone, Debug)]
pub struct NewMerchantEntry {
    /// The name that shoppers read.
    pub name: Label,
    /// Where the merchant can be reached.
    pub contact: Label,
    /// Where it is registered.
    pub country: Country,
}

/// Where an origin serves its challenge.
pub const CHALLENGE_PATH: &str = "/.well-known/farthing-merchant";

impl<'a, S: RegistryStore, T: Clock, R: Rng> Registrar<'a, S, T, R> {
    /// The registry in `store`.
    pub fn new(store: &'a S, clock: &'a T, rng: &'a R) -> Self {
        Self { store, clock, rng }
    }

    /// Registers a merchant under a new id.
    pub async fn add_merchant(&self, entry: NewMerchantEntry) -> Result<MerchantId, RegistryError> {
        let id = MerchantId::from_random(self.random());
        let NewMerchantEntry {
            name,
            contact,
            country,
        } = entry;
        let merchant = Merchant {
            payee: Payee {
                id: id.clone(),
                name,
                contact,
            },
            country,
            created_at: self.clock.now(),
            suspended_at: None,
            origins: Vec::new(),
            order_keys: Vec::new(),
            fees: Vec::new(),
        };
        let new = NewMerchant {
            merchant,
            keys: Vec::new(),
            statements: Vec::new(),
        };
        if self.store.insert_merchant(new).await? {
            Ok(id)
        } else {
            Err(RegistryError::MerchantExists(id))
        }
    }

    /// A merchant.
    pub async fn merchant(&self, id: &MerchantId) -> Result<Merchant, RegistryError> {
        let found = self.store.merchant(id).await?;
        found.ok_or_else(|| RegistryError::NoMerchant(id.clone()))
    }

    /// A merchant, and all that says whether somebody vouches for it.
    pub async fn registration(&self, id: &MerchantId) -> Result<Registration, RegistryError> {
        let found = self.store.registration(id).await?;
        found.ok_or_else(|| RegistryError::NoMerchant(id.clone()))
    }

    /// Lets a merchant have no new quotes and tokens. What was agreed to before goes on.
    pub async fn suspend(&self, id: &MerchantId) -> Result<(), RegistryError> {
        let known = self.store.set_suspended(id, Some(self.clock.now())).await?;
        known
            .then_some(())
            .ok_or_else(|| RegistryError::NoMerchant(id.clone()))
    }

    /// Takes a suspension back.
    pub async fn resume(&self, id: &MerchantId) -> Result<(), RegistryError> {
        let known = self.store.set_suspended(id, None).await?;
        known
            .then_some(())
            .ok_or_else(|| RegistryError::NoMerchant(id.clone()))
    }

    /// Adds an origin, which counts once it is proven. Returns what it has to serve at [`CHALLENGE_PATH`]: the same
    /// for as long as it is there.
    pub async fn add_origin(&self, id: &MerchantId, origin: Origin) -> Result<MerchantOrigin, RegistryError> {
        let new = MerchantOrigin {
            origin: origin.clone(),
            challenge: self.challenge(id),
            proven_at: None,
        };
        let added = self.store.insert_origin(id, new.clone(), ORIGINS).await?;
        match added {
            Added::Added => Ok(new),
            Added::Exists => self.origin(id, &origin).await,
            Added::TooMany => Err(RegistryError::TooMany("20 origins")),
            Added::NoMerchant => Err(RegistryError::NoMerchant(id.clone())),
        }
    }

    /// One of the merchant's origins.
    pub async fn origin(&self, id: &MerchantId, origin: &Origin) -> Result<MerchantOrigin, RegistryError> {
        let origins = self.merchant(id).await?.origins;
        let found = origins.into_iter().find(|one| one.origin == *origin);
        found.ok_or_else(|| RegistryError::NoOrigin(origin.clone()))
    }

    /// Counts an origin that served `text` at [`CHALLENGE_PATH`]: the challenge, with or without a line's end.
    pub async fn prove_origin(
        &self,
        id: &MerchantId,
        origin: &Origin,
        text: &str,
    ) -> Result<(), RegistryError> {
        let line = text.strip_suffix('\n').unwrap_or(text);
        let line = line.strip_suffix('\r').unwrap_or(line);
        if line != self.origin(id, origin).await?.challenge {
            return Err(RegistryError::NotProven(origin.clone()));
        }
        let at = self.clock.now();
        let proven = self.store.prove_origin(id, origin, line, at).await?;
        proven
            .then_some(())
            .ok_or_else(|| RegistryError::NoOrigin(origin.clone()))
    }

    /// Takes an origin away.
    pub async fn remove_origin(&self, id: &MerchantId, origin: &Origin) -> Result<(), RegistryError> {
        self.merchant(id).await?;
        let removed = self.store.remove_origin(id, origin).await?;
        removed
            .then_some(())
            .ok_or_else(|| RegistryError::NoOrigin(origin.clone()))
    }

    /// Adds a key that signs orders, beside those that are there. Returns its `kid`.
    pub async fn add_order_key(&self, id: &MerchantId, key: Jwk) -> Result<String, RegistryError> {
        let (key, kid) = checked(key)?;
        let added = self.store.insert_order_key(id, &kid, key, ORDER_KEYS).await?;
        match added {
            Added::Added => Ok(kid),
            Added::Exists => Err(RegistryError::OrderKeyExists(kid)),
            Added::TooMany => Err(RegistryError::TooMany("20 order keys")),
            Added::NoMerchant => Err(RegistryError::NoMerchant(id.clone())),
        }
    }

    /// Takes an order-signing key away: what it signed is refused from now on.
    pub async fn remove_order_key(&self, id: &MerchantId, kid: &str) -> Result<(), RegistryError> {
        self.merchant(id).await?;
        let removed = self.store.remove_order_key(id, kid).await?;
        removed
            .then_some(())
            .ok_or_else(|| RegistryError::NoOrderKey(kid.to_owned()))
    }

    /// Puts `fees` in the place of all the merchant's schedules. Quotes that were given keep theirs.
    pub async fn set_fees(&self, id: &MerchantId, fees: Vec<FeeSchedule>) -> Result<(), RegistryError> {
        let country = self.merchant(id).await?.country;
        let lawful = FeeSchedules::new(fees, Some(country))?;
        let known = self.store.set_fees(id, lawful.iter().copied().collect()).await?;
        known
            .then_some(())
            .ok_or_else(|| RegistryError::NoMerchant(id.clone()))
    }

    pub(super) fn challenge(&self, id: &MerchantId) -> String {
        format!("{id} {}", Base64UrlUnpadded::encode_string(&self.random::<16>()))
    }

    pub(super) fn random<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        self.rng.fill(&mut bytes);
        bytes
    }
}

/// A key that checks signatures, with its name written in.
pub(super) fn checked(key: Jwk) -> Result<(Jwk, String), RegistryError> {
    key.verifying_key()?;
    let kid = key.kid()?;
    Ok((key.with_kid(), kid))
}
