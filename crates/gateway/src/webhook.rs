//! Webhooks as Standard Webhooks 1.0.0 has them: the secret of an endpoint, the three headers of a message, and
//! when a message that did not arrive is sent again.

use base64ct::{Base64, Encoding};
use farthing_protocol::UnixSeconds;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use zeroize::Zeroizing;

/// How long a secret may be.
const SECRET_BYTES: std::ops::RangeInclusive<usize> = 24..=64;
/// SHA-256's block, in which HMAC takes its key (RFC 2104 §2).
const BLOCK_BYTES: usize = 64;

const MINUTE_S: i64 = 60;
const HOUR_S: i64 = 60 * MINUTE_S;

/// How long to wait once so many attempts have failed, in seconds; with the last one, 71 hours and 35 minutes.
const PAUSES_S: [i64; 10] = [
    0,
    5,
    5 * MINUTE_S,
    30 * MINUTE_S,
    2 * HOUR_S,
    5 * HOUR_S,
    10 * HOUR_S,
    14 * HOUR_S,
    18 * HOUR_S,
    22 * HOUR_S,
];

/// Why a text is no webhook secret.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub enum SecretError {
    /// Another prefix, or no base64 with its padding (RFC 4648 §4).
    #[error("a webhook secret is whsec_ and base64 with its padding")]
    Malformed,
    /// Too few bytes to be safe, or more than one block of the hash.
    #[error("a webhook secret has 24 to 64 bytes")]
    Length,
}

/// The secret that an endpoint's messages are signed with: 24 to 64 random bytes, shared with the merchant's
/// server. A secret: no `Debug`, no `Clone`, no `Serialize`.
pub struct Secret {
    /// Followed by zeros to a whole block, which is what HMAC does to a shorter key.
    key: Zeroizing<[u8; BLOCK_BYTES]>,
    length: usize,
}

impl Secret {
    /// What every secret begins with.
    pub const PREFIX: &'static str = "whsec_";

    /// A new secret out of 256 bits from a cryptographic source.
    #[must_use]
    pub fn from_random(random: [u8; 32]) -> Self {
        let random = Zeroizing::new(random);
        Self::new(random.as_slice())
    }

    /// Reads a secret in the form that it is handed out in.
    pub fn parse(text: &str) -> Result<Self, SecretError> {
        let encoded = text.strip_prefix(Self::PREFIX).ok_or(SecretError::Malformed)?;
        let bytes = Base64::decode_vec(encoded)
            .map(Zeroizing::new)
            .map_err(|_| SecretError::Malformed)?;
        if SECRET_BYTES.contains(&bytes.len()) {
            Ok(Self::new(&bytes))
        } else {
            Err(SecretError::Length)
        }
    }

    /// The secret as text: for the one answer that hands it out, and for being encrypted.
    #[must_use]
    pub fn expose(&self) -> Zeroizing<String> {
        let bytes = self.key.get(..self.length).unwrap_or_default();
        let encoded = Zeroizing::new(Base64::encode_string(bytes));
        Zeroizing::new([Self::PREFIX, &encoded].concat())
    }

    fn new(bytes: &[u8]) -> Self {
        let mut key = Zeroizing::new([0; BLOCK_BYTES]);
        for (to, from) in key.iter_mut().zip(bytes) {
            *to = *from;
        }
        Self {
            key,
            length: bytes.len(),
        }
    }
}

/// The signature of one attempt to deliver a message: `v1,` and base64 of HMAC-SHA256. `id` names the message,
/// the same at each attempt, and has no full stop in it: that is what separates it from the time.
#[must_use]
pub fn sign(secret: &Secret, id: &str, at: UnixSeconds, body: &[u8]) -> String {
    let mut mac = Hmac::<Sha256>::new((&*secret.key).into());
    mac.update(format!("{id}.{}.", at.0).as_bytes());
    mac.update(body);
    format!("v1,{}", Base64::encode_string(&mac.finalize().into_bytes()))
}

