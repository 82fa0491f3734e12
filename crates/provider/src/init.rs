//! `farthing init`: configuration for a provider and a shop that know each other, with fresh keys.

use std::{
    fs::{self, OpenOptions},
    io::{self, Write},
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
};

use base64ct::{Base64UrlUnpadded, Encoding};
use farthing_gateway::{
    Clock, Rng, SecretKeyHash,
    accreditation::{STATEMENT_LIFETIME_S, STATUS_LIST_LIFETIME_S},
    jose::Jwk,
};
use farthing_protocol::{Label, MerchantId, Origin, UnixSeconds};
use p256::pkcs8::{EncodePrivateKey, LineEnding};
use zeroize::Zeroizing;

use crate::accreditor::{self, AccreditorError};

/// Why nothing was written.
#[derive(Debug, thiserror::Error)]
pub enum InitError {
    /// There is one already.
    #[error("{} is there already, and its keys may be in use: nothing was written", .0.display())]
    Exists(PathBuf),
    /// The system said no.
    #[error("{path}: {error}")]
    Io {
        /// The file or folder.
        path: String,
        /// What it said.
        error: io::Error,
    },
    /// A listening address can't be taken from an origin that is not on this machine.
    #[error("{0}: `init` makes a demo on this machine; give an origin such as http://127.0.0.1:8788")]
    NotLocal(Origin),
    /// The demo's accreditor.
    #[error(transparent)]
    Accreditor(#[from] AccreditorError),
    /// Eight draws in a row were no key: the random source is broken.
    #[error("the system's random source gives no key")]
    Random,
}

/// Who vouches for the demo's shop, in a folder of this name.
const ACCREDITOR: &str = "accreditor";
const ACCREDITOR_ID: &str = "https://accreditor.example";
const ACCREDITOR_NAME: &str = "Demo Accreditor";

/// Writes `provider.toml` and `shop.toml` in `folder`, and an accreditor in a folder of its own, for the owner's eyes
/// alone. Overwrites nothing.
pub fn init(
    folder: &Path,
    shop: &Origin,
    provider: &Origin,
    clock: &impl Clock,
    rng: &impl Rng,
) -> Result<[PathBuf; 2], InitError> {
    let paths = ["provider.toml", "shop.toml"].map(|name| folder.join(name));
    if let Some(there) = paths.iter().find(|path| path.exists()) {
        return Err(InitError::Exists(there.clone()));
    }
    let order_key = secret_key(rng)?;
    let secret = format!("sk_{}", &*base64url(random::<32>(rng).as_slice()));
    let merchant = MerchantId::from_random(*random(rng));
    let key_id = "first";
    let order_jwk = named(Jwk::of_p256(&order_key.public_key()), key_id);
    let (provider_listens, shop_listens) = (listen(provider)?, listen(shop)?);
    let vouched = vouch(&folder.join(ACCREDITOR), shop, clock.now(), rng)?;

    let provider_text = Zeroizing::new(format!(
        include_str!("init/provider.toml"),
        listen = provider_listens,
        origin = provider,
        signing = &*base64url(&secret_key(rng)?.to_bytes()),
        data = &*base64url(random::<32>(rng).as_slice()),
        merchant = merchant,
        shop = shop,
        secret_sha256 = hex(&SecretKeyHash::of(&secret).0),
        order_key = accreditor::inline_table(&order_jwk),
        accreditor = vouched.entry,
        statement = vouched.statement,
        status_list = vouched.status_list,
    ));
    let pem = order_key
        .to_pkcs8_pem(LineEnding::LF)
        .map_err(|_| InitError::Random)?;
    let shop_text = Zeroizing::new(format!(
        include_str!("init/shop.toml"),
        listen = shop_listens,
        provider = provider,
        merchant = merchant,
        secret = secret,
        key_id = key_id,
        pem = pem.as_str(),
    ));

    fs::create_dir_all(folder).map_err(|error| failed(folder, error))?;
    for (path, text) in paths.iter().zip([provider_text, shop_text]) {
        write(path, &text).map_err(|error| match error.kind() {
            io::ErrorKind::AlreadyExists => InitError::Exists(path.clone()),
            _ => failed(path, error),
        })?;
    }
    Ok(paths)
}

struct Vouched {
    entry: String,
    statement: String,
    status_list: String,
}

/// An accreditor in `folder` that vouches for `shop`, as long as one can.
fn vouch(folder: &Path, shop: &Origin, now: UnixSeconds, rng: &impl Rng) -> Result<Vouched, InitError> {
    let id = Origin::parse(ACCREDITOR_ID).map_err(|_| InitError::Random)?;
    let name = Label::parse(ACCREDITOR_NAME).map_err(|_| InitError::Random)?;
    accreditor::init(folder, id, name, rng)?;
    let days = |seconds| seconds / (24 * 60 * 60);
    Ok(Vouched {
        entry: accreditor::entry(folder)?,
        statement: accreditor::issue(folder, shop.clone(), None, days(STATEMENT_LIFETIME_S), now)?,
        status_list: accreditor::status_list(folder, days(STATUS_LIST_LIFETIME_S), now)?,
    })
}

fn write(path: &Path, text: &str) -> io::Result<()> {
    let mut file = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()
}

fn failed(path: &Path, error: io::Error) -> InitError {
    InitError::Io {
        path: path.display().to_string(),
        error,
    }
}

/// Where a server with this origin listens. `localhost` is the IPv4 one, which is there on every machine.
fn listen(origin: &Origin) -> Result<String, InitError> {
    let host = origin
        .as_str()
        .strip_prefix("http://")
        .ok_or_else(|| InitError::NotLocal(origin.clone()))?;
    let host = host.replace("localhost", "127.0.0.1");
    // Only `[::1]` has colons before the port's.
    let port = if host.rsplit(']').next().is_some_and(|rest| rest.contains(':')) {
        ""
    } else {
        ":80"
    };
    Ok(format!("{host}{port}"))
}

fn named(mut jwk: Jwk, id: &str) -> Jwk {
    let (Jwk::EC { kid, .. } | Jwk::OKP { kid, .. }) = &mut jwk;
    *kid = Some(id.to_owned());
    jwk
}

/// A random scalar is no key once in 2^32 draws.
fn secret_key(rng: &impl Rng) -> Result<p256::SecretKey, InitError> {
    (0..8)
        .find_map(|_| p256::SecretKey::from_slice(random::<32>(rng).as_slice()).ok())
        .ok_or(InitError::Random)
}

fn random<const N: usize>(rng: &impl Rng) -> Zeroizing<[u8; N]> {
    let mut bytes = Zeroizing::new([0; N]);
    rng.fill(&mut *bytes);
    bytes
}

fn base64url(bytes: &[u8]) -> Zeroizing<String> {
    Zeroizing::new(Base64UrlUnpadded::encode_string(bytes))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
