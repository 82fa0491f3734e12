//! The provider's configuration file. What is wrong is told without a key.
#![no_main]

use std::{fs, path::PathBuf, sync::LazyLock};

use farthing_protocol::Origin;
use farthing_provider::{
    config::{Config, ConfigError},
    init::init,
};
use farthing_testkit::{NOW, SeededRng, SetClock};
use libfuzzer_sys::fuzz_target;
use tempfile::TempDir;

static FOLDER: LazyLock<TempDir> = LazyLock::new(|| tempfile::tempdir().unwrap());
static FILE: LazyLock<PathBuf> = LazyLock::new(|| FOLDER.path().join("fuzz.toml"));

/// The keys of the seed, which `farthing init` wrote.
static KEYS: LazyLock<Vec<String>> = LazyLock::new(|| {
    let origin = |text| Origin::parse(text).unwrap();
    let (shop, provider) = (origin("http://localhost:8787"), origin("http://127.0.0.1:8788"));
    let [provider, _] = init(
        FOLDER.path(),
        &shop,
        &provider,
        &SetClock::at(NOW),
        &SeededRng::new(1),
    )
    .unwrap();
    let text = fs::read_to_string(provider).unwrap();
    let value = |name: &str| {
        text.lines()
            .find_map(|line| line.strip_prefix(name))
            .unwrap()
            .trim_matches('"')
    };
    ["signing = ", "data = "]
        .map(|name| value(name).to_owned())
        .into()
});

fuzz_target!(|bytes: &[u8]| {
    fs::write(&*FILE, bytes).unwrap();
    match Config::load(Some(&FILE), |_| None) {
        Ok(config) => {
            assert!(config.settings.sandbox);
            assert_eq!(
                Origin::parse(config.settings.origin.as_str()),
                Ok(config.settings.origin)
            );
        }
        Err(error @ ConfigError::Field { .. }) => {
            let text = error.to_string();
            for key in &*KEYS {
                let pieces = key.as_bytes().windows(12);
                let mut told = pieces.filter(|piece| text.as_bytes().windows(12).any(|part| part == *piece));
                assert!(told.next().is_none(), "{text}");
            }
        }
        // Not text.
        Err(ConfigError::Unreadable { .. }) => assert!(std::str::from_utf8(bytes).is_err()),
        Err(ConfigError::None) => panic!("it is there"),
    }
});