/// The headers of one attempt. `earlier` are secrets that `current` took the place of and that the merchant's
/// server may still be using: one signature that it can verify is enough for it.
#[must_use]
pub fn headers(
    current: &Secret,
    earlier: &[Secret],
    id: &str,
    at: UnixSeconds,
    body: &[u8],
) -> [(&'static str, String); 3] {
    let signatures: Vec<String> = std::iter::once(current)
        .chain(earlier)
        .map(|secret| sign(secret, id, at, body))
        .collect();
    [
        ("webhook-id", id.to_owned()),
        ("webhook-timestamp", at.0.to_string()),
        ("webhook-signature", signatures.join(" ")),
    ]
}

/// How many seconds after the last attempt the next one is due, when `attempts` have been made and failed; `None`
/// when there is to be no other. From the first to the last it is less than three days.
///
/// `jitter` is any random number. It takes off up to a tenth, so that what failed together does not come back
/// together.
#[must_use]
pub fn backoff(attempts: u32, jitter: u64) -> Option<i64> {
    let pause = *PAUSES_S.get(usize::try_from(attempts).ok()?)?;
    let off = jitter % (pause / 10 + 1).unsigned_abs();
    pause.checked_sub_unsigned(off)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    const SIGNATURE: &str = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";
    const ID: &str = "msg_p5jXN8AQM9LWM0D4loKWxJek";
    const AT: UnixSeconds = UnixSeconds(1_614_265_330);
    const BODY: &[u8] = br#"{"test": 2432232314}"#;

    /// The vector that the official libraries have in their tests.
    #[test]
    fn signature_of_the_specification() {
        let secret = Secret::parse(SECRET).unwrap();
        assert_eq!(sign(&secret, ID, AT, BODY), SIGNATURE);
    }

    #[test]
    fn headers_carry_a_signature_for_each_secret() {
        let current = Secret::from_random([7; 32]);
        let newest = sign(&current, ID, AT, BODY);
        assert_eq!(
            headers(&current, &[Secret::parse(SECRET).unwrap()], ID, AT, BODY),
            [
                ("webhook-id", ID.to_owned()),
                ("webhook-timestamp", "1614265330".to_owned()),
                ("webhook-signature", format!("{newest} {SIGNATURE}")),
            ]
        );
        let [.., (_, alone)] = headers(&current, &[], ID, AT, BODY);
        assert_eq!(alone, newest);
    }

    #[test]
    fn secrets_read_back() {
        for length in [24, 31, 32, 33, 63, 64] {
            let text = format!("whsec_{}", Base64::encode_string(&vec![0xFB; length]));
            assert_eq!(
                Secret::parse(&text).unwrap().expose().as_str(),
                text,
                "{length} bytes"
            );
        }
        assert_eq!(Secret::from_random([9; 32]).expose().len(), 6 + 44);
    }

    #[test]
    fn what_is_no_secret_is_refused() {
        for (text, why) in [
            (String::new(), SecretError::Malformed),
            ("whsec_".to_owned(), SecretError::Length),
            (SECRET[6..].to_owned(), SecretError::Malformed),
            (SECRET.replace("whsec", "whsk"), SecretError::Malformed),
            (format!("{SECRET}\n"), SecretError::Malformed),
            (format!("{SECRET} "), SecretError::Malformed),
            (SECRET.replace('8', "_"), SecretError::Malformed),
            (
                format!("whsec_{}", Base64::encode_string(&[1; 23])),
                SecretError::Length,
            ),
            (
                format!("whsec_{}", Base64::encode_string(&[1; 65])),
                SecretError::Length,
            ),
            (
                format!("whsec_{}", Base64::encode_string(&[1; 32]).trim_end_matches('=')),
                SecretError::Malformed,
            ),
        ] {
            assert_eq!(Secret::parse(&text).err(), Some(why), "{text:?}");
        }
    }

    #[test]
    fn attempts_end_after_three_days() {
        let pauses: Vec<i64> = (0..).map_while(|attempts| backoff(attempts, 0)).collect();
        assert_eq!((pauses.len(), pauses.iter().sum()), (10, 257_705));
        assert_eq!(backoff(u32::MAX, 0), None);
    }

    proptest! {
        #[test]
        fn each_pause_is_longer_than_the_one_before(attempts in 0u32..9, one: u64, two: u64) {
            prop_assert!(backoff(attempts, one) < backoff(attempts + 1, two));
        }

        #[test]
        fn jitter_takes_off_a_tenth_at_most(attempts in 0u32..10, jitter: u64) {
            let (whole, with) = (backoff(attempts, 0).unwrap(), backoff(attempts, jitter).unwrap());
            prop_assert!(with <= whole && with * 10 >= whole * 9, "{with} of {whole}");
        }

        #[test]
        fn all_attempts_are_made_within_two_and_a_half_to_three_days(jitters: [u64; 10]) {
            let whole: i64 = (0..).zip(jitters).map(|(attempts, jitter)| backoff(attempts, jitter).unwrap()).sum();
            prop_assert!((60 * HOUR_S..=72 * HOUR_S).contains(&whole), "{whole} s");
        }

        #[test]
        fn no_text_panics(text in "\\PC{0,100}") {
            let _ = Secret::parse(&text);
            let _ = Secret::parse(&format!("whsec_{text}"));
        }

        #[test]
        fn another_secret_id_time_or_body_is_another_signature(
            byte in 1u8.., id in "[a-z0-9_]{1,40}", at in 0..i64::MAX, body: Vec<u8>,
        ) {
            let secret = Secret::from_random([0; 32]);
            let signature = sign(&secret, &id, UnixSeconds(at), &body);
            let longer = [body.as_slice(), b" "].concat();
            prop_assert_ne!(&signature, &sign(&Secret::from_random([byte; 32]), &id, UnixSeconds(at), &body));
            prop_assert_ne!(&signature, &sign(&secret, &format!("{id}0"), UnixSeconds(at), &body));
            prop_assert_ne!(&signature, &sign(&secret, &id, UnixSeconds(at).plus(-1), &body));
            prop_assert_ne!(&signature, &sign(&secret, &id, UnixSeconds(at), &longer));
        }
    }
}
