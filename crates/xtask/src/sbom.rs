//! `cargo xtask sbom`: what is in the programs that are shipped (CycloneDX 1.6), and under which licences.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

use anyhow::{Context, Result};
use serde_json::{Value, json};

use crate::{process, project::Project};

/// What is shipped: its name, its package, and where it runs.
const SHIPPED: [(&str, &str, &str); 2] = [
    ("frame", "farthing", "wasm32-unknown-unknown"),
    ("provider", "farthing-provider", "x86_64-unknown-linux-gnu"),
];

/// Writes `target/sbom/`: for each a list in JSON, and the texts of all licences.
pub fn write(project: &Project) -> Result<()> {
    let folder = project.target().join("sbom");
    fs::create_dir_all(&folder)?;
    let mut licences = BTreeMap::new();
    for (name, package, platform) in SHIPPED {
        let metadata = metadata(project, platform)?;
        let shipped =
            Shipped::of(package, &metadata).with_context(|| format!("{package} is not in the workspace"))?;
        let file = folder.join(format!("{name}.cdx.json"));
        fs::write(
            &file,
            serde_json::to_string_pretty(&shipped.cyclone_dx(name, &lock(project)?))?,
        )?;
        println!("    {} has {} parts", file.display(), shipped.parts.len());
        shipped.licences(&mut licences);
    }
    let file = folder.join("licences.txt");
    let texts: Vec<String> = licences
        .into_iter()
        .map(|(text, whose): (String, BTreeSet<String>)| {
            let whose: Vec<String> = whose.into_iter().collect();
            format!("{}\n\n{}\n", whose.join(", "), text.trim())
        })
        .collect();
    fs::write(&file, texts.join(&format!("\n{}\n\n", "-".repeat(80))))?;
    println!("    {} has {} texts", file.display(), texts.len());
    Ok(())
}

fn metadata(project: &Project, platform: &str) -> Result<Value> {
    let mut command = process::cargo(project);
    command.args([
        "metadata",
        "--locked",
        "--format-version",
        "1",
        "--filter-platform",
        platform,
    ]);
    serde_json::from_str(&process::output(&mut command)?).context("cargo metadata is not JSON")
}

fn lock(project: &Project) -> Result<String> {
    fs::read_to_string(project.path("Cargo.lock")).context("cannot read Cargo.lock")
}

/// A package and all that it needs when it runs. Features that another part of the workspace asks for count, so that
/// the list can hold more than is shipped, and never less.
struct Shipped<'a> {
    root: &'a str,
    parts: BTreeMap<&'a str, Part<'a>>,
}

struct Part<'a> {
    package: &'a Value,
    needs: Vec<&'a str>,
}

impl<'a> Shipped<'a> {
    fn of(package: &str, metadata: &'a Value) -> Option<Self> {
        let list = |value: &'a Value| value.as_array().map(Vec::as_slice).unwrap_or_default();
        let text = |value: &'a Value| value.as_str().unwrap_or_default();
        let packages: BTreeMap<&str, &Value> = list(&metadata["packages"])
            .iter()
            .map(|one| (text(&one["id"]), one))
            .collect();
        let nodes: BTreeMap<&str, &Value> = list(&metadata["resolve"]["nodes"])
            .iter()
            .map(|one| (text(&one["id"]), one))
            .collect();
        let (root, _) = packages.iter().find(|(_, one)| one["name"] == package)?;
        let (mut parts, mut open) = (BTreeMap::new(), vec![*root]);
        while let Some(id) = open.pop() {
            if parts.contains_key(id) {
                continue;
            }
            let runs = |one: &&'a Value| list(&one["dep_kinds"]).iter().any(|kind| kind["kind"].is_null());
            let needs: Vec<&str> = list(&nodes.get(id)?["deps"])
                .iter()
                .filter(runs)
                .map(|one| text(&one["pkg"]))
                .collect();
            open.extend(&needs);
            parts.insert(
                id,
                Part {
                    package: packages.get(id)?,
                    needs,
                },
            );
        }
        Some(Self { root, parts })
    }

