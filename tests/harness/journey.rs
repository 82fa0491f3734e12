//! One journey: a world of its own, and what is kept of it when it fails.

use std::{
    any::type_name_of_val,
    fs,
    panic::{AssertUnwindSafe, resume_unwind},
    path::{Path, PathBuf},
};

use futures_util::FutureExt;

use crate::{
    browser::{Browser, Look},
    checkout::Checkout,
    engine::{Capability, Engine},
    merchant::Merchant,
    process::free_port,
    project,
    provider::Provider,
    shop::Shop,
    site::Site,
    wire::Wire,
};

/// What the frame says, what its fields hold (the cards are the sandbox's), and what has the focus.
const WHAT_IS_SEEN: &str = "
    const fields = [...document.querySelectorAll('input, select')].map(({ id, value, checked }) => [id, value, checked]);
    return { text: document.body.innerText, fields, focus: document.activeElement?.id };";

/// What a journey needs beside the usual.
#[derive(Default)]
pub struct Setup {
    /// How the browser is to look at pages.
    pub look: Look,
    /// What is changed in a copy of the frame, which the provider then serves in place of its own.
    pub frame: Option<fn(&Path)>,
    /// Whether there is a line between browser and provider that can have faults.
    pub wire: bool,
    /// The theme that every merchant wears, as lines of the provider's configuration; the usual look where it is empty.
    pub theme: &'static str,
    /// What the engine must have; the journey is left out on others.
    pub needs: &'static [Capability],
}

/// Everything that a journey meets.
pub struct World {
    /// The provider.
    pub provider: Provider,
    /// The shop, as it is.
    pub shop: Shop,
    /// A merchant of the test's own, for pages that no honest shop would serve.
    pub kiosk: Merchant,
    /// The kiosk's web site.
    pub site: Site,
    /// A third merchant, on another origin.
    pub stranger: Merchant,
    /// The line to the provider, where [`Setup::wire`] asked for one.
    pub wire: Option<Wire>,
    /// The browser.
    pub browser: Browser,
    /// All that is left behind.
    pub folder: PathBuf,
}

/// Runs `steps` in the usual world.
///
/// # Panics
/// As `steps` does, once logs, a screenshot and the page are in `target/journeys`.
pub fn journey(steps: impl AsyncFnOnce(&mut World)) {
    journey_with(Setup::default(), steps);
}

/// Runs `steps` in a world as `setup` says.
///
/// # Panics
/// As [`journey`].
pub fn journey_with(setup: Setup, steps: impl AsyncFnOnce(&mut World)) {
    // `paying::keyboard::pays_by_typing::{{closure}}`, and the test that this thread was started for.
    let path = type_name_of_val(&steps);
    let subject = path.split("::").next().unwrap_or_default();
    let thread = std::thread::current();
    let name = format!("{subject}.{}", thread.name().unwrap_or(path).replace("::", "."));
    let engine = Engine::chosen();
    if !engine.is_enough_for(&name, setup.needs) {
        return;
    }
    let folder = project::empty_folder(&format!("{engine}.{name}"));
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async {
        let mut world = World::start(engine, setup, &folder).await;
        let end = AssertUnwindSafe(steps(&mut world)).catch_unwind().await;
        if end.is_err() {
            world.keep_what_it_looks_like().await;
        }
        drop(world);
        if let Err(panic) = end {
            println!("what is left of it: {}", folder.display());
            resume_unwind(panic);
        }
    });
    // A browser that is still ending may write: what it leaves is for the next run to clear.
    let _left = fs::remove_dir_all(folder);
}

impl World {
    async fn start(engine: Engine, setup: Setup, folder: &Path) -> Self {
        let (origin, port) = Provider::address();
        let (listen, wire) = if setup.wire {
            let listen = free_port();
            (listen, Some(Wire::lay(port, listen).await))
        } else {
            (port, None)
        };
        let frame = setup.frame.map(|change| altered_frame(folder, change));
        let kiosk_port = free_port();
        let kiosk = Merchant::new(2, &format!("http://localhost:{kiosk_port}"), &origin);
        let stranger = Merchant::new(3, "https://stranger.example", &origin);
        let shop_origin = Shop::address();
        let servers = async {
            let merchants = [&kiosk, &stranger];
            let provider = Provider::start_themed(
                folder,
                (&origin, listen),
                &shop_origin,
                &merchants,
                frame.as_deref(),
                setup.theme,
            )
            .await;
            (provider, Shop::start(folder, &shop_origin).await)
        };
        let browser = Browser::start(engine, setup.look, folder);
        let ((provider, shop), browser) = tokio::join!(servers, browser);
        let site = Site::serve(kiosk_port).await;
        Self {
            provider,
            shop,
            kiosk,
            site,
            stranger,
            wire,
            browser,
            folder: folder.to_owned(),
        }
    }

    /// Has the kiosk take bank accounts for nothing, and cards for a fee of 5 cents.
    ///
    /// # Panics
    /// If the provider refuses it.
    pub fn offer_accounts(&self) {
        self.offer("bank_account");
    }

