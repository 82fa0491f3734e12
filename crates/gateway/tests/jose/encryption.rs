//! Wycheproof's key agreement and encryption, as far as possible as whole JWE texts.
//!
//! | set | how it goes | differences |
//! |---|---|---|
//! | `ecdh_secp256r1_ecpoint` | the point is the `epk` and the private key the vault's; the text is sealed with the key that the vector's secret leads to, so it opens only where ours comes to the same | compressed points, one of them `acceptable`: a JWK has none, and what comes nearest is refused |
//! | `aes_gcm`, 256-bit keys, 96-bit IVs | the key can't be chosen, because a JWE derives it: the vectors go to the cipher below, as `jose::open` and `DataKey` call it, and what they change of a tag is changed of a JWE's | none |
//! | `aes_gcm`, 256-bit keys, other IVs | as a JWE with that IV: refused, whatever the vector says, because A256GCM has 96 bits (RFC 7518 §5.3) | the 37 that are `valid` |
//! | `aes_gcm`, 128- and 192-bit keys | not run: A256GCM has no such key | |
//! | `ecdh_secp256r1` | not run: the same points in DER, which nothing here reads | |
//! | other curves | not run: such a key is refused by its name, in `rfc.rs` | |
//! | `ecdh_secp256r1_webcrypto`, `json_web_encryption`, `json_web_crypto` | not run: the crate leaves them out | |

use aes_gcm::{
    Aes256Gcm, KeyInit,
    aead::{Aead, Payload},
};
use farthing_gateway::jose::{self, JweError};
use wycheproof::{TestResult, aead, ecdh};

use crate::text::{self, encode, private};

#[test]
fn ecdh_on_p256() {
    let set = ecdh::TestSet::load(ecdh::TestName::EcdhSecp256r1Ecpoint).unwrap();
    let (mut opened, mut refused, mut compressed) = (0, 0, 0);
    for test in set.test_groups.iter().flat_map(|group| &group.tests) {
        let key = text::concat_kdf(&test.shared_secret, "A256GCM", b"", b"", 256);
        let header = match test.public_key.split_first() {
            Some((4, point)) if point.len() == 64 => {
                text::header(&encode(&point[..32]), &encode(&point[32..]))
            }
            other => {
                compressed += 1;
                text::header(&encode(other.map_or(b"", |(_, point)| point)), "")
            }
        };
        let sealed = text::sealed(&header, &key, &[7; 12], b"{\"number\":\"4242\"}");
        let read = jose::open(&sealed, &private(&test.private_key));
        if test.result == TestResult::Valid {
            assert_eq!(
                read.unwrap().as_slice(),
                b"{\"number\":\"4242\"}",
                "vector {}",
                test.tc_id
            );
            opened += 1;
        } else {
            assert_eq!(read.err(), Some(JweError::Malformed), "vector {}", test.tc_id);
            refused += 1;
        }
    }
    assert_eq!((opened, refused, compressed), (330, 25, 9));
}

#[test]
fn aes_256_gcm() {
    let set = aead::TestSet::load(aead::TestName::AesGcm).unwrap();
    let (mut opened, mut refused, mut other_ivs) = (0, 0, 0);
    for group in set.test_groups.iter().filter(|group| group.key_size == 256) {
        assert_eq!(group.tag_size, 128);
        for test in &group.tests {
            let Ok(iv) = <[u8; 12]>::try_from(test.nonce.as_slice()) else {
                refused_as_jwe(&test.nonce, &test.ct, &test.tag);
                other_ivs += 1;
                continue;
            };
            let cipher = Aes256Gcm::new(&<[u8; 32]>::try_from(test.key.as_slice()).unwrap().into());
            let read = cipher.decrypt(
                &iv.into(),
                Payload {
                    msg: &[test.ct.as_slice(), &test.tag].concat(),
                    aad: &test.aad,
                },
            );
            let written = cipher
                .encrypt(
                    &iv.into(),
                    Payload {
                        msg: &test.pt,
                        aad: &test.aad,
                    },
                )
                .unwrap();
            let (ciphertext, tag) = written.split_at(test.pt.len());
            assert_eq!(ciphertext, test.ct.as_slice(), "vector {}", test.tc_id);
            if test.result == TestResult::Valid {
                assert_eq!(read.unwrap(), *test.pt, "vector {}", test.tc_id);
                assert_eq!(tag, test.tag.as_slice(), "vector {}", test.tc_id);
                opened += 1;
            } else {
                assert!(read.is_err(), "vector {}", test.tc_id);
                let changes: Vec<u8> = tag.iter().zip(test.tag.iter()).map(|(a, b)| a ^ b).collect();
                unreadable_as_jwe(&iv, &test.pt, &changes);
                refused += 1;
            }
        }
    }
    assert_eq!((opened, refused, other_ivs), (39, 27, 39));
}

/// A JWE with an IV of another length than its algorithm's.
fn refused_as_jwe(iv: &[u8], ciphertext: &[u8], tag: &[u8]) {
    let (header, _) = ours();
    let protected = encode(header.to_string().as_bytes());
    let text = text::parts(&protected, iv, ciphertext, tag);
    assert_eq!(
        jose::open(&text, &private(&[1])).err(),
        Some(JweError::Malformed),
        "{text}"
    );
}

/// A JWE that opens, until its tag is changed in the same places.
fn unreadable_as_jwe(iv: &[u8; 12], plain: &[u8], changes: &[u8]) {
    let (header, key) = ours();
    let text = text::sealed(&header, &key, iv, plain);
    assert_eq!(jose::open(&text, &private(&[1])).unwrap().as_slice(), plain);
    let (rest, tag) = text.rsplit_once('.').unwrap();
    let tag: Vec<u8> = text::decode(tag)
        .iter()
        .zip(changes)
        .map(|(a, b)| a ^ b)
        .collect();
    let changed = format!("{rest}.{}", encode(&tag));
    assert_eq!(
        jose::open(&changed, &private(&[1])).err(),
        Some(JweError::Unreadable),
        "{changed}"
    );
}

/// A header for the private key 1, whose agreement with any point is that point: here the base point itself.
fn ours() -> (serde_json::Value, Vec<u8>) {
    let x = "axfR8uEsQkf4vOblY6RA8ncDfYEt6zOg9KE5RdiYwpY";
    let y = "T-NC4v4af5uO5-tKfA-eFivOM1drMV7Oy7ZAaDe_UfU";
    let key = text::concat_kdf(&text::decode(x), "A256GCM", b"", b"", 256);
    (text::header(x, y), key)
}
