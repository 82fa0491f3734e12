//! What the journeys stand on: the real provider, the real shop, a real browser, and the means to look at
//! what they left behind. Each subject has a folder of its own beside this one.

pub mod account;
pub mod books;
pub mod browser;
pub mod canary;
pub mod card;
pub mod checkout;
pub mod driver;
pub mod engine;
pub mod http;
pub mod journey;
pub mod merchant;
pub mod phone;
pub mod process;
pub mod project;
pub mod provider;
pub mod shop;
pub mod site;
pub mod wait;
pub mod wire;
