use super::*;
use crate::frame::sample::{self, custom, module, section, text};

const CALLS_AND_RETURNS: [u8; 8] = [0x00, 0x41, 0x01, 0x1a, 0x41, 0x02, 0x1a, 0x0b];

/// One import of this name and these parameters, and a function for each name.
fn frame(import: &str, parameters: &[u8], functions: &[&str]) -> Vec<u8> {
    let count = u8::try_from(functions.len()).unwrap();
    let signature = [
        &[1, 0x60, u8::try_from(parameters.len()).unwrap()],
        parameters,
        &[0],
    ]
    .concat();
    let bodies = functions.iter().flat_map(|_| sample::counted(&CALLS_AND_RETURNS));
    let names = (1..)
        .zip(functions)
        .flat_map(|(index, name)| [vec![index], text(name)].concat());
    let names = [vec![count], names.collect()].concat();
    module(&[
        section(1, &signature),
        section(2, &[vec![1], text("m"), text(import), vec![0, 0]].concat()),
        section(3, &[vec![count], vec![0; functions.len()]].concat()),
        section(10, &[vec![count], bodies.collect()].concat()),
        custom("linking", &[2]),
        custom("reloc.CODE", &[3, 0]),
        custom("name", &[vec![1], sample::counted(&names)].concat()),
        custom("target_features", &[0]),
    ])
}

fn bodies(wasm: &[u8]) -> Vec<Vec<u8>> {
    let module = Module::read(wasm).unwrap();
    module
        .bodies
        .iter()
        .map(|body| wasm[body.clone()].to_vec())
        .collect()
}

#[test]
fn panics_fail_at_once_and_nothing_else_changes() {
    let spoken = frame(
        "__wbg_failed_0123",
        &[],
        &[
            "core[c5930c85a12de822]::panicking::panic_fmt",
            "farthing_frame::view::form::form::h2538636de4e5d651",
            "<[u8] as core[c5930c85a12de822]::fmt::Debug>::fmt.24",
            "console_error_panic_hook::hook::h445536d28739dae8",
            "<u8 as core[c5930c85a12de822]::fmt::Display>::fmt",
            "core::result::Result<T,E>::expect::h57c0867d340d1de8",
        ],
    );
    let silent = cut(&spoken).unwrap();
    // No locals; call 0; unreachable; twice nop; end.
    let fails = vec![0x00, 0x10, 0x00, 0x00, 0x01, 0x01, 0x01, 0x0b];
    let same = CALLS_AND_RETURNS.to_vec();
    assert_eq!(
        bodies(&silent),
        [
            fails.clone(),
            same.clone(),
            fails.clone(),
            fails,
            same.clone(),
            same
        ]
    );
    let customs = |wasm: &[u8]| {
        let payloads = Parser::new(0)
            .parse_all(wasm)
            .map(|payload| match payload.unwrap() {
                Payload::CustomSection(section) => Some(section.name().to_owned()),
                _ => None,
            });
        payloads.flatten().collect::<Vec<_>>()
    };
    assert_eq!(customs(&silent), ["name", "target_features"]);
}

#[test]
fn debug_is_for_panics_alone() {
    let debug = "<u8 as core[c5930c85a12de822]::fmt::Debug>::fmt";
    let linked = |by: &str| Linked {
        symbols: vec![Symbol::Static(0..4), Symbol::Function(2)],
        calls: vec![(1, 2), (2, 1)],
        names: [(1, by.to_owned()), (2, debug.to_owned())].into(),
        ..Linked::default()
    };
    let nothing = BTreeSet::new();
    for panics in [
        "core[c5930c85a12de822]::panicking::assert_failed",
        "<[u8] as core::fmt::Debug>::fmt",
    ] {
        check(&linked(panics), &nothing).unwrap();
        // A table of functions that code can reach, such as that of a `&dyn Debug`.
        let error = check(&linked(panics), &BTreeSet::from([0, 1]))
            .unwrap_err()
            .to_string();
        assert!(error.contains("no panic uses <u8 as"), "{error}");
    }
    let error = check(&linked("farthing_frame::view::form"), &nothing)
        .unwrap_err()
        .to_string();
    assert!(
        error.contains("farthing_frame::view::form uses <u8 as"),
        "{error}"
    );
}

#[test]
fn large_numbers_of_functions_are_written_too() {
    let mut body = [0xff; 8];
    fail(&mut body, 300);
    assert_eq!(body, [0x00, 0x10, 0xac, 0x02, 0x00, 0x01, 0x01, 0x0b]);
    let mut short = [0x00, 0x00, 0x0b];
    fail(&mut short, 300);
    assert_eq!(short, [0x00, 0x00, 0x0b]);
}

#[test]
fn a_module_that_it_does_not_know_is_refused() {
    let panics = ["core::panicking::panic_fmt"];
    for (wasm, why) in [
        (
            frame("__wbg_failed_0123", &[], &["core::panics::panic_fmt"]),
            "no function is called",
        ),
        (frame("__wbg_gave_up_0123", &[], &panics), "not one __wbg_failed_"),
        (
            frame("__wbg_failed_0123", &[0x7f], &panics),
            "nothing to hand over",
        ),
    ] {
        let error = cut(&wasm).unwrap_err().to_string();
        assert!(error.contains(why), "{error}");
    }
    assert!(cut(b"<!doctype html>").is_err());
}
