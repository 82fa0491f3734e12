//! `cargo xtask demo`: the provider and the shop, built for release, on this machine.

use std::{fs, path::PathBuf, time::Duration};

use anyhow::Result;

use crate::{
    frame, process, progress,
    project::Project,
    servers::{self, Event, Ports, Servers},
};

/// Builds what is not built, starts both servers, and stays until Ctrl-C.
pub fn run(project: &Project, ports: Ports) -> Result<()> {
    // Before the long builds, not after them.
    servers::require_free(ports.shop, "shop", "cargo xtask demo --shop-port N")?;
    servers::require_free(ports.provider, "provider", "cargo xtask demo --provider-port N")?;
    println!("The demo: the first time takes 10 to 15 minutes on two cores, later ones a few seconds.");
    frame::build(project)?;
    let programs = release_programs(project)?;
    servers::init(project, ports, &programs.farthing)?;

    let folder = ports.folder(project);
    let mut servers = Servers::new()?;
    servers.start_provider(project, &programs.farthing, &folder, None)?;
    servers.start_shop(project, &programs.shop, &folder)?;
    servers.wait_until_healthy(ports, &folder)?;
    print!("{}", welcome(ports, &folder.display().to_string()));

    let ended = loop {
        match servers.wait(Duration::from_secs(3600)) {
            Event::Quiet => {}
            Event::Signal => break None,
            Event::Ended(name) => break Some(name),
        }
    };
    println!("\nStopping.");
    servers.stop();
    match ended {
        None => Ok(()),
        Some(name) => {
            anyhow::bail!(
                "the {name} ended by itself. {}",
                servers::tail(&folder.join(format!("{name}.log")))
            )
        }
    }
}

/// The two programs of the release build.
pub struct Programs {
    /// The provider.
    pub farthing: PathBuf,
    /// The merchant.
    pub shop: PathBuf,
}

/// Builds the provider, which embeds `dist/`, and the shop.
pub fn release_programs(project: &Project) -> Result<Programs> {
    let step =
        progress::begin("Building the provider and the shop for release (about 5 minutes the first time)");
    process::run(process::cargo(project).args([
        "build",
        "--release",
        "--package",
        "farthing-provider",
        "--package",
        "farthing-shop",
    ]))?;
    step.done();
    let built = |name: &str| fs::canonicalize(project.target().join("release").join(name));
    Ok(Programs {
        farthing: built("farthing")?,
        shop: built("farthing-shop")?,
    })
}

fn welcome(ports: Ports, folder: &str) -> String {
    format!(
        "
  Open  {}

  It is a sandbox: no card is charged. Any name, any date to come, any security code.
    4242 4242 4242 4242   pays
    4000 0000 0000 0002   is declined
    4000 0000 0000 9995   has no funds
    4000 0000 0000 0119   fails in processing
    4000 0000 0000 4087   gives no answer, and turns out as paid a few seconds later
    4000 0000 0000 5043   gives no answer, and turns out as declined
  More, for captures and refunds that go wrong, are in README.md.

  Provider  {}      Logs and data  {folder}
  Ctrl-C stops both.
",
        ports.shop_origin(),
        ports.provider_origin()
    )
}
