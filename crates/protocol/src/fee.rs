use serde::{Deserialize, Serialize};

/// Who bears a fee.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Bearer {
    /// The merchant: it is taken from what the merchant gets, and changes nothing for the shopper.
    Merchant,
    /// The shopper: it is a line of its own, said before it is chosen.
    Shopper,
}
