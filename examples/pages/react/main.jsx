import { loadFarthing } from '@farthing/checkout';
import { StrictMode, Suspense, use, useState } from 'react';
import { createRoot } from 'react-dom/client';

import { charge, newOrder } from '../shop.js';

/** The checkout is an element like any other: React sets its attributes and listens to its events. */
function Checkout({ provider, order, onToken }) {
  use(loadFarthing(provider));
  return <farthing-checkout order={order} onfarthing-token={onToken} />;
}

function Page({ ordered }) {
  const { provider, order, reference } = use(ordered);
  const [outcome, setOutcome] = useState('');
  const pay = async ({ target, detail }) => {
    const ended = await charge(reference, detail.token);
    target.complete(ended);
    setOutcome(ended);
  };
  return (
    <>
      <h1>A thing for €2.50</h1>
      <Checkout provider={provider} order={order} onToken={pay} />
      <p id="status" role="status">{outcome}</p>
    </>
  );
}

const ordered = newOrder();
createRoot(document.getElementById('app')).render(
  <StrictMode>
    <Suspense fallback={<p>One moment…</p>}>
      <Page ordered={ordered} />
    </Suspense>
  </StrictMode>,
);
