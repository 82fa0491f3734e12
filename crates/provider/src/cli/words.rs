//! What the families of commands have in common: words by their place, and options that only some commands take.

use std::{
    collections::HashMap,
    ffi::{OsStr, OsString},
    path::PathBuf,
};

use farthing_protocol::{Label, Origin};
use farthing_provider::commands::{Input, read_input};
use lexopt::{Arg, Error, Parser, ValueExt};

/// A command line, taken apart.
pub struct Words {
    words: std::vec::IntoIter<OsString>,
    options: HashMap<String, OsString>,
    many: Vec<OsString>,
    /// Whether help was asked for, wherever.
    pub help: bool,
}

impl Words {
    /// Takes `arguments` apart; each option has a value, and is one of `options`.
    pub fn read(arguments: impl IntoIterator<Item = OsString>, options: &[&str]) -> Result<Self, Error> {
        Self::read_with(arguments, options, None)
    }

    /// The same, with one option, `many`, that can be given more than once.
    pub fn read_with(
        arguments: impl IntoIterator<Item = OsString>,
        options: &[&str],
        many: Option<&str>,
    ) -> Result<Self, Error> {
        let mut parser = Parser::from_args(arguments);
        let (mut words, mut given, mut help) = (Vec::new(), HashMap::new(), false);
        let mut often = Vec::new();
        while let Some(argument) = parser.next()? {
            match argument {
                Arg::Short('h') | Arg::Long("help") => help = true,
                Arg::Value(word) => words.push(word),
                Arg::Long(name) if many == Some(name) => often.push(parser.value()?),
                Arg::Long(name) if options.contains(&name) => {
                    let name = name.to_owned();
                    let value = parser.value()?;
                    if given.insert(name.clone(), value).is_some() {
                        return Err(format!("--{name} is given twice").into());
                    }
                }
                other => return Err(other.unexpected()),
            }
        }
        Ok(Self {
            words: words.into_iter(),
            options: given,
            many: often,
            help,
        })
    }

    /// The next word, if there is one.
    pub fn word(&mut self) -> Result<Option<String>, Error> {
        self.words.next().map(|word| word.string()).transpose()
    }

    /// The next word, which must be there: `what` names it.
    pub fn next<T>(&mut self, what: &str, parse: impl FnOnce(&str) -> Result<T, String>) -> Result<T, Error> {
        let word = self.word()?.ok_or_else(|| format!("{what} is missing"))?;
        parse(&word).map_err(|why| format!("{what} `{word}`: {why}").into())
    }

    /// An option's value, if it is given.
    pub fn option<T>(
        &mut self,
        name: &str,
        parse: impl FnOnce(&str) -> Result<T, String>,
    ) -> Result<Option<T>, Error> {
        let Some(value) = self.options.remove(name) else {
            return Ok(None);
        };
        let text = value.string()?;
        parse(&text)
            .map(Some)
            .map_err(|why| format!("--{name} `{text}`: {why}").into())
    }

    /// An option's value, which must be given.
    pub fn needed<T>(
        &mut self,
        name: &str,
        parse: impl FnOnce(&str) -> Result<T, String>,
    ) -> Result<T, Error> {
        self.option(name, parse)?
            .ok_or_else(|| format!("--{name} is missing").into())
    }

    /// The values of the option that can be given more than once, which must be given: `name` names it.
    pub fn each<T>(
        &mut self,
        name: &str,
        parse: impl Fn(&str) -> Result<T, String>,
    ) -> Result<Vec<T>, Error> {
        let values = std::mem::take(&mut self.many);
        if values.is_empty() {
            return Err(format!("--{name} is missing").into());
        }
        let read = |value: OsString| {
            let text = value.string()?;
            parse(&text).map_err(|why| format!("--{name} `{text}`: {why}").into())
        };
        values.into_iter().map(read).collect()
    }

    /// An option that is a path.
    pub fn path(&mut self, name: &str) -> Option<PathBuf> {
        self.options.remove(name).map(PathBuf::from)
    }

    /// The file that the next word names; `-` is standard input.
    pub fn input(&mut self) -> Result<Input, Error> {
        let word = self.words.next().ok_or("FILE is missing; - is standard input")?;
        read_input(OsStr::new(&word).as_ref()).map_err(|error| error.to_string().into())
    }

    /// Refuses what nobody has taken.
    pub fn end(mut self) -> Result<(), Error> {
        if let Some(name) = self.options.keys().next() {
            return Err(format!("--{name} is not for this command").into());
        }
        if let Some(value) = self.many.first() {
            return Err(format!("`{}` is not for this command", value.display()).into());
        }
        match self.words.next() {
            Some(word) => Err(Arg::Value(word).unexpected()),
            None => Ok(()),
        }
    }
}

/// An origin.
pub fn origin(text: &str) -> Result<Origin, String> {
    Origin::parse(text).map_err(|error| error.to_string())
}

/// A line that people read.
pub fn label(text: &str) -> Result<Label, String> {
    Label::parse(text).map_err(|error| error.to_string())
}

/// A whole number.
pub fn number<T: std::str::FromStr>(text: &str) -> Result<T, String> {
    text.parse().map_err(|_| "a whole number".to_owned())
}
