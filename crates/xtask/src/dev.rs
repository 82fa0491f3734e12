//! What `trunk serve` calls: the provider and the shop live as long as it does, and the frame reloads itself.

use std::{
    env, fs,
    os::unix::process::{CommandExt, parent_id},
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::Duration,
};

use anyhow::{Context, Result, bail};
use rustix::process::{Pid, test_kill_process};

use crate::{
    page, process, progress,
    project::{Project, find_in},
    servers::{self, Event, Ports, Servers},
    setup, texts,
};

/// Before each build: starts the servers when they do not run.
pub fn up(project: &Project) -> Result<()> {
    if serve_arguments().is_none() {
        return Ok(());
    }
    let ports = Ports::from_environment()?;
    let folder = ports.folder(project);
    if let Some((supervisor, trunk)) =
        read_note(&folder.join("dev.pid")).filter(|(supervisor, _)| alive(*supervisor))
    {
        if alive(trunk) {
            return Ok(());
        }
        // The servers of a trunk that has just ended are on their way out.
        progress::wait_until(servers::PATIENCE, || !alive(supervisor));
    }
    let (provider_runs, shop_runs) = (servers::healthy(ports.provider), servers::healthy(ports.shop));
    if provider_runs {
        println!(
            "==> The provider on port {} was not started by trunk: it shows edits only with --frame-dir",
            ports.provider
        );
    }
    if provider_runs && shop_runs {
        return Ok(());
    }
    if !shop_runs {
        servers::require_free(ports.shop, "shop", "FARTHING_SHOP_PORT=N trunk serve")?;
    }
    if !provider_runs {
        servers::require_free(ports.provider, "provider", "FARTHING_PROVIDER_PORT=N trunk serve")?;
    }
    setup::wasm_target(project)?;
    give_wasm_bindgen_to_trunk(project)?;
    let (farthing, shop) = dev_programs(project)?;
    servers::init(project, ports, &farthing)?;

    let frame =
        env::var_os("TRUNK_DIST_DIR").context("trunk sets TRUNK_DIST_DIR for its hooks, and did not")?;
    let log = fs::File::create(folder.join("dev.log"))?;
    let mut supervisor = Command::new(env::current_exe()?)
        .arg("dev-supervise")
        .arg(parent_id().to_string())
        .args([&farthing, &shop, &PathBuf::from(frame)])
        .stdin(Stdio::null())
        .stdout(log.try_clone()?)
        .stderr(log)
        .current_dir(project.root())
        // Ctrl-C at the terminal is for trunk; the supervisor follows it.
        .process_group(0)
        .spawn()?;
    let mut ended = false;
    let up = progress::wait_until(servers::PATIENCE, || {
        ended = supervisor.try_wait().is_ok_and(|status| status.is_some());
        ended || (servers::healthy(ports.provider) && servers::healthy(ports.shop))
    });
    if ended || !up {
        bail!(
            "the provider and the shop did not start. {}",
            servers::tail(&folder.join("dev.log"))
        );
    }
    println!(
        "==> The provider and the shop run until trunk ends; their logs: {}/*.log",
        folder.display()
    );
    Ok(())
}

/// Apart from trunk: runs the servers, and stops them when trunk has ended.
pub fn supervise(project: &Project, arguments: &[String]) -> Result<()> {
    let [trunk, farthing, shop, frame] = arguments else {
        bail!("trunk's hook calls this, people do not")
    };
    let trunk: i32 = trunk.parse()?;
    let ports = Ports::from_environment()?;
    let folder = ports.folder(project);
    let note = folder.join("dev.pid");
    fs::write(&note, format!("{} {trunk}\n", std::process::id()))?;
    let mut servers = Servers::new()?;
    let result = serve(
        project,
        &mut servers,
        ports,
        [farthing, shop, frame].map(Path::new),
        trunk,
    );
    servers.stop();
    fs::remove_file(&note)?;
    result
}

