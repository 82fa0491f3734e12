use std::{fs, path::Path};

use farthing_gateway::SecretKeyHash;
use farthing_protocol::{MerchantId, Origin};
use farthing_provider::{
    config::{Acquirer, Config, ConfigError, Database},
    init::{InitError, init},
    wiring::{SystemClock, SystemRng},
};

fn origin(text: &str) -> Origin {
    Origin::parse(text).unwrap()
}

fn make(folder: &Path) -> Result<[std::path::PathBuf; 2], InitError> {
    init(
        folder,
        &origin("http://localhost:8787"),
        &origin("http://127.0.0.1:8788"),
        &SystemClock,
        &SystemRng,
    )
}

/// A theme with `line` in it, before the first merchant.
fn themed(line: &str) -> String {
    let merchant = MerchantId::from_random([7; 16]);
    format!("[[themes]]\nmerchant = \"{merchant}\"\n{line}\n[[merchants]]")
}

fn load(path: &Path) -> Result<Config, ConfigError> {
    Config::load(Some(path), |_| None)
}

#[test]
fn what_init_writes_is_a_configuration_and_for_the_owner_alone() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let [provider, shop] = make(folder.path()).unwrap();
    for path in [&provider, &shop] {
        assert_eq!(fs::metadata(path).unwrap().permissions().mode() & 0o777, 0o600);
    }
    let config = load(&provider).unwrap();
    assert_eq!(config.listen.to_string(), "127.0.0.1:8788");
    assert!(matches!(config.database, Database::File(path) if path == folder.path().join("farthing.db")));
    let shop: toml::Table = fs::read_to_string(&shop).unwrap().parse().unwrap();
    assert_eq!(shop["listen"].as_str(), Some("127.0.0.1:8787"));
    let [merchant] = config.merchants.as_slice() else {
        panic!("one shop")
    };
    let secret_key = shop["secret_key"].as_str().unwrap();
    assert_eq!(merchant.secret_key, SecretKeyHash::of(secret_key));
    assert_eq!(shop["merchant"].as_str(), Some(merchant.payee.id.as_str()));
    let kid = merchant.order_keys[0].kid().unwrap();
    assert_eq!(shop["order_key"]["id"].as_str(), Some(kid.as_str()));

    let before = fs::read(&provider).unwrap();
    assert!(matches!(make(folder.path()), Err(InitError::Exists(_))));
    assert_eq!(fs::read(&provider).unwrap(), before);
    let elsewhere = origin("https://pay.example");
    assert!(matches!(
        init(
            &folder.path().join("b"),
            &elsewhere,
            &elsewhere,
            &SystemClock,
            &SystemRng
        ),
        Err(InitError::NotLocal(_))
    ));
    assert!(!folder.path().join("b/provider.toml").exists());
}

