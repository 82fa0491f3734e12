// The loader is a classic script: it finds its provider by its own address, which a module does not have.

const TAG = 'farthing-checkout';

/** @typedef {{ release?: string, nonce?: string }} Options */

const NOTHING_TO_DO = Promise.resolve();

/** @type {{ origin: string, loaded: Promise<void> } | null} */
let current = null;

/**
 * @param {string} provider
 * @param {Options} [options]
 * @returns {Promise<void>} the same each time, so that a component can wait for it anew at each render
 */
export function loadFarthing(provider, options = {}) {
  try {
    const origin = originOf(provider);
    const path = pathOf(options.release);
    if (typeof document === 'undefined') return NOTHING_TO_DO;
    if (!current) {
      const started = { origin, loaded: load(origin, path, options) };
      current = started;
      started.loaded.catch(() => {
        if (current === started) current = null;
      });
    }
    if (current.origin !== origin) throw otherProvider(current.origin, origin);
    return current.loaded;
  } catch (error) {
    return Promise.reject(error);
  }
}

/** @param {string} provider */
function originOf(provider) {
  let url;
  try {
    url = new URL(provider);
  } catch {
    url = null;
  }
  if (!url || !/^https?:$/.test(url.protocol)) {
    throw new TypeError(`loadFarthing() takes your provider's origin, as in 'https://pay.example', not '${provider}'.`);
  }
  return url.origin;
}

/** @param {string | undefined} release */
function pathOf(release) {
  if (release === undefined) return '/v1/farthing.js';
  if (!/^[0-9a-f]{64}$/.test(release)) {
    throw new TypeError("A release is the 64 hex digits that the provider's /v1/sri.json names.");
  }
  return `/v1/loader/${release}/farthing.js`;
}

/**
 * @param {string} origin
 * @param {string} path
 * @param {Options} options
 */
async function load(origin, path, options) {
  if (!customElements.get(TAG)) {
    const script = written(origin) ?? append(origin, path, options);
    await ended(script);
    if (!customElements.get(TAG)) {
      script.remove();
      throw new Error(`Farthing's loader could not be loaded from ${origin}. Call loadFarthing() again to try once more.`);
    }
  }
  const definition = /** @type {CustomElementConstructor & { provider?: string }} */ (customElements.get(TAG));
  // The first definition stays for as long as the page does.
  if (definition.provider !== origin) throw otherProvider(String(definition.provider), origin);
}

/**
 * A tag that somebody wrote and that is still at work. When the page has loaded, all that it came with has ended.
 * @param {string} origin
 */
function written(origin) {
  if (document.readyState === 'complete') return undefined;
  return [...document.scripts].find(({ src }) => {
    const { origin: from, pathname } = new URL(src || 'data:', location.href);
    return from === origin && /^\/v1\/(loader\/[0-9a-f]{64}\/)?farthing\.js$/.test(pathname);
  });
}

/**
 * @param {string} origin
 * @param {string} path
 * @param {Options} options
 */
function append(origin, path, { release, nonce }) {
  const script = document.createElement('script');
  if (nonce) script.nonce = nonce;
  if (release) {
    script.crossOrigin = 'anonymous';
    // A release's name is its hash.
    const bytes = (release.match(/../g) ?? []).map((pair) => parseInt(pair, 16));
    script.integrity = `sha256-${btoa(String.fromCharCode(...bytes))}`;
  }
  script.src = trusted(origin + path);
  // document.currentScript is null in a shadow root: always in the head.
  document.head.append(script);
  return script;
}

/** @type {{ createScriptURL: (address: string) => any } | undefined} */
let policy;

/**
 * The address as a page with Trusted Types takes it.
 * @param {string} address
 * @returns {string}
 */
function trusted(address) {
  try {
    // Once: a policy's name can't be used twice.
    policy ??= /** @type {any} */ (globalThis).trustedTypes?.createPolicy(TAG, { createScriptURL: (/** @type {string} */ text) => text });
  } catch {
    // The page does not allow the policy. If it asks for one, the browser says so.
  }
  return policy ? policy.createScriptURL(address) : address;
}

/**
 * Settles when the script has run or never will.
 * @param {HTMLScriptElement} script
 * @returns {Promise<void>}
 */
function ended(script) {
  return new Promise((resolve) => {
    for (const [target, type] of /** @type {const} */ ([[script, 'load'], [script, 'error'], [window, 'load']])) {
      target.addEventListener(type, () => resolve(), { once: true });
    }
  });
}

/** @type {(first: string, second: string) => Error} */
const otherProvider = (first, second) =>
  new Error(`This page has the checkout of ${first}; ${second} can't have one beside it. Load one provider a page.`);
