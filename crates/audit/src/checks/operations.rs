use crate::{checks::chain::Posting, facts::Facts, report::Report, row::Row};

/// A posting: its charge and its operation are there, and moved what it says, between the accounts of its kind.
pub(crate) fn posting(posting: &Posting, facts: &Facts, report: &mut Report) {
    let id = posting.seq.to_string();
    let Some(charge) = facts.charges.get(&posting.charge) else {
        report.find(
            "posting.charge",
            &id,
            format!("its charge {} is not there", posting.charge),
        );
        return;
    };
    report.same(
        "posting.currency",
        &id,
        "the currency",
        (&posting.currency, &charge.currency),
    );
    let of = |account: &str| format!("{account}:{}", charge.merchant);
    let (merchant, refunds, disputes) = (of("merchant"), of("refunds"), of("disputes"));
    let (from, to): (&str, &[&str]) = match posting.kind.as_str() {
        "capture" => ("bank", &[&merchant, "fees"]),
        "refund" => (&refunds, &["bank"]),
        "hold" => (&merchant, &[&disputes]),
        "release" => (&disputes, &[&merchant]),
        _ => (&disputes, &["bank"]),
    };
    let accounts = [&[from], to].concat();
    if let Some(other) = posting.beside(&accounts) {
        let text = format!("a {} of this charge does not move {other}", posting.kind);
        report.find("posting.accounts", &id, text);
    }
    let moved = -posting.of(from);
    if moved <= 0 {
        let text = format!("{from} gives {moved}, expected more than 0");
        report.find("posting.accounts", &id, text);
    }
    let Some(name) = &posting.operation else {
        let needs = posting.kind == "refund"
            || posting.kind == "return"
            || (posting.kind == "capture" && !charge.at_once);
        if needs {
            let text = format!("a {} without its operation", posting.kind);
            report.find("posting.operation", &id, text);
        }
        return;
    };
    let Some(operation) = facts.operations.get(name) else {
        report.find(
            "posting.operation",
            &id,
            format!("its operation {name} is not there"),
        );
        return;
    };
    let code = "operation.posting";
    report.same(code, name, "the kind", (&operation.kind, &posting.kind));
    report.same(code, name, "the charge", (&operation.charge, &posting.charge));
    report.same(code, name, "the stage", (operation.stage.as_str(), "done"));
    report.same(
        "operation.amount",
        name,
        "the amount",
        (i128::from(operation.amount), moved),
    );
}

/// An idempotency key stands for what is there, and is the key's merchant's own.
pub(crate) fn request(row: &Row, facts: &Facts, report: &mut Report) {
    let operation = row.maybe("operation");
    let charge = match &operation {
        None => row.maybe("charge"),
        Some(id) => facts.operations.get(id).map(|operation| operation.charge.clone()),
    };
    let merchant = charge
        .and_then(|id| facts.charges.get(&id))
        .map(|charge| charge.merchant.as_str());
    if merchant != Some(&row.text("merchant")) {
        let made = operation.or_else(|| row.maybe("charge")).unwrap_or_default();
        let id = format!("{}/{}", row.text("merchant"), row.text("key"));
        report.find(
            "request.astray",
            &id,
            format!("what it made, {made}, is not there, or another merchant's"),
        );
    }
}

/// Every operation, once all is known of it.
pub(crate) fn all(facts: &Facts, report: &mut Report) {
    let mut operations: Vec<_> = facts.operations.iter().collect();
    operations.sort_by_key(|(id, _)| id.as_str());
    for (id, operation) in operations {
        let Some(charge) = facts.charges.get(&operation.charge) else {
            report.find(
                "operation.charge",
                id,
                format!("its charge {} is not there", operation.charge),
            );
            continue;
        };
        report.same(
            "operation.currency",
            id,
            "the currency",
            (&operation.currency, &charge.currency),
        );
        let moves = matches!(operation.kind.as_str(), "capture" | "refund" | "return");
        let done = operation.stage == "done";
        if done && moves && !operation.posted {
            report.find(
                "operation.unposted",
                id,
                format!("the {} is done, and not in the ledger", operation.kind),
            );
        }
        let left = match operation.kind.as_str() {
            "void" => Some("voided"),
            "expire" => Some("expired"),
            "capture" => Some("paid"),
            _ => None,
        };
        if done && let Some(left) = left {
            report.same(
                "operation.stage",
                id,
                "the charge's stage",
                (charge.stage.as_str(), left),
            );
        }
        let kind = match operation.stage.as_str() {
            // What runs out is told of the charge alone.
            "done" if operation.kind != "expire" => "operation.done",
            "failed" => "operation.failed",
            _ => continue,
        };
        if !facts.events.contains(&(kind.to_owned(), id.clone())) {
            report.find(
                "event.missing",
                id,
                format!("it has ended, and no event {kind} says so"),
            );
        }
    }
}
