// Runs in every document before its own scripts, and says what a person could do in it and when.
(() => {
  const tell = (what) => farthingBench(JSON.stringify({ what, at: performance.timeOrigin + performance.now() }));
  const figures = { shift: 0, longest: 0, typed: [] };
  Object.defineProperty(globalThis, 'farthingFigures', { value: figures });

  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) if (!entry.hadRecentInput) figures.shift += entry.value;
  }).observe({ type: 'layout-shift', buffered: true });
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) figures.longest = Math.max(figures.longest, entry.duration);
  }).observe({ type: 'longtask', buffered: true });

  // From when the key was pressed until what it changed has been drawn.
  addEventListener('keydown', ({ timeStamp }) => {
    requestAnimationFrame(() => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => figures.typed.push(performance.now() - timeStamp);
      port2.postMessage(0);
    });
  }, { capture: true });

  if (window === top) {
    addEventListener('farthing-ready', () => tell('ready'));
    return;
  }
  const usable = (field) => !field.disabled && field.getClientRects().length > 0
    && getComputedStyle(field).visibility === 'visible';
  const find = () => [...document.querySelectorAll('input')].some(usable) && !tell('focusable');
  // A stand-in is shown by its library only once it has answered, which it never does: being there is enough.
  if (!location.hostname.endsWith('.test')) {
    addEventListener('DOMContentLoaded', () => document.querySelector('input') && tell('focusable'));
    return;
  }
  // Looked at once a frame, as no frame is drawn while a style sheet is awaited.
  const look = () => find() || requestAnimationFrame(look);
  requestAnimationFrame(look);
})();
