// Programs that merchants write with React 18, and, below, such as have to be refused: tsc fails where one is not.

import type {} from '@farthing/checkout/react-18';
import { useEffect, useRef } from 'react';

export function Page({ order }: { order: string }) {
  const checkout = useRef<FarthingCheckoutElement>(null);
  useEffect(() => {
    const element = checkout.current;
    const pay = ({ detail }: CustomEvent<FarthingToken>) => element?.complete(detail.token ? 'paid' : 'unknown');
    element?.addEventListener('farthing-token', pay);
    return () => element?.removeEventListener('farthing-token', pay);
  }, []);
  return (
    <>
      <farthing-checkout ref={checkout} className="pay" order={order} name="token" return="/token" mode="redirect" />
      <farthing-checkout price="prc_…" />
    </>
  );
}

export const refused = [
  // @ts-expect-error: an order or a price
  <farthing-checkout order="eyJ…" price="prc_…" />,
  // @ts-expect-error: no amount is believed
  <farthing-checkout order="eyJ…" amount={250} />,
  // @ts-expect-error: no such mode
  <farthing-checkout order="eyJ…" mode="popup" />,
  // @ts-expect-error: React 18 would not listen
  <farthing-checkout order="eyJ…" onfarthing-token={() => {}} />,
];
