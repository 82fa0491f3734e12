//! Events, states and effects as words, so that a table of transitions can be read.

use std::{collections::HashMap, fmt, sync::LazyLock};

use farthing_flow::{Choice, Effect, Event, Lost, Missing, PLAIN_SIGHT_MS, Sight, State, Ticket};
use farthing_protocol::{
    Accreditation, CardBrand, Code, Conditions, ConsentGiven, ConsentText, ConsentVersion, Currency,
    FrameMessage, Hint, HostOutcome, Label, Language, LastFour, MerchantId, Method, MethodKind, Money, Offer,
    OrderLine, Origin, Payee, PlainToken, PriceId, Quote, QuoteId, Reference, TokenReply, UnixSeconds,
    VaultKey, Wording,
};

use crate::answers::{challenge, charged, outcome};

/// What a request waits for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Kind {
    Quote,
    Token,
    Outcome,
    Wait,
}

impl Kind {
    /// Every answer to a request of this kind, the good ones first.
    pub const fn answers(self) -> &'static [&'static str] {
        match self {
            Self::Quote => &[
                "quote",
                "quote-refused:order_paid",
                "quote-refused:busy",
                "quote-lost",
            ],
            Self::Token => &[
                "token",
                "token",
                "token-challenged",
                "token-refused:details_invalid",
                "token-refused:card_expired",
                "token-refused:brand_unsupported",
                "token-refused:quote_used",
                "token-refused:order_paid",
                "token-refused:consent_differs",
                "token-refused:busy",
                "token-lost",
            ],
            Self::Outcome => &[
                "outcome:paid",
                "outcome:authorised",
                "outcome:unknown",
                "outcome:open",
                "outcome:declined",
                "outcome:lapsed",
                "outcome-lost",
            ],
            Self::Wait => &["waited"],
        }
    }

    /// What `word` answers.
    pub fn of(word: &str) -> Option<Self> {
        match word.split([':', '-']).next() {
            Some("quote" | "price") => Some(Self::Quote),
            Some("token") => Some(Self::Token),
            Some("outcome" | "charged") => Some(Self::Outcome),
            Some("waited") => Some(Self::Wait),
            _ => None,
        }
    }
}

/// The event that `word` names. Answers carry `ticket`; a quote or a token is number `number`.
pub fn event(word: &str, ticket: Ticket, number: u8) -> Event {
    let (name, value) = word.split_once(':').unwrap_or((word, ""));
    match name {
        "order" => Event::OrderGiven(value.to_owned()),
        "host-missing" => Event::HostMissing,
        "reset" => Event::HostReset,
        "said" => Event::HostCompleted(match value {
            "paid" => HostOutcome::Paid,
            "failed" => HostOutcome::Failed,
            "unknown" => HostOutcome::Unknown,
            _ => panic!("no outcome: {word}"),
        }),
        "details" => Event::DetailsChanged { complete: true },
        "no-details" => Event::DetailsChanged { complete: false },
        "choose" => Event::MethodChosen(method(value)),
        "agree" => Event::ConsentChanged(true),
        "disagree" => Event::ConsentChanged(false),
        "pay" => Event::PayPressed(Sight(PLAIN_SIGHT_MS)),
        "pay-covered" => Event::PayPressed(Sight::default()),
        "cancel" => Event::CancelPressed,
        "again" => Event::AgainPressed,
        "ran-out" => Event::QuoteRanOut(quote_id(value.parse().unwrap())),
        "quote" => Event::QuoteArrived(ticket, Box::new(quote(number))),
        "price" => Event::QuoteArrived(
            ticket,
            Box::new(Quote {
                price: Some(PriceId::from_random([4; 16])),
                ..quote(number)
            }),
        ),
        "quote-refused" => Event::QuoteRefused(ticket, code(value)),
        "quote-lost" => Event::QuoteUnreachable(ticket),
        "token" => Event::TokenArrived(ticket, reply(number)),
        "token-refused" => Event::TokenRefused(ticket, code(value)),
        "token-challenged" => Event::Challenged(ticket, challenge()),
        "token-lost" => Event::TokenUnreachable(ticket),
        "outcome" => Event::OutcomeArrived(ticket, outcome(value)),
        "charged" => Event::OutcomeArrived(ticket, charged()),
        "outcome-lost" => Event::OutcomeUnreachable(ticket),
        "waited" => Event::Waited(ticket),
        _ => panic!("no event: {word}"),
    }
}

pub fn code(text: &str) -> Code {
    *Code::ALL.iter().find(|code| code.as_str() == text).unwrap()
}

fn method(text: &str) -> MethodKind {
    MethodKind::ALL
        .into_iter()
        .find(|kind| kind.as_str() == text)
        .unwrap()
}

/// By the provider's books it is not what the quote said: so a test sees which of the two is shown.
pub fn books_total() -> Money {
    euros(151)
}

