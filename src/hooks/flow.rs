use std::cell::{Cell, OnceCell, Ref, RefCell};
use std::collections::VecDeque;
use std::rc::Rc;

use farthing_flow::{Effect, Event, Flow, State, Ticket};
use farthing_instrument::YearMonth;
use farthing_protocol::{
    Code, ConsentGiven, Language, MethodKind, Quote, QuoteOutcome, QuoteRequest, TokenAnswer, TokenRequest,
};
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use crate::browser::bridge::Bridge;
use crate::browser::http::{self, Answer};
use crate::browser::{clock, input, page, seal};
use crate::details::{Marks, Touch};
use crate::quote;
use crate::wire;

/// Owns the flow, and does what it asks for.
///
/// The flow moves here, when an event arrives, and not when Yew renders next: of ten quick clicks the second
/// already meets a flow that is sealing.
pub struct Shell {
    flow: RefCell<Flow>,
    events: RefCell<VecDeque<Event>>,
    stepping: Cell<bool>,
    marks: RefCell<Marks>,
    bridge: OnceCell<Rc<Bridge>>,
    /// The request with the sealed details, kept to be sent again as it is.
    sealed: RefCell<Option<Rc<str>>>,
    by_shopper: Cell<bool>,
    redraw: UseForceUpdateHandle,
}

/// The checkout. Events go to it, and what comes of them is drawn.
#[hook]
pub fn use_flow() -> Rc<Shell> {
    let redraw = use_force_update();
    use_memo((), |()| Shell {
        flow: RefCell::default(),
        events: RefCell::default(),
        stepping: Cell::new(false),
        marks: RefCell::default(),
        bridge: OnceCell::new(),
        sealed: RefCell::default(),
        by_shopper: Cell::new(false),
        redraw,
    })
}

impl Shell {
    /// Takes an event that is nobody's act in the frame: an answer, a timer, the page.
    pub fn dispatch(self: &Rc<Self>, event: Event) {
        if matches!(event, Event::OrderGiven(_) | Event::HostReset) {
            self.by_shopper.set(false);
        }
        self.events.borrow_mut().push_back(event);
        // An effect may bring its event at once; it waits for its turn.
        if self.stepping.replace(true) {
            return;
        }
        while let Some(event) = self.next_event() {
            let (flow, effects) = self.flow.take().step(event);
            self.flow.replace(flow);
            for effect in effects {
                self.run(effect);
            }
        }
        self.stepping.set(false);
        self.redraw.force_update();
    }

    /// Takes an event that is the shopper's act: the focus may follow what comes of it.
    pub fn act(self: &Rc<Self>, event: Event) {
        self.by_shopper.set(true);
        self.dispatch(event);
    }

    /// Marks what is wrong with the fields, if that is to be said.
    pub fn touch(&self, touch: &Touch) {
        let marks = self.marks.borrow().touched(touch);
        self.marks.replace(marks);
        self.redraw.force_update();
    }

    /// Whether the last to begin something was the shopper, and not the page.
    pub fn by_shopper(&self) -> bool {
        self.by_shopper.get()
    }

