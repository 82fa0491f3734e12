use farthing_gateway::registrar::RegistryError;
use farthing_protocol::{
    Code, Currency, Label, Language, MerchantId, OrderBody, OrderLine, PriceId, QuoteRequest,
};
use farthing_provider::commands::{CommandError, price};

use crate::{Demo, origin};

impl Demo {
    async fn price(&self, command: price::Command) -> Result<String, CommandError> {
        price::run(command, &self.desk).await
    }

    async fn quoted(&self, price: &str) -> Result<i64, Code> {
        let request = QuoteRequest {
            merchant: self.merchant.clone(),
            order: price.to_owned(),
            origin: origin("http://localhost:8787"),
            language: Language::En,
        };
        let reply = self.app.rules.quote(request).await;
        reply
            .map(|reply| reply.quote.methods[0].total.minor())
            .map_err(|refusal| refusal.code)
    }
}

fn order(amount: i64) -> OrderBody {
    let line = |label: &str, amount| OrderLine {
        label: Label::parse(label).unwrap(),
        amount,
    };
    OrderBody {
        currency: Currency::parse("EUR").unwrap(),
        lines: vec![line("Pattern", amount), line("Postage", 50)],
    }
}

#[tokio::test]
async fn a_price_is_made_listed_and_closed_beside_a_provider_that_runs() {
    let demo = Demo::new().await;
    let create = |amount| demo.price(price::Command::Create(demo.merchant.clone(), order(amount)));
    let [first, second] = [create(400).await.unwrap(), create(700).await.unwrap()];
    assert_eq!(demo.quoted(first.trim()).await, Ok(450));
    let id = PriceId::parse(first.trim()).unwrap();
    demo.price(price::Command::Close(id.clone())).await.unwrap();
    assert_eq!(demo.quoted(first.trim()).await, Err(Code::PriceClosed));
    assert_eq!(demo.quoted(second.trim()).await, Ok(750));
    let listed = demo
        .price(price::Command::List(demo.merchant.clone()))
        .await
        .unwrap();
    let wanted = format!(
        "{}  €7.50  Pattern, Postage\n{id}  €4.50  Pattern, Postage  closed 2027-01-15T08:00:00Z\n",
        second.trim()
    );
    assert_eq!(listed, wanted);
}

#[tokio::test]
async fn what_there_is_not_can_not_be_sold_or_closed() {
    let demo = Demo::new().await;
    let nobody = MerchantId::from_random([9; 16]);
    for command in [
        price::Command::Create(nobody.clone(), order(1)),
        price::Command::List(nobody),
    ] {
        let refused = demo.price(command).await;
        assert!(matches!(
            refused,
            Err(CommandError::Registry(RegistryError::NoMerchant(_)))
        ));
    }
    let refused = demo
        .price(price::Command::Create(demo.merchant.clone(), order(0)))
        .await;
    assert!(refused.unwrap_err().to_string().contains("whole minor units"));
    let none = price::Command::Close(PriceId::from_random([9; 16]));
    assert!(demo.price(none).await.unwrap_err().to_string().contains("prc_"));
}
