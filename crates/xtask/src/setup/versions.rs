//! Which version of a tool is wanted, and which others will do.

/// Trunk 0.22 needs a newer compiler than ours.
pub const TRUNK: &str = "0.21.14";
/// The package of npm that holds wasm-opt.
pub const BINARYEN: &str = "132.0.0";
/// The oldest wasm-opt that is known to say in JSON which names it shortened.
pub const WASM_OPT_OLDEST: u64 = 132;
/// The package of npm that minifies scripts and styles.
pub const ESBUILD: &str = "0.28.2";
/// The package of npm that makes a mock server from a specification.
pub const PRISM: &str = "5.14.2";
/// What the widget is measured against: never committed, installed when it is measured.
pub const PEERS: [&str; 2] = ["@adyen/adyen-web@6.45.2", "braintree-web@3.144.0"];
/// For `deny.toml`.
pub const CARGO_DENY: &str = "0.20.2";
/// Drives Firefox.
pub const GECKODRIVER: &str = "0.37.1";

/// The first word of `PROGRAM --version` that is a number.
pub fn told(text: &str) -> Option<String> {
    let version = text
        .split_whitespace()
        .find(|word| word.starts_with(|sign: char| sign.is_ascii_digit()))?;
    Some(version.to_owned())
}

/// 0.21 from the wanted patch on: `Trunk.toml` says the same.
pub fn trunk_fits(found: &str, wanted: &str) -> bool {
    let (found, wanted) = (numbers(found), numbers(wanted));
    found.get(..2) == wanted.get(..2) && found >= wanted
}

/// The format of `deny.toml` is read since 0.18.
pub fn cargo_deny_fits(found: &str, _: &str) -> bool {
    numbers(found) >= vec![0, 18, 0]
}

/// Any since 0.35 drives every Firefox that is still looked after.
pub fn geckodriver_fits(found: &str, _: &str) -> bool {
    numbers(found) >= vec![0, 35, 0]
}

/// See [`WASM_OPT_OLDEST`].
pub fn wasm_opt_fits(found: &str) -> bool {
    numbers(found)
        .first()
        .is_some_and(|major| *major >= WASM_OPT_OLDEST)
}

/// To the last digit: another one minifies in another way, and the same sources are to give the same frame.
pub fn esbuild_fits(found: &str) -> bool {
    found == ESBUILD
}

/// A browser and its driver speak with each other when their first numbers are the same.
pub fn same_major(one: &str, other: &str) -> bool {
    let (one, other) = (numbers(one), numbers(other));
    !one.is_empty() && one.first() == other.first()
}

/// The version of a package in `Cargo.lock`.
pub fn locked(lock: &str, package: &str) -> Option<String> {
    packages(lock)
        .find(|(name, _)| *name == package)
        .map(|(_, version)| version.to_owned())
}

/// Every package in `Cargo.lock` with its version.
pub fn packages(lock: &str) -> impl Iterator<Item = (&str, &str)> {
    lock.split("[[package]]")
        .filter_map(|entry| Some((quoted(entry, "name")?, quoted(entry, "version")?)))
}

fn quoted<'a>(entry: &'a str, key: &str) -> Option<&'a str> {
    let line = entry
        .lines()
        .find_map(|line| line.strip_prefix(key)?.trim_start().strip_prefix('='))?;
    Some(line.trim().trim_matches('"'))
}

fn numbers(version: &str) -> Vec<u64> {
    version
        .split(['.', '-', '+'])
        .map_while(|part| part.parse().ok())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_found_in_what_programs_say() {
        assert_eq!(told("trunk 0.21.14\n").unwrap(), "0.21.14");
        assert_eq!(told("wasm-opt version 132 (version_132)").unwrap(), "132");
        assert_eq!(
            told("Chromium 156.0.7000.1 built on Debian").unwrap(),
            "156.0.7000.1"
        );
        assert_eq!(told("no number"), None);
    }

    #[test]
    fn what_fits_and_what_does_not() {
        assert!(trunk_fits("0.21.14", TRUNK) && trunk_fits("0.21.15", TRUNK));
        assert!(!trunk_fits("0.21.13", TRUNK) && !trunk_fits("0.22.0", TRUNK) && !trunk_fits("", TRUNK));
        assert!(wasm_opt_fits("132") && wasm_opt_fits("133") && !wasm_opt_fits("131") && !wasm_opt_fits("x"));
        assert!(esbuild_fits(ESBUILD) && !esbuild_fits("0.28.1") && !esbuild_fits("0.29.0"));
        assert!(
            cargo_deny_fits("0.20.2", "") && cargo_deny_fits("1.0.0", "") && !cargo_deny_fits("0.14.2", "")
        );
        assert!(geckodriver_fits(GECKODRIVER, "") && !geckodriver_fits("0.34.9", ""));
        assert!(same_major("156.0.1", "156.9") && !same_major("156.0", "155.0") && !same_major("", ""));
    }

    #[test]
    fn the_lock_file_is_read() {
        let lock = "version = 4\n\n[[package]]\nname = \"wasm-bindgen-futures\"\nversion = \"0.4.9\"\n\n\
                    [[package]]\nname = \"wasm-bindgen\"\nversion = \"0.2.130\"\nsource = \"x\"\n";
        assert_eq!(locked(lock, "wasm-bindgen").unwrap(), "0.2.130");
        assert_eq!(locked(lock, "wasm"), None);
        assert_eq!(packages(lock).count(), 2);
    }
}
