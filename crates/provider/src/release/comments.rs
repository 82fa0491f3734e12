// Also compiled by build.rs and by xtask, by its path: what is embedded, measured and verified is the same.

/// A script without the lines that are comments, and nothing else: they were a quarter of what a shopper downloaded. A
/// comment that has code on its line stays. It knows no strings: no line of one may begin as a comment does.
pub fn without_comments(script: &str) -> String {
    let mut within = false;
    let mut kept = String::with_capacity(script.len());
    for line in script.split_inclusive('\n') {
        let text = line.trim();
        let (comment, rest) = if within {
            (true, text)
        } else if let Some(rest) = text.strip_prefix("/*") {
            (true, rest)
        } else {
            (text.is_empty() || text.starts_with("//"), "*/")
        };
        if !comment {
            kept.push_str(line);
            continue;
        }
        match rest.split_once("*/") {
            Some((_, "")) => within = false,
            Some(_) => {
                within = false;
                kept.push_str(line);
            }
            None => within = true,
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::without_comments;

    #[test]
    fn lines_that_are_comments_go_and_no_other() {
        let script = "// one\n\n/** two\n * three\n */\n  /* four */\n  /** @type {X} */ let five = '/* six'; // seven\n\
                      let eight = `//`;\n  // nine\n}\n";
        assert_eq!(
            without_comments(script),
            "  /** @type {X} */ let five = '/* six'; // seven\nlet eight = `//`;\n}\n"
        );
    }
}