    fn cyclone_dx(&self, name: &str, lock: &str) -> Value {
        let component = |part: &Part<'_>| {
            let mut component = json!({
                "type": "library", "bom-ref": reference(part.package), "purl": reference(part.package),
                "name": part.package["name"], "version": part.package["version"],
                "licenses": [{ "expression": licence(part.package) }],
            });
            if let Some(checksum) = checksum(lock, part.package) {
                component["hashes"] = json!([{ "alg": "SHA-256", "content": checksum }]);
            }
            component
        };
        let others = self.parts.iter().filter(|(id, _)| **id != self.root);
        let root = self.parts.get(self.root).map(component);
        let needs = |part: &Part<'_>| {
            let needed = part.needs.iter().filter_map(|id| self.parts.get(id));
            needed.map(|one| reference(one.package)).collect::<BTreeSet<_>>()
        };
        let dependencies = self
            .parts
            .values()
            .map(|part| json!({ "ref": reference(part.package), "dependsOn": needs(part) }));
        json!({
            "bomFormat": "CycloneDX", "specVersion": "1.6", "version": 1,
            // No time and no serial number: the same sources give the same list.
            "metadata": { "component": root, "properties": [{ "name": "farthing:part", "value": name }] },
            "components": others.map(|(_, part)| component(part)).collect::<Vec<_>>(),
            "dependencies": dependencies.collect::<Vec<_>>(),
        })
    }

    /// Adds the texts that the packages come with, and whose they are.
    fn licences(&self, texts: &mut BTreeMap<String, BTreeSet<String>>) {
        for part in self.parts.values() {
            let manifest = Path::new(part.package["manifest_path"].as_str().unwrap_or_default());
            let files = manifest
                .parent()
                .and_then(|folder| fs::read_dir(folder).ok())
                .into_iter()
                .flatten();
            for file in files.flatten() {
                let name = file.file_name().to_string_lossy().to_uppercase();
                let is_one = ["LICENSE", "LICENCE", "COPYING", "NOTICE", "UNLICENSE"]
                    .iter()
                    .any(|start| name.starts_with(start));
                if let (true, Ok(text)) = (is_one, fs::read_to_string(file.path())) {
                    let whose = format!("{} ({})", label(part.package), licence(part.package));
                    texts.entry(text).or_default().insert(whose);
                }
            }
        }
    }
}

fn label(package: &Value) -> String {
    format!(
        "{} {}",
        package["name"].as_str().unwrap_or_default(),
        package["version"].as_str().unwrap_or_default()
    )
}

fn reference(package: &Value) -> String {
    format!("pkg:cargo/{}", label(package).replace(' ', "@"))
}

/// As SPDX writes it: some packages still have the slash of earlier times.
fn licence(package: &Value) -> String {
    package["license"]
        .as_str()
        .unwrap_or_default()
        .replace('/', " OR ")
}

/// What the lock says of the package's file: SHA-256.
fn checksum<'a>(lock: &'a str, package: &Value) -> Option<&'a str> {
    let (name, version) = (package["name"].as_str()?, package["version"].as_str()?);
    let start = format!("\nname = \"{name}\"\nversion = \"{version}\"\n");
    let entry = lock
        .split("[[package]]")
        .find(|entry| entry.starts_with(&start))?;
    entry.split_once("checksum = \"")?.1.split('"').next()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(bom: &Value) -> Vec<&str> {
        let components = bom["components"].as_array().unwrap();
        components
            .iter()
            .map(|one| one["name"].as_str().unwrap())
            .collect()
    }

    #[test]
    fn what_is_shipped_is_listed_with_its_licence() {
        let project = Project::here().unwrap();
        let lock = lock(&project).unwrap();
        let [frame, provider] = SHIPPED.map(|(name, package, platform)| {
            let metadata = metadata(&project, platform).unwrap();
            Shipped::of(package, &metadata).unwrap().cyclone_dx(name, &lock)
        });
        for (bom, has, has_not) in [
            (
                &frame,
                ["yew", "wasm-bindgen", "farthing-flow"],
                ["axum", "rusqlite", "proptest"],
            ),
            (
                &provider,
                ["axum", "rusqlite", "farthing-gateway"],
                ["yew", "fantoccini", "proptest"],
            ),
        ] {
            let names = names(bom);
            assert!(has.iter().all(|name| names.contains(name)), "{names:?}");
            assert!(!has_not.iter().any(|name| names.contains(name)), "{names:?}");
            for one in bom["components"].as_array().unwrap() {
                assert_ne!(one["licenses"][0]["expression"], "", "{one}");
                let ours = one["name"].as_str().unwrap().starts_with("farthing");
                assert_eq!(one["hashes"].is_null(), ours, "{one}");
            }
        }
    }
}
