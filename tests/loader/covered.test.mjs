// What the loader does about a form that is covered, on the page of loader.test.mjs.

import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';

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

test('a frame that is covered comes before all else, as it is, and goes back when something else is said', async () => {
  const seen = await browser.run(async () => {
    const checkout = await mount(orderFor());
    checkout.setAttribute('return', '/taken');
    const over = document.createElement('div');
    over.popover = 'manual';
    document.body.append(over);
    over.showPopover(); // before all else until then
    const frame = frameOf(checkout);
    const look = () => ({
      same: frameOf(checkout) === frame,
      up: frame.matches(':popover-open'),
      last: events.at(-1).type,
      code: events.at(-1).detail?.code,
      way: checkout.shadowRoot.querySelector('form').textContent,
    });
    const covered = '{"type":"failed","code":"frame_covered"}';
    await drive(checkout, covered);
    const first = look();
    await drive(checkout, covered); // again, though it is up already
    const second = look();
    const born = frame.contentWindow && reported(frame, 'message').length;
    await drive(checkout, '{"type":"cancelled"}');
    return { first, second, third: look(), messages: [born, reported(frame, 'message').length], violations };
  });
  const up = { same: true, up: true, last: 'farthing-failed', code: 'frame_covered', way: 'Pay on a separate page' };
  assert.deepEqual([seen.first, seen.second], [up, up]);
  assert.deepEqual([seen.third.up, seen.third.same, seen.third.last], [false, true, 'farthing-cancelled']);
  // Not loaded anew on the way: nothing was sent to it a second time.
  assert.equal(seen.messages[0], seen.messages[1]);
  assert.deepEqual(seen.violations, []);
});

test('any other failure leaves it where it is', async () => {
  const up = await browser.run(async () => {
    const checkout = await mount(orderFor());
    await drive(checkout, '{"type":"failed","code":"card_declined"}');
    return frameOf(checkout).matches(':popover-open');
  });
  assert.equal(up, false);
});

test('a price leads to the page without script too', async () => {
  const price = `prc_${'0'.repeat(30)}`;
  const fields = await browser.run(async (price) => {
    const checkout = make();
    for (const [name, value] of Object.entries({ price, return: '/thanks', mode: 'redirect' })) checkout.setAttribute(name, value);
    document.body.append(checkout);
    return Object.fromEntries(new FormData(checkout.shadowRoot.querySelector('form')));
  }, price);
  assert.deepEqual(fields, { order: price, return: `${servers.shop}/thanks` });
});
