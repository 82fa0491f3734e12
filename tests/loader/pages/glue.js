// In the place of wasm-bindgen's glue and the application behind it. Its address says what goes wrong.

const fault = new URL(import.meta.url).pathname.split('/')[2];
if (fault === 'glue-throws') throw new Error('the module failed');

export default async function init({ module_or_path }) {
  await WebAssembly.instantiateStreaming(module_or_path);
  if (fault === 'init-rejects') throw new WebAssembly.RuntimeError('unreachable');
  if (fault === 'init-hangs') await new Promise(() => {});
  document.getElementById('app').textContent = 'started';
  const { port, origin } = await globalThis.farthing.connected;
  port.onmessage = ({ data }) => parent.postMessage({ report: 'message', data, origin }, '*');
}
