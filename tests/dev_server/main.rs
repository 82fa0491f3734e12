//! `trunk serve` alone: the demo comes up, takes a payment, shows an edit of a view, and takes everything it
//! started with it when it ends. In a copy of the project, so that no edit can be left in the real one.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::Command,
    time::Duration,
};

use farthing_journeys::{
    browser::{Browser, Look},
    card::PAYS,
    checkout::Checkout,
    engine::Engine,
    http::get,
    process::{Running, descendants, free_port},
    project,
    wait::{until, until_within},
};

/// The first time everything is compiled for development: the provider, the shop, and the frame.
const FIRST_BUILD: Duration = Duration::from_secs(15 * 60);
const REBUILD: Duration = Duration::from_secs(3 * 60);

/// What the copy needs of the project.
const PARTS: [&str; 12] = [
    ".cargo",
    "Cargo.lock",
    "Cargo.toml",
    "Trunk.toml",
    "clippy.toml",
    "crates",
    "docs",
    "examples",
    "rust-toolchain.toml",
    "src",
    "tests",
    "www",
];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn trunk_serve_alone_is_the_demo_and_shows_an_edit() {
    let folder = project::empty_folder("dev_server");
    let copy = copy_of_the_project();
    let ports = [free_port(), free_port(), free_port()];
    let mut trunk = serve(&copy, &folder, ports);
    let [shop_port, provider_port, _] = ports;

    let address = until_within(FIRST_BUILD, "trunk serve says what to open", async || {
        trunk.must_be_alive();
        let log = trunk.log();
        let (_, rest) = log.split_once("Open  ")?;
        Some(rest.split_whitespace().next()?.to_owned())
    })
    .await;
    assert_eq!(address, format!("http://localhost:{shop_port}"));
    let browser = Browser::start(Engine::Chromium, Look::default(), &folder).await;

    // One payment.
    until("the frame is served", async || {
        get(&format!("http://127.0.0.1:{provider_port}/v1/farthing.js")).await
    })
    .await;
    browser
        .client
        .goto(&format!("{address}/buy/sticker"))
        .await
        .unwrap();
    let checkout = Checkout::with_form(&browser).await;
    checkout.pay_with(&PAYS).await;
    checkout.must_show("completed").await;
    let order = browser_address(&browser, &checkout).await;
    assert_eq!(get(&order).await.unwrap().json()["status"], "paid");

    // One edit, which the form that stands open shows by itself.
    browser
        .client
        .goto(&format!("{address}/buy/article"))
        .await
        .unwrap();
    let checkout = Checkout::with_form(&browser).await;
    assert_eq!(checkout.text_of("#pay").await, "Pay €0.50");
    edit(
        &copy,
        "crates/text/languages/en.toml",
        "pay = \"Pay {total}\"",
        "pay = \"Hand over {total}\"",
    );
    until_within(REBUILD, "the frame shows the edit", async || {
        trunk.must_be_alive();
        // The frame has loaded itself anew: what the driver knew of it is gone.
        checkout.enter().await.ok()?;
        let button = browser
            .client
            .execute("return document.getElementById('pay')?.textContent", vec![])
            .await
            .ok()?;
        (button == "Hand over €0.50").then_some(())
    })
    .await;

    // It ends, and all that it started with it.
    let started = descendants(trunk.id());
    trunk.stop();
    for port in ports {
        until(&format!("nobody listens on {port}"), async || {
            tokio::net::TcpStream::connect(("127.0.0.1", port))
                .await
                .is_err()
                .then_some(())
        })
        .await;
    }
    until("what trunk started has ended", async || {
        started
            .iter()
            .all(|id| !Path::new(&format!("/proc/{id}")).exists())
            .then_some(())
    })
    .await;
    drop(browser);
    // A browser that is still ending may write: what it leaves is for the next run to clear.
    let _left = fs::remove_dir_all(folder);
}

fn serve(copy: &Path, folder: &Path, [shop, provider, trunk]: [u16; 3]) -> Running {
    let tools = project::root().join(".tools/bin");
    let path = env::join_paths(
        [fs::canonicalize(&tools).unwrap_or(tools)]
            .into_iter()
            .chain(env::split_paths(&env::var_os("PATH").unwrap())),
    );
    let mut command = Command::new("trunk");
    command
        .args(["serve", "--port", &trunk.to_string()])
        .current_dir(copy)
        .env("PATH", path.unwrap())
        .env("CARGO_TARGET_DIR", fs::canonicalize(project::target()).unwrap())
        .env("FARTHING_SHOP_PORT", shop.to_string())
        .env("FARTHING_PROVIDER_PORT", provider.to_string())
        // Trunk wants a boolean.
        .env("NO_COLOR", "true");
    // What cargo told this test about itself is not for the cargo that trunk starts.
    for (name, _) in env::vars_os() {
        let text = name.to_string_lossy();
        if text.starts_with("CARGO_") && text != "CARGO_HOME" && text != "CARGO_TARGET_DIR" {
            command.env_remove(&name);
        }
    }
    Running::start("trunk", &mut command, folder)
}

/// Always in the same place, and only what has changed is copied: the second time, little is compiled. Not
/// below the folder that cargo builds into: trunk looks at no change there.
fn copy_of_the_project() -> PathBuf {
    let copy = env::temp_dir().join("farthing-dev-server");
    for part in PARTS {
        let from = project::root().join(part);
        if from.exists() {
            mirror(&from, &copy.join(part));
        }
    }
    // Made anew each time: the one that is there may lead to the tools of another clone, which is gone.
    let tools = copy.join(".tools");
    let _absent = fs::remove_file(&tools);
    std::os::unix::fs::symlink(fs::canonicalize(project::root().join(".tools")).unwrap(), &tools).unwrap();
    // The demo's data of last time is for other ports.
    let _absent = fs::remove_dir_all(copy.join(".farthing"));
    fs::canonicalize(copy).unwrap()
}

/// Makes `to` the same as `from`, and leaves alone what is the same already.
fn mirror(from: &Path, to: &Path) {
    if from.is_file() {
        let wanted = fs::read(from).unwrap();
        if !fs::read(to).is_ok_and(|there| there == wanted) {
            fs::create_dir_all(to.parent().unwrap()).unwrap();
            fs::write(to, wanted).unwrap();
        }
        return;
    }
    let names = |folder: &Path| -> Vec<_> {
        let entries = fs::read_dir(folder)
            .into_iter()
            .flatten()
            .map(|entry| entry.unwrap().file_name());
        entries.filter(|name| name != "node_modules").collect()
    };
    let wanted = names(from);
    for gone in names(to).into_iter().filter(|name| !wanted.contains(name)) {
        let gone = to.join(gone);
        if gone.is_dir() {
            fs::remove_dir_all(gone).unwrap();
        } else {
            fs::remove_file(gone).unwrap();
        }
    }
    for name in wanted {
        mirror(&from.join(&name), &to.join(&name));
    }
}

fn edit(copy: &Path, file: &str, was: &str, is: &str) {
    let path = copy.join(file);
    let before = fs::read_to_string(&path).unwrap();
    let after = before.replace(was, is);
    assert_ne!(before, after, "{file} does not say {was}");
    fs::write(path, after).unwrap();
}

async fn browser_address(browser: &Browser, checkout: &Checkout<'_>) -> String {
    checkout.leave().await.unwrap();
    browser.client.current_url().await.unwrap().into()
}
