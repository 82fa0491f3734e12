//! The pages that are looked at: a shop's page with Farthing in it, with the floor, and with what peers publish.

use std::{env, fs, path::PathBuf};

use farthing_journeys::{merchant::Merchant, project, provider::Provider};

use crate::server::Sites;

/// The merchant's host.
pub const SHOP: &str = "shop.test";
/// The provider's host: another site.
pub const PAY: &str = "pay.test";

/// Where peers' servers are, which are stand-ins here.
const PEERS: [&str; 3] = [".adyen.com", ".braintreegateway.com", ".braintree-api.com"];
/// All domains that there are.
pub const DOMAINS: [&str; 4] = [".test", PEERS[0], PEERS[1], PEERS[2]];

/// What Braintree's configuration has to have for its host half to go on.
const BRAINTREE: &str = r#"{"environment":"sandbox","clientApiUrl":"https://api.sandbox.braintreegateway.com/",
    "assetsUrl":"https://assets.braintreegateway.com","merchantId":"stand-in","analytics":{},
    "creditCards":{"supportedCardTypes":["Visa","MasterCard"]},"challenges":["cvv"],"threeDSecureEnabled":false}"#;

/// One page that is looked at.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Subject {
    /// A form of plain HTML in a frame of another site.
    Floor,
    /// Farthing, by its script tag.
    Farthing,
    /// Farthing, with its frame in the page's markup.
    InMarkup,
    /// `@adyen/adyen-web`, its card.
    Adyen,
    /// `braintree-web`, its client and hosted fields.
    Braintree,
}

impl Subject {
    /// All of them.
    pub const ALL: [Self; 5] = [
        Self::Floor,
        Self::Farthing,
        Self::InMarkup,
        Self::Adyen,
        Self::Braintree,
    ];

    /// For people. Where there are stand-ins, the figures are lower bounds.
    pub fn name(self) -> &'static str {
        match self {
            Self::Floor => "floor: static HTML form",
            Self::Farthing => "Farthing, script tag",
            Self::InMarkup => "Farthing, frame in markup",
            Self::Adyen => "Adyen Web, lower bound",
            Self::Braintree => "Braintree Web, lower bound",
        }
    }

    /// Where its page is, on [`SHOP`].
    pub fn path(self) -> &'static str {
        match self {
            Self::Floor => "/floor",
            Self::Farthing => "/farthing",
            Self::InMarkup => "/farthing-in-markup",
            Self::Adyen => "/adyen",
            Self::Braintree => "/braintree",
        }
    }

    /// The field that is typed into, where there is a real one.
    pub fn field(self) -> Option<&'static str> {
        matches!(self, Self::Floor | Self::Farthing | Self::InMarkup).then_some("number")
    }
}

/// The sites of all subjects; every look at Farthing is at the same order.
pub async fn sites(kiosk: &Merchant, provider: &Provider) -> Sites {
    let mut sites = Sites::default();
    let mut shop = |subject: Subject, head: &str, body: &str| {
        sites.put(SHOP, subject.path(), page(head, body));
    };
    shop(
        Subject::Floor,
        "",
        &format!(r#"<iframe src="https://{PAY}/floor" title="Payment" width="380" height="560"></iframe>"#),
    );
    let (order, _) = kiosk.order().await;
    shop(
        Subject::Farthing,
        "",
        &format!(r#"<script src="https://{PAY}/v1/farthing.js" data-order="{order}"></script>"#),
    );
    shop(
        Subject::InMarkup,
        "",
        &format!(
            r#"<farthing-checkout order="{order}"><iframe src="https://{PAY}/v1/frame/{}" title="Payment form" width="380" height="560"></iframe>
            </farthing-checkout><script src="https://{PAY}/v1/farthing.js" async></script>"#,
            kiosk.id
        ),
    );
    shop(
        Subject::Adyen,
        r#"<link rel="stylesheet" href="/adyen.css">"#,
        r#"<div id="fields"></div><script type="module" src="/adyen.js"></script>"#,
    );
    shop(
        Subject::Braintree,
        "",
        r#"<div id="fields"></div><script type="module" src="/braintree.js"></script>"#,
    );
    for file in ["adyen.css", "adyen.js", "braintree.js"] {
        let built = peers().join(file);
        let bytes = fs::read(&built).unwrap_or_else(|error| panic!("{}: {error}", built.display()));
        sites.put(SHOP, &format!("/{file}"), bytes);
    }
    sites.put(
        "api.sandbox.braintreegateway.com",
        "/configuration.json",
        BRAINTREE.to_owned(),
    );
    for domain in PEERS {
        sites.stand_in(domain);
    }
    sites.put(PAY, "/floor", floor());
    sites.put_behind(PAY, &format!("http://127.0.0.1:{}", provider.port));
    sites
}

/// Where `cargo xtask bench widget` has put the peers.
fn peers() -> PathBuf {
    env::var_os("FARTHING_BENCH_PEERS").map_or_else(|| project::target().join("bench/peers"), PathBuf::from)
}

/// A shop's page, with something behind the form that can be moved by it.
fn page(head: &str, body: &str) -> String {
    format!(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>Shop</title>\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><link rel=\"icon\" href=\"data:,\">{head}</head>\
         <body><h1>Shop</h1><p>A test item for €2.50.</p>{body}<p>Questions? Ask us.</p></body></html>"
    )
}

/// The form as a page of its own, with Farthing's styles and nothing else.
fn floor() -> String {
    let styles = fs::read_to_string(project::dist().join("frame.css"))
        .or_else(|_| fs::read_to_string(project::root().join("www/frame.css")))
        .unwrap();
    let fields: String = [
        ("number", "Card number"),
        ("expiry", "Expiry date"),
        ("security-code", "Security code"),
        ("name", "Name on card"),
    ]
    .map(|(id, label)| {
        format!(
            "<div class=\"field\"><label for=\"{id}\">{label}</label><input id=\"{id}\" name=\"{id}\" required>\
             <p class=\"help\"></p></div>"
        )
    })
    .concat();
    format!(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>Payment</title><style>{styles}</style></head><body><main>\
         <section class=\"card form\"><header class=\"bill\"><h1>Pay Shop</h1><p class=\"total\">€2.50</p></header>\
         <form><fieldset class=\"fields\" id=\"card\">{fields}</fieldset><button class=\"primary\">Pay €2.50</button></form>\
         </section></main></body></html>"
    )
}
