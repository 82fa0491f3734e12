//! The RFCs' own examples. What ours covers must come out as printed; the rest of JOSE must be refused, and for the
//! reason that is meant.

use farthing_gateway::jose::{self, Jwk, JwkError, Jws, JwsError, VerifyingKey};
use serde_json::{Value, json};

use crate::text::{self, decode, encode, private};

/// RFC 7515 appendix A.3: ES256.
const ES256: (&str, &str) = (
    "eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ",
    "DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q",
);

/// RFC 8037 appendix A.4: EdDSA.
const EDDSA: (&str, &str) = (
    "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc",
    "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg",
);

/// RFC 7520 figure 7: what section 4 signs.
const ROAD: &str = "SXTigJlzIGEgZGFuZ2Vyb3VzIGJ1c2luZXNzLCBGcm9kbywgZ29pbmcgb3V0IHlvdXIgZG9vci4gWW91IHN0ZXAgb250byB0aGUgcm9hZCwgYW5kIGlmIHlvdSBkb24ndCBrZWVwIHlvdXIgZmVldCwgdGhlcmXigJlzIG5vIGtub3dpbmcgd2hlcmUgeW91IG1pZ2h0IGJlIHN3ZXB0IG9mZiB0by4";

fn es256_key() -> Value {
    json!({"kty": "EC", "crv": "P-256", "x": "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
        "y": "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"})
}

fn eddsa_key() -> Value {
    json!({"kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"})
}

fn key(jwk: &Value) -> Result<VerifyingKey, JwkError> {
    serde_json::from_value::<Jwk>(jwk.clone())
        .unwrap()
        .verifying_key()
}

#[test]
fn signatures() {
    for (jwk, (signed, signature), algorithm) in
        [(es256_key(), ES256, "ES256"), (eddsa_key(), EDDSA, "EdDSA")]
    {
        let key = key(&jwk).unwrap();
        assert_eq!(key.algorithm(), algorithm);
        assert!(key.verifies(signed.as_bytes(), &decode(signature)));
        assert!(!key.verifies(&signed.as_bytes()[1..], &decode(signature)));
        // As whole texts they are refused: an order names its key.
        let text = format!("{signed}.{signature}");
        assert_eq!(Jws::parse(&text).err(), Some(JwsError::Malformed), "{text}");
    }
}

/// RFC 8037 appendix A.3, and the P-256 key of RFC 9449 §6.1.
#[test]
fn thumbprints() {
    let p256 = json!({"kty": "EC", "crv": "P-256", "x": "l8tFrhx-34tV3hRICRDY9zCkDlpBhF42UQUfWVAWBFs",
        "y": "9VE4jf_Ok_o64zbTTlcuNJajHmt6v9TDVrU0CdvGRDA"});
    for (jwk, thumbprint) in [
        (eddsa_key(), "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"),
        (p256, "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I"),
    ] {
        let jwk: Jwk = serde_json::from_value(jwk).unwrap();
        assert_eq!(jwk.kid().unwrap(), thumbprint);
        assert!(jwk.verifying_key().is_ok());
    }
}

