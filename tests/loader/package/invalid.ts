// Programs that are wrong: each marked line has to be refused, and tsc fails where one is not.

import { loadFarthing } from '@farthing/checkout';

// @ts-expect-error: a provider is needed
loadFarthing();
// @ts-expect-error: an address is a text
loadFarthing(new URL('https://pay.example'));
// @ts-expect-error: a release is its hash
loadFarthing('https://pay.example', { release: 2 });
// @ts-expect-error: the hash is the release's name
loadFarthing('https://pay.example', { integrity: 'sha384-…' });
// @ts-expect-error: nothing comes of it but the element
loadFarthing('https://pay.example').then((farthing) => farthing.mount('#pay'));
// @ts-expect-error: the package has one function
import { createCheckout } from '@farthing/checkout';

const checkout = document.createElement('farthing-checkout');
// @ts-expect-error: no such outcome
checkout.complete('declined');
// @ts-expect-error: the order is an attribute
checkout.order = 'eyJ…';
checkout.addEventListener('farthing-token', ({ detail }) => {
  // @ts-expect-error: no detail of a card comes out
  console.log(detail.number);
});
console.log(createCheckout);
