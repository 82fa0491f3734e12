//! A page with a script of somebody else's in it, which runs before the loader and has changed what the loader
//! stands on. The shopper sees what the shop signed, or no form.

use farthing_journeys::{
    card::PAYS,
    checkout::Checkout,
    journey::{World, journey},
    wait,
};

use crate::must_show_no_form;

/// What the shopper gets to see.
#[derive(Clone, Copy, Debug)]
enum Shown {
    /// The form, with the amount that was signed; and that is what is paid.
    Form,
    /// The order is refused: it is not what was signed.
    Refusal,
    /// A frame that does not come to life, and a page that is told so.
    Unreachable,
    /// No frame at all.
    Nothing,
}
use Shown::{Form, Nothing, Refusal, Unreachable};

/// `STRANGER` is an order of another merchant.
const SCRIPTS: [(&str, &str, Shown); 8] = [
    (
        "prototypes with more in them",
        "for (const name of ['order', 'brand', 'last_four', 'height']) Object.prototype[name] = 'STRANGER';",
        Form,
    ),
    (
        "checks that always hold",
        "RegExp.prototype.test = Object.hasOwn = Array.prototype.every = Number.isInteger = () => true;",
        Form,
    ),
    (
        "a channel that it holds the other end of",
        "const Real = MessageChannel;
         window.ports = [];
         window.MessageChannel = function () { const both = new Real(); ports.push(both.port1); return both; };
         addEventListener('farthing-ready', () => {
           for (const text of ['{\"type\":\"complete\",\"outcome\":\"paid\"}', '{\"type\":\"order\",\"amount\":1}',
             '{\"type\":\"order\",\"order\":\"x\",\"total\":1}', 'pay', '{\"type\":\"pay\"}']) ports.at(-1).postMessage(text);
         });",
        Form,
    ),
    (
        "a port that changes what is sent",
        "const { postMessage } = MessagePort.prototype;
         MessagePort.prototype.postMessage = function (text) { postMessage.call(this, text.replace(/.(?=\"})/, (c) => (c === 'A' ? 'B' : 'A'))); };",
        Refusal,
    ),
    (
        "an order of another merchant in the place of this one",
        "const { postMessage } = MessagePort.prototype;
         MessagePort.prototype.postMessage = function () { postMessage.call(this, JSON.stringify({ type: 'order', order: 'STRANGER' })); };",
        Refusal,
    ),
    (
        "a reader of JSON that names another merchant",
        "const { parse } = JSON;
         JSON.parse = (text) => ({ ...parse(text), iss: 'mer_000000000000000000000000000000' });",
        Unreachable,
    ),
    (
        "an element that has the checkout's name",
        "customElements.define('farthing-checkout', class extends HTMLElement {});",
        Nothing,
    ),
    (
        "a frame in a sandbox",
        "const { createElement } = document;
         document.createElement = (name) => {
           const made = createElement.call(document, name);
           if (name === 'iframe') made.sandbox = '';
           return made;
         };",
        Unreachable,
    ),
];

#[test]
fn a_script_before_the_loader_changes_no_amount() {
    journey(async |world| {
        let (strange, _) = world.stranger.order().await;
        for (name, script, shown) in SCRIPTS {
            println!("{name}");
            let (order, reference) = world.kiosk.order().await;
            let script = format!("<script>{}</script>", script.replace("STRANGER", &strange));
            let page = world
                .kiosk_page(&order)
                .replacen("<main>", &format!("{script}<main>"), 1);
            world.site.put("/", page);
            let address = format!("{}/", world.kiosk.origin);
            world.browser.client.goto(&address).await.unwrap();
            let checkout = Checkout::new(&world.browser);
            match shown {
                Form => pays_what_was_signed(world, &reference).await,
                Refusal => {
                    checkout.must_show("refused").await;
                    must_show_no_form(world).await;
                }
                Unreachable => {
                    let (what, detail) =
                        wait::until("the page is told", async || world.told().await.pop()).await;
                    assert_eq!(
                        (what.as_str(), detail["code"].as_str()),
                        ("failed", Some("frame_unreachable"))
                    );
                    must_show_no_form(world).await;
                }
                // What would come is asked for by the time when the page has loaded.
                Nothing => assert_eq!(world.browser.read("return String(frames.length)").await, "0"),
            }
        }
        assert_eq!(world.provider.books.count("charges"), 3);
    });
}

async fn pays_what_was_signed(world: &World, reference: &str) {
    let checkout = Checkout::with_form(&world.browser).await;
    assert_eq!(checkout.text_of("#pay").await, "Pay €2.50");
    checkout.pay_with(&PAYS).await;
    checkout.must_show("delivered").await;
    let token = world.token().await;
    assert_eq!(world.redeem(&token, reference).await, 201);
    assert_eq!(world.provider.books.paid(reference), 1);
}