#[test]
fn every_error_names_its_field_and_repeats_no_key() {
    let folder = tempfile::tempdir().unwrap();
    let [path, _] = make(folder.path()).unwrap();
    let good = fs::read_to_string(&path).unwrap();
    let value = |name: &str| {
        let line = good
            .lines()
            .find(|line| line.starts_with(&format!("{name} =")))
            .unwrap();
        line.split('"').nth(1).unwrap().to_owned()
    };
    let (signing, data) = (value("signing"), value("data"));
    let merchant = good.split("[[merchants]]").nth(1).unwrap();
    for (from, to, said) in [
        (
            "listen = \"127.0.0.1:8788\"",
            "listen = \"8788\"",
            "listen: an address and a port",
        ),
        (
            "listen = \"127.0.0.1:8788\"",
            "listen = 8788",
            "listen: is not what this field takes",
        ),
        (
            "# metrics = \"127.0.0.1:9464\"",
            "metrics = \"9464\"",
            "metrics: an address and a port",
        ),
        (
            "address_per_minute = 300",
            "address_per_minute = 0",
            "limits.address_per_minute: requests a minute, from 1 to",
        ),
        (
            "merchant_per_minute = 6000",
            "merchant_per_minute = 4000000000",
            "limits.merchant_per_minute: requests a minute, from 1 to",
        ),
        (
            "origin = \"http://127.0.0.1:8788\"",
            "origin = \"http://pay.example\"",
            "origin: http:// is for localhost",
        ),
        (
            "name = \"Farthing Sandbox\"",
            "name = \"\"",
            "name: the text is empty",
        ),
        ("sandbox = true", "sandbox = false", "sandbox: must be true"),
        ("sandbox = true\n", "", "missing field `sandbox`"),
        (
            "sandbox = true",
            "sandbox = true\nlow_value = { currency = \"EUR\", each = 3001, count = 5 }",
            "low_value: the law allows at most 3000",
        ),
        (
            "sandbox = true",
            "sandbox = true\nlow_value = { currency = \"EUR\", each = 3000, count = 5, sum = 10000 }",
            "low_value: takes either sum or count",
        ),
        (
            "sandbox = true",
            "sandbox = true\nport = 1",
            "unknown field `port`",
        ),
        (
            "database = \"farthing.db\"",
            "database = \"\"",
            "database: \"memory\"",
        ),
        (
            "database = \"farthing.db\"",
            "database = \"memory\"\nlog = \"log\"",
            "log: goes with a database in a file",
        ),
        (signing.as_str(), "AAAA", "keys.signing: 32 bytes"),
        (
            signing.as_str(),
            "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
            "keys.signing: is no private key",
        ),
        ("data = \"", "date = \"", "unknown field `date`"),
        ("data = \"", "#", "keys.data: is missing"),
        (
            "data = \"",
            "data_file = \"k\"\ndata = \"",
            "keys.data: is given here and as keys.data_file",
        ),
        (
            "\n[keys]",
            "keys = \"TOPSECRET\"\n[other]",
            "keys: is not what this field takes",
        ),
        (
            "id = \"mer_",
            "id = \"mer_0",
            "merchants[0].id: the id is malformed",
        ),
        (
            "[\"http://localhost:8787\"]",
            "[\"http://a.example\"]",
            "merchants[0].origins[0]: http:// is for localhost",
        ),
        (
            "[\"http://localhost:8787\"]",
            "[]",
            "merchants[0].origins: are 1 to 20",
        ),
        (
            "secret_key_sha256 = \"",
            "secret_key_sha256 = \"0",
            "merchants[0].secret_key_sha256: is 64 hex digits",
        ),
        (
            "order_keys = [\n  { kty = \"EC\", crv = \"P-256\"",
            "order_keys = [\n  { kty = \"EC\", crv = \"P-384\"",
            "merchants[0].order_keys[0]: the key's curve",
        ),
        ("x = \"", "d = \"AA\", x = \"", "unknown field `d`"),
        (
            "order_keys = [\n  { kty = \"EC\", crv = \"P-256\", x = \"",
            "order_keys = [\n  { kty = \"EC\", crv = \"P-256\", x = \"A",
            "merchants[0].order_keys[0]: a coordinate",
        ),
        (
            "retired = []",
            "retired = [{ kty = \"EC\", crv = \"P-256\", x = \"A\", y = \"A\" }]",
            "keys.retired[0]: a coordinate",
        ),
        (
            "data_others = []",
            "data_others = [\"AAAA\"]",
            "keys.data_others[0]: 32 bytes",
        ),
        (
            "id = \"https://accreditor",
            "id = \"http://accreditor",
            "accreditors[0].id: http:// is for localhost",
        ),
        (
            "country = \"DE\"",
            "country = \"de\"",
            "merchants[0].country: a country is two",
        ),
        (
            "rate_bp = 140",
            "rate_bp = 10001",
            "merchants[0].fees[0]: rate_bp is more",
        ),
        (
            "bearer = \"merchant\"",
            "bearer = \"shopper\"",
            "merchants[0].fees: the shopper may not",
        ),
        (
            "[[merchants]]",
            "[[merchants]]\n[[merchants]]",
            "missing field `id`",
        ),
        (
            "[[merchants]]",
            &format!("[[merchants]]{merchant}\n[[merchants]]"),
            "merchants[1]: has the id",
        ),
        (
            "[[merchants]]",
            "[[themes]]\nmerchant = \"mer_1\"\n[[merchants]]",
            "themes[0].merchant: the id is malformed",
        ),
        (
            "[[merchants]]",
            &themed("radius = \"8px; } * { display: none\""),
            "themes[0]: theme_choice_unknown: radius is one of none, small, medium, large",
        ),
        ("[[merchants]]", &themed("css = \"* {}\""), "unknown field `css`"),
        (
            "[[merchants]]",
            &themed("dark = { accent = \"red\" }"),
            "themes[0]: theme_colour_malformed: dark.accent is a colour in six hexadecimal digits",
        ),
        (
            "[[merchants]]",
            &themed("light = { accent = \"#ffcc00\" }"),
            "themes[0]: theme_contrast_low: accent on ground has a contrast of 1.51:1 in light, and people need 4.5:1",
        ),
        (
            "[[merchants]]",
            &format!("{}{}", themed("").replace("[[merchants]]", ""), themed("")),
            "themes[1]: is for the merchant of a theme before it",
        ),
    ] {
        assert!(good.contains(from), "{from}");
        let bad = good.replacen(from, to, 1);
        fs::write(&path, &bad).unwrap();
        let error = load(&path)
            .err()
            .map(|error| error.to_string())
            .unwrap_or_default();
        assert!(error.contains(said), "{to}: {error}");
        assert!(error.contains("provider.toml"), "{error}");
        for secret in [signing.as_str(), data.as_str(), "TOPSECRET"] {
            assert!(!error.contains(secret), "{error}");
        }
    }
    let accepted = themed("radius = \"large\"\nlight = { accent = \"#0a3d91\" }");
    fs::write(&path, good.replacen("[[merchants]]", &accepted, 1)).unwrap();
    assert_eq!(load(&path).unwrap().themes.len(), 1);
    // Merchants may all come by commands.
    fs::write(&path, good.split("[[merchants]]").next().unwrap()).unwrap();
    assert!(load(&path).unwrap().merchants.is_empty());
    fs::write(&path, "listen = ").unwrap();
    assert!(
        load(&path)
            .err()
            .unwrap()
            .to_string()
            .contains("is not TOML (line 1)")
    );
}

