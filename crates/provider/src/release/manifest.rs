use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::{Asset, hex};

/// What a release is made of: anyone can compare it with a build of their own, and with what is served.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Manifest {
    /// The hash that stands in the addresses of the release's files. It is made of theirs.
    pub release: String,
    /// The loader.
    pub loader: File,
    /// The frame's page, as it is before the provider writes a merchant into it, and the files that it names.
    pub files: Vec<File>,
}

/// A file of a release.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct File {
    /// Its name.
    pub name: String,
    /// Bytes.
    pub size: usize,
    /// SHA-256, in hex.
    pub sha256: String,
}

impl Manifest {
    /// The id of a release that is made of `files`, which are in the order of their names. None if a hash is none.
    #[must_use]
    pub fn id_of(files: &[File]) -> Option<String> {
        let mut hash = Sha256::new();
        for File { name, sha256, .. } in files {
            // Each part by its own hash, so that no two sets of files read as one text.
            hash.update(Sha256::digest(name));
            hash.update(bytes(sha256)?);
        }
        Some(hex(&hash.finalize()[..16]))
    }
}

impl File {
    /// What is to be known of `asset`.
    #[must_use]
    pub fn of(name: &str, asset: &Asset) -> Self {
        Self {
            name: name.to_owned(),
            size: asset.bytes.len(),
            sha256: asset.sha256(),
        }
    }
}

pub(super) fn files(assets: &BTreeMap<String, Asset>) -> Vec<File> {
    assets.iter().map(|(name, asset)| File::of(name, asset)).collect()
}

/// The 32 bytes of a hash in hex.
pub(super) fn bytes(sha256: &str) -> Option<[u8; 32]> {
    if sha256.len() != 64
        || !sha256
            .bytes()
            .all(|digit| matches!(digit, b'0'..=b'9' | b'a'..=b'f'))
    {
        return None;
    }
    let mut hash = [0; 32];
    for (byte, at) in hash.iter_mut().zip((0..64).step_by(2)) {
        *byte = u8::from_str_radix(sha256.get(at..at + 2)?, 16).ok()?;
    }
    Some(hash)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hash_is_64_small_hex_digits() {
        assert_eq!(bytes(&"0f".repeat(32)), Some([15; 32]));
        for none in [
            "",
            "0",
            &"0F".repeat(32),
            &"0g".repeat(32),
            &"0".repeat(65),
            &"é".repeat(32),
        ] {
            assert_eq!(bytes(none), None, "{none}");
        }
    }
}
