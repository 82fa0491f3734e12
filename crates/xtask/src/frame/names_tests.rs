use super::*;
use crate::frame::sample::{module, section, text};

const PRINTED: &str = r#"{
        "imports": [["./frame_bg.js", "__wbg_then_656f253a5dd7d8ea", "b"], ["./frame_bg.js", "__wbindgen_init_01", "c"]],
        "exports": [["memory", "d"], ["__wbindgen_malloc", "e"], ["__wbindgen_start", "f"]]
    }"#;

const GLUE: &str = r#"function __wbg_get_imports() {
    const import0 = {
        __proto__: null,
        __wbg_then_656f253a5dd7d8ea: function() { return handleError(function (arg0) {
            if (arg0) {
                const ptr = pass(arg0, wasm.__wbindgen_malloc);
            }
        }, arguments); },
        __wbg_unused_0123: function(arg0) {
            return debugString(arg0);
        },
        __wbindgen_init_01: function() {
            return wasm.memory.buffer;
        },
    };
    return {
        __proto__: null,
        "./frame_bg.js": import0,
    };
}
let wasm_start = () => {
    // Not ours: other_wasm.memory, a wasm. And its end.
    wasm.__wbindgen_start();
};
export { initSync, __wbg_init as default };
"#;

const SHORT: &str = r#"function __wbg_get_imports() {
    const import0 = {
        __proto__: null,
        b: function() { return handleError(function (arg0) {
            if (arg0) {
                const ptr = pass(arg0, wasm.e);
            }
        }, arguments); },
        c: function() {
            return wasm.d.buffer;
        },
    };
    return {
        __proto__: null,
        a: import0,
    };
}
let wasm_start = () => {
    // Not ours: other_wasm.memory, a wasm. And its end.
    wasm.f();
};
export { __wbg_init as default };
"#;

/// A module with two functions imported and three things exported.
fn wasm(from: &str, imports: [&str; 2], exports: [&str; 3]) -> Vec<u8> {
    let imports = imports.map(|name| [text(from), text(name), vec![0, 0]].concat());
    let exports = exports.map(|name| [text(name), vec![0, 0]].concat());
    module(&[
        section(1, &[1, 0x60, 0, 0]),
        section(2, &[vec![2], imports.concat()].concat()),
        section(7, &[vec![3], exports.concat()].concat()),
    ])
}

#[test]
fn both_sides_get_the_same_names() {
    let names = Names::read(PRINTED).unwrap();
    assert_eq!(names.shorten(GLUE).unwrap(), SHORT);
    names.check(&wasm("a", ["b", "c"], ["d", "e", "f"])).unwrap();
    for other in [
        wasm("a", ["b", "x"], ["d", "e", "f"]),
        wasm("a", ["b", "c"], ["d", "e", "x"]),
        wasm("./frame_bg.js", ["b", "c"], ["d", "e", "f"]),
    ] {
        assert!(names.check(&other).is_err());
    }
}

#[test]
fn glue_that_it_does_not_know_is_refused() {
    let names = Names::read(PRINTED).unwrap();
    for (part, with, why) in [
        ("const import0", "const import1", "is not the one known"),
        (
            "\"./frame_bg.js\": import0",
            "env: import0",
            "is not the one known",
        ),
        ("initSync, ", "", "is not the one known"),
        ("default };\n", "default };\nmore();\n", "something follows"),
        ("__wbindgen_init_01: function() {", "...init, {", "no function"),
        (
            "__wbg_then_656f253a5dd7d8ea",
            "__wbg_then_0123",
            "does not give what the wasm imports",
        ),
        (
            "__wbg_unused_0123",
            "__wbindgen_init_01",
            "gives __wbindgen_init_01 twice",
        ),
        ("        },\n    };", "        }\n    };", "does not end"),
        ("wasm.__wbindgen_start", "wasm.__wbindgen_end", "does not export"),
        (
            "wasm.__wbindgen_start",
            "wasm['__wbindgen_start']",
            "by a name that is no word",
        ),
    ] {
        let glue = GLUE.replacen(part, with, 1);
        assert_ne!(glue, GLUE);
        let error = names.shorten(&glue).unwrap_err().to_string();
        assert!(error.contains(why), "{why}: {error}");
    }
}

#[test]
fn other_words_of_wasm_opt_are_refused() {
    for (part, with) in [
        (PRINTED, "memory => d"),
        ("\"exports\"", "\"others\""),
        ("[\"memory\", \"d\"]", "[\"memory\"]"),
        ("\"b\"", "7"),
        ("\"./frame_bg.js\"", "\"env\""),
        ("__wbindgen_init_01", "__wbg_then_656f253a5dd7d8ea"),
    ] {
        assert!(Names::read(&PRINTED.replacen(part, with, 1)).is_err(), "{with}");
    }
}
