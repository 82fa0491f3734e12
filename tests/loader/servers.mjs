// Three origins: a shop (localhost), the provider (127.0.0.1), and another page's (localhost, another port).
// The provider's frame is a double that the tests drive; farthing.js and boot.js are the real ones.

import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';

const file = (path) => readFileSync(new URL(path, import.meta.url));
const hash = (content) => `sha384-${createHash('sha384').update(content).digest('base64')}`;

const LOADER = file('../../www/farthing.js');
const BOOT = file('../../www/boot.js');
const RELEASE = createHash('sha256').update(LOADER).digest('hex');
const PAGE = file('pages/page.js');
const DOUBLE = file('pages/frame-double.js');
const PROBE = file('pages/boot-probe.js');
const POST = file('pages/post-connect.js');
const GLUE = file('pages/glue.js');
const WASM = Buffer.from([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0]);

const ANYWHERE = { 'cross-origin-resource-policy': 'cross-origin', 'cross-origin-embedder-policy': 'require-corp' };

export async function openServers() {
  const requests = [];
  const pending = new Set();
  const origins = {};
  const faults = new Set();
  const modules = {};
  const servers = [
    await listen('127.0.0.1', (url, answer) => {
      if (faults.has(url.pathname)) return answer.writeHead(503).end();
      provide(url, answer, origins, requests, pending);
    }),
    await listen('localhost', (url, answer) => sell(url, answer, origins, modules)),
    await listen('localhost', (url, answer) => sell(url, answer, origins, modules)),
  ];
  [origins.provider, origins.shop, origins.other] = servers.map(({ origin }) => origin);
  return {
    ...origins,
    requests,
    release: RELEASE,
    /** Paths of the provider that are not to be had. */
    faults,
    /** Modules of the shop, by their paths. */
    modules,
    async close() {
      for (const answer of pending) answer.destroy();
      await Promise.all(servers.map(({ close }) => close()));
    },
  };
}

/**
 * A merchant's page under a strict policy. ?order= gives its script tag an order, ?price= a price, ?twice loads it twice; with
 * ?bare there is no tag, for a module that loads it, and ?early runs one that can't wait. ?markup= has an element with that order and
 * a frame in it, from ?from=.
 */
function sell(url, answer, { provider }, modules) {
  if (modules[url.pathname]) return send(answer, 'text/javascript', modules[url.pathname]);
  if (url.pathname === '/page.js') return send(answer, 'text/javascript', PAGE);
  if (url.pathname === '/post-connect.js') return send(answer, 'text/javascript', POST);
  if (url.pathname === '/blank') return send(answer, 'text/html', '<!doctype html><title>Blank</title>');
  const order = url.searchParams.get('order');
  const script = (data) => `<script src="${provider}/v1/farthing.js"${data}></script>`;
  const bare = url.searchParams.has('bare');
  const price = url.searchParams.get('price');
  const named = price ? ` data-price="${price}"` : '';
  const first = url.searchParams.has('twice') ? script('') : '';
  const markup = url.searchParams.get('markup');
  const from = `${provider}${url.searchParams.get('from')}`;
  const own = markup ? `<farthing-checkout id="own" order="${markup}"><iframe src="${from}"></iframe></farthing-checkout>` : '';
  const tag = bare ? '' : first + script(order ? ` data-order="${order}"` : named);
  send(
    answer,
    'text/html',
    `<!doctype html><title>Shop</title><script src="/page.js"></script>
     ${url.searchParams.has('early') ? '<script src="/early.js"></script>' : ''}
     <form id="form" action="/blank">${own}${tag}<p id="after">After</p></form>`,
    {
      'content-security-policy':
        `default-src 'none'; script-src 'self' ${provider}; frame-src 'self' ${provider} blob:; form-action 'self'; ` +
        `require-trusted-types-for 'script'; trusted-types ${bare ? 'farthing-checkout' : "'none'"}`,
      ...(url.searchParams.has('isolated') && {
        'cross-origin-opener-policy': 'same-origin',
        'cross-origin-embedder-policy': 'require-corp',
      }),
    },
  );
}

