use farthing_gateway::registrar::{NewMerchantEntry, ORIGINS, RegistryError};
use farthing_gateway::{RegistryStore, fee::Country, jose::SigningKey};
use farthing_protocol::{Code, Label, MerchantId, Origin};
use farthing_testkit::NOW;
use serde_json::json;

use super::Scene;

fn origin(text: &str) -> Origin {
    Origin::parse(text).unwrap()
}

#[tokio::test]
async fn an_origin_is_proven_by_one_line_to_the_letter() {
    let scene = Scene::new();
    let registrar = scene.gateway.registrar();
    let (id, second) = (&scene.shop.id, origin("https://second.example"));
    let challenge = registrar.add_origin(id, second.clone()).await.unwrap().challenge;
    assert!(challenge.starts_with(id.as_str()));
    let again = registrar.add_origin(id, second.clone()).await.unwrap();
    assert_eq!(again.challenge, challenge, "asked again, it is the same");
    for wrong in [
        String::new(),
        "\n".to_owned(),
        challenge[1..].to_owned(),
        format!(" {challenge}"),
        format!("{challenge} "),
        format!("{challenge}\n\n"),
        format!("{challenge}\nmore"),
        challenge.to_uppercase(),
        format!("<p>{challenge}</p>"),
    ] {
        let proven = registrar.prove_origin(id, &second, &wrong).await;
        assert!(matches!(proven, Err(RegistryError::NotProven(_))), "{wrong:?}");
    }
    let merchant = registrar.merchant(id).await.unwrap();
    assert_eq!(merchant.proven_origins().count(), 1);
    registrar
        .prove_origin(id, &second, &format!("{challenge}\r\n"))
        .await
        .unwrap();
    assert_eq!(registrar.merchant(id).await.unwrap().proven_origins().count(), 2);
    registrar.remove_origin(id, &second).await.unwrap();
    assert!(matches!(
        registrar.remove_origin(id, &second).await,
        Err(RegistryError::NoOrigin(_))
    ));
}

/// Who wrote an origin down has proven it; an empty page must not.
#[tokio::test]
async fn an_imported_origin_has_a_challenge_too() {
    let scene = Scene::new();
    let registrar = scene.gateway.registrar();
    let (id, own) = (&scene.shop.id, &scene.shop.origin);
    assert!(registrar.prove_origin(id, own, "").await.is_err());
    registrar.remove_origin(id, own).await.unwrap();
    assert_eq!(scene.refused("a").await, (Code::OriginNotRegistered, None));
    assert!(
        !registrar
            .add_origin(id, own.clone())
            .await
            .unwrap()
            .challenge
            .is_empty()
    );
}

#[tokio::test]
async fn origins_are_bounded() {
    let scene = Scene::new();
    let registrar = scene.gateway.registrar();
    for n in 1..ORIGINS {
        let origin = origin(&format!("https://s{n}.example"));
        registrar.add_origin(&scene.shop.id, origin).await.unwrap();
    }
    let more = registrar
        .add_origin(&scene.shop.id, origin("https://more.example"))
        .await;
    assert!(matches!(more, Err(RegistryError::TooMany(_))));
}

#[tokio::test]
async fn order_keys_are_rotated_without_a_gap() {
    let scene = Scene::new();
    let registrar = scene.gateway.registrar();
    let new = SigningKey::from_scalar(&[77; 32]).unwrap();
    let claims = |reference: &str| scene.shop.claims(reference, "EUR", &[("Sticker", 150)], NOW);
    let with_new = |reference: &str| new.sign("JWT", &claims(reference)).unwrap();
    let quote = async |order| {
        let reply = scene.gateway.quote(scene.shop.quote_request(order)).await;
        reply.map(|_| ()).map_err(|refusal| refusal.code)
    };
    assert_eq!(quote(with_new("a")).await, Err(Code::OrderKeyUnknown));
    let kid = registrar
        .add_order_key(&scene.shop.id, new.jwk().clone())
        .await
        .unwrap();
    assert_eq!(kid, new.kid());
    assert_eq!(quote(with_new("a")).await, Ok(()));
    assert_eq!(
        quote(scene.shop.sign(&claims("b"))).await,
        Ok(()),
        "the old one still signs"
    );
    let old = scene.shop.order_key.kid();
    registrar.remove_order_key(&scene.shop.id, old).await.unwrap();
    assert_eq!(
        quote(scene.shop.sign(&claims("c"))).await,
        Err(Code::OrderKeyUnknown)
    );
    assert_eq!(quote(with_new("c")).await, Ok(()));

    let again = registrar.add_order_key(&scene.shop.id, new.jwk().clone()).await;
    assert!(matches!(again, Err(RegistryError::OrderKeyExists(_))));
    let bad = serde_json::from_value(json!({"kty": "EC", "crv": "P-384", "x": "AA", "y": "AA"})).unwrap();
    let bad = registrar.add_order_key(&scene.shop.id, bad).await;
    assert!(matches!(bad, Err(RegistryError::Jwk(_))));
}

#[tokio::test]
async fn a_merchant_that_is_added_begins_with_nothing() {
    let scene = Scene::new();
    let registrar = scene.gateway.registrar();
    let entry = NewMerchantEntry {
        name: Label::parse("New").unwrap(),
        contact: Label::parse("new@shop.example").unwrap(),
        country: Country::parse("DE").unwrap(),
    };
    let id = registrar.add_merchant(entry).await.unwrap();
    let merchant = registrar.merchant(&id).await.unwrap();
    assert_eq!(merchant.created_at, NOW);
    assert_eq!((merchant.origins.len(), merchant.fees.len()), (0, 0));
    let stranger = MerchantId::from_random([99; 16]);
    for refused in [
        registrar.suspend(&stranger).await,
        registrar.resume(&stranger).await,
        registrar.set_fees(&stranger, vec![]).await,
        registrar.remove_order_key(&stranger, "k").await,
    ] {
        assert!(matches!(refused, Err(RegistryError::NoMerchant(_))));
    }
}

/// The store is the truth: what a configuration says about a merchant that is there changes nothing.
#[tokio::test]
async fn an_entry_is_imported_at_first_sight_alone() {
    let scene = Scene::new();
    let registrar = scene.gateway.registrar();
    registrar.suspend(&scene.shop.id).await.unwrap();
    let before = format!("{:?}", registrar.registration(&scene.shop.id).await.unwrap());
    let mut changed = farthing_testkit::Shop::number(1);
    changed.origin = origin("https://evil.example");
    let entry = changed.entry(&mut scene.accreditor());
    assert_eq!(registrar.import_merchant(entry).await.unwrap(), []);
    let (accreditor, _) = farthing_testkit::Shop::entries(&[]);
    let mut other_key = accreditor.clone();
    other_key.accreditor.keys = vec![SigningKey::from_scalar(&[9; 32]).unwrap().jwk().clone()];
    other_key.status_list = None;
    assert_eq!(registrar.import_accreditor(other_key).await.unwrap(), None);
    let after = format!("{:?}", registrar.registration(&scene.shop.id).await.unwrap());
    assert_eq!(before, after);

    let id = accreditor.accreditor.id.clone();
    registrar.distrust(&id).await.unwrap();
    assert_eq!(registrar.import_accreditor(accreditor).await.unwrap(), None);
    assert_eq!(scene.gateway.store().accreditors().await.unwrap(), []);
}
