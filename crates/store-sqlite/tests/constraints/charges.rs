use crate::{file, insert_charge, refused};

#[test]
fn no_more_goes_back_than_was_taken_nor_is_taken_than_was_agreed() {
    let (_dir, db) = file();
    let more = "CHECK constraint failed: refunded + refunding + held <= captured";
    for set in [
        "refunded = 96",
        "refunding = 86",
        "held = 106",
        "refunded = 50, refunding = 66",
    ] {
        refused(&db, &format!("UPDATE charges SET {set} WHERE id = 'paid'"), more);
    }
    refused(&db, "UPDATE charges SET refunded = 101 WHERE id = 'part'", more);
    let paid = |captured| {
        format!(
            "UPDATE charges SET stage = 'paid', receipt = 'r3', captured = {captured} WHERE id = 'reserved'"
        )
    };
    refused(&db, &paid(156), more);
    refused(
        &db,
        &paid(0),
        "CHECK constraint failed: (captured > 0) = (stage = 'paid')",
    );
    refused(&db, &paid(-1), "CHECK constraint failed");
    for captured in [154, 156] {
        let statement = format!(
            "UPDATE charges SET stage = 'paid', receipt = 'r3', captured = {captured} WHERE id = 'asking'"
        );
        refused(&db, &statement, "CHECK constraint failed");
    }
    for column in ["refunding", "held"] {
        let statement = format!("UPDATE charges SET {column} = -1 WHERE id = 'part'");
        refused(&db, &statement, "CHECK constraint failed");
        let statement = format!("UPDATE charges SET {column} = 1 WHERE id = 'reserved'");
        refused(&db, &statement, more);
    }
    refused(
        &db,
        "UPDATE charges SET captured = 100 WHERE id = 'reserved'",
        "CHECK constraint failed",
    );
    db.execute_batch("UPDATE charges SET refunding = 0, refunded = 115, held = 40 WHERE id = 'paid'")
        .unwrap();
    db.execute_batch(&paid(155)).unwrap();
}

#[test]
fn what_was_agreed_to_and_moved_stays() {
    let (_dir, db) = file();
    for set in [
        "captured = 154",
        "refunded = 29",
        "amount = 149",
        "fee = 4",
        "currency = 'USD'",
        "merchant = 'n'",
        "at_once = 0",
        "reference = 'other'",
        "quote = 'free'",
        "consent = 'free'",
        "id = 'other'",
        "receipt = 'r9'",
    ] {
        let statement = format!("UPDATE charges SET {set} WHERE id = 'paid'");
        refused(&db, &statement, "what was agreed to and moved stays");
    }
    refused(&db, "DELETE FROM charges WHERE id = 'declined'", "charges remain");
    let agreed = insert_charge("free", "free", 1);
    for (said, other) in [
        ("150, 5", "151, 5"),
        ("150, 5", "150, 4"),
        ("'EUR'", "'USD'"),
        ("'free', 150", "'asking', 150"),
        ("'m', 'free'", "'n', 'free'"),
        ("'m', 'free'", "'m', 'declined'"),
    ] {
        refused(&db, &agreed.replace(said, other), "FOREIGN KEY constraint failed");
    }
    refused(
        &db,
        "UPDATE tokens SET amount = 151 WHERE quote = 'paid'",
        "FOREIGN KEY constraint failed",
    );
    refused(
        &db,
        "DELETE FROM tokens WHERE quote = 'paid'",
        "FOREIGN KEY constraint failed",
    );
    refused(
        &db,
        "UPDATE tokens SET details = x'00', charge = 'free' WHERE quote = 'free'",
        "CHECK constraint failed",
    );
    db.execute_batch(&agreed).unwrap();
}

#[test]
fn a_charge_goes_forward_and_ends_once() {
    let (_dir, db) = file();
    db.execute_batch(&insert_charge("free", "free", 0)).unwrap();
    let with = |stage| match stage {
        "unknown" => ", look_at = 1",
        "declined" => ", look_at = NULL, reason = 'why'",
        "paid" => ", look_at = NULL, receipt = 'r9', captured = 155",
        "authorised" => ", expires_at = 9",
        _ => "",
    };
    let ways: [(&str, &[&str]); 6] = [
        ("asking", &["unknown", "paid", "declined"]),
        ("unknown", &["unknown", "paid", "declined"]),
        ("free", &["unknown", "authorised", "declined"]),
        ("reserved", &["paid", "voided", "expired"]),
        ("declined", &[]),
        ("paid", &[]),
    ];
    for (charge, allowed) in ways {
        for stage in [
            "asking",
            "unknown",
            "authorised",
            "paid",
            "declined",
            "voided",
            "expired",
        ] {
            let update = |with| format!("UPDATE charges SET stage = '{stage}'{with} WHERE id = '{charge}'");
            if allowed.contains(&stage) {
                let undone = format!(
                    "SAVEPOINT try; {}; ROLLBACK TO try; RELEASE try",
                    update(with(stage))
                );
                db.execute_batch(&undone).unwrap();
            } else {
                refused(&db, &update(""), "a charge ends once");
            }
        }
    }
}

#[test]
fn an_order_has_one_charge_that_is_paid_or_can_be() {
    let (_dir, db) = file();
    let second = |order: &str| insert_charge(&format!("{order} again"), order, 1);
    for order in ["paid", "reserved"] {
        refused(
            &db,
            &second(order),
            "UNIQUE constraint failed: charges.merchant, charges.reference",
        );
    }
    let same_quote = insert_charge("declined", "declined", 1).replacen("'declined'", "'other'", 1);
    refused(&db, &same_quote, "UNIQUE constraint failed: charges.quote");
    db.execute_batch(&second("declined")).unwrap();
    db.execute_batch("UPDATE charges SET stage = 'voided' WHERE id = 'reserved'")
        .unwrap();
    db.execute_batch(&second("reserved")).unwrap();
}
