// The loader in a browser, on a page with a strict policy, with the frame's double on another origin.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, afterEach, before, beforeEach, test } from 'node:test';

import { openBrowser } from './browser.mjs';
import { openServers } from './servers.mjs';

let browser, servers;
before(async () => {
  servers = await openServers();
  browser = await openBrowser();
});
after(async () => {
  await browser?.quit();
  await servers?.close();
});
beforeEach(() => browser.goto(`${servers.shop}/`));
afterEach(async () => {
  // Every journey here runs under a policy without inline styles and with Trusted Types.
  assert.deepEqual(await browser.run(() => violations), []);
});

const hosts = JSON.parse(readFileSync(new URL('../golden/host_messages.json', import.meta.url), 'utf8'));
const order = (mode = '') => `{}.${Buffer.from(JSON.stringify({ iss: `mer_${mode.padEnd(30, '0')}` })).toString('base64url')}.c2ln`;

test('a script tag mounts beside itself', async () => {
  await browser.goto(`${servers.shop}/?order=${order()}`);
  const seen = await browser.run(async () => {
    const script = document.querySelector('script[data-order]');
    const checkout = script.nextElementSibling;
    const frame = frameOf(checkout);
    const [message] = await until(() => reported(frame, 'message').length && reported(frame, 'message'));
    const [connect] = reported(frame, 'connect');
    return { tag: checkout.localName, src: frame.src, title: frame.title, connect, sent: message.data, ready: events };
  });
  assert.equal(seen.tag, 'farthing-checkout');
  assert.equal(seen.src, `${servers.provider}/v1/frame/mer_${'0'.repeat(30)}`);
  assert.notEqual(seen.title, '');
  assert.deepEqual(seen.connect.data, { farthing: 1, type: 'connect' });
  assert.equal(seen.connect.ports, 1);
  assert.equal(seen.connect.origin, servers.shop);
  assert.equal(seen.sent, JSON.stringify({ type: 'order', order: order() }));
  assert.deepEqual(seen.ready, [{ type: 'farthing-ready', detail: null, target: '' }]);
});

test('its place is kept from the start, and follows the frame', async () => {
  const [atOnce, moved, lower] = await browser.run(async () => {
    const after = document.querySelector('#after');
    const checkout = make(orderFor());
    after.before(checkout);
    const atOnce = after.getBoundingClientRect().top;
    await until(() => events.length);
    const moved = after.getBoundingClientRect().top;
    await drive(checkout, '{"type":"resize","height":700}');
    frameOf(checkout).contentWindow.postMessage({ drive: ['{"type":"resize","height":300}'] }, '*');
    await until(() => frameOf(checkout).style.height === '300px');
    return [atOnce, moved, after.getBoundingClientRect().top];
  });
  assert.equal(moved, atOnce);
  assert.equal(lower, atOnce - 260);
});

// With the frame in its own markup, as a server writes it.
const inMarkup = (mode, more = '', from = mode) =>
  browser.goto(`${servers.shop}/?markup=${order(mode)}&from=/v1/frame/mer_${from.padEnd(30, '0')}${more}`);
const framesOf = (mode) => servers.requests.filter((path) => path === `/v1/frame/mer_${mode.padEnd(30, '0')}`).length;
const runLoader = async (provider) => {
  const script = document.createElement('script');
  const policy = trustedTypes.createPolicy('farthing-checkout', { createScriptURL: (address) => address });
  script.src = policy.createScriptURL(`${provider}/v1/farthing.js`);
  document.body.append(script);
};
const looksAtOwn = async () => {
  const checkout = document.querySelector('#own');
  const frame = checkout.querySelector('iframe');
  await until(() => events.length);
  const shown = frame.getBoundingClientRect();
  const messages = () => reported(frame, 'message').map(({ data }) => data);
  await until(() => messages().length);
  const first = messages();
  // It loads anew by itself: nothing of the first connection is in the way.
  frame.contentWindow.postMessage({ ask: 'reload' }, '*');
  await until(() => events.length > 1 && messages().length > 1);
  checkout.reset();
  await until(() => messages().length > 2);
  return { first, then: messages().slice(1), height: shown.height, wide: shown.width > 300, within: checkout.shadowRoot.querySelector('iframe'), events: events.map(({ type }) => type) };
};
const own = (mode) => ({
  first: [JSON.stringify({ type: 'order', order: order(mode) })],
  then: [JSON.stringify({ type: 'order', order: order(mode) }), '{"type":"reset"}'],
  height: 560,
  wide: true,
  within: null,
  events: ['farthing-ready', 'farthing-ready'],
});

