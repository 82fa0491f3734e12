// The page of an order. The checkout hands it a token; the shop's server redeems the token; and the checkout
// is told to look how it ended.
const main = document.querySelector('main');
const order = main.dataset.reference;
const words = document.getElementById('status');

const SAYS = {
  open: '',
  checking: 'We are checking your payment. You don’t have to do anything; please don’t pay again.',
  paid: 'Thank you. Your payment has arrived.',
  failed: 'This was not paid. Nothing was charged; you can try again.',
};
const OUTCOMES = { paid: 'paid', failed: 'failed', checking: 'unknown' };

addEventListener('farthing-token', async ({ target, detail }) => {
  const view = await ask('/redeem', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ order, token: detail.token }),
  });
  show(view);
  target.complete(OUTCOMES[view.status] ?? 'unknown');
});

/** Asks the shop's server, and again when there is no answer: the same token again is the same charge. */
async function ask(address, request) {
  for (let tries = 0; tries < 4; tries++) {
    if (tries) await new Promise((resolve) => setTimeout(resolve, 2000));
    try {
      const answer = await fetch(address, request);
      if (answer.ok) return await answer.json();
    } catch {
      // No answer: it may have been charged all the same.
    }
  }
  return { status: 'checking' };
}

let looks = 150;

/** Shows how the order stands, and looks again later while that is not known. */
function show({ status, goods, receipt }) {
  words.textContent = SAYS[status];
  main.dataset.status = status;
  if (status === 'checking' && looks-- > 0) setTimeout(look, 2000);
  if (status !== 'paid') return;
  document.getElementById('receipt').href = receipt;
  document.getElementById('goods').textContent = goods;
  document.getElementById('bought').hidden = false;
}

async function look() {
  const view = await ask(`/orders/${order}`, { headers: { Accept: 'application/json' } });
  show(view);
  if (view.status in OUTCOMES) document.querySelector('farthing-checkout')?.complete(OUTCOMES[view.status]);
}

look();
