use bytes::Bytes;

use super::{Asset, Release, ReleaseError};

/// A file that `build.rs` embedded.
struct File {
    name: &'static str,
    bytes: &'static [u8],
    brotli: &'static [u8],
}

include!(concat!(env!("OUT_DIR"), "/embedded.rs"));

impl File {
    fn asset(&self) -> Asset {
        Asset::new(
            self.name,
            Bytes::from_static(self.bytes),
            Some(Bytes::from_static(self.brotli)),
        )
    }
}

/// The release in this program.
pub(super) fn release() -> Result<Release, ReleaseError> {
    if FRAME.is_empty() {
        return Err(ReleaseError::NotEmbedded);
    }
    let files = FRAME.iter().map(|file| (file.name.to_owned(), file.asset()));
    Release::new(files.collect(), loader())
}

/// The loader in this program.
pub(super) fn loader() -> Asset {
    LOADER.asset()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_compressed_at_build_time_reads_back() {
        for file in FRAME.iter().chain([&LOADER]) {
            let mut plain = Vec::new();
            brotli::BrotliDecompress(&mut &*file.brotli, &mut plain).unwrap();
            assert!(plain == file.bytes, "{}", file.name);
        }
    }
}
