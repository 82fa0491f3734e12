// In the merchant's page, before the loader: what the tests look at and work with.

window.events = [];
for (const type of ['farthing-ready', 'farthing-token', 'farthing-paid', 'farthing-failed', 'farthing-cancelled']) {
  document.addEventListener(type, ({ target, detail }) => events.push({ type, detail, target: target.id }));
}

window.errors = [];
addEventListener('error', ({ message }) => errors.push(message));

window.violations = [];
document.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) => {
  violations.push(`${violatedDirective} ${blockedURI}`);
});

// What frames report of themselves, with the frame: the double, or the probe beside boot.js.
window.reports = [];
addEventListener('message', ({ data, source }) => {
  if (data && data.report) reports.push({ ...data, source });
});
window.reported = (frame, report) =>
  reports.filter((entry) => entry.source === frame.contentWindow && entry.report === report);

// The loader's deadlines are real, and run 50 times faster. Counted, to see that none is left.
window.timers = new Set();
{
  const { setTimeout: set, clearTimeout: clear } = window;
  window.realTimeout = set.bind(window);
  window.setTimeout = (work, ms = 0) => {
    const timer = set(() => (timers.delete(timer), work()), ms / 50);
    timers.add(timer);
    return timer;
  };
  window.clearTimeout = (timer) => (timers.delete(timer), clear(timer));
}

window.ports = [];
{
  const Channel = MessageChannel;
  window.MessageChannel = function () {
    const channel = new Channel();
    ports.push(new WeakRef(channel.port1));
    return channel;
  };
}

// Frames in a shadow root do not count in window.length.
const made = [];
{
  const create = document.createElement.bind(document);
  document.createElement = (name) => {
    const element = create(name);
    if (name === 'iframe') made.push(new WeakRef(element));
    return element;
  };
}
window.liveFrames = () => made.filter((ref) => ref.deref()?.isConnected).length;

window.until = (test) =>
  new Promise((resolve) => {
    const look = () => {
      const value = test();
      if (value) resolve(value);
      else realTimeout(look, 2);
    };
    look();
  });

const encode = (value) => btoa(value).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '');

// Not signed: only the provider looks at the signature. The mode is for the frame's double.
window.orderFor = (mode = '', more = {}) =>
  [
    encode('{"alg":"ES256"}'),
    encode(unescape(encodeURIComponent(JSON.stringify({ iss: `mer_${mode.padEnd(30, '0')}`, ...more })))),
    'c2ln',
  ].join('.');

window.make = (order, id = '') => {
  const checkout = document.createElement('farthing-checkout');
  if (order !== undefined) checkout.setAttribute('order', order);
  checkout.id = id;
  return checkout;
};
window.mount = async (order, id) => {
  const checkout = make(order, id);
  document.querySelector('#form').append(checkout);
  await until(() => events.some(({ type, target }) => type === 'farthing-ready' && target === checkout.id));
  return checkout;
};
window.frameOf = (checkout) => checkout.shadowRoot.querySelector('iframe') ?? checkout.querySelector('iframe');

// Has the frame's double post these on its port; resolves when the loader has read them all.
let sentinel = 2000;
window.drive = async (checkout, ...messages) => {
  const height = ++sentinel;
  frameOf(checkout).contentWindow.postMessage({ drive: [...messages, `{"type":"resize","height":${height}}`] }, '*');
  await until(() => frameOf(checkout).style.height === `${height}px`);
};
window.ask = async (frame, what) => {
  const before = reported(frame, 'state').length;
  frame.contentWindow.postMessage({ ask: what }, '*');
  return (await until(() => reported(frame, 'state')[before])).state;
};

// The part of the loader in the tests of boot.js, done by hand.
window.bootFrame = async (address) => {
  const frame = document.createElement('iframe');
  const loaded = new Promise((resolve) => (frame.onload = resolve));
  frame.src = address;
  document.body.append(frame);
  await loaded;
  return frame;
};
window.connectWith = (frame, provider, data = { farthing: 1, type: 'connect' }, answer = { messages: [] }, spare = []) => {
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = (event) => answer.messages.push(event.data);
  answer.port = port1;
  frame.contentWindow.postMessage(data, provider, [port2, ...spare]);
  return answer;
};
