//! The screens on which a checkout rests without having been paid, and what goes with each.

use farthing_protocol::{Code, FrameMessage};

use crate::{Choice, Effect, Lost, Refused, State};

pub(crate) fn refused(code: Code, choice: Option<Choice>, effects: &mut Vec<Effect>) -> State {
    effects.push(Effect::Wipe);
    effects.push(Effect::Tell(FrameMessage::Failed { code }));
    State::Refused(Refused {
        code,
        again: can_try_again(code),
        choice,
    })
}

pub(crate) fn expired(effects: &mut Vec<Effect>) -> State {
    effects.push(Effect::Wipe);
    effects.push(Effect::Tell(FrameMessage::Failed {
        code: Code::QuoteLapsed,
    }));
    State::Expired
}

pub(crate) fn unreachable(lost: Lost, effects: &mut Vec<Effect>) -> State {
    // The sealed text is what the same attempt is made with again; nothing else is worth keeping.
    if lost == Lost::Quote {
        effects.push(Effect::Wipe);
    }
    effects.push(Effect::Tell(FrameMessage::Failed {
        code: Code::ProviderUnreachable,
    }));
    State::Unreachable(lost)
}

/// Whether the same order may be tried again after `code`. Where the order itself is at fault, only the
/// shop can help, and a button that can't help would be a lie.
fn can_try_again(code: Code) -> bool {
    matches!(
        code,
        Code::CardDeclined
            | Code::InsufficientFunds
            | Code::ProcessingFailed
            | Code::OrderInFlight
            | Code::ChallengeExpired
            | Code::ChallengeFailed
            | Code::PhoneLimitReached
            | Code::PhoneNotAllowed
            | Code::SealedMalformed
            | Code::SealedUnreadable
            | Code::ConsentDiffers
            | Code::MethodNotOffered
            | Code::MerchantPaused
            | Code::TooManyRequests
            | Code::RequestTimeout
            | Code::Busy
            | Code::Internal
    )
}
