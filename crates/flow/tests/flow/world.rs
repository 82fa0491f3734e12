//! The same machine in a world with a provider that keeps books, a network that loses, delays and reorders,
//! and a shop that charges and speaks when it likes. What the screen says is held against the books.
//!
//! What the provider is taken to do: an order is paid once; no quote for an order that is paid, reserved
//! or on its way; and a new quote for an order ends the order's earlier tokens that were not redeemed. A price is not
//! like that: each of its quotes is an order of its own, and what is charged is what the frame lets the provider charge.

use farthing_flow::{State, Ticket};
use proptest::{prelude::*, sample::select};

use crate::{
    rig::Rig,
    walk::config,
    words::{Kind, Seen, describe, quote_of},
};

/// The order that stands for a price.
const PRICE: &str = "P";

#[derive(Clone, Copy, Debug, PartialEq)]
enum Book {
    /// No token yet.
    Fresh,
    /// This token can be redeemed.
    Live(u8),
    /// Redeemed; the connector has not answered.
    Charging,
    /// The shop has yet to take the money, or let it go.
    Reserved,
    Paid,
    Declined,
    /// Can't be paid any more.
    Over,
}

/// A quote in the provider's books. Its number is its place, from 1.
struct Quoted {
    order: String,
    book: Book,
    /// Whether the shopper has seen that it was paid, or reserved.
    acknowledged: bool,
}

struct Request {
    ticket: Ticket,
    kind: Kind,
    asks: Seen,
    /// The quote that the sealed text on its way is for.
    sealed: u8,
    /// The answer that is on its way back: a word, and the number of its quote or token.
    reply: Option<(String, u8)>,
}

#[derive(Default)]
struct World {
    rig: Rig,
    quoted: Vec<Quoted>,
    on_the_way: Vec<Request>,
    sealed: u8,
    told: Vec<u8>,
}

#[derive(Clone, Debug)]
enum Act {
    /// The shopper's or the page's hand.
    Say(&'static str),
    /// The shopper does what leads on.
    Fill,
    /// A request reaches the provider, and stays there to be answered; or is refused.
    Arrive(usize, bool),
    /// A reply reaches the frame; or the request fails, wherever it is.
    Return(usize, bool),
    /// The shop redeems a token that it was told.
    Redeem(usize, Book),
    /// A charge on its way ends.
    Settle(Book),
    /// The time of a quote and of its token is up, at the provider's and on the shopper's clock.
    RunOut(usize),
}

fn acts() -> impl Strategy<Value = Vec<Act>> {
    let hands = select(
        &[
            "order:A",
            "order:B",
            "order:P",
            "reset",
            "said:paid",
            "said:failed",
            "said:unknown",
            "cancel",
            "again",
            "again",
        ][..],
    );
    let ends = || select(&[Book::Paid, Book::Paid, Book::Reserved, Book::Declined][..]);
    let charge = prop_oneof![3 => ends(), 1 => Just(Book::Charging)];
    let act = prop_oneof![
        4 => hands.prop_map(Act::Say),
        6 => Just(Act::Fill),
        6 => (any::<usize>(), prop::bool::weighted(0.8)).prop_map(|(which, ok)| Act::Arrive(which, ok)),
        6 => (any::<usize>(), prop::bool::weighted(0.8)).prop_map(|(which, ok)| Act::Return(which, ok)),
        2 => (any::<usize>(), charge).prop_map(|(which, to)| Act::Redeem(which, to)),
        1 => ends().prop_map(Act::Settle),
        1 => any::<usize>().prop_map(Act::RunOut),
    ];
    prop::collection::vec(act, 0..200)
}

impl World {
    fn act(&mut self, act: &Act) {
        match act {
            Act::Say(word) => self.event(word, Ticket::default(), 0),
            Act::Fill => {
                let word = match self.rig.flow.state() {
                    State::Ready(ready) if !ready.details_complete => "details",
                    State::Ready(ready) if !ready.consented => "agree",
                    State::Ready(_) => "pay",
                    State::Loading if self.told.len().is_multiple_of(2) => "order:A",
                    State::Loading => "order:P",
                    _ => return,
                };
                self.event(word, Ticket::default(), 0);
            }
            Act::Arrive(which, willing) => self.arrive(*which, *willing),
            Act::Return(which, ok) => self.come_back(*which, *ok),
            Act::Redeem(which, to) => self.redeem(*which, *to),
            Act::Settle(to) => {
                if let Some(quoted) = self
                    .quoted
                    .iter_mut()
                    .find(|quoted| quoted.book == Book::Charging)
                {
                    quoted.book = *to;
                }
            }
            Act::RunOut(which) => {
                if !self.quoted.is_empty() {
                    let which = which % self.quoted.len();
                    let quoted = &mut self.quoted[which];
                    if matches!(quoted.book, Book::Fresh | Book::Live(_)) {
                        quoted.book = Book::Over;
                    }
                    self.event(&format!("ran-out:{}", which + 1), Ticket::default(), 0);
                }
            }
        }
    }

