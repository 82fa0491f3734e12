use serde::{Deserialize, Serialize};

/// What the provider and the merchant agreed on for a quote, kept with it: what is booked later is what was said then.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Terms {}