test('a frame in the markup is taken before its load', async () => {
  await inMarkup('markupsoon');
  assert.deepEqual(await browser.run(looksAtOwn), own('markupsoon'));
  assert.equal(framesOf('markupsoon'), 2);
});

test('a frame in the markup is taken long after its load', async () => {
  await inMarkup('markuplate', '&bare');
  await browser.run(runLoader, servers.provider);
  assert.deepEqual(await browser.run(looksAtOwn), own('markuplate'));
  assert.equal(framesOf('markuplate'), 2);
});

test('a frame in the markup that says nothing is replaced once, and then that is said', async () => {
  await inMarkup('silent');
  const seen = await browser.run(async () => {
    await until(() => events.length);
    const checkout = document.querySelector('#own');
    return { events, frames: checkout.querySelectorAll('iframe').length + checkout.shadowRoot.querySelectorAll('iframe').length };
  });
  assert.deepEqual(seen, { events: [{ type: 'farthing-failed', detail: { code: 'frame_unreachable' }, target: 'own' }], frames: 0 });
});

test('a frame in the markup from another address is left alone, and not shown', async () => {
  await inMarkup('markupours', '', 'markuptheirs');
  const seen = await browser.run(async () => {
    await until(() => events.length);
    const checkout = document.querySelector('#own');
    const theirs = checkout.querySelector('iframe');
    return { shown: theirs.getClientRects().length, told: reported(theirs, 'connect').length, ours: checkout.shadowRoot.querySelector('iframe').src };
  });
  assert.deepEqual(seen, { shown: 0, told: 0, ours: `${servers.provider}/v1/frame/mer_${'markupours'.padEnd(30, '0')}` });
});

test('the token goes to the page and into the form', async () => {
  const token = 'tok_092wjk6gafbnnqk1wnmervzkevsd3h';
  const seen = await browser.run(async (token) => {
    const checkout = await mount(orderFor());
    const form = document.querySelector('#form');
    const values = () => [...new FormData(form)];
    const message = { type: 'token', token, expires_at: 1795000000, hint: { brand: 'visa', last_four: '4242' } };
    const steps = [values()];
    await drive(checkout, JSON.stringify(message));
    steps.push(values());
    checkout.setAttribute('name', 'payment');
    steps.push(values());
    await drive(checkout, '{"type":"cancelled"}');
    steps.push(values());
    await drive(checkout, JSON.stringify(message), '{"type":"failed","code":"card_declined"}');
    steps.push(values());
    await drive(checkout, JSON.stringify(message));
    form.reset();
    steps.push(values());
    const sent = await until(() => reported(frameOf(checkout), 'message')[1]);
    return { steps, events, sent: sent.data };
  }, token);
  assert.deepEqual(seen.steps, [[], [['farthing-token', token]], [['payment', token]], [], [], []]);
  assert.equal(seen.sent, '{"type":"reset"}');
  assert.deepEqual(seen.events[1], {
    type: 'farthing-token',
    detail: { token, expires_at: 1795000000, hint: { brand: 'visa', last_four: '4242' } },
    target: '',
  });
  assert.deepEqual(
    seen.events.map(({ type }) => type.replace('farthing-', '')),
    ['ready', 'token', 'cancelled', 'token', 'failed', 'token'],
  );
});

test('says what the page says, as the golden messages have it', async () => {
  const { sent, refused } = await browser.run(async () => {
    const checkout = await mount(orderFor());
    for (const outcome of ['paid', 'failed', 'unknown']) checkout.complete(outcome);
    checkout.reset();
    const refused = ['declined', '', undefined, true, { toString: () => 'paid' }].map((outcome) => {
      try {
        checkout.complete(outcome);
        return 'taken';
      } catch (error) {
        return error.name;
      }
    });
    checkout.setAttribute('order', orderFor('', { n: 'é' }));
    const messages = await until(() => reported(frameOf(checkout), 'message').length > 5 && reported(frameOf(checkout), 'message'));
    return { sent: messages.map(({ data }) => data), refused };
  });
  assert.deepEqual(refused, Array(5).fill('TypeError'));
  assert.equal(sent.length, 6);
  const known = new Set(hosts.filter(({ accepted }) => accepted).map(({ text }) => text));
  for (const text of sent.slice(1, 5)) assert.ok(known.has(text), text);
  for (const text of [sent[0], sent[5]]) assert.deepEqual(Object.keys(JSON.parse(text)), ['type', 'order']);
});

