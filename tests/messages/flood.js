// Hostile messages of every kind, made of the golden ones and of noise. The page that includes this says
// before it, in `golden`, what the golden messages are.
const FLOOD = (() => {
  'use strict';
  let heard = 0; // answers on ports that came with hostile messages: there must be none
  let posted = 0;
  let state = 1;
  // xorshift32, so that each run is the same.
  const random = (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
  const pick = (list) => list[random(list.length)];
  const noise = (length) => Array.from({ length }, () => String.fromCharCode(random(0x2000))).join('');
  const torn = (text) => {
    const at = random(text.length + 1);
    return pick([text.slice(0, at), text.slice(at), text.slice(0, at) + noise(3) + text.slice(at), text + text]);
  };
  const KINDS = [
    () => pick(golden.connect),
    () => ({ farthing: 1, type: 'connect' }),
    () => ({ farthing: 1, type: 'connect', [noise(2)]: 1 }),
    () => pick(golden.host),
    () => pick(golden.frame),
    () => torn(pick(golden.host)),
    () => torn(JSON.stringify({ type: 'complete', outcome: 'paid' })),
    () => JSON.stringify({ type: pick(['order', 'reset', 'complete', 'token', 'fatal']), order: noise(20), outcome: 'paid' }),
    () => ({ type: 'order', order: noise(10) }),
    () => noise(random(200)),
    () => 'x'.repeat(20_000),
    () => [null, undefined, true, -0, NaN, 2n ** 70n, Infinity][random(7)],
    () => new Map([[noise(2), new Set([new Date(), /x/g])]]),
    () => new Uint8Array(random(100)).map(() => random(256)),
    () => new Error(noise(5)),
    () => { const loop = {}; loop.loop = loop; return loop; },
    () => JSON.parse('['.repeat(500) + ']'.repeat(500)),
  ];

  const port = () => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => { heard++; };
    port1.postMessage(pick(golden.host));
    return port2;
  };
  // At once after what else is waiting: a timer would take four milliseconds.
  // Its ports are kept: WebKit may collect what only a message on its way refers to.
  const own = new MessageChannel();
  const giveWay = () => new Promise((resolve) => {
    own.port1.onmessage = resolve;
    own.port2.postMessage(0);
  });
  /** `count` messages through `post(message, ports)`, giving way to others from time to time. */
  const flood = async (count, post) => {
    for (let sent = 0; sent < count; sent++) {
      // One in four is what the loader itself would say.
      if (random(4) === 0) post({ farthing: 1, type: 'connect' }, [port()]);
      else post(pick(KINDS)(), Array.from({ length: random(4) % 3 }, port));
      posted++;
      if (sent % 50 === 49) await giveWay();
    }
  };
  /** Whether the frame would be right to take `message` from the page on the loader's port. */
  const isOrder = (message) => {
    if (golden.taken.includes(message)) return true;
    try {
      const { type, ...rest } = JSON.parse(message);
      const fields = Object.keys(rest).join();
      return (type === 'reset' && fields === '') || (type === 'order' && fields === 'order') || (type === 'complete' && fields === 'outcome');
    } catch {
      return false;
    }
  };
  /** What came of it, once whatever comes back has arrived. */
  const told = async () => {
    await new Promise((resolve) => setTimeout(resolve, 200));
    return { heard, posted };
  };
  return { flood, isOrder, told };
})();
