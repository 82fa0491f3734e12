//! A provider as it is shipped, a merchant, and the end at which everything has to be right.

use std::{fs, path::PathBuf};

use farthing_journeys::{http, merchant::Merchant, process::free_port, project, provider::Provider};
use futures_util::{StreamExt, stream};
use serde_json::Value;

use crate::{payment::Payment, shop::Shop};

/// How many ask at once at the end.
const AT_ONCE: usize = 16;

/// What a storm meets.
pub struct World {
    /// The provider.
    pub provider: Provider,
    /// The merchant.
    pub kiosk: Merchant,
    /// All that is left behind.
    pub folder: PathBuf,
}

/// Runs `steps`; what they leave is kept in `target/journeys` when they fail.
pub fn storm(name: &str, steps: impl AsyncFnOnce(&mut World)) {
    let folder = project::empty_folder(&format!("storms.{name}"));
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async {
        let (origin, port) = Provider::address();
        let kiosk = Merchant::new(2, &format!("http://localhost:{}", free_port()), &origin);
        let shop = format!("http://localhost:{}", free_port());
        let provider = Provider::start(&folder, (&origin, port), &shop, &[&kiosk], None).await;
        let mut world = World {
            provider,
            kiosk,
            folder: folder.clone(),
        };
        steps(&mut world).await;
    });
    fs::remove_dir_all(folder).unwrap();
}

impl World {
    /// What `farthing audit` says of the books, with every signature checked.
    ///
    /// # Panics
    /// If it finds anything wrong.
    pub async fn audit(&self) -> Value {
        let jwks = self.folder.join("jwks.json");
        let keys = http::get(&format!("{}/.well-known/jwks.json", self.provider.origin))
            .await
            .unwrap();
        fs::write(&jwks, keys.body).unwrap();
        let said = self
            .provider
            .operator(&["audit", "--json", "--jwks", jwks.to_str().unwrap()]);
        serde_json::from_str(&said).unwrap()
    }

    /// # Panics
    /// If anything that was told is not so, if there is more in the books than was told, or if auditor or bank say
    /// otherwise.
    pub async fn must_be_right(&self, payments: &[Payment], shop: &Shop) {
        stream::iter(payments)
            .for_each_concurrent(AT_ONCE, async |payment| payment.must_stand(shop).await)
            .await;
        let operations: usize = payments.iter().map(Payment::operations).sum();
        let books = &self.provider.books;
        let count = |table| usize::try_from(books.count(table)).unwrap();
        assert_eq!(
            (count("charges"), count("operations"), count("requests")),
            (payments.len(), operations, payments.len() + operations),
            "more is booked than was told, or less"
        );
        books.must_balance();
        books.must_agree_with_the_bank();
        assert_eq!(self.audit().await["charges"], payments.len());
    }
}

/// How many of something: `usual`, or what the environment has under `variable`.
pub fn how_many(variable: &str, usual: u64) -> u64 {
    std::env::var(variable)
        .ok()
        .map_or(usual, |number| number.parse().unwrap())
}