test('loaded twice, and mounted twice', async () => {
  await browser.goto(`${servers.shop}/?twice&order=${order('a')}`);
  const seen = await browser.run(async () => {
    await until(() => events.length);
    const first = document.querySelector('farthing-checkout');
    first.id = 'first';
    const second = await mount(orderFor('b'), 'second');
    await drive(second, '{"type":"cancelled"}');
    await drive(first, '{"type":"failed","code":"order_paid"}');
    return { scripts: document.querySelectorAll('script[src$="/v1/farthing.js"]').length, events, errors };
  });
  assert.equal(seen.scripts, 2);
  assert.deepEqual(seen.errors, []);
  assert.deepEqual(
    seen.events.slice(2).map(({ type, target }) => `${type} ${target}`),
    ['farthing-cancelled second', 'farthing-failed first'],
  );
});

test('moved: the frame connects anew, and the earlier port is closed', async () => {
  const seen = await browser.run(async () => {
    const checkout = await mount(orderFor());
    await drive(checkout, '{"type":"token","token":"tok_092wjk6gafbnnqk1wnmervzkevsd3h","expires_at":1,"hint":{"brand":"visa","last_four":"4242"}}');
    const other = document.createElement('form');
    document.body.append(other);
    other.append(checkout);
    await until(() => events.filter(({ type }) => type === 'farthing-ready').length === 2);
    await drive(checkout, '{"type":"cancelled"}');
    return { frames: liveFrames(), values: [...new FormData(other)], last: events.at(-1).type };
  });
  assert.deepEqual(seen, { frames: 1, values: [], last: 'farthing-cancelled' });
});

test('moved as it is, where the browser can', async () => {
  const seen = await browser.run(async () => {
    const checkout = await mount(orderFor());
    const frame = frameOf(checkout);
    const { born } = await ask(frame, 'state');
    document.body.moveBefore(checkout, null);
    await drive(checkout, '{"type":"cancelled"}');
    return { same: frame === frameOf(checkout) && born === (await ask(frame, 'state')).born, ready: events.length };
  });
  assert.deepEqual(seen, { same: true, ready: 2 });
});

test('the frame loads anew by itself', async () => {
  const seen = await browser.run(async () => {
    const checkout = await mount(orderFor());
    const frame = frameOf(checkout);
    frame.contentWindow.postMessage({ ask: 'reload' }, '*');
    await until(() => events.length === 2);
    await drive(checkout, '{"type":"cancelled"}');
    await until(() => reported(frame, 'message').length > 1);
    const sent = reported(frame, 'message').map(({ data }) => data);
    return { sent, expected: JSON.stringify({ type: 'order', order: orderFor() }), events: events.length };
  });
  assert.deepEqual(seen.sent, [seen.expected, seen.expected]);
  assert.equal(seen.events, 3);
});

test('100 mounts leave nothing behind', async () => {
  const left = await browser.run(async () => {
    const gone = [];
    const mountOne = async (n) => {
      const checkout = make(orderFor(), `n${n}`);
      document.body.append(checkout);
      // Some are gone before their frame is there, most when they are in use.
      if (n % 10) await until(() => events.some(({ target }) => target === `n${n}`));
      gone.push(new WeakRef(checkout), new WeakRef(frameOf(checkout)));
      checkout.remove();
    };
    for (let n = 0; n < 100; n += 1) await mountOne(n);
    reports.length = 0;
    const alive = () => [...gone, ...ports].filter((ref) => ref.deref()).length;
    for (let round = 0; round < 50 && alive(); round += 1) await gc({ type: 'major', execution: 'async' });
    return { alive: alive(), frames: liveFrames(), timers: timers.size, ports: ports.length > 80 };
  });
  assert.deepEqual(left, { alive: 0, frames: 0, timers: 0, ports: true });
});

test('in and out and in again, at once, is one frame', async () => {
  const seen = await browser.run(async () => {
    const checkout = make(orderFor());
    for (let n = 0; n < 3; n += 1) {
      document.body.append(checkout);
      checkout.remove();
    }
    const out = [timers.size, liveFrames()];
    document.body.append(checkout);
    await until(() => events.length);
    await drive(checkout);
    return [...out, events.length, liveFrames(), checkout.shadowRoot.querySelectorAll('iframe').length];
  });
  assert.deepEqual(seen, [0, 0, 1, 1, 1]);
});

