//! What holds under any order of events.

use std::collections::{HashMap, HashSet};

use farthing_flow::{Lost, State, UNKNOWN_LOOKUPS};
use farthing_protocol::ReceiptId;
use proptest::{prelude::*, sample::select};

use crate::{
    rig::Rig,
    walk::{acts, config, is_page, walk},
    words::{Kind, Seen, books_total, choice_of, describe, quote, quote_of},
};

proptest! {
    #![proptest_config(config())]

    /// No token is asked for unless, since this very quote and this way to pay came onto the screen and since any
    /// earlier attempt, consent was given and not taken back, and the details are complete. What is asked for is the way
    /// to pay that is on the screen, with the text of that way.
    #[test]
    fn consent_comes_before_the_token(acts in acts()) {
        let (mut agreed, mut complete) = (None, false);
        for record in walk(&acts) {
            let screen = quote_of(record.from());
            for effect in &record.effects {
                if let Seen::RequestToken { quote: asked, method, consent } = effect {
                    prop_assert_eq!(record.word.as_str(), "pay");
                    prop_assert_eq!(agreed, Some(*asked), "not agreed to");
                    prop_assert_eq!(screen, Some(*asked), "not on the screen");
                    prop_assert!(complete, "details not complete");
                    prop_assert_eq!(Some(*method), choice_of(record.from()).map(|choice| choice.method));
                    let quote = quote(*asked);
                    let offer = quote.offer(*method).unwrap();
                    prop_assert_eq!(&consent.text, &offer.consent.text);
                    prop_assert_eq!(consent.version, offer.consent.version);
                    agreed = None;
                }
                if *effect == Seen::Wipe {
                    complete = false;
                }
            }
            let way = |state: &State| choice_of(state).map(|choice| choice.method);
            match (record.from(), record.word.as_str()) {
                (State::Ready(_), word) if word.starts_with("choose") && way(record.from()) != way(record.to()) => {
                    (agreed, complete) = (None, false);
                }
                (State::Ready(ready), "agree") if !ready.renewing => agreed = screen,
                (State::Ready(_), "disagree") => agreed = None,
                (State::Ready(_) | State::Loading, "details") => complete = true,
                (State::Ready(_) | State::Loading, "no-details") => complete = false,
                _ => {}
            }
            if let State::Ready(ready) = record.to() {
                if ready.renewing {
                    agreed = None;
                }
                prop_assert_eq!(ready.consented, agreed.is_some() && agreed == quote_of(record.to()), "ticked");
            }
        }
    }

    /// One quote is one attempt; only details that were refused, and so made no token, are sealed anew.
    #[test]
    fn one_quote_is_asked_for_a_token_once(acts in acts()) {
        let mut asked = HashSet::new();
        for record in walk(&acts) {
            if record.fits && matches!(
                record.word.as_str(),
                "token-refused:details_invalid" | "token-refused:card_expired" | "token-refused:brand_unsupported"
            ) {
                asked.clear();
            }
            for effect in &record.effects {
                if let Seen::RequestToken { quote, .. } = effect {
                    prop_assert!(asked.insert(*quote), "quote {quote} is asked for a second token");
                }
            }
        }
    }

    /// What is sent again is this quote's, and is still there.
    #[test]
    fn the_kept_sealed_text_is_what_is_sent_again(acts in acts()) {
        let mut sealed = None;
        for record in walk(&acts) {
            for effect in &record.effects {
                match effect {
                    Seen::RequestToken { quote, .. } => sealed = Some(*quote),
                    Seen::Wipe => sealed = None,
                    Seen::RequestTokenAgain => {
                        prop_assert!(sealed.is_some(), "nothing is sealed");
                        prop_assert_eq!(sealed, quote_of(record.to()));
                    }
                    _ => {}
                }
            }
        }
    }

    /// The page is told a token exactly when the provider answers with it, and once.
    #[test]
    fn a_token_is_told_once(acts in acts()) {
        let mut told_of = HashMap::new();
        for record in walk(&acts) {
            let told: Vec<u8> = record.effects.iter().filter_map(|effect| match effect {
                Seen::TellToken(token) => Some(*token),
                _ => None,
            }).collect();
            if record.word == "token" && record.fits {
                let quote = quote_of(record.from());
                prop_assert_eq!(told, vec![record.number]);
                prop_assert!(matches!(record.from(), State::Sealing(_) | State::Challenged(_)));
                prop_assert_eq!(told_of.insert(quote, record.number), None, "two tokens, one quote");
            } else {
                prop_assert_eq!(told, Vec::<u8>::new());
            }
        }
    }

    /// Paid stays paid, and reserved reserved, until the page brings another order than the one that was paid.
    #[test]
    fn paid_stays_paid(acts in acts()) {
        let mut order = String::new();
        for record in walk(&acts) {
            if matches!(record.from(), State::Completed(_)) {
                let other = record.word.strip_prefix("order:").is_some_and(|given| given != order);
                prop_assert!(other || record.from() == record.to(), "{} → {}", record.word, describe(record.to()));
                prop_assert!(other || record.effects.is_empty(), "{} asks for something", record.word);
            }
            for effect in &record.effects {
                if let Seen::RequestQuote(asked) = effect {
                    order.clone_from(asked);
                }
            }
        }
    }

    /// An answer to a question that is not open, or not of this kind, changes nothing at all.
    #[test]
    fn an_answer_counts_once_and_to_its_own_question(acts in acts()) {
        for record in walk(&acts) {
            if !record.fits {
                prop_assert!(record.before == record.after, "{} changed {}", record.word, describe(record.from()));
                prop_assert_eq!(&record.effects, &Vec::new());
            }
        }
    }

    /// While a payment is in doubt, what the page says is shown as its word, and is a reason to look.
    #[test]
    fn the_page_ends_no_doubt(acts in acts()) {
        let bare = |state: &State| describe(state).split(' ').next().map(str::to_owned);
        for record in walk(&acts) {
            if record.from().in_doubt() && is_page(&record.word) {
                prop_assert_eq!(bare(record.from()), bare(record.to()), "{}", record.word);
                prop_assert_eq!(quote_of(record.from()), quote_of(record.to()));
                let only_looks = matches!(record.effects[..], [] | [Seen::LookUp(_)]);
                prop_assert!(only_looks, "{} asks for {:?}", record.word, record.effects);
            }
        }
    }

    /// The choice that consent was given to is what everything after it is about: only the shopper makes another, in
    /// the form, of what is offered.
    #[test]
    fn what_was_chosen_stays_chosen(acts in acts()) {
        for record in walk(&acts) {
            let (from, to) = (choice_of(record.from()), choice_of(record.to()));
            if let (Some(from), Some(to)) = (from, to) && from.quote.id == to.quote.id {
                let chosen = record.word.strip_prefix("choose:").filter(|_| matches!(record.from(), State::Ready(ready) if !ready.renewing));
                let method = match chosen {
                    Some(method) if method != "phone_bill" => method,
                    _ => from.method.as_str(),
                };
                prop_assert_eq!(to.method.as_str(), method, "{}", record.word);
                prop_assert_eq!(&from.quote, &to.quote, "{}", record.word);
            }
        }
    }

    /// “Paid” and “reserved” are the provider's word, in answer to what was asked of this quote; and so is how
    /// much it is.
    #[test]
    fn only_the_provider_says_paid(acts in acts()) {
        for record in walk(&acts) {
            let State::Completed(completed) = record.to() else {
                continue;
            };
            prop_assert_eq!(completed.total, books_total());
            if !matches!(record.from(), State::Completed(_)) {
                let receipt = match record.word.as_str() {
                    "outcome:paid" => Some(ReceiptId::from_random([2; 16])),
                    "outcome:authorised" => None,
                    word => return Err(TestCaseError::fail(format!("completed by {word}"))),
                };
                prop_assert_eq!(&completed.receipt, &receipt);
                prop_assert!(record.fits, "not in answer to the open question");
                prop_assert_eq!(quote_of(record.from()), quote_of(record.to()));
            }
        }
    }

    /// Where nothing more is to be sent, nothing is kept: no detail in the form, no sealed text.
    #[test]
    fn details_are_forgotten_where_they_are_of_no_use(acts in acts()) {
        let (mut typed, mut sealed) = (false, false);
        for record in walk(&acts) {
            if matches!(record.from(), State::Ready(_) | State::Loading) && record.word.ends_with("details") {
                typed = true;
            }
            for effect in &record.effects {
                match effect {
                    Seen::Wipe => (typed, sealed) = (false, false),
                    Seen::RequestToken { .. } => sealed = true,
                    // By the time the page holds the token, the frame holds nothing.
                    Seen::TellToken(_) => prop_assert!(!typed && !sealed, "kept while the token is told"),
                    _ => {}
                }
            }
            let in_use = match record.to() {
                State::Loading | State::Ready(_) | State::Sealing(_) | State::Challenged(_) | State::Unreachable(Lost::Token(_)) => true,
                State::Delivered(_) | State::Unknown(_) | State::Completed(_) | State::Refused(_) => false,
                State::Expired | State::Unreachable(Lost::Quote) | State::Cancelled => false,
            };
            prop_assert!(in_use || !(typed || sealed), "kept in {}", describe(record.to()));
        }
    }

    /// One question at a time: nothing that the page says adds a second lookup to an open one.
    #[test]
    fn one_lookup_at_a_time(acts in acts()) {
        let mut looking = false;
        for record in walk(&acts) {
            if record.fits && Kind::of(&record.word) == Some(Kind::Outcome) {
                looking = false;
            }
            for effect in &record.effects {
                match effect {
                    Seen::LookUp(_) => {
                        prop_assert!(!looking, "{} looks up twice", record.word);
                        looking = true;
                    }
                    Seen::RequestQuote(_) => looking = false,
                    _ => {}
                }
            }
        }
    }

    /// However often “Pay” is pressed, and wherever: one token is asked for.
    #[test]
    fn ten_presses_are_one_payment(acts in acts()) {
        let mut rig = Rig::default();
        acts.iter().for_each(|act| drop(rig.act(act)));
        let asked = (0..10).flat_map(|_| rig.answer("pay").effects).count();
        prop_assert!(asked <= 1, "{asked} requests");
        if let State::Ready(ready) = rig.flow.state() && !ready.renewing {
            // The rest of the way, and ten more.
            for word in ["details", "agree", "details", "agree"] {
                rig.answer(word);
            }
            let asked = (0..10).flat_map(|_| rig.answer("pay").effects).count();
            prop_assert_eq!(asked, 1);
        }
    }

    /// An unknown outcome is looked up a bounded number of times, less and less often, and then rests.
    #[test]
    fn an_unknown_outcome_is_looked_up_within_bounds(
        answers in prop::collection::vec(select(&["outcome:unknown", "outcome:open", "outcome-lost"][..]), 100),
        rounds in 1..3usize,
    ) {
        let mut rig = Rig::at("order:A quote details agree pay token waited outcome:unknown");
        let mut answers = answers.iter().cycle();
        for round in 0..rounds {
            let (mut lookups, mut last) = (usize::from(round == 0), 0);
            while let Some((ticket, kind)) = rig.open {
                let record = match kind {
                    Kind::Wait => rig.apply("waited", ticket),
                    _ => rig.apply(answers.next().unwrap(), ticket),
                };
                lookups += usize::from(kind == Kind::Outcome);
                for effect in record.effects {
                    if let Seen::Wait(seconds) = effect {
                        prop_assert!((last..=30).contains(&seconds), "waits {last} s, then {seconds} s");
                        last = seconds;
                    }
                }
                prop_assert!(lookups <= usize::from(UNKNOWN_LOOKUPS), "{lookups} lookups");
            }
            prop_assert_eq!(lookups, usize::from(UNKNOWN_LOOKUPS));
            prop_assert_eq!(describe(rig.flow.state()), "unknown(1) left:0");
            rig.answer("again");
        }
    }

    /// Nobody is stuck: from wherever events have led, a provider who answers and a shopper who wants to
    /// pay come to “paid”, or to a refusal that says that only the shop can help.
    #[test]
    fn nobody_is_stuck(acts in acts()) {
        let mut rig = Rig::default();
        acts.iter().for_each(|act| drop(rig.act(act)));
        // Without a page there is nothing to pay: the page comes.
        if rig.issued.is_empty() {
            rig.answer("order:A");
        }
        let mut steps = 0;
        loop {
            match rig.flow.state() {
                State::Completed(_) => break,
                State::Refused(refused) if !refused.again => break,
                _ => {}
            }
            steps += 1;
            prop_assert!(steps < 20, "stuck in {}", describe(rig.flow.state()));
            rig.on();
        }
    }
}