#[test]
fn keys_that_are_not_taken() {
    // RFC 7520 §3.1, P-521; §5.4, P-384; RFC 8037 appendix A.6, X25519.
    let bilbo = json!({"kty": "EC", "kid": "bilbo.baggins@hobbiton.example", "crv": "P-521",
        "x": "AHKZLLOsCOzz5cY97ewNUajB957y-C-U88c3v13nmGZx6sYl_oJXu9A5RkTKqjqvjyekWF-7ytDyRXYgCF5cj0Kt",
        "y": "AdymlHvOiLxXkEhayXQnNCvDX4h9htZaCJN34kfmC6pV5OhQHiraVySsUdaQkAgDPrwQrJmbnX9cwlGfP-HqHZR1"});
    let peregrin = json!({"kty": "EC", "kid": "peregrin.took@tuckborough.example", "crv": "P-384",
        "x": "YU4rRUzdmVqmRtWOs2OpDE_T5fsNIodcG8G5FWPrTPMyxpzsSOGaQLpe2FpxBmu2",
        "y": "A8-yxCHxkfBz3hKZfI1jUYMjUhsEveZ9THuwFjH2sCNdtksRJU7D5-SkgaFL1ETP"});
    let bob = json!({"kty": "OKP", "kid": "Bob", "crv": "X25519",
        "x": "3p7bfXt9wbTTW2HC7OQ1Nz-DQ8hbeGdNrfx-FG-IK08"});
    for jwk in [bilbo, peregrin, bob] {
        assert_eq!(key(&jwk).err(), Some(JwkError::Curve), "{jwk}");
    }

    // RFC 7520 §3.5, a key for HMAC; §3.3, the beginning of one for RSA.
    let oct = json!({"kty": "oct", "k": "hJtXIZ2uSN5kbQfbtTNWbpdmhkV8FJG-Onbc6mxCcYg"});
    let rsa = json!({"kty": "RSA", "n": "n4EPtAOCc9AlkeQHPzHStgAbgs7bTZLwUBZdR8_KuKPE", "e": "AQAB"});
    // A private key is no public key, and what a key is for isn't for it to say: RFC 8037 appendix A.1, RFC 7520 §3.1.
    let mut private = eddsa_key();
    private["d"] = json!("nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A");
    let mut with_use = es256_key();
    with_use["use"] = json!("sig");
    for jwk in [oct, rsa, private, with_use] {
        assert!(serde_json::from_value::<Jwk>(jwk.clone()).is_err(), "{jwk}");
    }
}

/// RFC 7520 §4.3 and §4.4: ES512 and HMAC.
#[test]
fn signatures_that_are_not_taken() {
    let es512 = format!(
        "eyJhbGciOiJFUzUxMiIsImtpZCI6ImJpbGJvLmJhZ2dpbnNAaG9iYml0b24uZXhhbXBsZSJ9.{ROAD}.AE_R_YZCChjn4791jSQCrdPZCNYqHXCTZH0-JZGYNlaAjP2kqaluUIIUnC9qvbu9Plon7KRTzoNEuT4Va2cmL1eJAQy3mtPBu_u_sDDyYjnAMDxXPn7XrT0lw-kvAD890jl8e2puQens_IEKBpHABlsbEPX6sFY8OcGDqoRuBomu9xQ2"
    );
    let hs256 = format!(
        "eyJhbGciOiJIUzI1NiIsImtpZCI6IjAxOGMwYWU1LTRkOWItNDcxYi1iZmQ2LWVlZjMxNGJjNzAzNyJ9.{ROAD}.s0h6KThzkfBBBkLspW1h84VsJZFTsPPqMDA7g1Md7p0"
    );
    for text in [es512, hs256] {
        let jws = Jws::parse(&text).unwrap();
        assert!(!jws.algorithm_is_taken(), "{text}");
        for jwk in [es256_key(), eddsa_key()] {
            let read = jws.verify::<Value>(&key(&jwk).unwrap());
            assert_eq!(read.err(), Some(JwsError::Algorithm), "{text}");
        }
    }
}

/// RFC 7518 appendix C, and RFC 7520 §5.5, whose key is as long as ours and has no parties either: what they
/// print judges the derivation in `text.rs`, and that judges ours.
#[test]
fn key_agreement() {
    let z = [
        158, 86, 217, 29, 129, 113, 53, 211, 114, 131, 66, 131, 191, 132, 38, 156, 251, 49, 110, 163, 218,
        128, 106, 72, 246, 218, 167, 121, 140, 254, 144, 196,
    ];
    let derived = text::concat_kdf(&z, "A128GCM", b"Alice", b"Bob", 128);
    assert_eq!(encode(&derived), "VqqN6vgjbSBcIijNcacQGg");

    let alice = (
        "gI0GAILBdu7T53akrFmMyGcsF3n5dO7MmwNBHKW5SV0",
        "SLW_xSffzlPWrHEVI30DHM_4egVwt3NQqeUD7nMFpps",
        "0_NxaRPUMQoAJt50Gz8YiTr8gRTwyEaCumd-MToTmIo",
    );
    let bob = (
        "weNJy2HscCSM6AEDTDg04biOvhFhyyWvOHQfeF_PxMQ",
        "e8lnCO-AlStT-NJVX-crhB7QRYhiix03illJOVAOyck",
        "VEmDZpDXXK8p8N0Cndsxs924q6nS1RXFASRl6BfUqdw",
    );
    let ours = text::concat_kdf(&z, "A256GCM", b"", b"", 256);
    for ((x, y, _), (.., d)) in [(alice, bob), (bob, alice)] {
        let sealed = text::sealed(&text::header(x, y), &ours, &[1; 12], b"{}");
        let opened = jose::open(&sealed, &private(&decode(d))).unwrap();
        assert_eq!(opened.as_slice(), b"{}");
        // The RFC's own header names parties and another algorithm.
        let mut header = text::header(x, y);
        (header["enc"], header["apu"], header["apv"]) = (json!("A128GCM"), json!("QWxpY2U"), json!("Qm9i"));
        refused(&text::sealed(&header, &ours, &[1; 12], b"{}"), d);
    }
}

