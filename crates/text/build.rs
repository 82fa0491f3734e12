//! Makes a constant or a function of each sentence, and a table of each language; builds nothing where one is not complete.
//! The frame's sentences and the pages' are two sets of tables.

use std::{
    collections::BTreeMap,
    env,
    error::Error,
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
};

use icu_locale_core::Locale;
use icu_plurals::{PluralRuleType, PluralRules};

#[path = "src/source.rs"]
mod source;

use source::{ENGLISH, Entry, FORMS, Table};

/// The folders of tables, and what the type of each is called.
const TABLES: [(&str, &str); 2] = [("languages", "Frame"), ("pages", "Pages")];

/// The sentences of each language, by its tag.
type Languages = BTreeMap<String, Table>;

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=src/source.rs");
    for (folder, table) in TABLES {
        make(folder, table)?;
    }
    Ok(())
}

fn make(folder: &str, name: &str) -> Result<(), Box<dyn Error>> {
    let path = PathBuf::from(env::var("CARGO_MANIFEST_DIR")?).join(folder);
    println!("cargo::rerun-if-changed={}", path.display());
    let languages = read(&path)?;
    let english = languages
        .get(ENGLISH)
        .ok_or("there is no English to compare with")?;
    let mut faults = Vec::new();
    for (tag, table) in &languages {
        let found = source::faults(english, table, &forms(tag)?);
        faults.extend(
            found
                .into_iter()
                .map(|fault| format!("{folder}/{tag}.toml: {fault}")),
        );
    }
    if !faults.is_empty() {
        return Err(format!("the languages are not complete:\n  {}", faults.join("\n  ")).into());
    }
    let file = PathBuf::from(env::var("OUT_DIR")?).join(format!("{}.rs", name.to_lowercase()));
    fs::write(file, code(name, english, &languages)?)?;
    Ok(())
}

fn read(folder: &Path) -> Result<Languages, Box<dyn Error>> {
    let mut languages = BTreeMap::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let tag = path
            .file_stem()
            .and_then(|name| name.to_str())
            .unwrap_or_default();
        let table = source::parse(&fs::read_to_string(&path)?)
            .map_err(|error| format!("{}: {error}", path.display()))?;
        languages.insert(tag.to_owned(), table);
    }
    Ok(languages)
}

/// The forms that whole numbers take in a language.
fn forms(tag: &str) -> Result<Vec<&'static str>, Box<dyn Error>> {
    let locale = Locale::try_from_str(tag).map_err(|error| format!("{tag}: {error}"))?;
    let rules = PluralRules::try_new(locale.into(), PluralRuleType::Cardinal.into())
        .map_err(|error| format!("{tag}: {error}"))?;
    let names: Vec<String> = rules
        .categories()
        .map(|category| format!("{category:?}").to_lowercase())
        .collect();
    Ok(FORMS
        .into_iter()
        .filter(|form| names.iter().any(|name| name == form))
        .collect())
}

/// The Rust text of the tables, whose type is called `name`.
fn code(name: &str, english: &Table, languages: &Languages) -> Result<String, Box<dyn Error>> {
    let (mut constants, mut functions, mut line) = (String::new(), String::new(), 0);
    for (key, entry) in english {
        let lines = entry.lines();
        let said = lines.iter().rev().find(|line| !line.is_empty()).unwrap_or(&"");
        let places = entry.places();
        let values: Vec<&str> = places
            .iter()
            .map(|place| if *place == "n" { "number" } else { place })
            .collect();
        let parameters: String = values.iter().map(|value| format!(", {value}: &str")).collect();
        let values = values.join(", ");
        match entry {
            Entry::Sentence(_) if places.is_empty() => writeln!(
                constants,
                "/// “{said}”\npub const {}: Key<{name}> = Key::new({line});",
                key.to_uppercase()
            )?,
            Entry::Notice(_) => writeln!(
                constants,
                "/// “{}. {said}”\npub const {}: NoticeKey<{name}> = NoticeKey::new({line});",
                lines[0],
                key.to_uppercase()
            )?,
            Entry::Sentence(_) => writeln!(
                functions,
                "    /// “{said}”\n    #[must_use]\n    pub fn {key}(self{parameters}) -> String {{\n        \
                 self.fill({line}, &[{values}])\n    }}"
            )?,
            Entry::Plural(_) => writeln!(
                functions,
                "    /// “{said}”\n    #[must_use]\n    pub fn {key}(self, plural: Plural{parameters}) -> String {{\n        \
                 self.fill_plural({line}, plural, &[{values}])\n    }}"
            )?,
        }
        line += lines.len();
    }
    let (mut tables, mut arms) = (String::new(), String::new());
    for (tag, table) in languages {
        let lines = source::numbered(tag, english, table);
        let variant = variant(tag);
        let table = variant.to_uppercase();
        writeln!(tables, "    static {table}: [&str; {line}] = {lines:#?};")?;
        writeln!(arms, "        Language::{variant} => &{table},")?;
    }
    Ok(format!(
        "{constants}\n/// How many lines a language's file has.\npub const LINES: u16 = {line};\n\n\
         impl Words<{name}> {{\n    /// What a language's file holds, if it is one.\n    #[must_use]\n    \
         pub fn read(file: String) -> Option<Self> {{\n        Self::parse(file, usize::from(LINES))\n    }}\n{functions}}}\n\n\
         /// The sentences in `language`.\n#[cfg(not(target_arch = \"wasm32\"))]\n#[must_use]\n\
         pub fn words(language: farthing_protocol::Language) -> Words<{name}> {{\n    use farthing_protocol::Language;\n\n{tables}    \
         Words::of(match language {{\n{arms}    }})\n}}\n"
    ))
}

/// `PtBr` for `pt-BR`: the variant of `Language`.
fn variant(tag: &str) -> String {
    tag.split('-')
        .map(|part| {
            let part = part.to_lowercase();
            let (first, rest) = part.split_at(1);
            format!("{}{rest}", first.to_uppercase())
        })
        .collect()
}
