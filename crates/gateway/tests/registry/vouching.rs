use farthing_gateway::{Refusal, RegistryStore, StoredStatement, jose::SigningKey, registrar::RegistryError};
use farthing_protocol::{Code, Label, Origin, RefundRequest, UnixSeconds, limits};
use farthing_testkit::{ACCREDITOR, Accreditor, NOW, Shop};

use super::Scene;

const DAY_S: i64 = 24 * 60 * 60;

fn not_accredited(why: &'static str) -> (Code, Option<&'static str>) {
    (Code::MerchantNotAccredited, Some(why))
}

#[tokio::test]
async fn the_quote_says_who_vouches_and_until_when() {
    let scene = Scene::new();
    let quote = scene.quote("a").await.unwrap();
    assert_eq!(
        quote.accreditation.accreditor,
        Label::parse("Fair Shops").unwrap()
    );
    assert_eq!(quote.accreditation.origin, scene.shop.origin);
    assert_eq!(
        quote.accreditation.until,
        NOW.plus(31 * DAY_S),
        "the list ends first"
    );
}

#[tokio::test]
async fn a_quote_lives_no_longer_than_what_it_rests_on() {
    let scene = Scene::new();
    scene.clock.pass(31 * DAY_S - 60);
    let quote = scene.quote("a").await.unwrap();
    assert_eq!(quote.expires_at, NOW.plus(31 * DAY_S));
    assert!(quote.expires_at.since(quote.quoted_at) < limits::QUOTE_LIFETIME_S);
}

#[tokio::test]
async fn what_expires_between_two_quotes_is_gone_for_the_second() {
    let scene = Scene::new();
    scene.quote("a").await.unwrap();
    scene.clock.pass(31 * DAY_S);
    assert_eq!(scene.refused("b").await, not_accredited("status_expired"));
    assert!(scene.gateway.framing(&scene.shop.id).await.is_err());
    let list = scene.accreditor().status_list(scene.gateway.now());
    scene.gateway.registrar().import_status(&list).await.unwrap();
    scene.quote("b").await.unwrap();
    // The statement itself lives for 400 days.
    scene.clock.pass(369 * DAY_S);
    let list = scene.accreditor().status_list(scene.gateway.now());
    scene.gateway.registrar().import_status(&list).await.unwrap();
    assert_eq!(scene.refused("c").await, not_accredited("statement_expired"));
}

#[tokio::test]
async fn revocation_and_suspension_by_the_accreditor_act_on_the_next_quote() {
    let scene = Scene::new();
    let mut accreditor = scene.accreditor();
    let registrar = scene.gateway.registrar();
    let quote = scene.quote("a").await.unwrap();
    let valid = accreditor.status_list(NOW);
    scene.clock.pass(1);
    let now = scene.gateway.now();
    accreditor.book.suspend(&scene.shop.origin, now).unwrap();
    registrar
        .import_status(&accreditor.status_list(now))
        .await
        .unwrap();
    assert_eq!(scene.refused("b").await, not_accredited("statement_suspended"));
    let older = registrar.import_status(&valid).await;
    assert!(
        matches!(older, Err(RegistryError::StatusListOlder)),
        "an old list takes nothing back"
    );
    accreditor.book.revoke(&scene.shop.origin, now).unwrap();
    registrar
        .import_status(&accreditor.status_list(now))
        .await
        .unwrap();
    assert_eq!(scene.refused("b").await, not_accredited("statement_revoked"));
    let framing = scene.gateway.framing(&scene.shop.id).await;
    assert_eq!(framing.unwrap_err().code, Code::MerchantNotAccredited);
    // The shopper who was asked before may still agree.
    scene.token(&quote).await.unwrap();
}

#[tokio::test]
async fn who_is_not_vouched_for_gets_no_quote() {
    let scene = Scene::new();
    let registrar = scene.gateway.registrar();
    let accreditor = scene.accreditor();
    registrar.distrust(accreditor.book.id()).await.unwrap();
    assert_eq!(scene.refused("a").await, not_accredited("accreditor_unknown"));
    registrar.trust(accreditor.stored()).await.unwrap();
    scene.quote("a").await.unwrap();
    // The same name, with another key.
    let mut other = Accreditor::number(ACCREDITOR + 1).stored();
    other.id = accreditor.book.id().clone();
    registrar.trust(other).await.unwrap();
    assert_eq!(scene.refused("b").await, not_accredited("accreditor_unknown"));
}

