//! What each screen says to those who can't see it: roles, names and states, in `tests/screens/aria/`, to be read
//! as text. Computed by axe-core, by the rules for browsers: drivers tell roles of elements in the page itself, and
//! not of those in a frame from elsewhere. `FARTHING_REWRITE_SCREENS=1` writes the files anew.

use std::{env, fs};

use farthing_journeys::{journey::World, project};

use crate::axe;

/// A line for every element that can be met, and says something; less what differs from run to run.
const SNAPSHOT: &str = r"
    const { aria, text } = axe.commons;
    const STATES = ['invalid', 'disabled', 'expanded', 'live', 'busy', 'required'];
    const SILENT = [null, 'none', 'generic', 'presentation'];
    const lines = [];
    const words = (string) => string.replace(/\s+/g, ' ').trim();
    const walk = (element, depth) => {
      const node = axe.utils.getNodeFromTree(element);
      if (!node || !element.checkVisibility({ visibilityProperty: true })) return;
      if (element.getAttribute('aria-hidden') === 'true') return;
      const role = aria.getRole(node);
      const name = SILENT.includes(role) ? '' : words(text.accessibleTextVirtual(node));
      const own = words([...element.childNodes].filter((child) => child.nodeType === 3).map((child) => child.data).join(' '));
      const states = STATES.filter((state) => element.hasAttribute(`aria-${state}`))
        .map((state) => `${state}=${element.getAttribute(`aria-${state}`)}`);
      for (const state of ['checked', 'required', 'open']) if (element[state]) states.push(state);
      const described = (element.getAttribute('aria-describedby') ?? '').split(' ')
        .map((id) => id && words(document.getElementById(id)?.textContent ?? 'NOTHING')).filter(Boolean);
      if (described.length) states.push(`described by “${described.join(' ')}”`);
      let line = SILENT.includes(role) ? '' : role;
      if (/^H[1-6]$/.test(element.tagName)) line += ` ${element.tagName[1]}`;
      if (name) line += ` “${name}”`;
      if (own && own !== name) line += line ? `: ${own}` : own;
      if (states.length) line += ` [${states.join(', ')}]`;
      if (line) lines.push('  '.repeat(depth) + line);
      for (const child of element.children) walk(child, depth + (line ? 1 : 0));
    };
    axe.setup(document.documentElement);
    walk(document.body, 0);
    axe.teardown();
    return lines.join('\n')
      .replace(/[0-9a-f]{8}-[0-9a-f-]{27}/g, 'UUID')
      .replace(/\b([a-z]{3})_[0-9a-z]{30}\b/g, '$1_ID')
      .replace(/\btest-\d+\b/g, 'test-N')
      .replace(/(localhost|127\.0\.0\.1):\d+/g, '$1:PORT')
      .replace(/\b[A-Z][a-z]+ \d{1,2}, \d{4}/g, 'DATE')
      .replace(/\b\d{1,2} [A-Z][a-z]+ \d{4}/g, 'DATE')
      .replace(/\b\d{4}-\d\d-\d\d\b/g, 'DATE')
      .replace(/\b\d{1,2}:\d\d(:\d\d)?([\s\u202f]?[AP]M)?( UTC)?/g, 'TIME') + '\n';";

/// # Panics
/// If the document that the browser looks into is not as `tests/screens/aria/<name>.txt` says.
pub async fn must_be_as_written(world: &World, name: &str) {
    let snapshot = format!("{};{SNAPSHOT}", axe::library());
    let now = world.browser.read(&snapshot).await;
    let path = project::root().join(format!("tests/screens/aria/{name}.txt"));
    if env::var_os("FARTHING_REWRITE_SCREENS").is_some() {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, &now).unwrap();
    }
    let written = fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(
        now, written,
        "{name} says something else by now; with FARTHING_REWRITE_SCREENS=1 the files are written anew"
    );
}