function provide(url, answer, origins, requests, pending) {
  requests.push(url.pathname);
  const [, place, what, name] = url.pathname.split('/');
  if (url.pathname === '/v1/farthing.js') return send(answer, 'text/javascript', LOADER, ANYWHERE);
  if (what === 'loader') return send(answer, 'text/javascript', LOADER, { ...ANYWHERE, 'access-control-allow-origin': '*' });
  if (url.pathname === '/boot.js') return send(answer, 'text/javascript', BOOT, ANYWHERE);
  if (url.pathname === '/frame-double.js') return send(answer, 'text/javascript', DOUBLE, ANYWHERE);
  if (url.pathname === '/boot-probe.js') return send(answer, 'text/javascript', PROBE, ANYWHERE);
  if (place === 'glue') return send(answer, 'text/javascript', GLUE, ANYWHERE);
  if (place === 'wasm' && what !== 'missing') return send(answer, 'application/wasm', what === 'bad' ? 'not wasm' : WASM, ANYWHERE);
  if (place === 'boot') return send(answer, 'text/html', bootPage(what, origins), BOOT_HEADERS);
  if (place === 'v1' && what === 'frame') {
    const mode = modeOf(name);
    const attempt = requests.filter((path) => path === url.pathname).length;
    if (mode === 'hangs') return pending.add(answer);
    return send(answer, 'text/html', `<!doctype html><title>Double</title><script src="/frame-double.js" data-attempt="${attempt}"></script>`, {
      ...ANYWHERE,
      'content-security-policy': `frame-ancestors ${mode === 'unframed' ? "'none'" : origins.shop}`,
    });
  }
  answer.writeHead(404).end();
}

const modeOf = (merchant) => merchant.replace('mer_', '').replace(/0+$/, '');

const BOOT_HEADERS = {
  ...ANYWHERE,
  'content-security-policy':
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'; " +
    "require-trusted-types-for 'script'; trusted-types 'none'",
  'integrity-policy': 'blocked-destinations=(script)',
};

/** The frame's page as Trunk and frame.html make it, with the fault that `fault` names. */
function bootPage(fault, { shop }) {
  const wrong = hash('something else');
  const glue = `<link rel="modulepreload" href="/glue/${fault}" crossorigin="anonymous" integrity="${fault === 'glue-changed' ? wrong : hash(GLUE)}">`;
  const path = { 'wasm-missing': '/wasm/missing', 'wasm-bad': '/wasm/bad' }[fault] ?? '/wasm/good';
  const digest = { 'wasm-changed': wrong, 'wasm-bad': hash('not wasm') }[fault] ?? hash(WASM);
  const integrity = fault === 'wasm-unhashed' ? '' : ` integrity="${digest}"`;
  const wasm = `<link rel="preload" href="${path}" crossorigin="anonymous"${integrity} as="fetch" type="application/wasm">`;
  return `<!doctype html><title>Frame</title>
    <meta name="farthing-origins" content="https://shop.example ${shop}">
    <script src="/boot-probe.js" crossorigin="anonymous" integrity="${hash(PROBE)}"></script>
    ${fault === 'unnamed' ? '' : glue + wasm}
    <script type="module" src="/boot.js" integrity="${hash(BOOT)}"></script>
    <div id="app"></div>
    <section id="boot-failure" hidden><button id="boot-retry" type="button">Try again</button></section>`;
}

function send(answer, type, body, headers = {}) {
  answer.writeHead(200, { 'content-type': type, 'cache-control': 'no-store', ...headers }).end(body);
}

function listen(host, handle) {
  const server = createServer((request, answer) => handle(new URL(request.url, 'http://x'), answer));
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, host, () =>
      resolve({
        origin: `http://${host}:${server.address().port}`,
        close: () => new Promise((done) => (server.close(done), server.closeAllConnections())),
      }),
    );
  });
}