test('a changed order does not load the frame again; another merchant does', async () => {
  const seen = await browser.run(async () => {
    const checkout = make();
    document.body.append(checkout);
    const without = frameOf(checkout);
    checkout.setAttribute('order', orderFor());
    await until(() => events.length === 1);
    const frame = frameOf(checkout);
    checkout.setAttribute('order', orderFor()); // as a framework does on each render
    checkout.setAttribute('order', orderFor('', { jti: '2' }));
    checkout.setAttribute('class', 'wide');
    const sent = await until(() => reported(frame, 'message').length > 1 && reported(frame, 'message'));
    const same = frame === frameOf(checkout);
    checkout.setAttribute('order', orderFor('b'));
    await until(() => events.length === 2);
    return {
      without, same, sent: sent.map(({ data }) => JSON.parse(data).order), expected: [orderFor(), orderFor('', { jti: '2' })],
      other: frameOf(checkout).src, frames: liveFrames(),
    };
  });
  assert.equal(seen.without, null);
  assert.equal(seen.same, true);
  assert.deepEqual(seen.sent, seen.expected);
  assert.match(seen.other, /mer_b0/);
  assert.equal(seen.frames, 1);
});

test('inside a shadow root, on a cross-origin isolated page', async () => {
  await browser.goto(`${servers.shop}/?isolated`);
  const seen = await browser.run(async () => {
    const host = document.createElement('div');
    host.id = 'host';
    document.body.append(host);
    const checkout = make(orderFor());
    host.attachShadow({ mode: 'open' }).append(checkout);
    await until(() => events.length);
    return { isolated: crossOriginIsolated, events };
  });
  assert.deepEqual(seen, { isolated: true, events: [{ type: 'farthing-ready', detail: null, target: 'host' }] });
});

for (const mode of ['silent', 'deaf', 'hangs', 'unframed']) {
  test(`a frame that is ${mode} is loaded once more, and then said to be`, async () => {
    const seen = await browser.run(async (mode) => {
      const checkout = make(orderFor(mode));
      const notice = checkout.shadowRoot.querySelector('[role=alert]');
      document.body.append(checkout);
      const empty = notice.textContent;
      await until(() => events.length);
      const button = checkout.shadowRoot.querySelector('button');
      const failed = { text: notice.textContent, hidden: button.hidden, frames: liveFrames(), height: checkout.offsetHeight };
      button.click();
      return { empty, failed, events, again: { text: notice.textContent, hidden: button.hidden, frames: liveFrames() } };
    }, mode);
    assert.equal(seen.empty, '');
    assert.deepEqual(seen.events, [{ type: 'farthing-failed', detail: { code: 'frame_unreachable' }, target: '' }]);
    assert.match(seen.failed.text, /could not be loaded\. Nothing has been charged\./);
    assert.deepEqual({ ...seen.failed, text: '' }, { text: '', hidden: false, frames: 0, height: 560 });
    assert.deepEqual(seen.again, { text: '', hidden: true, frames: 1 });
    assert.equal(servers.requests.filter((path) => path.includes(`mer_${mode}`)).length >= 2, true);
  });
}

test('the provider\'s own page is offered where the frame fails, if the shop says where that leads back', async () => {
  const seen = await browser.run(async () => {
    const led = async (attributes) => {
      const checkout = make(orderFor('silent'));
      for (const [name, value] of Object.entries(attributes)) checkout.setAttribute(name, value);
      events.length = 0;
      document.body.append(checkout);
      await until(() => events.length);
      const form = checkout.shadowRoot.querySelector('form');
      const { action, method } = form;
      const fields = Object.fromEntries(new FormData(form));
      const seen = { action, method, fields, button: form.textContent, events: [...events], frames: checkout.shadowRoot.querySelectorAll('iframe').length };
      checkout.remove();
      return { ...seen, left: form.childElementCount, order: checkout.getAttribute('order') };
    };
    return [await led({}), await led({ return: '/taken?a=1' }), await led({ return: '/taken', mode: 'redirect' })];
  });
  const [none, offered, redirected] = seen;
  assert.deepEqual([none.fields, none.button], [{}, '']);
  assert.equal(offered.button, 'Pay on a separate page');
  assert.deepEqual([offered.action, offered.method], [`${servers.provider}/v1/pay`, 'post']);
  assert.deepEqual(offered.fields, { order: offered.order, return: `${servers.shop}/taken?a=1` });
  assert.equal(offered.events[0].type, 'farthing-failed');
  assert.deepEqual([redirected.button, redirected.frames], ['Pay', 0]);
  assert.deepEqual(redirected.events.map(({ type }) => type), ['farthing-ready']);
  assert.equal(redirected.left, 0);
});

