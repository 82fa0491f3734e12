// Farthing's loader. It puts <farthing-checkout> into a merchant's page, and the provider's frame into that.
// It carries an order or a price in, and a one-time token or a proof of purchase out; what is shown and charged is decided in the frame.
// The messages are in docs/PROTOCOL.md, the types for your editor in farthing.d.ts.
(() => {
  'use strict';

  const script = document.currentScript;
  if (!(script instanceof HTMLScriptElement) || !script.src) {
    throw new Error('farthing.js finds its provider by its own address: use <script src="…/v1/farthing.js">.');
  }
  const provider = new URL(script.src).origin;

  const ORDER_CHARS = 8192;
  const MESSAGE_CHARS = 12_288;
  const LOAD_MS = 20_000;
  const HELLO_MS = 4_000;
  // The frame reports its own failures within this time; only one that hangs lets it pass.
  const READY_MS = 60_000;
  const PLAINLY = 'Pay on a separate page';

  /** @typedef {((value: unknown) => boolean) | { [field: string]: Shape }} Shape */

  const isText = (/** @type {unknown} */ value) => typeof value === 'string';
  const like = (/** @type {RegExp} */ form) => (/** @type {unknown} */ value) =>
    typeof value === 'string' && form.test(value);
  // A loader that is pinned by its hash can be older than the frame, so it passes on codes it does not know.
  const isCode = like(/^[a-z_]{1,64}$/);
  const isMerchant = like(/^mer_[0-9a-z]{30}$/);
  const isPrice = like(/^prc_[0-9a-z]{30}$/);

  const lastFour = like(/^\d{4}$/);
  /**
   * What may be seen again of a card, of a bank account, and of a phone.
   * @type {Shape[]}
   */
  const HINTS = [{ brand: isText, last_four: lastFour }, { country: isText, last_four: lastFour }, { carrier: isText }];

  /**
   * The frame's messages: each type with exactly these fields.
   * @type {{ [type: string]: Shape }}
   */
  const FRAME_MESSAGES = {
    hello: {},
    ready: {},
    resize: { height: (height) => Number.isInteger(height) && Number(height) >= 1 && Number(height) <= 10_000 },
    token: {
      token: like(/^tok_[0-9a-z]{30}$/),
      expires_at: Number.isSafeInteger,
      hint: (hint) => HINTS.some((shape) => fits(shape, hint)),
    },
    paid: { proof: like(/^[\w-]+(\.[\w-]+){2}$/), receipt: like(/^rcp_[0-9a-z]{30}$/) },
    failed: { code: isCode },
    cancelled: {},
    fatal: { code: isCode },
  };

  /** @type {(shape: Shape, value: any) => boolean} */
  const fits = (shape, value) =>
    typeof shape === 'function'
      ? shape(value)
      : typeof value === 'object' && value !== null && !Array.isArray(value) &&
        Object.keys(value).length === Object.keys(shape).length &&
        Object.keys(shape).every((field) => Object.hasOwn(value, field) && fits(shape[field], value[field]));

  /**
   * A message of the frame, or null for anything that is none.
   * @param {unknown} data
   * @returns {{ type: string, detail: any } | null}
   */
  const read = (data) => {
    if (typeof data !== 'string' || data.length > MESSAGE_CHARS) return null;
    try {
      const { type, ...detail } = JSON.parse(data);
      const known = typeof type === 'string' && Object.hasOwn(FRAME_MESSAGES, type);
      return known && fits(FRAME_MESSAGES[type], detail) ? { type, detail } : null;
    } catch {
      return null;
    }
  };

  /**
   * Whose order it is, read without trust: it only picks the frame's address. The provider checks the order. A price
   * has a frame by its own name.
   * @param {string} order
   */
  const merchantOf = (order) => {
    if (isPrice(order)) return order;
    try {
      const [, payload, , ...more] = order.split('.');
      if (order.length > ORDER_CHARS || more.length) return null;
      // Not decoded as UTF-8: the merchant's id is ASCII, and nothing else is read.
      const { iss } = JSON.parse(atob(payload.replace(/-/g, '+').replace(/_/g, '/')));
      return isMerchant(iss) ? String(iss) : null;
    } catch {
      return null;
    }
  };

  // A constructed sheet works under a CSP that forbids inline styles; a <style> would not.
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`
    :host { display: block }
    :host([hidden]) { display: none }
    iframe, ::slotted(iframe) { display: block; width: 100%; border: 0; padding: 0 }
    :popover-open { max-width: 30em; max-height: 100% }
    p { margin: 0 }
    p:not(:empty), form:not(:empty) { padding: 0 0 1em }
    button { font: inherit; padding: .5em 1em }
  `);

  /** @implements {FarthingCheckoutElement} */
  class FarthingCheckout extends HTMLElement {
    static formAssociated = true;
    static observedAttributes = ['order', 'price', 'name'];
    static provider = provider; // whose checkout a page has: the first definition stays

    #internals = this.attachInternals();
    #box = document.createElement('div');
    // In the page before it has a text: a live region that arrives together with its text is not read out.
    #notice = document.createElement('p');
    #again = document.createElement('button');
    // Leads to the provider's own page, which needs no frame and no script.
    #plain = document.createElement('form');

    /** @type {HTMLIFrameElement | null} */ #frame = null;
    /** @type {MessagePort | null} */ #port = null;
    // All that are open: one that nobody closes stays for as long as the page.
    /** @type {MessagePort[]} */ #ports = [];
    /** @type {string | null} */ #merchant = null;
    /** @type {string | null} */ #token = null;
    /** @type {ReturnType<typeof setTimeout> | undefined} */ #timer;
    #height = '560px'; // reserved before the frame says its own
    #connected = false;
    #retried = false;
    #handedOver = false; // it may have been charged: the page has a token, or the frame of a price charges itself

    constructor() {
      super();
      this.#notice.setAttribute('role', 'alert');
      this.#again.type = 'button';
      this.#again.textContent = 'Try again';
      this.#again.hidden = true;
      this.#again.onclick = () => {
        this.#start();
        this.#frame?.focus(); // the button that had the focus is gone
      };
      this.#plain.method = 'post';
      this.#plain.action = `${provider}/v1/pay`;
      // Shows a frame that stands in the page's own markup.
      const slot = document.createElement('slot');
      slot.name = 'frame';
      this.#box.append(this.#notice, this.#again, this.#plain, slot);
      this.#resize();
      const root = this.attachShadow({ mode: 'open' });
      root.adoptedStyleSheets = [sheet];
      root.append(this.#box);
    }

    /** @param {FarthingOutcome} outcome */
    complete(outcome) {
      if (!['paid', 'failed', 'unknown'].includes(outcome)) {
        throw new TypeError("complete() takes 'paid', 'failed' or 'unknown'.");
      }
      this.#send({ type: 'complete', outcome });
    }

    reset() {
      this.#keep(null);
      if (this.#frame) this.#send({ type: 'reset' });
      else if (this.#connected) this.#start();
    }

    formResetCallback() {
      this.reset();
    }

    connectedCallback() {
      this.#connected = true;
      this.#start();
    }

    // Being there tells browsers with moveBefore() to move the frame as it is, with all that was typed.
    connectedMoveCallback() {}

    disconnectedCallback() {
      this.#connected = false;
      this.#stop();
    }

    /** @type {(attribute: string, before: string | null, now: string | null) => void} */
    attributeChangedCallback(attribute, before, now) {
      if (attribute === 'name') return this.#keep(this.#token);
      if (before === now) return;
      this.#handedOver = false;
      const order = this.#order();
      if (this.#frame && order !== null && merchantOf(order) === this.#merchant) {
        this.#keep(null);
        this.#send({ type: 'order', order });
      } else if (this.#connected) {
        this.#start();
      }
    }

    #order() {
      return this.getAttribute('price') ?? this.getAttribute('order');
    }

    #start() {
      this.#retried = false;
      this.#load();
    }

    #load() {
      this.#stop();
      const order = this.#order();
      if (order === null) return; // frameworks add attributes later
      this.#merchant = merchantOf(order);
      if (!this.#merchant) {
        // Later, so that the page can listen first, as it can to everything that a frame says.
        this.#timer = setTimeout(() => this.#fail('order_malformed'));
        return;
      }
      if (this.getAttribute('mode') === 'redirect' && this.#lead('Pay')) {
        this.#box.style.minHeight = '';
        this.#timer = setTimeout(() => this.#tell('ready'));
        return;
      }
      // Needs no attribute on a cross-origin isolated page: the frame's answer has COEP and CORP.
      const locale = this.getAttribute('locale');
      const src = `${provider}/v1/frame/${this.#merchant}` + (locale ? `?locale=${encodeURIComponent(locale)}` : '');
      const there = this.querySelector('iframe');
      // A new element for each try: another address in the same one would be a step in the page's history.
      const frame = there?.src === src ? there : document.createElement('iframe');
      frame.title = 'Payment form';
      // On every load, because a frame also loads anew by itself: from the history, or to try again.
      frame.onload = () => this.#connect(frame, frame !== there);
      this.#frame = frame;
      this.#resize();
      if (frame === there) {
        frame.slot = 'frame';
        // No longer the empty page that a frame begins with: its load may have been before this script's.
        if (!frame.contentDocument) this.#connect(frame);
      } else {
        frame.src = src;
        this.#box.append(frame);
      }
      this.#within(LOAD_MS);
    }

    #stop() {
      clearTimeout(this.#timer);
      this.#frame?.remove();
      this.#port = this.#frame = null;
      this.#hangUp();
      this.#notice.textContent = '';
      this.#again.hidden = true;
      this.#plain.replaceChildren();
      this.#keep(null);
    }

    /**
     * The way to the provider's own page, for a shop that says where that sends the token.
     * @param {string} words
     */
    #lead(words) {
      const to = this.getAttribute('return');
      // With a token out, the shop has to be asked first.
      if (!to || this.#handedOver) return false;
      const button = document.createElement('button');
      button.textContent = words;
      const fields = { order: this.#order(), return: new URL(to, document.baseURI).href };
      this.#plain.replaceChildren(
        ...Object.entries(fields).map(([name, value]) =>
          Object.assign(document.createElement('input'), { type: 'hidden', name, value })),
        button,
      );
      return true;
    }

    /**
     * The frame answers the first that it sees, and is given the order by that way then.
     * @param {HTMLIFrameElement} frame
     * @param {boolean} [waits] for a hello: a frame that was there may have said that already
     */
    #connect(frame, waits) {
      if (frame !== this.#frame) return; // removed by whoever heard of its load first
      const { port1, port2 } = new MessageChannel();
      this.#ports.push(port1);
      port1.onmessage = ({ data }) => {
        if (port1 !== this.#port && read(data)?.type === 'hello') {
          this.#port = port1;
          this.#hangUp();
          this.#keep(null);
          this.#send({ type: 'order', order: this.#order() });
        }
        if (port1 === this.#port) this.#receive(data);
      };
      frame.contentWindow?.postMessage({ farthing: 1, type: 'connect' }, provider, [port2]);
      if (waits) this.#within(HELLO_MS);
    }

    // All but the one that counts.
    #hangUp() {
      this.#ports = this.#ports.filter((port) => port === this.#port || port.close());
    }

    /** @param {unknown} data */
    #receive(data) {
      const message = read(data);
      if (!message) return;
      const { type, detail } = message;
      if (type === 'hello') return this.#within(READY_MS);
      if (type === 'resize') return this.#resize(detail.height);
      const frame = this.#frame;
      if (frame) {
        // Before everything on the page, or back: what covers it may be a header that means no harm.
        frame.popover = detail.code === 'frame_covered' ? 'manual' : null;
        if (frame.popover) frame.showPopover?.();
      }
      clearTimeout(this.#timer);
      this.#retried = false;
      if (type === 'token' || (type === 'ready' && this.hasAttribute('price'))) this.#handedOver = true;
      if (type === 'ready') return this.#tell('ready');
      this.#keep(type === 'token' ? detail.token : null);
      if (type === 'cancelled') return this.#tell('cancelled');
      if (/^frame_/.test(detail.code)) this.#lead(PLAINLY);
      this.#tell(type === 'fatal' ? 'failed' : type, detail);
    }

    /** @param {number} ms */
    #within(ms) {
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => {
        if (this.#retried) return this.#fail('frame_unreachable');
        this.#retried = true;
        this.#load();
      }, ms);
    }

    /** @param {'frame_unreachable' | 'order_malformed'} code */
    #fail(code) {
      this.#stop();
      const charged = this.#handedOver
        ? 'A payment may be under way: ask the shop before you pay again.'
        : 'Nothing has been charged.';
      this.#notice.textContent = code === 'order_malformed'
        ? 'This payment can’t be started, because the shop’s order can’t be read. Nothing has been charged. Please tell the shop.'
        : `The payment form could not be loaded. ${charged} Check your connection and try again; if it stays so, tell the shop.`;
      this.#again.hidden = code === 'order_malformed';
      if (!this.#again.hidden) this.#lead(PLAINLY);
      this.#tell('failed', { code });
    }

    /** @param {number} [height] CSS pixels */
    #resize(height) {
      if (height) this.#height = `${height}px`;
      this.#box.style.minHeight = this.#height;
      if (this.#frame) this.#frame.style.height = this.#height;
    }

    /**
     * The form's value. As FormData, so that it has a name even where the merchant gave none.
     * @param {string | null} token
     */
    #keep(token) {
      this.#token = token;
      const value = new FormData();
      if (token) value.set(this.getAttribute('name') || 'farthing-token', token);
      this.#internals.setFormValue(token && value);
    }

    /** @param {object} message */
    #send(message) {
      this.#port?.postMessage(JSON.stringify(message));
    }

    /** @type {(what: string, detail?: object) => void} */
    #tell(what, detail) {
      this.dispatchEvent(new CustomEvent(`farthing-${what}`, { bubbles: true, composed: true, detail }));
    }
  }

  if (!customElements.get('farthing-checkout')) customElements.define('farthing-checkout', FarthingCheckout);

  const { order, price } = script.dataset;
  if (order !== undefined || price !== undefined) {
    const checkout = document.createElement('farthing-checkout');
    for (const attribute of ['order', 'price', 'name', 'mode', 'return', 'locale']) {
      const value = script.dataset[attribute];
      if (value !== undefined) checkout.setAttribute(attribute, value);
    }
    script.after(checkout);
  }
})();
