//! Another order while the form is filled in: the form stays, with what was typed, until there is a quote for it.

use farthing_protocol::{MethodKind, Quote};

use crate::{Effect, Flow, Ready, State};

impl Flow {
    /// Asks for the quote. What was agreed to was the order before.
    pub(crate) fn renew(&mut self, ready: Ready, effects: &mut Vec<Effect>) -> State {
        self.order = self.next_order.take();
        self.request_quote(effects);
        State::Ready(Ready {
            consented: false,
            missing: None,
            notice: None,
            renewing: true,
            ..ready
        })
    }

    /// The quote is there.
    pub(crate) fn renewed(&mut self, before: &Ready, quote: Quote, effects: &mut Vec<Effect>) -> State {
        // Other ways to pay have other forms, whose fields would take what stands in these.
        let same = kinds(&quote).eq(kinds(&before.choice.quote));
        if same {
            self.typed = before.details_complete;
        } else {
            effects.push(Effect::Wipe);
        }
        let mut state = self.quoted(quote, effects);
        if let State::Ready(ready) = &mut state
            && same
        {
            ready.choice.method = before.choice.method;
        }
        state
    }
}

fn kinds(quote: &Quote) -> impl Iterator<Item = MethodKind> {
    quote.methods.iter().map(|offer| offer.method.kind())
}
