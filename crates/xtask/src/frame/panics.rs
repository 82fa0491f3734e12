//! Cuts what a panic has to say.
//!
//! Nobody hears it: a panic shows the failure screen of `www/boot.js` and ends the application, and its words, which
//! could quote what was typed, go nowhere (`src/browser/panic.rs`). Here a panic does the same at once, without
//! putting them together first. The words themselves go with [`super::data`].

use std::{collections::BTreeSet, ops::Range};

use anyhow::{Context, Result, bail, ensure};
use wasmparser::{FuncType, KnownCustom, Name, Parser, Payload, TypeRef};

use super::linked::{Linked, Symbol};

/// The import through which `src/browser/bridge.rs` calls `farthing.failed()`; a hash follows.
const FAILED: &str = "__wbg_failed_";
/// Every panic goes through it. Where it is called something else, so are the others.
const EVERY: &str = "core::panicking::panic_fmt";
/// By their beginnings, the functions of the standard library that do nothing but panic.
const PANICS: [&str; 14] = [
    "alloc::raw_vec::capacity_overflow",
    "alloc::raw_vec::handle_error",
    "core::cell::lazy::panic_poisoned",
    "core::cell::panic_already_",
    "core::option::expect_failed",
    "core::option::unwrap_failed",
    "core::panicking::",
    "core::result::unwrap_failed",
    "core::slice::copy_from_slice_impl::len_mismatch_fail",
    "core::slice::index::slice_index_fail",
    "core::str::slice_error_fail",
    "std::panicking::begin_panic",
    "std::panicking::panic_handler",
    "std::panicking::panic_with_hook",
];
/// By a part of their names, those that only panics call: see [`check`].
const CALLED_BY_PANICS: [&str; 2] = [" as core::fmt::Debug>::fmt", " as core::panic::PanicPayload>::"];
/// Yew's hook, which would print, and gives way to ours.
const HOOK: &str = "console_error_panic_hook::hook";

/// The module of wasm-bindgen, which still has names, with panics that say nothing.
pub fn cut(wasm: &[u8]) -> Result<Vec<u8>> {
    let module = Module::read(wasm)?;
    let failed = module.failed()?;
    let (mut wasm, mut cut) = (wasm.to_vec(), BTreeSet::new());
    for (index, name) in &module.names {
        let defined = usize::try_from(*index)?.checked_sub(module.imports.len());
        let body = defined.and_then(|defined| module.bodies.get(defined));
        let name = plain(name);
        if let Some(body) = body.filter(|_| says_something(&name)) {
            fail(&mut wasm[body.clone()], failed);
            cut.insert(name);
        }
    }
    ensure!(
        cut.contains(EVERY),
        "no function is called {EVERY}: see what the panics are called with this compiler"
    );
    Ok(module
        .kept
        .iter()
        .flat_map(|range| wasm[range.clone()].iter().copied())
        .collect())
}

/// Whether panics alone call what is cut for that reason: not so where a text of the frame, or of a library in it, is
/// made with `{:?}`.
pub fn check(linked: &Linked, reachable: &BTreeSet<usize>) -> Result<()> {
    let name = |function: &u32| {
        linked
            .names
            .get(function)
            .map_or_else(String::new, |name| plain(name))
    };
    let cut = |function: &u32| CALLED_BY_PANICS.iter().any(|part| name(function).contains(part));
    let called = linked
        .calls
        .iter()
        .find(|(by, of)| cut(of) && !says_something(&name(by)));
    if let Some((by, of)) = called {
        bail!(
            "{} uses {}, which the release build cuts out with the panics: use Display in what is shown",
            name(by),
            name(of)
        );
    }
    for symbol in reachable {
        if let Some(Symbol::Function(function)) = linked.symbols.get(*symbol) {
            ensure!(
                !cut(function),
                "something that is no panic uses {}, which the release build cuts out with the panics",
                name(function)
            );
        }
    }
    Ok(())
}

