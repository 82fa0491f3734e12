// In the place of the provider's frame: connects, tells the test what it gets, and posts what the test says.
// The merchant's id names the mode: silent, failsonce, deaf (hello and no more), or as it should be.

const mode = location.pathname.split('_')[1].replace(/0+$/, '');
const { attempt } = document.currentScript.dataset;
const report = (what, more) => parent.postMessage({ report: what, ...more }, '*');
let port = null;

addEventListener('message', ({ data, ports, origin }) => {
  if (data.drive) return data.drive.forEach((message) => port.postMessage(message));
  if (data.ask === 'reload') return location.reload();
  if (data.ask) return report('state', { state: { born: performance.timeOrigin } });
  report('connect', { data, origin, ports: ports.length });
  const silent = mode === 'silent' || (mode === 'failsonce' && attempt === '1');
  if (silent || port) return; // as boot.js, which answers one
  port = ports[0];
  port.onmessage = (event) => report('message', { data: event.data });
  port.onclose = () => report('close');
  port.postMessage('{"type":"hello"}');
  if (mode !== 'deaf') port.postMessage('{"type":"ready"}');
});
