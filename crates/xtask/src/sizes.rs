//! What a shopper downloads to see the form, and how much of it there may be.

use std::fs;

use anyhow::{Context, Result, bail};

use crate::{project::Project, stamp};

#[path = "../../provider/src/release/comments.rs"]
mod comments;

/// `www/farthing.js` as it is shipped, brotli bytes.
const LOADER_LIMIT: usize = 3 * 1024;
/// The loader and every file of the frame, brotli bytes. The aim is 75 KB.
const TOGETHER_LIMIT: usize = 84 * 1024;

const LOADER: &str = "www/farthing.js";

/// One file, in bytes.
struct Size {
    name: String,
    raw: usize,
    brotli: usize,
}

/// Prints the sizes and fails beyond a limit.
pub fn check(project: &Project) -> Result<()> {
    let loader = fs::read_to_string(project.path(LOADER)).with_context(|| format!("cannot read {LOADER}"))?;
    let mut sizes = vec![measure(LOADER, comments::without_comments(&loader).as_bytes())?];
    for file in stamp::files(&project.path("dist"))? {
        let name = file
            .strip_prefix(project.root())
            .unwrap_or(&file)
            .display()
            .to_string();
        sizes.push(measure(&name, &fs::read(&file)?)?);
    }
    if sizes.len() < 2 {
        bail!("dist/ is empty: `cargo xtask frame` builds it");
    }
    print!("{}", table(&sizes));
    let beyond = beyond(&sizes);
    if !beyond.is_empty() {
        bail!("too much to download: {}", beyond.join("; "));
    }
    Ok(())
}

fn measure(name: &str, bytes: &[u8]) -> Result<Size> {
    let mut compressed = Vec::new();
    // As the provider sends it: the best quality, the widest window that every browser takes.
    let parameters = brotli::enc::BrotliEncoderParams {
        quality: 11,
        lgwin: 22,
        ..Default::default()
    };
    brotli::BrotliCompress(&mut &bytes[..], &mut compressed, &parameters)?;
    Ok(Size {
        name: name.to_owned(),
        raw: bytes.len(),
        brotli: compressed.len(),
    })
}

fn table(sizes: &[Size]) -> String {
    let mut text = format!(
        "    {:<36}{:>10}{:>10}   bytes\n",
        "what a shopper downloads", "raw", "brotli"
    );
    for size in sizes {
        let limit = if size.name == LOADER {
            format!("   at most {LOADER_LIMIT}")
        } else {
            String::new()
        };
        text += &format!(
            "    {:<36}{:>10}{:>10}{limit}\n",
            size.name, size.raw, size.brotli
        );
    }
    let (raw, brotli) = (sizes.iter().map(|size| size.raw).sum::<usize>(), together(sizes));
    text += &format!(
        "    {:<36}{raw:>10}{brotli:>10}   at most {TOGETHER_LIMIT}\n",
        "together"
    );
    text
}

fn beyond(sizes: &[Size]) -> Vec<String> {
    let mut faults = Vec::new();
    for size in sizes
        .iter()
        .filter(|size| size.name == LOADER && size.brotli > LOADER_LIMIT)
    {
        faults.push(format!(
            "the loader is {} bytes, at most {LOADER_LIMIT}",
            size.brotli
        ));
    }
    if together(sizes) > TOGETHER_LIMIT {
        faults.push(format!(
            "all files together are {} bytes, at most {TOGETHER_LIMIT}",
            together(sizes)
        ));
    }
    faults
}

fn together(sizes: &[Size]) -> usize {
    sizes.iter().map(|size| size.brotli).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn size(name: &str, brotli: usize) -> Size {
        Size {
            name: name.to_owned(),
            raw: brotli * 3,
            brotli,
        }
    }

    #[test]
    fn limits_hold_to_the_byte() {
        let at_limit = [
            size(LOADER, LOADER_LIMIT),
            size("dist/a.wasm", TOGETHER_LIMIT - LOADER_LIMIT),
        ];
        assert_eq!(beyond(&at_limit), Vec::<String>::new());
        assert_eq!(beyond(&[size(LOADER, LOADER_LIMIT + 1)]).len(), 1);
        assert_eq!(
            beyond(&[size(LOADER, 1), size("dist/a.wasm", TOGETHER_LIMIT)]).len(),
            1
        );
        assert_eq!(beyond(&[size(LOADER, TOGETHER_LIMIT + 1)]).len(), 2);
    }

    #[test]
    fn brotli_is_what_is_measured() {
        let size = measure("a", &[b'a'; 10_000]).unwrap();
        assert_eq!(size.raw, 10_000);
        assert!(size.brotli < 50, "{}", size.brotli);
    }

    #[test]
    fn the_table_names_every_file_and_the_sum() {
        let text = table(&[size(LOADER, 10), size("dist/a.wasm", 20)]);
        assert!(text.contains(LOADER) && text.contains("dist/a.wasm") && text.contains("together"));
        assert!(text.lines().last().unwrap().contains("        30"));
    }
}
