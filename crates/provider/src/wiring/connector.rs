use farthing_connectors::{Sandbox, Stripe};
use farthing_gateway::{
    Allowance, Answer, Authenticated, Authentication, Authorisation, Connector, Done, Found, Instruction,
    Instrument, NoAnswer, Offered, Proof, Tried,
};
use farthing_protocol::{ChargeId, Currency, Passcode, QuoteId};

/// Who moves the money, but for phone bills where a carrier stands beside it.
pub enum AnyConnector {
    /// A bank in this program.
    Sandbox(Sandbox),
    /// Stripe.
    Stripe(Stripe),
}

impl Connector for AnyConnector {
    fn offers(&self, currency: Currency) -> Vec<Offered> {
        match self {
            Self::Sandbox(bank) => bank.offers(currency),
            Self::Stripe(stripe) => stripe.offers(currency),
        }
    }

    fn may_ask(&self, instrument: &Instrument<'_>) -> bool {
        match self {
            Self::Sandbox(bank) => bank.may_ask(instrument),
            Self::Stripe(stripe) => stripe.may_ask(instrument),
        }
    }

    async fn authenticate(&self, request: Authentication<'_>) -> Result<Authenticated, NoAnswer> {
        match self {
            Self::Sandbox(bank) => bank.authenticate(request).await,
            Self::Stripe(stripe) => stripe.authenticate(request).await,
        }
    }

    async fn authentication(&self, quote: &QuoteId) -> Result<Proof, NoAnswer> {
        match self {
            Self::Sandbox(bank) => bank.authentication(quote).await,
            Self::Stripe(stripe) => stripe.authentication(quote).await,
        }
    }

    async fn try_passcode(&self, quote: &QuoteId, passcode: &Passcode) -> Result<Tried, NoAnswer> {
        match self {
            Self::Sandbox(bank) => bank.try_passcode(quote, passcode).await,
            Self::Stripe(stripe) => stripe.try_passcode(quote, passcode).await,
        }
    }

    async fn allowance(&self, quote: &QuoteId) -> Result<Option<Allowance>, NoAnswer> {
        match self {
            Self::Sandbox(bank) => bank.allowance(quote).await,
            Self::Stripe(stripe) => stripe.allowance(quote).await,
        }
    }

    async fn abandon(&self, quote: &QuoteId) -> Result<(), NoAnswer> {
        match self {
            Self::Sandbox(bank) => bank.abandon(quote).await,
            Self::Stripe(stripe) => stripe.abandon(quote).await,
        }
    }

    async fn authorise(&self, request: Authorisation<'_>) -> Result<Answer, NoAnswer> {
        match self {
            Self::Sandbox(bank) => bank.authorise(request).await,
            Self::Stripe(stripe) => stripe.authorise(request).await,
        }
    }

    async fn look_up(&self, charge: &ChargeId) -> Result<Found, NoAnswer> {
        match self {
            Self::Sandbox(bank) => bank.look_up(charge).await,
            Self::Stripe(stripe) => stripe.look_up(charge).await,
        }
    }

    async fn operate(&self, request: Instruction<'_>) -> Result<Done, NoAnswer> {
        match self {
            Self::Sandbox(bank) => bank.operate(request).await,
            Self::Stripe(stripe) => stripe.operate(request).await,
        }
    }
}
