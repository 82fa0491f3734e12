use farthing_gateway::{
    Account, ChargeStore, Entry,
    fee::{Country, FeeSchedule},
    jose::Jws,
    registrar::RegistryError,
};
use farthing_protocol::{
    Bearer, CaptureRequest, ChargeStatus, Code, ConsentRecord, ConsentVersion, Language, MethodKind,
    QuoteOutcome, Receipt, ReceiptFee, Wording,
};
use farthing_testkit::Shop;

use super::{Scene, euros, key};

/// A scene whose shop has this schedule, in a country where the shopper may bear it.
fn scene(schedule: FeeSchedule) -> Scene {
    let mut shop = Shop::number(1);
    shop.country = Country::parse("BR").unwrap();
    shop.fees = vec![schedule];
    Scene::of(shop)
}

impl Scene {
    /// What the books say about the one charge: entries, the remainder, the signed receipt.
    async fn booked(&self) -> (Vec<Entry>, i64, Receipt) {
        let postings = self.gateway.store().ledger().await.unwrap();
        let [posting] = postings.as_slice() else {
            unreachable!("one charge was made")
        };
        let charge = self
            .gateway
            .store()
            .charge(&posting.posting.charge)
            .await
            .unwrap()
            .unwrap();
        let farthing_gateway::Stage::Paid(receipt) = charge.stage else {
            unreachable!("it is paid")
        };
        let reply = self.gateway.receipt_of(&receipt).await.unwrap();
        let signed = Jws::parse(&reply.jws).unwrap();
        let receipt = signed
            .verify(&self.gateway.keys().signing.verifying_key())
            .unwrap();
        (
            posting.posting.entries.clone(),
            posting.posting.remainder,
            receipt,
        )
    }

    fn entries(&self, total: i64, fee: i64) -> Vec<Entry> {
        let entry = |account, amount| Entry { account, amount };
        vec![
            entry(Account::Bank, -total),
            entry(Account::Merchant(self.shop.id.clone()), total - fee),
            entry(Account::Fees, fee),
        ]
    }
}

#[tokio::test]
async fn what_the_shop_bears_changes_nothing_for_the_shopper() {
    // €0.05 + 1.4 % of €1.50 are 7.1 cents.
    let scene = scene(euros(Bearer::Merchant, 5, 140));
    let quote = scene.quote("a").await.unwrap();
    let offer = quote.offer(MethodKind::Card).unwrap();
    assert_eq!((offer.fee, offer.total.minor()), (0, 150));
    assert_eq!(
        offer.consent.version,
        ConsentVersion::new(Wording::CardOnce1, Language::En)
    );
    let token = scene.token(&quote).await.unwrap();
    let charge = scene.charge(&quote, &token, true).await.unwrap();
    assert_eq!((charge.total.minor(), charge.fee), (150, 0));

    let (entries, remainder, receipt) = scene.booked().await;
    assert_eq!(entries, scene.entries(150, 7));
    assert_eq!(remainder, 1_000);
    let bearer = Bearer::Merchant;
    assert_eq!(receipt.fee, ReceiptFee { amount: 7, bearer });
    assert_eq!(receipt.total.minor(), 150);
}

#[tokio::test]
async fn what_the_shopper_bears_is_said_agreed_to_charged_and_receipted() {
    let scene = scene(euros(Bearer::Shopper, 5, 140));
    let quote = scene.quote("a").await.unwrap();
    let offer = quote.offer(MethodKind::Card).unwrap();
    assert_eq!((offer.fee, offer.total.minor()), (7, 157));
    assert_eq!(
        offer.consent.version,
        ConsentVersion::new(Wording::CardOnceFee1, Language::En)
    );
    assert!(offer.consent.text.contains("€1.57") && offer.consent.text.contains("€0.07 of it is a fee"));
    let token = scene.token(&quote).await.unwrap();
    let charge = scene.charge(&quote, &token, true).await.unwrap();
    assert_eq!((charge.total.minor(), charge.fee, charge.captured), (157, 7, 157));
    assert_eq!(scene.bank.moved()[0].1.minor(), 157);

    let (entries, remainder, receipt) = scene.booked().await;
    assert_eq!(entries, scene.entries(157, 7));
    assert_eq!(remainder, 1_000);
    let bearer = Bearer::Shopper;
    assert_eq!(receipt.fee, ReceiptFee { amount: 7, bearer });
    assert_eq!(receipt.total.minor(), 157);
    let consent = scene.gateway.consent_of(&receipt.consent).await.unwrap();
    let signed = Jws::parse(&consent.jws).unwrap();
    let consent: ConsentRecord = signed
        .verify(&scene.gateway.keys().signing.verifying_key())
        .unwrap();
    assert_eq!((consent.fee, consent.total.minor()), (7, 157));
    let outcome = scene.gateway.outcome(&quote.id).await.unwrap();
    assert!(matches!(outcome, QuoteOutcome::Paid { total, .. } if total.minor() == 157));
}

