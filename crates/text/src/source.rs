// Also compiled by build.rs, and by xtask, by its path: what is tested here is what keeps a language from being left behind.

use std::collections::{BTreeMap, BTreeSet};

/// What a language's file holds: its keys in the order of the alphabet.
pub type Table = BTreeMap<String, Entry>;

/// What the other languages are compared with.
pub const ENGLISH: &str = "en";

/// Written from right to left, what is filled in stands apart from what is around it: U+2068 … U+2069.
const FROM_RIGHT: [&str; 1] = ["ar"];

/// The forms that CLDR knows, in the order of [`Plural::ALL`](crate::Plural::ALL).
pub const FORMS: [&str; 6] = ["zero", "one", "two", "few", "many", "other"];

/// The place for the number that a plural's form is chosen by.
const NUMBER: &str = "n";

/// One key of a file.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Entry {
    /// `key = "…"`
    Sentence(String),
    /// `key = ["title", "what follows it"]`
    Notice([String; 2]),
    /// `key = { one = "…", other = "…" }`
    Plural(BTreeMap<String, String>),
}

impl Entry {
    /// The lines that it is in a table: two for a notice, one for each form that there can be.
    pub fn lines(&self) -> Vec<&str> {
        match self {
            Self::Sentence(sentence) => vec![sentence],
            Self::Notice([title, body]) => vec![title, body],
            Self::Plural(forms) => FORMS
                .iter()
                .map(|form| forms.get(*form).map_or("", String::as_str))
                .collect(),
        }
    }

    /// What is to be filled in, in the order of the names.
    pub fn places(&self) -> Vec<&str> {
        let all: BTreeSet<&str> = self.lines().into_iter().flat_map(places).collect();
        all.into_iter().collect()
    }
}

/// Reads a language's file.
pub fn parse(text: &str) -> Result<Table, String> {
    let file: toml::Table = text.parse().map_err(|error| format!("{error}"))?;
    file.into_iter()
        .map(|(key, value)| {
            let entry =
                entry(value).ok_or_else(|| format!("`{key}` is no sentence, no notice and no plural"))?;
            Ok((key, entry))
        })
        .collect()
}

/// The lines that are served of a complete `table`: in the order of the keys, with numbers for the names of the places.
pub fn numbered(tag: &str, english: &Table, table: &Table) -> Vec<String> {
    let apart = FROM_RIGHT.contains(&tag);
    let mut lines = Vec::new();
    for (key, model) in english {
        let places = model.places();
        for line in table.get(key).map(Entry::lines).unwrap_or_default() {
            let mut numbered = line.to_owned();
            for (number, place) in places.iter().enumerate() {
                let number = if apart {
                    format!("\u{2068}{{{number}}}\u{2069}")
                } else {
                    format!("{{{number}}}")
                };
                numbered = numbered.replace(&format!("{{{place}}}"), &number);
            }
            lines.push(numbered);
        }
    }
    lines
}

fn entry(value: toml::Value) -> Option<Entry> {
    let text = |value| match value {
        toml::Value::String(text) => Some(text),
        _ => None,
    };
    match value {
        toml::Value::String(sentence) => Some(Entry::Sentence(sentence)),
        toml::Value::Array(two) => {
            let two: Option<Vec<String>> = two.into_iter().map(text).collect();
            two?.try_into().ok().map(Entry::Notice)
        }
        toml::Value::Table(forms) => {
            let forms = forms.into_iter().map(|(form, value)| Some((form, text(value)?)));
            forms.collect::<Option<_>>().map(Entry::Plural)
        }
        _ => None,
    }
}

/// What is wrong with a language, which has to say what English says. `forms` are those that CLDR asks for in its
/// language; English itself is compared with itself.
pub fn faults(english: &Table, table: &Table, forms: &[&str]) -> Vec<String> {
    let mut faults = Vec::new();
    for key in english.keys().filter(|key| !table.contains_key(*key)) {
        faults.push(format!("`{key}` is missing"));
    }
    for (key, entry) in table {
        let Some(model) = english.get(key) else {
            faults.push(format!("`{key}` is not there in English"));
            continue;
        };
        if std::mem::discriminant(model) != std::mem::discriminant(entry) {
            faults.push(format!("`{key}` is of another kind in English"));
            continue;
        }
        if let Entry::Plural(said) = entry {
            for form in forms.iter().filter(|form| !said.contains_key(**form)) {
                faults.push(format!("`{key}` has no form `{form}`"));
            }
            for form in said.keys().filter(|form| !forms.contains(&form.as_str())) {
                faults.push(format!("`{key}` has the form `{form}`, which no number takes"));
            }
        }
        for (place, (line, as_in)) in entry.lines().into_iter().zip(model.lines()).enumerate() {
            faults.extend(
                fault(place, line, (entry, as_in, model, english == table))
                    .map(|fault| format!("`{key}` {fault}: {line}")),
            );
        }
    }
    faults
}

