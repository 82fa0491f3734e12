// The loader on a page whose own markup has the frame, as a server writes it.

import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';

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
afterEach(async () => {
  // Every journey here runs under a policy without inline styles and with Trusted Types.
  assert.deepEqual(await browser.run(() => violations), []);
});

const order = (mode = '') => `{}.${Buffer.from(JSON.stringify({ iss: `mer_${mode.padEnd(30, '0')}` })).toString('base64url')}.c2ln`;
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
