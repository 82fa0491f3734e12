//! Who may use whom (docs/ARCHITECTURE.md).

use serde_json::Value;

/// A crate of ours: which others of ours it may use, and whether it must do without a clock, randomness and IO.
struct Place {
    name: &'static str,
    may_use: &'static [&'static str],
    pure: bool,
}

const fn place(name: &'static str, may_use: &'static [&'static str]) -> Place {
    Place {
        name,
        may_use,
        pure: false,
    }
}

const fn pure(name: &'static str, may_use: &'static [&'static str]) -> Place {
    Place {
        name,
        may_use,
        pure: true,
    }
}

const PLACES: [Place; 19] = [
    pure("farthing-protocol", &[]),
    pure("farthing-instrument", &["farthing-protocol"]),
    pure("farthing-flow", &["farthing-protocol", "farthing-instrument"]),
    pure("farthing-gateway", &["farthing-protocol", "farthing-instrument"]),
    pure("farthing-text", &["farthing-protocol"]),
    pure("farthing-theme", &[]),
    place(
        "farthing",
        &[
            "farthing-protocol",
            "farthing-instrument",
            "farthing-flow",
            "farthing-text",
        ],
    ),
    place("farthing-store-sql", &["farthing-protocol", "farthing-gateway"]),
    place(
        "farthing-store-sqlite",
        &["farthing-gateway", "farthing-store-sql"],
    ),
    place(
        "farthing-store-postgres",
        &["farthing-gateway", "farthing-store-sql"],
    ),
    // A connector is handed a card to charge.
    place(
        "farthing-connectors",
        &[
            "farthing-protocol",
            "farthing-gateway",
            "farthing-instrument",
            "farthing-outbound",
        ],
    ),
    place("farthing-outbound", &["farthing-protocol"]),
    place(
        "farthing-provider",
        &[
            "farthing-protocol",
            "farthing-gateway",
            "farthing-instrument",
            "farthing-store-sql",
            "farthing-store-sqlite",
            "farthing-store-postgres",
            "farthing-connectors",
            "farthing-outbound",
            "farthing-audit",
            "farthing-theme",
            "farthing-text",
        ],
    ),
    place(
        "farthing-testkit",
        &["farthing-protocol", "farthing-gateway", "farthing-instrument"],
    ),
    // A judge that shared code with those who write the books would share their mistakes.
    place("farthing-audit", &[]),
    place("farthing-power-cut", &[]),
    place("farthing-shop", &["farthing-protocol"]),
    place("farthing-journeys", &["farthing-protocol", "farthing-testkit"]),
    place("xtask", &[]),
];

/// What would let a pure crate reach the world.
const IMPURE: [&str; 14] = [
    "axum",
    "chrono",
    "fastrand",
    "getrandom",
    "hyper",
    "js-sys",
    "rand",
    "reqwest",
    "rusqlite",
    "sqlx",
    "time",
    "tokio",
    "wasm-bindgen",
    "web-sys",
];

/// Faults in the output of `cargo metadata --no-deps`. What only tests use is free.
pub fn faults(metadata: &Value) -> Vec<String> {
    let mut faults = Vec::new();
    for package in metadata["packages"].as_array().into_iter().flatten() {
        let name = text(&package["name"]);
        let Some(place) = PLACES.iter().find(|place| place.name == name) else {
            faults.push(format!(
                "{name} has no place yet: say in xtask's tidy/dependencies.rs whom it may use"
            ));
            continue;
        };
        for dependency in package["dependencies"].as_array().into_iter().flatten() {
            let used = text(&dependency["name"]);
            if !dependency["kind"].is_null() {
                continue;
            }
            let ours = PLACES.iter().any(|place| place.name == used);
            if ours && !place.may_use.contains(&used) {
                faults.push(format!("{name} may not use {used}"));
            }
            if place.pure && IMPURE.contains(&used) {
                faults.push(format!(
                    "{name} may not use {used}: it reads no clock, no randomness, and does no IO"
                ));
            }
            let featured = dependency["features"]
                .as_array()
                .is_some_and(|features| !features.is_empty());
            if used == "farthing-protocol" && featured {
                faults.push(format!(
                    "{name} may turn on {used}'s features for its tests alone"
                ));
            }
            // What is optional is for those.
            if name == "farthing-protocol" && used != "serde" && dependency["optional"] != true {
                faults.push(format!("{name} may use serde alone, not {used}"));
            }
        }
    }
    faults
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn using(name: &str, used: &str, kind: Option<&str>) -> Vec<String> {
        faults(&json!({ "packages": [{ "name": name, "dependencies": [{ "name": used, "kind": kind }] }] }))
    }

    #[test]
    fn the_directions_of_the_design_hold() {
        for (name, used) in [
            ("farthing-flow", "farthing-instrument"),
            ("farthing-gateway", "farthing-protocol"),
            ("farthing-provider", "farthing-store-sqlite"),
            ("farthing-provider", "farthing-outbound"),
            ("farthing-provider", "farthing-audit"),
            ("farthing", "farthing-flow"),
            ("farthing-protocol", "serde"),
        ] {
            assert_eq!(
                using(name, used, None),
                Vec::<String>::new(),
                "{name} uses {used}"
            );
        }
    }

    #[test]
    fn every_other_direction_is_a_fault() {
        for (name, used) in [
            ("farthing-protocol", "farthing-instrument"),
            ("farthing-instrument", "farthing-flow"),
            ("farthing-flow", "farthing-gateway"),
            ("farthing-gateway", "farthing-store-sqlite"),
            ("farthing-store-sqlite", "farthing-connectors"),
            ("farthing-store-postgres", "farthing-store-sqlite"),
            ("farthing-store-sql", "farthing-store-sqlite"),
            ("farthing-store-sqlite", "farthing-power-cut"),
            ("farthing-connectors", "farthing-provider"),
            ("farthing", "farthing-gateway"),
            ("farthing-gateway", "farthing-outbound"),
            ("farthing-outbound", "farthing-gateway"),
            ("farthing-audit", "farthing-gateway"),
            ("farthing-audit", "farthing-protocol"),
            ("farthing-provider", "farthing-flow"),
            ("farthing-provider", "farthing-testkit"),
            ("farthing-shop", "farthing-gateway"),
            ("xtask", "farthing-protocol"),
            ("farthing-protocol", "serde_json"),
            ("farthing-gateway", "tokio"),
            ("farthing-flow", "web-sys"),
            ("farthing-new", "serde"),
        ] {
            assert!(!using(name, used, None).is_empty(), "{name} uses {used}");
        }
    }

    #[test]
    fn what_is_for_tests_stays_in_them() {
        let with = |kind: Option<&str>| {
            let used = json!({ "name": "farthing-protocol", "kind": kind, "features": ["schema"] });
            faults(&json!({ "packages": [{ "name": "farthing-gateway", "dependencies": [used] }] }))
        };
        assert_eq!(with(Some("dev")), Vec::<String>::new());
        assert!(!with(None).is_empty());
        let optional = |optional: bool| {
            let used = json!({ "name": "schemars", "kind": null, "optional": optional });
            faults(&json!({ "packages": [{ "name": "farthing-protocol", "dependencies": [used] }] }))
        };
        assert_eq!(optional(true), Vec::<String>::new());
        assert!(!optional(false).is_empty());
    }

    #[test]
    fn tests_may_use_what_they_like() {
        assert_eq!(
            using("farthing-gateway", "farthing-testkit", Some("dev")),
            Vec::<String>::new()
        );
    }
}
