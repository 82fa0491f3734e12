// A browser, over WebDriver's own HTTP: no library is needed for the few commands that these tests use.
// CHROMEDRIVER names the driver (else it is looked for in the PATH), CHROME the browser (else the driver's).

import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

const SCRIPT_MS = 30_000;

export async function openBrowser() {
  const driver = spawn(process.env.CHROMEDRIVER ?? 'chromedriver', ['--port=0'], {
    stdio: ['ignore', 'pipe', 'ignore'],
    detached: true, // a group of its own, so that the browser ends with it
  });
  const end = () => {
    try {
      process.kill(-driver.pid);
    } catch {
      // it never started, or is gone
    }
  };
  process.once('exit', end);
  process.once('SIGTERM', () => process.exit(1)); // the test runner's, when the time is up
  try {
    const address = `http://127.0.0.1:${await portOf(driver)}`;
    const session = await command(address, 'POST', '/session', {
      capabilities: {
        alwaysMatch: {
          'goog:chromeOptions': {
            ...(process.env.CHROME && { binary: process.env.CHROME }),
            // gc() for the tests that look for what is left behind; no sandbox, because CI runs as root.
            args: ['--headless', '--no-sandbox', '--disable-dev-shm-usage', '--js-flags=--expose-gc'],
          },
          timeouts: { script: SCRIPT_MS },
        },
      },
    });
    const path = `/session/${session.sessionId}`;
    return {
      goto: (/** @type {string} */ url) => command(address, 'POST', `${path}/url`, { url }),
      run: (/** @type {Function} */ work, ...args) => run(address, path, work, args),
      async quit() {
        await command(address, 'DELETE', path).finally(end);
      },
    };
  } catch (error) {
    end();
    throw error;
  }
}

/** Runs `work` in the page, awaits it, and brings its JSON result, or its error, back. */
async function run(address, path, work, args) {
  const script = `
    const done = arguments[arguments.length - 1];
    (async () => (${work})(...[...arguments].slice(0, -1)))()
      .then((value) => done({ value }), (error) => done({ error: String(error && error.stack || error) }));`;
  const { value, error } = await command(address, 'POST', `${path}/execute/async`, { script, args });
  if (error) throw new Error(`in the page: ${error}`);
  return value;
}

async function command(address, method, path, body) {
  const answer = await fetch(address + path, { method, body: body && JSON.stringify(body) });
  const { value } = await answer.json();
  if (!answer.ok) throw new Error(`${method} ${path}: ${value.error}: ${value.message}`);
  return value;
}

/** The port that the driver chose, which it prints when it is ready. */
function portOf(driver) {
  return new Promise((resolve, reject) => {
    driver.once('error', (error) => reject(new Error(`chromedriver did not start (set CHROMEDRIVER): ${error.message}`)));
    driver.once('exit', (code) => reject(new Error(`chromedriver ended with ${code}`)));
    createInterface({ input: driver.stdout }).on('line', (line) => {
      const port = /started successfully on port (\d+)/.exec(line)?.[1];
      if (port) resolve(port);
    });
  });
}
