use std::sync::Arc;

use axum::{
    extract::State,
    http::{HeaderMap, header},
    response::Response,
};
use base64ct::{Base64UrlUnpadded, Encoding};
use farthing_gateway::{Answered, Rng, TypedCard};
use farthing_protocol::{
    Challenge, Code, ConsentGiven, Language, MethodKind, Offer, Passcode, Quote, QuoteId, QuoteOutcome,
    TokenAnswer, TokenRequest,
};
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use super::{Answer, purchase};
use crate::{
    http::{Failure, FormBody, Id, ReturnAddress, SameOrigin},
    page::{
        Problem, Reader,
        pay::{self, Along, Errors, Kept},
    },
    wiring::App,
};

/// `POST /v1/pay`: the page that pays without script. A shop's page sends the order here with a form, so that it stands
/// in no address and no log. `locale` names the language, else the browser does; every form after it carries it on.
pub async fn begin(State(app): State<Arc<App>>, headers: HeaderMap, FormBody(fields): FormBody) -> Answer {
    let Begun { order, to, locale } = Begun::read(fields)?;
    let reader = reader(locale, None, &headers);
    // Where a browser names the page that sent the form, the token goes back to no other shop than that one.
    let named = headers.get(header::ORIGIN).map(|origin| origin.as_bytes());
    if named.is_some_and(|origin| origin != b"null" && origin != to.origin().as_str().as_bytes()) {
        return refused(Code::OriginNotRegistered.into(), reader);
    }
    anew(&app, &order, &to, None, reader).await
}

/// `POST /v1/pay/{quote}`: the card and the consent, by the form on that page; or what had to be confirmed.
pub async fn pay(
    State(app): State<Arc<App>>,
    _: SameOrigin,
    Id(id): Id<QuoteId>,
    headers: HeaderMap,
    FormBody(fields): FormBody,
) -> Answer {
    let sent = Sent::read(fields)?;
    let quote = match app.rules.quoted(&id).await {
        Ok(quote) => quote,
        Err(refusal) if refusal.code == Code::QuoteUnknown => {
            let reader = reader(sent.locale, None, &headers);
            return anew(&app, &sent.order, &sent.to, Some(refusal.code), reader).await;
        }
        Err(refusal) => return Err(refusal.into()),
    };
    let reader = reader(sent.locale, Some(&quote), &headers);
    // The quote was made for this origin, and its token goes to no other.
    if *sent.to.origin() != quote.accreditation.origin {
        return refused(Code::OriginNotRegistered.into(), reader);
    }
    // Sent again after it was charged, it says how that ended.
    if quote.price.is_some()
        && let Some(answer) = sold(&app, &quote, &sent, reader).await?
    {
        return Ok(answer);
    }
    match token(&app, &quote, &sent, reader).await {
        Err(failure) if pay::can_begin_anew(failure.code()) => {
            anew(&app, &sent.order, &sent.to, Some(failure.code()), reader).await
        }
        Err(failure) => refused(failure, reader),
        answered => answered,
    }
}

/// Of a price: charges what was agreed to, as no shop's server does, and shows how that ended; nothing while nothing was
/// agreed to.
async fn sold(
    app: &Arc<App>,
    quote: &Quote,
    sent: &Sent,
    reader: Reader<'_>,
) -> Result<Option<Response>, Failure> {
    Ok(match purchase::charge(app, quote.id.clone()).await? {
        QuoteOutcome::Open { .. } | QuoteOutcome::Lapsed {} => None,
        QuoteOutcome::Declined { reason } => {
            Some(anew(app, &sent.order, &sent.to, Some(reason.code()), reader).await?)
        }
        ended => Some(pay::sold(sent.along(), quote, &ended, reader)),
    })
}

