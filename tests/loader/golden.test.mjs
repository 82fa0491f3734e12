// The golden messages, replayed in a browser: to the loader what frames say, to boot.js what pages post.
// crates/protocol/tests/golden.rs replays the same files in Rust.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
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

const golden = (name) => JSON.parse(readFileSync(new URL(`../golden/${name}.json`, import.meta.url), 'utf8'));

test('frame messages', async () => {
  const messages = golden('frame_messages').map(({ text, padded_to, ...rest }) => ({ ...rest, text: text.padEnd(padded_to ?? 0) }));
  await browser.goto(`${servers.shop}/`);
  const effects = await browser.run(async (texts) => {
    const checkout = await mount(orderFor());
    const told = []; // any event, whatever its name
    checkout.dispatchEvent = ({ type, detail }) => told.push([type, detail]);
    const effects = [];
    for (const text of texts) {
      const heights = [];
      const watch = new MutationObserver(() => heights.push(frameOf(checkout).style.height));
      watch.observe(frameOf(checkout), { attributes: true });
      await drive(checkout, text);
      watch.disconnect();
      effects.push({ heights, events: told.splice(0) });
    }
    return effects;
  }, messages.map(({ text }) => text));
  messages.forEach(({ name, text, accepted }, n) => {
    const { type, ...detail } = accepted ? JSON.parse(text) : { type: null };
    const expected = {
      ready: ['farthing-ready', null],
      cancelled: ['farthing-cancelled', null],
      token: ['farthing-token', detail],
      paid: ['farthing-paid', detail],
      failed: ['farthing-failed', detail],
      fatal: ['farthing-failed', detail],
    }[type];
    assert.deepEqual(effects[n].events, expected ? [expected] : [], name);
    // The last height is the one that drive() waits for.
    const resized = effects[n].heights.length > 1 ? effects[n].heights[0] : undefined;
    assert.equal(resized, type === 'resize' ? `${detail.height}px` : undefined, name);
  });
});

test('only texts are messages', async () => {
  await browser.goto(`${servers.shop}/`);
  const seen = await browser.run(async () => {
    const checkout = await mount(orderFor());
    await drive(checkout, { type: 'cancelled' }, ['{"type":"cancelled"}'], null, undefined, 1, true, new Map([['type', 'cancelled']]),
      new Blob(['{"type":"cancelled"}']), new TextEncoder().encode('{"type":"cancelled"}'));
    return events.length;
  });
  assert.equal(seen, 1);
});

test('connect messages', async () => {
  const values = golden('connect_messages');
  await browser.goto(`${servers.shop}/`);
  for (const accepted of values.filter((entry) => entry.accepted)) {
    // A frame listens until it has accepted: were one of the others taken, the last would get no answer.
    const refused = values.filter((entry) => !entry.accepted);
    const answers = await browser.run(
      async (provider, texts) => {
        const frame = await bootFrame(`${provider}/boot/good`);
        const answers = texts.map((text) => {
          const answer = { messages: [] };
          connectWith(frame, provider, JSON.parse(text), answer);
          return answer;
        });
        await until(() => answers.at(-1).messages.length);
        await ask(frame, 'state');
        return answers.map(({ messages }) => messages);
      },
      servers.provider,
      [...refused, accepted].map(({ value }) => JSON.stringify(value)),
    );
    refused.forEach(({ name }, n) => assert.deepEqual(answers[n], [], name));
    assert.deepEqual(answers.at(-1), ['{"type":"hello"}'], accepted.name);
  }
});
