//! Every screen, rendered natively and read as HTML.

mod form;
mod money;

use std::rc::Rc;

use farthing_flow::{
    Choice, Completed, Delivered, Effect, Event, Flow, Missing, PLAIN_SIGHT_MS, Sight, State, Unknown,
};
use farthing_instrument::YearMonth;
use farthing_protocol::{
    Accreditation, CardBrand, Carrier, ChargeId, Code, Conditions, ConsentId, ConsentText, ConsentVersion,
    Currency, Hint, HostOutcome, Label, Language, LastFour, MerchantId, Method, MethodKind, Money, Offer,
    OrderLine, Origin, Payee, PlainToken, Quote, QuoteId, ReceiptId, Reference, TokenReply, UnixSeconds,
    VaultKey, Wording,
};
use yew::prelude::*;
use zeroize::Zeroizing;

use super::*;
use crate::details::{Marks, Touch, Typed};
use crate::text;

#[derive(PartialEq, Properties)]
struct Props {
    html: Html,
}

#[component]
fn Shown(props: &Props) -> Html {
    props.html.clone()
}

fn html(html: Html) -> String {
    let renderer = yew::LocalServerRenderer::<Shown>::with_props(Props { html }).hydratable(false);
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    runtime.block_on(renderer.render())
}

/// A quote of these lines, to be paid by card without a fee.
pub fn quote(lines: &[(&str, i64)]) -> Quote {
    quote_with_fee(lines, 0)
}

fn quote_with_fee(lines: &[(&str, i64)], fee: i64) -> Quote {
    let eur = Currency::parse("EUR").unwrap();
    let label = |text: &str| Label::parse(text).unwrap();
    let lines: Vec<_> = lines
        .iter()
        .map(|(text, amount)| OrderLine {
            label: label(text),
            amount: *amount,
        })
        .collect();
    let sum = lines.iter().map(|line| line.amount).sum::<i64>() + fee;
    let version = match fee {
        0 => ConsentVersion::new(Wording::CardOnce1, Language::En),
        _ => ConsentVersion::new(Wording::CardOnceFee1, Language::En),
    };
    Quote {
        id: QuoteId::from_random([1; 16]),
        order: Reference::parse("o-1").unwrap(),
        price: None,
        payee: Payee {
            id: MerchantId::from_random([2; 16]),
            name: label("Gazette <b>"),
            contact: label("help@gazette.example"),
        },
        provider: label("Farthing"),
        sandbox: true,
        accreditation: Accreditation {
            accreditor: label("Press Council"),
            origin: Origin::parse("https://gazette.example").unwrap(),
            until: UnixSeconds(86_400),
        },
        lines,
        decimals: 2,
        methods: vec![Offer {
            method: Method::Card {
                brands: vec![CardBrand::Visa],
                address: false,
            },
            fee,
            total: Money::new(sum, eur).unwrap(),
            conditions: Conditions::default(),
            consent: ConsentText {
                version,
                text: version.text("Gazette <b>", "Farthing", &price(sum), &price(fee), ""),
            },
        }],
        vault_key: VaultKey {
            x: "x".into(),
            y: "y".into(),
        },
        quoted_at: UnixSeconds(0),
        expires_at: UnixSeconds(1800),
    }
}

/// The same, to be paid by card or, for a fee of 5 cents, from a bank account.
fn quote_of_both() -> Quote {
    let mut quote = quote(&[("Sticker", 150)]);
    let mut account = quote_with_fee(&[("Sticker", 150)], 5).methods.remove(0);
    let version = ConsentVersion::new(Wording::BankOnceFee1, Language::En);
    account.method = Method::BankAccount {
        creditor: Label::parse("DE98ZZZ09999999999").unwrap(),
    };
    account.conditions = Conditions {
        most: 500_000,
        arrives_days: 2,
        refundable_days: 56,
    };
    account.consent = ConsentText {
        version,
        text: version.text(
            "Gazette <b>",
            "Farthing",
            &price(155),
            &price(5),
            "DE98ZZZ09999999999",
        ),
    };
    quote.methods.push(account);
    quote
}

