//! What is said about money: what it costs, what paying adds, who vouches for the payee, and how it ended.

use farthing_protocol::limits;
use proptest::prelude::*;

use super::*;

fn form_of(sale: Sale<'_>) -> String {
    html(super::form(sale, &open(), &Marks::default(), &Callback::noop()))
}

pub(super) fn shown(quote: &Quote) -> String {
    form_of(sale(quote))
}

/// The two screens of a payment that went well: paid, and reserved.
fn completed_screens() -> [String; 2] {
    let good = every_screen()
        .into_iter()
        .filter(|screen| screen.contains("data-screen=\"completed\""));
    good.collect::<Vec<_>>().try_into().unwrap()
}

/// The amounts in a text, in minor units.
fn amounts(text: &str) -> Vec<i64> {
    let after = text.split('€').skip(1);
    let digits = after.map(|rest| {
        let until = rest
            .find(|c: char| !c.is_ascii_digit() && c != '.')
            .unwrap_or(rest.len());
        rest[..until].trim_end_matches('.').replace('.', "")
    });
    digits.map(|digits| digits.parse().unwrap()).collect()
}

/// What stands in the row, or rows, of this name.
fn row<'a>(html: &'a str, name: &str) -> Vec<&'a str> {
    let begin = format!("<div data-row=\"{name}\">");
    html.split(begin.as_str())
        .skip(1)
        .map(|rest| rest.split_once("</div>").unwrap().0)
        .collect()
}

#[test]
fn lines_and_total_are_the_quotes() {
    let shown = shown(&quote(&[("Sticker", 100), ("Postage", 50)]));
    for said in [
        "<dt>Sticker</dt><dd>€1.00</dd>",
        "<dt>Postage</dt><dd>€0.50</dd>",
        "<dt>Total</dt><dd>€1.50</dd>",
        "Pay €1.50",
        "Pay Gazette &lt;b&gt;",
    ] {
        assert!(shown.contains(said), "{said} is not in {shown}");
    }
}

#[test]
fn who_vouches_stands_between_payee_and_price() {
    let shown = shown(&quote(&[("Sticker", 150)]));
    let vouched = "Verified by Press Council for gazette.example until day 1<";
    let places = ["Pay Gazette", vouched, "class=\"total\""]
        .map(|said| shown.find(said).unwrap_or_else(|| panic!("{said} in {shown}")));
    assert!(places.is_sorted(), "{shown}");
}

#[test]
fn without_a_fee_it_is_said_that_nothing_is_added() {
    let shown = shown(&quote(&[("Sticker", 150)]));
    assert!(shown.contains("Card<span>no fee</span>"), "{shown}");
    assert!(
        shown.contains("Gazette &lt;b&gt; adds nothing to this price."),
        "{shown}"
    );
    assert!(
        row(&shown, "fee").is_empty() && row(&shown, "sum").is_empty(),
        "{shown}"
    );
}

#[test]
fn a_fee_is_said_beside_the_way_and_is_a_row_of_its_own() {
    let shown = shown(&quote_with_fee(&[("Sticker", 150)], 5));
    assert!(shown.contains("Card<span>+ €0.05 fee</span>"), "{shown}");
    assert_eq!(
        row(&shown, "fee"),
        ["<dt>Fee for paying by card</dt><dd>€0.05</dd>"]
    );
    assert_eq!(row(&shown, "sum"), ["<dt>Total</dt><dd>€1.55</dd>"]);
    assert!(
        !shown.contains("adds nothing") && !shown.contains("no fee"),
        "{shown}"
    );
    let first = |said: &str| shown.find(said).unwrap();
    assert!(
        first("+ €0.05 fee") < first("id=\"number\""),
        "said before anything is chosen or typed"
    );
}

