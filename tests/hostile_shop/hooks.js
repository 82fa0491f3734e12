// Runs in a merchant's page before the loader, and listens wherever a page can listen. What it saw is in
// `seen`, as [where, text]. It changes nothing that it sees: the checkout must go its whole way.
(() => {
  'use strict';
  const SEEN_CHARS = 6_000_000;
  const TEXT_CHARS = 20_000;

  // Kept from before anything is hooked.
  const { apply, construct, ownKeys, getOwnPropertyDescriptor, defineProperty, getPrototypeOf } = Reflect;
  const { stringify } = JSON;
  const latin1 = new TextDecoder('latin1');
  const decode = latin1.decode.bind(latin1);
  const NativeProxy = Proxy;
  const later = setTimeout.bind(window);
  const repeatedly = setInterval.bind(window);

  /** @type {[string, string][]} */
  const seen = [];
  const known = new Set();
  let chars = 0;
  let busy = false; // while a hook is at work, what it calls is its own doing
  let full = false;

  const quietly = (work) => {
    if (busy) return undefined;
    busy = true;
    try {
      return work();
    } catch {
      return undefined;
    } finally {
      busy = false;
    }
  };

  const put = (where, text) => {
    if (text === '' || full) return;
    const entry = String(text).slice(0, TEXT_CHARS);
    if (entry.length > 6) {
      // The same again tells nothing; but a digit may well come twice.
      const both = `${where} ${entry}`;
      if (known.has(both)) return;
      known.add(both);
    }
    chars += where.length + entry.length;
    if (chars > SEEN_CHARS) {
      full = true;
      return;
    }
    seen[seen.length] = [where, entry];
  };

  // Whatever it is, as text, down to what it holds.
  const read = (where, value, depth = 3) => {
    switch (typeof value) {
      case 'string':
        return put(where, value);
      case 'number':
      case 'bigint':
        return put(where, `${value}`);
      case 'function':
        return put(where, `${value}`.slice(0, 200));
      case 'object':
        break;
      default:
        return;
    }
    if (value === null || depth === 0) return;
    if (ArrayBuffer.isView(value)) return put(where, decode(value));
    if (value instanceof ArrayBuffer) return put(where, decode(new Uint8Array(value)));
    if (value instanceof Blob) {
      value.text().then((text) => quietly(() => put(`${where} blob`, text)));
      return;
    }
    if (value instanceof Promise) {
      value.then((result) => quietly(() => read(`${where} resolved`, result, depth - 1)), () => {});
      return;
    }
    if (value instanceof Node) {
      put(where, value.outerHTML ?? value.data ?? '');
      if ('value' in value) put(`${where} value`, value.value);
      return;
    }
    if (value === window || value instanceof Window) return;
    try {
      if (typeof value[Symbol.iterator] === 'function') {
        let count = 0;
        for (const item of value) {
          read(where, item, depth - 1);
          if (++count > 200) break;
        }
      }
      put(where, stringify(value) ?? '');
    } catch { /* cyclic, or it does not let itself be looked at */ }
    // What events and other interfaces hold is in the accessors of their prototypes.
    for (let holder = value, up = 0; holder && holder !== Object.prototype && up < 4; holder = getPrototypeOf(holder), up++) {
      for (const key of ownKeys(holder)) {
        if (typeof key !== 'string' || key === 'srcElement' || key === 'view') continue;
        const accessor = getOwnPropertyDescriptor(holder, key)?.get;
        let item;
        try {
          item = accessor ? apply(accessor, value, []) : undefined;
        } catch { continue; }
        if (typeof item === 'string') put(`${where}.${key}`, item);
        else if (typeof item === 'object' && item !== null && !(item instanceof Node)) read(`${where}.${key}`, item, depth - 1);
      }
    }
  };
  const note = (where, value) => quietly(() => read(where, value));

  // A function that takes a look at what goes in and what comes out.
  const watched = (where, original) => new NativeProxy(original, {
    apply(target, self, args) {
      if (busy) return apply(target, self, args);
      note(`${where}()`, args);
      // Callbacks are looked into as well.
      const passed = args.map((arg) => (typeof arg === 'function' && !isClass(arg) ? callback(where, arg) : arg));
      const result = apply(target, self, passed);
      note(`${where} =>`, result);
      return result;
    },
    construct(target, args, as) {
      note(`new ${where}`, args);
      return construct(target, args, as);
    },
  });

  const callbacks = new WeakMap(); // the same function again is the same callback: removeEventListener needs it
  const callback = (where, original) => {
    const known = callbacks.get(original);
    if (known) return known;
    const made = new NativeProxy(original, {
      apply(target, self, args) {
        note(`${where} callback`, args);
        return apply(target, self, args);
      },
    });
    callbacks.set(original, made);
    return made;
  };
  const isClass = (f) => quietly(() => /^class\b/.test(`${f}`) || (f.prototype && /\[native code\]/.test(`${f}`)));

  const hookMember = (holder, key, where) => {
    const property = getOwnPropertyDescriptor(holder, key);
    if (!property?.configurable) return;
    if (typeof property.value === 'function') {
      if (key === 'constructor' || isClass(property.value)) return;
      defineProperty(holder, key, { ...property, value: watched(where, property.value) });
      return;
    }
    if (!property.get) return;
    const { get, set } = property;
    defineProperty(holder, key, {
      ...property,
      get() {
        const value = apply(get, this, []);
        if (!busy) note(`${where} get`, value);
        return value;
      },
      set: set && function (value) {
        if (busy) return apply(set, this, [value]);
        note(`${where} set`, value);
        return apply(set, this, [typeof value === 'function' && key.startsWith('on') ? callback(where, value) : value]);
      },
    });
  };

  // Hooked all over, these would make the page too slow to be used, and pass nothing on that others don't.
  // (Nor what the driver of the browser keeps for itself, under names that begin with cdc_.)
  const LEFT_OUT = new Set([Object, Function, Array, Proxy, Symbol, WeakMap, WeakSet, WeakRef, Error]);
  const NAMESPACES = ['JSON', 'Intl', 'Math', 'Atomics', 'console', 'CSS', 'WebAssembly'];
  const CONSTRUCTORS = [
    'MessageChannel', 'BroadcastChannel', 'Worker', 'SharedWorker', 'WebSocket', 'EventSource', 'XMLHttpRequest', 'Request',
    'Response', 'Headers', 'FormData', 'URLSearchParams', 'Blob', 'File', 'FileReader', 'CustomEvent', 'MessageEvent',
    'MutationObserver', 'ResizeObserver', 'IntersectionObserver', 'PerformanceObserver', 'Image', 'Uint8Array', 'Map', 'Set',
  ];

  // Open every shadow root, before attachShadow is hooked like the rest.
  const attachShadow = Element.prototype.attachShadow;
  Element.prototype.attachShadow = function (init) {
    const root = apply(attachShadow, this, [{ ...init, mode: 'open' }]);
    later(() => quietly(() => observe(root)));
    return root;
  };

  const observer = new MutationObserver((records) => quietly(() => {
    for (const { type, target, attributeName, oldValue, addedNodes } of records) {
      put(`mutation ${type}`, `${attributeName ?? ''} ${oldValue ?? ''}`);
      put(`mutation ${type} now`, target.outerHTML ?? target.data ?? '');
      for (const node of addedNodes) {
        read('mutation added', node);
        if (node.shadowRoot) observe(node.shadowRoot);
      }
    }
  }));
  const observe = (root) => observer.observe(root, {
    subtree: true, childList: true, attributes: true, attributeOldValue: true, characterData: true, characterDataOldValue: true,
  });

  observe(document);

  // Every event that there is a handler for anywhere, and those that have none.
  const events = new Set(['DOMContentLoaded', 'beforeinput', 'compositionstart', 'compositionupdate', 'compositionend', 'focusin', 'focusout',
    'message', 'messageerror', 'securitypolicyviolation', 'error', 'unhandledrejection', 'rejectionhandled', 'textInput', 'selectionchange',
    'farthing-ready', 'farthing-token', 'farthing-failed', 'farthing-cancelled', 'storage', 'popstate', 'hashchange', 'paste', 'copy', 'cut',
    'pageshow', 'pagehide', 'beforeunload', 'visibilitychange', 'formdata', 'fullscreenchange', 'devicemotion', 'deviceorientation']);
  for (const holder of [window, Document.prototype, Element.prototype, HTMLElement.prototype, HTMLBodyElement.prototype]) {
    for (const key of ownKeys(holder)) {
      if (typeof key === 'string' && key.startsWith('on')) events.add(key.slice(2));
    }
  }
  for (const event of events) {
    for (const target of [window, document]) {
      target.addEventListener(event, (happened) => quietly(() => {
        read(`event ${event}`, happened);
        for (const on of happened.composedPath()) {
          if (on instanceof Element) {
            put(`event ${event} on`, on.outerHTML.slice(0, 2000));
            if ('value' in on) put(`event ${event} value`, `${on.value}`);
          }
        }
        const clipboard = happened.clipboardData ?? happened.dataTransfer;
        if (clipboard) for (const type of clipboard.types) put(`event ${event} ${type}`, clipboard.getData(type));
      }), { capture: true, passive: true });
    }
  }

  new PerformanceObserver((list) => quietly(() => read('performance', list.getEntries().map((entry) => stringify(entry)))))
    .observe({ entryTypes: [...PerformanceObserver.supportedEntryTypes] });
  if (window.ReportingObserver) {
    new ReportingObserver((reports) => quietly(() => read('report', reports.map((report) => stringify(report))))).observe();
  }
  Error.stackTraceLimit = 100;
  Error.prepareStackTrace = (error, frames) => {
    quietly(() => put('stack', `${error} ${frames.map((frame) => `${frame.getFunctionName()} ${frame.getFileName()}`).join(' ')}`));
    return `${error}`;
  };
  // What an object inherits by these names, if it lacks them.
  for (const name of ['number', 'expiry_month', 'expiry_year', 'security_code', 'sealed', 'plaintext', 'card']) {
    defineProperty(Object.prototype, name, {
      configurable: true,
      get: () => undefined,
      set(value) {
        note(`Object.prototype.${name}`, value);
        defineProperty(this, name, { value, writable: true, enumerable: true, configurable: true });
      },
    });
  }

  // Again and again: what no event tells of.
  repeatedly(() => quietly(() => {
    for (const host of document.querySelectorAll('farthing-checkout')) {
      const frame = host.shadowRoot?.querySelector('iframe');
      if (!frame) continue;
      put('host', host.outerHTML + host.shadowRoot.innerHTML);
      for (const look of [
        () => frame.contentWindow.location.href, () => frame.contentWindow.document.body.innerHTML, () => frame.contentDocument.body.innerHTML,
        () => frame.contentWindow.name, () => frame.contentWindow.history.length, () => frame.contentWindow.localStorage.length,
        () => frame.contentWindow.getSelection(), () => frame.src, () => frame.name, () => frame.style.height, () => frame.contentWindow.length,
        () => `${frame.contentWindow.origin}`, () => frame.contentWindow.farthing,
      ]) {
        try {
          read('frame', look());
        } catch { /* another origin: as it should be */ }
      }
    }
    put('selection', `${getSelection()}`);
    put('address', `${location.href} ${document.referrer} ${window.name} ${history.length} ${stringify(history.state)}`);
    put('cookie', document.cookie);
    put('storage', `${stringify(localStorage)} ${stringify(sessionStorage)}`);
    put('title', document.title);
    put('active', document.activeElement?.outerHTML ?? '');
    put('performance', stringify(performance.getEntries().map((entry) => entry.name)));
    put('memory', stringify(performance.memory ?? null));
  }), 100);
  try {
    indexedDB.open('hostile');
    new BroadcastChannel('farthing').onmessage = ({ data }) => note('broadcast', data);
    navigator.serviceWorker?.register('/worker.js');
    repeatedly(() => navigator.clipboard?.readText?.().then((text) => quietly(() => put('clipboard', text)), () => {}), 500);
    navigator.serviceWorker?.addEventListener('message', ({ data }) => note('service worker', data));
  } catch { /* not here */ }

  // Now everything that has members: every interface, every namespace, every global function.
  for (const name of ownKeys(window)) {
    const value = getOwnPropertyDescriptor(window, name)?.value;
    if (typeof name !== 'string' || name.startsWith('cdc_') || LEFT_OUT.has(value)) continue;
    if (typeof value === 'function' && value.prototype) {
      for (const key of ownKeys(value.prototype)) {
        if (typeof key === 'string') hookMember(value.prototype, key, `${name}.${key}`);
      }
      for (const key of ownKeys(value)) {
        if (typeof key === 'string' && key !== 'prototype') hookMember(value, key, `${name}.${key}`);
      }
    } else if (typeof value === 'function') {
      hookMember(window, name, name);
    } else if (NAMESPACES.includes(name)) {
      for (const key of ownKeys(value)) {
        if (typeof key === 'string') hookMember(value, key, `${name}.${key}`);
      }
    }
  }
  for (const name of CONSTRUCTORS) {
    const property = getOwnPropertyDescriptor(window, name);
    if (property?.configurable) defineProperty(window, name, { ...property, value: watched(name, property.value) });
  }
  for (const key of ['name', 'status', 'opener', 'event']) hookMember(window, key, `window.${key}`);

  defineProperty(window, 'seen', { value: { take: () => quietly(() => ({ seen: seen.splice(0), full })) ?? null } });
})();
