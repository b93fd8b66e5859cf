//! Edits of a text, as a person would make them: a line into a function's body, a parameter into its signature.

/// The line of the first function at the top level whose signature and body are of the plainest form.
fn function(text: &str) -> Option<usize> {
    let lines: Vec<&str> = text.lines().collect();
    (0..lines.len().saturating_sub(1)).find(|&at| {
        lines[at].starts_with("def ")
            && (at == 0 || !lines[at - 1].starts_with(['@', ')']))
            && lines[at].ends_with(':')
            && lines[at].contains(')')
            && !lines[at].contains(['*', '#', '/'])
            && !lines[at].contains("()")
            && lines[at + 1].starts_with("    ")
            && !lines[at + 1].trim_start().starts_with(['"', '\'', '#'])
    })
}

/// Whether there is such a function.
pub fn has_function(text: &str) -> bool {
    function(text).is_some()
}

/// The text with a statement at the beginning of the function's body.
pub fn in_body(text: &str, statement: &str) -> Option<String> {
    let at = function(text)? + 1;
    let mut lines: Vec<&str> = text.lines().collect();
    let indentation = lines[at].len() - lines[at].trim_start().len();
    let line = format!("{}{statement}", &lines[at][..indentation]);
    lines.insert(at, &line);
    Some(lines.join("\n") + "\n")
}

/// The text with a statement above the first import, or else above the function: above all that others ask for.
pub fn above(text: &str, statement: &str) -> Option<String> {
    let mut lines: Vec<&str> = text.lines().collect();
    let is_import = |line: &&str| {
        (line.starts_with("import ") || line.starts_with("from ")) && !line.contains("__future__")
    };
    let at = lines.iter().position(is_import).or_else(|| function(text))?;
    lines.insert(at, statement);
    Some(lines.join("\n") + "\n")
}

/// The text with one more parameter, which need not be given.
pub fn in_signature(text: &str) -> Option<String> {
    let at = function(text)?;
    let mut lines: Vec<&str> = text.lines().collect();
    let (before, after) = lines[at].rsplit_once(')')?;
    let line = format!("{before}, _edited=None){after}");
    lines[at] = &line;
    Some(lines.join("\n") + "\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_function_is_edited() {
        let text = "import a\ndef f(x):\n    return x\n";
        assert_eq!(in_body(text, "pass").unwrap(), "import a\ndef f(x):\n    pass\n    return x\n");
        assert_eq!(
            in_signature(text).unwrap(),
            "import a\ndef f(x, _edited=None):\n    return x\n"
        );
        assert_eq!(above(text, "y = 1").unwrap(), "y = 1\nimport a\ndef f(x):\n    return x\n");
        assert!(!has_function("@decorated\ndef f(x):\n    return x\n"));
        assert!(!has_function("def f():\n    return 1\n"));
    }
}
