//! The form.

use super::*;

#[test]
fn the_fields_are_as_browsers_and_keyboards_want_them() {
    let shown = html(super::form(
        sale(&quote_of_both()),
        &open(),
        &Marks::default(),
        &Callback::noop(),
    ));
    for (id, autocomplete, inputmode) in [
        ("number", "cc-number", "numeric"),
        ("expiry", "cc-exp", "numeric"),
        ("security-code", "cc-csc", "numeric"),
        ("name", "cc-name", "text"),
        ("iban", "off", "text"),
        ("holder", "name", "text"),
    ] {
        let input = tag(&shown, id);
        for has in [
            format!("autocomplete=\"{autocomplete}\""),
            format!("inputmode=\"{inputmode}\""),
            format!("aria-describedby=\"{id}-help\""),
            "translate=\"no\"".into(),
            "spellcheck=\"false\"".into(),
        ] {
            assert!(input.contains(&has), "{has} is not in {input}");
        }
        assert!(
            !input.contains(" value=") && !input.contains("aria-invalid"),
            "{input}"
        );
        assert!(
            shown.contains(&format!("<label for=\"{id}\">")),
            "{id} has no label"
        );
        tag(&shown, &format!("{id}-help"));
    }
    assert_eq!(shown.matches("<form").count(), 1);
}

#[test]
fn a_phone_companys_name_is_chosen_and_none_is_chosen_yet() {
    let shown = html(super::form(
        sale(&quote_of_phones()),
        &open(),
        &Marks::default(),
        &Callback::noop(),
    ));
    let phone = tag(&shown, "phone");
    for has in [
        "autocomplete=\"tel\"",
        "inputmode=\"tel\"",
        "aria-describedby=\"phone-help\"",
        "dir=\"ltr\"",
    ] {
        assert!(phone.contains(has), "{has} is not in {phone}");
    }
    assert!(!phone.contains(" value="), "{phone}");
    let carrier = tag(&shown, "carrier");
    assert!(carrier.contains("aria-describedby=\"carrier-help\""), "{carrier}");
    let (_, rest) = shown.split_once("id=\"carrier\"").unwrap();
    let (choice, _) = rest.split_once("</select>").unwrap();
    assert_eq!(choice.matches("<option").count(), 3, "{choice}");
    assert!(choice.contains("value=\"fern\">Fern &amp; Co<"), "{choice}");
    assert!(!choice.contains("selected"), "{choice}");
    for id in ["carrier", "phone"] {
        assert!(
            shown.contains(&format!("<label for=\"{id}\">")),
            "{id} has no label"
        );
    }
}

#[test]
fn the_consent_is_the_quotes_to_the_letter_and_not_ticked() {
    let shown = shown_form(&open(), &Marks::default());
    let (_, rest) = shown.split_once("id=\"consent-text\">").unwrap();
    let (text, _) = rest.split_once("</span>").unwrap();
    let text = text
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&amp;", "&");
    assert_eq!(text, quote(&[("Sticker", 150)]).methods[0].consent.text);
    assert!(!tag(&shown, CONSENT_ID).contains("checked"));
    assert!(!shown.contains(text::CONSENT_MISSING));
    assert!(
        !tag(&shown, "pay").contains("disabled"),
        "pressing is what says what is missing"
    );
}

#[test]
fn what_is_missing_is_said_where_it_is_missing() {
    let typed = Typed::read(MethodKind::Card, |_| Zeroizing::default());
    let nothing = typed.judge(
        YearMonth::new(2026, 11).unwrap(),
        &quote(&[("Sticker", 150)]).methods[0].method,
    );
    let marks = Marks::default().touched(&Touch::Pay(nothing));
    let shown = shown_form(
        &Form {
            missing: Some(Missing::Details),
            ..open()
        },
        &marks,
    );
    for id in ["number", "expiry", "security-code", "name", CONSENT_ID] {
        assert!(
            tag(&shown, id).contains("aria-invalid=\"true\""),
            "{id} in {shown}"
        );
    }
    assert!(shown.contains(text::CONSENT_MISSING) && shown.contains("Enter the card number"));
}

#[test]
fn while_paying_everything_is_locked_and_says_so() {
    let shown = shown_form(
        &Form {
            stage: Stage::Paying,
            consented: true,
            ..open()
        },
        &Marks::default(),
    );
    let (_, locked) = shown.split_once("<fieldset disabled").unwrap();
    for within in ["type=\"radio\"", "id=\"number\"", "id=\"consent\""] {
        assert!(locked.contains(within), "{within} in {shown}");
    }
    assert!(shown.contains("Paying €1.50…"));
    assert!(tag(&shown, "pay").contains("aria-disabled=\"true\""));
    assert!(tag(&shown, "cancel").contains("disabled"));
}

#[test]
fn of_several_forms_the_chosen_one_is_seen() {
    let quote = quote_of_both();
    for (place, seen, hidden) in [(0, "card", "bank_account"), (1, "bank_account", "card")] {
        let form = super::form(
            chosen(&quote, place),
            &open(),
            &Marks::default(),
            &Callback::noop(),
        );
        let shown = html(form);
        assert!(!tag(&shown, seen).contains("hidden"), "{shown}");
        assert!(tag(&shown, hidden).contains("hidden"), "{shown}");
        let ways: Vec<_> = shown.split("<label data-row=\"").skip(1).collect();
        assert_eq!(ways.len(), 2);
        for way in ways {
            let radio = way.split_once('>').unwrap().1.split('>').next().unwrap();
            assert!(radio.contains("type=\"radio\""), "{radio}");
            assert_eq!(radio.contains("checked"), way.starts_with(seen), "{way}");
        }
    }
    let only = shown_form(&open(), &Marks::default());
    assert!(!only.contains("\"iban\""), "what is not offered is not there");
}