#[test]
fn the_screen_says_whether_real_money_moves() {
    let folder = tempfile::tempdir().unwrap();
    let [path, _] = make(folder.path()).unwrap();
    let usual = fs::read_to_string(&path).unwrap();
    let connector = "[connector]\nstripe = \"https://api.stripe.com\"\nkey_file = \"stripe.key\"\n\n[keys]";
    let load = |key: &str, sandbox: bool| {
        fs::write(folder.path().join("stripe.key"), format!("{key}\n")).unwrap();
        let text = usual
            .replacen("[keys]", connector, 1)
            .replace("sandbox = true", &format!("sandbox = {sandbox}"));
        fs::write(&path, text).unwrap();
        Config::load(Some(&path), |_| None)
    };
    for (key, sandbox) in [("sk_test_hunter2", true), ("sk_live_hunter2", false)] {
        let config = load(key, sandbox).unwrap();
        assert_eq!(config.settings.sandbox, sandbox);
        assert!(matches!(config.acquirer, Acquirer::Stripe { key: read, .. } if **read == *key));
        let error = load(key, !sandbox).err().unwrap().to_string();
        assert!(
            error.contains("sandbox: must be") && !error.contains("hunter2"),
            "{error}"
        );
    }
    fs::write(&path, usual.replace("sandbox = true", "sandbox = false")).unwrap();
    let error = Config::load(Some(&path), |_| None).err().unwrap().to_string();
    assert!(error.contains("sandbox: must be true"), "{error}");
    fs::write(
        &path,
        usual.replacen(
            "[keys]",
            "[connector]\nstripe = \"https://api.stripe.com\"\n\n[keys]",
            1,
        ),
    )
    .unwrap();
    let error = Config::load(Some(&path), |_| None).err().unwrap().to_string();
    assert!(error.contains("connector.key_file: is missing"), "{error}");
    let config = Config::load(Some(&path), |name| {
        (name == "STRIPE_API_KEY").then(|| "sk_test_1".to_owned())
    });
    assert!(matches!(config.unwrap().acquirer, Acquirer::Stripe { .. }));
}

#[test]
fn the_environment_comes_before_the_file_and_is_named_when_wrong() {
    let folder = tempfile::tempdir().unwrap();
    let [path, _] = make(folder.path()).unwrap();
    let set = |name: &'static str, value: &'static str| {
        Config::load(Some(&path), move |asked| {
            (asked == name).then(|| value.to_owned())
        })
    };
    assert_eq!(
        set("FARTHING_LISTEN", "127.0.0.1:9999").unwrap().listen.port(),
        9999
    );
    assert!(matches!(
        set("FARTHING_DATABASE", "memory").unwrap().database,
        Database::Memory
    ));
    let url = "postgres://provider@db.example/farthing";
    assert!(matches!(
        set("DATABASE_URL", url).unwrap().database,
        Database::Postgres { url: said, bank } if **said == *url && bank == folder.path().join("farthing.bank")
    ));
    let error = set("DATABASE_URL", "mysql://provider:hunter2@db.example/farthing")
        .err()
        .unwrap();
    let said = error.to_string();
    assert!(
        said.contains("DATABASE_URL") && !said.contains("hunter2"),
        "{said}"
    );
    assert_eq!(
        set("FARTHING_ORIGIN", "https://pay.example")
            .unwrap()
            .settings
            .origin
            .as_str(),
        "https://pay.example"
    );
    for name in ["FARTHING_LISTEN", "FARTHING_ORIGIN"] {
        let error = set(name, "nonsense").err().unwrap().to_string();
        assert!(error.contains(&format!("{name}: ")), "{error}");
    }
    let key = "AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE\n";
    fs::write(folder.path().join("k"), key).unwrap();
    let text = fs::read_to_string(&path).unwrap();
    let elsewhere = |line| match line {
        line if str::starts_with(line, "data = ") => "data_file = \"k\"",
        line => line,
    };
    fs::write(&path, text.lines().map(elsewhere).collect::<Vec<_>>().join("\n")).unwrap();
    assert!(load(&path).is_ok());
    fs::remove_file(folder.path().join("k")).unwrap();
    let error = load(&path).err().unwrap().to_string();
    assert!(error.contains("keys.data_file: "), "{error}");
    assert!(matches!(
        load(&folder.path().join("none.toml")),
        Err(ConfigError::Unreadable { .. })
    ));
}
