use std::{cell::RefCell, collections::HashMap, future::Future, path::PathBuf, sync::Arc};

use axum::{
    Router,
    body::Body,
    http::{Request, Response},
};
use farthing_gateway::{DataKey, Keys, Refusal, Settings, jose::SigningKey};
use farthing_protocol::{Label, Quote};
use farthing_provider::{
    config::{Config, Database, Limits},
    http::Bounds,
    release::Frame,
    router,
    wiring::{AnyClock, AnyRng, App},
};
use farthing_testkit::{NOW, SeededRng, SetClock, Shop};
use tokio::runtime::{Builder, Runtime};
use tower::ServiceExt;
use zeroize::Zeroizing;

/// How often one scene is used: what is accepted stays in its store.
const USES: u32 = 5_000;

/// A provider in memory, as it is in earnest but for clock, randomness and frame, and shop number 1.
pub struct Scene {
    /// The merchant.
    pub shop: Shop,
    /// The provider.
    pub app: Arc<App>,
    router: Router,
    runtime: Runtime,
    used: u32,
}

thread_local! {
    static SCENE: RefCell<Option<Scene>> = const { RefCell::new(None) };
}

/// Lends a scene to `act`.
pub fn scene<T>(act: impl FnOnce(&Scene) -> T) -> T {
    SCENE.with_borrow_mut(|held| {
        if held.as_ref().is_some_and(|scene| scene.used == USES) {
            *held = None;
        }
        let scene = held.get_or_insert_with(Scene::new);
        scene.used += 1;
        act(scene)
    })
}

impl Scene {
    fn new() -> Self {
        let shop = Shop::number(1);
        let (accreditor, merchants) = Shop::entries(&[&shop]);
        let runtime = Builder::new_current_thread().enable_time().build().unwrap();
        let config = Config {
            listen: ([127, 0, 0, 1], 0).into(),
            metrics: None,
            log_format: farthing_provider::config::LogFormat::Text,
            acquirer: farthing_provider::config::Acquirer::Sandbox,
            carrier: None,
            low_value: None,
            loaders: None,
            mail: None,
            log: None,
            database: Database::Memory,
            settings: Settings {
                origin: shop.provider.clone(),
                name: Label::parse("Farthing Sandbox").unwrap(),
                sandbox: true,
                return_below: HashMap::new(),
            },
            keys: Keys {
                signing: SigningKey::from_scalar(&[200; 32]).unwrap(),
                retired: vec![],
                data: DataKey::new(Zeroizing::new([201; 32])),
            },
            // The clock stands still.
            limits: Limits {
                merchant_per_minute: 10_000_000,
                ..Limits::default()
            },
            accreditors: vec![accreditor],
            merchants,
            themes: vec![],
        };
        let frame = Frame::Folder(PathBuf::new());
        let (clock, rng) = (AnyClock::new(SetClock::at(NOW)), AnyRng::new(SeededRng::new(1)));
        let app = runtime.block_on(App::new(config, frame, clock, rng)).unwrap();
        Self {
            shop,
            router: router(&app, Bounds::default()),
            app,
            runtime,
            used: 0,
        }
    }

    /// Waits for the end of `work`.
    pub fn wait<T>(&self, work: impl Future<Output = T>) -> T {
        self.runtime.block_on(work)
    }

    /// What the provider answers to `request`.
    pub fn send(&self, request: Request<Body>) -> Response<Body> {
        self.wait(self.router.clone().oneshot(request)).unwrap()
    }

    /// The quote for `order`, as the shop's frame asks for it.
    pub fn quote(&self, order: String) -> Result<Quote, Refusal> {
        let reply = self.wait(self.app.rules.quote(self.shop.quote_request(order)));
        reply.map(|reply| reply.quote)
    }

    /// A reference that no order had before.
    #[must_use]
    pub fn reference(&self) -> String {
        format!("use-{}", self.used)
    }
}
