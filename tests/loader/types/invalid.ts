// Programs that are wrong: each marked line has to be refused, and tsc fails where one is not.

const checkout = document.createElement('farthing-checkout');

// @ts-expect-error: an outcome is a word, not a truth
checkout.complete(true);
// @ts-expect-error: no such outcome
checkout.complete('declined');
// @ts-expect-error: an outcome is needed
checkout.complete();
// @ts-expect-error: begins again with the order in the attribute
checkout.reset('eyJ…');
// @ts-expect-error: the order is an attribute
checkout.order = 'eyJ…';

checkout.addEventListener('farthing-token', ({ detail }) => {
  // @ts-expect-error: no detail of a card comes out
  console.log(detail.number);
  // @ts-expect-error: no more of it than brand and last four
  console.log(detail.hint.expiry);
  // @ts-expect-error: seconds, not a Date
  console.log(detail.expires_at.getTime());
});
document.addEventListener('farthing-failed', (event) => {
  // @ts-expect-error: a failure has no token
  console.log(event.detail.token);
});
checkout.addEventListener('farthing-ready', (event) => {
  // @ts-expect-error: carries nothing
  console.log(event.detail.code);
});

// @ts-expect-error: only the hint's two fields
const hint: FarthingHint = { brand: 'visa', last_four: '4242', number: '' };
console.log(hint);

export {};
