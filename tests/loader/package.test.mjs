// @farthing/checkout as a merchant gets it: packed, installed from its tarball into an empty project, and used there.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { copyFile, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, before, beforeEach, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { openBrowser } from './browser.mjs';
import { openServers } from './servers.mjs';

const run = promisify(execFile);
const path = (relative) => fileURLToPath(new URL(relative, import.meta.url));

let project, browser, servers;
before(async () => {
  project = await mkdtemp(join(tmpdir(), 'farthing-package-'));
  const { stdout } = await run('npm', ['pack', path('../../npm'), '--json', '--pack-destination', project]);
  const [{ filename }] = JSON.parse(stdout.slice(stdout.indexOf('[')));
  await writeFile(join(project, 'package.json'), '{"private":true,"type":"module"}');
  // Offline: a package that needs nothing else is installed from nothing but itself.
  await run('npm', ['install', '--offline', '--no-audit', '--no-fund', `./${filename}`], { cwd: project });
  servers = await openServers();
  servers.modules['/checkout.js'] = await readFile(join(project, 'node_modules/@farthing/checkout/index.js'));
  browser = await openBrowser();
});
after(async () => {
  await browser?.quit();
  await servers?.close();
  await rm(project, { recursive: true, force: true });
});
beforeEach(() => {
  servers.requests.length = 0;
  servers.faults.clear();
  return browser.goto(`${servers.shop}/?bare`);
});
afterEach(async () => assert.deepEqual(await browser.run(() => violations), []));

const loads = () => servers.requests.filter((path) => path.endsWith('/farthing.js'));

test('what is in it is what is meant to be', async () => {
  const folder = join(project, 'node_modules/@farthing/checkout');
  assert.deepEqual((await readdir(folder)).sort(), [
    'LICENSE-APACHE', 'LICENSE-MIT', 'README.md', 'farthing.d.ts', 'index.d.ts', 'index.js', 'package.json',
    'react-18.d.ts', 'react.d.ts',
  ]);
  assert.equal(await readFile(join(folder, 'farthing.d.ts'), 'utf8'), await readFile(path('../../www/farthing.d.ts'), 'utf8'));
});

test('valid programs compile against it, and invalid ones do not', async () => {
  for (const file of await readdir(path('package'))) await copyFile(path(`package/${file}`), join(project, file));
  // tsc says what it finds on its standard output.
  const compiled = await run(path('node_modules/.bin/tsc'), ['-p', project]).catch(({ stdout }) => ({ stdout }));
  assert.equal(compiled.stdout, '');
});

for (const [version, types] of [['19', 'react'], ['18', 'react-18']]) {
  test(`in React ${version} JSX knows the element, its attributes, and what it has no word for`, async () => {
    const react = path(`node_modules/@types/${types}`);
    const name = `react-${version}`;
    await copyFile(path(`react/${name}.tsx`), join(project, `${name}.tsx`));
    const paths = { react: [`${react}/index.d.ts`], 'react/jsx-runtime': [`${react}/jsx-runtime.d.ts`] };
    const compilerOptions = {
      target: 'ES2022', module: 'NodeNext', strict: true, noEmit: true, jsx: 'react-jsx', types: [], paths,
      lib: ['ES2022', 'DOM', 'DOM.Iterable'],
    };
    await writeFile(join(project, `${name}.json`), JSON.stringify({ compilerOptions, files: [`${name}.tsx`] }));
    const compiled = await run(path('node_modules/.bin/tsc'), ['-p', join(project, `${name}.json`)]).catch(({ stdout }) => ({ stdout }));
    assert.equal(compiled.stdout, '');
  });
}

test('on a server it can be imported and called', async () => {
  const program = `
    import { loadFarthing } from '@farthing/checkout';
    await loadFarthing('https://pay.example');
    await loadFarthing('nonsense').then(() => process.exit(1), (error) => console.log(error.message));`;
  await writeFile(join(project, 'server.js'), program);
  const { stdout } = await run('node', ['server.js'], { cwd: project });
  assert.match(stdout, /as in 'https:\/\/pay\.example', not 'nonsense'/);
});