    fn event(&mut self, word: &str, ticket: Ticket, number: u8) {
        let issued = self.rig.issued.len();
        let record = self.rig.apply_numbered(word, ticket, number);
        let mut tickets = self.rig.issued.split_off(issued).into_iter();
        for effect in record.effects {
            match &effect {
                Seen::RequestToken { quote, .. } => self.sealed = *quote,
                Seen::TellToken(token) => self.told.push(*token),
                _ => {}
            }
            let asks = matches!(
                effect,
                Seen::RequestQuote(_)
                    | Seen::RequestToken { .. }
                    | Seen::RequestTokenAgain
                    | Seen::LookUp(_)
                    | Seen::Charge(_)
                    | Seen::Wait(_)
            );
            if asks && let Some((ticket, kind)) = tickets.next() {
                let reply = (kind == Kind::Wait).then(|| ("waited".to_owned(), 0));
                let sealed = self.sealed;
                self.on_the_way.push(Request {
                    ticket,
                    kind,
                    asks: effect,
                    sealed,
                    reply,
                });
            }
        }
        if let State::Completed(_) = self.rig.flow.state() {
            let number = self.number();
            self.quoted[number - 1].acknowledged = true;
        }
    }

    fn number(&self) -> usize {
        quote_of(self.rig.flow.state()).map_or(0, usize::from)
    }

    fn arrive(&mut self, which: usize, willing: bool) {
        let waiting = self
            .on_the_way
            .iter()
            .enumerate()
            .filter(|(_, request)| request.reply.is_none());
        let waiting: Vec<_> = waiting.map(|(place, _)| place).collect();
        if waiting.is_empty() {
            return;
        }
        let place = waiting[which % waiting.len()];
        let (asks, sealed) = (self.on_the_way[place].asks.clone(), self.on_the_way[place].sealed);
        let reply = match asks {
            Seen::RequestQuote(order) => self.quote(order, willing),
            Seen::RequestToken { quote, .. } => self.token(quote, willing),
            Seen::RequestTokenAgain => self.token(sealed, willing),
            Seen::Charge(quote) => (self.charge(quote, willing).to_owned(), 0),
            Seen::LookUp(quote) => (self.outcome(quote).to_owned(), 0),
            asks => unreachable!("{asks} is answered without the provider"),
        };
        self.on_the_way[place].reply = Some(reply);
    }

    fn quote(&mut self, order: String, willing: bool) -> (String, u8) {
        let order = match order.as_str() {
            PRICE => format!("{PRICE}{}", self.quoted.len()),
            _ => order,
        };
        let word = if order.starts_with(PRICE) {
            "price"
        } else {
            "quote"
        };
        let of_order = || self.quoted.iter().filter(|quoted| quoted.order == order);
        if of_order().any(|quoted| quoted.book == Book::Paid) {
            return ("quote-refused:order_paid".to_owned(), 0);
        }
        if of_order().any(|quoted| matches!(quoted.book, Book::Charging | Book::Reserved)) {
            return ("quote-refused:order_in_flight".to_owned(), 0);
        }
        if !willing {
            return ("quote-refused:busy".to_owned(), 0);
        }
        for quoted in self.quoted.iter_mut().filter(|quoted| quoted.order == order) {
            if matches!(quoted.book, Book::Live(_)) {
                quoted.book = Book::Over;
            }
        }
        self.quoted.push(Quoted {
            order,
            book: Book::Fresh,
            acknowledged: false,
        });
        (word.to_owned(), u8::try_from(self.quoted.len()).unwrap())
    }

