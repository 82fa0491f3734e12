//! Whether the tests that documents name are there.

use std::{fs, path::Path};

use anyhow::{Context, Result};

/// A document, and the heading over its table whose last column names tests.
const TABLES: [(&str, &str); 2] = [
    ("docs/PCI.md", "## Who answers for what"),
    ("docs/THREATS.md", "## Attacks on the merchant's page"),
];
/// What a row says that is not about this software.
const ELSEWHERE: &str = "not by this software";

/// Faults of the documents' tables.
pub fn faults(root: &Path) -> Result<Vec<String>> {
    let mut found = Vec::new();
    for (document, table) in TABLES {
        let text = fs::read_to_string(root.join(document)).context(document)?;
        found.extend(faults_of(root, document, &named(&text, table)));
    }
    Ok(found)
}

fn faults_of(root: &Path, document: &str, rows: &[(usize, Named)]) -> Vec<String> {
    // A table that is gone has no row that is wrong.
    if rows.is_empty() {
        return vec![format!("{document}: the table that names tests is not there")];
    }
    rows.iter()
        .filter_map(|(line, named)| {
            let fault = match named {
                None => "names no test, nor says that there is none".to_owned(),
                Some((file, test)) => {
                    let found = fs::read_to_string(root.join(file)).unwrap_or_default();
                    let there = match test {
                        Some(name) => found.contains(&format!("fn {name}(")),
                        None => found.contains("#[test]") || found.contains("::test]"),
                    };
                    if there {
                        return None;
                    }
                    format!(
                        "there is no test {} in {file}",
                        test.as_deref().unwrap_or_default()
                    )
                }
            };
            Some(format!("{document}:{line}: {fault}"))
        })
        .collect()
}

/// A file, and a test in it where one is named.
type Named = Option<(String, Option<String>)>;

/// Each row that is about this software, by its line, and the test that it names.
fn named(text: &str, table: &str) -> Vec<(usize, Named)> {
    let lines = text.lines().enumerate().map(|(at, line)| (at + 1, line));
    let rows = lines
        .skip_while(|(_, line)| *line != table)
        .skip(1)
        .take_while(|(_, line)| !line.starts_with("## "))
        .filter(|(_, line)| line.starts_with('|'))
        // The head, and the line below it.
        .skip(2);
    rows.filter_map(|(at, row)| {
        let last = row
            .trim_end_matches('|')
            .rsplit('|')
            .next()
            .unwrap_or_default()
            .trim();
        if last == ELSEWHERE {
            return None;
        }
        let named = last
            .strip_prefix('`')
            .and_then(|rest| rest.split_once('`'))
            .map(|(file, test)| {
                let test = Some(test.trim().to_owned()).filter(|name| !name.is_empty());
                (file.to_owned(), test)
            });
        Some((at, named))
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_names_a_test_or_says_that_there_is_none() {
        let text = format!(
            "| a |\n|---|\n| `x.rs` |\n## T\n\n| what | test |\n|---|---|\n| a | `a.rs` b_c |\n| b | `a.rs` |\n\
             | c | |\n| d | {ELSEWHERE} |\n## U\n| e | |\n"
        );
        let file = |test: Option<&str>| Some(("a.rs".to_owned(), test.map(str::to_owned)));
        assert_eq!(
            named(&text, "## T"),
            [(8, file(Some("b_c"))), (9, file(None)), (10, None)]
        );
    }

    #[test]
    fn what_is_not_there_is_a_fault() {
        let folder = std::env::temp_dir().join(format!("farthing-named-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join("a.rs"), "#[test]\nfn b_c() {}").unwrap();
        let rows = "## T\n| what | test |\n|---|---|\n\
            | a | `a.rs` b_c |\n| b | `a.rs` b |\n| c | `b.rs` |\n| d | |\n";
        let found = faults_of(&folder, "d.md", &named(rows, "## T"));
        fs::remove_dir_all(&folder).unwrap();
        assert_eq!(found.len(), 3, "{found:?}");
        assert_eq!(faults_of(&folder, "d.md", &named(rows, "## U")).len(), 1);
    }
}