/// The key and the ephemeral key of RFC 7520 §5.5.
const MERIADOC: &str = "r_kHyZ-a06rmxM3yESK84r1otSg-aQcVStkRhA-iCM8";
const EPHEMERAL: (&str, &str) = (
    "mPUKT_bAWGHIhg0TpjjqVsP1rXWQu_vwVOHHtNkdYoA",
    "8BQAsImGeAS46fyWw5MhYfGTT0IjBpFw2SS34Dv4Irs",
);

/// RFC 7520 §5.5: direct agreement on P-256, as ours, with another cipher. §5.4 wraps a key, §5.6 has it
/// beforehand, §5.9 compresses.
#[test]
fn encryption_that_is_not_taken() {
    for text in [
        "eyJhbGciOiJFQ0RILUVTIiwia2lkIjoibWVyaWFkb2MuYnJhbmR5YnVja0BidWNrbGFuZC5leGFtcGxlIiwiZXBrIjp7Imt0eSI6IkVDIiwiY3J2IjoiUC0yNTYiLCJ4IjoibVBVS1RfYkFXR0hJaGcwVHBqanFWc1AxclhXUXVfdndWT0hIdE5rZFlvQSIsInkiOiI4QlFBc0ltR2VBUzQ2ZnlXdzVNaFlmR1RUMElqQnBGdzJTUzM0RHY0SXJzIn0sImVuYyI6IkExMjhDQkMtSFMyNTYifQ..yc9N8v5sYyv3iGQT926IUg.BoDlwPnTypYq-ivjmQvAYJLb5Q6l-F3LIgQomlz87yW4OPKbWE1zSTEFjDfhU9IPIOSA9Bml4m7iDFwA-1ZXvHteLDtw4R1XRGMEsDIqAYtskTTmzmzNa-_q4F_evAPUmwlO-ZG45Mnq4uhM1fm_D9rBtWolqZSF3xGNNkpOMQKF1Cl8i8wjzRli7-IXgyirlKQsbhhqRzkv8IcY6aHl24j03C-AR2le1r7URUhArM79BY8soZU0lzwI-sD5PZ3l4NDCCei9XkoIAfsXJWmySPoeRb2Ni5UZL4mYpvKDiwmyzGd65KqVw7MsFfI_K767G9C9Azp73gKZD0DyUn1mn0WW5LmyX_yJ-3AROq8p1WZBfG-ZyJ6195_JGG2m9Csg.WCCkNa-x4BeB9hIDIfFuhg",
        "eyJhbGciOiJFQ0RILUVTK0ExMjhLVyIsImtpZCI6InBlcmVncmluLnRvb2tAdHVja2Jvcm91Z2guZXhhbXBsZSIsImVwayI6eyJrdHkiOiJFQyIsImNydiI6IlAtMzg0IiwieCI6InVCbzRrSFB3Nmtiang1bDB4b3dyZF9vWXpCbWF6LUdLRlp1NHhBRkZrYllpV2d1dEVLNml1RURzUTZ3TmROZzMiLCJ5Ijoic3AzcDVTR2haVkMyZmFYdW1JLWU5SlUyTW84S3BvWXJGRHI1eVBOVnRXNFBnRXdaT3lRVEEtSmRhWTh0YjdFMCJ9LCJlbmMiOiJBMTI4R0NNIn0.0DJjBXri_kBcC46IkU5_Jk9BqaQeHdv2.mH-G2zVqgztUtnW_.tkZuOO9h95OgHJmkkrfLBisku8rGf6nzVxhRM3sVOhXgz5NJ76oID7lpnAi_cPWJRCjSpAaUZ5dOR3Spy7QuEkmKx8-3RCMhSYMzsXaEwDdXta9Mn5B7cCBoJKB0IgEnj_qfo1hIi-uEkUpOZ8aLTZGHfpl05jMwbKkTe2yK3mjF6SBAsgicQDVCkcY9BLluzx1RmC3ORXaM0JaHPB93YcdSDGgpgBWMVrNU1ErkjcMqMoT_wtCex3w03XdLkjXIuEr2hWgeP-nkUZTPU9EoGSPj6fAS-bSz87RCPrxZdj_iVyC6QWcqAu07WNhjzJEPc4jVntRJ6K53NgPQ5p99l3Z408OUqj4ioYezbS6vTPlQ.WuGzxmcreYjpHGJoa17EBg",
        "eyJhbGciOiJkaXIiLCJraWQiOiI3N2M3ZTJiOC02ZTEzLTQ1Y2YtODY3Mi02MTdiNWI0NTI0M2EiLCJlbmMiOiJBMTI4R0NNIn0..refa467QzzKx6QAB.JW_i_f52hww_ELQPGaYyeAB6HYGcR559l9TYnSovc23XJoBcW29rHP8yZOZG7YhLpT1bjFuvZPjQS-m0IFtVcXkZXdH_lr_FrdYt9HRUYkshtrMmIUAyGmUnd9zMDB2n0cRDIHAzFVeJUDxkUwVAE7_YGRPdcqMyiBoCO-FBdE-Nceb4h3-FtBP-c_BIwCPTjb9o0SbdcdREEMJMyZBH8ySWMVi1gPD9yxi-aQpGbSv_F9N4IZAxscj5g-NJsUPbjk29-s7LJAGb15wEBtXphVCgyy53CoIKLHHeJHXex45Uz9aKZSRSInZI-wjsY0yu3cT4_aQ3i1o-tiE-F8Ios61EKgyIQ4CWao8PFMj8TTnp.vbb32Xvllea2OtmHAdccRQ",
        "eyJhbGciOiJBMTI4S1ciLCJraWQiOiI4MWIyMDk2NS04MzMyLTQzZDktYTQ2OC04MjE2MGFkOTFhYzgiLCJlbmMiOiJBMTI4R0NNIiwiemlwIjoiREVGIn0.5vUT2WOtQxKWcekM_IzVQwkGgzlFDwPi.p9pUq6XHY0jfEZIl.HbDtOsdai1oYziSx25KEeTxmwnh8L8jKMFNc1k3zmMI6VB8hry57tDZ61jXyezSPt0fdLVfe6Jf5y5-JaCap_JQBcb5opbmT60uWGml8blyiMQmOn9J--XhhlYg0m-BHaqfDO5iTOWxPxFMUedx7WCy8mxgDHj0aBMG6152PsM-w5E_o2B3jDbrYBKhpYA7qi3AyijnCJ7BP9rr3U8kxExCpG3mK420TjOw.VILuUwuIxaLVmh5X-T7kmA",
    ] {
        refused(text, MERIADOC);
    }
    // The same two keys, by our algorithms, open.
    let (x, y) = EPHEMERAL;
    let shared = {
        let jwk = json!({"kty": "EC", "crv": "P-256", "x": x, "y": y});
        let Ok(VerifyingKey::Es256(point)) = key(&jwk) else {
            panic!("the ephemeral key is on P-256")
        };
        p256::ecdh::diffie_hellman(private(&decode(MERIADOC)).to_nonzero_scalar(), point.as_affine())
    };
    let cek = text::concat_kdf(shared.raw_secret_bytes(), "A128CBC-HS256", b"", b"", 256);
    assert_eq!(encode(&cek), "hzHdlfQIAEehb8Hrd_mFRhKsKLEzPfshfXs9l6areCc");
    let ours = text::concat_kdf(shared.raw_secret_bytes(), "A256GCM", b"", b"", 256);
    let sealed = text::sealed(&text::header(x, y), &ours, &[2; 12], b"{}");
    let opened = jose::open(&sealed, &private(&decode(MERIADOC))).unwrap();
    assert_eq!(opened.as_slice(), b"{}");
}

fn refused(text: &str, d: &str) {
    let read = jose::open(text, &private(&decode(d)));
    assert_eq!(read.err(), Some(jose::JweError::Malformed), "{text}");
    assert!(jose::read_header(text).is_err(), "{text}");
}
