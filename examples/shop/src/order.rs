use jsonwebtoken::{Algorithm, Header, encode, errors::Error, get_current_timestamp};
use serde_json::{Value, json};

use crate::config::Config;

/// How long a page can be paid from. A reload signs anew.
const LIFETIME_S: u64 = 60 * 60;

/// What is sold. The price, in cents, is the server's: nothing that comes from the page changes it.
#[derive(Debug)]
pub struct Item {
    pub name: &'static str,
    pub label: &'static str,
    pub price: u64,
    goods: &'static str,
}

pub static ITEMS: [Item; 2] = [
    Item {
        name: "article",
        label: "Article: The smallest coin",
        price: 50,
        goods: include_str!("../www/article.txt"),
    },
    Item {
        name: "sticker",
        label: "Sticker: The wren",
        price: 150,
        goods: "Your sticker leaves our counter with tomorrow’s post.",
    },
];

/// An order, as the shop knows it.
#[derive(Clone)]
pub struct Order {
    pub item: &'static Item,
    pub status: Status,
}

/// How it stands. `Checking` is neither paid nor failed: nothing is given out, and nothing is charged again.
#[derive(Clone, Debug, PartialEq)]
pub enum Status {
    Open,
    Checking,
    Paid { receipt: String },
    Failed { code: String },
}

impl Order {
    /// Whether the checkout is shown and a token is taken.
    pub fn to_be_paid(&self) -> bool {
        matches!(self.status, Status::Open | Status::Failed { .. })
    }

    /// What the page's script is told.
    pub fn view(&self, provider: &str) -> Value {
        let mut view = json!({"status": self.status.name()});
        if let Status::Paid { receipt } = &self.status {
            view["goods"] = json!(self.item.goods);
            view["receipt"] = json!(format!("{provider}/v1/receipts/{receipt}"));
        }
        view
    }
}

impl Status {
    /// For pages and for the log, which holds no receipt's address: who has it may read it.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Checking => "checking",
            Self::Paid { .. } => "paid",
            Self::Failed { .. } => "failed",
        }
    }

    /// For a shopper without script; the page's script says the same.
    pub fn words(&self) -> &'static str {
        match self {
            Self::Open => "",
            Self::Checking => {
                "We are checking your payment. Please don’t pay again; load this page again in a minute."
            }
            Self::Paid { .. } => "Thank you. Your payment has arrived.",
            Self::Failed { .. } => "This was not paid. Nothing was charged; you can try again.",
        }
    }
}

/// The order as the provider takes it: a JWT that nobody but this shop can have made.
pub fn sign(config: &Config, reference: &str, item: &Item) -> Result<String, Error> {
    let now = get_current_timestamp();
    let claims = json!({
        "iss": config.merchant,
        "aud": config.provider,
        "jti": reference,
        "iat": now,
        "exp": now + LIFETIME_S,
        "order": {"currency": "EUR", "lines": [{"label": item.label, "amount": item.price}]},
    });
    let mut header = Header::new(Algorithm::ES256);
    header.kid = Some(config.order_key.id.clone());
    encode(&header, &claims, &config.order_key.key)
}
