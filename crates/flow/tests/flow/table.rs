//! Every transition, as tables: what happens | where it stands then (`=`: where it stood) | what is asked
//! for. What a table does not name changes nothing and asks for nothing; that is tested too.

mod form;
mod outcome;
mod price;

use farthing_flow::{Effect, Event, Flow, State, Ticket};
use farthing_protocol::{Code, Quote, UnixSeconds, limits};

use crate::{
    rig::{Record, Rig},
    words::{describe, event, quote},
};

/// What can happen. Answers come with the newest ticket, also where it stands for another question.
const WORDS: &str = "
    order:A order:B host-missing reset said:paid said:failed said:unknown
    details no-details choose:card choose:bank_account choose:phone_bill agree disagree pay pay-covered cancel again
    ran-out:1 ran-out:9 waited
    quote quote-refused:order_expired quote-refused:order_in_flight quote-lost
    token token-challenged token-lost token-refused:quote_expired token-refused:quote_used token-refused:quote_unknown
    token-refused:details_invalid token-refused:card_expired token-refused:brand_unsupported
    token-refused:order_paid token-refused:sealed_malformed
    token-refused:busy token-refused:internal token-refused:request_timeout token-refused:too_many_requests
    outcome:open outcome:lapsed outcome:unknown outcome:authorised outcome:paid outcome:declined outcome-lost";

/// `path` leads to `start`, and each row of `tables` from there. A row may begin with several events.
fn check(path: &str, start: &str, tables: &[&str]) {
    let rig = Rig::at(path);
    assert_eq!(describe(rig.flow.state()), start, "after “{path}”");
    let rows: Vec<Vec<_>> = tables
        .iter()
        .flat_map(|table| table.lines())
        .filter(|line| !line.trim().is_empty())
        .map(|line| line.split('|').map(str::trim).collect())
        .collect();
    for word in rows.iter().flat_map(|row| row[0].split_whitespace()) {
        assert!(
            WORDS.split_whitespace().any(|known| known == word),
            "no event: {word}"
        );
    }
    for word in WORDS.split_whitespace() {
        let mut named = rows
            .iter()
            .filter(|row| row[0].split_whitespace().any(|event| event == word));
        let (state, effects) = named.next().map_or(("=", ""), |row| (row[1], row[2]));
        assert!(named.next().is_none(), "{word} is named twice");
        let state = if state == "=" { start } else { state };
        let found = said(&rig.clone().answer(word));
        assert_eq!(
            found,
            (state.to_owned(), effects.to_owned()),
            "“{path}”, then “{word}”"
        );
    }
}

fn said(record: &Record) -> (String, String) {
    let asked: Vec<_> = record.effects.iter().map(ToString::to_string).collect();
    (describe(record.to()), asked.join(", "))
}

const SEALING: &str = "order:A quote details agree pay";
const CHALLENGED: &str = "order:A quote details agree pay token-challenged";
const DELIVERED: &str = "order:A quote details agree pay token";

const OTHER_WAY: &str = "choose:bank_account | ready(1 by bank_account) |";
const OTHER_ORDER: &str = "order:B | loading | wipe, ask for quote of B";
const RESET: &str = "reset | loading | wipe, ask for quote of A";
const AGAIN: &str = "again | loading | wipe, ask for quote of A";
const CANCEL: &str = "cancel | cancelled | wipe, tell cancelled";
const RAN_OUT: &str = "ran-out:1 | expired | wipe, tell failed quote_lapsed";

#[test]
fn try_again_is_offered_where_it_can_help() {
    const AGAIN: &[Code] = &[
        Code::RequestTimeout,
        Code::TooManyRequests,
        Code::OrderInFlight,
        Code::MerchantPaused,
        Code::ChallengeExpired,
        Code::ChallengeFailed,
        Code::PhoneLimitReached,
        Code::PhoneNotAllowed,
        Code::SealedMalformed,
        Code::SealedUnreadable,
        Code::ConsentDiffers,
        Code::MethodNotOffered,
        Code::CardDeclined,
        Code::InsufficientFunds,
        Code::ProcessingFailed,
        Code::Busy,
        Code::Internal,
    ];
    for code in Code::ALL {
        let record = Rig::at("order:A").answer(&format!("quote-refused:{}", code.as_str()));
        let State::Refused(refused) = record.to() else {
            panic!("{code:?} is no refusal");
        };
        assert_eq!(refused.again, AGAIN.contains(code), "{code:?}");
    }
}

#[test]
fn a_quotes_time_is_bounded_and_never_negative() {
    let most = limits::QUOTE_LIFETIME_S;
    for (lasts, watched) in [
        (i64::MIN, 0),
        (-1, 0),
        (0, 0),
        (600, 600),
        (most + 1, most),
        (i64::MAX, most),
    ] {
        let mut quote = quote(1);
        quote.quoted_at = UnixSeconds(0);
        quote.expires_at = UnixSeconds(lasts);
        let (_, effects) = quoted(quote);
        let seconds = effects.iter().find_map(|effect| match effect {
            Effect::WatchExpiry { seconds, .. } => Some(i64::from(*seconds)),
            _ => None,
        });
        assert_eq!(seconds, Some(watched), "{lasts}");
    }
}

/// Nothing to choose is nothing to show.
#[test]
fn a_quote_without_a_way_to_pay_is_no_quote() {
    let mut quote = quote(1);
    quote.methods.clear();
    let (flow, _) = quoted(quote);
    assert_eq!(describe(flow.state()), "unreachable quote");
}

/// What becomes of a checkout whose first quote is this one.
fn quoted(quote: Quote) -> (Flow, Vec<Effect>) {
    let (flow, effects) = Flow::default().step(event("order:A", Ticket::default(), 0));
    let Some(Effect::RequestQuote { ticket, .. }) = effects.first() else {
        panic!("no quote was asked for");
    };
    flow.step(Event::QuoteArrived(*ticket, Box::new(quote)))
}
