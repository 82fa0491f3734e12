use std::future::Future;

use farthing_protocol::{KeyId, Label, MerchantId, Origin, PriceId, UnixSeconds};

use super::StoreError;
use crate::{Merchant, MerchantOrigin, Price, SecretKeyHash, StoredKey, fee::FeeSchedule, jose::Jwk};

/// Who may be paid, who vouches for them, and with which keys they come. It is read anew for each request, so that
/// what an operator changes acts on the next one.
pub trait RegistryStore: Send + Sync + 'static {
    /// Registers a merchant with all that belongs to it, in one step. Returns whether its id was new; where it was
    /// not, nothing changes.
    fn insert_merchant(&self, merchant: NewMerchant)
    -> impl Future<Output = Result<bool, StoreError>> + Send;

    /// A merchant.
    fn merchant(&self, id: &MerchantId) -> impl Future<Output = Result<Option<Merchant>, StoreError>> + Send;

    /// A merchant and all that says whether somebody vouches for it, as it stands at one moment.
    fn registration(
        &self,
        id: &MerchantId,
    ) -> impl Future<Output = Result<Option<Registration>, StoreError>> + Send;

    /// At most `limit` merchants in the order of their ids, from the one that comes after `after`.
    fn merchants(
        &self,
        after: Option<&MerchantId>,
        limit: u32,
    ) -> impl Future<Output = Result<Vec<Merchant>, StoreError>> + Send;

    /// Since when the merchant can't be paid; `None` lets it be paid again. Returns whether it is registered.
    fn set_suspended(
        &self,
        id: &MerchantId,
        since: Option<UnixSeconds>,
    ) -> impl Future<Output = Result<bool, StoreError>> + Send;

    /// Adds an origin to a merchant that has fewer than `limit`.
    fn insert_origin(
        &self,
        merchant: &MerchantId,
        origin: MerchantOrigin,
        limit: i64,
    ) -> impl Future<Output = Result<Added, StoreError>> + Send;

    /// Counts an origin from now on, if its challenge is still `challenge`. Returns whether it did.
    fn prove_origin(
        &self,
        merchant: &MerchantId,
        origin: &Origin,
        challenge: &str,
        at: UnixSeconds,
    ) -> impl Future<Output = Result<bool, StoreError>> + Send;

    /// Takes an origin away. Returns whether it was there.
    fn remove_origin(
        &self,
        merchant: &MerchantId,
        origin: &Origin,
    ) -> impl Future<Output = Result<bool, StoreError>> + Send;

    /// Adds a key that signs orders, under `kid`, to a merchant that has fewer than `limit`.
    fn insert_order_key(
        &self,
        merchant: &MerchantId,
        kid: &str,
        key: Jwk,
        limit: i64,
    ) -> impl Future<Output = Result<Added, StoreError>> + Send;

    /// Takes the key with this `kid` away. Returns whether it was there.
    fn remove_order_key(
        &self,
        merchant: &MerchantId,
        kid: &str,
    ) -> impl Future<Output = Result<bool, StoreError>> + Send;

    /// Puts these in the place of all the merchant's schedules. Returns whether the merchant is registered.
    fn set_fees(
        &self,
        merchant: &MerchantId,
        fees: Vec<FeeSchedule>,
    ) -> impl Future<Output = Result<bool, StoreError>> + Send;

    /// Adds a statement about one of the merchant's origins, and drops those that have expired at `now`; a merchant
    /// with `limit` others gets no more.
    fn insert_statement(
        &self,
        merchant: &MerchantId,
        statement: StoredStatement,
        now: UnixSeconds,
        limit: i64,
    ) -> impl Future<Output = Result<Added, StoreError>> + Send;

    /// Adds an API key to a merchant that has fewer than `limit` that work at their `created_at`.
    fn insert_key(
        &self,
        key: StoredKey,
        limit: i64,
    ) -> impl Future<Output = Result<Added, StoreError>> + Send;

    /// The API key with this hash, whether it works or not.
    fn key_of_hash(
        &self,
        hash: &SecretKeyHash,
    ) -> impl Future<Output = Result<Option<StoredKey>, StoreError>> + Send;

    /// An API key.
    fn key(&self, id: &KeyId) -> impl Future<Output = Result<Option<StoredKey>, StoreError>> + Send;

    /// The merchant's API keys, oldest first.
    fn keys_of(
        &self,
        merchant: &MerchantId,
    ) -> impl Future<Output = Result<Vec<StoredKey>, StoreError>> + Send;

    /// Lets a key work until `at` at the longest. Returns whether it worked beyond that.
    fn expire_key(
        &self,
        id: &KeyId,
        at: UnixSeconds,
    ) -> impl Future<Output = Result<bool, StoreError>> + Send;

    /// Lets a key never work again. Returns whether it was not revoked before.
    fn revoke_key(
        &self,
        id: &KeyId,
        at: UnixSeconds,
    ) -> impl Future<Output = Result<bool, StoreError>> + Send;

    /// Registers a price of a merchant that has fewer than `limit` that are not closed.
    fn insert_price(
        &self,
        price: Price,
        limit: i64,
    ) -> impl Future<Output = Result<Added, StoreError>> + Send;

    /// A price, closed or not.
    fn price(&self, id: &PriceId) -> impl Future<Output = Result<Option<Price>, StoreError>> + Send;

    /// At most `limit` of the merchant's prices: those that are not closed first, and of each the newest.
    fn prices_of(
        &self,
        merchant: &MerchantId,
        limit: u32,
    ) -> impl Future<Output = Result<Vec<Price>, StoreError>> + Send;

    /// Closes a price for good. Returns whether it was not closed before.
    fn close_price(
        &self,
        id: &PriceId,
        at: UnixSeconds,
    ) -> impl Future<Output = Result<bool, StoreError>> + Send;

    /// Trusts an accreditor that was never trusted before. There are `limit` that are trusted, at the most.
    fn insert_accreditor(
        &self,
        accreditor: StoredAccreditor,
        limit: i64,
    ) -> impl Future<Output = Result<Added, StoreError>> + Send;

    /// Trusts an accreditor: adds it, or puts name and keys in the place of those that it had. There are `limit` at
    /// the most.
    fn put_accreditor(
        &self,
        accreditor: StoredAccreditor,
        limit: i64,
    ) -> impl Future<Output = Result<Added, StoreError>> + Send;

    /// Trusts an accreditor no more, and remembers that it was. Returns whether it was trusted.
    fn distrust_accreditor(&self, id: &Origin) -> impl Future<Output = Result<bool, StoreError>> + Send;

    /// Every accreditor that is trusted.
    fn accreditors(&self) -> impl Future<Output = Result<Vec<StoredAccreditor>, StoreError>> + Send;

    /// Keeps a status list, unless the one that is kept for its address was signed later. Returns whether it did.
    fn put_status_list(
        &self,
        list: StoredStatusList,
    ) -> impl Future<Output = Result<bool, StoreError>> + Send;

    /// The status list for this address.
    fn status_list(
        &self,
        uri: &str,
    ) -> impl Future<Output = Result<Option<StoredStatusList>, StoreError>> + Send;
}