/// After each build: puts the languages beside the page. Under `trunk serve`, puts the reload script into it, and says
/// where to look.
pub fn page(project: &Project) -> Result<()> {
    let staging =
        PathBuf::from(env::var_os("TRUNK_STAGING_DIR").context("trunk sets TRUNK_STAGING_DIR, and did not")?);
    texts::write(project, &staging)?;
    let Some(arguments) = serve_arguments() else {
        return Ok(());
    };
    let public_url = env::var("TRUNK_PUBLIC_URL").context("trunk sets TRUNK_PUBLIC_URL, and did not")?;
    let file = staging.join("index.html");
    let html = fs::read_to_string(&file)?;
    let port = trunk_port(&arguments, env::var("TRUNK_SERVE_PORT").ok());
    let html = page::with_reload(&html, &public_url, port).context("www/frame.html has no </head>")?;
    fs::write(staging.join("reload.js"), page::RELOAD)?;
    fs::write(file, html)?;
    println!(
        "\n  Open  {}  (the frame reloads by itself after an edit)\n",
        Ports::from_environment()?.shop_origin()
    );
    Ok(())
}

fn serve(
    project: &Project,
    servers: &mut Servers,
    ports: Ports,
    paths: [&Path; 3],
    trunk: i32,
) -> Result<()> {
    let [farthing, shop, frame] = paths;
    let folder = ports.folder(project);
    // Either may run already, started by someone who works on it.
    if !servers::healthy(ports.provider) {
        servers.start_provider(project, farthing, &folder, Some(frame))?;
    }
    if !servers::healthy(ports.shop) {
        servers.start_shop(project, shop, &folder)?;
    }
    while alive(trunk) {
        match servers.wait(Duration::from_millis(300)) {
            Event::Quiet => {}
            Event::Signal => break,
            Event::Ended(name) => {
                bail!(
                    "the {name} ended by itself. {}",
                    servers::tail(&folder.join(format!("{name}.log")))
                );
            }
        }
    }
    Ok(())
}

fn dev_programs(project: &Project) -> Result<(PathBuf, PathBuf)> {
    let step = progress::begin("Building the provider and the shop (about 4 minutes the first time)");
    process::run(process::cargo(project).args([
        "build",
        "--package",
        "farthing-provider",
        "--package",
        "farthing-shop",
    ]))?;
    step.done();
    let built = |name: &str| fs::canonicalize(project.target().join("debug").join(name));
    Ok((built("farthing")?, built("farthing-shop")?))
}

/// Trunk looks on its own `PATH`, which is not ours to change, then in its cache, then asks the network.
fn give_wasm_bindgen_to_trunk(project: &Project) -> Result<()> {
    let version = setup::locked_wasm_bindgen(project)?;
    let on_path = find_in(&env::var_os("PATH").unwrap_or_default(), "wasm-bindgen")
        .and_then(|program| process::output(Command::new(program).arg("--version")).ok())
        .is_some_and(|text| setup::versions::told(&text).as_deref() == Some(&version));
    let Some(cache) = trunk_cache().filter(|_| !on_path) else {
        return Ok(());
    };
    let cached = cache.join(format!("wasm-bindgen-{version}")).join("wasm-bindgen");
    if cached.exists() {
        return Ok(());
    }
    setup::wasm_bindgen(project)?;
    let program = project
        .find("wasm-bindgen")
        .context("wasm-bindgen was installed and is not found")?;
    fs::create_dir_all(cached.parent().unwrap_or(&cache))?;
    fs::copy(program, &cached)?;
    println!(
        "==> wasm-bindgen {version} is now in trunk's cache: {}",
        cached.display()
    );
    Ok(())
}

/// Where trunk keeps the tools that it fetched.
fn trunk_cache() -> Option<PathBuf> {
    let home = PathBuf::from(env::var_os("HOME")?);
    if cfg!(target_os = "macos") {
        return Some(home.join("Library/Caches/dev.trunkrs.trunk"));
    }
    let cache = env::var_os("XDG_CACHE_HOME")
        .map(PathBuf::from)
        .filter(|path| path.is_absolute());
    Some(cache.unwrap_or_else(|| home.join(".cache")).join("trunk"))
}

