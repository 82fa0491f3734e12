// Types for a page that loads farthing.js. Take a copy into your project; everything in it is global.

/** How you believe the charge ended. The frame asks the provider before it shows anything. */
type FarthingOutcome = 'paid' | 'failed' | 'unknown';

/** What a shopper may see again of what was paid with. */
interface FarthingHint {
  /** Of a card: `visa`, `mastercard`, `amex`, …; there can be more in time. */
  brand?: string;
  /** Of a bank account: its country, `DE`. */
  country?: string;
  /** Of a phone: the carrier's name. */
  carrier?: string;
  /** The last four digits of the card's number or of the account's IBAN. */
  last_four?: string;
}

interface FarthingToken {
  /** Redeem it from your server, with POST /v1/charges. It pays once. */
  token: string;
  /** From when on it can no longer be redeemed: seconds since 1970. */
  expires_at: number;
  hint: FarthingHint;
}

interface FarthingPurchase {
  /** Signed by the provider: verify it as docs/EMBEDDING.md shows, before you hand anything out. */
  proof: string;
  /** The receipt's id. */
  receipt: string;
}

interface FarthingFailure {
  /** One of the codes in docs/PROTOCOL.md, `order_expired`; there can be more in time. */
  code: string;
}

/**
 * `<farthing-checkout order="eyJ…">`, or with `price="prc_…"` where there is no server of yours. It belongs to the form around it: the token is submitted under
 * its `name`, or as `farthing-token` where it has none; resetting the form begins again.
 *
 * `locale` is the language that the frame begins in, `de`; without it, the browser's. The shopper can choose another.
 *
 * `return` is an address of your server that takes the token by POST, for shoppers on the provider's own page: where the frame
 * can't be loaded, and with `mode="redirect"` in place of the frame. Of a price it is where the shopper is led back to.
 */
interface FarthingCheckoutElement extends HTMLElement {
  /** Tell the frame that your server has tried to charge, so that it shows the result. */
  complete(outcome: FarthingOutcome): void;
  /** Begin again with the same order. Without effect on a token that your server already has. */
  reset(): void;
}

interface FarthingEventMap {
  /** The form can be used. */
  'farthing-ready': CustomEvent<null>;
  /** The shopper agreed: here is the token. */
  'farthing-token': CustomEvent<FarthingToken>;
  /** A price was bought: the provider has charged it. */
  'farthing-paid': CustomEvent<FarthingPurchase>;
  /** It ended without a token or without money; the shopper reads the reason in the frame. */
  'farthing-failed': CustomEvent<FarthingFailure>;
  /** The shopper chose not to pay. */
  'farthing-cancelled': CustomEvent<null>;
}

interface HTMLElementTagNameMap {
  'farthing-checkout': FarthingCheckoutElement;
}

// The events bubble and cross shadow roots, so a document or a form can listen for them too.
interface GlobalEventHandlersEventMap extends FarthingEventMap {}
