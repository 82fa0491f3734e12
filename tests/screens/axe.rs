//! Every screen before the axe-core library, without an exception: rules of WCAG 2.0 to 2.2, A and AA, and
//! what its makers hold for good practice.

use std::fs;

use farthing_journeys::{journey::World, project};
use serde_json::{Value, json};

const TAGS: [&str; 7] = [
    "wcag2a",
    "wcag2aa",
    "wcag21a",
    "wcag21aa",
    "wcag22a",
    "wcag22aa",
    "best-practice",
];

/// In one piece with the library: what a driver runs can lose its globals when it ends.
const RUN: &str = "
    const [tags, done] = arguments;
    axe.run(document, { runOnly: { type: 'tag', values: tags }, iframes: false, resultTypes: ['violations'] })
      .then(({ violations, passes }) => done({
        passed: passes.length,
        violations: violations.map(({ id, help, nodes }) =>
          `${id}: ${help}: ${nodes.map(({ html, failureSummary }) => html + ' ' + failureSummary).join('; ')}`),
      }), (error) => done({ passed: 0, violations: ['' + error] }));";

/// What is wrong with the document that the browser looks into.
///
/// # Panics
/// If it can't be looked at.
pub async fn violations(world: &World) -> Vec<String> {
    let script = format!("{};{RUN}", library());
    let client = &world.browser.client;
    let told = client.execute_async(&script, vec![json!(TAGS)]).await.unwrap();
    let violations: Vec<String> = serde_json::from_value(told["violations"].clone()).unwrap();
    // A look that looked at nothing finds nothing.
    assert!(
        !violations.is_empty() || told["passed"].as_u64().is_some_and(|passed| passed > 5),
        "{told}"
    );
    violations
}

/// The library's script, which makes itself `axe`.
///
/// # Panics
/// If it isn't installed.
pub fn library() -> String {
    let path = project::root().join("tests/axe/node_modules/axe-core/axe.min.js");
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{} is not there: {error}", path.display()))
}

/// # Panics
/// If anything is wrong with the document that the browser looks into.
pub async fn must_be_accessible(world: &World, name: &str) {
    let violations = violations(world).await;
    assert!(violations.is_empty(), "{name}: {violations:#?}");
}

/// What a wrong document is told to be.
pub async fn must_find_what_is_wrong(world: &World) {
    let spoil = "const name = document.querySelector('label[for=name]'); const text = name.textContent;
        name.remove(); document.documentElement.removeAttribute('lang'); return text";
    let client = &world.browser.client;
    let label: Value = client.execute(spoil, vec![]).await.unwrap();
    assert_eq!(label, "Name on card");
    let found = violations(world).await.join(" ");
    for rule in ["label:", "html-has-lang:"] {
        assert!(found.contains(rule), "{rule} {found}");
    }
}
