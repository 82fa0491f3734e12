//! Seals the card details to a quote's vault key: JWE compact (RFC 7516), `ECDH-ES` on P-256 with `A256GCM`
//! (RFC 7518), by WebCrypto. `docs/PROTOCOL.md` describes the form.

use base64ct::{Base64UrlUnpadded, Encoding};
use farthing_protocol::{Quote, VaultKey};
use js_sys::{Array, ArrayBuffer, Object, Promise, Reflect, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{CryptoKey, CryptoKeyPair, SubtleCrypto};
use zeroize::Zeroizing;

const ENC: &str = "A256GCM";
const KEY_BITS: u32 = 256;
const IV_BYTES: usize = 12;
const TAG_BYTES: u32 = 16;

/// Seals `plaintext` for `quote`. `None` where the vault key is no point of the curve, or the browser's
/// cryptography fails; nothing was sent then.
pub async fn seal(plaintext: Zeroizing<Vec<u8>>, quote: &Quote) -> Option<String> {
    try_seal(plaintext, quote).await.ok()
}

async fn try_seal(plaintext: Zeroizing<Vec<u8>>, quote: &Quote) -> Result<String, JsValue> {
    let crypto = web_sys::window().ok_or(JsValue::NULL)?.crypto()?;
    let subtle = crypto.subtle();

    let own = new_key_pair(&subtle).await?;
    let shared = agree(&subtle, &own, &quote.vault_key).await?;
    let key = derive(&subtle, &shared).await?;

    let header = base64url(header(&public_jwk(&subtle, &own).await?, quote)?.as_bytes());
    let mut iv = [0; IV_BYTES];
    crypto.get_random_values_with_u8_array(&mut iv)?;
    let algorithm = object(&[
        ("name", "AES-GCM".into()),
        ("iv", Uint8Array::from(&iv[..]).into()),
        ("additionalData", Uint8Array::from(header.as_bytes()).into()),
        ("tagLength", (TAG_BYTES * 8).into()),
    ])?;
    // WebCrypto takes its copy before it returns the promise, so the plaintext ends here.
    let sealed = subtle.encrypt_with_object_and_u8_array(&algorithm, &key, &plaintext)?;
    drop(plaintext);
    let sealed = bytes(sealed).await?.to_vec();

    let (ciphertext, tag) = sealed.split_at(sealed.len().saturating_sub(TAG_BYTES as usize));
    // The second part is empty: with ECDH-ES the agreed key is the content key.
    Ok([header.as_str(), "", &base64url(&iv), &base64url(ciphertext), &base64url(tag)].join("."))
}

fn header(public: &JsValue, quote: &Quote) -> Result<String, JsValue> {
    let coordinate = |name: &str| Reflect::get(public, &name.into())?.as_string().ok_or(JsValue::NULL);
    let (x, y) = (coordinate("x")?, coordinate("y")?);
    // Coordinates are base64url and an id is of its own alphabet: nothing in them needs escaping.
    Ok(format!(
        r#"{{"alg":"ECDH-ES","enc":"{ENC}","epk":{{"kty":"EC","crv":"P-256","x":"{x}","y":"{y}"}},"quote":"{}"}}"#,
        quote.id
    ))
}

async fn new_key_pair(subtle: &SubtleCrypto) -> Result<CryptoKeyPair, JsValue> {
    let usages = Array::of1(&"deriveBits".into());
    let pair = subtle.generate_key_with_object(&p256()?, false, &usages)?;
    Ok(done(pair).await?.unchecked_into())
}

async fn public_jwk(subtle: &SubtleCrypto, pair: &CryptoKeyPair) -> Result<JsValue, JsValue> {
    done(subtle.export_key("jwk", &pair.get_public_key())?).await
}

/// The shared secret Z (RFC 7518 §4.6.1). Import refuses a point that is not on the curve.
async fn agree(subtle: &SubtleCrypto, own: &CryptoKeyPair, vault: &VaultKey) -> Result<Uint8Array, JsValue> {
    let jwk = object(&[
        ("kty", "EC".into()),
        ("crv", "P-256".into()),
        ("x", vault.x.as_str().into()),
        ("y", vault.y.as_str().into()),
    ])?;
    let theirs = subtle.import_key_with_object("jwk", &jwk, &p256()?, false, &Array::new())?;
    let theirs = done(theirs).await?;
    let algorithm = object(&[("name", "ECDH".into()), ("public", theirs)])?;
    bytes(subtle.derive_bits_with_object(&algorithm, &own.get_private_key(), KEY_BITS)?).await
}

/// The content key, by Concat KDF (RFC 7518 §4.6.2): one round of SHA-256 gives all its bits.
async fn derive(subtle: &SubtleCrypto, shared: &Uint8Array) -> Result<CryptoKey, JsValue> {
    let mut round = Zeroizing::new(Vec::with_capacity(4 + 32 + 4 + ENC.len() + 4 + 4 + 4));
    round.extend_from_slice(&1_u32.to_be_bytes());
    round.extend_from_slice(&Zeroizing::new(shared.to_vec()));
    round.extend_from_slice(&u32::try_from(ENC.len()).unwrap_or(0).to_be_bytes());
    round.extend_from_slice(ENC.as_bytes());
    round.extend_from_slice(&0_u32.to_be_bytes()); // no apu
    round.extend_from_slice(&0_u32.to_be_bytes()); // no apv
    round.extend_from_slice(&KEY_BITS.to_be_bytes());
    let key = bytes(subtle.digest_with_str_and_u8_array("SHA-256", &round)?).await?;
    let usages = Array::of1(&"encrypt".into());
    let imported = subtle.import_key_with_str("raw", key.as_ref(), "AES-GCM", false, &usages)?;
    wipe(shared);
    wipe(&key);
    Ok(done(imported).await?.unchecked_into())
}

fn p256() -> Result<Object, JsValue> {
    object(&[("name", "ECDH".into()), ("namedCurve", "P-256".into())])
}

fn object(entries: &[(&str, JsValue)]) -> Result<Object, JsValue> {
    let object = Object::new();
    for (name, value) in entries {
        Reflect::set(&object, &JsValue::from(*name), value)?;
    }
    Ok(object)
}

async fn done(promise: Promise) -> Result<JsValue, JsValue> {
    JsFuture::from(promise).await
}

async fn bytes(promise: Promise) -> Result<Uint8Array, JsValue> {
    let buffer: ArrayBuffer = done(promise).await?.unchecked_into();
    Ok(Uint8Array::new(&buffer))
}

fn wipe(secret: &Uint8Array) {
    secret.fill(0, 0, secret.length());
}

fn base64url(bytes: &[u8]) -> String {
    Base64UrlUnpadded::encode_string(bytes)
}
