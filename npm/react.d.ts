// `<farthing-checkout>` in JSX, for React 19 and later: `import type {} from '@farthing/checkout/react'`.
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
} & ({ order?: string | null; price?: never } | { price?: string | null; order?: never });

/** Listeners, under the events' own names. */
export type FarthingListeners = {
  [Name in keyof FarthingEventMap as `on${Name}`]?: (
    event: FarthingEventMap[Name] & { target: FarthingCheckoutElement },
  ) => void;
};

declare module 'react' {
  namespace JSX {
    interface IntrinsicElements {
      'farthing-checkout': DetailedHTMLProps<HTMLAttributes<FarthingCheckoutElement>, FarthingCheckoutElement> &
        FarthingAttributes &
        FarthingListeners;
    }
  }
}
