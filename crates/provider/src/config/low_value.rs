use farthing_gateway::{LowValue, SinceAsked};
use farthing_protocol::Currency;
use serde::Deserialize;

use super::{Acquirer, Wrong, wrong};

/// Within which bounds the sandbox's bank asks for no passcode.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct LowValueEntry {
    currency: String,
    each: i64,
    sum: Option<i64>,
    count: Option<u32>,
}

pub(super) fn read(entry: Option<LowValueEntry>, acquirer: &Acquirer) -> Result<Option<LowValue>, Wrong> {
    let Some(LowValueEntry {
        currency,
        each,
        sum,
        count,
    }) = entry
    else {
        return Ok(None);
    };
    if !matches!(acquirer, Acquirer::Sandbox) {
        return Err(wrong(
            "low_value",
            "is for the sandbox's bank: with a [connector] its own side decides whether it asks",
        ));
    }
    let currency = Currency::parse(&currency).map_err(|_| {
        wrong(
            "low_value.currency",
            "a code of three capital letters, as in \"EUR\"",
        )
    })?;
    let since = match (sum, count) {
        (Some(sum), None) => SinceAsked::Sum(sum),
        (None, Some(count)) => SinceAsked::Count(count),
        _ => return Err(wrong("low_value", "takes either sum or count")),
    };
    let bounds = LowValue::new(currency, each, since);
    bounds
        .map(Some)
        .map_err(|error| wrong("low_value", error.to_string()))
}
