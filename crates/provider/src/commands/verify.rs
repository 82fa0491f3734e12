//! `farthing verify`: whether a provider serves what it says it does, and what a build of one's own gives.

use std::{
    collections::BTreeMap,
    fmt::Write,
    fs, io,
    path::{Path, PathBuf},
};

use bytes::Bytes;
use farthing_outbound::{Guard, Outbound, Target};
use farthing_protocol::{Language, MerchantId, Origin};
use farthing_theme::Theme;
use serde_json::Value;

use super::{CommandError, audit::Said};
use crate::release::{
    Asset, File, LOADER, LOADER_PATH, Manifest, NEWEST_LOADER, PAGE, PATH, Release, integrity,
    without_comments,
};
use crate::theme;

/// More than any file of a release has.
const FILE_BYTES: usize = 1024 * 1024;
/// More than any release has.
const FILES: usize = 64;

/// What to compare.
#[derive(Debug)]
pub struct Verify {
    /// Whose answers.
    pub provider: Origin,
    /// With what was built here: the project's folder.
    pub build: Option<PathBuf>,
    /// Whose frame's page is compared too.
    pub merchant: Option<MerchantId>,
}

/// Says what is the same and what is not. An error says why nothing could be compared.
pub async fn run(verify: &Verify) -> Result<Said, CommandError> {
    let served = Served::new(&verify.provider)?;
    let manifest: Manifest = served.json("/v1/manifest.json").await?;
    let mut found = Found::default();
    served.manifest(&manifest, &mut found)?;
    served.files(&manifest, &mut found).await?;
    if let Some(folder) = &verify.build {
        let build = Build::read(folder).map_err(|error| CommandError::Io {
            path: folder.display().to_string(),
            error,
        })?;
        build.compare(&manifest, &mut found);
        if let Some(merchant) = &verify.merchant {
            served.page(merchant, build, &mut found).await?;
        }
    }
    Ok(found.said(&manifest))
}

/// What a provider answers.
struct Served<'a> {
    provider: &'a Origin,
    outbound: Outbound,
    guard: Guard,
}

impl<'a> Served<'a> {
    fn new(provider: &'a Origin) -> Result<Self, CommandError> {
        // Without TLS there are only sandboxes, on this machine.
        let plain = provider.as_str().starts_with("http://");
        let guard = if plain { Guard::Sandbox } else { Guard::Public };
        Ok(Self {
            provider,
            outbound: Outbound::new(guard)?,
            guard,
        })
    }

    /// A release's name is made of its files' hashes, and the loader's hash is published.
    fn manifest(&self, manifest: &Manifest, found: &mut Found) -> Result<(), CommandError> {
        let names = manifest.files.iter().map(|file| file.name.as_str());
        let plain = |name: &str| {
            let signs = name
                .bytes()
                .all(|sign| sign.is_ascii_alphanumeric() || b"._-".contains(&sign));
            signs && (1..=80).contains(&name.len()) && !name.starts_with('.')
        };
        if manifest.files.len() > FILES || !names.clone().all(plain) {
            return Err(self.wrong("/v1/manifest.json", "is no manifest of a release"));
        }
        let named = Manifest::id_of(&manifest.files).is_some_and(|id| id == manifest.release);
        found.compared("the release's name", named, || {
            "is not made of the files' hashes".to_owned()
        });
        Ok(())
    }

    async fn files(&self, manifest: &Manifest, found: &mut Found) -> Result<(), CommandError> {
        let Manifest {
            release,
            loader,
            files,
        } = manifest;
        let mut named = vec![
            (NEWEST_LOADER.to_owned(), loader),
            (format!("{LOADER_PATH}{}/{LOADER}", loader.sha256), loader),
        ];
        let assets = files.iter().filter(|file| file.name != PAGE);
        named.extend(assets.map(|file| (format!("{PATH}{release}/{}", file.name), file)));
        for (path, expected) in named {
            let bytes = self.get(&path).await?;
            found.file(
                &path,
                &File::of(&expected.name, &asset(&expected.name, bytes)),
                expected,
            );
        }
        let sri: Value = self.json("/v1/sri.json").await?;
        let same = sri["release"] == loader.sha256.as_str()
            && integrity(&loader.sha256).is_some_and(|hash| sri["integrity"] == hash.as_str());
        found.compared("/v1/sri.json", same, || "names another loader".to_owned());
        Ok(())
    }

