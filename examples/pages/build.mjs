// node build.mjs FOLDER: the pages as a server can serve them. Vue and Svelte have plugins for every bundler; here a
// few lines each do, so that nothing more has to be installed.

import { cp, mkdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

import { build } from 'esbuild';
import { compile } from 'svelte/compiler';
import { compileScript, parse } from 'vue/compiler-sfc';

const folder = process.argv[2];
if (!folder) throw new Error('node build.mjs FOLDER: where to put the pages');
const here = (path) => fileURLToPath(new URL(path, import.meta.url));

/** What turns the text of a file with this ending into JavaScript. */
const plugin = (name, ending, translate) => ({
  name,
  setup: ({ onLoad }) => onLoad({ filter: ending }, async ({ path }) => ({ contents: translate(await readFile(path, 'utf8'), path) })),
});

const svelte = plugin('svelte', /\.svelte$/, (text) => compile(text, { generate: 'client' }).js.code);

const vue = plugin('vue', /\.vue$/, (text, filename) => {
  const { descriptor } = parse(text, { filename });
  const isCustomElement = (tag) => tag === 'farthing-checkout';
  return compileScript(descriptor, {
    id: filename,
    inlineTemplate: true,
    templateOptions: { compilerOptions: { isCustomElement } },
  }).content;
});

await mkdir(folder, { recursive: true });
await build({
  entryPoints: { react: here('react/main.jsx'), vue: here('vue/main.js'), svelte: here('svelte/main.js') },
  outdir: folder,
  bundle: true,
  format: 'esm',
  target: 'es2022',
  jsx: 'automatic',
  plugins: [svelte, vue],
  // React looks for double effects, and Vue and Svelte say more, in development alone: an example is to be looked at.
  conditions: ['development', 'svelte', 'browser'],
  define: {
    'process.env.NODE_ENV': '"development"',
    __VUE_OPTIONS_API__: 'false',
    __VUE_PROD_DEVTOOLS__: 'false',
    __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: 'false',
  },
});
for (const kind of ['html', 'react', 'vue', 'svelte']) await cp(here(`${kind}/index.html`), `${folder}/${kind}.html`);
await cp(here('shop.js'), `${folder}/shop.js`);