/// What is wrong with one line, the `place`th of its key. The English one is `as_in`, of the entry `model`.
fn fault(
    place: usize,
    line: &str,
    (entry, as_in, model, is_english): (&Entry, &str, &Entry, bool),
) -> Option<&'static str> {
    let plural = matches!(entry, Entry::Plural(_));
    if line.is_empty() && plural {
        return None;
    }
    if line.trim_end().is_empty() || line.trim_end() != line {
        return Some("is empty, or ends in a blank");
    }
    if line.contains(['\n', '\r', '\t']) || line.contains("  ") {
        return Some("has two blanks, or more than one line");
    }
    // The pages put it between tags as it is.
    if line.contains(['<', '>', '&']) {
        return Some("holds a sign of markup");
    }
    let wanted: BTreeSet<&str> = if plural {
        model.places().into_iter().collect()
    } else {
        places(as_in).into_iter().collect()
    };
    let mut there: BTreeSet<&str> = places(line).into_iter().collect();
    // “A day” need not say 1; “other” and “many” are many numbers.
    if plural && ["zero", "one", "two"].contains(&FORMS[place]) {
        there.insert(NUMBER);
    }
    if there != wanted || line.matches(['{', '}']).count() != 2 * places(line).len() {
        return Some("fills in something else than English does");
    }
    (!is_english && line == as_in && line.contains(' ')).then_some("was left in English")
}

/// The names between braces, as often as they stand there.
fn places(line: &str) -> Vec<&str> {
    line.split('{')
        .skip(1)
        .filter_map(|rest| Some(rest.split_once('}')?.0))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const ENGLISH: &str = "pay = \"Pay {total} to {payee}\"\nold = [\"Too old\", \"Nothing was charged.\"]\n\
                           days = { one = \"a day\", other = \"{n} days\" }\n";
    const POLISH: &str = "pay = \"Zapłać {total}: {payee}\"\nold = [\"Za stare\", \"Nic nie pobrano.\"]\n\
                          days = { one = \"{n} dzień\", few = \"{n} dni\", many = \"{n} dni\", other = \"{n} dnia\" }\n";
    const FORMS_OF_POLISH: [&str; 4] = ["one", "few", "many", "other"];

    fn table(text: &str) -> Table {
        parse(text).unwrap()
    }

    #[test]
    fn a_whole_language_has_no_fault() {
        assert_eq!(
            faults(&table(ENGLISH), &table(POLISH), &FORMS_OF_POLISH),
            Vec::<String>::new()
        );
        assert_eq!(
            faults(&table(ENGLISH), &table(ENGLISH), &["one", "other"]),
            Vec::<String>::new()
        );
    }

    #[test]
    fn each_fault_is_found() {
        for (seed, with, said) in [
            ("pay = \"Zapłać {total}: {payee}\"\n", "", "`pay` is missing"),
            (
                "pay =",
                "more = \"Więcej\"\npay =",
                "`more` is not there in English",
            ),
            ("{payee}", "{payer}", "fills in something else"),
            ("{payee}", "", "ends in a blank"),
            (": {payee}", "", "fills in something else"),
            ("{payee}", "{payee", "fills in something else"),
            ("few = \"{n} dni\", ", "", "no form `few`"),
            (
                "few = \"{n} dni\"",
                "few = \"{n} dni\", two = \"{n}\"",
                "which no number takes",
            ),
            ("many = \"{n} dni\"", "many = \"dużo\"", "fills in something else"),
            (
                "[\"Za stare\", \"Nic nie pobrano.\"]",
                "\"Za stare\"",
                "another kind",
            ),
            ("Nic nie pobrano.", "Nothing was charged.", "left in English"),
            ("Nic nie", "Nic  nie", "two blanks"),
            ("Nic nie", "Nic\\nnie", "more than one line"),
            ("Nic nie", "Nic & nie", "sign of markup"),
            ("Nic nie", "Nic <b>nie</b>", "sign of markup"),
            ("Za stare", "", "is empty"),
        ] {
            let seeded = POLISH.replacen(seed, with, 1);
            assert_ne!(seeded, POLISH, "{seed}");
            let found = faults(&table(ENGLISH), &table(&seeded), &FORMS_OF_POLISH);
            assert!(
                found.iter().any(|fault| fault.contains(said)),
                "{said} is not in {found:?}"
            );
        }
    }

    #[test]
    fn what_is_no_table_is_refused() {
        for bad in [
            "a = 1",
            "a = [\"b\"]",
            "a = [\"b\", 1]",
            "a = { one = 1 }",
            "[frame",
            "[a]\nb = 1",
        ] {
            assert!(parse(bad).is_err(), "{bad}");
        }
    }
}