/// As much of a module as this needs.
#[derive(Default)]
struct Module<'a> {
    types: Vec<FuncType>,
    /// The functions that are imported, each with the number of its type.
    imports: Vec<(&'a str, u32)>,
    /// Where in the file the code of each other function is.
    bodies: Vec<Range<usize>>,
    /// The names of functions; those that are imported come first in the count.
    names: Vec<(u32, &'a str)>,
    /// Where in the file is what stays. The linker's notes go: they are about code that is no more.
    kept: Vec<Range<usize>>,
}

impl<'a> Module<'a> {
    fn read(wasm: &'a [u8]) -> Result<Self> {
        let mut module = Self::default();
        let mut begin = 0;
        for payload in Parser::new(0).parse_all(wasm) {
            let payload = payload?;
            let range = match &payload {
                Payload::Version { range, .. } => Some(range.clone()),
                section => section.as_section().map(|(_, range)| range),
            };
            if let Some(range) = range {
                let end = within(range)?.end;
                if !is_note_of_linker(&payload) {
                    module.kept.push(begin..end);
                }
                begin = end;
            }
            module.take(payload)?;
        }
        Ok(module)
    }

    fn take(&mut self, payload: Payload<'a>) -> Result<()> {
        match payload {
            Payload::TypeSection(section) => {
                self.types = section.into_iter_err_on_gc_types().collect::<Result<_, _>>()?;
            }
            Payload::ImportSection(section) => {
                for import in section.into_imports() {
                    let import = import?;
                    if let TypeRef::Func(kind) = import.ty {
                        self.imports.push((import.name, kind));
                    }
                }
            }
            Payload::CodeSectionEntry(body) => self.bodies.push(within(body.range())?),
            Payload::CustomSection(section) => {
                if let KnownCustom::Name(parts) = section.as_known() {
                    for part in parts {
                        if let Name::Function(names) = part? {
                            for function in names {
                                let function = function?;
                                self.names.push((function.index, function.name));
                            }
                        }
                    }
                }
            }
            _ => {}
        }
        Ok(())
    }

    /// The number of the function that shows the failure screen.
    fn failed(&self) -> Result<u32> {
        let mut found = self
            .imports
            .iter()
            .zip(0..)
            .filter(|((name, _), _)| name.starts_with(FAILED));
        let (Some(((_, kind), index)), None) = (found.next(), found.next()) else {
            bail!("the frame imports not one {FAILED}…: how does a panic show the failure screen now?");
        };
        let kind = self
            .types
            .get(usize::try_from(*kind)?)
            .context("an import without a type")?;
        ensure!(
            kind.params().is_empty() && kind.results().is_empty(),
            "{FAILED}… takes or gives something: a panic has nothing to hand over"
        );
        Ok(index)
    }
}

fn says_something(name: &str) -> bool {
    PANICS.iter().any(|beginning| name.starts_with(beginning))
        || CALLED_BY_PANICS.iter().any(|part| name.contains(part))
        || name.starts_with(HOOK)
}

/// Writes over a function: it calls `failed` and stops. What is left of it is filled with instructions that do
/// nothing; wasm-opt takes them out.
fn fail(body: &mut [u8], failed: u32) {
    const NO_LOCALS: u8 = 0x00;
    const CALL: u8 = 0x10;
    const UNREACHABLE: u8 = 0x00;
    const NOP: u8 = 0x01;
    const END: u8 = 0x0b;
    let mut code = vec![NO_LOCALS, CALL];
    let mut rest = failed;
    // LEB128, as all numbers in a module.
    loop {
        let [low, ..] = (rest & 0x7f).to_le_bytes();
        rest >>= 7;
        code.push(if rest == 0 { low } else { low | 0x80 });
        if rest == 0 {
            break;
        }
    }
    code.push(UNREACHABLE);
    // One that has no room for this has nothing to say either.
    if code.len() < body.len() {
        code.resize(body.len() - 1, NOP);
        code.push(END);
        body.copy_from_slice(&code);
    }
}

/// Where the name says which build of a crate it is from, or which copy of a function it is, it says so no more.
fn plain(name: &str) -> String {
    let mut plain = String::new();
    let mut rest = name;
    while let Some((before, after)) = rest.split_once('[') {
        plain.push_str(before);
        match after.split_once(']') {
            Some((inside, after)) if is_hash(inside) => rest = after,
            _ => {
                plain.push('[');
                rest = after;
            }
        }
    }
    plain.push_str(rest);
    plain
}

fn is_hash(text: &str) -> bool {
    text.len() == 16 && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

fn is_note_of_linker(payload: &Payload<'_>) -> bool {
    let Payload::CustomSection(section) = payload else {
        return false;
    };
    section.name() == "linking" || section.name().starts_with("reloc.")
}

fn within(range: Range<u64>) -> Result<Range<usize>> {
    Ok(usize::try_from(range.start)?..usize::try_from(range.end)?)
}

#[cfg(test)]
#[path = "panics_tests.rs"]
mod tests;