/// The same, to be paid by phone bill alone.
fn quote_of_phones() -> Quote {
    let mut quote = quote(&[("Sticker", 150)]);
    let carrier = |id: &str, name: &str| Carrier {
        id: Reference::parse(id).unwrap(),
        name: label(name),
        calling_code: 49,
    };
    quote.methods[0].method = Method::PhoneBill {
        carriers: vec![carrier("fern", "Fern & Co"), carrier("wren", "Wren")],
    };
    quote
}

fn label(text: &str) -> Label {
    Label::parse(text).unwrap()
}

fn price(minor: i64) -> String {
    format!("€{}", crate::money::decimal(minor, 2))
}

/// A day as no other text has it, so that a test sees where it comes from.
fn day(at: UnixSeconds) -> String {
    format!("day {}", at.0 / 86_400)
}

fn sale(quote: &Quote) -> Sale<'_> {
    chosen(quote, 0)
}

fn chosen(quote: &Quote, place: usize) -> Sale<'_> {
    Sale {
        quote,
        offer: &quote.methods[place],
        price: &price,
        day,
    }
}

fn open() -> Form {
    Form {
        stage: Stage::Open,
        consented: false,
        missing: None,
        notice: None,
    }
}

fn shown_form(form: &Form, marks: &Marks) -> String {
    html(super::form(
        sale(&quote(&[("Sticker", 150)])),
        form,
        marks,
        &Callback::noop(),
    ))
}

/// The attributes of the first element with this id.
fn tag<'a>(html: &'a str, id: &str) -> &'a str {
    let at = html
        .find(&format!("id=\"{id}\""))
        .unwrap_or_else(|| panic!("no {id} in {html}"));
    let (start, rest) = (html[..at].rfind('<').unwrap(), &html[at..]);
    &html[start..at + rest.find('>').unwrap()]
}

fn every_screen() -> Vec<String> {
    let quote = quote(&[("Sticker", 100), ("Postage", 50)]);
    let (sale, on) = (sale(&quote), Callback::noop());
    let unknown_after = |lookups_left| Unknown {
        choice: choice(&quote),
        charge: ChargeId::from_random([3; 16]),
        lookups_left,
    };
    let ended = |receipt| Completed {
        choice: choice(&quote),
        total: quote.methods[0].total,
        consent: ConsentId::from_random([5; 16]),
        receipt,
    };
    let mut delivered = delivered_by_flow(quote.clone());
    let both = quote_of_both();
    let mut screens = vec![
        html(loading()),
        html(form(chosen(&both, 0), &open(), &Marks::default(), &on)),
        html(form(chosen(&both, 1), &open(), &Marks::default(), &on)),
        html(form(sale, &open(), &Marks::default(), &on)),
        html(form(
            sale,
            &Form {
                stage: Stage::Paying,
                consented: true,
                ..open()
            },
            &Marks::default(),
            &on,
        )),
        html(form(
            sale,
            &Form {
                stage: Stage::Unanswered,
                notice: Some(text::NO_TOKEN),
                consented: true,
                ..open()
            },
            &Marks::default(),
            &on,
        )),
        html(unknown(sale, &unknown_after(3), &on)),
        html(unknown(sale, &unknown_after(0), &on)),
        html(completed(sale, &ended(Some(ReceiptId::from_random([4; 16]))))),
        html(completed(sale, &ended(None))),
        html(notice(
            "cancelled",
            Tone::Neutral,
            text::CANCELLED,
            None,
            Some((text::START_AGAIN, &on)),
        )),
    ];
    for host_said in [None, Some(HostOutcome::Paid), Some(HostOutcome::Unknown)] {
        delivered.host_said = host_said;
        screens.push(html(super::delivered(sale, &delivered, "3:42 PM", &on)));
    }
    (delivered.host_said, delivered.again) = (Some(HostOutcome::Failed), true);
    screens.push(html(super::delivered(sale, &delivered, "3:42 PM", &on)));
    for code in Code::ALL {
        screens.push(html(notice(
            "refused",
            Tone::Warning,
            text::refusal(*code),
            Some(sale),
            None,
        )));
    }
    screens
}

