// Starts the frame's application, and says so in the page when that fails. What the application finds here
// is written down where it uses it: src/browser/bridge.rs.

const START_MS = 30_000;

const origins = document.querySelector('meta[name="farthing-origins"]')?.getAttribute('content')?.split(' ') ?? [];

/** @type {Promise<{ port: MessagePort, origin: string }>} */
const connected = new Promise((resolve) => {
  /** @param {MessageEvent} event */
  const listen = (event) => {
    const [port, ...more] = event.ports;
    if (event.source !== window.parent || !origins.includes(event.origin) || !port || more.length) return;
    if (!isConnect(event.data)) return;
    // From here on no window message is read.
    removeEventListener('message', listen);
    port.postMessage('{"type":"hello"}');
    resolve({ port, origin: event.origin });
  };
  addEventListener('message', listen);
});

/** @param {unknown} data */
function isConnect(data) {
  if (typeof data !== 'object' || data === null || Array.isArray(data)) return false;
  const fields = new Map(Object.entries(data));
  return fields.size === 2 && fields.get('farthing') === 1 && fields.get('type') === 'connect';
}

const first = document.getElementById('first');

// As the application's own fields: what stands in one that is never filled in by itself is not written to disk.
first?.addEventListener('input', ({ target }) => {
  if (target instanceof HTMLInputElement) target.autocomplete = 'off';
});

// The application has a screen now. It is told of what was typed before in the way in which it is told of everything.
function begun() {
  if (!first?.isConnected) return;
  const focused = document.hasFocus() && document.activeElement;
  for (const old of first.querySelectorAll('input')) {
    const input = document.querySelector(`#checkout #${old.id}`);
    if (!(input instanceof HTMLInputElement)) continue;
    input.value = old.value;
    // Before the old one goes: WebKit does not always give the focus to the next once it is nowhere.
    if (old === focused) {
      input.focus();
      input.setSelectionRange(old.selectionStart, old.selectionEnd);
    }
    if (old.value) input.dispatchEvent(new Event('input', { bubbles: true }));
  }
  first.remove();
}

// A field that is left says what is wrong with it, and all below it moves: a button that took the focus when the mouse goes down
// would be elsewhere when it comes up.
addEventListener('mousedown', (event) => {
  if (event.target instanceof Element && event.target.closest('button')) event.preventDefault();
});

// What a press on “Pay” is judged by (crates/flow/src/sight.rs). Chromium tells whether anything is painted over what is
// watched, by the frame or by the pages around it; the other engines tell only whether it is on the screen.
const eyes = { threshold: 0.5, trackVisibility: true, delay: 100 };
/** @type {Set<Element>} */
const covered = new Set();
let clear = 0; // since when nothing is
let there = Infinity; // since when the button is on the screen
let pointed = false; // whether the last press was a mouse's or a finger's, and not a key's or a screen reader's

const eye = new IntersectionObserver((/** @type {(IntersectionObserverEntry & { isVisible?: boolean })[]} */ entries) => {
  for (const { target, intersectionRatio, isVisible, time } of entries) {
    const seen = intersectionRatio >= 0.5;
    if (seen && isVisible === false) covered.add(target);
    else if (covered.delete(target)) clear = time;
    if (target.id === 'pay') there = seen ? Math.min(there, time) : Infinity;
  }
}, eyes);
// The form comes and goes. None is paid before it was filled in, or at least its box ticked; to observe what is observed
// already changes nothing.
addEventListener('input', () => {
  for (const element of document.querySelectorAll('#pay, #consent-text')) eye.observe(element);
});
addEventListener('click', ({ detail }) => (pointed = detail > 0), true);

// Firefox tells a frame that is off the screen nothing, but draws it once a second at the most: after a pause the button
// is there anew.
let drawn = 0;
const draw = (/** @type {number} */ now) => {
  if (now - drawn > 450) there = Math.max(there, now);
  drawn = now;
  setTimeout(requestAnimationFrame, 100, draw);
};
requestAnimationFrame(draw);

// Keys need no button on the screen, and no page can slip one under them.
const sight = () => (covered.size ? 0 : performance.now() - Math.max(clear, pointed ? there : 0));

let hasFailed = false;

function failed() {
  if (hasFailed) return;
  hasFailed = true;
  first?.remove();
  document.getElementById('app')?.setAttribute('hidden', '');
  document.getElementById('boot-failure')?.removeAttribute('hidden');
  connected.then(({ port }) => port.postMessage('{"type":"fatal","code":"frame_failed"}'));
}

Object.defineProperty(globalThis, 'farthing', { value: Object.freeze({ connected, failed, begun, sight }) });

// A trap that is no panic, as when memory runs out, passes by the panic hook.
addEventListener('error', ({ error }) => {
  if (error instanceof WebAssembly.RuntimeError) failed();
});

document.getElementById('boot-retry')?.addEventListener('click', () => location.reload());

// Out of the back-forward cache comes a form as it was left, with a quote and a port from then: begin anew.
addEventListener('pageshow', ({ persisted }) => {
  if (persisted) location.reload();
});

async function start() {
  const glue = document.querySelector('link[rel="modulepreload"]');
  const wasm = document.querySelector('link[rel="preload"][as="fetch"]');
  if (!(glue instanceof HTMLLinkElement) || !(wasm instanceof HTMLLinkElement) || !wasm.integrity) {
    throw new Error('frame.html names no application');
  }
  // Mode, credentials and integrity as in the link, so that the preload is used and not fetched again. An
  // answer that is not the application, be it an error's, has another hash.
  const response = fetch(wasm.href, { integrity: wasm.integrity, credentials: 'same-origin' });
  response.catch(() => {}); // reported below, also when the import fails first
  // import() takes no hash. Its module comes from the module map, where the link's modulepreload put it
  // after checking its hash; without that, the header Integrity-Policy: blocked-destinations=(script) blocks it.
  const { default: init } = await import(glue.href);
  const answer = await response;
  if (!hasFailed) await init({ module_or_path: answer }); // too late is late: the shopper was told
}

const deadline = setTimeout(failed, START_MS);
start().then(
  () => clearTimeout(deadline),
  (error) => {
    console.error(error);
    clearTimeout(deadline);
    failed();
  },
);

export {};
