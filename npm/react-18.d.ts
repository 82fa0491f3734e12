// `<farthing-checkout>` in JSX, for React 18: `import type {} from '@farthing/checkout/react-18'`. That sets no listeners on
// elements that are not its own: take a `ref`, and `addEventListener`.
/// <reference path="./farthing.d.ts" />

import type { DetailedHTMLProps, HTMLAttributes } from 'react';

/** The element's attributes: an order or a price, and not both. */
export type FarthingAttributes = {
  /** Under which the form around it submits the token. */
  name?: string;
  /** An address of your server that takes the token by POST, from the provider's own page. */
  return?: string;
  /** A button that leads to that page, and no frame. */
  mode?: 'redirect';
} & ({ order?: string; price?: never } | { price?: string; order?: never });

/** What would not be called. */
type NoListeners = { [Name in keyof FarthingEventMap as `on${Name}`]?: never };

declare module 'react' {
  namespace JSX {
    interface IntrinsicElements {
      'farthing-checkout': DetailedHTMLProps<HTMLAttributes<FarthingCheckoutElement>, FarthingCheckoutElement> &
        FarthingAttributes &
        NoListeners;
    }
  }
}