    /// As [`World::offer_accounts`], with phone bills.
    ///
    /// # Panics
    /// If the provider refuses it.
    pub fn offer_phones(&self) {
        self.offer("phone_bill");
    }

    fn offer(&self, free: &str) {
        let kiosk = self.kiosk.id.as_str();
        for (method, bearer) in [("card", "shopper"), (free, "merchant")] {
            let fees = ["merchant", "fees", "set", kiosk, "--method", method];
            let terms = [
                "--currency",
                "EUR",
                "--bearer",
                bearer,
                "--fixed",
                "5",
                "--rate-bp",
                "0",
            ];
            self.provider.operator(&[&fees[..], &terms].concat());
        }
    }

    /// Opens a page of the kiosk with a checkout for `order`, and waits for the form.
    ///
    /// # Panics
    /// If there is none.
    pub async fn open_kiosk(&self, order: &str) -> Checkout<'_> {
        self.show_kiosk(order).await;
        Checkout::with_form(&self.browser).await
    }

    /// Opens a page of the kiosk with a checkout for `order`, whatever comes of it. What the checkout tells
    /// the page is in `told`, for [`World::told`].
    ///
    /// # Panics
    /// If the page can't be opened.
    pub async fn show_kiosk(&self, order: &str) {
        self.site.put("/", self.kiosk_page(order));
        self.browser
            .client
            .goto(&format!("{}/", self.kiosk.origin))
            .await
            .unwrap();
    }

    /// A page with a checkout for `order` that keeps what it is told, and does nothing else.
    #[must_use]
    pub fn kiosk_page(&self, order: &str) -> String {
        let provider = &self.provider.origin;
        format!(
            "<!doctype html><html lang=en><meta charset=utf-8>
             <meta name=viewport content='width=device-width'>
             <title>Kiosk</title><link rel=icon href=data:>
             <script>
               window.told = [];
               for (const what of ['ready', 'token', 'failed', 'cancelled']) {{
                 addEventListener('farthing-' + what, ({{ detail }}) => told.push({{ what, detail }}));
               }}
             </script>
             <main>
             <h1>Kiosk</h1>
             <script src='{provider}/v1/farthing.js' data-order='{order}'></script>"
        )
    }

    /// What the checkout told the page so far, in order: `ready`, `token` with its detail, and so on.
    /// Looks at the page, and stays there.
    ///
    /// # Panics
    /// If it isn't a page of the kiosk.
    pub async fn told(&self) -> Vec<(String, serde_json::Value)> {
        Checkout::new(&self.browser).leave().await.unwrap();
        let told = self
            .browser
            .client
            .execute("return window.told", vec![])
            .await
            .unwrap();
        let told = told.as_array().unwrap().iter();
        told.map(|entry| {
            (
                entry["what"].as_str().unwrap().to_owned(),
                entry["detail"].clone(),
            )
        })
        .collect()
    }

    /// The token that the checkout handed to the page of the kiosk.
    ///
    /// # Panics
    /// If there is none in time.
    pub async fn token(&self) -> String {
        crate::wait::until("the page is told a token", async || {
            let told = self.told().await;
            let (_, detail) = told.iter().rev().find(|(what, _)| what == "token")?;
            detail["token"].as_str().map(str::to_owned)
        })
        .await
    }

    /// Has the kiosk's server redeem `token` for the order `reference`: the answer's status.
    pub async fn redeem(&self, token: &str, reference: &str) -> u16 {
        let redemption = self.kiosk.redemption(token, reference);
        self.kiosk.redeem(&redemption).await.status
    }

    /// The fault that this line has from now on.
    ///
    /// # Panics
    /// If [`Setup::wire`] asked for none.
    #[must_use]
    pub fn wire(&self) -> &Wire {
        self.wire.as_ref().unwrap()
    }

    async fn keep_what_it_looks_like(&self) {
        let keep = |name: &str, bytes: &[u8]| fs::write(self.folder.join(name), bytes).unwrap();
        let client = &self.browser.client;
        if let Ok(screen) = client.screenshot().await {
            keep("screen.png", &screen);
        }
        let checkout = Checkout::new(&self.browser);
        if checkout.enter().await.is_ok()
            && let Ok(html) = client.source().await
        {
            keep("frame.html", html.as_bytes());
            // In the log too: where a folder is not to be had, it is all there is.
            if let Ok(seen) = client.execute(WHAT_IS_SEEN, vec![]).await {
                println!("the frame, as it was then: {seen:#}");
            }
        }
        if checkout.leave().await.is_ok()
            && let Ok(html) = client.source().await
        {
            keep("page.html", html.as_bytes());
        }
        keep("console.log", self.browser.console().join("\n").as_bytes());
    }
}

/// A copy of the built frame in `folder`, changed.
fn altered_frame(folder: &Path, change: fn(&Path)) -> PathBuf {
    let copy = folder.join("frame");
    fs::create_dir(&copy).unwrap();
    for file in fs::read_dir(project::dist()).unwrap() {
        let file = file.unwrap();
        fs::copy(file.path(), copy.join(file.file_name())).unwrap();
    }
    change(&copy);
    copy
}
