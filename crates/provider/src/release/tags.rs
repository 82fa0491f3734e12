//! The start tags of the frame's page.

use std::ops::Range;

/// A start tag. Attributes are name and place of the value, without its quotes.
pub(super) struct Tag<'a> {
    pub name: &'a str,
    pub after_name: usize,
    attributes: Vec<(&'a str, Range<usize>)>,
}

impl Tag<'_> {
    pub fn place(&self, name: &str) -> Option<Range<usize>> {
        let found = self
            .attributes
            .iter()
            .find(|(attribute, _)| attribute.eq_ignore_ascii_case(name));
        found.map(|(_, place)| place.clone())
    }

    pub fn value<'h>(&self, name: &str, html: &'h str) -> Option<&'h str> {
        html.get(self.place(name)?)
    }
}

/// Every start tag outside comments. Enough for a page that trunk wrote; scripts hold no text there.
pub(super) fn tags(html: &str) -> Vec<Tag<'_>> {
    let mut tags = Vec::new();
    let mut at = 0;
    while let Some(open) = html[at..].find('<').map(|found| at + found + 1) {
        let rest = &html[open..];
        at = if rest.starts_with("!--") {
            rest.find("-->").map_or(html.len(), |end| open + end)
        } else if rest.starts_with(|c: char| c.is_ascii_alphabetic()) {
            let (tag, end) = tag(html, open);
            tags.push(tag);
            end
        } else {
            open
        };
    }
    tags
}

fn tag(html: &str, open: usize) -> (Tag<'_>, usize) {
    let name = word(html, open);
    let mut tag = Tag {
        name: &html[name.clone()],
        after_name: name.end,
        attributes: Vec::new(),
    };
    let mut at = name.end;
    loop {
        let rest = &html[at..];
        at += rest.len()
            - rest
                .trim_start_matches(|c: char| c.is_ascii_whitespace() || c == '/')
                .len();
        let attribute = word(html, at);
        if attribute.is_empty() {
            return (tag, (at + 1).min(html.len()));
        }
        at = attribute.end;
        let value = html[at..]
            .strip_prefix('=')
            .map_or(at..at, |rest| match rest.chars().next() {
                Some(quote @ ('"' | '\'')) => {
                    let start = at + 2;
                    start
                        ..html[start..]
                            .find(quote)
                            .map_or(html.len(), |length| start + length)
                }
                _ => word(html, at + 1),
            });
        let quoted = html[value.end..].starts_with(['"', '\'']);
        at = value.end + usize::from(quoted);
        tag.attributes.push((&html[attribute], value));
    }
}

/// From `start` up to white space, `=`, `/`, `>` or a quote.
fn word(html: &str, start: usize) -> Range<usize> {
    let end = html[start..].find(|c: char| c.is_ascii_whitespace() || "=/>\"'".contains(c));
    start..end.map_or(html.len(), |length| start + length)
}
