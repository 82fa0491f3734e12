// Programs that merchants write: each has to compile.

const checkout = document.createElement('farthing-checkout');
checkout.setAttribute('order', 'eyJ…');
checkout.addEventListener('farthing-token', ({ detail }) => {
  const token: string = detail.token;
  const expiresAt: number = detail.expires_at;
  const shown: string = `${detail.hint.brand} ending in ${detail.hint.last_four}`;
  console.log(token.length, expiresAt, shown);
});
checkout.complete('paid');
checkout.complete('unknown');
checkout.reset();

document.addEventListener('farthing-failed', (event) => {
  const code: string = event.detail.code;
  console.log(code);
});
document.querySelector('form')?.addEventListener('farthing-cancelled', (event) => {
  const nothing: null = event.detail;
  console.log(nothing);
});
document.querySelector('farthing-checkout')?.addEventListener('farthing-ready', () => {}, { once: true });

addEventListener('farthing-paid', ({ detail }) => {
  const [proof, receipt]: string[] = [detail.proof, detail.receipt];
  console.log(proof, receipt);
});

const outcome: FarthingOutcome = 'failed';
const asElement: HTMLElement = checkout;
const keep = (token: FarthingToken): FarthingHint => token.hint;
console.log(outcome, asElement, keep);

export {};
