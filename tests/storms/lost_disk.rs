//! The database's disk is lost under load, again and again: an earlier backup and the log give back all that was told.

use std::{cell::Cell, fs, path::Path};

use farthing_journeys::wait;
use futures_util::{StreamExt, future::join_all, stream};
use tokio::sync::watch;

use crate::{
    chance::Chance,
    payment::Payment,
    shop::Shop,
    world::{World, how_many, storm},
};

/// Payments under way at once.
const AT_ONCE: usize = 16;
/// Requests sent and answers received between a backup and the end of its disk, at the least; twice that at the most.
const BEATS: u64 = 300;

#[test]
fn a_backup_and_the_log_are_all_that_was_told() {
    storm("lost_disk", async |world| {
        keep_a_log(world).await;
        let shop = Shop::new(&world.kiosk);
        let (begun, over) = (Cell::new(0), Cell::new(false));
        let payers = (0..AT_ONCE).map(|_| pay(&shop, &begun, &over));
        let (payments, ()) = tokio::join!(join_all(payers), async {
            lose_the_disk_again_and_again(world, shop.merchant.beats()).await;
            over.set(true);
        });
        let mut payments: Vec<Payment> = payments.into_iter().flatten().collect();

        // What was asked of the bank and not answered when the disk was lost is looked up there.
        let books = &world.provider.books;
        assert!(
            books.without_end() > 0,
            "no disk was lost in the middle of anything"
        );
        wait::until("everything has an end", async || {
            books.make_a_quarter_of_an_hour_pass();
            (books.without_end() == 0).then_some(())
        })
        .await;
        stream::iter(&mut payments)
            .for_each_concurrent(AT_ONCE, async |payment| assert!(payment.go_on(&shop, true).await))
            .await;
        world.must_be_right(&payments, &shop).await;
    });
}

async fn keep_a_log(world: &mut World) {
    world.provider.stop();
    let path = world.folder.join("provider.toml");
    let config = fs::read_to_string(&path).unwrap();
    let database = "database = \"farthing.db\"\n";
    assert!(config.contains(database), "{config}");
    fs::write(
        path,
        config.replace(database, &format!("{database}log = \"log\"\n")),
    )
    .unwrap();
    world.provider.start_again().await;
}

async fn lose_the_disk_again_and_again(world: &mut World, mut beats: watch::Receiver<u64>) {
    let mut chance = Chance::new(5);
    let disks = how_many("FARTHING_CRASHES", 20).div_ceil(4);
    let mut pass = async |chance: &mut Chance| {
        let last = *beats.borrow_and_update() + BEATS + chance.below(BEATS);
        beats.wait_for(|beats| *beats >= last).await.unwrap();
    };
    let merchant = world.kiosk.id.to_string();
    let merchant = merchant.as_str();
    for disk in 0..disks {
        pass(&mut chance).await;
        let backup = world.folder.join(format!("backup-{disk}.db"));
        let said = world.provider.operator(&["backup", text(&backup)]);
        assert!(said.contains("up to entry"), "{said}");
        pass(&mut chance).await;
        // Commands write beside the provider, and to the same log.
        let label = format!("disk-{disk}");
        let create = [
            "key",
            "create",
            "--merchant",
            merchant,
            "--scope",
            "public",
            "--label",
            &label,
        ];
        let _ = world.provider.operator(&create);
        pass(&mut chance).await;
        world.provider.kill();
        for name in ["farthing.db", "farthing.db-wal", "farthing.db-shm"] {
            let _ = fs::remove_file(world.folder.join(name));
        }
        let said = world.provider.operator(&["restore", text(&backup)]);
        assert!(said.contains("replayed the log from entry"), "{said}");
        let keys = world.provider.operator(&["key", "list", "--merchant", merchant]);
        assert!(keys.contains(&label), "{keys}");
        world.provider.start_again().await;
    }
}

/// One payment after the other, by those who know nothing of disks but ask again.
async fn pay(shop: &Shop, begun: &Cell<u64>, over: &Cell<bool>) -> Vec<Payment> {
    let mut payments = Vec::new();
    while !over.get() {
        let number = begun.replace(begun.get() + 1);
        let mut payment = Payment::new("disk", number);
        payment.go_on(shop, false).await;
        payments.push(payment);
    }
    payments
}

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}
