// node node.mjs order REFERENCE CENTS | charge REFERENCE CENTS < TOKEN
import { createHash, createPrivateKey, sign } from 'node:crypto';
import { readFileSync } from 'node:fs';

const { FARTHING_PROVIDER, FARTHING_MERCHANT, FARTHING_SECRET_KEY, FARTHING_ORDER_KEY_FILE, FARTHING_ORDER_KEY_ID } = process.env;
const part = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');

/** The order as the provider takes it, good for an hour: a JWT that nobody but this server can have made. */
export function signOrder(reference, cents) {
  const now = Math.floor(Date.now() / 1000);
  const order = { currency: 'EUR', lines: [{ label: 'A thing', amount: cents }] };
  const claims = { iss: FARTHING_MERCHANT, aud: FARTHING_PROVIDER, jti: reference, iat: now, exp: now + 3600, order };
  const signed = `${part({ alg: 'ES256', kid: FARTHING_ORDER_KEY_ID })}.${part(claims)}`;
  const key = createPrivateKey(readFileSync(FARTHING_ORDER_KEY_FILE));
  return `${signed}.${sign('sha256', signed, { key, dsaEncoding: 'ieee-p1363' }).toString('base64url')}`;
}

/** Redeems the token: 'paid', 'failed', or 'unknown', which is to be asked again. */
export async function charge(reference, cents, token) {
  const answer = await fetch(`${FARTHING_PROVIDER}/v1/charges`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${FARTHING_SECRET_KEY}`,
      'content-type': 'application/json',
      // Out of the token, so that asking again is the same charge and not another one.
      'idempotency-key': createHash('sha256').update(token).digest('hex'),
    },
    body: JSON.stringify({ token, order: reference, amount: cents, currency: 'EUR' }),
  }).catch(() => null);
  const { status } = (await answer?.json().catch(() => null)) ?? {};
  if (status === 'paid') return 'paid';
  const refused = answer?.status >= 400 && answer.status < 500 && ![408, 409, 429].includes(answer.status);
  return refused || status === 'declined' ? 'failed' : 'unknown';
}

const [what, reference, cents] = process.argv.slice(2);
if (what === 'order') console.log(signOrder(reference, Number(cents)));
if (what === 'charge') console.log(await charge(reference, Number(cents), readFileSync(0, 'utf8').trim()));