fn euros(minor: i64) -> Money {
    Money::new(minor, Currency::parse("EUR").unwrap()).unwrap()
}

pub fn quote_id(number: u8) -> QuoteId {
    QuoteId::from_random([number; 16])
}

/// Quote `number`: each differs from the others in its id and in its consent texts. It offers another way beside
/// the one that is chosen first, so that a test sees which of the two is agreed to.
pub fn quote(number: u8) -> Quote {
    let label = |text: &str| Label::parse(text).unwrap();
    let offer = |method, version, fee, text| Offer {
        method,
        fee,
        total: euros(150 + fee),
        conditions: Conditions::default(),
        consent: ConsentText { version, text },
    };
    Quote {
        id: quote_id(number),
        order: Reference::parse("order-1").unwrap(),
        price: None,
        payee: Payee {
            id: MerchantId::from_random([9; 16]),
            name: label("Corner Press"),
            contact: label("help@shop.example"),
        },
        provider: label("Farthing Sandbox"),
        sandbox: true,
        accreditation: Accreditation {
            accreditor: label("Sandbox Board"),
            origin: Origin::parse("https://shop.example").unwrap(),
            until: UnixSeconds(9_000),
        },
        lines: vec![OrderLine {
            label: label("Sticker"),
            amount: 150,
        }],
        decimals: 2,
        methods: vec![
            offer(
                Method::Card {
                    brands: vec![CardBrand::Visa],
                    address: false,
                },
                ConsentVersion::new(Wording::CardOnce1, Language::En),
                0,
                format!("I agree to quote {number}."),
            ),
            offer(
                Method::BankAccount {
                    creditor: label("DE98ZZZ09999999999"),
                },
                ConsentVersion::new(Wording::BankOnceFee1, Language::En),
                5,
                format!("I agree to the fee of quote {number}."),
            ),
        ],
        vault_key: VaultKey {
            x: String::new(),
            y: String::new(),
        },
        quoted_at: UnixSeconds(1_000),
        expires_at: UnixSeconds(1_600),
    }
}

fn reply(number: u8) -> TokenReply {
    TokenReply {
        token: PlainToken::from_random([number; 16]),
        expires_at: UnixSeconds(2_000),
        hint: Hint::Card {
            brand: CardBrand::Visa,
            last_four: LastFour::of("4242").unwrap(),
        },
    }
}

static QUOTES: LazyLock<HashMap<String, u8>> =
    LazyLock::new(|| numbered(|number| quote_id(number).as_str().to_owned()));
static TOKENS: LazyLock<HashMap<String, u8>> =
    LazyLock::new(|| numbered(|number| reply(number).token.expose().to_owned()));

fn numbered(text: impl Fn(u8) -> String) -> HashMap<String, u8> {
    (0..=u8::MAX).map(|number| (text(number), number)).collect()
}

pub fn quote_number(id: &QuoteId) -> u8 {
    QUOTES[id.as_str()]
}

/// The number of the quote that `state` stands on.
pub fn quote_of(state: &State) -> Option<u8> {
    choice_of(state).map(|choice| quote_number(&choice.quote.id))
}

/// The quote that `state` stands on, and the way to pay.
pub fn choice_of(state: &State) -> Option<&Choice> {
    match state {
        State::Ready(ready) => Some(&ready.choice),
        State::Sealing(sealing) => Some(&sealing.choice),
        State::Challenged(challenged) => Some(&challenged.choice),
        State::Delivered(delivered) => Some(&delivered.choice),
        State::Unknown(unknown) => Some(&unknown.choice),
        State::Completed(completed) => Some(&completed.choice),
        State::Unreachable(Lost::Token(choice)) => Some(choice),
        _ => None,
    }
}