/// The arguments of the program that started us, when that is `trunk serve`. (`cargo run` becomes us: it does not stand between.)
fn serve_arguments() -> Option<Vec<String>> {
    let parent = parent_id();
    let arguments: Vec<String> = match fs::read(format!("/proc/{parent}/cmdline")) {
        Ok(bytes) => bytes
            .split(|byte| *byte == 0)
            .map(|word| String::from_utf8_lossy(word).into_owned())
            .collect(),
        Err(_) => process::output(Command::new("ps").args(["-o", "args=", "-p", &parent.to_string()]))
            .ok()?
            .split_whitespace()
            .map(str::to_owned)
            .collect(),
    };
    arguments
        .iter()
        .skip(1)
        .any(|word| word == "serve")
        .then_some(arguments)
}

/// Trunk's own port, as trunk reads it.
fn trunk_port(arguments: &[String], variable: Option<String>) -> u16 {
    let mut words = arguments.iter();
    let mut told = None;
    while let Some(word) = words.next() {
        if word == "--port" || word == "-p" {
            told = words.next().cloned();
        } else if let Some(value) = word.strip_prefix("--port=").or_else(|| word.strip_prefix("-p")) {
            told = Some(value.trim_start_matches('=').to_owned());
        }
    }
    told.or(variable)
        .and_then(|value| value.parse().ok())
        .unwrap_or(8080)
}

/// The process ids of the supervisor and of its trunk.
fn read_note(note: &Path) -> Option<(i32, i32)> {
    let text = fs::read_to_string(note).ok()?;
    let (supervisor, trunk) = text.trim().split_once(' ')?;
    Some((supervisor.parse().ok()?, trunk.parse().ok()?))
}

/// Whether the process runs. One that has ended and was not waited for does not.
fn alive(id: i32) -> bool {
    if let Ok(text) = fs::read_to_string(format!("/proc/{id}/stat")) {
        return text
            .rsplit_once(") ")
            .is_some_and(|(_, state)| !state.starts_with(['Z', 'X']));
    }
    Pid::from_raw(id).is_some_and(|pid| test_kill_process(pid).is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn trunks_port_is_read_as_trunk_reads_it() {
        let port = |line: &str, variable: Option<&str>| {
            let words: Vec<String> = line.split_whitespace().map(str::to_owned).collect();
            trunk_port(&words, variable.map(str::to_owned))
        };
        assert_eq!(port("trunk serve", None), 8080);
        assert_eq!(port("trunk serve", Some("9000")), 9000);
        for line in [
            "trunk serve --port 9001",
            "trunk serve --port=9001",
            "trunk serve -p 9001",
            "trunk serve -p9001",
        ] {
            assert_eq!(port(line, Some("9000")), 9001, "{line}");
        }
    }

    #[test]
    fn a_process_that_has_ended_is_not_alive_even_before_it_is_waited_for() {
        let mut child = Command::new("sleep").arg("600").spawn().unwrap();
        let id = Pid::from_child(&child).as_raw_nonzero().get();
        assert!(alive(id));
        child.kill().unwrap();
        assert!(progress::wait_until(Duration::from_secs(10), || !alive(id)));
        child.wait().unwrap();
        assert!(!alive(id));
    }

    #[test]
    fn the_note_names_two_processes_or_nothing() {
        let note = env::temp_dir().join(format!("farthing-note-{}", std::process::id()));
        for (text, read) in [
            ("12 34\n", Some((12, 34))),
            ("12", None),
            ("", None),
            ("a b", None),
        ] {
            fs::write(&note, text).unwrap();
            assert_eq!(read_note(&note), read, "{text:?}");
        }
        fs::remove_file(&note).unwrap();
        assert_eq!(read_note(&note), None);
    }
}
