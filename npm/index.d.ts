/// <reference path="./farthing.d.ts" />

export interface LoadOptions {
  /** One release and no other: the 64 hex digits that the provider's `/v1/sri.json` names. */
  release?: string;
  /** Of a page whose policy lets scripts in by nonce. */
  nonce?: string;
}

/**
 * Loads `<farthing-checkout>` from `provider`, an origin such as `https://pay.example`: once, however often it is
 * called. Where there is no document it has nothing to do. Rejects if the loader can't be loaded, and then tries
 * anew when it is called again; and if the page has the checkout of another provider already, as there can be one.
 */
export function loadFarthing(provider: string, options?: LoadOptions): Promise<void>;
