//! The lines of INI files, as `setup.cfg` is written.

/// A line that gives a value, or a part of one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct IniLine<'t> {
    /// The name in the brackets above.
    pub section: &'t str,
    /// What the value is of: the line's own key, or that of the lines above that it goes on.
    pub key: &'t str,
    /// Without space around it; may be empty.
    pub value: &'t str,
    /// The whole line, and where it begins.
    pub line: &'t str,
    pub start: usize,
}

/// The lines of a text that are neither comments nor the heads of sections.
pub(super) fn ini_lines(text: &str) -> impl Iterator<Item = IniLine<'_>> {
    let (mut section, mut key, mut offset) = ("", "", 0);
    text.split_inclusive('\n').filter_map(move |line| {
        let start = offset;
        offset += line.len();
        let trimmed = line.trim();
        if trimmed.is_empty() || trimmed.starts_with(['#', ';']) {
            return None;
        }
        if let Some(name) = trimmed.strip_prefix('[') {
            (section, key) = (name.trim_end_matches(']'), "");
            return None;
        }
        let value = if line.starts_with([' ', '\t']) {
            trimmed
        } else {
            let (name, value) = trimmed.split_once('=').unwrap_or((trimmed, ""));
            key = name.trim();
            value.trim()
        };
        Some(IniLine { section, key, value, line, start })
    })
}

#[cfg(test)]
mod tests {
    use super::ini_lines;

    #[test]
    fn values_go_on_where_lines_are_indented() {
        let text = "# x\n[a]\none = 1\ntwo =\n    2\n    3 = 4\n; y\n[b]\nalone\n";
        let found: Vec<_> = ini_lines(text).map(|it| (it.section, it.key, it.value)).collect();
        let wanted = [
            ("a", "one", "1"),
            ("a", "two", ""),
            ("a", "two", "2"),
            ("a", "two", "3 = 4"),
            ("b", "alone", ""),
        ];
        assert_eq!(found, wanted);
        assert!(ini_lines(text).all(|it| text[it.start..].starts_with(it.line)));
    }
}
