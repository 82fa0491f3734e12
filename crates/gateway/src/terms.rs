use farthing_protocol::{Currency, MethodKind};
use serde::{Deserialize, Serialize};

use crate::fee::FeeSchedule;

/// What the provider and the merchant agreed on for a quote, kept with it: what is booked later is what was said then.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Terms {
    /// The schedules of the ways to pay that were on offer. Without one a way costs nobody anything.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fees: Vec<FeeSchedule>,
}

impl Terms {
    /// The schedule for `method` in `currency`.
    pub(crate) fn fee(&self, method: MethodKind, currency: Currency) -> Option<&FeeSchedule> {
        self.fees.iter().find(|schedule| {
            let terms = schedule.terms();
            terms.method == method && terms.currency == currency
        })
    }
}
