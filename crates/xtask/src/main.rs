//! One command for everything that a developer or CI does: `cargo xtask`.

mod bench;
mod checks;
mod demo;
mod dev;
mod frame;
mod fuzz;
mod journeys;
mod page;
mod process;
mod progress;
mod project;
mod reproduce;
mod sbom;
mod servers;
mod setup;
mod sizes;
mod stamp;
mod texts;
mod tidy;

use std::process::ExitCode;

use anyhow::{Result, bail};

use crate::{project::Project, servers::Ports};

const HELP: &str = "\
Farthing: one command for everything a developer or CI does.

  cargo xtask demo            run it all, and print the address to open
      --shop-port N           the shop's port (8787)
      --provider-port N       the provider's port (8788)
  cargo xtask test [STEP...]  everything that CI runs, cheap checks first; or only the steps named:
                              fmt tidy deny clippy unit loader fuzz frame reproduce histories journeys
      --advisories            also look for known vulnerabilities (fetches the advisory database)

  cargo xtask fuzz TARGET     one of the targets in fuzz/src/bin, for longer than among the tests
      SECONDS                 how long (600)
      FILE                    once, on what is in this file: a find to see again

  trunk serve                 the demo with live reload of the frame, for work on src/ and www/
                              (trunk itself: `cargo xtask setup` puts it in .tools/bin)
                              ports: FARTHING_SHOP_PORT, FARTHING_PROVIDER_PORT, trunk's own --port

  cargo xtask bench provider [STORED…]
                              tokens and charges a second, with so many payments stored (else
                              10000 and 1000000), on SQLite and PostgreSQL; table and chart in
                              target/bench/
  cargo xtask bench widget [LOOKS]
                              what a checkout costs a page, beside the least there can be and
                              what peers publish; each is looked at so often (else 5 times)

  cargo xtask frame           the release build of the frame, in dist/, and its sizes
  cargo xtask sizes           what a shopper downloads, against the limits
  cargo xtask reproduce       the frame once more in another folder: the same, byte for byte
  cargo xtask sbom            what is in the frame and the provider, and its licences, in target/sbom/
  cargo xtask tidy            who may use whom, what may be named where, how long a file may be
  cargo xtask setup           install every tool now; the others install what they need by themselves

Tools go to .tools/, data and logs of the demo to .farthing/, builds to target/ and dist/.
All four may be deleted at any time. Where to read on: docs/ARCHITECTURE.md.
";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match dispatch(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("\nerror: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn dispatch(arguments: &[String]) -> Result<()> {
    let Some((command, rest)) = arguments.split_first() else {
        print!("{HELP}");
        return Ok(());
    };
    let project = Project::here()?;
    match command.as_str() {
        "demo" => return demo::run(&project, demo_ports(rest)?),
        "test" => return checks::run(&project, rest),
        "fuzz" => return fuzz::long(&project, rest),
        "bench" => return bench::run(&project, rest),
        "dev-supervise" => return dev::supervise(&project, rest),
        _ => {}
    }
    if let Some(unexpected) = rest.first() {
        bail!("`cargo xtask {command}` takes no `{unexpected}`. `cargo xtask help` lists what there is");
    }
    match command.as_str() {
        "help" | "--help" | "-h" => {
            print!("{HELP}");
            Ok(())
        }
        "setup" => setup::all(&project),
        "frame" => frame::build(&project),
        "reproduce" => reproduce::check(&project),
        "sbom" => sbom::write(&project),
        "sizes" => sizes::check(&project),
        "tidy" => tidy::check(&project),
        "dev-up" => dev::up(&project),
        "dev-page" => dev::page(&project),
        _ => bail!("there is no command `{command}`. `cargo xtask help` lists what there is"),
    }
}

fn demo_ports(arguments: &[String]) -> Result<Ports> {
    let mut ports = Ports::from_environment()?;
    let mut rest = arguments.iter();
    while let Some(flag) = rest.next() {
        let port = match flag.as_str() {
            "--shop-port" => &mut ports.shop,
            "--provider-port" => &mut ports.provider,
            _ => bail!("`cargo xtask demo` takes --shop-port N and --provider-port N, not `{flag}`"),
        };
        let Some(value) = rest.next() else {
            bail!("{flag} needs a number: {flag} 9000")
        };
        *port = servers::port(flag, value)?;
    }
    ports.checked()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(line: &str) -> Vec<String> {
        line.split_whitespace().map(str::to_owned).collect()
    }

    #[test]
    fn ports_are_read_and_checked() {
        let ports = demo_ports(&words("--shop-port 9001 --provider-port 9002")).unwrap();
        assert_eq!((ports.shop, ports.provider), (9001, 9002));
        for wrong in [
            "--shop-port",
            "--shop-port x",
            "--shop-port 0",
            "--shop-port 70000",
            "--port 1",
        ] {
            assert!(demo_ports(&words(wrong)).is_err(), "{wrong}");
        }
        assert!(
            demo_ports(&words("--shop-port 9001 --provider-port 9001")).is_err(),
            "one port for two"
        );
    }

    #[test]
    fn unknown_commands_and_arguments_are_refused() {
        for wrong in ["dmo", "tidy now", "frame --fast", "test everything"] {
            assert!(dispatch(&words(wrong)).is_err(), "{wrong}");
        }
    }
}
