//! What a shopper downloads to see the form, and how much of it there may be.

use std::fs;

use anyhow::{Context, Result, bail};

use crate::{project::Project, stamp, texts};

#[path = "../../provider/src/release/comments.rs"]
mod comments;

/// `www/farthing.js` as it is shipped, brotli bytes.
const LOADER_LIMIT: usize = 3200;
/// What is downloaded before a card's fields are there and can be typed into: the loader, and the frame's page with its
/// script and one language, the largest. Brotli bytes.
const FIRST_LIMIT: usize = 10 * 1024;
/// What is downloaded before the shopper can pay: every file of the frame, of its languages the largest alone. Brotli bytes.
/// The aim is 75 KB (docs/ARCHITECTURE.md, "Sizes").
const TOGETHER_LIMIT: usize = 87 * 1024;

const LOADER: &str = "www/farthing.js";
/// With the loader and a language, what a card's fields need.
const FIRST: [&str; 2] = ["dist/boot.js", "dist/index.html"];

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
    for (name, needed, limit) in [
        ("before the fields", first as Needed, FIRST_LIMIT),
        ("together", all, TOGETHER_LIMIT),
    ] {
        let raw = together(sizes, needed, |size| size.raw);
        let brotli = together(sizes, needed, |size| size.brotli);
        text += &format!("    {name:<36}{raw:>10}{brotli:>10}   at most {limit}\n");
    }
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
    for (what, needed, limit) in [
        ("what comes before the fields", first as Needed, FIRST_LIMIT),
        ("all files together", all, TOGETHER_LIMIT),
    ] {
        let brotli = together(sizes, needed, |size| size.brotli);
        if brotli > limit {
            faults.push(format!("{what}: {brotli} bytes, at most {limit}"));
        }
    }
    faults
}

/// Whether a shopper has to wait for it.
type Needed = fn(&Size) -> bool;

fn first(size: &Size) -> bool {
    size.name == LOADER || FIRST.contains(&size.name.as_str()) || is_language(size)
}

fn all(_: &Size) -> bool {
    true
}

fn is_language(size: &Size) -> bool {
    size.name.ends_with(texts::ENDING)
}

/// A shopper downloads one language: here, the largest.
fn together(sizes: &[Size], needed: Needed, bytes: fn(&Size) -> usize) -> usize {
    let (languages, files): (Vec<_>, Vec<_>) = sizes
        .iter()
        .filter(|size| needed(size))
        .partition(|size| is_language(size));
    let largest = languages.into_iter().map(bytes).max().unwrap_or_default();
    files.into_iter().map(bytes).sum::<usize>() + largest
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
        assert_eq!(beyond(&[size(LOADER, TOGETHER_LIMIT + 1)]).len(), 3);
        assert_eq!(
            beyond(&[size("dist/index.html", FIRST_LIMIT)]),
            Vec::<String>::new()
        );
        assert_eq!(
            beyond(&[size("dist/index.html", FIRST_LIMIT), size("dist/de.txt", 1)]).len(),
            1
        );
        // One language, whichever it is.
        let languages = [
            ("dist/a.wasm", TOGETHER_LIMIT - 9),
            ("dist/de.txt", 9),
            ("dist/ja.txt", 8),
        ];
        assert_eq!(
            beyond(&languages.map(|(name, brotli)| size(name, brotli))),
            Vec::<String>::new()
        );
        let larger = [
            ("dist/a.wasm", TOGETHER_LIMIT - 9),
            ("dist/de.txt", 9),
            ("dist/ja.txt", 10),
        ];
        assert_eq!(beyond(&larger.map(|(name, brotli)| size(name, brotli))).len(), 1);
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
