// Beside boot.js, and before it: tells the test how the frame's page stands, and does what the test says.
// A page whose address ends with ?fast has a clock that runs 600 times faster: a start of 30 s is late at once.

if (location.search === '?fast') {
  const { setTimeout: set } = window;
  window.setTimeout = (work, ms) => set(work, ms / 600);
}

const violations = [];
document.addEventListener('securitypolicyviolation', ({ violatedDirective }) => violations.push(violatedDirective));

const shown = (id) => !document.getElementById(id).hidden;
const acts = {
  failed: () => globalThis.farthing.failed(),
  trap: () => setTimeout(() => { throw new WebAssembly.RuntimeError('unreachable'); }, 0),
  error: () => setTimeout(() => { throw new TypeError('an extension of the browser'); }, 0),
  restored: () => dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true })),
  shown: () => dispatchEvent(new PageTransitionEvent('pageshow', { persisted: false })),
  retry: () => document.getElementById('boot-retry').click(),
};

addEventListener('message', ({ data }) => {
  if (!data || !data.ask) return;
  if (acts[data.ask]) acts[data.ask]();
  parent.postMessage({
    report: 'state',
    state: {
      app: shown('app') && document.getElementById('app').textContent,
      failure: shown('boot-failure'),
      contract: Object.keys(globalThis.farthing ?? {}),
      born: performance.timeOrigin,
      violations,
    },
  }, '*');
});
