//! Layouts that mean no harm, in which a press is never refused.

use farthing_journeys::{card::PAYS, checkout::Checkout, journey::journey};

use crate::in_page;

/// How pages place a checkout: styles for all of it, what is before and after the host, and what runs then.
struct Layout {
    name: &'static str,
    style: &'static str,
    script: &'static str,
}

const LAYOUTS: [Layout; 13] = [
    Layout {
        name: "bare",
        style: "",
        script: "",
    },
    Layout {
        name: "moved by a transform",
        style: "main { transform: translate(3px, 5px) }",
        script: "",
    },
    Layout {
        name: "enlarged",
        style: "main { transform: scale(1.25); transform-origin: 0 0 }",
        script: "",
    },
    Layout {
        name: "zoomed",
        style: "main { zoom: 1.2 }",
        script: "",
    },
    Layout {
        name: "a card with round corners and a shadow",
        style: "main { border-radius: 20px; overflow: hidden; box-shadow: 0 0 20px black; padding: 1em }",
        script: "",
    },
    Layout {
        name: "no filter and full opacity, said aloud",
        style: "main { filter: none; opacity: 1; mix-blend-mode: normal; isolation: isolate; will-change: transform }",
        script: "",
    },
    Layout {
        name: "in a grid",
        style: "body { display: grid; place-items: center } main { width: 30em }",
        script: "",
    },
    Layout {
        name: "a box that scrolls",
        style: "main { overflow: auto; height: 900px }",
        script: "",
    },
    Layout {
        name: "faded in",
        style: "@keyframes in { from { opacity: 0; transform: translateY(1em) } } main { animation: in .2s both }",
        script: "",
    },
    Layout {
        name: "a header that sticks above it",
        style: "header { position: sticky; top: 0; height: 50px; background: silver }",
        script: "const header = document.createElement('header'); header.textContent = 'Kiosk'; document.body.prepend(header)",
    },
    Layout {
        name: "a notice about cookies beside it",
        style:
            "aside { position: fixed; bottom: 0; right: 0; width: 200px; height: 60px; background: silver }
                main { width: 40em }",
        script: "const aside = document.createElement('aside'); aside.textContent = 'Biscuits?'; document.body.append(aside)",
    },
    Layout {
        name: "a sheet that is not painted",
        style: "nav { position: fixed; inset: 0; visibility: hidden }",
        script: "document.body.append(document.createElement('nav'))",
    },
    Layout {
        name: "a column beside it that overflows",
        style: "main { width: 40em; float: left } section { float: right; width: 15em }",
        script:
            "const section = document.createElement('section'); section.textContent = 'Basket '.repeat(99);
                 document.body.append(section)",
    },
];

#[test]
fn harmless_layouts_raise_no_alarm() {
    journey(async |world| {
        for layout in &LAYOUTS {
            println!("{}", layout.name);
            let (order, _) = world.kiosk.order().await;
            let page = world.kiosk_page(&order);
            let page = page.replacen("<main>", &format!("<style>{}</style><main>", layout.style), 1);
            world.site.put("/", page);
            let address = format!("{}/", world.kiosk.origin);
            world.browser.client.goto(&address).await.unwrap();
            Checkout::with_form(&world.browser).await;
            in_page(world, layout.script).await;
            let checkout = Checkout::with_form(&world.browser).await;
            checkout.pay_with(&PAYS).await;
            // Nothing between the press and this says that it was refused.
            checkout.must_show_one_of(&["delivered"]).await;
            let told = world.told().await;
            assert!(
                told.iter().all(|(what, _)| what != "failed"),
                "{}: {told:?}",
                layout.name
            );
        }
    });
}

/// A header that lies over the frame's upper edge is not told from an overlay; the form then comes before it, with
/// what was typed, and the next press pays.
#[test]
fn what_covers_a_form_and_means_no_harm_is_overcome() {
    crate::where_overlays_are_seen(async |world| {
        crate::ready_to_pay(world).await;
        let header = "const header = document.createElement('header');
            header.style.cssText = 'position: fixed; inset: 0 0 auto; height: 150px; background: silver; z-index: 99';
            document.body.append(header);";
        in_page(world, header).await;
        crate::must_be_covered(world).await;
        crate::refuses(world).await;
        crate::pays(world).await;
        let lifted = "return String(document.querySelector('farthing-checkout').shadowRoot.querySelector('iframe').popover)";
        Checkout::new(&world.browser).leave().await.unwrap();
        assert_eq!(world.browser.read(lifted).await, "null");
    });
}
