use std::{
    fs, io,
    path::{Path, PathBuf},
};

use base64ct::{Base64, Encoding};

use super::{Asset, LOADER, manifest};

/// The loaders of this release and of earlier ones, each under its hash: a merchant's page that names one by its hash
/// goes on working when there is a newer one.
#[derive(Clone, Debug, Default)]
pub struct Loaders {
    folder: Option<PathBuf>,
}

impl Loaders {
    /// Those in `folder`, where `newest` is put beside the earlier ones. Nothing is ever removed from there.
    pub fn keep(folder: &Path, newest: &Asset) -> io::Result<Self> {
        fs::create_dir_all(folder)?;
        let path = place(folder, &newest.sha256());
        // What a power cut left of it is written again.
        let whole = fs::read(&path).is_ok_and(|kept| kept == newest.bytes);
        if !whole {
            // Under another name until it is whole: whoever finds it by its own finds all of it.
            let part = path.with_extension(format!("part-{}", std::process::id()));
            fs::write(&part, &newest.bytes)?;
            fs::rename(part, path)?;
        }
        Ok(Self {
            folder: Some(folder.to_owned()),
        })
    }

    /// The earlier loader whose hash is `release`. What was changed on the disk is none.
    pub async fn earlier(&self, release: &str) -> Option<Asset> {
        // Only then is it a name of a file there, and of nothing elsewhere.
        manifest::bytes(release)?;
        let path = place(self.folder.as_ref()?, release);
        let read = tokio::task::spawn_blocking(move || fs::read(path));
        let asset = Asset::new(LOADER, read.await.ok()?.ok()?.into(), None);
        (asset.sha256() == release).then_some(asset)
    }
}

/// What `integrity` attributes hold for the loader that is called `release`.
#[must_use]
pub fn integrity(release: &str) -> Option<String> {
    let hash = manifest::bytes(release)?;
    Some(format!("sha256-{}", Base64::encode_string(&hash)))
}

fn place(folder: &Path, release: &str) -> PathBuf {
    folder.join(format!("{release}.js"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn an_earlier_loader_is_kept_and_a_changed_one_is_none() {
        let folder = tempfile::tempdir().unwrap();
        let loader = |text: &'static str| Asset::new(LOADER, text.into(), None);
        let (first, second) = (loader("one()"), loader("two()"));
        Loaders::keep(folder.path(), &first).unwrap();
        let loaders = Loaders::keep(folder.path(), &second).unwrap();
        for kept in [&first, &second] {
            let found = loaders.earlier(&kept.sha256()).await.unwrap();
            assert_eq!(found.bytes, kept.bytes);
        }
        fs::write(place(folder.path(), &first.sha256()), "three()").unwrap();
        assert!(loaders.earlier(&first.sha256()).await.is_none());
        let mended = Loaders::keep(folder.path(), &first).unwrap();
        assert!(mended.earlier(&first.sha256()).await.is_some());
        for none in ["", "..", "../provider", &"0".repeat(64)] {
            assert!(loaders.earlier(none).await.is_none(), "{none}");
        }
        assert!(Loaders::default().earlier(&second.sha256()).await.is_none());
    }
}