async fn token(app: &Arc<App>, quote: &Quote, sent: &Sent, reader: Reader<'_>) -> Answer {
    let offer = quote.offer(MethodKind::Card).ok_or(Code::MethodNotOffered)?;
    let mut errors = Errors::default();
    match sent.consent.as_deref() {
        None => errors.consent = true,
        Some(hash) if hash == hash_of(offer) => {}
        Some(_) => return Err(Code::ConsentDiffers.into()),
    }
    let sealed = match &sent.sealed {
        Some(sealed) => sealed.clone(),
        None => {
            let Some(once) = once(&sent.once) else {
                // The button that looks again, and there is nothing to see yet.
                return Ok(show(app, sent, quote, offer, Errors::default(), reader));
            };
            match app.rules.seal_card(quote, &sent.card(), &once)? {
                Ok(sealed) => sealed,
                Err(card) => {
                    errors.card = Some(card);
                    String::new()
                }
            }
        }
    };
    if errors.consent || errors.card.is_some() {
        return Ok(show(app, sent, quote, offer, errors, reader));
    }
    let request = TokenRequest {
        quote: quote.id.clone(),
        method: MethodKind::Card,
        sealed: sealed.clone(),
        consent: ConsentGiven {
            version: offer.consent.version,
            text: offer.consent.text.clone(),
        },
    };
    let mut problem = None;
    let mut answer = app.rules.token(request.clone()).await;
    // Of a form that is sent twice at once one comes second. Asked again, it is the same request again.
    if matches!(&answer, Err(refusal) if refusal.code == Code::QuoteUsed) {
        answer = app.rules.token(request.clone()).await;
    }
    if let (Ok(TokenAnswer::Challenged { challenge }), Some(typed)) = (&answer, &sent.passcode) {
        problem = meet(app, challenge, typed).await?;
        answer = app.rules.token(request).await;
    }
    match answer {
        Ok(TokenAnswer::Token(_)) if quote.price.is_some() => {
            let sold = sold(app, quote, sent, reader).await?;
            sold.ok_or_else(|| Code::Busy.into())
        }
        Ok(TokenAnswer::Token(reply)) => Ok(pay::hand_over(
            sent.along(),
            quote,
            &reply,
            app.rules.now(),
            reader,
        )),
        Ok(TokenAnswer::Challenged { challenge }) => {
            let (challenged, _) = app.rules.challenge(&challenge.id).await?;
            let asked = (&challenge, &challenged);
            let (now, sandbox) = (app.rules.now(), app.tells_passcode(&challenged));
            let agreed = hash_of(offer);
            let again = (sealed.as_str(), agreed.as_str());
            Ok(pay::confirm(
                sent.along(),
                quote,
                again,
                asked,
                problem,
                (now, sandbox),
                reader,
            ))
        }
        Err(refusal) => match refusal.code {
            code @ (Code::CardExpired | Code::BrandUnsupported | Code::DetailsInvalid) => {
                errors.whole = Some(code);
                Ok(show(app, sent, quote, offer, errors, reader))
            }
            _ => Err(refusal.into()),
        },
    }
}

/// Passes a passcode on, and says what was wrong with it.
async fn meet(app: &App, challenge: &Challenge, typed: &str) -> Result<Option<Problem>, Failure> {
    let Some(passcode) = Passcode::parse(typed) else {
        return Ok(Some(Problem::Malformed));
    };
    Ok(
        match app.rules.answer_challenge(&challenge.id, &passcode).await? {
            Answered::Over => None,
            Answered::Wrong(left) => Some(Problem::Wrong(left)),
        },
    )
}

/// The form with a quote of its own.
async fn anew(app: &App, order: &str, to: &ReturnAddress, why: Option<Code>, reader: Reader<'_>) -> Answer {
    let quoted = app
        .rules
        .quote_for_page(order, to.origin().clone(), reader.language);
    let quote = match quoted.await {
        Ok(reply) => reply.quote,
        Err(refusal) => return refused(refusal.into(), reader),
    };
    let Some(offer) = quote.offer(MethodKind::Card) else {
        return refused(Code::MethodNotOffered.into(), reader);
    };
    let errors = Errors {
        whole: why,
        ..Errors::default()
    };
    let (once, agreed) = (new_once(app), hash_of(offer));
    let written = (once.as_str(), agreed.as_str());
    Ok(pay::form(
        along(order, to),
        &quote,
        offer,
        written,
        (errors, Kept::default()),
        reader,
    ))
}

/// The form as it was, with what is wrong.
fn show(
    app: &App,
    sent: &Sent,
    quote: &Quote,
    offer: &Offer,
    errors: Errors,
    reader: Reader<'_>,
) -> Response {
    let kept = Kept {
        expiry: &sent.expiry,
        name: &sent.name,
    };
    let (once, agreed) = (new_once(app), hash_of(offer));
    let written = (once.as_str(), agreed.as_str());
    pay::form(sent.along(), quote, offer, written, (errors, kept), reader)
}

/// A page where the shopper can read why, and a problem for all else.
fn refused(failure: Failure, reader: Reader<'_>) -> Answer {
    pay::refused(failure.code(), reader).ok_or(failure)
}

/// In the language that a form names, else in that of its quote, else in the browser's.
fn reader<'a>(locale: Option<Language>, quote: Option<&Quote>, headers: &'a HeaderMap) -> Reader<'a> {
    let offer = quote.and_then(|quote| quote.offer(MethodKind::Card));
    let language = locale.or_else(|| offer.map(|offer| offer.consent.version.language));
    Reader::asking(None, language, headers)
}