test('it is offered below a frame that has stopped, but not once a token is out', async () => {
  const seen = await browser.run(async () => {
    const below = async (...messages) => {
      const checkout = await mount(orderFor(), messages.map(({ type, code }) => type + code).join());
      checkout.setAttribute('return', '/taken');
      for (const message of messages) await drive(checkout, JSON.stringify(message));
      const { textContent } = checkout.shadowRoot.querySelector('form');
      checkout.remove();
      return textContent;
    };
    const stopped = { type: 'fatal', code: 'frame_failed' };
    const token = { type: 'token', token: 'tok_092wjk6gafbnnqk1wnmervzkevsd3h', expires_at: 1, hint: { brand: 'visa', last_four: '4242' } };
    return [await below(stopped), await below({ type: 'fatal', code: 'order_expired' }), await below(token, stopped)];
  });
  assert.deepEqual(seen, ['Pay on a separate page', '', '']);
});

test('one failure is not told, when the second try works', async () => {
  const seen = await browser.run(async () => {
    const checkout = make(orderFor('failsonce'));
    document.body.append(checkout);
    await until(() => events.length);
    await drive(checkout);
    return { types: events.map(({ type }) => type), timers: timers.size, history: history.length };
  });
  assert.deepEqual({ ...seen, history: 0 }, { types: ['farthing-ready'], timers: 0, history: 0 });
  assert.equal(await browser.run(() => history.length), seen.history);
});

test('when a token was handed over, it does not say that nothing was charged', async () => {
  const text = await browser.run(async () => {
    const checkout = await mount(orderFor());
    await drive(checkout, '{"type":"token","token":"tok_092wjk6gafbnnqk1wnmervzkevsd3h","expires_at":1,"hint":{"brand":"visa","last_four":"4242"}}');
    frameOf(checkout).src = URL.createObjectURL(new Blob([''])); // the frame is lost
    await until(() => checkout.shadowRoot.querySelector('iframe')?.src.includes('/v1/frame/'));
    frameOf(checkout).src = URL.createObjectURL(new Blob(['']));
    await until(() => events.at(-1).type === 'farthing-failed');
    return checkout.shadowRoot.querySelector('[role=alert]').textContent;
  });
  assert.match(text, /A payment may be under way/);
  assert.doesNotMatch(text, /Nothing/);
});

test('an order that names no merchant gets no frame', async () => {
  const seen = await browser.run(async () => {
    const payload = (value) => `x.${btoa(JSON.stringify(value))}.x`;
    const merchant = `mer_${'0'.repeat(30)}`;
    const orders = [
      '', 'x', '..', 'a.b.c', 'null', payload(null), payload({}), payload([]), payload({ iss: 1 }), payload({ iss: [merchant] }),
      payload({ iss: `${merchant}0` }), payload({ iss: `${merchant}\n` }), payload({ iss: merchant.toUpperCase() }),
      payload({ iss: '../../evil' }), payload({ iss: `${merchant}/../x` }), `${orderFor()}.more`, orderFor().slice(0, 30),
      orderFor('', { pad: 'x'.repeat(6200) }), '🪙.🪙.🪙', '[object Object]',
    ];
    const texts = [];
    for (const order of orders) {
      const checkout = make(order, `o${texts.length}`);
      document.body.append(checkout);
      const framed = liveFrames();
      await until(() => events.length > texts.length);
      texts.push([order.slice(0, 60), framed, checkout.shadowRoot.querySelector('[role=alert]').textContent !== '', events.at(-1).detail.code]);
      checkout.remove();
    }
    const fixed = make('x');
    document.body.append(fixed);
    fixed.setAttribute('order', orderFor('', { label: 'Zeitung für 1 € 🪙' }));
    await until(() => events.at(-1).type === 'farthing-ready');
    return texts;
  });
  assert.equal(seen.length, 20);
  for (const [order, framed, told, code] of seen) {
    assert.deepEqual([framed, told, code], [0, true, 'order_malformed'], order);
  }
});

test('no window message moves it', async () => {
  const seen = await browser.run(async () => {
    const frame = frameOf(await mount(orderFor()));
    const height = frame.style.height;
    const hostile = ['{"type":"token","token":"tok_092wjk6gafbnnqk1wnmervzkevsd3h","expires_at":1,"hint":{"brand":"visa","last_four":"4242"}}',
      { farthing: 1, type: 'connect' }, '{"type":"fatal","code":"frame_failed"}', '{"type":"resize","height":9999}', { type: 'ready' }];
    let arrived = 0;
    addEventListener('message', ({ source }) => (arrived += source === window));
    for (let n = 0; n < 10_000; n += 1) {
      window.postMessage(hostile[n % hostile.length], '*', n % 2 ? [new MessageChannel().port1] : []);
    }
    await until(() => arrived === 10_000);
    return { events: events.length, height: frame.style.height === height, values: [...new FormData(document.querySelector('#form'))] };
  });
  assert.deepEqual(seen, { events: 1, height: true, values: [] });
});