    /// Where the checkout stands now, which the screen may not show yet.
    pub fn state(&self) -> Ref<'_, State> {
        Ref::map(self.flow.borrow(), Flow::state)
    }

    /// What is wrong with the fields, as far as it is to be said.
    pub fn marks(&self) -> Ref<'_, Marks> {
        self.marks.borrow()
    }

    /// The way to the page, once it is open.
    pub fn connect(&self, bridge: Rc<Bridge>) {
        let _ = self.bridge.set(bridge);
    }

    fn next_event(&self) -> Option<Event> {
        self.events.borrow_mut().pop_front()
    }

    fn run(self: &Rc<Self>, effect: Effect) {
        match effect {
            Effect::RequestQuote { ticket, order } => self.request_quote(ticket, order),
            Effect::RequestToken {
                ticket,
                quote,
                method,
                consent,
            } => self.request_token(ticket, quote, method, consent),
            Effect::RequestTokenAgain { ticket } => {
                let sealed = self.sealed.borrow().clone();
                match sealed {
                    Some(sealed) => self.ask("/v1/tokens".to_owned(), Some(sealed), ticket, token),
                    None => self.dispatch(Event::TokenRefused(ticket, Code::SealedMalformed)),
                }
            }
            Effect::LookUp {
                ticket,
                quote,
                charge,
            } => {
                let (path, body) = if charge {
                    (QuoteOutcome::charge_path(&quote), Some("{}".into()))
                } else {
                    (QuoteOutcome::path(&quote), None)
                };
                self.ask(path, body, ticket, outcome);
            }
            Effect::Wait { ticket, seconds } => self.after(seconds, Event::Waited(ticket)),
            Effect::WatchExpiry { quote, seconds } => self.after(seconds, Event::QuoteRanOut(quote)),
            Effect::Wipe => {
                input::wipe();
                self.sealed.replace(None);
                self.marks.replace(Marks::default());
            }
            Effect::Tell(message) => {
                if let Some(bridge) = self.bridge.get() {
                    bridge.tell(&message);
                }
            }
        }
    }

    fn request_quote(self: &Rc<Self>, ticket: Ticket, order: String) {
        let (Some(bridge), Some(merchant)) = (self.bridge.get(), page::merchant()) else {
            return self.dispatch(Event::QuoteRefused(ticket, Code::MerchantUnknown));
        };
        let request = QuoteRequest {
            merchant,
            order,
            origin: bridge.origin().clone(),
            language: Language::En,
        };
        self.ask(
            "/v1/quotes".to_owned(),
            Some(wire::quote_request(&request).into()),
            ticket,
            quoted,
        );
    }

    fn request_token(
        self: &Rc<Self>,
        ticket: Ticket,
        quote: Rc<Quote>,
        method: MethodKind,
        consent: ConsentGiven,
    ) {
        let today = YearMonth::at(clock::now());
        let offered = quote.offer(method).map(|offer| &offer.method);
        let plaintext = offered.and_then(|offered| input::read(method).plaintext(today, offered));
        let Some(plaintext) = plaintext else {
            return self.dispatch(Event::TokenRefused(ticket, Code::DetailsInvalid));
        };
        let shell = Rc::clone(self);
        spawn_local(async move {
            let Some(sealed) = seal::seal(plaintext, &quote).await else {
                return shell.dispatch(Event::TokenRefused(ticket, Code::SealedMalformed));
            };
            let request = TokenRequest {
                quote: quote.id.clone(),
                method,
                sealed,
                consent,
            };
            let body: Rc<str> = wire::token_request(&request).into();
            shell.sealed.replace(Some(Rc::clone(&body)));
            shell.ask("/v1/tokens".to_owned(), Some(body), ticket, token);
        });
    }

    /// Asks the provider, and brings the one event that `read` makes of the answer.
    fn ask(
        self: &Rc<Self>,
        path: String,
        body: Option<Rc<str>>,
        ticket: Ticket,
        read: fn(Ticket, Answer) -> Event,
    ) {
        let shell = Rc::clone(self);
        spawn_local(async move { shell.dispatch(read(ticket, http::ask(&path, body.as_deref()).await)) });
    }

    fn after(self: &Rc<Self>, seconds: u32, event: Event) {
        let shell = Rc::clone(self);
        clock::after(seconds, move || shell.dispatch(event));
    }
}

fn quoted(ticket: Ticket, answer: Answer) -> Event {
    match answer {
        Answer::Given(json) => match wire::quote_reply(json).and_then(|reply| quote::sound(reply.quote)) {
            Some(quote) => Event::QuoteArrived(ticket, Box::new(quote)),
            None => Event::QuoteUnreachable(ticket),
        },
        Answer::Refused(code) => Event::QuoteRefused(ticket, code),
        Answer::Nothing => Event::QuoteUnreachable(ticket),
    }
}

fn token(ticket: Ticket, answer: Answer) -> Event {
    match answer {
        Answer::Given(json) => match wire::token_answer(json) {
            Some(TokenAnswer::Token(reply)) => Event::TokenArrived(ticket, reply),
            Some(TokenAnswer::Challenged { challenge }) => Event::Challenged(ticket, challenge),
            None => Event::TokenUnreachable(ticket),
        },
        Answer::Refused(code) => Event::TokenRefused(ticket, code),
        Answer::Nothing => Event::TokenUnreachable(ticket),
    }
}

fn outcome(ticket: Ticket, answer: Answer) -> Event {
    let outcome = match answer {
        Answer::Given(json) => wire::outcome(json),
        Answer::Refused(_) | Answer::Nothing => None,
    };
    outcome.map_or(Event::OutcomeUnreachable(ticket), |outcome| {
        Event::OutcomeArrived(ticket, outcome)
    })
}
