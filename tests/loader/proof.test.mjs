// What docs/EMBEDDING.md gives merchants to verify a proof of purchase, run as it stands there. That it takes the
// provider's own proofs is shown by tests/prices, in a browser.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { before, test } from 'node:test';

const PROVIDER = 'https://pay.example';
const PRICE = 'prc_387d9hygfch2hf6hdq4yqyb5tq4j3s';
const PURCHASE = { iss: PROVIDER, price: PRICE, order: `${PRICE}.a`, lines: [{ label: 'Muster “Ä”', amount: 450 }] };
const HEAD = { alg: 'ES256', typ: 'farthing-purchase+jws', kid: 'k' };

const es256 = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
const base64url = (bytes) => Buffer.from(bytes).toString('base64url');

let bought, pair, keys;
before(async () => {
  const document = readFileSync(new URL('../../docs/EMBEDDING.md', import.meta.url), 'utf8');
  const [, block] = /\n```js proof\n([^]*?)```/.exec(document);
  ({ bought } = await import(`data:text/javascript;base64,${Buffer.from(block).toString('base64')}`));
  pair = await crypto.subtle.generateKey(es256, true, ['sign']);
  const jwk = await crypto.subtle.exportKey('jwk', pair.publicKey);
  keys = [{ kty: 'EC', crv: 'P-256', x: jwk.x, y: jwk.y, kid: 'k', alg: 'ES256', use: 'sig' }];
});

const proofOf = async (head, purchase) => {
  const signed = [head, purchase].map((part) => base64url(JSON.stringify(part))).join('.');
  return `${signed}.${base64url(await crypto.subtle.sign(es256, pair.privateKey, Buffer.from(signed)))}`;
};

test('a proof says what was bought', async () => {
  assert.deepEqual(await bought(await proofOf(HEAD, PURCHASE), keys, PROVIDER, PRICE), PURCHASE);
});

test('any one changed character is noticed', async () => {
  const proof = await proofOf(HEAD, PURCHASE);
  for (let place = 0; place < proof.length; place++) {
    // A bit that always counts: what a last character has left over does not.
    const changed = proof.slice(0, place) + (proof[place] === 'A' ? 'Q' : 'A') + proof.slice(place + 1);
    if (changed === proof || (place === proof.length - 1 && sameBytes(changed, proof))) continue;
    await assert.rejects(bought(changed, keys, PROVIDER, PRICE), `at ${place}`);
  }
});

const sameBytes = (one, other) => Buffer.from(one, 'base64url').equals(Buffer.from(other, 'base64url'));

test('what is signed for something else is no proof', async () => {
  for (const head of [{ typ: 'farthing-receipt+jws' }, { typ: undefined }, { alg: 'none' }, { alg: 'HS256' }, { kid: 'other' }]) {
    await assert.rejects(bought(await proofOf({ ...HEAD, ...head }, PURCHASE), keys, PROVIDER, PRICE), /no proof/);
  }
  for (const purchase of [{ iss: 'https://other.example' }, { price: 'prc_other' }]) {
    await assert.rejects(bought(await proofOf(HEAD, { ...PURCHASE, ...purchase }), keys, PROVIDER, PRICE), /something else/);
  }
  for (const text of ['', 'a.b', 'a.b.c', '..']) await assert.rejects(bought(text, keys, PROVIDER, PRICE));
});
