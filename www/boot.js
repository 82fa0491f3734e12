// Starts the frame's application, and says so in the page when that fails. frame.html loads it as a module.
//
// What the application (src/browser/bridge.rs) finds here:
//
//   globalThis.farthing.connected   Promise<{ port: MessagePort, origin: string }>. The way to the merchant's
//                                   page, and that page's origin as the browser named it. The port is not
//                                   started: set its onmessage (or call start()) when ready to read, and what
//                                   came before is delivered then. `hello` has been sent. Never rejects.
//   globalThis.farthing.failed()    The application can't go on (call it from the panic hook): shows the failure
//                                   screen and sends {"type":"fatal","code":"frame_failed"}. Only once.
//
// What it finds in frame.html: <meta name="farthing-origins" content="https://a.example https://b.example">,
// elements with the ids `app`, `boot-failure` (hidden) and `boot-retry` (a button in it), and Trunk's links
// <link rel="modulepreload"> (glue; the first one) and <link rel="preload" as="fetch" integrity> (wasm).

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

let hasFailed = false;

function failed() {
  if (hasFailed) return;
  hasFailed = true;
  document.getElementById('app')?.setAttribute('hidden', '');
  document.getElementById('boot-failure')?.removeAttribute('hidden');
  connected.then(({ port }) => port.postMessage('{"type":"fatal","code":"frame_failed"}'));
}

Object.defineProperty(globalThis, 'farthing', { value: Object.freeze({ connected, failed }) });

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
