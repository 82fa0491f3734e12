use std::collections::HashMap;

use crate::{
    facts::{Charge, Facts},
    report::Report,
};

/// Every charge, once all is known of it.
pub(crate) fn all(facts: &Facts, report: &mut Report) {
    let mut live: HashMap<(&str, &str), &str> = HashMap::new();
    let mut charges: Vec<_> = facts.charges.iter().collect();
    charges.sort_by_key(|(id, _)| id.as_str());
    for (id, charge) in charges {
        agreed(id, charge, facts, report);
        bounds(id, charge, report);
        posted(id, charge, report);
        stage(id, charge, facts, report);
        told(id, charge, facts, report);
        let ended = matches!(charge.stage.as_str(), "declined" | "voided" | "expired");
        let order = (charge.merchant.as_str(), charge.reference.as_str());
        if !ended && let Some(other) = live.insert(order, id) {
            let text = format!("the order {} has another charge that is live, {other}", order.1);
            report.find("charge.second", id, text);
        }
    }
}

/// It is what its token was for.
fn agreed(id: &str, charge: &Charge, facts: &Facts, report: &mut Report) {
    let Some(token) = facts.tokens.get(&charge.quote) else {
        report.find(
            "charge.token",
            id,
            format!("there is no token of its quote {}", charge.quote),
        );
        return;
    };
    let code = "charge.agreed";
    report.same(code, id, "the amount", (charge.amount, token.amount));
    report.same(code, id, "the fee", (charge.fee, token.fee));
    report.same(code, id, "the currency", (&charge.currency, &token.currency));
    report.same(code, id, "the consent", (&charge.consent, &token.consent));
    if token.charge.as_deref() != Some(id) {
        let took = token.charge.as_deref().unwrap_or("nobody");
        report.find("charge.token", id, format!("its token was taken by {took}"));
    }
}

fn bounds(id: &str, charge: &Charge, report: &mut Report) {
    let wide = i128::from;
    let total = wide(charge.amount) + wide(charge.fee);
    let taken = wide(charge.captured);
    if taken > total || (charge.at_once && taken != 0 && taken != total) {
        let text = format!("captured is {taken}, agreed to was {total}");
        report.find("charge.captured_beyond", id, text);
    }
    let back = wide(charge.refunded) + wide(charge.refunding) + wide(charge.held);
    if back > taken {
        let text = format!("refunded, refunding and held are {back} together, captured is {taken}");
        report.find("charge.refunded_beyond", id, text);
    }
}

/// Its sums are what the postings and the operations say.
fn posted(id: &str, charge: &Charge, report: &mut Report) {
    let moved = &charge.moved;
    let wide = i128::from;
    report.same(
        "charge.captured",
        id,
        "captured",
        (wide(charge.captured), moved.captured),
    );
    let back = moved.refunded + moved.returned;
    report.same("charge.refunded", id, "refunded", (wide(charge.refunded), back));
    let held = moved.held - moved.released - moved.returned;
    report.same("charge.held", id, "held", (wide(charge.held), held));
    report.same(
        "charge.refunding",
        id,
        "refunding",
        (wide(charge.refunding), charge.asked_back),
    );
}

fn stage(id: &str, charge: &Charge, facts: &Facts, report: &mut Report) {
    let paid = charge.stage == "paid";
    if charge.moved.captures != u32::from(paid) {
        let (stage, captures) = (&charge.stage, charge.moved.captures);
        report.find(
            "charge.stage",
            id,
            format!("it is {stage}, with {captures} captures in the ledger"),
        );
    }
    match &charge.receipt {
        Some(receipt) if facts.receipts.get(receipt).map(String::as_str) != Some(id) => {
            report.find(
                "charge.receipt",
                id,
                format!("its receipt {receipt} is not there, or another's"),
            );
        }
        None if paid => report.find("charge.receipt", id, "it is paid, and has no receipt".to_owned()),
        _ => {}
    }
}

fn told(id: &str, charge: &Charge, facts: &Facts, report: &mut Report) {
    if charge.stage == "asking" {
        return;
    }
    let kind = format!("charge.{}", charge.stage);
    if !facts.events.contains(&(kind.clone(), id.to_owned())) {
        report.find(
            "event.missing",
            id,
            format!("it is {}, and no event {kind} says so", charge.stage),
        );
    }
}
