// Programs that merchants write with the package: each has to compile, without a word about the loader's types.

import { loadFarthing, type LoadOptions } from '@farthing/checkout';

const options: LoadOptions = { release: '0'.repeat(64), nonce: 'x' };
const loaded: Promise<void> = loadFarthing('https://pay.example');
await loaded;
await loadFarthing('https://pay.example', {});
await loadFarthing('https://pay.example', options);

const checkout = document.createElement('farthing-checkout');
checkout.setAttribute('order', 'eyJ…');
checkout.addEventListener('farthing-token', ({ detail }) => {
  const token: string = detail.token;
  checkout.complete(token ? 'paid' : 'unknown');
});
document.addEventListener('farthing-failed', ({ detail }) => {
  const code: string = detail.code;
  console.log(code);
});
const outcome: FarthingOutcome = 'failed';
checkout.complete(outcome);
