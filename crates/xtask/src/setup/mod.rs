//! The tools: each is looked for, installed into `.tools/` when it is not there, and told apart by its version.

mod browser;
mod engines;
mod install;
mod postgres;
mod python;
pub mod versions;

use std::{fs, path::PathBuf, process::Command};

use anyhow::{Context, Result, bail};

pub use browser::browser;
pub use engines::{firefox, webkit};
pub use postgres::postgres;
pub use python::python;

use crate::{process, progress, project::Project};

/// Folders with packages of Node.js, and whose they are.
const NODE_PACKAGES: [(&str, &str); 4] = [
    ("tests/loader", "the loader's tests"),
    ("tests/axe", "the journeys' look at accessibility"),
    ("crates/gateway/tests/webhooks", "the webhooks' tests"),
    ("examples/pages", "the example pages"),
];

/// Everything that `demo` and `test` need.
pub fn all(project: &Project) -> Result<()> {
    let tools = [
        wasm_target(project)?,
        trunk(project)?,
        wasm_bindgen(project)?,
        wasm_opt(project)?,
        esbuild(project)?,
        cargo_deny(project)?,
        browser(project)?.version,
        firefox(project)?.version,
    ];
    webkit(project)?;
    node_packages(project)?;
    python(project)?;
    postgres(project)?;
    camara(project)?;
    cpp(project)?;
    languages(project)?;
    println!("==> Everything is there: {}", tools.join(", "));
    Ok(())
}

/// The compiler's WebAssembly target.
pub fn wasm_target(project: &Project) -> Result<String> {
    const TARGET: &str = "wasm32-unknown-unknown";
    let libraries = process::output(process::program(project, "rustc".as_ref()).args([
        "--print",
        "target-libdir",
        "--target",
        TARGET,
    ]))?;
    if !PathBuf::from(libraries.trim()).is_dir() {
        if project.find("rustup").is_none() {
            bail!(
                "the compiler's target {TARGET} is not installed, and there is no rustup to install it: see rustup.rs"
            );
        }
        let step = progress::begin("Installing the compiler's WebAssembly target (about half a minute)");
        process::run(process::program(project, "rustup".as_ref()).args(["target", "add", TARGET]))?;
        step.done();
    }
    Ok(TARGET.to_owned())
}

/// Trunk, which bundles the frame.
pub fn trunk(project: &Project) -> Result<String> {
    install::cargo_tool(
        project,
        &install::CargoTool {
            package: "trunk",
            binary: "trunk",
            version: versions::TRUNK.to_owned(),
            fits: versions::trunk_fits,
            // Its newest dependencies no longer build together. Without its features it has no way to the network:
            // it uses the tools that are here, and builds half a minute sooner.
            with: &["--locked", "--no-default-features"],
            takes: "about 4 minutes on two cores",
        },
    )
}

/// The wasm-bindgen program, whose version must be the library's to the last digit.
pub fn wasm_bindgen(project: &Project) -> Result<String> {
    let version = locked_wasm_bindgen(project)?;
    install::cargo_tool(
        project,
        &install::CargoTool {
            package: "wasm-bindgen-cli",
            binary: "wasm-bindgen",
            version,
            fits: |found, wanted| found == wanted,
            with: &["--bin", "wasm-bindgen"],
            takes: "about a minute on two cores",
        },
    )
}

/// cargo-deny, which checks licences and sources of dependencies.
pub fn cargo_deny(project: &Project) -> Result<String> {
    install::cargo_tool(
        project,
        &install::CargoTool {
            package: "cargo-deny",
            binary: "cargo-deny",
            version: versions::CARGO_DENY.to_owned(),
            fits: versions::cargo_deny_fits,
            with: &["--locked"],
            takes: "about 2 minutes on two cores",
        },
    )
}

/// Binaryen's optimiser.
pub fn wasm_opt(project: &Project) -> Result<String> {
    if let Some(found) =
        install::version_of(project, "wasm-opt").filter(|found| versions::wasm_opt_fits(found))
    {
        return Ok(format!("wasm-opt {found}"));
    }
    npm_tool(project, "binaryen", versions::BINARYEN)?;
    match install::version_of(project, "wasm-opt") {
        Some(found) if versions::wasm_opt_fits(&found) => Ok(format!("wasm-opt {found}")),
        _ => bail!(
            "wasm-opt was installed into .tools/ and does not run. It needs Node.js 20 or newer; \
             or put a wasm-opt of version {} or newer (package binaryen) on your PATH",
            versions::WASM_OPT_OLDEST
        ),
    }
}

/// What minifies scripts and styles.
pub fn esbuild(project: &Project) -> Result<String> {
    let fitting = || install::version_of(project, "esbuild").filter(|found| versions::esbuild_fits(found));
    if fitting().is_none() {
        npm_tool(project, "esbuild", versions::ESBUILD)?;
    }
    let found = fitting().with_context(|| {
        format!(
            "esbuild {} was installed into .tools/ and does not run",
            versions::ESBUILD
        )
    })?;
    Ok(format!("esbuild {found}"))
}

