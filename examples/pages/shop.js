// What each page asks the shop's server, which signs orders and redeems tokens: examples/servers.

const post = (address, body) =>
  fetch(address, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) });

/** A new order: `{ provider, order, reference }`. */
export const newOrder = async () => (await post('/order')).json();

/** Has the server redeem the token. How it ended is for `complete()`; without an answer it is not known. */
export async function charge(reference, token) {
  try {
    const answer = await post('/charge', { reference, token });
    return (await answer.json()).outcome ?? 'unknown';
  } catch {
    return 'unknown';
  }
}
