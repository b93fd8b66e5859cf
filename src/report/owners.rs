//! CODEOWNERS: who owns a path, for statistics.
//!
//! The last line that matches a path decides, as GitHub and GitLab have it.

use std::path::Path;

use ignore::gitignore::{Gitignore, GitignoreBuilder};

/// The lines of a CODEOWNERS file.
#[derive(Debug)]
pub struct Owners {
    lines: Vec<(Gitignore, String)>,
}

impl Owners {
    /// Reads `text`; paths are relative to `root`. Lines that can't be read own nothing.
    #[must_use]
    pub fn parse(text: &str, root: &Path) -> Self {
        let mut default_owners = String::new();
        let mut lines = Vec::new();
        for line in text.lines() {
            let line = line.split(" #").next().unwrap_or_default().trim();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            if let Some(section) = line.strip_prefix('[').or_else(|| line.strip_prefix("^[")) {
                // GitLab: `[Section] @default-owner`.
                default_owners =
                    section.split_once(']').map_or("", |(_, rest)| rest).trim().to_owned();
                continue;
            }
            let (pattern, owners) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
            let owners = owners.split_whitespace().collect::<Vec<_>>().join(" ");
            let owners = if owners.is_empty() { default_owners.clone() } else { owners };
            let mut builder = GitignoreBuilder::new(root);
            if builder.add_line(None, pattern).is_ok()
                && let Ok(matcher) = builder.build()
            {
                lines.push((matcher, owners));
            }
        }
        Self { lines }
    }

    /// The owners of `path`, if it has any.
    #[must_use]
    pub fn of(&self, path: &Path) -> Option<&str> {
        self.lines
            .iter()
            .rev()
            .find(|(matcher, _)| matcher.matched_path_or_any_parents(path, false).is_ignore())
            .map(|(_, owners)| owners.as_str())
            .filter(|owners| !owners.is_empty())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_match_decides() {
        let text = "* @all\n/src/ @core  # the heart\n*.pyi @types @core\n/src/free/\n";
        let owners = Owners::parse(text, Path::new("/work"));
        let of = |path: &str| owners.of(Path::new(path)).map(str::to_owned);
        assert_eq!(of("docs/a.py").as_deref(), Some("@all"));
        assert_eq!(of("src/a.py").as_deref(), Some("@core"));
        assert_eq!(of("src/a.pyi").as_deref(), Some("@types @core"));
        assert_eq!(of("src/free/a.py"), None);
    }
}
