//! A carrier beside who moves the rest of the money.

use farthing_gateway::{
    Allowance, Answer, Authenticated, Authentication, Authorisation, Connector, Done, Found, Instruction,
    Instrument, NoAnswer, Offered, Proof, Tried,
};
use farthing_protocol::{ChargeId, Currency, MethodKind, Passcode, QuoteId};

use crate::Camara;

/// Phone bills by the carrier, where there is one; everything else by `main`.
///
/// What is named by an id alone belongs to the carrier where its books know it. They are written before anything is asked, so
/// what they do not know is the main connector's, or nobody's.
pub struct Beside<C> {
    main: C,
    carrier: Option<Camara>,
}

impl<C: Connector> Beside<C> {
    /// `main`, with or without a carrier beside it.
    pub fn new(main: C, carrier: Option<Camara>) -> Self {
        Self { main, carrier }
    }

    fn carrier_for(&self, instrument: &Instrument<'_>) -> Option<&Camara> {
        let carrier = self.carrier.as_ref();
        carrier.filter(|_| matches!(instrument, Instrument::PhoneBill { .. }))
    }

    fn carrier_of(&self, quote: &QuoteId) -> Result<Option<&Camara>, NoAnswer> {
        match &self.carrier {
            Some(carrier) if carrier.knows(quote)? => Ok(Some(carrier)),
            _ => Ok(None),
        }
    }
}

impl<C: Connector> Connector for Beside<C> {
    fn offers(&self, currency: Currency) -> Vec<Offered> {
        let mut offers = self.main.offers(currency);
        if let Some(carrier) = &self.carrier {
            offers.retain(|offered| offered.method.kind() != MethodKind::PhoneBill);
            offers.extend(carrier.offers(currency));
        }
        offers
    }

    fn may_ask(&self, instrument: &Instrument<'_>) -> bool {
        match self.carrier_for(instrument) {
            Some(carrier) => carrier.may_ask(instrument),
            None => self.main.may_ask(instrument),
        }
    }

    async fn authenticate(&self, request: Authentication<'_>) -> Result<Authenticated, NoAnswer> {
        match self.carrier_for(&request.instrument) {
            Some(carrier) => carrier.authenticate(request).await,
            None => self.main.authenticate(request).await,
        }
    }

    async fn authentication(&self, quote: &QuoteId) -> Result<Proof, NoAnswer> {
        match self.carrier_of(quote)? {
            Some(carrier) => carrier.authentication(quote).await,
            None => self.main.authentication(quote).await,
        }
    }

    async fn try_passcode(&self, quote: &QuoteId, passcode: &Passcode) -> Result<Tried, NoAnswer> {
        match self.carrier_of(quote)? {
            Some(carrier) => carrier.try_passcode(quote, passcode).await,
            None => self.main.try_passcode(quote, passcode).await,
        }
    }

    async fn allowance(&self, quote: &QuoteId) -> Result<Option<Allowance>, NoAnswer> {
        match self.carrier_of(quote)? {
            Some(carrier) => carrier.allowance(quote).await,
            None => self.main.allowance(quote).await,
        }
    }

    async fn abandon(&self, quote: &QuoteId) -> Result<(), NoAnswer> {
        match self.carrier_of(quote)? {
            Some(carrier) => carrier.abandon(quote).await,
            None => self.main.abandon(quote).await,
        }
    }

    async fn authorise(&self, request: Authorisation<'_>) -> Result<Answer, NoAnswer> {
        match self.carrier_for(&request.instrument) {
            Some(carrier) => carrier.authorise(request).await,
            None => self.main.authorise(request).await,
        }
    }

    async fn look_up(&self, charge: &ChargeId) -> Result<Found, NoAnswer> {
        if let Some(carrier) = &self.carrier {
            match carrier.look_up(charge).await? {
                // It never was there, and will be refused if it still comes: both have to say so.
                Found::Never => {}
                found => return Ok(found),
            }
        }
        self.main.look_up(charge).await
    }

    async fn operate(&self, request: Instruction<'_>) -> Result<Done, NoAnswer> {
        match &self.carrier {
            Some(carrier) if carrier.holds(request.charge)? => carrier.operate(request).await,
            _ => self.main.operate(request).await,
        }
    }
}
