use crate::{facts::Facts, report::Report, row::Row};

/// A dispute holds all it is about until it ends, and then nothing.
pub(crate) fn dispute(row: &Row, facts: &Facts, report: &mut Report) {
    let (id, about, stage) = (row.text("id"), row.text("charge"), row.text("stage"));
    let Some(charge) = facts.charges.get(&about) else {
        report.find("dispute.charge", &id, format!("its charge {about} is not there"));
        return;
    };
    let amount = i128::from(row.number("amount"));
    report.same(
        "dispute.merchant",
        &id,
        "the merchant",
        (row.text("merchant"), charge.merchant.clone()),
    );
    report.same(
        "dispute.currency",
        &id,
        "the currency",
        (row.text("currency"), charge.currency.clone()),
    );
    let moved = &charge.moved;
    report.same(
        "dispute.amount",
        &id,
        "what the ledger held for it",
        (moved.held, amount),
    );
    let (released, returned) = match stage.as_str() {
        "rejected" => (amount, 0),
        "returned" => (0, amount),
        _ => (0, 0),
    };
    let code = "dispute.stage";
    let what = format!("it is {stage}, and what was released");
    report.same(code, &id, &what, (moved.released, released));
    let what = format!("it is {stage}, and what was returned");
    report.same(code, &id, &what, (moved.returned, returned));
}

/// Every dispute was told of, and so was its end.
pub(crate) fn all(facts: &Facts, report: &mut Report) {
    let mut disputes: Vec<_> = facts.disputes.iter().collect();
    disputes.sort();
    for (id, end) in disputes {
        let mut kinds = vec!["dispute.opened", end];
        kinds.dedup();
        for kind in kinds {
            if !facts.events.contains(&(kind.to_owned(), id.clone())) {
                report.find("event.missing", id, format!("no event {kind} says so"));
            }
        }
    }
}