/// Stands for the sentence of an offer, to the letter.
fn hash_of(offer: &Offer) -> String {
    Base64UrlUnpadded::encode_string(&Sha256::digest(&offer.consent.text))
}

fn new_once(app: &App) -> String {
    let mut bytes = [0; 32];
    app.rng.fill(&mut bytes);
    Base64UrlUnpadded::encode_string(&bytes)
}

/// What all randomness is made of where a form's card is sealed.
fn once(text: &str) -> Option<Zeroizing<[u8; 32]>> {
    (text.len() == 43).then(|| Zeroizing::new(Sha256::digest(text).into()))
}

fn along<'a>(order: &'a str, to: &'a ReturnAddress) -> Along<'a> {
    Along {
        order,
        to: to.as_str(),
        origin: to.origin(),
    }
}

/// What a shop's page sends.
struct Begun {
    order: String,
    to: ReturnAddress,
    locale: Option<Language>,
}

impl Begun {
    fn read(fields: Vec<(String, String)>) -> Result<Self, Failure> {
        let (mut order, mut to, mut locale) = (None, None, None);
        for (name, value) in fields {
            match name.as_str() {
                "order" if order.is_none() => order = Some(value),
                "return" if to.is_none() => to = Some(address(&value)?),
                "locale" if locale.is_none() => locale = Some(value),
                _ => return Err(unknown()),
            }
        }
        match (order, to) {
            (Some(order), Some(to)) => Ok(Self {
                order,
                to,
                locale: locale.as_deref().and_then(Language::nearest),
            }),
            (None, _) => Err(Failure::with_detail(Code::BodyMalformed, "order")),
            (_, None) => Err(Failure::with_detail(Code::BodyMalformed, "return")),
        }
    }
}

/// What the form sends: the card's fields and the box, or what was sealed of them and a passcode.
struct Sent {
    order: String,
    to: ReturnAddress,
    locale: Option<Language>,
    once: String,
    consent: Option<String>,
    number: Zeroizing<String>,
    expiry: Zeroizing<String>,
    security_code: Zeroizing<String>,
    name: Zeroizing<String>,
    sealed: Option<String>,
    passcode: Option<Zeroizing<String>>,
}

impl Sent {
    fn read(fields: Vec<(String, String)>) -> Result<Self, Failure> {
        const NAMES: [&str; 11] = [
            "order",
            "return",
            "locale",
            "once",
            "consent",
            "number",
            "expiry",
            "security_code",
            "name",
            "sealed",
            "passcode",
        ];
        let mut values: [Option<Zeroizing<String>>; NAMES.len()] = Default::default();
        for (name, value) in fields {
            let value = Zeroizing::new(value);
            let place = NAMES.iter().position(|known| *known == name);
            match place.and_then(|place| values.get_mut(place)) {
                Some(free @ None) => *free = Some(value),
                _ => return Err(unknown()),
            }
        }
        let plain = |value: Option<Zeroizing<String>>| value.map(|mut value| std::mem::take(&mut *value));
        let [
            order,
            to,
            locale,
            once,
            consent,
            number,
            expiry,
            security_code,
            name,
            sealed,
            passcode,
        ] = values;
        let missing = |what| Failure::with_detail(Code::BodyMalformed, what);
        Ok(Self {
            order: plain(order).ok_or_else(|| missing("order"))?,
            to: address(&plain(to).ok_or_else(|| missing("return"))?)?,
            locale: plain(locale).as_deref().and_then(Language::nearest),
            once: plain(once).unwrap_or_default(),
            consent: plain(consent),
            number: number.unwrap_or_default(),
            expiry: expiry.unwrap_or_default(),
            security_code: security_code.unwrap_or_default(),
            name: name.unwrap_or_default(),
            sealed: plain(sealed),
            passcode,
        })
    }

    fn card(&self) -> TypedCard<'_> {
        TypedCard {
            number: &self.number,
            expiry: &self.expiry,
            security_code: &self.security_code,
            name: &self.name,
        }
    }

    fn along(&self) -> Along<'_> {
        along(&self.order, &self.to)
    }
}

fn address(text: &str) -> Result<ReturnAddress, Failure> {
    let malformed = || Failure::with_detail(Code::BodyMalformed, "return: an https address with a path");
    ReturnAddress::parse(text).ok_or_else(malformed)
}

fn unknown() -> Failure {
    Failure::with_detail(
        Code::BodyMalformed,
        "a field twice, or one that is not taken here",
    )
}
