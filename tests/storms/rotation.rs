//! Keys change under load: the one that signs, the one that seals, and the merchant's own. Nobody who pays notices.

use std::{
    cell::{Cell, RefCell},
    fs,
    process::Command,
    rc::Rc,
};

use base64ct::{Base64UrlUnpadded, Encoding};
use farthing_journeys::{http, project, wait};
use futures_util::{StreamExt, future::join_all, stream};
use serde_json::Value;
use tokio::sync::watch;

use crate::{
    chance::Chance,
    client::Ask,
    payment::Payment,
    shop::Shop,
    world::{World, how_many, storm},
};

/// Payments under way at once.
const AT_ONCE: usize = 16;
/// Requests sent and answers received between two changes, at the most.
const BEATS: u64 = 200;
const TAKEN: &str = "the keys were read again";
const REFUSED: &str = "the keys stay as they are";

#[test]
fn keys_change_under_load_and_no_payment_fails_for_it() {
    storm("rotation", async |world| {
        let mut chance = Chance::new(5);
        let first = Shop::new(&world.kiosk);
        let mut beats = first.merchant.beats();
        let (shop, begun, over) = (RefCell::new(Rc::new(first)), Cell::new(0), Cell::new(false));
        let rounds = how_many("FARTHING_ROTATIONS", 4);
        let payers = (0..AT_ONCE).map(|_| pay(&shop, &begun, &over));
        let (payments, ()) = tokio::join!(join_all(payers), async {
            // The first key has signed receipts when it goes.
            beats.wait_for(|beats| *beats >= 2 * BEATS).await.unwrap();
            for _ in 0..rounds {
                pass(&mut beats, &mut chance).await;
                world.provider.operator(&["key", "signing-rotate"]);
                take_up(world, TAKEN).await;
                pass(&mut beats, &mut chance).await;
                world.provider.operator(&["key", "data-rotate"]);
                take_up(world, TAKEN).await;
                pass(&mut beats, &mut chance).await;
                replace_api_key(world, &shop).await;
                pass(&mut beats, &mut chance).await;
                mistype(world).await;
            }
            pass(&mut beats, &mut chance).await;
            over.set(true);
        });
        let mut payments: Vec<Payment> = payments.into_iter().flatten().collect();
        let shop = shop.into_inner();
        wait::until("everything has an end", async || {
            world.provider.books.make_a_quarter_of_an_hour_pass();
            (world.provider.books.without_end() == 0).then_some(())
        })
        .await;
        stream::iter(&mut payments)
            .for_each_concurrent(AT_ONCE, async |payment| assert!(payment.go_on(&shop, true).await))
            .await;
        for payment in &payments {
            payment.must_have_gone_well();
        }
        // The audit checks every receipt and every consent with the keys that are published.
        world.must_be_right(&payments, &shop).await;
        must_verify_with_all_of(rounds + 1, world, &payments, &shop).await;
        assert!(!world.provider.log().contains("stopping"), "it never ended");
    });
}

/// The provider reads its keys again, and says `said`.
async fn take_up(world: &World, said: &str) {
    let count = || world.provider.log().matches(said).count();
    let before = count();
    world.provider.hang_up();
    wait::until(said, async || (count() > before).then_some(())).await;
}

/// A configuration that is wrong changes nothing.
async fn mistype(world: &World) {
    let path = world.folder.join("provider.toml");
    let right = fs::read_to_string(&path).unwrap();
    let (_, rest) = right.split_once("\nsigning = \"").unwrap();
    let (key, _) = rest.split_once('"').unwrap();
    fs::write(&path, right.replace(key, &key[1..])).unwrap();
    take_up(world, REFUSED).await;
    assert!(!world.provider.log().contains(&key[1..]), "no key is repeated");
    fs::write(&path, right).unwrap();
}

/// The merchant makes another key, comes with that one, and has the one before it revoked once nothing is under way with
/// it.
async fn replace_api_key(world: &World, shop: &RefCell<Rc<Shop>>) {
    let merchant = world.kiosk.id.as_str();
    let list = world.provider.operator(&["key", "list", "--merchant", merchant]);
    let works = |line: &&str| line.contains("works");
    let old = list
        .lines()
        .find(works)
        .unwrap()
        .split_whitespace()
        .next()
        .unwrap();
    let made = world
        .provider
        .operator(&["key", "create", "--merchant", merchant, "--scope", "secret"]);
    let new = made.lines().next().unwrap();
    let next = shop.borrow().with_key(new);
    let before = Rc::downgrade(&shop.replace(Rc::new(next)));
    wait::until("nothing is under way with the old key", async || {
        (before.strong_count() == 0).then_some(())
    })
    .await;
    world.provider.operator(&["key", "revoke", old]);
}

/// Receipts of each of `keys` keys verify for whoever has the published ones and asks nobody.
async fn must_verify_with_all_of(keys: u64, world: &World, payments: &[Payment], shop: &Shop) {
    let jwks = world.folder.join("jwks.json");
    let published: Value = serde_json::from_slice(&fs::read(&jwks).unwrap()).unwrap();
    let mut kids: Vec<&str> = published["keys"]
        .as_array()
        .unwrap()
        .iter()
        .map(|key| key["kid"].as_str().unwrap())
        .collect();
    assert_eq!(kids.len() as u64, keys, "{published}");
    for payment in payments {
        if kids.is_empty() {
            break;
        }
        let charge = shop
            .merchant
            .ask_on(&Ask::get(format!("/v1/charges/{}", payment.charge())))
            .await;
        let Some(receipt) = charge.json()["receipt"].as_str().map(str::to_owned) else {
            continue;
        };
        let reply = http::get(&format!("{}/v1/receipts/{receipt}", world.provider.origin))
            .await
            .unwrap();
        let kid = kid_of(reply.json()["jws"].as_str().unwrap());
        let Some(found) = kids.iter().position(|one| *one == kid) else {
            continue;
        };
        kids.swap_remove(found);
        let file = world.folder.join("receipt.json");
        fs::write(&file, &reply.body).unwrap();
        let done = Command::new(project::program("FARTHING_BIN", "farthing"))
            .args(["receipt", "verify"])
            .arg(&file)
            .arg("--jwks")
            .arg(&jwks)
            .output()
            .unwrap();
        assert!(done.status.success(), "{done:?}");
    }
    assert!(kids.is_empty(), "nothing was signed with {kids:?}");
}

/// The name of the key that signed `jws` (RFC 7515 §4.1.4).
fn kid_of(jws: &str) -> String {
    let (header, _) = jws.split_once('.').unwrap();
    let header = Base64UrlUnpadded::decode_vec(header).unwrap();
    let header: Value = serde_json::from_slice(&header).unwrap();
    header["kid"].as_str().unwrap().to_owned()
}

async fn pass(beats: &mut watch::Receiver<u64>, chance: &mut Chance) {
    let last = *beats.borrow_and_update() + 1 + chance.below(BEATS);
    beats.wait_for(|beats| *beats >= last).await.unwrap();
}

/// One payment after the other, each with the API key that the merchant has when it begins.
async fn pay(shop: &RefCell<Rc<Shop>>, begun: &Cell<u64>, over: &Cell<bool>) -> Vec<Payment> {
    let mut payments = Vec::new();
    while !over.get() {
        let number = begun.replace(begun.get() + 1);
        let mut payment = Payment::new("rotation", number);
        let shop = Rc::clone(&shop.borrow());
        payment.go_on(&shop, false).await;
        payments.push(payment);
    }
    payments
}
