//! Who may be paid, who vouches for them, and with which keys they come.

mod keys;
mod merchants;
mod prices;
mod vouching;

use crate::db::{Connection, named_params};
use farthing_gateway::{
    Added, Merchant, MerchantOrigin, NewMerchant, Price, Registration, RegistryStore, SecretKeyHash,
    StoreError, StoredAccreditor, StoredKey, StoredStatement, StoredStatusList, fee::FeeSchedule, jose::Jwk,
};
use farthing_protocol::{KeyId, MerchantId, Origin, PriceId, UnixSeconds};

use crate::{
    Engine, SqlStore,
    db::Params,
    rows::{change, column, first},
};

impl<E: Engine> RegistryStore for SqlStore<E> {
    async fn insert_merchant(&self, merchant: NewMerchant) -> Result<bool, StoreError> {
        self.engine.run(move |db| merchants::insert(db, &merchant)).await
    }

    async fn merchant(&self, id: &MerchantId) -> Result<Option<Merchant>, StoreError> {
        let id = id.clone();
        self.engine.read(move |db| merchants::by_id(db, &id)).await
    }

    async fn registration(&self, id: &MerchantId) -> Result<Option<Registration>, StoreError> {
        let id = id.clone();
        self.engine.read(move |db| vouching::registration(db, &id)).await
    }

    async fn merchants(&self, after: Option<&MerchantId>, limit: u32) -> Result<Vec<Merchant>, StoreError> {
        let after = after.cloned();
        self.engine
            .read(move |db| merchants::list(db, after.as_ref(), limit))
            .await
    }

    async fn set_suspended(&self, id: &MerchantId, since: Option<UnixSeconds>) -> Result<bool, StoreError> {
        let id = id.clone();
        self.engine
            .run(move |db| merchants::suspend(db, &id, since))
            .await
    }

    async fn insert_origin(
        &self,
        merchant: &MerchantId,
        origin: MerchantOrigin,
        limit: i64,
    ) -> Result<Added, StoreError> {
        let merchant = merchant.clone();
        self.engine
            .run(move |db| merchants::insert_origin(db, &merchant, &origin, limit))
            .await
    }

    async fn prove_origin(
        &self,
        merchant: &MerchantId,
        origin: &Origin,
        challenge: &str,
        at: UnixSeconds,
    ) -> Result<bool, StoreError> {
        let (merchant, origin, challenge) = (merchant.clone(), origin.clone(), challenge.to_owned());
        self.engine
            .run(move |db| merchants::prove_origin(db, &merchant, &origin, &challenge, at))
            .await
    }

    async fn remove_origin(&self, merchant: &MerchantId, origin: &Origin) -> Result<bool, StoreError> {
        let (merchant, origin) = (merchant.clone(), origin.clone());
        self.engine
            .run(move |db| merchants::remove_origin(db, &merchant, &origin))
            .await
    }

    async fn insert_order_key(
        &self,
        merchant: &MerchantId,
        kid: &str,
        key: Jwk,
        limit: i64,
    ) -> Result<Added, StoreError> {
        let (merchant, kid) = (merchant.clone(), kid.to_owned());
        self.engine
            .run(move |db| merchants::insert_order_key(db, &merchant, &kid, &key, limit))
            .await
    }

    async fn remove_order_key(&self, merchant: &MerchantId, kid: &str) -> Result<bool, StoreError> {
        let (merchant, kid) = (merchant.clone(), kid.to_owned());
        self.engine
            .run(move |db| merchants::remove_order_key(db, &merchant, &kid))
            .await
    }

    async fn set_fees(&self, merchant: &MerchantId, fees: Vec<FeeSchedule>) -> Result<bool, StoreError> {
        let merchant = merchant.clone();
        self.engine
            .run(move |db| merchants::set_fees(db, &merchant, &fees))
            .await
    }

    async fn insert_statement(
        &self,
        merchant: &MerchantId,
        statement: StoredStatement,
        now: UnixSeconds,
        limit: i64,
    ) -> Result<Added, StoreError> {
        let merchant = merchant.clone();
        self.engine
            .run(move |db| vouching::insert_statement(db, &merchant, &statement, now, limit))
            .await
    }