/// A state in a few words: its name, its quote's number and the way to pay where that is not the card, and what else
/// is shown.
pub fn describe(state: &State) -> String {
    let on = choice_of(state)
        .map(|choice| {
            let number = quote_number(&choice.quote.id);
            match choice.method {
                MethodKind::Card => format!("({number})"),
                other => format!("({number} by {})", other.as_str()),
            }
        })
        .unwrap_or_default();
    let flag = |on: bool, word: &str| if on { format!(" {word}") } else { String::new() };
    match state {
        State::Loading => "loading".to_owned(),
        State::Ready(ready) => {
            let missing = match ready.missing {
                None => "",
                Some(Missing::Details) => " missing:details",
                Some(Missing::Consent) => " missing:consent",
            };
            let notice = ready.notice.map(|code| format!(" notice:{}", code.as_str()));
            let complete = flag(ready.details_complete, "complete");
            let agreed = flag(ready.consented, "agreed");
            format!(
                "ready{on}{complete}{agreed}{missing}{}{}",
                notice.unwrap_or_default(),
                flag(ready.renewing, "renewing")
            )
        }
        State::Sealing(_) => format!("sealing{on}"),
        State::Challenged(_) => format!("challenged{on}"),
        State::Delivered(delivered) => {
            let said = delivered.host_said.map(|said| match said {
                HostOutcome::Paid => " said:paid",
                HostOutcome::Failed => " said:failed",
                HostOutcome::Unknown => " said:unknown",
            });
            format!(
                "delivered{on}{}{}",
                said.unwrap_or_default(),
                flag(delivered.again, "again")
            )
        }
        State::Unknown(unknown) => format!("unknown{on} left:{}", unknown.lookups_left),
        State::Completed(completed) if completed.receipt.is_none() => format!("reserved{on}"),
        State::Completed(_) => format!("completed{on}"),
        State::Refused(refused) => {
            format!(
                "refused {}{}",
                refused.code.as_str(),
                flag(refused.again, "again")
            )
        }
        State::Expired => "expired".to_owned(),
        State::Unreachable(Lost::Quote) => "unreachable quote".to_owned(),
        State::Unreachable(Lost::Token(_)) => format!("unreachable token{on}"),
        State::Cancelled => "cancelled".to_owned(),
    }
}

/// An effect, comparable: quotes and tokens by their number.
#[derive(Clone, Debug, PartialEq)]
pub enum Seen {
    RequestQuote(String),
    RequestToken {
        quote: u8,
        method: MethodKind,
        consent: ConsentGiven,
    },
    RequestTokenAgain,
    LookUp(u8),
    Charge(u8),
    Wait(u32),
    Watch(u8, u32),
    Wipe,
    TellReady,
    TellToken(u8),
    TellPaid(String),
    TellFailed(Code),
    TellCancelled,
}

impl Seen {
    /// The effect, and the ticket for its answer.
    pub fn of(effect: &Effect) -> (Self, Option<(Ticket, Kind)>) {
        match effect {
            Effect::RequestQuote { ticket, order } => {
                (Self::RequestQuote(order.clone()), Some((*ticket, Kind::Quote)))
            }
            Effect::RequestToken {
                ticket,
                quote,
                method,
                consent,
            } => {
                let seen = Self::RequestToken {
                    quote: quote_number(&quote.id),
                    method: *method,
                    consent: consent.clone(),
                };
                (seen, Some((*ticket, Kind::Token)))
            }
            Effect::RequestTokenAgain { ticket } => (Self::RequestTokenAgain, Some((*ticket, Kind::Token))),
            Effect::LookUp {
                ticket,
                quote,
                charge,
            } => {
                let seen = if *charge { Self::Charge } else { Self::LookUp };
                (seen(quote_number(quote)), Some((*ticket, Kind::Outcome)))
            }
            Effect::Wait { ticket, seconds } => (Self::Wait(*seconds), Some((*ticket, Kind::Wait))),
            Effect::WatchExpiry { quote, seconds } => (Self::Watch(quote_number(quote), *seconds), None),
            Effect::Wipe => (Self::Wipe, None),
            Effect::Tell(message) => (Self::told(message), None),
        }
    }

    fn told(message: &FrameMessage) -> Self {
        match message {
            FrameMessage::Ready {} => Self::TellReady,
            FrameMessage::Token { token, .. } => Self::TellToken(TOKENS[token.expose()]),
            FrameMessage::Paid { proof, .. } => Self::TellPaid(proof.clone()),
            FrameMessage::Failed { code } => Self::TellFailed(*code),
            FrameMessage::Cancelled {} => Self::TellCancelled,
            FrameMessage::Hello {} | FrameMessage::Resize { .. } | FrameMessage::Fatal { .. } => {
                panic!("the flow has nothing to do with the document")
            }
        }
    }
}

impl fmt::Display for Seen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::RequestQuote(order) => write!(f, "ask for quote of {order}"),
            Self::RequestToken {
                quote,
                method: MethodKind::Card,
                ..
            } => write!(f, "ask for token({quote})"),
            Self::RequestToken { quote, method, .. } => {
                write!(f, "ask for token({quote} by {})", method.as_str())
            }
            Self::RequestTokenAgain => write!(f, "send again"),
            Self::LookUp(quote) => write!(f, "look up({quote})"),
            Self::Charge(quote) => write!(f, "charge({quote})"),
            Self::Wait(seconds) => write!(f, "wait {seconds} s"),
            Self::Watch(quote, seconds) => write!(f, "watch({quote}) {seconds} s"),
            Self::Wipe => write!(f, "wipe"),
            Self::TellReady => write!(f, "tell ready"),
            Self::TellToken(token) => write!(f, "tell token {token}"),
            Self::TellPaid(proof) => write!(f, "tell paid {proof}"),
            Self::TellFailed(code) => write!(f, "tell failed {}", code.as_str()),
            Self::TellCancelled => write!(f, "tell cancelled"),
        }
    }
}