#[test]
fn each_way_to_pay_has_its_fee_and_the_chosen_one_its_total_and_consent() {
    let quote = quote_of_both();
    for (place, other) in [(0, 1), (1, 0)] {
        let offer = &quote.methods[place];
        let shown = form_of(chosen(&quote, place));
        let ways = shown.split("class=\"fields\"").next().unwrap();
        for said in [
            "Card<span>no fee</span>",
            "Bank account<span>+ €0.05 fee</span>",
            "Arrives within 2 working days, can be refunded for 56 days, up to €5000.00",
        ] {
            assert!(
                ways.contains(said),
                "{said} is not said before anything is typed: {ways}"
            );
        }
        let total = price(offer.total.minor());
        assert!(shown.contains(&format!("class=\"total\">{total}<")), "{shown}");
        assert!(shown.contains(&format!("Pay {total}")), "{shown}");
        let text = |offer: &Offer| offer.consent.text.replace('<', "&lt;").replace('>', "&gt;");
        assert!(
            shown.contains(&text(offer)) && !shown.contains(&text(&quote.methods[other])),
            "{shown}"
        );
    }
}

#[test]
fn what_is_to_be_known_of_the_only_way_is_said_too() {
    let shown = shown(&quote(&[("Sticker", 150)]));
    assert!(shown.contains("Arrives at once, can't be refunded"), "{shown}");
    assert_eq!(
        [
            text::conditions(1, 1, None, plural),
            text::conditions(0, 0, Some("€5"), plural),
        ],
        [
            "Arrives within 1 working day, can be refunded for 1 day",
            "Arrives at once, can't be refunded, up to €5"
        ]
    );
}

#[test]
fn a_paid_screen_leads_to_receipt_and_consent_in_new_tabs() {
    let [paid, _] = completed_screens();
    for (id, path) in [
        ("receipt", "/v1/receipts/rcp_"),
        ("consent-record", "/v1/consents/con_"),
    ] {
        let link = tag(&paid, id);
        assert!(
            link.contains(path) && link.contains("target=\"_blank\"") && link.contains("rel=\"noopener\"")
        );
    }
}

#[test]
fn a_reserved_screen_does_not_say_paid_and_has_no_receipt() {
    let [paid, reserved] = completed_screens();
    assert!(
        paid.contains("€1.50 paid") && !paid.contains("reserved"),
        "{paid}"
    );
    assert!(
        reserved.contains("€1.50 reserved") && reserved.contains("data-tone=\"good\""),
        "{reserved}"
    );
    assert!(
        reserved.contains("You pay nothing more.") && !reserved.contains("€1.50 paid"),
        "{reserved}"
    );
    assert!(tag(&reserved, "consent-record").contains("/v1/consents/con_"));
    assert!(
        !reserved.contains("/v1/receipts/") && !reserved.contains("went through"),
        "{reserved}"
    );
    let days = limits::AUTHORISATION_LIFETIME_S / 86_400;
    assert!(reserved.contains(&format!("within {days} days")), "{reserved}");
}

proptest! {
    /// Whatever is bought and whatever paying adds: the total on the screen is what the rows come to, and the
    /// button and the sentence to agree to have the same one.
    #[test]
    fn what_is_shown_adds_up(lines in prop::collection::vec(1..1_000_000i64, 1..=limits::ORDER_LINES), fee in 0..10_000i64) {
        let lines: Vec<_> = lines.into_iter().map(|amount| ("Thing", amount)).collect();
        let quote = quote_with_fee(&lines, fee);
        prop_assert_eq!(crate::quote::sound(quote.clone()), Some(quote.clone()));
        let shown = shown(&quote);
        let sum = |name: &str| row(&shown, name).into_iter().flat_map(amounts).sum::<i64>();
        let total = sum("line") + sum("fee");
        let (_, big) = shown.split_once("class=\"total\"").unwrap();
        let (_, button) = shown.split_once("id=\"pay\"").unwrap();
        let (_, consent) = shown.split_once("id=\"consent-text\"").unwrap();
        for place in [big, button, consent] {
            prop_assert_eq!(amounts(place)[0], total);
        }
        prop_assert_eq!(sum("fee"), fee);
        prop_assert_eq!(row(&shown, "sum").is_empty(), lines.len() == 1 && fee == 0);
        prop_assert!(row(&shown, "sum").into_iter().flat_map(amounts).all(|shown| shown == total));
    }
}
