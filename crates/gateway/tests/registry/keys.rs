use farthing_gateway::{
    Permission, Scope,
    registrar::{API_KEYS, NewKey, RegistryError},
};
use farthing_protocol::{Code, KeyId, MerchantId};

use super::Scene;

impl Scene {
    fn new_key(&self, scope: Scope) -> NewKey {
        NewKey {
            merchant: self.shop.id.clone(),
            scope,
            label: None,
        }
    }

    async fn known(&self, key: &str) -> Result<Scope, Code> {
        let caller = self.gateway.authenticate(key).await;
        caller.map(|caller| caller.scope).map_err(|refusal| refusal.code)
    }
}

#[tokio::test]
async fn a_key_may_do_what_it_was_made_for() {
    let scene = Scene::new();
    let registrar = scene.gateway.registrar();
    let restricted = Scope::Restricted(vec![Permission::Refunds, Permission::Read]);
    for (scope, prefix, good_for, fees) in [
        (Scope::Secret, "sk_", Permission::ALL.to_vec(), true),
        (
            restricted,
            "rk_",
            vec![Permission::Refunds, Permission::Read],
            true,
        ),
        (
            Scope::Restricted(vec![Permission::Orders]),
            "rk_",
            vec![Permission::Orders],
            false,
        ),
        (Scope::Public, "pk_", vec![], true),
    ] {
        let (id, key) = registrar.create_key(scene.new_key(scope.clone())).await.unwrap();
        assert!(key.expose().starts_with(prefix) && key.expose().len() == 3 + 43);
        let caller = scene.gateway.authenticate(key.expose()).await.unwrap();
        assert_eq!(
            (&caller.merchant, &caller.key, &caller.scope),
            (&scene.shop.id, &id, &scope)
        );
        for permission in Permission::ALL {
            let allowed = caller.must(permission);
            if good_for.contains(&permission) {
                allowed.unwrap();
            } else {
                let refusal = allowed.unwrap_err();
                let said = (refusal.code, refusal.detail);
                assert_eq!(said, (Code::KeyNotAllowed, Some(permission.as_str())));
            }
        }
        assert_eq!(caller.must_read_fees().is_ok(), fees, "{scope}");
    }
    assert_eq!(scene.known("sk_nobody").await, Err(Code::KeyUnknown));
    assert_eq!(scene.known("").await, Err(Code::KeyUnknown));
}

#[tokio::test]
async fn a_rotated_key_and_the_new_one_work_side_by_side_for_a_while() {
    let scene = Scene::new();
    let registrar = scene.gateway.registrar();
    let old = scene.shop.secret_key.as_str();
    let id = scene.gateway.authenticate(old).await.unwrap().key;
    let (_, new) = registrar.rotate_key(&id, 24).await.unwrap();
    for key in [old, new.expose()] {
        assert_eq!(scene.known(key).await, Ok(Scope::Secret));
    }
    scene.clock.pass(24 * 3_600 - 1);
    assert_eq!(scene.known(old).await, Ok(Scope::Secret));
    scene.clock.pass(1);
    assert_eq!(scene.known(old).await, Err(Code::KeyUnknown), "its time is over");
    assert_eq!(scene.known(new.expose()).await, Ok(Scope::Secret));
    let again = registrar.rotate_key(&id, 24).await;
    assert!(matches!(again, Err(RegistryError::KeyEnded(_))));
    for hours in [-1, 721] {
        assert!(matches!(
            registrar.rotate_key(&id, hours).await,
            Err(RegistryError::Grace)
        ));
    }
}

#[tokio::test]
async fn a_revoked_key_is_not_known_from_the_next_request_on() {
    let scene = Scene::new();
    let registrar = scene.gateway.registrar();
    let old = scene.shop.secret_key.as_str();
    let id = scene.gateway.authenticate(old).await.unwrap().key;
    registrar.revoke_key(&id).await.unwrap();
    assert_eq!(scene.known(old).await, Err(Code::KeyUnknown));
    registrar.revoke_key(&id).await.unwrap();
    let nobodys = KeyId::from_random([9; 16]);
    let revoked = registrar.revoke_key(&nobodys).await;
    assert!(matches!(revoked, Err(RegistryError::NoKey(_))));
}

#[tokio::test]
async fn keys_are_bounded_and_belong_to_somebody() {
    let scene = Scene::new();
    let registrar = scene.gateway.registrar();
    let mut stranger = scene.new_key(Scope::Secret);
    stranger.merchant = MerchantId::from_random([99; 16]);
    let made = registrar.create_key(stranger).await;
    assert!(matches!(made, Err(RegistryError::NoMerchant(_))));
    let made = registrar
        .create_key(scene.new_key(Scope::Restricted(vec![])))
        .await;
    assert!(matches!(made, Err(RegistryError::NoPermissions)));
    // One came with the shop.
    let mut last = None;
    for _ in 1..API_KEYS {
        last = Some(
            registrar
                .create_key(scene.new_key(Scope::Public))
                .await
                .unwrap()
                .0,
        );
    }
    let more = registrar.create_key(scene.new_key(Scope::Public)).await;
    assert!(matches!(more, Err(RegistryError::TooMany(_))));
    registrar.revoke_key(&last.unwrap()).await.unwrap();
    registrar.create_key(scene.new_key(Scope::Public)).await.unwrap();
}
