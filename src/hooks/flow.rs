use std::cell::{Cell, OnceCell, RefCell};
use std::collections::VecDeque;
use std::rc::Rc;

use farthing_flow::{Effect, Event, Flow, State, Ticket};
use farthing_instrument::YearMonth;
use farthing_protocol::{
    Code, ConsentGiven, Quote, QuoteId, QuoteOutcome, QuoteRequest, TokenReply, TokenRequest,
};
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use crate::browser::bridge::Bridge;
use crate::browser::http::{Body, Failure};
use crate::browser::{clock, http, input, page, seal};
use crate::quote::is_sound;

/// Owns the flow, and does what it asks for.
///
/// The flow moves here, when an event arrives, and not when Yew renders next: of ten quick clicks the second
/// already meets a flow that is sealing.
pub struct Shell {
    flow: RefCell<Flow>,
    events: RefCell<VecDeque<Event>>,
    stepping: Cell<bool>,
    bridge: OnceCell<Rc<Bridge>>,
    /// The request with the sealed details, kept to be sent again as it is.
    sealed: RefCell<Option<Rc<Body>>>,
    by_shopper: Cell<bool>,
    show: UseStateSetter<State>,
}

/// The checkout: its state, and the shell that events go to.
#[hook]
pub fn use_flow() -> (State, Rc<Shell>) {
    let state = use_state_eq(|| State::Loading);
    let setter = state.setter();
    let shell = use_memo((), |()| Shell {
        flow: RefCell::default(),
        events: RefCell::default(),
        stepping: Cell::new(false),
        bridge: OnceCell::new(),
        sealed: RefCell::default(),
        by_shopper: Cell::new(false),
        show: setter,
    });
    ((*state).clone(), shell)
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
        self.show.set(self.state());
    }

    /// Takes an event that is the shopper's act: the focus may follow what comes of it.
    pub fn act(self: &Rc<Self>, event: Event) {
        self.by_shopper.set(true);
        self.dispatch(event);
    }

    /// Whether the last to begin something was the shopper, and not the page.
    pub fn by_shopper(&self) -> bool {
        self.by_shopper.get()
    }

    /// Where the checkout stands now, which the screen may not show yet.
    pub fn state(&self) -> State {
        self.flow.borrow().state().clone()
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
            Effect::RequestToken { ticket, quote, consent } => self.request_token(ticket, quote, consent),
            Effect::RequestTokenAgain { ticket } => {
                let sealed = self.sealed.borrow().clone();
                self.later(async move {
                    match sealed {
                        Some(sealed) => send_sealed(ticket, &sealed).await,
                        None => Event::TokenRefused(ticket, Code::SealedMalformed),
                    }
                });
            }
            Effect::LookUp { ticket, quote } => self.later(look_up(ticket, quote)),
            Effect::Wait { ticket, seconds } => self.later(async move {
                clock::after(seconds).await;
                Event::Waited(ticket)
            }),
            Effect::WatchExpiry { quote, seconds } => self.later(async move {
                clock::after(seconds).await;
                Event::QuoteRanOut(quote)
            }),
            Effect::Wipe => {
                input::wipe();
                self.sealed.replace(None);
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
        let request = QuoteRequest { merchant, order, origin: bridge.origin().clone() };
        self.later(async move {
            match post("/v1/quotes", &request).await {
                Ok(quote) if is_sound(&quote) => Event::QuoteArrived(ticket, Box::new(quote)),
                Err(Failure::Refused(code)) => Event::QuoteRefused(ticket, code),
                Ok(_) | Err(Failure::Unreachable) => Event::QuoteUnreachable(ticket),
            }
        });
    }

    fn request_token(self: &Rc<Self>, ticket: Ticket, quote: Rc<Quote>, consent: ConsentGiven) {
        let today = YearMonth::at(clock::now());
        let Some(plaintext) = input::read().and_then(|typed| typed.plaintext(today)) else {
            return self.dispatch(Event::TokenRefused(ticket, Code::DetailsInvalid));
        };
        let shell = Rc::clone(self);
        self.later(async move {
            let Some(sealed) = seal::seal(plaintext, &quote).await else {
                return Event::TokenRefused(ticket, Code::SealedMalformed);
            };
            let request = TokenRequest { quote: quote.id.clone(), sealed, consent };
            let Some(body) = Body::of(&request).map(Rc::new) else {
                return Event::TokenRefused(ticket, Code::SealedMalformed);
            };
            shell.sealed.replace(Some(Rc::clone(&body)));
            send_sealed(ticket, &body).await
        });
    }

    /// Brings the one event that `answer` ends with.
    fn later(self: &Rc<Self>, answer: impl Future<Output = Event> + 'static) {
        let shell = Rc::clone(self);
        spawn_local(async move { shell.dispatch(answer.await) });
    }
}

async fn post(path: &str, request: &QuoteRequest) -> Result<Quote, Failure> {
    let body = Body::of(request).ok_or(Failure::Unreachable)?;
    http::post(path, &body).await
}

async fn send_sealed(ticket: Ticket, sealed: &Body) -> Event {
    match http::post::<TokenReply>("/v1/tokens", sealed).await {
        Ok(reply) => Event::TokenArrived(ticket, reply),
        Err(Failure::Refused(code)) => Event::TokenRefused(ticket, code),
        Err(Failure::Unreachable) => Event::TokenUnreachable(ticket),
    }
}

async fn look_up(ticket: Ticket, quote: QuoteId) -> Event {
    match http::get(&QuoteOutcome::path(&quote)).await {
        Ok(outcome) => Event::OutcomeArrived(ticket, outcome),
        Err(_) => Event::OutcomeUnreachable(ticket),
    }
}