/// What makes a mock server from CAMARA's specification, and the folder of that; none where the specification is not there, for it
/// is no part of this project. The tests that want them say so.
pub fn camara(project: &Project) -> Result<Option<(PathBuf, PathBuf)>> {
    const PROGRAM: &str = ".tools/node_modules/@stoplight/prism-cli";
    let specification = project.path("../shared/specs/camara");
    if !specification.join("carrier-billing.yaml").is_file() {
        return Ok(None);
    }
    let package = project.path(PROGRAM).join("package.json");
    let wanted = format!("\"version\": \"{}\"", versions::PRISM);
    let fitting = || fs::read_to_string(&package).is_ok_and(|text| text.contains(&wanted));
    if !fitting() {
        npm_tool(project, "@stoplight/prism-cli", versions::PRISM)?;
    }
    if !fitting() {
        bail!(
            "@stoplight/prism-cli {} was installed into .tools/ and is not there",
            versions::PRISM
        );
    }
    Ok(Some((project.path(PROGRAM).join("dist/index.js"), specification)))
}

/// Installs a package of npm.
fn npm_tool(project: &Project, package: &str, version: &str) -> Result<()> {
    npm(project)?;
    let step = progress::begin(&format!(
        "Installing {package} {version} into .tools/ (about 20 seconds)"
    ));
    // Never the scripts of a package: it is files that are wanted.
    process::run(process::program(project, "npm".as_ref()).args([
        "install",
        "--prefix",
        ".tools",
        "--save-exact",
        "--ignore-scripts",
        "--no-audit",
        "--no-fund",
        &format!("{package}@{version}"),
    ]))?;
    step.done();
    Ok(())
}

/// A C++ compiler, for libFuzzer.
pub fn cpp(project: &Project) -> Result<()> {
    let found = || std::env::var_os("CXX").is_some() || project.find("c++").is_some();
    if found() || install::from_debian(project, &["g++"], "half a minute")? {
        return Ok(());
    }
    bail!(
        "there is no C++ compiler (the fuzz targets need it), and this command cannot install it here.\n  \
         Debian, Ubuntu:  sudo apt-get install g++\n  \
         macOS:           xcode-select --install"
    );
}

/// What runs the example servers (`examples/servers`).
pub fn languages(project: &Project) -> Result<()> {
    const LANGUAGES: [(&str, &str); 3] = [("php", "php-cli"), ("ruby", "ruby"), ("go", "golang-go")];
    let missing: Vec<&str> = LANGUAGES
        .into_iter()
        .filter(|(program, _)| project.find(program).is_none())
        .map(|(_, package)| package)
        .collect();
    if missing.is_empty() || install::from_debian(project, &missing, "half a minute")? {
        return Ok(());
    }
    bail!(
        "the example servers are tested in their own languages, and this command cannot install them here.\n  \
         Debian, Ubuntu:  sudo apt-get install {}\n  \
         macOS:           brew install php ruby go",
        missing.join(" ")
    );
}

/// The packages of the tests that need Node.js.
pub fn node_packages(project: &Project) -> Result<()> {
    for (folder, tests) in NODE_PACKAGES {
        let changed = |path: &str| fs::metadata(project.path(path)).and_then(|data| data.modified());
        let lock = format!("{folder}/package-lock.json");
        let wanted = changed(&lock).with_context(|| format!("cannot read {lock}"))?;
        // npm writes this file last.
        let installed = changed(&format!("{folder}/node_modules/.package-lock.json"));
        if installed.is_ok_and(|installed| installed >= wanted) {
            continue;
        }
        npm(project)?;
        let step = progress::begin(&format!("Installing the packages of {tests} (about 20 seconds)"));
        process::run(process::program(project, "npm".as_ref()).args([
            "--prefix",
            folder,
            "ci",
            "--no-audit",
            "--no-fund",
        ]))?;
        step.done();
    }
    Ok(())
}

/// The version of wasm-bindgen that the frame is built with.
pub fn locked_wasm_bindgen(project: &Project) -> Result<String> {
    let lock = fs::read_to_string(project.path("Cargo.lock")).context("cannot read Cargo.lock")?;
    versions::locked(&lock, "wasm-bindgen").context("Cargo.lock names no wasm-bindgen")
}

/// Node.js and its package manager.
fn npm(project: &Project) -> Result<()> {
    if project.find("npm").is_some() && project.find("node").is_some() {
        return Ok(());
    }
    if !install::from_debian(project, &["nodejs", "npm"], "a minute or two")? {
        bail!(
            "Node.js is not installed (wasm-opt, esbuild and some of the tests need it), and this command cannot install it here.\n  \
             Debian, Ubuntu:  sudo apt-get install nodejs npm\n  \
             macOS:           brew install node"
        );
    }
    Ok(())
}

/// `PROGRAM --version`, or nothing when it does not run.
fn version_text(project: &Project, program: &std::path::Path) -> Option<String> {
    let mut command: Command = process::program(project, program);
    process::output(command.arg("--version")).ok()
}