#[tokio::test]
async fn a_proven_origin_without_a_statement_of_its_own_gets_no_quote() {
    let scene = Scene::new();
    let registrar = scene.gateway.registrar();
    let second = Origin::parse("https://second.example").unwrap();
    let added = registrar
        .add_origin(&scene.shop.id, second.clone())
        .await
        .unwrap();
    let mut request = scene.shop.quote_request(scene.shop.order("a", NOW));
    request.origin = second.clone();
    let code = |refusal: Refusal| (refusal.code, refusal.detail);
    let refused = scene.gateway.quote(request.clone()).await.unwrap_err();
    assert_eq!(code(refused), (Code::OriginNotRegistered, None), "not proven yet");
    registrar
        .prove_origin(&scene.shop.id, &second, &added.challenge)
        .await
        .unwrap();
    let refused = scene.gateway.quote(request.clone()).await.unwrap_err();
    assert_eq!(code(refused), not_accredited("statement_missing"));

    let mut accreditor = scene.accreditor();
    let statement = accreditor.vouch(&second, NOW);
    registrar
        .import_statement(&scene.shop.id, &statement)
        .await
        .unwrap();
    let quote = scene.gateway.quote(request).await.unwrap().quote;
    assert_eq!(quote.accreditation.origin, second);
}

/// The store is not believed: what is in it is checked each time.
#[tokio::test]
async fn a_forged_statement_in_the_store_makes_no_quote() {
    let scene = Scene::new();
    let fresh = Scene::of(Shop::number(2));
    let keep = |text: String| StoredStatement {
        origin: fresh.shop.origin.clone(),
        text,
        status_uri: scene.accreditor().book.status_uri(),
        expires_at: NOW.plus(1_000_000_000),
    };
    let expected = [
        // For another origin, by the right accreditor.
        (
            fresh.accreditor().vouch(&scene.shop.origin, NOW),
            "statement_other_origin",
        ),
        // For the right origin, by somebody else.
        (
            Accreditor::number(9).vouch(&fresh.shop.origin, NOW),
            "accreditor_unknown",
        ),
    ];
    let mut forged = fresh.accreditor();
    forged.key = SigningKey::from_scalar(&[9; 32]).unwrap();
    // What the shop has is expired by now, so that the newest one counts.
    fresh.clock.pass(400 * DAY_S);
    let now = fresh.gateway.now();
    let list = fresh.accreditor().status_list(now);
    fresh.gateway.registrar().import_status(&list).await.unwrap();
    for (text, why) in expected {
        insert(&fresh, keep(text), now).await;
        assert_eq!(fresh.refused("a").await, not_accredited(why));
    }
    insert(&fresh, keep(forged.vouch(&fresh.shop.origin, now)), now).await;
    assert_eq!(fresh.refused("a").await, not_accredited("accreditor_unknown"));
}

async fn insert(scene: &Scene, statement: StoredStatement, now: UnixSeconds) {
    let store = scene.gateway.store();
    store
        .insert_statement(&scene.shop.id, statement, now, 100)
        .await
        .unwrap();
}

#[tokio::test]
async fn only_statements_about_the_merchant_by_the_trusted_are_put_in() {
    let scene = Scene::new();
    let registrar = scene.gateway.registrar();
    let elsewhere = Origin::parse("https://elsewhere.example").unwrap();
    let mut accreditor = scene.accreditor();
    for (text, said) in [
        (
            accreditor.vouch(&elsewhere, NOW),
            "none of this merchant's origins",
        ),
        (
            Accreditor::number(9).vouch(&scene.shop.origin, NOW),
            "nobody whom this provider trusts",
        ),
        ("a.b.c".to_owned(), "not a trust mark"),
        (
            accreditor.vouch(&scene.shop.origin, NOW.plus(DAY_S)),
            "not valid yet",
        ),
    ] {
        let error = registrar
            .import_statement(&scene.shop.id, &text)
            .await
            .unwrap_err();
        assert!(error.to_string().contains(said), "{error}");
    }
    for text in [Accreditor::number(9).status_list(NOW), "x".to_owned()] {
        assert!(registrar.import_status(&text).await.is_err());
    }
}

#[tokio::test]
async fn a_suspended_merchant_gets_no_quote_and_no_token_and_the_rest_goes_on() {
    let scene = Scene::new();
    let registrar = scene.gateway.registrar();
    let [open, agreed] = [scene.quote("a").await.unwrap(), scene.quote("b").await.unwrap()];
    let token = scene.token(&agreed).await.unwrap();
    registrar.suspend(&scene.shop.id).await.unwrap();
    assert_eq!(scene.refused("c").await, (Code::MerchantSuspended, None));
    assert_eq!(scene.token(&open).await, Err(Code::MerchantSuspended));
    let framing = scene.gateway.framing(&scene.shop.id).await;
    assert_eq!(framing.unwrap_err().code, Code::MerchantSuspended);

    let charge = scene.charge(&agreed, &token, true).await.unwrap();
    assert_eq!(charge.captured, 150);
    let refund = RefundRequest { amount: None };
    scene
        .gateway
        .refund(&scene.shop.id, &charge.id, super::key("r"), [2; 32], refund)
        .await
        .unwrap();

    registrar.resume(&scene.shop.id).await.unwrap();
    scene.token(&open).await.unwrap();
    scene.quote("c").await.unwrap();
}