    async fn insert_key(&self, key: StoredKey, limit: i64) -> Result<Added, StoreError> {
        self.engine.run(move |db| keys::insert(db, &key, limit)).await
    }

    async fn key_of_hash(&self, hash: &SecretKeyHash) -> Result<Option<StoredKey>, StoreError> {
        let hash = *hash;
        self.engine.read(move |db| keys::by_hash(db, &hash)).await
    }

    async fn key(&self, id: &KeyId) -> Result<Option<StoredKey>, StoreError> {
        let id = id.clone();
        self.engine.read(move |db| keys::by_id(db, &id)).await
    }

    async fn keys_of(&self, merchant: &MerchantId) -> Result<Vec<StoredKey>, StoreError> {
        let merchant = merchant.clone();
        self.engine.read(move |db| keys::of_merchant(db, &merchant)).await
    }

    async fn expire_key(&self, id: &KeyId, at: UnixSeconds) -> Result<bool, StoreError> {
        let id = id.clone();
        self.engine.run(move |db| keys::expire(db, &id, at)).await
    }

    async fn revoke_key(&self, id: &KeyId, at: UnixSeconds) -> Result<bool, StoreError> {
        let id = id.clone();
        self.engine.run(move |db| keys::revoke(db, &id, at)).await
    }

    async fn insert_price(&self, price: Price, limit: i64) -> Result<Added, StoreError> {
        self.engine.run(move |db| prices::insert(db, &price, limit)).await
    }

    async fn price(&self, id: &PriceId) -> Result<Option<Price>, StoreError> {
        let id = id.clone();
        self.engine.read(move |db| prices::by_id(db, &id)).await
    }

    async fn prices_of(&self, merchant: &MerchantId, limit: u32) -> Result<Vec<Price>, StoreError> {
        let merchant = merchant.clone();
        self.engine
            .read(move |db| prices::of_merchant(db, &merchant, limit))
            .await
    }

    async fn close_price(&self, id: &PriceId, at: UnixSeconds) -> Result<bool, StoreError> {
        let id = id.clone();
        self.engine.run(move |db| prices::close(db, &id, at)).await
    }

    async fn insert_accreditor(&self, accreditor: StoredAccreditor, limit: i64) -> Result<Added, StoreError> {
        self.engine
            .run(move |db| vouching::insert_accreditor(db, &accreditor, limit))
            .await
    }

    async fn put_accreditor(&self, accreditor: StoredAccreditor, limit: i64) -> Result<Added, StoreError> {
        self.engine
            .run(move |db| vouching::put_accreditor(db, &accreditor, limit))
            .await
    }

    async fn distrust_accreditor(&self, id: &Origin) -> Result<bool, StoreError> {
        let id = id.clone();
        self.engine
            .run(move |db| vouching::distrust_accreditor(db, &id))
            .await
    }

    async fn accreditors(&self) -> Result<Vec<StoredAccreditor>, StoreError> {
        self.engine.read(vouching::accreditors).await
    }

    async fn put_status_list(&self, list: StoredStatusList) -> Result<bool, StoreError> {
        self.engine.run(move |db| vouching::put_list(db, &list)).await
    }

    async fn status_list(&self, uri: &str) -> Result<Option<StoredStatusList>, StoreError> {
        let uri = uri.to_owned();
        self.engine.read(move |db| vouching::list(db, &uri)).await
    }
}

/// Why something can't be added to `merchant`, which has `count` of them: `None` where it can.
fn hindrance(
    db: &Connection<'_>,
    merchant: &MerchantId,
    count: i64,
    limit: i64,
) -> Result<Option<Added>, StoreError> {
    let known = first(
        db,
        "SELECT 1 AS known FROM merchants WHERE id = :id",
        named_params! { ":id": merchant.as_str() },
        |row| column::<i64>(row, "known"),
    )?;
    Ok(match known {
        None => Some(Added::NoMerchant),
        Some(_) if count >= limit => Some(Added::TooMany),
        Some(_) => None,
    })
}

/// Runs an `INSERT … ON CONFLICT DO NOTHING`.
fn add(db: &Connection<'_>, sql: &'static str, params: Params<'_>) -> Result<Added, StoreError> {
    Ok(match change(db, sql, params)? {
        0 => Added::Exists,
        _ => Added::Added,
    })
}
