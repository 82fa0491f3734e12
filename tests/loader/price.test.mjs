// What stands in the place of an order, and beside it, on the page of loader.test.mjs.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

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

test('a price has a frame by its own name, and takes the place of an order', async () => {
  const [price, other] = ['0', '1'].map((sign) => `prc_${sign.repeat(30)}`);
  await browser.goto(`${servers.shop}/?price=${price}`);
  const seen = await browser.run(async (other) => {
    const checkout = document.querySelector('script[data-price]').nextElementSibling;
    const first = frameOf(checkout);
    const [message] = await until(() => reported(first, 'message').length && reported(first, 'message'));
    const src = first.src;
    checkout.setAttribute('order', orderFor());
    const stays = frameOf(checkout) === first;
    checkout.setAttribute('price', other);
    const second = frameOf(checkout);
    checkout.removeAttribute('price');
    const paid = { proof: 'a.b-_.c', receipt: `rcp_${'0'.repeat(30)}` };
    await until(() => reported(frameOf(checkout), 'message').length);
    await drive(checkout, JSON.stringify({ type: 'paid', ...paid }));
    return { sent: message.data, src, stays, second: second.src, third: frameOf(checkout).src, last: events.at(-1), paid };
  }, other);
  assert.equal(seen.sent, JSON.stringify({ type: 'order', order: price }));
  assert.equal(seen.src, `${servers.provider}/v1/frame/${price}`);
  assert.ok(seen.stays);
  assert.equal(seen.second, `${servers.provider}/v1/frame/${other}`);
  assert.ok(seen.third.includes('/v1/frame/mer_'));
  assert.deepEqual(seen.last, { type: 'farthing-paid', detail: seen.paid, target: '' });
});


test('the page can say in what language the frame begins', async () => {
  const price = `prc_${'0'.repeat(30)}`;
  await browser.goto(`${servers.shop}/?price=${price}`);
  const src = await browser.run((price) => {
    const checkout = document.createElement('farthing-checkout');
    checkout.setAttribute('price', price);
    checkout.setAttribute('locale', 'pt-BR&x');
    document.body.append(checkout);
    const { src } = frameOf(checkout);
    checkout.remove();
    return src;
  }, price);
  assert.equal(src, `${servers.provider}/v1/frame/${price}?locale=pt-BR%26x`);
});
