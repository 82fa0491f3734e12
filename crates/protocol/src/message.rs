//! Messages between the merchant's page (the loader) and the frame. `docs/PROTOCOL.md` describes them and
//! `tests/golden` holds examples, accepted and refused, that Rust and the loader both replay.
//!
//! One `window` message opens the way: [`Connect`], from the loader to the frame, with a `MessagePort`.
//! Everything after it is JSON text on that port: closed sets, no unknown field, bounded in length
//! ([`crate::limits::HOST_MESSAGE_CHARS`], [`crate::limits::FRAME_MESSAGE_CHARS`]).

use serde::{Deserialize, Serialize};

use crate::{Code, Hint, PlainToken, ReceiptId, UnixSeconds, object::object};

/// The one `window` message: `{"farthing":1,"type":"connect"}`, with exactly one port. Checked by
/// `www/boot.js`, before the application is there; here for the golden messages.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields, rename_all = "snake_case", tag = "type")]
pub enum Connect {
    /// Opens the way.
    Connect {
        /// The version of this protocol: 1.
        farthing: u8,
    },
}

/// From the merchant's page to the frame. None of them carries an amount that is believed.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields, rename_all = "snake_case", tag = "type")]
pub enum HostMessage {
    /// The order to pay. Again with another order, it takes the place of the first, unless a payment is
    /// under way.
    Order {
        /// The signed order, or the id of a price; at most [`crate::limits::ORDER_JWT_BYTES`].
        order: String,
    },
    /// The merchant's server has tried to charge. The frame asks the provider how it ended.
    Complete {
        /// How the page believes it ended.
        outcome: HostOutcome,
    },
    /// Begin again with the same order.
    Reset {},
}

/// How the page believes the charge ended: a reason to look, never what is shown.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum HostOutcome {
    /// Charged.
    Paid,
    /// Not charged.
    Failed,
    /// The page can't tell.
    Unknown,
}

/// From the frame to the merchant's page. None of them carries an instrument detail. One
/// carries the token, so the type has neither `Debug` nor `Clone`.
#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields, rename_all = "snake_case", tag = "type")]
pub enum FrameMessage {
    /// The frame's document is alive; its application may still be on its way. Sent by `boot.js`.
    Hello {},
    /// The form can be used.
    Ready {},
    /// The frame's content is this high, in CSS pixels, 1 to 10,000.
    Resize {
        /// CSS pixels.
        height: u16,
    },
    /// The shopper agreed, and here is the token.
    Token {
        /// The one-time token.
        #[serde(serialize_with = "PlainToken::hand_over")]
        token: PlainToken,
        /// From when on it can't be redeemed.
        expires_at: UnixSeconds,
        /// Brand and last four.
        #[serde(deserialize_with = "object")]
        hint: Hint,
    },
    /// A price was bought: the provider has charged it.
    Paid {
        /// The proof of purchase: JWS compact.
        proof: String,
        /// The receipt.
        receipt: ReceiptId,
    },
    /// It ended without a token, or without money.
    Failed {
        /// Why.
        code: Code,
    },
    /// The shopper chose not to pay.
    Cancelled {},
    /// The frame's application can't go on; a screen of its own says so.
    Fatal {
        /// Why.
        code: Code,
    },
}
