//! Embeds the built frame (`dist/`, made by `cargo xtask frame`) and the loader, each with a brotli copy made
//! once, here, at the highest quality.

use std::{
    env,
    error::Error,
    fmt::Write as _,
    fs,
    io::Write as _,
    path::{Path, PathBuf},
};

#[path = "src/release/comments.rs"]
mod comments;

fn main() -> Result<(), Box<dyn Error>> {
    let root = PathBuf::from(env::var("CARGO_MANIFEST_DIR")?)
        .join("../..")
        .canonicalize()?;
    let out = PathBuf::from(env::var("OUT_DIR")?);
    let dist = root.join("dist");
    let loader = root.join("www/farthing.js");
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=src/release/comments.rs");
    println!("cargo::rerun-if-changed={}", loader.display());
    println!("cargo::rerun-if-changed={}", dist.display());

    let mut frame = Vec::new();
    if dist.is_dir() {
        for entry in fs::read_dir(&dist)? {
            let path = entry?.path();
            if path.is_dir() {
                return Err(format!("{}: a release has no folders in it", path.display()).into());
            }
            frame.push(path);
        }
        // The order in which a folder is read differs from machine to machine.
        frame.sort();
    } else {
        println!(
            "cargo::warning=no frame is embedded: dist/ is not there. Make it with `cargo xtask frame`."
        );
    }

    let mut code = String::from("static FRAME: &[File] = &[\n");
    for path in &frame {
        writeln!(code, "    {},", embed(path, &out)?)?;
    }
    let shipped = out.join("farthing.js");
    fs::write(
        &shipped,
        comments::without_comments(&fs::read_to_string(&loader)?),
    )?;
    writeln!(code, "];\nstatic LOADER: File = {};", embed(&shipped, &out)?)?;
    fs::write(out.join("embedded.rs"), code)?;
    Ok(())
}

fn embed(path: &Path, out: &Path) -> Result<String, Box<dyn Error>> {
    let name = path
        .file_name()
        .and_then(|name| name.to_str())
        .ok_or("a file's name is not UTF-8")?;
    let compressed = out.join(format!("{name}.br"));
    let mut writer = brotli::CompressorWriter::new(Vec::new(), 64 * 1024, 11, 22);
    writer.write_all(&fs::read(path)?)?;
    fs::write(&compressed, writer.into_inner())?;
    Ok(format!(
        "File {{ name: {name:?}, bytes: include_bytes!({path:?}), brotli: include_bytes!({compressed:?}) }}"
    ))
}
