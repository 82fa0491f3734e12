//! Seals the details to a quote's vault key: JWE compact (RFC 7516), `ECDH-ES` on P-256 with `A256GCM`
//! (RFC 7518), by WebCrypto. `docs/PROTOCOL.md` describes the form.

use farthing_protocol::{Quote, QuoteId};
use js_sys::Uint8Array;
use wasm_bindgen::JsValue;
use zeroize::Zeroizing;

use super::js::{call, done, get, list, object, text};
use crate::base64url;

const ENC: &str = "A256GCM";
const KEY_BITS: u32 = 256;
const IV_BYTES: u32 = 12;
const TAG_BYTES: usize = 16;

/// Seals `plaintext` for `quote`. `None` where the vault key is no point of the curve, or the browser's
/// cryptography fails; nothing was sent then.
pub async fn seal(plaintext: Zeroizing<Vec<u8>>, quote: &Quote) -> Option<String> {
    steps(plaintext, quote).await.ok()
}

/// One function, step by step, because each further `async fn` costs the shopper some hundred bytes.
async fn steps(plaintext: Zeroizing<Vec<u8>>, quote: &Quote) -> Result<String, JsValue> {
    let crypto = get(&js_sys::global(), "crypto")?;
    let subtle = get(&crypto, "subtle")?;
    let (jwk, no, yes) = (&text("jwk"), &JsValue::FALSE, &JsValue::TRUE);
    let p256 = object(&[("name", &text("ECDH")), ("namedCurve", &text("P-256"))])?;

    // An ephemeral key, for this one sealing.
    let derive = list(&[&text("deriveBits")]);
    let own = done(call(&subtle, "generateKey", [&p256, no, &derive])?).await?;
    let public = done(call(&subtle, "exportKey", [jwk, &get(&own, "publicKey")?])?).await?;

    // The shared secret Z (RFC 7518 §4.6.1). The import refuses a point that is not on the curve.
    let (x, y) = (&text(&quote.vault_key.x), &text(&quote.vault_key.y));
    let vault = object(&[("kty", &text("EC")), ("crv", &text("P-256")), ("x", x), ("y", y)])?;
    let vault = done(call(&subtle, "importKey", [jwk, &vault, &p256, yes, &list(&[])])?).await?;
    let ecdh = object(&[("name", &text("ECDH")), ("public", &vault)])?;
    let bits = [&ecdh, &get(&own, "privateKey")?, &JsValue::from(KEY_BITS)];
    let shared = Uint8Array::new(&done(call(&subtle, "deriveBits", bits)?).await?);

    // The content key, by Concat KDF (§4.6.2): one round of SHA-256 gives all its bits.
    let round = kdf_round(&shared);
    let digest = done(call(&subtle, "digest", [&text("SHA-256"), &round])?).await?;
    let digest = Uint8Array::new(&digest);
    let raw = [
        &text("raw"),
        &digest,
        &text("AES-GCM"),
        no,
        &list(&[&text("encrypt")]),
    ];
    let import = call(&subtle, "importKey", raw)?;
    // WebCrypto takes its copy of what it is given before it returns the promise.
    for secret in [&shared, &round, &digest] {
        wipe(secret);
    }
    let key = done(import).await?;

    let header = base64url::encode(header(&public, &quote.id)?.as_bytes());
    let iv = Uint8Array::new(&JsValue::from(IV_BYTES));
    call(&crypto, "getRandomValues", [&iv])?;
    let gcm = object(&[
        ("name", &text("AES-GCM")),
        ("iv", &iv),
        ("additionalData", &Uint8Array::from(header.as_bytes())),
    ])?;
    let message = Uint8Array::from(&plaintext[..]);
    let sealed = call(&subtle, "encrypt", [&gcm, &key, &message])?;
    wipe(&message);
    drop(plaintext);
    let sealed = Uint8Array::new(&done(sealed).await?).to_vec();

    let (ciphertext, tag) = sealed
        .split_at_checked(sealed.len().wrapping_sub(TAG_BYTES))
        .ok_or(JsValue::NULL)?;
    // The second part is empty: with ECDH-ES the agreed key is the content key.
    Ok([
        header.as_str(),
        "",
        &base64url::encode(&iv.to_vec()),
        &base64url::encode(ciphertext),
        &base64url::encode(tag),
    ]
    .join("."))
}

fn header(public: &JsValue, quote: &QuoteId) -> Result<String, JsValue> {
    let coordinate = |name: &str| get(public, name)?.as_string().ok_or(JsValue::NULL);
    let (x, y) = (coordinate("x")?, coordinate("y")?);
    // Coordinates are base64url and an id is of its own alphabet: nothing in them needs escaping.
    Ok([
        r#"{"alg":"ECDH-ES","enc":"A256GCM","epk":{"kty":"EC","crv":"P-256","x":""#,
        &x,
        r#"","y":""#,
        &y,
        r#""},"quote":""#,
        quote.as_str(),
        r#""}"#,
    ]
    .concat())
}

/// What is hashed: round number, Z, the algorithm, no apu, no apv, the length of the key.
fn kdf_round(shared: &Uint8Array) -> Uint8Array {
    let word = |number: u32| number.to_be_bytes();
    let shared = Zeroizing::new(shared.to_vec());
    let algorithm = word(u32::try_from(ENC.len()).unwrap_or(0));
    let parts = [
        &word(1)[..],
        &shared,
        &algorithm,
        ENC.as_bytes(),
        &word(0),
        &word(0),
        &word(KEY_BITS),
    ];
    Uint8Array::from(&Zeroizing::new(parts.concat())[..])
}

fn wipe(secret: &Uint8Array) {
    secret.fill(0, 0, secret.length());
}
