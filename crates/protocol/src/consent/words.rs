//! The sentences, a file a language.

mod ar;
mod de;
mod en;
mod es;
mod fr;
mod it;
mod ja;
mod ko;
mod pl;
mod pt_br;
mod tr;
mod zh_hans;

use super::{ConsentVersion, Wording};
use crate::Language;

/// The sentences of one language, with `{amount}`, `{payee}`, `{provider}`, `{fee}` and `{creditor}` to be filled in.
/// A wording that was shown is never changed: another one comes beside it.
pub(super) struct Sentences {
    pub card_once_1: &'static str,
    pub card_once_fee_1: &'static str,
    pub bank_once_1: &'static str,
    pub bank_once_fee_1: &'static str,
    pub phone_once_1: &'static str,
    pub phone_once_fee_1: &'static str,
}

pub(super) fn template(version: ConsentVersion) -> &'static str {
    let sentences = match version.language {
        Language::En => &en::SENTENCES,
        Language::Ko => &ko::SENTENCES,
        Language::Ja => &ja::SENTENCES,
        Language::ZhHans => &zh_hans::SENTENCES,
        Language::De => &de::SENTENCES,
        Language::Fr => &fr::SENTENCES,
        Language::Es => &es::SENTENCES,
        Language::PtBr => &pt_br::SENTENCES,
        Language::It => &it::SENTENCES,
        Language::Pl => &pl::SENTENCES,
        Language::Tr => &tr::SENTENCES,
        Language::Ar => &ar::SENTENCES,
    };
    match version.wording {
        Wording::CardOnce1 => sentences.card_once_1,
        Wording::CardOnceFee1 => sentences.card_once_fee_1,
        Wording::BankOnce1 => sentences.bank_once_1,
        Wording::BankOnceFee1 => sentences.bank_once_fee_1,
        Wording::PhoneOnce1 => sentences.phone_once_1,
        Wording::PhoneOnceFee1 => sentences.phone_once_fee_1,
    }
}

/// Puts `values` in their places, once: what stands in a value is never filled in itself.
pub(super) fn fill(template: &str, values: &[(&str, &str)]) -> String {
    let mut filled = String::with_capacity(template.len() * 2);
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('{') {
        filled.push_str(before);
        let Some((name, after)) = after.split_once('}') else {
            break;
        };
        let value = values.iter().find(|(known, _)| *known == name);
        filled.push_str(value.map_or("", |(_, value)| value));
        rest = after;
    }
    filled.push_str(rest);
    filled
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;
    use crate::limits;

    fn versions() -> impl Iterator<Item = ConsentVersion> {
        Language::ALL
            .into_iter()
            .flat_map(|language| Wording::ALL.map(|wording| ConsentVersion::new(wording, language)))
    }

    /// How often each place stands in a template.
    fn places(template: &str) -> Vec<(&str, usize)> {
        ["amount", "payee", "provider", "fee", "creditor"]
            .map(|name| (name, template.matches(&format!("{{{name}}}")).count()))
            .into()
    }

    #[test]
    fn every_language_says_the_same_facts() {
        for version in versions() {
            let template = template(version);
            let has = |name| {
                places(template)
                    .into_iter()
                    .any(|(place, times)| place == name && times > 0)
            };
            let bank = matches!(version.wording, Wording::BankOnce1 | Wording::BankOnceFee1);
            let fee = version.wording.as_str().contains("fee");
            assert!(has("amount") && has("payee") && has("provider"), "{version}");
            assert_eq!((has("fee"), has("creditor")), (fee, bank), "{version}");
            assert_eq!(
                template.matches('{').count(),
                places(template).iter().map(|(_, times)| times).sum::<usize>(),
                "{version} has a place that nobody fills in"
            );
            // The amount is said once, and the fee once: nothing else in a sentence is an amount.
            assert_eq!(template.matches("{amount}").count(), 1, "{version}");
            assert!(!template.contains("  "), "{version}");
        }
    }

    #[test]
    fn no_two_sentences_are_the_same() {
        let all: HashSet<_> = versions().map(template).collect();
        assert_eq!(all.len(), versions().count());
    }

    #[test]
    fn the_longest_names_leave_it_within_its_bound() {
        let name = "n".repeat(limits::LABEL_CHARS);
        for version in versions() {
            let text = version.text(
                &name,
                &name,
                "XXX 1,000,000.00",
                "XXX 1,000,000.00",
                &"c".repeat(35),
            );
            assert!(
                text.chars().count() <= limits::CONSENT_TEXT_CHARS,
                "{version}: {}",
                text.chars().count()
            );
        }
    }

    #[test]
    fn what_is_filled_in_is_not_filled_in_again() {
        let text = fill(
            "{payee} gets {amount}",
            &[("payee", "{amount} Inc."), ("amount", "{payee}")],
        );
        assert_eq!(text, "{amount} Inc. gets {payee}");
    }
}
