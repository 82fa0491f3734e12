use std::collections::{HashMap, HashSet};

use farthing_gateway::{Account, Answer, ChargeStore, GENESIS, PostingKind, Stage, StoredCharge};
use farthing_protocol::ChargeId;

use super::world::World;

/// How each charge stood before: what has ended stays as it ended.
#[derive(Default)]
pub struct Past(HashMap<ChargeId, StoredCharge>);

impl Past {
    /// DESIGN's list of what must never happen, as far as the gateway can break it.
    pub async fn check(&mut self, world: &World) {
        let booked = ledger(world).await;
        let bank = world.bank.accounts();
        let mut live = HashSet::new();
        for (id, _) in &world.charges {
            let charge = world.gateway.store().charge(id).await.unwrap().unwrap();
            let (quote, _) = world
                .quotes
                .iter()
                .find(|(quote, _)| quote.id == charge.quote)
                .unwrap();
            let offer = &quote.methods[0];
            let total = charge.total().unwrap();
            assert_eq!(
                (total, charge.fee),
                (offer.total, offer.fee),
                "charged is not agreed"
            );
            assert!(
                charge.refunded + charge.refunding + charge.held <= charge.captured
                    && charge.captured <= total.minor(),
                "more moved than may: {charge:?}"
            );
            let ended = matches!(charge.stage, Stage::Declined(_) | Stage::Voided | Stage::Expired);
            assert!(
                ended || live.insert((charge.merchant.clone(), charge.order.clone())),
                "an order has two payments"
            );

            let account = bank.get(id);
            let (taken, back) = account.map_or((0, 0), |account| (account.captured, account.refunded));
            let approved = account.is_some_and(|account| account.answer == Answer::Approved);
            match &charge.stage {
                Stage::Paid(receipt) => {
                    assert_eq!(taken, charge.captured, "a failure told as a success");
                    let receipt = world.gateway.receipt_of(receipt).await.unwrap();
                    assert_eq!(receipt.receipt.total.minor(), charge.captured);
                    let said: i64 = receipt.refunds.iter().map(|refund| refund.amount.minor()).sum();
                    assert_eq!(said, charge.refunded, "the receipt hides or invents a refund");
                }
                Stage::Declined(_) => assert!(!approved && taken == 0, "a success told as a failure"),
                Stage::Voided | Stage::Expired => {
                    assert!(
                        account.is_some_and(|account| account.voided),
                        "released and still reserved"
                    );
                }
                Stage::Authorised { .. } => assert!(approved, "nothing is reserved"),
                Stage::Asking | Stage::Unknown => assert_eq!(charge.captured, 0),
            }
            // What the bank gave back and nobody knows of yet is set aside.
            assert!(
                charge.refunded <= back && back <= charge.refunded + charge.refunding + charge.held,
                "what went back is not what is said"
            );
            let sums = booked.get(id).copied().unwrap_or_default();
            assert_eq!(
                (sums.captured, sums.back, sums.held, sums.fee),
                (charge.captured, charge.refunded, charge.held, fee(&charge)),
                "the ledger says something else"
            );
            self.ends_stay(charge);
        }
        assert!(
            booked
                .keys()
                .all(|id| world.charges.iter().any(|(known, _)| known == id))
        );
    }

    fn ends_stay(&mut self, charge: StoredCharge) {
        if let Some(before) = self.0.get(&charge.id) {
            assert!(before.refunded <= charge.refunded && before.captured <= charge.captured);
            match &before.stage {
                Stage::Asking | Stage::Unknown => {}
                Stage::Authorised { .. } => assert!(!charge.stage.is_open(), "an answer was undone"),
                ended => assert_eq!(*ended, charge.stage, "an end was undone"),
            }
        }
        self.0.insert(charge.id.clone(), charge);
    }
}

#[derive(Clone, Copy, Default)]
struct Sums {
    captured: i64,
    back: i64,
    held: i64,
    fee: i64,
}

/// By hand: the agreed fee in proportion, rounded down, where the shopper bears it; else 5 and 1.4 % of what was taken,
/// rounded half to even.
fn fee(charge: &StoredCharge) -> i64 {
    let captured = charge.captured;
    if charge.fee > 0 {
        return charge.fee * captured / (charge.amount.minor() + charge.fee);
    }
    if captured == 0 {
        return 0;
    }
    let exact = 5 * 10_000 + captured * 140;
    let (whole, rest) = (exact / 10_000, exact % 10_000);
    let up = rest > 5_000 || (rest == 5_000 && whole % 2 == 1);
    (whole + i64::from(up)).min(captured)
}

/// What the ledger says of each charge. The chain holds, and every posting sums to zero.
async fn ledger(world: &World) -> HashMap<ChargeId, Sums> {
    let mut sums: HashMap<ChargeId, Sums> = HashMap::new();
    let mut previous = GENESIS;
    for (stored, seq) in world.gateway.store().ledger().await.unwrap().iter().zip(1..) {
        assert_eq!(stored.seq, seq, "a gap in the ledger");
        assert_eq!(
            stored.hash,
            stored.posting.chained(&previous, seq),
            "the chain is broken"
        );
        previous = stored.hash;
        let posting = &stored.posting;
        assert_eq!(posting.entries.iter().map(|entry| entry.amount).sum::<i64>(), 0);
        let of = |wanted: fn(&Account) -> bool| -> i64 {
            let entries = posting.entries.iter().filter(|entry| wanted(&entry.account));
            entries.map(|entry| entry.amount).sum()
        };
        let bank = of(|account| *account == Account::Bank);
        let charge = sums.entry(posting.charge.clone()).or_default();
        charge.fee += of(|account| *account == Account::Fees);
        charge.held += of(|account| matches!(account, Account::Disputes(_)));
        match posting.kind {
            PostingKind::Capture => charge.captured -= bank,
            PostingKind::Refund | PostingKind::Return => charge.back += bank,
            PostingKind::Hold | PostingKind::Release => assert_eq!(bank, 0),
        }
    }
    sums
}