test('loads once, whoever asks, and the checkout works', async () => {
  const seen = await browser.run(async (provider) => {
    const { loadFarthing } = await import('/checkout.js');
    const first = loadFarthing(provider);
    const same = first === loadFarthing(`${provider}/`);
    await first;
    await mount(orderFor());
    const { src, parentElement } = document.querySelector('script[src*="/v1/"]');
    return { same, src, head: parentElement === document.head, ready: events.length };
  }, servers.provider);
  assert.deepEqual(seen, { same: true, src: `${servers.provider}/v1/farthing.js`, head: true, ready: 1 });
  assert.equal(loads().length, 1);
});

test('a load that failed leaves nothing behind, and the next one is a new one', async () => {
  servers.faults.add('/v1/farthing.js');
  const failed = await browser.run(async (provider) => {
    window.farthing = await import('/checkout.js');
    const message = await farthing.loadFarthing(provider).catch((error) => error.message);
    return { message, scripts: document.querySelectorAll('script[src*="/v1/"]').length };
  }, servers.provider);
  assert.match(failed.message, /could not be loaded from .* once more/);
  assert.equal(failed.scripts, 0);
  servers.faults.clear();
  const ready = await browser.run(async (provider) => {
    await farthing.loadFarthing(provider);
    await mount(orderFor());
    return events.length;
  }, servers.provider);
  assert.equal(ready, 1);
});

test('a tag that is in the page already is the one', async () => {
  await browser.goto(`${servers.shop}/`);
  const scripts = await browser.run(async (provider) => {
    const { loadFarthing } = await import('/checkout.js');
    await loadFarthing(provider);
    return document.querySelectorAll('script[src*="/v1/"]').length;
  }, servers.provider);
  assert.equal(scripts, 1);
  assert.equal(loads().length, 1);
  // The page's own policy for scripts is not needed then.
});

test('a tag that is still on its way is waited for', async () => {
  servers.modules['/early.js'] = `
    const tag = document.createElement('script');
    tag.src = trustedTypes.createPolicy('farthing-checkout', { createScriptURL: (url) => url })
      .createScriptURL('${servers.provider}/v1/farthing.js');
    document.head.append(tag);
    window.early = import('/checkout.js').then(({ loadFarthing }) => loadFarthing('${servers.provider}'));`;
  await browser.goto(`${servers.shop}/?bare&early`);
  const scripts = await browser.run(async () => {
    await window.early;
    return [document.querySelectorAll('script[src*="/v1/"]').length, Boolean(customElements.get('farthing-checkout'))];
  });
  assert.deepEqual(scripts, [1, true]);
  assert.equal(loads().length, 1);
});

test('the first provider is the only one', async () => {
  const seen = await browser.run(async (provider) => {
    const { loadFarthing } = await import('/checkout.js');
    const message = (promise) => promise.then(() => 'loaded', (error) => error.message);
    const first = loadFarthing(provider);
    const during = await message(loadFarthing('https://pay.example'));
    await first;
    return [during, await message(loadFarthing('https://pay.example'))];
  }, servers.provider);
  for (const message of seen) assert.match(message, /This page has the checkout of http:\/\/127\.0\.0\.1:\d+; https:\/\/pay\.example can't/);
  assert.equal(loads().length, 1);
});

test('a provider whose tag was there first is told from another', async () => {
  await browser.goto(`${servers.shop}/`);
  const message = await browser.run(async () => {
    const { loadFarthing } = await import('/checkout.js');
    return loadFarthing('https://pay.example').then(() => 'loaded', (error) => error.message);
  });
  assert.match(message, /can't have one beside it/);
});

test('one release and no other, by its hash', async () => {
  const seen = await browser.run(async (provider, release) => {
    const { loadFarthing } = await import('/checkout.js');
    const message = (promise) => promise.then(() => 'loaded', (error) => error.message);
    return {
      other: await message(loadFarthing(provider, { release: '0'.repeat(64) })),
      malformed: await message(loadFarthing(provider, { release: 'v2' })),
      right: await message(loadFarthing(provider, { release })),
      defined: customElements.get('farthing-checkout').provider,
    };
  }, servers.provider, servers.release);
  assert.match(seen.other, /could not be loaded/);
  assert.match(seen.malformed, /64 hex digits/);
  assert.deepEqual([seen.right, seen.defined], ['loaded', servers.provider]);
});