/// A merchant to register.
pub struct NewMerchant {
    /// The merchant, with its origins, order keys and fees.
    pub merchant: Merchant,
    /// Its API keys.
    pub keys: Vec<StoredKey>,
    /// What accreditors said about its origins.
    pub statements: Vec<StoredStatement>,
}

/// A merchant, and all that says whether somebody vouches for it.
#[derive(Clone, Debug)]
pub struct Registration {
    /// The merchant.
    pub merchant: Merchant,
    /// What accreditors said about its origins.
    pub statements: Vec<StoredStatement>,
    /// Every accreditor that is trusted.
    pub accreditors: Vec<StoredAccreditor>,
    /// The status lists of these statements, as far as there are any.
    pub status_lists: Vec<StoredStatusList>,
}

/// What became of something to add to a merchant.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Added {
    /// It is there now.
    Added,
    /// It was there already, and stays as it was.
    Exists,
    /// There are as many as there may be.
    TooMany,
    /// There is no such merchant.
    NoMerchant,
}

/// A statement as it is kept. It is read anew each time: that it was in order once says nothing about now.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct StoredStatement {
    /// The origin that it is about.
    pub origin: Origin,
    /// The signed statement, in its compact form.
    pub text: String,
    /// Where its status list is.
    pub status_uri: String,
    /// When it ends.
    pub expires_at: UnixSeconds,
}

/// A trusted accreditor as it is kept.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct StoredAccreditor {
    /// Its entity id: the `iss` of what it signs.
    pub id: Origin,
    /// The name that shoppers read.
    pub name: Label,
    /// The public keys that sign its statements and status lists, each with its `kid`.
    pub keys: Vec<Jwk>,
}

/// A status list as it is kept.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct StoredStatusList {
    /// Its address.
    pub uri: String,
    /// When it was signed.
    pub issued_at: UnixSeconds,
    /// The signed list, in its compact form.
    pub text: String,
}
