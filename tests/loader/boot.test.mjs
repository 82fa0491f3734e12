// boot.js in a browser, in a page like the frame's, under the frame's own headers.

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

const FATAL = '{"type":"fatal","code":"frame_failed"}';
const HELLO = '{"type":"hello"}';

test('starts the application, and hands it the port with what came before', async () => {
  const before = servers.requests.length;
  const seen = await browser.run(async (provider) => {
    const frame = await bootFrame(`${provider}/boot/good`);
    const answer = connectWith(frame, provider);
    answer.port.postMessage('{"type":"order","order":"first"}');
    answer.port.postMessage('{"type":"reset"}');
    const got = await until(() => reported(frame, 'message').length > 1 && reported(frame, 'message'));
    return { got: got.map(({ data, origin }) => [data, origin]), answers: answer.messages, state: await ask(frame, 'state') };
  }, servers.provider);
  assert.deepEqual(seen.got, [['{"type":"order","order":"first"}', servers.shop], ['{"type":"reset"}', servers.shop]]);
  assert.deepEqual(seen.answers, [HELLO]);
  assert.deepEqual({ ...seen.state, born: 0 }, { app: 'started', failure: false, contract: ['connected', 'failed', 'sight'], born: 0, violations: [] });
  // The preloads were used: each file came once.
  const fetched = servers.requests.slice(before).filter((path) => /^\/(wasm|glue)/.test(path));
  assert.deepEqual(fetched.sort(), ['/glue/good', '/wasm/good']);
});

test('says hello before the application is there', async () => {
  const answers = await browser.run(async (provider) => {
    const frame = await bootFrame(`${provider}/boot/init-hangs`);
    const answer = connectWith(frame, provider);
    await until(() => answer.messages.length);
    return { answers: answer.messages, app: (await ask(frame, 'state')).app };
  }, servers.provider);
  assert.deepEqual(answers, { answers: [HELLO], app: '' });
});

test('connects once, with one port', async () => {
  const seen = await browser.run(async (provider) => {
    const frame = await bootFrame(`${provider}/boot/good`);
    const none = (frame.contentWindow.postMessage({ farthing: 1, type: 'connect' }, provider), { messages: [] });
    const two = connectWith(frame, provider, undefined, undefined, [new MessageChannel().port2]);
    const first = connectWith(frame, provider);
    await until(() => first.messages.length);
    const second = connectWith(frame, provider);
    second.port.postMessage('{"type":"reset"}');
    first.port.postMessage('{"type":"complete","outcome":"paid"}');
    await until(() => reported(frame, 'message').length);
    await ask(frame, 'state');
    return { answers: [none, two, first, second].map(({ messages }) => messages), got: reported(frame, 'message').map(({ data }) => data) };
  }, servers.provider);
  assert.deepEqual(seen, { answers: [[], [], [HELLO], []], got: ['{"type":"complete","outcome":"paid"}'] });
});

test('not with a page of another origin', async () => {
  await browser.goto(`${servers.other}/`);
  const seen = await browser.run(async (provider) => {
    const frame = await bootFrame(`${provider}/boot/good`);
    const answer = connectWith(frame, provider);
    await ask(frame, 'state');
    await ask(frame, 'failed'); // would be told to whoever is connected
    return { answers: answer.messages, failure: (await ask(frame, 'state')).failure };
  }, servers.provider);
  assert.deepEqual(seen, { answers: [], failure: true });
});

test('not with a sibling, whatever its origin', async () => {
  const seen = await browser.run(async (provider) => {
    const frame = await bootFrame(`${provider}/boot/good`);
    const sibling = await bootFrame('/blank'); // of the very origin that is listed
    const channel = new MessageChannel();
    const answers = [];
    channel.port1.onmessage = ({ data }) => answers.push(data);
    // Called through the sibling's own function, so the browser names the sibling as the source.
    const realm = sibling.contentWindow;
    realm.target = frame.contentWindow;
    realm.ports = [channel.port2];
    const arrived = new Promise((resolve) => (realm.onmessage = ({ data }) => data === 'posted' && resolve()));
    const script = realm.document.createElement('script');
    script.src = '/post-connect.js';
    realm.document.head.append(script);
    await arrived;
    await ask(frame, 'state');
    const own = connectWith(frame, provider);
    await until(() => own.messages.length);
    return { answers, own: own.messages };
  }, servers.provider);
  assert.deepEqual(seen, { answers: [], own: [HELLO] });
});

for (const fault of [
  'wasm-changed', 'wasm-missing', 'wasm-bad', 'wasm-unhashed', 'glue-changed', 'glue-throws', 'init-rejects', 'unnamed', 'init-hangs?fast',
]) {
  test(`${fault}: a screen of its own, and the page is told`, async () => {
    const seen = await browser.run(async (address, provider) => {
      const frame = await bootFrame(address);
      const early = connectWith(frame, provider);
      await until(() => early.messages.length > 1);
      const late = await bootFrame(address);
      while (!(await ask(late, 'state')).failure);
      const after = connectWith(late, provider);
      await until(() => after.messages.length > 1);
      return { early: early.messages, late: after.messages, state: await ask(frame, 'state') };
    }, `${servers.provider}/boot/${fault}`, servers.provider);
    assert.deepEqual(seen.early, [HELLO, FATAL]);
    assert.deepEqual(seen.late, [HELLO, FATAL]);
    assert.deepEqual([seen.state.app, seen.state.failure], [false, true]);
  });
}

test('a panic and a trap are told once, another error is not', async () => {
  const seen = await browser.run(async (provider) => {
    const one = await bootFrame(`${provider}/boot/good`);
    const answers = connectWith(one, provider);
    await ask(one, 'error');
    const calm = await ask(one, 'state');
    await ask(one, 'failed');
    await ask(one, 'failed');
    await ask(one, 'trap');
    await until(() => answers.messages.length > 1);
    const two = await bootFrame(`${provider}/boot/good`);
    const trapped = connectWith(two, provider);
    await ask(two, 'trap');
    await until(() => trapped.messages.length > 1);
    return { calm: calm.failure, answers: answers.messages, trapped: trapped.messages, state: (await ask(one, 'state')).failure };
  }, servers.provider);
  assert.deepEqual(seen, { calm: false, answers: [HELLO, FATAL], trapped: [HELLO, FATAL], state: true });
});

test('begins anew on “Try again”, and out of the back-forward cache', async () => {
  const seen = await browser.run(async (provider) => {
    const frame = await bootFrame(`${provider}/boot/good`);
    const born = [(await ask(frame, 'state')).born];
    await ask(frame, 'shown');
    born.push((await ask(frame, 'state')).born);
    for (const act of ['retry', 'restored']) {
      const loaded = new Promise((resolve) => (frame.onload = resolve));
      await ask(frame, act);
      await loaded;
      born.push((await ask(frame, 'state')).born);
    }
    return born;
  }, servers.provider);
  assert.equal(seen[1], seen[0], 'a page that is shown for the first time stays');
  assert.equal(new Set(seen).size, 3);
});
