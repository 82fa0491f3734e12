// Programs that merchants write with React 19, and, below, such as have to be refused: tsc fails where one is not.

import type {} from '@farthing/checkout/react';
import { useRef } from 'react';

export function Page({ order, ordered }: { order: string; ordered: string | null }) {
  const checkout = useRef<FarthingCheckoutElement>(null);
  return (
    <form onReset={() => checkout.current?.reset()}>
      <farthing-checkout
        ref={checkout}
        className="pay"
        key={order}
        order={order}
        name="token"
        return="/token"
        mode="redirect"
        onfarthing-token={({ target, detail }) => target.complete(detail.token ? 'paid' : 'unknown')}
        onfarthing-failed={({ detail }) => console.log(detail.code)}
        onfarthing-ready={() => {}}
      />
      <farthing-checkout price="prc_…" onfarthing-paid={({ detail }) => console.log(detail.proof, detail.receipt)} />
      <farthing-checkout order={ordered} />
    </form>
  );
}

export const refused = [
  // @ts-expect-error: an order or a price
  <farthing-checkout order="eyJ…" price="prc_…" />,
  // @ts-expect-error: an order is a text
  <farthing-checkout order={{ amount: 250 }} />,
  // @ts-expect-error: no amount is believed
  <farthing-checkout order="eyJ…" amount={250} />,
  // @ts-expect-error: no such mode
  <farthing-checkout order="eyJ…" mode="popup" />,
  // @ts-expect-error: no detail of a card comes out
  <farthing-checkout order="eyJ…" onfarthing-token={({ detail }) => console.log(detail.number)} />,
  // @ts-expect-error: no such outcome
  <farthing-checkout order="eyJ…" onfarthing-token={({ target }) => target.complete('declined')} />,
];