fn choice(quote: &Quote) -> Choice {
    Choice {
        quote: Rc::new(quote.clone()),
        method: MethodKind::Card,
    }
}

/// The state that the flow itself comes to.
fn delivered_by_flow(quote: Quote) -> Delivered {
    let mut flow = Flow::default();
    let mut ticket = None;
    let mut take = |event: Event| {
        let (next, effects) = std::mem::take(&mut flow).step(event);
        flow = next;
        for effect in effects {
            if let Effect::RequestQuote { ticket: open, .. } | Effect::RequestToken { ticket: open, .. } =
                effect
            {
                ticket = Some(open);
            }
        }
        (flow.state().clone(), ticket.unwrap_or_default())
    };
    let (_, ticket) = take(Event::OrderGiven("order".into()));
    take(Event::QuoteArrived(ticket, Box::new(quote)));
    take(Event::DetailsChanged { complete: true });
    take(Event::ConsentChanged(true));
    let (_, ticket) = take(Event::PayPressed(Sight(PLAIN_SIGHT_MS)));
    let hint = Hint::Card {
        brand: CardBrand::Visa,
        last_four: LastFour::of("4242").unwrap(),
    };
    let token = PlainToken::from_random([6; 16]);
    match take(Event::TokenArrived(
        ticket,
        TokenReply {
            token,
            expires_at: UnixSeconds(900),
            hint,
        },
    ))
    .0
    {
        State::Delivered(delivered) => delivered,
        other => panic!("{other:?}"),
    }
}

#[test]
fn no_screen_breaks_the_policy_or_hides_a_field() {
    for screen in every_screen() {
        for forbidden in [
            " style=",
            "<style",
            "<script",
            " onclick",
            " onsubmit",
            " onchange",
            "javascript:",
            "pattern=",
            "<img",
        ] {
            assert!(!screen.contains(forbidden), "{forbidden} in {screen}");
        }
        assert_eq!(screen.matches("data-screen=").count(), 1, "{screen}");
        assert!(
            !screen.contains("type=\"hidden\"") && !screen.contains("<b>"),
            "{screen}"
        );
    }
}

#[test]
fn every_screen_but_loading_has_a_heading_that_can_take_the_focus() {
    for screen in every_screen()
        .iter()
        .filter(|screen| !screen.contains("data-screen=\"loading\""))
    {
        assert_eq!(screen.matches("<h1").count(), 1, "{screen}");
        assert!(tag(screen, TITLE_ID).contains("tabindex=\"-1\""), "{screen}");
    }
}

#[test]
fn where_an_amount_is_so_is_the_sandbox() {
    for screen in every_screen().iter().filter(|screen| screen.contains('€')) {
        assert!(screen.contains(text::SANDBOX), "{screen}");
    }
    let mut real = quote(&[("Sticker", 150)]);
    real.sandbox = false;
    let shown = html(super::form(
        sale(&real),
        &open(),
        &Marks::default(),
        &Callback::noop(),
    ));
    assert!(!shown.contains(text::SANDBOX), "{shown}");
}

#[test]
fn an_unknown_end_says_not_to_pay_again() {
    let screens = every_screen();
    let unknown: Vec<_> = screens
        .iter()
        .filter(|screen| screen.contains("data-screen=\"unknown\""))
        .collect();
    assert_eq!(unknown.len(), 2);
    for screen in &unknown {
        assert!(
            screen.contains("pay again yet") && screen.contains("chg_"),
            "{screen}"
        );
        assert!(!screen.contains("Nothing was charged"), "{screen}");
    }
    assert_eq!(
        unknown
            .iter()
            .filter(|screen| screen.contains("id=\"again\""))
            .count(),
        1
    );
}
