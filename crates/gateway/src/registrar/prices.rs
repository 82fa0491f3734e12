use farthing_protocol::{MerchantId, OrderBody, PriceId};

use super::{PRICES, Registrar, RegistryError};
use crate::{Added, Clock, Price, RegistryStore, Rng, order};

/// How many prices are listed at a time.
const LISTED: u32 = 2_000;

impl<S: RegistryStore, T: Clock, R: Rng> Registrar<'_, S, T, R> {
    /// Registers what a merchant sells without a server of its own. It never changes.
    pub async fn add_price(&self, merchant: &MerchantId, order: OrderBody) -> Result<PriceId, RegistryError> {
        order::check_body(&order).map_err(|refusal| RegistryError::Price(refusal.code))?;
        let id = PriceId::from_random(self.random());
        let price = Price {
            id: id.clone(),
            merchant: merchant.clone(),
            order,
            created_at: self.clock.now(),
            closed_at: None,
        };
        match self.store.insert_price(price, PRICES).await? {
            Added::Added => Ok(id),
            Added::TooMany => Err(RegistryError::TooManyPrices),
            Added::Exists => Err(RegistryError::Repeated),
            Added::NoMerchant => Err(RegistryError::NoMerchant(merchant.clone())),
        }
    }

    /// The merchant's prices, those that are not closed first: at most 2,000.
    pub async fn prices(&self, merchant: &MerchantId) -> Result<Vec<Price>, RegistryError> {
        self.merchant(merchant).await?;
        Ok(self.store.prices_of(merchant, LISTED).await?)
    }

    /// Lets nothing be sold at this price any more. Who has a quote already can pay it while it lasts.
    pub async fn close_price(&self, id: &PriceId) -> Result<(), RegistryError> {
        let known = self.store.price(id).await?;
        known.ok_or_else(|| RegistryError::NoPrice(id.clone()))?;
        self.store.close_price(id, self.clock.now()).await?;
        Ok(())
    }
}