    /// The page as the provider fills it in, in every language, with the origins that it names.
    async fn page(&self, merchant: &MerchantId, build: Build, found: &mut Found) -> Result<(), CommandError> {
        let release = Release::new(build.files, build.loader).map_err(|error| CommandError::Io {
            path: "dist".to_owned(),
            error: io::Error::other(error),
        })?;
        for language in Language::ALL {
            let path = format!("/v1/frame/{merchant}?locale={}", language.as_str());
            let served = self.get(&path).await?;
            let html = String::from_utf8_lossy(&served);
            let origins = html
                .split_once("name=\"farthing-origins\" content=\"")
                .and_then(|(_, rest)| rest.split_once('"'))
                .map(|(origins, _)| origins)
                .filter(|origins| origins.split(' ').all(|origin| Origin::parse(origin).is_ok()));
            let theme = theme_of(&html);
            let same = origins.is_some_and(|origins| {
                let whose = (merchant.as_str(), origins);
                release.page_for(whose, &theme, language).as_bytes() == &*served
            });
            found.compared(&path, same, || "is not the page of the build".to_owned());
        }
        Ok(())
    }

    async fn json<T: serde::de::DeserializeOwned>(&self, path: &str) -> Result<T, CommandError> {
        let bytes = self.get(path).await?;
        serde_json::from_slice(&bytes).map_err(|_| self.wrong(path, "is not what it is to be"))
    }

    async fn get(&self, path: &str) -> Result<Bytes, CommandError> {
        let address = format!("{}{path}", self.provider);
        let target =
            Target::parse(&address, self.guard).map_err(|error| CommandError::target(&address, error))?;
        let answer = self.outbound.get(&target, FILE_BYTES).await;
        let answer = answer.map_err(|error| CommandError::failed(&address, error))?;
        match answer.status {
            200 => Ok(answer.body.into()),
            status => Err(self.wrong(path, &format!("answered {status}, not 200"))),
        }
    }

    fn wrong(&self, path: &str, problem: &str) -> CommandError {
        CommandError::Origin {
            address: format!("{}{path}", self.provider),
            problem: problem.to_owned(),
        }
    }
}

/// What was built here.
struct Build {
    files: BTreeMap<String, Asset>,
    loader: Asset,
}

impl Build {
    /// The frame in `dist/` and the loader in `www/`, below `project`.
    fn read(project: &Path) -> io::Result<Self> {
        let mut files = BTreeMap::new();
        for entry in fs::read_dir(project.join("dist"))? {
            let entry = entry?;
            let name = entry.file_name().to_string_lossy().into_owned();
            files.insert(name.clone(), asset(&name, fs::read(entry.path())?.into()));
        }
        let loader = without_comments(&fs::read_to_string(project.join("www").join(LOADER))?);
        let loader = asset(LOADER, loader.into());
        Ok(Self { files, loader })
    }

    fn compare(&self, manifest: &Manifest, found: &mut Found) {
        let here: BTreeMap<&str, &Asset> = self
            .files
            .iter()
            .map(|(name, file)| (name.as_str(), file))
            .collect();
        for file in &manifest.files {
            let what = format!("{} of the build", file.name);
            match here.get(file.name.as_str()) {
                Some(built) => found.file(&what, &File::of(&file.name, built), file),
                None => found.compared(&what, false, || "is not there".to_owned()),
            }
        }
        let known = |name: &str| manifest.files.iter().any(|file| file.name == name);
        for name in here.keys().filter(|name| !known(name)) {
            found.compared(&format!("{name} of the build"), false, || {
                "is not in the manifest".to_owned()
            });
        }
        found.file(
            "the loader of the build",
            &File::of(LOADER, &self.loader),
            &manifest.loader,
        );
    }
}

/// What was compared.
#[derive(Default)]
struct Found {
    same: usize,
    wrong: String,
}

impl Found {
    fn compared(&mut self, what: &str, same: bool, why: impl FnOnce() -> String) {
        if same {
            self.same += 1;
        } else {
            // Writing to a text can't fail.
            let _ = writeln!(self.wrong, "{what}: {}", why());
        }
    }

    fn file(&mut self, what: &str, is: &File, expected: &File) {
        let same = is.size == expected.size && is.sha256 == expected.sha256;
        self.compared(what, same, || {
            let told = |file: &File| format!("{} bytes, SHA-256 {}", file.size, file.sha256);
            format!("{}; the manifest says {}", told(is), told(expected))
        });
    }

    fn said(self, manifest: &Manifest) -> Said {
        let clean = self.wrong.is_empty();
        let end = if clean {
            "Nothing differs"
        } else {
            "Something is not what it is said to be"
        };
        let text = format!(
            "{}Release {}, loader {}.\n{} things are as they should be. {end}.\n",
            self.wrong, manifest.release, manifest.loader.sha256, self.same
        );
        // Foreign text must not steer the terminal.
        let text = text.replace(|sign: char| sign.is_control() && sign != '\n', "\u{FFFD}");
        Said { text, clean }
    }
}

/// The page's theme as an element, where it has one that a provider could have written: any other style in its place could
/// show another form, or tell what is typed.
fn theme_of(html: &str) -> String {
    let (_, rest) = html.split_once("<style>").unwrap_or_default();
    let (css, _) = rest.split_once("</style>").unwrap_or_default();
    Theme::of_css(css).map_or_else(String::new, theme::element)
}

fn asset(name: &str, bytes: Bytes) -> Asset {
    Asset::new(name, bytes, None)
}
