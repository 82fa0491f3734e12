//! cargo run -p farthing-shop --bin farthing-server -- order REFERENCE CENTS | charge REFERENCE CENTS < TOKEN
use std::{env::var, error::Error, fs, io, time::Duration};

use jsonwebtoken::{Algorithm, EncodingKey, Header, encode, get_current_timestamp};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

/// The order as the provider takes it, good for an hour: a JWT that nobody but this server can have made.
fn sign_order(reference: &str, cents: u64) -> Result<String, Box<dyn Error>> {
    let now = get_current_timestamp();
    let order = json!({"currency": "EUR", "lines": [{"label": "A thing", "amount": cents}]});
    let claims = json!({"iss": var("FARTHING_MERCHANT")?, "aud": var("FARTHING_PROVIDER")?, "jti": reference,
                        "iat": now, "exp": now + 3600, "order": order});
    let header = Header {
        kid: Some(var("FARTHING_ORDER_KEY_ID")?),
        ..Header::new(Algorithm::ES256)
    };
    let key = EncodingKey::from_ec_pem(&fs::read(var("FARTHING_ORDER_KEY_FILE")?)?)?;
    Ok(encode(&header, &claims, &key)?)
}

/// Redeems the token: “paid”, “failed”, or “unknown”, which is to be asked again.
async fn charge(reference: &str, cents: u64, token: &str) -> Result<&'static str, Box<dyn Error>> {
    // Out of the token, so that asking again is the same charge and not another one.
    let key = Sha256::digest(token)
        .iter()
        .fold(String::new(), |key, byte| format!("{key}{byte:02x}"));
    let request = reqwest::Client::new()
        .post(format!("{}/v1/charges", var("FARTHING_PROVIDER")?))
        .bearer_auth(var("FARTHING_SECRET_KEY")?)
        .timeout(Duration::from_secs(30))
        .header("idempotency-key", key)
        .json(&json!({"token": token, "order": reference, "amount": cents, "currency": "EUR"}));
    let Ok(answer) = request.send().await else {
        return Ok("unknown");
    };
    let code = answer.status().as_u16();
    let said: Value = answer.json().await.unwrap_or_default();
    Ok(match (said["status"].as_str(), code) {
        (Some("paid"), _) => "paid",
        (_, 408 | 409 | 429) => "unknown",
        (Some("declined"), _) | (_, 400..=499) => "failed",
        _ => "unknown",
    })
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let [what, reference, cents] = &words[..] else {
        return Err("order|charge REFERENCE CENTS".into());
    };
    if what == "order" {
        println!("{}", sign_order(reference, cents.parse()?)?);
    } else {
        let token = io::read_to_string(io::stdin())?;
        println!("{}", charge(reference, cents.parse()?, token.trim()).await?);
    }
    Ok(())
}