#[tokio::test]
async fn a_part_that_is_taken_costs_its_part() {
    for (bearer, taken, fee, remainder) in [
        // 5 + 1.4 % of €1.00 are 6.4 cents.
        (Bearer::Merchant, 100, 6, 4_000),
        // Never more than what is taken: 5.02 cents of 2.
        (Bearer::Merchant, 2, 2, 0),
        // 7 of 157 are 4.45 of 100, rounded down; of the exact 7.1, 4.5222.
        (Bearer::Shopper, 100, 4, 5_222),
        (Bearer::Shopper, 1, 0, 452),
        (Bearer::Shopper, 157, 7, 1_000),
    ] {
        let scene = scene(euros(bearer, 5, 140));
        let quote = scene.quote("a").await.unwrap();
        let token = scene.token(&quote).await.unwrap();
        let charge = scene.charge(&quote, &token, false).await.unwrap();
        assert!(matches!(charge.status, ChargeStatus::Authorised { .. }));
        let request = CaptureRequest { amount: Some(taken) };
        scene
            .gateway
            .capture(&scene.shop.id, &charge.id, key("c"), [3; 32], request)
            .await
            .unwrap();
        let (entries, left, receipt) = scene.booked().await;
        let wanted: Vec<Entry> = scene
            .entries(taken, fee)
            .into_iter()
            .filter(|one| one.amount != 0)
            .collect();
        assert_eq!(entries, wanted, "{bearer:?} {taken}");
        assert_eq!(left, remainder, "{bearer:?} {taken}");
        assert_eq!(receipt.fee, ReceiptFee { amount: fee, bearer });
        assert_eq!(receipt.total.minor(), taken);
    }
}

/// What was said with the quote is what is booked, whatever was changed in between.
#[tokio::test]
async fn a_quote_keeps_the_schedule_that_was_in_force_with_it() {
    let scene = scene(euros(Bearer::Merchant, 5, 140));
    let registrar = scene.gateway.registrar();
    let quote = scene.quote("a").await.unwrap();
    registrar
        .set_fees(&scene.shop.id, vec![euros(Bearer::Merchant, 50, 0)])
        .await
        .unwrap();
    let token = scene.token(&quote).await.unwrap();
    scene.charge(&quote, &token, true).await.unwrap();
    assert_eq!(scene.booked().await.2.fee.amount, 7);
}

#[tokio::test]
async fn a_method_without_a_schedule_in_the_currency_is_not_on_offer() {
    let scene = scene(euros(Bearer::Merchant, 5, 140));
    let order = scene.shop.sign(
        &scene
            .shop
            .claims("a", "USD", &[("Sticker", 150)], scene.gateway.now()),
    );
    let refused = scene
        .gateway
        .quote(scene.shop.quote_request(order))
        .await
        .unwrap_err();
    assert_eq!(refused.code, Code::MethodNotOffered);
    scene
        .gateway
        .registrar()
        .set_fees(&scene.shop.id, vec![])
        .await
        .unwrap();
    assert_eq!(scene.refused("b").await.0, Code::MethodNotOffered);
}

#[tokio::test]
async fn unlawful_schedules_are_refused_when_they_are_put_in() {
    let scene = Scene::new();
    let registrar = scene.gateway.registrar();
    let unlawful = vec![euros(Bearer::Shopper, 5, 140)];
    let refused = registrar
        .set_fees(&scene.shop.id, unlawful.clone())
        .await
        .unwrap_err();
    assert!(refused.to_string().contains("2015/2366"), "{refused}");
    let twice = vec![euros(Bearer::Merchant, 5, 140), euros(Bearer::Merchant, 6, 0)];
    let refused = registrar.set_fees(&scene.shop.id, twice).await;
    assert!(matches!(refused, Err(RegistryError::Fees(_))));
    // Nor from a configuration.
    let mut other = Shop::number(2);
    other.fees = unlawful;
    let entry = other.entry(&mut scene.accreditor());
    assert!(matches!(
        registrar.import_merchant(entry).await,
        Err(RegistryError::Fees(_))
    ));
    assert!(registrar.merchant(&other.id).await.is_err());
}

#[tokio::test]
async fn what_is_agreed_to_is_said_in_the_language_that_was_asked_for() {
    let scene = scene(euros(Bearer::Shopper, 5, 140));
    for (language, total, fee) in [
        (Language::De, "1,57\u{A0}€", "0,07\u{A0}€"),
        (Language::PtBr, "€\u{A0}1,57", "€\u{A0}0,07"),
        (Language::Ar, "\u{200F}1.57\u{A0}€", "\u{200F}0.07\u{A0}€"),
    ] {
        let mut request = scene
            .shop
            .quote_request(scene.shop.order("a", farthing_testkit::NOW));
        request.language = language;
        let quote = scene.gateway.quote(request).await.unwrap().quote;
        let consent = &quote.offer(MethodKind::Card).unwrap().consent;
        assert_eq!(
            consent.version,
            ConsentVersion::new(Wording::CardOnceFee1, language)
        );
        assert!(
            consent.text.contains(total) && consent.text.contains(fee),
            "{}",
            consent.text
        );
    }
}
