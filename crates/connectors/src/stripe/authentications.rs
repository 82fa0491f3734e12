//! What the books know of shoppers who may have to show that it is them, by quote.

use farthing_gateway::{Answer, NoAnswer};
use farthing_protocol::{ChargeId, DeclineReason, Money, QuoteId};
use rusqlite::{OptionalExtension, named_params};

use super::books::{Books, Ended, Known, ended, lost, word};

/// How far an authentication got.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) enum Stand {
    Begun,
    Intended(String),
    Confirming(String),
    /// The bank asks, on this page.
    Open {
        intent: String,
        page: String,
    },
    /// The money is reserved in the intent.
    Met(String),
    Refused(DeclineReason),
    Over,
}

impl Stand {
    /// Its name in the books.
    pub(super) fn step(&self) -> &'static str {
        match self {
            Self::Begun => "begun",
            Self::Intended(_) => "intended",
            Self::Confirming(_) => "confirming",
            Self::Open { .. } => "open",
            Self::Met(_) => "met",
            Self::Refused(_) => "refused",
            Self::Over => "over",
        }
    }

    /// The intent that it goes by, as long as something may come of it.
    pub(super) fn intent(&self) -> Option<&str> {
        match self {
            Self::Intended(intent)
            | Self::Confirming(intent)
            | Self::Open { intent, .. }
            | Self::Met(intent) => Some(intent),
            Self::Begun | Self::Refused(_) | Self::Over => None,
        }
    }
}

/// Minor units, and their currency's code.
type Total = (i64, String);

impl Books {
    /// Begins an authentication that was not begun before; answers how it stands.
    pub(super) fn begin_authentication(&self, quote: &QuoteId, total: Money) -> Result<Stand, NoAnswer> {
        self.step(
            "INSERT INTO authentications (quote, amount, currency, step) VALUES (:quote, :amount, :currency, 'begun')
             ON CONFLICT DO NOTHING",
            named_params! {
                ":quote": quote.as_str(), ":amount": total.minor(), ":currency": total.currency().as_str(),
            },
        )?;
        Ok(self
            .authentication(quote)?
            .filter(|(known, _)| *known == (total.minor(), total.currency().as_str().to_owned()))
            .ok_or(NoAnswer)?
            .1)
    }

    /// How it stands with a quote, and what it is over.
    pub(super) fn authentication(&self, quote: &QuoteId) -> Result<Option<(Total, Stand)>, NoAnswer> {
        let row = self
            .db()
            .query_row(
                "SELECT amount, currency, step, intent, page, answer FROM authentications WHERE quote = ?1",
                [quote.as_str()],
                |row| {
                    let total = (row.get(0)?, row.get(1)?);
                    let step: String = row.get(2)?;
                    let intent: Option<String> = row.get(3)?;
                    let page: Option<String> = row.get(4)?;
                    let answer: Option<String> = row.get(5)?;
                    Ok((total, step, intent, page, answer))
                },
            )
            .optional()
            .map_err(lost)?;
        let Some((total, step, intent, page, answer)) = row else {
            return Ok(None);
        };
        let refused = answer.as_deref().and_then(ended);
        let stand = match (step.as_str(), intent, page, refused) {
            ("begun", ..) => Stand::Begun,
            ("intended", Some(intent), ..) => Stand::Intended(intent),
            ("confirming", Some(intent), ..) => Stand::Confirming(intent),
            ("open", Some(intent), Some(page), _) => Stand::Open { intent, page },
            ("met", Some(intent), ..) => Stand::Met(intent),
            ("refused", _, _, Some(Ended::Answered(Answer::Declined(reason)))) => Stand::Refused(reason),
            ("over", ..) => Stand::Over,
            _ => return Err(NoAnswer),
        };
        Ok(Some((total, stand)))
    }

    /// Moves it on, from where it was seen to stand. What somebody else did in the meantime stays.
    pub(super) fn move_authentication(
        &self,
        quote: &QuoteId,
        from: &str,
        to: &Stand,
    ) -> Result<(), NoAnswer> {
        let page = match to {
            Stand::Open { page, .. } => Some(page),
            _ => None,
        };
        let answer = match to {
            Stand::Refused(reason) => Some(word(Ended::Answered(Answer::Declined(*reason)))),
            _ => None,
        };
        self.step(
            "UPDATE authentications SET step = :step, intent = coalesce(:intent, intent),
                                        page = coalesce(:page, page), answer = :answer
             WHERE quote = :quote AND step = :from",
            named_params! {
                ":step": to.step(), ":intent": to.intent(), ":page": page, ":answer": answer,
                ":quote": quote.as_str(), ":from": from,
            },
        )
        .map(drop)
    }

    /// Begins a charge whose money an authentication has reserved in `intent`. Answers what is known of one that was
    /// begun before.
    pub(super) fn begin_reserved(
        &self,
        id: &ChargeId,
        total: Money,
        at_once: bool,
        intent: &str,
    ) -> Result<Option<Known>, NoAnswer> {
        let begun = self.step(
            "INSERT INTO charges (id, amount, currency, at_once, intent, step)
             VALUES (:id, :amount, :currency, :at_once, :intent, 'confirming') ON CONFLICT DO NOTHING",
            named_params! {
                ":id": id.as_str(), ":amount": total.minor(), ":currency": total.currency().as_str(),
                ":at_once": at_once, ":intent": intent,
            },
        )?;
        if begun { Ok(None) } else { self.find(id) }
    }

    /// Whether a charge was begun with what was reserved in `intent`.
    pub(super) fn is_charged(&self, intent: &str) -> Result<bool, NoAnswer> {
        self.db()
            .query_row(
                "SELECT count(*) > 0 FROM charges WHERE intent = ?1",
                [intent],
                |row| row.get(0),
            )
            .map_err(lost)
    }
}
