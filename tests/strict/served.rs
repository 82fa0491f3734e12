//! `farthing verify`, on the provider as it is shipped, over its own line.

use std::process::Command;

use farthing_journeys::{
    journey::{Setup, World, journey_with},
    project,
};

#[test]
fn what_is_served_is_the_build_and_one_changed_byte_is_found() {
    let setup = Setup {
        wire: true,
        ..Setup::default()
    };
    journey_with(setup, async |world| {
        let (same, said) = verified(world).await;
        assert!(same && said.contains("Nothing differs"), "{said}");
        world.wire().has(|request, mut answer| {
            if request.ends_with(".wasm") {
                let mut bytes = answer.body.to_vec();
                let middle = bytes.len() / 2;
                bytes[middle] ^= 1;
                answer.body = bytes.into();
            }
            Some(answer)
        });
        let (same, said) = verified(world).await;
        assert!(!same && said.contains(".wasm: "), "{said}");
    });
}

/// Whether nothing differs from the build in `dist/`, and what was said.
async fn verified(world: &World) -> (bool, String) {
    let mut command = Command::new(project::program("FARTHING_BIN", "farthing"));
    command.args([
        "verify",
        &world.provider.origin,
        "--merchant",
        world.kiosk.id.as_str(),
        "--build",
    ]);
    command.arg(project::root());
    let done = tokio::task::spawn_blocking(move || command.output().unwrap())
        .await
        .unwrap();
    let text = [done.stdout, done.stderr].concat();
    (done.status.success(), String::from_utf8(text).unwrap())
}