    fn token(&mut self, quote: u8, willing: bool) -> (String, u8) {
        let order = self.quoted[usize::from(quote) - 1].order.clone();
        let paid = self
            .quoted
            .iter()
            .any(|quoted| quoted.order == order && quoted.book == Book::Paid);
        let quoted = &mut self.quoted[usize::from(quote) - 1];
        let refused = match quoted.book {
            _ if paid => "token-refused:order_paid",
            // The next time that it is asked, it is met.
            Book::Fresh if !willing && quote.is_multiple_of(2) => "token-challenged",
            Book::Fresh | Book::Live(_) if !willing => "token-refused:details_invalid",
            Book::Fresh | Book::Live(_) => {
                self.rig.tokens += 1;
                quoted.book = Book::Live(self.rig.tokens);
                return ("token".to_owned(), self.rig.tokens);
            }
            Book::Over => "token-refused:quote_expired",
            Book::Charging | Book::Reserved | Book::Paid | Book::Declined => "token-refused:quote_used",
        };
        (refused.to_owned(), 0)
    }

    /// The provider charges a price's token, and may get no answer.
    fn charge(&mut self, quote: u8, willing: bool) -> &'static str {
        let quoted = &mut self.quoted[usize::from(quote) - 1];
        assert!(
            quoted.order.starts_with(PRICE),
            "an order is charged by the shop alone"
        );
        if matches!(quoted.book, Book::Live(_)) {
            quoted.book = match (willing, quote % 3) {
                (false, _) => Book::Charging,
                (true, 0) => Book::Declined,
                (true, _) => Book::Paid,
            };
        }
        match quoted.book {
            Book::Paid => "charged",
            _ => self.outcome(quote),
        }
    }

    fn outcome(&self, quote: u8) -> &'static str {
        match self.quoted[usize::from(quote) - 1].book {
            Book::Fresh | Book::Live(_) => "outcome:open",
            Book::Charging => "outcome:unknown",
            Book::Reserved => "outcome:authorised",
            Book::Paid => "outcome:paid",
            Book::Declined => "outcome:declined",
            Book::Over => "outcome:lapsed",
        }
    }

    fn come_back(&mut self, which: usize, ok: bool) {
        if self.on_the_way.is_empty() {
            return;
        }
        let request = self.on_the_way.swap_remove(which % self.on_the_way.len());
        let lost = match request.kind {
            Kind::Quote => "quote-lost",
            Kind::Token => "token-lost",
            Kind::Outcome => "outcome-lost",
            Kind::Wait => "waited",
        };
        match request.reply {
            Some((word, number)) if ok => self.event(&word, request.ticket, number),
            _ => self.event(lost, request.ticket, 0),
        }
    }

    fn redeem(&mut self, which: usize, to: Book) {
        if self.told.is_empty() {
            return;
        }
        let token = self.told[which % self.told.len()];
        let Some(place) = self
            .quoted
            .iter()
            .position(|quoted| quoted.book == Book::Live(token))
        else {
            return;
        };
        let order = &self.quoted[place].order;
        let settled = |quoted: &Quoted| {
            let locks = matches!(quoted.book, Book::Paid | Book::Reserved | Book::Charging);
            quoted.order == *order && locks
        };
        if !self.quoted.iter().any(settled) {
            self.quoted[place].book = to;
        }
    }

    /// What the shop can charge, or has charged, or tries to, is on the screen, or was seen to be paid or reserved.
    fn hides_a_charge(&self) -> Option<usize> {
        let shown = match self.rig.flow.state() {
            State::Delivered(_) | State::Unknown(_) => self.number(),
            _ => 0,
        };
        let hidden = |(place, quoted): (usize, &Quoted)| {
            let charged = match quoted.book {
                Book::Live(token) => self.told.contains(&token),
                Book::Charging | Book::Reserved | Book::Paid => !quoted.acknowledged,
                Book::Fresh | Book::Declined | Book::Over => false,
            };
            (charged && place + 1 != shown).then_some(place + 1)
        };
        self.quoted.iter().enumerate().find_map(hidden)
    }
}

proptest! {
    #![proptest_config(config())]

    /// Whatever the network does and the shop says: the screen never turns away from a token that can be
    /// charged, or from a charge, before the provider has said how it ended; and neither “paid” nor “reserved” is
    /// ever untrue.
    #[test]
    fn the_screen_is_true(acts in acts()) {
        let mut world = World::default();
        for act in &acts {
            world.act(act);
            let state = world.rig.flow.state();
            if let State::Completed(completed) = state {
                let true_if = if completed.receipt.is_some() { Book::Paid } else { Book::Reserved };
                prop_assert_eq!(world.quoted[world.number() - 1].book, true_if);
            }
            if let Some(quote) = world.hides_a_charge() {
                prop_assert!(false, "{act:?}: “{}” while quote {quote} is {:?}", describe(state), world.quoted[quote - 1].book);
            }
        }
    }
}
