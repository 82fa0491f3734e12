//! Short names between the wasm and its glue.
//!
//! wasm-bindgen gives each import a name with 16 random digits, written out on both sides. wasm-opt shortens those of
//! the wasm and says how; here the glue follows. What is not as wasm-bindgen writes it stops the build.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, Result, bail, ensure};
use serde_json::Value;
use wasmparser::{Parser, Payload};

/// What wasm-opt calls the one module that is imported from.
const MODULE: &str = "a";
/// What the glue gives to the wasm begins here.
const BEGIN: &str = "    const import0 = {\n        __proto__: null,\n";
/// And ends here.
const END: &str = "    };\n    return {\n        __proto__: null,\n";

/// New names by the old ones.
#[derive(Debug)]
pub struct Names {
    /// What the module was called that the glue gives.
    module: String,
    imports: BTreeMap<String, String>,
    exports: BTreeMap<String, String>,
}

impl Names {
    /// From what `wasm-opt --minify-imports-and-exports-and-modules` prints:
    /// `{"imports": [[module, old, new], …], "exports": [[old, new], …]}`.
    pub fn read(printed: &str) -> Result<Self> {
        let printed: Value = serde_json::from_str(printed)
            .context("wasm-opt did not say in JSON how it shortened the names")?;
        let mut modules = BTreeSet::new();
        let (mut imports, mut exports) = (BTreeMap::new(), BTreeMap::new());
        for entry in list(&printed, "imports")? {
            let [Some(module), Some(old), Some(new)] = [0, 1, 2].map(|at| entry[at].as_str()) else {
                bail!("wasm-opt renamed an import in another way than known: {entry}");
            };
            modules.insert(module);
            ensure!(
                imports.insert(old.to_owned(), new.to_owned()).is_none(),
                "{old} is imported twice"
            );
        }
        for entry in list(&printed, "exports")? {
            let [Some(old), Some(new)] = [0, 1].map(|at| entry[at].as_str()) else {
                bail!("wasm-opt renamed an export in another way than known: {entry}");
            };
            exports.insert(old.to_owned(), new.to_owned());
        }
        let mut modules = modules.into_iter();
        let (Some(module), None) = (modules.next(), modules.next()) else {
            bail!("the wasm imports from other than one module, which is what the glue gives");
        };
        Ok(Self {
            module: module.to_owned(),
            imports,
            exports,
        })
    }

    /// Whether the wasm has these names, and no others.
    pub fn check(&self, wasm: &[u8]) -> Result<()> {
        let (mut imports, mut exports) = (BTreeSet::new(), BTreeSet::new());
        for payload in Parser::new(0).parse_all(wasm) {
            match payload? {
                Payload::ImportSection(section) => {
                    for import in section.into_imports() {
                        let import = import?;
                        ensure!(
                            import.module == MODULE,
                            "the wasm imports from `{}`",
                            import.module
                        );
                        imports.insert(import.name.to_owned());
                    }
                }
                Payload::ExportSection(section) => {
                    for export in section {
                        exports.insert(export?.name.to_owned());
                    }
                }
                _ => {}
            }
        }
        let new = |names: &BTreeMap<String, String>| names.values().cloned().collect::<BTreeSet<_>>();
        ensure!(
            imports == new(&self.imports) && exports == new(&self.exports),
            "the wasm has other names than wasm-opt said"
        );
        Ok(())
    }

    /// The glue with the new names, without what the wasm no longer imports.
    pub fn shorten(&self, glue: &str) -> Result<String> {
        let handed_over = |module: &str| format!("{END}        {module}: import0,\n");
        let (before, rest) = between(glue, BEGIN)?;
        let (given, rest) = between(rest, &handed_over(&format!("\"{}\"", self.module)))?;
        let (rest, nothing) = between(rest, "export { initSync, __wbg_init as default };\n")?;
        ensure!(nothing.is_empty(), "something follows the glue's own exports");
        let short = [
            before,
            BEGIN,
            &self.given(given)?,
            &handed_over(MODULE),
            rest,
            // www/boot.js imports this one alone.
            "export { __wbg_init as default };\n",
        ];
        self.used(&short.concat())
    }

    /// What the glue gives to the wasm, under new names.
    fn given(&self, functions: &str) -> Result<String> {
        let (mut short, mut found) = (String::new(), BTreeSet::new());
        let mut function = String::new();
        for line in functions.split_inclusive('\n') {
            function += line;
            if !(line.starts_with("        }") && line.ends_with(",\n")) {
                continue;
            }
            let named = function
                .strip_prefix("        ")
                .and_then(|text| text.split_once(": function("));
            let Some((old, rest)) = named.filter(|(old, _)| is_name(old)) else {
                bail!("the glue gives something that is no function: {function}");
            };
            if let Some(new) = self.imports.get(old) {
                ensure!(found.insert(old.to_owned()), "the glue gives {old} twice");
                short += &format!("        {new}: function({rest}");
            }
            function.clear();
        }
        ensure!(
            function.is_empty(),
            "the glue gives something that does not end: {function}"
        );
        let missing: Vec<&String> = self.imports.keys().filter(|old| !found.contains(*old)).collect();
        ensure!(
            missing.is_empty(),
            "the glue does not give what the wasm imports: {missing:?}"
        );
        Ok(short)
    }

    /// The glue, which uses what the wasm exports under new names.
    fn used(&self, glue: &str) -> Result<String> {
        ensure!(
            !glue.contains("wasm["),
            "the glue looks up an export by a name that is no word"
        );
        let mut short = String::with_capacity(glue.len());
        let mut rest = glue;
        while let Some((before, after)) = rest.split_once("wasm.") {
            short = short + before + "wasm.";
            let end = after.find(|sign| !part_of_name(sign)).unwrap_or(after.len());
            let (old, follows) = after.split_at(end);
            // As in `x_wasm.y`, or in a sentence.
            let other = before.ends_with(part_of_name) || before.ends_with('.') || old.is_empty();
            short += match self.exports.get(old) {
                _ if other => old,
                Some(new) => new,
                None => bail!("the glue uses {old}, which the wasm does not export"),
            };
            rest = follows;
        }
        Ok(short + rest)
    }
}

/// What comes before and after `what`, which is there once.
fn between<'a>(text: &'a str, what: &str) -> Result<(&'a str, &'a str)> {
    let parts = text.split_once(what);
    let parts = parts.filter(|(_, after)| !after.contains(what));
    parts.with_context(|| {
        format!(
            "the glue of this wasm-bindgen is not the one known: not once `{}`",
            what.trim()
        )
    })
}

fn is_name(text: &str) -> bool {
    !text.is_empty() && text.chars().all(part_of_name)
}

fn part_of_name(sign: char) -> bool {
    sign.is_alphanumeric() || sign == '_' || sign == '$'
}

fn list<'a>(printed: &'a Value, name: &str) -> Result<&'a Vec<Value>> {
    let list = printed[name].as_array();
    list.with_context(|| format!("wasm-opt did not say which {name} it renamed"))
}

#[cfg(test)]
#[path = "names_tests.rs"]
mod tests;
