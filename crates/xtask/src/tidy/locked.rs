//! What `Cargo.lock` may not hold.

use crate::setup::versions;

/// Faults in `Cargo.lock`.
pub fn faults(lock: &str) -> Vec<String> {
    let mut faults = Vec::new();
    let gloo: Vec<(&str, &str)> = versions::packages(lock)
        .filter(|(name, _)| *name == "gloo" || name.starts_with("gloo-"))
        .collect();
    for (at, (name, version)) in gloo.iter().enumerate() {
        if *name == "gloo" && !version.starts_with("0.11.") {
            faults.push(format!(
                "Cargo.lock has gloo {version}: yew uses 0.11, and a second one doubles the code"
            ));
        }
        if gloo.iter().take(at).any(|(other, _)| other == name) {
            faults.push(format!(
                "Cargo.lock has {name} more than once: the shopper downloads both"
            ));
        }
    }
    faults
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lock(packages: &[(&str, &str)]) -> String {
        packages
            .iter()
            .map(|(name, version)| format!("[[package]]\nname = \"{name}\"\nversion = \"{version}\"\n\n"))
            .collect()
    }

    #[test]
    fn one_gloo_of_the_line_that_yew_uses() {
        assert_eq!(
            faults(&lock(&[
                ("gloo", "0.11.0"),
                ("gloo-net", "0.5.0"),
                ("gloo-utils", "0.2.0")
            ])),
            Vec::<String>::new()
        );
        assert_eq!(faults(&lock(&[("gloo", "0.12.0")])).len(), 1);
        assert_eq!(
            faults(&lock(&[("gloo-net", "0.5.0"), ("gloo-net", "0.6.0")])).len(),
            1
        );
    }
}
